"""Time and peak memory of all estimators together, from 28 patients to a million, × 4 visits.

``make bench`` runs it. Each size has a process of its own; the peak is what that process held
beyond what it held before the first estimator. The slope is the growth by size: 1 means in
proportion to the patients, 0 means not at all. Likelihood fits, multiple imputation and
leave-one-out stop at the size they state; the table counts the estimates that were stopped.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from functools import partial
from importlib import import_module
from math import log10

import numpy as np

SIZES = (28, 1_000, 10_000, 100_000, 1_000_000)
LAZY = (
    "statsmodels.regression.mixed_linear_model",
    "statsmodels.stats.power",
    "ppp.estimators.imputation",
)
STOPPED = ("above", "asymptotic", ", normal", "U-statistic", "Cornish–Fisher", "sample odds")


def cohort(n):
    """Scores in steps of 0.1 at four visits, one in ten missing after the first; two groups."""
    rng = np.random.default_rng(1)
    start = rng.normal(14, 3, n).clip(0.1, 72)
    fall = [1.0, 0.75, 0.6, 0.4] * rng.uniform(0.7, 1.2, (n, 4))
    values = (start[:, None] * fall).round(1)
    values[:, 1:][rng.random((n, 3)) < 0.1] = np.nan
    return values, rng.random(n) < 0.3


def estimators(values, group):
    """Name every estimator, each a function without arguments."""
    before, after = values[:, 0], values[:, 3]
    change, judged, hit = after - before, np.isfinite(after), after <= 0.5 * before + 1e-9
    sides = change[group], change[~group]
    counts = [int(x.sum()) for x in (hit & group, judged & group, hit & ~group, judged & ~group)]
    return {
        **{_name(f): partial(f, before, after) for f in of_pairs()},
        **{_name(f): partial(f, *sides) for f in of_two_groups()},
        **{_name(f): partial(f, values) for f in of_visits()},
        **of_counts(counts),
        **of_groups(before, after, group, counts),
        **of_gaps(values, counts),
    }


def of_pairs():
    """Estimators of scores before and after."""
    from ppp.estimators import paired, robustness, signed_rank

    return [
        paired.mean_change,
        partial(paired.mean_change_bca, seed=1),
        paired.paired_t,
        paired.sign_test,
        paired.pitman_morgan,
        signed_rank.hodges_lehmann,
        signed_rank.wilcoxon_exact,
        partial(signed_rank.wilcoxon_exact, zeros="wilcoxon"),
        partial(signed_rank.rank_biserial, seed=1),
        paired.d_av,
        paired.g_av,
        paired.d_z,
        partial(paired.mean_percent_change, seed=1),
        partial(paired.median_percent_change, seed=1),
        paired.log_ratio,
        robustness.leave_one_out,
        robustness.explaining_correlation,
    ]


def of_two_groups():
    """Estimators of the changes in two groups."""
    from ppp.estimators import balance, two_group

    return [
        two_group.welch,
        two_group.hedges_g,
        partial(two_group.permutation, seed=1),
        balance.smd,
        partial(balance.smd_bootstrap, seed=1),
    ]


def of_visits():
    """Estimators of scores at all visits."""
    from ppp.estimators import imputation, longitudinal

    return [
        longitudinal.mmrm,
        longitudinal.random_intercept,
        partial(longitudinal.friedman, seed=1),
        imputation.locf_changes,
    ]


def of_counts(counts):
    """Estimators of responders among patients, by group: hits and n of each."""
    from ppp.estimators import balance, proportions, survival

    events, n = counts[0] + counts[2], counts[1] + counts[3]
    levels = [counts[0], counts[1] - counts[0]], [counts[2], counts[3] - counts[2]]
    single = [proportions.wilson, proportions.clopper_pearson, proportions.upper_one_sided]
    double = [proportions.newcombe, proportions.fisher_midp, proportions.conditional_odds_ratio]
    return {
        **{_name(f): partial(f, events, n) for f in single},
        **{_name(f): partial(f, *counts) for f in double},
        "smd_levels_bootstrap": partial(balance.smd_levels_bootstrap, *levels, seed=1),
        "garwood": partial(survival.garwood, events, n / 4),
    }


def of_groups(before, after, group, counts):
    """Models of two groups, and what groups of their size can show."""
    from ppp.estimators import detectable, two_group

    sizes = counts[1::2]
    second = counts[2] / counts[3]
    return {
        "ancova": partial(two_group.ancova, before, after, group),
        "interaction": partial(two_group.ancova, before, after, group, interaction=True),
        "detectable_difference": partial(detectable.detectable_difference, *sizes),
        "detectable_proportions": partial(detectable.detectable_proportions, *sizes, second),
    }


def of_gaps(values, counts):
    """Estimators of what is missing; the tipping point takes what was imputed before it."""
    from ppp.estimators import imputation, robustness

    events, n, imputed = counts[0] + counts[2], counts[1] + counts[3], []

    def impute():
        imputed.append(imputation.impute(values, seed=1))
        return imputation.imputed_changes(imputed[0])

    def tip():
        return robustness.tipping_point(imputed[0], 3, lowest=0, highest=72).point

    return {
        "multiple_imputation": impute,
        "tipping_point": tip,
        "binary_tipping": partial(robustness.binary_tipping, events, n, values.shape[0] - n),
    }


def _name(function):
    if isinstance(function, partial):
        return function.func.__name__ + "_zeros_dropped" * ("zeros" in function.keywords)
    return function.__name__


def peak() -> float:
    """Return the largest memory this process ever held, in MB."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024**2 if sys.platform == "darwin" else 1024)


def measure(n: int) -> dict:
    """Run all estimators on `n` patients; return seconds, and MB beyond the data and imports."""
    for module in LAZY:
        import_module(module)
    values, group = cohort(n)
    asked = estimators(values, group)
    before, took, stopped = peak(), {}, {}
    for name, run in asked.items():
        start = time.perf_counter()
        found = run()
        took[name] = time.perf_counter() - start
        words = str(found)
        stopped[name] = any(word in words for word in STOPPED)
    return {
        "took": took,
        "mb": peak() - before,
        "data_mb": values.nbytes / 1e6,
        "stopped": [name for name, is_so in stopped.items() if is_so],
    }


def slope(small, large, grew) -> str:
    """Give the exponent of growth between two sizes."""
    return f"{log10(large / small) / log10(grew):.2f}" if small > 0 and large > 0 else "–"


def main() -> None:
    """Measure each size in a process of its own and print how time and memory grow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", type=int, help="measure one size here, as JSON")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one)))
        return
    print(f"{'patients':>10} {'seconds':>8} {'slope':>6} {'peak MB':>8} {'slope':>6}  slowest")
    last = None
    for n in asked.sizes:
        command = [sys.executable, __file__, "--one", str(n)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        total = sum(found["took"].values())
        grew = [
            slope(old, new, n / last[0]) if last else ""
            for old, new in zip(last[1:] if last else (0, 0), (total, found["mb"]), strict=True)
        ]
        worst = sorted(found["took"].items(), key=lambda item: -item[1])[:3]
        slowest = ", ".join(f"{name} {seconds:.2f}" for name, seconds in worst)
        print(f"{n:>10,} {total:>8.2f} {grew[0]:>6} {found['mb']:>8.0f} {grew[1]:>6}  {slowest}")
        print(
            f"{'':>44}  stopped or asymptotic: {', '.join(found['stopped']) or 'none'}", flush=True
        )
        last = (n, total, found["mb"])


if __name__ == "__main__":
    main()
