"""Wordings: expressions as data, with the vocabulary that they share."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from trialsift.rules.files import PatternError, find_patterns, patterns_dir
from trialsift.rules.guarded import Guarded
from trialsift.rules.runaway import find_runaway
from trialsift.rules.wording import Wordings

WORDS = """[words]
people = ["patients?", "{adults}"]
adults = ["wom[ae]n", "m[ae]n"]
"""
GAP = """[[wording]]
id = "{id}"
why = "what joins people to their age"
at = "{at}"
expression = '''{expression}'''
examples = ["some [[patients aged]] 18"]
not_examples = []
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A complete folder of patterns with the vocabulary above and no wordings."""
    copy = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), copy)
    shutil.rmtree(copy / "wording")
    (copy / "wording").mkdir()
    (copy / "words.toml").write_text(WORDS, encoding="utf-8")
    return copy


def write(
    folder: Path, identifier: str = "age.people", expression: str = r"{people}\s+aged", at: str = "behind"
) -> None:
    content = GAP.replace("{id}", identifier).replace("{at}", at).replace("{expression}", expression)
    (folder / "wording" / "age.toml").write_text(content, encoding="utf-8")


def test_vocabulary_is_filled_in(folder: Path) -> None:
    write(folder)
    expression = Wordings(folder)["age.people"]
    assert [bool(expression.fullmatch(text)) for text in ("Patients aged", "women aged", "children aged")] == [
        True,
        True,
        False,
    ]


def test_quantifiers_are_no_vocabulary(folder: Path) -> None:
    write(folder, expression=r"{people}\s{1,3}aged")
    assert Wordings(folder)["age.people"].match("man   aged")


def test_a_group_is_filled_by_the_names_of_its_fields(folder: Path) -> None:
    class AgeWords(NamedTuple):
        people: Guarded

    class Plain(NamedTuple):
        people: re.Pattern[str]

    write(folder)
    wordings = Wordings(folder)
    assert [where.name for where in wordings.unused] == ["[[wording]] age.people"]
    assert wordings.fill(AgeWords, "age").people.search("men aged 18", "men aged 18")
    assert wordings.fill(Plain, "age").people.search("men aged 18")
    assert wordings.unused == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (r"{persons}\s+aged", r"{persons} is no vocabulary of words.toml; known are adults, people"),
        (r"{people}\s+(aged", "missing ), unterminated subpattern"),
        (r"(?:\s*,?)*aged", "it can take exponential time"),
    ],
)
def test_an_expression_that_cannot_be_used(folder: Path, expression: str, message: str) -> None:
    write(folder, expression=expression)
    with pytest.raises(PatternError) as raised:
        Wordings(folder).compile_all()
    assert message in str(raised.value)
    assert "age.toml:5: [[wording]] age.people" in str(raised.value)


def test_an_id_may_stand_once(folder: Path) -> None:
    write(folder)
    shutil.copy(folder / "wording" / "age.toml", folder / "wording" / "more.toml")
    with pytest.raises(PatternError, match=r"more\.toml:1: .*this id is already in age\.toml"):
        Wordings(folder)


def test_vocabulary_may_not_use_itself(folder: Path) -> None:
    (folder / "words.toml").write_text('[words]\na = ["{b}"]\nb = ["{a}"]\n', encoding="utf-8")
    with pytest.raises(PatternError, match="a uses itself: a → b → a"):
        Wordings(folder)


def test_an_unknown_wording(folder: Path) -> None:
    write(folder)
    with pytest.raises(PatternError, match=r"no wording 'age\.gap'; expected one, known are age\.people"):
        Wordings(folder)["age.gap"]


def test_a_layer_adds_words_and_replaces_wordings(folder: Path, tmp_path: Path) -> None:
    write(folder)
    own = tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    (own / "words.toml").write_text('[words]\nadults = ["elders?"]\n', encoding="utf-8")
    layered = Wordings(find_patterns(folder, own))["age.people"]
    assert layered.match("elder aged")
    assert layered.match("man aged")
    write(own, expression=r"elders?\s+aged")
    replaced = Wordings(find_patterns(folder, own))["age.people"]
    assert replaced.match("elder aged")
    assert not replaced.match("man aged")


@pytest.mark.parametrize(
    ("at", "marked", "verdict"),
    [
        ("behind", "some [[patients aged]] 18", None),
        ("behind", "some [[patients]] aged 18", "expected 'patients', matched 'patients aged'"),
        ("behind", "some[[ patients aged]] 18", "nothing is matched"),
        ("between", "some [[patients aged]] 18", None),
        ("between", "[[some patients aged]] 18", "nothing is matched"),
        ("before", "some [[patients aged]] 18", None),
        ("anywhere", "for [[men aged]] 18", None),
        ("anywhere", "for men aged 18", "expected one place in [[ ]]"),
    ],
)
def test_what_an_example_says(folder: Path, at: str, marked: str, verdict: str | None) -> None:
    write(folder, at=at, expression=r"{people}\s+aged" + ("$" if at == "before" else ""))
    [wording] = Wordings(folder).compile_all()
    assert wording.judge(marked, expected=True) == verdict


def test_a_counterexample_that_matches(folder: Path) -> None:
    write(folder)
    [wording] = Wordings(folder).compile_all()
    assert wording.judge("some [[patients aged]] 18", expected=False) == "expected no match at 'patients aged'"
    assert wording.judge("some [[patients ]]aged 18", expected=False) is None


@pytest.mark.parametrize(
    "expression",
    [r"(?:\s*,?)*x", r"(\w+)*x", r"(?:a|\s+)*x", r"(?:(?:\s*)+,?)+x", r"x(?=(?:\w*)*y)", r"(?:\w+\s*)*x"],
)
def test_repeated_repetitions_run_away(expression: str) -> None:
    assert find_runaway(re.compile(expression)) != ""


@pytest.mark.parametrize(
    "expression",
    [
        r"(?:\s*,)*x",
        r"(?:\s*+,?)*+x",
        r"(?:(?>\s*,?))*x",
        r"(?:\w+\s+)*x",
        r"(?:\s*,?){0,3}x",
        r"[\s,]*x",
        r"(?:a|b+c)*x",
    ],
)
def test_other_repetitions_do_not(expression: str) -> None:
    assert find_runaway(re.compile(expression)) == ""
