"""Random questions to a cohort, and the two cohorts that are asked."""

import numpy as np
import pytest

from ppp.catalogue.outcomes import CHANGES, analysed
from ppp.cohort import after_baseline
from ppp.data import store
from ppp.explore import choice


@pytest.fixture(scope="session")
def demo(demo_run):
    """The demo's patients and study."""
    return store.load(demo_run.study), demo_run.study


@pytest.fixture(scope="session")
def gaps(gaps_run):
    """A cohort with missing scores."""
    return store.load(gaps_run.study), gaps_run.study


@pytest.fixture(scope="session")
def ask():
    """Draw a question: ``ask(rng, data, study)``."""
    return drawn


def drawn(rng, data, study):
    outcome = rng.choice(analysed(data.visits, study, *CHANGES))
    rule = rng.choice(choice.RULES)
    cuts = choice.cuts(data, study)
    taken = rng.choice(len(cuts), size=min(len(cuts), rng.integers(0, 4)), replace=False)
    return choice.Choice(
        outcome=str(outcome),
        week=int(rng.choice(after_baseline(study))),
        missing=str(rng.choice(choice.MISSING)),
        rule=str(rule),
        value=float(rng.integers(10, 101) if rule == "percent" else np.round(rng.uniform(0, 9), 1)),
        cuts={cuts[at].name: _wanted(rng, cuts[at]) for at in taken},
    )


def _wanted(rng, cut):
    if cut.kind != "number":
        return str(rng.choice(cut.options))
    low, high = sorted(rng.uniform(cut.low, cut.high, 2).round(1).tolist())
    return [low, high] if rng.random() < 0.5 else [cut.low, high]
