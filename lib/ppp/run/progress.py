"""What a person sees while the notebooks run: a bar on a terminal, plain lines in a log."""

import sys

from tqdm import tqdm

SHAPE = "{percentage:3.0f}% {bar:24} {n_fmt}/{total_fmt} cells  {elapsed}"


class Progress:
    """One bar over the code cells of all notebooks, and one line for each that ends.

    Parameters
    ----------
    cells : int
        Code cells in all.
    """

    def __init__(self, cells: int):
        self._bar = tqdm(total=cells, bar_format=SHAPE, leave=False, disable=None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._bar.close()

    def advance(self) -> None:
        """Note that one cell has run."""
        self._bar.update()

    def ended(self, name: str, seconds: float, failure: str = "") -> None:
        """Write the line of a notebook that has ended."""
        end = f"FAILED  {failure}" if failure else f"{seconds:5.1f} s"
        self._bar.write(f"  {name:<22} {end}", file=sys.stdout)
        sys.stdout.flush()
