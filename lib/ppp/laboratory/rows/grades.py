"""Grades of laboratory values (data/lab_grades.csv), and liver tests together (eDISH, Hy's law)."""

from math import nan

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.catalogue.lab_tests import HIGH_ALP, HIGH_BILIRUBIN, HIGH_TRANSAMINASE, criteria
from ppp.estimators import proportions
from ppp.laboratory.rows.values import in_time, values

SAME = 1e-9
GRADES = range(5)
ABNORMAL = "abnormal"
SEVERE = 3
UNPAIRED = "no patient with a value both at baseline and afterwards"
NO_LIMITS = "no patient with the limits that a grade needs"
TRANSAMINASES = ("ALT", "AST")
BILIRUBIN, ALP = "Bilirubin", "ALP"
MULTIPLES = {"transaminase": (3, 5, 10, 20), "bilirubin": (2,)}
NAMES = {"transaminase": "ALT or AST", "bilirubin": "bilirubin"}
QUADRANTS = ("hy", "temple", "cholestasis", "neither")
NOBODY = "no patient with ALT or AST and bilirubin after baseline, each with its upper limit"


def lab_grade(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Grade at baseline and worst grade afterwards, of every graded test that was measured.

    The grade at baseline is that of the last value up to the start date (or, without dates, up to
    the baseline week), by reference limits and absolute values. Afterwards, where the criteria say
    so, a patient abnormal at baseline is graded by multiples of the baseline value, and is worse
    from grade 1 on; any other patient is worse with a grade above the one at baseline.

    Of n patients with a grade at both: ``count`` (level ``a→b``, all 25; where an abnormal
    baseline sets the later grades, which makes a grade before and one after two scales, ``0→b``
    and ``abnormal→b``, all 10), ``worse`` and, for CTCAE, ``worse_grade3`` (worst grade 3 or more,
    and worse), exact limits. A test without such a patient gives one empty ``count`` (code
    ``unpaired`` or ``no_limits``). `code` starts with the scale, ``ctcae`` or ``atp``; with
    ``ungraded`` `note` counts what has no grade because a limit is missing, and with
    ``surely_grade_3`` those of them with a value of grade 3 or more whatever the limit.
    """
    if labs is None:
        return results.frame([])
    placed = in_time(labs, patients, study)
    by_test = dict(list(placed[placed["value"].notna()].groupby("test")))
    measured = set(labs["test"].dropna())
    return results.frame(
        row
        for test, rules in criteria().groupby("test", sort=False)
        if test in measured
        for row in _rows(test, rules, by_test.get(test, placed.head(0)))
    )


def worsened(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> dict[str, pd.Series]:
    """Tell, by test with a CTCAE grade, which of its graded patients (index) became worse."""
    if labs is None:
        return {}
    placed = in_time(labs, patients, study)
    by_test = dict(list(placed[placed["value"].notna()].groupby("test")))
    graded_tests = criteria()[criteria()["scale"].str.startswith("CTCAE")]
    found = {}
    for test, rules in graded_tests.groupby("test", sort=False):
        if test in by_test:
            pairs = _pairs(by_test[test], rules)[0]
            found[test] = _worsened(pairs, rules)["worse"]
    return found


def _pairs(values: pd.DataFrame, rules: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each patient's grade ``before`` and ``worst`` afterwards, and all later values."""
    first = _at_baseline(values, rules)
    later = _afterwards(values, first, rules)
    worst = later.groupby("study_id")["grade"].max()
    pairs = pd.concat({"before": first["grade"], "worst": worst}, axis=1).dropna().astype(int)
    return pairs, later


def _rows(test: str, rules: pd.DataFrame, values: pd.DataFrame) -> list[dict]:
    scale, term = rules[["scale", "term"]].iloc[0]
    pairs, later = _pairs(values, rules)
    reasons = {"ungraded": _left_out(later), "surely_grade_3": _surely_severe(later)}
    if pairs.empty:
        why = {"unpaired": UNPAIRED} if later.empty else {"no_limits": NO_LIMITS}
        reasons = why | {"surely_grade_3": reasons["surely_grade_3"]}
    reasons = {token: words for token, words in reasons.items() if words}
    about = {
        "method": f"{scale}: {term}",
        "note": "; ".join(reasons.values()),
        "code": " ".join([scale.split()[0].lower(), *reasons]),
    }
    if pairs.empty:
        return [results.row("lab_grade", test, "count", nan, n=0, **about)]
    counts = _shifts(pairs, rules)
    made = [
        results.row("lab_grade", test, "count", float(k), level=x, n=len(pairs), events=k, **about)
        for x, k in counts.items()
    ]
    for statistic, met in _worsened(pairs, rules).items():
        share = proportions.clopper_pearson(met.sum(), len(pairs))
        made.append(results.row("lab_grade", test, statistic, share, **about))
    return made


def _shifts(pairs: pd.DataFrame, rules: pd.DataFrame) -> dict[str, int]:
    """Count the patients by grade before and worst grade after, zeros included."""
    before, starts = pairs["before"].astype("str"), [str(grade) for grade in GRADES]
    if _is_relative(rules):
        before, starts = before.where(pairs["before"] == 0, ABNORMAL), ["0", ABNORMAL]
    counts = pd.Series(zip(before, pairs["worst"], strict=True)).value_counts()
    return {levels.shift(a, b): int(counts.get((a, b), 0)) for a in starts for b in GRADES}


def _worsened(pairs: pd.DataFrame, rules: pd.DataFrame) -> dict[str, pd.Series]:
    """Tell who became worse and, on a scale of harm, who became worse with grade 3 or more."""
    worse = pairs["worst"] > pairs["before"]
    if _is_relative(rules):
        worse = worse.where(pairs["before"] == 0, pairs["worst"] >= 1)
    if not rules["scale"].iat[0].startswith("CTCAE"):
        return {"worse": worse}
    return {"worse": worse, "worse_grade3": worse & (pairs["worst"] >= SEVERE)}


def _at_baseline(values: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Take each patient's last value up to baseline; of two at once, the one that is worse."""
    before = graded(values[values["days"] <= 0], before_treatment(rules))
    rising = rules["sign"].iat[0].startswith(">")
    before = before.assign(far=before["value"] if rising else -before["value"])
    order = ["days", "grade", "far", "uln", "lln"]
    before = before.sort_values(order, na_position="first", kind="stable")
    return before.groupby("study_id")[["value", "grade"]].last(skipna=False)


def _afterwards(values: pd.DataFrame, first: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Grade the values after baseline of patients who have one at baseline."""
    later = values[(values["days"] > 0) & values["study_id"].isin(first.index)]
    own = first.reindex(later["study_id"]).set_axis(later.index)
    later = graded(later.assign(baseline=own["value"], abnormal=own["grade"] > 0), rules)
    return later.assign(grade=later["grade"].where(own["grade"].notna()))


def _surely_severe(later: pd.DataFrame) -> str:
    """Count the ungraded patients with a value of grade 3 or more whatever the missing limit is."""
    ungraded = later["grade"].isna().groupby(later["study_id"]).transform("all")
    k = later.loc[ungraded & (later["least"] >= SEVERE), "study_id"].nunique()
    return f"in {k} of the ungraded a value is of grade 3 or more whatever the limit" if k else ""


def _left_out(later: pd.DataFrame) -> str:
    """Count the patients without a grade, and the ungraded values of the others."""
    grades = later["grade"].notna().groupby(later["study_id"]).sum()
    partly = later["study_id"].isin(grades.index[grades > 0])
    patients, values = int((grades == 0).sum()), int((partly & later["grade"].isna()).sum())
    parts = [(patients, "patient"), (values, "further value" if patients else "value")]
    counts = [f"{k} {what}{'s' if k > 1 else ''}" for k, what in parts if k]
    return f"{' and '.join(counts)} ungraded, a limit is missing" if counts else ""


def before_treatment(rules: pd.DataFrame) -> pd.DataFrame:
    """Keep the criteria that need no baseline: they grade the baseline value itself.

    >>> rules = criteria()
    >>> before_treatment(rules[rules["test"] == "Creatinine"])["grade"].tolist()
    [1, 2, 3, 4]
    """
    return rules[(rules["of"] != "baseline") & (rules["baseline"] != ABNORMAL)]


def _is_relative(rules: pd.DataFrame) -> bool:
    """Tell whether a patient who is abnormal at baseline has criteria of their own."""
    return bool((rules["baseline"] == ABNORMAL).any())


def graded(values: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Grade values of one test.

    `values`: ``value``, ``lln``, ``uln`` and, where `rules` (rows of `criteria`) ask for them,
    ``baseline`` (the patient's baseline value) and ``abnormal`` (beyond the limit at baseline).
    Added are ``least``, the highest grade of which a criterion is surely met (0 where none is), and
    ``grade``, the same, NaN where the value is missing, or where a limit is and the grade would
    turn on it. An upper limit or a baseline that is not above 0 counts as missing.

    Without a lower limit, haemoglobin of 90 g/L is grade 2 all the same; 120 may be grade 0 or 1.

    >>> rules = criteria()
    >>> values = pd.DataFrame({"value": [90.0, 120.0], "lln": np.nan, "uln": np.nan})
    >>> graded(values, rules[rules["test"] == "Haemoglobin"])["grade"].tolist()
    [2.0, nan]
    """
    least, most = np.zeros(len(values)), np.zeros(len(values))
    for rule in rules.itertuples():
        limit, concerned = _limit(values, rule), _concerns(values, rule)
        met = _met(values["value"].to_numpy(), rule.sign, limit) & concerned
        may_be = met | (np.isnan(limit) & concerned)
        least = np.where(met, np.maximum(least, rule.grade), least)
        most = np.where(may_be, np.maximum(most, rule.grade), most)
    known = values["value"].notna() & (least == most)
    return values.assign(least=least, grade=pd.Series(least, index=values.index).where(known))


def exceeds(value: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Tell where a value is truly above a limit: by more than one part in 10⁹.

    >>> exceeds(np.array([3 * 0.1]), np.array([0.3])).tolist()
    [False]
    """
    return (value > limit) & ~_same(value, limit)


def _same(value: np.ndarray, limit: np.ndarray) -> np.ndarray:
    return np.isclose(value, limit, rtol=SAME, atol=0)


def _limit(values: pd.DataFrame, rule) -> np.ndarray:
    if rule.of == "value":
        return np.full(len(values), float(rule.times))
    reference = values[rule.of].to_numpy()
    usable = reference >= 0 if rule.of == "lln" else reference > 0
    return rule.times * np.where(usable, reference, np.nan)


def _met(value: np.ndarray, sign: str, limit: np.ndarray) -> np.ndarray:
    beyond = exceeds(value, limit) if ">" in sign else exceeds(limit, value)
    return beyond | _same(value, limit) if "=" in sign else beyond


def _concerns(values: pd.DataFrame, rule) -> np.ndarray | bool:
    if rule.baseline == "any":
        return True
    if ABNORMAL not in values:
        return rule.baseline == "normal"
    return values[ABNORMAL].to_numpy() == (rule.baseline == ABNORMAL)


def peaks(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Highest liver tests of each patient (``study_id``) after baseline, wherever they lie.

    ``transaminase`` (the higher of ALT and AST), ``bilirubin`` and ``alp`` are multiples of the
    upper limit of normal (NaN: no value with one). ``quadrant``, where the first two are known:
    ``hy`` (ALT or AST above 3 and bilirubin above 2, ALP below 2 or unknown), ``temple`` (ALT or
    AST above 3, bilirubin not above 2), ``cholestasis`` (bilirubin above 2 otherwise) or
    ``neither``. ``blocked`` (bool): not ``hy`` by ALP alone.
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

    ``patients`` with exact limits. Outcomes ``transaminase``, levels ``>3``, ``>5``, ``>10``,
    ``>20`` (n = patients with a peak of ALT or AST), and ``bilirubin``, level ``>2``, where
    recorded; ``edish``, level = quadrant, n = patients with both peaks; at ``hy``, `note` counts
    those whose ALP is unknown. An outcome that cannot be told is one empty row without level.

    References
    ----------
    Temple 2006, doi:10.1002/pds.1211; FDA guidance on drug-induced liver injury 2009.
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
