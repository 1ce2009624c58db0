"""What a page lets one take away: each numbered table as CSV, each figure as SVG and PNG."""

import base64
import csv
import io
import re
from dataclasses import dataclass

from ppp.report.text import spreadsheet

KINDS = {
    "tbl": ("Table", "application/vnd.ppp.table+json"),
    "fig": ("Figure", "application/vnd.ppp.figure+json"),
}
BOM = "\ufeff"


@dataclass(frozen=True)
class Exhibit:
    """A table or a figure as its notebook gave it, with the number that its page gave it.

    `kind` is ``tbl`` or ``fig``, `data` what `Table.as_dict` or `Figure.as_dict` made, `number` the
    3.2 of "Table 3.2"; empty until a page has numbered it.
    """

    kind: str
    data: dict
    number: str = ""

    @property
    def id(self) -> str:
        """The element's id on the page."""
        return f"{self.kind}-{self.data['key']}"

    @property
    def label(self) -> str:
        """The words before the caption: "Table 3.2"."""
        return f"{KINDS[self.kind][0]} {self.number}"

    def file(self, stem: str, ending: str) -> str:
        """Name a download: ``synthetic_demo_table_3.2.csv``."""
        return f"{stem}_{self.label.lower().replace(' ', '_')}.{ending}"

    @property
    def name(self) -> str:
        """Name a file among the figures, without its ending: ``3.1_trajectories``."""
        return f"{self.number}_{re.sub(r'[^A-Za-z0-9-]+', '-', self.data['key'])}"

    @property
    def svg(self) -> bytes:
        """A figure's SVG."""
        return self.data["svg"].encode()

    @property
    def png(self) -> bytes:
        """A figure's PNG."""
        return base64.b64decode(self.data["png"])

    @property
    def csv(self) -> bytes:
        """A table's header and rows as UTF-8 with BOM; no cell is a formula."""
        groups = [[group] for group in self.data["groups"]] or [[] for _ in self.data["rows"]]
        head = ["Group"] * bool(self.data["groups"]) + self.data["header"]
        lines = [head, *(g + row for g, row in zip(groups, self.data["rows"], strict=True))]
        written = io.StringIO()
        csv.writer(written, lineterminator="\r\n").writerows(
            [spreadsheet(cell.replace("\n", " ")) for cell in line] for line in lines
        )
        return (BOM + written.getvalue()).encode()


def links(exhibit: Exhibit, stem: str) -> list[dict]:
    """Describe the download links of a numbered exhibit: ``text``, ``file`` and ``href``.

    A figure's SVG has no ``href`` but ``image``, the id of the figure that holds it already: the
    page's script fetches it there, so that it is stored once.
    """
    if exhibit.kind == "tbl":
        href = _uri("text/csv;charset=utf-8", exhibit.csv)
        return [{"text": "CSV", "file": exhibit.file(stem, "csv"), "href": href}]
    return [
        {"text": "SVG", "file": exhibit.file(stem, "svg"), "image": exhibit.id},
        {"text": "PNG", "file": exhibit.file(stem, "png"), "href": _uri("image/png", exhibit.png)},
    ]


def _uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
