"""What a clinic does to a tidy table: its own headings, and every slip that cleaning must find.

None of the slips touches an efficacy value of weeks 0 or 12, so the cleaned cohort still gives the
published figures. Each is listed in ``data/demo/README.md``.
"""

from datetime import date

from maker.safety import table
from maker.workbook import Sheet
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS

SHEET_NAMES = {
    "patients": "患者 Patients",
    "visits": "随访 Visits",
    "adverse_events": "不良事件 AE",
    "labs": "化验 Labs",
}
HEADINGS = {
    name: {row["field"]: row["heading"] for row in table("headings") if row["table"] == name}
    for name in SHEET_NAMES
}
WORDS = {"female": "女", "male": "男", "yes": "是", "no": "否"}
DATE_FORMAT = "%Y/%m/%d"
PPPASI_PARTS = ("pppasi", *PPPASI_COMPONENTS)
DLQI_PARTS = ("dlqi", *DLQI_ITEMS)
REMARKS = {4: "很满意", 11: "prefers morning visits", 19: "复诊改期一次"}
ACTION = {
    "none": ("none", "无"),
    "dose reduced": ("dose reduced", "减量"),
    "interrupted": ("interrupted", "暂停用药"),
    "not applicable": ("not applicable", "不适用"),
}
OUTCOME = {
    "recovered": ("recovered", "痊愈"),
    "recovering": ("improving", "好转"),
    "ongoing": ("not recovered", "未愈"),
}
PARTIAL = {  # patient (from 0), term: what of the onset is still known
    (9, "Weight increased"): "%Y-%m",
    (18, "Upper respiratory tract infection"): "%Y-%m",
    (23, "Fatigue"): "%Y",
}
SECOND_LABORATORY = (1, 4, 9, 13, 16, 20, 23, 26)
NAMES = {row["test"]: (row["first"], row["second"]) for row in table("tests")}
CONVENTIONAL = {"Creatinine": ("mg/dL", 88.42, 2), "Haemoglobin": ("g/dL", 10, 1)}
MISTAKEN_UNITS = {(7, 8, "AST"): None, (18, 4, "ALP"): "U/dL"}
NO_LIMITS = {(22, "Platelets")}


def sheets(tables: dict[str, list[dict]]) -> list[Sheet]:
    """Sheets as the clinic would send them, from rows in canonical names, which do not change."""
    ids = [row["patient_id"] for row in tables["patients"]]
    events = _text_dates(_typed_events(tables["adverse_events"], ids), "start_date", every=6)
    return [
        _sheet("patients", _untidy_patients(tables["patients"])),
        _sheet("visits", _untidy_visits(tables["visits"]), hidden=(14, 51)),
        _sheet("adverse_events", events),
        _sheet("labs", _typed_labs(tables["labs"], ids)),
    ]


def _sheet(table: str, rows: list[dict], hidden: tuple = ()) -> Sheet:
    headings = HEADINGS[table]
    body = [[WORDS.get(row.get(name), row.get(name)) for name in headings] for row in rows]
    return Sheet(SHEET_NAMES[table], [list(headings.values()), *body], hidden)


def _untidy_patients(rows: list[dict]) -> list[dict]:
    rows = [row | {"remarks": REMARKS.get(place)} for place, row in enumerate(rows)]
    rows = [row | {"disease_duration_years": _comma(row["disease_duration_years"])} for row in rows]
    for place in (6, 15):
        rows[place] = rows[place] | {"age_years": str(rows[place]["age_years"])}
    rows[9] = rows[9] | {"patient_id": rows[9]["patient_id"] + "  "}
    total = {"patient_id": "合计", "age_years": round(_mean(rows, "age_years"), 1), "sex": "28例"}
    return [*_text_dates(rows, "start_date", every=5), total]


def _untidy_visits(rows: list[dict]) -> list[dict]:
    rows = _text_dates(rows, "date", every=9)
    place = {(row["patient_id"], row["week"]): k for k, row in enumerate(rows)}
    patients = list(dict.fromkeys(row["patient_id"] for row in rows))
    for patient, week, change in _slips():
        here = place[patients[patient], week]
        rows[here] = rows[here] | change(rows[here])
    twice = rows[place[patients[13], 4]]
    contradicted = rows[place[patients[20], 8]]
    other = contradicted | {"pppasi": round(contradicted["pppasi"] + 1.2, 1)}
    other |= dict.fromkeys(PPPASI_COMPONENTS)
    after = {place[patients[13], 4]: twice, place[patients[20], 8]: other}
    return [copy for k, row in enumerate(rows) for copy in (row, after.get(k)) if copy is not None]


def _slips():
    """List patient (from 0), week and what happens to the row."""

    def blank(names):
        return lambda row: dict.fromkeys(names)

    def put(name, value):
        return lambda row: {name: value}

    def typed(name, spell):
        return lambda row: {name: spell(row[name])}

    yield from ((k, 4, blank(PPPASI_COMPONENTS)) for k in (1, 10, 18))
    yield from ((k, 8, blank(["pppasi"])) for k in (3, 12, 26))
    yield from ((k, week, blank(PPPASI_PARTS)) for k, week in ((8, 4), (23, 8)))
    yield from ((k, week, blank(DLQI_PARTS)) for k, week in ((15, 4), (5, 8)))
    yield 21, 4, lambda row: dict.fromkeys(DLQI_PARTS, "n/a")
    yield 11, 8, lambda row: dict.fromkeys(DLQI_PARTS, "n/a")
    yield from ((k, week, put("pga", "n/a")) for k, week in ((8, 4), (24, 8)))
    yield 16, 4, put("pppasi", 73)
    yield 7, 4, typed("crp_mg_l", _comma)
    yield 2, 4, typed("pga", _full_width)
    yield 25, 8, typed("dlqi", _full_width)
    yield from ((k, week, typed("dlqi", str)) for k, week in ((0, 0), (17, 12)))
    yield from ((k, week, typed("pppasi", str)) for k, week in ((6, 0), (22, 4)))
    yield from (
        (k, week, typed("patient_id", lambda text: text + " "))
        for k, week in ((4, 0), (14, 8), (27, 12))
    )


def _comma(value: float) -> str:
    return str(value).replace(".", ",")


def _full_width(value: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))


def _text_dates(rows: list[dict], name: str, *, every: int) -> list[dict]:
    return [
        row | {name: row[name].strftime(DATE_FORMAT)}
        if place % every == 2 and isinstance(row[name], date)
        else row
        for place, row in enumerate(rows)
    ]


def _mean(rows: list[dict], name: str) -> float:
    return sum(float(row[name]) for row in rows) / len(rows)


def _typed_events(rows: list[dict], ids: list[str]) -> list[dict]:
    """Type adverse events: the clinic's words, and three onsets of which no day is known."""
    made = []
    for turn, row in enumerate(rows):
        known = PARTIAL.get((ids.index(row["patient_id"]), row["term"]))
        start = row["start_date"].strftime(known) if known else row["start_date"]
        words = {
            "action": ACTION[row["action"]][turn % 2],
            "outcome": OUTCOME[row["outcome"]][turn % 2],
        }
        made.append(row | words | {"start_date": start})
    return made


def _typed_labs(rows: list[dict], ids: list[str]) -> list[dict]:
    """Type laboratory values: the names and units of two laboratories, and four slips."""
    return [_lab(row, ids.index(row["patient_id"])) for row in rows]


def _lab(row: dict, place: int) -> dict:
    test, second = row["test"], place in SECOND_LABORATORY
    made = row | {"test": NAMES[test][second]}
    if second and test in CONVENTIONAL:
        unit, factor, digits = CONVENTIONAL[test]
        numbers = ("value", "lln", "uln")
        made |= {"unit": unit} | {name: round(row[name] / factor, digits) for name in numbers}
    elif second:
        made["unit"] = row["unit"].replace("10^9", "×10⁹")
    if (place, test) in NO_LIMITS:
        made |= {"lln": None, "uln": None}
    return made | {"unit": MISTAKEN_UNITS.get((place, row["week"], test), made["unit"])}
