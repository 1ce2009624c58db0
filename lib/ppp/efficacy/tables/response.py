"""The table of responders: what differs is set side by side, what nobody reached in one line."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table

RULES = {"nri": "NRI", "observed": "Observed"}
PARTS = {"_x": "{}\nx/n", "": "{}, %\n[Wilson 95% CI]", "_cp": "{}\nexact 95% CI"}


def responders(rows: pd.DataFrame, study, *, group: str = "all") -> Table:
    """Show responders at each visit: observed and with missing as failure, both intervals.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``responder``.
    study : Study
    group : str
        ``all`` or ``column=value``.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="responder", group=group, missing=list(RULES))
    rules = list(RULES) if _differ(found) else list(RULES)[:1]
    never = _never(found)
    lines = []
    for outcome in found["outcome"].unique():
        mine = results.pick(found, outcome=outcome)
        if outcome not in never:
            named = {"outcome": names.outcome(study, outcome)}
            lines += [
                named | {"week": text.count(week)} | _response(stats, rules)
                for week, stats in mine.groupby("week", sort=False)
            ]
        elif outcome == never[0]:
            lines.append(_none(results.pick(found, outcome=never), never, study, rules))
    columns = ["outcome", "week", *(rule + part for rule in rules for part in PARTS)]
    among = ", and among those observed" if len(rules) > 1 else ""
    return Table(
        key="responders",
        caption=f"Responders by visit, {names.group(study, group)}: patients who reached the "
        "target among those with an evaluable baseline (missing counted as failure, NRI)"
        f"{among}.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={"week": "Week"}
        | {
            rule + part: label.format(RULES[rule])
            for rule in rules
            for part, label in PARTS.items()
        },
        notes=(
            "NRI, non-responder imputation. Wilson: score interval; exact: Clopper–Pearson.",
            *(["No value is missing: observed counts are the same."] if len(rules) < 2 else []),
            *(
                [
                    "In one line for all visits, the interval is that of the visit with the fewest "
                    "patients."
                ]
                if never
                else []
            ),
            *_definitions(found, study),
        ),
        group="outcome",
    )


def _differ(found: pd.DataFrame) -> bool:
    """Tell whether any count of the two rules for missing values differs."""
    if not set(RULES) <= set(found["missing"]):
        return len(found) > 0
    places = ["outcome", "week", "statistic"]
    nri, seen = (
        results.pick(found, missing=rule).set_index(places)[["events", "n"]] for rule in RULES
    )
    return not nri.astype(float).equals(seen.reindex(nri.index).astype(float))


def _never(found: pd.DataFrame) -> list[str]:
    """List the thresholds of the skin score that nobody reached at any visit."""
    most = found[found["outcome"].str.match(r"pppasi\d+$")].groupby("outcome", sort=False)["events"]
    return [outcome for outcome, events in most.max().fillna(1).items() if events == 0]


def _none(found: pd.DataFrame, outcomes: list[str], study, rules: list[str]) -> dict:
    label = study.label("pppasi")
    shares = ", ".join("-" + outcome.removeprefix("pppasi") for outcome in outcomes)
    fewest = found[found["n"] > 0].sort_values("n", kind="stable")
    cells = _response(fewest.drop_duplicates(["missing", "statistic"]), rules)
    for rule in rules:
        n = results.pick(fewest, missing=rule)["n"]
        cells[f"{rule}_x"] = f"0/{text.between(n)}" if len(n) else "–"
    weeks = [text.count(week) for week in found["week"].unique()]
    head = f"{label}{shares}: none at any visit"
    return {"outcome": head, "week": ", ".join(weeks)} | cells


def _response(stats: pd.DataFrame, rules: list[str]) -> dict:
    cells = {}
    for rule in rules:
        by = results.pick(stats, missing=rule).set_index("statistic")
        wilson = by.loc["wilson"] if "wilson" in by.index else None
        none = wilson is None or not wilson["n"]
        exact = by.loc["clopper_pearson"] if "clopper_pearson" in by.index else None
        cells |= {
            f"{rule}_x": "–" if none else text.fraction(wilson),
            rule: "–" if none else text.percent_ci(wilson),
            f"{rule}_cp": "–" if none or exact is None else _limits(exact),
        }
    return cells


def _limits(row) -> str:
    if text.is_missing(row["ci_low"]):
        return "–"
    return text.interval(100 * row["ci_low"], 100 * row["ci_high"], 1)


def _definitions(found: pd.DataFrame, study) -> tuple[str, ...]:
    have = set(found["outcome"])
    score = study.label("pppasi")
    told = [
        (
            any(o.startswith("pppasi") for o in have),
            f"{score}-50: {score} at least 50% below baseline; likewise 75, 90, 100.",
        ),
        (
            "dlqi_mcid" in have,
            f"{study.label('dlqi')} improved by ≥ 4: among those with a baseline of 4 or more.",
        ),
    ]
    return tuple(words for present, words in told if present)
