"""A cohort as its CSV files say, read with pandas alone; scores of visits from their parts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

VOCABULARY = Path(__file__).parents[2] / "data" / "vocabulary.csv"
TABLES = ("patients", "visits", "adverse_events", "labs")
WEEKS = (0, 4, 8, 12)
LATER = WEEKS[1:]
GROUPS = ("all", "sapho=yes", "sapho=no")
WEIGHTS = {"right_palm": 2, "left_palm": 2, "right_sole": 3, "left_sole": 3}
CERTAIN = {10: "day", 7: "month", 4: "year"}
SIGNS = ("erythema", "pustules", "desquamation")
NUMBERS = {
    "patients": ["age_years", "dose_mg", "disease_duration_years", "bmi"],
    "visits": ["pppasi", "dlqi", "pga", "pain_vas", "crp_mg_l", "esr_mm_h"],
    "adverse_events": ["grade"],
    "labs": ["value", "lln", "uln"],
}


@dataclass(frozen=True)
class Source:
    """Typed tables; None without a file."""

    patients: pd.DataFrame
    visits: pd.DataFrame
    adverse_events: pd.DataFrame | None
    labs: pd.DataFrame | None

    def members(self, group):
        """Ids of the patients of a group."""
        table = self.patients
        if group == "all":
            return list(table["patient_id"])
        column, value = group.split("=")
        return list(table.loc[table[column] == value, "patient_id"])

    def alone(self):
        """The group that is one patient, if one is: then groups are not compared."""
        return next((group for group in GROUPS[1:] if len(self.members(group)) == 1), "")

    def scores(self, field, group="all"):
        """Patients × weeks, NaN where there is no score."""
        wide = self.visits.pivot(index="patient_id", columns="week", values=field)
        return wide.reindex(index=self.members(group), columns=list(WEEKS))


def read(folder):
    """Read the CSV files of a folder."""
    paths = {name: Path(folder) / f"{name}.csv" for name in TABLES}
    there = {name: path for name, path in paths.items() if path.exists()}
    tables = {name: _typed(name, path) for name, path in there.items()}
    tables["visits"] = _scored(tables["visits"])
    return Source(**{name: tables.get(name) for name in TABLES})


def _typed(name, path):
    table = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    parts = [column for column in table if column.startswith(("dlqi_", "right_", "left_"))]
    for column in table.columns.intersection([*NUMBERS[name], *parts, "week"]):
        table[column] = pd.to_numeric(table[column])
    if name == "adverse_events":
        return _with_spans(_named(table))
    for column in table:
        if column == "date" or column.endswith("_date"):
            table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table


def _named(events):
    """Events under the vocabulary's names; of its class where a source with classes has a blank."""
    names, classes = {}, {}
    for _, line in pd.read_csv(VOCABULARY, dtype=str, keep_default_na=False).iterrows():
        if line["kind"] == "event":
            spelt = ";".join(line[["name", "english", "chinese", "german"]]).split(";")
            names |= {one.strip().casefold(): line["name"] for one in spelt if one.strip()}
            classes[line["name"]] = line["class"]
    term = events["term"].map(lambda text: names.get(str(text).strip().casefold(), text))
    events = events.assign(term=term.where(events["term"].notna()))
    if "soc" in events and events["soc"].notna().any():
        events["soc"] = events["soc"].fillna(events["term"].map(classes))
    return events


def _with_spans(events):
    """The first and the last day on which each event can have begun, and how much is known."""
    spans = [span(text) for text in events["start_date"]]
    return events.assign(
        earliest=pd.to_datetime([first for first, _ in spans]),
        latest=pd.to_datetime([last for _, last in spans]),
        certain=["none" if pd.isna(text) else CERTAIN[len(text)] for text in events["start_date"]],
    )


def span(text):
    """First and last day of a date, a month (YYYY-MM) or a year (YYYY)."""
    if pd.isna(text):
        return None, None
    year, *rest = map(int, text.split("-"))
    if len(rest) == 2:
        return date(year, *rest), date(year, *rest)
    first, last = rest * 2 if rest else (1, 12)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _scored(visits):
    """Totals as recorded, else from the parts: PPPASI from 16 components, DLQI from 10 items."""
    parts = pd.DataFrame({"pppasi": pppasi(visits), "dlqi": dlqi(visits)})
    totals = visits.reindex(columns=["pppasi", "dlqi"]).astype(float)
    return visits.assign(**totals.fillna(parts))


def pppasi(visits):
    """Sum over the sites of weight × (E + P + D) × area; NaN with any component missing."""
    tenths = pd.Series(0.0, index=visits.index)
    for site, weight in WEIGHTS.items():
        signs = sum(visits[f"{site}_{sign}"] for sign in SIGNS)
        tenths += weight * signs * visits[f"{site}_area"]
    return tenths / 10


def dlqi(visits):
    """Sum of the items; one missing counts 0, with two or more there is no score."""
    items = visits[[f"dlqi_{number}" for number in range(1, 11)]]
    return items.sum(axis=1).where(items.isna().sum(axis=1) <= 1)
