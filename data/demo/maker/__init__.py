"""The demo cohort: 28 synthetic patients whose cleaned data give the published figures.

`tables` is the truth; `write` puts it into a workbook as untidy as a clinic's.
"""

from pathlib import Path

from maker import patients, safety, untidy, workbook

SEED = 2024
LABS_SEED = 2025


def tables() -> dict[str, list[dict]]:
    """Make the four tables, in canonical names, without a slip of the keyboard.

    Returns
    -------
    dict
        ``patients`` (28 rows), ``visits`` (112), ``adverse_events`` (53), ``labs`` (1215); a row
        is a dict of field name to value, None where nothing is known.
    """
    draws = patients.Draws(SEED)
    people = patients.patients(draws)
    return {
        "patients": people,
        "visits": patients.visits(draws, people),
        "labs": safety.labs(patients.Draws(LABS_SEED), people),
        "adverse_events": safety.adverse_events(people),
    }


def write(folder: Path) -> Path:
    """Write ``cohort.xlsx`` into a folder, the same bytes at every run, and return its path."""
    path = Path(folder) / "cohort.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook.content(untidy.sheets(tables())))
    return path
