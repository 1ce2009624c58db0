"""The widgets of ``explore.ipynb``: they show what `ppp.explore` answers, and compute nothing."""

from contextlib import suppress
from math import ceil, floor

import ipywidgets as widgets
import pandas as pd

from ppp import results
from ppp.catalogue.dictionary import TABLES
from ppp.catalogue.outcomes import CHANGES, analysed, outcomes
from ppp.cohort import after_baseline
from ppp.errors import StopRun
from ppp.explore import answer, profile, take, trace
from ppp.explore.choice import MISSING, RULES, Choice, Cut, cuts, default_target, first_choice, view
from ppp.report.text import html
from ppp.report.words import Words
from ppp.report.write import fill

WORDS = Words("ppp.explore")
WIDE = {"style": {"description_width": "9rem"}, "layout": {"width": "21.5rem"}}
ROW = ("analysis", "population", "group", "outcome", "week", "level", "missing", "statistic")


def asked(values: dict, offered: list[Cut]) -> Choice:
    """Make a `Choice` of what the widgets hold, by their names; a range as wide as it goes is none.

    `values` has the fields of a choice but `cuts`, and of each cut an option, a range or "".
    """
    chosen = {cut.name: values[cut.name] for cut in offered if _narrows(cut, values[cut.name])}
    chosen = {name: list(w) if isinstance(w, tuple) else w for name, w in chosen.items()}
    fields = ("outcome", "week", "missing", "rule", "value", "query")
    return Choice(cuts=chosen, **{name: values[name] for name in fields})


def _narrows(cut: Cut, wanted) -> bool:
    if cut.kind == "number":
        return wanted[0] > cut.low or wanted[1] < cut.high
    return wanted != ""


def said(data, study, choice: Choice, looked: int) -> str:
    """Answer a choice as HTML: the sentence, the table, the figure, and how many were looked at."""
    try:
        seen = view(data, study, choice)
    except StopRun as wrong:
        return f'<p class="wrong">{html(wrong)}</p>'
    line = f"<p><strong>{html(answer.caveat(looked))}</strong></p>"
    sentence = f'<p class="said">{html(answer.sentence(seen, data, study))}</p>'
    shown = answer.table(seen, data, study), answer.figure(seen, study, png=False)
    return line + sentence + "".join(part.to_html() for part in shown)


def questions(data, study) -> widgets.Widget:
    """Show the choices, the answer beneath, and the button that takes it along."""
    offered, first = cuts(data, study), first_choice(data, study)
    made, looked = _controls(data, study, offered, first), set()
    shown, written = widgets.HTML(), widgets.HTML()

    def current() -> Choice:
        return asked({name: one.value for name, one in made.items()}, offered)

    def changed(_=None):
        choice = current()
        looked.add(repr(choice))
        shown.value = said(data, study, choice, len(looked))

    def rescored(change):
        made["rule"].options = _rules(change["new"], study)
        for name, value in default_target(change["new"], study).items():
            made[name].value = value

    def taken(_):
        try:
            files = take.write(data, study, current())
        except StopRun as wrong:
            written.value = html(wrong)
            return
        names = ", ".join(file.name for file in files)
        written.value = html(fill(WORDS["panel.taken"], {"files": names}))

    made["outcome"].observe(rescored, "value")
    for one in made.values():
        one.observe(changed, "value")
    button = widgets.Button(description=WORDS["panel.take"])
    button.on_click(taken)
    changed()
    parts = {"what": [], "whom": [], "number": []}
    for name, one in made.items():
        kinds = {cut.name: cut.kind == "number" for cut in offered}
        parts["what" if name not in kinds else "number" if kinds[name] else "whom"].append(one)
    around = widgets.HBox(list(map(widgets.VBox, parts.values())), layout={"flex_flow": "row wrap"})
    return widgets.VBox([around, shown, widgets.HBox([button, written])])


def _controls(data, study, offered: list[Cut], first: Choice) -> dict[str, widgets.Widget]:
    page = WORDS["page"]
    scored = analysed(data.visits, study, *CHANGES)
    options = {
        "outcome": [(study.label(code), code) for code in scored],
        "week": after_baseline(study),
        "rule": _rules(first.outcome, study),
        "missing": [(page["missing_options"][rule], rule) for rule in MISSING],
    }
    named = {"outcome": "outcome", "week": "week", "rule": "response_head"}
    named |= {"missing": "missing_head"}
    made = {name: _drop(page[named[name]], options[name], getattr(first, name)) for name in options}
    made["value"] = widgets.FloatText(value=first.value, description=page["value"], **WIDE)
    about = {"placeholder": WORDS["panel.query_hint"], "continuous_update": False}
    made["query"] = widgets.Text(description=WORDS["panel.query"], **about, **WIDE)
    order = ("outcome", "week", "rule", "value", "missing", "query")
    return {name: made[name] for name in order} | {cut.name: _cut(cut) for cut in offered}


def _rules(outcome: str, study) -> list[tuple[str, str]]:
    than = {"than": "≤" if outcomes(study)[outcome].sign == 1 else "≥"}
    return [(fill(WORDS[f"page.rules.{rule}"], than), rule) for rule in RULES]


def _drop(label: str, options, value) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=value, description=label, **WIDE)


def _cut(cut: Cut) -> widgets.Widget:
    if cut.kind != "number":
        return _drop(cut.label, [(WORDS["panel.uncut"], ""), *((o, o) for o in cut.options)], "")
    whole = float(cut.low).is_integer() and float(cut.high).is_integer()
    fine = 1 if whole else 10
    limits = [floor(cut.low * fine) / fine, ceil(cut.high * fine) / fine]  # on the slider's steps
    about = {"min": limits[0], "max": limits[1], "step": 1 / fine}
    about |= {"readout_format": ".0f" if whole else ".1f", "continuous_update": False}
    return widgets.FloatRangeSlider(value=limits, description=cut.label, **about, **WIDE)


def profiles(data, study) -> widgets.Widget:
    """Show one patient's course, chosen by study id."""
    ids = list(data.patients["study_id"])
    chosen, shown = _drop(WORDS["panel.patient"], ids, ids[0]), widgets.HTML()

    def changed(_=None):
        shown.value = profile.figure(data, study, chosen.value).to_html()

    chosen.observe(changed, "value")
    changed()
    return widgets.VBox([chosen, shown])


def traces(data, study) -> widgets.Widget:
    """Show the cells behind a results row, chosen by column, or one patient's field."""
    tabs = widgets.Tab([_by_row(data, study), _by_value(data, study)])
    tabs.titles = (WORDS["panel.row"], WORDS["panel.field"])
    return tabs


def result_rows(study) -> pd.DataFrame:
    """Read the rows of all notebooks that were run on the cohort; empty where none was."""
    parts = [results.load(file) for file in sorted((study.derived / "rows").glob("*.csv"))]
    return pd.concat(parts, ignore_index=True) if parts else results.frame([])


def narrowed(rows: pd.DataFrame, chosen: dict) -> tuple[dict[str, list], pd.DataFrame]:
    """List what can be chosen of each column of `ROW`, given the choices before it; and the rows.

    A choice that is not to be had gives way to the first that is.
    """
    found = {}
    for name in ROW:
        texts = rows[name].astype("str").fillna("")
        found[name] = list(dict.fromkeys(texts))
        wanted = chosen[name] if chosen.get(name) in found[name] else found[name][0]
        rows = rows[texts == wanted]
    return found, rows


def _by_row(data, study) -> widgets.Widget:
    rows = result_rows(study)
    if rows.empty:
        return widgets.HTML(html(WORDS["panel.no_results"]))
    made, busy = {name: _drop(name, [""], "") for name in ROW}, []
    button, shown = widgets.Button(description=WORDS["panel.trace"]), widgets.HTML()

    def offer(_=None):
        if busy:
            return
        busy.append(True)
        for name, one in made.items():
            value = one.value
            listed = narrowed(rows, {n: w.value for n, w in made.items()})[0][name]
            one.options = listed
            one.value = value if value in listed else listed[0]
        busy.clear()

    def traced(_):
        one = narrowed(rows, {name: one.value for name, one in made.items()})[1].iloc[0]
        shown.value = _shown(lambda: trace.of_row(one, data, study))

    offer()
    for one in made.values():
        one.observe(offer, "value")
    button.on_click(traced)
    return widgets.VBox([*made.values(), button, shown])


def _by_value(data, study) -> widgets.Widget:
    tables = [name for name in TABLES if getattr(data, name) is not None]
    ids = list(data.patients["study_id"])
    table = _drop(WORDS["panel.table"], tables, tables[0])
    who = _drop(WORDS["panel.patient"], ids, ids[0])
    shown = widgets.HTML()
    field = _drop(WORDS["panel.field"], [""], "")

    def listed(_=None):
        field.options = [name for name in getattr(data, table.value) if name != "study_id"]

    def changed(_=None):
        if field.value in getattr(data, table.value):
            asked = (data, study, table.value, field.value, who.value)
            shown.value = _shown(lambda: trace.of_value(*asked))

    listed()
    table.observe(listed, "value")
    for one in (table, field, who):
        one.observe(changed, "value")
    changed()
    return widgets.VBox([table, field, who, shown])


def _shown(find) -> str:
    with suppress(StopRun):
        return trace.shown(find()).to_html()
    return html(WORDS["panel.no_results"])
