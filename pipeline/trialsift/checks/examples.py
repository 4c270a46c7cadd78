"""The examples beside the rules in a folder of patterns, and whether they hold.

In: a folder that can be loaded. Out: each example with its place and a judge. `trialsift check` and the tests run the
same: a rule must read each of its `examples`, and none of its `not_examples`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from trialsift.extraction.assertion.background import BackgroundFile
from trialsift.extraction.assertion.context import ATTRIBUTES, Context, read_rules
from trialsift.extraction.assertion.literals import PLANNED
from trialsift.extraction.assertion.wording import LIMITING, Exceptions, ExceptionsFile
from trialsift.extraction.extractor import Extractor
from trialsift.extraction.labels.dose.radiation_role import RolesFile
from trialsift.extraction.structure.sections import SectionsFile, Structure
from trialsift.model.fact import Fact
from trialsift.rules.files import Where
from trialsift.rules.labels import LabelTable, Rule, read_labels
from trialsift.rules.layers import Folder
from trialsift.rules.validation import read_as
from trialsift.rules.wording import Wording, read_wordings
from trialsift.tables.eligibility import EXCEPTION, find_eligible

#: What is wrong with an example, None if it holds.
Verdict = str | None


class Readers:
    """The readers of examples, created from a folder when an example first needs one."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    @cached_property
    def extractor(self) -> Extractor:
        """All labels, on by default or not, without ConText."""
        return Extractor(self._folder, frozenset(label.label for label in read_labels(self._folder)), context=False)

    @cached_property
    def asserting(self) -> Extractor:
        """The labels that are on by default, with ConText."""
        return Extractor(self._folder)

    @cached_property
    def structure(self) -> Structure:
        """Headings."""
        return Structure(self._folder)

    @cached_property
    def context(self) -> Context:
        """Negation and history."""
        return Context(self._folder)

    @cached_property
    def exceptions(self) -> Exceptions:
        """Words of exceptions."""
        return Exceptions(self._folder)


@dataclass(frozen=True, slots=True)
class Example:
    """A text beside a rule. `judge` returns what is wrong with it, None if nothing is."""

    where: Where
    text: str
    judge: Callable[[Readers], Verdict]

    @property
    def id(self) -> str:
        """A short name: the rule, and the beginning of the text."""
        return f"{self.where.name}: {self.text[:60]}"


def examples(folder: Folder) -> list[Example]:
    """Returns all examples in a folder, positive and negative. Raises PatternError if the folder cannot be loaded."""
    return [
        *_of_labels(folder),
        *_of_sections(folder),
        *_of_roles(folder),
        *_of_background(folder),
        *_of_exceptions(folder),
        *_of_context(folder),
        *_of_wordings(folder),
    ]


def _of_labels(folder: Folder) -> Iterator[Example]:
    for label in read_labels(folder):
        for index, rule in enumerate(label.rules):
            where = Where(label.path, ("rule", index), f"rule {rule.id}")
            texts = _iter_texts(where, "examples", [example["text"] for example in rule.examples])
            for (place, text), example in zip(texts, rule.examples, strict=True):
                yield Example(place, text, partial(_read, label, rule, example))
            for place, text in _iter_texts(where, "not_examples", list(rule.not_examples)):
                yield Example(place, text, partial(_not_read, label, text))


def _read(label: LabelTable, rule: Rule, example: Mapping[str, Any], readers: Readers) -> Verdict:
    expected = {k: v for k, v in example.items() if k not in ("text", "span")}
    facts = [f for f in readers.extractor.annotate(example["text"]).facts if f.label == label.label]
    fitting = [f for f in facts if all(f.attributes.get(k) == v for k, v in expected.items())]
    if not fitting:
        return f"expected {expected}, found {[(f.text, dict(f.attributes)) for f in facts]}"
    if rule.id not in {f.rule for f in fitting}:
        return f"is read by {', '.join(sorted({f.rule for f in fitting}))} instead"
    if "span" in example and example["span"] not in {f.text for f in fitting}:
        return f"expected the span {example['span']!r}, found {[f.text for f in fitting]}"
    return None


def _not_read(label: LabelTable, text: str, readers: Readers) -> Verdict:
    facts = [(f.text, f.rule) for f in readers.extractor.annotate(text).facts if f.label == label.label]
    return f"expected no {label.label}, found {facts}" if facts else None


def _of_sections(folder: Folder) -> Iterator[Example]:
    path = folder / "sections.toml"
    rules = read_as(SectionsFile, path)
    for index, heading in enumerate(rules.heading):
        where = Where(path, ("heading", index), f"[[heading]] number {index + 1}")
        for place, text in _iter_texts(where, "examples", heading.examples):
            yield Example(place, text, partial(_judge_heading, text, heading.name))
        for place, text in _iter_texts(where, "not_examples", heading.not_examples):
            yield Example(place, text, partial(_judge_heading, text, None))
    for index, paragraph in enumerate(rules.paragraph):
        where = Where(path, ("paragraph", index), f"[[paragraph]] number {index + 1}")
        for place, text in _iter_texts(where, "examples", paragraph.examples):
            yield Example(place, text, partial(_judge_end, text, True))
        for place, text in _iter_texts(where, "not_examples", paragraph.not_examples):
            yield Example(place, text, partial(_judge_end, text, False))


def _judge_heading(text: str, name: str | None, readers: Readers) -> Verdict:
    """Whether the text opens the section of this name; None stands for no section."""
    found = [section.name for section in readers.structure.find_sections(f"Title\n\n{text}\nmore text\n")[1:]]
    if name is None:
        return f"expected no section, found {found}" if found else None
    return None if name in found else f"expected the section {name!r}, found {found}"


def _judge_end(marked: str, ends: bool, readers: Readers) -> Verdict:
    """Whether the first fact at or after `[[` lies outside the criteria."""
    text, places = _remove_marks(marked)
    if not places:
        return "expected a value in [[ ]]"
    facts = [fact for fact in readers.extractor.annotate(text).facts if fact.start >= places[0][0]]
    if not facts:
        return "no value is read in [[ ]]"
    polarity = facts[0].attributes["polarity"]
    if (polarity == "none") is ends:
        return None
    return f"expected {'no polarity' if ends else 'the polarity of the criteria'}, found {polarity}"


def _of_roles(folder: Folder) -> Iterator[Example]:
    path = folder / "radiation_roles.toml"
    for index, role in enumerate(read_as(RolesFile, path).role):
        where = Where(path, ("role", index), f"[[role]] number {index + 1}")
        for place, text in _iter_texts(where, "examples", role.examples):
            yield Example(place, text, partial(_has_role, text, role.role))


def _has_role(marked: str, role: str, readers: Readers) -> Verdict:
    text, places = _remove_marks(marked)
    if not places:
        return "expected a dose in [[ ]]"
    start, end = places[0]
    facts = [f for f in readers.extractor.annotate(text).facts if f.label == "DOSE" and f.start < end and f.end > start]
    found = [(f.text, f.attributes.get("role")) for f in facts]
    return None if found == [(text[start:end], role)] else f"expected {[(text[start:end], role)]}, found {found}"


def _of_background(folder: Folder) -> Iterator[Example]:
    path = folder / "background.toml"
    rules = read_as(BackgroundFile, path)
    for kind, signs in (("reports", rules.reports), ("turns", rules.turns)):
        for index, sign in enumerate(signs):
            where = Where(path, (kind, index), f"[[{kind}]] number {index + 1}")
            for place, text in _iter_texts(where, "examples", sign.examples):
                yield Example(place, text, partial(_is_historical, text, kind == "reports"))
            for place, text in _iter_texts(where, "not_examples", sign.not_examples if kind == "reports" else []):
                yield Example(place, text, partial(_is_historical, text, False))


def _is_historical(marked: str, expected: bool, readers: Readers) -> Verdict:
    text, places = _remove_marks(marked)
    if not places:
        return "expected a dose in [[ ]]"
    facts = {fact.start: fact for fact in readers.asserting.annotate(text).facts if fact.label == "DOSE"}
    for start, end in places:
        if start not in facts:
            return f"no dose is read at {text[start:end]!r}"
        if facts[start].attributes.get("historical", False) is not expected:
            return f"expected {text[start:end]!r} {'' if expected else 'not '}to be historical"
    return None


def _of_exceptions(folder: Folder) -> Iterator[Example]:
    path = folder / "exceptions.toml"
    for kind, rules in read_as(ExceptionsFile, path):
        listed = isinstance(rules, list)
        for index, rule in enumerate(rules if listed else [rules]):
            where = Where(path, (kind,), f"[{kind}]")
            if listed:
                where = Where(path, (kind, index), f"[[{kind}]] number {index + 1}")
            # words about ages, and tests that tell health, make no exception
            excepts = kind not in ("ages", "health")
            for place, text in _iter_texts(where, "examples", rule.examples):
                yield Example(place, text, partial(_is_exception, text, excepts))
            for place, text in _iter_texts(where, "not_examples", rule.not_examples):
                yield Example(place, text, partial(_is_exception, text, not excepts))


def _is_exception(marked: str, expected: bool, readers: Readers) -> Verdict:
    text, places = _remove_marks(marked)
    if not places:
        return "expected a value in [[ ]]"
    start, end = places[0]
    facts = [
        f for f in readers.asserting.annotate(text).facts if f.label in LIMITING and (f.start, f.end) == (start, end)
    ]
    if not facts:
        return f"no limit is read at {text[start:end]!r}"
    form = find_eligible(facts[0], readers.exceptions.find_excepted(text, facts)[0]).form
    if form is not None and (form == EXCEPTION) is expected:
        return None
    return f"expected {text[start:end]!r} {'' if expected else 'not '}to be an exception, found {form or 'no limit'}"


def _of_context(folder: Folder) -> Iterator[Example]:
    path = folder / "context.json"
    for index, rule in enumerate(read_rules(path)):
        where = Where(path, ("context_rules", index), f"rule {index + 1} ({rule['literal']!r})")
        for kind in ("examples", "not_examples"):
            listed = rule["metadata"][kind]
            for (_, text), example in zip(_iter_texts(where, kind, [e["text"] for e in listed]), listed, strict=True):
                judge = partial(_judge_assertion, rule, example, kind == "examples")
                yield Example(Where(path, where.place, where.name, text), text, judge)


def _judge_assertion(rule: Mapping[str, Any], example: Mapping[str, Any], positive: bool, readers: Readers) -> Verdict:
    """Whether the rule sets its attribute on the span. A rule that ends or replaces others must keep theirs away."""
    text, span = example["text"], example["span"]
    start = text.index(span)
    polarity = example.get("polarity", "none")
    fact = Fact(example.get("label", "DOSE"), start, start + len(span), span, "example", {"polarity": polarity})
    [(found, _)] = readers.context.assert_facts(text, [(fact, (0, len(text)))])
    attribute = ATTRIBUTES.get(rule["category"])
    if attribute is None and not positive:
        return None
    expected = positive and attribute is not None
    if attribute is None:
        of_history = rule["category"] == PLANNED or rule["metadata"].get("note") == "within the trial, or no treatment"
        attribute = "historical" if of_history else "negated"
    if (found.attributes.get(attribute) is True) is expected:
        return None
    return f"expected {span!r} {'' if expected else 'not '}to be {attribute}"


def _iter_texts(where: Where, key: str, texts: Iterable[str]) -> Iterator[tuple[Where, str]]:
    """Iterates over the texts of a list beside a rule, with their places."""
    return ((where.within(key, text), text) for text in texts)


def _remove_marks(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """`at [[2 Gy]]` → the text without brackets, and the ranges that they enclosed."""
    text, places = "", []
    for index, piece in enumerate(marked.replace("]]", "[[").split("[[")):
        if index % 2:
            places.append((len(text), len(text) + len(piece)))
        text += piece
    return text, places


def _of_wordings(folder: Folder) -> Iterator[Example]:
    for wording in read_wordings(folder).compile_all():
        entry = wording.entry
        for key, texts, expected in (("examples", entry.examples, True), ("not_examples", entry.not_examples, False)):
            for place, text in _iter_texts(wording.where, key, texts):
                yield Example(place, text, partial(_judge_wording, wording, text, expected))


def _judge_wording(wording: Wording, text: str, expected: bool, _: Readers) -> Verdict:
    return wording.judge(text, expected)
