"""How a document's text is composed of a record, and that the forms of a record say the same."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.readers.registry.registry_inputs import FIXTURES, documents, in_memory
from tests.support.extractors import shared_extractor
from trialsift.extraction.extractor import Extractor
from trialsift.model.document import RECORD_PARTS, Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.registry.record import (
    HEADINGS,
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    read_healthy_volunteers,
)

FIELDS = RegistryFields("NCT99000911", "18 Years", "N/A", "ALL", False)
FULL = RegistryRecord(
    FIELDS,
    "Forty Gray",
    "40 Gy",
    "A summary.",
    "Two\n\nparagraphs.",
    (Arm("A", "EXPERIMENTAL", "40 Gy in 15 fractions"), Arm("B")),
    (Intervention("RADIATION", "RT", "in 15 fractions"), Intervention(name="Watching")),
    (OutcomeMeasure("Relapse", "Local", "5 years"), OutcomeMeasure("Death", None, "1 year")),
    "Inclusion Criteria:\n\n* Age \\>= 18",
)
TEXT = """\
Forty Gray
40 Gy

Brief Summary:
A summary.

Detailed Description:
Two

paragraphs.

Arms:
EXPERIMENTAL: A
40 Gy in 15 fractions

B

Interventions:
RADIATION: RT
in 15 fractions

Watching

Outcomes:
Relapse
Local
Time Frame: 5 years

Death
Time Frame: 1 year

Eligibility Criteria:
Inclusion Criteria:

* Age \\>= 18"""


def composed(record: RegistryRecord) -> Document:
    return compose_document(record, in_memory(""))


def test_text_is_composed_of_all_parts_in_their_order() -> None:
    document = composed(FULL)
    assert document.text == TEXT
    assert tuple(p.name for p in document.parts) == RECORD_PARTS
    assert (document.doc_id, document.source, document.registry) == ("NCT99000911", "studies.json", FIELDS)


def test_parts_are_contents_without_headings() -> None:
    document = composed(FULL)
    contents = {p.name: document.text[p.start : p.end] for p in document.parts}
    assert contents["title"] == "Forty Gray\n40 Gy"
    assert contents["arms"] == "EXPERIMENTAL: A\n40 Gy in 15 fractions\n\nB"
    assert contents["eligibility"] == FULL.eligibility
    assert contents["detailed_description"] == FULL.detailed_description


def test_what_fields_of_their_own_state_is_not_in_the_text() -> None:
    assert not any(said in composed(FULL).text for said in ("18 Years", "N/A", "ALL"))


@pytest.mark.parametrize(
    ("official", "brief", "title"),
    [("A", "B", "A\nB"), ("A", None, "A"), (None, "B", "B"), ("A", "A ", "A"), ("", "B", "B"), (" ", "B", "B")],
)
def test_title(official: str | None, brief: str | None, title: str) -> None:
    assert composed(RegistryRecord(FIELDS, official, brief)).text == title


def test_content_stays_as_written() -> None:
    content = "  Inclusion \\[sic\\]:\r\n\t- Hb \\> 9\u00a0g/dL  \n"
    document = composed(RegistryRecord(FIELDS, eligibility=content))
    assert document.text == f"Eligibility Criteria:\n{content}"


def test_absent_and_blank_parts_have_no_heading() -> None:
    record = RegistryRecord(
        FIELDS, brief_summary="\n ", arms=(Arm("", " "),), outcomes=(OutcomeMeasure(),), eligibility="Age"
    )
    assert composed(record).text == "Eligibility Criteria:\nAge"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (RegistryRecord(FIELDS), "empty"),
        (RegistryRecord(FIELDS, eligibility=" \n"), "empty"),
        (RegistryRecord(RegistryFields(), eligibility="Age"), "wrong_schema"),
        (RegistryRecord(RegistryFields("NCT9900091"), eligibility="Age"), "wrong_schema"),
        (RegistryRecord(RegistryFields("NCT9900091١"), eligibility="Age"), "wrong_schema"),
        (RegistryRecord(RegistryFields("NCT99000911\n"), eligibility="Age"), "wrong_schema"),
        (RegistryRecord(FIELDS, eligibility="Age\0"), "binary"),
        (RegistryRecord(FIELDS, brief_title="Age \ud83d"), "malformed"),
    ],
)
def test_records_without_a_document(record: RegistryRecord, code: str) -> None:
    with pytest.raises(ReadFailure) as caught:
        compose_document(record, in_memory(""), "study 3")
    assert (caught.value.code, caught.value.record) == (code, "study 3")


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("Accepts Healthy Volunteers", True),
        ("t", True),
        ("Yes", True),
        ("No", False),
        ("f", False),
        ("", None),
        ("Unknown", None),
        (None, None),
    ],
)
def test_healthy_volunteers(stated: str | None, meant: bool | None) -> None:
    assert read_healthy_volunteers(stated) is meant


_words = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_records = st.builds(
    RegistryRecord,
    st.just(FIELDS),
    _words,
    _words,
    _words,
    _words,
    st.lists(st.builds(Arm, _words, _words, _words), max_size=3).map(tuple),
    st.lists(st.builds(Intervention, _words, _words, _words), max_size=3).map(tuple),
    st.lists(st.builds(OutcomeMeasure, _words, _words, _words), max_size=3).map(tuple),
    _words,
)


@given(_records)
def test_parts_and_headings_make_up_the_whole_text(record: RegistryRecord) -> None:
    if not says_something(record):
        with pytest.raises(ReadFailure):
            composed(record)
        return
    document = composed(record)
    rebuilt = "\n\n".join(
        f"{HEADINGS[p.name]}\n{document.text[p.start : p.end]}" if p.name in HEADINGS else document.text[: p.end]
        for p in document.parts
    )
    assert rebuilt == document.text
    for name in ("brief_summary", "detailed_description", "eligibility"):
        stated = getattr(record, name)
        kept = [document.text[p.start : p.end] for p in document.parts if p.name == name]
        assert kept == ([stated] if stated and stated.strip() else [])


def says_something(record: RegistryRecord) -> bool:
    values = dataclasses.astuple(dataclasses.replace(record, fields=RegistryFields()))[1:]
    flat = [text for value in values for item in (value if isinstance(value, tuple) else [[value]]) for text in item]
    return any(text and text.strip() for text in flat)


FORMS = ("page.json", "ctgov-xml", "aact")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return shared_extractor()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_three_trials(form: str) -> None:
    found = documents(FIXTURES / form)
    assert list(found) == ["NCT99000901", "NCT99000902", "NCT99000903"]
    for document in found.values():
        assert {p.name for p in document.parts} >= {"title", "brief_summary", "arms", "outcomes", "eligibility"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_arms_and_conditions(form: str, extractor: Extractor) -> None:
    document = documents(FIXTURES / form)["NCT99000902"]
    assert document.registry is not None
    assert document.registry.conditions == ("Prostate Cancer",)
    named = {p.name: [(document.text[a:b].split("\n")[0], label) for a, b, label in p.arms] for p in document.parts}
    arms = ["Arm A: SBRT", "Arm B: conventional"]
    assert sorted(label or "" for _, label in named["arms"]) == arms
    assert all((text.split(": ", 1)[1], label) == (label, label) for text, label in named["arms"])
    assert sorted((text.split(": ")[1], label) for text, label in named["interventions"]) == [
        ("Conventional radiotherapy", arms[1]),
        ("SBRT", arms[0]),
    ]
    facts = extractor.annotate(document.text, document.parts).facts
    told = {(f.text, f.attributes.get("arm")) for f in facts if f.label in ("DOSE", "FRACTIONS")}
    assert told >= {("36.25 Gy", arms[0]), ("5 fractions", arms[0]), ("39 fractions", arms[1]), ("78 Gy", arms[1])}


@pytest.mark.parametrize(
    ("arms", "label"), [((), None), (("One",), "One"), (("One", "One"), "One"), (("One", "Two"), None)]
)
def test_an_intervention_of_one_arm_is_about_it(arms: tuple[str, ...], label: str | None) -> None:
    record = RegistryRecord(
        RegistryFields("NCT99000999"),
        arms=(Arm(), Arm("One", None, "20  Gy"), Arm("  Two\n words", "EXPERIMENTAL")),
        interventions=(
            Intervention("RADIATION", "Short", "8 Gy", arms),
            Intervention("DRUG", "Aspirin", None, ("Two",)),
        ),
    )
    document = compose_document(record, in_memory(""))
    found = {p.name: [(document.text[a:b], name) for a, b, name in p.arms] for p in document.parts}
    assert found == {
        "arms": [("One\n20  Gy", "One"), ("EXPERIMENTAL:   Two\n words", "Two words")],
        "interventions": [("RADIATION: Short\n8 Gy", label), ("DRUG: Aspirin", "Two")],
    }


@pytest.mark.parametrize("form", FORMS[1:])
def test_the_forms_say_the_same_in_their_fields(form: str) -> None:
    """But for how they write it: upper case, `N/A` for an age without a limit."""

    def unified(document: Document) -> RegistryFields:
        assert document.registry is not None
        fields = {k: v.upper() if isinstance(v, str) else v for k, v in dataclasses.asdict(document.registry).items()}
        fields["phase"] = (fields["phase"] or "").replace(" ", "") or None
        return RegistryFields(**{k: None if v == "N/A" else v for k, v in fields.items()})

    others = documents(FIXTURES / form)
    for doc_id, document in documents(FIXTURES / "page.json").items():
        assert unified(others[doc_id]) == unified(document)


@pytest.mark.parametrize("form", FORMS[1:])
def test_the_forms_give_the_same_facts_in_the_same_parts(form: str, extractor: Extractor) -> None:
    def facts(document: Document) -> Counter[object]:
        return Counter(
            (
                next(p.name for p in document.parts if p.start <= f.start and f.end <= p.end),
                f.label,
                f.rule,
                *sorted((k, v) for k, v in f.attributes.items() if v is not None),
            )
            for f in extractor.annotate(document.text).facts
        )

    others = documents(FIXTURES / form)
    for doc_id, document in documents(FIXTURES / "page.json").items():
        found = facts(document)
        assert {label for _, label, *_ in found} == {"AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS"}
        assert facts(others[doc_id]) == found
