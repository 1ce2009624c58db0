"""How often the intervals hold the true value, as simulated and kept in data/coverage.csv."""

import pandas as pd

from ppp.study import ROOT

TABLE = ROOT / "data" / "coverage.csv"
SHOWN = ("mean_change", "mean_change_bca", "hodges_lehmann", "wilson")


def table() -> pd.DataFrame:
    """Return the kept simulation, one row a statistic, kind of scores and number of patients.

    Returns
    -------
    DataFrame
        ``statistic`` and ``outcome`` as in results rows; ``quantity`` (coverage of an interval,
        size of a test); ``scores`` (normal, skewed, granular: 0.1 steps with ties); ``n``;
        ``nominal``; ``found`` (share of ``runs``); ``mc_error`` (standard error of that share
        were it nominal); ``falls_short`` (by more than two such errors). Made by
        ``make simulate``.
    """
    kept = pd.read_csv(TABLE)
    return kept.assign(falls_short=kept["falls_short"].eq("yes"))


def shortfalls(statistic: str, n: int) -> pd.DataFrame:
    """Return where a statistic's interval falls short, at the simulated size nearest to `n`.

    Parameters
    ----------
    statistic : str
        As in results rows, such as ``mean_change_bca``.
    n : int
        Patients of the interval in question.

    Returns
    -------
    DataFrame
        Rows of `table`, lowest coverage first; none where the interval holds what it promises,
        or was not simulated.

    Examples
    --------
    >>> shortfalls("clopper_pearson", 28).empty
    True
    """
    kept = table()
    nearest = min(kept["n"].unique(), key=lambda size: abs(size - n))
    mine = (kept["statistic"] == statistic) & (kept["n"] == nearest) & kept["falls_short"]
    return kept[mine].sort_values("found", ignore_index=True)
