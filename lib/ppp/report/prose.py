"""Text that a notebook shows as Markdown, and whose numbers come from results rows."""

import re
from dataclasses import dataclass

MARK = '<div class="absent"></div>'


@dataclass(frozen=True)
class Prose:
    """Markdown text: shows itself in a notebook, and adds up with other prose, said once."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def to_html(self) -> str:
        """Render one paragraph; bold is the only markup that a sentence has."""
        escaped = self.text.replace("<", "&lt;").replace(">", "&gt;")
        return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escaped)

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: "Prose") -> "Prose":
        new = "" if other.text in self.text else other.text
        return Prose(" ".join(filter(None, [self.text, new])))


def bullets(*lines: str) -> Prose:
    """Make a Markdown list of the lines that say something."""
    return Prose("\n".join(f"- {line}" for line in lines if line))


class Absent:
    """Stands where a table, a figure or a sentence would, in a study that has no such thing."""

    def __repr__(self) -> str:
        return ""

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": MARK, "text/plain": ""}


def given(recorded, exhibit):
    """Show an exhibit if what it is about was recorded, else nothing."""
    return Absent() if recorded is None else exhibit
