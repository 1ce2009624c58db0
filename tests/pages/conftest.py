"""What the pages of several cohorts show: three kept ones, and others made of one of them."""

import ast
import json
import os
import shutil
import sys
from contextlib import ExitStack, chdir
from functools import cache
from unittest.mock import patch

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.imputation import impute
from ppp.report import figure, write
from ppp.study import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
JSONS = ("application/vnd.ppp.table+json", "application/vnd.ppp.figure+json")


def shown(cohort, output) -> dict[str, list[str]]:
    """Run every notebook on a cohort folder.

    Returns
    -------
    dict of list of str
        By notebook: the text of each output, in order; a table as its caption, cells and
        footnotes, a figure as its caption and alternative text. Figures are laid out, not drawn;
        gaps are filled 10 times.
    """
    with ExitStack() as stack:
        stack.enter_context(chdir(ROOT))
        stack.enter_context(patch.dict(os.environ, MPLBACKEND="agg"))
        stack.enter_context(patch.object(figure, "_svg", lambda drawn: "<svg></svg>"))
        stack.enter_context(patch.object(figure, "_png", lambda drawn: b""))
        stack.enter_context(patch.dict(impute.__kwdefaults__, imputations=10))
        return {path.stem: list(_cells(path, cohort, output)) for path in NOTEBOOKS}


def _cells(path, cohort, output):
    names = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        if "parameters" in cell["metadata"].get("tags", []):
            exec(source, names)
            names |= {"cohort": str(cohort), "output": str(output)}
            continue
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.stem, "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), path.stem, "eval"), names)
            yield from words(value)


def words(value):
    """Give the texts of an output."""
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        data = next((bundle[kind] for kind in JSONS if kind in bundle), None)
        if data is None:
            yield bundle["text/plain"]
        elif "alt" in data:
            yield from (data["caption"], data["alt"])
        else:
            yield data["caption"]
            yield from (cell for line in [data["header"], *data["rows"]] for cell in line)
            yield from (*dict.fromkeys(data["groups"]), *data["notes"])
            yield from () if data["rows"] else [data["empty"]]
    elif hasattr(value, "_repr_markdown_"):
        yield value._repr_markdown_()


KEPT = {
    "demo": "data/demo",
    "gaps": "tests/cohorts/gaps",
    "dlqi": "tests/cohorts/dlqi_phase3",
    "easi": "tests/cohorts/easi",
}


def _one_patient(tables):
    one = tables["adverse_events"]["patient_id"].iloc[0]
    return {name: table[table["patient_id"] == one] for name, table in tables.items()}


def _nobody_at_the_primary_week(tables):
    visits = tables["visits"]
    return tables | {"visits": visits[visits["week"] != "12"]}


def _everyone_clear(tables):
    visits = tables["visits"].copy()
    visits.loc[visits["week"] != "0", _scores(visits)] = "0"
    return tables | {"visits": visits}


def _nobody_changed(tables):
    visits = tables["visits"].copy()
    first = visits[visits["week"] == "0"].set_index("patient_id")
    for score in _scores(visits):
        visits[score] = visits["patient_id"].map(first[score]).fillna("")
    return tables | {"visits": visits}


def _one_group_clear(tables):
    """Every second patient has SAPHO and is clear after baseline; the others stay as they were."""
    patients = tables["patients"].copy()
    having = patients["patient_id"].iloc[::2]
    patients["sapho"] = patients["patient_id"].isin(having).map({True: "yes", False: "no"})
    visits = _nobody_changed(tables)["visits"]
    clear = visits["patient_id"].isin(having) & visits["week"].ne("0")
    visits.loc[clear, _scores(visits)] = "0"
    return tables | {"patients": patients, "visits": visits}


def _none(tables):
    return {"adverse_events": tables["adverse_events"].head(0)}


def _unlisted(tables):
    return {name: table for name, table in tables.items() if name != "adverse_events"}


def _scores(visits):
    return [c for c in visits if c not in ("patient_id", "week", "date")]


MADE = {
    "one_patient": _one_patient,
    "no_primary_week": _nobody_at_the_primary_week,
    "all_clear_without_event": lambda tables: _everyone_clear(tables) | _none(tables),
    "unchanged_without_events_table": lambda tables: _nobody_changed(_unlisted(tables)),
    "one_group_clear": _one_group_clear,
    "safety_only": lambda tables: {n: t for n, t in tables.items() if n != "visits"},
}
SECTIONS = {
    "safety_only": '\n[endpoints]\nprimary = "none"\n',
    "unchanged_without_events_table": "\n[filter]\npatients = \"sex == 'female'\"\n",
}


@pytest.fixture(scope="session")
def cohort(tmp_path_factory):
    """Give the folder of a cohort by its name in `KEPT` or `MADE`."""

    @cache
    def folder(name):
        if name in KEPT:
            return ROOT / KEPT[name]
        made = tmp_path_factory.mktemp(name) / name
        shutil.copytree(ROOT / KEPT["gaps"], made, ignore=shutil.ignore_patterns("csv", "*.py"))
        (made / "csv").mkdir()
        files = (ROOT / KEPT["gaps"] / "csv").glob("*.csv")
        tables = {f.stem: pd.read_csv(f, dtype=str, keep_default_na=False) for f in files}
        for table, rows in MADE[name](tables).items():
            rows.to_csv(made / "csv" / f"{table}.csv", index=False)
        study = made / "study.toml"
        text = study.read_text("utf-8").replace('id = "gaps"', f'id = "{name}"')
        study.write_text(text + SECTIONS.get(name, ""), "utf-8")
        return made

    return folder


@pytest.fixture(scope="session")
def told(cohort, once):
    """Give, of a cohort: what its notebooks show, the templates they filled, their results rows."""

    def make(name, output):
        filled, fill = set(), write.fill

        def remembered(template, *args, **values):
            filled.add(template)
            return fill(template, *args, **values)

        with pytest.MonkeyPatch.context() as monkey:
            for module in list(_users_of(fill)):
                monkey.setattr(module, "fill", remembered)
            texts = shown(cohort(name), output)
        files = sorted(output.glob("data/derived/*/rows/*.csv"))
        return texts, filled, pd.concat(map(results.load, files), ignore_index=True)

    return lambda name: once(f"told-{name}", lambda output: make(name, output))


@pytest.fixture(scope="session")
def pages(told):
    """Give what the notebooks show of a cohort."""
    return cache(lambda name: told(name)[0])


@pytest.fixture(scope="session")
def rows_of_all(told):
    """Every results row of all cohorts."""
    return pd.concat([told(name)[2] for name in (*KEPT, *MADE)], ignore_index=True)


@pytest.fixture
def show(cohort, tmp_path):
    """Run the notebooks anew, with whatever a test has changed."""
    return lambda name: shown(cohort(name), tmp_path)


def _users_of(fill):
    for name, module in sys.modules.items():
        if name.startswith("ppp.") and getattr(module, "fill", None) is fill:
            yield module


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", [*KEPT, *MADE])
