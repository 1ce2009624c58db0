"""A page's glossary: its terms, and the scores that it speaks of."""

from dataclasses import dataclass

from ppp.catalogue.outcomes import outcomes
from ppp.report.text import html, listed
from ppp.report.write import catalogue, fill

SCORES, SUBGROUP = "{outcomes}", "{subgroup}"
SHARES = "{label}-{shares}"


@dataclass(frozen=True)
class Glossary:
    """Terms and their meanings; shows itself as a definition list."""

    terms: dict

    def to_html(self) -> str:
        """Render as a definition list."""
        items = (f"<dt>{html(t)}</dt><dd>{html(m)}</dd>" for t, m in self.terms.items())
        return f'<dl class="ppp-glossary">{"".join(items)}</dl>'

    def __str__(self) -> str:
        return "\n".join(f"{term}: {meaning}" for term, meaning in self.terms.items())

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.to_html(), "text/plain": str(self)}


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
            words = {"label": label, "shares": ", -".join(shares), "listed": listed(shares, "or")}
            entries[fill(SHARES, words)] = fill(catalogue("ppp.report")["terms"][SHARES], words)
        if targets:
            further = (fill(part, {"label": label}).split(": ", 1) for part in more)
            entries |= dict(further)
    return entries
