"""How ConText is run on the rules of patterns/context.json; their own examples are in test_rules.py."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest

from trialsift.extraction.assertion.context import Context, _is_triggered, read_rules
from trialsift.model.fact import Fact
from trialsift.rules.files import PatternError, patterns_dir

FOLDER = patterns_dir()
RULES = read_rules(FOLDER / "context.json")
CONTEXT = Context(FOLDER)


def dose(text: str, span: str, polarity: str = "inclusion", label: str = "DOSE") -> tuple[Fact, tuple[int, int]]:
    start = text.index(span)
    return Fact(label, start, start + len(span), span, "test", {"polarity": polarity}), (0, len(text))


def test_facts_on_the_same_characters_are_both_asserted() -> None:
    text = "Unable to maintain ALT, AST ≤ 2.5 x ULN"
    found = [dose(text, "≤ 2.5 x ULN", label="LAB"), dose(text, "≤ 2.5 x ULN", label="LAB")]
    assert [fact.attributes.get("negated") for fact, _ in CONTEXT.assert_facts(text, found)] == [True, True]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Pulse outside the range of 55-95 bpm for women or 45-90 bpm for men", [True, True]),
        ("Pressure outside 95-155 mmHg for systolic or 55-85 mmHg for diastolic", [True, True]),
        ("Pulse outside 55-95 bpm; or pressure 145-185 mmHg", [True, None]),
        ("Pulse outside 55-95 bpm, or systolic pressure 145-185 mmHg", [True, None]),
        ("Pulse 55-95 bpm for women or 45-90 bpm for men", [None, None]),
    ],
)
def test_a_second_range_behind_or_is_outside_too(text: str, denied: list[bool | None]) -> None:
    found = []
    for match in re.finditer(r"(\d+)-(\d+)", text):
        attributes = {"polarity": "exclusion", "low": float(match[1]), "high": float(match[2])}
        fact = Fact("MEASUREMENT", *match.span(), match.group(), "test", attributes)
        found.append((fact, (0, len(text))))
    assert [fact.attributes.get("negated") for fact, _ in CONTEXT.assert_facts(text, found)] == denied


def test_a_sentence_says_nothing_about_the_next() -> None:
    text = "No prior aspirin. Prednisone > 10 mg."
    fact, _ = dose(text, "> 10 mg")
    [(same, place)] = CONTEXT.assert_facts(text, [(fact, (18, len(text)))])
    assert (same, place) == (fact, (18, len(text)))


def test_wrapped_lines_and_case_do_not_hide_a_trigger() -> None:
    text = "METFORMIN 1500 mg daily PRIOR\r\n             TO SCREENING"
    [(fact, _)] = CONTEXT.assert_facts(text, [dose(text, "1500 mg")])
    assert fact.attributes["historical"] is True


def test_asserting_twice_changes_nothing() -> None:
    text = "No prior radiotherapy > 50 Gy"
    once = CONTEXT.assert_facts(text, [dose(text, "> 50 Gy")])
    assert CONTEXT.assert_facts(text, once) == once


def test_no_warning_on_use() -> None:
    text = "No boost of 10 Gy"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        CONTEXT.assert_facts(text, [dose(text, "10 Gy")])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"litteral": "no"}, "unknown key 'litteral'"),
        ({"pattern": "no.*"}, "unknown key 'pattern'"),
        ({"category": "NEGATED"}, "category is 'NEGATED'"),
        ({"direction": "UP"}, "direction is 'UP'"),
        ({"literal": "No"}, "lower case"),
        ({"metadata": {"examples": [], "not_examples": []}}, "examples is []; expected one entry at least"),
        (
            {"metadata": {"examples": [{"text": "a", "span": "b"}], "not_examples": [{"text": "a", "span": "a"}]}},
            "'b' is not in the text",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_an_error_with_its_place(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = tmp_path / "context.json"
    path.write_text(json.dumps({"context_rules": [{**RULES[0], **change}]}), encoding="utf-8")
    with pytest.raises(PatternError, match=r"context\.json:1: \[\[context_rules\]\] number 1") as error:
        Context(tmp_path)
    assert message in str(error.value)


def test_a_rule_twice_and_broken_json(tmp_path: Path) -> None:
    path = tmp_path / "context.json"
    path.write_text(json.dumps({"context_rules": [RULES[0], RULES[0]]}), encoding="utf-8")
    with pytest.raises(PatternError, match=r"number 2 .* the literal occurs twice"):
        read_rules(path)
    path.write_text('{\n"context_rules": [\n', encoding="utf-8")
    with pytest.raises(PatternError, match=r"context\.json:3"):
        read_rules(path)


def test_medspacy_itself_reads_the_file(tmp_path: Path) -> None:
    from medspacy.context import ConTextRule

    shutil.copy(FOLDER / "context.json", tmp_path)
    assert len(ConTextRule.from_json(str(tmp_path / "context.json"))) == len(RULES)


def test_assertions_name_the_words_that_say_so() -> None:
    text = "Title. No prior aspirin > 325 mg."
    fact, place = dose(text, "> 325 mg")
    [denied] = [a for a in CONTEXT.find_assertions(text, [fact], [place]) if a.attribute == "negated"]
    assert (denied.fact, text[denied.start : denied.end], denied.source) == (0, "No", "ConText")


def test_assertions_of_a_paragraph_on_other_work() -> None:
    text = "Smith et al. compared two schedules. Survival was the same after 40 Gy in 15 fractions."
    found, _ = dose(text, "40 Gy", polarity="none")
    [told] = CONTEXT.find_assertions(text, [found], [(37, len(text))])
    assert (told.attribute, text[told.start : told.end], told.source) == ("historical", "et al", "background")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("No dose above 5 mg", True),
        ("a piano, dose 5 mg", False),
        ("piano nor 5 mg", True),
        ("5no 5 mg", True),
        ("NOR 5 mg", True),
        ("notable 5 mg", False),
    ],
)
def test_a_trigger_is_a_word_of_its_own(text: str, stands: bool) -> None:
    trigger = Context(patterns_dir(None))._compile_trigger("CRITERION_DOSE")
    assert trigger is not None
    assert _is_triggered(trigger, text, 0, len(text)) is stands
    assert _is_triggered(trigger, "s" + text, 1, len(text) + 1) is (stands and text[:2].lower() != "no")
