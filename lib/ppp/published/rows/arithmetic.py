"""Published figures audited by themselves, as results rows."""

from fractions import Fraction
from itertools import product
from math import nan

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import outcome as about
from ppp.catalogue.outcomes import targets
from ppp.estimators import proportions
from ppp.estimators.estimate import Estimate
from ppp.published import bounds, grim, source
from ppp.published.grim import DIVISORS, Attainable, nearby, sizes_by_family
from ppp.published.source import COUNTED, Published
from ppp.witness import RULES, Summary

GRID = tuple(Fraction(k, 20) for k in range(-20, 21))
SHOWN = tuple(Fraction(k, 10) for k in (-10, 0, 5, 7, 10))
NO_TEST = "nothing that arithmetic could test"
UNFIT = "conditional on printed means that do not fit the number of patients"
ALONE = "from printed figures alone, without an interval"
BY_ZERO = "the printed figure that it is divided by is 0"
SLACK = "half a unit of the last digit on every figure"


def audit(figures: tuple[Published, ...], study) -> pd.DataFrame:
    """Test the published figures against arithmetic, without any patient's data.

    Analysis ``published``, statistic ``audit``, one a figure: 1 fits, 0 does not (an exact interval
    for a count, the least paired t for a bound of p), with the verdict in `note` and as tokens in
    `code` (`grim.code`; ``adds_up``, ``no_sum``; ``at_every_r``, ``by_r``; ``untested``). Analysis
    ``audit``, what the figures imply: ``grim``, ``grimmer`` (1 attainable; `level`: the rule, and
    what the SD divides by), a ``witness`` in `note`; ``sizes_means``, ``sizes_all`` that fit;
    paired statistics as printed, by r (`level`), ``…_least`` and ``…_most`` with slack (`code`
    ``unfit`` where a mean does not fit); ``largest`` and ``smallest`` number of responders at each
    target, and not improved (`code` ``of:`` and the score), by the least r; ``…_sd_by_n`` at any r;
    ``without_target_min``, the fewest of the published responders (`outcome`, `n`) who must have
    missed a target (`level`) for its largest number to hold, where it forces any to have;
    intervals of counts, tests of a group by two levels, and ``explanations`` of misfits.
    """
    audited = source.attainable_by_key(figures)
    changes = source.changes(figures)
    rows = [_judged(figure, audited.get(figure.key), changes, figures) for figure in figures]
    means = [mean for mean, _ in source.moments(figures)]
    for mean in means:
        rows += _attainable(mean.key, audited[mean.key])
    for field, (before, after, week) in changes.items():
        fits = all(
            audited[m.key].mean_rounds for m, _ in source.moments(figures) if m.field == field
        )
        rows += _sizes(field, [before, after])
        rows += _change(field, before, after, week, fits=fits)
        bounded = _bounds(field, before, after, week, study)
        rows += bounded + _without_target(field, before.n, week, bounded, figures, study)
    rows += [row for figure in figures if figure.kind in COUNTED for row in _shares(figure)]
    if not all(each.both_round for each in audited.values()):
        rows.append(results.row("audit", "all", "explanations", nan, note=grim.EXPLANATIONS))
    return results.frame(rows + _association(figures))


def _judged(figure: Published, found, changes, figures) -> dict:
    """Make the row of one grim."""
    value, note, code = nan, NO_TEST, "untested"
    compared = changes.get(figure.field)
    if found:
        value = int(found.mean_rounds if figure.kind == "mean" else found.both_round)
        say = grim.of_mean if figure.kind == "mean" else grim.of_sd
        note, code = say(found, figure.values), grim.code(found, figure.kind)
    elif figure.kind in COUNTED:
        value = proportions.clopper_pearson(int(figure.value), figure.n)
        note, code = _addition(figure, figures)
    elif figure.kind == "p_below" and compared and figure.week == compared[2]:
        value, _ = bounds.paired_t_range(*compared[:2])
        note, code = "depends on the correlation between visits", "by_r"
        if value.p_value < figure.value:
            note, code = "true at any correlation between visits", "at_every_r"
    verdict = {name: words for name, words in (("note", note), ("code", code)) if words}
    n = {} if isinstance(value, Estimate) else {"n": figure.n}
    return results.row("published", figure.key, "audit", value, **figure.where, **n, **verdict)


def _addition(figure: Published, figures) -> tuple[str, str]:
    """Say whether the levels of a field add up to the patients behind them; else nothing."""
    same = (figure.field, figure.group, figure.n)
    counted = [f for f in figures if f.kind == "count" and (f.field, f.group, f.n) == same]
    if figure.kind != "count" or len(counted) < 2:
        return "", ""
    added = " + ".join(str(f.value) for f in counted)
    if sum(f.value for f in counted) == figure.n:
        return f"adds up: {added} = {figure.n}", "adds_up"
    return f"does not add up: {added} is not {figure.n}", "no_sum"


def _attainable(key: str, found: Attainable) -> list[dict]:
    n = found.figures.n
    by_mean, by_both = {"n": n, "method": "GRIM"}, {"n": n, "method": "GRIMMER, exact"}
    fits = [(rule, int(rule in found.means)) for rule in RULES]
    rows = [results.row("audit", key, "grim", x, level=rule, **by_mean) for rule, x in fits]
    for rule in RULES:
        for ddof, divisor in DIVISORS.items():
            level, fits = levels.rounding(rule, divisor), int((rule, ddof) in found.both)
            rows.append(results.row("audit", key, "grimmer", fits, level=level, **by_both))
    if found.witness:
        rule, ddof = found.both[0]
        level, data = levels.rounding(rule, DIVISORS[ddof]), ", ".join(map(str, found.witness))
        rows.append(results.row("audit", key, "witness", n, level=level, n=n, note=data))
    return rows


def _sizes(field: str, figures: list[Summary]) -> list[dict]:
    near = nearby(figures[0].n)
    where = {"n": figures[0].n, "method": f"sample sizes {near[0]} to {near[-1]}"}
    rows = []
    for family, fitting in sizes_by_family(figures).items():
        for statistic, sizes in zip(("sizes_means", "sizes_all"), fitting, strict=True):
            listed = [str(size) for size in sizes]
            told = {"note": ", ".join(listed), "code": " ".join(listed), "level": family}
            rows.append(results.row("audit", field, statistic, len(sizes), **told, **where))
    return rows


def _change(field: str, before: Summary, after: Summary, week, *, fits: bool) -> list[dict]:
    def row(statistic, value, **where):
        where = {"n": before.n, "week": week} | where
        return results.row("audit", field, statistic, value, **where)

    at_each = {r: {"level": levels.coefficient(r)} for r in GRID}
    rows = [row("paired_t", bounds.paired_t(before, after, r), **at_each[r]) for r in GRID]
    for r in SHOWN:
        at = at_each[r]
        rows.append(row("mean_change", bounds.mean_change(before, after, r), **at))
        d_z = bounds.d_z(before, after, r)
        rows.append(row("d_z", d_z, **at, note=d_z.note or ALONE))
    for slack, level in ((False, "as printed"), (True, "with slack")):
        ends = bounds.paired_t_range(before, after, slack=slack)
        for statistic, t in zip(("paired_t_least", "paired_t_most"), ends, strict=True):
            unfit = {} if fits or t.note else {"note": UNFIT, "code": "unfit"}
            rows.append(row(statistic, t, level=level, **unfit))
        spread = bounds.pitman_morgan(before, after, slack=slack)
        rows.append(row("pitman_morgan_t", spread, level=level))
    sizes = bounds.standardised(before, after).items()
    return rows + [row(name, x, note=ALONE if x == x else BY_ZERO) for name, x in sizes]


def _bounds(field: str, before: Summary, after: Summary, week, study) -> list[dict]:
    cases = [(r, "", {"r": (r, 1)}) for r in GRID] + [(GRID[0], "_sd_by_n", {"ddof": 0})]
    of = about(field, study)
    sign, targets = (of.sign, of.targets) if of else (1, ())
    percents = {t.code: Fraction(str(t.value)) for t in targets if t.rule == "percent"}
    rows = []
    for r, suffix, how in cases:
        limits = {
            (target, ""): bounds.responders(before, after, percent, sign=sign, **how)
            for target, percent in percents.items()
        }
        worse = bounds.not_improved(before, after, sign=sign, **how)
        limits[f"{field}_not_improved", f"of:{field}"] = worse
        where = {"level": levels.coefficient(r), "week": week, "method": SLACK}
        for (outcome, code), bound in limits.items():
            for name, events in (("largest", bound.largest), ("smallest", bound.smallest)):
                number = {"n": bound.n, "events": events, "code": code} | where
                share = events / bound.n
                rows.append(results.row("audit", outcome, name + suffix, share, **number))
    return rows


def _without_target(field: str, n: int, week, bounded, figures, study) -> list[dict]:
    """Count published responders who cannot have reached a target of `field`, as too few can.

    The largest number at any r, by either divisor, decides. Responders by a target of the same
    score are held against that target alone.
    """
    known, most = targets(study), {}
    for row in bounded:
        if row["statistic"].startswith("largest") and row["outcome"] in known:
            most[row["outcome"]] = max(row["events"], most.get(row["outcome"], 0))
    same = ("responder", n, week, "all")
    counted = [f for f in figures if (f.kind, f.n, f.week, f.group) == same]
    rows = []
    for figure, target in product(counted, most):
        of, missed = int(figure.value), int(figure.value) - most[target]
        own = figure.field in known and known[figure.field].outcome == field
        if missed > 0 and (not own or figure.field == target):
            number = {"n": of, "events": missed, "week": week, "level": target}
            name = "without_target_min"
            rows.append(results.row("audit", figure.field, name, missed / of, **number))
    return rows


def _shares(figure: Published) -> list[dict]:
    """Make the intervals of one count: exact and Wilson, and upper bounds where it is 0."""
    events, n = int(figure.value), figure.n
    names = ["wilson", "clopper_pearson"]
    names += ["upper_one_sided", "rule_of_three"] if events == 0 else []
    intervals = {name: getattr(proportions, name)(events, n) for name in names}
    return [results.row("audit", figure.key, *each, **figure.where) for each in intervals.items()]


def _association(figures: tuple[Published, ...]) -> list[dict]:
    """Test how often a group occurs at two levels of a field: SAPHO among men and women."""
    published = {(f.field, f.level, f.group): f for f in figures if f.kind == "count"}
    places = {(f.field, f.group) for f in published.values() if f.group != "all"}
    rows = []
    for field, group in sorted(places):
        two = [f.level for f in published.values() if (f.field, f.group) == (field, group)]
        if len(two) != 2 or any((field, level, "all") not in published for level in two):
            continue
        pairs = [(published[field, at, group], published[field, at, "all"]) for at in two]
        table = [(int(part.value), int(whole.value)) for part, whole in pairs]
        if all(events <= n and n for events, n in table):
            rows += _fisher(table, outcome=field, group=group, level=levels.against(*two))
    return rows


def _fisher(table, *, outcome, **where) -> list[dict]:
    (e1, n1), (e0, n0) = table
    names = ("fisher", "fisher_midp", "newcombe", "conditional_odds_ratio")
    tests = {name: getattr(proportions, name)(e1, n1, e0, n0) for name in names}
    seen = f"{e1}/{n1} against {e0}/{n0}"
    return [
        results.row("audit", outcome, name, test, **where, note=test.note or seen)
        for name, test in tests.items()
    ]
