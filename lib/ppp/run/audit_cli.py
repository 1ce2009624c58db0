"""The audit as a tool: ``python -m ppp audit --mean 12.55 --sd 4.56 --n 28 --min 0 --max 30``."""

import argparse
import json
from decimal import Decimal, InvalidOperation

LARGEST_N = 10_000


def audit_command(argv=None) -> int:
    """Print what n scores with a printed mean and standard deviation can be.

    Parameters
    ----------
    argv : list of str, optional
        Arguments after ``audit``; those of the process unless given.

    Returns
    -------
    int
        0, whatever the verdict; argparse ends with 2 at arguments that make no sense.
    """
    parser = argparse.ArgumentParser(prog="python -m ppp audit", description=audit_help())
    add_audit_arguments(parser)
    return run_audit(parser.parse_args(argv), parser)


def audit_help() -> str:
    """Return the one line that a list of commands shows."""
    return "check whether a printed mean and SD can come from n scores on a grid"


def add_audit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser, or to the parser of a subcommand."""
    for name, what in (("mean", "as printed: its decimals count"), ("sd", "as printed")):
        parser.add_argument(f"--{name}", required=True, type=_decimal, help=what)
    parser.add_argument("--n", required=True, type=int, help="number of patients")
    parser.add_argument("--min", required=True, type=_decimal, help="smallest possible score")
    parser.add_argument("--max", required=True, type=_decimal, help="largest possible score")
    parser.add_argument(
        "--step",
        default=Decimal(1),
        type=_decimal,
        help="granularity of a score (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run_audit(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Print the verdict that the parsed arguments ask for, and return the exit status."""
    from ppp.published.audit.grim import attainable
    from ppp.published.audit.verdict import as_dict, lines
    from ppp.witness import Summary

    if not 2 <= asked.n <= LARGEST_N:
        parser.error(f"argument --n: it must be 2 to {LARGEST_N}, not {asked.n}")
    try:
        figures = Summary(asked.mean, asked.sd, asked.n, asked.min, asked.max, asked.step)
    except ValueError:
        parser.error("--sd must not be negative, --step above 0, and --min not above --max")
    found = attainable(figures)
    if asked.json:
        print(json.dumps(as_dict(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(lines(found)))
    return 0


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number.as_tuple().exponent > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number such as 12.55")
    return number
