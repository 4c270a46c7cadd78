"""Damage changes the text as exports do, and gold moves with it."""

from __future__ import annotations

import pytest
from benchmarks.language.damage import DAMAGES, damage_document
from benchmarks.language.damage_table import format_damage, score_damage

from trialsift.gold import GoldDocument, GoldSpan, parse_document

TEXT = """Inclusion Criteria:

- Age ≥ 18 and ≤ 75 years
- Platelets > 100 × 10^9/L (not transfused)
- Creatinine clearance >= 50 mL/min/1.73 m²
- Bilirubin < 1.5 mg/dL and an ECOG performance status of 0-2 as well as a life expectancy of at least six months"""
VALUES = ("≥ 18 and ≤ 75 years", "> 100 × 10^9/L", ">= 50 mL/min/1.73 m²", "< 1.5 mg/dL")


def make_document(text: str = TEXT, values: tuple[str, ...] = VALUES) -> GoldDocument:
    """Marks values in a text; only the first has two ends, which is all that damage looks at."""
    spans = []
    for i, value in enumerate(values):
        start = text.index(value)
        ends = {"low": 18, "high": 75} if i == 0 else {"low": 1, "high": None}
        spans.append(GoldSpan(i, start, start + len(value), "LAB", value, ends))
    return GoldDocument("d", text, tuple(spans))


@pytest.mark.parametrize("kind", DAMAGES)
def test_gold_stays_valid(kind: str) -> None:
    damaged = damage_document(make_document(), kind)
    assert parse_document(damaged.to_record(), "d") == damaged
    assert damaged.text != TEXT
    assert damage_document(make_document(), kind) == damaged


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("mojibake (cp1252)", ("â‰¥ 18 and â‰¤ 75 years", "> 100 Ã— 10^9/L", ">= 50 mL/min/1.73 mÂ²", "< 1.5 mg/dL")),
        (
            "mojibake (latin-1)",
            ("â\x89¥ 18 and â\x89¤ 75 years", "> 100 Ã\x97 10^9/L", ">= 50 mL/min/1.73 mÂ²", "< 1.5 mg/dL"),
        ),
        ("Markdown escapes", ("≥ 18 and ≤ 75 years", r"\> 100 × 10\^9/L", r"\>= 50 mL/min/1.73 m²", r"\< 1.5 mg/dL")),
        (
            "HTML entities, twice",
            ("≥ 18 and ≤ 75 years", "&amp;gt; 100 × 10^9/L", "&amp;gt;= 50 mL/min/1.73 m²", "&amp;lt; 1.5 mg/dL"),
        ),
        (
            "HTML tags",
            ("≥ 18 and ≤ 75 years", "> 100 × 10<sup>9</sup>/L", ">= 50 mL/min/1.73 m<sup>2</sup>", "< 1.5 mg/dL"),
        ),
        ("superscripts lost", ("≥ 18 and ≤ 75 years", "> 100 × 109/L", ">= 50 mL/min/1.73 m2", "< 1.5 mg/dL")),
        ("signs lost in pairs (=)", ("= 18 and = 75 years", "> 100 × 10^9/L", ">= 50 mL/min/1.73 m²", "< 1.5 mg/dL")),
        ("signs lost (=)", ("= 18 and = 75 years", "> 100 × 10^9/L", "= 50 mL/min/1.73 m²", "< 1.5 mg/dL")),
        ("signs lost (?)", ("? 18 and ? 75 years", "> 100 × 10^9/L", ">= 50 mL/min/1.73 m²", "< 1.5 mg/dL")),
        (
            "full-width digits and letters",
            (
                "≥ １８ ａｎｄ ≤ ７５ ｙｅａｒｓ",
                "＞ １００ × １０^９／Ｌ",
                "＞＝ ５０ ｍＬ／ｍｉｎ／１．７３ ｍ²",
                "＜ １．５ ｍｇ／ｄＬ",
            ),
        ),
        ("all capitals", ("≥ 18 AND ≤ 75 YEARS", "> 100 × 10^9/L", ">= 50 ML/MIN/1.73 M²", "< 1.5 MG/DL")),
        ("decimal commas", ("≥ 18 and ≤ 75 years", "> 100 × 10^9/L", ">= 50 mL/min/1,73 m²", "< 1,5 mg/dL")),
        ("middle dots", ("≥ 18 and ≤ 75 years", "> 100 × 10^9/L", ">= 50 mL/min/1·73 m²", "< 1·5 mg/dL")),
        ("blanks lost around signs", ("≥18 and≤75 years", ">100 × 10^9/L", ">=50 mL/min/1.73 m²", "<1.5 mg/dL")),
    ],
)
def test_values_after_damage(kind: str, values: tuple[str, ...]) -> None:
    assert tuple(span.text for span in damage_document(make_document(), kind).spans) == values


@pytest.mark.parametrize(
    ("kind", "inferred"), [("signs lost in pairs (=)", [0]), ("signs lost (=)", [0, 2]), ("signs lost (?)", [0])]
)
def test_lost_signs_are_inferred(kind: str, inferred: list[int]) -> None:
    spans = damage_document(make_document(), kind).spans
    assert [span.id for span in spans if span.attributes.get("operator_inferred")] == inferred


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("lines joined by a blank", "Age:\n- 18 or older\n\n- ECOG 0", "Age: - 18 or older - ECOG 0"),
        ("superscripts after a blank", "10⁹/L and 1.73 m²", "10 9/L and 1.73 m 2"),
        (
            "decimal commas",
            "2.1 Criteria\n- From 1.5 to 2.25, 100,000 and 1.2.3",
            "2.1 Criteria\n- From 1,5 to 2,25, 100,000 and 1.2.3",
        ),
        ("Markdown escapes", "* a\n* b [c] ~ \\> d", "* a\n* b \\[c\\] \\~ \\> d"),
        ("all small letters", "ECOG 0-1 mL", "ecog 0-1 ml"),
        ("HTML entities, twice", "a & b", "a &amp;amp; b"),
    ],
)
def test_texts_after_damage(kind: str, text: str, expected: str) -> None:
    assert damage_document(make_document(text, ()), kind).text == expected


def test_hard_wraps_break_between_words_only() -> None:
    text = "word " * 60
    damaged = damage_document(make_document(text, ()), "hard wraps").text
    assert damaged.split() == text.split()
    assert max(map(len, damaged.splitlines())) <= 95


def test_glued_items_lose_line_break_and_bullet() -> None:
    damaged = damage_document(make_document("- Platelets > 100 g/dL\n" * 20, ()), "glued list items").text
    assert "g/dLPlatelets" in damaged
    assert damaged.count("\n") > 2


def test_the_table_gives_the_loss_in_points() -> None:
    texts = {"- Age ≥ 18 years": "≥ 18 years", "- Age ? 30 years": "? 30 years"}
    gold = []
    for text, value in texts.items():
        (span,) = make_document(text, (value,)).spans
        number = 18 if "18" in text else 30
        ends = {"low": number, "low_inclusive": True, "high": None, "high_inclusive": None, "unit": "a"}
        gold.append(
            GoldDocument(text, text, (GoldSpan(0, span.start, span.end, "AGE", value, ends),), meta={"labels": ["AGE"]})
        )
    rows = score_damage({"ages": gold[:1]}, ["all capitals"])
    assert [(row.damage, row.f1["ages"], row.changed["ages"], row.worst) for row in rows] == [
        ("undamaged", 1.0, 0, 0.0),
        ("all capitals", 1.0, 1, 0.0),
    ]
    assert format_damage(rows).splitlines()[-1].split("|")[1:3] == [" all capitals ", "  1.000 "]
