"""Studies of ClinicalTrials.gov's API v2 as JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.readers.registry.registry_inputs import FIXTURES, documents, failure, in_memory, part, results
from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.registry.ctgov_json import compose_study, is_study

PAGE = json.loads((FIXTURES / "page.json").read_text(encoding="utf-8"))
STUDY: dict[str, Any] = PAGE["studies"][0]


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The first study after a change to its protocolSection."""
    study = copy.deepcopy(STUDY)
    change(study["protocolSection"])
    return study


def test_one_study_is_the_same_as_in_a_page() -> None:
    (document,) = documents(FIXTURES / "NCT99000901.json").values()
    in_page = documents(FIXTURES / "page.json")["NCT99000901"]
    assert (document.text, document.parts, document.registry) == (in_page.text, in_page.parts, in_page.registry)


def test_an_array_of_studies_is_a_page_of_them() -> None:
    found = results(in_memory(json.dumps(PAGE["studies"])))
    assert found == results(in_memory(json.dumps(PAGE)))
    assert len(found) == 3


def test_a_study_has_its_fields_in_its_text_and_beside_it() -> None:
    document = compose_study(STUDY, in_memory(""))
    criteria = STUDY["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    assert part(document, "eligibility") == criteria
    assert "\\>= 18 years" in criteria
    assert part(document, "title").endswith(
        "(HAZEL)\nOne-week Whole-breast Radiotherapy After Breast-conserving Surgery"
    )
    assert part(document, "arms").startswith("ACTIVE_COMPARATOR: Three weeks\nWhole breast 40 Gy in 15 fractions")
    assert part(document, "outcomes").endswith("version 5.0\nTime Frame: 4 weeks after radiotherapy")
    assert document.registry == RegistryFields(
        "NCT99000901",
        "18 Years",
        None,
        "FEMALE",
        False,
        ("Breast Cancer",),
        "One-week Whole-breast Radiotherapy After Breast-conserving Surgery",
        "PHASE3",
        "INTERVENTIONAL",
        "RECRUITING",
        400,
        "2023-01-16",
        "OTHER",
        "ClinicalTrials.gov",
        ("2022-000901-24",),
    )


def test_a_byte_order_mark_is_no_part_of_it() -> None:
    assert isinstance(results(in_memory(b"\xef\xbb\xbf" + json.dumps(STUDY).encode()))[0], Document)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("", "empty", "holds no text"),
        (" \n", "empty", "holds no text"),
        ('{"studies": []}', "empty", "holds no studies"),
        ("[]", "empty", "holds no studies"),
        ('{"protocolSection": {},\n "x": }', "malformed", "line 2, column 7"),
        ('{"protocolSection": {}} {}', "malformed", "Extra data"),
        ("[" * 100_000, "malformed", "too deeply"),
        ("9" * 5_000, "malformed", "digits"),
        ("3", "wrong_schema", "is a number without studies"),
        ('"NCT99000901"', "wrong_schema", "is a text without studies"),
        ('{"nctId": "NCT99000901"}', "wrong_schema", "expected a study of ClinicalTrials.gov's API v2"),
        ('{"studies": {}}', "wrong_schema", "is an object without studies"),
        ('{"FullStudiesResponse": {}}', "wrong_schema", "API before v2"),
        (b'{"a": "\xe9"}', "encoding", "byte 0xe9"),
        (json.dumps(STUDY).encode("utf-16"), "encoding", "is not UTF-8"),
        (b"\x00\x01\x02", "binary", "NUL byte"),
    ],
    ids=str,
)
def test_files_without_studies(content: str | bytes, code: str, said: str) -> None:
    found = failure(in_memory(content), "ctgov-json")
    assert (found.code, found.record) == (code, "")
    assert said in found.message


@pytest.mark.parametrize(
    ("study", "code", "said"),
    [
        (3, "wrong_schema", "is a number without a `protocolSection`"),
        ({}, "wrong_schema", "is an object without a `protocolSection`"),
        ({"protocolSection": None}, "wrong_schema", "has no NCT number"),
        ({"protocolSection": []}, "wrong_schema", "has an array as protocolSection; expected an object"),
        (changed(lambda p: p["identificationModule"].pop("nctId")), "wrong_schema", "has no NCT number"),
        (changed(lambda p: p["identificationModule"].update(nctId="EUCTR1")), "wrong_schema", "'EUCTR1'"),
        (
            changed(lambda p: p["eligibilityModule"].update(eligibilityCriteria=["Age"])),
            "wrong_schema",
            "has an array as protocolSection.eligibilityModule.eligibilityCriteria; expected a text",
        ),
        (
            changed(lambda p: p["eligibilityModule"].update(healthyVolunteers="No")),
            "wrong_schema",
            "has a text as protocolSection.eligibilityModule.healthyVolunteers; expected true or false",
        ),
        (
            changed(lambda p: p["armsInterventionsModule"].update(armGroups={})),
            "wrong_schema",
            "protocolSection.armsInterventionsModule.armGroups; expected an array",
        ),
        (
            changed(lambda p: p["armsInterventionsModule"]["interventions"].insert(1, "RT")),
            "wrong_schema",
            "has a text as protocolSection.armsInterventionsModule.interventions[1]; expected an object",
        ),
        (
            changed(lambda p: p["outcomesModule"]["secondaryOutcomes"][1].update(measure=True)),
            "wrong_schema",
            "has true or false as protocolSection.outcomesModule.secondaryOutcomes[1].measure; expected a text",
        ),
        ({"protocolSection": {"identificationModule": {"nctId": "NCT99000901"}}}, "empty", "no other text"),
    ],
)
def test_a_study_that_fails_leaves_the_others(study: object, code: str, said: str) -> None:
    found = results(in_memory(json.dumps({"studies": [PAGE["studies"][1], study, PAGE["studies"][2]]})))
    assert [type(f) for f in found] == [Document, ReadFailure, Document]
    assert isinstance(found[1], ReadFailure)
    assert found[1].code == code
    assert said in found[1].message
    assert found[1].record in ("study 2", "NCT99000901")


def test_limits() -> None:
    assert failure(in_memory(json.dumps(PAGE)), max_file=1_000).code == "too_large"
    codes = [
        f.code if isinstance(f, ReadFailure) else f.doc_id
        for f in results(in_memory(json.dumps(PAGE)), max_document=1_500)
    ]
    assert codes == ["too_large", "NCT99000902", "NCT99000903"]


@pytest.mark.parametrize("value", [STUDY, {"protocolSection": None}])
def test_is_study(value: object) -> None:
    assert is_study(value)


@pytest.mark.parametrize("value", [None, [], "protocolSection", ["protocolSection"], {"studies": []}])
def test_is_no_study(value: object) -> None:
    assert not is_study(value)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [path, *(found for key, inner in items for found in _paths(inner, (*path, key)))]


@st.composite
def _studies(draw: st.DrawFn) -> Any:
    """A study in which some fields, of any depth, are other JSON."""
    study = copy.deepcopy({"protocolSection": STUDY["protocolSection"]})
    for _ in range(draw(st.integers(0, 3))):
        *path, last = draw(st.sampled_from(_paths(study)[1:]))
        inner: Any = study
        for key in path:
            inner = inner[key]
        inner[last] = draw(_json)
    return study


@given(_json | _studies())
def test_any_json_is_a_document_or_a_failure(study: Any) -> None:
    try:
        document = compose_study(study, in_memory(""), "study 1")
    except ReadFailure:
        return
    ends = [0, *(bound for p in document.parts for bound in (p.start, p.end)), len(document.text)]
    assert ends == sorted(ends)
    assert all(document.text[p.start : p.end].strip() for p in document.parts)


@given(_json)
def test_any_json_as_a_file_is_read_to_its_end(value: Any) -> None:
    assert all(isinstance(found, ReadFailure) for found in results(in_memory(json.dumps(value))))
