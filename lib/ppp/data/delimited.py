"""CSV files of one folder, each as a `Grid`: the file's stem stands for the sheet's name."""

import csv
import io
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
import pandas as pd

from ppp.data.grid import Grid, tidy
from ppp.errors import SourceError


class Folder:
    """A folder of CSV files, by stem."""

    def __init__(self, path: Path, header_row: int):
        self.path, self.header_row = path, header_row
        self._files = {file.stem: file for file in sorted(path.glob("*.[cC][sS][vV]"))}
        self.names = list(self._files)

    def grid(self, name: str) -> Grid:
        """Read one file.

        Raises
        ------
        SourceError
            The file is empty, in no encoding that is known, or breaks its own quotes.
        """
        file = self._files[name]
        text, notices = _decoded(file)
        lines = _records(text, file, self.header_row)
        header = lines[self.header_row - 1] if len(lines) >= self.header_row else []
        return Grid(
            header={n: tidy(heading) for n, heading in enumerate(header, 1) if tidy(heading)},
            columns=_columns(lines[self.header_row :], self.header_row + 1),
            notices=notices,
        )


def _decoded(file: Path) -> tuple[str, tuple]:
    content = file.read_bytes()
    if not content:
        raise SourceError(f"{file}: the file is empty (0 bytes); export it again")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030"), (("encoding_gb18030", file.name),)
    except UnicodeDecodeError:
        raise SourceError(
            f"{file}: the text is neither UTF-8 nor GB 18030; save it again as CSV UTF-8"
        ) from None


def _records(text: str, file: Path, header_row: int) -> list[list[str]]:
    lines = list(islice(io.StringIO(text), header_row + 5))
    header = (lines[header_row - 1 :] or [""])[0]
    if not {";", ","} & set(header):
        header = "".join(lines[header_row:])
    mark = ";" if header.count(";") > header.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as wrong:
        raise SourceError(
            f"{file}: this is not a well-formed CSV file ({wrong}); export it again"
        ) from None


def _columns(records: list[list[str]], first_row: int) -> dict:
    rows = np.arange(first_row, first_row + len(records))
    columns = {}
    for number, values in enumerate(zip_longest(*records, fillvalue=""), 1):
        column = np.array(values, dtype=object)
        filled = column != ""
        if filled.any():
            columns[number] = pd.Series(column[filled], index=rows[filled], dtype=object)
    return columns
