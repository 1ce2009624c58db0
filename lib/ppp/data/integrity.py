"""Questions about the data as a whole, which no single cell raises; nothing is ever removed.

Each question is built to be rare where nothing is wrong; together they come up in at most one of
twenty clean cohorts.
"""

from math import comb

import numpy as np
import pandas as pd
from scipy import stats

from ppp import results
from ppp.catalogue import dictionary
from ppp.catalogue.outcomes import outcomes

RARE = 1e-4  # expected number of coincidences, below which copies are asked about
MARKED = 0.25  # share of the commonest last digits, where a fifth is expected
ALPHA = 0.01  # of the test of last digits, over all scores
FEWEST_CELLS, FEWEST_VALUES, FEWEST_VISITS = 4, 40, 40
MOST_TRAITS = 0.6  # share of traits in which near-duplicates agree
FEW = 0.03  # share of visits on a day of the weekend that stands out
CYCLES = 3  # times that the middle half of a score must pass through all last digits
STEPS = (1, 0.1, 0.01)
WEEKEND = {5: "Saturday", 6: "Sunday"}


def integrity(patients, visits, labs, study) -> pd.DataFrame:
    """Ask about copies, last digits and days of the week.

    Results rows ``integrity``, one a question, `code` what it is:

    - ``near_duplicate``: patients (`level`, their study ids) with the same scores at all visits,
      who agree in most traits too; ``events`` scores are the same;
    - ``repeated_panel``: the same laboratory values, ``events`` of them, on several days or in
      several patients (`level`);
    - ``digit_preference``: last digits of the n values of a score, but for zeros and repeats in one
      patient, are not uniform (chi-square over the remainders by five, since a weighted sum may
      prefer even digits; Holm over scores); estimate = share of the commonest, `level`, `MARKED`
      at least;
    - ``weekend``: ``events`` of n dated visits are on a Saturday or on a Sunday (`level`), on which
      hardly any other is.

    Copies are asked about where as many agreements by chance are expected less than `RARE` times
    among all pairs, by how often each value occurs.
    """
    rows = [] if visits is None else [*_twins(patients, visits, study), *_weekends(visits)]
    rows += [] if visits is None else _digits(visits, study)
    return results.frame([*rows, *([] if labs is None else _panels(labs))])


def _copies(cells: pd.DataFrame):
    """Give the rows (labels) of each group that say the same, and in how many cells."""
    known = cells.notna().sum(axis=1) >= FEWEST_CELLS
    table = cells[known]
    if len(table) < 2:
        return
    same = {
        name: (column.value_counts(normalize=True) ** 2).sum() for name, column in table.items()
    }
    pairs = comb(len(table), 2)
    again = table[table.duplicated(keep=False)]
    for _, group in again.groupby(list(table), sort=False, dropna=False):
        filled = group.iloc[0].notna()
        if pairs * np.prod([same[name] for name in table.columns[filled]]) < RARE:
            yield list(group.index), int(filled.sum())


def _twins(patients, visits, study):
    scores = [name for name in outcomes(study) if name in visits]
    wide = visits.drop_duplicates(["study_id", "week"]).pivot(
        index="study_id", columns="week", values=scores
    )
    dates = [name for name, field in dictionary.fields("patients").items() if field.kind == "date"]
    traits = patients.set_index("study_id").drop(columns=dates, errors="ignore").astype(object)
    for ids, count in _copies(wide.astype(float)):
        known = traits.loc[ids].dropna(axis=1)
        if known.empty or (known.nunique() == 1).mean() >= MOST_TRAITS:
            said = {"level": ", ".join(ids), "events": count, "n": len(patients)}
            yield _question("near_duplicate", "patients", len(ids), **said)


def _panels(labs):
    day = [name for name in ("date", "week") if name in labs]
    known = labs.dropna(subset=["test", "value"])
    known = known.assign(panel=known.groupby(["study_id", *day], dropna=False).ngroup())
    known = known.drop_duplicates(["panel", "test"])
    wide = known.pivot(index="panel", columns="test", values="value").astype(float)
    of = known.drop_duplicates("panel").set_index("panel")["study_id"]
    for panels, count in _copies(wide):
        said = {"level": ", ".join(dict.fromkeys(of[panels])), "events": count, "n": len(wide)}
        yield _question("repeated_panel", "labs", len(panels), **said)


def _digits(visits, study):
    found = []
    for name in [name for name in outcomes(study) if name in visits]:
        known = visits[["study_id", name]].dropna().astype({name: float}).drop_duplicates()
        digits = _last_digits(known.loc[known[name] != 0, name])
        if digits is not None:
            counts = np.bincount(digits % 5, minlength=5)
            found.append((name, counts, stats.chisquare(counts).pvalue))
    order = sorted(found, key=lambda one: one[2])
    for rank, (name, counts, p) in enumerate(order):
        if p * (len(order) - rank) > ALPHA:
            return
        most = int(counts.argmax())
        if counts[most] < MARKED * counts.sum():
            continue
        said = {"level": f"{most} or {most + 5}", "events": int(counts[most])}
        said |= {"n": int(counts.sum()), "p_value": p * (len(order) - rank)}
        yield _question("digit_preference", name, counts[most] / counts.sum(), **said)


def _last_digits(values: pd.Series) -> np.ndarray | None:
    """Return the last digits of enough values that are spread over many steps, else None."""
    if len(values) < FEWEST_VALUES:
        return None
    step = next(
        (s for s in STEPS if np.allclose(values / s, (values / s).round(), atol=1e-6)), None
    )
    if step is None:
        return None
    whole = (values / step).round().astype(int)
    spread = whole.quantile(0.75) - whole.quantile(0.25)
    return (whole % 10).to_numpy() if spread >= 10 * CYCLES else None


def _weekends(visits):
    if "date" not in visits:
        return
    days = visits["date"].dropna().dt.day_of_week
    for day, name in WEEKEND.items():
        count = int((days == day).sum())
        if len(days) >= FEWEST_VISITS and 0 < count <= FEW * len(days):
            said = {"level": name, "events": count, "n": len(days)}
            yield _question("weekend", "date", count, **said)


def _question(code: str, outcome: str, value, **about) -> dict:
    return results.row("integrity", outcome, code, value, code=code, **about)
