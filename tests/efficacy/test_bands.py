import pandas as pd

from ppp import levels, results
from ppp.efficacy.rows.change import bands


def test_bands_are_counted_among_patients_with_both_values(page_study):
    ids = [f"P{i:02d}" for i in range(1, 7)]
    scores = {0: [12.0, 8, 25, 14, 3, 11], 12: [1.0, 4, 5, 1, None, 0]}
    visits = pd.concat(
        pd.DataFrame({"study_id": ids, "week": week, "dlqi": values})
        for week, values in scores.items()
    )
    rows = bands(visits, pd.DataFrame({"study_id": ids}), page_study)
    counts = results.pick(rows, statistic="count").query("events > 0")
    assert list(zip(counts["week"], counts["level"], counts["events"], strict=True)) == [
        (0, "moderate effect", 1),
        (0, "very large effect", 3),
        (0, "extremely large effect", 1),
        (12, "no effect", 3),
        (12, "small effect", 2),
    ]
    moved = results.pick(rows, statistic="moved").set_index("level")["events"]
    assert moved[levels.shift("very large effect", "no effect")] == 3 and moved.sum() == 5
    assert set(rows["n"]) == {5}


def test_no_visits_give_no_rows(page_study):
    assert bands(None, pd.DataFrame({"study_id": []}), page_study).empty
