"""The cells of a table as data: each number in a column of its own, for a spreadsheet."""

import re
from itertools import chain

from ppp.report.text import MINUS

NUMBER = r"[<>≤≥]?[+-]?\d[\d,]*(?:\.\d+)?"
KINDS = {
    ("x", "n"): rf"({NUMBER})(?:/| of )({NUMBER})",
    ("x", "%"): rf"({NUMBER}) \(({NUMBER})%\)",
    ("x", "n", "%"): rf"({NUMBER})(?:/| of )({NUMBER}) \(({NUMBER})%\)",
    ("estimate", "low", "high"): rf"({NUMBER})%? [(\[]({NUMBER})%? to ({NUMBER})%?[)\]]",
    ("estimate", "low", "high", "n"): rf"({NUMBER}) \(({NUMBER}) to ({NUMBER})\); n = ({NUMBER})",
    ("estimate", "SD"): rf"({NUMBER}) (?:± ({NUMBER})|\(SD ({NUMBER})\))",
    ("low", "high"): rf"({NUMBER})%? to ({NUMBER})%?",
}
PATTERNS = {parts: re.compile(pattern) for parts, pattern in KINDS.items()}
DATE = re.compile(r"(\d{1,4})[/-](\d{1,4})")


def spread(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Lay a table out as data, its header first.

    A column in which a cell holds several numbers ("20 of 28", "−8.30 (−9.22 to −7.38)") gets a
    further one for each, named "… (x)", "… (n)", "… (low)". Minus signs are ASCII, thousands have
    no mark, and no cell is one that a spreadsheet takes for a date.

    >>> spread(["Week", "PGA"], [["8", "4/28"], ["12", "none"]])
    [['Week', 'PGA', 'PGA (x)', 'PGA (n)'], ['8', '', '4', '28'], ['12', 'none', '', '']]
    """
    columns = [_column(head, cells) for head, *cells in zip(header, *rows, strict=True)]
    return [list(chain(*line)) for line in zip(*columns, strict=True)]


def _column(head: str, cells: list[str]) -> list[list[str]]:
    read = [_parts(cell) for cell in cells]
    names = list(dict.fromkeys(name for parts in read for name in parts if name))
    own = [""] * (not names or any("" in parts for parts in read) or not cells)
    lines = [[head] * len(own) + [f"{head} ({name})" for name in names]]
    return lines + [[parts.get(name, "") for name in [*own, *names]] for parts in read]


def _parts(cell: str) -> dict[str, str]:
    """Take a cell apart: its numbers by name, or all of it under no name."""
    text = " ".join(cell.replace(MINUS, "-").split())
    for names, pattern in PATTERNS.items():
        if match := pattern.fullmatch(text):
            numbers = filter(None, match.groups())
            return {n: x.replace(",", "") for n, x in zip(names, numbers, strict=True)}
    if re.fullmatch(NUMBER, text):
        return {"": text.replace(",", "")}
    return {"": DATE.sub(r"\1 of \2", text) if DATE.fullmatch(text) else cell}
