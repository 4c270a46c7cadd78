"""Texts with tags in them, as the cells of tables and registries hold them."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor
from trialsift.readers.html.fragment import has_markup, read_fragment


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Age 18\r\nECOG 0", "Age 18\nECOG 0"),
        ("1. Age<br>2. Platelets<br/>> 100", "1. Age\n2. Platelets\n> 100"),
        ("Age;\r<br>ECOG <br>\nAST", "Age;\nECOG\nAST"),
        ("a<br><br>b", "a\n\nb"),
        ("ALT&gt;3 ULN, AST &le; 5", "ALT>3 ULN, AST ≤ 5"),
        ("<p>Age &gt;= 18\nyears</p><ul><li>ECOG 0<li>Hb &lt; 9</ul>", "Age >= 18 years\n\n- ECOG 0\n- Hb < 9"),
        ("10<sup>9</sup>/L", "10^9/L"),
        ("PLT <100<br>creatinine <ULN<br>x <b and c> d <p 0.05", "PLT <100\ncreatinine <ULN\nx <b and c> d <p 0.05"),
        ('<span style="color: red">ECOG</span> 1', "ECOG 1"),
        ("Hb <= 9 and > 7", "Hb <= 9 and > 7"),
        ("AT&T, R&D; 5 & 6", "AT&T, R&D; 5 & 6"),
    ],
)
def test_what_a_reader_sees(written: str, shown: str) -> None:
    assert read_fragment(written) == shown


@pytest.mark.parametrize(
    ("text", "has"), [("a<br>b", True), ("a &gt; b", True), ("PLT <100, x<b and c> d, R&D", False)]
)
def test_markup_is_told_from_signs(text: str, has: bool) -> None:
    assert has_markup(text) is has


def test_a_comparator_behind_a_break_stays() -> None:
    text = read_fragment(
        "Inclusion:<br>Age<br>> 18 years<br>Hemoglobin &gt;= 9 g/dL<br>platelets <br/>&lt; 100 x 10<sup>9</sup>/L"
    )
    found = {
        f.text: (f.attributes.get("low"), f.attributes.get("low_inclusive"))
        for f in shared_extractor().annotate(text).facts
    }
    assert found[">= 9 g/dL"] == (9, True)
    assert found["> 18 years"] == (18, False)


@pytest.mark.parametrize("text", ["<br " * 20_000, "<a b=c " * 20_000, "<" * 50_000, "&a" * 50_000, "<i>" * 5000])
def test_long_texts_take_no_time(text: str) -> None:
    assert isinstance(read_fragment(text), str)
