"""What the audit says: whether a figure fits, which explanations there are, and no more."""

from collections.abc import Iterable

from ppp.published.audit.grim import DIVISORS, ROUNDING, Attainable, nearby, sizes_by_family

EXPLANATIONS = (
    "Candidate explanations: a typing slip; another number of patients behind this figure than "
    "the one stated; single scores that are not on the stated grid, such as half points; imputed "
    "values. Figures alone cannot tell which: ask the authors."
)
NO_MEAN_FAILS = "at this n every mean with so many decimals is attainable, so this test cannot fail"
NO_SD_FAILS = (
    "at this n every SD of this size is attainable, short of the ends of the range, so this test "
    "cannot fail"
)
RULE_NAMES = {
    "half_up": "rounding half up",
    "half_even": "rounding half to even",
    "half_down": "rounding half down",
}


def of_mean(found: Attainable, values: str = "") -> str:
    """Give the verdict on the mean, as a sentence part.

    `values` says what the figures are made of, "integer totals" and the like, unless by their grid.
    """
    data = _data(found, values)
    if found.mean_rounds:
        return f"consistent with {data}" + ("" if found.mean_can_fail else f"; {NO_MEAN_FAILS}")
    if found.means:
        return f"inconsistent with {data} by rounding; by {_either(found.means)} only, it fits"
    return f"inconsistent with {data}, by each of five rounding rules"


def of_sd(found: Attainable, values: str = "") -> str:
    """Give the verdict on the standard deviation, together with its mean, as a sentence part."""
    data = _data(found, values)
    if found.both_round:
        divisors = {ddof for rule, ddof in found.both if rule in ROUNDING}
        only = "" if 1 in divisors else ", if it divides by n"
        return f"consistent with {data}{only}" + ("" if found.sd_can_fail else f"; {NO_SD_FAILS}")
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

    ``consistent``, with ``cannot_fail`` where the test could not fail, else ``inconsistent``, or
    for a deviation beside a mean that no rule gives, ``untestable``.
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
        rule, ddof = found.both[0]
        how = f"{RULE_NAMES.get(rule, rule)}, SD by {DIVISORS[ddof]}"
        data = ", ".join(map(str, found.witness))
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
