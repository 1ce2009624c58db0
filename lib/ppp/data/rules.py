"""The rules of cleaning: the name that the tables carry, and the sentence that a page prints."""

MISSING = {
    "not_a_number": "Not a number",
    "not_whole": "Not a whole number",
    "out_of_range": "Outside the range of the dictionary or of study.toml",
    "decimal_comma": "A decimal comma where study.toml declares a point",
    "decimal_point": "A decimal point where study.toml declares a comma",
    "limit_value": "A limit (such as <5), not a value",
    "true_or_false": "TRUE or FALSE where a number belongs",
    "error_value": "An Excel error value",
    "formula_not_calculated": "A formula whose value the workbook does not hold",
    "not_a_date": "Not a date cell, and not in the declared date format",
    "not_a_choice": "Not among the choices of the dictionary or the codes of study.toml",
    "end_before_start": "Ends before it starts",
    "pppasi_total_differs": "The PPPASI total differs from its components by more than 0.05",
}

KEPT = {
    "number_as_text": "A number kept as text",
    "number_tidied": "A number with spaces or full-width digits",
    "id_tidied": "A patient id with spaces or full-width letters",
    "dlqi_total_differs": "The DLQI total differs from the sum of its items; the total stands",
    "dlqi_item_missing": "One DLQI item is missing and counts 0",
    "dlqi_incomplete": "Two or more DLQI items are missing; no total",
    "pppasi_incomplete": "A PPPASI component is missing; no total",
    "area_and_signs_differ": "A region has an area of 0 and signs, or an area and no sign",
    "week_not_scheduled": "A week that the schedule does not have",
    "exact_repeat": "The same entry twice; both are kept",
    "hidden": "A hidden row or column; it is read",
    "hidden_sheet": "A hidden sheet; it is read",
    "heading_unused": "A heading that no field answers to; the column is not used",
    "heading_empty": "Cells without a heading above; they are not used",
    "sheet_unused": "A sheet that feeds no table; it is not read",
    "encoding_gb18030": "The file is not UTF-8; it was read as GB 18030",
    "decimal_comma_declared": "Decimal commas, read as study.toml declares",
    "code_translated": "Codes of the source, read as the dictionary or study.toml says",
    "date_as_text": "Dates kept as text, read in the format that study.toml declares",
    "missing_marker": "Marks of a missing value, read as missing",
}

QUARANTINE = {
    "no_patient_id": "No patient id",
    "unknown_patient": "The patient is not in the patients table",
    "duplicate_exact": "The same row twice; the first is kept",
    "duplicate_contradictory": "Rows that contradict each other; none is kept",
    "totals_row": "A row of totals",
    "repeated_headings": "The headings once more",
    "no_week": "Neither a week nor a date that gives one",
    "outside_window": "The date is in no visit window",
    "no_term": "No adverse event named",
    "no_test": "No laboratory test named",
}

SENTENCES = MISSING | KEPT | QUARANTINE


def action(rule: str) -> str:
    """Return ``missing`` (the cell became missing), ``kept`` (accepted with a warning) or empty."""
    return "missing" if rule in MISSING else "kept" if rule in KEPT else ""
