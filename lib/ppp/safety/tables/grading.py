"""Tables of laboratory values by grade: CTCAE, and the ATP III bands of LDL cholesterol."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table

WORST = "1234"
FEW = 5
ABNORMAL = "Abnormal (then × baseline)"
LABELS = {
    "test": "Test",
    "worse": "Worse than at\nbaseline, x/n",
    "percent": "%\n[exact 95% CI]",
    "severe": "Grade ≥ 3 and worse\nx/n, % [exact 95% CI]",
    "1": "Worst\ngrade 1",
} | {g: f"Worst\ngrade {g}" for g in "234"}
BANDS = (
    "ATP III bands of LDL cholesterol, mmol/L: 0 optimal (< 2.59), 1 near optimal, 2 borderline "
    "high (from 3.36), 3 high (from 4.14), 4 very high (from 4.91); a band is no grade of harm."
)
ABNORMAL_NOTE = (
    "Abnormal: a liver test above its upper limit at baseline. Its later grades are multiples of "
    "that baseline, so 0 may still lie above the limit, and any grade from 1 on is a worsening."
)
EMPTY = "Laboratory values that can be graded were not recorded."


def lab_grades(rows: pd.DataFrame, study) -> Table:
    """Show, test by test, who became worse than at baseline, and the worst grade afterwards.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_grade``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="lab_grade")
    known = found[found["estimate"].notna()]
    lines = [_line(test, of) for test, of in known.groupby("outcome", sort=False)]
    lines.sort(key=lambda line: not line["scale"].startswith("CTCAE"))
    n = results.pick(known, statistic="count")["n"].dropna()
    of = f" (n = {text.between(n)} by test)" if len(n) else ""
    return Table(
        key="lab-grades",
        caption="Laboratory values by grade, from baseline to the worst afterwards"
        f"{of}: patients, with exact 95% intervals.",
        frame=pd.DataFrame(lines, columns=["scale", *LABELS], dtype="str"),
        labels=LABELS,
        notes=(
            "Patients with a gradable value at baseline and one after it. Interval: exact "
            "(Clopper–Pearson), two-sided 95%; with no patient its upper end is the bound.",
            "Worst grades count every such patient, also those no worse than at baseline. A "
            "liver test abnormal at baseline is graded afterwards by multiples of that baseline. "
            "Grades come from values alone: those that need symptoms or care are not given.",
            *([f"No percentage where n < {FEW}."] if (n < FEW).any() else []),
            *([BANDS] if any(line["scale"].startswith("ATP") for line in lines) else []),
            _terms(known),
            *_remarks(found),
        )
        if lines
        else tuple(_remarks(found)),
        group="scale",
        empty=EMPTY,
    )


def _line(test: str, found: pd.DataFrame) -> dict[str, str]:
    scale = found["method"].iloc[0].partition(": ")[0]
    by = found[found["statistic"] != "count"].drop_duplicates("statistic").set_index("statistic")
    worse = by.loc["worse"] if "worse" in by.index else None
    severe = by.loc["worse_grade3"] if "worse_grade3" in by.index else None
    worst = _shifts(found).sum()
    return {
        "scale": scale or "Grade",
        "test": names.term(test),
        "worse": "–" if worse is None else text.fraction(worse),
        "percent": _percent(worse) or "–",
        "severe": _severe(severe),
    } | {grade: text.count(worst[grade]) for grade in WORST}


def _percent(row) -> str:
    """Write a share with its interval, or nothing where too few patients make one."""
    return "" if row is None or row["n"] < FEW else text.percent_ci(row)


def _severe(row) -> str:
    return "–" if row is None else ", ".join(filter(None, [text.fraction(row), _percent(row)]))


def _terms(known: pd.DataFrame) -> str:
    """Name the CTCAE term by which each test is graded."""
    graded = known.drop_duplicates("outcome")[["outcome", "method"]].itertuples(index=False)
    named = [(test, method.partition(": ")[2]) for test, method in graded if "CTCAE" in method]
    return f"CTCAE terms: {'; '.join(f'{names.term(test)}, {term}' for test, term in named)}."


def _shifts(found: pd.DataFrame) -> pd.DataFrame:
    """Cross baseline (rows, 0 to 4 and "abnormal") with worst grade afterwards (columns)."""
    counts = results.pick(found, statistic="count")
    counts = counts[counts["level"] != ""].drop_duplicates("level")
    ends = counts["level"].str.split("→", expand=True).reindex(columns=[0, 1])
    crossed = counts["estimate"].groupby([ends[0], ends[1]]).sum().unstack(fill_value=0)
    grades = ["0", *WORST]
    return crossed.reindex(index=[*grades, "abnormal"], columns=grades, fill_value=0)


def _remarks(found: pd.DataFrame) -> list[str]:
    """Tell each remark once, after the tests that it is about."""
    told = {}
    noted = found[found["note"] != ""]
    for test, note in noted[["outcome", "note"]].itertuples(index=False):
        told.setdefault(note, {})[names.term(test)] = None
    return [f"{', '.join(tests)}: {note}." for note, tests in told.items()]


def lab_grade_shift(rows: pd.DataFrame, study) -> Table:
    """Show, in a block a test, the grade at baseline against the worst grade afterwards.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_grade`` of statistic ``count``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="lab_grade", statistic="count")
    found = found[found["estimate"].notna() & (found["level"] != "")]
    lines = []
    for test, of in found.groupby("outcome", sort=False):
        counts = _shifts(of)
        scale = of["method"].iloc[0].partition(": ")[0]
        block = f"{names.term(test)}, {scale} (n = {text.count(counts.to_numpy().sum())})"
        for before, later in counts[counts.sum(axis=1) > 0].iterrows():
            cells = {f"to{grade}": text.count(k) for grade, k in later.items()}
            shown = ABNORMAL if before == "abnormal" else before
            lines.append({"test": block, "before": shown} | cells)
    labels = {"before": "Grade at\nbaseline", "to0": "Worst\ngrade 0"}
    labels |= {f"to{grade}": f"Worst\ngrade {grade}" for grade in WORST}
    bands = found["method"].str.startswith("ATP").any()
    return Table(
        key="lab-grade-shift",
        caption="Laboratory values: grade at baseline against the worst grade afterwards, patients "
        "with both.",
        frame=pd.DataFrame(lines, columns=["test", *labels], dtype="str"),
        labels=labels,
        notes=(
            "Counts of patients, described without intervals; grades that nobody had at baseline "
            "are left out.",
            *([ABNORMAL_NOTE] if (found["level"].str.startswith("abnormal")).any() else []),
            *([BANDS] if bands else []),
        )
        if lines
        else (),
        group="test",
        empty=EMPTY,
    )
