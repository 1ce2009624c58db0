"""Sentences on the time to the first adverse event, in all and, as description, by group."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety.harms import NOT_RECORDED

APART = 0.05


def by_primary(rows, study) -> Prose:
    """Say the cumulative incidence by the primary week, where it is far from the plain share.

    The two part where patients left early without an event, or were followed for longer. Empty
    where they are less than five percentage points apart.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` and ``time_to_event``.
    study : Study
    """
    plain = first(rows, analysis="adverse_event", outcome="any", level="", statistic="patients")
    row = first(
        rows,
        analysis="time_to_event",
        outcome="any",
        statistic="cumulative_incidence",
        group="all",
        week=study.schedule.primary,
    )
    if (
        not usable(plain)
        or not usable(row)
        or text.is_missing(row["ci_low"])
        or abs(plain["estimate"] - row["estimate"]) < APART
    ):
        return Prose("")
    return Prose(f"By week {row['week']} {_all(row)}")


def time_to_event(rows, study) -> Prose:
    """Say the cumulative incidence of a first event at the latest week that was observed.

    Groups are described by their incidences with intervals and the log-rank test together; no
    equality is claimed.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``time_to_event``.
    study : Study
    """
    found = results.pick(rows, analysis="time_to_event", outcome="any")
    shown = results.pick(found, statistic="cumulative_incidence")
    known = shown[shown["estimate"].notna()]
    whole = results.pick(known, group="all")
    if whole.empty:
        return Prose(NOT_RECORDED)
    row = whole.loc[whole["week"].astype(int).idxmax()]
    told = Prose(f"By week {row['week']} {_all(row)}")
    return told + _beyond(results.pick(shown, group="all")) + _groups(found, known, study)


def _all(row) -> str:
    if not row["events"]:
        return (
            f"no first adverse event had occurred in {text.count(row['n'])} patients (cumulative "
            f"incidence **0%**, upper limit {text.percent(row['ci_high'])})."
        )
    return (
        f"an adverse event on treatment had occurred in **{text.percent(row['estimate'])}** "
        f"(Kaplan–Meier; {_interval(row)}; {text.of(row)} patients)."
    )


def _interval(row) -> str:
    if text.is_missing(row["ci_low"]):
        return "no interval can be given"
    return f"{text.level(row['ci_level'])} CI {text.percent_interval(row)}"


def _beyond(shown) -> Prose:
    lost = shown[shown["estimate"].isna() & shown["week"].notna()]
    weeks = text.listed(str(w) for w in lost["week"])
    many = "weeks" if len(lost) > 1 else "week"
    return Prose(f"Nobody was observed to {many} {weeks}." if len(lost) else "")


def _groups(found, known, study) -> Prose:
    """Set both groups' incidences at the latest week they share beside the log-rank test."""
    groups = names.groups(known, study)
    tests = results.pick(found, statistic="log_rank").dropna(subset=["estimate", "p_value"])
    of = known[known["group"].isin(groups)]
    weeks = of.groupby("week")["group"].nunique()
    weeks = weeks[weeks == len(groups)]
    if len(groups) < 2 or weeks.empty:
        return Prose("")
    at = results.pick(of, week=int(weeks.index.max()))
    told = [_group(at[at["group"] == g].iloc[0], study) for g in groups]
    lead = f"By week {weeks.index.max()}: {text.listed(told)}"
    if len(tests) != 1:
        return Prose(f"{lead}; exploratory.")
    test = tests.iloc[0]
    return Prose(
        f"{lead}; log-rank χ² = {text.number(test['estimate'])}, {text.p_phrase(test['p_value'])} "
        f"(n = {text.count(test['n'])}, {text.plural(test['events'], 'first event')}). This is "
        "description, exploratory, and does not show that the groups are alike."
    )


def _group(row, study) -> str:
    who = md(names.group(study, row["group"]))
    return f"{text.percent(row['estimate'])} {who} ({_interval(row)}; {text.of(row)})"
