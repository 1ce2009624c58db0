"""Tables: results rows in, `Table` objects out; great_tables is imported nowhere else."""

from ppp.report.tables.cleaning import ledger, quarantine, queries, query_counts
from ppp.report.tables.descriptives import baseline, flow
from ppp.report.tables.efficacy import change, estimates, responders, visits
from ppp.report.tables.groups import group_difference, subgroup
from ppp.report.tables.safety import adverse_event_terms, adverse_events, exposure, lab_shift
from ppp.report.tables.table import Table

__all__ = [
    "Table", "adverse_event_terms", "adverse_events", "baseline", "change", "estimates",
    "exposure", "flow", "group_difference", "lab_shift", "ledger", "quarantine", "queries",
    "query_counts", "responders", "subgroup", "visits",
]  # fmt: skip
