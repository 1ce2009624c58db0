"""How many patients had each adverse event, with exact intervals."""

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import BLUE, GREY, INK, SOFT
from ppp.report.names import fit
from ppp.safety.window import WORDS

KEY = "adverse-events"
CATEGORIES = ("interest", "common")


def adverse_events(rows, study, *, outcome: str = "term", limit: int = 15) -> Figure:
    """Draw the share of patients with each term or category, in the order of the rows.

    `outcome` is ``term``, ``soc``, ``interest`` or ``common``; all categories of the last two are
    drawn. At most `limit` terms or classes are drawn, in whole ties unless the first alone is
    larger; the caption counts the rest.
    """
    words, key = WORDS["figures.adverse_events"], KEY if outcome == "term" else f"{KEY}-{outcome}"
    rows = results.pick(rows, analysis="adverse_event", statistic="patients", group="all")
    everyone = results.pick(rows.dropna(subset=["estimate"]), outcome="any")
    of = results.pick(rows, outcome=outcome)
    if everyone.empty or (outcome in CATEGORIES and of.empty):
        return note(study, key=key, caption=words["nothing"], reason=words["absent"])
    shown, more = _named(of), ""
    if outcome not in CATEGORIES:
        of = of.dropna(subset=["estimate"])
        drawn = _whole_ties(of, limit)
        shown = [(WORDS["kinds.any"], everyone.iloc[0]), *_named(drawn)]
        more = _left_out(of, drawn, outcome, study)
    about = {"by": words["by"][outcome], "n": text.count(everyone.iloc[0]["n"]), "more": more}
    lines = text.listed(_line(name, row, study) for name, row in shown)
    with canvas(18 + 5.6 * len(shown)) as (made, axes):
        _intervals(axes, shown)
        return finish(
            made,
            study,
            key=key,
            caption=WORDS.write("figures.adverse_events.caption", study, **about),
            alt=WORDS.write("figures.adverse_events.alt", study, lines=lines),
        )


def _named(rows) -> list[tuple]:
    return [(row["level"], row) for _, row in rows.iterrows()]


def _whole_ties(rows, limit: int):
    """Take the most frequent that fit, without parting those that are as frequent as each other."""
    most = rows.head(limit)
    if len(rows) <= limit:
        return most
    whole = most[most["events"] > rows.iloc[limit]["events"]]
    return most if whole.empty else whole


def _left_out(rows, drawn, outcome: str, study) -> str:
    left = len(rows) - len(drawn)
    if not left:
        return ""
    cut = rows.iloc[len(drawn)]["events"] == drawn.iloc[-1]["events"]
    why = "cut" if cut else "fewer"
    return WORDS.write(f"figures.adverse_events.{why}.{outcome}", study, n=left)


def _intervals(axes, shown: list[tuple]) -> None:
    for y, (_, row) in enumerate(shown):
        _interval(axes, y, row)
    axes.set_yticks(range(len(shown)), [fit(name) for name, _ in shown])
    axes.set(ylim=(len(shown) - 0.5, -0.5), xlim=(0, 100))
    axes.tick_params(axis="y", length=0, pad=6)
    axes.set_xlabel(WORDS["figures.adverse_events.axis"])


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


def _line(name: str, row, study) -> str:
    entry = "line" if results.usable(row) else "unknown"
    named = names.term(name, 60)
    return WORDS.write(f"figures.adverse_events.{entry}", study, row, name=named)
