from hypothesis import given
from hypothesis import strategies as st

from ppp.report import text

ANY = st.one_of(st.floats(), st.none(), st.integers(-(10**9), 10**9))


@given(ANY, st.integers(0, 4))
def test_no_nan_no_inf_and_a_real_minus_sign_in_any_number(x, digits):
    shown = text.number(x, digits)
    assert "nan" not in shown and "inf" not in shown and "-" not in shown


@given(st.floats(0, 1))
def test_p_value_has_three_digits_or_a_bound(p):
    shown = text.p_value(p)
    assert shown == "<0.001" or (len(shown) == 5 and abs(float(shown) - p) <= 0.0005 + 1e-12)


def test_sampl_formats_worked_by_hand():
    row = {"estimate": -8.304, "ci_low": -9.398, "ci_high": -7.2, "events": 20, "n": 28}
    assert text.estimate_ci(row) == "−8.30 (−9.40 to −7.20)"
    assert text.fraction(row) == "20/28"
    assert text.count_percent(row) == "20 (71.4%)"
    assert text.p_phrase(0.00001) == "p < 0.001"
    assert text.level(0.9531) == "95.3%"


def test_missing_numbers_give_their_reason():
    row = {"estimate": None, "ci_low": None, "ci_high": None, "note": "zero variance"}
    assert text.estimate_ci(row) == "not estimable (zero variance)"


def test_markdown_shows_text_from_data_as_it_is():
    import mistune

    raw = "<script>alert(1)</script> *x* [a](b) $y$ `z` | & \\"
    shown = mistune.html(text.markdown(raw))
    assert "<script" not in shown and "<em>" not in shown and "<a" not in shown
    import html

    assert html.unescape(shown.removeprefix("<p>").removesuffix("</p>\n")) == raw


def test_an_address_in_a_term_is_no_link():
    from nbconvert.filters.markdown_mistune import markdown2html_mistune as html

    raw = "acne, see https://a.example/x?y=1 www.b.example a@c.example ftp://d.example HTTP://E.example"
    assert "<a" in html(raw)
    assert "<a" not in html(f"{text.markdown(raw)} was before treatment.")
