"""REDCap's data dictionary of a study, made from the fields of the workbook to fill in.

Both exports of a project made by it, raw codes or labels, read back without any mapping of codes.
"""

import csv
import re
from collections import Counter
from pathlib import Path

from ppp.catalogue.dictionary import TABLES, Field, redcap_code
from ppp.data.template import fields
from ppp.study import Study

HEADINGS = (
    "Variable / Field Name|Form Name|Section Header|Field Type|Field Label|"
    "Choices, Calculations, OR Slider Labels|Field Note|"
    "Text Validation Type OR Show Slider Number|Text Validation Min|Text Validation Max|"
    "Identifier?|Branching Logic (Show field only if...)|Required Field?|Custom Alignment|"
    "Question Number (surveys only)|Matrix Group Name|Matrix Ranking?|Field Annotation"
).split("|")


def write(study: Study, path: Path):
    """Write the dictionary as the CSV file that REDCap's project setup takes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS, restval="")
        writer.writeheader()
        writer.writerows(lines(study))


def lines(study: Study):
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
