"""Search every byte of a folder for what points to a person.

The search knows nothing of the package: openpyxl reads what must not be found, and every file is
unpacked, decoded and read in each way in which a person or a program could.
"""

import base64
import gzip
import html
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

import docx
import openpyxl

EMPTY_WORD_FILE = Path(docx.__file__).parent / "templates" / "default.docx"
EPOCH = date(1899, 12, 30).toordinal()
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/._年]\s?(\d{1,2})\s?[-/._月]\s?(\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[-/._]\s?(\d{1,2})\s?[-/._]\s?(\d{4})(?!\d)")
COMPACT = re.compile(r"(?<!\w)(\d{4})(\d{2})(\d{2})(?!\w)")
SERIAL = re.compile(r"(?<![\w.,])([34]\d{4})(?!\w|[.,]\d)")
DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})\.?[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})(?!\d)", re.I)
MONTH_DAY = re.compile(r"\b([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)", re.I)
END_OF_WORD = re.compile(r"\W|$")
REACH = 40  # more characters than a day and a month take
DATA_URI = re.compile(rb"data:([^,\"'<>\s]*),([^\"'<>\s)]*)")


@dataclass(frozen=True)
class Secrets:
    """What must not be found: `words` (ids, names, remarks) and `days`."""

    words: frozenset
    days: frozenset


def secrets(workbook, *headings):
    """Gather each value under `headings`, and each date, from every sheet of a workbook."""
    words, days = set(), set()
    for sheet in openpyxl.load_workbook(workbook, data_only=True):
        names, *rows = sheet.iter_rows(values_only=True)
        for name, cell in ((n, c) for row in rows for n, c in zip(names, row, strict=True)):
            if isinstance(cell, datetime):
                days.add(cell.date())
            elif isinstance(cell, str):
                days |= days_in(cell)
            if name in headings and cell is not None and str(cell) != "合计":
                words.add(str(cell).strip())
    return Secrets(frozenset(words), frozenset(days))


def leaks(folder, secrets):
    """Find secrets in a folder: what → the places, each a file and where in it."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        for place, content in [
            (f"name of {name}", name.encode()),
            *pieces(name, path.read_bytes()),
        ]:
            for secret in secrets_in(content, secrets):
                found.setdefault(secret, []).append(place)
    return found


@cache
def secrets_in(content, secrets):
    """Which secrets a content holds; a figure lies in the page, in the zip and by itself."""
    texts = {text.casefold() for text in readings(content)}
    words = {word for word in secrets.words if any(word.casefold() in text for text in texts)}
    return words | (set().union(*map(days_in, texts)) & secrets.days)


def pieces(place, content):
    """Yield the content of a file and, one inside the other, all that it is made of."""
    yield place, content
    for name, inner in unpacked(content):
        yield from pieces(f"{place} > {name}", inner)


def unpacked(content):
    if content.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        yield "list of names", "\n".join(archive.namelist()).encode() + archive.comment
        files = ((name, archive.read(name)) for name in archive.namelist())
        yield from ((name, inner) for name, inner in files if inner not in of_no_patient())
    elif content.startswith(b"\x89PNG"):
        yield from compressed_texts(content)
    elif content.startswith(b"\x1f\x8b"):
        yield "gzip", gzip.decompress(content)
    else:
        for number, (kind, coded) in enumerate(DATA_URI.findall(content), 1):
            raw = unquote_to_bytes(html.unescape(coded.decode()))
            yield f"data URI {number}", base64.b64decode(raw) if b"base64" in kind else raw


@cache
def of_no_patient():
    """Files that an empty Word file of python-docx holds too; its theme has numbers like dates."""
    archive = zipfile.ZipFile(EMPTY_WORD_FILE)
    return frozenset(map(archive.read, archive.namelist()))


def compressed_texts(png):
    at = 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"zTXt":
            yield "zTXt", zlib.decompress(data.split(b"\0", 1)[1][1:])
        elif kind == b"iTXt" and data.split(b"\0", 1)[1][0]:
            yield "iTXt", zlib.decompress(data.split(b"\0", 1)[1][2:].split(b"\0", 2)[2])


def readings(content):
    """Yield a content as text: UTF-8, without escapes, without tags, UTF-16."""
    text = content.decode("utf-8", "ignore")
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    plain = html.unescape(unquote(plain))
    yield text
    yield plain
    if "</" in plain:
        yield re.sub(r"<[^<>]*>", "", plain)
    for coding in ("utf-16-le", "utf-16-be"):
        yield content.decode(coding, "ignore")
        yield content[1:].decode(coding, "ignore")


def days_in(text):
    """Every day that a text names, in each usual writing; 3/4/2022 is two."""
    return {day for part in about_years(text) for day in days_of(text, *part)}


def about_years(text):
    """Where four digits or more are, as each day has, with what stands about them."""
    end = 0
    for digits in re.finditer(r"\d{4,}", text):
        if digits.end() + REACH / 2 > end:
            end = END_OF_WORD.search(text, digits.end() + REACH).start()
            yield max(0, digits.start() - REACH), end


def days_of(text, *part):
    named = [*DAY_MONTH.findall(text, *part)]
    named += [(d, m, y) for m, d, y in MONTH_DAY.findall(text, *part)]
    triples = [*YEAR_FIRST.findall(text, *part), *COMPACT.findall(text, *part)]
    triples += [(y, month(m), d) for d, m, y in named]
    for first, second, year in YEAR_LAST.findall(text, *part):
        triples += [(year, first, second), (year, second, first)]
    serials = (date.fromordinal(EPOCH + int(serial)) for serial in SERIAL.findall(text, *part))
    return {*serials, *(day(*map(int, triple)) for triple in triples)} - {None}


def month(name):
    return MONTHS.index(name.lower()) + 1 if name.lower() in MONTHS else 0


def day(year, month, number):
    try:
        return date(year, month, number)
    except ValueError:
        return None
