"""How large the pages are, how long they take to write, and when a browser shows them.

    python -m benchmarks.pages corpus/dev.jsonl
    python -m benchmarks.pages GOLD.jsonl --texts FILE.jsonl.gz --limit 1000

GOLD is evaluated as `trialsift evaluate` does it; then every fact counts as missed, over again until there are
2,000 errors, and the report is written of these; the viewer shows the texts of FILE (by default those of GOLD). First
paint is the browser's own figure for a page opened from disk; filter and search are the times from the event to the
next frame. Needs Chromium on the path and Playwright.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.corpus import read_texts
from trialsift.evaluation import evaluate
from trialsift.gold import GoldDocument, read_gold, write_gold
from trialsift.runs.evaluate.run import extract
from trialsift.runs.evaluate.write import REPORT, write_results
from trialsift.runs.view import write_view

FRAME = "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now() - before))))"
FILTER = f"""() => {{ const select = document.querySelector('select[name=label]'); const before = performance.now();
  select.selectedIndex = 1; select.dispatchEvent(new Event('change', {{bubbles: true}})); return {FRAME}; }}"""
SEARCH = f"""() => {{ const form = document.getElementById('search'); const before = performance.now();
  form.elements.words.value = 'creatinine'; form.requestSubmit(); return {FRAME}; }}"""


def report_of(gold: list[GoldDocument], predicted: list[GoldDocument], folder: Path) -> Path:
    """The report as the command writes it."""
    evaluation = evaluate(gold, predicted, 1000)
    run = {"gold": "gold.jsonl", "predictions": "predictions.jsonl", "bootstrap": {"resamples": 1000}}
    write_results(folder, {"run": run, **evaluation.to_json()}, evaluation.errors, gold, predicted)
    return folder / REPORT


def many_errors(gold: list[GoldDocument], wanted: int) -> list[GoldDocument]:
    """The documents again and again under other names, until they hold so many facts."""
    result: list[GoldDocument] = []
    facts = turn = 0
    if not any(document.spans for document in gold):
        raise SystemExit("gold without facts has no errors to show")
    while facts < wanted:
        for document in gold:
            result.append(replace(document, doc_id=f"{document.doc_id}-{turn}"))
            facts += len(document.spans)
            if facts >= wanted:
                break
        turn += 1
    return result


def opened(browser: Any, path: Path, action: str, rounds: int) -> tuple[float, float]:
    """Medians, in milliseconds: first contentful paint, and from an action to the next frame."""
    paints, reactions = [], []
    for _ in range(rounds):
        page = browser.new_page()
        page.goto(path.as_uri())
        page.wait_for_timeout(300)
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        reactions.append(page.evaluate(action))
        page.close()
    return statistics.median(paints), statistics.median(reactions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    gold = read_gold(options.gold)
    texts = read_texts(options.texts, options.limit) if options.texts else [document.text for document in gold]
    viewed = extract([GoldDocument(f"document-{number}", text) for number, text in enumerate(texts)])
    predicted = extract(gold)
    large = many_errors(gold, 2000)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_gold(folder / "run.jsonl", viewed)
        view = folder / "view.html"
        pages: list[tuple[str, str, Callable[[], Path]]] = [
            (f"report, {len(gold)} documents", FILTER, lambda: report_of(gold, predicted, folder / "report")),
            ("report, 2,000 errors or more", FILTER, lambda: report_of(large, [], folder / "errors")),
            (
                f"view, {len(viewed):,} documents",
                SEARCH,
                lambda: write_view(folder / "run.jsonl", view).path,
            ),
        ]
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            print(f"{'':<32}{'MB':>8}{'written, s':>12}{'first paint, ms':>17}{'filter, search, ms':>20}")
            for what, action, write in pages:
                started = time.perf_counter()
                path = write()
                seconds = time.perf_counter() - started
                paint, reaction = opened(browser, path, action, options.rounds)
                size = path.stat().st_size / 1e6
                print(f"{what:<32}{size:>8.2f}{seconds:>12.1f}{paint:>17.0f}{reaction:>20.0f}", flush=True)
            browser.close()


if __name__ == "__main__":
    main()
