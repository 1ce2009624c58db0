"""Multiple imputation once more: other draws, other code, and the band its results must lie in."""

from functools import cache
from math import inf, sqrt

import numpy as np
from scipy.stats import chi2
from scipy.stats import t as student

from .proportions import wilson
from .rows import Between, Either

THEIRS, OURS = 50, 400
ERRORS = 6  # standard errors of the mean of 50 tables
SPREAD = chi2.ppf([1e-6, 1 - 1e-6], THEIRS - 1) / (THEIRS - 1)
RARE = 0.2  # share of tables that differ, below which 50 tables may all agree


def tables(scores):
    """Completed tables, tables × patients × visits; patients without any score stay empty."""
    values = scores.to_numpy(float)
    return _tables(values.tobytes(), values.shape)


@cache
def _tables(content, shape):
    values = np.frombuffer(content).reshape(shape)
    known = ~np.isnan(values).all(axis=1)
    gaps = np.isnan(values[known])
    if not gaps.any():
        return values[None]
    rng = np.random.default_rng(11)
    current = np.where(gaps, np.nanmean(values, axis=0), values[known])
    order = [visit for visit in np.argsort(gaps.sum(axis=0)) if gaps[:, visit].any()]
    found = np.full((OURS, *shape), np.nan)
    for cycle in range(20 + 2 * OURS):
        for visit in order:
            _matched(current, visit, gaps[:, visit], rng)
        if cycle >= 20 and cycle % 2 == 0:
            found[(cycle - 20) // 2, known] = current
    return found


def _matched(current, visit, gap, rng):
    """Fill one visit: each gap takes the score of one of five whose prediction is nearest."""
    design = np.column_stack([np.ones(len(current)), np.delete(current, visit, axis=1)])
    seen, scores = design[~gap], current[~gap, visit]
    inverse = np.linalg.pinv(seen.T @ seen)
    beta = inverse @ seen.T @ scores
    variance = np.sum((scores - seen @ beta) ** 2) / (len(scores) - design.shape[1])
    beta = rng.multivariate_normal(beta, variance * inverse)
    away = np.abs((design[gap] @ beta)[:, None] - seen @ beta)
    nearest = np.argsort(away, axis=1)[:, :5]
    chosen = nearest[np.arange(len(nearest)), rng.integers(0, nearest.shape[1], len(nearest))]
    current[gap, visit] = scores[chosen]


def mean(changes):
    """Numbers of a mean change, from changes in each table (tables × patients)."""
    changes = changes[:, ~np.isnan(changes).any(axis=0)].round(9)
    n = changes.shape[1]
    means, errors = changes.mean(axis=1), changes.var(axis=1, ddof=1) / n
    estimates, reaches, tails = _bands(means, errors, n - 1)
    sure = abs(estimates.low + estimates.high) / 2
    slack = (estimates.high - estimates.low) / 2
    ps = [
        2 * student.sf(max(0, sure + sign * slack) / error, df)
        for sign, (error, df) in zip((1, -1), tails, strict=True)
    ]
    low = Between(estimates.low - reaches[1], estimates.high - reaches[0])
    high = Between(estimates.low + reaches[0], estimates.high + reaches[1])
    return {
        "estimate": estimates,
        "n": n,
        "ci_level": 0.95,
        "p_value": Between(*ps),
        "ci_low": low,
        "ci_high": high,
    }


def _bands(means, errors, df):
    """Band of the pooled estimate; smallest and largest reach; their errors and df."""
    between = means.var(ddof=1) if len(means) > 1 else 0.0
    slack = ERRORS * sqrt(between / THEIRS)
    drift = ERRORS * errors.std() / sqrt(THEIRS)
    centre, within = means.mean(), errors.mean()
    tails = [
        _rubin(within + sign * drift, share * between, df)
        for sign, share in zip((-1, 1), SPREAD, strict=True)
    ]
    reaches = [student.ppf(0.975, freedom) * error for error, freedom in tails]
    return Between(centre - slack, centre + slack), reaches, tails


def _rubin(within, between, df):
    total = within + (1 + 1 / THEIRS) * between
    share = (1 + 1 / THEIRS) * between / total
    old = (THEIRS - 1) / share**2 if share > 1e-12 else inf
    if df == inf or old == inf:
        return sqrt(total), min(old, df)
    seen = (df + 1) / (df + 3) * df * (1 - share)
    return sqrt(total), old * seen / (old + seen)


def proportion(reached):
    """Numbers of a proportion, from 1 or 0 in each table (tables × patients)."""
    counts, n = reached.sum(axis=1), reached.shape[1]
    common = np.bincount(counts.astype(int)).argmax()
    differ = np.mean((reached != reached[0]).any(axis=1))
    if not differ:
        return wilson(int(common), n)
    shares = counts / n
    slack = ERRORS * sqrt(shares.var(ddof=1) / THEIRS)
    low, high = max(0, shares.mean() - slack), min(1, shares.mean() + slack)
    within = np.mean(shares * (1 - shares)) / n
    between = [share * shares.var(ddof=1) for share in SPREAD]
    stretches = [_stretch(within, b, n) for b in (between if differ > RARE else (0, between[1]))]
    limits = [[_score(p, s) for s in stretches] for p in (low, high)]
    return {
        "estimate": Between(low, high),
        "n": n,
        "ci_level": 0.95,
        "events": Either((None, int(common))) if differ < RARE else None,
        "ci_low": Between(limits[0][1][0], limits[1][0][0]),
        "ci_high": Between(limits[0][0][1], limits[1][1][1]),
    }


def _stretch(within, between, n):
    increase = (1 + 1 / THEIRS) * between / within
    share = increase / (1 + increase)
    df = (THEIRS - 1) / share**2 if share > 1e-12 else inf
    return student.ppf(0.975, df) ** 2 * (1 + increase) / n


def _score(p, stretch):
    centre = (p + stretch / 2) / (1 + stretch)
    half = sqrt(stretch * p * (1 - p) + stretch**2 / 4) / (1 + stretch)
    return centre - half, centre + half
