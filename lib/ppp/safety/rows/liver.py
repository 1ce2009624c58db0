"""Peaks of the liver tests: potential drug-induced injury (eDISH, Hy's law)."""

from math import nan

import numpy as np
import pandas as pd

from ppp import results
from ppp.estimators import proportions
from ppp.safety.rows.grading import exceeds
from ppp.safety.rows.laboratory import in_time

TRANSAMINASES = ("ALT", "AST")
BILIRUBIN, ALP = "Bilirubin", "ALP"
HIGH_TRANSAMINASE, HIGH_BILIRUBIN, HIGH_ALP = 3.0, 2.0, 2.0
PEAKS = {"transaminase": (3, 5, 10, 20), "bilirubin": (2,)}
NAMES = {"transaminase": "ALT or AST", "bilirubin": "bilirubin"}
QUADRANTS = ("hy", "temple", "cholestasis", "neither")
NOBODY = "no patient with ALT or AST and bilirubin after baseline, each with its upper limit"


def liver(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Patients by their highest liver tests, and by the quadrants of eDISH.

    Each patient's peaks after baseline, as multiples of the upper limit of normal, wherever in
    time they lie. ``hy``: ALT or AST above 3 and bilirubin above 2, ALP below 2 (or unknown);
    ``temple``: ALT or AST above 3, bilirubin not above 2; ``cholestasis``: bilirubin above 2
    otherwise; ``neither``.

    Parameters
    ----------
    labs : DataFrame or None
        One row a value; None: not recorded.
    patients : DataFrame
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``patients``, exact limits. Outcome ``transaminase``, levels ``>3``, ``>5``,
        ``>10``, ``>20`` (n = patients with a peak of ALT or AST), and ``bilirubin``, level ``>2``:
        each where it was recorded. Outcome ``edish``, level = quadrant, n = patients with both
        peaks; at ``hy``, `note` counts those whose ALP is unknown. An outcome that cannot be told
        is one empty row without level, and `note` says what is missing.

    References
    ----------
    Temple R. Hy's law: predicting serious hepatotoxicity. Pharmacoepidemiol Drug Saf
    2006;15:241-243. https://doi.org/10.1002/pds.1211

    FDA. Guidance for industry. Drug-induced liver injury: premarketing clinical evaluation. 2009.
    """
    if labs is None:
        return results.frame([_nothing("edish", "laboratory values not recorded")])
    there, highest = _recorded(labs), _peaks(in_time(labs, patients, study))
    measured = {"transaminase": there & set(TRANSAMINASES), "bilirubin": there & {BILIRUBIN}}
    single = [row for name in PEAKS if measured[name] for row in _multiples(name, highest[name])]
    return results.frame(single + _edish(highest, there))


def _multiples(name: str, peaks: pd.Series) -> list[dict]:
    """Count the patients whose peak of one test exceeds each multiple of its upper limit."""
    peaks = peaks.dropna().to_numpy()
    if not len(peaks):
        lacking = f"no patient with {NAMES[name]} after baseline and its upper limit"
        return [_nothing(name, lacking)]
    above = {times: int(exceeds(peaks, float(times)).sum()) for times in PEAKS[name]}
    return [
        results.row(
            "liver", name, "patients", proportions.clopper_pearson(k, len(peaks)), level=f">{times}"
        )
        for times, k in above.items()
    ]


def _edish(highest: pd.DataFrame, there: set[str]) -> list[dict]:
    missing = _missing(there)
    if missing:
        return [_nothing("edish", f"{missing} not recorded")]
    both = highest.dropna(subset=["transaminase", "bilirubin"])
    if both.empty:
        return [_nothing("edish", NOBODY)]
    counts = _quadrants(both).value_counts()
    return [
        results.row(
            "liver",
            "edish",
            "patients",
            proportions.clopper_pearson(int(counts.get(level, 0)), len(both)),
            level=level,
            note=_about_alp(both, there) if level == "hy" else "",
        )
        for level in QUADRANTS
    ]


def _nothing(outcome: str, note: str) -> dict:
    return results.row("liver", outcome, "patients", nan, n=0, note=note)


def _missing(there: set[str]) -> str:
    """Name the tests of which no value was recorded, so that there are no quadrants."""
    lacking = [] if there & set(TRANSAMINASES) else list(TRANSAMINASES)
    lacking += [] if BILIRUBIN in there else [BILIRUBIN.lower()]
    return " and ".join([", ".join(lacking[:-1]), lacking[-1]] if lacking[1:] else lacking)


def _recorded(labs: pd.DataFrame) -> set[str]:
    return set(labs.loc[labs["value"].notna(), "test"].dropna().unique())


def _peaks(placed: pd.DataFrame) -> pd.DataFrame:
    """Find each patient's highest multiples of the upper limit after baseline."""
    later = placed[(placed["days"] > 0) & (placed["uln"] > 0)]
    ratios = later.assign(ratio=later["value"] / later["uln"]).dropna(subset=["ratio"])
    wide = ratios.groupby(["study_id", "test"])["ratio"].max().unstack("test")
    wide = wide.reindex(columns=[*TRANSAMINASES, BILIRUBIN, ALP])
    return pd.DataFrame(
        {
            "transaminase": wide[list(TRANSAMINASES)].max(axis=1),
            "bilirubin": wide[BILIRUBIN],
            "alp": wide[ALP],
        }
    )


def _quadrants(peaks: pd.DataFrame) -> pd.Series:
    enzyme = exceeds(peaks["transaminase"].to_numpy(), HIGH_TRANSAMINASE)
    jaundice = exceeds(peaks["bilirubin"].to_numpy(), HIGH_BILIRUBIN)
    excluded = peaks["alp"].notna() & ~exceeds(HIGH_ALP, peaks["alp"].to_numpy())
    conditions = [enzyme & jaundice & ~excluded, enzyme & ~jaundice, jaundice]
    return pd.Series(np.select(conditions, QUADRANTS[:3], QUADRANTS[3]), index=peaks.index)


def _about_alp(peaks: pd.DataFrame, there: set[str]) -> str:
    unknown = int((peaks["alp"].isna() & (_quadrants(peaks) == "hy")).sum())
    counted = f"{unknown} without a known ALP, counted" if unknown else ""
    absent = "" if ALP in there else "ALP not recorded"
    return "; ".join(filter(None, [absent, counted]))
