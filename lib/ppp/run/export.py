"""From an executed notebook to the content of a page: the one place that knows nbconvert."""

from functools import cache

from nbconvert import HTMLExporter
from traitlets.config import Config

from ppp.report import page
from ppp.run.notebooks import Notebook

PRIORITY = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]


def content(book: Notebook, node, *, hidden=(), stem: str = "") -> page.Content:
    """Convert the cells and prepare them for a page.

    Parameters
    ----------
    book : Notebook
        Gives the number for captions, and the title.
    node : NotebookNode
        The executed notebook.
    hidden : iterable of str
        Places on this machine, shown as an ellipsis.
    stem : str
        Beginning of the file names of downloads.

    Raises
    ------
    PageError
        As `page.prepare` does.
    """
    html, _ = _exporter().from_notebook_node(node)
    found = list(exhibits(node))
    return page.prepare(html, book.number, book.title, hidden=hidden, exhibits=found, stem=stem)


def exhibits(node):
    """Give the tables and figures among the outputs of an executed notebook, in their order.

    Parameters
    ----------
    node : NotebookNode

    Yields
    ------
    Exhibit
    """
    for cell in node.cells:
        for output in cell.get("outputs", []):
            for kind, (_, mime) in page.KINDS.items():
                if mime in output.get("data", {}):
                    yield page.Exhibit(kind, output["data"][mime])


@cache
def _exporter() -> HTMLExporter:
    config = Config({"NbConvertBase": {"display_data_priority": PRIORITY}})
    return HTMLExporter(
        config=config,
        extra_template_basedirs=[str(page.TEMPLATE.parent)],
        template_name=page.TEMPLATE.name,
        exclude_anchor_links=True,
    )
