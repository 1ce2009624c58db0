import pytest

from ppp import results
from ppp.run import exports


def test_a_formula_in_text_is_inert_in_results(tmp_path):
    rows = results.frame(
        [
            results.row("adverse_event", "term", "patients", 1, level=level)
            for level in ("=HYPERLINK(1)", "-0.5", "−8 points")
        ]
    )
    path = results.save(rows, tmp_path, "04_safety")
    whole = exports.joined([path, tmp_path / "absent.csv"])
    assert exports.inert(whole).level.tolist() == ["'=HYPERLINK(1)", "-0.5", "−8 points"]


def test_no_rows_still_give_the_columns():
    assert list(exports.joined([]).columns) == results.COLUMNS


def test_a_staged_folder_replaces_the_whole(tmp_path):
    final = tmp_path / "exports" / "a"
    for text in ("one", "two"):
        with exports.staged(final) as folder:
            (folder / text).write_text(text)
    assert [path.name for path in final.iterdir()] == ["two"]
    assert [path.name for path in final.parent.iterdir()] == ["a"]


def test_a_failure_leaves_what_was_there(tmp_path):
    final = tmp_path / "a"
    final.mkdir()
    with pytest.raises(KeyboardInterrupt), exports.staged(final) as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["a"] and not list(final.iterdir())
