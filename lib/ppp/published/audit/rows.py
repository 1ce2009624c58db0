"""The audit as results rows: what printed figures imply, without a patient's data."""

from collections.abc import Iterable
from fractions import Fraction

from ppp import results
from ppp.published.audit import correlation
from ppp.published.audit.counts import not_improved, responders
from ppp.published.audit.grim import DIVISORS, FAMILIES, Attainable, fitting_sizes, nearby
from ppp.witness import RULES, Summary

GRID = tuple(Fraction(k, 20) for k in range(-20, 21))
SHOWN = tuple(Fraction(k, 10) for k in (-10, 0, 5, 7, 10))
TARGETS = {"pppasi": (50, 75, 90, 100)}
ALONE = "from printed figures alone, without an interval"
BY_ZERO = "the printed figure that it is divided by is 0"
SLACK = "half a unit of the last digit on every figure"


def of_attainable(key: str, found: Attainable) -> list[dict]:
    """Make the rows ``grim`` and ``grimmer`` (1 attainable, 0 not), and a ``witness``.

    Parameters
    ----------
    key : str
        Outcome of the rows.
    found : Attainable

    Returns
    -------
    list of dict
        ``level`` is the rule, for ``grimmer`` with the divisor of the deviation. The `note` of
        ``witness`` lists one data set with these figures, where there is one.
    """
    n = found.figures.n
    rows = [
        results.row("audit", key, "grim", int(rule in found.means), level=rule, n=n, method="GRIM")
        for rule in RULES
    ]
    rows += [
        results.row(
            "audit",
            key,
            "grimmer",
            int((rule, ddof) in found.both),
            n=n,
            level=_way(rule, ddof),
            method="GRIMMER, exact",
        )
        for rule in RULES
        for ddof in DIVISORS
    ]
    if found.witness:
        listed = ", ".join(map(str, found.witness))
        rows.append(
            results.row("audit", key, "witness", n, level=_way(*found.both[0]), n=n, note=listed)
        )
    return rows


def _way(rule: str, ddof: int) -> str:
    return f"{rule}, {DIVISORS[ddof]}"


def of_sizes(field: str, figures: Iterable[Summary]) -> list[dict]:
    """Make the rows ``sizes_means`` and ``sizes_all``: sample sizes that fit, listed in `note`.

    Parameters
    ----------
    field : str
        Outcome of the rows.
    figures : iterable of Summary
        Figures of one score; one n has to fit all of them.
    """
    figures = list(figures)
    near = nearby(figures[0].n)
    tried = f"sample sizes {near[0]} to {near[-1]}"
    rows = []
    for family, rules in FAMILIES.items():
        for statistic, ddofs in (("sizes_means", None), ("sizes_all", DIVISORS)):
            sizes = fitting_sizes(figures, near, rules=rules, ddofs=ddofs)
            rows.append(
                results.row(
                    "audit",
                    field,
                    statistic,
                    len(sizes),
                    level=family,
                    n=figures[0].n,
                    method=tried,
                    note=", ".join(map(str, sizes)),
                )
            )
    return rows


def of_change(
    field: str, before: Summary, after: Summary, week, *, condition: str = ""
) -> list[dict]:
    """Make the rows of a paired comparison over every correlation r.

    Parameters
    ----------
    field : str
        Outcome of the rows.
    before, after : Summary
        Printed figures of the same n patients.
    week : int
        Of `after`.
    condition : str
        What the range of t is subject to, if anything: the `note` of its rows.

    Returns
    -------
    list of dict
        ``paired_t``, ``mean_change``, ``d_z`` as printed, ``level`` = r; ``paired_t_least`` and
        ``paired_t_most`` with and without slack (``level``); ``pitman_morgan_t`` at its least;
        the effect sizes of `correlation.standardised`.
    """

    def row(statistic, value, **where):
        return results.row("audit", field, statistic, value, **({"n": before.n} | where))

    rows = [
        row("paired_t", correlation.paired_t(before, after, r), level=_level(r), week=week)
        for r in GRID
    ]
    for r in SHOWN:
        at = {"level": _level(r), "week": week}
        rows.append(row("mean_change", correlation.mean_change(before, after, r), **at))
        d_z = correlation.d_z(before, after, r)
        rows.append(row("d_z", d_z, **at, note=d_z.note or ALONE))
    for slack, level in ((False, "as printed"), (True, "with slack")):
        least, most = correlation.paired_t_range(before, after, slack=slack)
        variance = correlation.pitman_morgan(before, after, slack=slack)
        at = {"level": level, "week": week}
        rows += [
            row("paired_t_least", least, **at, note=least.note or condition),
            row("paired_t_most", most, **at, note=most.note or condition),
            row("pitman_morgan_t", variance, **at),
        ]
    sizes = correlation.standardised(before, after)
    return rows + [
        row(name, size, week=week, note=ALONE if size == size else BY_ZERO)
        for name, size in sizes.items()
    ]


def of_counts(field: str, before: Summary, after: Summary, week) -> list[dict]:
    """Make the rows ``largest`` and ``smallest``: how many patients can have responded.

    Parameters
    ----------
    field, before, after, week
        As in `of_change`.

    Returns
    -------
    list of dict
        Outcomes ``pppasi50`` … ``pppasi100`` and ``<field>_not_improved``; ``level`` is the
        least correlation that is thought possible, ``events`` of n the bound, slack included;
        ``largest_sd_by_n`` and ``smallest_sd_by_n``: the same, deviations dividing by n, any r.
    """
    rows = []
    for r in GRID:
        for outcome, bounds in _bounds(field, before, after, r=(r, 1)):
            rows += _counts(outcome, bounds, "", level=_level(r), week=week, method=SLACK)
    for outcome, bounds in _bounds(field, before, after, ddof=0):
        rows += _counts(outcome, bounds, "_sd_by_n", level=_level(GRID[0]), week=week, method=SLACK)
    return rows


def _bounds(field, before, after, **how):
    for percent in TARGETS.get(field, ()):
        yield f"{field}{percent}", responders(before, after, percent, **how)
    yield f"{field}_not_improved", not_improved(before, after, **how)


def _counts(outcome, bounds, suffix, **where) -> list[dict]:
    named = {"largest": bounds.largest, "smallest": bounds.smallest}
    return [
        results.row(
            "audit", outcome, name + suffix, events / bounds.n, n=bounds.n, events=events, **where
        )
        for name, events in named.items()
    ]


def _level(r: Fraction) -> str:
    return f"{float(r):.2f}"
