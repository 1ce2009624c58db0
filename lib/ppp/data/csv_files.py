"""A folder of CSV files: their encoding, the sign between fields, the headings."""

import csv
import io
import re
from contextlib import suppress
from itertools import groupby, islice, zip_longest
from pathlib import Path

import numpy as np
import pandas as pd

from ppp.data import joining
from ppp.data.headings import Grid
from ppp.errors import SourceError
from ppp.study.sections import Source

MARKS = ",;\t"
BREAK = re.compile(r"\r\n|\r|\n")
BLOCK = 4  # lines that together end early
HAN = re.compile("[\u4e00-\u9fff]")
BETWEEN = re.compile("[A-Za-z][\u4e00-\u9fff]+[A-Za-z]")
KANA = re.compile("[\u3040-\u30fa\u30fc-\u30ff]")
TURKISH = re.compile("[ğışĞİŞ]")
EVERYDAY = set("ÄÖÜäöüßàâæçèéêëîïôœùûÿÀÂÇÈÉÊËÎÏÔÙÛáíóúñÁÍÓÚÑ¿¡ãõåøÅØìòµ°±²³–—‘’“”„…€·×≤≥§«»")


class Folder:
    """A folder of CSV files; a file's stem stands for the sheet's name."""

    def __init__(self, source: Source):
        self.source = source
        self._files = {file.stem: file for file in source.files()}
        self.names = list(self._files)

    def grid(self, name: str) -> Grid:
        """Read one file, as `csv_grid` does."""
        return csv_grid(self._files[name], self.source)


def csv_grid(file: Path, source: Source) -> Grid:
    """Read a CSV file; SourceError if empty, in no known encoding, or ragged."""
    first, last = source.header_row, source.last_header_row
    text, notices = decoded(file, source.encoding)
    lines = _records(text, _mark(text, first))
    rows = [dict(enumerate(line, 1)) for line in lines[first - 1 : last]]
    width = max((max(row, default=0) for row in rows), default=0)
    ragged = _ragged(lines, width, file, last)
    header, inner = joining.one_heading(rows, merged=[])
    columns = [[] if row in ragged else line for row, line in enumerate(lines, 1)][last:]
    return Grid(
        header=header,
        inner=inner,
        columns=_csv_columns(columns, last + 1),
        notices=notices,
        ragged=ragged,
    )


def decoded(file: Path, declared: str) -> tuple[str, tuple]:
    """Return the text of a file in the declared or the most plausible encoding, with its notice."""
    content = file.read_bytes()
    if not content:
        raise SourceError(f"{file}: the file is empty (0 bytes); export it again")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in [declared] if declared else ["utf-16" if marked else "utf-8-sig"]:
        with suppress(UnicodeError):
            text = content.decode(encoding).removeprefix("\ufeff")
            notice = (("encoding_assumed", f"{file.name}: {encoding}"),) if marked else ()
            return text, notice
    if declared:
        raise SourceError(
            f"{file}: the text is not {declared}, as [source] encoding says; correct it, remove "
            "it, or save the file again as CSV UTF-8"
        )
    encoding, text = _plausible(content)
    if text is None:
        raise SourceError(
            f"{file}: the encoding of the text cannot be told; save the file again as CSV UTF-8, "
            'or declare it, as in [source] encoding = "cp1252"'
        )
    return text, (("encoding_assumed", f"{file.name}: {encoding}"),)


def _plausible(content: bytes) -> tuple[str, str | None]:
    """Choose among encodings that are not UTF-8 by whether what they give looks like writing."""
    found = {}
    for encoding in ("gb18030", "shift_jis", "cp1252", "cp1254"):
        with suppress(UnicodeError):
            found[encoding] = content.decode(encoding)
    for encoding, wanted in (("shift_jis", KANA), ("gb18030", HAN)):
        text = found.get(encoding, "")
        if wanted.search(text) and not BETWEEN.search(text) and _in_pairs(content):
            return encoding, text
    return _western(found)


def _in_pairs(content: bytes) -> bool:
    """Tell whether bytes beyond ASCII mostly stand together; accented letters stand alone."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
    return sum(run for run in runs if run > 1) > sum(runs) / 2


def _western(found: dict) -> tuple[str, str | None]:
    """Windows-1252, or 1254 where its six letters that differ stand where Turkish has them."""
    west, turkish = found.get("cp1252"), found.get("cp1254", "")
    strange = {sign for sign in west or turkish if ord(sign) > 127} - EVERYDAY
    if turkish and TURKISH.search(turkish) and strange <= set("ðýþÐÝÞ"):
        return "cp1254", turkish
    return "cp1252", None if strange else west


def _mark(text: str, header_row: int) -> str:
    lines = list(islice(io.StringIO(text), header_row + 5))
    header = (lines[header_row - 1 :] or [""])[0]
    if not set(MARKS) & set(header):
        header = "".join(lines[header_row:])
    return max(MARKS, key=header.count)


def _records(text: str, mark: str) -> list[list[str]]:
    """Part the text into records; line by line where quotes are broken or swallow whole lines.

    A line that cannot be parted is one field that holds the mark.
    """
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        return [_parted(line, mark) for line in BREAK.split(text)]
    fields = max((len(record) for record in records), default=0)
    broken = (one for record in records for one in record if "\n" in one or "\r" in one)
    inner = (line for one in broken for line in BREAK.split(one)[1:-1])
    if fields > 1 and any(line.count(mark) >= fields - 1 for line in inner):
        return [_parted(line, mark) for line in BREAK.split(text)]
    return records


def _parted(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark, strict=True), [])
    except csv.Error:
        return [line]


def _ragged(lines: list, width: int, file: Path, header_row: int) -> dict[int, list]:
    """Give the lines below the headings that have more or fewer fields than they, by number.

    Beyond the headings empty fields do not count; fewer fields are right where several lines
    together end early, as Excel writes them. One heading alone is a title, and what is below tells
    where the headings are. SourceError where more than a quarter are ragged.
    """
    if width < 2:
        return {}
    below = {n: line for n, line in enumerate(lines, 1) if n > header_row and any(line)}
    ragged = {n: line for n, line in below.items() if any(line[width:])}
    for size, run in groupby(below, key=lambda n: len(below[n])):
        numbers = list(run)
        if size < width and len(numbers) < BLOCK:
            ragged |= {n: below[n] for n in numbers}
    if len(ragged) > len(below) / 4:
        listed = ", ".join(map(str, sorted(ragged)[:5])) + " …" * (len(ragged) > 5)
        raise SourceError(
            f"{file}: {len(ragged)} of {len(below)} lines have more or fewer fields than the "
            f"{width} headings, or broken quotes (lines {listed}), so that cells may be shifted; "
            "put a text or number that holds the separator in quotes, give each column a heading, "
            "set [source] header_row to their row, or export the file again"
        )
    return dict(sorted(ragged.items()))


def _csv_columns(records: list[list[str]], first_row: int) -> dict:
    rows = np.arange(first_row, first_row + len(records))
    columns = {}
    for number, values in enumerate(zip_longest(*records, fillvalue=""), 1):
        column = np.array(values, dtype=object)
        filled = column != ""
        if filled.any():
            columns[number] = pd.Series(column[filled], index=rows[filled], dtype=object)
    return columns
