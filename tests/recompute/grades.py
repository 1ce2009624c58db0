"""CTCAE v5.0 (2017) and ATP III (2002), spelled out; no file of the project is read.

Edges hold to a billionth, since converted values and limits carry rounding.
"""

from math import isnan

MARGIN = 1e-9
TIMES_ULN = {  # multiples of the upper limit above which grades 1, 2, 3, 4 begin
    "ALT": (1, 3, 5, 20),
    "AST": (1, 3, 5, 20),
    "ALP": (1, 2.5, 5, 20),
    "GGT": (1, 2.5, 5, 20),
    "Bilirubin": (1, 1.5, 3, 10),
    "CK": (1, 2.5, 5, 10),
    "Creatinine": (1, 1.5, 3, 6),
}
RELATIVE = {  # where baseline was above the limit: multiples of it; where grade 1 begins, and if at
    "ALT": ((1.5, "from"), 3, 5, 20),
    "AST": ((1.5, "from"), 3, 5, 20),
    "ALP": ((2, "from"), 2.5, 5, 20),
    "GGT": ((2, "from"), 2.5, 5, 20),
    "Bilirubin": ((1, "above"), 1.5, 3, 10),
}
BELOW = {  # below which grades 2, 3, 4 begin; grade 1 begins below the lower limit
    "Haemoglobin": (100, 80),
    "Neutrophils": (1.5, 1.0, 0.5),
    "Lymphocytes": (0.8, 0.5, 0.2),
    "Platelets": (75, 50, 25),
    "Leukocytes": (3.0, 2.0, 1.0),
}
TRIGLYCERIDES = (3.42, 5.7, 11.4)  # above; grade 1 from 1.71
CHOLESTEROL = (7.75, 10.34, 12.92)  # above; grade 1 above the upper limit
LDL = (100 * 0.02586, 3.36, 160 * 0.02586, 4.91)  # at or above; the lower of mg/dL and mmol/L
CTCAE = {*TIMES_ULN, *BELOW, "Triglycerides", "Total cholesterol"}
ATP_III = {"LDL cholesterol"}


def grade(test, value, baseline=None):
    """Grade 0–4 of a value, of one after the start if `baseline` is given; None: a limit lacks."""
    x, low, high = value["value"], value["lln"], value["uln"]
    if test in BELOW:
        return _below(x, low, BELOW[test])
    if test == "LDL cholesterol":
        return sum(at_least(x, edge) for edge in LDL)
    if test == "Triglycerides":
        return at_least(x, 1.71) + sum(above(x, edge) for edge in TRIGLYCERIDES)
    if test == "Total cholesterol":
        beyond = sum(above(x, edge) for edge in CHOLESTEROL)
        return beyond + 1 if beyond else (None if isnan(high) else int(above(x, high)))
    return _times(test, x, high, baseline)


def _below(x, low, edges):
    beyond = sum(above(edge, x) for edge in edges)
    return beyond + 1 if beyond else (None if isnan(low) else int(above(low, x)))


def _times(test, x, high, baseline):
    if baseline and test in RELATIVE and above(baseline["value"], baseline["uln"]):
        (first, how), *edges = RELATIVE[test]
        begun = (
            at_least(x, first * baseline["value"])
            if how == "from"
            else above(x, first * baseline["value"])
        )
        return begun + sum(above(x, edge * baseline["value"]) for edge in edges)
    if isnan(high):
        return None
    found = sum(above(x, edge * high) for edge in TIMES_ULN[test])
    if baseline and test == "Creatinine":
        by = [above(x, edge * baseline["value"]) for edge in (1.5, 3)]
        found = max(found, 3 if by[1] else 2 if by[0] else 0)
    return found


def above(x, edge):
    return x > edge * (1 + MARGIN)


def at_least(x, edge):
    return x >= edge * (1 - MARGIN)
