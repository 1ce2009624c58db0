"""Published figures beside those of the cohort: the rows of analysis ``published``."""

from fractions import Fraction
from math import isnan, nan

from . import audit
from .audit_change import NOTEBOOK, t_range
from .cohort import WEEKS
from .printed import COUNTS, ROUNDING, pairs, read, rounded
from .proportions import clopper_pearson
from .rows import KEY, near, row


def rows(others, path):
    """Rows of the published figures of a file, given the cohort's rows; no file, no rows."""
    if not path.exists():
        return
    figures = read(path)
    for figure in figures:
        place = {"outcome": figure.key} | figure.where
        numbers = {"recomputed": recomputed(figure, others), "audit": _audit(figure, figures)}
        for statistic, found in numbers.items():
            yield row(NOTEBOOK, "published", statistic=statistic, numbers=found, **place)
    yield from audit.rows(figures)


def recomputed(figure, others):
    """The same figure of this cohort; a p-value to so many digits, however small it is."""
    if figure.kind == "week":
        return {"estimate": WEEKS[-1]}
    column, place = _place(figure)
    place = {"group": "all", "level": "", "missing": "", "population": "all"} | place
    key = tuple(None if name == "week" and place["week"] is None else place[name] for name in KEY)
    numbers = others.get(key, {})
    value = numbers.get(column, nan)
    if column == "p_value" and not isnan(value):
        value = near(value, 0)
    return {"estimate": value, "n": numbers.get("n")}


def _place(figure):
    """The column and the row that hold the figure."""
    seen = {"missing": "observed"} if figure.week is not None else {}
    where = figure.where | {"outcome": figure.field} | seen
    column, notebook, analysis, statistic = {
        "patients": ("events", "02_descriptives", "flow", "count"),
        "count": ("events", "02_descriptives", "count", "count"),
        "mean": ("estimate", "02_descriptives", "summary", "mean"),
        "sd": ("estimate", "02_descriptives", "summary", "sd"),
        "p_below": ("p_value", "03_efficacy", "change", "paired_t"),
        "responder": ("events", "03_efficacy", "responder", "wilson"),
        "adverse_event": ("events", "04_safety", "adverse_event", "patients"),
    }[figure.kind]
    if figure.kind == "responder":
        where |= {"missing": "nri"}
    if figure.kind == "patients":
        where |= {"outcome": "patients", "level": "enrolled"}
    where |= {"notebook": notebook, "analysis": analysis, "statistic": statistic}
    return column, where


def _audit(figure, figures):
    found = pairs(figures)
    for pair in found:
        if figure == pair.mean:
            fits = any(pair.has_mean(pair.n, rule) for rule in ROUNDING)
            return {"estimate": fits, "n": figure.n}
        if figure == pair.sd:
            return {"estimate": audit.fits_by_rounding(pair), "n": figure.n}
    if figure.kind in COUNTS:
        return clopper_pearson(int(figure.value), figure.n)
    if figure.kind == "p_below":
        for before, after in audit.changes(found):
            if (after.mean.field, after.mean.week) == (figure.field, figure.week):
                return t_range(before, after, slack=1)[0] | {"n": after.n}
    return {"n": figure.n}


def verdicts(wanted, path):
    """The first words on each figure as recomputed, given the wanted rows: {key: words}."""
    figures = {figure.key: figure for figure in read(path)}
    at = {name: place for place, name in enumerate(KEY)}
    return {
        key: _verdict(figures[key[at["outcome"]]], numbers["estimate"], list(figures.values()))
        for key, numbers in wanted.items()
        if (key[at["analysis"]], key[at["statistic"]]) == ("published", "recomputed")
    }


def _verdict(figure, value, figures):
    if isinstance(value, float) and isnan(value):
        return "cannot be reproduced"
    if value.high < figure.value if figure.kind == "p_below" else _prints(value, figure):
        return "reproduced"
    pair = next((pair for pair in pairs(figures) if figure in (pair.mean, pair.sd)), None)
    if pair is None:
        return "differs"
    occurs = pair.sd_occurs() if figure == pair.sd else _audit(figure, figures)["estimate"]
    return "differs" if occurs else "cannot be reproduced"


def _prints(value, figure):
    exact = Fraction(str(float(value)))
    return any(rounded(exact, figure.decimals, rule) == figure.units for rule in ROUNDING)
