"""What of the source needs an answer, as a workbook to fill in: ``queries.xlsx``."""

import re
from pathlib import Path

import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from ppp.catalogue import dictionary
from ppp.data.cleaning import Cleaned
from ppp.data.columns import PARTS
from ppp.data.corrections import ANSWERED, ASKED, COLUMNS
from ppp.data.rows import REMEDIES, SENTENCES
from ppp.study import Study

REASONS = (
    "mistyped",
    "decimal mark",
    "wrong unit",
    "wrong patient or visit",
    "chart checked",
    "not in the chart",
)
MATTERS = ("primary endpoint", "whole row", "other outcome or safety", "other", "data integrity")
HEADS = [*"matters sheet cell patient_id week field old rule remedy new reason by date".split()]
WIDTHS = {"rule": 44, "remedy": 60, "reason": 24, "matters": 22, "old": 18, "new": 18}
ONE_PLACE = r"[A-Z]+\d+|(\d+):\1"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MOST = 5000


def questions(cleaned: Cleaned, study: Study) -> pd.DataFrame:
    """List the cells and rows that need an answer, first what could move a key result.

    Columns `HEADS`: `matters` is one of `MATTERS`; `new`, `reason`, `by` and `date` are empty. What
    asks for nothing, or for a line of ``study.toml``, is left out. At most `MOST` lines.
    """
    own = {"sheet": cleaned.sheets}  # the sheets' own names
    cells = cleaned.queries.replace(own)
    cells = cells[cells["cell"].astype("str").str.fullmatch(ONE_PLACE)]
    future = cells["rule"] == "in_future"  # whose raw value is followed by the day of cleaning
    bare = cells["raw"].astype("str").str.replace(r" \(after [^()]*\)$", "", regex=True)
    old = cells["raw"].mask(future, bare)
    rows = cleaned.quarantine.replace(own)
    places = {"cell": [f"{row}:{row}" for row in rows["row"]], "matters": MATTERS[1]}
    rows = rows[["sheet", "rule"]].assign(**places)
    matters = [_matters(*of, study) for of in zip(cells["field"], cells["week"], strict=True)]
    table = pd.concat([cells.assign(old=old, matters=matters), rows], ignore_index=True)
    asks = ~table["rule"].map(REMEDIES).astype("str").str.startswith("nothing")
    said = {"rule": table["rule"].map(SENTENCES), "remedy": table["rule"].map(REMEDIES)}
    table = table.assign(lost=table["action"] != "missing", **said)[asks]
    order = table["matters"].map(MATTERS.index)
    table = table.assign(order=order).sort_values(["order", "lost"], kind="stable")
    whole = _of_the_whole(cleaned)
    table = table.reindex(columns=HEADS).head(MOST)
    return pd.concat([table, whole], ignore_index=True) if len(whole) else table


def _of_the_whole(cleaned: Cleaned) -> pd.DataFrame:
    """Give a line for each question about the data as a whole, with the patients' own ids."""
    ids = cleaned.id_key.set_index("study_id")["patient_id"]
    lines = [
        {
            "matters": MATTERS[4],
            "patient_id": ", ".join(ids.get(one, one) for one in row.level.split(", ")),
            "field": row.outcome,
            "rule": row.code.replace("_", " "),
            "remedy": "page 01 says what is asked; nothing is removed",
        }
        for row in cleaned.integrity.itertuples()
    ]
    return pd.DataFrame(lines, columns=HEADS)


def _matters(field: str, week, study: Study) -> str:
    primary = study.endpoints.primary
    key_weeks = (study.schedule.baseline, study.schedule.primary)
    if field in (primary, *PARTS.get(primary, ())) and week in key_weeks:
        return MATTERS[0]
    traits = {*dictionary.fields("patients"), *study.extra.get("patients", {}), ""}
    return MATTERS[3] if field in traits - {"start_date", "stop_date"} else MATTERS[2]


def write(cleaned: Cleaned, study: Study, file: Path):
    """Write the questions, and on a second sheet the corrections that were applied."""
    sheets = {
        ASKED: questions(cleaned, study),
        ANSWERED: cleaned.corrections[COLUMNS].replace({"sheet": cleaned.sheets}),
    }
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        for name, frame in sheets.items():
            frame = frame.map(lambda c: UNPRINTABLE.sub("", c) if isinstance(c, str) else c)
            frame.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
            _lay_out(book.sheets[name])


def _lay_out(sheet):
    """Set widths, offer the usual reasons, and keep what looks like a formula as text."""
    for column in sheet.columns:
        head = column[0]
        sheet.column_dimensions[head.column_letter].width = WIDTHS.get(head.value, 12)
        head.font = Font(bold=True)
        for cell in column[1:]:
            cell.alignment = Alignment(wrap_text=head.value in WIDTHS, vertical="top")
            if cell.data_type == "f":
                cell.data_type = "s"
        if head.value == "reason":
            offered = DataValidation("list", formula1=f'"{",".join(REASONS)}"', allow_blank=True)
            offered.showErrorMessage = False
            offered.add(f"{head.column_letter}2:{head.column_letter}{MOST + 1}")
            sheet.add_data_validation(offered)
