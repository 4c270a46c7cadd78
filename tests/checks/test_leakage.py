"""Documents that stand in two files: the same, nearly the same, or under one doc_id."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.builders import write
from trialsift.checks.gold import Placed
from trialsift.checks.leakage import RESEMBLANCE, SHORTEST, leakage, normal
from trialsift.checks.problems import CheckProblem
from trialsift.checks.run import check
from trialsift.gold import GoldDocument

WORDS = [f"{first}{last}" for first in ("ba", "ke", "lo", "mi", "nu") for last in ("dar", "fin", "gol", "hup", "jet")]


def invented(seed: int, words: int = 200) -> str:
    """A text of random words, the same for the same seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def place(*documents: tuple[str, str, str]) -> list[Placed]:
    """Documents by file, doc_id and text; the line is the number within all."""
    return [Placed(file, n, GoldDocument(doc_id, text)) for n, (file, doc_id, text) in enumerate(documents, start=1)]


def codes(problems: list[CheckProblem]) -> list[tuple[int, str, str]]:
    return [(p.line, p.severity, p.code) for p in problems]


def test_different_documents_are_no_problem() -> None:
    assert leakage(place(*(("dev" if n % 2 else "test", f"d{n}", invented(n)) for n in range(20)))) == []


def test_the_same_doc_id_names_both_places() -> None:
    [problem] = leakage(place(("dev", "d", invented(1)), ("test", "d", invented(2))))
    assert str(problem) == "test:2: error: d: the same doc_id is at dev:1 [leak-doc-id]"


@pytest.mark.parametrize("text", ["Age ≥ 18", invented(1)])
def test_the_same_text_but_for_case_and_white_space(text: str) -> None:
    other = text.upper().replace(" ", "\n ")
    assert codes(leakage(place(("dev", "a", text), ("test", "b", other)))) == [(2, "error", "leak-text")]
    assert codes(leakage(place(("dev", "a", text), ("dev", "b", other)))) == [(2, "warning", "text-twice")]


def test_empty_texts_are_not_the_same_document() -> None:
    assert leakage(place(("dev", "a", ""), ("test", "b", " \n"))) == []


def test_a_text_with_a_word_changed_here_and_there() -> None:
    words = invented(1).split()
    words[50] = words[120] = "other"
    found = leakage(place(("dev", "a", invented(1)), ("dev", "x", invented(3)), ("test", "b", " ".join(words))))
    assert codes(found) == [(3, "warning", "leak-near")]
    assert "dev:1 (a)" in found[0].message


def test_a_text_that_another_quotes_in_full() -> None:
    quoting = f"{invented(2, 600)} {invented(1)} {invented(3, 600)}"
    assert codes(leakage(place(("dev", "a", invented(1)), ("test", "b", quoting)))) == [(2, "warning", "leak-near")]


def test_a_few_words_in_common_are_no_leak() -> None:
    shared = invented(9, 60)
    assert leakage(place(("dev", "a", f"{invented(1)} {shared}"), ("test", "b", f"{shared} {invented(2)}"))) == []


def test_short_texts_are_never_near() -> None:
    words = invented(1, SHORTEST).split()
    assert leakage(place(("dev", "a", " ".join(words)), ("test", "b", " ".join([*words, "other"])))) == []


def test_nearness_within_a_file_is_no_leak() -> None:
    assert leakage(place(("dev", "a", invented(1)), ("dev", "b", invented(1) + " other"))) == []


@given(st.integers(0, 400))
def test_the_nearest_is_found_where_half_is_in_common(changed: int) -> None:
    """Replacing the last words of a text leaves a resemblance that can be computed by hand."""
    words = invented(1, 400).split()
    other = [*words[: 400 - changed], *(f"new{n}" for n in range(changed))]
    common = max(0, 400 - changed - 5)
    resemblance = common / (2 * 395 - common)
    found = codes(leakage(place(("dev", "a", " ".join(words)), ("test", "b", " ".join(other)))))
    if changed == 0:
        assert found == [(2, "error", "leak-text")]
    else:
        assert found == ([(2, "warning", "leak-near")] if resemblance >= RESEMBLANCE else [])


def test_normal_forms() -> None:
    assert normal("  Age\u00a0≥ 18\n YEARS ") == "age ≥ 18 years"


def test_files_are_compared_with_each_other(tmp_path: Path) -> None:
    one = {"doc_id": "d", "text": invented(1), "spans": []}
    first, second = write(tmp_path / "a.jsonl", one), write(tmp_path / "b.jsonl", {**one, "doc_id": "e"}, one)
    problems = check([first, second]).problems
    assert [(p.file, p.line, p.code) for p in problems] == [
        (str(second), 1, "leak-text"),
        (str(second), 2, "leak-doc-id"),
        (str(second), 2, "leak-text"),
    ]
    assert all(f"{first}:1" in p.message for p in problems)
