"""Sentences on laboratory values: limits, grades, and the liver tests together."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md

UNGRADED = "Laboratory values that can be graded were not recorded."


def share(row) -> str:
    """Write a share with its exact interval."""
    return f"{text.percent(row['estimate'])}; exact 95% CI {text.percent_interval(row)}"


def bound(row) -> str:
    """Write the upper bound of a zero."""
    return f"two-sided exact 95% upper limit {text.percent(row['ci_high'])}"


def laboratory(rows, study, *, limit: int = 20) -> Prose:
    """Name the tests in which patients left the reference limits, the most frequent first.

    The denominator is of patients within the limits at baseline.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_shift``.
    study : Study
    limit : int
        Tests that are named.
    """
    found = results.pick(rows, analysis="lab_shift", statistic="count").dropna(subset=["estimate"])
    if found.empty:
        return Prose("Laboratory values with reference limits were not recorded.")
    within = found[found["level"].str.startswith("normal→")]
    counts = within.pivot_table(
        index="outcome", columns="level", values="estimate", aggfunc="sum", sort=False
    )
    n, out = counts.sum(axis=1), counts.drop(columns="normal→normal", errors="ignore").sum(axis=1)
    left = out[out > 0].sort_values(ascending=False, kind="stable")
    if left.empty:
        tests = text.plural(len(counts), "test")
        return Prose(
            f"No patient left the reference limits in any of {tests} (n = "
            f"{text.between(n)} within them at baseline)."
        )
    told = [
        f"{_name(test)} {text.count(k)} of {text.count(n[test])}"
        for test, k in left.head(limit).items()
    ]
    if len(left) > limit:
        told.append(text.plural(len(left) - limit, "further test"))
    quiet = "; no other test with limits left them in any patient" * (len(counts) > len(left))
    return Prose(
        f"Within the reference limits at baseline and outside them later: "
        f"{text.listed(told)}{quiet}."
    )


def _name(test: str) -> str:
    return md(names.term(test))


def graded(rows, study, *, limit: int = 4) -> Prose:
    """Say in one line which CTCAE grades rose, with an interval for the most frequent.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_grade``.
    study : Study
    limit : int
        Tests that are named; those as frequent as the first are always named.

    Returns
    -------
    Prose
        Empty where nothing was graded by CTCAE.
    """
    found = _graded(rows, "CTCAE")
    worse = results.pick(found, statistic="worse")
    unseen = _ungraded_severe(rows)
    if worse.empty:
        return unseen
    severe = results.pick(found, statistic="worse_grade3")
    lead = "Laboratory, worse than at baseline by CTCAE grade: "
    told = _rose(worse, limit) or f"no patient in any of {_tests(worse)}"
    return Prose(f"{lead}{told}; {_severe(severe)}." if len(severe) else f"{lead}{told}.") + unseen


def _ungraded_severe(rows) -> Prose:
    """Name the tests with a value of grade 3 or more in patients who could not be graded."""
    found = results.pick(rows, analysis="lab_grade")
    notes = found[found["note"].str.contains("whatever the limit")].drop_duplicates("outcome")
    told = [f"{_name(row['outcome'])}, {md(row['note'])}" for _, row in notes.iterrows()]
    return Prose(f"Not counted: {'; '.join(told)}." if told else "")


def _graded(rows, scale: str):
    found = results.pick(rows, analysis="lab_grade")
    return found[found["estimate"].notna() & found["method"].str.startswith(scale)]


def _rose(worse, limit: int) -> str:
    """Name the tests that became worse, the most frequent with the interval."""
    rose = worse[worse["events"] > 0]
    rose = rose.sort_values(["events", "estimate"], ascending=False, kind="stable")
    most = rose["events"] == rose["events"].max()
    named, left = rose.head(max(limit, most.sum())), rose.iloc[max(limit, most.sum()) :]
    told = [
        f"**{_name(row['outcome'])} {text.of(row)}** ({share(row)})"
        if top
        else f"{_name(row['outcome'])} {text.of(row)}"
        for top, (_, row) in zip(most, named.iterrows(), strict=False)
    ]
    if len(left):
        each = f"{text.between(left['events'])} of {text.between(left['n'])}"
        told.append(f"{text.plural(len(left), 'further test')} ({each})")
    quiet = len(worse) - len(rose)
    rest = f"; in {text.plural(quiet, 'other test')} no patient" * bool(told and quiet)
    return text.listed(told) + rest


def _severe(severe) -> str:
    had = severe[severe["events"] > 0]
    if had.empty:
        return f"grade ≥ 3 in no patient in any of {_tests(severe)}"
    return f"grade ≥ 3: {_each(had)}"


def _each(had) -> str:
    told = (f"{_name(row['outcome'])} {text.of(row)} ({share(row)})" for _, row in had.iterrows())
    return text.listed(told)


def _tests(found) -> str:
    """Count the tests, with n and the widest bound of a zero among them."""
    widest = found.loc[found["ci_high"].idxmax()] if found["ci_high"].notna().any() else None
    limit = "" if widest is None else f"; {bound(widest)}{' at most' * (len(found) > 1)}"
    return f"{text.plural(len(found), 'test')} (n = {text.between(found['n'].dropna())}{limit})"


def lab_grades(rows, study) -> Prose:
    """Say which CTCAE grades rose, and how LDL cholesterol moved by the bands of ATP III.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_grade``.
    study : Study
    """
    bands = results.pick(_graded(rows, "ATP"), statistic="worse")
    told = graded(rows, study, limit=20)
    for _, row in bands.iterrows():
        about = share(row) if row["events"] else bound(row)
        told += Prose(
            f"{_name(row['outcome'])} in a higher ATP III band than at baseline: "
            f"**{text.of(row)}** ({about})."
        )
    if not told.text:
        return Prose(UNGRADED)
    return told + Prose(
        "A grade may rest on a single value; without a control group a change "
        "need not come from treatment."
    )


def liver(rows, study) -> Prose:
    """Say how high transaminases rose and who may meet Hy's law, or what was missing to tell.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``liver``.
    study : Study
    """
    found = results.pick(rows, analysis="liver", statistic="patients")
    known, edish = found[found["estimate"].notna()], results.pick(found, outcome="edish")
    hy, temple = (results.pick(known, outcome="edish", level=at) for at in ("hy", "temple"))
    peaks = _peaks(results.pick(known, outcome="transaminase"))
    if hy.empty:
        notes = [md(note) for note in dict.fromkeys(edish["note"]) if note]
        why = text.listed(notes) or "liver tests with upper limits not recorded"
        return Prose(f"Hy’s law cannot be looked for: {why}.{peaks}")
    return Prose(f"{_quadrant(hy.iloc[0], 'hy')}.{peaks}{_also(temple)}")


def _peaks(found) -> str:
    """Say how many had a transaminase above 3×ULN, and above more if anybody had."""
    by = found.set_index("level")
    if ">3" not in by.index:
        return ""
    first = by.loc[">3"]
    about = share(first) if first["events"] else bound(first)
    higher = by[(by["events"] > 0) & (by.index != ">3")]
    told = [
        f"{level.replace('>', '> ')}×ULN {text.of(row)} ({share(row)})"
        for level, row in higher.iterrows()
    ]
    what = f"{names.LIVER_TESTS['transaminase']} > 3×ULN after baseline"
    return f" {what}: **{text.of(first)}** ({about}){'; ' * bool(told)}{'; '.join(told)}."


def _quadrant(row, level: str) -> str:
    what = names.LIVER_NAMES[level]
    if row["events"]:
        return f"{what}: **{text.of(row)}** patients ({share(row)}); other causes are to be sought"
    return f"{what}: no patient, **{text.of(row)}** ({bound(row)})"


def _also(temple) -> str:
    if temple.empty:
        return ""
    row = temple.iloc[0]
    about = share(row) if row["events"] else bound(row)
    return f" {names.LIVER_NAMES['temple']}: {text.of(row)} ({about})."
