"""Tables of laboratory values: by grade, against their limits, and of the liver tests together."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.lab_tests import criteria
from ppp.report import names, text
from ppp.report.prose import Absent
from ppp.report.table import Table
from ppp.report.words import Words
from ppp.results import has_code

WORDS = Words("ppp.laboratory")
FEW = 5
MOST = 60
SIDES = {"low": "no_lln", "high": "no_uln"}


def shifts(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the counts of a shift; `before` and `worst` are its two ends."""
    counted = results.pick(rows, statistic="count")
    counted = counted[counted["estimate"].notna() & (counted["level"] != "")]
    ends = [levels.shift_of(level) for level in counted["level"]]
    return counted.assign(before=[a for a, _ in ends], worst=[b for _, b in ends])


def scale(row, study) -> str:
    """Name the scale by which a test is graded."""
    return WORDS.write(f"scales.{row['code'].split()[0]}", study)


def lab_grades(rows: pd.DataFrame, study) -> Table:
    """Show, by test, who became worse than at baseline, and the worst grade afterwards.

    Percentages are left out where fewer than 5 patients make one.
    """
    made = results.pick(rows, analysis="lab_grade")
    here = made[made["estimate"].notna()]
    ctcae, bands, few = has_code(here, "ctcae"), has_code(here, "atp"), here["n"] < FEW
    here = here.assign(estimate=here["estimate"].mask(few & (here["statistic"] != "count")))
    notes = {"few": few, "bands": bands, "terms": ctcae}
    omit = [name for name, lines in notes.items() if not lines.any()]
    n = results.pick(here, statistic="count")["n"]
    return WORDS.table(
        "lab_grades",
        pd.concat([here[ctcae], here[~ctcae]]),
        study,
        omit=omit + ["patients", "worst"] * here.empty,
        cells=lambda line: _worst(line, study),
        sizes=WORDS.write("sizes", study, n=text.between(n)) if len(n) else "",
        few=FEW,
        bands=WORDS["bands"],
        terms=_terms(here[ctcae], study),
        remarks=remarks(made, study),
    )


def _worst(line, study) -> dict:
    counts = shifts(line).groupby("worst")["estimate"].sum()
    by_grade = {f"grade{grade}": text.count(counts.get(str(grade), 0)) for grade in range(1, 5)}
    first = line.iloc[0]
    return by_grade | {"scale": scale(first, study), "test": names.term(first["outcome"])}


def _terms(rows, study) -> str:
    """Name the CTCAE term by which each test is graded."""
    known = criteria().drop_duplicates("test").set_index("test")["term"]
    tests = [test for test in rows["outcome"].unique() if test in known]
    return "; ".join(
        WORDS.write("term", study, test=names.term(test), term=known[test]) for test in tests
    )


def remarks(rows, study) -> list[str]:
    """Say each note once, after the tests that it is about."""
    tests = rows[rows["note"] != ""].groupby("note", sort=False)["outcome"].unique()
    listed = {note: ", ".join(dict.fromkeys(map(names.term, of))) for note, of in tests.items()}
    return [WORDS.write("remark", study, tests=of, note=note) for note, of in listed.items()]


def lab_grade_shift(rows: pd.DataFrame, study) -> Table:
    """Show, in a block a test, the grade at baseline against the worst grade afterwards."""
    here = shifts(results.pick(rows, analysis="lab_grade"))
    of = here.groupby(["outcome", "before"])["estimate"].transform("sum")
    omit = {"abnormal": here["before"] == "abnormal", "bands": has_code(here, "atp")}
    return WORDS.table(
        "lab_grade_shift",
        here[of > 0],
        study,
        across=[str(grade) for grade in range(5)],
        omit=[name for name, rows in omit.items() if not rows.any()] + ["counts"] * here.empty,
        cells=lambda line: _before(line.iloc[0], study),
        bands=WORDS["bands"],
    )


def _before(row, study) -> dict:
    before = row["before"]
    words = WORDS.write("abnormal", study) if before == "abnormal" else before
    return {"test": names.term(row["outcome"]), "scale": scale(row, study), "before": words}


def lab_shift(rows: pd.DataFrame, study, *, limit: int = MOST) -> Table:
    """Show, by test, who left the reference limits after baseline, and who was outside then.

    A note says how many tests were left out beyond `limit`.
    """
    here = results.pick(rows, analysis="lab_shift", statistic="count")
    tests = list(here["outcome"].unique())
    here = results.pick(here, outcome=tests[:limit])
    counted = shifts(here)
    seen = counted.groupby("outcome")["estimate"].transform("sum") > 0
    return WORDS.table(
        "lab_shift",
        counted[seen],
        study,
        cells=lambda line: _left(line, study),
        remarks=remarks(here[here["estimate"].isna()], study),
        further=[further("further_not_shown", len(tests) - limit, study)],
    )


def further(entry: str, k: int, study) -> str:
    """Say how many more there are, of one or of several; empty where there are none."""
    if k <= 0:
        return ""
    return WORDS.write(f"{entry}.{'one' if k == 1 else 'several'}", study, n=text.count(k))


def _left(line: pd.DataFrame, study) -> dict:
    counts = line.groupby(["before", "worst"])["estimate"].sum()
    before = counts.groupby("before").sum()
    n = before.get("normal", 0)
    cells = {"test": names.term(line["outcome"].iloc[0]), "within": text.count(n)}
    for side, token in SIDES.items():
        lacking = not n or has_code(line, token).any()
        k = counts.get(("normal", side), 0)
        cells[side] = "–" if lacking else f"{text.count(k)}/{text.count(n)}"
    sides = {side: text.count(before[side]) for side in SIDES if before.get(side, 0)}
    outside = [WORDS.write(f"outside.{side}", study, n=k) for side, k in sides.items()]
    return cells | {"outside": ", ".join(outside) or "0"}


def liver(rows: pd.DataFrame, study) -> Table | Absent:
    """Show how high the liver tests rose, one by one and together (quadrants of eDISH).

    Absent where none of the tests was recorded with its upper limit.
    """
    here = results.pick(rows, analysis="liver", statistic="patients")
    known = here[here["estimate"].notna()]
    if known.empty:
        return Absent()
    together = (known["outcome"] == "edish").any()
    notes = [note for note in dict.fromkeys(here["note"]) if note]
    return WORDS.table(
        "liver",
        known,
        study,
        omit=["nothing" if together else "potential"],
        cells=lambda line: {"peak": peak(line.iloc[0], study)},
        n=text.between(known["n"]),
        remarks=[WORDS.write("remark_alone", study, note=text.sentence(note)) for note in notes],
    )


def peak(row, study) -> str:
    """Name a quadrant of eDISH, or a test and how many times its upper limit was exceeded."""
    if row["outcome"] == "edish":
        return WORDS.write(f"quadrants.{row['level']}", study)
    return WORDS.write(f"peaks.{row['outcome']}", study, times=levels.above_of(row["level"]))
