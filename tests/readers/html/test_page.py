"""Pages: the facts of several layouts come out, comparators and lines survive, and no page breaks the reader."""

from __future__ import annotations

import codecs
import logging
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.pdf.papers import FIXTURES, document, facts, failure, read_bytes
from trialsift.readers import ReadFailure, ReadOptions

PARTS = (
    "< <! <!-- </ <a\t <a\thref=' & &# \n \t <br> <p> </p> <li> <td> <dt> <sup>1 <script> <title> <nav> <?xml\t "
    "<![CDATA[ <table> 10<sup> -\ta\n ]]> <meta\t"
)


def _page(name: str) -> bytes:
    return (FIXTURES / "html" / name).read_bytes()


def _text(markup: str) -> str:
    return document(markup).text


class TestFixtures:
    def test_a_registry_page(self) -> None:
        read = document(_page("registry.html"))
        assert read.notes == {
            "title": "Short-course radiotherapy for glioma | Register of Invented Trials",
            "text_of_page": "main",
        }
        assert facts(read.text) == [
            ("AGE", "trial", "18 Years to 70 Years"),
            ("DOSE", "total", "40.05 Gy"),
            ("FRACTIONS", "", "15 fractions"),
            ("DOSE", "temozolomide", "75 mg/m^2"),
            ("DOSE", "total", "60 Gy"),
            ("FRACTIONS", "", "30 fractions"),
            ("DOSE", "temozolomide", "75 mg/m^2"),
            ("PERFORMANCE_STATUS", "ECOG", "0–2"),
            ("LAB", "platelets", "≥ 100 × 10^9/L"),
            ("LAB", "hemoglobin", ">9 g/dL"),
            ("LAB", "creatinine", "not > 1.5 x ULN"),
            ("LAB", "neutrophils", "not <1.5 x 10^9/L"),
            ("LAB", "alt", "not > 3 x ULN"),
        ]

    @pytest.mark.parametrize("surrounding", ["cookies", "Home", "20 Gy", "dataLayer", "Register of"])
    def test_what_surrounds_it_is_left_out(self, surrounding: str) -> None:
        assert surrounding not in document(_page("registry.html")).text

    def test_lines_of_a_registry_page(self) -> None:
        lines = document(_page("registry.html")).text.split("\n")
        assert "Exclusion Criteria:" in lines
        assert "Ages Eligible for Study: 18 Years to 70 Years" in lines
        assert "Accepts Healthy Volunteers: No" in lines
        start = lines.index("| Arm | Radiation | Drug |")
        assert lines[start + 2] == "| Control | 60 Gy in 30 fractions | temozolomide 75 mg/m^2 daily |"
        start = lines.index("- Adequate organ function:")
        assert lines[start + 1 : start + 3] == ["  - Platelets ≥ 100 × 10^9/L", "  - Hemoglobin >9 g/dL"]

    def test_criteria_in_hidden_tabs_and_details(self) -> None:
        read = document(_page("aggregator.html"))
        assert read.notes["text_of_page"] == "all"
        assert read.notes["encoding"] == "cp1252"
        assert facts(read.text) == [
            ("AGE", "trial", "40 to 75 years"),
            ("AGE", "trial", "40 to 75 years"),
            ("PERFORMANCE_STATUS", "KPS", "at least 70"),
            ("LAB", "platelets", "at least 100,000/mm^3"),
            ("LAB", "hemoglobin", "not < 9.0 g/dL"),
            ("LAB", "creatinine", "not <LLN"),
            ("LAB", "creatinine", "not >2.0 mg/dL"),
            ("DOSE", "zetamab", "300 µg"),
            ("DOSE", "total", "50 Gy"),
            ("FRACTIONS", "", "25 fractions"),
        ]
        assert "8 Gy" not in read.text
        assert "10 years of trial finding" not in read.text

    def test_a_journal_abstract(self) -> None:
        read = document(_page("abstract.html"))
        assert read.notes["text_of_page"] == "main"
        assert facts(read.text) == [
            ("AGE", "trial", "18–80 years"),
            ("PERFORMANCE_STATUS", "ECOG", "0 or 1"),
            ("LAB", "neutrophils", "at least 1.5 × 10^9/L"),
            ("DOSE", "total", "74 Gy"),
            ("FRACTIONS", "", "37 fractions"),
            ("DOSE", "total", "60 Gy"),
            ("FRACTIONS", "", "30 fractions"),
            ("DOSE", "carboplatin", "AUC 2"),
            ("DOSE", "paclitaxel", "45 mg/m^2"),
            ("DOSE", "total", "74 Gy"),
            ("FRACTIONS", "", "37"),
            ("DOSE", "total", "60 Gy"),
            ("FRACTIONS", "", "30"),
        ]
        for surrounding in ("Recommended", "8 Gy", "Subscribe", "Share", "Archive"):
            assert surrounding not in read.text

    def test_a_fragment(self) -> None:
        assert facts(document(_page("fragment.html")).text) == [
            ("AGE", "trial", ">= 18 years"),
            ("PERFORMANCE_STATUS", "ECOG", "0-1"),
            ("LAB", "platelets", "not <100 x 10^9/L"),
        ]

    @pytest.mark.parametrize("name", ["registry.html", "aggregator.html", "abstract.html", "fragment.html"])
    def test_a_page_is_read_the_same_way_each_time(self, name: str) -> None:
        assert document(_page(name)) == document(_page(name))


class TestLines:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("a &lt; 100 &ge; 3 &le;4 &gt;5 &#8805;6", "a < 100 ≥ 3 ≤4 >5 ≥6"),
            ("platelets < 100", "platelets < 100"),
            ("platelets <100, ANC <=1.5 and creatinine <ULN", "platelets <100, ANC <=1.5 and creatinine <ULN"),
            ("<p>toxicity <Grade 2</p>", "toxicity <Grade 2"),
            ("10<sup>9</sup>/L", "10^9/L"),
            ("10<sup> 9 </sup>/L", "10^9/L"),
            ("L<sup>−1</sup>", "L^-1"),
            ("75 mg/m<sup>2</sup>", "75 mg/m^2"),
            ("18 years<sup>3</sup>", "18 years^3"),
            ("AUC 5<sup>12</sup> weekly.<sup>a</sup>", "AUC 5 [12] weekly. [a]"),
            ("1<sup>st</sup> <sup>177</sup>Lu 99<sup>m</sup>Tc", "1st 177Lu 99mTc"),
            ("SpO<sub>2</sub>", "SpO2"),
            ("60&nbsp;Gy &#160;in\u00a030\u200b&shy; fractions", "60 Gy in 30 fractions"),
            ("60 <b>G</b>y<wbr>/30", "60 Gy/30"),
            ("18&#150;70 years", "18–70 years"),
            ("a&#0;b&#1;c&#xD800;d", "a\ufffdbc\ufffdd"),
            ("one<br>two<br/>three", "one\ntwo\nthree"),
            ("one<br><br>two", "one\n\ntwo"),
            ("<h2>Head</h2>text<p>more\ntext</p>", "Head\n\ntext\n\nmore text"),
            ("<ul><li>a<li><p>b</p></ul>", "- a\n- b"),
            ("<ol><li>1. a</li><li>• b</li></ol>", "1. a\n• b"),
            ("<ul><li>a<ul><li>b</li></ul>c</li></ul>", "- a\n  - b\n  c"),
            (
                "<div>Criteria:\n  - Age over 18\n  - ECOG 0\n 2. Consent</div>",
                "Criteria:\n- Age over 18\n- ECOG 0\n2. Consent",
            ),
            ("<p>between 10\n- 15 mg</p>", "between 10 - 15 mg"),
            ("<pre>Age\n  over 18\n\nECOG</pre>", "Age\n  over 18\n\nECOG"),
            ("<dl><dt>Age</dt><dd><p>18</p></dd><dt>Sex:</dt><dd>all</dd></dl>", "Age: 18\nSex: all"),
            ("<div><span class='field-label'>Minimum age</span><div>18 Years</div></div>", "Minimum age: 18 Years"),
            ("<table><tr><th>Arm</th><th>Dose</th></tr><tr><td>A<td>60<br>Gy</table>", "| Arm | Dose |\n| A | 60 Gy |"),
            ("<table><tr><td>Menu</td><td><h2>Head</h2><ul><li>a</ul></td></tr></table>", "Menu\n\nHead\n\n- a"),
            ("<h3><button>Inclusion</button></h3><button>a</button><button>b</button>", "Inclusion\n\na b"),
            ("<form><fieldset><legend>Age</legend><label>18</label></fieldset></form>", "Age\n\n18"),
            ("<script>x</script><style>y</style><template>z</template><textarea>q</textarea>Age<!-- c -->", "Age"),
            ("<noscript>Switch on scripts</noscript>Age", "Age"),
            ("<div hidden>Age <span style='display:none'>18</span></div>", "Age 18"),
            ("<aside>Eligibility: ages 18-70 years</aside>", "Eligibility: ages 18-70 years"),
            ("<nav>Eligibility</nav>Age", "Age"),
        ],
    )
    def test_markup_to_text(self, markup: str, text: str) -> None:
        assert _text(markup) == text + "\n"

    def test_criteria_outside_of_the_main_text_are_kept(self) -> None:
        story = "The trial is told of here in a long story for readers who like one, with names and places. " * 12
        box = "<div class='modal comments'><p>Exclusion: platelets < 100 x 10<sup>9</sup>/L</p></div>"
        read = document(f"<article><p>{story}</p></article>{box}")
        assert facts(read.text) == [("LAB", "platelets", "not < 100 x 10^9/L")]
        assert read.notes["text_of_page"] == "all"

    @pytest.mark.parametrize("tag", ["div", "b", "font", "sup", "ul><li", "table><tr><td"])
    def test_nothing_is_lost_however_deep(self, tag: str) -> None:
        assert facts(_text(f"<{tag}>" * 100_000 + "<p>Age 18 years or older</p>")) == [
            ("AGE", "trial", "18 years or older")
        ]


class TestEncodings:
    TEXT = "<p>Alter ≥ 18 Jahre, 5 µg</p>"

    @pytest.mark.parametrize(
        ("data", "noted"),
        [
            (TEXT.encode(), None),
            (codecs.BOM_UTF8 + TEXT.encode(), None),
            (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
            (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
            (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
            (b"<meta charset=utf-8>" + TEXT.encode(), None),
            (b"<meta charset='utf-16'>" + TEXT.encode(), None),
            (b"<meta charset='no-such-thing'>" + TEXT.encode(), None),
            (b"<meta charset='punycode'>" + TEXT.encode(), None),
            (b"<meta charset='hex'>" + TEXT.encode(), None),
            (b"<meta charset='shift_jis'>" + TEXT.encode("shift_jis", "xmlcharrefreplace"), "shift_jis"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-7'?>" + TEXT.encode("iso8859-7", "xmlcharrefreplace"),
                "iso8859-7",
            ),
            (
                b'<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">'
                + TEXT.encode("cp1252", "xmlcharrefreplace"),
                "cp1252",
            ),
        ],
    )
    def test_stated_encodings(self, data: bytes, noted: str | None) -> None:
        read = document(data)
        assert read.text == "Alter ≥ 18 Jahre, 5 µg\n"
        assert read.notes.get("encoding") == noted

    def test_a_byte_order_mark_counts_more_than_what_is_declared(self) -> None:
        assert document(codecs.BOM_UTF8 + b"<meta charset=cp1252>" + "≥ 18".encode()).text == "≥ 18\n"

    def test_a_nul_byte(self) -> None:
        assert failure(b"<p>Age\0 18</p>", "html").code == "binary"


class TestFailures:
    @pytest.mark.parametrize(
        "data", [b"", b" \n", b"<html></html>", b"<script>Age 18</script>", b"<!--", b"<!" * 50_000, b"<img src=a>"]
    )
    def test_a_page_without_text(self, data: bytes) -> None:
        assert failure(data, "html").code == "empty"

    def test_a_page_that_is_too_large(self) -> None:
        found = failure(b"<p>" + b"x" * 100, "html", ReadOptions(input_format="html", max_document=100))
        assert found.code == "too_large"

    def test_entities_of_a_doctype_are_not_expanded(self) -> None:
        entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 20))
        text = _text(f"<!DOCTYPE html [<!ENTITY l0 'ha'>{entities}]><html><body><p>Age 18 &l19;</p></body></html>")
        assert "Age 18 &l19;" in text
        assert "haha" not in text

    @pytest.mark.parametrize("part", PARTS.split(" "))
    def test_a_page_of_one_thing_only_ends(self, part: str) -> None:
        found = read_bytes((part * (200_000 // len(part)) + " Age 18 years").encode(), "html")
        assert len(found) == 1

    def test_nothing_is_fetched_and_nothing_said(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def forbidden(*_: object, **__: object) -> None:
            raise AssertionError("a socket was opened")

        monkeypatch.setattr(socket, "socket", forbidden)
        page = '<!DOCTYPE html SYSTEM "http://host.invalid/a.dtd"><base href="http://host.invalid/"><img src="a.png">'
        with caplog.at_level(logging.DEBUG):
            assert _text(page + "<p>Age 18</p>") == "Age 18\n"
        assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


TAGS = (
    "div p b sup sub table tr td th ul ol li dl dt dd br pre nav aside footer button form h1 h2 title head body html "
    "script style details summary span a select option svg math template noscript frameset meta label"
)
SIGNS = ["<", "&lt;", "&#0;", "&#x1;", "\x01", "\x0c", "\r\n", "\n- ", "<!--", "-->", "<![CDATA[", "\ufeff", "10"]
WHOLE = ["<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE html>", "Age 18 years", "Inclusion criteria"]
PIECES = st.one_of(
    st.builds(str.format, st.sampled_from(["<{}>", "</{}>", "<{} class='nav-menu'>"]), st.sampled_from(TAGS.split())),
    st.sampled_from([*SIGNS, *WHOLE]),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_markup_gives_text_or_a_failure(pieces: list[str]) -> None:
    [found] = read_bytes("".join(pieces).encode("utf-8", "replace"), "html")
    if isinstance(found, ReadFailure):
        assert found.code in ("empty", "binary", "encoding")
    else:
        lines = found.text.split("\n")
        assert lines[0]
        assert lines[-2]
        assert lines[-1] == ""
        assert "\r" not in found.text
        assert "\n\n\n" not in found.text


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_text_or_a_failure(data: bytes) -> None:
    assert len(read_bytes(data, "html")) == 1


def test_lists_of_criteria_side_by_side_are_put_below_each_other() -> None:
    rows = "<tr><th>Inclusion criteria</th><th>Exclusion criteria</th></tr>"
    rows += "<tr><td>Hemoglobin ≥ 9 g/dL</td><td>ALT &gt; 3 x ULN</td></tr>"
    rows += "<tr><td><ul><li>Platelets ≥ 100 x 10^9/L</li></ul></td><td><ul><li>INR &gt; 1.5</li></ul></td></tr>"
    text = _text(f"<h1>A trial</h1><p>It tells who may take part.</p><table>{rows}</table>")
    assert [part for part in text.split("\n") if part][2:] == [
        "Inclusion criteria",
        "Hemoglobin ≥ 9 g/dL",
        "- Platelets ≥ 100 x 10^9/L",
        "Exclusion criteria",
        "ALT > 3 x ULN",
        "- INR > 1.5",
    ]
