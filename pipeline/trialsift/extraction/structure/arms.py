"""Whose dose it is: the arms that a text names, and how far each name reaches.

In: a text, the places of its doses and numbers of fractions, and the ranges that its source names. Out: for each place
the label of its arm, as written, or None: where the text names no arm, several, or all.

A name is a heading (`Arm A:`), which reaches to the next one, or a word of its sentence, which reaches forward to the
next name (`patients in arm A received 60 Gy`) or back (`60 Gy in arm A and 50 Gy in arm B`). The words are in
`patterns/wording/arms.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialsift.rules.guarded import plain

Place = tuple[int, int]
#: A range, and the label of the arm that it is about; None where it is about several.
Told = tuple[int, int, str | None]

#: The labels of what is given to an arm.
GIVEN = frozenset({"DOSE", "FRACTIONS"})

#: In characters: the longest name; how far a heading reaches, one within a line, and the last; the length of an
#: enumeration; how far a name reaches in its sentence.
_NAME, _REACH, _INLINE, _LAST, _LISTED, _FORWARD = 90, 1500, 700, 1000, 600, 500
#: Characters: so much of a sentence is looked at on either side of a dose, so that the time stays linear in its length.
_WIDEST = 1500
#: The first character is one of a few, which the regex engine can skip to.
_SENTENCE = re.compile(
    r"[.?!](?<=[a-z\d)\]%].)\s+(?=[A-Z\[(\"“]|[-•]\s)|\.(?<=\)\.)(?=[A-Z][a-z])|\n\s*\n\s*|\n[^\S\n]*(?=[-•*]|\(?\d{1,2}[.)]\s)"
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^][]*\]")
_BLANK_START = re.compile(r"[\s:.)]*")
_BLANK = re.compile(r"\n\s*\n")
#: What an enumeration may begin with, in lower case; one costs a search of the whole text.
_ENUMERATORS = ("(a)", "(1)", "(i)")
_FIRST = frozenset({"A", "a", "1", "I", "i"})


class ArmWords(NamedTuple):
    """The names of arms, and the words around them (`patterns/wording/arms.toml`)."""

    cue: re.Pattern[str]
    named: re.Pattern[str]
    noun: re.Pattern[str]
    called: re.Pattern[str]
    no_arm: re.Pattern[str]
    organisation: re.Pattern[str]
    kind: re.Pattern[str]
    kind_inline: re.Pattern[str]
    plural: re.Pattern[str]
    each: re.Pattern[str]
    everybody: re.Pattern[str]
    titled: re.Pattern[str]
    item: re.Pattern[str]
    within: re.Pattern[str]
    compared: re.Pattern[str]
    repeated: re.Pattern[str]
    added_to: re.Pattern[str]
    subject: re.Pattern[str]
    given_in: re.Pattern[str]
    parts_doses: re.Pattern[str]
    parts_items: re.Pattern[str]
    opens_bracket: re.Pattern[str]
    joined: re.Pattern[str]
    respectively: re.Pattern[str]
    enumerated: re.Pattern[str]
    enumerator: re.Pattern[str]
    closes: re.Pattern[str]


class Mention(NamedTuple):
    """Where a text names an arm; without a label where it speaks of several.

    `back`: the words before it can be what it is given; `bracketed`: in brackets; `aside`: only compared with, so that
    nothing but what the name itself says belongs to it.
    """

    start: int
    end: int
    label: str | None
    heading: bool = False
    back: bool = False
    bracketed: bool = False
    aside: bool = False

    @property
    def arm(self) -> str | None:
        """The label for the words around the name."""
        return None if self.aside else self.label


def find_arms(
    text: str, places: Sequence[Place], told: Sequence[Told], bounds: Sequence[int], words: ArmWords
) -> list[str | None]:
    """Returns the arm of each of `places`, which are in the order of the text. No heading reaches over `bounds`.

    `told` are ranges whose arm the source names; what the words inside say doesn't matter there. Labels that differ in
    case only are written as the first, and `Arm A` as the one arm `Arm A: chemoradiation` of the source.
    """
    written = _read_labels(told, words)
    begins = [start for start, _, label in told if label]
    known = [one for one in told if one[2]]
    found = [_find_told(place[0], begins, known) for place in places]
    if None in found:
        read = _read_arms(text, places, bounds, words)
        found = [label or other for label, other in zip(found, read, strict=True)]
    return [label and written.setdefault(label.casefold(), label) for label in found]


def _find_told(place: int, begins: Sequence[int], told: Sequence[Told]) -> str | None:
    k = bisect_right(begins, place) - 1
    return told[k][2] if k >= 0 and place < told[k][1] else None


def _read_labels(told: Sequence[Told], words: ArmWords) -> dict[str, str]:
    """Returns the labels that the source names, by what a text may call them."""
    labels = dict.fromkeys(label for _, _, label in told if label)
    named = [match.group().casefold() for label in labels if (match := words.named.match(label))]
    short = {name: label for label in labels for name in named if named.count(name) == 1 and _begins(label, name)}
    return short | {label.casefold(): label for label in labels}


def _begins(label: str, name: str) -> bool:
    return label.casefold().startswith(name) and not label[len(name) : len(name) + 1].isalnum()


def _read_arms(text: str, places: Sequence[Place], bounds: Sequence[int], words: ArmWords) -> list[str | None]:
    """The arms of the places as the text tells them."""
    names = _find_names(text, words)
    if not names:
        return [None] * len(places)
    sentences = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    mentions = _join(text, sorted((*names, *_find_everybody(text, places, sentences, words)), key=_start), words)
    ranges = list(_find_ranges(text, mentions, sorted({*bounds, len(text)}), sentences, words))
    starts = [start for start, _, _ in ranges]
    found: list[str | None] = []
    for place in places:
        label = _Sentence.of(place[0], sentences, mentions, places, text, words).find_arm(place)
        if label is _UNTOLD:
            k = bisect_right(starts, place[0]) - 1
            label = ranges[k][2] if k >= 0 and place[0] < ranges[k][1] else None
        found.append(label)
    return found


#: What a sentence says that tells nothing of the arm.
_UNTOLD = "\0"


class _Sentence(NamedTuple):
    """A sentence with the arms and the doses in it."""

    text: str
    start: int
    end: int
    mentions: Sequence[Mention]
    places: Sequence[Place]
    words: ArmWords

    @classmethod
    def of(
        cls,
        place: int,
        sentences: Sequence[int],
        mentions: Sequence[Mention],
        places: Sequence[Place],
        text: str,
        words: ArmWords,
    ) -> _Sentence:
        k = bisect_right(sentences, place)
        start, end = sentences[k - 1], sentences[k] if k < len(sentences) else len(text)
        start, end = max(start, place - _WIDEST), min(end, place + _WIDEST)
        inner = mentions[bisect_left(mentions, start, key=_start) : bisect_left(mentions, end, key=_start)]
        return cls(text, start, end, inner, places[bisect_left(places, (start,)) : bisect_left(places, (end,))], words)

    def find_arm(self, place: Place) -> str | None:
        """The arm of a dose in it; `_UNTOLD` if the sentence doesn't say."""
        for mention in self.mentions:
            if mention.start <= place[0] and place[1] <= mention.end:
                return mention.label
        k = bisect_right(self.mentions, place[0], key=_start)
        before = self.mentions[k - 1] if k else None
        behind = self.mentions[k] if k < len(self.mentions) else None
        if behind is not None and behind.back and self._reaches_back(place, before, behind):
            return behind.label
        if before is None or self._gives_back(before):
            return _UNTOLD if before is None and not (behind and behind.back and behind.arm) else None
        if place[0] > before.end + _FORWARD:
            return None
        if before.arm and self.words.respectively.search(self.text, before.end, self.end):
            return None
        return before.arm

    def _gives_back(self, mention: Mention) -> bool:
        """Whether a name belongs to a dose before it, and to none behind it."""
        if not mention.back or mention.arm is None:
            return False
        before = [one.end for one in self.mentions if one.end <= mention.start]
        near = [p for p in self.places if p[1] <= mention.start and p[0] >= max(before, default=self.start)]
        return bool(near) and self._adjoins(near[-1], mention)

    def _reaches_back(self, place: Place, before: Mention | None, behind: Mention) -> bool:
        """Whether a dose belongs to the name behind it rather than to the one before it."""
        if self._is_tight(place, behind):
            return True
        if not self._adjoins(place, behind):
            return False
        if before is not None and before.bracketed and behind.bracketed:
            return True
        if before is None or before.arm is None or self._gives_back(before):
            return True
        following = self.mentions[self.mentions.index(behind) + 1 :]
        stop = following[0].start if following else self.end
        return not any(behind.end <= start < stop for start, _ in self.places) and any(
            before.end <= start < place[0] for start, _ in self.places
        )

    def _is_tight(self, place: Place, behind: Mention) -> bool:
        """Whether nothing but `in the` stands between: `60 Gy in the control arm`."""
        given = self.words.given_in.search(self.text, max(place[1], behind.start - _NAME), behind.start)
        return given is not None and not self.text[place[1] : given.start()].strip(" )")

    def _adjoins(self, place: Place, behind: Mention) -> bool:
        parts = self.words.parts_items if behind.bracketed else self.words.parts_doses
        return parts.search(_BRACKETED.sub("", self.text[place[1] : behind.start])) is None


def _start(mention: Mention) -> int:
    return mention.start


def _find_ranges(
    text: str, mentions: Sequence[Mention], bounds: Sequence[int], sentences: Sequence[int], words: ArmWords
) -> Iterator[tuple[int, int, str | None]]:
    """Iterates over the ranges of headings: start, end, label."""
    headings = [mention for mention in mentions if mention.heading]
    for number, heading in enumerate(headings):
        follows = headings[number + 1].start if number + 1 < len(headings) else len(text)
        bound = bounds[bisect_right(bounds, heading.start)] if heading.start < bounds[-1] else len(text)
        inline = _is_inline(text, heading)
        end = min(follows, bound, heading.end + (_INLINE if inline else _REACH))
        if follows > end or number + 1 == len(headings):
            end = min(end, _find_last_end(text, heading, sentences, inline))
        first, last = bisect_right(sentences, heading.end), bisect_left(sentences, end)
        closed = (start for start in sentences[first:last] if words.closes.match(text, start))
        yield heading.start, next(closed, end), heading.label


def _is_inline(text: str, heading: Mention) -> bool:
    """Whether words stand in front of a heading in its line."""
    line = max(0, text.rfind("\n", 0, heading.start) + 1, heading.start - _NAME)
    return bool(text[line : heading.start].strip(" \t-•*–\"'("))


def _find_last_end(text: str, heading: Mention, sentences: Sequence[int], inline: bool) -> int:
    """Where the last of several headings ends: with its paragraph if it begins a line, or else with its sentence."""
    if inline:
        return sentences[min(bisect_right(sentences, heading.end), len(sentences) - 1)]
    begins = _BLANK_START.match(text, heading.end)
    start = heading.end if begins is None else begins.end()
    blank = _BLANK.search(text, start, start + _LAST)
    return blank.start() if blank else min(len(text), start + _LAST)


def _find_names(text: str, words: ArmWords) -> list[Mention]:
    """Returns all names of arms, and where the text speaks of several; nothing if it names none."""
    around = plain(text)
    cues = (_read_cue(text, cue.start(), words) for cue in words.cue.finditer(around))
    names = [name for name in cues if name is not None]
    if any(cue in around for cue in _ENUMERATORS):
        names += _find_enumerated(text, words)
    return names if any(name.label for name in names) else []


def _find_everybody(text: str, places: Sequence[Place], sentences: Sequence[int], words: ArmWords) -> Iterator[Mention]:
    """Iterates over where a sentence with a dose speaks of everybody."""
    for k in sorted({bisect_right(sentences, start) for start, _ in places}):
        for match in words.everybody.finditer(text, sentences[k - 1], sentences[min(k, len(sentences) - 1)]):
            yield Mention(*match.span(), None, aside=True)


def _read_cue(text: str, cue: int, words: ArmWords) -> Mention | None:
    """Returns the arm that is named with a word; `control group 2` is called `group 2`."""
    if (plural := words.plural.match(text, cue)) is not None:
        return Mention(*plural.span(), None)
    far = max(0, cue - _NAME)
    line = max(far, text.rfind("\n", far, cue) + 1)
    if (kind := words.kind.match(text, line)) is not None:
        return Mention(*kind.span(), _collapse(kind["label"]), heading=True) if kind.start("label") > cue else None
    if (named := words.named.match(text, cue)) is not None:
        return _judge(text, *named.span(), words)
    if (noun := words.noun.match(text, cue)) is not None:
        if words.each.search(text, far, cue) is not None:
            return Mention(*noun.span(), None)
        called = words.called.search(text, far, noun.end())
        if called is None or words.no_arm.search(called.group()):
            return None
        organised = words.organisation.search(text, far, noun.end()) is not None
        return None if organised else _judge(text, *called.span(), words)
    inline = words.kind_inline.match(text, cue)
    if inline is None or words.within.search(text, far, cue):
        return None
    return _judge(text, *inline.span(), words)


def _judge(text: str, start: int, end: int, words: ArmWords) -> Mention | None:
    """Returns what a name is; None where its arm is only compared with, or added to."""
    far = max(0, start - _NAME)
    titled = words.titled.match(text, end)
    within = words.within.search(text, far, start) is not None
    heading = titled is not None and not within
    if heading and titled is not None and titled["weak"]:
        heading = words.item.search(text, far, start) is not None
    if not heading and (words.repeated.search(text, far, start) or words.added_to.match(text, end)):
        return None
    label = _collapse(text[start:end])
    bracketed = text.endswith(("(", "["), 0, start) and not words.opens_bracket.search(text, far, start)
    given = words.given_in.search(text, far, start)
    subject = words.subject.match(text, end) is not None and not (given and given["people"] is None)
    back = not heading and not subject and (bracketed or given is not None)
    aside = not heading and words.compared.search(text, far, start) is not None
    return Mention(start, end, label, heading, back and not aside, bracketed, aside)


def _find_enumerated(text: str, words: ArmWords) -> Iterator[Mention]:
    """Iterates over letters and numbers that stand for arms: `randomised to (A) 60 Gy or (B) 50 Gy`."""
    opened = -_LISTED
    for match in words.enumerator.finditer(text):
        if match["label"] in _FIRST and words.enumerated.search(text, max(0, match.start() - 2 * _NAME), match.start()):
            opened = match.start()
        if opened <= match.start() < opened + _LISTED and "\n\n" not in text[opened : match.start()]:
            yield Mention(*match.span(), match["label"])


def _join(text: str, mentions: Sequence[Mention], words: ArmWords) -> list[Mention]:
    """Returns the mentions, with those that are spoken of together as one without a label, and without second names in
    brackets."""
    joined: list[Mention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        if before is not None and mention.start < before.end:
            continue
        between = "" if before is None else text[before.end : mention.start]
        if before is None or mention.aside or not words.joined.fullmatch(between):
            joined.append(mention)
        elif "(" in between and before.label:
            continue
        elif mention.heading:
            joined.append(mention)
        elif before.label is None and before.aside:
            joined[-1] = mention  # all patients in arm A
        else:
            joined[-1] = Mention(before.start, mention.end, None)
    return joined


def _collapse(label: str) -> str:
    return " ".join(label.split())
