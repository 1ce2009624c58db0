"""Rows of this page, a module each for what they are of."""

from ppp.efficacy.rows import (
    agreement,
    change,
    drawn,
    intercurrent,
    missing_data,
    multiplicity,
    onset,
    parts,
    placebo,
    sensitivity,
)

__all__ = [
    "agreement",
    "change",
    "drawn",
    "intercurrent",
    "missing_data",
    "multiplicity",
    "onset",
    "parts",
    "placebo",
    "sensitivity",
]
