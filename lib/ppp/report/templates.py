"""The templates, the stylesheet and the script of pages and tables."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TEMPLATE = Path(__file__).parent / "template"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, trim_blocks=False)


def template(name: str):
    """Return a template by its file name; what it is given is escaped."""
    return _environment().get_template(name)


@cache
def asset(name: str) -> str:
    """Return a file as it is: ``style.css``, ``page.js``."""
    return (TEMPLATE / name).read_text("utf-8")
