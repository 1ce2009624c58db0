"""A row's key, its numbers, and how both are compared with ``results.csv``."""

from dataclasses import dataclass
from math import isclose, nan

import pandas as pd

KEY = [
    "notebook",
    "analysis",
    "group",
    "outcome",
    "week",
    "level",
    "missing",
    "statistic",
    "population",
]
NUMBERS = ["estimate", "ci_low", "ci_high", "ci_level", "n", "events", "p_value"]
WITHIN = 1e-8
INTERVALS = [
    "mean_change",
    "mean_change_bca",
    "hodges_lehmann",
    "d_av",
    "d_z",
    "rank_biserial",
    "mean_percent_change",
    "median_percent_change",
    "wilson",
    "clopper_pearson",
    "mmrm_change",
    "patients",
    "rate_per_100_py",
    "upper_one_sided",
    "rule_of_three",
    "welch",
    "hedges_g",
    "newcombe",
    "mmrm_mean",
    "random_intercept_change",
    "g_av",
    "log_ratio",
    "most_influential",
    "tipping_curve",
    "binary_tipping",
    "friedman",
    "ancova",
    "ancova_interaction",
    "smd",
    "event_rate_per_100_py",
    "worse",
    "worse_grade3",
    "cumulative_incidence",
    "curve",
]
TESTS = [
    "wilcoxon_exact",
    "paired_t",
    "permutation",
    "fisher_midp",
    "wilcoxon_pratt",
    "sign_test",
    "pitman_morgan",
    "fixed_sequence",
    "holm",
    "log_rank",
]
PROMISED = dict.fromkeys(INTERVALS, ("ci_low", "ci_high")) | dict.fromkeys(TESTS, ("p_value",))
PROMISED |= {"rate_upper_one_sided": ("ci_high",)}
LISTS = ("interest_term", "uncaught", "before_treatment", "after_window")


@dataclass(frozen=True)
class Between:
    """A number that chance or an optimiser decides: anything from `low` to `high` will do."""

    low: float
    high: float


@dataclass(frozen=True)
class Either:
    """A number that chance decides, of which there are several."""

    options: tuple


def near(value, slack):
    """Within `slack` of the value."""
    return Between(value - slack, value + slack)


def row(notebook, analysis, outcome, statistic, numbers, **where):
    """Key and numbers of one expected row; a number that is not named must be empty."""
    where = {"group": "all", "population": "all", "week": None, "level": "", "missing": ""} | where
    where |= {"notebook": notebook, "analysis": analysis, "outcome": outcome}
    where |= {"statistic": statistic}
    unknown = set(numbers) - set(NUMBERS)
    if unknown or set(where) != set(KEY):
        raise ValueError(f"not a row: {where}, {numbers}")
    return tuple(where[name] for name in KEY), numbers


def load(path):
    """``results.csv`` as {key: row}; two rows with one key are an error."""
    table = pd.read_csv(
        path, keep_default_na=False, na_values={name: [""] for name in [*NUMBERS, "week"]}
    )
    keys = [
        tuple(
            None if name == "week" and pd.isna(x) else x for name, x in zip(KEY, line, strict=True)
        )
        for line in table[KEY].itertuples(index=False)
    ]
    if len(set(keys)) < len(keys):
        raise ValueError(f"rows with the same key: {pd.Series(keys).duplicated().sum()}")
    return dict(zip(keys, table.to_dict("records"), strict=True))


def compare(found, wanted):
    """Every difference between the rows found and the rows wanted, as text."""
    wrong = [f"missing: {key}" for key in wanted if key not in found]
    wrong += [f"without a recomputation: {key}" for key in found if key not in wanted]
    for key in (key for key in wanted if key in found):
        wrong += [f"{key}: {text}" for text in _differences(found[key], wanted[key])]
    return wrong


def _differences(line, numbers):
    for name in NUMBERS:
        value = numbers.get(name, nan)
        if not _agree(line[name], value, zero=0 if name == "p_value" else 1e-12):
            yield f"{name} is {line[name]!r}, recomputed {value!r}"
    counted = line["outcome"] in LISTS
    counted |= line["analysis"] == "adverse_event" and line["statistic"].startswith("worst_grade")
    promised = () if counted else PROMISED.get(line["statistic"], ())
    for name in ("estimate", *promised):
        if pd.isna(line[name]) and not line["note"]:
            yield f"an empty {name} without a note"


def _agree(found, wanted, zero):
    if isinstance(wanted, Either):
        return any(_agree(found, option, zero) for option in wanted.options)
    if isinstance(wanted, Between):
        slack = WITHIN * max(abs(wanted.low), abs(wanted.high))
        return wanted.low - slack <= found <= wanted.high + slack
    if wanted is None or pd.isna(wanted):
        return pd.isna(found)
    return isclose(found, wanted, rel_tol=WITHIN, abs_tol=zero)
