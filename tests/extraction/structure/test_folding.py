"""Signs that stand for plainer ones are read as those; offsets and quotations stay those of the document."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.structure.folding import fold

EXTRACTOR = shared_extractor(context=False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ＷＢＣ≥４．０×１０９／Ｌ", "WBC≥4.0×109/L"),
        ("60\u00a0Gy in\u200930\u202ffractions", "60 Gy in 30 fractions"),
        ("bilirubin 20 ɥmol/L", "bilirubin 20 µmol/L"),
        ("ALT 2.5 ⅹ ULN", "ALT 2.5 x ULN"),
        ("incluſion, FİVE, sıngle, 5.5 mmol/l of \u212a", "inclusion, FIVE, single, 5.5 mmol/l of K"),
        ("ECOG 0‐1, HIV‑1 RNA", "ECOG 0-1, HIV-1 RNA"),
        ("one\x0btwo\u2028three\rfour", "one\ntwo\nthree\nfour"),
        ("plain text, µ and ≥ as they are", "plain text, µ and ≥ as they are"),
    ],
)
def test_what_is_read_in_place_of_a_text(text: str, read: str) -> None:
    assert fold(text) == read
    assert len(read) == len(text)


@pytest.mark.parametrize(
    ("text", "quoted", "low", "high"),
    [
        ("Inclusion Criteria:\n- Ｐｌａｔｅｌｅｔｓ ≥ １００ ×109/L", "≥ １００ ×109/L", 100, None),
        ("Inclusion Criteria:\n- Bilirubin ≤\u00a020\u2009ɥmol/L", "≤\u00a020\u2009ɥmol/L", None, 20),
        ("Inclusion Criteria:\n- ALT ≤ 2.5 ⅹ ULN", "≤ 2.5 ⅹ ULN", None, 2.5),
        ("Incluſion Criteria:\n- Potaſſium ≤ 5.5 mmol/L", "≤ 5.5 mmol/L", None, 5.5),
        ("Inclusion Criteria:\n- Aged at least EİGHTEEN years", "at least EİGHTEEN years", 18, None),
    ],
)
def test_a_fact_quotes_the_document(text: str, quoted: str, low: float | None, high: float | None) -> None:
    (fact,) = EXTRACTOR.annotate(text).facts
    assert fact.text == quoted
    assert text[fact.start : fact.end] == quoted
    assert (fact.attributes["low"], fact.attributes["high"]) == (low, high)
