"""Sentences on what the answer is worth: method, missing values, single patients, tests, chance."""

from ppp import levels, results
from ppp.catalogue.outcomes import key_measures, outcomes, targets
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.efficacy")
MEANS = (
    "mean_change",
    "mean_change_bca",
    "mmrm_change",
    "random_intercept_change",
    "hodges_lehmann",
)
EXAMPLE = 0.7


def _here(rows, study, outcome, **where):
    """Pick the rows of one outcome, of everybody; name what a sentence on them needs."""
    about = {"outcome": outcome or study.endpoints.primary, "week": study.schedule.primary}
    return results.pick(rows, outcome=about["outcome"], group="all", **where), about


def robustness(rows, study, outcome: str | None = None) -> Prose:
    """Say between which values the change lies over all estimators and missing-data rules.

    From results rows ``change`` and ``longitudinal``.
    """
    kinds = {"analysis": ["change", "longitudinal"], "statistic": list(MEANS)}
    here, about = _here(rows, study, outcome, week=study.schedule.primary, **kinds)
    here = here.dropna(subset=["estimate"])
    if here.empty:
        return WORDS.say("robustness.absent", study, about)
    low, high = (text.number(x) for x in (here["estimate"].min(), here["estimate"].max()))
    spread = "same" if low == high else "range"
    return WORDS.say(
        "robustness.said",
        study,
        about,
        analyses=text.plural(len(here), "analysis", "analyses"),
        spread=WORDS.say(f"robustness.{spread}", study, low=low, high=high),
        reach=_reach(here, study),
    )


def _reach(rows, study) -> Prose:
    known = rows.dropna(subset=["ci_low", "ci_high"])
    low, high = known["ci_low"].min(), known["ci_high"].max()
    side = "below" if high < 0 else "above" if low > 0 else "both"
    side = "none" if known.empty else side
    return WORDS.say(f"robustness.reach.{side}", study, limits=text.interval(low, high))


def missing_rule(rows, study, outcome: str | None = None) -> Prose:
    """Say how much is missing, from rows ``missing_pattern``, and how it is treated."""
    here, about = _here(rows, study, outcome, analysis="missing_pattern")
    weeks = study.schedule.weeks
    seen = here["level"].map(levels.seen)
    fits = seen.map(len) == len(weeks)
    here, seen = here[fits], seen[fits]
    if here.empty or about["week"] not in weeks:
        return WORDS.say("missing_rule.absent", study, about)
    place, n = weeks.index(about["week"]), here["n"].max()
    complete = here.loc[seen.map(all), "events"].sum()
    gaps = here.loc[~seen.map(lambda visits: visits[place]), "events"].sum()
    vowel = names.outcome(study, about["outcome"])[:1].lower() in tuple("aeio")
    return WORDS.say(
        f"missing_rule.{'complete' if complete == n else 'gaps'}",
        study,
        about,
        article="an" if vowel else "a",
        n=text.count(n),
        complete=text.count(complete),
        gaps=text.count(gaps) if gaps else WORDS["missing_rule.nobody"],
    )


def influence(rows, study, outcome: str | None = None) -> Prose:
    """Say what the mean change would be without one patient, and whose absence moves it most.

    From results rows ``sensitivity`` (``leave_one_out``, ``most_influential``).
    """
    here, about = _here(rows, study, outcome, analysis="sensitivity", week=study.schedule.primary)
    left = results.pick(here, statistic="leave_one_out")
    known = left.dropna(subset=["estimate"])
    have = set(known["level"])
    if not {"estimate_min", "estimate_max"} <= have:
        row = left.iloc[0] if len(left) else about
        return WORDS.say("influence.empty" if len(left) else "influence.absent", study, row)
    entry = "said_limits" if {"ci_low_min", "ci_high_max"} <= have else "said"
    said = WORDS.say(f"influence.{entry}", study, about, known, n=text.count(left["n"].max()))
    most = first(here, statistic="most_influential")
    if usable(most) and most["level"]:
        said += WORDS.say("influence.most", study, most)
    return said


def tipping(rows, study, outcome: str | None = None) -> Prose:
    """Say how much worse the missing scores would have to be to overturn the fall."""
    row = first(
        rows,
        **WORDS["tipping.rows"],
        outcome=outcome or study.endpoints.primary,
        week=study.schedule.primary,
    )
    if usable(row) and row["estimate"] == 0:
        return WORDS.say("tipping.zero", study, row)
    if row is not None and not usable(row):
        reason = row["note"] or WORDS["tipping.unknown"]
        return WORDS.say("tipping.empty", study, row, reason=reason)
    return WORDS.statement("tipping", rows, study, outcome=outcome)


def binary_tipping(rows, study, outcome: str | None = None) -> Prose:
    """Say between which proportions a response lies, whatever the missing ones were.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``sensitivity`` (``binary_tipping``).
    outcome : str, optional
        A target; unless given, the first of the key results that has such rows.
    """
    tipped = set(results.pick(rows, statistic="binary_tipping")["outcome"])
    known = [*(key for _, key in key_measures(study)), *targets(study)]
    outcome = outcome or next((code for code in known if code in tipped), None)
    if outcome is None:
        return WORDS.say("binary_tipping.none", study)
    where = {"analysis": "sensitivity", "statistic": "binary_tipping"}
    here, about = _here(rows, study, outcome, week=study.schedule.primary, **where)
    here = here.dropna(subset=["estimate"])
    if here.empty:
        return WORDS.say("binary_tipping.absent", study, about)
    missing = levels.amounts(here["level"])
    ends = {"least": here.loc[missing.idxmin()], "most": here.loc[missing.idxmax()]}
    entry = "complete" if len(here) == 1 else "said"
    count = text.count(missing.max())
    return WORDS.say(f"binary_tipping.{entry}", study, about, missing=count, **ends)


def multiplicity(rows, study) -> Prose:
    """Say which p-values are adjusted for their number, and which are not."""
    here = results.pick(rows, analysis="multiplicity")
    if here.empty:
        return WORDS.say("multiplicity.none", study)
    sequence = results.pick(here, statistic="fixed_sequence").sort_values("level")
    steps = [_step(row, study) for _, row in sequence.iterrows()]
    said = Prose("")
    if steps:
        listed = WORDS["multiplicity.then"].join(steps)
        said += WORDS.say("multiplicity.sequence", study, steps=Prose(listed))
    holm = results.pick(here, statistic="holm").dropna(subset=["p_value"])
    if len(holm):
        tests = text.plural(len(holm), "signed-rank p-value")
        said += WORDS.say("multiplicity.holm", study, tests=tests)
    return said + WORDS.say("multiplicity.rest", study)


def _step(row, study) -> str:
    if text.is_missing(row["p_value"]):
        return WORDS.say("multiplicity.estimated", study, row).text
    return text.markdown(names.outcome(study, row["outcome"]))


def coverage(shortfalls, rows, study) -> Prose:
    """Say which of the intervals shown held the true value less often than they promise.

    Parameters
    ----------
    shortfalls : DataFrame
        Columns ``statistic``, ``outcome``, ``scores``, ``n``, ``nominal``, ``found`` of a
        simulation, only where coverage falls short (`ppp.efficacy.rows.drawn.shortfalls`).
    rows : DataFrame
        The page's results rows; a simulated outcome is named where it is among theirs.
    """
    if "quantity" in shortfalls:
        shortfalls = results.pick(shortfalls, quantity="coverage")
    have = set(rows["outcome"])
    said = [
        _short(short, statistic, outcome if outcome in have else "", study)
        for (statistic, outcome, _), short in shortfalls.groupby(
            ["statistic", "outcome", "n"], sort=False
        )
    ]
    return sum(said, Prose("")) if said else WORDS.say("coverage.none", study)


def _short(short, statistic: str, outcome: str, study) -> Prose:
    intervals, scores = WORDS["coverage.intervals"], WORDS["coverage.scores"]
    shares = [
        WORDS.say(
            "coverage.share",
            study,
            found=Prose(text.percent(row["found"])),
            scores=Prose(scores.get(row["scores"], row["scores"])),
        ).text
        for _, row in short.iterrows()
    ]
    return WORDS.say(
        "coverage.said_of" if outcome else "coverage.said",
        study,
        {"outcome": outcome},
        nominal=text.level(short["nominal"].iloc[0]),
        interval=intervals.get(statistic, statistic.replace("_", " ")),
        shares=Prose(text.listed(shares)),
        n=text.count(short["n"].iloc[0]),
    )


def regression_to_mean(rows, study) -> Prose:
    """Say what regression to the mean does and does not explain of the primary change."""
    here, about = _here(rows, study, None, analysis="regression_to_mean")
    row = first(here, statistic="explaining_correlation")
    if row is None:
        return WORDS.say("regression_to_mean.absent", study, about)
    if not usable(row):
        return WORDS.say("regression_to_mean.empty", study, row)
    entry = "never" if row["estimate"] < 0 else "bound"
    outcome = outcomes(study)[about["outcome"]]
    said = WORDS.say(f"regression_to_mean.{entry}", study, row, best=f"{outcome.best:g}")
    level = levels.correlation(EXAMPLE, outcome.best)
    example = first(here, statistic="expected_change", level=level)
    if usable(example):
        correlation = f"{EXAMPLE:g}"
        entry = "example" if outcome.sign == 1 else "example_rise"
        said += WORDS.say(f"regression_to_mean.{entry}", study, example, correlation=correlation)
    return said + WORDS.say("regression_to_mean.not_excluded", study)
