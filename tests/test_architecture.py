"""The house rules that can be read from the imports (who may use whom, one owner a dependency)."""

import ast

import pytest

from ppp.study import ROOT

LIB = ROOT / "lib"
MODULES = {
    ".".join(path.relative_to(LIB).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((LIB / "ppp").rglob("*.py"))
}
BASE = ["ppp.errors", "ppp.levels", "ppp.results", "ppp.catalogue"]
STUDY = [*BASE, "ppp.study", "ppp.cohort"]
REPORT = [*BASE, "ppp.study", "ppp.report"]
TOPICS = ["cleaning", "descriptives", "efficacy", "safety", "laboratory", "subgroup", "published"]
AUDIT = ["ppp.published.bounds", "ppp.published.grim", "ppp.published.source"]
# A topic's rows may build on the rows of those before it; its pages never import any rows.
ROWS = {
    "descriptives": [],
    "efficacy": ["ppp.descriptives.rows"],
    "subgroup": ["ppp.descriptives.rows", "ppp.efficacy.rows"],
    "published": [f"ppp.{topic}.rows" for topic in TOPICS],
}
MAY_USE = {
    "ppp.witness": [],
    "ppp.estimators": [],
    "ppp.errors": [],
    "ppp.levels": [],
    "ppp.results": ["ppp.errors"],
    "ppp.catalogue": ["ppp.errors"],
    "ppp.study": ["ppp.errors", "ppp.catalogue"],
    "ppp.cohort": [*BASE, "ppp.study"],
    "ppp.data": [*STUDY, "ppp.witness"],
    "ppp.report": [*BASE, "ppp.study"],
    "ppp.overview": [*REPORT, "ppp.efficacy.sentences", "ppp.safety.sentences"],
    "ppp.explore": [
        *[*REPORT, "ppp.cohort", "ppp.data", "ppp.estimators"],
        *["ppp.laboratory.rows", "ppp.safety.rows"],
    ],
    "ppp.run": [
        *REPORT,
        "ppp.overview",
        *AUDIT,
        "ppp.witness",
        "ppp.data.cleaning",
        "ppp.data.inspect",
        "ppp.data.store",
        "ppp.data.template",
        "ppp.explore",
    ],
}
PAGES = ("tables", "sentences", "timing", "figures", "window", "caveats", "context")
for topic in TOPICS:
    own = f"ppp.{topic}"
    MAY_USE[f"{own}.rows"] = [*STUDY, "ppp.estimators", "ppp.witness", *ROWS.get(topic, [])]
    for part in PAGES:
        MAY_USE[f"{own}.{part}"] = [*REPORT, *(f"{own}.{other}" for other in PAGES)]
MAY_USE["ppp.efficacy.rows"] += ["ppp.data.scores"]
MAY_USE["ppp.cleaning.rows"] += ["ppp.efficacy.rows", "ppp.safety.rows"]
MAY_USE["ppp.cleaning.tables"] += ["ppp.data.rows"]
MAY_USE["ppp.overview"] += ["ppp.cleaning.sentences"]
MAY_USE["ppp.published.rows"] += AUDIT
MAY_USE |= {part: [*STUDY, *AUDIT, "ppp.estimators", "ppp.witness"] for part in AUDIT}
MAY_USE["ppp.published.tables"] += ["ppp.published.grim"]
MAY_USE["ppp.safety.sentences"] += ["ppp.laboratory.sentences"]
OWNERS = {
    "openpyxl": [
        "ppp.data.workbook",
        "ppp.data.corrections",
        "ppp.data.template",
        "ppp.data.questions",
    ],
    "scipy": [
        "ppp.data.integrity",
        "ppp.estimators",
        "ppp.explore.page",
        "ppp.published.bounds",
        "ppp.published.rows",
    ],
    "pingouin": ["ppp.estimators"],
    "statsmodels": ["ppp.estimators", "ppp.efficacy.rows"],
    "seaborn": ["ppp.report.figure", *(f"ppp.{topic}.figures" for topic in TOPICS)],
    "matplotlib": ["ppp.report", *(f"ppp.{topic}.figures" for topic in TOPICS)],
    "docx": ["ppp.report.word"],
    "bs4": ["ppp.report.page"],
    "ipywidgets": ["ppp.explore.panel"],
    "nbformat": ["ppp.explore.take"],
    "jinja2": ["ppp.report.templates"],
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
        assert module in ("ppp", "ppp.__main__", *(f"ppp.{topic}" for topic in TOPICS)), (
            f"{module} is in no room; say in MAY_USE what it may use"
        )
        return
    used = [name for name in imported(MODULES[module]) if within(name, ["ppp"])]
    wrong = [name for name in used if name != "ppp" and not within(name, [own, *MAY_USE[own]])]
    assert not wrong, f"{module} may not use {', '.join(wrong)}"


@pytest.mark.parametrize("module", MODULES)
def test_each_dependency_has_one_owner(module):
    used = {name.split(".")[0] for name in imported(MODULES[module])} & OWNERS.keys()
    wrong = [name for name in used if not within(module, OWNERS[name])]
    assert not wrong, f"{module} may not import {', '.join(wrong)}"


def test_no_circle_of_imports():
    uses = {
        name: {u for u in imported(path) if u in MODULES and u != name}
        for name, path in MODULES.items()
    }
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    left = dict(uses)
    while done := [name for name, used in left.items() if not (used - packages) & left.keys()]:
        for name in done:
            del left[name]
    assert not left, f"these import each other: {', '.join(left)}"


def test_no_module_is_a_drawer_for_odds_and_ends():
    assert not {name.split(".")[-1] for name in MODULES} & {"utils", "helpers", "common", "misc"}


def test_the_library_has_no_assert():
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}
    assert not [
        name
        for name, tree in trees.items()
        if any(isinstance(node, ast.Assert) for node in ast.walk(tree))
    ]


def test_the_formatter_is_never_switched_off():
    sources = [*LIB.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    off = "fmt: " + "skip"
    assert not [path for path in sources if off in path.read_text("utf-8")]


def test_the_library_does_not_grow():
    """The aim is 130 modules and 18,000 lines; lower these whenever it shrinks."""
    lines = {path: path.read_text("utf-8").count("\n") for path in MODULES.values()}
    assert len(lines) <= 170 and sum(lines.values()) <= 26_000
    assert not {path.name: n for path, n in lines.items() if n > 360}


def test_no_code_names_a_score():
    """Which scores there are stands in data/dictionary.csv, not in code."""
    scores = {"pppasi", "pga", "dlqi", "easi", "pasi"}
    scored = ("ppp.data", "ppp.study", "ppp.catalogue.outcomes")
    for module, path in MODULES.items():
        if within(module, scored):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and isinstance(node.body[0], ast.Expr)
        }
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
        ]
        named = [text for text in texts if text.rstrip("0123456789") in scores]
        assert not named, f"{module} names {named}"


def test_the_rules_would_find_an_arrow_that_runs_back(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("from ppp.report import page\nimport ppp.run.cli\nfrom ppp import results\n")
    assert list(imported(file)) == ["ppp.report.page", "ppp.run.cli", "ppp.results"]
    assert room("ppp.estimators.paired") == "ppp.estimators"
