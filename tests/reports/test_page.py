"""What a browser may do with a page, without a browser."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from tests.reports.builders import bare_scores
from tests.reports.documents import age, document, hostile
from tests.reports.matches import render_hostile
from trialsift.evaluation import evaluate
from trialsift.gold import GoldDocument
from trialsift.reports.report import render_report
from trialsift.reports.view import render_view

SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def report(gold: list[GoldDocument], predicted: list[GoldDocument]) -> str:
    evaluation = evaluate(gold, predicted, resamples=10)
    return render_report(bare_scores(evaluation), evaluation.errors, gold, predicted)


PAGES = {"report": report(*hostile()), "view": render_view(hostile()[1], "<b>"), "matches": render_hostile()}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_only_its_own_scripts_may_run(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in SCRIPT.findall(page)]
    assert len(hashes) >= 2
    allowed = " ".join(f"&#39;sha256-{each}&#39;" for each in hashes)
    assert policy[1] == (
        f"default-src &#39;none&#39;; script-src {allowed}; style-src &#39;unsafe-inline&#39;; img-src data:; "
        "base-uri &#39;none&#39;; form-action &#39;none&#39;"
    )


@pytest.mark.parametrize(("page", "scripts"), [(PAGES["report"], 2), (PAGES["matches"], 4)], ids=["report", "matches"])
def test_nothing_of_a_document_is_markup(page: str, scripts: int) -> None:
    assert len(re.findall(r"<script\b", page)) == len(re.findall(r"</script", page)) == scripts
    assert not re.search(r"<(img|svg|a [^>]*class=trap)", page)
    assert "&lt;script&gt;window.ran = 1&lt;/script&gt;" in page


def test_errors_of_predictions_without_a_rule_are_counted() -> None:
    gold = [document("d", "aged 20, aged 30", age("20", 20), age("30", 30))]
    predicted = [document("d", "aged 20, aged 30", age("20", 21), age("30", 31))]
    row = re.search(r"\(none named\).*?</tr>", report(gold, predicted), re.DOTALL)
    assert row
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", row[0])
    assert cells == ["2", "2", "0", "0.000", "0.000", "2"]


def test_facts_nearby_are_marked_too() -> None:
    gold = [document("d", "aged 20, aged 30", age("20", 20), age("30", 30))]
    page = report(gold, [document("d", "aged 20, aged 30", age("20", 20))])
    assert '<mark class="main">30</mark>' in page
    assert page.count('<mark class="other" title="AGE: 20">20</mark>') == 2
