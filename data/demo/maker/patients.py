"""Patients and visits of the demo cohort, as they would be if nobody mistyped anything.

Totals of scores give the published figures; their parts are such as a clinician may have written.
"""

from datetime import date, timedelta
from random import Random
from statistics import correlation, mean, stdev

from ppp.data.scores import DLQI_ITEMS, REGION_WEIGHT, SIGNS
from ppp.witness import Summary, find

N = 28
WEEKS = (0, 4, 8, 12)
PPPASI = (Summary("13.86", "2.76", N, 0, 72, "0.1"), Summary("5.56", "1.08", N, 0, 72, "0.1"))
DLQI = (Summary("12.54", "4.56", N, 0, 30), Summary("2.04", "1.14", N, 0, 8))
CORRELATION = 0.5
PGA_1_AT_WEEK_12 = 20
ITEM_EASE = (9, 8, 5, 6, 5, 3, 4, 4, 2, 4)
AGE = Summary("36.3", "10.5", N, 18, 65)
SEX_AND_SAPHO = (
    [("male", "yes")] * 3 + [("female", "yes")] * 5 + [("male", "no")] * 7 + [("female", "no")] * 13
)
PRIOR = ("acitretin", "Tripterygium wilfordii", "cyclosporine", "methotrexate")
COMORBIDITIES = (
    *("", "", "", "", "autoimmune thyroiditis", "hypertension", "psoriasis vulgaris"),
    *("allergic rhinitis", "type 2 diabetes"),
)
STOPPED = {5: "remission", 16: "moved away", 22: "wish to conceive"}
ON_30_MG = (3, 13, 24)
SEEN_AGAIN = {5: 56}  # days after the last dose


class Draws:
    """A seeded source of draws, made of ``Random.random`` alone: that one is guaranteed to last."""

    def __init__(self, seed: int):
        self._uniform = Random(seed).random

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        """Draw from a bell curve: the sum of twelve uniform draws."""
        return mean + sd * (sum(self._uniform() for _ in range(12)) - 6)

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from `low` to `high`, both included."""
        return low + int(self._uniform() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self._uniform() < probability

    def pick(self, items):
        """Draw one item."""
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items) -> list:
        """Return the items in another order."""
        return sorted(items, key=lambda _: self._uniform())


def patients(draws: Draws) -> list[dict]:
    """Rows of the patients table, in the order of the first dose."""
    ages = draws.shuffled(int(age) for age in find(AGE, seed=1))
    groups = draws.shuffled(SEX_AND_SAPHO)
    starts = sorted(_first_day(draws) for _ in range(N))
    number = 100
    rows = []
    for place, (age, (sex, sapho), start) in enumerate(zip(ages, groups, starts, strict=True)):
        number += draws.whole(1, 6)
        rows.append(
            {
                "patient_id": f"C-{number}",
                "sex": sex,
                "age_years": age,
                "sapho": sapho,
                "start_date": start,
            }
            | _follow_up(draws, place, start)
            | _history(draws, place, age)
        )
    return rows


def _follow_up(draws: Draws, place: int, start) -> dict:
    seen = start + timedelta(days=draws.pick([84, 84, 85, 86, 112, 140, 168]))
    stopped = STOPPED.get(place)
    return {
        "stop_date": seen + timedelta(days=7) if stopped else None,
        "stop_reason": stopped,
        "last_visit_date": seen + timedelta(days=(7 if stopped else 0) + SEEN_AGAIN.get(place, 0)),
    }


def _first_day(draws: Draws) -> date:
    """Day between July 2022 and December 2023 on which a treatment may start."""
    return date(2022, 7, 4) + timedelta(days=draws.whole(0, 535))


def _history(draws: Draws, place: int, age: int) -> dict:
    tried = draws.whole(1, 3)
    prior = sorted(draws.shuffled(PRIOR)[:tried], key=PRIOR.index)
    duration = min(age - 14, max(1.2, draws.normal(6, 3.2)))
    return {
        "dose_mg": 30 if place in ON_30_MG else 15,
        "disease_duration_years": round(duration, 1),
        "smoker": "yes" if draws.chance(0.55) else "no",
        "bmi": round(draws.normal(23.6, 2.6), 1),
        "prior_treatments": "; ".join(prior),
        "comorbidities": draws.pick(COMORBIDITIES) or None,
    }


def visits(draws: Draws, rows: list[dict]) -> list[dict]:
    """Rows of the visits table: weeks 0, 4, 8 and 12 of each patient, nothing missing."""
    pppasi = trajectories(draws, PPPASI, digits=1)
    dlqi = trajectories(draws, DLQI, digits=0)
    grades = pga(draws, pppasi)
    made = []
    for place, patient in enumerate(rows):
        joints = _joints(draws, patient["sapho"] == "yes")
        for turn, week in enumerate(WEEKS):
            late = draws.whole(0, 3) if 0 < week < WEEKS[-1] else 0
            total, quality = pppasi[place][turn], int(dlqi[place][turn])
            made.append(
                {
                    "patient_id": patient["patient_id"],
                    "week": week,
                    "date": patient["start_date"] + timedelta(days=7 * week + late),
                    "pppasi": total,
                    **pppasi_parts(draws, total),
                    "dlqi": quality,
                    **dlqi_parts(draws, quality),
                    "pga": grades[place][turn],
                }
                | {name: joints[name][turn] for name in joints}
            )
    return made


def _joints(draws: Draws, sapho: bool) -> dict[str, list]:
    """Pain, C-reactive protein and sedimentation rate at each visit; they ease in SAPHO."""
    pain = draws.whole(5, 8) if sapho else draws.pick([0, 0, 0, 1])
    crp = draws.normal(12, 3) if sapho else draws.normal(3, 0.7)
    esr = draws.normal(32, 6) if sapho else draws.normal(11, 3)
    eased = (1, 0.6, 0.4, 0.3) if sapho else (1, 0.9, 0.85, 0.8)
    return {
        "pain_vas": [round(pain * share) for share in eased],
        "crp_mg_l": [round(max(0.5, crp * share + draws.normal(0, 0.3)), 1) for share in eased],
        "esr_mm_h": [round(max(2, esr * share + draws.normal())) for share in eased],
    }


def trajectories(draws: Draws, ends: tuple[Summary, Summary], *, digits: int) -> list[list[float]]:
    """Scores of each patient at weeks 0, 4, 8 and 12; the first and the last correlate by 0.5.

    `ends` are the figures that weeks 0 and 12 give exactly, `digits` the decimals of a score.
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
