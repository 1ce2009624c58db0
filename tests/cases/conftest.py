"""How a case is read: its folder holds a source and the ``study.toml`` that reads it."""

from pathlib import Path

import pytest

from ppp.data.cleaning import clean
from ppp.study import Study

HERE = Path(__file__).parent


@pytest.fixture
def read(tmp_path):
    def of(name):
        study = Study.load(HERE / name, tmp_path)
        data = clean(study)
        return data, study.with_weeks(data.weeks)

    return of
