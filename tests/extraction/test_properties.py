"""For any text nothing raises, offsets slice back, intervals are in order, records are read back as they were."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.extractors import extractor_of_all_labels
from trialsift.extraction.structure.lines import split_lines, split_sentences
from trialsift.extraction.structure.section import find_section
from trialsift.extraction.structure.sections import Structure
from trialsift.gold import parse_document
from trialsift.model.fact import Annotation, Fact, annotation_record, make_sort_key
from trialsift.rules.files import patterns_dir

EXTRACTOR = extractor_of_all_labels(context=False)
STRUCTURE = Structure(patterns_dir())
FRAGMENTS = [
    "Inclusion Criteria:",
    "Exclusion Criteria:",
    "Results:",
    "\n",
    "\n\n",
    "\n- ",
    "\n  1. ",
    "\r\n",
    " ",
    " ",
    ". ",
    ", ",
    "; ",
    " (",
    ")",
    "/",
    "-",
    "–",
    " to ",
    " and ",
    " or ",
    "≥",
    "≤",
    ">",
    "<",
    "=",
    "\\>",
    "&ge;",
    "â‰¥",
    "³",
    "at least ",
    "no more than ",
    "up to ",
    "between ",
    "not ",
    "within ",
    "less than (<) ",
    "+",
    "0",
    "1",
    "1.5",
    "2",
    "18",
    "75",
    "100,000",
    "100.000",
    "0,15",
    "5040",
    "l500",
    "10^9",
    "109",
    "eighteen",
    "twice",
    "single ",
    " (18)",
    "1e400",
    " years",
    " months",
    " of age",
    " or older",
    "Age ",
    "aged ",
    "mean age ",
    "women ",
    "patients ",
    "if ",
    "for ",
    "who have ",
    "ECOG ",
    "Karnofsky performance status ",
    "WHO ",
    "ANC ",
    "ALT",
    "AST",
    "hemoglobin ",
    "platelets ",
    "creatinine clearance ",
    "INR ",
    "bilirubin ",
    " g/dL",
    " x 109/L",
    "/mm3",
    " mg/dL",
    " x ULN",
    " ULN",
    " upper limit of normal",
    " mL/min/1.73 m2",
    "%",
    " mg/m2",
    " mg",
    " AUC 5",
    " Gy",
    " cGy",
    " Gy(RBE)",
    "&nbsp;",
    " fractions",
    " fx",
    "x",
    " x ",
    " per fraction",
    " boost ",
    "total dose of ",
    "Dmax ",
    "versus ",
    "cisplatin ",
    "prednisone ",
    "BMI ",
    "α/β ",
    "µ",
    "é",
    "😀",
    "\u00a0",
    "\x00",
    "٣",
    "²",
]
trial_language = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
texts = st.one_of(
    trial_language, trial_language, any_text, st.tuples(trial_language, any_text, trial_language).map("".join)
)
fast = settings(max_examples=120, deadline=None, derandomize=True, database=None)
scalars = st.one_of(
    st.text(max_size=5),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
)
names = st.text("abcdefghij_", min_size=1, max_size=6)
facts = st.builds(
    lambda label, start, text, rule, attributes: Fact(label, start, start + len(text), text, rule, attributes),
    st.sampled_from(["AGE", "LAB"]),
    st.integers(0, 50),
    st.text(min_size=1, max_size=5),
    names,
    st.dictionaries(names, scalars, max_size=5),
)


def check(text: str, annotation: Annotation) -> None:
    for fact in annotation.facts:
        assert 0 <= fact.start < fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.text == fact.text.strip()
        attributes = fact.attributes
        assert attributes["polarity"] in ("inclusion", "exclusion", "none")
        assert all(value is None or type(value) in (str, int, float, bool) for value in attributes.values())
        low, high = attributes["low"], attributes["high"]
        assert (low, high) != (None, None)
        assert low is None or high is None or low <= high  # type: ignore[operator]
        if low is not None and low == high:
            assert False not in (attributes.get("low_inclusive"), attributes.get("high_inclusive"))
        for end in ("low", "high"):
            if f"{end}_inclusive" in attributes:
                assert (attributes[end] is None) == (attributes[f"{end}_inclusive"] is None)


@fast
@given(texts)
@example("hemoglobin\nDmax 100,000 10^9 x")  # a factor without a unit, white space behind it
@example("platelets no more than \n- at least 0\xa010^9 (Age ")
@example("no\n⩽1old")  # a denial in the line above
@example("Inclusion Criteria:\n- Age 18 to <18 years, hemoglobin 5 g/dL - < 5 g/dL, BMI 18 (exclusive) to 18 kg/m2")
def test_whatever_is_read_is_well_formed(text: str) -> None:
    annotation = EXTRACTOR.annotate(text)
    check(text, annotation)
    assert list(annotation.facts) == sorted(annotation.facts, key=make_sort_key)
    assert len(annotation.contexts) == len(annotation.facts)
    assert all(a <= f.start and f.end <= b for f, (a, b) in zip(annotation.facts, annotation.contexts, strict=True))


@fast
@given(texts)
def test_regimens_point_at_radiotherapy_facts(text: str) -> None:
    annotation = EXTRACTOR.annotate(text)
    for regimen in annotation.regimens:
        assert regimen.facts
        assert {annotation.facts[i].label for i in regimen.facts} <= {"DOSE", "FRACTIONS"}
        assert not {annotation.facts[i].attributes.get("role") for i in regimen.facts} & {"other"}
        for pair in (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose):
            assert pair is None or None in pair or pair[0] <= pair[1]  # type: ignore[operator]


@fast
@given(texts)
def test_the_same_text_gives_the_same(text: str) -> None:
    assert EXTRACTOR.annotate(text) == EXTRACTOR.annotate(text)


@fast
@given(texts)
def test_a_record_is_read_back_as_gold(text: str) -> None:
    annotation = EXTRACTOR.annotate(text)
    record = annotation_record("a document", text, annotation, {"source": "random"})
    document = parse_document(json.loads(json.dumps(record, allow_nan=False)), "here:1")
    assert document.to_record() == record
    assert [(s.start, s.end, s.label, s.text, s.rule, s.attributes) for s in document.spans] == [
        (f.start, f.end, f.label, f.text, f.rule, dict(f.attributes)) for f in annotation.facts
    ]
    assert document.regimens == annotation.regimens


@fast
@given(texts)
def test_flat_facts_are_read_back(text: str) -> None:
    for fact in EXTRACTOR.annotate(text).facts:
        assert Fact.from_flat(json.loads(json.dumps(fact.to_flat()))) == fact


@fast
@given(facts)
def test_any_fact_is_read_back_from_flat(fact: Fact) -> None:
    assert Fact.from_flat(fact.to_flat()) == fact


@fast
@given(st.lists(facts, max_size=6))
def test_sorting_facts(found: list[Fact]) -> None:
    ordered = sorted(found, key=make_sort_key)
    assert [(f.start, f.end) for f in ordered] == sorted((f.start, f.end) for f in found)


@fast
@given(trial_language.map(str.strip), st.integers(1, 5))
def test_blank_lines_in_front_shift_offsets_only(text: str, n: int) -> None:
    plain, shifted = EXTRACTOR.annotate(text), EXTRACTOR.annotate("\n" * n + text)
    assert [(f.start + n, f.end + n, f.label, f.rule, f.attributes) for f in plain.facts] == [
        (f.start, f.end, f.label, f.rule, f.attributes) for f in shifted.facts
    ]
    assert plain.regimens == shifted.regimens


@fast
@given(texts)
def test_lines_and_sentences_lie_in_order_within_the_text(text: str) -> None:
    last = 0
    for line in split_lines(text, STRUCTURE.words):
        assert last <= line.start < line.end <= len(text)
        sentences = split_sentences(text, line.start, line.end, STRUCTURE.words)
        assert "".join(text[a:b] for a, b in sentences) == text[line.start : line.end]
        last = line.end


@fast
@given(texts)
def test_every_place_has_a_section(text: str) -> None:
    sections = STRUCTURE.find_sections(text)
    assert sections[0].start == 0
    assert [s.start for s in sections] == sorted(s.start for s in sections)
    for offset in range(0, len(text), 7):
        assert find_section(sections, offset).start <= offset
