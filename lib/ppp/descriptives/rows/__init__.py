"""Who the patients are: flow, summaries, counts, and the balance of two groups."""

from ppp.descriptives.rows.balance import balance
from ppp.descriptives.rows.flow import disposition, period
from ppp.descriptives.rows.traits import count, prior_treatments, summary

__all__ = ["balance", "count", "disposition", "period", "prior_treatments", "summary"]
