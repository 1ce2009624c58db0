"""What pages print beside data: names of sheets and headings, and texts of ``study.toml``."""

import re
from collections.abc import Iterable, Iterator

from ppp.catalogue.identifiers import KINDS, found
from ppp.catalogue.vocabulary import is_plain
from ppp.errors import StudyError
from ppp.study import Study

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


def public_name(heading: str) -> str:
    """Return a heading or a sheet's name if it is made of known words alone, else nothing."""
    return heading if is_plain(heading) and not found(heading) else ""


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
