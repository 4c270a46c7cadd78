"""Assertion: whether the text denies a fact, or tells of treatment before this trial or of other work.

medspaCy's ConText decides, by the rules of `patterns/context.json` (medspaCy's own format, read strictly), sentence
by sentence; background.py adds the paragraphs that report other work. ConText sees one small Doc with those sentences
only that hold both a fact and a trigger of a rule for it; most documents need none. Tokens of that Doc are words and
single signs, since spaCy's own tokens glue numbers to words; a word that no rule knows stands there as `_`, and so does
all that lies inside a fact: `no more than 5 mg` is never a denial.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field

from trialsift.extraction.assertion.background import Background
from trialsift.model.fact import Fact
from trialsift.rules.files import Where
from trialsift.rules.guarded import plain
from trialsift.rules.layers import File, Folder
from trialsift.rules.trie import trie_regex
from trialsift.rules.validation import Table, read_as

Place = tuple[int, int]

#: Attributes of a fact by medspaCy's category. HYPOTHETICAL is treatment that the trial plans: it is not historical.
ATTRIBUTES = {"NEGATED_EXISTENCE": "negated", "HISTORICAL": "historical"}
PLANNED = "HYPOTHETICAL"
#: EXCEPTION ends the scope of a denial, PSEUDO takes the place of a shorter trigger and does nothing.
Category = Literal["NEGATED_EXISTENCE", "HISTORICAL", "HYPOTHETICAL", "EXCEPTION", "PSEUDO"]
#: Rules tell facts in eligibility criteria from others by this prefix of the label: `CRITERION_DOSE`.
CRITERION = "CRITERION_"

# facts outside eligibility criteria that a paragraph on other work tells of (background.py)
_REPORTED = frozenset({"DOSE", "FRACTIONS"})
# In one Doc, but for one sentence: ConText compares each trigger of a Doc with each target and with all other triggers.
_TARGETS, _CHARACTERS = 20, 4000
# Characters in front of the first fact of a sentence and behind the last: a trigger further away says nothing of them.
_REACH = 400
_GROUP = "trialsift_facts"
_LETTER = re.compile(r"[^\W\d_]")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")
_ANOTHER_RANGE = re.compile(r"[^;.:<>≤≥=\d]{0,60}\b(?:or|and)\s+")
_ENDED_BY = {"NEGATED_EXISTENCE": ["EXCEPTION"], "HISTORICAL": [PLANNED], PLANNED: ["HISTORICAL"]}


#: What asserts something: a rule of ConText, or a paragraph on other work (background.py).
CONTEXT, BACKGROUND = "ConText", "background"


def _literal(text: str) -> str:
    if not _words(text) or text != text.lower():
        raise ValueError("expected a literal in lower case")
    return text


def _with_span(example: ContextExample) -> ContextExample:
    if example.span not in example.text:
        raise ValueError(f"the span {example.span!r} does not stand in the text")
    return example


class ContextExample(Table):
    """A text with a fact in it, by default a dose outside eligibility criteria."""

    text: str
    span: str
    label: str = "DOSE"
    polarity: Literal["inclusion", "exclusion", "none"] = "none"


class Metadata(Table):
    """What medspaCy leaves alone: the examples of a rule, both ways."""

    examples: Annotated[list[Annotated[ContextExample, AfterValidator(_with_span)]], Field(min_length=1)]
    not_examples: Annotated[list[Annotated[ContextExample, AfterValidator(_with_span)]], Field(min_length=1)]
    note: str = ""


class ContextRule(Table):
    """A rule in medspaCy's format, as far as it is used here."""

    literal: Annotated[str, AfterValidator(_literal)]
    category: Category
    direction: Literal["FORWARD", "BACKWARD", "BIDIRECTIONAL", "PSEUDO"]
    metadata: Metadata
    allowed_types: list[str] = Field(default_factory=list)
    max_scope: Annotated[int, Field(ge=1)] | None = None
    max_targets: Annotated[int, Field(ge=1)] | None = None


class ContextFile(Table):
    """What `context.json` holds."""

    context_rules: list[ContextRule]
    about: str = ""


class Assertion(NamedTuple):
    """An attribute that holds for a fact (by its index), the words that say so as offsets, and what found them."""

    fact: int
    attribute: str
    start: int
    end: int
    source: str


class Context:
    """Sets `negated` and `historical` on facts. medspaCy is imported when the first text needs it, not before.

    Raises PatternError when `context.json` of the patterns folder can't be used.
    """

    def __init__(self, folder: Folder) -> None:
        self.rules = read_rules(folder / "context.json")
        self._background = Background(folder)
        self._words = frozenset(word for rule in self.rules for word in _words(rule["literal"]))
        self._triggers: dict[str, re.Pattern[str] | None] = {}
        self._context: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_context": None}

    def assert_facts(self, text: str, found: Sequence[tuple[Fact, Place]]) -> list[tuple[Fact, Place]]:
        """The same facts and sentences in the same order, with `negated` and `historical` set to True where they
        hold and absent elsewhere."""
        stated, places = [fact for fact, _ in found], [place for _, place in found]
        facts = with_assertions(stated, self.find_assertions(text, stated, places))
        return list(zip(facts, places, strict=True))

    def find_assertions(self, text: str, facts: Sequence[Fact], places: Sequence[Place]) -> list[Assertion]:
        """All that holds for these facts in their sentences, each with the words that say so; an attribute may be said
        twice."""
        targets: dict[Place, list[int]] = {}
        told: dict[tuple[str, Place], bool] = {}
        types = [_type(fact) for fact in facts]
        for index, place in enumerate(places):
            key = (types[index], place)
            if key not in told:
                trigger = self._trigger(key[0])
                told[key] = trigger is not None and _triggered(trigger, text, *place)
            if told[key]:
                targets.setdefault(place, []).append(index)
        made: list[Assertion] = []
        if targets:
            for some in _batches({_near(facts, place, indices): indices for place, indices in targets.items()}):
                made.extend(self._run(text, facts, some))
            made.extend(_carried_on(text, list(zip(facts, places, strict=True)), made))
        if _REPORTED.isdisjoint(types):
            return made
        historical = {assertion.fact for assertion in made if assertion.attribute == "historical"}
        others = [i for i, kind in enumerate(types) if kind in _REPORTED and i not in historical]
        reports = self._background.reports(text, [(facts[i].start, places[i]) for i in others])
        for index, report in zip(others, reports, strict=True):
            if report is not None:
                made.append(Assertion(index, "historical", report.start(), report.end(), BACKGROUND))
        return made

    def _trigger(self, target_type: str) -> re.Pattern[str] | None:
        """An expression that finds a trigger of any rule for this type of target in `needed.plain` of a text, but for
        what stands in front of it; None where there is no such rule.

        It begins with the first letters of the triggers, and tells no capitals: so `re` skips to where they stand.
        """
        if target_type not in self._triggers:
            literals = {
                rule["literal"]
                for rule in self.rules
                if rule["category"] in ATTRIBUTES and target_type in rule.get("allowed_types", [target_type])
            }
            phrases = {" ".join(_words(literal)) for literal in literals}
            flags = re.NOFLAG if all(map(str.isascii, phrases)) else re.I
            expression = trie_regex(phrases, r"\s*") + r"(?![^\W\d_])" if phrases else None
            self._triggers[target_type] = re.compile(expression, flags) if expression else None
        return self._triggers[target_type]

    def _run(self, text: str, facts: Sequence[Fact], targets: Mapping[Place, list[int]]) -> Iterator[Assertion]:
        """All that ConText finds."""
        from spacy.tokens import Doc, Span, SpanGroup

        if self._context is None:
            self._context = self._load()
        words: list[str] = []
        offsets: list[Place] = []
        sentence_starts: list[bool | int | None] = []
        places: dict[tuple[int, int, str], list[int]] = {}
        for (start, end), indices in sorted(targets.items()):
            tokens = [(m.start(), m.end(), m.group().lower()) for m in _TOKEN.finditer(text, start, end)]
            first = len(words)
            sentence_starts.extend(i == 0 for i in range(len(tokens)))
            words.extend(word if word in self._words else "_" for _, _, word in tokens)
            offsets.extend((left, right) for left, right, _ in tokens)
            starts, ends = [token[0] for token in tokens], [token[1] for token in tokens]
            for index in indices:
                fact = facts[index]
                left = first + bisect_left(ends, fact.start + 1)
                right = first + bisect_left(starts, fact.end)
                words[left:right] = ["_"] * (right - left)
                places.setdefault((left, right, _type(fact)), []).append(index)
        doc = Doc(self._context.nlp.vocab, words=words, sent_starts=sentence_starts)
        spans = [Span(doc, left, right, label=label) for left, right, label in places]
        doc.spans[_GROUP] = SpanGroup(doc, name=_GROUP, spans=spans)
        modifiers: dict[tuple[int, int, str], list[Any]] = {}
        for target, modifier in self._context(doc)._.context_graph.edges:
            modifiers.setdefault((target.start, target.end, target.label_), []).append(modifier)
        for key, found in modifiers.items():
            planned = any(modifier.category == PLANNED for modifier in found)
            for category, attribute in ATTRIBUTES.items():
                if category == "HISTORICAL" and planned:
                    continue
                for modifier in found:
                    if modifier.category == category:
                        first, last = modifier.modifier_span
                        start, end = offsets[first][0], offsets[last - 1][1]
                        yield from (Assertion(index, attribute, start, end, CONTEXT) for index in places[key])

    def _load(self) -> Any:
        """ConText with our rules. Importing medspaCy takes seconds and silences all warnings; the latter is undone."""
        import spacy

        with warnings.catch_warnings():
            from medspacy.context import ConText, ConTextRule
        nlp = spacy.blank("en")
        nlp.tokenizer = _Tokenizer(nlp.vocab)
        context = ConText(
            nlp,
            rules=None,
            span_attrs=None,
            input_span_type="group",
            span_group_name=_GROUP,
            terminating_types=_ENDED_BY,
        )
        context.add([ConTextRule.from_dict(rule) for rule in self.rules])
        # medspaCy always runs a token matcher, and spaCy warns of one that has no pattern: no token holds a blank.
        context.add(ConTextRule("never", "PSEUDO", pattern=[{"ORTH": "never ever"}], direction="PSEUDO"))
        return context


def _triggered(trigger: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether a trigger stands in a range of a text, and no letter right in front of it."""
    begin = max(0, start - 1)
    sentence = plain(text[begin:end])
    found = trigger.search(sentence, start - begin)
    while found is not None and found.start() and _LETTER.match(sentence, found.start() - 1):
        found = trigger.search(sentence, found.start() + 1)
    return found is not None


def _carried_on(text: str, found: Sequence[tuple[Fact, Place]], made: Sequence[Assertion]) -> Iterator[Assertion]:
    """`outside the range of 90-160 mmHg for systolic or 50-95 mmHg for diastolic`: what one range is denied by denies
    the next that stands right behind `or`."""
    denied = {a.fact: a for a in made if a.attribute == "negated" and text[a.start : a.start + 7].lower() == "outside"}
    for index, (fact, place) in enumerate(found[1:], start=1):
        before, where = found[index - 1]
        said = denied.get(index - 1)
        ranges = all(f.attributes.get(end) is not None for f in (before, fact) for end in ("low", "high"))
        if said is None or index in denied or not ranges or (before.label, where) != (fact.label, place):
            continue
        if _ANOTHER_RANGE.fullmatch(text, before.end, fact.start):
            denied[index] = Assertion(index, "negated", said.start, said.end, said.source)
            yield denied[index]


def _near(facts: Sequence[Fact], place: Place, indices: Sequence[int]) -> Place:
    """What of a sentence can say something of these facts in it."""
    start, end = min(facts[index].start for index in indices), max(facts[index].end for index in indices)
    return max(place[0], start - _REACH), min(place[1], end + _REACH)


def _batches(targets: Mapping[Place, list[int]]) -> Iterator[dict[Place, list[int]]]:
    """The targets of sentences in order, those of as many sentences at a time as make one Doc."""
    batch: dict[Place, list[int]] = {}
    size = count = 0
    for place, indices in sorted(targets.items()):
        size, count = size + place[1] - place[0], count + len(indices)
        if batch and (size > _CHARACTERS or count > _TARGETS):
            yield batch
            batch, size, count = {}, place[1] - place[0], len(indices)
        batch[place] = indices
    if batch:
        yield batch


class _Tokenizer:
    """Cuts the rules' literals as `_run` cuts sentences."""

    def __init__(self, vocab: Any) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Any:
        from spacy.tokens import Doc

        return Doc(self.vocab, words=_words(text))


def with_assertions(facts: Iterable[Fact], assertions: Iterable[Assertion]) -> list[Fact]:
    """The facts in their order, with what is asserted of them and nothing else that was."""
    asserted = [_cleared(fact) for fact in facts]
    for assertion in assertions:
        asserted[assertion.fact] = asserted[assertion.fact].with_attributes(**{assertion.attribute: True})
    return asserted


def read_rules(path: File) -> list[dict[str, Any]]:
    """The rules of a `context.json`. Raises PatternError, with the rule's number and literal, unless each is literal
    (no `pattern`: those cost ConText most of its time), is known in all its words, and has examples both ways."""
    rules = read_as(ContextFile, path).context_rules
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        literal = " ".join(_words(rule.literal))
        if literal in seen:  # of two matches of equal length medspaCy drops one
            name = f"[[context_rules]] number {number + 1} ({rule.literal})"
            raise Where(path, ("context_rules", number), name).error("the literal stands there twice")
        seen.add(literal)
    return [rule.model_dump(exclude_unset=True) for rule in rules]


def _words(literal: str) -> list[str]:
    return _TOKEN.findall(literal)


def _type(fact: Fact) -> str:
    """The label of a target, with a prefix where the fact stands in eligibility criteria."""
    return (CRITERION if fact.attributes.get("polarity") in ("inclusion", "exclusion") else "") + fact.label


def _cleared(fact: Fact) -> Fact:
    """A fact without the attributes that are set here."""
    if not any(attribute in fact.attributes for attribute in ATTRIBUTES.values()):
        return fact
    kept = {name: value for name, value in fact.attributes.items() if name not in ATTRIBUTES.values()}
    return Fact(fact.label, fact.start, fact.end, fact.text, fact.rule, kept)
