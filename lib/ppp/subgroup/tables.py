"""Tables of the two groups: each by itself, their difference, and what they could show."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.recorded import SAPHO
from ppp.report import names, text
from ppp.report.table import Table, reasons
from ppp.report.words import Words

WORDS = Words("ppp.subgroup")


def subgroup(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show change and response within each group at one week, the primary unless given."""
    week = study.schedule.primary if week is None else week
    here = results.pick(rows, analysis=["change", "responder"], week=week)
    groups = names.groups(here, study)
    here = results.pick(here, group=groups)
    compared = results.pick(rows, analysis="group_difference", week=week)["estimate"].notna().any()
    omit = [] if compared else ["apart"]
    return WORDS.table("subgroup", here, study, across=groups, week=week, omit=omit)


def group_difference(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show the difference of the groups in change and in response at one week.

    A target that nobody or everybody reached is named in a footnote alone.
    """
    week = study.schedule.primary if week is None else week
    here = results.pick(rows, analysis="group_difference", week=week)
    alike = here.loc[results.has_code(here, "one_table"), "outcome"]
    named = {"minus": minus(here, study), "reasons": reasons(here, study)}
    shown = here[~here["outcome"].isin(alike)]
    return WORDS.table("group_difference", shown, study, week=week, **named)


def sapho(rows: pd.DataFrame, study) -> Table:
    """Show the outcomes of SAPHO syndrome in those who have it, at the primary week."""
    here = results.pick(rows, analysis="sapho", week=study.schedule.primary)
    return WORDS.table("sapho", here, study, having=names.group(study, SAPHO))


def minus(rows: pd.DataFrame, study) -> str:
    """Say which group is subtracted from which; empty where there are no groups."""
    if rows.empty:
        return ""
    first, second = names.pair(study, rows["group"].iloc[0])
    return ", " + WORDS.write("minus", study, first=first, second=second)


def ancova(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show the groups' difference adjusted for the score at baseline, and the interaction."""
    week = study.schedule.primary if week is None else week
    models = ["ancova", "ancova_interaction"]
    here = results.pick(rows, analysis="group_difference", week=week, statistic=models)
    why = dict.fromkeys(here.loc[here["estimate"].isna(), "note"])
    why = [f"–: not estimable ({'; '.join(why)})."] if why else []
    return WORDS.table("ancova", here, study, week=week, minus=minus(here, study), reasons=why)


def detectable(rows: pd.DataFrame, study) -> Table:
    """Show the smallest differences that groups of this size let one detect.

    From results rows ``detectable``; `level` as `ppp.levels.power` makes it.
    """
    here = results.pick(rows, analysis="detectable")
    parts = [levels.power_of(level) for level in here["level"]]
    here = here.assign(power=[p for p, _ in parts], side=[side for _, side in parts])
    sizes = f", n = {text.between(here['n'].dropna())}" if here["n"].notna().any() else ""
    return WORDS.table(
        "detectable",
        here,
        study,
        across=here["power"].unique(),
        cells=lambda line: {"measure": _measure(line.iloc[0], study)},
        sizes=sizes,
        reasons=_reasons(here, study),
    )


def _measure(row, study) -> str:
    kind = row["outcome"] if row["outcome"] == "sd_units" else row["side"] or "points"
    return WORDS.write(f"tables.detectable.measure.{kind}", study, row)


def _reasons(rows, study) -> list[str]:
    places: dict[str, list] = {}
    for _, row in rows[(rows["note"] != "") | (rows["side"] != "")].iterrows():
        words = WORDS["tables.detectable.measure.mean"]
        place = f"{names.outcome(study, row['outcome'])} {row['side']}" if row["side"] else words
        places.setdefault(_why(row, study), []).append(place)
    return [f"{', '.join(dict.fromkeys(where))}: {why}." for why, where in places.items()]


def _why(row, study) -> str:
    """Say why there is no number, and what was seen in the second group, as the code holds it."""
    tokens, _, group = row["code"].partition("in:")
    if not group:
        return row["note"]
    events, n = tokens.split("against:")[1].split("/")
    group = names.group(study, group)
    seen = WORDS.write("tables.detectable.against", study, events=events, n=n.strip(), group=group)
    return ", ".join(filter(None, [row["note"], seen]))
