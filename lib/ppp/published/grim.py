"""GRIM and GRIMMER, exact: whether n scores on a grid can have the printed mean and deviation.

Brown NJL, Heathers JAJ. Soc Psychol Personal Sci 2017;8:363-369. doi:10.1177/1948550616673876.
Anaya J. The GRIMMER test. PeerJ Preprints 2016;4:e2400v1. doi:10.7287/peerj.preprints.2400v1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from ppp.witness import RULES, Summary, find, printed_as, sums

ROUNDING = ("half_up", "half_even", "half_down")
FAMILIES = {"rounding": ROUNDING, "truncation": ("truncation",), "ceiling": ("ceiling",)}
DIVISORS = {1: "n − 1", 0: "n"}
BELOW, ABOVE = 8, 12
EXPLANATIONS = (
    "Candidate explanations: a typing error; another number of patients than the one stated; "
    "scores off the stated grid, such as half points; imputed values. The figures alone cannot "
    "tell which; ask the authors."
)
NO_MEAN_FAILS = "not testable: every mean with so many decimals would fit"
NO_SD_FAILS = "not testable: every SD of this size would fit"
RULE_NAMES = {
    "half_up": "rounding half up",
    "half_even": "rounding half to even",
    "half_down": "rounding half down",
}


@dataclass(frozen=True)
class Attainable:
    """What the printed mean and deviation of n scores allow.

    `means` are the rules of rounding that allow the mean; `both` the rules, with the ddof of the
    deviation (1: n − 1, 0: n), that allow both, and `witness` is a data set by the first of them.
    `mean_can_fail` and `sd_can_fail` are False where every such figure is attainable at this n.
    `neighbours` are the nearest attainable means, rounded, where the mean is not one;
    `sd_at_neighbours` those of them, with the ddof, that allow the deviation.
    """

    figures: Summary
    means: tuple[str, ...]
    both: tuple[tuple[str, int], ...]
    mean_can_fail: bool
    sd_can_fail: bool
    neighbours: tuple[Decimal, ...]
    sd_at_neighbours: tuple[tuple[Decimal, int], ...]
    witness: tuple[Decimal, ...] | None

    @property
    def mean_rounds(self) -> bool:
        """Whether the mean is attainable by rounding proper, not by truncation or ceiling only."""
        return bool(set(self.means) & set(ROUNDING))

    @property
    def both_round(self) -> bool:
        """Whether mean and deviation are, together, by either definition of the deviation."""
        return any(rule in ROUNDING for rule, _ in self.both)

    @property
    def sd_rounds(self) -> bool:
        """Whether the deviation is, beside its mean or, where that is unattainable, the next."""
        if self.mean_rounds:
            return self.both_round
        return any(ddof == 1 for _, ddof in self.sd_at_neighbours)


def attainable(figures: Summary) -> Attainable:
    """Try five rounding rules and both definitions of the standard deviation."""
    means = tuple(rule for rule in RULES if sums(figures, rule))
    ways = [(rule, ddof) for rule in means for ddof in DIVISORS]
    data = {way: find(figures, rule=way[0], ddof=way[1]) for way in ways}
    both = tuple(way for way in ways if data[way] is not None)
    neighbours = () if set(means) & set(ROUNDING) else nearest_means(figures)
    beside = [(mean, ddof) for mean in neighbours for ddof in DIVISORS]
    fitting = (at for at in beside if find(replace(figures, mean=at[0]), ddof=at[1]) is not None)
    can_fail = mean_can_fail(figures), sd_can_fail(figures)
    witness = data[both[0]] if both else None
    return Attainable(figures, means, both, *can_fail, neighbours, tuple(fitting), witness)


def mean_can_fail(figures: Summary) -> bool:
    """Tell whether some mean with so many decimals is unattainable: a step exceeds n units."""
    unit = Fraction(_unit(figures.mean))
    spacing = Fraction(figures.step) / figures.n
    return spacing > unit or (spacing == unit and Fraction(figures.low) % unit != 0)


def sd_can_fail(figures: Summary) -> bool:
    """Tell whether a deviation this large, with so many decimals, can be missed by all data.

    Sums of squares come in twos: variances printed alike that span two of them always have data.
    """
    variances = printed_as(figures.sd).squared()
    scale = (figures.n - 1) / Fraction(figures.step) ** 2
    return (variances.high - variances.low) * scale < 2


def nearest_means(figures: Summary) -> tuple[Decimal, ...]:
    """Give the attainable means next to the printed one, as rounding half up prints them."""
    n, low, step = figures.n, Fraction(figures.low), Fraction(figures.step)
    below = floor((Fraction(figures.mean) - low) * n / step)
    sums_around = [k for k in (below, below + 1) if 0 <= k <= n * figures.top]
    means = (low + Fraction(k) * step / n for k in sums_around)
    exact = (Decimal(mean.numerator) / Decimal(mean.denominator) for mean in means)
    return tuple(mean.quantize(_unit(figures.mean), ROUND_HALF_UP) for mean in exact)


def nearby(n: int) -> range:
    """Return the sample sizes that are tried beside n: 20 to 40 for 28."""
    return range(max(2, n - BELOW), n + ABOVE + 1)


def sizes_by_family(figures: Iterable[Summary]) -> dict[str, tuple[list[int], list[int]]]:
    """List, by family of rules, the sizes near n that fit all means, and means and deviations."""
    figures = list(figures)
    near = nearby(figures[0].n)
    return {
        family: tuple(fitting_sizes(figures, near, rules=rules, ddofs=d) for d in (None, DIVISORS))
        for family, rules in FAMILIES.items()
    }


def fitting_sizes(
    figures: Iterable[Summary], sizes: Iterable[int], *, rules=ROUNDING, ddofs=None
) -> list[int]:
    """List the sample sizes that allow all printed means, by one of the `rules` for all of them.

    The own n of `figures` is not used. With `ddofs` deviations must fit too, by any one of these.
    """
    figures = list(figures)

    def fits(size, rule):
        sized = [replace(each, n=size) for each in figures]
        if not all(sums(each, rule) for each in sized):
            return False
        return ddofs is None or any(
            all(find(each, rule=rule, ddof=ddof) is not None for each in sized) for ddof in ddofs
        )

    return [size for size in sizes if any(fits(size, rule) for rule in rules)]


def of_mean(found: Attainable, values: str = "") -> str:
    """Give the verdict on the mean, as a sentence part; `values` names the grid in words."""
    data = _data(found, values)
    if found.mean_rounds:
        return f"consistent with {data}" if found.mean_can_fail else NO_MEAN_FAILS
    if found.means:
        return f"inconsistent with {data} by rounding; by {_either(found.means)} only, it fits"
    return f"inconsistent with {data}, by each of five rounding rules"


def of_sd(found: Attainable, values: str = "") -> str:
    """Give the verdict on the standard deviation, together with its mean, as a sentence part."""
    data = _data(found, values)
    if found.both_round:
        divisors = {ddof for rule, ddof in found.both if rule in ROUNDING}
        only = "" if 1 in divisors else ", if it divides by n"
        return f"consistent with {data}{only}" if found.sd_can_fail else NO_SD_FAILS
    if found.both:
        ways = [f"{rule} (SD by {DIVISORS[ddof]})" for rule, ddof in found.both]
        verdict = f"inconsistent with {data} by rounding; by {_either(ways)} only, it fits its mean"
    elif found.means:
        verdict = f"inconsistent with {data} that have the printed mean"
    else:
        verdict = "not testable beside a mean that does not fit"
    return verdict + (f"; {_at_neighbours(found)}" if found.neighbours else "")


def code(found: Attainable, kind: str) -> str:
    """Give the verdict on a ``mean`` or an ``sd`` as tokens.

    ``consistent`` (``cannot_fail``), ``inconsistent``, or ``untestable``: a deviation beside a mean
    that no rule gives.
    """
    of = kind == "mean"
    if found.mean_rounds if of else found.both_round:
        can_fail = found.mean_can_fail if of else found.sd_can_fail
        return "consistent" if can_fail else "consistent cannot_fail"
    return "inconsistent" if of or found.means else "untestable"


def lines(found: Attainable) -> list[str]:
    """Write the whole verdict on a mean and its deviation, one statement a line."""
    figures = found.figures
    written = [f"Mean {figures.mean}: {of_mean(found)}.", f"SD {figures.sd}: {of_sd(found)}."]
    if found.neighbours:
        nearest = " and ".join(map(str, dict.fromkeys(found.neighbours)))
        written.append(f"Nearest means: {nearest}.")
    near = nearby(figures.n)
    for family, (means, both) in sizes_by_family([figures]).items():
        fitting = f"mean {runs(means)}; mean and SD {runs(both)} (of {near[0]} to {near[-1]})"
        written.append(f"Sample sizes that fit by {family}: {fitting}.")
    if found.witness:
        (rule, ddof), data = found.both[0], ", ".join(map(str, found.witness))
        how = f"{RULE_NAMES.get(rule, rule)}, SD by {DIVISORS[ddof]}"
        written.append(f"One data set with these figures ({how}): {data}.")
    if not found.both_round:
        written.append(EXPLANATIONS)
    return written


def as_dict(found: Attainable) -> dict:
    """Give the verdict as plain lists and strings, for JSON."""
    figures, near = found.figures, nearby(found.figures.n)
    by = {ddof: divisor.replace("−", "-") for ddof, divisor in DIVISORS.items()}
    ways = [{"rule": rule, "sd_divides_by": by[ddof]} for rule, ddof in found.both]
    return {
        "mean": str(figures.mean),
        "sd": str(figures.sd),
        "n": figures.n,
        "min": str(figures.low),
        "max": str(figures.high),
        "step": str(figures.step),
        "mean_fits": found.mean_rounds,
        "mean_and_sd_fit": found.both_round,
        "mean_can_fail": found.mean_can_fail,
        "sd_can_fail": found.sd_can_fail,
        "rules_mean": list(found.means),
        "rules_mean_and_sd": ways,
        "nearest_means": [str(mean) for mean in found.neighbours],
        "sample_sizes": {
            family: {"tried": (near[0], near[-1]), "mean": means, "mean and SD": both}
            for family, (means, both) in sizes_by_family([figures]).items()
        },
        "witness": [str(value) for value in found.witness or ()],
        "verdict": {"mean": of_mean(found), "sd": of_sd(found)},
        "explanations": "" if found.both_round else EXPLANATIONS,
    }


def runs(sizes: Iterable[int]) -> str:
    """Write ascending numbers as ranges."""
    ends: list[list[int]] = []
    for size in sizes:
        if ends and size == ends[-1][1] + 1:
            ends[-1][1] = size
        else:
            ends.append([size, size])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ends) or "none"


def _unit(figure: Decimal) -> Decimal:
    return Decimal(1).scaleb(figure.as_tuple().exponent)


def _at_neighbours(found: Attainable) -> str:
    parts = []
    for mean in dict.fromkeys(found.neighbours):
        ddofs = [ddof for at, ddof in found.sd_at_neighbours if at == mean]
        only = "" if 1 in ddofs else " only if it divides by n"
        parts.append(f"at {mean} attainable{only}" if ddofs else f"at {mean} not attainable")
    return f"beside the nearest means, by rounding: {', '.join(parts)}"


def _data(found: Attainable, values: str) -> str:
    figures = found.figures
    whole = figures.step == 1 and figures.low == int(figures.low)
    grid = "integer totals" if whole else f"totals in steps of {figures.step}"
    return f"{values or grid} from {figures.n} patients"


def _either(ways) -> str:
    return " or ".join(dict.fromkeys(ways))
