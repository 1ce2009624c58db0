"""What one run changes of the plan: the week, the patients, the threshold, the group."""

import hashlib
from dataclasses import replace

from ppp.catalogue import dictionary
from ppp.catalogue.outcomes import outcome
from ppp.catalogue.recorded import declared
from ppp.errors import StudyError
from ppp.study.sections import checked, require, text

NAMES = ("week", "patients", "threshold", "group")


def changed(study, *, week=None, patients="", threshold=None, group=""):
    """Return the study as a run asks for it; None and "" keep to the plan.

    `week` is the primary one; `patients` a further filter; `threshold` the first percentage that is
    a response; `group` the subgroup, as ``sex=female``. What is returned has an id of its own, so
    that data and pages of the plan stay, the study as it was in ``plan``, and in ``changed`` the
    plan's value and the run's. Raises StudyError, with what can be chosen, at one that cannot be.
    """
    plan, made = study, {}
    for name, value in zip(NAMES, (week, patients, threshold, group), strict=True):
        if value not in (None, ""):
            parts, before, now = _CHANGE[name](study, value)
            if now != before:
                study = replace(study, **parts)
                made[name] = (before, now)
    own = {"id": f"{study.id}{_suffix(made)}", "changed": made, "plan": plan}
    return replace(study, **own) if made else study


def planned(study):
    """Take back all but the choice of patients, as a paper followed the plan."""
    if study.plan is None:
        return study
    kept = {name: getattr(study.plan, name) for name in ("endpoints", "subgroup", "stated")}
    schedule = replace(study.schedule, primary=study.plan.schedule.primary)
    return replace(study, schedule=schedule, **kept)


def _suffix(made: dict) -> str:
    """Name a run in file names; a digest in letters alone, which look like nobody's id, for texts.

    >>> _suffix({"week": (12, 8), "threshold": (50, 62.5)})
    '-week8-threshold62_5'
    """
    texts = {name: now for name, (_, now) in made.items() if isinstance(now, str)}
    parts = [name if name in texts else f"{name}{now:g}" for name, (_, now) in made.items()]
    if texts:
        digest = hashlib.sha256(repr(texts).encode()).digest()
        parts.append("".join(chr(ord("a") + byte % 26) for byte in digest[:6]))
    return "".join(f"-{part}" for part in parts).replace(".", "_")


def _week(study, week):
    schedule = study.schedule
    after = [one for one in schedule.weeks if one > schedule.baseline]
    known = week in after or not study.has_own_weeks
    if type(week) is not int or week <= schedule.baseline or not known:
        listed = ", ".join(map(str, after)) if study.has_own_weeks else "a week of visits after it"
        raise StudyError(
            f"week: {week!r} is no week after baseline, {schedule.baseline}; choose {listed}"
        )
    return {"schedule": replace(schedule, primary=week)}, schedule.primary, week


def _patients(study, query):
    further = checked(text, query, "patients").strip()
    same = further == study.filter.patients.strip()
    return {"filter": replace(study.filter, further=further)}, "", "" if same else further


def _threshold(study, threshold):
    """Put a percentage first, as ``[endpoints] responders`` does, and keep the stricter ones."""
    primary = outcome(study.endpoints.primary, study)
    percents = [t.value for t in primary.targets if t.rule == "percent"] if primary else []
    if not percents:
        raise StudyError(
            f"threshold: response of the primary endpoint, {study.endpoints.primary}, is not "
            "judged by a percentage of improvement; leave threshold out"
        )
    if type(threshold) not in (int, float) or not 0 < threshold <= 100:
        raise StudyError(
            f"threshold: {threshold!r} is no percentage; choose one above 0 and up to 100"
        )
    kept = tuple(value for value in percents if value > threshold)
    parts = {
        "endpoints": replace(study.endpoints, responders=(threshold, *kept)),
        "stated": study.stated | {"endpoints.responders"},
    }
    return parts, percents[0], threshold


def _group(study, group):
    column, equals, value = (part.strip() for part in str(group).partition("="))
    if not (column and equals and value):
        raise StudyError(f"group: {group!r} is not field=value; write for instance sex=female")
    fields = {**dictionary.fields("patients"), **study.extra.get("patients", {})}
    require(column, fields, f"group: {column!r} is no field of patients")
    field = fields[column]
    choices = field.choices if column not in study.extra.get("patients", {}) else declared(field)
    require(value, choices or [value], f"group: {column} has no {value!r}")
    plan = f"{study.subgroup.column}={study.subgroup.value}"
    parts = {
        "subgroup": replace(study.subgroup, column=column, value=value),
        "stated": study.stated | {"subgroup.column"},
    }
    return parts, plan, f"{column}={value}"


_CHANGE = {"week": _week, "patients": _patients, "threshold": _threshold, "group": _group}
