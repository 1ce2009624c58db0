"""What a run leaves for co-authors: pages, index, results, tables, figures, manifest.

The manifest, and the foot of each page, say where all of it came from. The one place that knows
nbconvert, which is imported when the first notebook has ended.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path

import pandas as pd

from ppp import results
from ppp.data import store
from ppp.explore.page import explore
from ppp.overview.index import index
from ppp.report import page, text, word
from ppp.run.notebooks import Notebook
from ppp.study import ROOT

DOWNLOADS = {
    "report.html": "all pages in one file, to send by e-mail",
    "explore.html": "ask your own question, offline; holds single patients by study number",
    "results.csv": "every statistic of the reports, one a row",
    "tables.docx": "every table, to paste and edit in Word",
    "figures.zip": "every figure, as SVG and as PNG at 300 dpi",
    "manifest.json": "data, code, libraries and parameters of this run",
}
EXPLORED = ("Data SHA-256", "Data of", "Code", "Run")
PRIORITY = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]


@contextmanager
def staged(final: Path):
    """Give an empty folder beside `final`, to replace it as a whole when the block ends well."""
    aside = final.with_name(f".{final.name}.{os.getpid()}.part")
    aside.mkdir(parents=True)
    try:
        yield aside
        _replace(final, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _replace(final: Path, aside: Path) -> None:
    old = final.with_name(f".{final.name}.{os.getpid()}.old")
    if final.exists():
        final.rename(old)
    try:
        aside.rename(final)
    except BaseException:
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write(folder: Path, study, reports: list[page.Report], *, outcomes: dict, record: dict):
    """Write everything into an empty folder, and return the results rows.

    `outcomes` are of notebooks that ran, by name.
    """
    ready = [report.name for report in reports if report.state == "ready"]
    rows = joined([study.derived / "rows" / f"{name}.csv" for name in ready])
    inert(rows).to_csv(folder / "results.csv", index=False, encoding="utf-8-sig")
    contents = [outcomes[name].content for name in ready]
    (folder / "tables.docx").write_bytes(word.tables(study, contents))
    figures(folder, [e for content in contents for e in content.exhibits if e.kind == "fig"])
    manifest = record | {"notebooks": [_state(report, outcomes) for report in reports]}
    listed = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(listed, "utf-8")
    for report in reports:
        if report.state == "ready":
            html = _page(report, study, reports, outcome=outcomes[report.name], record=record)
            (folder / report.href).write_text(html, "utf-8")
    named = {f"{name}.html": content for name, content in zip(ready, contents, strict=True)}
    _alone(folder, study, reports, named, rows=rows, record=record)
    html = _index(folder, study, reports, rows=rows, record=record)
    (folder / "index.html").write_text(html, "utf-8")
    return rows


def _alone(folder: Path, study, reports, contents, *, rows: pd.DataFrame, record: dict) -> None:
    """Write the two files that need no other: all pages in one, and the one to explore."""
    strip, known = _strip(study, record), foot(record)
    first = index(study, reports, rows=rows, paragraph=paragraph(study), downloads=())
    joined = page.whole({"index.html": first} | contents)
    html = page.assemble(joined, strip, reports=(), provenance=known)
    (folder / "report.html").write_text(html, "utf-8")
    if (study.derived / "patients.parquet").is_file():
        about = {term: known[term] for term in EXPLORED}
        html = explore(store.load(study), study, strip, provenance=about)
        if html:
            (folder / "explore.html").write_text(html, "utf-8")


def _page(report: page.Report, study, reports, *, outcome, record: dict) -> str:
    place = f"report {reports.index(report) + 1} of {len(reports)}"
    took = {"Took": f"{text.number(outcome.seconds, 1)} s"}
    return page.assemble(
        outcome.content,
        _strip(study, record, place),
        reports=reports,
        current=report.name,
        provenance=foot(record) | took,
    )


def _index(folder: Path, study, reports, *, rows: pd.DataFrame, record: dict) -> str:
    files = {name: folder / name for name in DOWNLOADS if (folder / name).is_file()}
    sizes = [(name, DOWNLOADS[name], file.stat().st_size) for name, file in files.items()]
    content = index(study, reports, rows=rows, paragraph=paragraph(study), downloads=sizes)
    known = foot(record)
    return page.assemble(content, _strip(study, record), reports=reports, provenance=known)


def _strip(study, record: dict, position: str = "") -> page.Status:
    known = record["source"] | {"commit": record["commit"], "position": position}
    return page.status(study, **known)


def _state(report: page.Report, outcomes: dict) -> dict:
    outcome = outcomes.get(report.name)
    seconds = {"seconds": round(outcome.seconds, 1)} if outcome else {}
    error = {"error": report.detail} if report.detail else {}
    return {"name": report.name, "state": report.state} | seconds | error


def content(book: Notebook, node, *, hidden=(), stem: str = "", named=None) -> page.Content:
    """Convert an executed notebook for a page; raises PageError as `page.prepare` does.

    `hidden` are places on this machine, shown as an ellipsis; names of downloads begin with `stem`;
    `named` may give the title and the question that go by the study, in place of the notebook's.
    """
    if named:
        opening = next(cell for cell in node.cells if cell.cell_type == "markdown")
        opening.source = f"# {text.markdown(named['title'])}\n\n{text.markdown(named['question'])}"
    html, _ = _exporter().from_notebook_node(node)
    shown = list(exhibits(node))
    return page.prepare(html, book.number, book.title, hidden=hidden, exhibits=shown, stem=stem)


def exhibits(node):
    """Yield the tables and figures among the outputs of an executed notebook, in their order."""
    for cell in node.cells:
        for output in cell.get("outputs", []):
            for kind, (_, mime) in page.KINDS.items():
                if mime in output.get("data", {}):
                    yield page.Exhibit(kind, output["data"][mime])


@cache
def _exporter():
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    return HTMLExporter(
        config=Config({"NbConvertBase": {"display_data_priority": PRIORITY}}),
        extra_template_basedirs=[str(page.TEMPLATE.parent)],
        template_name=page.TEMPLATE.name,
        exclude_anchor_links=True,
    )


def stem(study) -> str:
    """Begin the names of downloads: ``synthetic_demo``."""
    return f"{'synthetic_' * study.synthetic}{study.id}"


def joined(paths: list[Path]) -> pd.DataFrame:
    """Join the rows of notebooks; a file that is not there is passed over."""
    frames = [results.load(path) for path in paths if path.is_file()]
    return pd.concat(frames, ignore_index=True) if frames else results.frame([])


def inert(rows: pd.DataFrame) -> pd.DataFrame:
    """Disarm text that a spreadsheet would run as a formula."""
    return rows.assign(**{name: rows[name].map(text.spreadsheet) for name in results.TEXT})


def figures(folder: Path, exhibits) -> None:
    """Write each figure as SVG and PNG, and all of them as one zip of stable bytes.

    Neither ``figures/`` nor ``figures.zip`` is made without figures.
    """
    files = {f"{e.name}.{kind}": getattr(e, kind) for e in exhibits for kind in ("svg", "png")}
    if not files:
        return
    (folder / "figures").mkdir()
    with zipfile.ZipFile(folder / "figures.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            (folder / "figures" / name).write_bytes(raw)
            archive.writestr(zipfile.ZipInfo(f"figures/{name}"), raw, zipfile.ZIP_DEFLATED)


def paragraph(study) -> str:
    """Say in one paragraph what the study is."""
    weeks = text.listed(str(week) for week in study.schedule.weeks)
    primary = study.endpoints.primary
    aim = "safety only"
    if primary != "none":
        aim = f"primary endpoint {study.label(primary)} at week {study.schedule.primary}"
    drug = f"Patients treated with {study.drug}; " if study.drug else "An "
    real = " The data are synthetic: no patient is described." if study.synthetic else ""
    return f"{drug}uncontrolled chart review; visits at weeks {weeks}; {aim}.{real}"


def provenance(study, parameters: dict) -> dict:
    """Gather all of it for ``manifest.json``; `parameters` are what the notebooks were given."""
    return {
        "study": {"id": study.id, "title": study.title, "synthetic": study.synthetic},
        "source": {"sha256": study.source.sha256(), "dated": _dated(study.source.path)},
        "commit": _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"),
        "lock_sha256": _lock(),
        "versions": _versions(),
        "parameters": parameters,
        "seed": study.run.seed,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def foot(record: dict) -> dict[str, str]:
    """Choose what stands at the foot of a page: term → value."""
    named = ("python", "pandas", "scipy", "statsmodels", "pingouin")
    versions = (f"{name} {record['versions'].get(name, '?')}" for name in named)
    parameters = (f"{name} = {value}" for name, value in record["parameters"].items())
    return {
        "Data SHA-256": record["source"]["sha256"],
        "Data of": record["source"]["dated"],
        "Code": record["commit"] or "not under git",
        "Lock SHA-256": record["lock_sha256"][:12],
        "Parameters": ", ".join(parameters),
        "Seed": str(record["seed"]),
        "Versions": ", ".join(versions),
        "Run": record["started"].replace("T", " ").replace("+00:00", " UTC"),
    }


def _dated(path: Path) -> str:
    """Return the day of the source: that of its last commit, else that of the file."""
    day = _git("log", "-1", "--format=%cs", "--", str(path))
    return day or datetime.fromtimestamp(path.stat().st_mtime).date().isoformat()


def _git(*words: str) -> str:
    """Return what git says of the code; empty without git."""
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _lock() -> str:
    file = ROOT / "requirements.lock"
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _versions() -> dict[str, str]:
    """Versions of Python, of this package and of each library it depends on."""
    needed = [line for line in metadata.requires("ppp") or [] if "extra ==" not in line]
    names = ["ppp", *(re.match(r"[\w.-]+", line)[0] for line in needed)]
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in names}
