"""Key results: at most five lines a page, each with n, estimate and interval."""

from ppp.laboratory import sentences as laboratory
from ppp.report.prose import Prose, bullets
from ppp.safety.sentences import adverse_events as safety
from ppp.safety.sentences import first_event, interest, treatment


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
    tests = laboratory.graded(rows, study).text or laboratory.laboratory(rows, study).text
    return bullets(treatment.exposure(rows, study).text, *events, tests)
