"""What is to be filled in, made from ``data/dictionary.csv``: a workbook, and REDCap's dictionary.

The workbook has the canonical headings, so that it reads back without any mapping, and refuses at
once what cleaning would query. Its example rows are never read as a patient (`without_examples`).
Both exports of a REDCap project, raw codes or labels, read back without any mapping of codes.
"""

import csv
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ppp.catalogue import dictionary, lab_tests
from ppp.catalogue.dictionary import OTHER, TABLES, Field, plain, redcap_code
from ppp.catalogue.outcomes import CHANGES, key_measures, outcomes
from ppp.catalogue.recorded import declared
from ppp.data.columns import PARTS
from ppp.data.rows import Rows
from ppp.errors import SourceError, StudyError
from ppp.study import Study

EXAMPLE = "EXAMPLE"
LAST = 5001  # the last row that is checked on entry
LONGEST = 255  # letters of a drop-down's list, or of a message
KNOWN = "Leave the cell empty if it is not known."
ONLY = {
    "adverse_events": " If no event occurred, delete the row; a sheet that holds it alone counts "
    "as not recorded.",
    "labs": " A sheet that holds this row alone counts as not recorded.",
}
SHOWN = {
    "age_years": 41,
    "dose_mg": 15,
    "disease_duration_years": 6.5,
    "bmi": 24.5,
    "pppasi": 12,
    "dlqi": 20,
    "prior_treatments": "acitretin; methotrexate",
    "comorbidities": "hypertension; asthma",
    "term": "headache",
    "soc": "Nervous system disorders",
    "test": "ALT",
    "value": 25,
    "unit": "U/L",
    "lln": 7,
    "uln": 40,
}
DAY = date(2024, 2, 14)
FORMATS = {"date": "yyyy-mm-dd", "number": "General", "integer": "General"}
WHOLE_DAY = 'A2&MID("-01-01",LEN(A2)-3,9)'  # 2024 and 2024-02 become their first day
HEADINGS = (
    "Variable / Field Name|Form Name|Section Header|Field Type|Field Label|"
    "Choices, Calculations, OR Slider Labels|Field Note|"
    "Text Validation Type OR Show Slider Number|Text Validation Min|Text Validation Max|"
    "Identifier?|Branching Logic (Show field only if...)|Required Field?|Custom Alignment|"
    "Question Number (surveys only)|Matrix Group Name|Matrix Ranking?|Field Annotation"
).split("|")


def write(study: Study, path: Path):
    """Write the workbook; it never takes the place of a file.

    Raises SourceError where `path` is there already, StudyError where the codes of a field are too
    long for a drop-down.
    """
    if path.exists():
        raise SourceError(f"{path} is there already; move it, or give another --output")
    book = Workbook()
    book.remove(book.active)
    for table in TABLES:
        _fill(book.create_sheet(table), fields(table, study), study)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def without_examples(tables: dict[str, Rows]) -> dict[str, Rows]:
    """Set example rows aside; events and laboratory values that hold nothing else are left out."""
    made = {
        name: rows.quarantine(rows.values["patient_id"] == EXAMPLE, "example_row")
        for name, rows in tables.items()
    }
    bare = [n for n, rows in made.items() if n in ONLY and len(rows.raw) and not rows.kept.any()]
    if bare:
        sheets = ", ".join(made[name].layout.raw.sheet for name in bare)
        made["patients"] = made["patients"].notice("", "sheet_not_filled", sheets, len(bare))
    return {name: rows for name, rows in made.items() if name not in bare}


def fields(table: str, study: Study) -> list[Field]:
    """List the fields to fill in: all but scores that this study does not ask for, and its own."""
    known, asked = outcomes(study), {code for code, _ in key_measures(study)}
    asked |= {*study.columns.get("visits", {}), *study.wide.get("visits", {})}
    asked |= {*study.endpoints.labels}
    left_out = {code for code, one in known.items() if one.analysis in CHANGES} - asked
    left_out |= {part for total in left_out for part in PARTS.get(total, ())}
    listed = [
        field
        for name, field in dictionary.fields(table).items()
        if (field.required or not field.identifier) and (table != "visits" or name not in left_out)
    ]
    own = study.extra.get(table, {}).items()
    return [_fitted(field, study) for field in listed] + [
        Field(
            table=table,
            name=extra.heading if _is_plain(extra.heading) else name,
            label=extra.label,
            kind=extra.kind,
            unit=extra.unit,
            low=extra.min,
            high=extra.max,
            choices={code: code for code in declared(extra)} if extra.kind == "choice" else {},
            synonyms=(plain(extra.heading if _is_plain(extra.heading) else name), name),
        )
        for name, extra in own
    ]


def _is_plain(heading) -> bool:
    return isinstance(heading, str) and "{label}" not in heading


def _fitted(field: Field, study: Study) -> Field:
    """Give a field the range and the further choices that the study has for it."""
    scale = outcomes(study).get(field.name) if field.table == "visits" else None
    if scale:
        field = replace(field, low=scale.low, high=scale.high)
    if OTHER in field.choices:
        further = {code: code for code in study.codes.get(field.name, {}).values()}
        field = replace(field, choices=further | field.choices)
    return field


def _fill(sheet, listed: list[Field], study: Study):
    grey, blue = (PatternFill("solid", fgColor=colour) for colour in ("EEEEEE", "CFE2F3"))
    for number, field in enumerate(listed, start=1):
        letter = get_column_letter(number)
        column = sheet.column_dimensions[letter]
        column.width = max(12, len(field.name) + 2)
        column.number_format = FORMATS.get(field.kind, "@")
        head, below = sheet.cell(1, number, field.name), sheet.cell(2, number)
        head.font, head.fill = Font(bold=True), blue if field.required else grey
        below.value, below.number_format = _example(field, study), column.number_format
        below.font = Font(italic=True, color="7F7F7F")
        rule = _rule(field, letter, study)
        rule.add(f"{letter}2:{letter}{LAST}")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = "B2"
    said = "An example: the row is never read. Delete it, or write over it, its id first."
    sheet["A2"].comment = Comment(said + ONLY.get(sheet.title, ""), "")


def _example(field: Field, study: Study):
    if field.name == "patient_id":
        return EXAMPLE
    if field.name == "week":
        return study.schedule.baseline
    if field.kind == "choice":
        return next(iter(field.choices))
    if field.kind == "date":
        return DAY
    if field.kind == "partial_date":
        return f"{DAY:%Y-%m}"
    low, high = (2 if end is None else end for end in (field.low, field.high))
    return SHOWN.get(field.name, None if field.kind == "text" else min(max(2, low), high))


def _rule(field: Field, letter: str, study: Study) -> DataValidation:
    """Make what a column of cells from row 2 on accepts, with what to do at a bad entry."""
    checked, remedy = _accepted(field, study)
    if "formula1" in checked:
        checked["formula1"] = checked["formula1"].replace("A2", f"{letter}2")
    said = [field.label, field.unit and f"in {field.unit}", _allowed(field), field.note]
    return DataValidation(
        **checked,
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle=field.name[:32],
        error=remedy,
        promptTitle=field.name[:32],
        prompt=". ".join(filter(None, said))[:LONGEST],
    )


def _allowed(field: Field) -> str:
    if field.kind not in ("number", "integer") or field.name == "week":
        return ""
    ends = {"from": field.low, "to": field.high}
    return " ".join(f"{word} {end:g}" for word, end in ends.items() if end is not None)


def _accepted(field: Field, study: Study) -> tuple[dict, str]:
    ids = f"$A$2:$A${LAST}"
    if field.name == "patient_id" and field.table == "patients":
        one = {"type": "custom", "formula1": f"COUNTIF({ids},A2)=1"}
        return one, "This id is in the sheet already; give each patient one row."
    if field.name == "patient_id":
        return _list(f"patients!{ids}"), "Write the patient in the sheet patients first, id alike."
    if field.name == "week":
        weeks = list(map(str, study.schedule.weeks))
        remedy = f"Choose {', '.join(weeks)}; at another time leave it empty and give the date."
        return _listed(field, weeks), remedy
    if field.name == "test":
        remedy = "This test is not known: its values are kept and not graded. Keep it so?"
        return _listed(field, lab_tests.known()) | {"errorStyle": "warning"}, remedy
    if field.kind == "choice":
        return _listed(field, field.choices), f"Choose one of the list. {KNOWN}"
    if field.kind in ("number", "integer"):
        return _number(field)
    if field.kind == "date":
        days = {"type": "date", "formula1": "DATE(1900,1,1)", "formula2": "TODAY()"}
        return days, f"Write a date up to today, as {DAY}. {KNOWN}"
    if field.kind == "partial_date":
        day = f'OR(LEN(A2)=4,MID(A2,5,1)="-"),DATEVALUE({WHOLE_DAY})<=TODAY()'
        remedy = f"Write a day, a month or a year up to today: {DAY}, {DAY:%Y-%m} or {DAY:%Y}."
        return {"type": "custom", "formula1": f"IFERROR(AND({day}),FALSE)"}, f"{remedy} {KNOWN}"
    return {}, ""


def _list(formula: str) -> dict:
    return {"type": "list", "formula1": formula}


def _listed(field: Field, choices) -> dict:
    formula = ",".join(choices)
    if len(formula) > LONGEST - 2 or any(set(',"') & set(choice) for choice in choices):
        raise StudyError(
            f"{field.name}: a drop-down holds {LONGEST - 2} letters, and no comma or quotation mark"
            " in a choice; shorten its codes in study.toml"
        )
    return _list(f'"{formula}"')


def _number(field: Field) -> tuple[dict, str]:
    low, high = field.low, field.high
    kind = {"number": "decimal", "integer": "whole"}[field.kind]
    named = {"number": "a number", "integer": "a whole number"}[field.kind]
    ends = {
        "formula1": f"{-1e9 if low is None else low:g}",
        "formula2": f"{1e9 if high is None else high:g}",
    }
    remedy = " ".join(filter(None, ["Write", named, _allowed(field)])) + ", without its unit."
    return {"type": kind} | ends, f"{remedy} {KNOWN}"


def write_redcap(study: Study, path: Path):
    """Write the dictionary as the CSV file that REDCap's project setup takes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS, restval="")
        writer.writeheader()
        writer.writerows(redcap(study))


def redcap(study: Study):
    """Give the lines of REDCap's data dictionary; a later form leaves the record's id out.

    A variable is named by the first name of its field that no field of another form answers to.
    """
    listed = [field for table in TABLES for field in fields(table, study)]
    claims = Counter(word for field in listed for word in set(field.synonyms))
    used = set()
    for field in listed:
        valid = [w.replace(" ", "_") for w in field.synonyms if claims[w] == 1]
        valid = [
            name for name in [*valid, field.name] if re.fullmatch(r"[a-z][a-z0-9_]{,25}", name)
        ]
        if not valid or valid[0] in used:
            continue
        used.add(valid[0])
        yield _variable(field, valid[0])


def _variable(field: Field, name: str) -> dict:
    dated = field.kind == "date"
    ends = (field.low, field.high) if dated or field.kind in ("number", "integer") else ("", "")
    ends = ["" if end is None else end if isinstance(end, str) else f"{end:g}" for end in ends]
    yes_no = set(field.choices) == {"yes", "no"}
    choices = [f"{redcap_code(code)}, {label}" for code, label in field.choices.items()]
    note = ". ".join(filter(None, [field.unit and f"In {field.unit}", field.note]))
    said = (
        name,
        field.table,
        "",
        {"list": "notes"}.get(field.kind)
        or ("yesno" if yes_no else "dropdown" if field.choices else "text"),
        field.label,
        "" if yes_no else " | ".join(choices),
        note,
        {"date": "date_ymd", "number": "number", "integer": "integer"}.get(field.kind, ""),
        *ends,
        "y" if field.identifier else "",
        "",
        "y" if field.required else "",
    )
    return dict(zip(HEADINGS, said, strict=False))
