"""The figure of what published figures allow over every correlation."""

from ppp import results
from ppp.published.scientific import p_scientific, power_of_ten
from ppp.report import names, text
from ppp.report.absent import Absent
from ppp.report.figure import Figure, canvas, finish
from ppp.report.look import BLUE, GREY, INK, VERMILION

PLAUSIBLE = (0.3, 0.7)
STYLES = {50: (GREY, "-"), 75: (BLUE, "-"), 90: (VERMILION, "--"), 100: (INK, ":")}


def region(rows, study, *, plausible=PLAUSIBLE) -> Figure | Absent:
    """Draw the p-value and the largest possible share of responders over the correlation r.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``audit``.
    study : Study
    plausible : (float, float)
        Correlations that are shaded as plausible; a judgement, said so in the caption.

    Returns
    -------
    Figure or Absent
        Of the primary score, else of the first with published figures of two visits; Absent
        where there is none.
    """
    found = results.pick(rows, analysis="audit")
    tests = results.pick(found, statistic="paired_t").dropna(subset=["p_value"])
    scores = list(tests["outcome"].unique())
    if not scores:
        return Absent()
    outcome = study.endpoints.primary if study.endpoints.primary in scores else scores[0]
    tests = results.pick(tests, outcome=outcome)
    caption = (
        f"{study.label(outcome)}: what the published means and SDs allow, by the correlation r"
    )
    targets = _targets(found, outcome)
    with canvas(66, panels=2) as (drawn, (left, right)):
        _p_values(left, tests)
        _responders(right, targets, study)
        for axes in (left, right):
            axes.axvspan(*plausible, color=GREY, alpha=0.35, linewidth=0, zorder=0)
            axes.set(xlim=(-1, 1), xticks=[-1, -0.5, 0, 0.5, 1])
            axes.set_xticklabels([text.number(x, 1) for x in (-1, -0.5, 0, 0.5, 1)])
            axes.set_xlabel("Correlation of the two visits, r")
        low, high = (text.number(x, 1) for x in plausible)
        return finish(
            drawn,
            study,
            key="region",
            caption=f"{caption} of the two visits (not published; n = {tests['n'].iloc[0]}). Left: "
            "p of the paired t. Right: largest possible share of responders (Cantelli), rounding "
            f"slack included. Shaded: r from {low} to {high}, thought plausible for repeated "
            "scores.",
            alt=_told(tests, targets, study),
        )


def _targets(found, outcome: str) -> dict[int, list[tuple]]:
    made = {}
    for percent in STYLES:
        held = results.pick(found, outcome=f"{outcome}{percent}", statistic="largest")
        if (held["events"] < held["n"]).any():
            made[percent] = sorted(
                (float(row["level"]), 100 * row["estimate"], row) for _, row in held.iterrows()
            )
    return made


def _p_values(axes, tests) -> None:
    tests = tests.assign(r=tests["level"].astype(float)).sort_values("r")
    axes.plot(tests["r"], tests["p_value"], color=INK)
    axes.set_yscale("log")
    low = _smallest_exponent(tests["p_value"])
    exponents = [e for e in range(low, 1) if e % 4 == 0]
    axes.set_yticks([10.0**e for e in exponents], [power_of_ten(e) for e in exponents])
    axes.set_yticks([], minor=True)
    axes.set(ylim=(10.0 ** (low - 1), 1), title="p of the change", ylabel="p, paired t")
    axes.axhline(0.05, color=VERMILION, linewidth=0.8, linestyle="--")
    axes.annotate(
        "p = 0.05",
        (-0.97, 0.05),
        xytext=(0, -3),
        textcoords="offset points",
        va="top",
        color=VERMILION,
    )


def _smallest_exponent(p_values) -> int:
    return min([int(f"{p:e}".split("e")[1]) for p in p_values if p > 0], default=0)


def _responders(axes, targets, study) -> None:
    for percent, points in targets.items():
        colour, style = STYLES[percent]
        xs, ys = [x for x, *_ in points], [y for _, y, _ in points]
        axes.step(xs, ys, where="post", color=colour, linestyle=style)
        axes.annotate(
            names.outcome(study, f"pppasi{percent}"),
            (-0.97, ys[0]),
            xytext=(0, 3),
            textcoords="offset points",
            color=INK,
        )
    highest = max((points[0][1] for points in targets.values()), default=90)
    axes.set(
        ylim=(-2, highest + 10), title="Largest possible response", ylabel="Patients, % at most"
    )
    if not targets:
        axes.annotate("No responder bounds for this score.", (-0.9, 50))


def _told(tests, targets, study) -> str:
    most, least = tests["p_value"].max(), tests["p_value"].min()
    parts = [
        f"Two panels over r from −1 to 1. p falls from {p_scientific(most)} to "
        f"{p_scientific(least)}, far below 0.05 at every r."
        if most < 0.001
        else f"Two panels over r from −1 to 1. p is between {p_scientific(least)} and "
        f"{p_scientific(most)}."
    ]
    for percent, points in targets.items():
        rows = {x: row for x, _, row in points}
        shown = (f"{text.of(rows[x])} from r = {text.number(x, 1)}" for x in (-1.0, 0.0, 0.5))
        parts.append(f"{names.outcome(study, f'pppasi{percent}')} at most {text.listed(shown)}.")
    return " ".join(parts)
