"""Peaks of the liver tests: potential drug-induced injury (eDISH, Hy's law)."""

from math import nan

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.catalogue.lab_tests import HIGH_ALP, HIGH_BILIRUBIN, HIGH_TRANSAMINASE
from ppp.estimators import proportions
from ppp.laboratory.rows.grades import exceeds
from ppp.laboratory.rows.values import values

TRANSAMINASES = ("ALT", "AST")
BILIRUBIN, ALP = "Bilirubin", "ALP"
MULTIPLES = {"transaminase": (3, 5, 10, 20), "bilirubin": (2,)}
NAMES = {"transaminase": "ALT or AST", "bilirubin": "bilirubin"}
QUADRANTS = ("hy", "temple", "cholestasis", "neither")
NOBODY = "no patient with ALT or AST and bilirubin after baseline, each with its upper limit"


def peaks(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Highest liver tests of each patient after baseline, wherever in time they lie.

    Returns
    -------
    DataFrame
        Index ``study_id``; ``transaminase`` (the higher of ALT and AST), ``bilirubin`` and ``alp``
        as multiples of the upper limit of normal (NaN: no value with one); where there are the
        first two, ``quadrant``: ``hy`` (ALT or AST above 3 and bilirubin above 2, ALP below 2 or
        unknown), ``temple`` (ALT or AST above 3, bilirubin not above 2), ``cholestasis`` (bilirubin
        above 2 otherwise) or ``neither``; ``blocked`` (bool): not ``hy`` by ALP alone.
    """
    placed = values(labs, patients, study)
    later = placed[(placed["days"] > 0) & (placed["uln"] > 0)]
    ratio = (later["value"] / later["uln"]).astype(float)
    wide = ratio.groupby([later["study_id"], later["test"]]).max().unstack("test")
    wide = wide.reindex(columns=[*TRANSAMINASES, BILIRUBIN, ALP])
    enzyme, bilirubin, alp = wide[[*TRANSAMINASES]].max(axis=1), wide[BILIRUBIN], wide[ALP]
    high, jaundice = exceeds(enzyme, HIGH_TRANSAMINASE), exceeds(bilirubin, HIGH_BILIRUBIN)
    excluded = alp.notna() & ~exceeds(HIGH_ALP, alp)
    kinds = [high & jaundice & ~excluded, high & ~jaundice, jaundice]
    quadrant = pd.Series(np.select(kinds, QUADRANTS[:3], QUADRANTS[3]), wide.index)
    return pd.DataFrame(
        {
            "transaminase": enzyme,
            "bilirubin": bilirubin,
            "alp": alp,
            "quadrant": quadrant.where(enzyme.notna() & bilirubin.notna()),
            "blocked": high & jaundice & excluded,
        }
    )


def liver(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Patients by their highest liver tests, and by the quadrants of eDISH, as `peaks` has them.

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
        return results.frame([_nothing("edish", "laboratory values not recorded", "not_recorded")])
    there = set(labs.loc[labs["value"].notna(), "test"].dropna())
    highest = peaks(labs, patients, study)
    measured = {"transaminase": there & set(TRANSAMINASES), "bilirubin": there & {BILIRUBIN}}
    single = [row for name in NAMES if measured[name] for row in _multiples(name, highest[name])]
    return results.frame(single + _edish(highest, there))


def _multiples(name: str, highest: pd.Series) -> list[dict]:
    """Count the patients whose peak of one test exceeds each multiple of its upper limit."""
    highest = highest.dropna().to_numpy()
    if not len(highest):
        lacking = f"no patient with {NAMES[name]} after baseline and its upper limit"
        return [_nothing(name, lacking, "nobody")]
    above = {times: exceeds(highest, float(times)).sum() for times in MULTIPLES[name]}
    return [
        _share(name, int(k), len(highest), level=levels.above(times)) for times, k in above.items()
    ]


def _edish(highest: pd.DataFrame, there: set[str]) -> list[dict]:
    """Count the patients in each quadrant, or say which tests there are none of."""
    lacking = [] if there & set(TRANSAMINASES) else list(TRANSAMINASES)
    lacking += [] if BILIRUBIN in there else [BILIRUBIN.lower()]
    if lacking:
        missing = " and ".join(filter(None, [", ".join(lacking[:-1]), lacking[-1]]))
        return [_nothing("edish", f"{missing} not recorded", "not_recorded")]
    both = highest.dropna(subset="quadrant")
    if both.empty:
        return [_nothing("edish", NOBODY, "nobody")]
    counts = both["quadrant"].value_counts()
    about = {"hy": _about_alp(both, there)}
    return [
        _share("edish", int(counts.get(x, 0)), len(both), level=x, **about.get(x, {}))
        for x in QUADRANTS
    ]


def _share(outcome: str, k: int, n: int, **where) -> dict:
    share = proportions.clopper_pearson(k, n)
    return results.row("liver", outcome, "patients", share, **where)


def _nothing(outcome: str, note: str, code: str) -> dict:
    return results.row("liver", outcome, "patients", nan, n=0, note=note, code=code)


def _about_alp(both: pd.DataFrame, there: set[str]) -> dict[str, str]:
    """Say how many are counted in the range of Hy's law though their ALP is not known."""
    unknown = int((both["alp"].isna() & (both["quadrant"] == "hy")).sum())
    reasons = {
        "alp_not_recorded": "" if ALP in there else "ALP not recorded",
        "alp_unknown": f"{unknown} without a known ALP, counted" if unknown else "",
    }
    reasons = {token: words for token, words in reasons.items() if words}
    return {"note": "; ".join(reasons.values()), "code": " ".join(reasons)}
