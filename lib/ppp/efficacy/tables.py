"""Tables of scores, change, response, and of how far the answer hangs on the method."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import CHANGES, outcomes, targets
from ppp.report import names, text
from ppp.report.table import Table, reasons
from ppp.report.words import Words
from ppp.results import first, has_code

WORDS = Words("ppp.efficacy")
SIGNED_RANK = ["wilcoxon_exact", "wilcoxon_zeros_dropped"]
WORST = ("nri", "observed")


def visits(rows: pd.DataFrame, study) -> Table:
    """Show each score whose change is analysed at each visit, from rows ``summary``."""
    known = outcomes(study)
    changed = [code for code in rows["outcome"].unique() if code in known]
    changed = [code for code in changed if known[code].analysis in CHANGES]
    here = results.pick(rows[rows["week"].notna()], outcome=changed)
    return WORDS.table("visits", here, study, cells=_range)


def _range(line: pd.DataFrame) -> dict:
    by = line.set_index("statistic")["estimate"]
    return {} if pd.isna(by["max"]) else {"range": text.span(by["min"], by["max"])}


def change(rows: pd.DataFrame, study) -> Table:
    """Show the change from baseline of each score at each visit, with interval and exact test."""
    here, unrecorded = _recorded(results.pick(rows, **WORDS["tables.change.rows"]), study)
    attained = here.loc[here["statistic"] == "hodges_lehmann", "ci_level"].dropna()
    tests = results.pick(here, statistic="wilcoxon_exact")
    approximated = has_code(tests, "normal_approximation").any()
    unchanged = _unchanged(here, study)
    omit = ["exact" if approximated else "approximated"] + ["zeros"] * (not unchanged)
    return WORDS.table(
        "change",
        here,
        study,
        cells=lambda line: _grades(line, study),
        below=below(study, here["outcome"]),
        attained=_attained(attained, study),
        omit=omit + ["grades"] * ("improved" not in set(here["statistic"])),
        unchanged=unchanged,
        unrecorded=unrecorded,
        reasons=reasons(
            here[~here["statistic"].isin(SIGNED_RANK) | here["estimate"].isna()], study
        ),
    )


def _recorded(rows, study) -> tuple[pd.DataFrame, str]:
    """Leave out visits at which nobody has the outcome, and name them."""
    gone = has_code(rows, "not_recorded")
    at = rows[gone & rows["week"].notna()].drop_duplicates(["outcome", "week"])
    places = [WORDS.write("tables.place", study, row) for _, row in at.iterrows()]
    listed = ", ".join(places)
    return rows[~gone], WORDS.write("tables.unrecorded", study, places=listed) if listed else ""


def _grades(line, study) -> dict:
    """Count in a line those who were better by one and by two grades; nothing unless a grade."""
    better = {
        "by_1": first(line, statistic="improved", level="1"),
        "by_2": first(line, statistic="improved", level="2"),
    }
    if any(row is None for row in better.values()):
        return {}
    return {"grades": WORDS.write("tables.grades", study, **better)}


def _unchanged(rows, study) -> str:
    """List where scores did not change, with the p-value that drops them."""
    ranked = results.pick(rows, statistic="wilcoxon_exact")
    listed = []
    for _, row in ranked[has_code(ranked, "zeros_ranked")].iterrows():
        where = {"outcome": row["outcome"], "week": row["week"]}
        dropped = first(rows, statistic="wilcoxon_zeros_dropped", **where)
        listed.append(WORDS.write("tables.change.unchanged", study, row, dropped=dropped))
    return "; ".join(listed)


def _attained(attained, study) -> str:
    if not len(attained):
        return ""
    low, high = text.level(attained.min()), text.level(attained.max())
    entry = "one" if low == high else "several"
    return WORDS.write(f"tables.change.attained.{entry}", study, low=low, high=high)


def responders(rows: pd.DataFrame, study) -> Table:
    """Show responders at each visit, missing as failure and, where they differ, as observed.

    A visit at which nobody has the outcome has no line. Percentages of a score that nobody reached
    at any visit share one.
    """
    rows = results.pick(rows, analysis="responder", group="all", missing=list(WORST))
    already = results.pick(rows, statistic="at_baseline")
    rows, unrecorded = _recorded(results.pick(rows, statistic="clopper_pearson"), study)
    rows = rows.assign(n=rows["n"].where(rows["n"] > 0), line=rows["outcome"])
    alike = not _differ(rows)
    shown, never = rows, _never(rows, study)
    for codes in never.values():
        shown = _in_one_line(shown, codes)
    return WORDS.table(
        "responders",
        shown,
        study,
        cells=lambda line: _none(rows, never.get(line["line"].iloc[0], []), study),
        omit=["observed_x", "observed"] * alike
        + ["fewest"] * (not never)
        + ["already"] * already.empty,
        already=_listed("tables.responders.had", already, study),
        definitions=_definitions(rows, study),
        unrecorded=unrecorded,
        reasons=reasons(results.pick(rows, missing="nri"), study),
    )


def _listed(entry: str, rows, study) -> str:
    return ", ".join(WORDS.write(entry, study, row) for _, row in rows.iterrows())


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
    here = results.pick(rows, week=study.schedule.primary, group="all")
    judged = results.pick(here, analysis="responder").dropna(subset=["estimate"])
    counts = results.pick(judged, statistic="clopper_pearson")
    pooled = results.pick(judged, statistic="wilson", missing="mi")
    tipped = results.pick(here, statistic="binary_tipping", outcome=list(counts["outcome"]))
    tipped = tipped[tipped["estimate"].notna()].assign(more=lambda x: levels.amounts(x["level"]))
    most = tipped.dropna(subset="more").sort_values("more").drop_duplicates("outcome", keep="last")
    shown = pd.concat([counts, pooled, most])
    return WORDS.table("responder_rules", shown, study, reasons=reasons(pooled, study))


def sensitivity(rows: pd.DataFrame, study) -> Table:
    """Show the primary change by every estimator and every rule for missing values that differs.

    From results rows ``change``, ``longitudinal`` and ``sensitivity``, at the primary week.
    """
    said = WORDS["tables.sensitivity.statistics"]
    rules = WORDS["tables.sensitivity.rules"] | {"": ""}
    primary, kinds = study.endpoints.primary, ["change", "longitudinal", "sensitivity"]
    here = results.pick(rows, analysis=kinds, outcome=primary, level="", group="all")
    here = here[(here["week"].isna() | here["week"].eq(study.schedule.primary)).fillna(True)]
    here = results.pick(here, statistic=list(said)).drop_duplicates(["statistic", "missing"])
    filled = here["missing"].isin(["locf", "mi"])
    gaps = has_code(here, "carried") | has_code(here, "imputed")
    here = here[~filled | gaps[filled].any()]
    dropped = here["statistic"] == "wilcoxon_zeros_dropped"
    here = here[~dropped | has_code(here, "zeros_dropped")]
    stuck = has_code(here, "compound_symmetry")
    here = here.assign(note=here["note"].mask(stuck, ""), **_blank(here, stuck))
    order = {"statistic": list(said), "missing": list(rules)}
    lines = here.sort_values(list(order), key=lambda codes: codes.map(order[codes.name].index))

    def named(line) -> dict:
        row = line.iloc[0]
        rule = rules[row["missing"]]
        words = {"statistic": said[row["statistic"]], "rule": rule, "nothing": ""}
        failed = "compound_symmetry" in row["code"].split()
        return words | ({"stuck": WORDS["tables.sensitivity.stuck"]} if failed else {})

    return WORDS.table(
        "sensitivity",
        lines,
        study,
        cells=named,
        scored=names.outcome(study, primary),
        below=below(study, [primary]),
        remarks=_remarks(here, named),
    )


def _blank(rows, stuck) -> dict:
    """Empty the numbers of a model that did not converge, for which another one stands in."""
    numbers = ("estimate", "ci_low", "ci_high", "ci_level", "p_value")
    return {number: rows[number].mask(stuck) for number in numbers}


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
    """Show at which visits patients have the primary score: the patterns, most frequent first."""
    here = results.pick(rows, analysis="missing_pattern", outcome=study.endpoints.primary)
    here = here[here["events"].notna()].sort_values("events", ascending=False, kind="stable")
    weeks = text.listed(str(week) for week in study.schedule.weeks)
    n = f", n = {text.between(here['n'])}" if len(here) else ""
    return WORDS.table("missing_patterns", here, study, weeks=weeks, n=n)


def multiplicity(rows: pd.DataFrame, study) -> Table:
    """Show every p-value that is adjusted, in order, beside what it was and its estimate.

    From results rows ``multiplicity``, and ``change`` for the estimate and the p-value as it was.
    """
    here = results.pick(rows, analysis="multiplicity", statistic=["fixed_sequence", "holm"])
    here = here[~has_code(here, "estimation")]
    here = here.assign(place=levels.amounts(here["level"])).sort_values("place", kind="stable")
    change = results.pick(rows, analysis="change", group="all", missing="observed")

    def beside(line) -> dict:
        row = line.iloc[0]
        same = results.pick(change, outcome=row["outcome"], week=int(row["week"]))
        return _grades(same, study) | {
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
