"""Sentences on published figures: against this cohort, and against arithmetic."""

import numpy as np

from ppp import levels, results
from ppp.catalogue.outcomes import key_measures, targets
from ppp.published.tables import ranges
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.published")
CODES = ("reproduced", "differs", "irreproducible")


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
    said += [_bounds(rows, study, score, "short") for score in _scores(rows)[:1]]
    said += [responders(rows, study, short=True), none_seen(rows, figures, study)]
    return bullets(*(prose.text for prose in said))


def comparison(rows, figures, study) -> Prose:
    """Say how many published figures this cohort gives, and name those that it does not."""
    if not figures:
        return WORDS.say("nothing", study)
    by = results.pick(rows, analysis="published", statistic="recomputed").set_index("outcome")
    codes = by["code"].str.split().str[0]
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
    """Say how many published means and SDs are attainable, and name the means that are not."""
    tried = {f.key: f for f in figures if f.kind in ("mean", "sd")}
    if not tried:
        return Prose("")
    judged = results.pick(rows, analysis="published", statistic="audit", outcome=list(tried))
    unfit = [tried[key] for key in judged.loc[judged["estimate"] == 0, "outcome"]]
    means = [f for f in unfit if f.kind == "mean"]
    parts = [_counted("fitting.fit", len(tried) - len(unfit), study)]
    for values, n in dict.fromkeys((f.values, f.n) for f in means):
        alike = [_figure(f, study) for f in means if (f.values, f.n) == (values, n)]
        about = {"figures": Prose(text.listed(alike)), "patients": text.count(n)}
        about["values"] = values or WORDS["fitting.such_totals"]
        parts.append(_counted("fitting.mean", len(alike), study, **about))
    if len(unfit) > len(means):
        parts.append(_counted("fitting.sd", len(unfit) - len(means), study))
    said = _counted("fitting.said", len(tried), study, parts=_joined(parts))
    return said + WORDS.say("fitting.ask", study) if unfit else said


def _figure(figure, study) -> str:
    value = text.number(figure.value, figure.decimals)
    return WORDS.say("fitting.figure", study, label=figure.label, value=value).text


def explanations(rows, study) -> Prose:
    """Give the candidate explanations where some figure does not fit, and the advice to ask."""
    row = first(rows, analysis="audit", statistic="explanations")
    return WORDS.say(f"explanations.{'absent' if row is None else 'said'}", study, row)


def sizes(rows, study) -> Prose:
    """Say for each score which numbers of patients would fit its published means, by rounding."""
    rounded = results.pick(rows, analysis="audit", level="rounding")
    lines = []
    for _, row in results.pick(rounded, statistic="sizes_means").iterrows():
        here = results.pick(rounded, outcome=row["outcome"])
        both = results.one(here, statistic="sizes_all")
        fitting = {"means": ranges(row["code"]), "both": ranges(both["code"])}
        said = WORDS.say("sizes.said", study, row, here, tried=row["method"], **fitting)
        lines.append(said.text)
    return bullets(*lines)


def _scores(rows) -> list[str]:
    """List the scores with published figures of two visits."""
    return list(results.pick(rows, analysis="audit", statistic="mean_change")["outcome"].unique())


def bounds(rows, study) -> Prose:
    """Say for each score what every correlation of the visits allows of t, p and the change."""
    return bullets(*(_bounds(rows, study, outcome, "said").text for outcome in _scores(rows)))


def _bounds(rows, study, outcome: str, entry: str) -> Prose:
    here = results.pick(rows, analysis="audit", outcome=outcome)
    tests = results.pick(here, statistic=["paired_t_least", "paired_t_most"])
    row = first(tests, statistic="paired_t_least", level="as printed")
    if row is None or tests["estimate"].isna().any():
        return WORDS.say("bounds.absent", study, {"outcome": outcome})
    said = WORDS.say(f"bounds.{entry}", study, row, here)
    return said + WORDS.say("bounds.unfit", study) if "unfit" in row["code"].split() else said


def variances(rows, study) -> Prose:
    """Say for each score whether its spread fell, at any correlation."""
    lines = []
    tests = results.pick(rows, analysis="audit", statistic="pitman_morgan_t", level="as printed")
    for _, row in tests.dropna(subset="estimate").iterrows():
        way = {-1: "fell", 0: "same", 1: "rose"}[np.sign(row["estimate"])]
        lines.append(WORDS.say(f"variance.{way}", study, row).text)
    return bullets(*lines)


def responders(rows, study, *, short: bool = False) -> Prose:
    """Say how many patients can have responded at most, whatever the correlation.

    With `short`, without the reminder that a response has to be named by its scale.
    """
    known = targets(study)
    here = results.pick(rows, analysis="audit", outcome=list(known), statistic="largest")
    lines = []
    for _, row in results.pick(here, level=levels.coefficient(-1)).iterrows():
        by_n = first(rows, outcome=row["outcome"], statistic="largest_sd_by_n")
        same = by_n is None or by_n["events"] == row["events"]
        entry = "responders.target" if same else "responders.target_by_n"
        lines.append(WORDS.say(entry, study, row, by_n=by_n))
    if not lines:
        return Prose("")
    said = WORDS.say("responders.said", study, targets=_joined(lines))
    if short:
        return said
    bounded = {known[code].outcome for code in here["outcome"]}
    others = [key for score, key in key_measures(study) if key in known and score not in bounded]
    if not others:
        return said + WORDS.say("responders.reminder", study)
    other = names.outcome(study, others[0])
    return said + WORDS.say("responders.reminder_such_as", study, other=other)


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


def witnesses(rows, figures, study) -> Prose:
    """List one data set for each mean and SD that is attainable: no patient's, an example."""
    lines = []
    for figure in figures:
        row = first(rows, analysis="audit", outcome=figure.key, statistic="witness")
        if row is not None:
            rule, divisor = levels.rounding_of(row["level"])
            how = {"label": figure.label, "rule": WORDS[f"rule.{rule}"], "divisor": divisor}
            lines.append(WORDS.say("witnesses.said", study, row, **how).text)
    return bullets(*lines)
