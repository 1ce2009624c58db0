"""Events of special interest for JAK inhibitors: who had them, and which terms are behind each."""

import pandas as pd

from ppp import levels
from ppp.catalogue.special_interest import categories, names
from ppp.safety.rows import incidence
from ppp.safety.rows.incidence import bounds, counts, event_rates


def named(events: pd.DataFrame) -> pd.DataFrame:
    """Find the categories of each event, whatever else the category needs.

    One row an event and category: ``event`` (label in the index of `events`), ``outcome``,
    ``category``, ``needs``. Cleaning has told the categories from the text as it was typed
    (``interest``); without that column the term tells them. A missing term names nothing.

    >>> events = pd.DataFrame({"term": ["Herpes zoster", "带状疱疹", "herpes simplex"]})
    >>> named(events).query("category == 'Herpes zoster'")["event"].tolist()
    [0, 1]
    """
    if "interest" in events:
        told = events["interest"].astype("str").str.split("; ")
    else:
        told = events["term"].astype(object).map(categories, na_action="ignore")
    found = told.explode().rename("category").rename_axis("event").reset_index()
    return found.merge(names(), on="category")[["event", "outcome", "category", "needs"]]


def caught(found: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Drop from what `named` gives events not known to be serious where a category needs that."""
    serious = events["serious"].eq("yes") if "serious" in events else pd.Series(False, events.index)
    return found[(found["needs"] == "") | found["event"].isin(events.index[serious.fillna(False)])]


def of_interest(events: pd.DataFrame) -> pd.DataFrame:
    """Keep the events in any category of special interest."""
    numbered = events.reset_index(drop=True)
    found = caught(named(numbered), numbered)
    return numbered.loc[numbered.index.isin(found.loc[found["outcome"] == "interest", "event"])]


def gap(events: pd.DataFrame) -> tuple[str, str]:
    """Count the events in no category of which it is not known whether they belong to one.

    Nothing where seriousness was recorded of none: the category that needs it says so.
    """
    numbered = events.reset_index(drop=True)
    every = named(numbered)
    found = caught(every, numbered)
    caught_already = found.loc[found["outcome"] == "interest", "event"]
    left = every[(every["needs"] != "") & ~every["event"].isin(caught_already)]
    serious = numbered.get("serious", pd.Series(pd.NA, index=numbered.index))
    k = left.loc[left["event"].isin(numbered.index[serious.isna()]), "event"].nunique()
    note = f"seriousness not recorded for {k} of {len(numbered)} events"
    some = k and serious.notna().any()
    return (note, f"gap:{k}/{len(numbered)}") if some else ("", "")


def rows(events: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    """Tell how many patients had events of each category, and which terms no category catches.

    `events` are those on treatment of `treatment.placed`; `time` is `treatment.treatment`.
    Outcomes ``interest`` and ``common``: every category in the order of the table, zeros with
    their bounds; `code` is ``not_recorded`` or ``gap:k/n`` where it is not known of any, or of k of
    n events, whether they belong. ``interest_term`` (population ``interest=<category>``, of either
    outcome): the terms behind each category; ``uncaught``: terms of events in no category and
    without a system organ class.
    """
    numbered = events.reset_index(drop=True)
    every = named(numbered)
    found = caught(every, numbered)
    made = []
    for outcome, listed in names().groupby("outcome", sort=False):
        own = found[found["outcome"] == outcome]
        of = numbered.loc[own["event"]].assign(level=own["category"].to_numpy())
        counted = incidence.tally(of, time, names=list(listed["category"]))
        made += _category_rows(counted, outcome, _gaps(every, numbered))
    return made + _term_rows(numbered, found, time) + _uncaught_rows(numbered, found, time)


def _gaps(found: pd.DataFrame, events: pd.DataFrame) -> dict[str, tuple[int, int] | None]:
    """Count by category the events that may belong, of how many; None if of all it is unknown."""
    unknown = events["serious"].isna() if "serious" in events else pd.Series(True, events.index)
    if len(events) and unknown.all():
        return dict.fromkeys(names().loc[names()["needs"] != "", "category"])
    needing = found[found["needs"] != ""]
    missing = needing["event"].isin(events.index[unknown]).groupby(needing["category"])
    sizes = missing.agg(["sum", "size"]).itertuples(name=None)
    return {category: (int(k), int(n)) for category, k, n in sizes if k}


def _category_rows(counted: pd.DataFrame, outcome: str, gaps: dict) -> list[dict]:
    made = []
    for category, line in counted.groupby("level", sort=False):
        if category in gaps and gaps[category] is None:
            made += incidence.not_recorded(outcome, level=category)
            continue
        if category in gaps:
            k, n = gaps[category]
            note = f"seriousness not recorded for {k} of {n} events"
            line = line.assign(note=note, code=f"gap:{k}/{n}")
        made += incidence.rows(line, outcome, counts, event_rates, bounds)
    return made


def _term_rows(events: pd.DataFrame, found: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    of = events.loc[found["event"]]
    populations = [levels.within("interest", category) for category in found["category"]]
    of = of.assign(population=populations, level=of["term"].astype("str"))
    counted = incidence.tally(of, time, by=("population", "level"))
    order = [levels.within("interest", category) for category in names()["category"]]
    counted = incidence.by_population(counted, order)
    return incidence.rows(counted, "interest_term", incidence.listed)


def _uncaught_rows(events: pd.DataFrame, found: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    without = events["soc"].isna() if "soc" in events else True
    left = events[without & ~events.index.isin(found["event"])]
    left = left.assign(level=left["term"].astype("str").fillna("not recorded"))
    return incidence.rows(incidence.tally(left, time), "uncaught", incidence.listed)
