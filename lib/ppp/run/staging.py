"""A folder is filled aside and takes its place in one step, or not at all."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staged(final: Path):
    """Give an empty folder beside `final`, which it replaces when the block ends well.

    Parameters
    ----------
    final : Path
        The folder to make; one that is there is replaced as a whole.

    Yields
    ------
    Path
        Where to write.
    """
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
