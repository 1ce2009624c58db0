"""What a clinic does to a tidy table: its own headings, and every slip that cleaning must find.

Events and laboratory values are typed by `ppp.data.demo.typed`.

None of the slips touches an efficacy value of weeks 0 or 12, so the cleaned cohort still gives the
published figures. Each is listed in ``data/demo/README.md``.
"""

from datetime import date

from ppp.data.demo import typed
from ppp.data.demo.workbook import Sheet
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS

SHEET_NAMES = {
    "patients": "患者 Patients",
    "visits": "随访 Visits",
    "adverse_events": "不良事件 AE",
    "labs": "化验 Labs",
}
_REGION = {
    "right_palm": "R palm",
    "left_palm": "L palm",
    "right_sole": "R sole",
    "left_sole": "L sole",
}
HEADINGS = {
    "patients": {
        "patient_id": "编号",
        "sex": "性别",
        "age_years": "年龄",
        "sapho": "SAPHO",
        "start_date": "Upadacitinib since",
        "stop_date": "停药日期",
        "stop_reason": "Why stopped",
        "last_visit_date": "末次随访日期",
        "dose_mg": "剂量 mg/d",
        "disease_duration_years": "病程（年）",
        "smoker": "吸烟",
        "bmi": "BMI",
        "prior_treatments": "Failed before",
        "comorbidities": "合并症",
        "remarks": "备注",
    },
    "visits": {
        "patient_id": "编号",
        "week": "Week",
        "date": "随访日期",
        "pppasi": "PPPASI 总分",
        **{
            name: f"{_REGION[name.rsplit('_', 1)[0]]} {name.rsplit('_', 1)[1][0].upper()}"
            for name in PPPASI_COMPONENTS
        },
        "dlqi": "DLQI",
        **{item: item.replace("dlqi_", "Q") for item in DLQI_ITEMS},
        "pga": "PGA",
        "pain_vas": "疼痛VAS",
        "crp_mg_l": "CRP (mg/L)",
        "esr_mm_h": "ESR (mm/h)",
    },
    "adverse_events": {
        "patient_id": "编号",
        "term": "不良事件",
        "soc": "System organ class",
        "start_date": "Onset",
        "end_date": "结束日期",
        "grade": "CTCAE grade",
        "serious": "SAE",
        "related": "与药物相关",
        "action": "Action",
        "outcome": "转归",
    },
    "labs": {
        "patient_id": "编号",
        "week": "Week",
        "test": "项目",
        "value": "结果",
        "unit": "单位",
        "lln": "参考下限",
        "uln": "参考上限",
    },
}
WORDS = {"female": "女", "male": "男", "yes": "是", "no": "否"}
DATE_FORMAT = "%Y/%m/%d"
PPPASI_PARTS = ("pppasi", *PPPASI_COMPONENTS)
DLQI_PARTS = ("dlqi", *DLQI_ITEMS)
REMARKS = {4: "很满意", 11: "prefers morning visits", 19: "复诊改期一次"}


def sheets(tables: dict[str, list[dict]]) -> list[Sheet]:
    """Sheets as the clinic would send them.

    Parameters
    ----------
    tables : dict
        Table → rows in canonical names; they are not changed.

    Returns
    -------
    list of Sheet
        Patients, visits, adverse events and laboratory values.
    """
    ids = [row["patient_id"] for row in tables["patients"]]
    events = _text_dates(typed.events(tables["adverse_events"], ids), "start_date", every=6)
    return [
        _sheet("patients", _untidy_patients(tables["patients"])),
        _sheet("visits", _untidy_visits(tables["visits"]), hidden=(14, 51)),
        _sheet("adverse_events", events),
        _sheet("labs", typed.labs(tables["labs"], ids)),
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
