"""Scores of the demo cohort: totals that give the published figures, and the parts beneath them."""

from statistics import correlation, mean, stdev

from ppp.data.demo.draws import Draws
from ppp.data.scores import DLQI_ITEMS, REGION_WEIGHT, SIGNS
from ppp.witness import Summary, find

N = 28
WEEKS = (0, 4, 8, 12)
PPPASI = (Summary("13.86", "2.76", N, 0, 72, "0.1"), Summary("5.56", "1.08", N, 0, 72, "0.1"))
DLQI = (Summary("12.54", "4.56", N, 0, 30), Summary("2.04", "1.14", N, 0, 8))
CORRELATION = 0.5
PGA_1_AT_WEEK_12 = 20
ITEM_EASE = (9, 8, 5, 6, 5, 3, 4, 4, 2, 4)


def trajectories(draws: Draws, ends: tuple[Summary, Summary], *, digits: int) -> list[list[float]]:
    """Scores of each patient at weeks 0, 4, 8 and 12.

    Parameters
    ----------
    draws : Draws
    ends : tuple of Summary
        Figures that weeks 0 and 12 give exactly.
    digits : int
        Decimals of a score.

    Returns
    -------
    list of list
        One list of four scores a patient, whose first and last correlate by about 0.5.
    """
    first, last = ([float(value) for value in find(summary, seed=3)] for summary in ends)
    first = draws.shuffled(first)
    last = _matched(draws, first, last)
    wobble = 0.35 * stdev(first)
    made = []
    for before, after in zip(first, last, strict=True):
        fall = before - after
        week_4 = after + 0.55 * fall + draws.normal(0, wobble)
        week_8 = after + 0.22 * fall + draws.normal(0, wobble / 2)
        between = (round(max(week, after / 2), digits) for week in (week_4, week_8))
        made.append([before, *between, after])
    return made


def _matched(draws: Draws, first: list, last: list) -> list:
    centre, spread = mean(first), stdev(first)
    noise = (1 - CORRELATION**2) ** 0.5
    while True:
        leaning = [CORRELATION * (x - centre) / spread + noise * draws.normal() for x in first]
        rank = {place: k for k, place in enumerate(sorted(range(N), key=leaning.__getitem__))}
        matched = [sorted(last)[rank[place]] for place in range(N)]
        if abs(correlation(first, matched) - CORRELATION) < 0.02:
            return matched


def pppasi_parts(draws: Draws, total: float) -> dict[str, int]:
    """Components of a PPPASI, as a clinician may have scored them: 16 whole numbers."""
    tenths = round(10 * total)
    while True:
        regions = {region: _region(draws, total) for region in REGION_WEIGHT}
        if tenths == sum(
            round(10 * weight) * sum(regions[region][:3]) * regions[region][3]
            for region, weight in REGION_WEIGHT.items()
        ):
            return {
                f"{region}_{part}": value
                for region, values in regions.items()
                for part, value in zip((*SIGNS, "area"), values, strict=True)
            }


def _region(draws: Draws, total: float) -> tuple[int, int, int, int]:
    area = min(6, max(1, round(draws.normal(total**0.5 * 0.9, 0.8))))
    severity = min(12, max(1, round(draws.normal(total / area, 1.0))))
    erythema = min(4, max(severity - 8, round(severity / 2.4)))
    pustules = min(4, max(severity - erythema - 4, round((severity - erythema) / 2.2)))
    return erythema, pustules, severity - erythema - pustules, area


def dlqi_parts(draws: Draws, total: int) -> dict[str, int]:
    """Items of a DLQI: itch and embarrassment first, sexual difficulties last."""
    items = dict.fromkeys(DLQI_ITEMS, 0)
    for _ in range(total):
        urn = [
            item
            for item, ease in zip(DLQI_ITEMS, ITEM_EASE, strict=True)
            if items[item] < 3
            for _ in range(ease)
        ]
        items[draws.pick(urn)] += 1
    return items


def pga(draws: Draws, pppasi: list[list[float]]) -> list[list[int]]:
    """Global assessment 0–4 of each patient at each week; 1 in exactly 20 at week 12, never 0."""
    at_week_12 = [scores[-1] + draws.normal(0, 1.2) for scores in pppasi]
    almost_clear = sorted(range(N), key=at_week_12.__getitem__)[:PGA_1_AT_WEEK_12]
    made = []
    for place, (week_0, week_4, week_8, _) in enumerate(pppasi):
        last = 1 if place in almost_clear else 2
        week_8 = max(last, 1 if week_8 < 6 else 2 if week_8 < 9.5 else 3)
        made.append([3 if week_0 < 15 else 4, max(week_8, 2 if week_4 < 10 else 3), week_8, last])
    return made
