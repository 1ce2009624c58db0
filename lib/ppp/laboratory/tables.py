"""Tables of laboratory values: who has a worse grade, and the mean change from baseline."""

import pandas as pd

from ppp import levels, results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.report.words import Words
from ppp.results import has_code

WORDS = Words("ppp.laboratory")
MOST, WEEKS = 60, 3


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
    """Show, by test, who became worse than at baseline, and the worst grade afterwards."""
    made = results.pick(rows, analysis="lab_grade")
    here = made[made["estimate"].notna()]
    ctcae, bands = has_code(here, "ctcae"), has_code(here, "atp")
    severe = results.pick(here, statistic="worse_grade3")
    calm = not (severe["events"] > 0).any()
    notes = {"bands": bands, "severe": ~pd.Series([calm])}
    omit = [name for name, lines in notes.items() if not lines.any()]
    n = results.pick(here, statistic="count")["n"]
    return WORDS.table(
        "lab_grades",
        pd.concat([here[ctcae], here[~ctcae]]),
        study,
        omit=omit + ["patients"] * here.empty,
        cells=lambda line: _worst(line, study),
        sizes=WORDS.write("sizes", study, n=text.between(n)) if len(n) else "",
        no_severe=_no_severe(severe, study) if calm else "",
        bands=WORDS["bands"],
        remarks=remarks(made, study),
    )


def _no_severe(severe: pd.DataFrame, study) -> str:
    """Give the widest upper limit of the tests that nobody left for grade 3 or more."""
    severe = severe.dropna(subset=["ci_high"])
    if severe.empty:
        return ""
    entry = "tables.lab_grades.words.no_severe"
    return WORDS.write(entry, study, severe.loc[severe["ci_high"].idxmax()])


def _worst(line, study) -> dict:
    counts = shifts(line).groupby("worst")["estimate"].sum()
    by_grade = {f"grade{grade}": text.count(counts.get(str(grade), 0)) for grade in range(1, 5)}
    first = line.iloc[0]
    return by_grade | {"scale": scale(first, study), "test": names.term(first["outcome"])}


def remarks(rows, study) -> list[str]:
    """Say each note once, after the tests that it is about."""
    tests = rows[rows["note"] != ""].groupby("note", sort=False)["outcome"].unique()
    listed = {note: ", ".join(dict.fromkeys(map(names.term, of))) for note, of in tests.items()}
    return [WORDS.write("remark", study, tests=of, note=note) for note, of in listed.items()]


def lab_change(rows: pd.DataFrame, study, *, limit: int = MOST) -> Table:
    """Show, by test, the mean change from baseline at each scheduled week and to the last value."""
    made = results.pick(rows, analysis="lab_change")
    tests = list(made[["outcome", "level"]].drop_duplicates().itertuples(index=False, name=None))
    kept = pd.Series(list(zip(made["outcome"], made["level"], strict=True)), index=made.index)
    here = made[kept.isin(tests[:limit])]
    here = here.assign(at=here["week"].astype("str").fillna(""))
    changes = results.pick(here, statistic="mean_change")
    n = changes.groupby("at", sort=False)["n"].agg(text.between)
    weeks = sorted(changes["at"].unique(), key=int)[-WEEKS:]
    sizes = WORDS.write("tables.lab_change.words.sizes", study, n=text.listed(n[weeks]))
    return WORDS.table(
        "lab_change",
        here,
        study,
        across=weeks,
        omit=_superfluous(here, changes, weeks),
        cells=lambda line: {"test": _with_unit(line.iloc[0], study)},
        sizes=sizes if weeks else "",
        further=[further("further_not_shown", len(tests) - limit, study)],
    )


def _superfluous(rows: pd.DataFrame, changes: pd.DataFrame, weeks: list[str]) -> list[str]:
    """Leave out the last value where it is that of the last week, and the note of no line."""
    last = results.pick(rows, statistic="mean_change_last").set_index(["outcome", "level"])
    final = changes[changes["at"].isin(weeks[-1:])].set_index(["outcome", "level"])
    same = len(final) == len(last) and last["n"].eq(final["n"]).all()
    return ["last"] * bool(weeks and same) + ["n"] * rows.empty


def _with_unit(row, study) -> str:
    words = {"test": names.term(row["outcome"]), "unit": names.term(row["level"])}
    return (
        WORDS.write("figures.courses.with_unit", study, **words) if row["level"] else words["test"]
    )


def further(entry: str, k: int, study) -> str:
    """Say how many more there are, of one or of several; empty where there are none."""
    if k <= 0:
        return ""
    return WORDS.write(f"{entry}.{'one' if k == 1 else 'several'}", study, n=text.count(k))


def peak(row, study) -> str:
    """Name a quadrant of eDISH, or a test and how many times its upper limit was exceeded."""
    if row["outcome"] == "edish":
        return WORDS.write(f"quadrants.{row['level']}", study)
    return WORDS.write(f"peaks.{row['outcome']}", study, times=levels.above_of(row["level"]))
