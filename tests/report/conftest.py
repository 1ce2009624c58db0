"""Synthetic studies, unless a test says otherwise."""

from ..made_rows import make_study, study  # noqa: F401
