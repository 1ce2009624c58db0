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

    Returns
    -------
    int
        0 all reports made; 1 a notebook failed, the others are there; 2 the run was stopped and
        nothing has changed; 130 interrupted.
    """
    asked = _parser().parse_args(argv)
    if asked.command == "audit":
        return audit_cli.run_audit(asked, asked.parser)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(asked)
    except StopRun as stop:
        if asked.traceback:
            raise
        print(f"Stopped, nothing has changed. {stop}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the earlier reports are as they were.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ppp", description=__doc__.split(":")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run the notebooks on a cohort and make its reports")
    run.add_argument("--cohort", default="data/demo", help="cohort folder (default: %(default)s)")
    run.add_argument("--output", default="", help="root for data/derived and exports")
    run.add_argument(
        "-p",
        dest="parameters",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=_parameter,
        help="set a notebook parameter",
    )
    run.add_argument("--notebooks", type=Path, help="folder of notebooks (default: notebooks/)")
    run.add_argument("--traceback", action="store_true", help="show tracebacks of errors")
    run.add_argument("--plain-kernels", action="store_true", help="start kernels without forking")
    audit = commands.add_parser("audit", help=audit_cli.audit_help())
    audit_cli.add_audit_arguments(audit)
    audit.set_defaults(parser=audit)
    return parser


def _parameter(text: str) -> tuple:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def _run(asked) -> int:
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
        shown = f"\n{failure.traceback}" if asked.traceback else ""
        print(f"{name} failed{' in' if failure.cell else ':'} {failure}{shown}", file=sys.stderr)
    print(f"Open {os.path.relpath(run.study.exports / 'index.html')}")
    return 1 if run.failures else 0
