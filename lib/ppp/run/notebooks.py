"""What the driver knows of a notebook before it runs: its title, parameters and imports."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from ppp.errors import ParameterError

ON_A_PAPER = "06_published_figures"


@dataclass(frozen=True)
class Notebook:
    """One notebook file such as ``notebooks/03_efficacy.ipynb``, read as it lies on disk."""

    path: Path

    @property
    def name(self) -> str:
        """The file's stem, which `results.csv` and the page bear too."""
        return self.path.stem

    @property
    def number(self) -> int:
        """The number before the first underscore: the 3 of Table 3.1."""
        return int(self.name.split("_")[0])

    @property
    def title(self) -> str:
        """The first heading, or the name in words."""
        heading = re.search(r"^# +(.+)$", self._prose, re.MULTILINE)
        return heading[1].strip() if heading else self.name.replace("_", " ")

    @property
    def question(self) -> str:
        """The first paragraph under the title as plain text; empty where there is none."""
        body = self._prose.split("\n\n")
        plain = (p for p in body if p.strip() and not p.lstrip().startswith(("#", "|", "<", ">")))
        return re.sub(r"\*\*|`|\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(next(plain, "").split()))

    @property
    def code(self) -> list[str]:
        """Sources of the code cells."""
        return self._sources("code")

    @property
    def parameters(self) -> list[str]:
        """Names that the cell tagged ``parameters`` assigns."""
        nodes = [node for source in self._sources("code", "parameters") for node in _parsed(source)]
        targets = [t for node in nodes if isinstance(node, ast.Assign) for t in node.targets]
        return [target.id for target in targets if isinstance(target, ast.Name)]

    @property
    def imports(self) -> list[str]:
        """Modules it imports; ``from ppp.report import page`` gives both possible modules."""
        return list(dict.fromkeys(name for source in self.code for name in _imported(source)))

    @property
    def _prose(self) -> str:
        return next(iter(self._sources("markdown")), "")

    def _sources(self, kind: str, tag: str | None = None) -> list[str]:
        of_kind = [cell for cell in self._cells if cell["cell_type"] == kind]
        return [
            "".join(cell["source"])
            for cell in of_kind
            if tag is None or tag in cell.get("metadata", {}).get("tags", [])
        ]

    @cached_property
    def _cells(self) -> list[dict]:
        return json.loads(self.path.read_text("utf-8"))["cells"]


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _imported(source: str) -> Iterator[str]:
    for node in _parsed(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def find(folder: Path, *, paper: bool = True) -> list[Notebook]:
    """Notebooks of a folder that belong to the run, by number; ParameterError if there is none.

    Without a `paper`, the one on published figures does not belong to it.
    """
    paths = sorted(Path(folder).glob("[0-9][0-9]_*.ipynb"))
    books = [Notebook(path) for path in paths if paper or path.stem != ON_A_PAPER]
    if not books:
        raise ParameterError(f"{folder}: no notebook named like 01_cleaning.ipynb is there")
    return books


def check(parameters: dict, notebooks: list[Notebook]) -> None:
    """Refuse a parameter that no notebook has; the ParameterError names those that exist."""
    known = list(dict.fromkeys(name for book in notebooks for name in book.parameters))
    for name in parameters:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ParameterError(
                f"No notebook has a parameter {name!r}.{hint} Known: {', '.join(known) or 'none'}."
            )
