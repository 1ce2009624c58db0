"""Sentences on laboratory values: limits, grades, and the liver tests together."""

from ppp import results
from ppp.laboratory.tables import peak, shifts
from ppp.levels import above_of
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.words import Words
from ppp.results import first, has_code

WORDS = Words("ppp.laboratory")


def laboratory(rows, study, *, limit: int = 20) -> Prose:
    """Name the tests in which patients left the reference limits, the most frequent first.

    The denominator is of patients within the limits at baseline. `limit`: tests that are named.
    """
    counted = shifts(results.pick(rows, analysis="lab_shift"))
    if counted.empty:
        return WORDS.say("left.absent", study)
    within = results.pick(counted, before="normal")
    n = within.groupby("outcome", sort=False)["estimate"].sum()
    stayed = results.pick(within, worst="normal").groupby("outcome")["estimate"].sum()
    out = n.sub(stayed.reindex(n.index), fill_value=0)
    left = out[out > 0].sort_values(ascending=False, kind="stable")
    if left.empty:
        tests = _plural("tests", len(n), study)
        return WORDS.say("left.nobody", study, tests=tests, n=text.between(n))
    said = [
        WORDS.say("left.test", study, test=names.term(x), k=text.count(k), n=text.count(n[x])).text
        for x, k in left.head(limit).items()
    ]
    if len(left) > limit:
        said.append(_plural("further", len(left) - limit, study).text)
    entry = "left.some" if len(n) > len(left) else "left.every"
    return WORDS.say(entry, study, tests=Prose(text.listed(said)))


def _plural(entry: str, k: int, study, **values) -> Prose:
    return WORDS.say(f"{entry}.{'one' if k == 1 else 'several'}", study, n=text.count(k), **values)


def _share(row, study) -> Prose:
    """Write a share with its exact interval, that of a zero with its upper bound."""
    return WORDS.say("share" if row["events"] else "bound", study, row)


def graded(rows, study, *, limit: int = 4) -> Prose:
    """Say in one line which CTCAE grades rose, with an interval for the most frequent.

    Tests as frequent as the first are named beyond `limit`, too. Empty where nothing was graded.
    """
    here = results.pick(rows, analysis="lab_grade")
    here = here[has_code(here, "ctcae") & here["estimate"].notna()]
    worse = results.pick(here, statistic="worse")
    if worse.empty:
        return _ungraded(rows, study)
    severe = results.pick(here, statistic="worse_grade3")
    rose = (worse["events"] > 0).any()
    risen = _rose(worse, limit, study) if rose else _nobody("nobody_worse", worse, study)
    said = WORDS.say("graded.said", study, worse=risen, severe=_severe(severe, study))
    return said + _ungraded(rows, study)


def _ungraded(rows, study) -> Prose:
    """Name the tests with a value of grade 3 or more in patients who could not be graded."""
    here = results.pick(rows, analysis="lab_grade")
    here = here[has_code(here, "surely_grade_3")].drop_duplicates("outcome")
    said = [
        WORDS.say("ungraded.test", study, row, test=names.term(row["outcome"])).text
        for _, row in here.iterrows()
    ]
    return WORDS.say("ungraded.said", study, tests=Prose("; ".join(said))) if said else Prose("")


def _rose(worse, limit: int, study) -> Prose:
    """Name the tests that became worse, the most frequent with the interval."""
    rose = worse[worse["events"] > 0]
    rose = rose.sort_values(["events", "estimate"], ascending=False, kind="stable")
    most = rose["events"] == rose["events"].max()
    named, rest = rose.head(max(limit, most.sum())), rose.iloc[max(limit, most.sum()) :]
    said = [
        _test("graded.first" if top else "graded.test", row, study)
        for top, (_, row) in zip(most, named.iterrows(), strict=False)
    ]
    if len(rest):
        counts = {"each": text.between(rest["events"]), "of": text.between(rest["n"])}
        said.append(_plural("graded.further", len(rest), study, **counts).text)
    quiet = len(worse) - len(rose)
    tests = Prose(text.listed(said))
    return _plural("graded.quiet", quiet, study, tests=tests) if quiet else tests


def _test(entry: str, row, study) -> str:
    share = _share(row, study)
    return WORDS.say(entry, study, row, test=names.term(row["outcome"]), share=share).text


def _severe(severe, study) -> Prose:
    had = severe[severe["events"] > 0]
    if had.empty:
        return _nobody("nobody_severe", severe, study)
    said = [_test("graded.with_share", row, study) for _, row in had.iterrows()]
    return WORDS.say("graded.severe", study, tests=Prose(text.listed(said)))


def _nobody(entry: str, rows, study) -> Prose:
    """Count the tests, with n and the widest bound of a zero among them."""
    bound = WORDS.say("bound", study, rows.loc[rows["ci_high"].idxmax()])
    counts = {"among": text.between(rows["n"]), "bound": bound}
    return _plural(f"graded.{entry}", len(rows), study, **counts)


def lab_grades(rows, study) -> Prose:
    """Say which CTCAE grades rose, and how LDL cholesterol moved by the bands of ATP III."""
    here = results.pick(rows, analysis="lab_grade", statistic="worse")
    said = graded(rows, study, limit=20)
    for _, row in here[has_code(here, "atp") & here["estimate"].notna()].iterrows():
        said += Prose(_test("graded.band", row, study))
    if not said.text:
        return WORDS.say("graded.absent", study)
    return said + WORDS.say("graded.caution", study)


def liver(rows, study) -> Prose:
    """Say how high transaminases rose and who may meet Hy's law, or what was missing to tell."""
    here = results.pick(rows, analysis="liver", statistic="patients")
    known, edish = here[here["estimate"].notna()], results.pick(here, outcome="edish")
    by_quadrant = results.pick(known, outcome="edish")
    hy, temple = (first(by_quadrant, level=quadrant) for quadrant in ("hy", "temple"))
    peaks = _peaks(results.pick(known, outcome="transaminase"), study)
    if hy is None:
        notes = [note for note in dict.fromkeys(edish["note"]) if note]
        why = text.listed(notes) if notes else WORDS["hy.absent"]
        return WORDS.say("hy.unknown", study, why=why) + peaks
    said = WORDS.say("hy.some" if hy["events"] else "hy.nobody", study, hy, **_about(hy, study))
    if temple is None:
        return said + peaks
    return said + peaks + WORDS.say("hy.temple", study, temple, **_about(temple, study))


def _about(row, study) -> dict:
    return {"peak": Prose(peak(row, study)), "share": _share(row, study)}


def _peaks(rows, study) -> Prose:
    """Say how many had a transaminase above 3×ULN, and above more if anybody had."""
    if rows.empty:
        return Prose("")
    lowest, higher = rows.iloc[0], rows.iloc[1:]
    said = []
    for _, row in higher[higher["events"] > 0].iterrows():
        parts = {"times": above_of(row["level"]), "share": _share(row, study)}
        said.append(WORDS.say("hy.higher", study, row, **parts).text)
    values = _about(lowest, study) | {"higher": Prose("; ".join(said))}
    return WORDS.say("hy.peak_higher" if said else "hy.peak", study, lowest, **values)
