"""Published figures: compared with this cohort, and audited by themselves."""

from ppp.published.audit.source import Published, read
from ppp.published.rows.audit import audit
from ppp.published.rows.comparison import cohort_rows, compare

__all__ = ["Published", "audit", "cohort_rows", "compare", "read"]
