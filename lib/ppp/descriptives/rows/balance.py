"""How far two groups lie apart at baseline."""

from functools import partial

import pandas as pd

from ppp import levels as composed
from ppp import results
from ppp.catalogue.outcomes import ANALYSES, analysed
from ppp.catalogue.recorded import (
    MULTIPLE,
    categorical_fields,
    codes,
    levels,
    numeric_fields,
    recorded,
)
from ppp.cohort import alone, by_week, contrast, groups, members
from ppp.descriptives.rows.traits import entries, split
from ppp.estimators.balance import chance_beyond, smd_bootstrap, smd_levels_bootstrap
from ppp.estimators.estimate import ALONE

LARGE = 0.2


def balance(patients: pd.DataFrame, study, *, visits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Standardised mean differences between the study's two groups.

    Results rows ``smd``, group a contrast (``sapho=yes-no``), first minus second. `level` is empty
    for numeric fields and for fields with more than two levels; for two levels, and for each entry
    of a field with several a patient, it names the level whose share is compared. Bootstrap
    interval, patients resampled within each group. ``large``, level ``>0.2``: how many of those
    with a sign (n) exceed 0.2 in size, and ``large_by_chance`` how many would on average if the
    groups were drawn at random. Empty frame when the groups were not recorded; where one is a
    single patient ``large`` alone, empty, of that group, code
    ``one_patient``.

    Parameters
    ----------
    visits : DataFrame, optional
        With it, the scores at baseline are compared too (``week`` = baseline).

    References
    ----------
    Austin 2009, doi:10.1002/sim.3697; Yang & Dalton 2012 (SAS Global Forum, paper 335).
    """
    compared = groups(patients, study)
    if len(compared) < 2:
        return results.frame([])
    if single := alone(patients, study):
        where = {"group": single, "level": composed.above(LARGE)}
        return results.frame([results.row("balance", "all", "large", ALONE, **where)])
    sides = [members(patients, group) for group in compared]
    found = _numeric_balance(patients, sides, study) + _level_balance(patients, sides, study)
    for field in analysed(visits, study, *ANALYSES):
        week = study.schedule.baseline
        at = [by_week(visits, side, field, study)[week] for side in sides]
        found.append(_measured(at, field, study, week=week))
    rows = [
        results.row("balance", field, "smd", value, **where) for field, where, value, _ in found
    ]
    return results.frame([*rows, *_large(found)]).assign(group=contrast(compared))


def _measured(sides, field: str, study, **where) -> tuple:
    sizes = tuple(int(values.count()) for values in sides)
    return field, where, smd_bootstrap(*sides, seed=study.run.seed), sizes


def _large(found: list[tuple]) -> list[dict]:
    """Count the differences beyond 0.2, and how many chance gives in groups of these sizes.

    What has one and the same value in both groups cannot differ and does not count.
    """
    signed = [(value, sizes) for *_, value, sizes in found if sizes and pd.notna(value.estimate)]
    signed = [(value, n) for value, n in signed if "zero_variance" not in value.code.split()]
    if not signed:
        return []
    beyond = sum(abs(value.estimate) > LARGE for value, _ in signed)
    chance = sum(chance_beyond(*sizes, limit=LARGE) for _, sizes in signed)
    where = {"level": composed.above(LARGE), "n": len(signed)}
    return [
        results.row("balance", "all", "large", float(beyond), events=beyond, **where),
        results.row("balance", "all", "large_by_chance", chance, **where),
    ]


def _numeric_balance(patients, sides, study) -> list[tuple]:
    return [
        _measured([side[field].astype(float) for side in sides], field, study)
        for field in numeric_fields(patients, study)
    ]


def _level_balance(patients, sides, study) -> list[tuple]:
    found, difference = [], partial(smd_levels_bootstrap, seed=study.run.seed)
    for field in categorical_fields(patients, study):
        if field == study.subgroup.column:
            continue
        among = levels(patients, field, study)
        counts = [codes(side[field]).value_counts().reindex(among, fill_value=0) for side in sides]
        two = len(among) == 2
        sizes = tuple(int(count.sum()) for count in counts) if two else ()
        found.append((field, {"level": among[0]} if two else {}, difference(*counts), sizes))
    for field in recorded(patients, MULTIPLE):
        held = [split(side[field]).value_counts() for side in sides]
        n = [side[field].count() for side in sides]
        for level in entries(patients[field]):
            counts = [(k.get(level, 0), m - k.get(level, 0)) for k, m in zip(held, n, strict=True)]
            found.append((field, {"level": level}, difference(*counts), tuple(map(int, n))))
    return found
