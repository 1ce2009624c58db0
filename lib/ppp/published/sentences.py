"""Sentences on published figures: against this cohort, and against arithmetic."""

from ppp import results
from ppp.overview.abstract import abstract
from ppp.published.scientific import p_scientific
from ppp.published.tables.bounds import scores
from ppp.published.tables.compared import runs
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.text import markdown as md
from ppp.results import first, usable

__all__ = [
    "abstract",
    "all_bounds",
    "all_sizes",
    "all_variances",
    "association",
    "bounds",
    "comparison",
    "explanations",
    "fitting",
    "key_results",
    "none_seen",
    "responders",
    "sizes",
    "variance",
    "verdicts",
    "witnesses",
]
NOTHING = Prose(
    "This study names no file of published figures (`published` in `study.toml`), so there is "
    "nothing to compare."
)
APART = {"differs": ("differs", "differ"), "cannot": ("cannot be reproduced",) * 2}


def comparison(rows, figures, study) -> Prose:
    """Say how many published figures this cohort gives, and name those that it does not.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``published``.
    figures : sequence
        The published figures, with key and label.
    study : Study
    """
    if not figures:
        return NOTHING
    by = results.pick(rows, analysis="published", statistic="recomputed").set_index("outcome")
    kinds = {"reproduced": [], "differs": [], "cannot": []}
    for figure in figures:
        kinds[by.loc[figure.key, "note"].split(" ")[0]].append(md(figure.label))
    made = "The cohort is synthetic and was made to fit them." if study.synthetic else ""
    told = f"Of {text.plural(len(figures), 'published figure')} **{len(kinds['reproduced'])}** "
    told += "are reproduced to the last printed digit"
    for kind, (one, many) in APART.items():
        if kinds[kind]:
            verb = one if len(kinds[kind]) == 1 else many
            told += f"; {len(kinds[kind])} {verb} ({'; '.join(kinds[kind])})"
    return Prose(f"{told}.") + Prose(made)


def verdicts(rows, figures, study) -> Prose:
    """List what arithmetic says of the means and SDs, one line each, the sum of it last.

    Parameters
    ----------
    rows, figures, study
        As in `comparison`; `rows` with statistic ``audit``.
    """
    if not figures:
        return NOTHING
    by = results.pick(rows, analysis="published", statistic="audit").set_index("outcome")
    lines = []
    for figure in figures:
        if figure.kind in ("mean", "sd"):
            printed = text.number(figure.value, figure.decimals)
            note = md(by.loc[figure.key, "note"])
            lines.append(f"{md(figure.label)}, **{printed}**: {note}.")
    return bullets(*lines)


def key_results(rows, figures, study) -> Prose:
    """Give the key results of the page: what is reproduced, and what arithmetic finds.

    Parameters
    ----------
    rows, figures, study
        As in `comparison`; `rows` with the audit.
    """
    if not figures:
        return NOTHING
    told = [comparison(rows, figures, study), fitting(rows, figures)]
    told += [bounds(rows, study, score, short=True) for score in scores(rows)[:1]]
    told += [responders(rows, study, short=True), none_seen(rows, figures)]
    return bullets(*(prose.text for prose in told))


def fitting(rows, figures) -> Prose:
    """Say how many of the published means and SDs are attainable, and name those that are not.

    Parameters
    ----------
    rows, figures
        As in `comparison`; `rows` with statistic ``audit``.
    """
    tried = {f.key: f for f in figures if f.kind in ("mean", "sd")}
    if not tried:
        return Prose("")
    judged = results.pick(rows, analysis="published", statistic="audit", outcome=list(tried))
    unfit = [tried[key] for key in judged.loc[judged["estimate"] == 0, "outcome"]]
    means = [f for f in unfit if f.kind == "mean"]
    told = f"Of {text.count(len(tried))} published means and SDs **{len(tried) - len(unfit)}** are "
    told += "consistent with the stated number of patients"
    if means:
        named = text.listed(f"{md(f.label)} {text.number(f.value, f.decimals)}" for f in means)
        told += f"; **{named}** {'is' if len(means) == 1 else 'are'} inconsistent with "
        told += f"{means[0].values or 'such totals'} from {text.count(means[0].n)} patients"
    sds = len(unfit) - len(means)
    told += f"; {text.plural(sds, 'SD')} cannot be confirmed" * bool(sds)
    return Prose(told + ("." if not unfit else ". Ask the authors."))


def all_sizes(rows, study) -> Prose:
    """Say for each score which numbers of patients fit (see `sizes`)."""
    found = results.pick(rows, analysis="audit", statistic="sizes_means")["outcome"].unique()
    return bullets(*(sizes(rows, study, outcome).text for outcome in found))


def all_bounds(rows, study) -> Prose:
    """Say for each score what every correlation allows (see `bounds`)."""
    return bullets(*(bounds(rows, study, outcome).text for outcome in scores(rows)))


def all_variances(rows, study) -> Prose:
    """Say for each score whether its spread fell (see `variance`)."""
    return bullets(*(variance(rows, study, outcome).text for outcome in scores(rows)))


def explanations(rows) -> Prose:
    """Give the candidate explanations where some figure does not fit, and the advice to ask."""
    row = first(rows, analysis="audit", statistic="explanations")
    if row is None:
        return Prose("Every mean and SD fits; nothing needs an explanation.")
    return Prose(md(row["note"]))


def sizes(rows, study, outcome: str) -> Prose:
    """Say which numbers of patients would fit the published means of a score, by rounding."""
    found = results.pick(rows, analysis="audit", outcome=outcome, level="rounding")
    by = found.set_index("statistic")
    if "sizes_means" not in by.index:
        return NOTHING
    means, both = by.loc["sizes_means"], by.loc["sizes_all"]
    return Prose(
        f"Of {means['method']}, these round to both published {md(study.label(outcome))} means: "
        f"**{runs(means['note'])}**; to the SDs as well: {runs(both['note'])}. The published "
        f"number is {text.count(means['n'])}."
    )


def bounds(rows, study, outcome: str, *, short: bool = False) -> Prose:
    """Say what every correlation of the two visits allows of t, p and the mean change.

    With `short`, the mean change with its widest interval, and the bound of p alone.
    """
    found = results.pick(rows, analysis="audit", outcome=outcome)
    label = md(study.label(outcome))
    tests = {
        level: [first(found, statistic=f"paired_t_{end}", level=level) for end in ("least", "most")]
        for level in ("as printed", "with slack")
    }
    printed, slack = tests["as printed"], tests["with slack"]
    if not all(map(usable, (*printed, *slack))):
        return Prose(f"No bounds of t and p follow from the published figures of {label}.")
    widest = first(found, statistic="mean_change", level="-1.00")
    narrowest = first(found, statistic="mean_change", level="1.00")
    but = f" This is {md(printed[0]['note'])}." if printed[0]["note"] else ""
    if short:
        return Prose(
            f"The published {label} figures imply a mean change of "
            f"**{text.number(widest['estimate'])}** (95% interval at its widest "
            f"{_limits(widest)}; p at most {p_scientific(printed[0]['p_value'], up=True)}; "
            f"n = {text.count(widest['n'])}) whatever the correlation of the visits.{but}"
        )
    return Prose(
        f"Whatever the correlation of the two visits, |t| of the {label} change is between "
        f"**{_size(printed[0])}** and **{_size(printed[1])}** and p at most "
        f"**{p_scientific(printed[0]['p_value'], up=True)}** with the figures as printed "
        f"({_size(slack[0], 1)} to {_size(slack[1], 1)} and "
        f"{p_scientific(slack[0]['p_value'], up=True)} with rounding slack). The mean change is "
        f"{text.number(widest['estimate'])}; its 95% interval is {_limits(narrowest)} at its "
        f"narrowest and {_limits(widest)} at its widest.{but}"
    )


def _size(row, digits: int = 2) -> str:
    return text.number(abs(row["estimate"]), digits)


def _limits(row) -> str:
    return text.interval(row["ci_low"], row["ci_high"])


def variance(rows, study, outcome: str) -> Prose:
    """Say whether the spread of a score fell, at any correlation."""
    row = first(
        rows, analysis="audit", outcome=outcome, statistic="pitman_morgan_t", level="as printed"
    )
    if not usable(row):
        return Prose("")
    verb = "fell" if row["estimate"] < 0 else "rose"
    return Prose(
        f"The variance of {md(study.label(outcome))} {verb}: Pitman–Morgan |t| is at least "
        f"{_size(row)} and p at most {p_scientific(row['p_value'], up=True)} at any correlation."
    )


def responders(rows, study, outcome: str = "pppasi", *, short: bool = False) -> Prose:
    """Say how many patients can have responded at most, whatever the correlation.

    With `short`, without the reminder that a response has to be named by its scale.
    """
    found = results.pick(rows, analysis="audit", statistic="largest", level="-1.00")
    targets = [f"{outcome}{percent}" for percent in study.endpoints.responders]
    kept = [row for row in (first(found, outcome=t) for t in targets) if row is not None]
    if not kept:
        return Prose("")
    parts = [_at_most(rows, study, row) for row in kept]
    told = (
        "With these means and SDs at most so many patients can have reached, rounding slack "
        f"included: {'; '.join(parts)}."
    )
    if short:
        return Prose(told)
    return Prose(
        f"{told} A share that reached a target on another scale, such as "
        "PGA 0/1, is another threshold and no contradiction: a response has to be named by its "
        "scale."
    )


def _at_most(rows, study, row) -> str:
    other = first(rows, analysis="audit", outcome=row["outcome"], statistic="largest_sd_by_n")
    same = other is None or other["events"] == row["events"]
    more = "" if same else f" ({text.count(other['events'])} if the SDs divide by n)"
    return f"{md(names.outcome(study, row['outcome']))} {text.of(row)}{more}"


def association(rows, study) -> Prose:
    """Give Fisher's test of the published counts by group, with the odds ratio."""
    row = first(rows, analysis="audit", statistic="fisher")
    if not usable(row):
        return Prose("")
    same = {"analysis": "audit", "outcome": row["outcome"]}
    midp, apart = (
        first(rows, statistic="fisher_midp", **same),
        first(rows, statistic="newcombe", **same),
    )
    odds = first(rows, statistic="conditional_odds_ratio", **same)
    ratio = f"; conditional odds ratio {text.estimate_ci(odds)}" if usable(odds) else ""
    return Prose(
        f"{text.sentence(md(names.group(study, row['group'])))}: {md(row['note'])} "
        f"({md(row['level'].replace('-', ' against '))}), difference "
        f"{text.estimate_ci(apart, 1, scale=100)} percentage points; Fisher "
        f"{text.p_phrase(row['p_value'])}, mid-p {text.p_value(midp['p_value'])}{ratio}."
    )


def none_seen(rows, figures) -> Prose:
    """Give the upper bounds where a published count is 0."""
    lines = []
    for figure in figures:
        one = first(rows, analysis="audit", outcome=figure.key, statistic="upper_one_sided")
        if one is None:
            continue
        two = first(rows, analysis="audit", outcome=figure.key, statistic="clopper_pearson")
        three = first(rows, analysis="audit", outcome=figure.key, statistic="rule_of_three")
        lines.append(
            f"{md(figure.label)}, {text.of(two)}: the true share may reach "
            f"{text.percent(two['ci_high'])} (two-sided exact 95%), {text.percent(one['ci_high'])} "
            f"(one-sided), {text.percent(three['ci_high'])} (rule of three)."
        )
    return Prose(" ".join(lines))


def witnesses(rows, figures) -> Prose:
    """List one data set for each mean and SD that is attainable: no patient's, an example."""
    lines = []
    for figure in figures:
        row = first(rows, analysis="audit", outcome=figure.key, statistic="witness")
        if row is not None:
            rule, divisor = row["level"].split(", ")
            how = f"{rule.replace('_', ' ')}, SD by {divisor}"
            lines.append(f"{md(figure.label)} ({how}): {md(row['note'])}")
    return bullets(*lines)
