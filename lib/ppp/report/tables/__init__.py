"""Tables: results rows in, `Table` objects out; great_tables is imported nowhere else."""

from ppp.report.tables.adjusted import ancova, detectable
from ppp.report.tables.cleaning import ledger, quarantine, queries, query_counts
from ppp.report.tables.descriptives import baseline, flow
from ppp.report.tables.efficacy import change, visits
from ppp.report.tables.event_terms import adverse_event_terms
from ppp.report.tables.events import adverse_event_grades, adverse_events, outside_treatment
from ppp.report.tables.first_event import time_to_event
from ppp.report.tables.grading import lab_grade_shift, lab_grades
from ppp.report.tables.groups import group_difference, subgroup
from ppp.report.tables.interest import special_interest
from ppp.report.tables.labs import lab_shift, liver
from ppp.report.tables.multiplicity import multiplicity
from ppp.report.tables.response import responders
from ppp.report.tables.sensitivity import (
    leave_one_out,
    missing_patterns,
    responder_rules,
    sensitivity,
)
from ppp.report.tables.table import Table
from ppp.report.tables.treatment import exposure, stop_reasons

__all__ = [
    "Table", "adverse_event_grades", "adverse_event_terms", "adverse_events", "ancova", "baseline",
    "change", "detectable", "exposure", "flow", "group_difference", "lab_grade_shift", "lab_grades",
    "lab_shift", "leave_one_out", "ledger", "liver", "missing_patterns", "multiplicity",
    "outside_treatment", "quarantine", "queries", "query_counts", "responder_rules", "responders",
    "sensitivity", "special_interest", "stop_reasons", "subgroup", "time_to_event", "visits",
]  # fmt: skip
