"""Published figures as results rows: compared with this cohort, and audited by themselves."""

from ppp.published.rows.arithmetic import audit
from ppp.published.rows.comparison import cohort_rows, compare
from ppp.published.source import Published, read

__all__ = ["Published", "audit", "cohort_rows", "compare", "read"]
