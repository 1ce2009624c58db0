"""The rules of cleaning: the name that the tables carry, the sentence a page prints, the remedy."""

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
    "unit_missing": "A laboratory value, or its limit, without a unit",
    "unit_unknown": "A unit that is not known for the laboratory test, and the value in it",
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
    "free_text_grouped": "Free text, counted as other; use [codes.<field>] to name it",
    "term_looks_like_text": "An event that reads like a remark (over 120 characters, or a number "
    "of 7 digits or more); it is kept as it stands",
    "before_start": "Before the start of treatment",
    "date_partial": "Only the month or the year of a date is known",
    "merged_cells": "Merged cells; only the first of them holds the value",
    "hidden": "A hidden row or column; it is read",
    "hidden_sheet": "A hidden sheet; it is read",
    "heading_unused": "A heading that no field answers to; the column is not used",
    "heading_empty": "Cells without a heading above; they are not used",
    "sheet_unused": "A sheet that feeds no table; it is not read",
    "encoding_gb18030": "The file is not UTF-8; it was read as GB 18030",
    "decimal_comma_declared": "Decimal commas, read as study.toml declares",
    "code_translated": "Codes of the source, read as the dictionary or study.toml says",
    "unit_declared": "Laboratory values without a unit, read in the unit that study.toml declares",
    "unit_converted": "Laboratory values and limits, converted to the unit of the test",
    "date_as_text": "Dates kept as text, read in the format that study.toml declares",
    "identifier_masked": "A patient id or a date within free text; it is blotted out",
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

REMEDIES = {
    "identifier_masked": "take ids and dates out of the text; names are not recognised, so read it",
    "not_a_number": "write a number in the cell; or say what a word means under [codes.<field>], "
    "or list a mark for “not known” under [source] missing",
    "not_whole": "write a whole number in the cell",
    "out_of_range": "correct the cell; a PGA on another scale: [endpoints] pga_scale",
    "decimal_comma": 'declare the comma: [source] decimal = ",", or for one column '
    'decimal = { "columns.visits.pppasi" = "," }',
    "decimal_point": 'declare the point: [source] decimal = ".", or name only the columns with a '
    'comma: decimal = { "columns.visits.pppasi" = "," }',
    "limit_value": "write the value that was measured; a limit is not one",
    "true_or_false": "write the number in the cell",
    "error_value": "mend the formula in the cell",
    "formula_not_calculated": "open the workbook in Excel or LibreOffice and save it again, so "
    "that it holds the values",
    "not_a_date": "format the cells as dates; or declare how the text is written, as in "
    '[source] date_format = "%Y-%m-%d" (%d day, %m month, %Y year); of adverse events, 2023-05 or '
    "2023 is enough",
    "not_a_choice": 'say what the code means, as in [codes.sex] "w" = "female"',
    "end_before_start": "correct one of the two dates",
    "unit_missing": "write the unit in the cell; or, if it is one for the whole source, declare it "
    'in study.toml, as in [units] "ALT" = "U/L"',
    "unit_unknown": "write a unit that data/README.md lists for the test; or say in study.toml "
    'what yours means, as in [codes.unit] "IU per L" = "U/L"; without a unit column: [units] '
    '"ALT" = "U/L"',
    "pppasi_total_differs": "correct the total or its components; without a total, the components "
    "alone give it",
    "number_as_text": "nothing; better: convert the cell to a number",
    "number_tidied": "nothing; better: retype the number",
    "id_tidied": "nothing; better: write the id alike in every sheet",
    "dlqi_total_differs": "look at the items; the total is used",
    "dlqi_item_missing": "fill in the item, if it is known",
    "dlqi_incomplete": "fill in the items or the total, if they are known",
    "pppasi_incomplete": "fill in the components or the total, if they are known",
    "area_and_signs_differ": "look at the region's area and signs",
    "week_not_scheduled": "add the week to [schedule] weeks, if it is to be analysed",
    "exact_repeat": "delete the row, if it happened once",
    "free_text_grouped": 'name it, as in [codes.stop_reason] "felt no change" = "lack of efficacy" '
    'or [codes.action] "half the dose" = "dose reduced"; in lists, put ; between short entries and '
    "take out dates and numbers",
    "term_looks_like_text": "write the name of the event alone; what stands here is printed in the "
    "reports",
    "before_start": "correct the date; or remove the event, if it belongs to the history",
    "date_partial": "fill in the day, if it is known; the event is placed by the days that the "
    "month or the year leaves open",
    "merged_cells": "unmerge the cells in the source and write the value in each",
    "hidden": "nothing; delete what should not be read",
    "hidden_sheet": "nothing; delete what should not be read",
    "heading_unused": "map the heading in study.toml, or list it under [source] drop",
    "heading_empty": "write a heading above the cells, or delete them",
    "sheet_unused": "name the sheet under [source.sheets], if it should be read",
    "encoding_gb18030": "save the file as CSV UTF-8, if signs look wrong",
    "decimal_comma_declared": "nothing",
    "code_translated": "look whether each code means what the report says",
    "unit_declared": "look whether the whole source is in this unit",
    "unit_converted": "nothing; data/README.md lists the factors",
    "date_as_text": "look whether day and month are in the declared order",
    "missing_marker": "if a mark means something, say what under [codes.<field>], or take it out "
    "of [source] missing",
    "no_patient_id": "fill in the id; if it stands in another column: [columns.<table>] "
    "patient_id; if there is none: [source] id_from_row = true",
    "unknown_patient": "write the ids alike in both sheets, or add the patient to the patients "
    "table",
    "duplicate_exact": "delete the copy",
    "duplicate_contradictory": "keep the row that is right; the visits table has one row per "
    "patient and visit, the patients table one per patient",
    "totals_row": "nothing",
    "repeated_headings": "nothing",
    "no_week": 'say what the labels mean, as in [codes.week] "Week 12" = 12, or name the column: '
    '[columns.visits] week = "…"; a date alone needs the start_date of the patient',
    "outside_window": "widen [schedule] window_days, add weeks to [schedule] weeks, or look at the "
    "patients' start_date",
    "no_term": "name the event, or delete the row; an empty sheet means that no event occurred",
    "no_test": "name the test, or delete the row",
}


def action(rule: str) -> str:
    """Return ``missing`` (the cell became missing), ``kept`` (accepted with a warning) or empty."""
    return "missing" if rule in MISSING else "kept" if rule in KEPT else ""
