"""Safety of generated cohorts, from CSV files through cleaning, against the recomputation."""

import pandas as pd
import pytest

from ppp import results
from ppp.data import cleaning
from ppp.safety import rows as safety
from ppp.safety.rows import lab_grades, laboratory, liver
from ppp.study import Study

from . import recompute
from .recompute import generated
from .recompute.cohort import read

STUDY = """
[study]
id = "generated"
synthetic = true
[source]
folder = "csv"
date_format = "%Y-%m-%d"
"""
PARTS = (recompute.safety, recompute.time_to_event, recompute.laboratory)


@pytest.mark.parametrize(
    ("seed", "without_limit", "without_tests"),
    [(1, 0, ()), (2, 0.1, ()), (3, 0.3, ["Bilirubin"]), (4, 0.1, ["ALT", "AST"])],
)
def test_every_row_of_a_generated_cohort_is_recomputed(
    seed, without_limit, without_tests, tmp_path
):
    (tmp_path / "csv").mkdir()
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    generated.write(tmp_path / "csv", seed, without_limit, without_tests)
    found = recompute.load(results.save(rows(Study.load(tmp_path)), tmp_path, "04_safety"))
    source = read(tmp_path / "csv")
    wanted = {key: numbers for part in PARTS for key, numbers in part.rows(source)}
    assert len(wanted) > 500
    assert not recompute.compare(found, wanted)


def rows(study):
    """Every row of the safety notebook."""
    cohort = cleaning.clean(study)
    people, events, labs = (cohort.patients, cohort.visits), cohort.adverse_events, cohort.labs
    return pd.concat(
        [
            safety.exposure(*people, study),
            safety.adverse_event(events, *people, study),
            safety.time_to_event(events, *people, study),
            laboratory.lab_shift(labs, cohort.patients, study),
            lab_grades.lab_grade(labs, cohort.patients, study),
            liver.liver(labs, cohort.patients, study),
        ]
    )
