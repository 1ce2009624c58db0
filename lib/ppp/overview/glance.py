"""What the index shows at a glance: headline cards and the patient flow, from results rows."""

from dataclasses import dataclass

from ppp import results
from ppp.efficacy.sentences import response
from ppp.report import names, text
from ppp.results import first, usable


@dataclass(frozen=True)
class Card:
    """One headline figure: what it is, the number, its interval, its denominator."""

    label: str
    value: str
    interval: str
    n: str


def cards(rows, study) -> list[Card]:
    """Make at most four cards; what was not recorded has none.

    Parameters
    ----------
    rows : DataFrame
        All results rows of a run.
    study : Study
    """
    primary = study.endpoints.primary
    changes = [_change(rows, study, outcome) for outcome in dict.fromkeys((primary, "dlqi"))]
    made = [changes[0], _response(rows, study, "pga01"), *changes[1:], _severe(rows)]
    return [card for card in made if card]


def _change(rows, study, outcome: str) -> Card | None:
    row = first(
        rows,
        analysis="change",
        outcome=outcome,
        week=study.schedule.primary,
        group="all",
        statistic="mean_change",
        missing="observed",
    )
    if not usable(row):
        return None
    limits = text.interval(row["ci_low"], row["ci_high"])
    level = f"{text.level(row['ci_level'])} CI " if row["ci_low"] == row["ci_low"] else ""
    label = f"Mean change in {names.outcome(study, outcome)}, {_week(row)}"
    n = f"n = {text.count(row['n'])}"
    return Card(label, text.number(row["estimate"]), level + limits, n)


def _response(rows, study, outcome: str) -> Card | None:
    row = response(rows, study, outcome)
    if not usable(row):
        return None
    rule = "missing = failure" if row["missing"] == "nri" else "observed"
    interval = f"{text.level(row['ci_level'])} CI {text.percent_interval(row)}"
    label = f"{names.outcome(study, outcome)} reached, {_week(row)}"
    return Card(label, text.percent(row["estimate"]), interval, f"{text.of(row)}, {rule}")


def _severe(rows) -> Card | None:
    row = first(
        rows,
        analysis="adverse_event",
        outcome="grade3",
        statistic="patients",
        level="",
        group="all",
    )
    if not usable(row):
        return None
    interval = f"exact {text.level(row['ci_level'])} CI {text.percent_interval(row)}"
    label = "Patients with a severe adverse event"
    return Card(label, text.percent(row["estimate"]), interval, f"{text.of(row)} treated")


def _week(row) -> str:
    return f"week\N{NO-BREAK SPACE}{row['week']}"


def flow(rows, study) -> list[tuple[str, str]]:
    """List the steps from the rows of the source to the patients assessed at each visit.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``flow``.
    study : Study

    Returns
    -------
    list of tuple of str
        Step and count.
    """
    found = results.pick(rows, analysis="flow", statistic="count").dropna(subset=["estimate"])
    ledger = results.pick(found, group="all")
    started = first(found, outcome="patients", level="enrolled")
    steps = [
        ("Rows read", first(ledger, outcome="rows", level="read")),
        ("Rows quarantined", first(ledger, outcome="rows", level="quarantined")),
        ("Cells queried", first(ledger, outcome="cells", level="queried")),
        ("Patients treated", started),
    ]
    told = [(name, text.count(row["estimate"])) for name, row in steps if row is not None]
    return told + _visits(found, study)


def _visits(found, study) -> list[tuple[str, str]]:
    visits = results.pick(found, outcome="patients", level="assessed")
    what = names.outcome(study, study.endpoints.primary)
    if visits.empty:
        visits, what = results.pick(found, outcome="patients", level="visited"), "Seen"
    return [(f"{what} at {_week(row)}", text.of(row)) for _, row in visits.iterrows()]
