"""The catalogue of words: what pages say, each sentence once, in the ``words.toml`` of its page.

A translation translates these files and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.report import text
from ppp.report.prose import Prose, bullets
from ppp.report.spec import about, build
from ppp.report.table import Table
from ppp.report.write import catalogue, fill

SCORES, SUBGROUP = "{outcomes}", "{subgroup}"
SHARES = "{label}-{shares}"


@dataclass(frozen=True)
class Glossary:
    """Terms and their meanings; shows itself as a definition list."""

    terms: dict

    def to_html(self) -> str:
        """Render as a definition list."""
        items = (f"<dt>{text.html(t)}</dt><dd>{text.html(m)}</dd>" for t, m in self.terms.items())
        return f'<dl class="ppp-glossary">{"".join(items)}</dl>'

    def __str__(self) -> str:
        return "\n".join(f"{term}: {meaning}" for term, meaning in self.terms.items())

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.to_html(), "text/plain": str(self)}


class Words:
    """The words of one page: ``words.toml`` beside the modules of a package, ``ppp.efficacy`` say.

    What it does not have is looked for among those of all pages.
    """

    def __init__(self, package: str):
        self.package = package

    def __getitem__(self, key: str):
        """Look up an entry by its dotted name; KeyError where there is none."""
        entry = _find(self.package, key)
        entry = _find("ppp.report", key) if entry is None else entry
        if entry is None:
            raise KeyError(f"{self.package}/words.toml has no entry {key!r}")
        return entry

    def say(self, key: str, study, row=None, rows=None, **values) -> Prose:
        """Fill an entry as running text: words of the data are escaped.

        Of an entry that is a pair, one of something and more, the value ``n`` chooses. The outcome,
        week, group and unit of `row`, a results row, can be named in the entry, and the statistics
        of `rows`; `values` are further words and rows by name, `Prose` is put in as it is.
        """
        known = about(study, row) | values
        if known.get("note"):
            known["why"] = Prose(f" ({text.markdown(known['note'])})")
        return Prose(fill(*self._chosen(key, known), rows, escape=text.markdown))

    def share(self, study, row, *beside) -> Prose:
        """Write a percentage with its exact interval in brackets, and what stands beside it.

        Where `row` is of too few patients for a percentage, what stands beside it alone.
        """
        own = [] if text.few(row) else [self.say("brackets.share", study, row)]
        parts = [part for part in map(str, [*own, *beside]) if part]
        return Prose(f" ({'; '.join(parts)})" if parts else "")

    def write(self, key: str, study, row=None, rows=None, **values) -> str:
        """Fill an entry as plain words, for a table or a figure."""
        return fill(*self._chosen(key, about(study, row) | values), rows, blank="–")

    def _chosen(self, key: str, values: dict) -> tuple[str, dict]:
        entry = self[key]
        if isinstance(entry, str):
            return entry, values
        one, more = entry
        return one if values["n"] == 1 else more, values | {"n": text.count(values["n"])}

    def write_all(self, key: str, study, row=None, rows=None, **values) -> list[str]:
        """Fill an entry that is a list, each part as `write` does."""
        known = about(study, row) | values
        return [fill(part, known, rows, blank="–") for part in self[key]]

    def within(self, key: str, study, row=None, **values) -> Callable[..., str]:
        """Return what writes the entries below a key as plain words: ``words("caption", n=28)``."""

        def entry(name: str, row=row, **more) -> str:
            return self.write(f"{key}.{name}", study, row, **values | more)

        return entry

    def table(self, name: str, rows: pd.DataFrame, study, **how) -> Table:
        """Make the table ``tables.<name>`` of this page, as `ppp.report.spec.build` says."""
        return build(self[f"tables.{name}"], name, rows, study, **how)

    def limits(self, study, omit=(), **values) -> Prose:
        """List the limitations of this page, the entries of ``[limits]``, the gravest first."""
        listing = [f"limits.{name}" for name in self["limits"] if name not in omit]
        listing = ["limits.synthetic"] * study.synthetic + listing
        return bullets(*(self.say(key, study, **values).text for key in listing))

    def glossary(self, study, rows: pd.DataFrame) -> Glossary:
        """Explain the terms of this page, and the scores among its results rows."""
        return glossary(self["glossary"], study, rows["outcome"].unique())

    def statement(
        self, key: str, rows, study, *, outcome=None, week=None, words=None, **where
    ) -> Prose:
        """Fill the entry that fits one row: ``absent``, ``empty`` (no estimate) or ``said``.

        `key` names a table with ``rows`` (column = value: which row), these three, and optionally
        ``unrecorded`` (an outcome that nobody has); one at most of `rows` may fit. Outcome and week
        are the primary ones unless given; week is ``"any"`` where the row has none. `words` takes
        the row that is said and gives further words by name.
        """
        where = {"outcome": outcome or study.endpoints.primary} | self[key]["rows"] | where
        if week != "any":
            where["week"] = study.schedule.primary if week is None else week
        row = results.first(rows, **where)
        if row is None:
            return self.say(f"{key}.absent", study, where)
        if not results.usable(row):
            nobody = "not_recorded" in row["code"].split() and "unrecorded" in self[key]
            return self.say(f"{key}.{'unrecorded' if nobody else 'empty'}", study, row)
        return self.say(f"{key}.said", study, row, **(words(row) if words else {}))


def _find(package: str, key: str):
    entry = catalogue(package)
    for name in key.split("."):
        if not isinstance(entry, dict) or name not in entry:
            return None
        entry = entry[name]
    return entry


def glossary(listing, study, spoken_of) -> Glossary:
    """Explain terms: keys of ``[terms]`` of the words of all pages.

    ``{outcomes}`` stands for the scores among the outcomes and targets `spoken_of`, ``{subgroup}``
    for what the study's subgroup is called, where that is a term.
    """
    terms = catalogue("ppp.report")["terms"]
    entries = {}
    subgroup = study.label(study.subgroup.column)
    for term in listing:
        if term == SCORES:
            entries |= _scores(study, set(spoken_of))
        elif term == SUBGROUP:
            entries |= {t: meaning for t, meaning in terms.items() if subgroup.startswith(t)}
        else:
            entries[term] = terms[term]
    return Glossary(entries)


def _scores(study, spoken_of: set) -> dict:
    entries = {}
    for code, outcome in outcomes(study).items():
        targets = [target for target in outcome.targets if target.code in spoken_of]
        if code not in spoken_of and not targets:
            continue
        label, (meaning, *more) = outcome.label, outcome.glossary.split(" | ")
        if meaning:
            entries[label] = fill(meaning, {"label": label})
        shares = [f"{t.value:g}" for t in targets if t.rule == "percent"]
        if shares:
            words = {
                "label": label,
                "shares": ", -".join(shares),
                "listed": text.listed(shares, "or"),
            }
            entries[fill(SHARES, words)] = fill(catalogue("ppp.report")["terms"][SHARES], words)
        if targets:
            further = (fill(part, {"label": label}).split(": ", 1) for part in more)
            entries |= dict(further)
    return entries
