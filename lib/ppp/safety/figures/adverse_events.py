"""How many patients had each adverse event, with exact intervals."""

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.labels import fit
from ppp.report.look import BLUE, GREY, INK, SOFT

KEY = "adverse-events"
CAPTION = "Patients with an adverse event on treatment"
KINDS = {
    "term": ("by term", "term"),
    "soc": ("by system organ class", "class"),
    "interest": ("by category of special interest", "category"),
    "common": ("by category that is common on treatment", "category"),
}
CATEGORIES = ("interest", "common")


def adverse_events(rows, study, *, outcome: str = "term", limit: int = 15) -> Figure:
    """Draw the share of patients with each term or category, in the order of the rows.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``, statistic ``patients``: outcome ``any``, and `outcome` by
        level.
    study : Study
    outcome : str
        ``term``, ``soc``, ``interest`` or ``common``. All categories of the last two are drawn,
        also those that nobody had.
    limit : int
        Terms or classes that are drawn at most, and only whole ties; the caption counts the rest.
        Where the first tie alone is larger, it is cut, and the caption says so.

    Returns
    -------
    Figure
    """
    key = KEY if outcome == "term" else f"{KEY}-{outcome}"
    by, what = KINDS[outcome]
    found = results.pick(rows, analysis="adverse_event", statistic="patients", group="all")
    everyone = results.pick(found.dropna(subset=["estimate"]), outcome="any")
    if everyone.empty or (outcome in CATEGORIES and not (found["outcome"] == outcome).any()):
        return note(
            study, key=key, caption=CAPTION + ".", reason="Adverse events were not recorded."
        )
    levels = results.pick(found, outcome=outcome)
    if outcome in CATEGORIES:
        shown, more = _named(levels), ""
    else:
        levels = levels.dropna(subset=["estimate"])
        drawn = _whole_ties(levels, limit)
        shown = [("Any adverse event", everyone.iloc[0]), *_named(drawn)]
        more = _left_out(levels, drawn, what)
    with canvas(18 + 5.6 * len(shown)) as (made, axes):
        _lines(axes, shown)
        n = text.count(everyone.iloc[0]["n"])
        return finish(
            made,
            study,
            key=key,
            caption=f"{CAPTION}, {by}, with exact (Clopper–Pearson) 95% intervals; n = {n} "
            f"exposed.{more}",
            alt=f"Points with intervals. Patients with events: {_told(shown)}.",
        )


def _named(levels) -> list[tuple]:
    return [(row["level"], row) for _, row in levels.iterrows()]


def _whole_ties(levels, limit: int):
    """Take the most frequent that fit, without parting those that are as frequent as each other."""
    most = levels.head(limit)
    if len(levels) <= limit:
        return most
    whole = most[most["events"] > levels.iloc[limit]["events"]]
    return most if whole.empty else whole


def _left_out(levels, drawn, what: str) -> str:
    left = len(levels) - len(drawn)
    if not left:
        return ""
    cut = levels.iloc[len(drawn)]["events"] == drawn.iloc[-1]["events"]
    why = "some as frequent as those drawn" if cut else "each in fewer patients"
    return f" {text.plural(left, f'further {what}', _many(what))} not drawn, {why}."


def _many(what: str) -> str:
    plurals = {"class": "classes", "category": "categories"}
    return f"further {plurals.get(what, what + 's')}"


def _lines(axes, shown: list[tuple]) -> None:
    for y, (_, row) in enumerate(shown):
        _interval(axes, y, row)
    axes.set_yticks(range(len(shown)), [fit(name) for name, _ in shown])
    axes.set(ylim=(len(shown) - 0.5, -0.5), xlim=(0, 100))
    axes.tick_params(axis="y", length=0, pad=6)
    axes.set_xlabel("Patients, % (exact 95% CI)")


def _interval(axes, y: int, row) -> None:
    axes.axhline(y, color=GREY, linewidth=0.3, zorder=0)
    known = not text.is_missing(row["estimate"])
    if known:
        axes.plot([100 * row["ci_low"], 100 * row["ci_high"]], [y, y], color=INK, linewidth=0.9)
        axes.plot(100 * row["estimate"], y, "o", color=BLUE, markersize=4.5, clip_on=False)
    axes.annotate(
        text.fraction(row) if known else row["note"] or text.NOT_ESTIMABLE,
        (1.01, y),
        xycoords=("axes fraction", "data"),
        va="center",
        annotation_clip=False,
        color=INK if known else SOFT,
    )


def _told(shown: list[tuple]) -> str:
    return text.listed(
        f"{names.term(name, 60)} "
        f"{text.of(row) if not text.is_missing(row['estimate']) else row['note']}"
        for name, row in shown
    )
