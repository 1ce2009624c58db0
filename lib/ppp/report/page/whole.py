"""The whole page: strip, contents, cells, foot, with style and script inside."""

import base64
import hashlib

from ppp.report.page.parts import Content, Status
from ppp.report.templates import asset, template


def assemble(content: Content, strip: Status, *, reports, current="", provenance=None) -> str:
    """Put the whole page together: one file that loads nothing.

    Parameters
    ----------
    content : Content
        What `prepare` or `index` made.
    strip : Status
        The status strip.
    reports : sequence of Report
        All of the set; those that are ready are linked.
    current : str
        The name of this page's report; empty for the index.
    provenance : dict, optional
        Term → value, shown at the foot.
    """
    ready = [report for report in reports if report.state == "ready"]
    place = next((i for i, report in enumerate(ready) if report.name == current), None)
    script = asset("page.js")
    return template("page.html.j2").render(
        title=content.title,
        content=content.html,
        headings=content.headings,
        status=strip._repr_html_(),
        reports=reports,
        current=current,
        previous=ready[place - 1] if place else None,
        following=ready[place + 1] if place is not None and place + 1 < len(ready) else None,
        provenance=provenance or {},
        style=asset("style.css"),
        script=script,
        script_hash=csp_hash(script),
    )


def csp_hash(script: str) -> str:
    """Name a script by its hash, as a Content-Security-Policy admits it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
