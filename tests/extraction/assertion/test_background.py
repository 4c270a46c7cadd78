"""Paragraphs that report other work: how far the rules of patterns/background.toml reach; their examples are in
test_rules.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.assertion.background import Background
from trialsift.rules.files import PatternError, patterns_dir

EXTRACTOR = shared_extractor()


def historical(marked: str) -> list[bool]:
    """Whether each dose in [[ ]] is read as historical."""
    text, starts = "", []
    for i, piece in enumerate(marked.replace("[[", "\0").replace("]]", "\0").split("\0")):
        if i % 2:
            starts.append(len(text))
        text += piece
    facts = {fact.start: fact for fact in EXTRACTOR.annotate(text).facts if fact.label == "DOSE"}
    return [facts[start].attributes.get("historical", False) is True for start in starts]


def test_a_paragraph_ends_at_a_blank_line() -> None:
    text = "Smith et al. gave [[50 Gy]].\n\nRadiotherapy is [[60 Gy]] in 30 fractions."
    assert historical(text) == [True, False]


def test_sentences_set_as_paragraphs_make_one_together() -> None:
    own = "\n\n".join(f"Visit {n} takes a day." for n in range(8))
    told = "The schedule was explored in the FASTER trial.\n\nIt gave [[25 Gy]] weekly."
    text = f"{own}\n\n{told}\n\n{own}\n\nGiven: [[40 Gy]]."
    assert historical(text) == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BODY.1. INTRODUCTION:\nPain is treated with [[8 Gy]].", True),
        ("BODY.INTRODUCTION:\nWe compared [[8 Gy]] with surgery.", False),
        ("Background: Pain was reduced by [[8 Gy]].", True),
        ("BODY.METHODS.TREATMENT:\nToxicity was graded (Doe et al, 2001). All were given [[8 Gy]].", False),
        ("BODY.METHODS:\nThe design is published [3]. Then [[8 Gy]] was given once.", False),
        ("BODY.METHODS:\nDoe et al. (2001) reported relief after [[8 Gy]].", True),
        ("RESULTS\nThe dose was safely escalated to [[8 Gy]].", False),
        ("RESULTS\nStudies suggest that [[8 Gy]] relieves pain.", True),
    ],
)
def test_a_part_tells_of_this_study_or_of_other_work(text: str, expected: bool) -> None:
    assert historical(text) == [expected]


def test_what_is_no_treatment_is_historical_in_parts_of_other_work() -> None:
    facts = EXTRACTOR.annotate("BODY.DISCUSSION:\nIn women aged ≥ 70 years a creatinine > 2 mg/dL is common.").facts
    assert [(fact.label, fact.attributes.get("historical"), fact.attributes["polarity"]) for fact in facts] == [
        ("AGE", True, "none"),
        ("LAB", True, "none"),
    ]


def test_the_turn_may_stand_in_the_sentence_itself() -> None:
    assert historical("Smith et al. gave [[50 Gy]]. Patients will be given [[60 Gy]].") == [True, False]


def test_eligibility_criteria_are_left_alone() -> None:
    text = "Exclusion Criteria:\n- Radiotherapy as by Smith et al. of more than [[50 Gy]]"
    assert historical("Smith et al. gave [[50 Gy]].") == [True]
    facts = EXTRACTOR.annotate(text.replace("[[", "").replace("]]", "")).facts
    assert [fact.attributes["polarity"] for fact in facts] == ["exclusion"]
    assert Background(patterns_dir()).find_reports("Patients are given 50 Gy", [(18, (0, 24))], ["DOSE"]) == [None]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("why = ", "because = ", "because"), ("expression = '''", "expression = '''(", "number 1")],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    shutil.copytree(patterns_dir(), tmp_path / "patterns")
    path = tmp_path / "patterns" / "background.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PatternError, match=message):
        Background(tmp_path / "patterns")
