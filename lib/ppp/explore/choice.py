"""One exploratory question and its answer: `Choice` in, `view` out.

What `explore.ipynb` and ``explore.html`` ask is asked here, of the estimators that the reports use.
"""

from dataclasses import dataclass, field, replace

import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.catalogue.outcomes import CHANGES, TOLERANCE, Target, analysed, outcomes, reached
from ppp.catalogue.recorded import (
    MULTIPLE,
    categorical_fields,
    codes,
    entries_of,
    levels,
    numeric_fields,
    recorded,
)
from ppp.cohort import after_baseline, by_week
from ppp.errors import StudyError
from ppp.estimators import paired, proportions, signed_rank
from ppp.estimators.estimate import Estimate, reason
from ppp.estimators.imputation import locf
from ppp.report.text import FEW

MISSING = ("observed", "nri", "locf")
RULES = ("percent", "reach", "by")
FEWEST_TESTED = 10
BASELINE = "baseline_"


@dataclass(frozen=True)
class Cut:
    """A field by which patients are chosen.

    `kind` is ``choice`` (one of `options`), ``list`` (patients with the entry) or ``number``, from
    `low` to `high` as they occur.
    """

    name: str
    label: str
    kind: str
    options: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Choice:
    """One question: which score, when, of whom, and what counts as response.

    Attributes
    ----------
    missing : ``observed``; ``nri``, missing is no response (changes stay as observed); or ``locf``.
    rule, value : response: better by `value` ``percent`` of baseline, ``reach`` a value, or better
        ``by`` so many points.
    cuts : by name of a `Cut` the value, the entry, or lowest and highest value; patients of whom
        it is not known are left out.
    query : further condition on patient fields and ``baseline_<score>``, as pandas reads it.
    """

    outcome: str
    week: int
    missing: str = "observed"
    rule: str = "percent"
    value: float = 75
    cuts: dict = field(default_factory=dict)
    query: str = ""


@dataclass(frozen=True)
class View:
    """The answer to one `Choice`.

    Attributes
    ----------
    ids : study ids of the patients who are left, in their order.
    scores : DataFrame of float, these patients × scheduled weeks, carried forward under ``locf``.
    change : mean change with t interval; no p-value below 10 pairs, no estimate below 3.
    signed_rank : Wilcoxon's test by Pratt's rule; empty below 10 pairs.
    wilson, clopper_pearson : share of responders with its interval; counts alone below 5.
    responded : 1, 0 or missing by patient.
    by_week : DataFrame by week after baseline: ``events``, ``n`` and `clopper_pearson`'s limits.
    """

    choice: Choice
    ids: tuple[str, ...]
    scores: pd.DataFrame
    change: Estimate
    signed_rank: Estimate
    wilson: Estimate
    clopper_pearson: Estimate
    responded: pd.Series
    by_week: pd.DataFrame


def explorable(data, study) -> bool:
    """Tell whether there is a score, and a visit after baseline."""
    return bool(analysed(data.visits, study, *CHANGES) and after_baseline(study))


def first_choice(data, study) -> Choice:
    """Ask what the plan asked: the primary endpoint at its visit, its first target, by NRI.

    Raises StudyError where nothing can be explored.
    """
    if not explorable(data, study):
        raise StudyError("there is no score at two visits, so there is nothing to explore")
    codes, primary = analysed(data.visits, study, *CHANGES), study.endpoints.primary
    outcome = primary if primary in codes else codes[0]
    week = study.schedule.primary
    weeks = after_baseline(study)
    choice = Choice(outcome, week if week in weeks else weeks[-1], "nri")
    return replace(choice, **default_target(outcome, study))


def default_target(outcome: str, study) -> dict:
    """Give `rule` and `value` of an outcome's first target; 50 % of baseline where it has none."""
    targets = outcomes(study)[outcome].targets
    return {"rule": targets[0].rule, "value": targets[0].value} if targets else {"value": 50.0}


def table(data, study) -> pd.DataFrame:
    """Lay out what patients can be chosen by: their fields, and each score at baseline."""
    baseline = {
        BASELINE + code: by_week(data.visits, data.patients, code, study)[study.schedule.baseline]
        for code in analysed(data.visits, study, *CHANGES)
    }
    return data.patients.set_index("study_id").assign(**baseline)


def cuts(data, study) -> list[Cut]:
    """List the fields by which patients can be chosen: those recorded, with what occurs in them."""
    patients, found = table(data, study), []
    for name in categorical_fields(data.patients, study):
        options = tuple(levels(data.patients, name, study))
        found.append(Cut(name, study.label(name, "patients"), "choice", options))
    for name in recorded(data.patients, MULTIPLE):
        listed = sorted(set(patients[name].dropna().map(entries_of).explode().dropna()), key=fold)
        found.append(Cut(name, study.label(name, "patients"), "list", tuple(listed)))
    scores = [name for name in patients if name.startswith(BASELINE)]
    for name in [*numeric_fields(data.patients, study), *scores]:
        values = patients[name].dropna().astype(float)
        if len(values):
            code = name.removeprefix(BASELINE)
            label = study.label(code) + " at baseline" * (code != name)
            found.append(Cut(name, label, "number", (), float(values.min()), float(values.max())))
    return [cut for cut in found if cut.options or cut.kind == "number"]


def eligible(data, study, choice: Choice) -> pd.Index:
    """Give the study ids of the patients of a choice.

    Raises StudyError at a cut that is none of `cuts`, and a query that pandas cannot read.
    """
    patients, known = table(data, study), {cut.name: cut for cut in cuts(data, study)}
    keep = pd.Series(True, index=patients.index)
    for name, wanted in choice.cuts.items():
        if name not in known:
            raise StudyError(f"cuts: {name!r} is none of {', '.join(known)}")
        keep &= _within(patients[name], known[name].kind, wanted)
    chosen = patients[keep]
    if choice.query:
        try:
            chosen = chosen.query(choice.query)
        except Exception as wrong:
            raise StudyError(
                f"query: {choice.query!r} cannot be read ({type(wrong).__name__}); write, for "
                f"instance, age_years < 40 and sex == 'female', of {', '.join(patients)}"
            ) from None
    return chosen.index


def _within(values: pd.Series, kind: str, wanted) -> pd.Series:
    if kind == "number":
        low, high = wanted
        return values.astype(float).between(low - TOLERANCE, high + TOLERANCE)
    if kind == "list":
        return values.map(lambda text: wanted in entries_of(text), na_action="ignore").eq(True)
    return codes(values).eq(str(wanted)).fillna(False)


def view(data, study, choice: Choice) -> View:
    """Answer one choice; StudyError where it cannot be asked of these data."""
    _check(data, study, choice)
    ids = eligible(data, study, choice)
    scores = by_week(data.visits, data.patients, choice.outcome, study)
    scores = scores.loc[ids, [study.schedule.baseline, *after_baseline(study)]]
    if choice.missing == "locf":
        scores = pd.DataFrame(locf(scores), scores.index, scores.columns)
    before, after = scores[study.schedule.baseline], scores[choice.week]
    change, test = paired.mean_change(before, after), signed_rank.wilcoxon_exact(before, after)
    if change.n < FEWEST_TESTED:
        change, test = replace(change, p_value=float("nan")), Estimate(n=change.n)
    responded = _responded(scores, study, choice)
    counts = responded.agg(["sum", "count"]).T.astype(int).itertuples(index=False)
    exact = {
        week: _share(proportions.clopper_pearson, *both)
        for week, both in zip(responded, counts, strict=True)
    }
    primary = exact[choice.week]
    columns = ["events", "n", "ci_low", "ci_high"]
    return View(
        choice=choice,
        ids=tuple(ids),
        scores=scores,
        change=change,
        signed_rank=test,
        wilson=_share(proportions.wilson, primary.events, primary.n),
        clopper_pearson=primary,
        responded=responded[choice.week],
        by_week=pd.DataFrame(map(vars, exact.values()), exact, columns),
    )


def _share(estimator, events: int, n: int) -> Estimate:
    """Estimate a share; below five patients give the counts alone."""
    if n < FEW:
        why = reason("too_few", f"fewer than {FEW} patients")
        return Estimate(n=int(n), events=int(events), **why)
    return estimator(int(events), int(n))


def _responded(scores: pd.DataFrame, study, choice: Choice) -> pd.DataFrame:
    """Judge the response: patients × weeks after baseline, 1, 0, or missing where not judged."""
    before, after = scores[study.schedule.baseline], scores[after_baseline(study)]
    target = Target("", choice.outcome, choice.rule, float(choice.value))
    hit, evaluable = reached(target, before, after, study)
    judged = hit.astype(float)
    if choice.missing != "nri":
        judged = judged.where(after.notna())
    return judged.where(evaluable, axis=0)


def _check(data, study, choice: Choice):
    allowed = {
        "outcome": analysed(data.visits, study, *CHANGES),
        "week": after_baseline(study),
        "missing": MISSING,
        "rule": RULES,
    }
    for name, options in allowed.items():
        if (value := getattr(choice, name)) not in options:
            raise StudyError(f"{name} = {value!r} cannot be chosen; choose one of {options}")
