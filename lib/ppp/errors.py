"""Errors that stop a run before any output changes: one message, with what, where and remedy."""

import difflib
from collections.abc import Iterable


class StopRun(Exception):
    """The run cannot go on; the message alone is for the user, no traceback is needed."""


class StudyError(StopRun):
    """``study.toml`` or the cohort folder cannot be used as it is."""


class SourceError(StopRun):
    """The workbook or a CSV file cannot be read as ``study.toml`` says."""


class ParameterError(StopRun):
    """A parameter that no notebook has, or a value it cannot take."""


class ResultError(LookupError):
    """A results row that was asked for is not there, or is not the only one."""


def hint(name: str, known: Iterable[str], *, listed: bool = True) -> str:
    """Return `` (did you mean 'x'?)``, else (where `listed`) what is known, else nothing."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    near = near or [word for word in known if word.casefold() == name.casefold()]
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f"; known here: {', '.join(known)}" if known and listed else ""
