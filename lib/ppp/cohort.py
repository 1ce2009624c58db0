"""Who is analysed, and when: groups of patients, and their scores by scheduled week."""

import ast

import pandas as pd

from ppp.catalogue.recorded import codes, dates, levels
from ppp.errors import StudyError, hint

PARTS = (  # of a query
    "Expression BoolOp And Or UnaryOp Not USub Compare Eq NotEq Lt LtE Gt GtE In NotIn Name Load "
    "Constant List Tuple"
)
QUERY = tuple(getattr(ast, name) for name in PARTS.split())


def chosen(patients: pd.DataFrame, query: str, where: str = "[filter] patients") -> pd.DataFrame:
    """Take the patients of whom a query holds: ``"sex == 'female' and age_years >= 40"``.

    Fields of the cleaned patients, texts and numbers, comparisons, ``in [...]``, ``and``, ``or``,
    ``not``: nothing else, so that nothing can be run. A missing value meets ``!=`` and ``not in``
    alone. An empty query takes all. Raises StudyError, which says `where` the query stands, at any
    other query, at a field that is not there, and where nobody is left.
    """
    if not query.strip():
        return patients
    here = f"{where}: {query!r}"
    for node in _query(query, here):
        if isinstance(node, ast.Name) and node.id not in patients:
            fields = [name for name in patients if name != "study_id"]
            raise StudyError(f"{here}: there is no field {node.id!r}{hint(node.id, fields)}")
    try:
        held = patients.eval(query.strip(), engine="python")
    except Exception as wrong:
        raise StudyError(f"{here} cannot be asked of these fields ({wrong})") from None
    if not isinstance(held, pd.Series) or held.dtype != bool:
        raise StudyError(f"{here} is no comparison of a field; write for instance sex == 'female'")
    if not held.any():
        raise StudyError(f"{here}: none of the {len(patients)} patients is in the filter")
    return patients[held].reset_index(drop=True)


def _query(query: str, here: str) -> list[ast.AST]:
    """Part a query; StudyError at anything that is no comparison."""
    try:
        nodes = list(ast.walk(ast.parse(query.strip(), mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        nodes = [None]
    strange = [node for node in nodes if not isinstance(node, QUERY)]
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    if strange or not all(isinstance(value, (str, int, float)) for value in values):
        raise StudyError(
            f"{here} may hold fields, texts in quotes, numbers, comparisons, in […], and, or, not "
            "and brackets alone; write for instance sex == 'female' and age_years >= 40"
        )
    return nodes


def groups(patients: pd.DataFrame, study) -> tuple[str, ...]:
    """Name the groups that the study compares: ``("sapho=yes", "sapho=no")``.

    The study's own value is first; empty when the column was not recorded. Raises StudyError when
    the column does not have two values.
    """
    column, value = study.subgroup.column, str(study.subgroup.value)
    if column not in patients:
        return ()
    known = levels(patients, column, study)
    others = [level for level in known if level != value]
    if len(others) > 1:
        raise StudyError(
            f"study.toml, [subgroup]: {column} is to be compared at value {value!r}, and has "
            f"{len(others)} other values; name a field of patients that has two values, or join "
            f'some under [codes.{column}], as in "…" = "other"'
        )
    return tuple(f"{column}={level}" for level in (value, *others))


def alone(patients: pd.DataFrame, study) -> str:
    """Name the study's group that is one patient, so that groups are not compared; else empty."""
    single = (x for x in groups(patients, study) if len(members(patients, x)) == 1)
    return next(single, "")


def contrast(compared: tuple[str, str]) -> str:
    """Name the difference of two groups, first minus second.

    >>> contrast(("sapho=yes", "sapho=no"))
    'sapho=yes-no'
    """
    return f"{compared[0]}-{compared[1].split('=', 1)[1]}"


def members(patients: pd.DataFrame, group: str = "all") -> pd.DataFrame:
    """Take the patients of a group named ``column=value``, or everyone with ``all``.

    A patient whose value is missing belongs to ``all`` alone.
    """
    if group == "all":
        return patients
    column, value = group.split("=", 1)
    return patients[codes(patients[column]) == value]


def layout(visits: pd.DataFrame, patients: pd.DataFrame, field: str, study) -> pd.DataFrame:
    """Lay one visit field out as patients × scheduled weeks.

    Every patient gets a row, in their order, with or without visits; unscheduled visits are left
    out; missing where nothing was recorded.
    """
    weeks = list(study.schedule.weeks)
    scheduled = visits[visits["week"].isin(weeks)]
    wide = scheduled.pivot(index="study_id", columns="week", values=field)
    return wide.reindex(index=patients["study_id"], columns=weeks)


def by_week(visits: pd.DataFrame, patients: pd.DataFrame, field: str, study) -> pd.DataFrame:
    """Lay one score out as `layout` does, as floats, NaN where it was not recorded."""
    return layout(visits, patients, field, study).astype(float)


def took_place(visits: pd.DataFrame | None) -> pd.DataFrame | None:
    """Leave out visits of which nothing but patient and week was recorded."""
    if visits is None:
        return None
    return visits[visits.drop(columns=["study_id", "week"]).notna().any(axis=1)]


def first_dose(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.Series:
    """Give the day of each patient's first dose, by study id: that recorded, else of baseline."""
    first, seen = dates(patients.set_index("study_id"), "start_date"), took_place(visits)
    if seen is None:
        return first
    seen = seen[seen["week"] == study.schedule.baseline]
    baseline = seen.assign(date=dates(seen, "date")).groupby("study_id")["date"].min()
    return first.fillna(baseline.reindex(first.index))


def primary_day(study) -> int:
    """Give the day of the primary visit, from the first dose on."""
    return 7 * (study.schedule.primary - study.schedule.baseline)


def stopped(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.Series:
    """Tell by study id who stopped treatment when: ``before``, ``after``, ``undated``; else NaN.

    A stop on the day of the primary visit is one after it: the time until then was completed.
    """
    table = patients.set_index("study_id")
    fields = [field for field in ("stop_date", "stop_reason") if field in table]
    day = (dates(table, "stop_date") - first_dose(patients, visits, study)).dt.days
    when = (day < primary_day(study)).map({True: "before", False: "after"})
    return when.where(day.notna(), "undated").where(table[fields].notna().any(axis=1))


def after_baseline(study) -> list[int]:
    """List the scheduled weeks that come after baseline."""
    return [week for week in study.schedule.weeks if week > study.schedule.baseline]
