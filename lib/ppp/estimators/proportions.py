"""Proportions, their differences and odds ratios: valid at 0, at n, and for one patient."""

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ppp.estimators.estimate import ONE_PATIENT, Estimate, group_shortage, reason, shortage

LARGEST_CONDITIONAL = 2_000


def wilson(events: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion, 0–1, of `n` patients with the event, with Wilson's score interval.

    Empty where n is 0; a ValueError unless 0 ≤ events ≤ n.
    Wilson EB. JASA 1927;22:209-212. https://doi.org/10.1080/01621459.1927.10502953
    """
    return _interval(events, n, level, "wilson", "Wilson")


def clopper_pearson(events: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with the exact (Clopper–Pearson) interval; else as `wilson`.

    Clopper CJ, Pearson ES. Biometrika 1934;26:404-413. https://doi.org/10.1093/biomet/26.4.404
    """
    return _interval(events, n, level, "beta", "Clopper–Pearson")


def upper_one_sided(events: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with the exact one-sided upper bound, the lower limit 0; else as `wilson`."""
    method = "Clopper–Pearson, one-sided"
    if _nobody(events, n):
        return Estimate(method=method, **shortage(0))
    bound = stats.binomtest(int(events), int(n), alternative="less").proportion_ci(level)
    return Estimate(events / n, 0.0, float(bound.high), level, int(n), int(events), method=method)


def rule_of_three(events: int, n: int) -> Estimate:
    """Proportion 0 with the one-sided 95 % bound 3/n, at most 1; empty where events were seen.

    Hanley JA, Lippman-Hand A. JAMA 1983;249:1743-1745.
    https://doi.org/10.1001/jama.1983.03330370053031
    """
    if _nobody(events, n):
        return Estimate(method="rule of three", **shortage(0))
    counts = {"n": int(n), "events": int(events), "method": "rule of three"}
    if events:
        note = "the rule of three holds only where no event was seen"
        return Estimate(**counts, **reason("events_seen", note))
    return Estimate(0.0, 0.0, min(1.0, 3 / n), 0.95, **counts)


def newcombe(e1: int, n1: int, e0: int, n0: int, *, level: float = 0.95) -> Estimate:
    """Difference of two proportions, e1/n1 − e0/n0, with Newcombe's hybrid score interval.

    `e1` of `n1` and `e0` of `n0` patients have the event; ``n`` = both; empty below 2 a group.
    Newcombe RG. Stat Med 1998;17:873-890 (method 10).
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    """
    if short := _too_small(e1, n1, e0, n0):
        return Estimate(n=int(n1 + n0), method="Newcombe", **short)
    limits = confint_proportions_2indep(e1, n1, e0, n0, method="newcomb", alpha=1 - level)
    low, high = (float(np.clip(limit, -1, 1)) for limit in limits)
    return Estimate(e1 / n1 - e0 / n0, low, high, level, int(n1 + n0), method="Newcombe")


def fisher(e1: int, n1: int, e0: int, n0: int) -> Estimate:
    """Fisher's exact test; ``estimate`` = e1/n1 − e0/n0, both groups being above 0."""
    p = stats.fisher_exact([[e1, n1 - e1], [e0, n0 - e0]]).pvalue
    return Estimate(e1 / n1 - e0 / n0, n=n1 + n0, p_value=float(p), method="Fisher")


def fisher_midp(e1: int, n1: int, e0: int, n0: int) -> Estimate:
    """Fisher's test of two proportions, mid-p: of the table seen, half of its probability counts.

    ``estimate`` = e1/n1 − e0/n0; as `newcombe`; no p where nobody or everybody has the event.
    Lancaster HO. JASA 1961;56:223-234. https://doi.org/10.1080/01621459.1961.10482105
    """
    n, method = int(n1 + n0), "Fisher mid-p"
    if short := _too_small(e1, n1, e0, n0):
        return Estimate(n=n, method=method, **short)
    difference, events = e1 / n1 - e0 / n0, e1 + e0
    possible = np.arange(max(0, events - n0), min(n1, events) + 1)
    if len(possible) == 1:
        every = "nobody" if events == 0 else "everybody"
        why = reason("one_table", f"{every} has it, so there is nothing to test")
        return Estimate(difference, n=n, method=method, **why)
    probability = _hypergeometric(possible, n1, n0, events)
    seen = probability[e1 - possible[0]]
    p = probability[probability <= seen * (1 + 1e-7)].sum() - seen / 2
    return Estimate(difference, n=n, p_value=float(p), method=method)


def conditional_odds_ratio(e1: int, n1: int, e0: int, n0: int, *, level: float = 0.95) -> Estimate:
    """Odds ratio given both margins, with the exact interval; as R's ``fisher.test``.

    An infinite ratio or limit is left empty, as the note says; above 2,000 patients the
    unconditional one stands in, as ``method`` says. Parameters as in `newcombe`.
    Fisher RA. J R Stat Soc 1935;98:39-82. https://doi.org/10.2307/2342435
    """
    n = int(n1 + n0)
    kind = "conditional" if n <= LARGEST_CONDITIONAL else "sample"
    method = f"{kind} odds ratio"
    if short := _too_small(e1, n1, e0, n0):
        return Estimate(n=n, method=method, **short)
    if e1 + e0 in (0, n):
        who = "nobody" if e1 + e0 == 0 else "everybody"
        why = reason("one_table", f"{who} had the event, so odds cannot be compared")
        return Estimate(n=n, method=method, **why)
    table = np.array([[e1, n1 - e1], [e0, n0 - e0]], dtype=int)
    odds = stats.contingency.odds_ratio(table, kind=kind)
    numbers = (odds.statistic, *odds.confidence_interval(level))
    ratio, low, high = (float(x) if np.isfinite(x) else float("nan") for x in numbers)
    code = "exact" if kind == "conditional" else "normal_approximation"
    estimate = Estimate(ratio, low, high, level, n, method=method, code=code)
    if np.isnan(ratio):
        note = "the odds ratio is infinite, so it has a lower limit only"
        return estimate.marked("infinite", note)
    return estimate.marked("infinite", "no upper limit") if np.isnan(high) else estimate


def _interval(events, n, level, name, method) -> Estimate:
    if _nobody(events, n):
        return Estimate(method=method, **shortage(0))
    low, high = proportion_confint(int(events), int(n), alpha=1 - level, method=name)
    low = 0.0 if events == 0 else float(low)
    high = 1.0 if events == n else float(high)
    return Estimate(events / n, low, high, level, int(n), int(events), method=method)


def _nobody(events, n) -> bool:
    if not 0 <= events <= n:
        raise ValueError(f"{events} events in {n} patients: a count must lie between 0 and n")
    return n == 0


def _too_small(e1, n1, e0, n0) -> dict[str, str]:
    if _nobody(e1, n1) | _nobody(e0, n0):
        return group_shortage(0, 0)
    return ONE_PATIENT if min(n1, n0) == 1 else {}


def _hypergeometric(first, n1, n0, events):
    """Probability of each count in the first group given the margins."""
    # `scipy.stats.hypergeom.pmf` takes 45 s for a million patients, ratios of neighbours one.
    here = first[:-1].astype(float)
    ratio = (n1 - here) * (events - here) / ((here + 1) * (n0 - events + here + 1))
    logs = np.concatenate([[0.0], np.cumsum(np.log(ratio))])
    share = np.exp(logs - logs.max())
    return share / share.sum()
