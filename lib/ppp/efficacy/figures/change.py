"""Figures of responders, and of what gaps could do."""

import seaborn as sns

from ppp import levels, results
from ppp.catalogue.outcomes import outcomes, targets
from ppp.efficacy.tables import improvement
from ppp.report import names, text
from ppp.report.figure import NARROW, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, SOFT
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.efficacy")
MOST = 7  # names beside each other, each in one line


def responders(rows, study, *, missing: str = "nri") -> Figure:
    """Draw responder percentages by visit as bars with exact intervals.

    Parameters
    ----------
    missing : str
        ``nri`` (missing counted as failure) or ``observed``.
    """
    here = {
        "analysis": "responder",
        "statistic": "clopper_pearson",
        "group": "all",
        "missing": missing,
    }
    rows = results.pick(rows, **here).dropna(subset=["estimate"])
    rule = WORDS[f"figures.responders.rule.{missing}"]
    words = WORDS.within("figures.responders", study, rule=rule)
    if rows.empty:
        caption = words("caption_absent")
        return note(study, key="responders", caption=caption, reason=words("absent"))
    weeks = sorted(rows["week"].unique())
    shades = dict(zip(weeks, sns.light_palette(BLUE, len(weeks) + 1)[1:], strict=True))
    with canvas(60) as (drawn, axes):
        ticks, middles = _bars(axes, rows, shades)
        axes.set_xticks([x for x, _ in ticks], [str(week) for _, week in ticks])
        axes.tick_params(axis="x", length=0)
        style = {"ha": "center", "va": "top", "xytext": (0, -26), "textcoords": "offset points"}
        style["xycoords"] = ("data", "axes fraction")
        for x, outcome in middles:
            name = _name(study, outcome)
            name = name.replace(" ", "\n", 1) if len(middles) > MOST and "\n" not in name else name
            axes.annotate(name, (x, 0), **style)
        axes.set(ylim=(0, 104), ylabel=words("y"))
        axes.set_xlabel(words("x"), loc="left", labelpad=1)
        last = results.pick(rows, week=int(weeks[-1]))
        said = text.listed(
            WORDS.write("figures.responders.alt_one", study, row) for _, row in last.iterrows()
        )
        caption = words("caption", n=text.between(rows["n"]))
        alt = words("alt", week=weeks[-1], said=said)
        return finish(drawn, study, key="responders", caption=caption, alt=alt)


def _name(study, code: str) -> str:
    """Name a target, in two lines where the name is long."""
    target, name = targets(study)[code], names.outcome(study, code)
    label = names.outcome(study, target.outcome)
    return name.replace(f"{label} ", f"{label}\n", 1) if target.rule == "by" else name


def _bars(axes, rows, shades) -> tuple[list, list]:
    ticks, middles, x = [], [], 0.0
    for outcome in rows["outcome"].unique():
        start = x
        for _, row in results.pick(rows, outcome=outcome).sort_values("week").iterrows():
            height = 100 * row["estimate"]
            reach = height - 100 * row["ci_low"], 100 * row["ci_high"] - height
            axes.bar(x, height, width=0.85, color=shades[row["week"]])
            reach = [[max(0.0, end)] for end in reach]
            axes.errorbar(x, height, reach, color=INK, linewidth=0.8, capsize=2)
            ticks.append((x, row["week"]))
            x += 1
        middles.append(((start + x - 1) / 2, outcome))
        x += 0.7
    return ticks, middles


def tipping_point(rows, study, *, outcome: str | None = None) -> Figure:
    """Draw the mean change and its interval as the imputed scores are made worse.

    From results rows ``tipping_point`` and ``tipping_curve``, `level` the points added. `outcome`
    is the primary endpoint unless given.

    Without a curve (nothing missing) a figure that says why.
    """
    key, outcome = names.key("tipping-point", outcome), outcome or study.endpoints.primary
    about = {"outcome": outcome, "week": study.schedule.primary}
    words = WORDS.within("figures.tipping_point", study, about)
    here = results.pick(rows, analysis="sensitivity", outcome=outcome, group="all")
    point = first(here, statistic="tipping_point")
    curve = results.pick(here, statistic="tipping_curve")
    curve = curve.assign(shift=levels.amounts(curve["level"])).sort_values("shift")
    curve = curve.dropna(subset=["shift", "estimate", "ci_low", "ci_high"])
    if curve.empty:
        why = words("not_computed") if point is None else point["note"] or text.NOT_ESTIMABLE
        reason = words("absent", why=why)
        return note(study, key=key, caption=words("caption_absent"), reason=reason)
    with canvas(58, width=NARROW) as (drawn, axes):
        band = curve["shift"], curve["ci_low"], curve["ci_high"]
        axes.fill_between(*band, color=BLUE, alpha=0.18, linewidth=0)
        axes.plot(curve["shift"], curve["estimate"], color=BLUE, linewidth=1.6)
        axes.axhline(0, color=SOFT, linewidth=0.6, linestyle=":")
        if usable(point):
            _mark(axes, point, curve["shift"].max(), words)
        axes.set_xlim(0, curve["shift"].max())
        side = "added" if outcomes(study)[outcome].sign == 1 else "taken"
        axes.set(xlabel=words(f"x_{side}"), ylabel=words("y"))
        n = "" if point is None else words("n", row=point)
        caption = words("caption", n=n, improvement=improvement(study, [outcome]))
        return finish(drawn, study, key=key, caption=caption, alt=_alt(point, words, side))


def _mark(axes, point, most: float, words) -> None:
    shift = point["estimate"]
    axes.axvline(shift, color=INK, linewidth=0.9, linestyle="--")
    side, align = (-5, "right") if shift > 0.4 * most else (5, "left")
    style = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "va": "top"}
    axes.annotate(words("mark", row=point), (shift, 0.96), (side, 0), ha=align, color=INK, **style)


def _alt(point, words, side: str) -> str:
    if point is None:
        return words("alt", told=words("alt_absent"))
    if not usable(point):
        return words("alt", told=words("absent", why=point["note"] or text.NOT_ESTIMABLE))
    return words("alt", told=words(f"alt_{side}", row=point))
