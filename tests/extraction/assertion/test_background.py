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


def test_a_heading_over_sentences_set_as_paragraphs_ends_with_a_turn() -> None:
    facts = "\n\n".join(f"Fact {n} is old." for n in range(12))
    text = f"Pain.\n\nBACKGROUND:\n\n{facts}\n\nOne day gives [[8 Gy]].\n\nThe study will end.\n\nGiven is [[9 Gy]]."
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
        ("BODY.INTRODUCTION.METHODS.DOSING:\nMen were given [[8 Gy]].", False),
        ("BODY.METHODS:\nFew groups have irradiated calves. Lambs were given [[8 Gy]] [7].", True),
        ("BODY.METHODS:\nFew groups have irradiated calves. Lambs were given [[8 Gy]].", False),
        ("BODY.EFFICACY OF X-RAYS IN THE TREATMENT OF PAIN:\n[[8 Gy]] was considered to be the usual dose.", True),
        ("Painless. BACKGROUND Pain is treated by everybody. It is relieved by [[8 Gy]].", True),
        ("Pain is treated. References. 1. Roe A. Relief after [[8 Gy]] in one day. Pain 2001;3:4.", True),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In this study [[8 Gy]] is given, which Smith et al. gave twice.", [False]),
        ("Smith et al. gave [[8 Gy]], and in this study [[10 Gy]] is given.", [True, False]),
        ("Smith et al. treated pain. We give [[8 Gy]] since [[10 Gy]] hurts.", [False, False]),
        ("Smith et al. treated pain. A dose of [[8 Gy]] (as theirs) will be given.", [False]),
        ("We treat pain. A dose of [[8 Gy]] was given by Smith et al.", [True]),
        ("Few centres agree. Doses vary among them. Many stop after [[40 Gy]].", [True]),
        ("Lung cancer is the most common one. It is given [[40 Gy]]. Here patients receive [[50 Gy]].", [True, False]),
        ("In the latest randomised trial, men were given [[40 Gy]]. To answer this, men get [[50 Gy]].", [True, False]),
        ("Women will be treated outside this study. The dose is [[40 Gy]].", [True]),
        ("The QUICK study was initiated. This trial recruited men after [[40 Gy]].", [True]),
        ("We irradiate with [[8 Gy]] rather than [[20 Gy]].", [False, True]),
        ("This was a prospective phase II trial of [[8 Gy]]. Others have been tested.", [False]),
    ],
)
def test_the_nearest_sign_decides(text: str, expected: list[bool]) -> None:
    assert historical(text) == expected


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
