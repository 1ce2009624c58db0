"""The kept simulation is what tests/simulate.py gives, and says itself where it falls short."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

from ppp.study import ROOT


@pytest.fixture(scope="module")
def simulate():
    spec = importlib.util.spec_from_file_location("simulate", ROOT / "tests" / "simulate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def coverage():
    """Read the kept simulation: one row a statistic, kind of scores and number of patients."""
    kept = pd.read_csv(ROOT / "data" / "coverage.csv")
    return kept.assign(falls_short=kept["falls_short"].eq("yes"))


def test_every_interval_was_simulated_at_both_sizes_for_every_kind_of_scores():
    kept = coverage()
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
    kept = coverage()
    short = np.where(
        kept["quantity"] == "size", kept["found"] - kept["nominal"], kept["nominal"] - kept["found"]
    )
    error = np.sqrt(kept["nominal"] * (1 - kept["nominal"]) / kept["runs"])
    assert kept["mc_error"].to_numpy() == pytest.approx(error, abs=1e-4)
    assert (kept["falls_short"] == (short > 2 * error)).all()


def test_exact_methods_keep_their_promise():
    kept = coverage().set_index("statistic")
    for name in ("clopper_pearson", "wilcoxon_exact", "pratt_exact"):
        assert not kept.loc[name, "falls_short"].any()
    assert not kept.loc["mean_change"].query("scores == 'normal'")["falls_short"].any()


def test_a_short_run_repeats_itself_and_agrees_with_the_kept_table(simulate, monkeypatch):
    monkeypatch.setattr(simulate, "MANY", 200_000)
    few = simulate.cell("skewed", 8, runs=150)
    assert few == simulate.cell("skewed", 8, runs=150)
    kept = coverage().query("scores == 'skewed' and n == 8")
    kept = kept.set_index(["statistic", "outcome"])["found"]
    for line in few:
        assert line["found"] == pytest.approx(kept[line["statistic"], line["outcome"]], abs=0.08)
