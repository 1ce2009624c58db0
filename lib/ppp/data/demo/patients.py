"""Patients and visits of the demo cohort, as they would be if nobody mistyped anything."""

from datetime import date, timedelta

from ppp.data.demo import efficacy
from ppp.data.demo.draws import Draws
from ppp.data.demo.efficacy import WEEKS, N
from ppp.witness import Summary, find

AGE = Summary("36.3", "10.5", N, 18, 65)
SEX_AND_SAPHO = (
    [("male", "yes")] * 3 + [("female", "yes")] * 5 + [("male", "no")] * 7 + [("female", "no")] * 13
)
PRIOR = ("acitretin", "Tripterygium wilfordii", "cyclosporine", "methotrexate")
COMORBIDITIES = (
    "",
    "",
    "",
    "",
    "autoimmune thyroiditis",
    "hypertension",
    "psoriasis vulgaris",
    "allergic rhinitis",
    "type 2 diabetes",
)
STOPPED = {5: "remission", 16: "moved away", 22: "wish to conceive"}
ON_30_MG = (3, 13, 24)
SEEN_AGAIN = {5: 56}  # days after the last dose


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
    pppasi = efficacy.trajectories(draws, efficacy.PPPASI, digits=1)
    dlqi = efficacy.trajectories(draws, efficacy.DLQI, digits=0)
    pga = efficacy.pga(draws, pppasi)
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
                    **efficacy.pppasi_parts(draws, total),
                    "dlqi": quality,
                    **efficacy.dlqi_parts(draws, quality),
                    "pga": pga[place][turn],
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
