"""A study, and hand-made results rows of 28 patients whose numbers the tests read off."""

from dataclasses import replace

import pytest

from ppp import results
from ppp.estimators import proportions, survival
from ppp.estimators.estimate import Estimate
from ppp.study import Study


@pytest.fixture
def make_study(tmp_path):
    """Load a real `Study`, synthetic, from TOML sections."""

    def make(sections=""):
        (tmp_path / "cohort.xlsx").touch()
        head = '[study]\nid = "trial"\nsynthetic = true\n[source]\nfile = "cohort.xlsx"\n'
        (tmp_path / "study.toml").write_text(head + sections, encoding="utf-8")
        return Study.load(tmp_path)

    return make


@pytest.fixture
def study(make_study):
    return make_study()


@pytest.fixture
def empty():
    return results.frame([])


def estimate(x, low=None, high=None, **more):
    nan = float("nan")
    level = nan if low is None else 0.95
    return Estimate(x, nan if low is None else low, nan if high is None else high, level, **more)


@pytest.fixture
def harms():
    """Results rows of exposure and adverse events: 28 exposed for 6.44 years, 11 with an event."""
    made = [*_treated(), *_kinds(), *_classes(), *_first_events()]
    return results.frame(made)


def share(k, n=28):
    return proportions.clopper_pearson(k, n)


def _treated():
    for statistic, x in (("sum", 6.44), ("median", 0.23), ("min", 0.1), ("max", 0.25)):
        yield results.row("exposure", "patient_years", statistic, x, n=28)
    stops = {
        "adverse event": (2, ""),
        "reason not recorded": (1, ""),
        "no stop recorded": (25, "no_stop"),
    }
    for level, (k, code) in stops.items():
        where = {"level": level, "n": 28, "events": k, "code": code}
        yield results.row("exposure", "stop_reason", "count", k, **where)


def _kind(outcome, patients, events, level="", **where):
    where = {"level": level} | where

    def add(statistic, value, **more):
        return results.row("adverse_event", outcome, statistic, value, **where, **more)

    yield add("patients", share(patients))
    yield add("event_count", events, n=28, events=events)
    yield add("rate_per_100_py", survival.garwood(patients, 6.44 - patients / 10, per=100))
    yield add("event_rate_per_100_py", survival.garwood(events, 6.44, per=100))
    if not patients:
        one = estimate(0.0, None, None, n=28, events=0)
        yield add("upper_one_sided", replace(one, ci_high=0.1015))
        yield add("rule_of_three", replace(one, ci_high=3 / 28))
        yield add("rate_upper_one_sided", replace(one, ci_high=46.52))


def _kinds():
    kinds = {
        "any": (11, 15),
        "serious": (0, 0),
        "grade3": (1, 1),
        "related": (9, 12),
        "discontinued": (2, 2),
        "dose_changed": (3, 4),
        "death": (0, 0),
    }
    for outcome, counts in kinds.items():
        yield from _kind(outcome, *counts)
    for level, k, events in (("1", 8, 12), ("2", 2, 2), ("3", 1, 1), ("4", 0, 0), ("5", 0, 0)):
        yield results.row("adverse_event", "grade", "patients", share(k), level=level)
        yield results.row(
            "adverse_event", "grade", "event_count", events, level=level, n=28, events=events
        )
    for outcome, level, k in (
        ("interest", "Herpes zoster", 1),
        ("interest", "VTE", 0),
        ("interest", "MACE", 0),
        ("common", "Acne", 4),
    ):
        yield from _kind(outcome, k, k, level)
    where = {"level": "Serious infection", "note": "not recorded", "code": "not_recorded"}
    yield results.row("adverse_event", "interest", "patients", float("nan"), **where)
    for level, k in (("month", 1), ("year", 1), ("none", 1)):
        yield results.row("adverse_event", "partial_date", "event_count", k, level=level, n=28)
    for outcome, level, k in (
        ("before_treatment", "", 2),
        ("before_treatment", "Migraine", 2),
        ("after_window", "", 0),
        ("uncaught", "dizzy <b>", 1),
    ):
        for statistic in ("patients", "event_count"):
            yield results.row("adverse_event", outcome, statistic, k, level=level, n=28, events=k)
    yield results.row("adverse_event", "not_emergent", "event_count", 2, n=28, events=2)


def _worst(outcome, counts, **where):
    for grade, k in counts.items():
        yield results.row(
            "adverse_event", outcome, f"worst_grade_{grade}", k, n=28, events=k, **where
        )


def _classes():
    tree = {
        "Skin": (6, 7, {"Acne": (4, 4), "Folliculitis": (3, 3)}),
        "not recorded": (5, 8, {"زكام": (5, 8)}),
    }
    yield from _worst("any", {1: 8, 2: 2, 3: 1})
    for soc, (k, events, terms) in tree.items():
        yield from _kind("soc", k, events, soc, code="unnamed" * (soc == "not recorded"))
        yield from _worst("soc", {1: k - 1, 3: 1}, level=soc)
        for term, counts in terms.items():
            yield from _kind("soc_term", *counts, term, population=f"soc={soc}")
            yield from _worst("soc_term", {1: counts[0]}, level=term, population=f"soc={soc}")
    for term, counts in (("زكام", (5, 8)), ("Acne", (4, 4)), ("Folliculitis", (3, 3))):
        yield from _kind("term", *counts, term)


def _first_events():
    for group, n, k in (("all", 28, 11), ("sapho=yes", 8, 4), ("sapho=no", 20, 7)):
        for week, seen in ((4, 0), (12, k)):
            value = share(seen, n)
            where = {"group": group, "week": week}
            code = "crude" if seen else ""
            yield results.row(
                "time_to_event", "any", "cumulative_incidence", value, code=code, **where
            )
            yield results.row("time_to_event", "any", "at_risk", n - seen, n=n, **where)
    nan = float("nan")
    yield results.row(
        "time_to_event",
        "any",
        "cumulative_incidence",
        nan,
        week=24,
        n=28,
        note="nobody observed so long",
    )
    test = Estimate(0.53, n=28, events=11, p_value=0.467)
    yield results.row("time_to_event", "any", "log_rank", test, group="sapho=yes-no")
