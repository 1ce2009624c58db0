"""Adverse events and laboratory values as a clinic types them: words, partial dates and units."""

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
NAMES = {  # test: at the first laboratory, at the second
    "ALT": ("ALT", "谷丙转氨酶"),
    "AST": ("AST", "谷草转氨酶"),
    "ALP": ("ALP", "碱性磷酸酶"),
    "Bilirubin": ("总胆红素", "TBIL"),
    "CK": ("CK", "肌酸激酶"),
    "Creatinine": ("肌酐", "Cr"),
    "Haemoglobin": ("血红蛋白", "Hb"),
    "Neutrophils": ("中性粒细胞", "NEUT"),
    "Lymphocytes": ("淋巴细胞", "LYMPH"),
    "Platelets": ("血小板", "PLT"),
    "LDL cholesterol": ("LDL-C", "LDL"),
    "Triglycerides": ("甘油三酯", "TG"),
    "Total cholesterol": ("总胆固醇", "TC"),
}
CONVENTIONAL = {"Creatinine": ("mg/dL", 88.42, 2), "Haemoglobin": ("g/dL", 10, 1)}
MISTAKEN_UNITS = {(7, 8, "AST"): None, (18, 4, "ALP"): "U/dL"}
NO_LIMITS = {(22, "Platelets")}


def events(rows: list[dict], ids: list[str]) -> list[dict]:
    """Type adverse events: the clinic's words, and three onsets of which no day is known.

    Parameters
    ----------
    rows : list of dict
        Adverse events in canonical names and words; they are not changed.
    ids : list of str
        Patients in their order.
    """
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


def labs(rows: list[dict], ids: list[str]) -> list[dict]:
    """Type laboratory values: the names and units of two laboratories, and four slips.

    Parameters
    ----------
    rows : list of dict
        Laboratory values in canonical names and units; they are not changed.
    ids : list of str
        Patients in their order.
    """
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
