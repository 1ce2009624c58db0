"""Key results: at most five lines a page, each with n, estimate and interval."""

from ppp import results
from ppp.cleaning import sentences as source
from ppp.descriptives import sentences as descriptives
from ppp.efficacy.sentences import change as efficacy
from ppp.report.prose import Prose, bullets

TARGETS = ("pga01", "pppasi", "dlqi01", "dlqi_mcid")


def cleaning(rows, queries, quarantine, study) -> Prose:
    """Give the key results of the cleaning report.

    Parameters
    ----------
    rows : DataFrame
        Results rows of analysis ``flow``.
    queries, quarantine : DataFrame
        Of the cleaned cohort.
    study : Study
    """
    return bullets(
        source.ledger(rows, study).text,
        source.queries(queries, study).text,
        source.quarantine(quarantine, study).text,
    )


def baseline(rows, study) -> Prose:
    """Give the key results of the report on who the patients are."""
    return bullets(
        descriptives.population(rows, study).text,
        descriptives.flow(rows, study).text,
        descriptives.missing(rows, study).text,
        descriptives.balance(rows, study).text,
    )


def effectiveness(rows, study) -> Prose:
    """Give the key results of the efficacy report: changes, then responders."""
    primary = study.endpoints.primary
    changed = _recorded(rows, "change")
    scores = [o for o in dict.fromkeys((primary, "dlqi", *changed)) if o in changed][:2]
    reached = {
        o.rstrip("0123456789") if o.startswith("pppasi") else o
        for o in _recorded(rows, "responder")
    }
    targets = [t for t in TARGETS if t in reached][: 4 - len(scores)]
    lines = [efficacy.change(rows, study, o).text for o in scores or [primary]]
    if primary in scores:
        lines.insert(1, efficacy.location(rows, study, primary).text)
    return bullets(*lines, *(_target(rows, study, t) for t in targets))


def _target(rows, study, target: str) -> str:
    if target == "pppasi":
        return efficacy.thresholds(rows, study).text
    return efficacy.responders(rows, study, target).text


def _recorded(rows, analysis: str) -> list[str]:
    return list(results.pick(rows, analysis=analysis)["outcome"].unique())
