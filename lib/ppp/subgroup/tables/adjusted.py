"""Tables of the groups adjusted for baseline, and of what groups of this size can show."""

import re

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table

CODE = re.compile(r"in (\w+=.+)$")
WAYS = {"below": "highest share below", "above": "lowest share above"}


def ancova(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show the groups' difference adjusted for the score at baseline, and the interaction.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference``: ``ancova`` and ``ancova_interaction``.
    study : Study
    week : int, optional
        The primary week unless given.

    Returns
    -------
    Table
    """
    week = study.schedule.primary if week is None else week
    found = results.pick(
        rows, analysis="group_difference", week=week, statistic=["ancova", "ancova_interaction"]
    )
    lines = [_adjusted(results.pick(found, outcome=o), o, study) for o in found["outcome"].unique()]
    minus = ""
    if len(found):
        first, second = names.pair(study, found["group"].iloc[0])
        minus = f", {first} minus {second}"
    why = dict.fromkeys(found.loc[found["estimate"].isna(), "note"]) if len(found) else {}
    return Table(
        key="ancova",
        caption=f"Difference between the groups at week {week} adjusted for the baseline "
        f"score{minus}.",
        frame=pd.DataFrame(lines, columns=["what", "n", "group", "slope"], dtype="str"),
        labels={
            "what": "Outcome",
            "n": "n",
            "group": "Difference at the\nmean baseline (95% CI)",
            "slope": "Interaction: difference\nof slopes (95% CI)",
        },
        notes=(
            "One linear model (ANCOVA) of the score on the centred baseline score, the group and "
            "their product; heteroscedasticity-consistent standard errors (HC3), t intervals. "
            "Negative: the first group ends lower. Slope: points at the visit for a point at "
            "baseline.",
            "Exploratory; a wide interval is compatible with a difference either way and tells "
            "nothing about equality.",
            *([f"–: not estimable ({'; '.join(why)})."] if why else []),
        ),
        empty=f"{study.label(study.subgroup.column)} or the scores were not recorded.",
    )


def _adjusted(found, outcome: str, study) -> dict:
    by = found.drop_duplicates("statistic").set_index("statistic")
    cells = {"group": "ancova", "slope": "ancova_interaction"}
    return {"what": names.outcome(study, outcome), "n": text.count(found["n"].max())} | {
        c: _cell(by, s) for c, s in cells.items()
    }


def _cell(by, statistic: str) -> str:
    if statistic not in by.index or text.is_missing(by.loc[statistic, "estimate"]):
        return "–"
    return text.estimate_ci(by.loc[statistic])


def detectable(rows: pd.DataFrame, study) -> Table:
    """Show the smallest differences that groups of this size let one detect.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``detectable``: ``level`` the power (``80%``), for proportions with the side
        (``80% below``).
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="detectable")
    power = found["level"].str.split(" ").str[0]
    powers = list(power.unique())
    side = found["level"].str.split(" ").str[1].fillna("")
    lines = [
        {"what": _measure(outcome, way, study)}
        | {p: _least(mine[power[mine.index] == p], way) for p in powers}
        for (outcome, way), mine in found.groupby([found["outcome"], side], sort=False)
    ]
    week = study.schedule.primary
    return Table(
        key="detectable",
        caption=f"Smallest difference between the groups that could be detected at week {week}"
        f"{_sizes(found)}.",
        frame=pd.DataFrame(lines, columns=["what", *powers], dtype="str"),
        labels={"what": "Measure"} | {p: f"Power {p}" for p in powers},
        notes=(
            "Two-sided tests at 0.05: t-test for means (in standard deviations of change, and in "
            "points with the deviation seen within the groups); Fisher’s exact test for shares. "
            "This speaks of the design: no power is computed for the difference that was seen.",
            *_reasons(found, study),
        ),
        empty="The groups were not recorded.",
    )


def _measure(outcome: str, way: str, study) -> str:
    if outcome == "sd_units":
        return f"Mean change in {names.outcome(study, study.endpoints.primary)}, SD"
    name = names.outcome(study, outcome)
    if way:
        return f"{name}, {WAYS.get(way, way)}"
    return f"Mean change in {name}, {study.unit(outcome) or 'points'}"


def _least(found, way: str) -> str:
    if found.empty or text.is_missing(found.iloc[0]["estimate"]):
        return "–"
    value = found.iloc[0]["estimate"]
    return text.percent(value) if way else text.number(value)


def _sizes(found) -> str:
    return f", n = {text.between(found['n'].dropna())}" if found["n"].notna().any() else ""


def _reasons(found, study) -> list[str]:
    told = {}
    for _, row in found[found["note"] != ""].iterrows():
        words = CODE.sub(lambda code: names.group(study, code[1]), row["note"])
        told.setdefault(words, []).append(_place(row, study))
    return [f"{', '.join(dict.fromkeys(places))}: {words}." for words, places in told.items()]


def _place(row, study) -> str:
    side = row["level"].split(" ")[1:]
    if not side:
        return "Mean change"
    return " ".join([names.outcome(study, row["outcome"]), *side])
