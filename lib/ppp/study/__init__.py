"""``study.toml`` becomes a `Study`."""

from ppp.study.sections import Schedule
from ppp.study.study import DEMO, ROOT, Study

__all__ = ["DEMO", "ROOT", "Schedule", "Study"]
