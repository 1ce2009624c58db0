"""A notebook's rows once more, of cleaned values of which some are blank."""

import ast
import json
from dataclasses import replace

import pandas as pd

from ppp.explore.lineage import KEYS, TABLES, feeds
from ppp.results import KEY
from ppp.study import ROOT


def rows_of(notebook, data, study):
    """Run the imports and assignments of a notebook on these data; give its results rows."""
    cells = json.loads((ROOT / f"notebooks/{notebook}.ipynb").read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    known = {"cohort": "", "output": "", "study": study, "data": data}
    for node in (node for source in sources for node in ast.parse(source).body):
        kept = ("study", "data", "cohort", "output", "saved")
        drawn = "figures." in ast.unparse(node) or "tables." in ast.unparse(node)
        names = [t.id for t in getattr(node, "targets", ()) if isinstance(t, ast.Name)]
        imported = isinstance(node, (ast.Import, ast.ImportFrom))
        if imported or (isinstance(node, ast.Assign) and not {*names} & {*kept} and not drawn):
            exec(compile(ast.Module([node], []), notebook, "exec"), known)
    return known["rows"]


def blanked(data, marks):
    """Blank every value but those marked, and the keys by which lines are told apart."""
    made = {}
    for name in TABLES:
        table = getattr(data, name)
        if table is not None:
            keys = [key for key in KEYS if key in table]
            made[name] = table.where(marks[name].assign(**dict.fromkeys(keys, True)))
            made[name] = made[name].astype(table.dtypes.to_dict())
            if "interest" in table:
                made[name] = made[name].fillna({"interest": ""})  # of nothing that is watched
    return replace(data, **made)


def by_set(rows, data, study):
    """Gather rows that are fed by the same values: (marks, rows) each."""
    found = {}
    for at, row in rows.iterrows():
        marks = feeds(row, data, study)
        key = tuple(mark.to_numpy().tobytes() for mark in marks.values())
        found.setdefault(key, (marks, []))[1].append(at)
    return [(marks, rows.loc[at]) for marks, at in found.values()]


def moved(whole, again):
    """List the rows of `whole` that `again` does not have, number for number and word for word."""
    both = [frame.astype(object).where(frame.notna(), None) for frame in (whole, again)]
    kept = {tuple(line[1:]) for line in both[1].drop(columns="notebook").itertuples()}
    lost = [tuple(line[1:]) not in kept for line in both[0].drop(columns="notebook").itertuples()]
    return pd.DataFrame(whole[lost], columns=[*KEY, "estimate", "n"])
