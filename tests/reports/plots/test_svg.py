import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialsift.model.display import format_count
from trialsift.reports.plots.marks import BLUE, GREEN, VERMILION
from trialsift.reports.plots.names import format_analyte, format_unit
from trialsift.reports.plots.svg import INK, clean, new_figure, render_svg, use_style

SVG = "{http://www.w3.org/2000/svg}"


def drawn(plot_id="plot", label="label", title="Title", description="What is seen."):
    with use_style():
        figure = new_figure(120)
        axes = figure.add_subplot()
        axes.barh([clean(label), "other"], [1, 2], hatch="//")
        axes.plot([1, 2, 1.5], [0, 1, 1], "o", color=INK)
        return render_svg(figure, plot_id, title, description)


def test_it_can_stand_within_a_page():
    svg = drawn()
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert svg.startswith("<svg ")
    assert (root.get("role"), root.get("width"), root.get("height")) == ("img", "100%", None)
    assert root.get("viewBox") == "0 0 440 120"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    named = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    assert [named[name] for name in root.get("aria-labelledby").split()] == ["Title", "What is seen."]


def test_nothing_reaches_outside_of_it():
    svg = drawn()
    for element in ElementTree.fromstring(svg).iter():
        assert element.tag.removeprefix(SVG) not in {"style", "script", "image", "metadata", "foreignObject"}
        assert not {"style", "class"} & element.attrib.keys()
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    referred = re.findall(r'(?:href="#|url\(#)([^")]+)', svg)
    ids = re.findall(r' id="([^"]+)"', svg)
    assert referred
    assert set(referred) <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("plot-") for name in ids)


def test_two_of_them_share_no_id():
    first, second = (set(re.findall(r' id="([^"]+)"', drawn(name))) for name in ("first", "second"))
    assert first
    assert not first & second


def test_it_takes_the_colour_of_the_page():
    svg = drawn()
    assert "currentColor" in svg
    assert not re.search(rf"{INK}|#000000|#ffffff|\bblack\b|\bwhite\b", svg)


def test_the_same_drawing_gives_the_same_characters():
    assert drawn() == drawn()


@pytest.mark.parametrize("label", ["$x^2$", "<b>&amp;", "a_b", 'say "no"', "\\$5", "$\\frac{1}{2}$", "肝臓 🙂", "%s"])
def test_text_from_data_is_text(label):
    texts = [element.text for element in ElementTree.fromstring(drawn(label=label)).iter(f"{SVG}text")]
    assert label in texts


@settings(max_examples=15, deadline=None)
@given(st.text())
def test_any_text_gives_xml(text):
    root = ElementTree.fromstring(drawn(label=text, title=text, description=text))
    assert root.find(f"{SVG}title").text == (clean(text) or None)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("a\x00b", None, "a\ufffdb"), (" a\n b ", None, "a b"), ("abcdef", 4, "abc…"), ("abcd", 4, "abcd")],
)
def test_plain(text, limit, expected):
    assert clean(text, limit) == expected


@pytest.mark.parametrize("plot_id", ["", "1st", "a b", 'a"', "ä"])
def test_an_id_that_is_none(plot_id):
    with pytest.raises(ValueError, match="expected a letter"):
        drawn(plot_id)


def test_settings_of_the_user_neither_matter_nor_change():
    import matplotlib

    expected = drawn()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        before = dict(matplotlib.rcParams)
        assert drawn() == expected
        assert dict(matplotlib.rcParams) == before


def test_matplotlib_waits_for_the_first_plot():
    heavy = "('matplotlib', 'spacy', 'pandas')"
    code = f"import sys, trialsift.reports.plots; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [BLUE, VERMILION, GREEN])
@pytest.mark.parametrize("page", ["#ffffff", "#15181c"])
def test_colours_stand_out(colour, page):
    # the contrast that WCAG 2.1 asks of graphics, criterion 1.4.11
    high, low = sorted((_luminance(colour), _luminance(page)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("10*3/uL", "10³/µL"),
        ("10*9/L", "10⁹/L"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("umol/L", "µmol/L"),
        ("{copies}/mL", "copies/mL"),
        ("m[IU]/mL", "mIU/mL"),
        ("mmol/L", "mmol/L"),
        ("%", "%"),
    ],
)
def test_units_as_printed(unit, expected):
    assert format_unit(unit) == expected


@pytest.mark.parametrize(
    ("analyte", "expected"),
    [
        ("alt", "ALT"),
        ("hba1c", "HbA1c"),
        ("bilirubin_total", "bilirubin total"),
        ("hiv_rna", "HIV RNA"),
        ("x_$", "x $"),
    ],
)
def test_analytes_as_printed(analyte, expected):
    assert format_analyte(analyte) == expected


def test_counts_in_words():
    assert [format_count(n, "course") for n in (0, 1, 1200)] == ["0 courses", "1 course", "1,200 courses"]
