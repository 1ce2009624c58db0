"""The table of p-values: which belong together, in what order, and how they are adjusted."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table

PROCEDURES = {"fixed_sequence": "Fixed sequence", "holm": "Holm, the remaining p-values"}


def multiplicity(rows: pd.DataFrame, study) -> Table:
    """Show every p-value that is adjusted, with its place.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``multiplicity`` (statistic ``fixed_sequence`` or ``holm``, ``p_value``
        adjusted, ``level`` the position) and ``change`` (``wilcoxon_exact`` for the p-value as
        it was, ``hodges_lehmann`` for the estimate beside it).
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="multiplicity", statistic=list(PROCEDURES))
    lines = [
        _line(row, procedure, rows, study)
        for statistic, procedure in PROCEDURES.items()
        for _, row in _placed(results.pick(found, statistic=statistic)).iterrows()
    ]
    columns = ["procedure", "what", "place", "n", "estimate", "p", "adjusted"]
    return Table(
        key="multiplicity",
        caption="The p-values that are adjusted for their number.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "what": "Outcome",
            "place": "Place",
            "n": "n",
            "estimate": "Hodges–Lehmann\nchange (exact CI)",
            "p": "Exact p",
            "adjusted": "Adjusted p",
        },
        notes=(
            "Fixed sequence: each is tested only if all before it reached 0.05; the adjusted p is "
            "the largest so far. Holm: step-down over the p-values listed under it; those that "
            "could not be computed do not count.",
            "Exact p: Wilcoxon signed-rank test. A p-value that is not listed (groups, responses, "
            "sensitivity analyses) is exploratory and not adjusted.",
            *_remarks(found, study),
        ),
        group="procedure",
        empty="No p-value was adjusted.",
    )


def _placed(found) -> pd.DataFrame:
    places = pd.to_numeric(found["level"], errors="coerce")
    return found.loc[places.sort_values(kind="stable", na_position="last").index]


def _line(row, procedure: str, rows, study) -> dict:
    tests = results.pick(
        rows,
        analysis="change",
        outcome=row["outcome"],
        week=int(row["week"]),
        group="all",
        missing="observed",
    )
    by = tests.drop_duplicates("statistic").set_index("statistic")
    p = by["p_value"].get("wilcoxon_exact")
    moved = by.loc["hodges_lehmann"] if "hodges_lehmann" in by.index else None
    none = moved is None or text.is_missing(moved["estimate"])
    return {
        "procedure": procedure,
        "what": f"{names.outcome(study, row['outcome'])}, week {row['week']}",
        "place": row["level"] or "–",
        "n": text.count(row["n"]),
        "estimate": "–" if none else text.estimate_ci(moved),
        "p": "–" if text.is_missing(p) else text.p_value(p),
        "adjusted": "–" if text.is_missing(row["p_value"]) else text.p_value(row["p_value"]),
    }


def _remarks(found, study) -> list[str]:
    empty = found[found["p_value"].isna() & (found["note"] != "")]
    return [
        f"{names.outcome(study, row['outcome'])}, week {row['week']}: {row['note']}."
        for _, row in empty.iterrows()
    ]
