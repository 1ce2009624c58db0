"""A study and hand-made results rows for the report tests; the printed figures are chosen, so
that every expected text can be read off them."""

from dataclasses import replace

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.study import Study


@pytest.fixture
def make_study(tmp_path):
    def make(sections="", *, synthetic=True):
        (tmp_path / "cohort.xlsx").touch()
        head = f'[study]\nid = "trial"\nsynthetic = {str(synthetic).lower()}\n'
        source = '[source]\nfile = "cohort.xlsx"\n'
        (tmp_path / "study.toml").write_text(head + source + sections, encoding="utf-8")
        return Study.load(tmp_path)

    return make


@pytest.fixture
def study(make_study):
    return make_study()


@pytest.fixture
def empty():
    return results.frame([])


@pytest.fixture
def rows():
    made = [*_flow(), *_summaries(), *_counts(), *_changes(), *_responses(), *_harms(), *_groups()]
    return results.frame(made)


def estimate(x, low=None, high=None, **more):
    nan = float("nan")
    level = nan if low is None else more.pop("ci_level", 0.95)
    return Estimate(x, nan if low is None else low, nan if high is None else high, level, **more)


def _flow():
    counts = {"read": 30, "accepted": 28, "warned": 1, "queried": 0, "quarantined": 2, "unused": 0}
    for kind in ("rows", "cells"):
        for table in ("patients", "all"):
            for level, n in counts.items():
                yield results.row("flow", kind, "count", n, group=table, level=level, n=30)
    yield results.row("flow", "patients", "count", 28, level="enrolled", n=28, events=28)
    for week, n in ((0, 28), (12, 27)):
        yield results.row(
            "flow", "patients", "count", n, level="assessed", week=week, n=28, events=n
        )
    yield results.row("flow", "patients", "count", 1, level="stopped", n=28, events=1)
    yield results.row("flow", "stop_reason", "count", 1, level="moved <away>", n=28, events=1)


def _summaries():
    stats = {"mean": 36.25, "sd": 10.46, "median": 36, "q1": 29.5, "q3": 40, "min": 19, "max": 58}
    for group, n in (("all", 28), ("sapho=yes", 8), ("sapho=no", 20)):
        for statistic, value in stats.items():
            yield results.row("summary", "age_years", statistic, value, group=group, n=n)
        yield results.row("summary", "age_years", "n_missing", 0, group=group, n=n)
    for week, mean, missing in ((0, 13.86, 0), (12, 5.56, 1)):
        where = {"week": week, "missing": "observed", "n": 28 - missing}
        numbers = {
            "mean": mean,
            "sd": 2.76,
            "median": mean,
            "q1": 11,
            "q3": 15.2,
            "min": 8.1,
            "max": 19,
            "n_missing": missing,
        }
        for statistic, value in numbers.items():
            yield results.row("summary", "pppasi", statistic, value, **where)
    yield results.row("balance", "age_years", "smd", -0.123, group="sapho=yes-no")


def _counts():
    for field, levels in {
        "sex": (("female", 18), ("male", 10)),
        "sapho": (("yes", 8), ("no", 20)),
    }.items():
        for level, k in levels:
            yield results.row("count", field, "count", k, level=level, n=28, events=k)
        yield results.row("count", field, "n_missing", 0, n=28)


def _changes():
    where = {"week": 12, "missing": "observed"}
    made = {
        "mean_change": estimate(-8.3, -9.4, -7.2, n=27, method="paired t interval"),
        "hodges_lehmann": estimate(-8.25, -9.3, -7.1, ci_level=0.9513, n=27),
        "wilcoxon_exact": estimate(0.0, n=27, p_value=7e-9, method="exact signed-rank test"),
        "d_av": estimate(-3.96, -4.9, -3.0, n=27),
        "rank_biserial": estimate(-1.0, -1.0, -1.0, n=27, note="all changes have one sign"),
        "mean_percent_change": estimate(-59.9, -62.0, -57.1, n=27),
    }
    for statistic, value in made.items():
        yield results.row("change", "pppasi", statistic, value, **where)
    for group, x, n in (("sapho=yes", -8.0, 8), ("sapho=no", -8.4, 19)):
        value = estimate(x, x - 1, x + 1, n=n)
        yield results.row("change", "pppasi", "mean_change", value, group=group, **where)
    mixed = estimate(-8.2, -9.2, -7.2, n=28, method="MMRM")
    yield results.row("longitudinal", "pppasi", "mmrm_change", mixed, week=12)


def _responses():
    for missing, n, low, high in (("nri", 28, 0.5294, 0.8475), ("observed", 27, 0.553, 0.8683)):
        made = {
            "pga01": estimate(20 / n, low, high, n=n, events=20),
            "pppasi50": estimate(24 / n, 0.685, 0.943, n=n, events=24),
            "pppasi75": estimate(0.0, 0.0, 0.1206, n=n, events=0),
            "pppasi90": estimate(0.0, 0.0, 0.1206, n=n, events=0),
        }
        for outcome, value in made.items():
            where = {"week": 12, "missing": missing}
            exact = value if value.events else replace(value, ci_high=0.1234)
            yield results.row("responder", outcome, "wilson", value, **where)
            yield results.row("responder", outcome, "clopper_pearson", exact, **where)


def _harms():
    for statistic, x in (("sum", 6.44), ("median", 0.23), ("min", 0.1), ("max", 0.25)):
        yield results.row(
            "exposure",
            "patient_years",
            statistic,
            x,
            n=28,
            method="start to stop in 3, to the last visit in 25",
        )
    kinds = {"any": (11, 0.2150, 0.5942), "serious": (0, 0.0, 0.1234), "grade3": (0, 0.0, 0.1234)}
    for outcome, (k, low, high) in kinds.items():
        value = estimate(k / 28, low, high, n=28, events=k)
        yield results.row("adverse_event", outcome, "patients", value)
        yield results.row("adverse_event", outcome, "event_count", k + 1, n=28)
        if not k:
            one = estimate(0.0, 0.0, 0.1015, n=28, events=0)
            yield results.row("adverse_event", outcome, "upper_one_sided", one)
            three = estimate(0.0, 0.0, 3 / 28, n=28, events=0)
            yield results.row("adverse_event", outcome, "rule_of_three", three)
    outside = results.row("adverse_event", "not_emergent", "event_count", 2, n=28, events=2)
    yield outside
    term = estimate(4 / 28, 0.0403, 0.3267, n=28, events=4)
    yield results.row("adverse_event", "term", "patients", term, level="<script>痤疮</script>")
    shifts = {
        "ALT": (("normal→high", 4), ("normal→normal", 24)),
        "bilirubin": (("normal→normal", 28),),
        "CK": (("low→low", 1), ("normal→high", 5), ("normal→normal", 22)),
    }
    for test, levels in shifts.items():
        for level, k in levels:
            yield results.row("lab_shift", test, "count", k, level=level, n=28, events=k)


def _groups():
    where = {"group": "sapho=yes-no", "week": 12, "missing": "observed"}
    made = {
        ("pppasi", "welch"): estimate(0.4, -1.2, 2.0, n=27),
        ("pppasi", "permutation"): estimate(0.4, n=27, p_value=0.6),
        ("pppasi", "hedges_g"): estimate(0.2, -0.6, 1.0, n=27),
        ("pga01", "newcombe"): estimate(-0.139, -0.489, 0.142, n=27),
        ("pga01", "fisher_midp"): estimate(-0.139, n=27, p_value=0.42),
    }
    for (outcome, statistic), value in made.items():
        yield results.row("group_difference", outcome, statistic, value, **where)


@pytest.fixture
def visits():
    ids = [f"P{i:02d}" for i in range(1, 7)]
    scores = {0: [10.0, 12, 14, 9, 20, 0], 12: [5.0, 3, 15, 4, None, 1]}
    return pd.concat(
        pd.DataFrame({"study_id": ids, "week": week, "pppasi": values})
        for week, values in scores.items()
    ).reset_index(drop=True)


@pytest.fixture
def patients():
    ids = [f"P{i:02d}" for i in range(1, 7)]
    return pd.DataFrame({"study_id": ids, "sapho": ["yes", "no", "no", "yes", "no", None]})


@pytest.fixture
def queries():
    return pd.DataFrame(
        {
            "sheet": ["Visits", "Visits"],
            "cell": ["F12", "G3"],
            "patient_id": ["K-77", "K-78"],
            "study_id": ["P01", None],
            "week": [4, None],
            "field": ["pppasi", "dlqi"],
            "raw": ["73", "13,86"],
            "rule": ["out_of_range", "total_differs"],
            "action": ["missing", "kept"],
        }
    )


@pytest.fixture
def quarantine():
    return pd.DataFrame(
        {
            "sheet": ["Visits"],
            "row": [12],
            "rule": ["duplicate_exact"],
            "copy_of": [3.0],
            "raw": ["K-77|2023-01-01"],
        }
    )
