"""Every rule's examples, which stand beside the rules in `patterns/`, each a test of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.extractors import extractor_of_all_labels
from trialsift.checks.examples import Example, Readers, examples
from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import PatternError, patterns_dir
from trialsift.rules.labels import read_labels
from trialsift.tables.schema import table_columns

LABELS = read_labels(patterns_dir())
RULES = [(label, rule) for label in LABELS for rule in label.rules]
READERS = Readers(patterns_dir())


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return extractor_of_all_labels(context=False)


@pytest.mark.parametrize("example", [pytest.param(example, id=example.id) for example in examples(patterns_dir())])
def test_example(example: Example) -> None:
    verdict = example.judge(READERS)
    assert verdict is None, f"{example.where}: {verdict}"


class TestRegistry:
    """A label is one file: nothing else is touched."""

    SIXTH = """
label = "WASHOUT"
table = "washouts"
engine = "generic"
colour = "#aaaaaa"
default = true
columns = ["interval", ["unit", "string", "UCUM"]]
kinds = ["time"]
[names]
washout = ["washout", "wash-out period"]
[[rule]]
id = "washout.named"
description = "A washout, then a duration."
examples = [{ text = "Washout of at least 12 weeks", low = 12, unit = "wk" }]
not_examples = ["at least 12 weeks since surgery"]
"""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        shutil.copytree(patterns_dir(), tmp_path / "patterns")
        return tmp_path / "patterns"

    def test_a_sixth_label_is_one_file(self, folder: Path) -> None:
        (folder / "entities" / "washout.toml").write_text(self.SIXTH, encoding="utf-8")
        labels = read_labels(folder)
        assert len(labels) == len(LABELS) + 1
        assert [c.name for c in table_columns(labels)["washouts"]][:3] == ["doc_id", "low", "low_inclusive"]
        annotation = Extractor(folder, context=False).annotate("Washout of at least 12 weeks. Age ≥ 18 years")
        assert [(f.label, f.text, f.attributes["low"]) for f in annotation.facts] == [
            ("WASHOUT", "at least 12 weeks", 12),
            ("AGE", "≥ 18 years", 18),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('engine = "generic"', 'engine = "magic"', "unknown engine 'magic'"),
            ("kinds =", "kids =", "unknown key 'kids'"),
            ('kinds = ["time"]', 'kinds = ["times"]', "kinds: unknown kind of unit 'times'; known are activity"),
            ('table = "washouts"', 'table = "ages"', "two files have the table 'ages'"),
            ('"interval", ', '"intervals", ', "'intervals'"),
            (
                'examples = [{ text = "Washout of at least 12 weeks", low = 12, unit = "wk" }]',
                "examples = []",
                "examples is []; expected one entry at least",
            ),
            ("[[rule]]", "[[rule]", "washout.toml"),
        ],
    )
    def test_a_mistake_is_named(self, folder: Path, old: str, new: str, message: str) -> None:
        path = folder / "entities" / "washout.toml"
        assert old in self.SIXTH
        path.write_text(self.SIXTH.replace(old, new), encoding="utf-8")
        with pytest.raises(PatternError, match=r"washout|entities") as error:
            Extractor(folder, context=False)
        assert message in str(error.value)

    def test_each_rule_that_reads_is_documented(self, extractor: Extractor) -> None:
        text = "\n".join(example["text"] for _, rule in RULES for example in rule.examples)
        assert {f.rule for f in extractor.annotate(text).facts} <= {rule.id for _, rule in RULES}

    def test_labels_can_be_chosen(self) -> None:
        text = "Age ≥ 18 years, ECOG 0-1, hemoglobin ≥ 9 g/dL"
        assert {f.label for f in Extractor(labels=frozenset({"LAB"}), context=False).annotate(text).facts} == {"LAB"}
        with pytest.raises(PatternError, match="unknown label 'LABS'"):
            Extractor(labels=frozenset({"LABS"}), context=False)
