"""The command line: ``python -m ppp run --cohort data/raw/my_centre``.

The audit is a tool too: ``python -m ppp audit --mean 12.55 --sd 4.56 --n 28 --min 0 --max 30``.
"""

import argparse
import ast
import json
import os
import signal
import sys
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ppp.errors import StopRun

LARGEST_N = 10_000


def main(argv=None) -> int:
    """Run the command line and return the exit status.

    0 all reports made; 1 a notebook failed, the others are there; 2 the run was stopped and nothing
    has changed; 130 interrupted.
    """
    parser = argparse.ArgumentParser(prog="python -m ppp", description=__doc__.split(":")[0])
    commands = parser.add_subparsers(required=True)
    _add_run(commands)
    _add_lab(commands)
    _add_inspect(commands)
    _add_template(commands)
    _add_audit(commands)
    asked = parser.parse_args(argv)
    try:
        return asked.run(asked)
    except StopRun as stop:
        if getattr(asked, "traceback", False):
            raise
        print(f"Stopped, nothing has changed. {stop}", file=sys.stderr)
        return 2


def _add_run(commands) -> None:
    text = "run the notebooks on a cohort and make its reports"
    parser = commands.add_parser("run", help=text)
    parser.set_defaults(run=_run)
    add = parser.add_argument
    add("--cohort", default="data/demo", help="cohort folder (default: %(default)s)")
    add("--output", default="", help="root for data/derived and exports")
    pairs = {"dest": "parameters", "action": "append", "default": [], "type": _parameter}
    add("-p", **pairs, metavar="NAME=VALUE", help="set a notebook parameter")
    add("--notebooks", type=Path, help="folder of notebooks (default: notebooks/)")
    add("--traceback", action="store_true", help="show tracebacks of errors")
    add("--plain-kernels", action="store_true", help="start kernels without forking")


def _parameter(text: str) -> tuple:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def _run(asked) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run_notebooks(asked)
    except KeyboardInterrupt:
        print("Interrupted; the earlier reports are as they were.", file=sys.stderr)
        return 130


def _run_notebooks(asked) -> int:
    from ppp.report.names import filtered
    from ppp.run import pipeline

    parameters = dict(asked.parameters)
    options = pipeline.Options(
        cohort=parameters.pop("cohort", asked.cohort),
        output=parameters.pop("output", asked.output),
        parameters=parameters,
        folder=(asked.notebooks or pipeline.NOTEBOOKS).resolve(),
        forked=not asked.plain_kernels,
    )
    run = pipeline.run(options)
    for name, failure in run.failures.items():
        details = f"\n{failure.traceback}" if asked.traceback else ""
        place = " in" if failure.cell else ":"
        print(f"{name} failed{place} {failure}{details}", file=sys.stderr)
    said = run.study.derived / "last_lines.txt"
    if said.is_file() and said.stat().st_size:
        print(said.read_text("utf-8"))
    if run.uncoded:
        listed, home = run.study.derived / "terms.csv", run.study.folder
        cells = "1 cell holds an entry" if run.uncoded == 1 else f"{run.uncoded} cells hold entries"
        print(
            f"{cells} without an approved name, “uncoded” in the reports. To give names: open "
            f"{os.path.relpath(listed)}, fill in name and approved_by, and save it as "
            f"{os.path.relpath(home / 'terms.csv')}"
        )
    told = f" ({filtered(run.study)}; the plan's reports stay)" if run.study.changed else ""
    print(f"Open {os.path.relpath(run.study.exports / 'index.html')}{told}")
    return 1 if run.failures else 0


def _add_lab(commands) -> None:
    text = "open JupyterLab on copies of the notebooks that git never sees"
    parser = commands.add_parser("lab", help=text, description=text)
    add = parser.add_argument
    add("--cohort", default="data/demo", help="cohort folder (default: %(default)s)")
    add("--output", default="", help="root for data/derived, exports and lab")
    add("jupyter", nargs="*", help="after --, further options of JupyterLab")
    parser.set_defaults(run=_lab)


def _lab(asked) -> int:
    from ppp.run import lab
    from ppp.study import Study

    try:
        return lab.open_lab(Study.load(asked.cohort, asked.output), asked.jupyter)
    except KeyboardInterrupt:
        return 130


def _add_inspect(commands) -> None:
    text = "say what an unknown workbook holds, and write a draft of its study.toml beside it"
    parser = commands.add_parser("inspect", help=text, description=text)
    parser.add_argument("file", type=Path, help="a workbook (.xlsx), or a folder of CSV files")
    into = "a cohort folder to make, with a copy of the file and the draft"
    parser.add_argument("--cohort", type=Path, help=into)
    parser.set_defaults(run=_inspect)


def _inspect(asked) -> int:
    from ppp.data.inspect import inspect

    said, draft = inspect(asked.file, asked.cohort)
    print(f"{said}\n\nWrote {draft}. Answer its lines with a question mark; nothing else changed.")
    if draft.with_name("terms.csv").is_file():
        print(f"Names of free text: {draft.with_name('terms.csv')}; approve them line by line.")
    return 0


def _add_template(commands) -> None:
    text = "write a workbook to fill in and REDCap's data dictionary, for a study's outcomes"
    parser = commands.add_parser("template", help=text, description=text)
    cohort = "cohort folder with a study.toml, which needs no workbook yet"
    parser.add_argument("--cohort", help=cohort)
    place = "the workbook (default: the one that study.toml names; data/raw/cohort.xlsx)"
    parser.add_argument("--output", type=Path, help=place)
    parser.set_defaults(run=_template)


def _template(asked) -> int:
    from ppp.data import template
    from ppp.study import ROOT, Study

    study = Study.load(asked.cohort or ROOT / "data" / "template", planned=True)
    named = study.source.path if asked.cohort else ROOT / "data" / "raw" / "cohort.xlsx"
    book = asked.output or named.with_suffix(".xlsx")
    template.write(study, book)
    dictionary = book.with_name("redcap_dictionary.csv")
    template.write_redcap(study, dictionary)
    print(f"Wrote {os.path.relpath(book)} and {os.path.relpath(dictionary)}.")
    return 0


def _add_audit(commands) -> None:
    text = "check whether a printed mean and SD can come from n scores on a grid"
    parser = commands.add_parser("audit", help=text, description=text)
    add, number = parser.add_argument, {"required": True, "type": _decimal}
    add("--mean", **number, help="as printed: its decimals count")
    add("--sd", **number, help="as printed")
    add("--min", **number, help="smallest possible score")
    add("--max", **number, help="largest possible score")
    add("--n", required=True, type=int, help="number of patients")
    step = "granularity of a score (default: %(default)s)"
    add("--step", default=Decimal(1), type=_decimal, help=step)
    add("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=lambda asked: _audit(asked, parser))


def _audit(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Print the verdict and return 0, whatever it is; argparse ends with 2 at bad arguments."""
    from ppp.published.grim import as_dict, attainable, lines
    from ppp.witness import Summary

    if not 2 <= asked.n <= LARGEST_N:
        parser.error(f"argument --n: it must be 2 to {LARGEST_N}, not {asked.n}")
    try:
        figures = Summary(asked.mean, asked.sd, asked.n, asked.min, asked.max, asked.step)
    except ValueError:
        parser.error("--sd must not be negative, --step above 0, and --min not above --max")
    verdict = attainable(figures)
    if asked.json:
        print(json.dumps(as_dict(verdict), indent=2, ensure_ascii=False))
    else:
        print("\n".join(lines(verdict)))
    return 0


def _decimal(text: str) -> Decimal:
    with suppress(InvalidOperation):
        number = Decimal(text)
        if number.is_finite() and number.as_tuple().exponent <= 0:
            return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a number such as 12.55")
