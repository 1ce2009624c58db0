"""Grades of laboratory values (CTCAE, ATP III), from baseline to the worst afterwards."""

from math import nan

import pandas as pd

from ppp import results
from ppp.estimators import proportions
from ppp.safety.rows import grading
from ppp.safety.rows.laboratory import in_time

GRADES = range(5)
ABNORMAL = "abnormal"
SEVERE = 3
UNPAIRED = "no patient with a value both at baseline and afterwards"
UNGRADED = "no patient with the limits that a grade needs"


def lab_grade(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Grade at baseline and worst grade afterwards, of every graded test that was measured.

    The grade at baseline is that of the last value up to the baseline week (or, without weeks, up
    to the start date), by reference limits and absolute values. Afterwards, where the criteria say
    so, a patient abnormal at baseline is graded by multiples of the baseline value, and is worse
    from grade 1 on; any other patient is worse with a grade above the one at baseline.

    Parameters
    ----------
    labs : DataFrame or None
        One row a value, in canonical units; None: not recorded.
    patients : DataFrame
    study : Study

    Returns
    -------
    DataFrame
        Results rows with outcome = test and `method` = scale and term, tests in the order of
        ``data/lab_grades.csv``, of n patients with a grade at baseline and one afterwards:
        ``count`` (level ``a→b``, all 25; where an abnormal baseline sets the later grades, which
        makes a grade before and one after two scales: ``0→b`` and ``abnormal→b``, all 10),
        ``worse`` and, for CTCAE, ``worse_grade3`` (worst grade 3 or more, and worse), exact
        limits. `note` counts what could not be graded because a limit is missing. A test that has
        no such patient gives one empty ``count`` whose `note` says why.

    See Also
    --------
    ppp.safety.rows.grading.grades : how a value is graded.
    """
    if labs is None:
        return results.frame([])
    placed = in_time(labs, patients, study)
    found = dict(list(placed[placed["value"].notna()].groupby("test")))
    measured = set(labs["test"].dropna().unique())
    each = grading.criteria().groupby("test", sort=False)
    return results.frame(
        row
        for test, rules in each
        if test in measured
        for row in _rows(test, rules, found.get(test, placed.head(0)))
    )


def _rows(test: str, rules: pd.DataFrame, values: pd.DataFrame) -> list[dict]:
    method = f"{rules['scale'].iat[0]}: {rules['term'].iat[0]}"
    first = _at_baseline(values, rules)
    later = _afterwards(values, first, rules)
    pairs = _pairs(first, later)
    severe = _surely_severe(later, rules)
    where = {"method": method, "note": "; ".join(filter(None, [_left_out(later), severe]))}
    if pairs.empty:
        why = UNPAIRED if later.empty else UNGRADED
        where["note"] = "; ".join(filter(None, [why, severe]))
        return [results.row("lab_grade", test, "count", nan, n=0, **where)]
    worse = _is_worse(pairs, rules)
    shares = {"worse": worse}
    if rules["scale"].iat[0].startswith("CTCAE"):
        shares["worse_grade3"] = worse & (pairs["worst"] >= SEVERE)
    found = {
        name: proportions.clopper_pearson(met.sum(), len(pairs)) for name, met in shares.items()
    }
    return _shift_rows(test, pairs, rules, where) + [
        results.row("lab_grade", test, statistic, share, **where)
        for statistic, share in found.items()
    ]


def _shift_rows(test: str, pairs: pd.DataFrame, rules: pd.DataFrame, where: dict) -> list[dict]:
    before, starts = pairs["before"].astype("str"), [str(grade) for grade in GRADES]
    if grading.is_relative(rules):
        before, starts = before.where(pairs["before"] == 0, ABNORMAL), ["0", ABNORMAL]
    shifts = (before + "→" + pairs["worst"].astype("str")).value_counts()
    counts = {x: int(shifts.get(x, 0)) for x in (f"{a}→{b}" for a in starts for b in GRADES)}
    return [
        results.row(
            "lab_grade", test, "count", float(k), level=level, n=len(pairs), events=k, **where
        )
        for level, k in counts.items()
    ]


def _at_baseline(values: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Take each patient's last value up to baseline; of two at once, the one that is worse."""
    before = values[values["days"] <= 0]
    before = before.assign(grade=grading.grades(before, grading.before_treatment(rules)))
    rising = rules["sign"].iat[0].startswith(">")
    before = before.assign(far=before["value"] if rising else -before["value"])
    order = ["days", "grade", "far", "uln", "lln"]
    before = before.sort_values(order, na_position="first", kind="stable")
    return before.groupby("study_id")[["value", "grade"]].last(skipna=False)


def _afterwards(values: pd.DataFrame, first: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Grade the values after baseline of patients who have one at baseline."""
    later = values[(values["days"] > 0) & values["study_id"].isin(first.index)]
    own = first.reindex(later["study_id"]).set_axis(later.index)
    later = later.assign(baseline=own["value"], abnormal=own["grade"] > 0)
    later = later.assign(grade=grading.grades(later, rules))
    return later.assign(grade=later["grade"].where(own["grade"].notna()))


def _pairs(first: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Put the grade at baseline beside the worst one afterwards, where there are both."""
    worst = later.groupby("study_id")["grade"].max()
    return pd.concat({"before": first["grade"], "worst": worst}, axis=1).dropna().astype(int)


def _is_worse(pairs: pd.DataFrame, rules: pd.DataFrame) -> pd.Series:
    higher = pairs["worst"] > pairs["before"]
    if not grading.is_relative(rules):
        return higher
    return higher.where(pairs["before"] == 0, pairs["worst"] >= 1)


def _surely_severe(later: pd.DataFrame, rules: pd.DataFrame) -> str:
    """Count the ungraded patients with a value of grade 3 or more whatever the missing limit is."""
    least = grading.least(later, rules)
    ungraded = later["grade"].isna().groupby(later["study_id"]).transform("all")
    k = later.loc[ungraded & (least >= SEVERE), "study_id"].nunique()
    return f"in {k} of the ungraded a value is of grade 3 or more whatever the limit" if k else ""


def _left_out(later: pd.DataFrame) -> str:
    """Count the patients without a grade, and the ungraded values of the others."""
    graded = later["grade"].notna().groupby(later["study_id"]).sum()
    partly = later["study_id"].isin(graded.index[graded > 0])
    patients, values = int((graded == 0).sum()), int((partly & later["grade"].isna()).sum())
    told = [(patients, "patient"), (values, "value" if not patients else "further value")]
    counts = [f"{k} {what}{'s' if k > 1 else ''}" for k, what in told if k]
    return f"{' and '.join(counts)} ungraded, a limit is missing" if counts else ""
