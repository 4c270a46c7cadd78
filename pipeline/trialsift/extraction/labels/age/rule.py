"""By which rule a quantity limits an age: what makes it one, and what makes it something else's after all."""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.candidate import EVENT, GROWN, NO_AGE, OF_AGE, REPORTED_OLD, Candidate, Verdict
from trialsift.extraction.labels.age.scope import COHORT_RIGHT
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.files import compile_words
from trialsift.rules.guarded import Guarded, guarded, holds, needed, plain
from trialsift.rules.layers import File

# what may stand between `age` and its limit: no digit, no full stop
_AFTER_AGE = (
    r"(?:[\s:|,;=(–—-]|\b(?:eligible|for|study|range|limits?|group|between|of|is|are|was|must|should|shall|be|being|"
    r"at|least|the|time|(?:signing|giving|obtaining|informed|written|consent|enrol?lment|screening|entry|inclusion|"
    r"randomi[sz]ation|diagnosis|baseline|study|registration|visit|surgery|transplant|transplantation|icf|first|dose)|"
    r"from|in|years?|yrs?|months?|participants?|patients?|subjects?|minimum|maximum|and|or|have|has|a|with|criteria|"
    r"eligibility|men|women|males?|females?|who|adults?|limit|requirement|to|on|day|inclusive|currently|appropriate|"
    r"ranging|ranges|will|into|legal|birth)\b|\([^()\d]{0,40}\))*"
)
#: Words one of which stands in all that candidate.py's `OF_AGE` and `_IN_SPAN` match.
AGE_WORDS = ("age", "ages", "aged", "old", "olds", "older", "younger", "elder", "life", "yo", "y")
_IN_SPAN = re.compile(r"\b(?:older|younger|of age|old|ages?|aged|elder|y\.?o\.?)\b", re.I)
_NOT_A_LIFE = re.compile(
    r"\s*(?:of\s+(?!ages?\b)|since|after|prior|before|from\b|post|ago|follow|duration|surviv|history|free|earlier|"
    r"previous|with(?:out)?\b|in\s+(?:remission|duration)|"
    r"have|has|had|who|diagnos|treat|disease|without|following|experience|on\s|until|to\s)",
    re.I,
)
_THINGS = guarded(
    r"\b(?:tissue|sample|specimen|biops\w+|archival|block|scan|imaging|film|materials?|tests?|results?|history|"
    r"diagnosis|disease|"
    r"remission|survival|life expectancy|expectancy|follow-?up|duration|menopaus\w+|amenorr\w+|infection|treatment|"
    r"therapy|"
    r"smok\w+|education|interval|withdrawal|free|fracture|vaccin\w+|card|graft|fistula|device|wound|"
    r"ulcer|lesion)\W+(?:\w+\W+){0,4}$",
    re.I,
)
_OR_AND = re.compile(
    r"\s*(?:of\s+age|old|years?)?\s*(?:[,;/]\s*)?(?:or|and|and/or|to)\s*(?:if\s+)?(?:age[ds]?\s*)?|\s*[,;/]\s*", re.I
)
_PEOPLE_TAIL = (
    r"(?:\s*(?:[,:(/]|and|or|who|must|should|be|are|is|of|from|between|eligible|all|either|both|any|sex|gender|race|"
    r"ethnicity|healthy|hospitalized|\bat\b|\([^()\d]{0,30}\)))*\s*$"
)
_OTHER_UNIT = re.compile(
    r"\s*[%x×]|\s*-?\s*(?:kg|cm|mg|g\b|points?|patients|subjects|sites|hours|days|weeks|months|years?\s+(?:of|since|"
    r"after)|mm|beats|bpm|/)",
    re.I,
)
_OF_PERSONS = re.compile(r"\b(?:smok\w+|menopaus\w+|amenorr\w+)\W+(?:\w+\W+){0,4}$", re.I)
_YOUNG = guarded(r"\b(?:infants?|child|children|neonates?|newborns?|toddlers?|boys|girls|minors?)\b[^.;]{0,30}$", re.I)
_COHORT = re.compile(
    r"\b(?:described|reported|enrolled|consisted|comprised|included|treated|analy[sz]ed|evaluated)\b[^.;]{0,60}$", re.I
)
_AGE = re.compile(r"\bages?\b", re.I)
_OF_AGE_ONLY = re.compile(r"\s*of[-\s]+age\b", re.I)
_GO_ON = re.compile(r"\s*(?:[,.;)]|$|\n|or\b|and\b|who|with|must|should|will)")
#: A number by itself that can be an age of people (`patients over 80`), and a bracket that can hold nothing but one.
BARE = re.compile(r"\d{2}\+?\s*(?:[,.;)(^x×*]|$|\n|or\b|and\b|who|with|must|should|will|incl|excl)", re.I)
BRACKETED = re.compile(r"\((?:for\s+)?", re.I)


_NOT_TOLD = "no word for age in the sentence"


class AgeRules:
    """The rules, with the words of `patterns/entities/age.toml`. `named` finds `age` and what may follow it in front of
    a limit, `reported` the words of an age that is only told of."""

    def __init__(self, path: File, words: dict[str, list[str]]) -> None:
        self.named = compile_words(path, "[words]", rf"(?:{'|'.join(words['before'])}){_AFTER_AGE}$")
        self._words = needed(self.named, _AGE, OF_AGE, _IN_SPAN)
        self._people = Guarded(compile_words(path, "[words]", rf"\b(?:{'|'.join(words['people'])})\b{_PEOPLE_TAIL}"))
        self.reported = Guarded(
            compile_words(path, "[words]", rf"(?:{'|'.join(words['not_before'])})[^\w)]*(?:\w+[^\w)]+){{0,4}}$")
        )
        self._family_before = Guarded(compile_words(path, "[words]", rf"(?:{'|'.join(words['family_before'])})[^.;]*$"))
        self._family_behind = compile_words(path, "[words]", rf"\s*(?:{'|'.join(words['family_behind'])})")
        self._heading = compile_words(
            path, "[words]", rf"\W*(?:\d+[.)]\W*)?(?:{'|'.join(words['before'])})\W*(?:\([^)]*\))?\W*$"
        )

    def judge(self, passage: Passage, quantity: Quantity, unit: str | None, last_end: int) -> Verdict:
        """The rule by which a quantity limits an age, or why none does, or it is something else's after all.

        What makes it an age is asked first: few quantities are one, and it costs less.
        """
        told = holds(passage.plain, self._words)
        bare = quantity.operator is None and not quantity.ranged
        if bare and not told:
            return Verdict("", _NOT_TOLD)
        if bare and passage.polarity is None:
            return Verdict("", "without a bound it can be a limit only in eligibility criteria")
        candidate = self._read_candidate(passage, quantity, unit, last_end, told)
        if unit is None:
            verdict = self._judge_unitless(candidate)
        elif bare:
            verdict = candidate.judge_bare()
        else:
            verdict = self._judge_measured(candidate)
        if verdict.rule and not verdict.why and (why := self._tell_other_life(candidate)):
            return Verdict(verdict.rule, why)
        return verdict

    def _read_candidate(
        self, passage: Passage, quantity: Quantity, unit: str | None, last_end: int, told: bool
    ) -> Candidate:
        """A quantity with what stands around it; `told` says that the sentence has a word for ages."""
        left, right = passage.left(quantity.start, Window.STATEMENT), passage.right(quantity.end, Window.PHRASE)
        span, operator = passage.text[quantity.start : quantity.end], quantity.operator
        named = of_age = following = False
        if told:
            named = self.named.search(left) is not None or (
                operator is not None
                and _AGE.search(span if quantity.ranged else span[: quantity.number_start - quantity.start]) is not None
            )
            of_age = OF_AGE.match(right) is not None or _IN_SPAN.search(span) is not None
        if last_end >= 0:
            following = (
                operator is not None and _OR_AND.fullmatch(passage.text[last_end : quantity.start]) is not None
            ) or (unit is not None and COHORT_RIGHT.match(right) is not None)
        return Candidate(passage, quantity, unit, left, right, span, named, of_age, following)

    def _tell_other_life(self, candidate: Candidate) -> str:
        """Why an age is one that is only reported, or none of the participants' lives; empty where it is neither."""
        passage, left = candidate.passage, candidate.left
        if passage.polarity is None and _COHORT.search(left):
            return "a reported age: the text tells who was described or treated"
        told = left + candidate.span[:30].split("1")[0] + " "
        around = plain(told)
        if self.reported.search(left, around) or self.reported.search(told, around):
            return "a reported age, or no age of a person (as in `mean age of`), by the words in front of it"
        if self._family_before.search(passage.left(candidate.quantity.start, Window.LINE), passage.plain) is not None:
            return "the age of a relative, by the words in front of it"
        if self._family_behind.match(candidate.right) is not None:
            return "the age of a relative, by the words behind it"
        return ""

    def _judge_measured(self, candidate: Candidate) -> Verdict:
        """A bound or range in a unit of time."""
        unit, left, right = candidate.unit, candidate.left, candidate.right
        if unit != "a" and not candidate.of_age and EVENT.match(right):
            return Verdict(
                "age.named" if candidate.named else "", "followed by the event that the time is counted from"
            )
        if candidate.named:
            return Verdict("age.named")
        rule = self._find_rule(candidate)
        if not rule:
            if candidate.of_age:
                return Verdict("age.years_old", "no bound, and followed by the person of that age: a reported age")
            return Verdict("", NO_AGE)
        if not _THINGS.search(left, candidate.passage.plain):
            return Verdict(rule)
        person = _OF_AGE_ONLY.match(right) or self._people.search(left, candidate.passage.plain)
        if person or (candidate.of_age and _OF_PERSONS.search(left)):
            return Verdict(rule)
        return Verdict(
            rule, "how old or how long a thing is (a sample, a disease, a treatment), which stands before it"
        )

    def _find_rule(self, candidate: Candidate) -> str:
        """The rule of a limit in a unit of time without `age` in front of it; empty where none fits."""
        if candidate.of_age:
            return (
                "" if REPORTED_OLD.match(candidate.right) and candidate.quantity.operator is None else "age.years_old"
            )
        if candidate.following:
            return "age.named"
        if candidate.fills_line():
            return "age.alone"
        if self._follows_people(candidate):
            return "age.people"
        if candidate.opens_criterion():
            return "age.alone"
        return "age.named" if self._is_under_heading(candidate) else ""

    def _follows_people(self, candidate: Candidate) -> bool:
        """A limit right behind people: `children < 12 years`."""
        unit, left, right, around = candidate.unit, candidate.left, candidate.right, candidate.passage.plain
        if unit not in ("a", "mo") or (unit == "mo" and not _YOUNG.search(left, around)):
            return False
        if _NOT_A_LIFE.match(right) and (unit != "a" or min(candidate.quantity.values) < GROWN or EVENT.match(right)):
            return False
        return self._people.search(left, around) is not None

    def _judge_unitless(self, candidate: Candidate) -> Verdict:
        """A limit that leaves out `years`: behind `age`, with `or older`, or behind people (`patients over 80`)."""
        passage, quantity = candidate.passage, candidate.quantity
        operator, named = quantity.operator, candidate.named
        if operator == "eq":
            return Verdict("", "`=` and no unit of time")
        if operator is None and not quantity.ranged:  # `Age 18`, and nothing else
            if not named or candidate.says_more():
                return Verdict(
                    "age.lost_operator", "no bound and no unit, and the line holds more than `age` and a number"
                )
            rule = "age.lost_operator"
        elif named or candidate.following or self._is_under_heading(candidate):
            rule = "age.named"
        elif operator is None:
            return Verdict("", "a range without a unit, and no word for age right before it")
        elif candidate.of_age:
            rule = "age.years_old"
        elif self._is_over_people(candidate):
            rule = "age.people"
        else:
            return Verdict("", NO_AGE)
        if passage.text[quantity.number_start].isalpha():
            return Verdict(rule, "a number in a word, without a unit: it counts something")  # `age in at least one of`
        if _OTHER_UNIT.match(candidate.right):
            return Verdict(rule, "followed by another unit, or by what it counts")
        return Verdict(rule)

    def _is_over_people(self, candidate: Candidate) -> bool:
        """`patients over 80`: a bound in words, or with a plus, right behind people."""
        text, quantity = candidate.passage.text, candidate.quantity
        return (
            12 <= quantity.values[0] <= 100
            and (text[quantity.start].isalpha() or text[quantity.end - 1] == "+")
            and _GO_ON.match(candidate.right) is not None
            and self._people.search(candidate.left, candidate.passage.plain) is not None
        )

    def _is_under_heading(self, candidate: Candidate) -> bool:
        """`Age:` stands in the line above."""
        passage = candidate.passage
        if passage.above is None or len(candidate.left.strip(" -•*\n\t")) > 12:
            return False
        return self._heading.fullmatch(passage.text[passage.above[0] : passage.above[1]]) is not None
