"""A run ends with what was lost and how to cure it, and a refused correction changes nothing."""

import shutil

import pytest

from ppp.run import cli
from ppp.study import DEMO, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cleaning_alone(tmp_path_factory):
    """The first notebook by itself, on a copy of the demo: runs it, gives status and files."""
    folder = tmp_path_factory.mktemp("lines")
    cohort, books = folder / "cohort", folder / "books"
    shutil.copytree(DEMO, cohort, ignore=shutil.ignore_patterns("maker"))
    toml = cohort / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "demo"', 'id = "lines"'), "utf-8")
    books.mkdir()
    shutil.copy(ROOT / "notebooks/01_cleaning.ipynb", books)

    def run():
        asked = ["--cohort", str(cohort), "--output", str(folder), "--notebooks", str(books)]
        return cli.main(["run", *asked]), folder

    return run, cohort


def test_losses_come_last_with_their_cure_and_a_refusal_changes_nothing(cleaning_alone, capfd):
    run, cohort = cleaning_alone
    status, folder = run()
    said = capfd.readouterr().out.splitlines()
    assert status == 0 and said[-1].startswith("Open ")
    assert said[-4].startswith("Lost to queries: PPPASI, 1 of 106 values (0.9%)")
    assert 'decimal = { "columns.visits.crp_mg_l" = "," }' in said[-3]
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    line = "sheet,cell,old,new,reason,by\n随访 Visits,D68,72,7.2,mistyped,AM\n"
    (cohort / "corrections.csv").write_text(line, "utf-8")
    status, folder = run()
    assert status == 2
    assert "Stopped, nothing has changed. corrections.csv, line 2: " in capfd.readouterr().err
    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert before.items() <= after.items()
