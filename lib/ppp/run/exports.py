"""What a run leaves for co-authors: pages, index, ``results.csv``, ``manifest.json``."""

import json
from pathlib import Path

import pandas as pd

from ppp import results
from ppp.report import page
from ppp.run import provenance

DOWNLOADS = [
    ("results.csv", "every statistic of the reports, one a row"),
    ("manifest.json", "data, code, libraries and parameters of this run"),
]


def write(folder: Path, study, reports: list[page.Report], *, outcomes: dict, record: dict):
    """Write everything into an empty folder.

    Parameters
    ----------
    folder : Path
        Takes the files.
    study : Study
        The cohort.
    reports : list of Report
        All of the set, with their states.
    outcomes : dict
        Notebook name → `Outcome`, of those that ran.
    record : dict
        What `provenance.record` gave.
    """
    ready = [report for report in reports if report.state == "ready"]
    joined([study.derived / "rows" / f"{report.name}.csv" for report in ready]).to_csv(
        folder / "results.csv", index=False
    )
    manifest = record | {"notebooks": [_state(report, outcomes) for report in reports]}
    _save(folder / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    foot = provenance.lines(record)
    for place, report in enumerate(reports, 1):
        if report.state == "ready":
            strip = _strip(study, record, f"report {place} of {len(reports)}")
            content = outcomes[report.name].content
            html = page.assemble(
                content, strip, reports=reports, current=report.name, provenance=foot
            )
            _save(folder / report.href, html)
    content = page.index(study, reports, paragraph=paragraph(study), downloads=DOWNLOADS)
    html = page.assemble(content, _strip(study, record), reports=reports, provenance=foot)
    _save(folder / "index.html", html)


def joined(paths: list[Path]) -> pd.DataFrame:
    """Join the rows of notebooks; text that a spreadsheet would run as a formula is disarmed.

    Parameters
    ----------
    paths : list of Path
        One file of rows a notebook; one that is not there is passed over.
    """
    frames = [results.load(path) for path in paths if path.is_file()]
    rows = pd.concat(frames, ignore_index=True) if frames else results.frame([])
    inert = {name: rows[name].str.replace(r"^([=+@\t\r])", r"'\1", regex=True)
             for name in results.TEXT}  # fmt: skip
    return rows.assign(**inert)


def paragraph(study) -> str:
    """Say in one paragraph what the study is."""
    weeks = ", ".join(str(week) for week in study.schedule.weeks)
    primary = study.endpoints.primary
    aim = "safety only" if primary == "none" else (
        f"primary endpoint {study.label(primary)} at week {study.schedule.primary}"
    )  # fmt: skip
    drug = f"Patients treated with {study.drug}; " if study.drug else "An "
    real = " The data are synthetic: no patient is described." if study.synthetic else ""
    return f"{drug}uncontrolled chart review; visits at weeks {weeks}; {aim}.{real}"


def _state(report: page.Report, outcomes: dict) -> dict:
    outcome = outcomes.get(report.name)
    seconds = {"seconds": round(outcome.seconds, 1)} if outcome else {}
    error = {"error": report.detail} if report.detail else {}
    return {"name": report.name, "state": report.state} | seconds | error


def _strip(study, record: dict, position: str = "") -> page.Status:
    source = record["source"]
    return page.status(
        study, source["sha256"], dated=source["dated"], commit=record["commit"], position=position
    )


def _save(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
