"""The page of patients and trials in a browser: what it lists, filters and tells, and that it runs nothing foreign."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.documents import HOSTILE
from tests.reports.matches import render_hostile, write_page

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(tmp_path_factory.mktemp("matches") / "matches.html")


def wait_for(page: Any, selector: str, number: int) -> None:
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_count(number)


def test_filters_and_criteria(matches: Path, open_page: Open) -> None:
    page = open_page(matches)
    assert page.locator(".pair").count() == 8
    assert page.locator("#list h2").all_text_contents() == ["A", "B"]
    assert "Not a medical device." in page.locator("header").inner_text()
    page.get_by_role("button", name="B", exact=True).click()
    wait_for(page, ".pair", 4)
    page.get_by_role("combobox", name="Verdict", exact=True).select_option("not eligible")
    wait_for(page, ".pair", 3)
    page.get_by_role("searchbox").fill("karnofsky")
    wait_for(page, ".pair", 1)
    page.locator("summary h3").focus()
    page.locator(".pair > summary").press("Enter")
    wait_for(page, ".judged", 2)
    told = page.locator(".judged").nth(1).inner_text()
    for words in ("✗ not met", "Karnofsky performance status of at least 80", "characters 41–86", "Patient: KPS 60"):
        assert words in told
    page.reload()  # the filters stand in the address
    wait_for(page, ".pair", 1)
    page.get_by_role("button", name="Clear").click()
    wait_for(page, ".pair", 8)


def test_what_is_compared_is_told(matches: Path, open_page: Open) -> None:
    page = open_page(matches, fragment="#?patient=0&words=NCT01234567")
    summary = page.locator(".pair > summary")
    assert "4 of 5 criteria met, 1 unknown" in summary.inner_text()
    assert "creatinine clearance ≥ 60 mL/min (no result of creatinine" in summary.inner_text()
    page.get_by_role("button", name="Open all").click()
    told = page.locator(".judged").nth(2).inner_text()
    assert "AST 150 U/L (ULN 40) = AST 3.75 × ULN" in told
    assert "applies to this patient: if liver metastases" in told
    assert page.get_by_role("link", name="NCT01234567").get_attribute("href").endswith("/study/NCT01234567")


def test_what_is_left_out_is_said(tmp_path: Path, open_page: Open) -> None:
    page = open_page(write_page(tmp_path / "few.html", most=1))
    assert page.locator(".pair").count() == 4
    assert "Not on this page: 2 of the verdicts “eligible so far” and 2" in page.locator("#left-out").inner_text()
    assert "the first 1 of 3 eligible so far, 1 not eligible" in page.locator("#list section").first.inner_text()


def test_text_of_trials_is_shown_and_never_run(tmp_path: Path, open_page: Open) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(render_hostile(), encoding="utf-8")
    page = open_page(path)
    page.get_by_role("button", name="Open all").click()
    for number, text in enumerate(HOSTILE):
        assert text in page.locator(".quoted").nth(number).text_content()
    assert page.evaluate("window.ran") is None
    assert page.locator("a.trap, main img, main svg, main script, main a").count() == 0


@pytest.mark.parametrize(
    ("name", "options"),
    [("light", {"width": 1280}), ("dark", {"width": 400, "color_scheme": "dark"})],
)
def test_accessibility_and_pictures(
    matches: Path, open_page: Open, screenshots: Path, name: str, options: dict[str, Any]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_page(matches, bypass_csp=True, **options)
    page.get_by_role("button", name="Open all").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    page.screenshot(path=screenshots / f"matches-{name}.png", full_page=True)
    violations = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
