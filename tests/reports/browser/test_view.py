"""The viewer in a browser: from a fact to its text and back, search, and never running what a document holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.documents import HOSTILE, age, document, hostile, radiotherapy
from tests.support.paths import ROOT
from trialsift.gold import GoldDocument, read_gold
from trialsift.model.fact import Scalar
from trialsift.reports.view import render_view

CORPUS = ROOT / "corpus" / "dev.jsonl"
Open = Callable[..., Any]


def written(folder: Path, documents: list[GoldDocument]) -> Path:
    path = folder / "view.html"
    path.write_text(render_view(documents, "A run <b>"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def documents() -> list[GoldDocument]:
    return read_gold(CORPUS)


@pytest.fixture(scope="module")
def view(documents: list[GoldDocument], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("view"), documents)


def wait_for(page: Any, selector: str, number: int) -> None:
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_count(number)


def marked(page: Any, fact: int) -> str:
    """The characters of the text that are marked as a fact, which counts from 0."""
    parts = page.eval_on_selector_all(
        "a.fact", f"n => n.filter(e => e.dataset.facts.split(' ').includes('{fact}')).map(e => e.textContent)"
    )
    return "".join(parts)


def test_every_fact_is_marked_where_it_stands(view: Path, documents: list[GoldDocument], open_page: Open) -> None:
    page = open_page(view)
    for one in documents:
        page.evaluate("id => { location.hash = encodeURIComponent(id) }", one.doc_id)
        page.get_by_role("heading", name=one.doc_id, exact=True).wait_for()
        parts = page.eval_on_selector_all("a.fact", "n => n.map(e => [e.dataset.facts.split(' '), e.textContent])")
        for number, span in enumerate(one.spans):
            shown = "".join(text for facts, text in parts if str(number) in facts)
            assert "".join(shown.split()) == "".join(span.text.split()), (one.doc_id, number)
        assert page.locator("tr[data-fact]").count() == len(one.spans)
        assert page.locator("li.prescription").count() == len(one.regimens)


def test_text_and_structure_are_complete(view: Path, documents: list[GoldDocument], open_page: Open) -> None:
    page = open_page(view)
    for one in documents:
        page.evaluate("id => { location.hash = encodeURIComponent(id) }", one.doc_id)
        page.get_by_role("heading", name=one.doc_id, exact=True).wait_for()
        lines = page.eval_on_selector_all("#text .line", "n => n.map(e => e.textContent)")
        assert "".join("".join(lines).split()) == "".join(one.text.split())


def test_sections_are_named_with_their_polarity(tmp_path: Path, open_page: Open) -> None:
    text = "Brief Summary:\nx\nInclusion Criteria:\n- a\nExclusion Criteria:\n- b"
    page = open_page(written(tmp_path, [GoldDocument("d", text)]))
    assert page.locator("#text h3").all_text_contents()[-2:] == ["inclusion", "exclusion"]
    assert page.locator("section.exclusion .line").all_text_contents() == ["Exclusion Criteria:", "- b"]


def test_from_the_table_to_the_text_and_back(tmp_path: Path, open_page: Open) -> None:
    one = radiotherapy()
    page = open_page(written(tmp_path, [GoldDocument("first", "x"), one]))
    page.get_by_role("link", name="rt").click()
    page.locator('tr[data-fact="2"] a').click()
    wait_for(page, "a.fact.here:focus", 1)
    assert page.evaluate("document.activeElement.textContent") == "≥ 18 years"
    assert page.evaluate("location.hash") == "#rt/3"
    page.keyboard.press("Enter")  # the mark is a link back to the row
    wait_for(page, 'tr[data-fact="2"] :focus', 1)
    page.go_back()
    page.go_back()
    assert page.get_by_role("heading", name="first", exact=True).is_visible()


def test_two_facts_on_the_same_characters(tmp_path: Path, open_page: Open) -> None:
    page = open_page(written(tmp_path, [radiotherapy()]), fragment="#rt/5")
    assert marked(page, 3) == marked(page, 4) == "≤ 3 x ULN"
    assert page.locator("a.fact.here").get_attribute("data-tag") == "alt ≤ 3 ULN · ast ≤ 3 ULN"
    assert page.locator("tr.here").get_attribute("data-fact") == "4"


def test_alternatives_stand_on_one_card(tmp_path: Path, open_page: Open) -> None:
    text = "Inclusion Criteria:\n- Age ≥ 40 years\n- Men ≥ 21 years\n- Women ≥ 20 years"
    pair = (age("≥ 21 years", 21, any_of=1), age("≥ 20 years", 20, any_of=1))
    one = document("d", text, pair[0], age("≥ 40 years", 40), pair[1])
    page = open_page(written(tmp_path, [one]), fragment="#d/1")
    card = page.locator("tbody.alternatives")
    assert card.locator("th").text_content() == "Alternatives 1: one is enough"
    assert card.locator("tr").evaluate_all("n => n.map(e => e.dataset.fact ?? e.textContent)")[1:] == ["0", "or", "2"]
    assert page.locator("a.fact.here").text_content() == "≥ 21 years"
    assert page.locator("a.fact.beside").text_content() == "≥ 20 years"
    card.get_by_role("link").nth(1).press("Enter")
    wait_for(page, "a.fact.here:focus", 1)
    assert page.locator("a.fact.beside").text_content() == "≥ 21 years"
    page.locator('tr[data-fact="1"] a').click()
    wait_for(page, ".beside", 0)


def test_a_regimen_is_drawn_as_a_prescription(tmp_path: Path, open_page: Open) -> None:
    page = open_page(written(tmp_path, [radiotherapy()]))
    card = page.locator("li.prescription")
    assert card.locator(".part").all_text_contents() == [
        "16 fractions (computed)",
        "2.5 Gy per fraction",
        "40 Gy in total",
    ]
    card.get_by_role("link", name="2.5 Gy").click()
    wait_for(page, "a.fact.here:focus", 1)
    assert marked(page, 1) == page.evaluate("document.activeElement.textContent") == "2.5 Gy"


def test_search_over_documents_and_facts(view: Path, documents: list[GoldDocument], open_page: Open) -> None:
    page = open_page(view)
    search = page.get_by_role("searchbox")
    wanted = [d for d in documents if any(s.attributes.get("analyte") == "creatinine_clearance" for s in d.spans)]
    facts = [s for d in wanted for s in d.spans if s.attributes.get("analyte") == "creatinine_clearance"]
    search.fill("creatinine_clearance")
    wait_for(page, "#found-rows tr", len(facts))
    visible = page.locator("#documents li:not([hidden]) a")
    assert visible.count() == len(wanted) > 0
    page.locator("#found-rows a").first.click()
    assert page.locator("#document-heading").inner_text() == wanted[0].doc_id
    wait_for(page, "a.fact.here:focus", 1)
    page.get_by_role("combobox", name="Polarity", exact=True).select_option("exclusion")
    wait_for(page, "#found-rows tr", sum(s.attributes["polarity"] == "exclusion" for s in facts))
    page.get_by_role("button", name="Clear").click()
    wait_for(page, "#documents li:not([hidden])", len(documents))
    assert not page.locator("#found").is_visible()


def test_a_fact_is_found_by_the_words_of_its_line(tmp_path: Path, open_page: Open) -> None:
    page = open_page(written(tmp_path, [radiotherapy()]))
    page.get_by_role("searchbox").fill("whole breast 40")
    wait_for(page, "#found-rows tr", 2)
    page.get_by_role("searchbox").fill("whole breast inclusion")
    wait_for(page, "#found-rows tr", 0)


def test_text_of_documents_is_shown_and_never_run(tmp_path: Path, open_page: Open) -> None:
    _, predicted = hostile()
    page = open_page(written(tmp_path, predicted))
    for one, text in zip(predicted, HOSTILE, strict=True):
        page.evaluate("id => { location.hash = encodeURIComponent(id) }", one.doc_id)
        heading = page.locator("#document-heading")
        assert heading.text_content() == one.doc_id
        assert "".join(text.split()) in "".join(page.locator("#text").text_content().split())
    page.get_by_role("searchbox").fill("window.ran")
    facts = [(one, span) for one in predicted for span in one.spans]
    lines = [one.text.count("\n", 0, span.start) for one, span in facts]
    found = sum("window.ran" in one.text.split("\n")[n] + one.doc_id for (one, _), n in zip(facts, lines, strict=True))
    wait_for(page, "#found-rows tr", found)
    assert page.evaluate("window.ran") is None
    assert page.locator("a.trap, #text img, #text svg, #text script").count() == 0
    assert page.get_by_role("heading", level=1).inner_text() == "A run <b>"


def test_what_makes_a_fact_mean_less_stands_beside_it(tmp_path: Path, open_page: Open) -> None:
    text = "Earlier: 50 Gy. Exclusion Criteria:\n- Age ≥ 80 years"
    gray: dict[str, Scalar] = {"modality": "radiation", "role": "total", "low": 50, "high": 50, "unit": "Gy"}
    stated = document(
        "d",
        text,
        ("DOSE", "50 Gy", {**gray, "polarity": "none", "historical": True}),
        age("≥ 80 years", 80, polarity="exclusion"),
    )
    page = open_page(written(tmp_path, [stated]))
    tags = page.eval_on_selector_all("a.fact", "n => n.map(e => e.dataset.tag)")
    assert tags == ["radiation total 50 Gy; historical", "age ≥ 80 years; exclusion"]
    page.get_by_role("combobox", name="Label", exact=True).select_option("AGE")
    wait_for(page, "#found-rows tr", 1)
    assert "age ≥ 80 years; exclusion" in page.locator("#found-rows").inner_text()


def test_prescriptions_are_found_whatever_the_dash_and_the_sign(tmp_path: Path, open_page: Open) -> None:
    page = open_page(written(tmp_path, [radiotherapy(), GoldDocument("other", "nothing")]))
    page.get_by_role("searchbox").fill("16 x 2.5")
    wait_for(page, "#documents li:not([hidden])", 1)
    page.get_by_role("searchbox").fill("16 × 2.5")
    wait_for(page, "#documents li:not([hidden])", 1)


def test_on_a_telephone_a_document_and_what_was_found_come_into_sight(tmp_path: Path, open_page: Open) -> None:
    many = [document(f"d{n}", f"- Age ≥ {n} years" + " and so on" * 300, age(f"≥ {n} years", n)) for n in range(30)]
    page = open_page(written(tmp_path, many), width=360, height=740)
    page.get_by_role("link", name="d3 ").first.click()
    assert page.evaluate("document.getElementById('document-heading').getBoundingClientRect().top") < 100
    page.get_by_role("searchbox").fill("and so on")
    wait_for(page, "#found-rows tr", 30)
    top = "document.getElementById('{}').getBoundingClientRect().top"
    assert page.evaluate(top.format("found")) < page.evaluate(top.format("text"))


def test_a_thousand_documents(tmp_path: Path, open_page: Open) -> None:
    many = [
        document(f"d{number}", f"- Age ≥ {number} years" + " and so on" * 300, age(f"≥ {number} years", number))
        for number in range(1000)
    ]
    page = open_page(written(tmp_path, many), fragment="#d777/1")
    assert marked(page, 0) == "≥ 777 years"
    page.get_by_role("searchbox").fill("d999")
    wait_for(page, "#documents li:not([hidden])", 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(view: Path, open_page: Open, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_page(view, color_scheme=scheme, bypass_csp=True, fragment="#NCT99000101/9")
    violations = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []


@pytest.mark.parametrize(
    ("name", "options"), [("light", {}), ("dark", {"color_scheme": "dark"}), ("narrow", {"width": 360})]
)
def test_pictures_to_look_at(
    view: Path, open_page: Open, screenshots: Path, name: str, options: dict[str, Any]
) -> None:
    page = open_page(view, fragment="#NCT99000101/9", **options)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    page.screenshot(path=screenshots / f"view-{name}.png")
