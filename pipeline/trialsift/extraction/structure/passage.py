"""The unit of reading: one sentence of a criterion line, with its tokens and quantities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity, QuantityPiece, Token
from trialsift.model.fact import UNSAID, Fact, Scalar
from trialsift.model.interval import Interval, tidy
from trialsift.rules.guarded import plain


class Window(IntEnum):
    """How many characters beside a place are looked at, or may separate two things, by what is expected there.

    Most expressions that look into a window are anchored at the place, so it need only be wide enough for their words.
    """

    #: The word or sign that adjoins a value: `vs`, `at visit`, `corrected for`, `25 x`.
    ADJOINING = 20
    #: A few words that lead to a value or go on from it: `from birth to`, `delivered over a total of`, `male`.
    PHRASE = 40
    #: The clause that a value stands in: `if liver metastases`, `a minimum of`, `as a boost`, `taken orally`.
    CLAUSE = 60
    #: What tells the kind of a value: `age at the time of informed consent must be`, `proteinuria of`.
    STATEMENT = 90
    #: What a prescription says in front of a dose: the target, the boost, the constraint.
    PRESCRIPTION = 150
    #: What the line has said so far: whose age it is, what somebody drinks.
    LINE = 300
    #: How far back the drug of a sentence without one is named.
    PARAGRAPH = 400
    #: How far back a flattened table has the names of its columns.
    TABLE = 700
    #: The part of a criterion line around its sentence that an engine can look at.
    SURROUNDINGS = 1000


class Note(NamedTuple):
    """What told an engine something of a fact, for those who ask why; no step of the extraction looks at it.

    `fact` is where the fact begins, `about` what was told (`name`, `comparator`, `role`, `boost`, `birth`), `place` the
    words that told it as offsets, or None where no words did, and `meaning` what it was.
    """

    fact: int
    about: str
    place: tuple[int, int] | None
    meaning: str


class Decline(NamedTuple):
    """A quantity that an engine looked at and gave up, for those who ask why; no step of the extraction looks at it.

    `start` and `end` are the quantity's, `label` the label that it was no fact of, `rule` the id of the rule that it
    would have come from, empty where no rule came into question, and `why` the reason in words about the text. Another
    engine may have taken the same quantity.
    """

    start: int
    end: int
    label: str
    rule: str
    why: str


class Record(NamedTuple):
    """What engines tell those who ask why: of the facts of a passage, what their values were read from where these are
    no quantities (by the place where the fact begins), and of the quantities that they gave up."""

    notes: list[Note]
    pieces: dict[int, list[QuantityPiece]]
    declines: list[Decline]


@dataclass(slots=True)
class Passage:
    """`text` is the whole document; `start`/`end` bound the sentence, `line_start`/`line_end` the criterion line.

    `above` is the line above where it opens this one (a heading, a bullet with sub-bullets), else None. `polarity` is
    that of the named section, None outside eligibility criteria. `unsectioned_bullet` marks a bullet of a document
    that names no section of eligibility criteria. `unheaded` marks criteria that the source's structure tells, in
    front of any heading; `limits_nobody` a part of the source that holds no criteria. `engines` has the bits of the
    engines that it has a clue for (topics.py): by default of all. `record` is there where somebody asks why: `note`,
    `note_pieces` and `decline` write into it, and do nothing without one.
    """

    text: str
    start: int
    end: int
    line_start: int
    line_end: int
    polarity: str | None
    tokens: list[Token]
    quantities: list[Quantity]
    above: tuple[int, int] | None = None
    above_tokens: list[Token] = field(default_factory=list)
    unsectioned_bullet: bool = False
    unheaded: bool = False
    limits_nobody: bool = False
    engines: int = -1
    claimed: set[int] = field(default_factory=set)
    record: Record | None = None
    _plain: str | None = field(default=None, init=False, repr=False, compare=False)
    _kinds: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)
    _named: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def plain(self) -> str:
        """The sentence as `plain` (rules/guarded.py) gives it: no expression need look for a word that isn't there."""
        if self._plain is None:
            self._plain = plain(self.text[self.start : self.end])
        return self._plain

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all its quantities, an empty string for those without a unit."""
        if self._kinds is None:
            self._kinds = frozenset([q.kind for q in self.quantities])
        return self._kinds

    @property
    def named(self) -> frozenset[str]:
        """What is named in the sentence or in the line above: `analyte`, `measure`, `scale`."""
        if self._named is None:
            tokens = [*self.tokens, *self.above_tokens] if self.above_tokens else self.tokens
            self._named = frozenset([t.value[0] for t in tokens if isinstance(t.value, tuple)])
        return self._named

    @property
    def explaining(self) -> bool:
        """Whether somebody asks why."""
        return self.record is not None

    @property
    def notes(self) -> Sequence[Note]:
        """What engines noted of their facts."""
        return () if self.record is None else self.record.notes

    @property
    def pieces(self) -> Mapping[int, Sequence[QuantityPiece]]:
        """What values that are no quantities were read from, by the place where their fact begins."""
        return {} if self.record is None else self.record.pieces

    @property
    def declines(self) -> Sequence[Decline]:
        """The quantities that engines gave up."""
        return () if self.record is None else self.record.declines

    def left(self, position: int, window: Window) -> str:
        """The characters in front of a place, within the sentence."""
        return self.text[max(self.start, position - window) : position]

    def left_start(self, position: int, window: Window) -> int:
        """Where the window in front of a place begins, within the sentence."""
        return max(self.start, position - window)

    def right(self, position: int, window: Window) -> str:
        """The characters behind a place, within the sentence."""
        return self.text[position : min(self.end, position + window)]

    def line_left(self, position: int, window: Window) -> str:
        """The characters in front of a place, within the criterion line, of which the sentence may be a part."""
        return self.text[max(self.line_start, position - window) : position]

    def open_quantities(self) -> list[tuple[int, Quantity]]:
        """Quantities that no engine has claimed yet, with their indices."""
        claimed = self.claimed
        if not claimed:
            return list(enumerate(self.quantities))
        return [(i, q) for i, q in enumerate(self.quantities) if i not in claimed]

    def note(self, fact: int, about: str, place: tuple[int, int] | None, meaning: str) -> None:
        """Records what told something of the fact that begins at a place."""
        if self.record is not None:
            self.record.notes.append(Note(fact, about, place, meaning))

    def note_pieces(self, fact: int, pieces: Iterable[QuantityPiece]) -> None:
        """Records what the value of the fact that begins at a place was read from, as `note` does."""
        if self.record is not None:
            self.record.pieces[fact] = list(pieces)

    def decline(self, quantity: Quantity, label: str, rule: str, why: str) -> None:
        """Records that a quantity is no fact of a label, and why."""
        if self.record is not None:
            self.record.declines.append(Decline(quantity.start, quantity.end, label, rule, why))

    def fact(self, label: str, rule: str, start: int, end: int, **attributes: Scalar) -> Fact:
        """A fact on these characters, less white space at their end (`10^9 ` where no unit follows); flags that say
        what their absence says are left out, as in gold."""
        written = self.text[start:end].rstrip()
        for name, unsaid in UNSAID.items():
            if attributes.get(name) is unsaid:
                del attributes[name]
        return Fact(label, start, start + len(written), written, rule, attributes)


def write_bounds(interval: Interval, scale: float = 1.0) -> dict[str, Scalar]:
    """The four attributes of an interval, ends multiplied by `scale`, whole numbers as int."""
    low, high = interval.low, interval.high
    return {
        "low": None if low is None else tidy(low * scale),
        "low_inclusive": None if low is None else interval.low_inclusive,
        "high": None if high is None else tidy(high * scale),
        "high_inclusive": None if high is None else interval.high_inclusive,
    }
