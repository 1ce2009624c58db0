"""Tables of who the patients are: their flow, and Table 1."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table

FIRST = ("age_years", "sex", "sapho")
MOST_LEVELS = 60


def flow(rows: pd.DataFrame, study) -> Table:
    """Show the patient flow: rows read, quarantined, patients, seen and assessed, stopped.

    Parameters
    ----------
    rows : DataFrame
        Results rows of analysis ``flow``: the ledger's, and those on patients.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="flow", statistic="count")
    lines = [
        {"step": f"{_step(row)} in the patients sheet", "n": text.count(row["estimate"])}
        for _, row in results.pick(
            found, outcome="rows", group="patients", level=["read", "quarantined"]
        ).iterrows()
    ]
    lines += [_line(row, study) for _, row in results.pick(found, outcome="patients").iterrows()]
    lines += [
        {"step": f"– {row['level']}", "n": text.count(row["estimate"])}
        for _, row in results.pick(found, outcome="stop_reason").iterrows()
    ]
    return Table(
        key="flow",
        caption=names.flow(found),
        frame=pd.DataFrame(lines, columns=["step", "n"], dtype="str"),
        labels={"step": "Step", "n": "n"},
        notes=("Counts; stops are of the whole time on treatment.",),
    )


def _step(row) -> str:
    return {"read": "Rows read", "quarantined": "Rows quarantined"}[row["level"]]


def _line(row, study) -> dict:
    week = "" if pd.isna(row["week"]) else f" at week {row['week']}"
    primary = study.endpoints.primary
    steps = {
        "enrolled": f"Patients who started {study.drug}",
        "visited": "Seen" + week,
        "assessed": f"{study.label(primary) if primary != 'none' else 'Score'} recorded{week}",
        "stopped": "Stopped treatment",
    }
    n = row["note"] if text.is_missing(row["estimate"]) else text.count(row["estimate"])
    return {"step": steps.get(row["level"], names.level(row["level"]) + week), "n": n}


def baseline(rows: pd.DataFrame, study) -> Table:
    """Make Table 1: patient fields and baseline scores, overall and by subgroup.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``summary``, ``count`` and ``balance``.
    study : Study

    Returns
    -------
    Table
    """
    at = rows["week"].isna() | (rows["week"] == study.schedule.baseline).fillna(False)
    found = rows[at.astype(bool) & rows["analysis"].isin(["summary", "count", "balance"])]
    groups = ["all", *names.groups(found, study)]
    counted = set(found.loc[found["analysis"] == "count", "outcome"])
    lines = []
    for field in _fields(found):
        of = found[found["outcome"] == field]
        lines += _levels(of, field, groups) if field in counted else _numbers(of, groups)
        for line in lines[::-1]:
            if "field" in line:
                break
            line["field"] = names.with_unit(study, field)
    columns = ["field", "what", *groups, *(["smd"] if len(groups) > 1 else [])]
    return Table(
        key="baseline",
        caption=f"Characteristics at baseline, overall{_by(groups, study)}.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={"what": "Characteristic", "smd": "Standardised\ndifference (95% CI)"}
        | {g: _head(found, study, g) for g in groups},
        notes=_notes(found, groups, study),
        group="field",
    )


def _fields(found) -> list[str]:
    fields = [
        f
        for f in found["outcome"].unique()
        if len(results.pick(found, outcome=f, analysis=["summary", "count"]))
    ]
    visit = set(found.loc[found["week"].notna(), "outcome"])
    return sorted(
        fields,
        key=lambda f: (
            f in visit,
            f not in FIRST,
            FIRST.index(f) if f in FIRST else fields.index(f),
        ),
    )


def _numbers(found, groups) -> list[dict]:
    digits = 1 if found["week"].isna().all() else 2
    by = {
        g: results.pick(found, analysis="summary", group=g).set_index("statistic") for g in groups
    }
    made = {
        "Mean (SD)": lambda s, n: (
            f"{text.number(s['mean'], digits)} ({text.number(s['sd'], digits) if n > 1 else '–'})"
        ),
        "Median (Q1–Q3)": lambda s, n: (
            f"{text.number(s['median'], 1)} ({text.number(s['q1'], 1)}–{text.number(s['q3'], 1)})"
        ),
        "Range": lambda s, n: text.span(s["min"], s["max"]),
    }
    lines = [
        {"what": what} | {g: _summary(by[g], make) for g in groups} for what, make in made.items()
    ]
    lines[0]["smd"] = _smd(found)
    missing = {g: _missing(by[g]) for g in groups}
    blank = [{"what": "n (missing)"} | missing] if _some(missing["all"]) else []
    return [line | {"smd": line.get("smd", "")} for line in lines + blank]


def _summary(stats, make) -> str:
    n = stats["n"].max() if len(stats) else 0
    return make(stats["estimate"], n) if n and n > 0 else "–"


def _missing(stats) -> str:
    if not len(stats):
        return "–"
    return _n_missing(stats.loc["n_missing"])


def _some(shown: str) -> bool:
    return not shown.endswith("(0)") and shown != "–"


def _levels(found, field, groups) -> list[dict]:
    counts = results.pick(found, analysis="count", statistic="count")
    gaps = results.pick(found, analysis="count", statistic="n_missing").set_index("group")
    blank = {g: "" for g in groups if g.startswith(f"{field}=")}
    lines = []
    for code in _shown(counts):
        at = results.pick(counts, level=code).set_index("group")
        cells = {g: _share(at.loc[g], gaps) if g in at.index else "–" for g in groups}
        smd = _smd(results.pick(found, level=code))
        lines.append({"what": names.level(code), "smd": smd} | cells | blank)
    overall = _smd(results.pick(found, level=""))
    if lines and overall:
        lines = [
            {"what": "All levels together", "smd": overall} | dict.fromkeys(groups, ""),
            *lines,
        ]
    missing = {g: _n_missing(gaps.loc[g]) if g in gaps.index else "–" for g in groups}
    gap = {"what": "n (missing)", "smd": ""} | missing | blank
    return [*lines, gap] if _some(missing["all"]) else lines


def _occurring(counts) -> list[str]:
    """List the levels; of a scale at a visit only those that somebody has."""
    held = counts.groupby("level", sort=False)["events"].max()
    scale = counts["week"].notna().any()
    return [level for level, most in held.items() if most or not scale]


def _shown(counts) -> list[str]:
    """List the levels that the table shows: all, or the 60 most frequent in their order."""
    held = _occurring(counts)
    if len(held) <= MOST_LEVELS:
        return held
    overall = results.pick(counts, group="all").set_index("level")["events"].reindex(held)
    often = overall.sort_values(ascending=False, kind="stable").index[:MOST_LEVELS]
    return list(overall.index[overall.index.isin(often)])


def _share(row, gaps) -> str:
    """Write "18 (64.3%)"; with the denominator, "5/18 (27.8%)", where some are not recorded."""
    if row.name in gaps.index and gaps.loc[row.name, "estimate"] and row["n"]:
        return f"{text.fraction(row)} ({text.percent(row['events'] / row['n'])})"
    return text.count_percent(row)


def _n_missing(line) -> str:
    return f"{text.count(line['n'])} ({text.count(line['estimate'])})"


def _smd(found) -> str:
    row = results.pick(found, analysis="balance", statistic="smd")
    if row.empty:
        return ""
    found = row.iloc[0]
    return "–" if text.is_missing(found["estimate"]) else text.estimate_ci(found)


def _head(found, study, group) -> str:
    name = "All" if group == "all" else text.sentence(names.group(study, group))
    return f"{name}\nn = {text.count(size(found, group))}"


def size(rows: pd.DataFrame, group: str) -> int:
    """Patients in a group: recorded plus missing, as the summaries and counts of it say."""
    found = results.pick(rows, group=group, statistic="n_missing")
    return int((found["n"] + found["estimate"]).max()) if len(found) else 0


def _by(groups, study) -> str:
    return f" and by {study.label(study.subgroup.column)}" if len(groups) > 1 else ""


def _notes(found, groups, study) -> tuple[str, ...]:
    notes = [
        "Q1–Q3, quartiles; SD, standard deviation. These describe the patients and have no "
        "interval. Percentages are of those recorded, x/n where some are not; every field is "
        "complete unless a line “n (missing)” says otherwise. Levels of a score that nobody "
        "has are left out.",
        *_left_out(found, study),
    ]
    if len(groups) > 1:
        first, second = (names.group(study, g) for g in groups[1:3])
        notes.append(
            f"Standardised difference: {first} minus {second}, divided by √ of the mean of the two "
            "variances, bootstrap interval within groups; 0.00 where both groups have the same "
            "single value. Baseline differences are not tested."
        )
        notes += _why(results.pick(found, analysis="balance", statistic="smd"), study)
    return tuple(notes)


def _left_out(found, study) -> list[str]:
    """Say of which fields the table shows the most frequent levels alone."""
    counts = results.pick(found, analysis="count", statistic="count")
    left = {field: len(_occurring(of)) - MOST_LEVELS for field, of in counts.groupby("outcome")}
    return [
        f"{names.outcome(study, field)}: {text.count(n)} less frequent not shown."
        for field, n in left.items()
        if n > 0
    ]


def _why(smd, study) -> list[str]:
    """Say why a standardised difference, or its interval, is not given, and for which fields."""
    told = {}
    for _, row in smd[smd["note"] != ""].iterrows():
        words = f"–: {row['note']}" if text.is_missing(row["estimate"]) else row["note"]
        told.setdefault(words, {})[names.outcome(study, row["outcome"])] = None
    return [
        text.sentence(f"{words.removesuffix('.')} ({', '.join(of)}).") for words, of in told.items()
    ]
