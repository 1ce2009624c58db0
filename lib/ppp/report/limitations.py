"""What a page cannot show, said before what it shows."""

from ppp.report.prose import Prose, bullets
from ppp.report.text import markdown as md
from ppp.safety.harms import first_day


def limits(study, page: str) -> Prose:
    """List the limitations that bear on one page, the gravest first.

    Parameters
    ----------
    study : Study
    page : str
        ``cleaning``, ``descriptives``, ``efficacy``, ``safety``, ``subgroup`` or ``published``.

    Returns
    -------
    Prose

    Raises
    ------
    KeyError
        At a page that is none of these.
    """
    synthetic = (
        "**The data are synthetic.** They show how the report works and tell nothing about "
        "patients."
    )
    return bullets(synthetic if study.synthetic else "", *_PAGES[page](study))


def uncontrolled(study) -> Prose:
    """Say in a sentence or two what no result of such a study can show."""
    synthetic = " The data are synthetic and tell nothing about patients."
    return Prose(
        f"There was no control group: this is change on {md(study.drug)}, not its effect."
        + synthetic * study.synthetic
    )


def _cleaning(study):
    return (
        "A value that keeps to every rule may still be wrong: only the chart can tell.",
        "A queried cell is missing in everything that follows until the source is mended.",
    )


def _descriptives(study):
    return (
        "The patients are those who were recorded; whether they were consecutive is not known.",
        "Baseline differences between groups are described, not tested: in small groups large "
        "differences arise by chance.",
    )


def _efficacy(study):
    return (
        "This analysis has **no control group**. What is shown is change on "
        f"{md(study.drug)}, not the effect of {md(study.drug)}: the natural course, regression to "
        "the mean after a flare, other treatment, unblinded scoring and selection are not "
        "excluded.",
        "The intervals, not the estimates alone, show what the data are compatible with; "
        "they describe sampling from patients like these.",
        "Scores are analysed as observed, at visits that took place; for responders a missing "
        "visit counts as failure (NRI), with observed cases beside.",
        "Visits and secondary outcomes are exploratory; p-values are not adjusted unless said.",
    )


def _safety(study):
    return (
        "This analysis has **no control group**: an event on treatment need not come from it.",
        "An event that nobody had in so many patients and so much time may still occur; its "
        "upper bound is given. Rare and late harms are not to be seen in a short series.",
        "“Severe” (grade) and “serious” (regulatory) are two things and are counted apart.",
        f"Events are counted from {first_day(study)} to {study.safety.days_after_last_dose} days "
        "after treatment stopped or, where no stop is recorded, after the last visit. An event "
        "known only to the month or the year is placed at the earliest day that fits, which gives "
        "the highest rate.",
        "What was not written down is not here: events come from records, categories of special "
        "interest from the words of their terms, grades of laboratory values from the values "
        "alone. Values and rows that cleaning set aside are not here; the first report lists "
        "them.",
    )


def _subgroup(study):
    return (
        "**Exploratory.** The groups were not randomised and may differ in more than "
        f"{md(study.label(study.subgroup.column))}: a difference between them is an association.",
        "Wide intervals are not informative about equality; a high p-value does not show that "
        "the groups are alike.",
        "Nothing is adjusted for the number of comparisons.",
        "There is no control within either group.",
    )


def _published(study):
    return (
        "Arithmetic shows whether figures can arise from the stated number of patients; it cannot "
        "show why one does not. The authors can: ask them.",
        "That a figure is attainable does not show that it is right.",
        "The bounds hold for any distribution of scores and any correlation of the visits; they "
        "are limits, not estimates.",
    )


_PAGES = {
    "cleaning": _cleaning,
    "descriptives": _descriptives,
    "efficacy": _efficacy,
    "safety": _safety,
    "subgroup": _subgroup,
    "published": _published,
}
