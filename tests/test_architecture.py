"""The house rules that can be read from the imports (who may use whom, one owner a dependency)."""

import ast

import pytest

from ppp.study import ROOT

LIB = ROOT / "lib"
MODULES = {
    ".".join(path.relative_to(LIB).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((LIB / "ppp").rglob("*.py"))
}
BASE = ["ppp.errors", "ppp.results", "ppp.study"]
MAY_USE = {
    "ppp.witness": [],
    "ppp.estimators": [],
    "ppp.data": [*BASE, "ppp.study.settings", "ppp.study.mappings", "ppp.witness"],
    "ppp.analysis": [*BASE, "ppp.data", "ppp.witness"],
    "ppp.report": BASE,
    "ppp.run": [
        *BASE,
        "ppp.report.page",
        "ppp.report.text",
        "ppp.report.word",
        "ppp.published.audit",
        "ppp.witness",
    ],
}
OWNERS = {
    "openpyxl": ["ppp.data.workbook", "ppp.data.template", "ppp.data.demo"],
    "scipy": ["ppp.analysis"],
    "pingouin": ["ppp.analysis"],
    "statsmodels": ["ppp.analysis"],
    "seaborn": ["ppp.report.figures"],
    "matplotlib": ["ppp.report.figures"],
    "great_tables": ["ppp.report.tables"],
    "docx": ["ppp.report.word"],
    "bs4": ["ppp.report.page"],
    "jinja2": ["ppp.report.page"],
    "papermill": ["ppp.run"],
    "nbconvert": ["ppp.run"],
    "jupyter_client": ["ppp.run"],
    "ipykernel": ["ppp.run"],
    "tqdm": ["ppp.run"],
}


def within(name, rooms):
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def imported(path):
    """Names that a module imports; ``from ppp import results`` gives ppp.results."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in names)


def room(module):
    """The narrowest room that has a rule of its own."""
    return max((r for r in MAY_USE if within(module, [r])), key=len, default=None)


@pytest.mark.parametrize("module", MODULES)
def test_no_arrow_runs_back(module):
    own = room(module)
    if own is None:
        return
    used = [name for name in imported(MODULES[module]) if within(name, ["ppp"])]
    wrong = [name for name in used if name != "ppp" and not within(name, [own, *MAY_USE[own]])]
    estimators = "ppp.estimators"
    if own == "ppp.analysis":
        wrong = [name for name in wrong if not within(name, [estimators])]
    assert not wrong, f"{module} may not use {', '.join(wrong)}"


@pytest.mark.parametrize("module", MODULES)
def test_each_dependency_has_one_owner(module):
    used = {name.split(".")[0] for name in imported(MODULES[module])} & OWNERS.keys()
    wrong = [name for name in used if not within(module, OWNERS[name])]
    assert not wrong, f"{module} may not import {', '.join(wrong)}"


def test_no_module_is_a_drawer_for_odds_and_ends():
    assert not {name.split(".")[-1] for name in MODULES} & {"utils", "helpers", "common", "misc"}


def test_the_library_has_no_assert():
    found = [
        name
        for name, path in MODULES.items()
        if any(
            isinstance(node, ast.Assert) for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    ]
    assert not found


def test_the_rules_would_find_an_arrow_that_runs_back(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("from ppp.report import page\nimport ppp.run.cli\nfrom ppp import results\n")
    assert list(imported(file)) == ["ppp.report.page", "ppp.run.cli", "ppp.results"]
    assert room("ppp.estimators.paired") == "ppp.estimators"
