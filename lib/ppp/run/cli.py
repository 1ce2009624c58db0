"""The command line: ``python -m ppp run --cohort data/raw/my_centre``."""

import argparse
import ast
import os
import signal
import sys
from pathlib import Path

from ppp.errors import StopRun
from ppp.run import audit_cli


def main(argv=None) -> int:
    """Run the command line and return the exit status.

    0 all reports made; 1 a notebook failed, the others are there; 2 the run was stopped and nothing
    has changed; 130 interrupted.
    """
    parser = argparse.ArgumentParser(prog="python -m ppp", description=__doc__.split(":")[0])
    commands = parser.add_subparsers(required=True)
    _add_run(commands)
    audit_cli.add_command(commands)
    asked = parser.parse_args(argv)
    return asked.run(asked)


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
    except StopRun as stop:
        if asked.traceback:
            raise
        print(f"Stopped, nothing has changed. {stop}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the earlier reports are as they were.", file=sys.stderr)
        return 130


def _run_notebooks(asked) -> int:
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
    print(f"Open {os.path.relpath(run.study.exports / 'index.html')}")
    return 1 if run.failures else 0
