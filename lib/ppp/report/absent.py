"""Nothing to show: the mark by which a page leaves out a section that has no table or figure."""

MARK = '<div class="absent"></div>'


class Absent:
    """Stands where a table, a figure or a sentence would, in a study that has no such thing."""

    def __repr__(self) -> str:
        return ""

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": MARK, "text/plain": ""}


def given(recorded, exhibit):
    """Show an exhibit if what it is about was recorded, else nothing.

    Parameters
    ----------
    recorded : object
        A table of the cohort, or None where it was not recorded.
    exhibit : object
        What a notebook would show.
    """
    return Absent() if recorded is None else exhibit
