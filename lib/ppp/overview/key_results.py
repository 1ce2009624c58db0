"""Key results: at most five lines a page, each with n, estimate and interval."""

from ppp.cleaning import sentences as source
from ppp.descriptives import sentences as descriptives
from ppp.report.prose import Prose, bullets
from ppp.safety.sentences import adverse_events as safety
from ppp.safety.sentences import first_event, interest, labs, treatment


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


def harms(rows, study) -> Prose:
    """Give the key results of the safety report; not recorded is said once.

    Severe and serious events share a line, in a sentence each.
    """
    told = [
        safety.incidence(rows, study, "any") + first_event.by_primary(rows, study),
        safety.incidence(rows, study, "grade3") + safety.incidence(rows, study, "serious"),
        interest.categories(rows, study, brief=True),
    ]
    events = dict.fromkeys(line.text for line in told)
    if safety.NOT_RECORDED in events:
        events = [safety.NOT_RECORDED]
    tests = labs.graded(rows, study).text or labs.laboratory(rows, study).text
    return bullets(treatment.exposure(rows, study).text, *events, tests)
