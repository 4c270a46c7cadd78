"""PDF: the facts of three printed papers come out, numbers stay, and no file breaks the reader."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.pdf.papers import FIXTURES, document, facts, failure, read_bytes
from trialsift.readers import ReadOptions
from trialsift.readers.pdf.furniture import drop_furniture
from trialsift.readers.pdf.layout import join_paragraphs, write_paragraphs
from trialsift.readers.pdf.line import Line, Page
from trialsift.readers.pdf.lines import join_pieces
from trialsift.readers.raised import write_superscript

pypdfium2 = pytest.importorskip("pypdfium2")


def _paper(name: str) -> bytes:
    return (FIXTURES / "pdf" / name).read_bytes()


def _text(name: str) -> str:
    return document(_paper(name), "pdf").text


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def _lines(*texts: str, width: float = 5.0, left: float = 50.0) -> list[Line]:
    """Lines one below the other, each letter of this width."""
    return [
        Line(text, left, left + width * len(text), 700.0 - 12 * place, 10.0, width * len(text.split()[0]))
        for place, text in enumerate(texts)
    ]


def join_lines(pages: list[list[Line]]) -> str:
    """The text of pages without tables."""
    return write_paragraphs(join_paragraphs([Page(lines) for lines in pages]))


class TestFixtures:
    def test_a_protocol(self) -> None:
        assert facts(_text("protocol.pdf")) == [
            ("DOSE", "steroid", "10-15 mg"),
            ("DOSE", "invenib", "50 to 100 mg"),
            ("DOSE", "invenib", "75 mg"),
            ("DOSE", "total", "55 Gy"),
            ("FRACTIONS", "", "20 fractions"),
            ("DOSE", "invenib", "75 mg"),
            ("DOSE", "total", "60 Gy"),
            ("FRACTIONS", "", "30 fractions"),
            ("DOSE", "other", "must not exceed 44 Gy"),
            ("DOSE", "other", "below 18 Gy"),
            ("DOSE", "other", "20 Gy"),
            ("DOSE", "total", "55 Gy"),
            ("FRACTIONS", "", "20"),
            ("DOSE", "invenib", "75 mg"),
            ("DOSE", "total", "60 Gy"),
            ("FRACTIONS", "", "30"),
            ("AGE", "trial", "18 years or more and less than 80 years"),
            ("PERFORMANCE_STATUS", "ECOG", "0 or 1"),
            ("LAB", "neutrophils", "≥ 1.5 × 10^9/L"),
            ("LAB", "platelets", "≥ 100 × 10^9/L"),
            ("LAB", "creatinine_clearance", "at least 50 mL/min"),
            ("LAB", "bilirubin_total", "≤ 1.5 × ULN"),
            ("LAB", "hemoglobin", "not < 9 g/dL"),
            ("LAB", "alt", "not > 2.5 × ULN"),
            ("LAB", "ast", "not > 2.5 × ULN"),
            ("LAB", "alt", "not > 5 × ULN"),
            ("LAB", "ast", "not > 5 × ULN"),
        ]

    def test_lines_of_a_protocol(self) -> None:
        text = _text("protocol.pdf")
        lines = text.split("\n")
        assert lines[0] == "Hypofractionated radiotherapy and an invented inhibitor in lung cancer"
        assert "3.1 Inclusion criteria" in lines
        assert "• ECOG performance status of 0 or 1" in lines
        assert "| Experimental | 55 Gy | 20 | invenib 75 mg |" in lines
        assert "and receives what is best in the judgement of the physician" in text  # from page 1 to page 2
        assert "CONFIDENTIAL" not in text
        assert "Page" not in text
        assert "version" not in text
        assert max(map(len, lines)) > 300

    def test_two_columns(self) -> None:
        text = _text("columns.pdf")
        assert len(text.strip().split("\n\n")) == 6
        assert "Haemoglobin of at least 10 g/dL was required, as were platelets of at least 75 × 10^9/L." in text
        assert "sufficient" in text
        assert "asked about it" in text
        assert [fact for fact in facts(text) if fact[0] != "FRACTIONS"] == [
            ("AGE", "trial", "40 years or older"),
            ("PERFORMANCE_STATUS", "ECOG", "0 to 2"),
            ("DOSE", "total", "26 Gy"),
            ("DOSE", "total", "40 Gy"),
            ("LAB", "hemoglobin", "at least 10 g/dL"),
            ("LAB", "platelets", "at least 75 × 10^9/L"),
        ]

    def test_a_scan(self) -> None:
        found = failure(_paper("scan.pdf"), "pdf")
        assert found.code == "no_text_layer"
        assert "1 page" in found.message

    @pytest.mark.parametrize(("name", "pages"), [("protocol.pdf", 3), ("columns.pdf", 1)])
    def test_numbers_stay(self, name: str, pages: int) -> None:
        """Those of the furniture aside: `INV-0003, version 2.0 of 1 March 2026` and `Page 1 of 3` on each page."""
        raw = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(_paper(name)))
        furniture = "0003 2 0 1 2026 3 " * pages + "1 2 3" if pages > 1 else ""
        assert _numbers(_text(name)) == _numbers(raw) - _numbers(furniture)

    def test_notes(self) -> None:
        assert document(_paper("protocol.pdf"), "pdf").notes == {"pages": "3"}


class TestJoining:
    @pytest.mark.parametrize(
        ("lines", "text"),
        [
            (["Patients with a good state of", "health"], "Patients with a good state of health"),
            (["Patients in a good state of", "• health"], "Patients in a good state of\n• health"),
            (["Given at doses of between 10-", "15 mg a day"], "Given at doses of between 10-15 mg a day"),
            (["Given at doses of between 10–", "15 mg a day"], "Given at doses of between 10–15 mg a day"),
            (["Given at doses of between 10", "- 15 mg a day"], "Given at doses of between 10 - 15 mg a day"),
            (["Given at a dose of a few mg/", "kg a day"], "Given at a dose of a few mg/kg a day"),
            (["Given to thirty in twenty frac-", "tions"], "Given to thirty in twenty fractions"),
            (["Given in studies that were non-", "clinical"], "Given in studies that were non-clinical"),
            (["Given in well-known and well-", "known trials"], "Given in well-known and well-known trials"),
            (
                ["Given as the first- or the first-", "or second-line"],
                "Given as the first- or the first- or second-line",
            ),
            (["Given for a tumour made of T-", "cells"], "Given for a tumour made of T-cells"),
            (["Given for a state-of-the-", "art plan of care"], "Given for a state-of-the-art plan of care"),
            (["Given to those with COVID-", "19"], "Given to those with COVID-19"),
            (["Short", "This is a line that reaches the edge"], "Short\nThis is a line that reaches the edge"),
            (["This one reaches up to the edge", "2. Age"], "This one reaches up to the edge\n2. Age"),
        ],
    )
    def test_two_lines(self, lines: list[str], text: str) -> None:
        assert join_lines([_lines(*lines)]) == text + "\n"

    def test_a_known_word_is_whole_and_a_known_compound_is_not(self) -> None:
        assert join_pieces("the pre-", "treated ones", {"pretreated"}) == ("the pre", "treated ones")
        assert join_pieces("the anti-", "body ones", set()) == ("the anti-", "body ones")
        assert join_pieces("the skin-", "sparing ones", {"skin-sparing"}) == ("the skin-", "sparing ones")

    def test_a_larger_gap_and_another_size_begin_a_paragraph(self) -> None:
        first, second, third = _lines("This line is as long as any here", "which goes on just as long", "another")
        assert join_lines([[first, second, third]]).count("\n") == 1
        assert join_lines([[first, second, replace(third, base=660.0)]]).count("\n") == 3
        assert join_lines([[first, second, replace(third, size=14.0)]]).count("\n") == 2

    def test_short_lines_are_a_list(self) -> None:
        lines = _lines("Age of 18 years or more", "Platelets above 100", "Consent")
        assert join_lines([[replace(line, page=(0.0, 600.0)) for line in lines]]).count("\n") == 3

    def test_a_sentence_goes_on_behind_a_page(self) -> None:
        pages = [_lines("This sentence goes to the end of"), _lines("its page.")]
        assert join_lines(pages) == "This sentence goes to the end of its page.\n"
        pages = [_lines("This sentence ends with its page."), _lines("Next.")]
        assert join_lines(pages) == "This sentence ends with its page.\n\nNext.\n"

    def test_cells(self) -> None:
        assert join_lines([_lines("Arm | Dose", "A | 60 Gy", "1 | Background", "• | Age over 18", "1 | 60 Gy")]) == (
            "| Arm | Dose |\n| A | 60 Gy |\n1 Background\n• Age over 18\n| 1 | 60 Gy |\n"
        )

    def test_no_lines(self) -> None:
        assert join_lines([]) == join_lines([[], []]) == ""


class TestFurniture:
    BODY = (
        "Age over 18 years",
        "ECOG 0-1",
        "Platelets",
        "ANC",
        "Consent",
        "Hemoglobin",
        "ALT",
        "AST",
        "Albumin",
        "INR",
    )

    def _kept(self, *tops: str) -> list[str]:
        pages = [_lines(top, *(f"{line} {top}" for line in self.BODY)) for top in tops]
        return [line.text for page in drop_furniture(pages) for line in page if line.text not in self.BODY]

    def test_a_running_head_with_numbers(self) -> None:
        kept = self._kept("Page 1", "Page 2", "Page 3")
        assert "Page 1" not in kept
        assert "Consent Page 1" in kept

    def test_heads_of_left_and_right_pages(self) -> None:
        assert "A trial" not in self._kept("A trial", "Invented", "A trial", "Invented")

    def test_what_stands_on_one_page_stays(self) -> None:
        assert {"Background", "Methods", "Results"} <= set(self._kept("Background", "Methods", "Results"))

    def test_the_same_line_many_times_on_one_page_stays(self) -> None:
        page = _lines(*["0 mg"] * 6)
        assert drop_furniture([page]) == [page]

    def test_a_page_number_of_one_page(self) -> None:
        page = _lines("Background", *self.BODY, "Page 3 of 40")
        assert drop_furniture([page]) == [page[:-1]]


@pytest.mark.parametrize(
    ("before", "raised", "text"),
    [
        ("× 10", "9", "^9"),
        ("m", "2", "^2"),
        ("L", "−1", "^-1"),
        ("60", "3", " [3]"),
        ("1", "st", "st"),
        ("", "177", "177"),
    ],
)
def test_superscripts(before: str, raised: str, text: str) -> None:
    assert write_superscript(before, raised) == text


def _pdf(content: bytes, more: bytes = b"") -> bytes:
    """A PDF of one page with this content, in Helvetica under the name F."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]" + more + b"/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    return body + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF\n"


class TestLayer:
    def test_a_page_that_is_turned(self) -> None:
        turned = b"BT /F 10 Tf 0 1 -1 0 100 50 Tm 12 TL (Platelets at least 100) Tj T* (Age 18 years) Tj ET"
        assert document(_pdf(turned, b"/Rotate 90"), "pdf").text == "Platelets at least 100\nAge 18 years\n"

    def test_raised_and_lowered_signs(self) -> None:
        signs = (
            b"BT /F 10 Tf 50 700 Td (x 10) Tj 4 Ts /F 6 Tf (9) Tj 0 Ts /F 10 Tf (/L, SpO) Tj -2 Ts /F 6 Tf (2) Tj ET"
        )
        assert document(_pdf(signs), "pdf").text == "x 10^9/L, SpO2\n"

    def test_cells_of_a_row(self) -> None:
        row = b"BT /F 10 Tf 50 700 Td (Arm A) Tj 150 0 Td (60 Gy) Tj 150 0 Td (30) Tj ET"
        assert document(_pdf(row), "pdf").text == "| Arm A | 60 Gy | 30 |\n"


class TestFailures:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b"%PDF-1.4\n", "malformed"),
            (b"%PDF-1.4\n%%EOF", "damaged"),
            (b"no pdf at all %%EOF", "malformed"),
            (_paper("protocol.pdf")[:20_000], "malformed"),
            (_pdf(b"")[:-6] + b"%%EOF", "no_text_layer"),
        ],
    )
    def test_what_cannot_be_read(self, data: bytes, code: str) -> None:
        assert failure(data, "pdf").code == code

    def test_a_password(self) -> None:
        locked = (
            _pdf(b"")
            .replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 6 0 R/ID[<00><00>]")
            .replace(
                b"trailer",
                b"6 0 obj\n<</Filter/Standard/V 1/R 2/P -4/O<"
                + b"00" * 32
                + b">/U<"
                + b"11" * 32
                + b">>>\nendobj\ntrailer",
            )
        )
        assert failure(locked, "pdf").code == "encrypted"

    def test_limits(self) -> None:
        data = _paper("protocol.pdf")
        found = failure(data, "pdf", ReadOptions(input_format="pdf", max_document=len(data) - 1))
        assert found.code == "too_large"
        text = _pdf(b"BT /F 5 Tf 50 700 Td " + b"(word) Tj " * 50 + b"ET")
        assert document(text, "pdf").text == "word" * 50 + "\n"

    def test_more_text_than_bytes(self) -> None:
        page = _pdf(b"BT /F 10 Tf 50 700 Td 12 TL " + b"(word word word word word word) Tj T* " * 30 + b"ET")
        many = page.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[" + b"3 0 R " * 50 + b"]/Count 50")
        assert failure(many, "pdf", ReadOptions(input_format="pdf", max_document=len(many))).code == "expands_too_far"

    def test_without_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pypdfium2", None)
        found = failure(_paper("columns.pdf"), "pdf")
        assert found.code == "missing_library"
        assert "trialsift[pdf]" in found.advice

    @pytest.mark.parametrize("seed", range(30))
    def test_a_damaged_file_is_one_document_or_one_failure(self, seed: int) -> None:
        chance = random.Random(seed)
        data = bytearray(_paper("columns.pdf"))
        for _ in range(chance.choice((1, 10, 100))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert len(read_bytes(bytes(data), "pdf")) == 1


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_failure(data: bytes) -> None:
    assert failure(b"%PDF-1.4\n" + data + b"\n%%EOF", "pdf").code in ("damaged", "no_text_layer")
