"""``data/README.md``, from the dictionary and the rules: ``python -m ppp.data.readme``."""

from ppp.catalogue.dictionary import IDENTITY, PATH, TABLES, Field, fields
from ppp.catalogue.lab_tests import LabTest, known
from ppp.data.rules import KEPT, MISSING, QUARANTINE, REMEDIES


def readme() -> str:
    """Write ``data/README.md`` as Markdown.

    Returns
    -------
    str
        How to lay out the data; a section a table, a row a field; the laboratory tests; the
        tables of judgement; a paper's figures; the headings that stop a run; the rules and
        what to do.
    """
    parts = [_INTRODUCTION, *map(_section, TABLES), _outcomes_section(), _tests_section()]
    parts += [_REVIEWED, _PUBLISHED, _identity_section(), _rules_section()]
    return "\n".join(parts)


_REVIEWED = """## Tables to review

Two tables hold judgement, not data: read them before you rely on them, and change them there.

- `lab_grades.csv`: the grades of laboratory values (CTCAE v5.0) and the bands of LDL cholesterol
  (ATP III), one criterion a line, with its source. A value has the highest grade whose criterion it
  meets.
- `special_interest.csv`: which words of an adverse event's term make it one of special interest
  with JAK inhibitors, in English, Chinese and German. A line counts where one of its phrases
  (between `;`) stands in the term and none of its exceptions does; `+` joins parts that must all be
  there; `*` stands for further letters; `{increased}` for the words of the line of that name.
"""

_PUBLISHED = """## Figures of a paper

A file of published figures (`published` under `[study]` of `study.toml`) is a CSV file separated by
commas, one figure a line; copy `demo/published.csv`. Its columns:

- `key`, `label`: a short name of your own; what the report calls the figure.
- `value`, `decimals`: the figure as printed, and its decimals (a spreadsheet drops the 0 of 10.50).
- `kind`: `mean`, `sd`, `count`, `responder`, `adverse_event`, `p_below` (as in p < 0.05),
  `patients`, or `week` (length of treatment).
- `n`: patients behind it; not needed for `patients`, `week` and `p_below`.
- `field`: what it is of, as `pppasi`, `age_years`, `sex`; of a `responder` `pppasi50`, `pga01`; of
  an `adverse_event` `any`, `serious`, `grade3`, `related`, `discontinued` or `death`.
- `week`: the visit, where there is one. `level`: the value that a `count` counts, as `female`.
  `group`: `all`, or for instance `sapho=yes`.
- `min`, `max`, `step`: of a `mean` or `sd`, the range of one patient's score and its steps (DLQI 0,
  30, 1; PPPASI 0, 72, 0.1). `values`: the steps in words ("integer totals"). `source`: where the
  figure is printed.
"""

_INTRODUCTION = """# Data

This page is made by `python -m ppp.data.readme` from `dictionary.csv`, `lab_tests.csv` and the
rules of cleaning; change those, not the page. `demo/` is a synthetic cohort, `template/` holds a
`study.toml` to start from. Your own cohorts go to `raw/`, what cleaning writes to `derived/`; git
ignores both.

A cohort folder holds `study.toml` and one workbook (or a folder of CSV files) with up to four
sheets: `patients`, `visits`, `adverse_events`, `labs`. A heading is recognised by the field's name
or by one of the other headings below, without regard to case, spaces and punctuation; any other
heading is mapped in `study.toml`.

## How to lay out the data

One row per patient in `patients`; one row per patient and visit in `visits`. The id is written
alike in every sheet. An empty cell means not known.

| patient_id | sex | age_years | sapho | start_date |
|---|---|---|---|---|
| A1 | female | 41 | no | 2023-02-14 |
| A2 | male | 36 | yes | 2023-03-01 |

| patient_id | week | pppasi | dlqi |
|---|---|---|---|
| A1 | 0 | 14.2 | 12 |
| A1 | 12 | 5.1 | 2 |
| A2 | 0 | 11.8 | 9 |

**Weeks with labels.** Where the week column says `Baseline` or `W12`, say what that means:

```toml
[codes.week]
"Baseline" = 0
"W12" = 12
```

**Visits side by side.** A sheet of one row per patient, with headings such as `PPPASI W0` and
`PPPASI W12`, needs no `visits` sheet; `study.toml` says how the headings are made:

```toml
[wide.visits]
labels = { "W0" = 0, "W12" = 12 }
pppasi = "PPPASI {label}"
dlqi = "DLQI {label}"
```

**Dates of adverse events** may be a day, a month (`2023-05`, `05/2023`, `2023年5月`) or a year
(`2023`). Excel turns a month that is typed into a cell into its first day: format such cells as
text before. What is not known is left open, not guessed: the event is placed by the days that it
may have begun on. An event without an end goes on; an episode that comes again is a row of its own.

**Units of laboratory values** stand beside the value. Where the sheet does not say, or not in every
row, and the whole source has one unit for a test, `study.toml` says it; a known test without a
unit is queried, and its value is missing:

```toml
[units]
"ALT" = "U/L"
"Creatinine" = "mg/dL"
```

**What no field is there for.** A further trait of the patients, or a further outcome of the visits,
is declared with its heading and goes into the tables:

```toml
[extra.patients]
nail = { heading = "Nails", label = "Nail involvement", codes = { "1" = "yes", "0" = "no" } }

[extra.visits]
itch = { heading = "Itch NRS", label = "Itch", min = 0, max = 10 }
```
"""


def _section(table: str) -> str:
    head = ["Field", "Meaning", "Type", "Allowed", "Unit", "Other headings", "Note"]
    lines = [f"## `{table}`", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [_line(field) for field in fields(table).values()]
    return "\n".join(lines) + "\n"


def _line(field: Field) -> str:
    name = f"`{field.name}`" + (" (required)" if field.required else "")
    others = ", ".join(field.synonyms[1:])
    cells = [name, field.label, field.kind, _allowed(field), field.unit, others, field.note]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _allowed(field: Field) -> str:
    if field.choices:
        return ", ".join(field.choices)
    if field.low is None or isinstance(field.low, str):
        return ""
    return f"{field.low:g} to {field.high:g}"


_OUTCOMES = """## Outcomes

How the scores of the visits are analysed: in full (change, response, models of all visits, missing
scores, sensitivity), by change and response, as a few grades, or in summary alone. The primary
endpoint is always analysed in full, and by percentages of improvement where it has no grades.
"""


def _outcomes_section() -> str:
    head = ["Field", "Analysis", "Better", "Step", "Response", "Smallest important change"]
    head += ["Bands", "Source"]
    keys = ("analysis", "better", "step", "targets", "mcid", "bands", "source")
    lines = [_OUTCOMES, f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for field in fields("visits").values():
        if "analysis" in field.outcome:
            cells = [f"`{field.name}`", *(field.outcome.get(key, "") for key in keys)]
            lines.append(f"| {' | '.join(cell.replace('|', ';') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _tests_section() -> str:
    head = ["Test", "Unit", "Other units (a value in it × the factor)", "Other names"]
    said = (
        "Values and limits of these tests are converted to the unit beside the name. Case, "
        "spaces, ^, × and the sign of µ do not matter; any other test stays as "
        "typed."
    )
    lines = ["## Laboratory tests", "", said, "", f"| {' | '.join(head)} |", "|" + "---|" * 4]
    return "\n".join([*lines, *map(_test_line, known().values())]) + "\n"


def _test_line(test: LabTest) -> str:
    others = [f"{unit} × {factor:g}" for unit, factor in test.factors.items() if unit != test.unit]
    return f"| {test.name} | {test.unit} | {', '.join(others)} | {', '.join(test.synonyms)} |"


def _identity_section() -> str:
    lines = [f"- **{f.label}**: {', '.join(f.synonyms)}" for f in fields(IDENTITY).values()]
    opening = [
        "## Headings that stop a run",
        "",
        "They point to a person. Remove the column, or "
        "list its heading under `drop` in `study.toml`.",
        "",
    ]
    return "\n".join(opening + lines) + "\n"


def _rules_section() -> str:
    lines = [
        "## What the rules mean and what to do",
        "",
        "The cleaning report and "
        "`data/derived/<id>/queries.csv` name these rules. A run stops when they leave no "
        "patient, no visit, no date of a column, or no value of the primary endpoint.",
        "",
        "| Rule | What it means | What becomes of it | What to do |",
        "|---|---|---|---|",
    ]
    for became, rules in (
        ("the cell is missing", MISSING),
        ("kept, with a warning", KEPT),
        ("the row is set aside", QUARANTINE),
    ):
        lines += [
            f"| `{rule}` | {said} | {became} | {REMEDIES[rule]} |" for rule, said in rules.items()
        ]
    return "\n".join(lines).replace("<field>", "*field*").replace("<table>", "*table*") + "\n"


if __name__ == "__main__":
    PATH.with_name("README.md").write_text(readme(), "utf-8")
