"""Files of Word: what stands there is read, signs and powers included, and no file breaks the reader."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.readers.builders import documents, only_failure, results
from tests.readers.word.files import equation, item, make_docx, math, paragraph, power, raised, symbol, table, text
from tests.support.extractors import shared_extractor
from trialsift.readers import ReadOptions

pytest.importorskip("mammoth")

DELETED = "<w:del><w:r><w:delText>16</w:delText></w:r></w:del>"
GROUP = f"<m:oMathPara>{equation(math('≥1.5'))}{equation(math('/nL'))}</m:oMathPara>"
HEADING = paragraph("Inclusion criteria:")


def read(body: str, name: str = "protocol.docx") -> str:
    return documents(results(make_docx(body), name))["protocol"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("Age ", symbol("F0B3"), " 18 years"), "Age ≥ 18 years"),
        (paragraph("Creatinine ", symbol("F0A3"), " 1.5 mg/dL"), "Creatinine ≤ 1.5 mg/dL"),
        (paragraph("ANC ≥ 1.5 x 10", raised("9"), "/L"), "ANC ≥ 1.5 x 10^9/L"),
        (paragraph("ANC ", equation(math("≥1.5×") + power("10", "9")), "/L"), "ANC ≥1.5×10^9/L"),
        (paragraph("ANC: ", GROUP), "ANC: ≥1.5/nL"),
        (paragraph("36", "<w:r><w:noBreakHyphen/></w:r>", "50 Gy"), "36‑50 Gy"),
        (paragraph("Age ", DELETED, f"<w:ins>{text('18')}</w:ins>"), "Age 18"),
        (item("Age 18 or older") + item("ECOG 0-1"), "- Age 18 or older\n- ECOG 0-1"),
        (table(("Test", "Limit"), ("INR", "≤ 1.7")), "| Test | Limit |\n| INR | ≤ 1.7 |"),
        (HEADING + paragraph("ECOG 0-1"), "Inclusion criteria:\n\nECOG 0-1"),
    ],
)  # fmt: skip
def test_text(body: str, expected: str) -> None:
    assert read(body) == expected + "\n"


def test_facts() -> None:
    criteria = (
        HEADING
        + item("ANC ", equation(math("≥1.5×") + power("10", "9")), "/L")
        + item("Age ", symbol("F0B3"), " 18 years")
    )
    found = read(criteria)
    facts = shared_extractor().annotate(found).facts
    assert [(fact.label, fact.text) for fact in facts] == [("LAB", "≥1.5×10^9/L"), ("AGE", "≥ 18 years")]


@pytest.mark.parametrize("name", ["protocol", "protocol.zip", "protocol.txt"])
def test_is_recognised_by_its_content(name: str) -> None:
    assert read(paragraph("Age 18 or older"), name) == "Age 18 or older\n"


def test_stands_in_an_archive() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/protocol.docx", make_docx(paragraph("ECOG 0-1")))
    assert documents(results(out.getvalue(), "all.zip")) == {"protocol": "ECOG 0-1\n"}


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (b"", "empty", "nothing"),
        (b"Age 18", "damaged", "can't be opened"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted", "password"),
        (make_docx(paragraph(" ")), "empty", "without text"),
        (make_docx("")[:-30], "damaged", "can't be opened"),
        (make_docx("", **{"word/document.xml": None}), "wrong_schema", "word/document.xml"),
        (make_docx("", **{"word/document.xml": b"<w:document"}), "damaged", "can't be read"),
        (make_docx("", **{"word/document.xml": b"<m:oMath"}), "damaged", "can't be opened"),
        (make_docx("", **{"word/document.xml": b"<!DOCTYPE a><a/>"}), "forbidden", "document type"),
    ],
)
def test_what_is_wrong_is_told(data: bytes, code: str, told: str) -> None:
    failure = only_failure(results(data, "protocol.docx"))
    assert failure.code == code
    assert told in str(failure)


def test_does_not_expand_without_end() -> None:
    options = ReadOptions(max_document=50_000, max_file=50_000, max_expanded=50_000)
    failure = only_failure(results(make_docx(paragraph("a" * 100_000)), "protocol.docx", options))
    assert failure.code == "expands_too_far"
