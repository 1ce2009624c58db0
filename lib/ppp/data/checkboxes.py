"""REDCap's checkboxes, a column each (``prior_tx___1`` …), become one list of what was ticked."""

from dataclasses import replace

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import fold
from ppp.data.headings import RawTable
from ppp.data.headings import tidy as on_one_line
from ppp.data.values import tidy
from ppp.errors import SourceError
from ppp.study import Study

BOX, EACH = "___", "___*"


def joined(raw: RawTable, study: Study) -> RawTable:
    """Add a column for each heading such as ``prior_tx___*`` of ``[columns.patients]``.

    Its cells list the labels of the boxes ticked, with ``;`` between: what ``[codes.<field>]`` says
    of the part behind ``___``. Where no box is ticked the cell is empty. Raises SourceError at a
    box that is neither ticked nor not.
    """
    for field, heading in study.columns.get("patients", {}).items():
        stem, each, _ = on_one_line(heading).partition(EACH)
        boxes = tuple(box for box in raw.letters if box.startswith(stem + BOX) and box != heading)
        if each and boxes:
            labels = study.codes.get(field, {})
            raw = _with_list(raw, stem + EACH, {box: _label(box, labels) for box in boxes})
    return raw


def _label(box: str, labels: dict) -> str:
    stem, _, code = box.rpartition(BOX)
    return labels.get(code, f"{stem} {code}")


def _with_list(raw: RawTable, heading: str, labels: dict) -> RawTable:
    ticked = pd.DataFrame({box: _ticked(raw, box) for box in labels})
    listed = ticked.apply(
        lambda row: "; ".join(labels[box] for box in labels if row[box]) or None, axis=1
    )
    return replace(
        raw,
        frame=raw.frame.assign(**{heading: listed.astype(object)}),
        letters=raw.letters | {heading: raw.letters[next(iter(labels))]},
        boxes=raw.boxes | {heading: tuple(labels)},
    )


def _ticked(raw: RawTable, box: str) -> pd.Series:
    means = dictionary.find("sapho").aliases | {"checked": "yes", "unchecked": "no", "": "no"}
    cells = raw.frame[box].dropna().map(lambda cell: means.get(fold(tidy(cell))))
    for row in cells.index[cells.isna()][:1]:
        raise SourceError(
            f"{raw.where}: cell {raw.cell(row, box)} is of a checkbox, and neither ticked (1) nor "
            "not (0). To help: write 1 or 0, or leave it empty"
        )
    return (cells == "yes").reindex(raw.frame.index, fill_value=False)
