"""What the swimmer plot says in words: caption, alternative text, why a patient stopped."""

import pandas as pd

from ppp.report import names, text

UNSTATED = "reason not recorded"


def reasons(table: pd.DataFrame) -> pd.Series:
    """Give why each patient stopped; empty text where no stop was recorded.

    Parameters
    ----------
    table : DataFrame
        Patients; ``stop_date`` and ``stop_reason`` as far as recorded.
    """
    blank = pd.Series(pd.NA, index=table.index)
    reason = table.get("stop_reason", blank).astype("str")
    stopped = table.get("stop_date", blank).notna() | reason.notna()
    return reason.fillna(UNSTATED).where(stopped, "")


def caption(lanes, patients, placed, events, study) -> str:
    """Say what is drawn, of how many patients, and what is not drawn."""
    total = patients["study_id"].nunique()
    if total > len(lanes):
        who = f"the {len(lanes)} of {text.count(total)} patients with the longest time"
    else:
        who = f"n = {text.count(total)}, longest time first"
    told = [
        f"Time on treatment in weeks since the first dose, one bar a patient ({who})"
        f"{_mark(lanes, study)}."
    ]
    told.append(
        "Marks: treatment-emergent adverse events at onset, by grade (shape and "
        f"colour){_open(events)}.{_outside(placed, lanes)}"
    )
    if (lanes["reason"] != "").any():
        told.append("At the right: the reason for stopping, where a stop was recorded.")
    return " ".join(told)


def _mark(lanes, study) -> str:
    if not (lanes["side"] == "own").any():
        return ""
    group = f"{study.subgroup.column}={study.subgroup.value}"
    return f"; * {names.term(names.group(study, group), 40)}"


def _open(events) -> str:
    unsure = int((~events["sure"].astype(bool)).sum())
    if not unsure:
        return ""
    return f"; {unsure} without an exact date (open marks) at the earliest day that fits"


def _outside(placed, lanes) -> str:
    own = placed[placed["study_id"].isin(lanes.index)]
    n = int((own["window"] != "on").sum())
    if not n:
        return ""
    return f" {text.plural(n, 'event')} before treatment or after its window not drawn."


def alt(lanes, events) -> str:
    """Tell the plot in words, with counts of what is drawn."""
    weeks = lanes["weeks"].dropna()
    told = f"Swimmer plot of {text.plural(len(lanes), 'patient')}"
    if len(weeks):
        told += f", {text.interval(weeks.min(), weeks.max(), 1)} weeks on treatment"
    unknown = int(lanes["weeks"].isna().sum())
    told += f"; time unknown in {unknown}. " if unknown else ". "
    return told + _events(events) + _stops(lanes["reason"])


def _events(events) -> str:
    if events.empty:
        return "No treatment-emergent adverse event."
    counts = events["grade"].value_counts().sort_index()
    each = (
        f"{text.count(k)} {'without a grade' if g == 'unknown' else f'of grade {g}'}"
        for g, k in counts.items()
    )
    return f"{text.plural(len(events), 'treatment-emergent event')}: {text.listed(each)}."


def _stops(reason) -> str:
    counts = reason[reason != ""].value_counts()
    if counts.empty:
        return " No stop recorded."
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    each = text.listed(f"{names.term(name, 40)} {text.count(k)}" for name, k in order[:8])
    return f" Stopped: {text.count(counts.sum())} ({each})."
