"""Damage is repaired in the copy that is read; facts stand in the text itself and quote it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.extractors import shared_extractor
from trialsift.extraction.structure.reading_copy import make_reading_copy

EXTRACTOR = shared_extractor(context=False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Hb â‰¥ 9, ANC â‰¤ 5 Ã— 10Â³", "Hb ≥ 9, ANC ≤ 5 × 10³"),
        ("Ã¢â€°Â¥ 18", "≥ 18"),
        ("AST ≤ 2.5 {ULN}, 60 mL/min/{1.73_m2}", "AST ≤ 2.5 ULN, 60 mL/min/{1.73_m2}"),
        (r"ANC $\geq 1.5\times 10^{9}$/L and Age $\ge$ 18", "ANC ≥ 1.5× 10^9/L and Age ≥ 18"),
        (r"platelets \leq 100 x 10^9^/L, 75 mg/m^2^", "platelets ≤ 100 x 10^9/L, 75 mg/m^2"),
        (
            "* **ECOG** 0-1, Age **≥ 18** years, 1.5 x 10**9/L\n** nested",
            "* ECOG 0-1, Age ≥ 18 years, 1.5 x 10**9/L\n** nested",
        ),
        (r"costs $500 and $700, \geometry, 2^3^4", r"costs $500 and $700, \geometry, 2^3^4"),
        ("100 mg mÃ¢Ë†â€™2", "100 mg m−2"),
        ("â¥ 18 and â¤ 75, 10â¹", "≥ 18 and ≤ 75, 10⁹"),
        ("1.73 mÂ2, 5Â mg, 9Âg/dL", "1.73 m2, 5 mg, 9g/dL"),
        ("ECOG \uf0a3 2", "ECOG ≤ 2"),
        (r"age \>= 18, \~5 \[mg\] 10\^9 1.5 \* ULN", "age >= 18, ~5 [mg] 10^9 1.5 * ULN"),
        ("age &gt;= 18, &ge; 5, &amp;lt; 7, &#8804; 9, &#x2265; 3", "age >= 18, ≥ 5, < 7, ≤ 9, ≥ 3"),
        ("ALT &lt 3", "ALT < 3"),
        ("ALT &lt3, Hb &ge9", "ALT <3, Hb ≥9"),
        ("<ul><li>Age 18</li><li>ECOG 1</li></ul>", "\n\n- Age 18\n\n- ECOG 1\n\n"),
        ("Age 18<br/>ECOG 1<BR>&lt;p&gt;", "Age 18\nECOG 1\n\n"),
        ("10<sup>9</sup>/L, mg/m<sup>2</sup>, a<sup>b</sup>, H<sub>2</sub>O", "10^9/L, mg/m^2, ab, H2O"),
        ("aged 18 years and\n<br>   over\n<br>\n<br> - ECOG 1", "aged 18 years and\n   over\n\n - ECOG 1"),
        ("Bilirubin < 2 mg/dLPlatelets > 100 G/LECOG 0", "Bilirubin < 2 mg/dL Platelets > 100 G/L ECOG 0"),
        ("HbA1c > 7.0%Creatinine < 2 x ULNAST < 100 U/LAge", "HbA1c > 7.0% Creatinine < 2 x ULN AST < 100 U/L Age"),
        ("one_x000D_\ntwo", "one\ntwo"),
        ("one\r\ntwo, hemo\u00adglobin, 5\u2060mg", "one\ntwo, hemoglobin, 5mg"),
    ],
)
def test_damage_is_repaired(text: str, read: str) -> None:
    assert make_reading_copy(text).text == read


@pytest.mark.parametrize(
    "text",
    [
        "ALT < 3 and AST > 5 (p<0.05)",
        "A & B; R&D, AT&T",
        "Größe, señal, ângulo, coração, ≥ 5, 37 °C, 10 µL",
        "x <y and b> 3",
        "C:\\data\\new",
        "&unknown; stays",
        "«Ünïcode» – “quoted”",
    ],
)
def test_what_is_not_damaged_stays(text: str) -> None:
    assert make_reading_copy(text).text == text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Inclusion Criteria:\n- Hemoglobin â‰¥ 9 g/dL", "â‰¥ 9 g/dL"),
        (r"Inclusion Criteria:" + "\n" + r"\* Hemoglobin \>= 9 g/dL", r"\>= 9 g/dL"),
        ("Inclusion Criteria:<br>Hemoglobin &ge; 9 g/dL<br>no more", "&ge; 9 g/dL"),
        ("Inclusion Criteria:\r\n- Hemoglobin ≥\r\n  9 g/dL\r\n", "≥\r\n  9 g/dL"),
        ("Inclusion Criteria: <b>Hemoglobin</b> <i>&gt;= 9 g/dL</i>", "&gt;= 9 g/dL"),
        ("Inclusion Criteria:\n- Hemo\u00adglobin ≥ 9 g/dL", "≥ 9 g/dL"),
    ],
)
def test_a_fact_quotes_the_damage(text: str, quoted: str) -> None:
    (fact,) = EXTRACTOR.annotate(text).facts
    assert (fact.text, text[fact.start : fact.end]) == (quoted, quoted)
    assert (fact.attributes["analyte"], fact.attributes["low"], fact.attributes["unit"]) == ("hemoglobin", 9, "g/dL")
    assert fact.attributes["polarity"] == "inclusion"


PIECES = [
    "&lt",
    "&ge",
    "&amp;lt;",
    "&#60;",
    "3",
    " ",
    "x",
    "L",
    "Hb",
    "Age",
    "m2",
    "%",
    "g/",
    "LN",
    "<li>",
    "<",
    "Â",
    "â‰¥",
    "\\",
    ">",
]
DAMAGED = st.lists(
    st.sampled_from(["a", " ", "≥", "&ge;", "<br>", "</b>", "\\>", "â‰¥", "\r\n", "\u00ad", "9", "<", "&", "Â", "\\"]),
    max_size=25,
).map("".join)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(DAMAGED, st.data())
def test_places_go_to_the_copy_and_back(text: str, data: st.DataObject) -> None:
    copy = make_reading_copy(text)
    start = data.draw(st.integers(0, len(copy.text)))
    end = data.draw(st.integers(start, len(copy.text)))
    first, last = copy.locate(start, end)
    assert 0 <= first <= last <= len(text)
    again = copy.find(first, last)
    assert again[0] <= start
    assert again[1] >= end


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_the_quick_look_misses_no_damage(text: str) -> None:
    """Behind something that makes every text look damaged, nothing more is repaired."""
    assert make_reading_copy("\r\n" + text).text == "\n" + make_reading_copy(text).text


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(DAMAGED)
def test_characters_that_are_not_repaired_keep_their_place(text: str) -> None:
    copy = make_reading_copy(text)
    for place, character in enumerate(copy.text):
        if character in "a9":
            first, last = copy.locate(place, place + 1)
            assert text[first:last] == character
