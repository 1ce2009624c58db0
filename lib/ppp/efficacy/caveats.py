"""Sentences on what the answer is worth: method, missing values, single patients, tests."""

from ppp import levels, results
from ppp.catalogue.outcomes import key_measures, outcomes, targets
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.words import Words
from ppp.report.write import digits
from ppp.results import first, has_code, usable

WORDS = Words("ppp.efficacy")
MEANS = [
    "mean_change",
    "mean_change_bca",
    "hodges_lehmann",
    "mmrm_change",
    "random_intercept_change",
]
LIMITS = ("estimate", "ci_low", "ci_high")
HALF = 0.5


def _here(rows, study, outcome, **where):
    """Pick the rows of one outcome, of everybody; name what a sentence on them needs."""
    about = {"outcome": outcome or study.endpoints.primary, "week": study.schedule.primary}
    return results.pick(rows, outcome=about["outcome"], group="all", **where), about


def robustness(rows, study) -> Prose:
    """Say between which values the change lies over all analyses that give different results.

    From results rows ``change`` and ``longitudinal``. A mixed model that did not converge does not
    count: what stands in is the random intercept. Analyses of the same estimate and interval,
    as printed, count once, such as all rules for missing values where none is missing.
    """
    kinds = {"analysis": ["change", "longitudinal"], "statistic": list(MEANS)}
    here, about = _here(rows, study, None, week=study.schedule.primary, **kinds)
    here = here[~has_code(here, "compound_symmetry")]
    here = here.dropna(subset=["estimate"]).round(dict.fromkeys(LIMITS, digits("mean_change")))
    here = here.sort_values("statistic", key=lambda names: names.map(MEANS.index), kind="stable")
    here = here.drop_duplicates(list(LIMITS))
    if here.empty:
        return WORDS.say("robustness.absent", study, about)
    named = WORDS["robustness.names"]
    which = here["statistic"].where(here["statistic"] != "mean_change", here["missing"])
    low, high = (text.number(x) for x in (here["estimate"].min(), here["estimate"].max()))
    entry = "one" if len(here) == 1 else "same" if low == high else "range"
    return WORDS.say(
        f"robustness.{entry}",
        study,
        about,
        named=text.listed(which.map(named)),
        low=low,
        high=high,
        reach=_reach(here.assign(named=which.map(named)), study),
    )


def _reach(rows, study) -> Prose:
    known = rows.dropna(subset=["ci_low", "ci_high"])
    low, high = known["ci_low"].min(), known["ci_high"].max()
    hold = known[(known["ci_low"] <= 0) & (known["ci_high"] >= 0)]
    side = "below" if high < 0 else "above" if low > 0 else "some" if len(hold) else "apart"
    side = "none" if known.empty else side
    which = {"n": len(hold), "all": text.count(len(known)), "which": text.listed(hold["named"])}
    return WORDS.say(f"robustness.reach.{side}", study, limits=text.interval(low, high), **which)


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
    kind = "nobody" if gaps == n else "gaps" if gaps else "earlier"
    kind = "complete" if complete == n else kind
    return WORDS.say(
        f"missing_rule.{kind}",
        study,
        about,
        n=int(n),
        complete=text.count(complete),
        gaps=text.count(gaps),
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
    full = {"ci_low_min", "ci_high_max", "p_max"} <= have
    entry = "said_limits" if full else "said"
    said = WORDS.say(f"influence.{entry}", study, about, known, n=text.count(left["n"].max()))
    most = first(here, statistic="most_influential")
    if usable(most) and most["level"]:
        best = "best_baseline" in most["code"].split()
        said += WORDS.say(f"influence.most{'_best' if best else ''}", study, most)
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
    if row is not None and "never_tips" in row["code"].split():
        return WORDS.say("tipping.never", study, row)
    return WORDS.statement("tipping", rows, study, outcome=outcome) + _verdict(row, rows, study)


def _verdict(row, rows, study) -> Prose:
    """Say whether the tipping point is more than the improvement that was observed."""
    where = {"analysis": "change", "statistic": "mean_change", "missing": "observed"}
    change = None if row is None else first(rows, **where, **row[["outcome", "week", "group"]])
    if not usable(row) or not usable(change):
        return Prose("")
    entry = "more" if row["estimate"] > abs(change["estimate"]) else "less"
    return WORDS.say(f"tipping.{entry}", study, change)


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
    shares = {f"{end}_share": WORDS.share(study, row) for end, row in ends.items()}
    missing = text.count(missing.max())
    return WORDS.say(f"binary_tipping.{entry}", study, about, missing=missing, **ends, **shares)


def multiplicity(rows, study) -> Prose:
    """Say which p-values are adjusted for their number, in which order, and which are not."""
    here = results.pick(rows, analysis="multiplicity")
    said = WORDS.say("multiplicity.unplanned", study)
    if here.empty:
        return said + WORDS.say("multiplicity.none", study)
    sequence = results.pick(here, statistic="fixed_sequence").sort_values("level")
    steps = [_step(row, study) for _, row in sequence.iterrows()]
    if steps:
        listed = WORDS["multiplicity.then"].join(steps)
        said += WORDS.say("multiplicity.sequence", study, steps=Prose(listed))
    holm = results.pick(here, statistic="holm").dropna(subset=["p_value"])
    if len(holm):
        said += WORDS.say("multiplicity.holm", study, n=len(holm))
    adjusted = here.dropna(subset=["p_value"]).sort_values("p_value")
    if len(adjusted):
        said += WORDS.say("multiplicity.largest", study, adjusted=adjusted.iloc[-1])
    return said + WORDS.say("multiplicity.rest", study)


def _step(row, study) -> str:
    if "estimation" in row["code"].split():
        return WORDS.say("multiplicity.estimated", study, row).text
    return text.markdown(names.outcome(study, row["outcome"]))


def regression_to_mean(rows, study) -> Prose:
    """Say at which test–retest correlation regression to the mean gives the whole change."""
    here, about = _here(rows, study, None, analysis="regression_to_mean")
    row = first(here, statistic="explaining_correlation")
    if row is None:
        return WORDS.say("regression_to_mean.absent", study, about)
    if not usable(row):
        return WORDS.say("regression_to_mean.empty", study, row)
    entry = "never" if row["estimate"] < 0 else "bound"
    best = f"{outcomes(study)[about['outcome']].best:g}"
    said = WORDS.say(f"regression_to_mean.{entry}", study, row, best=best)
    grid = results.pick(here, statistic="expected_change")
    parts = grid["level"].map(levels.correlation_of)
    grid = grid.assign(usual=parts.str[1])[parts.str[0] == HALF]
    if grid.empty:
        return said
    changes, means = (
        text.listed(text.number(x, d) for x in grid[c]) for c, d in (("estimate", 2), ("usual", 0))
    )
    about = {"half": f"{HALF:g}", "changes": changes, "means": means}
    return said + WORDS.say("regression_to_mean.example", study, row, **about)
