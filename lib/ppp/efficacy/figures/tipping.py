"""The tipping point: how much worse the missing scores may be before the interval reaches 0."""

from ppp import results
from ppp.report import names, text
from ppp.report.figure import NARROW, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, SOFT


def tipping_point(rows, study, *, tipping=None, outcome: str | None = None) -> Figure:
    """Draw the mean change and its interval as the imputed scores are made worse.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``sensitivity`` (``tipping_point``); the numbers told come from them.
    study : Study
    tipping : optional
        Has ``shifts`` (points, n) and ``curve`` (n estimates with ``estimate``, ``ci_low`` and
        ``ci_high``), as `ppp.estimators.robustness.Tipping`; without it the curve is that
        of the rows ``tipping_curve``, ``level`` the shift.
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Figure
        Without a curve (nothing missing) a figure that says why.
    """
    key, outcome = names.key("tipping-point", outcome), outcome or study.endpoints.primary
    week, label = study.schedule.primary, names.outcome(study, outcome)
    caption = f"Tipping point of the mean change in {label} at week {week}"
    found = results.pick(rows, analysis="sensitivity", outcome=outcome, group="all")
    point = results.pick(found, statistic="tipping_point", level="").head(1)
    shifts, curve = _curve(found, tipping)
    if not shifts:
        why = point.iloc[0]["note"] if len(point) else "not recorded"
        return note(
            study,
            key=key,
            caption=caption + ".",
            reason=f"Tipping point: {why or text.NOT_ESTIMABLE}.",
        )
    unit = study.unit(outcome) or "points"
    with canvas(66, width=NARROW) as (drawn, axes):
        axes.fill_between(
            shifts,
            [x[1] for x in curve],
            [x[2] for x in curve],
            color=BLUE,
            alpha=0.18,
            linewidth=0,
        )
        axes.plot(shifts, [x[0] for x in curve], color=BLUE, linewidth=1.6)
        axes.axhline(0, color=SOFT, linewidth=0.6, linestyle=":")
        _mark(axes, point)
        axes.set_xlim(0, max(shifts))
        axes.set_xlabel(f"Points added to every imputed {label}")
        axes.set_ylabel(f"Mean change, {unit}")
        return finish(
            drawn,
            study,
            key=key,
            caption=f"{caption}: mean change (line) and its 95% interval (band), multiple "
            "imputation, as every imputed score is made worse, within the range of the score"
            f"{_n(point)}. Below 0 is improvement.",
            alt=f"Curve of the mean change in {label} under worsening. {_told(point, unit)}",
        )


def _curve(found, tipping) -> tuple[list, list]:
    if tipping is not None:
        points = zip(tipping.shifts, tipping.curve, strict=True)
        made = [(s, (e.estimate, e.ci_low, e.ci_high)) for s, e in points]
    else:
        listed = results.pick(found, statistic="tipping_curve")
        made = [
            (float(r["level"]), (r["estimate"], r["ci_low"], r["ci_high"]))
            for _, r in listed.iterrows()
        ]
    made = sorted(x for x in made if not any(map(text.is_missing, x[1])))
    return [s for s, _ in made], [c for _, c in made]


def _mark(axes, point) -> None:
    if point.empty or text.is_missing(point.iloc[0]["estimate"]):
        return
    shift = point.iloc[0]["estimate"]
    axes.axvline(shift, color=INK, linewidth=0.9, linestyle="--")
    late = shift > 0.4 * max(axes.get_lines()[0].get_xdata())
    axes.annotate(
        f"interval reaches\n0 at {text.number(shift, 1)}",
        (shift, 0.96),
        xycoords=("data", "axes fraction"),
        xytext=(-5 if late else 5, 0),
        textcoords="offset points",
        va="top",
        ha="right" if late else "left",
        color=INK,
    )


def _n(point) -> str:
    return f"; n = {text.count(point.iloc[0]['n'])}" if len(point) else ""


def _told(point, unit: str) -> str:
    if point.empty:
        return "The tipping point was not recorded."
    at = point.iloc[0]
    if text.is_missing(at["estimate"]):
        return f"Tipping point: {at['note'] or text.NOT_ESTIMABLE}."
    return f"The interval reaches 0 when {text.number(at['estimate'], 1)} {unit} are added."
