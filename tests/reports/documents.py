"""Annotated documents for the tests of pages: some that hold what a page must not take for its own code."""

from __future__ import annotations

from dataclasses import replace

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Regimen, Scalar

#: A span as (label, characters, attributes).
Stated = tuple[str, str, dict[str, Scalar]]

#: Texts that would run, fetch or break out if they were not shown as text.
HOSTILE = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    '<img src="https://example.org/x.png" onerror="window.ran = 3">',
    "<svg onload='window.ran = 4'></svg>",
    "\"><a href='javascript:window.ran = 5' class=trap>here</a>",
    "<!-- <script> -->",
    "{{ 7 * 7 }} {% raw %} ${window.ran = 6}",
    "]]> \u2028 & &amp; &lt;b&gt;",
)


def document(
    doc_id: str, text: str, *spans: tuple[str, str, dict[str, Scalar]], rule: str | None = None
) -> GoldDocument:
    """A document whose spans are given as (label, characters, attributes), each at its first place in the text."""
    found = []
    for number, (label, characters, attributes) in enumerate(spans):
        start = text.index(characters)
        found.append(GoldSpan(number, start, start + len(characters), label, characters, attributes, rule))
    return GoldDocument(doc_id, text, tuple(found))


def age(characters: str, low: float, **more: Scalar) -> Stated:
    """A lower age limit."""
    interval: dict[str, Scalar] = {"low": low, "low_inclusive": True, "high": None, "high_inclusive": None}
    return "AGE", characters, {**interval, "unit": "a", "polarity": "inclusion", **more}


def hostile() -> tuple[list[GoldDocument], list[GoldDocument]]:
    """Gold and predictions, with hostile text in every place that comes from outside: ids, texts, labels, rules,
    attributes. Each document has one error of value and one of each other kind somewhere."""
    gold, predicted = [], []
    for number, text in enumerate(HOSTILE):
        whole = f"Inclusion Criteria:\n- {text} aged 18 years {text}\n- {text}"
        doc_id = f"{text} {number}"
        label = f"**{text}"
        missed: Stated = label, text, {"analyte": text, "low": 1, "unit": text}
        spurious: Stated = label, "Criteria", {"analyte": text}
        one = document(doc_id, whole, age("18 years", 18), missed)
        gold.append(replace(one, meta={"labels": ["AGE", label]}))
        predicted.append(document(doc_id, whole, age("18 years", 21, scope=text), spurious, rule=text))
    return gold, predicted


def radiotherapy() -> GoldDocument:
    """A prescription whose number of fractions is computed, in a text with a character beyond the basic plane."""
    text = (
        "Arms 𝔸: whole breast 40 Gy at 2.5 Gy per fraction.\n"
        "Inclusion Criteria:\n- Age ≥ 18 years\n- ALT and AST ≤ 3 x ULN"
    )
    gray: dict[str, Scalar] = {"modality": "radiation", "unit": "Gy", "polarity": "none"}
    uln: dict[str, Scalar] = {"high": 3, "high_inclusive": True, "unit": "ULN", "polarity": "inclusion"}
    spans = document(
        "rt",
        text,
        ("DOSE", "40 Gy", {**gray, "role": "total", "low": 40, "high": 40}),
        ("DOSE", "2.5 Gy", {**gray, "role": "per_fraction", "low": 2.5, "high": 2.5}),
        age("≥ 18 years", 18),
        ("LAB", "≤ 3 x ULN", {"analyte": "alt", **uln}),
        ("LAB", "≤ 3 x ULN", {"analyte": "ast", **uln}),
        rule="some.rule",
    ).spans
    return GoldDocument("rt", text, spans, (Regimen((0, 1), (16, 16), (2.5, 2.5), (40, 40)),))
