"""Text from the data that has to fit on one line of a figure."""

from unicodedata import combining, east_asian_width

from ppp.report import names

UNNAMED = "(no name)"
ISOLATES = dict.fromkeys(map(ord, "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"))


def fit(value, most: int = 44) -> str:
    r"""Cut text from the data to the room of so many Latin letters.

    A Chinese character or an emoji takes the room of two. Line breaks become spaces; control
    characters and marks of direction are dropped.

    Parameters
    ----------
    value : str
        A term, a class, a test, a reason: as recorded.
    most : int
        Latin letters that there is room for.

    Examples
    --------
    >>> fit("acne\n vulgaris"), fit("abcdef", 4), fit("痤疮痤疮", 5)
    ('acne vulgaris', 'abc…', '痤疮…')
    """
    line = names.term(value, 4 * most).translate(ISOLATES)
    if sum(map(_room, line)) <= most:
        return line or UNNAMED
    kept, left = "", most - 1
    for character in line:
        left -= _room(character)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def _room(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "FW" else 1
