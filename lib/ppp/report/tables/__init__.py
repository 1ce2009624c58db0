"""Tables: results rows in, `Table` objects out; great_tables is imported nowhere else."""

from ppp.report.tables.adjusted import ancova, detectable
from ppp.report.tables.cleaning import ledger, quarantine, queries, query_counts
from ppp.report.tables.descriptives import baseline, flow
from ppp.report.tables.efficacy import change, visits
from ppp.report.tables.groups import group_difference, subgroup
from ppp.report.tables.multiplicity import multiplicity
from ppp.report.tables.response import responders
from ppp.report.tables.safety import adverse_event_terms, adverse_events, exposure, lab_shift
from ppp.report.tables.sensitivity import (
    leave_one_out,
    missing_patterns,
    responder_rules,
    sensitivity,
)
from ppp.report.tables.table import Table

__all__ = [
    "Table", "adverse_event_terms", "adverse_events", "ancova", "baseline", "change", "detectable",
    "exposure", "flow", "group_difference", "lab_shift", "leave_one_out", "ledger",
    "missing_patterns", "multiplicity", "quarantine", "queries", "query_counts",
    "responder_rules", "responders", "sensitivity", "subgroup", "visits",
]  # fmt: skip
