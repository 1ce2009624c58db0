"""Which sign of a change is improvement, in words."""

from ppp.catalogue.outcomes import outcomes
from ppp.report import names, text
from ppp.report.words import Words

WORDS = Words("ppp.efficacy")


def below(study, codes) -> str:
    """Say within a caption which sign of a change is improvement in these scores."""
    return _better("below", study, codes)


def improvement(study, codes) -> str:
    """Say in a sentence which sign of a change is improvement in these scores."""
    return _better("improvement", study, codes)


def _better(entry: str, study, codes) -> str:
    known = outcomes(study)
    higher = [code for code in dict.fromkeys(codes) if code in known and known[code].sign < 0]
    kind = "lower" if not higher else "mixed" if set(codes) - set(higher) else "higher"
    listed = text.listed(names.outcome(study, code) for code in higher)
    return WORDS.write(f"{entry}.{kind}", study, higher=listed)
