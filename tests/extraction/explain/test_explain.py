"""The steps from what is written to what a fact says; explanations are of the facts that `annotate` gives."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.extraction.test_properties import texts
from tests.support.extractors import shared_extractor
from tests.support.paths import ROOT
from trialsift.extraction.explain import explain, explain_reading, explain_regimens
from trialsift.extraction.extractor import Extractor
from trialsift.model.fact import Annotation
from trialsift.rules.files import patterns_dir

DEV = sorted((ROOT / "corpus" / "dev").glob("*.txt"))
INCLUSION, EXCLUSION = "Inclusion Criteria:\n- ", "Exclusion Criteria:\n- "
WITHOUT_CONTEXT = shared_extractor(context=False)


@cache
def extractor() -> Extractor:
    return shared_extractor()


def steps(text: str, fact: str, label: str | None = None) -> list[tuple[str, str, str]]:
    """The steps of the first fact with this text."""
    told = next(e for e in explain(extractor(), text) if e.fact.text == fact and label in (None, e.fact.label))
    return [(step.name, step.before, step.after) for step in told.steps]


@pytest.mark.parametrize("path", DEV, ids=[path.stem for path in DEV])
def test_facts_are_those_of_annotate(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    explanations = explain(extractor(), text)
    assert tuple(e.fact for e in explanations) == extractor().annotate(text).facts
    for told in explanations:
        assert told.rule
        assert any(piece.kind in ("number", "unit") for piece in told.pieces)
        assert any(step.name == "polarity" for step in told.steps)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(texts)
def test_any_text_is_explained(text: str) -> None:
    reading = WITHOUT_CONTEXT.read(text, explaining=True)
    explanations = explain_reading(WITHOUT_CONTEXT, reading)
    assert tuple(e.fact for e in explanations) == reading.annotation.facts
    for told in explanations:
        for piece in told.pieces:
            assert piece.text
            assert text[piece.start : piece.end] == piece.text
        for step in told.steps:
            assert step.place is None or any((p.start, p.end) == step.place for p in told.pieces)
    assert [e.regimen for e in explain_regimens(reading.annotation)] == list(reading.annotation.regimens)


def test_without_facts_there_is_nothing_to_explain() -> None:
    assert explain(WITHOUT_CONTEXT, "No numbers here.") == []
    assert explain_regimens(Annotation()) == []


@pytest.mark.parametrize(
    ("text", "fact", "step"),
    [
        (INCLUSION + "ANC ≥ 1,500/mm3", "≥ 1,500/mm3", ("number", "1,500", "1500")),
        (INCLUSION + "Age ≥ 18", "≥ 18", ("unit", "(none written)", "a")),
        (INCLUSION + "INR ≤ 1.5", "≤ 1.5", ("unit", "(none written)", "1")),
        (INCLUSION + "Bilirubin ≤ ULN", "≤ ULN", ("number", "(none written)", "1")),
        (INCLUSION + "Platelets ≥ 100 x 10^9", "≥ 100 x 10^9", ("unit", "10*9 of this test", "10*9/L")),
        (
            INCLUSION + "Age 6 weeks to 2 years",
            "6 weeks to 2 years",
            ("conversion", "2 a", "104.357143 wk"),
        ),
        (
            INCLUSION + "ECOG 0-1 or Karnofsky ≥ 70",
            "≥ 70",
            ("alternatives", "`or Karnofsky`", "group 1 with 1: one is enough"),
        ),
        (INCLUSION + "HBV DNA ≥ 105 copies/mL", "≥ 105 copies/mL", ("lost exponent", "105", "≥ 100000")),
        ("Radiation of 200 cGy per fraction", "200 cGy", ("conversion", "200 cGy", "2 Gy")),
        ("TBI of 1000 or 1200 cGy", "1000", ("conversion", "1000 cGy", "10 Gy")),
        ("25 x 2 Gy", "2 Gy", ("role", "multiplied by a number of fractions", "per_fraction")),
        ("Boost of 10 Gy", "10 Gy", ("boost", "Boost of", "true")),
        ("The total is 50/2 Gy", "50", ("role", "in front of a dose that it is divided into", "total")),
        ("TBI of 10 or 12 Gy", "10", ("role", "as the number behind it", "total")),
        (
            "Doxorubicin above 360 mg/m2 (epirubicin 720 mg/m2)",
            "720 mg/m2",
            ("comparator", "(none written)", "low, exclusive, as in `above 360 mg/m2`"),
        ),
        (
            INCLUSION + "Ferritin for males > 450 ng/mL, females > 300 ng/mL",
            "> 300 ng/mL",
            ("condition", "females", "holds in this case only"),
        ),
        (
            "40 Gy in 15 over three weeks",
            "15",
            ("unit", "(none written)", "fractions: the number stands beside a dose"),
        ),
        (
            INCLUSION + "Age 18 years",
            "18 years",
            ("lost operator", "(no ≥ or ≤ written)", "low, inclusive; inferred from what is asked for"),
        ),
        (
            EXCLUSION + "Platelets 50 x 109/L",
            "50 x 109/L",
            ("lost operator", "(no ≥ or ≤ written)", "high, inclusive; inferred from what is asked for"),
        ),
        (INCLUSION + "KPS > 60", "> 60", ("scale", "KPS, which runs 0 to 100 by 10", "70–100")),
        (
            INCLUSION + "ALT < 2.5 x ULN (5 x ULN if liver metastases)",
            "5 x ULN",
            ("comparator", "(none written)", "high, exclusive, as in `< 2.5 x ULN`"),
        ),
        (
            INCLUSION + "ALT < 2.5 x ULN (5 x ULN if liver metastases)",
            "5 x ULN",
            ("condition", "if liver metastases", "holds in this case only"),
        ),
        (
            INCLUSION + "Hemoglobin ≥ 90 g/dL",
            "≥ 90 g/dL",
            ("plausible", "≥ 90 g/dL", "false: 90 g/dL, above {high} g/dL"),
        ),
    ],
)
def test_steps_of_a_value(text: str, fact: str, step: tuple[str, str, str]) -> None:
    _, high = extractor().lexicon.analytes["hemoglobin"].plausible or (0, 0)
    name, before, after = step
    assert (name, before, after.replace("{high}", f"{high:g}")) in steps(text, fact)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (f"A title\n\n{EXCLUSION}Hb < 9 g/dL", ("polarity", "section `Exclusion Criteria` (line 3)", "exclusion")),
        ("A title\n\nPurpose:\nHb < 9 g/dL is common.", ("polarity", "section `Purpose` (line 3)", "none")),
        ("Hb < 9 g/dL is common.", ("polarity", "no section of eligibility criteria", "none")),
        ("- Hb < 9 g/dL", ("polarity", "a bullet of a document that names no section", "inclusion")),
        ("Patients with Hb < 9 g/dL were ineligible.", ("polarity", "`ineligible`, outside criteria", "exclusion")),
    ],
)
def test_where_polarity_comes_from(text: str, step: tuple[str, str, str]) -> None:
    assert steps(text, "< 9 g/dL")[-1] == step


def test_an_age_limit_is_eligibility_in_no_section() -> None:
    assert steps("Patients aged 18-70 years.", "18-70 years")[-1] == (
        "polarity",
        "outside criteria, but a limit on participants",
        "inclusion",
    )


def test_words_that_assert() -> None:
    text = EXCLUSION + "History of doxorubicin > 300 mg/m2"
    told = explain(extractor(), text)[0]
    assert told.steps[-1][:3] == ("historical", "`History of` (ConText)", "true")
    assert ("cue", "History of", "historical") in [(p.kind, p.text, p.meaning) for p in told.pieces]


def test_a_denial() -> None:
    text = INCLUSION + "No prior hepatic radiotherapy greater than 30 Gy"
    assert ("negated", "`No` (ConText)", "true") in steps(text, "greater than 30 Gy")


def test_a_paragraph_on_other_work() -> None:
    text = "Smith et al. compared two schedules. Survival was the same after 40 Gy in 15 fractions."
    assert steps(text, "40 Gy")[-1] == ("historical", "`et al` (the paragraph tells of other work)", "true")


def test_a_boost_by_its_regimen() -> None:
    text = "Boost to the tumour bed of 16 Gy in 8 fractions of 2 Gy"
    assert ("boost", "another dose of its regimen is a boost", "true") in steps(text, "2 Gy")


def test_regimens_tell_what_was_stated_and_what_computed() -> None:
    text = "25 x 2 Gy"
    [told] = explain_regimens(extractor().annotate(text))
    assert [(s.name, s.before, s.after) for s in told.steps] == [
        ("fractions n", "stated: `25 x` at 0", "25"),
        ("dose per fraction d", "stated: `2 Gy` at 5", "2 Gy"),
        ("total dose D", "computed: n × d = 25 × 2 Gy", "50 Gy"),
    ]


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        ("50 Gy in 25 fractions", "computed: D / n = 50 Gy / 25"),
        ("50 Gy in fractions of 2 Gy", "computed: D / d = 50 Gy / 2 Gy"),
    ],
)
def test_equations_of_regimens(text: str, computed: str) -> None:
    [told] = explain_regimens(extractor().annotate(text))
    assert [step.before for step in told.steps if step.before.startswith("computed")] == [computed]


def test_descriptions_come_from_the_patterns_in_use() -> None:
    rules = {r.id: r.description for label in extractor().engines.labels for r in label.rules}
    told = explain(Extractor(patterns_dir()), INCLUSION + "Age ≥ 18 years")[0]
    assert told.rule == rules[told.fact.rule] != ""


def test_a_condition_is_the_nearest_word_of_its_own() -> None:
    text = INCLUSION + "Ferritin: males > 450 ng/mL, females > 300 ng/mL"
    told = explain(extractor(), text)[0]
    assert [(p.start, p.text) for p in told.pieces if p.kind == "condition"] == [(text.index("males"), "males")]
