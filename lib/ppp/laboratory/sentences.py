"""Sentences on laboratory values: limits, grades, and the liver tests together."""

from ppp import results
from ppp.laboratory.tables import peak, shifts
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.words import Words
from ppp.results import first, has_code

WORDS = Words("ppp.laboratory")


def laboratory(rows, study, *, limit: int = 20) -> Prose:
    """Name the tests without a grade in which patients left the reference limits.

    The denominator is of patients within the limits at baseline. `limit`: tests that are named.
    """
    counted = shifts(results.pick(rows, analysis="lab_shift"))
    grades = results.pick(rows, analysis="lab_grade").dropna(subset=["estimate"])
    counted = counted[~counted["outcome"].isin(grades["outcome"])]
    if counted.empty:
        return Prose("") if len(grades) else WORDS.say("left.absent", study)
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
    return WORDS.say("left.said", study, tests=Prose(text.listed(said)))


def _plural(entry: str, k: int, study, **values) -> Prose:
    return WORDS.say(f"{entry}.{'one' if k == 1 else 'several'}", study, n=text.count(k), **values)


def graded(rows, study, *, limit: int = 4) -> Prose:
    """Say in one line which CTCAE grades rose, with an interval for the most frequent.

    Tests as frequent as the first are named beyond `limit`, too; no tie is parted. Empty
    where nothing was graded.
    """
    here = results.pick(rows, analysis="lab_grade")
    here = here[has_code(here, "ctcae") & here["estimate"].notna()]
    worse = results.pick(here, statistic="worse")
    if worse.empty:
        return _banded(rows, study) + _ungraded(rows, study)
    severe = results.pick(here, statistic="worse_grade3")
    rose = (worse["events"] > 0).any()
    risen = _rose(worse, limit, study) if rose else _nobody("nobody_worse", worse, study)
    said = WORDS.say("graded.said", study, worse=risen, severe=_severe(severe, study))
    return said + _banded(rows, study) + _ungraded(rows, study)


def _banded(rows, study) -> Prose:
    """Name the tests without a CTCAE grade in which patients rose to a higher band, if any did."""
    here = results.pick(rows, analysis="lab_grade", statistic="worse")
    here = here[has_code(here, "atp") & (here["events"] > 0)]
    said = [_test("graded.first", row, study) for _, row in here.iterrows()]
    words = {"scale": WORDS["scales.atp"], "tests": Prose(text.listed(said))}
    return WORDS.say("graded.bands", study, **words) if said else Prose("")


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
    """Name the tests that became worse, the most frequent with the interval, in whole ties.

    Those with values of fewer than `text.FEW` patients are counted, unless there is no other.
    """
    rose = worse[worse["events"] > 0]
    rose = rose.sort_values(["events", "estimate"], ascending=False, kind="stable")
    known = rose[rose["n"] >= text.FEW]
    known = rose if known.empty else known
    within = known["events"].map(
        known["events"].value_counts().sort_index(ascending=False).cumsum()
    )
    most = known["events"] == known["events"].max()
    named = known[most | (within <= limit)]
    said = [
        _test("graded.first" if top else "graded.test", row, study)
        for top, (_, row) in zip(most, named.iterrows(), strict=False)
    ]
    if left := len(rose) - len(named):
        said.append(_plural("further", left, study).text)
    return Prose(text.listed(said))


def _test(entry: str, row, study) -> str:
    share = WORDS.share(study, row)
    return WORDS.say(entry, study, row, test=names.term(row["outcome"]), share=share).text


def _severe(severe, study) -> Prose:
    had = severe[severe["events"] > 0]
    if had.empty:
        return _nobody("nobody_severe", severe, study)
    said = [_test("graded.with_share", row, study) for _, row in had.iterrows()]
    return WORDS.say("graded.severe", study, tests=Prose(text.listed(said)))


def _nobody(entry: str, rows, study) -> Prose:
    """Count the tests, with n and the widest upper limit of a zero among them."""
    high = text.percent(rows["ci_high"].max())
    counts = {"among": text.between(rows["n"]), "high": high}
    return _plural(f"graded.{entry}", len(rows), study, **counts)


def liver(rows, study) -> Prose:
    """Say who may meet Hy's law and how high the liver tests rose, or what was missing to tell."""
    here = results.pick(rows, analysis="liver", statistic="patients")
    known, edish = here.dropna(subset=["estimate"]), results.pick(here, outcome="edish")
    hy = first(results.pick(known, outcome="edish"), level="hy")
    if hy is None:
        notes = [note for note in dict.fromkeys(edish["note"]) if note]
        why = text.listed(notes) if notes else WORDS["hy.absent"]
        said = WORDS.say("hy.unknown", study, why=why)
    else:
        said = WORDS.say("hy.some" if hy["events"] else "hy.nobody", study, hy, **_about(hy, study))
    for name in ("transaminase", "bilirubin"):
        rows = results.pick(known, outcome=name)
        for place, (_, row) in enumerate(rows.iterrows()):
            if row["events"] or not place:
                entry = "hy.higher" if place else "hy.peak"
                said += WORDS.say(entry, study, row, **_about(row, study))
    return said


def _about(row, study) -> dict:
    return {"peak": Prose(peak(row, study)), "share": WORDS.share(study, row)}
