"""A study, and hand-made rows of 28 patients whose texts can be read off them."""

import pytest

from ppp import results
from ppp.estimators import proportions
from ppp.study import Study


@pytest.fixture
def study(tmp_path):
    (tmp_path / "cohort.xlsx").touch()
    sections = '[study]\nid = "trial"\nsynthetic = true\n[source]\nfile = "cohort.xlsx"\n'
    (tmp_path / "study.toml").write_text(sections, encoding="utf-8")
    return Study.load(tmp_path)


@pytest.fixture
def rows():
    """Results rows ``lab_shift``, ``lab_grade`` and ``liver``."""
    return results.frame([*_shifts(), *_graded(), *_livers()])


def share(k, n=28):
    return proportions.clopper_pearson(k, n)


def _shifts():
    shifts = {
        "ALT": (("normal→high", 4), ("normal→normal", 24)),
        "bilirubin": (("normal→normal", 28),),
        "CK": (("low→low", 1), ("normal→high", 5), ("normal→normal", 22)),
    }
    for test, levels in shifts.items():
        for level, k in levels:
            yield results.row("lab_shift", test, "count", k, level=level, n=28, events=k)


def _graded():
    tests = {
        "ALT": (
            "CTCAE v5: Alanine aminotransferase increased",
            {"0→1": 2, "0→3": 1, "abnormal→1": 1, "abnormal→0": 2},
            4,
            1,
        ),
        "Haemoglobin": ("CTCAE v5: Anemia", {"0→1": 1, "1→1": 2}, 1, 0),
        "Platelets": ("CTCAE v5: Platelet count decreased", {}, 0, 0),
        "LDL cholesterol": ("ATP III: LDL cholesterol", {"1→2": 2}, 2, None),
    }
    for test, (method, shifts, worse, severe) in tests.items():
        code = method.split()[0].lower()
        counts = shifts | {"0→0": 28 - sum(shifts.values())}
        starts = ("0", "abnormal") if test == "ALT" else range(5)
        for level in (f"{a}→{b}" for a in starts for b in range(5)):
            k = counts.get(level, 0)
            yield results.row(
                "lab_grade", test, "count", k, level=level, n=28, events=k, method=method, code=code
            )
        rows = {"worse": worse} | ({} if severe is None else {"worse_grade3": severe})
        for statistic, k in rows.items():
            yield results.row("lab_grade", test, statistic, share(k), method=method, code=code)


def _livers():
    for level, k in ((">3", 1), (">5", 1), (">10", 0), (">20", 0)):
        yield results.row("liver", "transaminase", "patients", share(k), level=level)
    yield results.row("liver", "bilirubin", "patients", share(0), level=">2")
    for level, k in (("hy", 0), ("temple", 1), ("cholestasis", 0), ("neither", 27)):
        yield results.row("liver", "edish", "patients", share(k), level=level)
