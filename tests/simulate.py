"""How often each interval holds the true value, and how often the exact test is wrong.

``make simulate`` runs it (two minutes on two cores) and writes data/coverage.csv; the
analysis plan says where an interval falls short. Seeded: the same code gives the same table.

Three kinds of scores: normal; skewed (log-normal, and so is the change); granular (a mild disease
in steps of 0.1, with ties, patients who clear and patients who do not change). Response is a score
halved (``pppasi50``) or down to a quarter (``pppasi75``). The groups of a difference are 8 and 20
patients, or 2 and 6. The truth is that of four million patients. An interval falls short where its
coverage is below 95 % by more than two Monte-Carlo errors; a test, where it errs in more than 5 %.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ppp.estimators import paired, proportions, signed_rank

TABLE = Path(__file__).resolve().parents[1] / "data" / "coverage.csv"
SEED = 20240101
RUNS = 2_000
MANY = 4_000_000
GROUPS = {28: (8, 20), 8: (2, 6)}
LEVEL, ALPHA = 0.95, 0.05
RESPONSES = {"pppasi50": 0.5, "pppasi75": 0.25}


def normal(rng, n, worse=1.0):
    """Scores like the published ones: 14 (2.8), then 6 (1.8), correlation 0.5."""
    first, second = rng.standard_normal((2, n))
    after = 6.0 + 1.8 * (0.5 * first + np.sqrt(0.75) * second)
    return 14.0 + 2.8 * first, worse * after


def skewed(rng, n, worse=1.0):
    """Log-normal scores, and a log-normal ratio of after to before."""
    before = np.exp(2.4 + 0.6 * rng.standard_normal(n))
    return before, worse * before * np.exp(-0.9 + 0.35 * rng.standard_normal(n))


def granular(rng, n, worse=1.0):
    """Mild scores in steps of 0.1; one patient in ten clears, one in ten does not change."""
    before = np.round(0.5 + rng.gamma(4.0, 0.5, n), 1)
    kind, ratio = rng.random(n), worse * rng.beta(1.2, 1.8, n)
    ratio = np.where(kind < 0.1, 0.0, np.where(kind > 0.9, 1.0, ratio))
    return before, np.round(before * ratio, 1)


SCORES = {"normal": normal, "skewed": skewed, "granular": granular}
MEANS = {
    "mean_change": paired.mean_change,
    "mean_change_bca": partial(paired.mean_change_bca, seed=SEED),
    "hodges_lehmann": signed_rank.hodges_lehmann,
}
SHARES = {"wilson": proportions.wilson, "clopper_pearson": proportions.clopper_pearson}


def responds(before, after, share):
    """Tell who is at or below a share of the score before."""
    return after <= share * before + 1e-9


def truths(scores):
    """Return the true mean and pseudo-median of change, and response in both groups."""
    rng = np.random.default_rng(SEED)
    before, after = SCORES[scores](rng, MANY)
    change = np.round(after - before, 9)
    worse = SCORES[scores](rng, MANY, worse=1.3)
    found = {"mean": change.mean(), "median": np.median(change[::2] + change[1::2]) / 2}
    for outcome, share in RESPONSES.items():
        found[outcome] = responds(before, after, share).mean()
        found[f"{outcome} difference"] = responds(*worse, share).mean() - found[outcome]
    return found


def holds(found, truth):
    """Tell whether the interval holds the truth; sums in floating point get a hair of slack."""
    return found.ci_low - 1e-9 <= truth <= found.ci_high + 1e-9


def one_run(rng, make, n, truth):
    """Return one row a question of one simulated cohort: is the truth inside, is the test wrong."""
    before, after = make(rng, n)
    answers = {
        (name, "change"): holds(
            f(before, after), truth["median" if name == "hodges_lehmann" else "mean"]
        )
        for name, f in MEANS.items()
    }
    first, _ = GROUPS[n]
    worse = make(rng, first, worse=1.3)
    others = before[first:], after[first:]
    for outcome, share in RESPONSES.items():
        events = int(responds(before, after, share).sum())
        for name, f in SHARES.items():
            answers[name, outcome] = holds(f(events, n), truth[outcome])
        counts = [int(responds(*side, share).sum()) for side in (worse, others)]
        found = proportions.newcombe(counts[0], first, counts[1], n - first)
        answers["newcombe", outcome] = holds(found, truth[f"{outcome} difference"])
    swap = rng.random(n) < 0.5
    null = np.where(swap, after, before), np.where(swap, before, after)
    for zeros in ("wilcoxon", "pratt"):
        p = signed_rank.wilcoxon_exact(*null, zeros=zeros).p_value
        answers[f"{zeros}_exact", "change"] = p <= ALPHA
    return answers


def cell(scores, n, runs=RUNS):
    """Simulate one kind of scores at one size; return its rows of the table."""
    rng = np.random.default_rng([SEED, list(SCORES).index(scores), n])
    truth = truths(scores)
    answers = pd.DataFrame([one_run(rng, SCORES[scores], n, truth) for _ in range(runs)])
    return [
        row(name, outcome, scores, n, share, runs)
        for (name, outcome), share in answers.mean().items()
    ]


def row(name, outcome, scores, n, share, runs):
    """Say what was found and whether it falls short by more than two Monte-Carlo errors."""
    size = name.endswith("_exact")
    nominal = ALPHA if size else LEVEL
    error = np.sqrt(nominal * (1 - nominal) / runs)
    short = share - nominal if size else nominal - share
    return {
        "statistic": name,
        "outcome": outcome,
        "quantity": "size" if size else "coverage",
        "scores": scores,
        "n": n,
        "nominal": nominal,
        "found": round(float(share), 4),
        "mc_error": round(float(error), 4),
        "runs": runs,
        "falls_short": "yes" if short > 2 * error else "no",
    }


def simulate(runs=RUNS):
    """Simulate all cells, two at a time."""
    asked = [(scores, n) for scores in SCORES for n in GROUPS]
    with ProcessPoolExecutor(2) as pool:
        parts = pool.map(partial(_cell, runs=runs), asked)
        table = pd.DataFrame([line for part in parts for line in part])
    return table.sort_values(["statistic", "outcome", "scores", "n"], ignore_index=True)


def _cell(asked, runs):
    return cell(*asked, runs=runs)


def main() -> None:
    """Write the table and print what falls short."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--output", type=Path, default=TABLE)
    asked = parser.parse_args()
    table = simulate(asked.runs)
    table.to_csv(asked.output, index=False, lineterminator="\n")
    print(table.to_string(index=False))
    print(f"\n{(table.falls_short == 'yes').sum()} of {len(table)} fall short: {asked.output}")


if __name__ == "__main__":
    main()
