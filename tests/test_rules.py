"""Every rule's examples, which stand beside the rules in `patterns/`, each a test of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from trialsift.extraction import Extractor
from trialsift.labels import LabelTable, Rule, read_labels, table_columns
from trialsift.resources import PatternError, patterns_dir, read_toml
from trialsift.sections import Structure

LABELS = read_labels(patterns_dir())
RULES = [(label, rule) for label in LABELS for rule in label.rules]
EXAMPLES = [
    pytest.param(label, rule, example, id=f"{rule.id}: {example['text'][:60]}")
    for label, rule in RULES
    for example in rule.examples
]
NOT_EXAMPLES = [
    pytest.param(label, text, id=f"{rule.id}: {text[:60]}") for label, rule in RULES for text in rule.not_examples
]
HEADINGS = read_toml(patterns_dir() / "sections.toml")["heading"]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(labels=frozenset(label.label for label in LABELS), context=False)


@pytest.mark.parametrize(("label", "rule", "example"), EXAMPLES)
def test_example(extractor: Extractor, label: LabelTable, rule: Rule, example: dict[str, Any]) -> None:
    expected = {k: v for k, v in example.items() if k not in ("text", "span")}
    facts = [f for f in extractor.annotate(example["text"]).facts if f.label == label.label]
    fitting = [f for f in facts if all(f.attributes.get(k) == v for k, v in expected.items())]
    assert fitting, f"expected {expected}, found {[(f.text, dict(f.attributes)) for f in facts]}"
    assert rule.id in {f.rule for f in fitting}
    if "span" in example:
        assert example["span"] in {f.text for f in fitting}


@pytest.mark.parametrize(("label", "text"), NOT_EXAMPLES)
def test_not_example(extractor: Extractor, label: LabelTable, text: str) -> None:
    assert [(f.text, f.rule) for f in extractor.annotate(text).facts if f.label == label.label] == []


PARAGRAPHS = read_toml(patterns_dir() / "sections.toml")["paragraph"]


@pytest.mark.parametrize(
    ("marked", "ended"),
    [pytest.param(t, True, id=t) for p in PARAGRAPHS for t in p["examples"]]
    + [pytest.param(t, False, id=t) for p in PARAGRAPHS for t in p["not_examples"]],
)
def test_paragraph_behind_criteria(extractor: Extractor, marked: str, ended: bool) -> None:
    place = marked.index("[[")
    facts = extractor.annotate(marked.replace("[[", "").replace("]]", "")).facts
    polarity = next(fact.attributes["polarity"] for fact in facts if fact.start >= place)
    assert (polarity == "none") is ended


@pytest.mark.parametrize(("heading", "text"), [pytest.param(h, t, id=t) for h in HEADINGS for t in h["examples"]])
def test_heading(heading: dict[str, Any], text: str) -> None:
    sections = Structure(patterns_dir()).sections(f"Title\n\n{text}\nmore text\n")
    assert heading["name"] in {section.name for section in sections}


@pytest.mark.parametrize("text", [t for h in HEADINGS for t in h["not_examples"]])
def test_not_heading(text: str) -> None:
    assert len(Structure(patterns_dir()).sections(f"Title\n\n{text}\nmore text\n")) == 1


class TestRegistry:
    """A label is one file: nothing else is touched."""

    SIXTH = """
label = "LIFE_EXPECTANCY"
table = "life_expectancy"
engine = "generic"
colour = "#aaaaaa"
default = true
columns = ["interval", ["unit", "string", "UCUM"]]
kinds = ["time"]
[names]
life_expectancy = ["life expectancy", "expected survival"]
[[rule]]
id = "life_expectancy.named"
description = "Life expectancy, then a duration."
examples = [{ text = "Life expectancy of at least 12 weeks", low = 12, unit = "wk" }]
not_examples = ["at least 12 weeks since surgery"]
"""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        shutil.copytree(patterns_dir(), tmp_path / "patterns")
        return tmp_path / "patterns"

    def test_a_sixth_label_is_one_file(self, folder: Path) -> None:
        (folder / "entities" / "life_expectancy.toml").write_text(self.SIXTH, encoding="utf-8")
        labels = read_labels(folder)
        assert len(labels) == len(LABELS) + 1
        assert [c.name for c in table_columns(labels)["life_expectancy"]][:3] == ["doc_id", "low", "low_inclusive"]
        annotation = Extractor(folder, context=False).annotate("Life expectancy of at least 12 weeks. Age ≥ 18 years")
        assert [(f.label, f.text, f.attributes["low"]) for f in annotation.facts] == [
            ("LIFE_EXPECTANCY", "at least 12 weeks", 12),
            ("AGE", "≥ 18 years", 18),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('engine = "generic"', 'engine = "magic"', "unknown engine 'magic'"),
            ("kinds =", "kids =", "unknown key 'kids'"),
            ('kinds = ["time"]', 'kinds = ["times"]', "kinds: 'times' is no kind of unit; known are activity"),
            ('table = "life_expectancy"', 'table = "ages"', "two files have the table 'ages'"),
            ('"interval", ', '"intervals", ', "'intervals'"),
            (
                'examples = [{ text = "Life expectancy of at least 12 weeks", low = 12, unit = "wk" }]',
                "examples = []",
                "has no example",
            ),
            ("[[rule]]", "[[rule]", "life_expectancy.toml"),
        ],
    )
    def test_a_mistake_is_named(self, folder: Path, old: str, new: str, message: str) -> None:
        path = folder / "entities" / "life_expectancy.toml"
        assert old in self.SIXTH
        path.write_text(self.SIXTH.replace(old, new), encoding="utf-8")
        with pytest.raises(PatternError, match=r"life_expectancy|entities") as error:
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


ROLES = read_toml(patterns_dir() / "radiation_roles.toml")["role"]


@pytest.mark.parametrize(("role", "marked"), [pytest.param(r["role"], e, id=e) for r in ROLES for e in r["examples"]])
def test_role_of_a_dose(extractor: Extractor, role: str, marked: str) -> None:
    start, end = marked.index("[["), marked.index("]]") - 2
    text = marked.replace("[[", "").replace("]]", "")
    facts = [f for f in extractor.annotate(text).facts if f.label == "DOSE" and f.start < end and f.end > start]
    assert [(f.text, f.attributes["role"]) for f in facts] == [(text[start:end], role)]
