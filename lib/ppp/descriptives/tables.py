"""Table 1: who the patients are."""

import pandas as pd

from ppp import results
from ppp.catalogue.recorded import MULTIPLE
from ppp.descriptives.sentences import WORDS
from ppp.report import names, text
from ppp.report.table import Table
from ppp.report.write import fill
from ppp.results import first

MOST_LEVELS = 60


def baseline(rows: pd.DataFrame, study) -> Table:
    """Make Table 1: patient fields and baseline scores, overall and by subgroup.

    From results rows ``summary``, ``count`` and ``balance``.
    """
    at = rows["week"].isna() | (rows["week"] == study.schedule.baseline).fillna(False)
    rows = rows[at.astype(bool) & rows["analysis"].isin(["summary", "count", "balance"])]
    groups = names.groups(rows, study)
    alone = any(size(rows, group) == 1 for group in groups)  # its column is a case record
    groups = ["all", *([] if alone else groups)]
    lines = []
    for field in _fields(rows, study):
        of = results.pick(rows, outcome=field)
        counted = (of["analysis"] == "count").any()
        made = _levels(of, field, groups) if counted else _numbers(of, groups)
        lines += [{"field": names.with_unit(study, field)} | line for line in made]
    columns = ["field", "what", *groups, *(["smd"] if _compared(rows) else [])]
    caption = "caption" if len(groups) == 1 else "caption_groups"
    heads = WORDS["tables.baseline.heads"]
    return Table(
        key="baseline",
        caption=WORDS.write(f"tables.baseline.{caption}", study),
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={"what": heads["what"], "smd": heads["smd"]}
        | {g: _head(rows, study, g) for g in groups},
        notes=_notes(rows, groups, study),
        group="field",
    )


def _fields(rows, study) -> list[str]:
    """List the fields: age, sex and the subgroup, then other traits, then scores."""
    of = rows[rows["analysis"].isin(["summary", "count"])]
    visit = set(rows.loc[rows["week"].notna(), "outcome"])
    first = ["age_years", "sex", study.subgroup.column]
    fields = list(dict.fromkeys([*first, *of["outcome"]]))
    return sorted((f for f in fields if f in set(of["outcome"])), key=lambda f: f in visit)


def _numbers(rows, groups) -> list[dict]:
    digits = 1 if rows["week"].isna().all() else 2
    by = {g: results.pick(rows, analysis="summary", group=g) for g in groups}
    stats = {g: _numbers_of(of.set_index("statistic"), digits) for g, of in by.items()}
    lines = [
        {"what": WORDS[f"tables.baseline.lines.{name}"], "smd": ""}
        | {g: made.get(name, "–") for g, made in stats.items()}
        for name in ("mean", "median", "range")
    ]
    lines[0]["smd"] = _smd(rows)
    missing = {g: _n_missing(first(of, statistic="n_missing")) for g, of in by.items()}
    return lines + _missing_line(missing)


def _numbers_of(stats, digits) -> dict[str, str]:
    if not len(stats) or not stats["n"].max():
        return {}
    by = stats["estimate"]
    sd = "–" if text.is_missing(by["sd"]) else text.number(by["sd"], digits)
    median, low, high = (text.number(by[name], 1) for name in ("median", "q1", "q3"))
    return {
        "mean": f"{text.number(by['mean'], digits)} ({sd})",
        "median": f"{median} ({low}–{high})",
        "range": text.span(by["min"], by["max"]),
    }


def _n_missing(row) -> str:
    return "–" if row is None else f"{text.count(row['n'])} ({text.count(row['estimate'])})"


def _missing_line(missing: dict) -> list[dict]:
    """Tell what is missing where anything is."""
    if missing["all"].endswith("(0)") or missing["all"] == "–":
        return []
    return [{"what": WORDS["tables.baseline.lines.missing"], "smd": ""} | missing]


def _levels(rows, field, groups) -> list[dict]:
    counts = results.pick(rows, analysis="count", statistic="count")
    gaps = results.pick(rows, analysis="count", statistic="n_missing").set_index("group")
    own = {g: "" for g in groups if g.startswith(f"{field}=")}
    lines = []
    for code in _shown(counts):
        at = results.pick(counts, level=code).set_index("group")
        cells = {g: _share(at.loc[g], gaps) if g in at.index else "–" for g in groups}
        smd = _smd(results.pick(rows, level=code))
        lines.append({"what": names.level(code), "smd": smd} | cells | own)
    overall = _smd(results.pick(rows, level=""))
    if lines and overall:
        together = {"what": WORDS["tables.baseline.lines.together"], "smd": overall}
        lines = [together | dict.fromkeys(groups, ""), *lines]
    missing = {g: _n_missing(gaps.loc[g]) if g in gaps.index else "–" for g in groups}
    return lines + [line | own for line in _missing_line(missing)]


def _occurring(counts) -> list[str]:
    """List the levels; of a scale at a visit only those that somebody has."""
    most = counts.groupby("level", sort=False)["events"].max()
    scale = counts["week"].notna().any()
    return [level for level, events in most.items() if events or not scale]


def _shown(counts) -> list[str]:
    """List the levels that the table shows: all, or the 60 most frequent in their order."""
    levels = _occurring(counts)
    if len(levels) <= MOST_LEVELS:
        return levels
    overall = results.pick(counts, group="all").set_index("level")["events"].reindex(levels)
    often = overall.sort_values(ascending=False, kind="stable").index[:MOST_LEVELS]
    return list(overall.index[overall.index.isin(often)])


def _share(row, gaps) -> str:
    """Write "18 (64.3%)"; with the denominator, "5/18 (27.8%)", where some are not recorded."""
    if row.name in gaps.index and gaps.loc[row.name, "estimate"] and row["n"]:
        if text.few(row):
            return text.fraction(row)
        return f"{text.fraction(row)} ({text.percent(row['events'] / row['n'])})"
    return text.count_percent(row)


def _compared(rows) -> bool:
    return bool((rows["statistic"] == "smd").any())


def _smd(rows) -> str:
    rows = results.pick(rows, analysis="balance", statistic="smd")
    return "" if rows.empty else fill("{smd:ci}", rows=rows.head(1), blank="–")


def _head(rows, study, group) -> str:
    entry = "all" if group == "all" else "group"
    name = text.sentence(names.group(study, group))
    n = text.count(size(rows, group))
    return fill(WORDS[f"tables.baseline.heads.{entry}"], {"group": name, "n": n})


def size(rows: pd.DataFrame, group: str) -> int:
    """Patients in a group: recorded plus missing, as the summaries and counts of it say."""
    rows = results.pick(rows, group=group, statistic="n_missing")
    return int((rows["n"] + rows["estimate"]).max()) if len(rows) else 0


def _notes(rows, groups, study) -> tuple[str, ...]:
    words = WORDS["tables.baseline.notes"]
    counts = results.pick(rows, analysis="count", statistic="count")
    few = any(text.few(row) for _, row in counts.iterrows())
    notes = [words["describe"], *[WORDS["brackets.few"]] * few, *_of_some(rows, study)]
    notes += _left_out(rows, study)
    if _compared(rows):
        one, other = (names.group(study, g) for g in groups[1:3])
        notes.append(fill(words["smd"], {"first": one, "second": other}))
        notes += _why(results.pick(rows, analysis="balance", statistic="smd"), study)
    return tuple(notes)


def _of_some(rows, study) -> list[str]:
    """Say of how many the shares of a field are, where it may have several entries a patient."""
    gaps = results.pick(rows, analysis="count", statistic="n_missing", group="all")
    gaps = gaps[gaps["outcome"].isin(MULTIPLE) & (gaps["estimate"] > 0) & (gaps["n"] > 0)]
    return [
        fill(
            WORDS["tables.baseline.notes.entries"],
            {
                "label": names.outcome(study, row["outcome"]),
                "n": text.count(row["n"]),
                "missing": text.count(row["estimate"]),
            },
        )
        for _, row in gaps.iterrows()
    ]


def _left_out(rows, study) -> list[str]:
    """Say of which fields the table shows the most frequent levels alone."""
    counts = results.pick(rows, analysis="count", statistic="count")
    left = {field: len(_occurring(of)) - MOST_LEVELS for field, of in counts.groupby("outcome")}
    template = WORDS["tables.baseline.notes.left_out"]
    return [
        fill(template, {"label": names.outcome(study, field), "n": text.count(n)})
        for field, n in left.items()
        if n > 0
    ]


def _why(rows, study) -> list[str]:
    """Say why a standardised difference, or its interval, is not given, and for which fields."""
    fields: dict[str, dict] = {}
    for _, row in rows[rows["note"] != ""].iterrows():
        why = f"–: {row['note']}" if text.is_missing(row["estimate"]) else row["note"]
        fields.setdefault(why.removesuffix("."), {})[names.outcome(study, row["outcome"])] = None
    template = WORDS["tables.baseline.notes.why"]
    return [
        text.sentence(fill(template, {"why": why, "labels": ", ".join(labels)}))
        for why, labels in fields.items()
    ]
