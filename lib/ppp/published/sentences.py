"""Sentences on published figures: against this cohort, and against arithmetic."""

import numpy as np

from ppp import levels, results
from ppp.catalogue.outcomes import targets
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.published")
LIMIT = 0.05
FITS = ("consistent", "inconsistent", "cannot_fail", "untestable")
CODES = ("reproduced", "differs", "unattainable", "not_recorded", "not_estimable")


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study)


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, figures, study) -> Prose:
    """Give the key results of the page: what is reproduced, and what arithmetic finds."""
    if not figures:
        return WORDS.say("nothing", study)
    said = [comparison(rows, figures, study), fitting(rows, figures, study)]
    said += [_bounds(rows, study, score, "key") for score in _scores(rows)[:1]]
    said += [responders(rows, study) + without_target(rows, study), none_seen(rows, figures, study)]
    return bullets(*(prose.text for prose in said))


def comparison(rows, figures, study) -> Prose:
    """Say how many published figures this cohort gives, and name those that it does not."""
    if not figures:
        return WORDS.say("nothing", study)
    by = results.pick(rows, analysis="published", statistic="recomputed").set_index("outcome")
    codes = by["code"].str.split().str[-1]
    parts = []
    for code in CODES:
        labels = [figure.label for figure in figures if codes[figure.key] == code]
        if labels or code == "reproduced":
            listed = "; ".join(labels)
            parts.append(_counted(f"comparison.{code}", len(labels), study, labels=listed))
    said = _counted("comparison.said", len(figures), study, parts=_joined(parts))
    return said + WORDS.say("comparison.synthetic", study) if study.synthetic else said


def _counted(entry: str, n: int, study, **values) -> Prose:
    """Fill the variant of an entry for one, or for another number."""
    return WORDS.say(f"{entry}.{'one' if n == 1 else 'many'}", study, n=text.count(n), **values)


def _joined(parts) -> Prose:
    return Prose("; ".join(part.text for part in parts))


def fitting(rows, figures, study) -> Prose:
    """Say how many published means and SDs can be tested at all, and which of these fail."""
    codes = results.pick(rows, analysis="published", statistic="audit").set_index("outcome")["code"]
    pairs = [f for f in figures if f.kind in ("mean", "sd") and codes[f.key] != "untested"]
    if not pairs:
        return Prose("")
    of = {f.key: codes[f.key].split()[-1] for f in pairs}
    by = {code: [f for f in pairs if of[f.key] == code] for code in FITS}
    tested = len(by["consistent"]) + len(by["inconsistent"])
    if not tested:
        return WORDS.say("fitting.none", study, n=text.count(len(pairs)))
    fit = len(by["consistent"])
    parts = [_counted("fitting.fit", fit, study)] * (fit > 0) + _misfits(by["inconsistent"], study)
    n = {"n": text.count(len(pairs)), "tested": text.count(tested)}
    said = WORDS.say("fitting.said", study, parts=_joined(parts), **n)
    said += WORDS.say("fitting.ask", study) if by["inconsistent"] else Prose("")
    for code in ("cannot_fail", "untestable"):
        said += _counted(f"fitting.{code}", len(by[code]), study) if by[code] else Prose("")
    return said


def _misfits(figures, study) -> list[Prose]:
    """Name the means that are not attainable, by grid and patients, then the SDs."""
    means, sds = ([f for f in figures if f.kind == kind] for kind in ("mean", "sd"))
    parts = []
    for values, n in dict.fromkeys((f.values, f.n) for f in means):
        alike = [_figure(f, study) for f in means if (f.values, f.n) == (values, n)]
        about = {"figures": Prose(text.listed(alike)), "patients": text.count(n)}
        about["values"] = values or WORDS["fitting.such_totals"]
        parts.append(_counted("fitting.mean", len(alike), study, **about))
    if sds:
        listed = Prose(text.listed(_figure(f, study) for f in sds))
        parts.append(_counted("fitting.sd", len(sds), study, figures=listed))
    return parts


def _figure(figure, study) -> str:
    value = text.number(figure.value, figure.decimals)
    return WORDS.say("fitting.figure", study, label=figure.label, value=value).text


def explanations(rows, study) -> Prose:
    """Give the candidate explanations where some figure does not fit."""
    row = first(rows, analysis="audit", statistic="explanations")
    return Prose("") if row is None else WORDS.say("explanations", study, row)


def _scores(rows) -> list[str]:
    """List the scores with published figures of two visits."""
    return list(results.pick(rows, analysis="audit", statistic="mean_change")["outcome"].unique())


def bounds(rows, study) -> Prose:
    """Say for each score what its table lacks: rounding slack, a size without r, the spread."""
    lines = []
    for outcome in _scores(rows):
        said = _bounds(rows, study, outcome, "said") + _size(rows, study, outcome)
        lines.append((said + _variance(rows, study, outcome)).text)
    return bullets(*lines)


def _bounds(rows, study, outcome: str, entry: str) -> Prose:
    here = results.pick(rows, analysis="audit", outcome=outcome)
    tests = results.pick(here, statistic=["paired_t_least", "paired_t_most"])
    row = first(tests, statistic="paired_t_least", level="as printed")
    if row is None or tests["estimate"].isna().any():
        return WORDS.say("bounds.absent", study, {"outcome": outcome})
    said = WORDS.say(f"bounds.{entry}", study, row, here)
    return said + WORDS.say("bounds.unfit", study) if "unfit" in row["code"].split() else said


def _size(rows, study, outcome: str) -> Prose:
    row = first(rows, analysis="audit", outcome=outcome, statistic="d_av")
    return WORDS.say("bounds.size", study, row) if usable(row) else Prose("")


def _variance(rows, study, outcome: str) -> Prose:
    """Say which way the spread went, where that holds at every correlation."""
    here = {"outcome": outcome, "statistic": "pitman_morgan_t", "level": "as printed"}
    row = first(rows, analysis="audit", **here)
    if not usable(row):
        return Prose("")
    way = {-1: "fell", 0: "same", 1: "rose"}[np.sign(row["estimate"])]
    clear = way == "same" or row["p_value"] < LIMIT
    return WORDS.say(f"variance.{way if clear else 'unclear'}", study, row)


def responders(rows, study) -> Prose:
    """Say of each target how many patients can have reached it at most, where not all can have."""
    here = results.pick(rows, analysis="audit", outcome=list(targets(study)), statistic="largest")
    lines = []
    for _, row in results.pick(here, level=levels.coefficient(-1)).iterrows():
        by_n = first(rows, outcome=row["outcome"], statistic="largest_sd_by_n")
        most = WORDS.say(f"responders.{'most' if row['events'] else 'none'}", study, row)
        if by_n is not None and by_n["events"] != row["events"]:
            most += WORDS.say("responders.by_n", study, by_n)
        if row["events"] < row["n"]:
            lines.append(WORDS.say("responders.target", study, row, most=most).text)
    listed = Prose(text.listed(lines))
    return WORDS.say("responders.said", study, targets=listed) if lines else listed


def without_target(rows, study) -> Prose:
    """Say how many published responders must have missed the first target that forces any."""
    forced = results.pick(rows, analysis="audit", statistic="without_target_min")
    known, said = targets(study), Prose("")
    scores = forced["level"].map(lambda code: known[code].outcome)
    for _, row in forced.groupby([forced["outcome"], scores], sort=False).head(1).iterrows():
        entry = "exceeded" if row["outcome"] == row["level"] else "missed"
        target = names.outcome(study, row["level"])
        said += WORDS.say(f"responders.{entry}", study, row, target=target)
    return said


def association(rows, study) -> Prose:
    """Give Fisher's test of the published counts by group, with the odds ratio."""
    said = Prose("")
    for _, row in results.pick(rows, analysis="audit", statistic="fisher").iterrows():
        here = results.pick(rows, analysis="audit", outcome=row["outcome"], group=row["group"])
        odds = usable(first(here, statistic="conditional_odds_ratio"))
        one, other = levels.against_of(row["level"])
        group = text.sentence(names.group(study, row["group"]))
        entry = "association.said" if odds else "association.without_odds"
        said += WORDS.say(entry, study, row, here, group=group, first=one, second=other)
    return said


def none_seen(rows, figures, study) -> Prose:
    """Give the upper bounds where a published count is 0."""
    said = Prose("")
    for figure in figures:
        here = results.pick(rows, analysis="audit", outcome=figure.key)
        if usable(first(here, statistic="upper_one_sided")):
            said += WORDS.say("none_seen.said", study, rows=here, label=figure.label)
    return said
