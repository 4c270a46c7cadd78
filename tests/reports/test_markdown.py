"""The report for a pull request."""

from __future__ import annotations

import pytest

from tests.reports.builders import bare_scores
from tests.reports.documents import HOSTILE, age, document, hostile
from trialsift.evaluation import evaluate
from trialsift.evaluation.comparison import compare
from trialsift.gold import GoldDocument
from trialsift.reports.markdown import MOST_ERRORS, escape, render_markdown


def report(gold: list[GoldDocument], predicted: list[GoldDocument], before: list[GoldDocument] | None = None) -> str:
    evaluation = evaluate(gold, predicted, resamples=20)
    scores = bare_scores(evaluation)
    if before is not None:
        comparison = compare(evaluate(gold, before, resamples=20).to_json(), evaluation, 20)
        scores["comparison"] = {"against": "old.json", **comparison.to_json()}
    return render_markdown(scores, evaluation.errors)


GOLD = [document("a", "Age ≥ 18 years", age("≥ 18 years", 18)), document("b", "aged 20", age("20", 20))]
PREDICTED = [document("a", "Age ≥ 18 years", age("≥ 18 years", 18)), document("b", "aged 20")]


def rows(markdown: str, first: str) -> list[list[str]]:
    """The cells of the rows that begin with `first`."""
    lines = (line for line in markdown.splitlines() if line.startswith("|"))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] == first]


def test_the_headline_table() -> None:
    markdown = report(GOLD, PREDICTED)
    assert markdown.startswith("## Evaluation of gold\\_1.jsonl\n\n2 documents. Value F1 **0.667**")
    assert rows(markdown, "AGE")[0][:6] == ["AGE", "2", "1", "1.000", "0.500", "0.667"]
    assert rows(markdown, "**all labels**")[0][:6] == ["**all labels**", "2", "1", "1.000", "0.500", "0.667"]
    assert rows(markdown, "LAB")[0][3:6] == ["-", "-", "-"]


def test_errors_and_their_classes() -> None:
    markdown = report(GOLD, PREDICTED)
    assert rows(markdown, "AGE")[1:] == [["AGE", "1"], ["AGE", "missed", "b:1", "≥ 20 a", "", "aged 20"]]
    assert "<summary>All of 1 error</summary>" in markdown


def test_without_errors_there_is_no_list() -> None:
    assert "### Errors" not in report(GOLD, GOLD)


def test_a_comparison() -> None:
    markdown = report(GOLD, PREDICTED, before=[])
    assert "### Compared with old.json" in markdown
    assert "2 documents. Facts: 1 better (1 value), 0 worse, 0 other." in markdown
    assert rows(markdown, "better") == [["better", "a", "AGE", "≥ 18 years", "≥ 18 a", "missed", "right"]]


def test_a_long_list_is_cut_and_says_so() -> None:
    gold = [document(f"d{i}", "aged 20", age("20", 20)) for i in range(MOST_ERRORS + 1)]
    markdown = report(gold, [])
    assert f"The first {MOST_ERRORS} of {MOST_ERRORS + 1} errors" in markdown
    assert len([line for line in markdown.splitlines() if "| missed " in line and "aged 20" in line]) == MOST_ERRORS


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a|b", r"a\|b"),
        ("*x* _y_ `z`", r"\*x\* \_y\_ \`z\`"),
        ("<script>", r"\<script\>"),
        ("[a](javascript:b)", "\\[a\\](javascript:\u200bb)"),
        ("a\nb\tc", "a b c"),
        ("@someone #12 GH-12", "@\u200bsomeone \\#12 GH\u200b-12"),
        ("https://example.org www.example.org", "https:\u200b//example.org www\u200b.example.org"),
        ("$x^2$ :tada:", r"\$x^2\$ " + ":\u200btada:"),
        (18, "18"),
    ],
)
def test_text_is_no_markup(given: object, shown: str) -> None:
    assert escape(given) == shown


def test_no_hostile_text_gets_through() -> None:
    gold, predicted = hostile()
    markdown = report(gold, predicted)
    for one in HOSTILE:
        assert escape(one) in markdown
        assert one not in markdown or one == escape(one)
    assert "<script" not in markdown.replace("\\<script", "")
