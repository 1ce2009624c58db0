"""What the flow of patients shows is what its rows hold, from top to bottom."""

from ppp import results
from ppp.descriptives import figures

from ..artists import axes_of, texts


def made():
    def count(outcome, level, k, **where):
        return results.row("flow", outcome, "count", k, level=level, n=31, events=k, **where)

    yield count("rows", "read", 37, group="patients")
    yield count("rows", "quarantined", 6, group="patients")
    yield count("rows", "quarantined", 9, group="visits")
    yield count("patients", "enrolled", 31)
    for week, k in ((0, 30), (4, 27), (12, 22)):
        yield count("patients", "visited", k + 1, week=week)
        yield count("patients", "assessed", k, week=week)
    yield count("patients", "stopped", 5)
    yield count("patients", "stopped_before", 3, week=12)
    yield count("patients", "stopped_after", 2, week=12)
    yield count("stop_reason", "remission", 3, population="stopped_before", week=12)
    yield count("stop_reason", "lost to follow-up", 2, population="stopped_after", week=12)


def test_boxes_stand_in_the_order_of_the_flow_with_their_counts(study):
    (axes,) = axes_of(figures.flow, results.frame(made()), study)
    shown = texts(axes)
    main = sorted((y, words) for words, (x, y) in shown.items() if x < 0.5)
    assert [y for y, _ in main] == [0, 1, 2, 3, 4] and axes.get_ylim()[0] > axes.get_ylim()[1]
    for (_, words), told in zip(
        main,
        ("37 rows of patients", "31 patients", "Week 0: ", "Week 4: ", "Week 12: "),
        strict=True,
    ):
        assert words.startswith(told)
    assert [words[-8:] for _, words in main[2:]] == ["30 of 31", "27 of 31", "22 of 31"]
    assert [words.split(" with")[0][-2:] for _, words in main[2:]] == ["31", "28", "23"]
    aside = sorted((y, words) for words, (x, y) in shown.items() if x > 0.5)
    assert aside[0][1] == "6 rows excluded" and aside[0][0] < 0.5
    stops = (
        ["3 stopped treatment", "before week 12", "3 remission"],
        ["2 stopped treatment", "at week 12 or later", "2 lost to follow-up"],
    )
    assert [words.split("\n") for _, words in aside[1:]] == [*stops]


def test_arrows_lead_down_from_box_to_box_and_to_what_was_left_out(study):
    (axes,) = axes_of(figures.flow, results.frame(made()), study)
    arrows = [(t.xyann, t.xy) for t in axes.texts if getattr(t, "arrow_patch", None)]
    down = sorted((start[1], end[1]) for start, end in arrows if start[0] == end[0] == 0.3)
    assert [(round(a), round(b)) for a, b in down] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    aside = [(start, end) for start, end in arrows if start[0] != end[0]]
    assert aside[0] == ((0.3, 0), (0.65, 0)) and len(aside) == 3
    assert all(start[1] == end[1] for start, end in aside)


def test_no_arrow_enters_a_box_and_no_box_touches_another(study):
    (axes,) = axes_of(figures.flow, results.frame(made()), study)
    axes.figure.canvas.draw()
    boxes = [t.get_bbox_patch().get_window_extent() for t in axes.texts if t.get_bbox_patch()]
    for box in boxes:
        assert not any(box.overlaps(other) for other in boxes if other is not box)
    for arrow in (t for t in axes.texts if getattr(t, "arrow_patch", None)):
        if arrow.xy[0] == arrow.xyann[0]:
            ends = axes.transData.transform([arrow.xy, arrow.xyann])
            assert not any(box.contains(*end) for box in boxes for end in ends)


def test_patients_who_are_not_in_the_filter_leave_before_the_first_dose(make_study):
    study = make_study("[filter]\npatients = \"sex == 'female'\"\n")
    left = results.row(
        "flow", "filter", "count", 12, group="all", level="left_out", n=43, events=12
    )
    (axes,) = axes_of(figures.flow, results.frame([*made(), left]), study)
    aside = sorted((y, words) for words, (x, y) in texts(axes).items() if x > 0.5)
    assert aside[1][1] == "12 of 43 patients are not in the filter\n(sex == 'female')"
    assert aside[0][0] < aside[1][0] < 1
    leaves = [t for t in axes.texts if getattr(t, "arrow_patch", None) and t.xy[0] > 0.5]
    assert [0 < t.xy[1] < 1 for t in leaves] == [False, True, False, False]
