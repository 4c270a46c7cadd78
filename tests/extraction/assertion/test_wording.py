"""patterns/exceptions.toml is read strictly, and how far a clause reaches; its examples are run by test_rules.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from trialsift.extraction.assertion.wording import ClauseWords, Exceptions, find_clause
from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import PatternError, patterns_dir
from trialsift.rules.wording import read_wordings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("why = ", "because = ", r"\[\[exempts\]\] number 1: unknown key 'because'"),
        ("expression = '''", "expression = '''(", r"\[\[exempts\]\] number 1"),
        ("expression = '''", "expression = '''|", "does not match the empty text"),
        ("[[denies]]", "[[deny]]", "unknown key 'deny'"),
        ("[[denies]]", "[denies]", r"expected \[\[denies\]\]"),
        ('analytes = ["alt", "ast", "alp", "ggt", ', 'analytes = "alt" #', "expected a list"),
    ],
)
def test_a_mistake_is_named_before_the_first_document(tmp_path: Path, old: str, new: str, message: str) -> None:
    shutil.copytree(patterns_dir(), tmp_path / "patterns")
    path = tmp_path / "patterns" / "exceptions.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PatternError, match=message):
        Exceptions(tmp_path / "patterns")
    with pytest.raises(PatternError):
        Extractor(tmp_path / "patterns")


@pytest.mark.parametrize(
    ("text", "before", "behind"),
    [
        ("a b [[v]] c d", "a b", "c d"),
        ("a. B [[v]] c. D", "B", "c"),
        ("e.g. A [[v]] x, e.g. y", "e.g. A", "x, e.g. y"),
        ("a (b) c [[v]] (d [e]) f", "a c", "f"),
        ("a (b [[v]] c) d", "a (b", "c"),
        ("a (b [[v]]) c", "a (b", "c"),
        ("a) b [[v]] c", "b", "c"),
        ("1. a\n  2. b\n   c [[v]]", "b c", ""),
        ("a: b [[v]]: c", "a: b", ""),
        ("[[v]]", "", ""),
    ],
)
def test_a_clause(text: str, before: str, behind: str) -> None:
    start = text.index("[[")
    plain = text.replace("[[", "").replace("]]", "", 1)
    words = read_wordings(patterns_dir()).fill(ClauseWords, "clauses")
    assert find_clause(plain, start, start + 1, words) == (before, behind)
