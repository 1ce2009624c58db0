"""What the audit says: whether a figure fits, which explanations there are, and no more."""

from ppp.published.audit.grim import DIVISORS, FAMILIES, ROUNDING, Attainable, fitting_sizes, nearby
from ppp.witness import Summary

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


def values_of(figures: Summary) -> str:
    """Name what one patient contributes: "integer totals", "totals in steps of 0.1"."""
    whole = figures.step == 1 and figures.low == int(figures.low)
    return "integer totals" if whole else f"totals in steps of {figures.step}"


def of_mean(found: Attainable, values: str = "") -> str:
    """Give the verdict on the mean, as a sentence part.

    Parameters
    ----------
    found : Attainable
    values : str
        What the figures are made of, "integer totals" and the like.

    Examples
    --------
    >>> from ppp.published.audit import attainable
    >>> of_mean(attainable(Summary("12.55", "4.56", n=28, low=0, high=30)))
    'inconsistent with integer totals from 28 patients, by each of five rounding rules'
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
        told = f"inconsistent with {data} by rounding; by {_either(ways)} only, it fits its mean"
    elif found.means:
        told = f"inconsistent with {data} that have the printed mean"
    else:
        told = "not testable beside a mean that does not fit"
    return told + (f"; {_at_neighbours(found)}" if found.neighbours else "")


def _at_neighbours(found: Attainable) -> str:
    parts = []
    for mean in dict.fromkeys(found.neighbours):
        ddofs = [ddof for at, ddof in found.sd_at_neighbours if at == mean]
        only = "" if 1 in ddofs else " only if it divides by n"
        parts.append(f"at {mean} attainable{only}" if ddofs else f"at {mean} not attainable")
    return f"beside the nearest means, by rounding: {', '.join(parts)}"


def lines(found: Attainable) -> list[str]:
    """Write the whole verdict on a mean and its deviation, one statement a line."""
    figures = found.figures
    told = [f"Mean {figures.mean}: {of_mean(found)}.", f"SD {figures.sd}: {of_sd(found)}."]
    if found.neighbours:
        told.append(f"Nearest means: {_joined(found.neighbours)}.")
    for family, sizes in sizes_by_family(found).items():
        told.append(f"Sample sizes that fit by {family}: {_listed_sizes(sizes)}.")
    if found.witness:
        rule, ddof = found.both[0]
        told.append(
            f"One data set with these figures ({_named(rule)}, SD by {DIVISORS[ddof]}): "
            f"{', '.join(map(str, found.witness))}."
        )
    if not found.both_round:
        told.append(EXPLANATIONS)
    return told


def sizes_by_family(found: Attainable) -> dict[str, dict]:
    """List the sample sizes near n that fit the mean, and those that fit mean and deviation."""
    near = nearby(found.figures.n)
    return {
        family: {
            "tried": (near[0], near[-1]),
            "mean": fitting_sizes([found.figures], near, rules=rules),
            "mean and SD": fitting_sizes([found.figures], near, rules=rules, ddofs=DIVISORS),
        }
        for family, rules in FAMILIES.items()
    }


def as_dict(found: Attainable) -> dict:
    """Give the verdict as plain lists and strings, for JSON."""
    figures = found.figures
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
        "rules_mean_and_sd": [
            {"rule": rule, "sd_divides_by": DIVISORS[ddof].replace("−", "-")}
            for rule, ddof in found.both
        ],
        "nearest_means": [str(mean) for mean in found.neighbours],
        "sample_sizes": sizes_by_family(found),
        "witness": [str(value) for value in found.witness or ()],
        "verdict": {"mean": of_mean(found), "sd": of_sd(found)},
        "explanations": "" if found.both_round else EXPLANATIONS,
    }


def _data(found: Attainable, values: str) -> str:
    return f"{values or values_of(found.figures)} from {found.figures.n} patients"


def _named(rule: str) -> str:
    return {
        "half_up": "rounding half up",
        "half_even": "rounding half to even",
        "half_down": "rounding half down",
    }.get(rule, rule)


def _either(ways) -> str:
    return " or ".join(dict.fromkeys(ways))


def _joined(items) -> str:
    return " and ".join(map(str, dict.fromkeys(items)))


def _listed_sizes(sizes: dict) -> str:
    tried = f" (of {sizes['tried'][0]} to {sizes['tried'][1]})"
    shown = (f"{what} {_ranges(sizes[what]) or 'none'}" for what in ("mean", "mean and SD"))
    return "; ".join(shown) + tried


def _ranges(sizes: list[int]) -> str:
    """Write 20, 21, 22, 25 as "20–22, 25"."""
    runs: list[list[int]] = []
    for size in sizes:
        if runs and size == runs[-1][1] + 1:
            runs[-1][1] = size
        else:
            runs.append([size, size])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)
