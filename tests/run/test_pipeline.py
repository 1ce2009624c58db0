import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from ppp import results
from ppp.run import cli

BAD = "raise KeyError('no such column')"
STOP = """
from ppp.errors import SourceError
raise SourceError("cohort.xlsx: there is no sheet 'visits'; name it in [source.sheets]")
"""
FIGURE = """
from IPython.display import HTML, Markdown, display
display(HTML('<figure id="fig-a"><img alt="A line that falls" src="data:image/png;base64,AAAA">'
             '<figcaption>PPPASI by week.</figcaption></figure>'))
display(HTML('<table id="tbl-a"><caption>Patients.</caption>'
             '<tr><td>&lt;script&gt;</td></tr></table>'))
Markdown("It fell ([Figure](#fig-a), [Table](#tbl-a)).")
"""


def test_every_report_is_made_and_results_are_joined(place, capsys):
    for name in ("01_cleaning", "02_figures", "03_efficacy"):
        place.notebook(name, *([FIGURE] if name == "02_figures" else []))
    assert cli.main(place.arguments) == 0
    assert {file.name for file in place.exports.iterdir()} == {
        "01_cleaning.html",
        "02_figures.html",
        "03_efficacy.html",
        "index.html",
        "manifest.json",
        "report.html",
        "results.csv",
        "tables.docx",
    }
    assert set(results.load(place.exports / "results.csv").notebook) == {
        "01_cleaning",
        "02_figures",
        "03_efficacy",
    }
    page = (place.exports / "02_figures.html").read_text("utf-8")
    assert 'alt="A line that falls"' in page
    assert "Figure 2.1." in page and "Table\N{NO-BREAK SPACE}2.1</a>" in page
    assert "&lt;script&gt;" in page
    assert str(place.root) not in page
    manifest = json.loads((place.exports / "manifest.json").read_text("utf-8"))
    assert [book["state"] for book in manifest["notebooks"]] == ["ready"] * 3
    assert len(manifest["source"]["sha256"]) == 64 and manifest["versions"]["pandas"]
    told = capsys.readouterr()
    assert "02_figures" in told.out and told.out.rstrip().endswith("index.html")
    assert "\r" not in told.out + told.err and "%" not in told.err


def test_a_failed_notebook_is_named_and_the_others_go_on(place, capsys):
    for name in ("01_cleaning", "02_bad", "03_good"):
        place.notebook(name)
    assert cli.main(place.arguments) == 0
    place.notebook("02_bad", "1 + 1", BAD)
    assert cli.main(place.arguments) == 1
    assert not (place.exports / "02_bad.html").exists()
    assert not (place.derived / "rows" / "02_bad.csv").exists()
    assert (place.exports / "03_good.html").exists()
    assert set(results.load(place.exports / "results.csv").notebook) == {"01_cleaning", "03_good"}
    told = capsys.readouterr().err
    assert "02_bad failed in cell 3: KeyError" in told and "Traceback" not in told
    index = (place.exports / "index.html").read_text("utf-8")
    assert "cell 3: KeyError" in index and 'href="02_bad.html"' not in index
    manifest = (place.exports / "manifest.json").read_text("utf-8")
    assert "no such column" in told and "no such column" not in index + manifest


def test_the_report_on_a_paper_goes_with_the_paper(place):
    """With a paper, then without: a process of its own each, as a user runs it."""
    for name in ("01_cleaning", "06_published_figures"):
        place.notebook(name)
    study = place.cohort / "study.toml"
    without = study.read_text("utf-8")
    (place.cohort / "paper.csv").write_text("key,label,value,decimals,kind,field\n", "utf-8")
    named = without.replace("[study]", '[study]\npublished = "paper.csv"')
    for text, names in (
        (named, ["01_cleaning", "06_published_figures"]),
        (without, ["01_cleaning"]),
    ):
        study.write_text(text, "utf-8")
        subprocess.run([sys.executable, "-m", "ppp", *place.arguments], check=True)
        pages = {f"{name}.html" for name in names}
        assert {page.name for page in place.exports.glob("0*.html")} == pages
        assert {file.stem for file in (place.derived / "rows").glob("*.csv")} == set(names)
        manifest = json.loads((place.exports / "manifest.json").read_text("utf-8"))
        assert [book["name"] for book in manifest["notebooks"]] == names
        for page in (*sorted(pages), "index.html"):
            html = (place.exports / page).read_text("utf-8")
            assert ("06_published_figures.html" in html) == (len(names) > 1)
        assert f"report 1 of {len(names)}" in (place.exports / "01_cleaning.html").read_text()


def test_traceback_only_when_asked(place, capsys):
    place.notebook("01_cleaning", BAD)
    assert cli.main([*place.arguments, "--traceback"]) == 1
    assert "KeyError" in capsys.readouterr().err.split("01_cleaning failed in")[1]


def test_failed_cleaning_leaves_the_others_not_run(place):
    place.notebook("01_cleaning", BAD)
    place.notebook("02_other")
    assert cli.main(place.arguments) == 1
    index = (place.exports / "index.html").read_text("utf-8")
    assert "not run" in index and not (place.exports / "02_other.html").exists()


def test_a_stop_in_cleaning_changes_nothing(place, capsys):
    place.notebook("01_cleaning")
    place.notebook("02_other")
    assert cli.main(place.arguments) == 0
    before = place.state()
    capsys.readouterr()
    place.notebook("01_cleaning", STOP)
    assert cli.main(place.arguments) == 2
    told = capsys.readouterr()
    assert "there is no sheet 'visits'; name it in [source.sheets]" in told.err
    assert "Traceback" not in told.err
    assert place.state() == before


def test_a_stop_before_anything_leaves_no_folder(place):
    place.notebook("01_cleaning", STOP)
    assert cli.main(place.arguments) == 2
    assert not place.output.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [(["-p", "chort=1"], "Did you mean 'cohort'?"), (["--cohort=nowhere"], "nowhere")],
)
def test_bad_arguments_stop_with_one_message(place, capsys, wrong, told):
    place.notebook("01_cleaning")
    assert cli.main([*place.arguments, *wrong]) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1 and "Traceback" not in error
    assert not place.output.exists()


def test_plain_kernels_give_the_same_page(place):
    place.notebook("02_figures", FIGURE)
    assert cli.main(place.arguments) == 0
    forked = (place.exports / "02_figures.html").read_text("utf-8")
    assert cli.main([*place.arguments, "--plain-kernels"]) == 0
    plain = (place.exports / "02_figures.html").read_text("utf-8")
    same = [re.sub(r"code [0-9a-f]+", "", html).split("<footer>")[0] for html in (forked, plain)]
    assert same[0] == same[1]


def test_a_cell_that_takes_too_long_fails(place, capsys):
    study = place.cohort / "study.toml"
    study.write_text(study.read_text("utf-8") + "[run]\ntimeout_s = 1\n", "utf-8")
    place.notebook("01_cleaning", "import time; time.sleep(30)")
    assert cli.main(place.arguments) == 1
    assert "01_cleaning failed in cell 2: CellTimeoutError" in capsys.readouterr().err


def test_an_interrupted_run_leaves_the_earlier_exports(place):
    begun = place.root / "begun"
    cell = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(60)"
    place.notebook("01_cleaning", cell)
    place.exports.mkdir(parents=True)
    (place.exports / "index.html").write_text("earlier", "utf-8")
    driver = subprocess.Popen(
        [sys.executable, "-m", "ppp", *place.arguments],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's & ignores it
    )
    while not begun.exists() and driver.poll() is None:
        time.sleep(0.1)
    os.kill(driver.pid, signal.SIGINT)
    assert driver.wait(20) == 130
    assert "earlier reports are as they were" in driver.stderr.read()
    assert [path.name for path in place.exports.parent.iterdir()] == ["tiny"]
    assert (place.exports / "index.html").read_text("utf-8") == "earlier"
