"""A study and hand-made results rows of page 03, chosen so that every text can be read off them."""

from dataclasses import replace

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.study import Study

NAN = float("nan")
WEEK = {"week": 12, "missing": "observed"}


@pytest.fixture
def make_page_study(tmp_path):
    def make(sections="", *, synthetic=True):
        (tmp_path / "cohort.xlsx").touch()
        head = f'[study]\nid = "trial"\nsynthetic = {str(synthetic).lower()}\n'
        source = '[source]\nfile = "cohort.xlsx"\n'
        (tmp_path / "study.toml").write_text(head + source + sections, encoding="utf-8")
        return Study.load(tmp_path)

    return make


@pytest.fixture
def page_study(make_page_study):
    return make_page_study()


@pytest.fixture
def page_rows():
    made = [*_summaries(), *_changes(), *_responses(), *_sensitivity(), *_patterns()]
    return results.frame([*made, *_tests(), *_regression()])


@pytest.fixture
def no_rows():
    return results.frame([])


@pytest.fixture
def scored():
    """Visits of six patients, one without a score at week 12 and one with 0 at baseline."""
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


def estimate(x, low=None, high=None, **more):
    level = NAN if low is None else more.pop("ci_level", 0.95)
    return Estimate(x, NAN if low is None else low, NAN if high is None else high, level, **more)


def _summaries():
    for week, mean, missing in ((0, 13.86, 0), (12, 5.56, 1)):
        where = {"week": week, "missing": "observed", "n": 28 - missing}
        numbers = {"sd": 2.76, "median": mean, "q1": 11, "q3": 15.2, "min": 8.1, "max": 19}
        for statistic, value in (numbers | {"n_missing": missing}).items():
            yield results.row("summary", "pppasi", statistic, value, **where)
        value = estimate(mean, mean - 1, mean + 1, n=28 - missing)
        yield results.row("summary", "pppasi", "mean", value, week=week, missing="observed")


def _changes():
    made = {
        "mean_change": estimate(-8.3, -9.4, -7.2, n=27, method="paired t interval"),
        "hodges_lehmann": estimate(-8.25, -9.3, -7.1, ci_level=0.9513, n=27),
        "d_av": estimate(-3.96, -4.9, -3.0, n=27),
        "mean_percent_change": estimate(-59.9, -62.0, -57.1, n=27),
    }
    for statistic, value in made.items():
        yield results.row("change", "pppasi", statistic, value, **WEEK)
    test = estimate(0.0, n=27, p_value=7e-9, note="2 of 27 unchanged, ranked (Pratt)")
    tokens = "exact zeros_ranked"
    yield results.row("change", "pppasi", "wilcoxon_exact", test, code=tokens, **WEEK)
    other = estimate(0.0, n=27, p_value=0.004, code="exact zeros_dropped")
    yield results.row("change", "pppasi", "wilcoxon_zeros_dropped", other, **WEEK)
    for level, k in (("1", 20), ("2", 5)):
        share = estimate(k / 27, 0.1, 0.9, n=27, events=k)
        yield results.row("change", "pga", "improved", share, level=level, **WEEK)
    carried, imputed = ("carried", "1 carried forward"), ("imputed", "1 of 28 imputed")
    for rule, x, (code, note) in (("locf", -8.0, carried), ("mi", -8.2, imputed)):
        value = estimate(x, x - 1, x + 1, n=28, note=note, code=code)
        yield results.row("change", "pppasi", "mean_change", value, week=12, missing=rule)
    mixed = {"mmrm_change": estimate(-8.2, -9.2, -7.2, n=28)}
    mixed["random_intercept_change"] = estimate(-8.1, -8.9, -7.3, n=28)
    for statistic, value in mixed.items():
        yield results.row("longitudinal", "pppasi", statistic, value, **WEEK)


def _responses():
    for missing, n, low, high in (("nri", 28, 0.5294, 0.8475), ("observed", 27, 0.553, 0.8683)):
        made = {
            "pppasi50": estimate(24 / n, 0.685, 0.943, n=n, events=24),
            "pppasi75": estimate(0.0, 0.0, 0.1206, n=n, events=0),
            "pppasi90": estimate(0.0, 0.0, 0.1206, n=n, events=0),
            "pga01": estimate(20 / n, low, high, n=n, events=20),
        }
        for outcome, value in made.items():
            where = {"week": 12, "missing": missing}
            exact = value if value.events else replace(value, ci_high=0.1234)
            yield results.row("responder", outcome, "wilson", value, **where)
            yield results.row("responder", outcome, "clopper_pearson", exact, **where)
    for missing, events, name in (("locf", 20, "clopper_pearson"), ("mi", None, "wilson")):
        share = estimate(0.72, 0.53, 0.85, n=28, events=events, code="carried")
        yield results.row("responder", "pga01", name, share, week=12, missing=missing)


def _sensitivity():
    made = {
        "sign_test": estimate(0.0, 0.0, 0.128, n=27, events=0, p_value=1e-8),
        "log_ratio": Estimate(n=27, note="1 with a score of 0, which has no logarithm"),
    }
    for statistic, value in made.items():
        yield results.row("sensitivity", "pppasi", statistic, value, **WEEK)
    ends = {"estimate_min": -8.5, "estimate_max": -8.1, "ci_low_min": -9.6, "ci_high_max": -6.9}
    for level, x in ends.items():
        yield results.row("sensitivity", "pppasi", "leave_one_out", x, level=level, n=27, **WEEK)
    largest = estimate(2e-7, n=27, p_value=2e-7)
    yield results.row("sensitivity", "pppasi", "leave_one_out", largest, level="p_max", **WEEK)
    without = estimate(-8.1, -9.1, -7.1, n=26)
    yield results.row("sensitivity", "pppasi", "most_influential", without, level="P07", **WEEK)
    point = estimate(17.5, n=28, note="imputed scores worsened: 1")
    yield results.row("sensitivity", "pppasi", "tipping_point", point, week=12, missing="mi")
    for shift, x in ((0, -8), (10, -5), (20, -2)):
        value = estimate(float(x), x - 2.0, x + 2.5, n=28)
        where = {"week": 12, "missing": "mi", "level": str(shift)}
        yield results.row("sensitivity", "pppasi", "tipping_curve", value, **where)
    for more in (0, 1):
        share = estimate((20 + more) / 28, 0.5 + more / 28, 0.85, n=28, events=20 + more)
        yield results.row("sensitivity", "pga01", "binary_tipping", share, level=str(more), week=12)


def _patterns():
    for level, k in (("●●●●", 24), ("●●○●", 3), ("●●●○", 1)):
        yield results.row("missing_pattern", "pppasi", "count", k, level=level, n=28, events=k)


def _tests():
    fixed = (("pppasi", 7e-9, ""), ("pga01", NAN, "estimation only"), ("dlqi", 0.02, ""))
    for place, (outcome, p, note) in enumerate(fixed, start=1):
        where = {"week": 12, "p_value": p, "level": str(place), "note": note}
        where |= {"code": "estimation"} if note else {}
        yield results.row("multiplicity", outcome, "fixed_sequence", NAN, **where)
    yield results.row("multiplicity", "pga", "holm", NAN, week=8, p_value=0.04, level="1", n=26)
    yield results.row("multiplicity", "pga", "holm", NAN, week=4, note="no p-value, not counted")


def _regression():
    bound = estimate(0.401, n=27)
    yield results.row("regression_to_mean", "pppasi", "explaining_correlation", bound, **WEEK)
    example = {"level": "ρ=0.7, μ=0", "n": 27}
    yield results.row("regression_to_mean", "pppasi", "expected_change", -4.158, **example, **WEEK)
