"""What stands around the answer: estimand, placebo arms, other outcomes, parts, first response."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import outcomes
from ppp.report import names, text
from ppp.report.prose import Absent, Prose, bullets
from ppp.report.table import Table
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.efficacy")
EVENTS = ("dose_changed", "interrupted", "rescue")


def key_results(rows, study) -> Prose:
    """Say who was on treatment at the primary visit, and how the change compares with placebo."""
    return bullets(on_treatment(rows, study).text, against_placebo(rows, study).text)


def on_treatment(rows, study) -> Prose:
    """Say how many were on treatment at the primary visit, and who stopped when and why."""
    stops = results.pick(rows, analysis="intercurrent", outcome="stop", group="all")
    on = first(stops, level="on_treatment")
    if not usable(on):
        return WORDS.say("intercurrent.absent", study)
    counts = stops.set_index("level")["events"].astype(int).drop("on_treatment")
    parts = [
        WORDS.say(f"intercurrent.{level}", study, n=k, why=_reasons(rows, study)).text
        for level, k in counts.items()
        if k
    ]
    unclear = counts.reindex(["untimed", "unseen"]).fillna(0).any()
    entry = "everybody" if on["events"] == on["n"] else "known" if unclear else "some"
    told = Prose("; ".join(["", *parts]))
    return WORDS.say(f"intercurrent.{entry}", study, on, parts=told)


def _reasons(rows, study) -> Prose:
    why = results.pick(rows, analysis="intercurrent", outcome="stop_reason", group="all")
    said = [
        WORDS.say(f"intercurrent.reasons.{row['level']}", study, n=int(row["events"])).text
        for _, row in why.iterrows()
    ]
    counts = [f"{k} " if len(said) > 1 else "" for k in why["events"]]
    return Prose(text.listed(map("".join, zip(counts, said, strict=True))))


def estimand(rows, study):
    """Tabulate the estimand of the primary endpoint, with the count of each intercurrent event."""
    known, everything = outcomes(study).get(study.endpoints.primary), rows
    rows = results.pick(rows, analysis="intercurrent", group="all")
    if rows.empty or known is None:
        return Absent()
    about = {"outcome": known.code, "week": study.schedule.primary}
    own, n = _own(everything, study, known.code), rows["n"].max()
    pairs = n if own is None else own["n"]
    values = {
        "n": text.count(n),
        "stopped": _stopped(rows, study),
        "pairs": "" if own is None else text.count(pairs),
    }
    for outcome in EVENTS:
        values[outcome] = _counted(first(rows, outcome=outcome), study)
    lines = [
        WORDS.write_all(f"estimand.lines.{name}", study, about, **values)
        for name in WORDS["estimand.lines"]
    ]
    heads = WORDS["estimand.columns"]
    return Table(
        key="estimand",
        caption=WORDS.write("estimand.caption", study, about),
        frame=pd.DataFrame(lines, columns=list(heads), dtype="str"),
        labels=heads,
        notes=(*WORDS.write_all("estimand.notes", study, about), *_left_aside(n - pairs, study)),
    )


def _left_aside(left, study) -> list[str]:
    return [WORDS.write("estimand.complete_cases", study, n=left)] if left > 0 else []


def _counted(row, study) -> str:
    return WORDS.write(f"estimand.{'count' if usable(row) else 'unknown'}", study, row)


def _stopped(rows, study) -> str:
    stops = results.pick(rows, outcome="stop", level=["before", ""])
    counted = _counted(stops.iloc[0], study)
    said = [
        WORDS.write("estimand.reason", study, line, kind=WORDS[f"estimand.reasons.{line['level']}"])
        for _, line in results.pick(rows, outcome="stop_reason").iterrows()
    ]
    counted += f" ({', '.join(said)})" if said else ""
    undated = first(rows, outcome="stop", level="untimed")
    if not usable(undated) or not undated["events"]:
        return counted
    return WORDS.write("estimand.undated", study, undated, counted=counted)


def against_placebo(rows, study) -> Prose:
    """Give change and response beside those of published placebo arms; empty without any.

    The arms' changes are held against the interval here, never against the estimate alone.
    """
    arms = results.pick(rows, analysis="placebo")
    scores = results.pick(arms, statistic="mean_change")["outcome"].unique()
    said = Prose("")
    for outcome in scores:
        own, of = _own(rows, study, outcome), results.pick(arms, outcome=outcome)
        if usable(own):
            said += _change_beside(own, of, study) + _response_beside(rows, arms, outcome, study)
    if not said.text:
        return said
    same = set(arms["week"]) == {study.schedule.primary}
    return said + WORDS.say(f"placebo.apart{'_same_week' if same else ''}", study)


def _change_beside(own, arms, study) -> Prose:
    here = arms.sort_values("estimate", ascending=outcomes(study)[own["outcome"]].sign < 0)
    inside = int(here["estimate"].between(own["ci_low"], own["ci_high"]).sum())
    known = {"inside": text.count(inside), "of_arms": text.count(len(here))}
    return WORDS.say(
        "placebo.said",
        study,
        own,
        arms=_arms(here),
        changes=text.listed(text.number(x) for x in here["estimate"]),
        weeks=text.between(here["week"]),
        verdict=WORDS.say(f"placebo.verdict.{_verdict(own, here, inside)}", study, own, **known),
    )


def _verdict(own, arms, inside: int) -> str:
    """Place the arms' changes against the interval of a change."""
    if text.is_missing(own["ci_low"]):
        return "alone"
    if inside:
        return "all" if inside == len(arms) else "some"
    if own["ci_high"] < arms["estimate"].min():
        return "below"
    return "above" if own["ci_low"] > arms["estimate"].max() else "none"


def _response_beside(rows, arms, score: str, study) -> Prose:
    """Set the lowest percentage of a score beside that of the placebo arms that report it."""
    for target in outcomes(study)[score].targets:
        own, of = _own(rows, study, target.code), results.pick(arms, outcome=target.code)
        if usable(own) and len(of):
            here = text.of(own) if text.few(own) else text.percent(own["estimate"])
            ends = dict.fromkeys(text.percent(of["estimate"].agg(end)) for end in ("min", "max"))
            named = {"here": here, "shares": " to ".join(ends), "arms": _arms(of)}
            return WORDS.say("placebo.response", study, own, **named)
    return Prose("")


def _arms(arms) -> str:
    return text.plural(len(arms), "published placebo arm")


def _own(rows, study, outcome: str):
    """Return this cohort's row beside an outcome of placebo arms: change, or response by NRI."""
    here = results.pick(rows, outcome=outcome, week=study.schedule.primary, group="all")
    if outcome in outcomes(study):
        where = {"analysis": "change", "statistic": "mean_change", "missing": "observed"}
        return first(here, **where)
    return first(here, analysis="responder", statistic="clopper_pearson", missing="nri")


def beside_placebo(rows, study) -> pd.DataFrame:
    """Gather this cohort's rows (`level` empty) and those of the placebo arms, cohort first."""
    arms = results.pick(rows, analysis="placebo")
    own = [_own(rows, study, outcome) for outcome in arms["outcome"].unique()]
    mine = pd.DataFrame([row for row in own if usable(row)], columns=arms.columns)
    return pd.concat([mine.assign(level=""), arms[arms["outcome"].isin(mine["outcome"])]])


def arm(study, level: str) -> str:
    """Name a line beside placebo arms: this cohort, or the trial of a placebo arm."""
    entry = "placebo.arm" if level else "placebo.cohort"
    return text.sentence(WORDS.write(entry, study, {"level": level}))


def placebo(rows, arms, study):
    """Tabulate this cohort beside published placebo arms; nothing where there are none.

    `arms` are those of `ppp.efficacy.rows.placebo.arms`, whose entry criteria and sources follow.
    """
    here = beside_placebo(rows, study)
    if here.empty:
        return Absent()
    shown = arms[arms["outcome"].isin(here["outcome"])]
    codes = list(here["outcome"].unique())
    kinds = {code: "change" if code in outcomes(study) else "share" for code in codes}
    heads = {
        code: WORDS.write(f"placebo.heads.{kind}", study, {"outcome": code})
        for code, kind in kinds.items()
    }

    sources = "; ".join(_source(trial, of) for trial, of in shown.groupby("trial", sort=False))
    how = {
        "cells": lambda line: _of_arm(line, study),
        "across": codes,
        "heads": heads,
        "sources": sources,
    }
    return WORDS.table("placebo", here, study, **how)


def _of_arm(line, study) -> dict:
    level, sizes = line["level"].iloc[0], dict.fromkeys(map(text.count, line["n"].dropna()))
    part = WORDS[f"placebo.set_{'arms' if level else 'cohort'}"]
    return {"arm": arm(study, level), "set": part, "sizes": ", ".join(sizes)}


def _source(trial: str, of) -> str:
    dois = [f"{s}{f', doi:{d}' if d else ''}" for s, d in zip(of["source"], of["doi"], strict=True)]
    how = "".join(f"{measure}; " for measure in of["measure"].dropna().unique())
    return f"{trial} ({of['entry'].iloc[0]}): {how}{'; '.join(dict.fromkeys(dois))}"


def no_control(rows, study) -> Prose:
    """Say why placebo arms are no control for this cohort; nothing where there are none."""
    arms = results.pick(beside_placebo(rows, study), analysis="placebo")
    if arms.empty:
        return Prose("")
    same = set(arms["week"]) == {study.schedule.primary}
    return WORDS.say(f"placebo.caveat.{'same' if same else 'other'}_week", study)


def cross_table(rows, study):
    """Tabulate the grades at the primary week by class of response; nothing where not counted."""
    here = results.pick(rows, analysis="cross", statistic="count", group="all")
    if here.empty:
        return Absent()
    grades, responses = zip(*here["level"].map(levels.crossed_of), strict=True)
    here = here.assign(grade=grades, response=responses)
    graded = text.listed(names.outcome(study, code) for code in here["outcome"].unique())
    return WORDS.table(
        "cross",
        here,
        study,
        across=dict.fromkeys(responses),
        cells=lambda line: {"grade": line["grade"].iloc[0]},
        graded=graded,
        sizes=text.between(here["n"]),
    )


def agreement(rows, study) -> Prose:
    """Say how many who reached a grade reached each percentage, and how changes correlate.

    After a percentage that nobody reached no further one is told.
    """
    shares = results.pick(rows, analysis="cross", statistic="clopper_pearson", group="all")
    said = Prose("")
    for outcome, of in shares.groupby("outcome", sort=False):
        n, about = of["n"].max(), {"outcome": outcome, "week": study.schedule.primary}
        told = of[of["events"].shift(fill_value=1) > 0]
        parts = [
            WORDS.say(
                "cross.part",
                study,
                row,
                target=names.outcome(study, row["level"]),
                share=WORDS.share(study, row),
            ).text
            for _, row in told.iterrows()
        ]
        patients = text.plural(n, "patient")
        parts = Prose(text.listed(parts))
        entry = "cross.said" if n else "cross.nobody"
        said += WORDS.say(entry, study, about, patients=patients, parts=parts)
    return said + correlations(rows, study)


def correlations(rows, study) -> Prose:
    """Give the rank correlation of the changes in every two outcomes; empty without any."""
    found = results.pick(rows, analysis="correlation", statistic="spearman", group="all")
    pairs = [
        WORDS.say(_entry(row), study, row, other=names.outcome(study, row["level"])).text
        for _, row in found.iterrows()
    ]
    if not pairs:
        return Prose("")
    about = {"week": study.schedule.primary}
    return WORDS.say("correlation.said", study, about, pairs=Prose(", ".join(pairs)))


def _entry(row) -> str:
    if not usable(row):
        return "correlation.empty"
    return f"correlation.{'alone' if text.is_missing(row['ci_low']) else 'pair'}"


def parts(rows, study):
    """Tabulate the score by sign and by site; nothing where its components were not recorded."""
    here = results.pick(rows, analysis="part", group="all", statistic=["mean", "mean_change"])
    if here.empty:
        return Absent()
    weeks = {"before": study.schedule.baseline, "after": study.schedule.primary}

    def both(line) -> dict:
        means = {name: first(line, statistic="mean", week=week) for name, week in weeks.items()}
        return means | {"part": WORDS[f"parts.names.{line['level'].iloc[0]}"]}

    whole = names.outcome(study, here["outcome"].iloc[0])
    return WORDS.table("parts", here, study, cells=both, week=weeks["after"], whole=whole)


def pustule_free(rows, study) -> Prose:
    """Say how many had no pustule at the primary week; empty where that was not recorded."""
    here = results.pick(rows, analysis="part", level="pustule_free", group="all")
    main, seen = (first(here, missing=rule) for rule in ("nri", "observed"))
    if not usable(seen):
        return Prose("")
    main = main if usable(main) else seen
    kind = "both" if main["missing"] == "nri" and main["n"] != seen["n"] else "complete"
    rule = WORDS.say(f"parts.rule.{kind}", study, seen)
    return WORDS.say("parts.pustule_free", study, main, share=WORDS.share(study, main, rule))


def first_response(rows, study) -> Prose:
    """Say by which visit response was first seen; empty where each visit's own count says it."""
    here = results.pick(rows, analysis="first_response", statistic="clopper_pearson", group="all")
    here = here[here["n"] > 0]
    where = {"statistic": "clopper_pearson", "missing": "nri", "group": "all"}
    at_visits = results.pick(rows, analysis="responder", outcome=list(here["outcome"]), **where)
    counted = at_visits.set_index("week")["events"]
    if here.empty or here.set_index("week")["events"].equals(counted.reindex(here["week"])):
        return Prose("")
    weeks = [
        WORDS.say("first_response.week", study, row, share=WORDS.share(study, row)).text
        for _, row in here.iterrows()
    ]
    row = here.iloc[0]
    return WORDS.say("first_response.said", study, row, weeks=Prose(text.listed(weeks)))
