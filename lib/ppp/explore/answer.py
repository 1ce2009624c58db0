"""What a `View` says: a sentence, a table and a figure, in the words of ``explore.html``."""

import numpy as np
import pandas as pd

from ppp.catalogue.outcomes import outcomes
from ppp.cohort import after_baseline
from ppp.estimators.estimate import FEWEST
from ppp.explore.choice import Choice, View, cuts
from ppp.report import text
from ppp.report.figure import MANY, Figure, canvas, finish, note, patient_bars, patient_lines
from ppp.report.look import BLUE, GREY, INK
from ppp.report.names import with_unit
from ppp.report.table import Table
from ppp.report.words import Words
from ppp.report.write import fill

WORDS = Words("ppp.explore")


def _plain(value: float) -> str:
    return text.number(value, 0 if float(value).is_integer() else 1)


def target(choice: Choice, study) -> str:
    """Name what counts as response: "PPPASI-75", "PPPASI ≤ 3"."""
    score, value = outcomes(study)[choice.outcome], _plain(choice.value)
    if choice.rule == "percent":
        return f"{score.label}-{value}"
    if choice.rule == "reach":
        return f"{score.label} {'≤' if score.sign == 1 else '≥'} {value}"
    return fill(WORDS["page.by"], {"label": score.label, "value": value})


def whom(choice: Choice, data, study) -> str:
    """Name the patients of a choice: "Sex: female; Age 20 to 40"."""
    labels = {cut.name: cut.label for cut in cuts(data, study)} if choice.cuts else {}
    parts = []
    for name, wanted in choice.cuts.items():
        number = not isinstance(wanted, str)
        low, high = map(_plain, wanted) if number else ("", "")
        words = {"label": labels[name], "wanted": wanted, "low": low, "high": high}
        parts.append(fill(WORDS["answer.any_number" if number else "answer.any_choice"], words))
    if choice.query:
        parts.append(fill(WORDS["answer.query"], {"query": choice.query}))
    return "; ".join(parts) or WORDS["page.everybody"]


def caveat(looked: int) -> str:
    """Say that this is exploration, and of how many questions so far."""
    return fill(WORDS["answer.line"], {"n": text.plural(looked, "question")})


def sentence(view: View, data, study) -> str:
    """Say the response and the mean change, as an e-mail would."""
    choice, share, change = view.choice, view.clopper_pearson, view.change
    known = {"whom": whom(choice, data, study), "week": choice.week, "n": share.n}
    rate = {"rate": text.number(100 * share.estimate, 1), "interval": _limits(share, 100, 1)}
    known |= {"target": target(choice, study), "events": share.events}
    known["missing"] = WORDS[f"page.missing.{choice.missing}"]
    known["rate"] = fill(WORDS["answer.ratio"], rate) if not text.few(vars(share)) else ""
    unjudged = len(view.ids) - share.n
    known["unjudged"] = fill(WORDS["page.unjudged"], {"unjudged": unjudged}) if unjudged else ""
    moved = {"n": change.n, "label": study.label(choice.outcome)}
    moved["missing"] = WORDS[f"page.missing_change.{choice.missing}"]
    moved["change"] = text.estimate_ci(vars(change))
    said = WORDS["page.no_change" if text.is_missing(change.estimate) else "page.change"]
    return f"{fill(WORDS['page.response'], known)} {fill(said, moved)}"


def _limits(estimate, scale: float = 1, digits: int = 2) -> str:
    if text.is_missing(estimate.ci_low):
        return "–"
    return text.interval(scale * estimate.ci_low, scale * estimate.ci_high, digits)


def table(view: View, data, study) -> Table:
    """Set out patients left, change with its tests, and responders with both intervals.

    With fewer than three patients their values stand instead.
    """
    choice = view.choice
    about = {"week": choice.week, "label": study.label(choice.outcome)}
    about |= {"target": target(choice, study), "n": len(view.ids), "all": len(data.patients)}
    caption = fill(WORDS["answer.caption"], {"whom": whom(choice, data, study)})
    if len(view.ids) < FEWEST:
        return _values(view, f"{caption} {WORDS['answer.values']}", about)
    share, change, rank = view.clopper_pearson, view.change, view.signed_rank
    p = lambda one: "–" if text.is_missing(one.p_value) else text.p_value(one.p_value)  # noqa: E731
    rate = "–" if text.is_missing(share.estimate) else text.percent(share.estimate)
    counts, mean = f"{share.events}/{share.n}", change.estimate
    mean = "–" if text.is_missing(mean) else text.number(mean)
    lines = [
        ("left", fill(WORDS["answer.of"], about), "", "", ""),
        ("mean", str(change.n), mean, _limits(change), p(change)),
        ("rank", str(rank.n), "", "", p(rank)),
        ("exact", counts, rate, _limits(share, 100, 1), ""),
        ("wilson", counts, rate, _limits(view.wilson, 100, 1), ""),
    ]
    lines = [(fill(WORDS[f"answer.{name}"], about), *cells) for name, *cells in lines]
    frame = pd.DataFrame(lines, columns=WORDS["answer.heads"], dtype="str")
    return Table(key="answer", caption=caption, frame=frame)


def _values(view: View, caption: str, about: dict) -> Table:
    heads = [fill(WORDS["answer.visit"], {"week": week}) for week in view.scores]
    shown = view.scores.map(lambda score: "–" if np.isnan(score) else _plain(score))
    frame = shown.set_axis(heads, axis=1).rename_axis(WORDS["page.patient"]).reset_index()
    judged = view.responded.map({1.0: WORDS["page.yes"], 0.0: WORDS["page.no"]}).fillna("–")
    frame[about["target"]] = judged.to_numpy()
    return Table(key="answer", caption=caption, frame=frame.astype("str"))


def figure(view: View, study, *, png: bool = True) -> Figure:
    """Draw trajectories, the waterfall and responders by week, side by side.

    Without `png` it is drawn as SVG alone, in a fifth of the time.
    """
    choice, share = view.choice, view.by_week
    about = {"label": study.label(choice.outcome), "week": choice.week}
    seen = int(view.scores.notna().any(axis=1).sum())
    about["patients"] = text.plural(seen, "patient")
    falls = _falls(view)
    unit = WORDS["page.percent" if choice.rule == "percent" else "page.points"]
    counts = [
        fill(WORDS["page.at"], {"week": week, "events": int(events), "n": int(n)})
        for week, events, n in share[["events", "n"]].itertuples()
    ]
    about |= {"unit": unit, "target": target(choice, study), "counts": "; ".join(counts)}
    said = {
        "trajectories": fill(WORDS["page.trajectories"], about),
        "waterfall": fill(WORDS["page.waterfall"], about | {"n": len(falls)}),
        "responders": fill(WORDS["page.responders"], about),
    }
    caption = fill(WORDS["answer.figure"], said)
    if view.scores.isna().all(axis=None):
        return note(study, key="answer", caption=caption, reason=WORDS["answer.nothing"])
    with canvas(58, width=200, panels=3, layout=None) as (drawn, axes):
        _trajectories(axes[0], view, study)
        _waterfall(axes[1], falls, choice)
        _responders(axes[2], view, study)
        drawn.subplots_adjust(left=0.065, right=0.99, bottom=0.2, top=0.88, wspace=0.32)
        for letter, one in zip("ABC", axes, strict=True):
            one.set_title(letter)
            one.locator_params(axis="y", nbins=5)
        return finish(drawn, study, key="answer", caption=caption, alt=caption, png=png)


def _trajectories(axes, view: View, study) -> None:
    seen = view.scores.reset_index().melt("study_id", var_name="week", value_name="score").dropna()
    patient_lines(axes, seen, "week", "score")
    means = view.scores.mean().dropna()
    axes.plot(list(means.index), means, "o-", color=BLUE, linewidth=1.8, markersize=4, zorder=3)
    axes.set_xticks(list(view.scores))
    axes.set(xlabel=WORDS["page.week"], ylabel=with_unit(study, view.choice.outcome))


def _falls(view: View) -> pd.DataFrame:
    """Give each patient's change, largest rise first: ``moved`` and ``hit``."""
    before, after = view.scores.iloc[:, 0], view.scores[view.choice.week]
    moved = after - before
    if view.choice.rule == "percent":
        moved = (100 * moved / before).where(before > 0)
    made = pd.DataFrame({"moved": moved, "hit": view.responded.eq(1)})
    return made.dropna().sort_values("moved", ascending=False, kind="stable")


def _waterfall(axes, falls: pd.DataFrame, choice: Choice) -> None:
    colours = [BLUE if hit else GREY for hit in falls["hit"]]
    if len(falls) > MANY:
        patient_bars(axes, falls["moved"], colours)
    else:
        axes.bar(range(len(falls)), falls["moved"], color=colours, width=0.8)
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.set_xticks([])
    axes.set_ylabel(WORDS[f"page.{'percent' if choice.rule == 'percent' else 'point'}_axis"])


def _responders(axes, view: View, study) -> None:
    shown = 100 * view.by_week[["events", "ci_low", "ci_high"]].assign(
        events=view.by_week["events"] / view.by_week["n"]
    )
    shown = shown.dropna()
    axes.vlines(list(shown.index), shown["ci_low"], shown["ci_high"], color=BLUE, linewidth=1.6)
    axes.plot(list(shown.index), shown["events"], "o", color=BLUE, markersize=5)
    axes.set(xlim=(study.schedule.baseline, 1.04 * after_baseline(study)[-1]), ylim=(0, 102))
    axes.set_xticks(after_baseline(study))
    axes.set(xlabel=WORDS["page.week"], ylabel=WORDS["page.share_axis"])
