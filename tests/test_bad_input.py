"""What a user gets wrong: one message with the remedy, exit status 2, earlier exports as before."""

import re
import shutil
import subprocess
import sys

import pytest

from ppp.run import cli
from ppp.study import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def cohort(tmp_path):
    folder = tmp_path / "cohort"
    shutil.copytree(ROOT / "tests/cohorts/gaps", folder)
    return folder


@pytest.fixture
def earlier(tmp_path):
    exports = tmp_path / "out" / "exports" / "gaps"
    exports.mkdir(parents=True)
    (exports / "index.html").write_text("earlier")
    return exports


def arguments(cohort, tmp_path):
    return ["run", "--cohort", str(cohort), "--output", str(tmp_path / "out")]


def edit(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def no_such_cohort(cohort):
    return cohort.with_name("cohrt"), "cohrt", "study.toml"


def no_file(cohort):
    edit(cohort / "study.toml", 'folder = "csv"', 'folder = "cvs"')
    return cohort, "'cvs' is not there", "did you mean 'csv'?"


def no_table(cohort):
    (cohort / "csv" / "patients.csv").unlink()
    return cohort, "patients", "[source.sheets]"


def no_column(cohort):
    edit(cohort / "csv" / "patients.csv", "patient_id", "chart")
    return cohort, "patient_id", "[columns.patients]"


def unknown_key(cohort):
    edit(cohort / "study.toml", "[study]", "[study]\ntitel = 'x'")
    return cohort, "'titel'", "did you mean 'title'?"


def identity(cohort):
    edit(cohort / "csv" / "patients.csv", "patient_id", "patient_id,Telefon")
    return cohort, "Telefon", "drop"


def a_file(cohort):
    return cohort / "study.toml", "is a file", f"{str(cohort)!r}"


def other_dates(cohort):
    file = cohort / "csv" / "patients.csv"
    file.write_text(re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\1/\2/\3", file.read_text("utf-8")), "utf-8")
    return cohort, "not_a_date", 'date_format = "%Y/%m/%d"'


def other_ids(cohort):
    edit(cohort / "csv" / "visits.csv", "\nG", "\nH")
    return cohort, "unknown_patient", "write the ids alike"


def no_scores(cohort):
    edit(
        cohort / "study.toml",
        "[source]",
        '[endpoints]\nprimary = "pga"\npga_scale = [8, 9]\n[source]',
    )
    return cohort, "primary endpoint pga", "pga_scale"


def unknown_unit(cohort):
    edit(cohort / "study.toml", "[source]", '[units]\nALT = "UL"\n[source]')
    return cohort, "'UL' is no unit of ALT", "did you mean 'U/L'?"


def three_groups(cohort):
    subgroup = '[subgroup]\ncolumn = "stop_reason"\nvalue = "other"\n[source]'
    edit(cohort / "study.toml", "[source]", subgroup)
    return cohort, "stop_reason is to be compared at value 'other'", "[codes.stop_reason]"


def other_zeros(cohort):
    edit(cohort / "csv" / "visits.csv", "\nG1,", "\nG01,")
    return cohort, "visits!A2 and patients!A2", "write each id alike in both"


SPOILS = [
    three_groups,
    other_zeros,
    no_such_cohort,
    no_file,
    no_table,
    no_column,
    unknown_key,
    identity,
    a_file,
    other_dates,
    other_ids,
    no_scores,
    unknown_unit,
]


@pytest.mark.parametrize("spoil", SPOILS)
def test_one_message_names_it_and_the_remedy(spoil, cohort, earlier, tmp_path, capsys):
    folder, what, remedy = spoil(cohort)
    assert cli.main(arguments(folder, tmp_path)) == 2
    printed = capsys.readouterr()
    assert what in printed.err and remedy in printed.err
    assert "Traceback" not in printed.err + printed.out
    assert len(printed.err.strip().splitlines()) == 1
    assert [file.name for file in earlier.iterdir()] == ["index.html"]
    assert (earlier / "index.html").read_text() == "earlier"
    assert not (tmp_path / "out" / "data" / "derived" / "gaps").exists()


@pytest.mark.parametrize("flags", [[], ["--traceback"]])
def test_a_traceback_is_shown_when_asked_for(cohort, tmp_path, flags):
    folder, what, _ = unknown_key(cohort)
    command = [sys.executable, "-m", "ppp", *arguments(folder, tmp_path), *flags]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == (1 if flags else 2) and what in done.stderr
    assert ("Traceback" in done.stderr) == bool(flags)
