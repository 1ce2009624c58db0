"""One good workbook, and each kind of fault that it can have: where, what becomes of it, the cure.

An edit is ``sheet!cell: value``, a fate ``sheet!place: rule``, a row as ``3:3``. A cure is a
piece of ``study.toml`` that the remedy gives, or what it says is done to the workbook.
"""

from dataclasses import dataclass, field
from datetime import datetime as day

VISITS = [(p, w, round(20 + p - w + 0.3, 1), 15 - w) for p in range(1, 7) for w in (0, 4, 12)]
STARTS = [day(2022, 3, n) for n in range(1, 7)]
GOOD = {
    "patients": [
        ["patient_id", "sex", "age_years", "sapho", "start_date", "stop_date", "prior_treatments"],
        ["P1", "female", 31, "yes", STARTS[0], None, "acitretin"],
        ["P2", "male", 42, "no", STARTS[1], day(2022, 9, 1), "acitretin; PUVA"],
        ["P3", "female", 53, "no", STARTS[2], None, "methotrexate"],
        ["P4", "female", 64, "yes", STARTS[3], None, None],
        ["P5", "male", 35, "no", STARTS[4], None, "PUVA"],
        ["P6", "female", 46, "no", STARTS[5], None, "acitretin"],
    ],
    "visits": [
        ["patient_id", "week", "pppasi", "dlqi"],
        *([f"P{p}", w, score, dlqi] for p, w, score, dlqi in VISITS),
    ],
    "adverse_events": [
        ["patient_id", "term", "grade", "start_date", "end_date"],
        ["P1", "Acne", 1, day(2022, 4, 1), day(2022, 4, 9)],
        ["P3", "Herpes zoster", 2, day(2022, 5, 1), day(2022, 5, 30)],
        ["P5", "Acne", 1, day(2022, 4, 20), None],
        ["P6", "Acne", 2, day(2022, 4, 21), None],
    ],
    "labs": [
        ["patient_id", "week", "date", "test", "value", "unit", "lln", "uln"],
        ["P1", 0, STARTS[0], "ALT", 21, "U/L", 5, 40],
        ["P1", 12, day(2022, 5, 24), "ALT", 35, "U/L", 5, 40],
        ["P2", 0, STARTS[1], "Leukocytes", 7850, "/µL", 4000, 10000],
        ["P2", 12, day(2022, 5, 25), "Leukocytes", 6210, "/µL", 4000, 10000],
    ],
}


@dataclass(frozen=True)
class Fault:
    """`said` are words of the remedy; `stop` words of the message that stops the run."""

    edits: dict
    fate: dict = field(default_factory=dict)
    said: str = ""
    cure: str = ""  # without any, the edits are taken back
    stop: str = ""
    toml: str = ""  # already there
    differs: tuple = ()  # cells that the cure leaves otherwise than in the good workbook


def one(place: str, value, rule: str, said: str, cure: str = "", differs: tuple = ()) -> Fault:
    """A fault of one cell, which becomes missing or is kept with a warning."""
    return Fault({place: value}, {place: rule}, said, cure, differs=differs)


def row(place: str, values: list, rule: str, said: str, at: str = "") -> Fault:
    """A row of the sheet that is set aside; `place` is its first cell."""
    sheet, cell = place.split("!")
    number = int(cell[1:])
    edits = {f"{sheet}!{'ABCDEFGH'[n]}{number}": value for n, value in enumerate(values)}
    fate = {f"{sheet}!{line}:{line}": rule for line in (at or str(number)).split()}
    return Fault(edits, fate, said)


def stop(edits: dict, words: str, said: str, cure: str = "", toml: str = "", differs=()) -> Fault:
    """A fault that stops the run."""
    return Fault(edits, said=said, cure=cure, stop=words, toml=toml, differs=differs)


UNKNOWN = 'missing = ["", "n/a", "NA", "-", "hoch"]'
CENTRE = "[extra.patients]\ncentre = { heading = 'centre' }\n"
THREE = CENTRE + "[subgroup]\ncolumn = 'centre'\nvalue = 'N'\n"
CENTRES = {f"patients!H{n}": name for n, name in enumerate(["centre", *"NNSSWW"], 1)}
FAULTS = {
    "word in a score": one("visits!C3", "high", "not_a_number", "write a number in the cell"),
    "score above its range": one("visits!C3", 73, "out_of_range", "correct the cell"),
    "half a point": one("visits!D3", 5.5, "not_whole", "write a whole number"),
    "decimal comma": one(
        "visits!C3", "17,3", "decimal_comma", 'decimal = ","', '[source]decimal = ","'
    ),
    "limit": one("visits!C3", "＜5", "limit_value", "write the value that was measured"),
    "percentage": one("patients!C3", "42%", "percentage", "write the number without %"),
    "true in a score": one("visits!C3", True, "true_or_false", "write the number in the cell"),
    "error value": one("visits!C3", "#REF!", "error_value", "mend the formula"),
    "formula without value": one("visits!C3", "=1+1", "formula_not_calculated", "save it again"),
    "date in words": one("patients!E3", "in spring", "not_a_date", "format the cells as dates"),
    "date in another format": one(
        "patients!E3", "2022/03/02", "not_a_date", "declare how the text"
    ),
    "unknown code": one(
        "patients!B3", "xy", "not_a_choice", "[codes.sex]", '[codes.sex]\n"xy" = "male"'
    ),
    "end before start": one(
        "adverse_events!E2", day(2022, 3, 2), "end_before_start", "correct one of the two dates"
    ),
    "stop before start": one(
        "patients!F3", day(2021, 9, 1), "end_before_start", "correct one of the two dates"
    ),
    "future": one("patients!F3", day(2099, 1, 1), "in_future", "correct the date"),
    "sample before start": one(
        "labs!C3", day(2022, 2, 1), "visit_before_start", "correct the date"
    ),
    "sample far from its week": one(
        "labs!C3",
        day(2022, 8, 1),
        "week_and_date_differ",
        "widen [schedule] window_days",
        "[schedule]\nwindow_days = 90",
        ("labs!C3",),
    ),
    "limits reversed": Fault(
        {"labs!G2": 400},
        {"labs!G2": "limits_reversed", "labs!H2": "limits_reversed"},
        "correct the",
    ),
    "no unit": Fault(
        {"labs!F2": None},
        dict.fromkeys(("labs!E2", "labs!G2", "labs!H2"), "unit_missing"),
        '[units] "ALT" = "U/L"',
        '[units]\n"ALT" = "U/L"',
    ),
    "strange unit": Fault(
        {"labs!F2": "IU per L"},
        dict.fromkeys(("labs!E2", "labs!F2", "labs!G2", "labs!H2"), "unit_unknown"),
        '[codes.unit] "IU per L" = "U/L"',
        '[codes.unit]\n"IU per L" = "U/L"',
    ),
    "mark of thousands": one("labs!E4", "7.850", "thousands_mark", "without a mark of thousands"),
    "a thousandth": one("labs!E4", 7.85, "implausible_value", "write the value, its decimal mark"),
    "number as text": one("visits!C3", "17.3", "number_as_text", "convert the cell to a number"),
    "number with spaces": one("visits!C3", " 17.3 ", "number_tidied", "retype the number"),
    "full-width id": one("visits!A3", "Ｐ1", "id_tidied", "write the id alike"),
    "capitals": one("adverse_events!B4", "ACNE", "spelling_joined", "spell it alike"),
    "visit without an id": row("visits!A3", [None], "no_patient_id", "fill in the id"),
    "visit of nobody": row("visits!A3", ["Q9"], "unknown_patient", "write the ids alike"),
    "week in words": Fault(
        {"visits!B4": "Week 12"},
        {"visits!4:4": "no_week"},
        '[codes.week] "Week 12" = 12',
        '[codes.week]\n"Week 12" = 12',
    ),
    "patient twice": row("patients!A8", GOOD["patients"][1], "duplicate_exact", "delete the copy"),
    "visit twice": row("visits!A20", GOOD["visits"][1], "duplicate_exact", "delete the copy"),
    "visits that contradict": row(
        "visits!A20",
        ["P1", 0, 9, 15],
        "duplicate_contradictory",
        "keep the row that is right",
        "2 20",
    ),
    "footer": row("visits!A20", ["Mean ± SD", None, 12.2, 9], "totals_row", "nothing"),
    "headings again": row("visits!A20", GOOD["visits"][0], "repeated_headings", "nothing"),
    "event without a name": row("adverse_events!A6", ["P2", None, 2], "no_term", "name the event"),
    "no event": row("adverse_events!A6", ["P2", "keine"], "no_event", "nothing"),
    "value without a test": row(
        "labs!A6", ["P2", 4, None, None, 3, "U/L"], "no_test", "name the test"
    ),
    "ids that differ in zeros": stop(
        {"visits!A3": "P01"}, "visits!A3 and patients!A2", "write each id alike in both"
    ),
    "heading twice": stop(
        {"visits!D1": "pppasi"}, "'pppasi' is there twice (columns C and D)", "rename or remove one"
    ),
    "no heading": stop(
        {"visits!B1": "when"},
        "no column for week",
        "[columns.visits] week =",
        '[columns.visits]\nweek = "when"',
    ),
    "person": stop(
        {"patients!H1": "Telefon", "patients!H2": "0532"},
        "'Telefon' (patients, column H)",
        'drop = ["Telefon"]',
        '[source]drop = ["Telefon"]',
    ),
    "score never recorded": stop(
        {"visits!C1": "remark"},
        "the primary endpoint pppasi was not recorded",
        "[columns.visits]",
        '[columns.visits]\npppasi = "remark"',
    ),
    "a third of the scores in words": stop(
        {f"visits!C{n}": "hoch" for n in range(2, 8)},
        "6 of the 18 cells of the primary endpoint",
        "[source] missing",
        f"[source]{UNKNOWN}",
        differs=tuple(f"visits!C{n}" for n in range(2, 8)),
    ),
    "decimal commas": stop(
        {f"visits!C{n}": f"{GOOD['visits'][n - 1][2]}".replace(".", ",") for n in range(2, 20)},
        "18 cells are filled in and not one value is left",
        'decimal = ","',
        '[source]decimal = ","',
    ),
    "dates in an undeclared format": stop(
        {f"patients!E{n}": f"{STARTS[n - 2]:%Y/%m/%d}" for n in range(2, 8)},
        "not one of the 6 cells of start_date is a date",
        'date_format = "%Y/%m/%d"',
        '[source]date_format = "%Y/%m/%d"',
    ),
    "three groups": stop(
        CENTRES,
        "and has 2 other values",
        "[codes.centre]",
        '[codes.centre]\n"S" = "other"\n"W" = "other"',
        THREE,
    ),
    "heading of no field": Fault(
        {"visits!E1": "mood", "visits!E2": "x"}, {"visits!E:E": "heading_unused"}, "map the heading"
    ),
    "cell without a heading": Fault(
        {"visits!F2": "x"}, {"visits!F:F": "heading_empty"}, "write a heading above"
    ),
    "word for none": one("patients!G5", "keine", "word_for_none", "nothing"),
    "story in a list": one(
        "patients!G4", "since her fall in 2019 methotrexate", "free_text_grouped", "put ; between"
    ),
    "value twice": Fault(
        {f"labs!{'ABCDEFGH'[n]}6": value for n, value in enumerate(GOOD["labs"][4])},
        {"labs!6:6": "exact_repeat"},
        "delete the row",
    ),
    "patients with like ids": Fault(
        {"patients!A8": "p01", "patients!B8": "female"},
        dict.fromkeys(("patients!A2", "patients!A8"), "ids_alike"),
        "look whether they are one",
    ),
}
