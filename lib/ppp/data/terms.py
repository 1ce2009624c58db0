"""The gate: free text leaves under a name that somebody approved, or of the vocabulary.

Any other entry is "uncoded term 3" in all that is exported. Nothing else of what was typed goes
further than cleaning; ``terms.csv`` in the derived data tells the owner what each entry was. Names
of sheets and headings leave where known words make them; texts of ``study.toml`` are checked.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from ppp.catalogue import vocabulary
from ppp.catalogue.dictionary import OTHER, fold
from ppp.catalogue.identifiers import BLOT, KINDS, blot, found, keys
from ppp.catalogue.recorded import entries_of
from ppp.catalogue.special_interest import categories
from ppp.data.csv_files import decoded
from ppp.data.rows import Rows
from ppp.data.values import reading
from ppp.errors import SourceError, StudyError
from ppp.study import Study

FILE = "terms.csv"
COLUMNS = ["field", "raw", "shown_as", "name", "soc", "approved_by", "date"]
NEEDED = {"field", "raw", "name", "approved_by"}
GATED = ("text", "list")
SUGGESTED = 5000  # entries of a field; of more, nobody reads suggestions
UNCODED = "uncoded"
NOUNS = {"soc": "class", "comorbidities": "comorbidity", "prior_treatments": "treatment"}
SHORT = re.compile(r"\d{1,2}|[a-z]|i{1,3}|i?v|vi{1,3}", re.IGNORECASE)  # points to nobody
REGISTERED = re.compile(r"\b(?:NCT|ChiCTR|DRKS|ISRCTN|jRCT|EudraCT|doi|CTIS)[\w:./ -]*\d", re.I)
OF_THE_STUDY = frozenset({"date", "number", "person", "url"})  # when it was approved, who judged
STATED = (
    "setting",
    "consecutive",
    "ethics",
    "events_sought",
    "coding_dictionary",
    "relatedness_judged_by",
)
SOURCED = ("bands", "glossary", "source", "mcid_source", "targets")


def approved(study: Study) -> dict[tuple[str, str], dict]:
    """Read ``terms.csv`` of the cohort folder: by field and entry, lines that somebody approved.

    Raises SourceError where a column is missing, an approved line has no name, or two lines differ.
    """
    file = study.folder / FILE
    if not file.is_file():
        return {}
    text = decoded(file, "")[0]
    mark = max(",;\t", key=text.partition("\n")[0].count)
    read = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    lines = [{name: (line.get(name) or "").strip() for name in COLUMNS} for line in read]
    lost = NEEDED - set(read.fieldnames or ())
    if lost:
        raise SourceError(f"{file}: there is no column {', '.join(sorted(lost))}; write it")
    made = {}
    for number, line in enumerate(lines, 1):
        key, where = (line["field"], fold(line["raw"])), f"{file}: entry {number}"
        if line["approved_by"] and not line["name"]:
            raise SourceError(f"{where} is approved and has no name; fill in name")
        if line["approved_by"] and made.setdefault(key, line)["name"] != line["name"]:
            raise SourceError(f"{where} has another name than an entry above it; keep one")
    return made


def gate(tables: dict[str, Rows], study: Study) -> tuple[dict[str, Rows], pd.DataFrame]:
    """Replace each entry of free text by its public name; and list the entries for the owner.

    Terms of events tell their categories of special interest (``interest``) before they go, by what
    was typed and by the name. The list has `COLUMNS`, what waits for a name first.
    """
    ids, said = ids_of(tables), approved(study)
    gated, listed = {}, []
    for table, rows in tables.items():
        typed = rows.values.get("term")
        for field in rows.layout.headings:
            kind = reading(study, table, field).kind if field != "patient_id" else ""
            if kind in GATED:
                met = entries(rows.values.loc[rows.kept, field], kind)
                how = {"ids": ids, "said": said, "suggest": len(met) <= SUGGESTED}
                lines = numbered(_line(entry, field, study, **how) for entry in met)
                rows = _replaced(rows, field, kind, lines)
                listed += lines
        if typed is not None:
            rows = _of_interest(_classed(rows, typed, said, ids), typed)
        gated[table] = rows
    return gated, _waiting_first(listed)


def write(file: Path, lines: list[dict]) -> None:
    """Write a draft of ``terms.csv``, for the owner alone, so that a spreadsheet opens it."""
    _waiting_first(lines).to_csv(file, index=False, encoding="utf-8-sig")
    file.chmod(0o600)


def _waiting_first(lines: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(lines, columns=COLUMNS, dtype="str")
    coded = ~frame["shown_as"].str.startswith(UNCODED)
    return frame.loc[coded.sort_values(kind="stable").index]


def ids_of(tables: dict[str, Rows]) -> frozenset[str]:
    """Return the patient ids of all rows, as the detector looks for them."""
    ids = pd.concat([rows.values["patient_id"] for rows in tables.values()])
    return keys(ids.dropna().unique())


def entries(typed: pd.Series, kind: str) -> list[str]:
    """List the entries of a column, each spelling once, in the order of the source."""
    found = [entry for text in typed.dropna().unique() for entry in _parts(text, kind)]
    return list({fold(entry): entry for entry in reversed(found)}.values())[::-1]


def _parts(text: str, kind: str) -> list[str]:
    return entries_of(text) if kind == "list" else [text]


def _line(entry: str, field: str, study: Study, *, said: dict, ids: frozenset, suggest: bool):
    known = said.get((field, fold(entry)))
    if known:
        return known | {"raw": entry, "shown_as": blot(known["name"], ids)}
    own = {OTHER, *study.codes.get(field, {}).values()}
    own |= {study.subgroup.value} if field == study.subgroup.column else set()
    public = entry if entry in own or SHORT.fullmatch(entry) else vocabulary.name(entry, field)
    return drafted(entry, field, public, suggest=suggest)


def drafted(entry: str, field: str, public: str, *, suggest: bool = True) -> dict:
    """Draft the line of an entry, with a suggestion where it has no `public` name."""
    name = public or (vocabulary.close(entry, field) if suggest else "")
    soc = vocabulary.class_of(name) if field == "term" else ""
    line = {"field": field, "raw": entry, "shown_as": public, "name": name, "soc": soc}
    return line | {"approved_by": "", "date": ""}


def numbered(lines: Iterable[dict]) -> list[dict]:
    """Call each entry that has no name by its number; approving one moves no other number."""
    made, number = [], 0
    for line in lines:
        number += bool(line["approved_by"]) or not line["shown_as"]
        noun = NOUNS.get(line["field"], line["field"].replace("_", " "))
        made.append(line | {"shown_as": line["shown_as"] or f"{UNCODED} {noun} {number}"})
    return made


def _replaced(rows: Rows, field: str, kind: str, lines: list[dict]) -> Rows:
    within = {ord(";"): ","} if kind == "list" else {}
    shown = {fold(line["raw"]): line["shown_as"].translate(within) for line in lines}
    typed = rows.values[field].where(rows.kept)
    public = {
        text: "; ".join(dict.fromkeys(shown[fold(part)] for part in _parts(text, kind)))
        for text in typed.dropna().unique()
    }
    now = typed.map(public).astype("str")
    rows = rows.derive(**{field: now})
    waiting = now.str.contains(UNCODED, regex=False).eq(True)
    covered = now.str.contains(BLOT, regex=False).eq(True)
    renamed = typed.map({text: fold(text) != fold(name) for text, name in public.items()}).eq(True)
    for rule, where in (("term_uncoded", waiting), ("term_named", renamed & ~waiting)):
        if count := int(where.sum()):
            rows = rows.notice(field, rule, f"{count} cell{'s' * (count > 1)}", count)
    return rows.note(field, covered, "identifier_masked")


def _classed(rows: Rows, typed: pd.Series, said: dict, ids: frozenset) -> Rows:
    """Give approved terms their class; the vocabulary's where a source with classes has none."""
    classes = {
        raw: blot(line["soc"], ids) for (field, raw), line in said.items() if field == "term"
    }
    soc = typed.map(lambda text: classes.get(fold(text)) or None, na_action="ignore").astype("str")
    if not rows.has("soc"):
        return rows if soc.isna().all() else rows.derive(soc=soc)
    own = rows.values["term"].map(lambda name: vocabulary.class_of(name) or None, "ignore")
    soc = soc.fillna(rows.values["soc"])
    return rows.derive(soc=soc.fillna(own.astype("str")) if soc.notna().any() else soc)


def _of_interest(rows: Rows, typed: pd.Series) -> Rows:
    both = (typed.where(rows.kept) + "\n" + rows.values["term"]).astype("str")
    found = {
        text: dict.fromkeys(kind for one in text.split("\n") for kind in categories(one))
        for text in both.dropna().unique()
    }
    told = {text: "; ".join(kinds) for text, kinds in found.items()}
    return rows.derive(interest=both.map(told).astype("str"))


def public_name(heading: str) -> str:
    """Return a heading or a sheet's name if it is made of known words alone, else nothing."""
    return heading if vocabulary.is_plain(heading) and not found(heading) else ""


def sheets(layouts: dict, named: Iterable[str]) -> dict[str, str]:
    """Give each sheet the name that pages print: its own, or what it feeds; `named` are others."""
    made, counts = {}, {}
    feeding = [(sheet, table) for table, one in layouts.items() for sheet in one.raw.sheets]
    for sheet, table in [*feeding, *((sheet, "unused sheet") for sheet in named)]:
        if sheet not in made:
            counts[table] = counts.get(table, 0) + 1
            number = f" {counts[table]}" if counts[table] > 1 or table == "unused sheet" else ""
            made[sheet] = public_name(sheet) or f"{table}{number}"
    return made


def check_study(study: Study, ids: frozenset[str]):
    """Stop at a text of ``study.toml`` that pages would print and that points to a person.

    Of patient ids (as `ppp.catalogue.identifiers.keys`) those count that no year looks like.
    """
    ids = frozenset(one for one in ids if not one.isdigit() or len(one) > 4)
    for place, text, but in _printed(study):
        kinds = [kind for kind in found(REGISTERED.sub("", text), ids) if kind not in but]
        if kinds:
            raise StudyError(
                f"{study.folder / 'study.toml'}: {place} holds what looks like {KINDS[kinds[0]]}, "
                "and reports print it; take it out"
            )


def _printed(study: Study) -> Iterator[tuple[str, str, frozenset]]:
    """Give place, text, and the kinds that are no matter there."""
    nothing, author, dated = frozenset(), frozenset({"person"}), frozenset({"date", "number"})
    yield "[study] id", study.id.replace("_", " "), dated
    yield from ((f"[study] {key}", getattr(study, key), nothing) for key in ("title", "drug"))
    yield from (("[study] authors", text, author) for text in study.authors)
    yield from ((f"[study] {key}", getattr(study, key), OF_THE_STUDY) for key in STATED)
    yield from (("[endpoints] labels", text, nothing) for text in study.endpoints.labels.values())
    yield "[subgroup] value", study.subgroup.value, nothing
    yield "[filter] patients", study.filter.patients, dated
    yield "patients (of this run)", study.filter.further, dated
    for field, codes in study.codes.items():
        yield from ((f"[codes.{field}]", value, nothing) for value in codes.values())
    for table, extras in study.extra.items():
        for name, extra in extras.items():
            place = f"[extra.{table}] {name}"
            texts = (name.replace("_", " "), extra.label, extra.unit, *extra.codes.values())
            yield from ((place, text, nothing) for text in texts)
            sources = (getattr(extra, key, "") for key in SOURCED)
            yield from ((place, text, OF_THE_STUDY) for text in sources)
