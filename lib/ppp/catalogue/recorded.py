"""Which patient fields were recorded, of what kind they are, and the levels they have."""

import pandas as pd

NUMERIC = ("age_years", "disease_duration_years", "bmi", "dose_mg")
CATEGORICAL = ("sex", "sapho", "smoker")
MULTIPLE = ("prior_treatments", "comorbidities")
FREE_TEXT = 20
YES_NO = ("yes", "no")
LEVELS = {"sex": ("female", "male"), "sapho": YES_NO, "smoker": YES_NO}
# What is asked of patients with SAPHO syndrome alone: its features, and its own outcomes.
SAPHO = "sapho=yes"
SAPHO_FEATURES = ("sapho_chest_wall", "sapho_spine", "sapho_peripheral", "sapho_imaging")
SAPHO_OUTCOMES = ("pain_vas", "crp_mg_l", "esr_mm_h", "basdai", "asdas", "haq_di")


def recorded(table: pd.DataFrame | None, fields) -> list[str]:
    """Keep the fields that the table has; none where the table itself was not recorded."""
    return [] if table is None else [field for field in fields if field in table]


def numeric_fields(patients: pd.DataFrame, study) -> list[str]:
    """List the numeric patient fields that were recorded, the study's own ones last."""
    return recorded(patients, [*NUMERIC, *own(study, "patients", ["number"])])


def categorical_fields(patients: pd.DataFrame, study) -> list[str]:
    """List the patient fields with one code a patient, the study's own ones last.

    A trait without codes counts as long as it has no more than 20 values; beyond, it is free text.
    """
    known = recorded(patients, [*CATEGORICAL, *own(study, "patients", ["choice"])])
    traits = recorded(patients, own(study, "patients", ["text"]))
    return known + [field for field in traits if patients[field].nunique() <= FREE_TEXT]


def own(study, table: str, kinds: list[str]) -> list[str]:
    """List the fields of `table` that a study declares itself, of some kinds."""
    return [name for name, extra in study.extra.get(table, {}).items() if extra.kind in kinds]


def declared(extra) -> list[str]:
    """List the levels that a study declares of a field of its own, in order."""
    return list(dict.fromkeys(map(str, (extra.codes or {}).values())))


def codes(values: pd.Series) -> pd.Series:
    """Values as text codes, missing kept missing: 2.0 becomes "2"."""
    if pd.api.types.is_numeric_dtype(values):
        return values.map(lambda x: f"{x:g}", na_action="ignore").astype("str")
    return values.astype("str")


def entries_of(text: str) -> list[str]:
    """Part the text of a field with several entries a patient; empty where it says none.

    >>> entries_of("acitretin; methotrexate;")
    ['acitretin', 'methotrexate']
    """
    return list(filter(None, map(str.strip, text.split(";"))))


def by_frequency(entries: pd.Series) -> pd.Series:
    """Count each entry, the most frequent first, then by name (never by the order of rows)."""
    return entries.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def levels(patients: pd.DataFrame, field: str, study) -> list[str]:
    """List the levels of a categorical patient field: those declared, then others that occur."""
    extra = study.extra.get("patients", {}).get(field)
    known = declared(extra) if extra else LEVELS.get(field, ())
    occurring = sorted(codes(patients[field]).dropna().unique())
    return list(dict.fromkeys([*known, *occurring]))


def dates(table: pd.DataFrame, field: str) -> pd.Series:
    """Take a date column, all NaT where it was not recorded."""
    return table.get(field, pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]"))
