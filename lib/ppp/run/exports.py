"""What a run leaves for co-authors: pages, index, results, tables, figures, manifest."""

import json
import zipfile
from pathlib import Path

import pandas as pd

from ppp import results
from ppp.overview.index import index
from ppp.report import page, text, word
from ppp.run import provenance

DOWNLOADS = {
    "results.csv": "every statistic of the reports, one a row",
    "tables.docx": "every table, to paste and edit in Word",
    "figures.zip": "every figure, as SVG and as PNG at 300 dpi",
    "manifest.json": "data, code, libraries and parameters of this run",
}


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
    rows = joined([study.derived / "rows" / f"{report.name}.csv" for report in ready])
    inert(rows).to_csv(folder / "results.csv", index=False)
    contents = {report.name: outcomes[report.name].content for report in ready}
    (folder / "tables.docx").write_bytes(word.tables(study, contents.values()))
    figures(folder, [e for c in contents.values() for e in c.exhibits if e.kind == "fig"])
    manifest = record | {"notebooks": [_state(report, outcomes) for report in reports]}
    _save(folder / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    foot = provenance.lines(record)
    for place, report in enumerate(reports, 1):
        if report.state == "ready":
            strip = _strip(study, record, f"report {place} of {len(reports)}")
            took = {"Took": f"{text.number(outcomes[report.name].seconds, 1)} s"}
            html = page.assemble(
                contents[report.name],
                strip,
                reports=reports,
                current=report.name,
                provenance=foot | took,
            )
            _save(folder / report.href, html)
    there = {name: what for name, what in DOWNLOADS.items() if (folder / name).is_file()}
    sizes = [(name, what, (folder / name).stat().st_size) for name, what in there.items()]
    content = index(study, reports, rows=rows, paragraph=paragraph(study), downloads=sizes)
    html = page.assemble(content, _strip(study, record), reports=reports, provenance=foot)
    _save(folder / "index.html", html)


def stem(study) -> str:
    """Begin the names of downloads: ``synthetic_demo``."""
    return f"{'synthetic_' * study.synthetic}{study.id}"


def joined(paths: list[Path]) -> pd.DataFrame:
    """Join the rows of notebooks.

    Parameters
    ----------
    paths : list of Path
        One file of rows a notebook; one that is not there is passed over.
    """
    frames = [results.load(path) for path in paths if path.is_file()]
    return pd.concat(frames, ignore_index=True) if frames else results.frame([])


def inert(rows: pd.DataFrame) -> pd.DataFrame:
    """Disarm text that a spreadsheet would run as a formula."""
    return rows.assign(**{name: rows[name].map(text.spreadsheet) for name in results.TEXT})


def figures(folder: Path, exhibits) -> None:
    """Write each figure as SVG and PNG, and all of them as one zip of stable bytes.

    Parameters
    ----------
    folder : Path
        Takes ``figures/`` and ``figures.zip``; neither is made without figures.
    exhibits : list of Exhibit
        Figures, numbered.
    """
    files = {f"{e.name}.{kind}": getattr(e, kind) for e in exhibits for kind in ("svg", "png")}
    if not files:
        return
    (folder / "figures").mkdir()
    with zipfile.ZipFile(folder / "figures.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            (folder / "figures" / name).write_bytes(content)
            archive.writestr(zipfile.ZipInfo(f"figures/{name}"), content, zipfile.ZIP_DEFLATED)


def paragraph(study) -> str:
    """Say in one paragraph what the study is."""
    weeks = text.listed(str(week) for week in study.schedule.weeks)
    primary = study.endpoints.primary
    aim = (
        "safety only"
        if primary == "none"
        else (f"primary endpoint {study.label(primary)} at week {study.schedule.primary}")
    )
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
