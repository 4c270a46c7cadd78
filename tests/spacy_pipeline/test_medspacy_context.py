"""medspaCy's ConText and ours: the same for the same rules."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.extractors import shared_extractor
from tests.support.paths import ROOT
from trialsift.extraction.assertion.context import Context, read_rules
from trialsift.extraction.assertion.literals import Literals, Target, split_words
from trialsift.gold import read_gold
from trialsift.rules.files import patterns_dir
from trialsift.spacy_pipeline.medspacy_context import MedspacyContext

pytestmark = pytest.mark.slow  # medspaCy's import takes seconds

RULES = read_rules(patterns_dir() / "context.json")
LITERALS = sorted(rule["literal"] for rule in RULES)
LABELS = ("DOSE", "CRITERION_DOSE", "LAB", "CRITERION_LAB", "OTHER")


@cache
def make_both() -> tuple[Literals, MedspacyContext]:
    few = [{**rule, "max_targets": 1} if index % 5 == 0 else rule for index, rule in enumerate(RULES)]
    return Literals(few), MedspacyContext(few)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from([*LITERALS, "_", "_ _ _"]), min_size=1, max_size=6), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2), st.sampled_from(LABELS)), min_size=1, max_size=6),
)
def test_both_give_the_same(sentences: Sequence[Sequence[str]], places: Sequence[tuple[int, int, str]]) -> None:
    written = [[word for literal in sentence for word in split_words(literal)] for sentence in sentences]
    words = [word for sentence in written for word in sentence]
    begins = [0, *accumulate(map(len, written[:-1]))]
    targets: list[Target] = []
    for first, length, label in places:
        start = first % len(words)
        end = min(len(words), start + length)
        words[start:end] = ["_"] * (end - start)
        targets.append((start, end, label))
    own, medspacy = make_both()
    targets = list(dict.fromkeys(targets))
    assert list(own.find(words, begins, targets)) == list(medspacy.find(words, begins, targets))


def test_both_assert_the_same_of_facts_in_texts() -> None:
    own, medspacy = Context(patterns_dir()), Context(patterns_dir(), MedspacyContext)
    said = 0
    for document in read_gold(ROOT / "corpus/dev.jsonl"):
        read = shared_extractor().annotate(document.text)
        found = own.find_assertions(document.text, read.facts, read.contexts)
        assert found == medspacy.find_assertions(document.text, read.facts, read.contexts)
        said += len(found)
    assert said > 20


def test_medspacy_leaves_warnings_and_streams_alone(tmp_path: Path) -> None:
    """Its import adds a filter that hides all warnings, and some of its parts log to stderr. Ours does without it."""
    script = (
        "import sys, warnings\nfrom trialsift.extraction.assertion.context import Context\n"
        "from trialsift.model.fact import Fact\nfrom trialsift.rules.files import patterns_dir\n"
        "text = 'No boost of 10 Gy'\nfound = [(Fact('DOSE', 12, 17, '10 Gy', 'test', {}), (0, 17))]\n"
        "other = [(Fact('DOSE', 11, 16, '10 Gy', 'test', {}), (0, 16))]\n"
        "own = Context(patterns_dir()).assert_facts(text, found)\nassert 'spacy' not in sys.modules\n"
        "import spacy\nfrom trialsift.spacy_pipeline.medspacy_context import MedspacyContext\n"
        "spacy.blank('en')\ncontext = Context(patterns_dir(), MedspacyContext)\n"
        "assert context.assert_facts('A boost of 10 Gy', other) == other\n"
        "assert 'medspacy' not in sys.modules\nbefore = list(warnings.filters)\n"
        "assert context.assert_facts(text, found) == own\nassert own[0][0].attributes == {'negated': True}\n"
        "assert 'medspacy' in sys.modules and warnings.filters == before\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
