"""Which fields were recorded, of what kind they are, and the levels they have."""

import pandas as pd

from ppp.catalogue import dictionary

NUMERIC = ("age_years", "disease_duration_years", "bmi", "dose_mg")
CATEGORICAL = ("sex", "sapho", "smoker")
MULTIPLE = ("prior_treatments", "comorbidities")
SCORES = ("pppasi", "dlqi", "pga", "pain_vas", "crp_mg_l", "esr_mm_h")
FREE_TEXT = 20
LEVELS = {"sex": ("female", "male"), "sapho": ("yes", "no"), "smoker": ("yes", "no")}


def recorded(table: pd.DataFrame | None, fields) -> list[str]:
    """Keep the fields that the table has; none where the table itself was not recorded."""
    return [] if table is None else [field for field in fields if field in table]


def numeric_fields(patients: pd.DataFrame, study) -> list[str]:
    """List the numeric patient fields that were recorded, the study's own ones last."""
    return recorded(patients, [*NUMERIC, *_own(study, "patients", ["number"])])


def categorical_fields(patients: pd.DataFrame, study) -> list[str]:
    """List the patient fields with one code a patient, the study's own ones last.

    A trait without codes counts as long as it has no more than 20 values; beyond, it is free text.
    """
    known = recorded(patients, [*CATEGORICAL, *_own(study, "patients", ["choice"])])
    traits = recorded(patients, _own(study, "patients", ["text"]))
    return known + [field for field in traits if patients[field].nunique() <= FREE_TEXT]


def score_fields(visits: pd.DataFrame | None, study, *, among=SCORES) -> list[str]:
    """List the numeric visit outcomes that were recorded: `among`, the primary, the study's own."""
    primary = study.endpoints.primary
    known = recorded(visits, [*among, primary, *_own(study, "visits", ["number"])])
    return [x for x in dict.fromkeys(known) if pd.api.types.is_numeric_dtype(visits[x])]


def key_outcomes(visits: pd.DataFrame | None, study) -> list[str]:
    """List PPPASI, DLQI and, where it is another, the primary outcome, as far as recorded."""
    known = recorded(visits, dict.fromkeys(["pppasi", "dlqi", study.endpoints.primary]))
    return [x for x in known if pd.api.types.is_numeric_dtype(visits[x])]


def score_range(outcome: str, study) -> tuple[float | None, float | None]:
    """Return the smallest and the largest value a visit outcome can take; None where not stated."""
    own = study.extra.get("visits", {}).get(outcome)
    if own:
        return own.min, own.max
    known = dictionary.fields("visits").get(outcome)
    return (known.low, known.high) if known else (None, None)


def visit_codes(visits: pd.DataFrame | None, study) -> dict[str, list[str]]:
    """Map each coded visit outcome (PGA, the study's own) to all its levels, in order."""
    low, high = study.endpoints.pga_scale
    scales = {"pga": [str(grade) for grade in range(low, high + 1)]}
    for field in _own(study, "visits", ["choice"]):
        scales[field] = _declared(study.extra["visits"][field])
    return {field: scales[field] for field in recorded(visits, scales)}


def _own(study, table: str, kinds: list[str]) -> list[str]:
    return [name for name, extra in study.extra.get(table, {}).items() if extra.kind in kinds]


def _declared(extra) -> list[str]:
    return list(dict.fromkeys(map(str, (extra.codes or {}).values())))


def codes(values: pd.Series) -> pd.Series:
    """Values as text codes, missing kept missing: 2.0 becomes "2"."""
    if pd.api.types.is_numeric_dtype(values):
        return values.map(lambda x: f"{x:g}", na_action="ignore").astype("str")
    return values.astype("str")


def by_frequency(entries: pd.Series) -> pd.Series:
    """Count each entry, the most frequent first, then by name (never by the order of rows)."""
    return entries.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def levels(patients: pd.DataFrame, field: str, study) -> list[str]:
    """List the levels of a categorical patient field: those declared, then others that occur."""
    own = study.extra.get("patients", {}).get(field)
    declared = _declared(own) if own else LEVELS.get(field, ())
    occurring = sorted(codes(patients[field]).dropna().unique())
    return list(dict.fromkeys([*declared, *occurring]))


def dates(table: pd.DataFrame, field: str) -> pd.Series:
    """Take a date column, all NaT where it was not recorded."""
    return table.get(field, pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]"))
