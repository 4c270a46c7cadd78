"""LAB: the case in which a threshold holds (`if liver metastases`), and whether a threshold is itself such a case.

A condition stands behind its threshold; in front of it, where the sentence opens with one (`For men: …`, `If ALP ≤ ULN,
…`); or between two thresholds on the same test, and then it is the second one's (`if metastatic ≤ 5 x ULN`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.guarded import Guarded, holds

_LONGEST = 250  # characters: more is no condition, but a list without punctuation


class CaseWords(NamedTuple):
    """Words around a threshold (`patterns/wording/lab.toml`)."""

    conditional: Guarded
    condition: re.Pattern[str]
    condition_stop: re.Pattern[str]
    condition_soft_stop: re.Pattern[str]
    sex_first: Guarded
    metastases_first: Guarded
    opens_with_if: re.Pattern[str]
    then: re.Pattern[str]
    those_with: Guarded
    must: re.Pattern[str]
    condition_first: re.Pattern[str]
    gloss: re.Pattern[str]
    group_first: re.Pattern[str]
    age_first: re.Pattern[str]
    cohort_first: Guarded
    cohort_heading: re.Pattern[str]
    criteria_heading: re.Pattern[str]
    ruled_out: re.Pattern[str]
    between_case: re.Pattern[str]
    contrast: re.Pattern[str]
    allowed_if: Guarded
    whole_clause: re.Pattern[str]
    people_with: re.Pattern[str]
    group_before: Guarded
    case_joined: re.Pattern[str]
    case_lets_in: re.Pattern[str]
    case_trailing: re.Pattern[str]
    case_opening: re.Pattern[str]
    mark: re.Pattern[str]
    joiner: re.Pattern[str]
    only_bracket: re.Pattern[str]
    tight_gap: re.Pattern[str]
    limit_gap: re.Pattern[str]
    reached: re.Pattern[str]
    if_reached: re.Pattern[str]
    extreme: Guarded
    extreme_of: re.Pattern[str]
    asked: re.Pattern[str]
    daily: re.Pattern[str]
    bare_end: re.Pattern[str]


@dataclass(slots=True)
class Case:
    """A quantity in its sentence. `rule` found its tests; `before` is the threshold before it, if any. `names` are the
    places of the names in front of it, and `opening` is where those begin that stand right before it."""

    passage: Passage
    quantity: Quantity
    rule: str
    before: Quantity | None
    words: CaseWords
    names: list[tuple[int, int]] = field(init=False)
    opening: int = field(init=False)
    _conditional: bool | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        start = self.quantity.start
        names = self.names = [(t.start, t.end) for t in self.passage.tokens if t.kind == "concept" and t.end <= start]
        self.opening = names[-1][0] if names else start
        for begin, end in reversed(names[:-1]):
            if self.words.joiner.fullmatch(self.passage.text, end, self.opening):
                self.opening = begin

    def find_reached(self) -> str | None:
        """Which way the test went to come to this value, in a clause that tells a case (`until the ANC has recovered to
        1500/mm3`): `up`, `down` or `back`; None where no words say so."""
        passage = self.passage
        if not self.names or self.rule != "lab.name_first":
            return None
        came = self.words.reached.fullmatch(passage.text, self.names[-1][1], self.quantity.start)
        if came is None or not self.words.if_reached.search(passage.left(self.opening, Window.CLAUSE)):
            return None
        return came.lastgroup

    def find_extreme(self) -> str | None:
        """The operator that words in front of the name tell: `a minimum haemoglobin of 10 g/dl`."""
        passage, words = self.passage, self.words
        if not self.names or self.rule != "lab.name_first":
            return None
        told = words.extreme.search(passage.left(self.opening, Window.PHRASE), passage.plain)
        led = words.extreme_of.fullmatch(passage.text, self.names[-1][1], self.quantity.start)
        if told is None or (led is None and told["must"] is None):
            return None
        asked = passage.polarity is not None or told["must"] is not None
        if not asked and words.asked.search(passage.text, passage.start, passage.end) is None:
            return None  # `a minimum haemoglobin of 7 g/dl was seen on day 14`
        return "ge" if told["least"] else "le"

    def is_conditional(self) -> bool:
        """Whether the threshold itself stands in the condition of another one (`if ALP ≤ ULN`)."""
        if self._conditional is None:
            self._conditional = self._stands_in_condition()
        return self._conditional

    def _stands_in_condition(self) -> bool:
        names, passage = self.names, self.passage
        if not names or self.rule != "lab.name_first":
            return False
        if self._find_those() is not None:
            return True
        if "," in passage.text[names[-1][1] : self.quantity.start]:  # `if ALT and AST are done, both must be < 2 ULN`
            return False
        if not self.words.allowed_if.search(passage.text[passage.start : names[-1][0]], passage.plain):
            if self.before is None:  # `If AFP ≥ ULN, imaging must be clear`
                if not self.words.opens_with_if.match(passage.text, passage.start, names[0][0]):
                    return False
                if not self.words.then.match(passage.text, self.quantity.end, passage.end):
                    return False
            if not self.words.conditional.search(passage.left(self.opening, Window.CLAUSE), passage.plain):
                return False
        return self.words.ruled_out.match(passage.text, self.quantity.end, passage.end) is None

    def _find_those(self) -> re.Match[str] | None:
        """Words for people with this value, where something is asked of them: `those with ALT > 2 x ULN must`."""
        passage, words = self.passage, self.words
        if not holds(passage.plain, words.those_with.strings):
            return None
        those = words.those_with.expression.search(passage.text, passage.start, self.opening)
        return those if those and words.must.match(passage.text, self.quantity.end, passage.end) else None

    def read_given(self) -> str | None:
        """The condition that what follows in the sentence is under, where this threshold is a part of it, or a group
        is named in front of it."""
        names, passage, opening = self.names, self.passage, self.opening
        if self.before is None:
            cohort, first = None, self.words.cohort_first
            if holds(passage.plain, first.strings):
                cohort = first.expression.match(passage.text, passage.start, passage.end)
            if cohort is None and passage.above is not None:
                headings = self.words.cohort_heading, self.words.criteria_heading
                cohort = next(filter(None, (one.fullmatch(passage.text, *passage.above) for one in headings)), None)
            if cohort:
                return cohort["text"].strip()
        if not names:
            return None
        if not self.is_conditional():
            if self.before is not None:
                return None
            group = self.words.group_first.fullmatch(passage.text, passage.start, opening)
            return (group["text"] or group["people"]).strip() if group else None
        those = self._find_those()
        if those is not None:
            return passage.text[those.start("text") : self.quantity.end]
        trigger = self.words.conditional.search(passage.left(opening, Window.CLAUSE), passage.plain)
        start = passage.left_start(opening, Window.CLAUSE) + trigger.start() if trigger else passage.start
        if self.before is None:
            start = passage.start
        elif not self.words.case_opening.search(passage.text[passage.start : start]):
            return None
        if not self.words.then.match(passage.text, self.quantity.end, passage.end):
            return None
        gloss = self.words.gloss.match(passage.text, self.quantity.end)
        return self.words.mark.sub("", passage.text[start : gloss.end() if gloss else self.quantity.end])

    def read_condition(self) -> str | None:
        """The condition of this threshold alone, as written; None without one."""
        text, passage = self.passage.text, self.passage
        if passage.end - self.quantity.end < 2:  # a full stop at most: no word that a condition begins with
            return self._read_in_between() or self._read_in_front()
        gloss = self.words.gloss.match(text, self.quantity.end)
        found = self.words.condition.match(text, gloss.end() if gloss else self.quantity.end, passage.end)
        if found:
            inside = [q for q in passage.quantities if found.start("text") <= q.start < found.end()]
            if inside and (
                self._is_anothers(found.start("text"), inside[0]) or self.words.people_with.match(found["text"])
            ):
                return None
            clause = self.words.whole_clause.match(text, found.start("text"), passage.end)
            if (
                inside
                and clause
                and self.words.allowed_if.expression.search(text[self.quantity.end : found.start("text") + 3])
            ):
                return clause.group().strip(" ,.")
            if self._says_its_name_again(found.start("text"), inside):
                return None
            stop = self.words.condition_stop if inside else self.words.condition_soft_stop
            end = found.start("text") + len(self.words.case_trailing.sub("", stop.sub("", found["text"])))
            condition = self._without_next_name(found.start("text"), end).strip(" ,")
            lets_in = not inside and self.words.case_lets_in.search(condition)
            return condition if 0 < len(condition) <= _LONGEST and not lets_in else None
        contrast = self.words.contrast.match(text, gloss.end() if gloss else self.quantity.end, passage.end)
        if contrast and self._has_alternative(contrast.end()) and not self._names_test(*contrast.span("text")):
            return contrast["text"].strip()
        return self._read_in_between() or self._read_in_front()

    def _read_in_between(self) -> str | None:
        """A condition between two thresholds on the same test."""
        if self.rule == "lab.same_name" and self.before is not None:
            between = self.words.between_case.fullmatch(self.passage.text, self.before.end, self.quantity.start)
            if between and self._is_anothers(between.start("text"), self.quantity):
                return between["text"].strip(" ,")
        return None

    def _names_test(self, start: int, end: int) -> bool:
        """Whether a test is named there, of which a further threshold follows (`100-299 ng/mL with TSAT < 20 %`)."""
        return any(t.kind == "concept" and start <= t.start and t.end <= end for t in self.passage.tokens)

    def _says_its_name_again(self, start: int, inside: list[Quantity]) -> bool:
        """`ALT > 2.5 x ULN, for those with metastases ALT > 5`: what begins at `start` is the next one's. In a bracket,
        words for a group stand between: `(in case of metastases ALT > 5)`, but `(if ALT > 5, …)` speaks of this one."""
        led = self.passage.text[self.quantity.end : start]
        own = [t.value for t in self.passage.tokens if t.kind == "concept" and t.end <= self.quantity.start]
        if not (inside and own) or not ("," in led or "(" in led):
            return False
        again = [t for t in self.passage.tokens if t.kind == "concept" and start <= t.start < inside[0].start]
        if all(t.value != own[-1] for t in again):
            return False
        behind = self.quantity.end, again[0].start
        return "," in led or self.words.group_before.expression.search(self.passage.text, *behind) is not None

    def _has_alternative(self, end: int) -> bool:
        """Whether another threshold in the same unit is next to this one, so that what stands behind tells them apart
        (`≥ 750/uL; ≥ 500/uL with marrow involvement`)."""
        quantities = self.passage.quantities
        after = next((q for q in quantities if q.start >= self.quantity.end), None)
        for other in (self.before if self.rule == "lab.same_name" else None, after):
            if other is None or other.unit is None or self.quantity.unit is None or other.operator is None:
                continue
            left, right = sorted((other, self.quantity), key=lambda q: q.start)
            named = any(t.kind == "concept" and left.end <= t.start < right.start for t in self.passage.tokens)
            same = other.unit.ucum == self.quantity.unit.ucum and other.values != self.quantity.values
            if same and not named and right.start <= max(end, left.end) + 12:
                return True
        return False

    def _without_next_name(self, start: int, end: int) -> str:
        """The text of a condition, without the name of the next threshold's test (`if metastases or SGOT`)."""
        text = self.passage.text
        for token in reversed(self.passage.tokens):
            ended = (
                token.kind == "concept"
                and start < token.start
                and token.end <= end
                and not text[token.end : end].strip()
            )
            joined = self.words.case_trailing.search(text[start : token.start]) if ended else None
            if joined:
                end = start + joined.start()
        return text[start:end]

    def _is_anothers(self, start: int, quantity: Quantity) -> bool:
        """Whether a condition that begins at `start` leads to a further threshold on the same test: a bound with the
        same kind of unit, and no name between."""
        named = any(t.kind == "concept" and start <= t.start < quantity.start for t in self.passage.tokens)
        text = self.passage.text
        joined = self.words.case_joined.search(text[start : quantity.start])  # `for women or < 1.5 mg/dL for men`
        if joined and not (joined.group().strip() == "," and text[start - 1] in "(["):  # `(if metastases, ≤ 5 x ULN)`
            return False
        return not named and quantity.operator is not None and quantity.kind == self.quantity.kind != ""

    def _read_in_front(self) -> str | None:
        names, passage, opening = self.names, self.passage, self.opening
        for place in (self.quantity.start, opening) if holds(passage.plain, self.words.sex_first.strings) else ():
            sex = self.words.sex_first.expression.search(passage.left(place, Window.CLAUSE))
            if sex is None and names and place > names[-1][1]:  # `hemoglobin for women ≥ 9 g/dL`
                sex = self.words.sex_first.expression.search(passage.text[names[-1][1] : place])
            if sex:
                return sex["text"]
        if self.before is not None:
            group = self.words.group_before.search(passage.left(opening, Window.STATEMENT), passage.plain)
            if group:
                return (group["text"] or group["those"]).strip()
        if holds(passage.plain, self.words.metastases_first.strings):
            metastases = self.words.metastases_first.expression.fullmatch(passage.text, passage.start, opening)
            if metastases:
                return metastases["text"]
        if self.before is not None:
            return None
        if not names:
            age = self.words.age_first.fullmatch(passage.text, passage.start, self.quantity.start)
            return age["text"] if age else None
        first = self.words.condition_first.fullmatch(passage.text, passage.start, names[0][0])
        return first["text"].strip() if first else None
