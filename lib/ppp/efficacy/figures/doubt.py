"""What chance alone could give, and how much worse missing scores may be: two maps of doubt."""

import seaborn as sns

from ppp import levels, results
from ppp.catalogue.outcomes import outcomes
from ppp.efficacy.direction import improvement
from ppp.report import names, text
from ppp.report.figure import NARROW, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, SOFT
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.efficacy")
LINES = {"estimate": ("-", 2.0), "ci_low": ("--", 0.9), "ci_high": ("--", 0.9)}


def regression_to_mean(chance, rows, study, *, outcome: str | None = None) -> Figure:
    """Draw the change expected without treatment over test–retest correlation and usual mean.

    Parameters
    ----------
    chance : Chance or None
        Of `ppp.efficacy.rows.drawn.chance`.
    rows : DataFrame
        Results rows ``explaining_correlation`` and ``mean_change``.
    outcome : str, optional
        The primary endpoint unless given.
    """
    key, outcome = names.key("regression-to-mean", outcome), outcome or study.endpoints.primary
    week = study.schedule.primary
    here = results.pick(rows, outcome=outcome, group="all")
    bound = first(here, analysis="regression_to_mean", statistic="explaining_correlation")
    about = {"outcome": outcome, "week": week}
    words = WORDS.within("figures.regression_to_mean", study, about)
    if chance is None:
        why = words("not_recorded") if bound is None else bound["note"] or text.NOT_ESTIMABLE
        reason = words("absent", why=why)
        return note(study, key=key, caption=words("caption_absent"), reason=reason)
    observed = {"analysis": "change", "statistic": "mean_change", "missing": "observed"}
    change = first(here, week=week, **observed)
    with canvas(92, width=NARROW) as (drawn, axes):
        shades = sns.light_palette(BLUE, as_cmap=True, reverse=True)
        filled = axes.contourf(
            chance.correlation, chance.usual, chance.expected, levels=8, cmap=shades
        )
        drawn.colorbar(filled, ax=axes, label=words("colour"), drawedges=False)
        labels = {"estimate": words("observed", row=change), "ci_low": words("ends")}
        _lines(axes, chance.lines, labels)
        corner = {"xycoords": "axes fraction", "ha": "right", "va": "top", "color": INK}
        axes.annotate(words("less"), (0.97, 0.95), **corner)
        axes.set(xlim=(0, 1), ylim=(chance.usual[0], chance.usual[-1]))
        axes.set(xlabel=words("x"), ylabel=words("y"))
        kind = "never" if bound["estimate"] < 0 else "bound"
        best = f"{outcomes(study)[outcome].best:g}"
        caption = words(f"caption_{kind}", n=text.count(bound["n"]), best=best)
        alt = words(f"alt_{kind}", change=change, bound=bound)
        return finish(drawn, study, key=key, caption=caption, alt=alt)


def _lines(axes, lines, labels) -> None:
    """Draw where chance alone gives the observed change, and the ends of its interval."""
    for end, line in lines.items():
        style, width = LINES[end]
        axes.plot(*line, style, color=INK, linewidth=width, label=labels.get(end))
    if lines:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)


def tipping_point(rows, study, *, outcome: str | None = None) -> Figure:
    """Draw the mean change and its interval as the imputed scores are made worse.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``tipping_point`` and ``tipping_curve``, `level` the points added.
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Figure
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
        why = words("not_recorded") if point is None else point["note"] or text.NOT_ESTIMABLE
        reason = words("absent", why=why)
        return note(study, key=key, caption=words("caption_absent"), reason=reason)
    with canvas(66, width=NARROW) as (drawn, axes):
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
