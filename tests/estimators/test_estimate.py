"""The fields of an estimate, and the codes by which programs tell reasons and methods apart."""

import ast
from pathlib import Path

from ppp.estimators import estimate
from ppp.estimators.estimate import CODES, Estimate

SOURCES = sorted(Path(estimate.__file__).parent.glob("*.py"))


def words(nodes):
    """Words of the string constants below these nodes."""
    inner = (one for node in nodes for one in ast.walk(node))
    texts = (one.value for one in inner if isinstance(one, ast.Constant))
    return {word for text in texts if isinstance(text, str) for word in text.split()}


def given(tree):
    """Codes as written: the first argument of `reason` and `marked`, and the keyword `code`."""
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        first = call.args[:1] if name in ("reason", "marked") else []
        named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
        literal = [node for node in first + named if isinstance(node, ast.Constant)]
        yield from words(literal)


def test_every_code_that_is_given_has_a_meaning():
    trees = [ast.parse(path.read_text("utf-8")) for path in SOURCES]
    codes = {code for tree in trees for code in given(tree)}
    assert "no_data" in codes and codes <= set(CODES)


def test_every_code_with_a_meaning_is_used():
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    before, _, after = source.partition("CODES = {")
    used = words([ast.parse(before), ast.parse(after.partition("}\n")[2])])
    assert set(CODES) <= used


def test_a_mark_adds_a_code_and_a_note_to_those_that_are_there():
    one = Estimate(1.0, note="first", code="exact").marked("left_out", "second")
    assert (one.estimate, one.note, one.code) == (1.0, "first; second", "exact left_out")
    assert Estimate().marked("imputed") == Estimate(code="imputed")
