"""Pages for co-authors around the cells of a notebook: one file each, which loads nothing.

Pure functions on HTML strings: `prepare` the cells, `assemble` the page.
"""

from ppp.report.page.cells import PLACEHOLDER, prepare
from ppp.report.page.parts import (
    KINDS,
    Content,
    Exhibit,
    Heading,
    PageError,
    Report,
    Status,
    assemble,
    csp_hash,
    status,
)
from ppp.report.page.whole import whole
from ppp.report.prose import given
from ppp.report.templates import TEMPLATE

__all__ = [
    "KINDS",
    "PLACEHOLDER",
    "TEMPLATE",
    "Content",
    "Exhibit",
    "Heading",
    "PageError",
    "Report",
    "Status",
    "assemble",
    "csp_hash",
    "given",
    "prepare",
    "status",
    "whole",
]
