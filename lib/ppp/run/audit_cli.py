"""The audit as a tool: ``python -m ppp audit --mean 12.55 --sd 4.56 --n 28 --min 0 --max 30``."""

import argparse
import json
from contextlib import suppress
from decimal import Decimal, InvalidOperation

LARGEST_N = 10_000


def add_command(commands) -> None:
    """Add the command to the subparsers of the command line, with `run` as its function."""
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
    parser.set_defaults(run=lambda asked: run(asked, parser))


def run(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Print the verdict and return 0, whatever it is; argparse ends with 2 at bad arguments."""
    from ppp.published.audit.grim import attainable
    from ppp.published.audit.verdict import as_dict, lines
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
