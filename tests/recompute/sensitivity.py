"""Sensitivity of the primary result, regression to the mean, and adjusted p-values."""

from math import atanh, nan, sqrt, tanh

import numpy as np
from scipy.stats import beta, binom, chi2, norm, rankdata
from scipy.stats import t as student

from . import imputation, resampling
from .cohort import LATER
from .efficacy import OUTCOMES
from .paired import change_rows, d_av, mean_change, signed_rank_counts, small_sample
from .proportions import reached, wilson
from .rows import Between, near, row

NOTEBOOK = "03_efficacy"
PRIMARY = 12
HIGHEST = {"pppasi": 72, "dlqi": 30}


def rows(source):
    for outcome in HIGHEST:
        scores = source.scores(outcome)
        yield from _tests(outcome, scores)
        yield from _left_out(outcome, scores)
        yield from _worsened(outcome, scores)
        yield _row(outcome, "friedman", friedman(scores.dropna().to_numpy()), week=None)
    for target, outcome in (("pppasi50", "pppasi"), ("pga01", "pga")):
        yield from _counted(target, source.scores(outcome))
    yield from _to_the_mean(source.scores("pppasi")[[0, PRIMARY]].dropna())
    yield from _adjusted(source)


def _row(outcome, statistic, numbers, **where):
    where = {"week": PRIMARY, "missing": "observed"} | where
    return row(NOTEBOOK, "sensitivity", outcome, statistic, numbers, **where)


def _tests(outcome, scores):
    x, y = scores[[0, PRIMARY]].dropna().to_numpy().T
    d = (y - x).round(9)
    for statistic, function in TESTS.items():
        yield _row(outcome, statistic, {"n": len(d)} | function(x, y, d))


def pratt(x, y, d):
    ranks = rankdata(np.abs(d))[d != 0]
    rose = d[d != 0] > 0
    counts = signed_rank_counts([round(2 * rank) for rank in ranks])
    up = round(2 * ranks[rose].sum())
    tail = min(sum(counts[: up + 1]), sum(counts[up:]))
    return {"estimate": up / 2, "p_value": min(1, 2 * tail / 2 ** len(ranks))}


def sign(x, y, d):
    k, n = int((d > 0).sum()), int((d != 0).sum())
    p = min(1, 2 * min(binom.cdf(k, n, 0.5), binom.sf(k - 1, n, 0.5)))
    return {
        "estimate": k / n,
        "events": k,
        "n": n,
        "p_value": p,
        "ci_level": 0.95,
        "ci_low": beta.ppf(0.025, k, n - k + 1) if k else 0.0,
        "ci_high": beta.ppf(0.975, k + 1, n - k) if k < n else 1.0,
    }


def g_av(x, y, d):
    found = d_av(x, y, d)
    return found | {"estimate": small_sample(len(d) - 1) * found["estimate"]}


def log_ratio(x, y, d):
    if not (x.all() and y.all()):
        return {}
    found = mean_change(None, None, np.log(y / x))
    return {
        name: value if name in ("p_value", "ci_level") else np.exp(value)
        for name, value in found.items()
    }


def pitman_morgan(x, y, d):
    """Correlation of sum and difference, from the two variances and the covariance."""
    u, v, n = x.var(ddof=1), y.var(ddof=1), len(x)
    r = (v - u) / sqrt((u + v) ** 2 - 4 * np.cov(x, y)[0, 1] ** 2)
    half = norm.ppf(0.975) / sqrt(n - 3)
    p = 2 * student.sf(abs(r) * sqrt((n - 2) / (1 - r * r)), n - 2)
    return {
        "estimate": r,
        "p_value": p,
        "ci_level": 0.95,
        "ci_low": tanh(atanh(r) - half),
        "ci_high": tanh(atanh(r) + half),
    }


TESTS = {
    "wilcoxon_pratt": pratt,
    "sign_test": sign,
    "g_av": g_av,
    "log_ratio": log_ratio,
    "pitman_morgan": pitman_morgan,
}


def _left_out(outcome, scores):
    pairs = scores[[0, PRIMARY]].dropna()
    d = (pairs[PRIMARY] - pairs[0]).to_numpy().round(9)
    refits = [mean_change(None, None, np.delete(d, at)) for at in range(len(d))]
    n = {"n": len(d)}
    ends = {
        "estimate_min": (min, "estimate"),
        "estimate_max": (max, "estimate"),
        "ci_low_min": (min, "ci_low"),
        "ci_high_max": (max, "ci_high"),
        "p_max": (max, "p_value"),
    }
    for level, (end, name) in ends.items():
        value = end(refit[name] for refit in refits)
        numbers = {"estimate": value}
        if level == "p_max":
            numbers = {"estimate": near(value, 1e-8 * value), "p_value": value}
        yield _row(outcome, "leave_one_out", n | numbers, level=level)
    most = int(np.argmax(np.abs(d - d.mean()).round(9)))
    who = f"P{scores.index.get_loc(pairs.index[most]) + 1:02d}"
    yield _row(outcome, "most_influential", refits[most] | {"n": len(d) - 1}, level=who)


def _worsened(outcome, scores):
    gaps = scores[PRIMARY].isna().to_numpy() & scores.notna().any(axis=1).to_numpy()
    where = {"missing": "mi"}
    if not gaps.any():
        yield _row(outcome, "tipping_point", {"n": 0}, **where)
        return
    tables, top = imputation.tables(scores), HIGHEST[outcome]

    def worse(points):
        after = tables[:, :, -1].copy()
        after[:, gaps] = np.minimum(top, after[:, gaps] + points)
        return imputation.mean(after - tables[:, :, 0])

    for step in range(13):
        points = top * step / 12
        yield _row(outcome, "tipping_curve", worse(points), level=f"{points:g}", **where)
    grid = np.linspace(0, top, 361)
    upper = [worse(points)["ci_high"] for points in grid]
    first = next(i for i, band in enumerate(upper) if band.high >= 0)
    last = next(i for i, band in enumerate(upper) if band.low >= 0)
    numbers = {"estimate": Between(grid[max(0, first - 1)], grid[last]), "n": worse(0)["n"]}
    yield _row(outcome, "tipping_point", numbers, **where)


def friedman(scores):
    n, k = scores.shape
    ranks = rankdata(scores, axis=1)
    centre = (k + 1) / 2
    between = ((ranks.sum(axis=0) - n * centre) ** 2).sum()
    w = between / (n * ((ranks - centre) ** 2).sum())
    low, high = resampling.percentile(resampling.agreements(ranks))
    return {
        "estimate": w,
        "n": n,
        "p_value": chi2.sf(n * (k - 1) * w, k - 1),
        "ci_low": low,
        "ci_high": high,
        "ci_level": 0.95,
    }


def _counted(target, scores):
    hit, judged = reached(scores, target)
    known = hit.loc[judged, PRIMARY]
    for more in range(int(known.isna().sum()) + 1):
        numbers = wilson(int(known.sum()) + more, len(known))
        yield _row(target, "binary_tipping", numbers, level=str(more), missing="")


def _to_the_mean(pairs):
    before, after = pairs.mean()
    where = {"week": PRIMARY, "missing": "observed"}
    numbers = {"estimate": after / before, "n": len(pairs)}
    yield row(NOTEBOOK, "regression_to_mean", "pppasi", "explaining_correlation", numbers, **where)
    step = max(x for x in (0.5, 1, 2, 5, 10, 20) if 2 * x < before)
    for tenths in (0, 2, 4, 5, 6, 7, 8, 9):
        for usual in np.arange(0, before, step):
            change = (1 - tenths / 10) * (usual - before)
            level = f"ρ={tenths / 10:g}, μ={usual:g}"
            yield row(
                NOTEBOOK,
                "regression_to_mean",
                "pppasi",
                "expected_change",
                {"estimate": change, "n": len(pairs)},
                level=level,
                **where,
            )


def _adjusted(source):
    tests = {}
    for outcome in OUTCOMES:
        scores = source.scores(outcome)
        for week in LATER:
            pair = scores[0].to_numpy(float), scores[week].to_numpy(float)
            found = change_rows(*pair)["wilcoxon_exact"]
            tests[outcome, week] = found.get("p_value", nan), found["n"]
    largest = 0
    for position, outcome in enumerate(("pppasi", "pga01", "dlqi"), start=1):
        p, n = tests.pop((outcome, PRIMARY), (None, None))
        largest = largest if p is None else max(largest, p)
        numbers = {} if p is None else {"p_value": largest, "n": n}
        yield row(
            NOTEBOOK,
            "multiplicity",
            outcome,
            "fixed_sequence",
            numbers,
            week=PRIMARY,
            level=str(position),
            missing="" if p is None else "observed",
        )
    order = sorted(tests, key=lambda test: float(f"{tests[test][0]:.9g}"))
    largest = 0
    for rank, (outcome, week) in enumerate(order):
        p, n = tests[outcome, week]
        largest = max(largest, min(1, p * (len(order) - rank)))
        yield row(
            NOTEBOOK,
            "multiplicity",
            outcome,
            "holm",
            {"p_value": largest, "n": n},
            week=week,
            level=str(rank + 1),
            missing="observed",
        )
