"""The page of a review in a browser: driven by the keyboard, kept over a reload, exported, imported, applied."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.documents import HOSTILE, hostile
from tests.runs.review.builders import make_run
from trialsift.reports.review import render_review
from trialsift.rules.files import find_patterns, patterns_dir
from trialsift.runs.read import read_run
from trialsift.runs.review.apply import apply_decisions
from trialsift.runs.review.page import make_page_data
from trialsift.runs.review.queue import Item, Queue, Reviewed
from trialsift.runs.review.readings import read_readings
from trialsift.runs.review.write import write_review

Open = Callable[..., Any]
_DECIDED = "#progress-words"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run(tmp_path_factory.mktemp("review-page"))
    write_review(folder, patterns=find_patterns())
    return folder


def sign(page: Any, name: str = "AB") -> None:
    page.locator("#by").fill(name)
    page.locator("#by").press("Enter")


def seek(page: Any, words: str) -> None:
    """Goes to the item with these words, by the keyboard."""
    for _ in range(page.locator("#queue li").count()):
        if words in page.locator("#reading").inner_text():
            return
        page.keyboard.press("j")
    raise AssertionError(f"no item {words!r}; the last is {page.locator('#reading').inner_text()!r}")


def back_to_the_first(page: Any) -> None:
    for _ in range(page.locator("#queue li").count()):
        page.keyboard.press("k")


def export(page: Any, path: Path) -> list[dict[str, Any]]:
    with page.expect_download() as waiting:
        page.keyboard.press("x")
    waiting.value.save_as(path)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def is_decided(page: Any, number: int) -> None:
    from playwright.sync_api import expect

    expect(page.locator(_DECIDED)).to_contain_text(f"{number} of ")


def test_decided_by_keyboard_kept_exported_and_applied(run: Path, open_page: Open, tmp_path: Path) -> None:
    page = open_page(run / "review.html")
    page.keyboard.press("a")  # says first who decides
    assert "Type your name" in page.locator("#message").inner_text()
    sign(page)
    assert "100000 /mL" in page.locator("#reading").inner_text()
    page.keyboard.press("e")
    page.keyboard.type(">= 100,000 /uL")
    assert page.locator("#value-told").inner_text() == "Read as ≥ 100000 /uL"
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.keyboard.press("r")
    is_decided(page, 4)
    page.keyboard.press("u")
    is_decided(page, 3)
    page.reload()
    is_decided(page, 3)
    assert page.locator("#by").input_value() == "AB"
    back_to_the_first(page)
    seek(page, "ast ≤ 2.5 ULN")
    page.keyboard.press("m")
    page.keyboard.type("100,000 /mL")
    page.keyboard.press("Enter")
    page.locator("#edit [name=analyte]").fill("leukocytes")
    page.keyboard.press("Enter")
    page.keyboard.press("d")
    made = export(page, tmp_path / "decisions.jsonl")
    assert [one["action"] for one in made] == ["correct", "accept", "accept", "add", "read"]
    assert made[0]["value"] == ">= 100,000 /uL"
    assert {one["by"] for one in made} == {"AB"}
    done = apply_decisions(run, [tmp_path / "decisions.jsonl"], tmp_path / "out", patterns=find_patterns())
    assert done.decisions == 5
    labs = read_run(tmp_path / "out")["labs"]
    assert labs.loc[labs["rule"] == "review", ["analyte", "unit"]].to_numpy().tolist() == [
        ["platelets", "/uL"],
        ["leukocytes", "/mL"],
    ]


def test_a_proposal_by_its_number(run: Path, open_page: Open, tmp_path: Path) -> None:
    page = open_page(run / "review.html")
    sign(page)
    seek(page, "alt ≤ 2.5 ULN")
    assert "ast ≤ 2.5 ULN" in page.locator("#proposal-list").inner_text()
    page.keyboard.press("1")
    (made,) = export(page, tmp_path / "decisions.jsonl")
    assert (made["action"], made["attributes"]) == ("correct", {"analyte": "ast"})


def test_marked_text_is_added(run: Path, open_page: Open, tmp_path: Path) -> None:
    page = open_page(run / "review.html")
    sign(page)
    seek(page, "radiation total 50 Gy")
    page.evaluate(
        """() => {
          const nodes = [...document.querySelectorAll("#text [data-start]")];
          const node = nodes.find((one) => one.textContent.includes("🏥")).firstChild;
          const range = document.createRange();
          range.setStart(node, node.textContent.indexOf("🏥"));
          range.setEnd(node, node.textContent.indexOf("Age") + 4);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    page.keyboard.press("m")
    page.locator("#edit [name=label]").select_option("AGE")
    page.locator("#edit [name=value]").fill("18-70 years")
    page.keyboard.press("Enter")
    (made,) = export(page, tmp_path / "decisions.jsonl")
    assert made["text"] == "🏥 Age"
    assert made["end"] - made["start"] == 5
    assert made["attributes"]["high"] == 70


def test_another_annotators_file_is_imported(run: Path, open_page: Open, tmp_path: Path) -> None:
    page = open_page(run / "review.html")
    sign(page)
    page.keyboard.press("a")
    export(page, tmp_path / "one.jsonl")
    page.keyboard.press("u")
    is_decided(page, 0)
    page.locator("#import").set_input_files(tmp_path / "one.jsonl")
    is_decided(page, 1)
    (tmp_path / "bad.jsonl").write_text('{"doc_id": 1}\n', encoding="utf-8")
    page.locator("#import").set_input_files(tmp_path / "bad.jsonl")
    page.locator("#message.bad").wait_for()
    assert "bad.jsonl: line 1 is no decision" in page.locator("#message").inner_text()
    is_decided(page, 1)


def test_filters(run: Path, open_page: Open) -> None:
    from playwright.sync_api import expect

    page = open_page(run / "review.html")
    sign(page)
    page.keyboard.press("/")
    page.keyboard.type("registry")
    expect(page.locator("#queue li")).to_have_count(2)
    page.locator("#filters [name=condition]").select_option("Sarcoma")
    page.locator("#filters [name=reason]").select_option("only in registry")
    expect(page.locator("#queue li")).to_have_count(1)
    assert "age high 75 Years" in page.locator("#reading").inner_text()
    page.get_by_role("button", name="Clear").click()
    page.locator("#filters [name=label]").select_option("FRACTIONS")
    expect(page.locator("#queue li")).to_have_count(1)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (">= 1.5 x ULN", "Read as ≥ 1.5 ULN"),
        ("at most 2.5 times the ULN", "Read as ≤ 2.5 ULN"),
        ("> 5 and < 10 mg/dL", "Read as > 5 and < 10 mg/dL"),
        ("100,000 - 150,000 /mm3", "Read as 100000–150000 /uL"),
        ("between 4 and 6 g/dL", "Read as 4–6 g/dL"),
        ("≤ ULN", "Read as ≤ 1 ULN"),
        ("9-8", "9 is above 8."),
        ("normal", "No value: type one such as >= 1.5 x ULN, 18-70 years, 50 Gy."),
    ],
)
def test_what_is_typed_is_read_at_once(run: Path, open_page: Open, typed: str, told: str) -> None:
    page = open_page(run / "review.html")
    page.keyboard.press("e")
    page.locator("#edit [name=value]").fill(typed)
    assert page.locator("#value-told").inner_text() == told


def test_text_of_documents_is_shown_and_never_run(tmp_path: Path, open_page: Open) -> None:
    predicted = hostile()[1]
    documents = {one.doc_id: Reviewed(one, one.text, HOSTILE[0]) for one in predicted}
    items = [
        Item(one.doc_id, "fact", 0, span.start, span.end, span.label, span.text, text, 0.5, ("implausible",), (text,))
        for one, text in zip(predicted, HOSTILE, strict=True)
        for span in one.spans[:1]
    ]
    data = make_page_data(Queue(items, documents), items, read_readings(patterns_dir()), [("AGE", "#eee")], "key")
    (tmp_path / "hostile.html").write_text(render_review(HOSTILE[1], data, 8), encoding="utf-8")
    page = open_page(tmp_path / "hostile.html")
    for text in HOSTILE:
        assert text in page.locator("#reading").text_content()
        assert text in page.locator("#text").text_content()
        page.keyboard.press("j")
    assert page.evaluate("window.ran") is None
    assert page.locator("a.trap, main img, main svg, main script").count() == 0


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {"width": 1280}),
        ("dark", {"width": 1280, "color_scheme": "dark"}),
        ("light-narrow", {"width": 400}),
        ("dark-narrow", {"width": 400, "color_scheme": "dark"}),
    ],
)
def test_accessibility_and_pictures(
    run: Path, open_page: Open, screenshots: Path, name: str, options: dict[str, Any]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_page(run / "review.html", bypass_csp=True, **options)
    sign(page)
    for key in ("a", "r", "e"):
        page.keyboard.press(key)
    page.locator("#filter-box > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    page.screenshot(path=screenshots / f"review-{name}.png", full_page=True)
    violations = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
