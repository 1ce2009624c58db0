"""The table of the time to the first adverse event."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.safety.tables import incidence


def time_to_event(rows: pd.DataFrame, study) -> Table:
    """Show the cumulative incidence of a first adverse event by week, of all and of each group.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``time_to_event``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="time_to_event", outcome="any")
    shown = results.pick(found, statistic="cumulative_incidence")
    shown = shown[shown["week"].notna()]
    risk = results.pick(found, statistic="at_risk").set_index(["group", "week"])["estimate"]
    groups = ["all", *names.groups(shown, study)]
    ordered = pd.concat([results.pick(shown, group=g) for g in groups])
    lines = [_line(row, study, risk) for _, row in ordered.iterrows()]
    n = results.pick(shown, group="all")["n"].dropna()
    of = f" (n = {text.count(n.max())})" if len(n) else ""
    columns = ["part", "week", "risk", "patients", "percent"]
    return Table(
        key="time-to-event",
        caption="Time from the first dose to the first adverse event on treatment, by scheduled "
        f"week{of}: Kaplan–Meier cumulative incidence with 95% intervals.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "week": "By",
            "risk": "At risk\nn",
            "patients": "With event\nx/n",
            "percent": "Cumulative incidence\n% [95% CI]",
        },
        notes=(
            "At risk: at the start of that day; events of the same day are counted beside. "
            "Interval: log–log; where no event has occurred the exact (Clopper–Pearson) upper "
            "limit of none among those at risk.",
            "Time ends with treatment; Kaplan–Meier takes those who stopped to be at the same risk "
            "as those who went on.",
            *_crude(results.pick(shown, group="all")),
            *_reasons(shown),
        )
        if lines
        else (),
        group="part",
        empty=incidence.ABSENT,
    )


def _line(row: pd.Series, study, risk: pd.Series) -> dict[str, str]:
    known = not text.is_missing(row["estimate"])
    return {
        "part": text.sentence(names.group(study, row["group"])),
        "week": f"Week {row['week']}",
        "risk": text.count(risk.get((row["group"], row["week"]))),
        "patients": text.fraction(row) if known else "–",
        "percent": text.percent_ci(row) if known else "–",
    }


def _reasons(shown: pd.DataFrame) -> list[str]:
    empty = shown[shown["estimate"].isna() & (shown["note"] != "")]
    return [f"–: {note}." for note in dict.fromkeys(empty["note"])]


def _crude(shown: pd.DataFrame) -> list[str]:
    """Say at which weeks the estimate is the plain share of patients, with another interval."""
    had = shown[shown["events"].gt(0).fillna(False) & shown["estimate"].notna()]
    gap = had["estimate"].astype(float) - had["events"].astype(float) / had["n"].astype(float)
    weeks = [str(week) for week in had.loc[gap.abs() < 1e-9, "week"]]
    if not weeks:
        return []
    return [
        f"All patients, {'week' if len(weeks) == 1 else 'weeks'} {text.listed(weeks)}: nobody left "
        "earlier without an event, so the estimate is the share of patients, with another interval "
        "than the exact one of the summary table."
    ]
