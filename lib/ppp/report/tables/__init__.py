"""Tables: results rows in, `Table` objects out; great_tables is imported nowhere else."""

from ppp.cleaning.tables import ledger, quarantine, queries, query_counts
from ppp.descriptives.tables import baseline, flow
from ppp.efficacy.tables.change import change, visits
from ppp.efficacy.tables.multiplicity import multiplicity
from ppp.efficacy.tables.response import responders
from ppp.efficacy.tables.sensitivity import (
    leave_one_out,
    missing_patterns,
    responder_rules,
    sensitivity,
)
from ppp.report.table import Table
from ppp.safety.tables.grading import lab_grade_shift, lab_grades
from ppp.safety.tables.labs import lab_shift, liver

__all__ = [
    "Table",
    "baseline",
    "change",
    "flow",
    "lab_grade_shift",
    "lab_grades",
    "lab_shift",
    "leave_one_out",
    "ledger",
    "liver",
    "missing_patterns",
    "multiplicity",
    "quarantine",
    "queries",
    "query_counts",
    "responder_rules",
    "responders",
    "sensitivity",
    "visits",
]
