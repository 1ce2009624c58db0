"""The words of the reports, each explained in a sentence."""

from dataclasses import dataclass

from ppp.report.text import html

TERMS = {
    "PPPASI": "Palmoplantar Pustulosis Area and Severity Index, 0 (clear) to 72: erythema, "
    "pustules and desquamation of palms and soles, weighted by area.",
    "PPPASI-50, -75, -90, -100": "PPPASI at least 50, 75, 90 or 100% below the patient's own "
    "baseline.",
    "DLQI": "Dermatology Life Quality Index, 0 (no effect on life) to 30; a fall of 4 is the "
    "smallest that patients notice as important.",
    "DLQI 0/1": "DLQI of 0 or 1: no effect of the skin disease on the patient's life.",
    "PGA": "Physician's Global Assessment; 0 is clear, 1 almost clear. “PGA 0/1” is either.",
    "SAPHO": "Synovitis, acne, pustulosis, hyperostosis, osteitis: a syndrome that joins bone and "
    "joint inflammation to skin disease.",
    "CI": "Confidence interval: the values of the unknown quantity with which the data are "
    "compatible, at the level named.",
    "Observed": "Only patients with a value at that visit are counted.",
    "NRI": "Non-responder imputation: a patient without a value at the visit counts as not having "
    "responded; the denominator is all with an evaluable baseline.",
    "Wilson, Clopper–Pearson": "Two intervals of a proportion: the score interval, close to its "
    "level on average, and the exact one, never below its level.",
    "Hodges–Lehmann": "The median of the averages of all pairs of changes: a typical change that "
    "outliers hardly move. Its interval comes from the exact signed-rank distribution.",
    "Pairwise averages": "The averages of every two changes, and of each with itself (Walsh "
    "averages).",
    "Signed-rank test": "Wilcoxon's test of whether changes lie around 0; exact here, ties "
    "included (tied changes share the mean of their ranks, the midrank).",
    "Bias-corrected bootstrap (BCa)": "Interval from the estimates of many resamples of the "
    "patients, corrected for bias and for a spread that changes with the value.",
    "Standardised change": "Mean change divided by the square root of the mean of the two "
    "visits' variances (d av), with Bonett's interval.",
    "Rank-biserial": "Signed-rank balance of worsening and improvement, from −1 (all improved) "
    "to 1.",
    "Standardised difference": "Difference of two groups divided by the square root of the "
    "mean of their variances.",
    "Mixed model (MMRM)": "Model for repeated measures that uses every recorded visit, also of "
    "patients with gaps.",
    "Multiple imputation": "Missing scores are filled in many times from patients with like "
    "scores, and the results pooled: the interval then tells the uncertainty of the gaps too.",
    "Tipping point": "How much worse the missing scores would have to be than imputed for the "
    "interval of the change to reach 0.",
    "Leave-one-out": "The analysis made anew without each patient in turn.",
    "Regression to the mean": "Patients who come when their score is high have, on average, a "
    "lower one later, treated or not.",
    "Test–retest correlation": "How closely a patient’s score at one time follows the same "
    "patient’s score at another, untreated.",
    "Fixed sequence, Holm": "Two ways to allow for several tests: in a stated order, and "
    "all together.",
    "ANCOVA": "Linear model of the score at a visit on the score at baseline and the group.",
    "Newcombe": "Interval of a difference of two proportions, valid also at 0% and 100%.",
    "Severe": "An event of grade 3 or more: how intense it was.",
    "Serious": "An event that meets a regulatory criterion (death, danger to life, hospital, "
    "disability): not the same as severe.",
    "Treatment-emergent": "With onset between the first dose and a stated number of days after the "
    "last: what the tables call “on treatment”.",
    "System organ class": "The part of the body under which a dictionary of medical terms files "
    "an event.",
    "Special interest": "Kinds of event that regulators ask about for JAK inhibitors, such as "
    "serious infection, thrombosis and malignancy.",
    "Rate per 100 patient-years": "Events divided by the time in which they could occur, in units "
    "of 100 years; the exact Poisson interval is Garwood’s.",
    "Kaplan–Meier": "Share with an event by a day, when not all were observed to that day.",
    "Log-rank test": "Compares the times to an event of two groups over the whole time.",
    "CTCAE": "Common Terminology Criteria for Adverse Events, version 5: grades 1 (mild) to 5 "
    "(death), also of laboratory values.",
    "ATP III": "Bands of LDL cholesterol of the Adult Treatment Panel III; CTCAE has none.",
    "ULN": "Upper limit of normal, as the laboratory gave it.",
    "eDISH, Hy’s law": "Highest transaminase against highest bilirubin: above 3 and 2 times the "
    "upper limit together, without cholestasis and without another cause, liver injury by a drug "
    "is often severe (Hy’s law).",
    "Patient-years": "Time on treatment, added over patients.",
    "Rule of three": "Where none of n patients had an event, 3/n is about the upper one-sided 95% "
    "limit.",
    "GRIM": "A test whether n scores counted in whole steps can have the printed mean.",
    "GRIMMER": "The same for the printed mean and standard deviation together, tried exactly.",
    "Rounding slack": "Half a unit of the last printed digit, either way, on every figure.",
    "Correlation r": "How closely patients’ scores at two visits go together, from −1 to 1.",
    "Cantelli, Samuelson": "Bounds on how many of n values can be beyond a limit, given their "
    "mean and SD alone.",
    "Pitman–Morgan": "Test whether the spread of a score differs between two visits.",
    "Query": "A cell whose value broke a rule; it became missing, or stayed with a warning.",
    "Quarantine": "A row that could not be placed (no patient, contradictory duplicate, total); "
    "nothing uses it.",
}


PAGES = {
    "cleaning": ("Query", "Quarantine"),
    "descriptives": ("PPPASI", "DLQI", "PGA", "SAPHO", "Standardised difference"),
    "efficacy": (
        "PPPASI",
        "PPPASI-50, -75, -90, -100",
        "DLQI",
        "DLQI 0/1",
        "PGA",
        "CI",
        "Observed",
        "NRI",
        "Hodges–Lehmann",
        "Pairwise averages",
        "Signed-rank test",
        "Bias-corrected bootstrap (BCa)",
        "Standardised change",
        "Wilson, Clopper–Pearson",
        "Mixed model (MMRM)",
        "Multiple imputation",
        "Tipping point",
        "Leave-one-out",
        "Fixed sequence, Holm",
        "Regression to the mean",
        "Test–retest correlation",
    ),
    "safety": (
        "Severe",
        "Serious",
        "Treatment-emergent",
        "System organ class",
        "Special interest",
        "Patient-years",
        "Rate per 100 patient-years",
        "CI",
        "Rule of three",
        "Wilson, Clopper–Pearson",
        "Kaplan–Meier",
        "Log-rank test",
        "CTCAE",
        "ATP III",
        "ULN",
        "eDISH, Hy’s law",
    ),
    "subgroup": ("SAPHO", "PPPASI", "DLQI", "PGA", "CI", "Newcombe", "ANCOVA"),
    "published": (
        "GRIM",
        "GRIMMER",
        "Rounding slack",
        "Correlation r",
        "Cantelli, Samuelson",
        "Pitman–Morgan",
        "CI",
        "Wilson, Clopper–Pearson",
        "Rule of three",
        "PPPASI",
        "DLQI",
        "PGA",
        "SAPHO",
    ),
}


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


def glossary(page: str) -> Glossary:
    """Explain the terms of one page.

    Parameters
    ----------
    page : str
        A key of `PAGES`: ``cleaning``, ``descriptives``, ``efficacy``, ``safety``, ``subgroup``,
        ``published``.

    Raises
    ------
    KeyError
        At a page that is none of these.

    Examples
    --------
    >>> print(glossary("cleaning"))  # doctest: +ELLIPSIS
    Query: A cell whose value broke a rule; ...
    """
    return Glossary({term: TERMS[term] for term in PAGES[page]})
