"""Peaks of the liver tests: potential drug-induced injury (eDISH, Hy's law)."""

from math import nan

import numpy as np
import pandas as pd

from ppp import results
from ppp.analysis.estimators import proportions
from ppp.analysis.grading import exceeds
from ppp.analysis.laboratory import in_time

TRANSAMINASES = ("ALT", "AST")
BILIRUBIN, ALP = "Bilirubin", "ALP"
HIGH_TRANSAMINASE, HIGH_BILIRUBIN, HIGH_ALP = 3.0, 2.0, 2.0
QUADRANTS = ("hy", "temple", "cholestasis", "neither")
NOBODY = "no patient with ALT or AST and bilirubin after baseline, each with its upper limit"


def liver(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Patients by the quadrants of eDISH.

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
        Results rows ``patients`` of outcome ``edish``, level = quadrant, exact limits, n = patients
        with peaks of ALT or AST and of bilirubin; at ``hy``, `note` counts those whose ALP is
        unknown. Where that cannot be told: one empty row without level, and `note` says what is
        missing.

    References
    ----------
    Temple R. Hy's law: predicting serious hepatotoxicity. Pharmacoepidemiol Drug Saf
    2006;15:241-243. https://doi.org/10.1002/pds.1211

    FDA. Guidance for industry. Drug-induced liver injury: premarketing clinical evaluation. 2009.
    """
    missing = _missing(labs)
    if missing:
        return _nothing(f"{missing} not recorded")
    highest = _peaks(in_time(labs, patients, study))
    highest = highest.dropna(subset=["transaminase", "bilirubin"])
    if highest.empty:
        return _nothing(NOBODY)
    counts = _quadrants(highest).value_counts()
    return results.frame(
        results.row("liver", "edish", "patients",
                    proportions.clopper_pearson(int(counts.get(level, 0)), len(highest)),
                    level=level, note=_about_alp(highest, labs) if level == "hy" else "")
        for level in QUADRANTS
    )  # fmt: skip


def _nothing(note: str) -> pd.DataFrame:
    return results.frame([results.row("liver", "edish", "patients", nan, n=0, note=note)])


def _missing(labs: pd.DataFrame | None) -> str:
    """Name the tests of which no value was recorded, so that there are no quadrants."""
    if labs is None:
        return "laboratory values"
    there = _recorded(labs)
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
    return pd.DataFrame({
        "transaminase": wide[list(TRANSAMINASES)].max(axis=1),
        "bilirubin": wide[BILIRUBIN],
        "alp": wide[ALP],
    })  # fmt: skip


def _quadrants(peaks: pd.DataFrame) -> pd.Series:
    enzyme = exceeds(peaks["transaminase"].to_numpy(), HIGH_TRANSAMINASE)
    jaundice = exceeds(peaks["bilirubin"].to_numpy(), HIGH_BILIRUBIN)
    excluded = peaks["alp"].notna() & ~exceeds(HIGH_ALP, peaks["alp"].to_numpy())
    conditions = [enzyme & jaundice & ~excluded, enzyme & ~jaundice, jaundice]
    return pd.Series(np.select(conditions, QUADRANTS[:3], QUADRANTS[3]), index=peaks.index)


def _about_alp(peaks: pd.DataFrame, labs: pd.DataFrame) -> str:
    unknown = int((peaks["alp"].isna() & (_quadrants(peaks) == "hy")).sum())
    counted = f"{unknown} without a known ALP, counted" if unknown else ""
    absent = "" if ALP in _recorded(labs) else "ALP not recorded"
    return "; ".join(filter(None, [absent, counted]))
