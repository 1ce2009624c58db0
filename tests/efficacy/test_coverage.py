"""The kept simulation is what tests/simulate.py gives, and says itself where it falls short."""

import importlib.util

import numpy as np
import pytest

from ppp.efficacy.rows import drawn
from ppp.study import ROOT


@pytest.fixture(scope="module")
def simulate():
    spec = importlib.util.spec_from_file_location("simulate", ROOT / "tests" / "simulate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_interval_was_simulated_at_both_sizes_for_every_kind_of_scores():
    kept = drawn.coverage()
    assert set(kept.groupby(["statistic", "outcome"]).size()) == {6} and len(kept) == 66
    assert (kept["runs"] >= 2_000).all()
    assert {
        "mean_change",
        "mean_change_bca",
        "hodges_lehmann",
        "wilson",
        "clopper_pearson",
        "newcombe",
        "wilcoxon_exact",
    } <= set(kept["statistic"])


def test_falls_short_is_two_monte_carlo_errors():
    kept = drawn.coverage()
    short = np.where(
        kept["quantity"] == "size", kept["found"] - kept["nominal"], kept["nominal"] - kept["found"]
    )
    error = np.sqrt(kept["nominal"] * (1 - kept["nominal"]) / kept["runs"])
    assert kept["mc_error"].to_numpy() == pytest.approx(error, abs=1e-4)
    assert (kept["falls_short"] == (short > 2 * error)).all()


def test_exact_methods_keep_their_promise():
    kept = drawn.coverage().set_index("statistic")
    for name in ("clopper_pearson", "wilcoxon_exact", "pratt_exact"):
        assert not kept.loc[name, "falls_short"].any()
    assert not kept.loc["mean_change"].query("scores == 'normal'")["falls_short"].any()


def test_shortfalls_are_those_of_the_nearest_size():
    found = drawn.shortfalls("mean_change_bca", 10)
    assert set(found["n"]) == {8} and found["found"].is_monotonic_increasing
    assert set(drawn.shortfalls("mean_change_bca", 5_000)["n"]) == {28}
    assert drawn.shortfalls("clopper_pearson", 28).empty


def test_a_short_run_repeats_itself_and_agrees_with_the_kept_table(simulate, monkeypatch):
    monkeypatch.setattr(simulate, "MANY", 200_000)
    few = simulate.cell("skewed", 8, runs=150)
    assert few == simulate.cell("skewed", 8, runs=150)
    kept = drawn.coverage().query("scores == 'skewed' and n == 8")
    kept = kept.set_index(["statistic", "outcome"])["found"]
    for line in few:
        assert line["found"] == pytest.approx(kept[line["statistic"], line["outcome"]], abs=0.08)
