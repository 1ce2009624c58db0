"""The Results paragraph of the abstract, in the order of the paper."""

from ppp import results
from ppp.overview.index import abstract


def test_abstract_goes_in_the_order_of_the_paper(study):
    row = results.row
    made = [
        row("flow", "patients", "count", 28, level="enrolled", n=28),
        row("count", "sapho", "count", 8, level="yes", n=28),
    ]
    for group, male, female in (("all", 10, 18), ("sapho=yes", 3, 5)):
        made += [
            row("count", "sex", "count", male, level="male", group=group),
            row("count", "sex", "count", female, level="female", group=group),
        ]
    made += [row("summary", "age_years", "mean", 36.3), row("summary", "age_years", "sd", 10.5)]
    told = str(abstract(results.frame(made), study))
    assert told == (
        "A total of **28 patients** were included, 10 male and 18 female; 8 with SAPHO syndrome "
        "(3 male and 5 female). Mean age was **36.3** years (SD 10.5)."
    )


def test_abstract_of_a_cohort_keeps_the_order(rows, study):
    told = str(abstract(rows, study))
    places = [told.find(words) for words in ("28 patients", "PPPASI", "PGA 0/1", "severe adverse")]
    assert -1 not in places and places == sorted(places)
