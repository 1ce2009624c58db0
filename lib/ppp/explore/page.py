"""``explore.html``: the patients' scores and the means to question them, in one offline file."""

import base64
import json
import re

import numpy as np
import pandas as pd
from scipy import stats

from ppp.catalogue.outcomes import CHANGES, analysed, outcomes
from ppp.catalogue.recorded import codes, entries_of
from ppp.cohort import after_baseline, by_week
from ppp.estimators.estimate import FEWEST
from ppp.explore.choice import cuts, default_target, explorable, first_choice, table
from ppp.report.page import csp_hash
from ppp.report.templates import asset, template
from ppp.report.text import FEW
from ppp.report.write import catalogue

MOST_PATIENTS = 500
LIBRARIES = {"d3": "d3.min.js", "Observable Plot": "plot.umd.min.js"}
VERSION = re.compile(r"v(\d[\d.]*) Copyright")


def explore(data, study, strip, *, provenance: dict) -> str:
    """Write the page; `strip` is the status strip, `provenance` what its foot says.

    Holds study ids, ages in years, traits and scores; no dates and no free text. Empty where no
    score was recorded at two visits, and above `MOST_PATIENTS`, for each is a line in a figure.
    """
    if len(data.patients) > MOST_PATIENTS or not explorable(data, study):
        return ""
    words = catalogue("ppp.explore")["page"]
    libraries = {name: asset(f"vendor/{file}") for name, file in LIBRARIES.items()}
    scripts = [*libraries.values(), asset("explore.js")]
    named = (f"{name} {VERSION.search(text)[1]}" for name, text in libraries.items())
    return template("explore.html.j2").render(
        words=words,
        status=strip.to_html(),
        style=asset("style.css") + asset("explore.css"),
        data=_inert(content(data, study) | {"words": words}),
        scripts=[{"text": text, "hash": csp_hash(text)} for text in scripts],
        libraries=", ".join(named),
        provenance=provenance,
    )


def content(data, study) -> dict:
    """Gather what the page's script needs: patients, scores, choices, and quantiles."""
    known, patients = outcomes(study), table(data, study)
    scored = analysed(data.visits, study, *CHANGES)
    weeks = [study.schedule.baseline, *after_baseline(study)]
    scores = {code: by_week(data.visits, data.patients, code, study)[weeks] for code in scored}
    offered = cuts(data, study)
    first, count = first_choice(data, study), len(patients)
    return {
        "synthetic": study.synthetic,
        "weeks": [int(week) for week in weeks],
        "outcomes": {code: _outcome(known[code], study) for code in scored},
        "cuts": [vars(cut) for cut in offered],
        "first": {name: value for name, value in vars(first).items() if name != "query"},
        "patients": [
            {
                "id": one,
                "values": {cut.name: _value(patients.at[one, cut.name], cut) for cut in offered},
                "scores": {code: _numbers(scores[code].loc[one]) for code in scored},
            }
            for one in patients.index
        ],
        "fewest": {"estimated": FEWEST, "shared": FEW},
        "z": float(stats.norm.ppf(0.975)),
        "t": stats.t.ppf(0.975, np.arange(1, count + 1)).tolist(),
        "exact": _exact(count),
    }


def _outcome(outcome, study) -> dict:
    best = outcome.low if outcome.sign == 1 else outcome.high
    about = {"label": outcome.label, "unit": outcome.unit, "sign": outcome.sign, "best": best}
    first = {"rule": "percent"} | default_target(outcome.code, study)
    return about | {"step": outcome.step, "first": first}


def _value(value, cut):
    if pd.isna(value):
        return None
    if cut.kind == "number":
        return float(value)
    return entries_of(value) if cut.kind == "list" else codes(pd.Series([value])).iloc[0]


def _numbers(scores: pd.Series) -> list:
    return [None if np.isnan(score) else float(score) for score in scores]


def _exact(most: int) -> str:
    """Give the lower Clopper–Pearson limits of k of n, n from 1 to `most`, as base64 doubles."""
    counts = [(k, n) for n in range(1, most + 1) for k in range(n + 1)]
    k, n = np.array(counts, dtype=float).reshape(-1, 2).T
    limits = np.where(k > 0, stats.beta.ppf(0.025, np.maximum(k, 1), n - k + 1), 0.0)
    return base64.b64encode(limits.astype("<f8").tobytes()).decode()


def _inert(content: dict) -> str:
    """Write JSON that no browser takes for markup."""
    written = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")
