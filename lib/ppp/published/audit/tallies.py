"""Published counts: whether they add up, their exact intervals, and their association."""

from scipy import stats

from ppp import results
from ppp.estimators import proportions
from ppp.estimators.estimate import Estimate
from ppp.published.audit.source import Published


def addition(figure: Published, figures: tuple[Published, ...]) -> str:
    """Say whether the levels of a field add up to the patients behind them; else nothing."""
    levels = [
        f
        for f in figures
        if f.kind == "count"
        and f.field == figure.field
        and f.group == figure.group
        and f.n == figure.n
    ]
    if figure.kind != "count" or len(levels) < 2:
        return ""
    told = " + ".join(str(f.value) for f in levels)
    if sum(f.value for f in levels) == figure.n:
        return f"adds up: {told} = {figure.n}"
    return f"does not add up: {told} is not {figure.n}"


def shares(figure: Published) -> list[dict]:
    """Make the results rows of one count: exact and Wilson intervals, bounds where it is 0.

    Parameters
    ----------
    figure : Published
        A count with its n.
    """
    events, n = int(figure.value), figure.n
    made = {"wilson": proportions.wilson, "clopper_pearson": proportions.clopper_pearson}
    if events == 0:
        made |= {
            "upper_one_sided": proportions.upper_one_sided,
            "rule_of_three": proportions.rule_of_three,
        }
    return [
        results.row(
            "audit",
            figure.key,
            name,
            estimator(events, n),
            group=figure.group,
            week=figure.week,
            level=figure.level,
        )
        for name, estimator in made.items()
    ]


def association(figures: tuple[Published, ...]) -> list[dict]:
    """Make the results rows of how often a group occurs at two levels of a field.

    Parameters
    ----------
    figures : tuple of Published
        Where counts by group are among them: SAPHO among men and among women.

    Returns
    -------
    list of dict
        ``fisher``, ``fisher_midp``, ``newcombe``, ``conditional_odds_ratio``; `level` names the
        two levels, first minus second.
    """
    counts = {(f.field, f.level, f.group): f for f in figures if f.kind == "count"}
    fields_of_groups = {(f.field, f.group) for f in counts.values() if f.group != "all"}
    made = []
    for field, group in sorted(fields_of_groups):
        levels = [f.level for f in counts.values() if (f.field, f.group) == (field, group)]
        if len(levels) != 2 or any((field, level, "all") not in counts for level in levels):
            continue
        table = [
            (int(counts[field, level, group].value), int(counts[field, level, "all"].value))
            for level in levels
        ]
        if all(events <= n and n for events, n in table):
            made += _fisher(field, group, levels, table)
    return made


def _fisher(field, group, levels, table) -> list[dict]:
    (e1, n1), (e0, n0) = table
    exact = stats.fisher_exact([[e1, n1 - e1], [e0, n0 - e0]]).pvalue
    made = {
        "fisher": Estimate(e1 / n1 - e0 / n0, n=n1 + n0, p_value=float(exact), method="Fisher"),
        "fisher_midp": proportions.fisher_midp(e1, n1, e0, n0),
        "newcombe": proportions.newcombe(e1, n1, e0, n0),
        "conditional_odds_ratio": proportions.conditional_odds_ratio(e1, n1, e0, n0),
    }
    shown = f"{e1}/{n1} against {e0}/{n0}"
    return [
        results.row(
            "audit",
            field,
            name,
            value,
            group=group,
            level="-".join(levels),
            **({"note": shown} if not value.note else {}),
        )
        for name, value in made.items()
    ]
