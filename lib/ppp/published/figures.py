"""The figure of what published figures allow over every correlation."""

from itertools import cycle

from ppp import results
from ppp.catalogue.outcomes import outcome as about
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish
from ppp.report.look import BLUE, GREY, INK, VERMILION
from ppp.report.prose import Absent
from ppp.report.words import Words

WORDS = Words("ppp.published")
PLAUSIBLE = (0.3, 0.7)
STYLES = ((GREY, "-"), (BLUE, "-"), (VERMILION, "--"), (INK, ":"))
TICKS = (-1, -0.5, 0, 0.5, 1)


def region(rows, study, *, plausible=PLAUSIBLE) -> Figure | Absent:
    """Draw the p-value and the largest possible share of responders over the correlation r.

    Of the primary score, else the first with two visits; `plausible` (shaded) is a judgement.
    """
    here = results.pick(rows, analysis="audit")
    tests = results.pick(here, statistic="paired_t").dropna(subset=["p_value"])
    scores = list(tests["outcome"].unique())
    if not scores:
        return Absent()
    outcome = study.endpoints.primary if study.endpoints.primary in scores else scores[0]
    tests = results.pick(tests, outcome=outcome)
    targets = _targets(here, outcome, study)
    with canvas(66, panels=2) as (drawn, (left, right)):
        _p_values(left, tests)
        _responders(right, targets, study)
        for axes in (left, right):
            axes.axvspan(*plausible, color=GREY, alpha=0.35, linewidth=0, zorder=0)
            axes.set(xlim=(-1, 1), xticks=TICKS)
            axes.set_xticklabels([text.number(x, 1) for x in TICKS])
            axes.set_xlabel(WORDS["figures.region.r"])
        low, high = (text.number(x, 1) for x in plausible)
        row = tests.iloc[0]
        values = {"n": text.count(row["n"]), "low": low, "high": high}
        caption = WORDS.write("figures.region.caption", study, row, **values)
        alt = _alt(tests, targets, study)
        return finish(drawn, study, key="region", caption=caption, alt=alt)


def _targets(rows, outcome: str, study) -> dict[str, tuple]:
    """Give style and rows, by r, of each target that not all patients can have reached."""
    known = about(outcome, study)
    drawn = {}
    for target, style in zip(known.targets if known else (), cycle(STYLES), strict=False):
        largest = results.pick(rows, outcome=target.code, statistic="largest")
        if (largest["events"] < largest["n"]).any():
            drawn[target.code] = style, _by_r(largest)
    return drawn


def _by_r(rows):
    return rows.assign(r=rows["level"].astype(float)).sort_values("r")


def _p_values(axes, tests) -> None:
    tests = _by_r(tests)
    axes.plot(tests["r"], tests["p_value"], color=INK)
    axes.set_yscale("log")
    low = min([int(f"{p:e}".split("e")[1]) for p in tests["p_value"] if p > 0], default=0)
    exponents = [e for e in range(low, 1) if e % 4 == 0]
    axes.set_yticks([10.0**e for e in exponents], [text.power_of_ten(e) for e in exponents])
    axes.set_yticks([], minor=True)
    title, label = WORDS["figures.region.p"], WORDS["figures.region.p_axis"]
    axes.set(ylim=(10.0 ** (low - 1), 1), title=title, ylabel=label)
    axes.axhline(0.05, color=VERMILION, linewidth=0.8, linestyle="--")
    place = {"xytext": (0, -3), "textcoords": "offset points", "va": "top"}
    axes.annotate(WORDS["figures.region.p_limit"], (-0.97, 0.05), **place, color=VERMILION)


def _responders(axes, targets, study) -> None:
    highest, place = [], {"xytext": (0, 3), "textcoords": "offset points"}
    for code, ((colour, line), rows) in targets.items():
        shares = 100 * rows["estimate"]
        axes.step(rows["r"], shares, where="post", color=colour, linestyle=line)
        axes.annotate(names.outcome(study, code), (-0.97, shares.iloc[0]), **place, color=INK)
        highest.append(shares.iloc[0])
    title, label = WORDS["figures.region.share"], WORDS["figures.region.share_axis"]
    axes.set(ylim=(-2, max(highest, default=90) + 10), title=title, ylabel=label)
    if not targets:
        axes.annotate(WORDS["figures.region.no_targets"], (-0.9, 50))


def _alt(tests, targets, study) -> str:
    most, least = tests["p_value"].max(), tests["p_value"].min()
    values = {"largest": text.p_scientific(most), "smallest": text.p_scientific(least)}
    entry = "figures.region.alt_low" if most < 0.001 else "figures.region.alt"
    parts = [WORDS.write(entry, study, **values)]
    for _, rows in targets.values():
        parts.append(WORDS.write("figures.region.alt_target", study, rows.iloc[0], rows))
    return " ".join(parts)
