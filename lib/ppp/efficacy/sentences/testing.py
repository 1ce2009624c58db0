"""Sentences on what the tests and intervals are worth: their number, and how well they hold."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md

INTERVALS = {
    "mean_change": "paired t interval of the mean change",
    "mean_change_bca": "BCa bootstrap interval of the mean change",
    "hodges_lehmann": "Hodges–Lehmann interval",
    "wilson": "Wilson interval",
    "clopper_pearson": "Clopper–Pearson interval",
    "newcombe": "Newcombe interval",
}
SCORES = {"granular": "0.1-step"}


def multiplicity(rows, study) -> Prose:
    """Say which p-values are adjusted for their number, and which are not.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``multiplicity``.
    study : Study
    """
    found = results.pick(rows, analysis="multiplicity")
    if found.empty:
        return Prose("No p-value is adjusted for the number of tests.")
    steps = [
        md(names.outcome(study, row["outcome"]))
        + (" (estimated only)" if text.is_missing(row["p_value"]) else "")
        for _, row in results.pick(found, statistic="fixed_sequence")
        .sort_values("level")
        .iterrows()
    ]
    parts = [
        f"Tested in a fixed sequence at week {study.schedule.primary}: {', then '.join(steps)}."
    ]
    holm = results.pick(found, statistic="holm").dropna(subset=["p_value"])
    if len(holm):
        parts.append(
            f"The other {text.plural(len(holm), 'signed-rank p-value')} (other scores, other "
            "visits) are adjusted together after Holm."
        )
    rest = "Groups, responses and sensitivity analyses are exploratory and not adjusted."
    return Prose(" ".join([*(parts if steps else parts[1:]), rest]))


def coverage(shortfalls, study) -> Prose:
    """Say which of the intervals shown held the true value less often than they promise.

    Parameters
    ----------
    shortfalls : DataFrame
        Columns ``statistic``, ``outcome``, ``scores``, ``n``, ``nominal``, ``found`` of a
        simulation, only where coverage falls short (`ppp.efficacy.rows.coverage.shortfalls`).
    study : Study
    """
    if "quantity" in shortfalls:
        shortfalls = shortfalls[shortfalls["quantity"] == "coverage"]
    told = [
        _short(found, statistic, outcome, n, study)
        for (statistic, outcome, n), found in shortfalls.groupby(
            ["statistic", "outcome", "n"], sort=False
        )
    ]
    return Prose(" ".join(told) or "In simulation no interval shown here fell short of its level.")


def _short(found, statistic: str, outcome: str, n: int, study) -> str:
    name = INTERVALS.get(statistic, statistic.replace("_", " "))
    of = "" if outcome == "change" else f" of {md(names.outcome(study, outcome))}"
    shares = text.listed(
        f"{text.percent(row['found'])} for {SCORES.get(row['scores'], md(row['scores']))}"
        for _, row in found.iterrows()
    )
    return (
        f"In simulation the {text.level(found['nominal'].iloc[0])} {name}{of} held the true "
        f"value in {shares} scores at n = {text.count(n)}."
    )


def regression_to_mean(rows, study) -> Prose:
    """Say what regression to the mean does and does not explain of the primary change.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``regression_to_mean``.
    study : Study
    """
    outcome = study.endpoints.primary
    label = md(names.inside(study, outcome))
    found = results.pick(rows, analysis="regression_to_mean", outcome=outcome)
    bound = results.pick(found, statistic="explaining_correlation")
    if bound.empty:
        return Prose(f"Regression to the mean in {label} was not examined: not recorded.")
    row = bound.iloc[0]
    if text.is_missing(row["estimate"]):
        why = f" ({md(row['note'])})" if row["note"] else ""
        return Prose(
            f"How far regression to the mean explains the change in {label} is "
            f"{text.NOT_ESTIMABLE}{why}."
        )
    return Prose(f"{_bound(row, label)}{_example(found, study)} {NOT_EXCLUDED}")


NOT_EXCLUDED = (
    "It is not excluded that the natural course, other treatment, unblinded scoring or the "
    "selection of patients bring about some or all of the change."
)


def _bound(row, label: str) -> str:
    n = f"n = {text.count(row['n'])}"
    if row["estimate"] < 0:
        return (
            f"Patients come when their disease flares, and a flare subsides. That alone does not "
            f"give so large a change in {label} at any test–retest correlation from 0 ({n})."
        )
    return (
        "Patients come when their disease flares, and a flare subsides. That alone gives so large "
        f"a change in {label} only if the test–retest correlation of the untreated score is "
        f"**{text.number(row['estimate'])}** or less, even with a usual mean of 0 ({n})."
    )


def _example(found, study) -> str:
    row = results.pick(found, statistic="expected_change", level="ρ=0.7, μ=0")
    if row.empty or text.is_missing(row.iloc[0]["estimate"]):
        return ""
    fall = text.number(-row.iloc[0]["estimate"])
    unit = md(study.unit(study.endpoints.primary) or "points")
    return f" With a correlation of 0.7 it gives a fall of {fall} {unit} at most."
