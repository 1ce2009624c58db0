"""Sentences on change and response; change on treatment is never called its effect."""

from ppp import results
from ppp.catalogue.outcomes import CHANGES, in_order, key_measures, outcomes, targets
from ppp.report import text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.report.write import digits
from ppp.results import first, has_code, usable

WORDS = Words("ppp.efficacy")
LINES = 4
ALPHA = 0.05


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study)


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Tell the changes of the first two key measures, then how many reached the first targets."""
    changed = set(results.pick(rows, analysis="change", statistic="mean_change")["outcome"])
    measures = key_measures(study)
    scores = [code for code, key in measures if key == "change"] + in_order(changed, study)
    scores = [code for code in dict.fromkeys(scores) if code in changed][:2]
    lines = [change(rows, study, code) for code in scores or [study.endpoints.primary]]
    if study.endpoints.primary in scores:
        lines.insert(1, location(rows, study))
    reached = judged(rows, study)
    keys = dict.fromkeys([*(key for _, key in measures if key in reached), *reached])
    lines += [*_by_target(rows, study, keys)[: LINES - len(scores)], constant(rows, study)]
    return bullets(*(line.text for line in lines))


def constant(rows, study) -> Prose:
    """Name the scores that are the same in every patient at every visit, from rows ``summary``."""
    here = results.pick(rows, analysis="summary", group="all").dropna(subset=["week"])
    said = Prose("")
    for code in in_order(set(here["outcome"]) & set(outcomes(study)), study):
        means, sds = (results.pick(here, outcome=code, statistic=s) for s in ("mean", "sd"))
        if outcomes(study)[code].analysis in CHANGES and len(sds) and _all_zero(sds):
            values = text.listed(f"{x:g}" for x in means["estimate"])
            weeks = text.listed(text.count(week) for week in means["week"])
            said += WORDS.say("constant.said", study, {"outcome": code}, values=values, weeks=weeks)
    return said


def _all_zero(sds) -> bool:
    return bool((sds["estimate"] == 0).all() and sds["n"].min() >= text.FEW)


def judged(rows, study) -> list[str]:
    """List the responder targets that were judged, in the order of key results."""
    made = set(results.pick(rows, analysis="responder")["outcome"])
    return [code for code in targets(study) if code in made]


def _by_target(rows, study, codes) -> list[Prose]:
    """Tell of each target, all percentages of a score in one place."""
    known = targets(study)
    places = dict.fromkeys(
        (known[code].outcome, None if known[code].rule == "percent" else code) for code in codes
    )
    return [
        responders(rows, study, code) if code else thresholds(rows, study, outcome)
        for outcome, code in places
    ]


def change(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Say by how much the mean of a score changed, with its interval and n.

    Both tests are given where they lie on two sides of 0.05.
    """
    paired, ranked = tests(rows, study, outcome, week)
    both = Prose(paired + ranked if ranked else "")
    return _moved("change", rows, study, outcome, week, test=both)


def location(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Give the Hodges–Lehmann change with its attained level, and the test with the same zeros.

    Nothing where there is no such estimate, as of a grade.
    """
    if not usable(_row("location", rows, study, outcome, week)):
        return Prose("")
    _, told = tests(rows, study, outcome, week)
    test = "" if told else _signed_rank(rows, study, outcome, week)
    return _moved("location", rows, study, outcome, week, test=Prose(test))


def tests(rows, study, outcome: str | None = None, week: int | None = None) -> tuple[str, str]:
    """Word the primary test of a change, paired t, and signed rank where the two disagree.

    They disagree where one p-value is below 0.05 and the other is not; else, and where a test was
    not possible, its words are empty.
    """
    paired, ranked = (
        _row("location", rows, study, outcome, week, statistic=name)
        for name in ("paired_t", "wilcoxon_exact")
    )
    if paired is None or text.is_missing(paired["p_value"]):
        return "", ""
    said = WORDS.say("change.paired_t", study, paired).text
    if ranked is None or text.is_missing(ranked["p_value"]):
        return said, ""
    apart = (paired["p_value"] < ALPHA) != (ranked["p_value"] < ALPHA)
    return said, _signed_rank(rows, study, outcome, week) if apart else ""


def _signed_rank(rows, study, outcome, week) -> str:
    row = _row("location", rows, study, outcome, week, statistic="wilcoxon_exact")
    if row is None or text.is_missing(row["p_value"]):
        return ""
    tokens = row["code"].split()
    entry = "test_exact" if "exact" in tokens else "test"
    zeros = Prose(WORDS["location.zeros"] if "zeros_ranked" in tokens else "")
    return WORDS.say(f"location.{entry}", study, row, zeros=zeros).text


def _row(key, rows, study, outcome, week, **more):
    where = {
        "outcome": outcome or study.endpoints.primary,
        "week": study.schedule.primary if week is None else week,
    }
    return first(rows, **WORDS[f"{key}.rows"] | where | more)


def _moved(key, rows, study, outcome, week, **how) -> Prose:
    return WORDS.statement(
        key,
        rows,
        study,
        outcome=outcome,
        week=week,
        words=lambda row: {"moved": moved(row, study, **how)},
    )


def moved(row, study, *, test: Prose | str = "") -> Prose:
    """Say "fell by **8.30** points (95% CI 7.20 to 9.40; n = 28)", or rose, or changed.

    "Fell" and "rose" are said only where the whole interval, as printed, lies on one side of 0.

    Parameters
    ----------
    row : Series
        A results row whose estimate is a change.
    test : Prose
        What is said of a test, within the brackets.
    """
    low, high = row["ci_low"], row["ci_high"]
    if text.is_missing(low) or text.is_missing(high):
        kind = "alone_why" if row["note"] else "alone"
    else:
        low, high = (round(end, digits(row["statistic"])) for end in (low, high))
        kind = "fell" if high < 0 else "rose" if low > 0 else "touching"
        kind = "changed" if low < 0 < high else kind
    return WORDS.say(f"moved.{kind}", study, row, test=test)


def responders(rows, study, outcome: str, week: int | None = None) -> Prose:
    """Say how many reached a target: missing as failure first, then among those observed."""
    week = study.schedule.primary if week is None else week
    main, seen = response(rows, study, outcome, week), _response(rows, outcome, week, "observed")
    if main is None:
        return WORDS.say("responders.absent", study, {"outcome": outcome})
    if not usable(main):
        kind = "unrecorded" if "not_recorded" in main["code"].split() else "empty"
        return WORDS.say(f"responders.{kind}", study, main)
    share = WORDS.share(study, main, _rule(main, seen, study))
    return WORDS.say("responders.said", study, main, share=share)


def _rule(main, seen, study) -> Prose:
    """Name the rule for missing values, and who has a baseline where somebody has none.

    That no value is missing is said only where everybody can be judged and was.
    """
    kind = "failure"
    if main["missing"] != "nri":
        kind = "observed"
    elif "left_out" in main["code"].split():
        kind = "among"
    elif usable(seen):
        kind = "complete" if seen["n"] == main["n"] else "both"
    return WORDS.say(f"responders.rule.{kind}", study, seen, among=main["note"])


def thresholds(rows, study, outcome: str | None = None) -> Prose:
    """Say how many reached the lowest percentage of improvement, and the higher ones beside it.

    Parameters
    ----------
    outcome : str, optional
        A score; unless given, the first whose percentages were judged.
    """
    percents = [target for target in targets(study).values() if target.rule == "percent"]
    found = judged(rows, study)
    outcome = outcome or next((t.outcome for t in percents if t.code in found), None)
    steps = sorted((t for t in percents if t.outcome == outcome), key=lambda t: t.value)
    known = [(step, response(rows, study, step.code)) for step in steps]
    told = [(step, row) for step, row in known if usable(row)]
    if not told:
        row = next((row for _, row in known if row is not None), None)
        about = {"outcome": outcome or study.endpoints.primary}
        if row is None:
            return WORDS.say("thresholds.absent", study, about)
        return WORDS.say("thresholds.unrecorded", study, about, note=row["note"])
    counts: dict[str, list] = {}
    about = {"outcome": outcome}
    for step, row in told[1:]:
        share = WORDS.write("thresholds.share", study, about, value=f"{step.value:g}")
        entry = "count_few" if text.few(row) else "count"
        counts.setdefault(WORDS.say(f"thresholds.{entry}", study, row).text, []).append(share)
    parts = [
        WORDS.say("thresholds.part", study, shares=text.listed(shares), count=Prose(count)).text
        for count, shares in counts.items()
    ]
    said = responders(rows, study, told[0][0].code)
    more = WORDS.say("thresholds.higher", study, about, parts=Prose("; ".join(parts)))
    return said + more if parts else said


def response(rows, study, outcome: str, week: int | None = None):
    """Return the row of a target at the primary week: NRI, else observed; None if not made."""
    week = study.schedule.primary if week is None else week
    nri, seen = (_response(rows, outcome, week, rule) for rule in ("nri", "observed"))
    return seen if nri is None or (usable(seen) and not usable(nri)) else nri


def _response(rows, outcome: str, week: int, missing: str):
    return first(
        rows,
        analysis="responder",
        statistic="clopper_pearson",
        group="all",
        outcome=outcome,
        week=week,
        missing=missing,
    )


def estimated(rows, study):
    """Return the mean change of the primary score at the primary week; None without estimate."""
    row = _row("change", rows, study, None, None)
    return row if usable(row) else None


def response_missing(rows, study):
    """Return the rows of responses at the primary week that were carried forward, if any."""
    here = results.pick(rows, analysis="responder", week=study.schedule.primary, missing="locf")
    carried = here[has_code(here, "carried")]
    return carried if len(carried) else None


def adjusted(rows):
    """Return the adjusted p-values if any is printed otherwise than as it was, else nothing."""
    here = results.pick(rows, analysis="multiplicity").dropna(subset=["p_value"])
    change = results.pick(rows, analysis="change", statistic="wilcoxon_exact", group="all")
    both = here.merge(change, on=["outcome", "week"], suffixes=("", "_before"))
    shown = both[["p_value", "p_value_before"]].map(text.p_value)
    return here if (shown["p_value"] != shown["p_value_before"]).any() else None


def imputed(rows, study):
    """Return the rows of the primary score with imputed values made worse, if there are any."""
    primary = study.endpoints.primary
    curve = results.pick(rows, statistic="tipping_curve", outcome=primary, group="all")
    return curve if len(curve.dropna(subset=["estimate"])) else None
