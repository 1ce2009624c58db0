import io
import warnings

import pytest
from PIL import Image

from ppp.descriptives import figures as patients
from ppp.report import figure as core
from ppp.subgroup import figures as groups

FROM_ROWS = {"flow": patients, "forest": groups}


def drawn(name, rows, study):
    return getattr(FROM_ROWS[name], name)(rows, study)


@pytest.mark.parametrize("name", FROM_ROWS)
def test_every_figure_draws_from_rows_and_from_no_rows(name, rows, empty, study):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        full, blank = drawn(name, rows, study), drawn(name, empty, study)
    assert "not recorded" in blank.alt
    assert full.alt and "nan" not in full.alt + full.svg.lower()


def test_svg_keeps_text_and_png_has_a_palette_at_300_dpi(rows, study):
    made = drawn("forest", rows, study)
    assert "Difference</text>" in made.svg and "sans-serif" in made.svg
    picture = Image.open(io.BytesIO(made.png))
    assert picture.mode == "P" and round(picture.info["dpi"][0]) == 300
    assert abs(picture.width - 174 / 25.4 * 300) < 2 and set(picture.info) <= {"dpi", "icc_profile"}


def test_page_element_is_a_figure_with_alt_and_caption(rows, study):
    bundle = drawn("forest", rows, study)._repr_mimebundle_()
    html = bundle["text/html"]
    assert html.startswith('<figure id="fig-forest"><img src="data:image/svg+xml;base64,')
    assert 'alt="Forest plot.' in html and "<figcaption>Mean change" in html
    assert set(bundle[core.JSON]) == {"key", "caption", "alt", "svg", "png"}


@pytest.mark.parametrize("gap", [{"alt": " "}, {"caption": ""}, {"key": ""}])
def test_caption_and_alternative_text_are_required(gap):
    words = {"key": "k", "caption": "c", "alt": "a"} | gap
    with pytest.raises(ValueError, match="needs a key, a caption and an alternative text"):
        core.Figure(**words, svg="", png=b"")


def test_a_missing_glyph_is_a_warning_that_names_the_text(study):
    with core.canvas(30) as (canvas, axes):
        axes.set_xlabel("lesion \ue123 area")
        with pytest.warns(core.MissingGlyphWarning, match="lesion .* area"):
            core.finish(canvas, study, key="k", caption="c", alt="a")


def test_dollar_signs_in_data_are_text_not_mathematics(study):
    with core.canvas(30) as (canvas, axes):
        axes.set_xlabel("a$_b$ <c>")
        made = core.finish(canvas, study, key="k", caption="c", alt="a")
    assert "a$_b$ &lt;c&gt;</text>" in made.svg
