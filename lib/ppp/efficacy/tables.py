"""Tables of scores, change, response, and of how far the answer hangs on the method."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import outcomes, targets
from ppp.report import names, text
from ppp.report.table import Table, reasons
from ppp.report.words import Words
from ppp.results import first

WORDS = Words("ppp.efficacy")
RULES = ("observed", "nri", "locf", "mi")
WORST = ("nri", "observed")


def visits(rows: pd.DataFrame, study) -> Table:
    """Show each score at each visit, from rows ``summary``: n, mean, median, range."""
    here = rows[rows["week"].notna()]
    return WORDS.table("visits", here, study, cells=_range)


def _range(line: pd.DataFrame) -> dict:
    by = line.set_index("statistic")["estimate"]
    return {} if pd.isna(by["max"]) else {"range": text.span(by["min"], by["max"])}


def change(rows: pd.DataFrame, study) -> Table:
    """Show the change from baseline of each score at each visit, with interval and exact test."""
    here = results.pick(rows, **WORDS["tables.change.rows"])
    attained = here.loc[here["statistic"] == "hodges_lehmann", "ci_level"].dropna()
    codes = results.pick(here, statistic="wilcoxon_exact")["code"]
    approximated = any("normal_approximation" in code.split() for code in codes)
    return WORDS.table(
        "change",
        here,
        study,
        below=below(study, here["outcome"]),
        attained=_attained(attained, study),
        omit=["exact" if approximated else "approximated"],
        reasons=reasons(here, study),
    )


def _attained(attained, study) -> str:
    if not len(attained):
        return ""
    low, high = text.level(attained.min()), text.level(attained.max())
    entry = "one" if low == high else "several"
    return WORDS.write(f"tables.change.attained.{entry}", study, low=low, high=high)


def responders(rows: pd.DataFrame, study) -> Table:
    """Show responders at each visit: missing as failure and observed, each with both intervals.

    Percentages of a score that nobody reached at any visit share one line.
    """
    rows = results.pick(rows, analysis="responder", group="all", missing=list(WORST))
    rows = rows.assign(n=rows["n"].where(rows["n"] > 0), line=rows["outcome"])
    alike = not _differ(rows)
    shown, never = rows, _never(rows, study)
    for codes in never.values():
        shown = _in_one_line(shown, codes)
    hidden = ["observed_x", "observed", "observed_cp"] if alike else ["alike"]
    return WORDS.table(
        "responders",
        shown,
        study,
        among="" if alike else WORDS["tables.responders.among"],
        cells=lambda line: _none(rows, never.get(line["line"].iloc[0], []), study),
        omit=hidden + ["fewest"] * (not never),
        definitions=_definitions(rows, study),
    )


def _differ(rows: pd.DataFrame) -> bool:
    """Tell whether any count of the two rules for missing values differs."""
    if not set(WORST) <= set(rows["missing"]):
        return len(rows) > 0
    places = ["outcome", "week", "statistic"]
    nri, seen = (
        results.pick(rows, missing=rule).set_index(places)[["events", "n"]].astype(float)
        for rule in WORST
    )
    return not nri.equals(seen.reindex(nri.index))


def _percents(study) -> dict[str, list]:
    """List the targets that are percentages, by outcome, the least first."""
    listed: dict[str, list] = {}
    for target in sorted(targets(study).values(), key=lambda target: target.value):
        if target.rule == "percent":
            listed.setdefault(target.outcome, []).append(target)
    return listed


def _never(rows, study) -> dict[str, list[str]]:
    """List the targets that nobody reached: percentages of a score under the least of them."""
    most = rows.groupby("outcome")["events"].max().fillna(1)
    listed = {}
    for percents in _percents(study).values():
        codes = [target.code for target in percents if most.get(target.code, 1) == 0]
        listed |= {codes[0]: codes} if codes else {}
    others = [target.code for target in targets(study).values() if target.rule != "percent"]
    return listed | {code: [code] for code in others if most.get(code, 1) == 0}


def _in_one_line(rows, codes: list[str]) -> pd.DataFrame:
    """Keep of these targets the visit with the fewest patients, in a line without a week."""
    these = rows["outcome"].isin(codes)
    fewest = rows[these & rows["n"].notna()].sort_values("n", kind="stable")
    fewest = fewest.drop_duplicates(["missing", "statistic"]).index
    kept = rows[~these | rows.index.isin(fewest)]
    one = kept["outcome"].isin(codes)
    return kept.assign(line=kept["line"].mask(one, codes[0]), week=kept["week"].mask(one, pd.NA))


def _none(rows, codes: list[str], study) -> dict:
    if not codes:
        return {}
    words = WORDS.within("tables.responders.never", study)
    here = results.pick(rows, outcome=codes)
    known = {target.code: target for target in targets(study).values()}
    first, shares, label = known[codes[0]], [], names.outcome(study, codes[0])
    if first.rule == "percent":
        shares = [words("share", value=f"{known[code].value:g}") for code in codes]
        label = names.outcome(study, first.outcome)
    n = {rule: results.pick(here, missing=rule)["n"].dropna() for rule in WORST}
    return {
        "head": words("head", outcome=label, shares=", ".join(shares)),
        "weeks": ", ".join(text.count(week) for week in here["week"].unique()),
    } | {f"x_{rule}": words("x", n=text.between(n[rule])) for rule in WORST if len(n[rule])}


def _definitions(rows, study) -> list[str]:
    """Define the targets that are relative to the patient's own baseline."""
    have, notes = set(rows["outcome"]), []
    for code, percents in _percents(study).items():
        values = [f"{target.value:g}" for target in percents if target.code in have]
        if values:
            entry = "percent" if values[1:] else "percent_one"
            entry += "_higher" if outcomes(study)[code].sign < 0 else ""
            notes.append(_definition(entry, code, values, study))
    for target in targets(study).values():
        of = outcomes(study)[target.outcome]
        if target.rule == "by" and target.code in have:
            entry = "by" if of.sign > 0 and of.low == 0 else "by_room"
            notes.append(_definition(entry, of.code, [f"{target.value:g}"], study, target.code))
    return notes


def _definition(entry, code, values, study, target="") -> str:
    return WORDS.write(
        f"tables.responders.definition.{entry}",
        study,
        {"outcome": code},
        first=values[0],
        others=", ".join(values[1:]),
        target=names.outcome(study, target),
    )


def responder_rules(rows: pd.DataFrame, study) -> Table:
    """Show responders at the primary week by every rule for missing values, and the most.

    The most there can be is the row ``binary_tipping`` of the largest count.
    """
    week = study.schedule.primary
    rows = results.pick(rows, week=week, group="all", statistic=["wilson", "binary_tipping"])
    judged = results.pick(rows, analysis="responder")
    tipped = results.pick(rows, statistic="binary_tipping", outcome=list(judged["outcome"]))
    tipped = tipped[tipped["estimate"].notna()].assign(more=lambda x: levels.amounts(x["level"]))
    most = tipped.dropna(subset="more").sort_values("more").drop_duplicates("outcome", keep="last")
    here = pd.concat([judged, most])

    def made(kind: str, omit=()) -> Table:
        head = WORDS[f"tables.responder_rules.heads.{kind}"]
        why = reasons(judged, study)
        return WORDS.table(
            "responder_rules", here, study, week=week, observed=head, omit=omit, reasons=why
        )

    table = made("rules", omit=["alike", "nothing"])
    rules = table.frame[list(RULES)]
    if len(rules) and (rules.nunique(axis=1) == 1).all():
        return made("alike", omit=["nri", "locf", "mi", "most", "rules"])
    return table


def sensitivity(rows: pd.DataFrame, study, *, outcome: str | None = None) -> Table:
    """Show the change at the primary week by every estimator and every rule for missing values.

    From results rows ``change``, ``longitudinal`` and ``sensitivity``. `outcome` is the primary
    endpoint unless given.
    """
    key, outcome = names.key("sensitivity", outcome), outcome or study.endpoints.primary
    said = WORDS["tables.sensitivity.statistics"]
    rules = WORDS["tables.sensitivity.rules"] | {"": ""}
    kinds = ["change", "longitudinal", "sensitivity"]
    here = results.pick(rows, analysis=kinds, outcome=outcome, level="", group="all")
    here = here[(here["week"].isna() | here["week"].eq(study.schedule.primary)).fillna(True)]
    here = results.pick(here, statistic=list(said)).drop_duplicates(["statistic", "missing"])
    order = {"statistic": list(said), "missing": list(rules)}
    lines = here.sort_values(list(order), key=lambda codes: codes.map(order[codes.name].index))

    def named(line) -> dict:
        row = line.iloc[0]
        rule = rules[row["missing"]]
        return {"statistic": said[row["statistic"]], "rule": rule, "nothing": ""}

    return WORDS.table(
        "sensitivity",
        lines,
        study,
        key=key,
        cells=named,
        scored=names.outcome(study, outcome),
        below=below(study, [outcome]),
        remarks=_remarks(here, named),
    )


def _remarks(rows, named) -> list[str]:
    """Say each note once, after all the estimates that have it."""
    places: dict[str, dict] = {}
    for _, line in rows[rows["note"] != ""].iterrows():
        words = named(line.to_frame().T)
        rule = words["rule"] if line["statistic"] == "mean_change" else ""
        place = ", ".join(filter(None, [words["statistic"], rule]))
        places.setdefault(line["note"], {})[place] = None
    return [f"{'; '.join(where)}: {note}." for note, where in places.items()]


def missing_patterns(rows: pd.DataFrame, study) -> Table:
    """Show which visits have a score: the patterns, most frequent first."""
    here = results.pick(rows, analysis="missing_pattern", group="all")
    here = here[here["events"].notna()].sort_values("events", ascending=False, kind="stable")
    weeks = text.listed(str(week) for week in study.schedule.weeks)
    n = f", n = {text.between(here['n'])}" if len(here) else ""
    together = [group for _, group in here.groupby("outcome", sort=False)]
    here = pd.concat([here.head(0), *together])
    return WORDS.table("missing_patterns", here, study, weeks=weeks, n=n)


def leave_one_out(rows: pd.DataFrame, study, *, outcome: str | None = None) -> Table:
    """Show the range of the mean change when each patient in turn is left out."""
    key, outcome = names.key("leave-one-out", outcome), outcome or study.endpoints.primary
    extremes = WORDS["tables.leave_one_out.extremes"]
    here = results.pick(
        rows, analysis="sensitivity", outcome=outcome, group="all", statistic="leave_one_out"
    )
    known = results.pick(here.dropna(subset="estimate"), level=list(extremes))
    why = [*here.loc[here["estimate"].isna(), "note"], "Not recorded."]
    return WORDS.table(
        "leave_one_out",
        known,
        study,
        key=key,
        cells=lambda line: {"extreme": extremes[line["level"].iloc[0]]},
        scored=names.outcome(study, outcome),
        n=f", n = {text.count(here['n'].max())}" if len(known) else "",
        why=why[0] or why[-1],
        reasons=reasons(here, study),
    )


def multiplicity(rows: pd.DataFrame, study) -> Table:
    """Show every p-value that is adjusted, with its place (the `level` of its row).

    From results rows ``multiplicity``, and ``change`` for the estimate and the p-value as it was.
    """
    here = results.pick(rows, analysis="multiplicity", statistic=["fixed_sequence", "holm"])
    here = here.assign(place=levels.amounts(here["level"])).sort_values("place", kind="stable")
    change = results.pick(rows, analysis="change", group="all", missing="observed")

    def beside(line) -> dict:
        row = line.iloc[0]
        same = results.pick(change, outcome=row["outcome"], week=int(row["week"]))
        return {
            "place": row["level"] or "–",
            "location": first(same, statistic="hodges_lehmann"),
            "test": first(same, statistic="wilcoxon_exact"),
        }

    empty = here[here["p_value"].isna() & (here["note"] != "")]
    remarks = [
        WORDS.write("tables.multiplicity.remark.said", study, row) for _, row in empty.iterrows()
    ]
    return WORDS.table("multiplicity", here, study, cells=beside, remarks=remarks)


def below(study, codes) -> str:
    """Say within a caption which sign of a change is improvement in these scores."""
    return _better("below", study, codes)


def improvement(study, codes) -> str:
    """Say in a sentence which sign of a change is improvement in these scores."""
    return _better("improvement", study, codes)


def _better(entry: str, study, codes) -> str:
    known = outcomes(study)
    higher = [code for code in dict.fromkeys(codes) if code in known and known[code].sign < 0]
    kind = "lower" if not higher else "mixed" if set(codes) - set(higher) else "higher"
    listed = text.listed(names.outcome(study, code) for code in higher)
    return WORDS.write(f"{entry}.{kind}", study, higher=listed)
