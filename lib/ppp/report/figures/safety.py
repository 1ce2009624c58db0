"""Figures of adverse events."""

from ppp import results
from ppp.report import text
from ppp.report.figures.figure import Figure, canvas, finish, note
from ppp.report.look import BLUE, GREY, INK

KEY = "adverse-events"


def adverse_events(rows, study, *, limit: int = 15) -> Figure:
    """Draw the share of patients with each term, with exact intervals, most frequent on top.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``: outcome ``any``, and ``term`` by level.
    study : Study
    limit : int
        Terms that are drawn.

    Returns
    -------
    Figure
    """
    found = results.pick(rows, analysis="adverse_event", statistic="patients")
    known = found.dropna(subset=["estimate"])
    everyone = results.pick(known, outcome="any")
    caption = "Patients with an adverse event on treatment"
    if everyone.empty:
        return note(study, key=KEY, caption=caption + ".",
                    reason="Adverse events were not recorded.")  # fmt: skip
    terms = results.pick(known, outcome="term").sort_values(
        "estimate", ascending=False, kind="stable"
    )
    shown = [("Any adverse event", everyone.iloc[0])]
    shown += [(text.short(row["level"]), row) for _, row in terms.head(limit).iterrows()]
    with canvas(18 + 6.5 * len(shown)) as (drawn, axes):
        for y, (_, row) in enumerate(shown):
            _interval(axes, y, row)
        axes.set_yticks(range(len(shown)), [name for name, _ in shown])
        axes.set(ylim=(len(shown) - 0.5, -0.5), xlim=(0, 100))
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Patients, % (exact 95% CI)")
        told = text.listed(f"{name} {text.of(row)}" for name, row in shown)
        left = len(terms) - limit
        more = f" {text.plural(left, 'less frequent term')} not drawn." if left > 0 else ""
        n = text.count(everyone.iloc[0]["n"])
        return finish(
            drawn, study, key=KEY,
            caption=f"{caption}, by term, with exact (Clopper–Pearson) 95% intervals; n = {n} "
            f"exposed.{more}",
            alt=f"Points with intervals. Patients with events: {told}.",
        )  # fmt: skip


def _interval(axes, y: int, row) -> None:
    axes.plot([100 * row["ci_low"], 100 * row["ci_high"]], [y, y], color=INK, linewidth=0.9)
    axes.plot(100 * row["estimate"], y, "o", color=BLUE, markersize=4.5)
    axes.axhline(y, color=GREY, linewidth=0.3, zorder=0)
    axes.annotate(
        text.fraction(row), (1.01, y), xycoords=("axes fraction", "data"), va="center",
        annotation_clip=False,
    )  # fmt: skip
