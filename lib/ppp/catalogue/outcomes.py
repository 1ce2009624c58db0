"""Outcomes and their targets: what ``data/dictionary.csv`` and ``[extra.visits]`` say of a score.

Whoever asks which scores are analysed, what a responder is, which direction is better or what a
score is called asks here; nothing else knows a score by name.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.recorded import declared, own, recorded
from ppp.errors import StudyError

ANALYSES = ("summary", "grade", "change", "full")
CHANGES = ANALYSES[1:]
TOLERANCE = 1e-9
RULE = re.compile(
    r"(?:(?P<code>\w+)\s*:\s*)?(?:(?P<percent>[\d.]+)\s*%|(?P<bound>[<>]=|by)\s*(?P<value>[\d.]+))"
)
BAND = re.compile(r"(?P<low>[\d.]+)\s*[-–]\s*(?P<high>[\d.]+)\s+(?P<label>.+)")


@dataclass(frozen=True)
class Target:
    """What counts as response on one score.

    `code` is its name in ``results.csv`` (``pppasi75``), `outcome` the score it is of. `rule` is
    ``percent`` of improvement from baseline, ``reach`` a value or better, or improve ``by`` at
    least so much; `value` is in percent, or in units of the score.
    """

    code: str
    outcome: str
    rule: str
    value: float


@dataclass(frozen=True)
class Outcome:
    """One numeric visit field, and how it is analysed.

    Attributes
    ----------
    label, source : as pages call it; the reference of the score.
    low, high, step, mcid : range and granularity of the scale; the smallest change patients notice.
    better : ``lower`` or ``higher``.
    analysis : ``full`` (change, models, imputation, sensitivity), ``change`` (change and response),
        ``grade`` (the same for a few grades), ``summary``, or empty for a part of a score.
    order : place among the key results, after the primary endpoint; infinite for none.
    graded : a few grades, whose levels are counted and of which no Hodges–Lehmann median is told.
    key : what is told there: ``change``, or a target's code.
    bands : label, lowest and highest value, ascending.
    """

    code: str
    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    better: str = "lower"
    step: float | None = None
    analysis: str = ""
    graded: bool = False
    order: float = np.inf
    key: str = ""
    targets: tuple[Target, ...] = ()
    mcid: float | None = None
    mcid_source: str = ""
    bands: tuple = ()
    glossary: str = ""
    source: str = ""

    @property
    def best(self) -> float | None:
        """The best value of the scale; 0 where lower is better and no lowest is stated."""
        return (self.low or 0.0) if self.sign == 1 else self.high

    def almost_best(self, value: float) -> bool:
        """Tell whether a value is at most one step of the scale from its best, such as PGA 1."""
        return None not in (self.step, self.best) and abs(value - self.best) <= self.step

    @property
    def sign(self) -> int:
        """1 where a lower score is better, else −1: the sign of a change times it is worsening."""
        return 1 if self.better == "lower" else -1


@cache
def outcomes(study) -> dict[str, Outcome]:
    """Every numeric visit field that a study knows, by code: the dictionary's, then its own."""
    further = {
        name: _of_extra(name, extra)
        for name, extra in study.extra.get("visits", {}).items()
        if extra.kind == "number"
    }
    return {code: _fitted(outcome, study) for code, outcome in (_known() | further).items()}


def outcome(code: str, study) -> Outcome | None:
    """Return one outcome, or None where `code` is no numeric visit field (``none``, say)."""
    return outcomes(study).get(code)


def analysed(visits: pd.DataFrame | None, study, *analyses: str) -> list[str]:
    """List the outcomes that were recorded, in the order of the dictionary.

    `analyses` are any of `ANALYSES` (`CHANGES`: all but ``summary``); the primary endpoint is
    ``full``.
    """
    known = outcomes(study)
    return [
        code
        for code in recorded(visits, known)
        if known[code].analysis in analyses and pd.api.types.is_numeric_dtype(visits[code])
    ]


def in_order(codes, study) -> list[str]:
    """Sort outcomes as key results tell them: the primary first, then by `Outcome.order`."""
    known = outcomes(study)
    primary = study.endpoints.primary
    return sorted(codes, key=lambda code: (code != primary, known[code].order))


def key_measures(study) -> list[tuple[str, str]]:
    """List what is told first: outcome and ``change`` or a target's code, the primary change first.

    For the demo (pppasi, change), (pga, pga01), (dlqi, change).
    """
    known = outcomes(study)
    primary = study.endpoints.primary
    first = [(primary, "change")] if primary in known else []
    rest = [(code, known[code].key) for code in in_order(known, study) if known[code].key]
    return list(dict.fromkeys([*first, *rest]))


def coded(visits: pd.DataFrame | None, study) -> dict[str, list[str]]:
    """Map each outcome of few levels (grades, the study's own codes) to all of them, in order."""
    grades = {
        code: [str(grade) for grade in range(int(outcome.low), int(outcome.high) + 1)]
        for code, outcome in outcomes(study).items()
        if outcome.graded
    }
    extra = study.extra.get("visits", {})
    scales = grades | {name: declared(extra[name]) for name in own(study, "visits", ["choice"])}
    return {field: scales[field] for field in recorded(visits, scales)}


@cache
def targets(study) -> dict[str, Target]:
    """Every responder target of a study by code, in the order of key results."""
    known = outcomes(study)
    return {t.code: t for code in in_order(known, study) for t in known[code].targets}


def leading_targets(study) -> list[str]:
    """List the targets that are looked at closely: the primary's first one, and the key ones.

    For the demo ``pppasi50`` and ``pga01``.
    """
    primary = outcome(study.endpoints.primary, study)
    first = [target.code for target in primary.targets[:1]] if primary else []
    return list(
        dict.fromkeys([*first, *(key for _, key in key_measures(study) if key != "change")])
    )


def reached(target: Target, before: pd.Series, after: pd.DataFrame, study):
    """Judge one target for every patient and visit.

    Parameters
    ----------
    before : Series of float, by patient, the scores at baseline.
    after : DataFrame of float, patients × weeks.

    Returns
    -------
    hit : DataFrame of bool, patients × weeks, meaningful where `after` was recorded. Thresholds
        hold within 1e-9. Who worsened did not reach a value, but for 0/1 of a grade or a whole
        score (`Outcome.almost_best`), which by its definition asks for the value alone.
    evaluable : Series of bool, by patient: the baseline lets the target be judged. It is above 0
        for a percentage, at least so far from the best value for an improvement by so much,
        recorded for a value to reach.
    """
    outcome = outcomes(study)[target.outcome]
    sign, value = outcome.sign, target.value
    if target.rule == "reach":
        hit = sign * after <= sign * value + TOLERANCE
        if not outcome.almost_best(value):
            hit &= ~(sign * after).gt(sign * before + TOLERANCE, axis=0)
        return hit, before.notna()
    if target.rule == "percent":
        limit = sign * (1 - sign * value / 100) * before
        return (sign * after).le(limit + TOLERANCE, axis=0), before > 0
    gain = sign * after.rsub(before, axis=0)
    best = outcome.low if sign == 1 else outcome.high
    room = before.notna() if best is None else sign * (before - best) >= value - TOLERANCE
    return gain >= value - TOLERANCE, room


def band(values: pd.Series, outcome: Outcome) -> pd.Series:
    """Band a score: ordered categories, best first; missing outside the bands and between steps."""
    labels, lows, highs = zip(*outcome.bands, strict=True)
    scores = values.astype(float)
    scores = scores.where(scores >= lows[0])
    if outcome.step:
        steps = (scores / outcome.step).round(9)
        scores = scores.where(steps == steps.round())
    return pd.cut(scores, [-np.inf, *highs], labels=labels)


@cache
def _known() -> dict[str, Outcome]:
    fields = dictionary.fields("visits").values()
    numeric = [f for f in fields if f.kind in ("number", "integer") and f.name != "week"]
    return {f.name: _made(f.name, f.label, f.unit, f.low, f.high, f.outcome) for f in numeric}


def _of_extra(name: str, extra) -> Outcome:
    about = {
        key: str(value)
        for key in dictionary.OUTCOME
        if (value := getattr(extra, key, "")) not in ("", None)
    }
    about.setdefault("analysis", "change")
    return _made(name, extra.label, extra.unit, extra.min, extra.max, about)


def _made(code, label, unit, low, high, about: dict) -> Outcome:
    order, _, key = about.get("key", "").partition(":")
    further = {name: float(about[name]) for name in ("step", "mcid") if name in about}
    words = ("mcid_source", "glossary", "source")
    further |= {name: about[name] for name in words if name in about}
    return Outcome(
        code=code,
        label=label,
        unit=unit,
        low=low,
        high=high,
        better=about.get("better", "lower"),
        analysis=about.get("analysis", ""),
        graded=about.get("analysis") == "grade",
        order=float(order) if key else np.inf,
        key=key.strip(),
        targets=tuple(_target(part, code) for part in _parts(about.get("targets", ""))),
        bands=tuple(_band(part, code) for part in _parts(about.get("bands", ""))),
        **further,
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _target(text: str, outcome: str) -> Target:
    rule = RULE.fullmatch(text)
    if rule is None:
        raise StudyError(
            f"{outcome}: {text!r} is no target; write 75% (better by 75% of baseline), <= 1 or "
            ">= 80 (a value to reach), or by 4 (better by 4)"
        )
    kind = "percent" if rule["percent"] else "by" if rule["bound"] == "by" else "reach"
    value = float(rule["percent"] or rule["value"])
    stem = {"percent": outcome, "reach": f"{outcome}_to", "by": f"{outcome}_by"}[kind]
    return Target(rule["code"] or f"{stem}{value:g}", outcome, kind, value)


def _band(text: str, outcome: str) -> tuple:
    parts = BAND.fullmatch(text)
    if parts is None:
        raise StudyError(f"{outcome}: {text!r} is no band; write 0-1 no effect")
    return parts["label"], float(parts["low"]), float(parts["high"])


def _fitted(outcome: Outcome, study) -> Outcome:
    """Fit an outcome to a study: its label, scale, percentages and primary endpoint."""
    endpoints = study.endpoints
    primary = outcome.code == endpoints.primary
    label = endpoints.labels.get(outcome.code, outcome.label)
    low, high = outcome.low, outcome.high
    if outcome.code == "pga":
        low, high = endpoints.pga_scale
    percents = [t for t in outcome.targets if t.rule == "percent"]
    others = [t for t in outcome.targets if t.rule != "percent"]
    if (percents and "endpoints.responders" in study.stated) or (
        primary and not percents and not outcome.graded
    ):
        percents = [
            Target(f"{outcome.code}{share:g}", outcome.code, "percent", share)
            for share in endpoints.responders
        ]
    analysis = "full" if primary else outcome.analysis
    return replace(
        outcome, label=label, low=low, high=high, analysis=analysis, targets=(*percents, *others)
    )
