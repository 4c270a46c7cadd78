"""The report in a browser: what it shows, filters, and never runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.documents import HOSTILE, hostile
from tests.support.paths import ROOT
from trialsift.evaluation import evaluate
from trialsift.evaluation.comparison import compare
from trialsift.gold import GoldDocument, GoldSpan, read_gold
from trialsift.reports.report import format_number
from trialsift.runs.evaluate.write import write_results

CORPUS = ROOT / "corpus" / "dev.jsonl"
Open = Callable[..., Any]


def flawed(documents: list[GoldDocument]) -> list[GoldDocument]:
    """Predictions with errors of every kind: every fifth fact is missed, every seventh wrong, some made up."""
    result = []
    for number, document in enumerate(documents):
        spans = []
        for span in document.spans:
            turn = span.id + number
            low = span.attributes.get("low")
            attributes = dict(span.attributes)
            if turn % 5 == 0:
                continue
            if turn % 7 == 0 and isinstance(low, (int, float)):
                attributes["low"] = low + 1
            if turn % 11 == 0:
                attributes["polarity"] = "exclusion"
            spans.append(
                GoldSpan(span.id, span.start, span.end, span.label, span.text, attributes, f"{span.label.lower()}.rule")
            )
        if len(document.text) > 60:
            spans.append(
                GoldSpan(9999, 50, 55, "LAB", document.text[50:55], {"analyte": "alt", "low": number}, "lab.made_up")
            )
        kept = {span.id for span in spans}
        regimens = tuple(r for r in document.regimens if set(r.facts) <= kept)
        result.append(GoldDocument(document.doc_id, document.text, tuple(spans), regimens))
    return result


def written(folder: Path, gold: list[GoldDocument], predicted: list[GoldDocument]) -> dict[str, Any]:
    """Writes the report of these and of a comparison with nothing found at all; gives `scores.json`."""
    evaluation = evaluate(gold, predicted, resamples=50)
    before = evaluate(gold, [], resamples=50)
    run = {"gold": "corpus/dev.jsonl", "predictions": "pred.jsonl", "bootstrap": {"resamples": 50}}
    comparison = {"against": "earlier/scores.json", **compare(before.to_json(), evaluation, 50).to_json()}
    scores = {"run": run, **evaluation.to_json(), "comparison": comparison}
    write_results(folder, scores, evaluation.errors, gold, predicted)
    return json.loads((folder / "scores.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("report")
    gold = read_gold(CORPUS)
    scores = written(folder, gold, flawed(gold))
    return folder / "report.html", scores


SHOWN = "article.error:not([hidden])"


def shown(page: Any) -> int:
    return int(page.locator(SHOWN).count())


def wait_until_shown(page: Any, number: int) -> None:
    from playwright.sync_api import expect

    expect(page.locator(SHOWN)).to_have_count(number)


def test_every_number_is_that_of_scores_json(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, scores = report
    cells = open_page(path).eval_on_selector_all("[data-pointer]", "n => n.map(e => [e.dataset.pointer, e.innerText])")
    assert len(cells) > 300
    for pointer, words in cells:
        value: Any = scores
        keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
        for key in keys:
            value = value[int(key)] if isinstance(value, list) else value[key]
        signed = keys[0] == "comparison" and keys[-1] in ("difference", "interval")
        assert words == format_number(value, signed), pointer


def test_the_tables_leave_nothing_out(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, scores = report
    pointers = set(open_page(path).eval_on_selector_all("[data-pointer]", "n => n.map(e => e.dataset.pointer)"))
    for label in scores["labels"]:
        for level in ("detection", "value", "exact"):
            assert {f"/labels/{label}/{level}/{rate}" for rate in ("precision", "recall", "f1")} <= pointers
    for name in ("rules", "confusion", "error_classes"):
        key = "right" if name == "rules" else "count"
        assert {f"/{name}/{i}/{key}" for i in range(len(scores[name]))} <= pointers
    assert {f"/attributes/{name}/accuracy" for name in scores["attributes"]} <= pointers


def test_filters(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, scores = report
    page = open_page(path)
    errors = scores["errors"]
    assert shown(page) == len(errors)
    by_label = Counter(error["label"] for error in errors)
    page.get_by_role("combobox", name="Label", exact=True).select_option("LAB")
    assert shown(page) == by_label["LAB"]
    page.get_by_role("combobox", name="Class", exact=True).select_option("missed")
    both = sum(error["label"] == "LAB" and error["error"] == "missed" for error in errors)
    assert 0 < both < by_label["LAB"]
    assert shown(page) == both
    assert page.get_by_role("status").inner_text() == f"{both} of {len(errors)} errors are shown."
    assert page.evaluate("location.hash") == "#?label=LAB&class=missed"
    page.get_by_role("button", name="Clear").click()
    wait_until_shown(page, len(errors))
    page.get_by_role("searchbox").fill("no such words anywhere")
    wait_until_shown(page, 0)


def test_a_number_in_a_table_leads_to_its_errors(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, scores = report
    page = open_page(path)
    for index, row in enumerate(scores["error_classes"]):
        page.locator(f'[data-pointer="/error_classes/{index}/count"] button').click()
        assert shown(page) == row["count"], row
    page.locator("#rules ~ div button", has_text="").first.click()
    assert 0 < shown(page) < len(scores["errors"])


def test_a_filtered_list_can_be_linked_to(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, scores = report
    document = scores["errors"][0]["doc_id"]
    page = open_page(path, fragment=f"#?document={document}")
    assert shown(page) == sum(error["doc_id"] == document for error in scores["errors"])


def test_gold_and_prediction_stand_side_by_side(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, scores = report
    marked = open_page(path).eval_on_selector_all(
        "article.error",
        """nodes => nodes.map(node => ["gold", "predicted"].map(side =>
            Array.from(node.querySelectorAll(`.${side} mark.main`), mark => mark.textContent).join("")))""",
    )
    assert len(marked) == len(scores["errors"])
    for error, sides in zip(scores["errors"], marked, strict=True):
        if not error["error"].endswith("_regimen"):
            assert sides == [error["gold_text"], error["predicted_text"]]


def test_by_keyboard_alone(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    path, _ = report
    page = open_page(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the scores"
    page.locator('[data-pointer^="/error_classes/"] button').first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "errors"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(tmp_path: Path, open_page: Open, scheme: str) -> None:
    """axe-core's rules: contrast, headings, labels, landmarks …"""
    gold = read_gold(CORPUS)[:3]
    written(tmp_path, gold, flawed(gold))
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_page(tmp_path / "report.html", color_scheme=scheme, bypass_csp=True)
    violations = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []


@pytest.mark.parametrize(
    ("name", "options"), [("light", {}), ("dark", {"color_scheme": "dark"}), ("narrow", {"width": 360})]
)
def test_pictures_to_look_at(
    report: tuple[Path, dict[str, Any]], open_page: Open, screenshots: Path, name: str, options: dict[str, Any]
) -> None:
    page = open_page(report[0], **options)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    page.screenshot(path=screenshots / f"report-{name}.png")
    page.locator("#errors").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('errors').scrollIntoView()")
    page.screenshot(path=screenshots / f"report-errors-{name}.png")


def test_in_print_everything_is_there(report: tuple[Path, dict[str, Any]], open_page: Open, screenshots: Path) -> None:
    page = open_page(report[0], color_scheme="dark", width=700)  # A4 less its margins, in CSS pixels
    page.emulate_media(media="print")
    tables = page.eval_on_selector_all("table", "n => n.map(e => e.getBoundingClientRect().right)")
    assert max(tables) <= 700, "what is wider is cut off on paper"
    assert not page.locator("#filters").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.pdf(path=screenshots / "report.pdf")


def test_text_of_documents_is_shown_and_never_run(tmp_path: Path, open_page: Open) -> None:
    gold, predicted = hostile()
    scores = written(tmp_path, gold, predicted)
    page = open_page(tmp_path / "report.html")
    assert page.evaluate("window.ran") is None
    assert page.locator("a.trap, article img, svg[onload]").count() == 0
    assert shown(page) == len(scores["errors"]) > len(HOSTILE)
    everything = page.evaluate("document.querySelector('main').textContent")
    for text in HOSTILE:
        assert text in everything
    page.get_by_role("combobox", name="Document", exact=True).select_option(gold[2].doc_id)
    assert 0 < shown(page) < len(scores["errors"])


def test_no_script_but_its_own_runs(report: tuple[Path, dict[str, Any]], open_page: Open) -> None:
    page = open_page(report[0], expected=("Content Security Policy",))
    page.evaluate(
        """() => { const script = document.createElement("script"); script.textContent = "window.ran = 1";
                  document.body.append(script); }"""
    )
    assert page.evaluate("window.ran") is None


def test_two_thousand_errors(tmp_path: Path, open_page: Open) -> None:
    text = "- Age ≥ 18 years\n" * 100
    spans = tuple(
        GoldSpan(i, 17 * i + 6, 17 * i + 16, "AGE", "≥ 18 years", {"low": 18, "low_inclusive": True, "unit": "a"})
        for i in range(100)
    )
    gold = [GoldDocument(f"d{number}", text, spans) for number in range(20)]
    written(tmp_path, gold, [])
    page = open_page(tmp_path / "report.html")
    assert shown(page) == 2000
    page.get_by_role("combobox", name="Document", exact=True).select_option("d7")
    assert shown(page) == 100
