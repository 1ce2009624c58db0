"""Laboratory: units, shifts by the limits of normal, CTCAE and ATP III grades, liver quadrants."""

from collections import Counter
from math import isnan, nan

import pandas as pd

from . import lab_values
from .grades import ATP_III, CTCAE, RELATIVE, above, grade
from .proportions import clopper_pearson
from .rows import row
from .units import canonical

SHIFTS = ("low", "normal", "high")
MULTIPLES = (3, 5, 10, 20)
LIVER = ("hy", "temple", "cholestasis", "neither")


def rows(source):
    if source.labs is None:
        return
    people = by_test(source.labs)
    for test, patients in people.items():
        yield from _shifts(test, patients)
        if test in CTCAE or test in ATP_III:
            yield from _grades(test, patients)
    yield from lab_values.rows(people)
    yield from _liver(people)


def by_test(labs):
    """{test: {patient: values in order of time}}, in the canonical unit of each test."""
    found = {}
    for line in labs.dropna(subset=["value"]).sort_values("week").to_dict("records"):
        line |= canonical(line)
        found.setdefault(line["test"], {}).setdefault(line["patient_id"], []).append(line)
    return found


def _around(values, usable):
    """The last usable value up to the start, and the usable ones after it."""
    fit = [value for value in values if usable(value)]
    before = [value for value in fit if value["week"] <= 0]
    return (before[-1] if before else None), [value for value in fit if value["week"] > 0]


def _limited(value):
    return not (isnan(value["lln"]) and isnan(value["uln"]))


def _shifts(test, patients):
    pairs = Counter()
    around = [_around(values, _limited) for values in patients.values()]
    for before, later in around:
        if before and later:
            worst = max(map(_excess, later), key=lambda x: x[0])
            pairs[f"{_excess(before)[1]}→{worst[1]}"] += 1
    if not any(before or later for before, later in around):
        yield row("04_safety", "lab_shift", test, "count", {})
        return
    n = pairs.total()
    for level in (f"{a}→{b}" for a in SHIFTS for b in SHIFTS):
        numbers = {"estimate": pairs[level], "events": pairs[level], "n": n}
        yield row("04_safety", "lab_shift", test, "count", numbers, level=level)


def _excess(value):
    """How far outside its limits, as a share of the limit crossed, and on which side."""
    low, high = value["lln"] - value["value"], value["value"] - value["uln"]
    if high > 0:
        return high / value["uln"], "high"
    return (low / value["lln"], "low") if low > 0 else (0, "normal")


def _grades(test, patients):
    """Grade before by the limits alone, worst grade after also by the value before."""
    pairs, worse, severe = Counter(), 0, 0
    for values in patients.values():
        before, later = _around(values, lambda value: True)
        if not (before and later):
            continue
        a = grade(test, before)
        after = [b for b in (grade(test, value, before) for value in later) if b is not None]
        if a is None or not after:
            continue
        b = max(after)
        abnormal = test in RELATIVE and before["value"] > before["uln"]
        is_worse = b >= 1 if abnormal else b > a
        pairs["abnormal" if test in RELATIVE and a else str(a), b] += 1
        worse += is_worse
        severe += is_worse and b >= 3
    yield from _grade_rows(test, pairs, worse, severe)


def _grade_rows(test, pairs, worse, severe):
    n = pairs.total()
    if not n:
        yield row("04_safety", "lab_grade", test, "count", {"n": 0})
        return
    for a in ("0", "abnormal") if test in RELATIVE else "01234":
        for b in range(5):
            numbers = {"estimate": pairs[a, b], "events": pairs[a, b], "n": n}
            yield row("04_safety", "lab_grade", test, "count", numbers, level=f"{a}→{b}")
    yield row("04_safety", "lab_grade", test, "worse", clopper_pearson(worse, n))
    if test in CTCAE:
        numbers = clopper_pearson(severe, n)
        yield row("04_safety", "lab_grade", test, "worse_grade3", numbers)


def _liver(people):
    """Quadrants of the peaks after the start, as multiples of the upper limit."""
    peak = {
        test: {who: _peak(values) for who, values in people.get(test, {}).items()}
        for test in ("ALT", "AST", "ALP", "Bilirubin")
    }
    enzyme = {}
    for who, x in [*peak["ALT"].items(), *peak["AST"].items()]:
        enzyme.setdefault(who, []).append(x)
    if enzyme:
        yield from _above("transaminase", enzyme, MULTIPLES)
    if peak["Bilirubin"]:
        bilirubin = {who: [x] for who, x in peak["Bilirubin"].items()}
        yield from _above("bilirubin", bilirubin, (2,))
    yield from _edish(peak)


def _above(outcome, found, multiples):
    """Patients whose highest peak, of one test or of two, is above each multiple."""
    known = {who: [x for x in peaks if not isnan(x)] for who, peaks in found.items()}
    peaks = {who: max(peaks) for who, peaks in known.items() if peaks}
    if not peaks:
        yield row("04_safety", "liver", outcome, "patients", {"n": 0})
        return
    for times in multiples:
        k = sum(above(x, times) for x in peaks.values())
        numbers = clopper_pearson(k, len(peaks))
        yield row("04_safety", "liver", outcome, "patients", numbers, level=f">{times}")


def _edish(peak):
    found = Counter()
    for who, bilirubin in peak["Bilirubin"].items():
        enzymes = [x for x in (peak[t].get(who, nan) for t in ("ALT", "AST")) if not isnan(x)]
        if enzymes and not isnan(bilirubin):
            found[_quadrant(max(enzymes), bilirubin, peak["ALP"].get(who, nan))] += 1
    n = found.total()
    if not n:
        yield row("04_safety", "liver", "edish", "patients", {"n": 0})
        return
    for level in LIVER:
        numbers = clopper_pearson(found[level], n)
        yield row("04_safety", "liver", "edish", "patients", numbers, level=level)


def _peak(values):
    shares = [v["value"] / v["uln"] for v in values if v["week"] > 0 and not pd.isna(v["uln"])]
    return max(shares, default=nan)


def _quadrant(enzyme, bilirubin, alp):
    if enzyme > 3 and bilirubin <= 2:
        return "temple"
    if bilirubin <= 2:
        return "neither"
    return "hy" if enzyme > 3 and not alp >= 2 else "cholestasis"
