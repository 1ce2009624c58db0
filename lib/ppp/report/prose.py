"""Text that a notebook shows as Markdown, and whose numbers come from results rows."""

import re
from dataclasses import dataclass


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
