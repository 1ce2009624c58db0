"""The two groups against each other: change and response."""

from math import sqrt

import numpy as np
from scipy.stats import t as student

from .cohort import GROUPS, LATER
from .efficacy import OUTCOMES, TARGETS
from .paired import noncentral, small_sample
from .proportions import fisher_midp, newcombe, reached
from .rows import row


def rows(source):
    if single := source.alone():
        where = {"group": single, "week": 12, "missing": "observed"}
        yield row("05_sapho_subgroup", "group_difference", "pppasi", "welch", {"n": 0}, **where)
        return
    for outcome in OUTCOMES:
        sides = [source.scores(outcome, group) for group in GROUPS[1:]]
        for week in LATER:
            a, b = ((side[week] - side[0]).dropna().to_numpy().round(9) for side in sides)
            for statistic, function in MEANS.items():
                numbers = function(a, b) if min(len(a), len(b)) > 2 else {}
                yield _row(outcome, statistic, week, numbers | {"n": len(a) + len(b)})
    for target, outcome in TARGETS.items():
        hits = [reached(source.scores(outcome, group), target)[0] for group in GROUPS[1:]]
        for week in LATER:
            counts = [k for hit in hits for k in (int(hit[week].sum()), int(hit[week].count()))]
            yield _row(target, "newcombe", week, newcombe(*counts))
            yield _row(target, "fisher_midp", week, fisher_midp(*counts))

    for outcome in ("pppasi", "dlqi"):
        yield from _ancova(source, outcome)


def _ancova(source, outcome):
    """x12 on x0 (centred), group and their product, by hand, with HC3."""
    sides = [source.scores(outcome, group) for group in GROUPS[1:]]
    for week in LATER:
        pairs = [side[[0, week]].dropna().to_numpy() for side in sides]
        n = sum(map(len, pairs))
        found = [{}, {}] if min(map(len, pairs)) < 3 else _regressed(*pairs)
        for statistic, numbers in zip(("ancova", "ancova_interaction"), found, strict=True):
            yield _row(outcome, statistic, week, numbers | {"n": n})


def _regressed(first, second):
    x, y = np.vstack([first, second]).T
    group = np.repeat([1.0, 0.0], [len(first), len(second)])
    centred = x - x.mean()
    design = np.column_stack([np.ones_like(x), centred, group, centred * group])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    weighted = design * ((y - design @ beta) / (1 - leverage))[:, None]
    errors = np.sqrt(np.diag(inverse @ weighted.T @ weighted @ inverse))
    df = len(x) - 4
    half = student.ppf(0.975, df) * errors
    p = 2 * student.sf(np.abs(beta) / errors, df)
    return [
        {
            "estimate": beta[i],
            "ci_low": beta[i] - half[i],
            "ci_high": beta[i] + half[i],
            "ci_level": 0.95,
            "p_value": p[i],
        }
        for i in (2, 3)
    ]


def _row(outcome, statistic, week, numbers):
    where = {"group": "sapho=yes-no", "week": week, "missing": "observed"}
    return row("05_sapho_subgroup", "group_difference", outcome, statistic, numbers, **where)


def welch(a, b):
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    difference, error = a.mean() - b.mean(), sqrt(va + vb)
    if not error:
        return {"estimate": difference}
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = student.ppf(0.975, df) * error
    p = 2 * student.sf(abs(difference) / error, df)
    return {
        "estimate": difference,
        "ci_low": difference - half,
        "ci_high": difference + half,
        "ci_level": 0.95,
        "p_value": p,
    }


def permutation(a, b):
    """P(|difference| at least as large) over all splits, by counting subsets of whole tenths."""
    tenths = np.rint(np.concatenate([a, b]) * 10).astype(int)
    n, total = len(a), int(tenths.sum())
    ways = [{0: 1}] + [{} for _ in range(n)]
    for value in tenths.tolist():
        for size in range(n, 0, -1):
            for subtotal, k in ways[size - 1].items():
                reach = ways[size]
                reach[subtotal + value] = reach.get(subtotal + value, 0) + k
    seen = abs(int(tenths[:n].sum()) * len(tenths) - n * total)
    extreme = sum(k for s, k in ways[n].items() if abs(s * len(tenths) - n * total) >= seen)
    p = extreme / sum(ways[n].values())
    return {"estimate": a.mean() - b.mean(), "p_value": p}


def hedges_g(a, b):
    df = len(a) + len(b) - 2
    pooled = ((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / df
    if not pooled:
        return {}
    unit = sqrt(1 / len(a) + 1 / len(b))
    size = (a.mean() - b.mean()) / sqrt(pooled)
    low, high = noncentral(size / unit, df)
    return {
        "estimate": small_sample(df) * size,
        "ci_low": low * unit,
        "ci_high": high * unit,
        "ci_level": 0.95,
    }


MEANS = {"welch": welch, "permutation": permutation, "hedges_g": hedges_g}
