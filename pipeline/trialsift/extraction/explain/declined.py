"""Which numbers of criteria and prescriptions are part of no fact, and why each was passed over.

Engines say why they decline a quantity (`Passage.decline`); of several reasons the one is told whose name stands
nearest. What never became a quantity is told by its form (forms.py).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from trialsift.extraction.explain.data import Declined
from trialsift.extraction.explain.forms import NUMBER, read_form, read_report, tell_unread
from trialsift.extraction.explain.sense import read_sense
from trialsift.extraction.explain.words import ExplanationWords, UnreadWords, read_explanation_words, read_unread_words
from trialsift.extraction.extractor import Extractor, Reading
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage
from trialsift.extraction.structure.reading_copy import ReadingCopy
from trialsift.extraction.structure.section import find_section
from trialsift.model.document import CRITERIA, Part

#: The type of concept that names what a label's values are of.
_NAMES = {"LAB": "analyte", "MEASUREMENT": "measure", "PERFORMANCE_STATUS": "scale"}
#: The words that name it where there is no such concept.
_WORDS = {"AGE": "age", "FRACTIONS": "fractions", "LIFE_EXPECTANCY": "life_expectancy", "DOSE": "radiation"}
NEAR = 40  # characters: so far a name may stand from a value without a word of its engine
_FAR = 10_000  # characters: farther than any name in a sentence
_OF_NONE = "which no label that is read is about"
_COUNTS = "a number in a word, without a unit: it counts something"
_NO_NAME = "no test, scale, drug, dose or age is named beside it"


def explain_declined(extractor: Extractor, text: str, parts: Sequence[Part] = ()) -> list[Declined]:
    """The numbers of criteria and prescriptions that are part of no fact, in the order of the text, each with the
    reason. `parts` are those that `extractor.annotate` takes."""
    return find_declined(extractor, extractor.read(text, parts, explaining=True))


def find_declined(extractor: Extractor, reading: Reading) -> list[Declined]:
    """The same for a text that `extractor.read` has read with `explaining`."""
    located = [locate(passed.declined, reading.copy) for passed in find_passed(extractor, reading)]
    return sorted(located, key=lambda declined: (declined.start, declined.end))


class Passed(NamedTuple):
    """A number that was passed over, with its place in the copy; its passage and quantity where it is part of one."""

    declined: Declined
    passage: Passage | None = None
    quantity: Quantity | None = None


def find_passed(extractor: Extractor, reading: Reading) -> list[Passed]:
    """The numbers of criteria and prescriptions that are part of no fact; quantities come first."""
    teller, told = Teller(extractor), find_told(extractor, reading)
    taken = Places((fact.start, fact.end) for fact in reading.facts)
    found = [passed for passage in told for passed in teller.tell(passage, taken)]
    return [*found, *map(Passed, _find_unread(reading, told, taken, extractor.lexicon.names.pattern, teller.words))]


def find_told(extractor: Extractor, reading: Reading) -> list[Passage]:
    """The passages of criteria and of prescriptions."""
    drugs, radiation = extractor.engines.drugs, read_explanation_words(extractor.patterns).radiation
    treated = Places((f.start, f.end) for f in reading.facts if f.label in ("DOSE", "FRACTIONS"))
    return [p for p in reading.read if is_criterion(p, reading) or _prescribes(p, treated, drugs, radiation)]


def locate(declined: Declined, copy: ReadingCopy) -> Declined:
    """A number where it stands in the document itself."""
    start, end = copy.locate(declined.start, declined.end)
    return replace(declined, start=start, end=end, text=copy.original[start:end])


class Places:
    """Ranges of a text."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(places):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def meet(self, start: int, end: int) -> bool:
        """Whether a range has characters in common with one of them."""
        first = bisect_right(self._ends, start)
        return first < len(self._starts) and self._starts[first] < end


def is_criterion(passage: Passage, reading: Reading) -> bool:
    """Whether a passage is one of eligibility criteria; in a document that names no sections, whether it might be."""
    if passage.polarity is not None or passage.unheaded or passage.unsectioned_bullet or holds_only_criteria(reading):
        return True
    unsectioned = len(reading.sections) == 1 and not passage.limits_nobody
    return unsectioned and (bool(passage.named) or any(decline.rule for decline in passage.declines))


def holds_only_criteria(reading: Reading) -> bool:
    """Whether a text begins with a heading of criteria: other headings in it are those of kinds of criteria."""
    first = next((section for section in reading.sections if section.name != "document"), None)
    return first is not None and first.polarity is not None and not reading.copy.text[: first.start].strip()


def is_in_criteria(reading: Reading, offset: int) -> bool:
    """Whether a place lies in a section of eligibility criteria."""
    section = find_section(reading.sections, offset)
    return section.polarity is not None or section.name == CRITERIA or holds_only_criteria(reading)


def _prescribes(passage: Passage, treated: Places, drugs: Drugs, radiation: re.Pattern[str]) -> bool:
    """Whether a passage tells of a treatment: of a dose or fractions, of radiation, or of a drug."""
    place = passage.start, passage.end
    return (
        treated.meet(*place)
        or radiation.search(passage.text, *place) is not None
        or bool(drugs.find(passage.text, *place))
    )


class Teller:
    """Tells of the quantities of passages why they are part of no fact."""

    def __init__(self, extractor: Extractor) -> None:
        self._engines = extractor.engines
        self.words: ExplanationWords = read_explanation_words(extractor.patterns)
        self._unread: UnreadWords = read_unread_words(extractor.patterns)

    def tell(self, passage: Passage, taken: Places) -> Iterator[Passed]:
        """Iterates over the quantities of a passage that lie outside of places that are taken."""
        for index, quantity in enumerate(passage.quantities):
            if not taken.meet(quantity.start, quantity.end):
                yield Passed(self._tell(passage, index), passage, quantity)

    def _tell(self, passage: Passage, index: int) -> Declined:
        text, quantity = passage.text, passage.quantities[index]
        start, end = quantity.start, quantity.start + len(text[quantity.start : quantity.end].rstrip())
        read_as = quantity.interval, None if quantity.unit is None else quantity.unit.ucum
        form = read_report(text, start, end, self.words)
        if form is None and quantity.operator is None and quantity.unit is None:
            form = read_form(text, start, end, passage.line_start, self.words)
        if form is not None:
            return Declined(start, end, text[start:end], *read_as, "quantities", "", "", form.why, form.code)
        label, rule, why = self._choose(passage, quantity)
        reason = read_sense(passage, quantity, why, self._unread)
        return Declined(start, end, text[start:end], *read_as, "labels", label, rule, why, reason)

    def _choose(self, passage: Passage, quantity: Quantity) -> tuple[str, str, str]:
        """The label that came nearest to taking a quantity, the id of its rule, and the reason in words."""
        told = [
            (_distance(passage, quantity, decline.label, self._engines.drugs, self.words), not decline.rule, decline)
            for decline in passage.declines
            if decline.start < quantity.end and quantity.start < decline.end
        ]
        # of labels that the sentence speaks of, or whose rule the quantity came to; a time may be an age without a word
        told = [reason for reason in told if reason[0] < _FAR or reason[2].rule or quantity.kind == "time"]
        name = _name_beside(passage, quantity)
        if name is not None and all(name.distance < distance for distance, _, _ in told):
            asked, value = name.label in self._engines.wanted, "a time" if quantity.kind == "time" else "this"
            why = f"`{name.words}` is named beside it, " + (f"but {value} is no value of it" if asked else _OF_NONE)
            return name.label if asked else "", "", why
        if not told:
            counts = quantity.unit is None and passage.text[quantity.number_start].isalpha()
            return "", "", _COUNTS if counts else _NO_NAME
        if quantity.unit is None:  # any number may be an age: what another label says of it tells more
            told = [reason for reason in told if reason[2].label != "AGE"] or told
        label, rule, why = min(told)[2][2:]
        return label, rule, why


class _Name(NamedTuple):
    """A name beside a quantity, and the label whose values are of such names."""

    distance: int
    label: str
    words: str


def _name_beside(passage: Passage, quantity: Quantity) -> _Name | None:
    """The name of a test, scale or measure that stands nearest to a quantity, if one stands near."""
    labels = {concept: label for label, concept in _NAMES.items()}
    names = [
        _Name(measure_gap(quantity, t.start, t.end), labels[t.value[0]], passage.text[t.start : t.end])
        for t in passage.tokens
        if isinstance(t.value, tuple) and t.value[0] in labels
    ]
    nearest = min(names, default=None)
    return nearest if nearest is not None and nearest.distance <= NEAR else None


def measure_gap(quantity: Quantity, start: int, end: int) -> int:
    """How many characters stand between a quantity and a range of the text."""
    return max(0, start - quantity.end, quantity.start - end)


def _distance(passage: Passage, quantity: Quantity, label: str, drugs: Drugs, words: ExplanationWords) -> int:
    """How many characters stand between a quantity and the nearest name of what a label's values are of."""
    concept = _NAMES.get(label)
    if concept is not None:
        named = [t for t in passage.tokens if isinstance(t.value, tuple) and t.value[0] == concept]
        places = [(token.start, token.end) for token in named]
    else:
        naming: re.Pattern[str] | None = getattr(words, _WORDS[label]) if label in _WORDS else None
        found = naming.finditer(passage.text, passage.start, passage.end) if naming else ()
        places = [match.span() for match in found]
    if label == "DOSE":
        places += [(start, end) for start, end, _ in drugs.find(passage.text, passage.start, passage.end)]
    return min((measure_gap(quantity, start, end) for start, end in places), default=_FAR)


def _find_unread(
    reading: Reading, told: Sequence[Passage], taken: Places, names: re.Pattern[str], words: ExplanationWords
) -> Iterator[Declined]:
    """Numbers of the same passages, and of sections of criteria, that are part of no quantity."""
    text = reading.copy.text
    places = Places((passage.start, passage.end) for passage in told)
    quantities = Places((quantity.start, quantity.end) for passage in reading.read for quantity in passage.quantities)
    for number in NUMBER.finditer(text):
        start, end = number.span()
        if not (is_in_criteria(reading, start) or places.meet(start, end)):
            continue
        if taken.meet(start, end) or quantities.meet(start, end):
            continue
        form = tell_unread(text, (start, end), text.rfind("\n", 0, start) + 1, names, words)
        yield Declined(start, end, text[start:end], None, None, "quantities", "", "", form.why, form.code)
