"""By which rule a quantity limits an age: what makes it one, and what makes it something else's after all."""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.candidate import GROWN, NO_AGE, Candidate, Verdict
from trialsift.extraction.labels.age.leads import read_lead
from trialsift.extraction.labels.age.slots import explains_dose, explains_old, fills_slot, goes_on_from
from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.files import compile_words
from trialsift.rules.guarded import Guarded, find_needed, holds, plain
from trialsift.rules.layers import File

#: Words one of which stands in all that candidate.py's `OF_AGE` and `self.words.in_span` match.
AGE_WORDS = ("age", "ages", "aged", "old", "olds", "older", "younger", "elder", "life", "yo", "y")
_USUAL = frozenset({1, 2, 3, 4, 6, 12, 16, 17, 18, 21})


_LETTER = re.compile(r"[^\W\d_]")
#: Weeks of pregnancy rather than of life, where no word tells.
_GESTATION = range(20, 45)
#: Years: a smaller number in a word, without a unit, or in brackets behind an age counts something.
_LEAST_IN_WORDS = 12
#: Years: `over` less behind people is how long something took.
_LEAST_OVER = 10
_NOT_TOLD = "no word for age in the sentence"


class AgeRules:
    """The rules, with the words of `patterns/entities/age.toml`. `named` finds `age` and what may follow it in front of
    a limit, `reported` the words of an age that is only told of."""

    def __init__(self, path: File, words: dict[str, list[str]], expressions: AgeExpressions) -> None:
        self.words = expressions
        self.named = compile_words(path, "[words]", rf"(?:{'|'.join(words['before'])}){expressions.after_age.pattern}$")
        self._needed = find_needed(self.named, self.words.age, self.words.of_age, self.words.in_span)
        self._told = (self._needed, expressions.young.strings, expressions.turned.strings)
        self._people = Guarded(
            compile_words(path, "[words]", rf"\b(?:{'|'.join(words['people'])})\b{expressions.people_tail.pattern}")
        )
        self.reported = Guarded(
            compile_words(
                path,
                "[words]",
                rf"(?:{'|'.join(words['not_before'])})(?:\s+ages?\s*\([^()]{{1,12}}\))?[^\w);•]*(?:(?!aged\b)\w+(?!\s+[-–•]\s)[^\w);•]+){{0,4}}$",
            )
        )
        self._family_before = Guarded(compile_words(path, "[words]", rf"(?:{'|'.join(words['family_before'])})[^.;]*$"))
        self._family_behind = compile_words(path, "[words]", rf"\s*(?:{'|'.join(words['family_behind'])})")
        self._heading = compile_words(
            path, "[words]", rf"\W*(?:\d+[.)]\W*)?(?:{'|'.join(words['before'])})\W*(?:\([^)]*\))?\W*$"
        )

    def may_find(self, passage: Passage) -> bool:
        """Whether anything in a sentence can be an age by what it must have: a time, a word for ages in it or above it,
        a bound in words or with a plus (`patients over 80`), or children (`a child < 4`)."""
        text, above, around = passage.text, passage.above, passage.plain
        if "time" in passage.kinds or any(holds(around, strings) for strings in self._told):
            return True
        if above is not None and self._heading.fullmatch(text, *above):
            return True
        adults = passage.polarity == "inclusion"
        return any(
            text[q.start].isalpha()
            or text[q.end - 1] == "+"
            or text[q.end - 1].isalpha()
            or (adults and q.ranged)
            or self.words.onward.match(text, q.end, passage.end)
            for q in passage.quantities
            if q.unit is None
        )

    def judge(self, passage: Passage, quantity: Quantity, last: int) -> Verdict:
        """The rule by which a quantity limits an age, or why none does, or it is something else's after all. `last` is
        the index of the last quantity of the age before it, or -1.

        What makes it an age is asked first: few quantities are one, and it costs less.
        """
        told = holds(passage.plain, self._needed)
        if read_lead(passage, quantity, self.words) is not None:
            candidate = self._read_candidate(passage, quantity, last, told)
            return Verdict("age.named", self._tell_other_life(candidate))
        bare = quantity.operator is None and not quantity.ranged
        if bare and not told:
            return Verdict("", _NOT_TOLD)
        if bare and passage.polarity is None:
            return Verdict("", "without a bound it can be a limit only in eligibility criteria")
        candidate = self._read_candidate(passage, quantity, last, told)
        if candidate.unit is None:
            verdict = self._judge_unitless(candidate)
        elif bare:
            verdict = candidate.judge_bare()
        else:
            verdict = self._judge_measured(candidate)
        if verdict.rule and not verdict.why and (why := self._tell_other_life(candidate)):
            return Verdict(verdict.rule, why)
        return verdict

    def _read_candidate(self, passage: Passage, quantity: Quantity, last: int, told: bool) -> Candidate:
        """A quantity with what stands around it; `told` says that the sentence has a word for ages."""
        left, right = passage.left(quantity.start, Window.STATEMENT), passage.right(quantity.end, Window.PHRASE)
        span, operator = passage.text[quantity.start : quantity.end], quantity.operator
        unit = None if quantity.unit is None else quantity.unit.ucum
        named = of_age = False
        if told:
            head = span[: quantity.number_start - quantity.start]
            bounded = operator is not None or quantity.ranged
            named = (
                self.named.search(left) is not None
                or (bounded and self.words.age.search(span if quantity.ranged else head) is not None)
                or self.words.restricted.search(left + head, passage.plain) is not None
            )
            of_age = self.words.of_age.match(right) is not None or self.words.in_span.search(span) is not None
        following = last >= 0 and _goes_on(passage, passage.quantities[last], quantity, self.words)
        return Candidate(passage, quantity, unit, left, right, span, named, of_age, following, last >= 0, self.words)

    def begins(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether a quantity can be the first of several ages: nothing but people, `age` or a bracket leads to it."""
        left = passage.left(quantity.start, Window.STATEMENT)
        return (
            not _LETTER.search(passage.line_left(quantity.start, Window.LINE))
            or self._people.search(left, passage.plain) is not None
            or self.named.search(left) is not None
        )

    def _tell_other_life(self, candidate: Candidate) -> str:
        """Why an age is one that is only reported, or none of the participants' lives; empty where it is neither."""
        passage, left = candidate.passage, candidate.left
        if candidate.unit == "wk" and self._is_gestation(candidate):
            return "weeks of pregnancy: no newborn is so old"
        if self.words.points.match(candidate.right):
            return "an age that a score gives points for"
        if passage.polarity is None and (why := self._tell_report(candidate)):
            return why
        odd = candidate.quantity.ranged and not _are_usual(candidate.quantity)
        if odd and self.words.mean_behind.match(candidate.right) and not self.words.by_age.search(left):
            return "a reported age: its mean follows, even among criteria"
        told = left + candidate.span[:30].split("1")[0] + " "
        around = plain(told)
        if self.reported.search(left, around) or self.reported.search(told, around):
            return "a reported age, or no age of a person (as in `mean age of`), by the words in front of it"
        if self._family_before.search(passage.left(candidate.quantity.start, Window.LINE), passage.plain) is not None:
            return "the age of a relative, by the words in front of it"
        if self._family_behind.match(candidate.right) is not None:
            return "the age of a relative, by the words behind it"
        return ""

    def _tell_report(self, candidate: Candidate) -> str:
        """The same of an age outside of criteria, by what the text reports."""
        passage, quantity, left = candidate.passage, candidate.quantity, candidate.left
        text, words, number = passage.text, self.words, quantity.number_start
        if words.average_before.search(text[max(0, number - Window.PRESCRIPTION) : number]):
            return "the range of ages that were found: their mean stands in front of it"
        lead = read_lead(passage, quantity, words)
        before = left if lead is None else passage.left(lead.start, Window.STATEMENT)
        if words.moment.search(left, passage.plain) or words.natural.search(before, passage.plain):
            return "when something happens or is done, which tells of no participants"
        until = candidate.span.lower().startswith(("up to ", "until ", "till "))
        if until and words.followed.search(left, passage.plain) and not self._people.search(left, passage.plain):
            return "until when something is done or measured"
        if words.animals.search(text, passage.start, passage.end):
            return "the age of animals"
        planned = words.planned.search(text, passage.start, min(passage.end, quantity.end + Window.CLAUSE))
        if quantity.operator not in (None, "between", "eq") or planned:
            return ""
        if quantity.ranged and all(value * 2 % 1 for value in quantity.values):
            return "a reported age: no limits are set at such odd numbers"
        if words.by_age.search(left):
            return ""
        if words.average.match(candidate.right):
            return "a reported age: a mean or median of it follows"
        if words.reports.search(left) or _is_of_cohort(candidate):
            return "a reported age: the text tells who was described or treated"
        return ""

    def _is_gestation(self, candidate: Candidate) -> bool:
        """`neonates < 37 weeks old`"""
        passage = candidate.passage
        weeks = any(value in _GESTATION for value in candidate.quantity.values)
        return weeks and self.words.newborn.search(passage.text, passage.start, passage.end) is not None

    def _judge_measured(self, candidate: Candidate) -> Verdict:
        """A bound or range in a unit of time."""
        unit, left, right = candidate.unit, candidate.left, candidate.right
        if unit != "a" and not candidate.of_age and self.words.event.match(right):
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
        if explains_dose(candidate):
            return Verdict(rule)
        if why := self._tell_thing(candidate):
            return Verdict(rule, why)
        if not self.words.things.search(left, candidate.passage.plain):
            return Verdict(rule)
        person = (
            self.words.of_age_hyphened.match(right)
            or self.words.old_people.match(right)
            or self._people.search(left, candidate.passage.plain)
            or self._joins_people(candidate)
        )
        if person or (candidate.of_age and self.words.habits.search(left)):
            return Verdict(rule)
        return Verdict(
            rule, "how old or how long a thing is (a sample, a disease, a treatment), which stands before it"
        )

    def _tell_thing(self, candidate: Candidate) -> str:
        """Why `old` or a time tells of a thing, whatever people are named: how long a study is, and what is so many
        days old in a sentence that names nobody."""
        passage, left = candidate.passage, candidate.left
        if self.words.thing.search(left):
            return "how old a thing is, which stands right before it"
        if not candidate.of_age and self.words.length.search(left):
            return "how long something takes, which stands before it"
        short = candidate.unit in ("d", "wk", "h", "mo")
        if not short or self.words.of_age_hyphened.match(candidate.right) or candidate.fills_line():
            return ""
        if self.words.somebody.search(passage.text, passage.start, passage.end):
            return ""
        opens = not _LETTER.search(passage.line_left(candidate.quantity.start, Window.LINE))
        return "" if opens else "how old a thing is: the sentence names nobody who could be so old"

    def _find_rule(self, candidate: Candidate) -> str:
        """The rule of a limit in a unit of time without `age` in front of it; empty where none fits."""
        if candidate.of_age:
            return (
                ""
                if self.words.person.match(candidate.right) and candidate.quantity.operator is None
                else "age.years_old"
            )
        if candidate.following:
            return "age.named"
        if candidate.fills_line():
            return "age.alone"
        if self._follows_people(candidate):
            return "age.people"
        if candidate.opens_criterion() or self._says_who_consents(candidate):
            return "age.alone"
        if self._is_under_heading(candidate) or self._is_foreign(candidate):
            return "age.named"
        found = self._joins_people(candidate) or self._is_of_group(candidate) or fills_slot(candidate)
        return "age.people" if found else ""

    def _is_foreign(self, candidate: Candidate) -> bool:
        """`entre 30 y 75 años`: a criterion in years of another language, behind words for age or people in one."""
        if candidate.passage.polarity is None or self.words.foreign.search(candidate.span) is None:
            return False
        named = self.words.foreign_name.search(candidate.left) is not None
        return named and self.words.foreign_event.match(candidate.right) is None

    def _joins_people(self, candidate: Candidate) -> bool:
        """`3- to 24-month infants`, and `women with heart disease and > 60 years`."""
        quantity, span = candidate.quantity, candidate.span
        if quantity.ranged and "-" in span[-8:] and self.words.young_behind.match(candidate.right):
            return True
        bounded = quantity.operator in ("ge", "gt", "le", "lt") and not quantity.ranged and span[0] in "<>≤≥"
        if not bounded or candidate.unit != "a" or quantity.values[0] < 2 * GROWN:
            return False
        joint = self.words.joined.search(candidate.left)
        told = joint is not None and self.words.joined_behind.match(candidate.right) is not None
        return told and self.words.somebody.search(candidate.left) is not None

    def _is_of_group(self, candidate: Candidate) -> bool:
        """`younger (< 56 y) and older`, `subgroup II: BMI of 18-25 kg/m2, 49-69 years;`, and people who were told of
        farther ahead and `are > 12 months and < 22 years at diagnosis`."""
        words, left, right, around = self.words, candidate.left, candidate.right, candidate.passage.plain
        if words.at_entry.match(right):
            passage = candidate.passage
            told = words.somebody.search(passage.text, passage.start, candidate.quantity.start)
            return told is not None and words.are.search(left) is not None
        if candidate.unit != "a" or max(candidate.quantity.values) < GROWN:
            return False
        if words.by_age_word.search(left, around):
            return words.by_age_word_behind.match(right) is not None
        return words.listed_behind.match(right) is not None and words.listed_group.search(left, around) is not None

    def _says_who_consents(self, candidate: Candidate) -> bool:
        """`assent if under 16 years`"""
        passage = candidate.passage
        led = self.words.if_.search(candidate.left) or self.words.bracket.search(candidate.left)
        return (
            candidate.unit == "a"
            and led is not None
            and self.words.consent.search(passage.text, passage.start, passage.end) is not None
        )

    def _follows_people(self, candidate: Candidate) -> bool:
        """A limit right behind people: `children < 12 years`, `Newborns (0-27 days)`."""
        unit, left, right, around = candidate.unit, candidate.left, candidate.right, candidate.passage.plain
        quantity = candidate.quantity
        young = self.words.young.search(left, around) is not None
        if unit == "wk" and any(value in _GESTATION for value in quantity.values):
            return False
        bounded = quantity.operator in ("ge", "gt", "le", "lt") and not quantity.ranged
        whole = right.startswith(")") and self.words.all_people.search(left, around)  # `(all patients ≥ 2 months)`
        fills = bounded and (self.words.fills.match(right) or candidate.span.startswith("under") or whole)
        if not young and unit != "a" and not (unit == "mo" and fills):
            return False
        if self.words.event.match(right):
            return False
        grown = unit == "a" and min(quantity.values) >= GROWN
        whose = left.endswith(" of ") and self.words.who.match(right) is not None  # `subject of =6 years has assented`
        below = young and quantity.operator in ("lt", "le") and right.lstrip().startswith("with ")
        if self.words.not_a_life.match(right) and not (grown or whose or below or (young and quantity.ranged)):
            return False
        if not young and max(quantity.values) < _LEAST_OVER and candidate.span[:5].lower() == "over ":
            return False  # `the change of each patient over 2 years`
        left = self.words.to_birth.sub("", left)
        if self._people.search(left, around) is not None:
            return True
        with_years = (
            self.words.with_.search(left) if quantity.ranged and unit == "a" and max(quantity.values) >= GROWN else None
        )
        return with_years is not None and self._people.search(left[: with_years.start()], around) is not None

    def _judge_unitless(self, candidate: Candidate) -> Verdict:
        """A limit that leaves out `years`: behind `age`, with `or older`, or behind people (`patients over 80`)."""
        passage, quantity = candidate.passage, candidate.quantity
        operator, named = quantity.operator, candidate.named
        if operator == "eq" and not quantity.ranged and not (named and quantity.values[0] >= 12):
            return Verdict("", "`=` and no unit of time")
        if operator in (None, "eq") and not quantity.ranged:  # `Age 18`, and nothing else
            lost = (
                operator == "eq" and passage.polarity == "inclusion" and self.words.clause_ends.match(candidate.right)
            )
            if not named or (candidate.says_more() and not lost):
                return Verdict(
                    "age.lost_operator", "no bound and no unit, and the line holds more than `age` and a number"
                )
            rule = "age.lost_operator"
        elif named or candidate.following or self._is_under_heading(candidate):
            rule = "age.named"
        elif candidate.of_age and (operator is not None or self.words.ages_behind.match(candidate.right)):
            rule = "age.years_old"
        elif operator is None and not self._is_of_adults(candidate):
            return Verdict("", "a range without a unit, and no word for age right before it")
        elif operator is None or self._is_over_people(candidate) or explains_old(candidate):
            rule = "age.people"
        else:
            return Verdict("", NO_AGE)
        worded = passage.text[quantity.number_start].isalpha() and min(quantity.values) < _LEAST_IN_WORDS
        if worded and not self._is_over_children(candidate):
            return Verdict(rule, "a number in a word, without a unit: it counts something")  # `age in at least one of`
        if self.words.other_unit.match(candidate.right):
            return Verdict(rule, "followed by another unit, or by what it counts")
        return Verdict(rule)

    def _is_over_people(self, candidate: Candidate) -> bool:
        """`patients over 80`, `women of 50 and over`: a bound in words, or with a plus, right behind people; behind
        children any bound."""
        passage, quantity, value = candidate.passage, candidate.quantity, candidate.quantity.values[0]
        first, last = passage.text[quantity.start], passage.text[quantity.end - 1]
        worded = first.isalpha() or last == "+" or (last.isalpha() and quantity.operator is not None)
        ends = self.words.clause_ends.match(candidate.right) is not None
        if not (worded and 12 <= value <= 100):
            young = self.words.young.search(candidate.left, passage.plain) is not None  # `a child < 4`
            criterion = passage.polarity is not None and value <= GROWN and young
            if not criterion and not self._is_over_children(candidate):
                return False
            ends = ends or self._ends_clause(candidate)
        elif value >= 2 * GROWN:
            ends = self._ends_clause(candidate)
        if not ends or self._people.search(candidate.left, passage.plain) is None:
            return False
        return self.words.rates.search(candidate.left, passage.plain) is None

    def _is_over_children(self, candidate: Candidate) -> bool:
        """`children younger than six`, `infants of 5 or under`"""
        quantity, passage, span = candidate.quantity, candidate.passage, candidate.span.lower()
        named = span.startswith(("under ", "younger ", "older ", "below ")) or span.endswith(("under", "younger"))
        if not named or quantity.values[0] > GROWN or self.words.young.search(candidate.left, passage.plain) is None:
            return False
        return self._ends_clause(candidate) and self._people.search(candidate.left, passage.plain) is not None

    def _ends_clause(self, candidate: Candidate) -> bool:
        """Whether the clause ends behind an age, or goes on to tell of the people."""
        return (self.words.clause_ends.match(candidate.right) or self.words.tells_on.match(candidate.right)) is not None

    def _is_of_adults(self, candidate: Candidate) -> bool:
        """`Male or female, 18 to 65` and `adults 18-65 with asthma` among inclusions."""
        passage, (low, high) = candidate.passage, (candidate.quantity.values[0], candidate.quantity.values[-1])
        adult = passage.polarity == "inclusion" and GROWN <= low < 2 * high / 3 and 2 * GROWN <= high <= 100
        if not adult or candidate.left.rstrip().endswith(":") or self.words.clause_ends.match(candidate.right) is None:
            return False
        return self._people.search(candidate.left, passage.plain) is not None

    def _is_under_heading(self, candidate: Candidate) -> bool:
        """`Age:` stands in the line above."""
        passage = candidate.passage
        if passage.above is None or len(candidate.left.strip(" -•*\n\t")) > 12:
            return False
        return self._heading.fullmatch(passage.text[passage.above[0] : passage.above[1]]) is not None


def _goes_on(passage: Passage, before: Quantity, quantity: Quantity, words: AgeExpressions) -> bool:
    """Whether a quantity goes on from the age before it: its other limit, the same in another unit, the limit of
    another group, or the next of several groups."""
    between, right = passage.text[before.end : quantity.start], passage.right(quantity.end, Window.PHRASE)
    if quantity.unit is not None and words.cohort_behind.match(right) is not None:
        return True
    if quantity.operator is not None and words.or_and.fullmatch(between):
        return True
    grown = quantity.operator is not None and quantity.values[0] >= _LEAST_IN_WORDS
    if grown and words.of_some.match(right) and words.or_bracket.fullmatch(between):
        return True
    if not (quantity.ranged or quantity.operator is not None):
        return False
    if quantity.unit is not None and quantity.kind == "time" and not words.event.match(right):
        if before.unit == quantity.unit and not quantity.ranged and quantity.values[0] in before.values:
            return True  # `for males ≥ 16 years … below 16 years`
        restated = (
            before.unit is not None and before.unit.ucum != quantity.unit.ucum and words.restated.fullmatch(between)
        )
        if restated or words.or_for_some.fullmatch(between):
            return True
    above, below = quantity.values[0] - max(before.values), before.values[0] - quantity.values[-1]
    next_group = quantity.ranged and (0 <= above <= 1 or 0 <= below <= 1)
    if next_group and words.next_group.fullmatch(between) is not None:
        return True
    return goes_on_from(passage, before, quantity, words)


def _is_of_cohort(candidate: Candidate) -> bool:
    """Whether a range tells how old those were who are counted in front of it: they were not taken in by their age, as
    the ends of limits and groups would show."""
    return candidate.words.counted.search(candidate.left) is not None and not _are_usual(candidate.quantity)


def _are_usual(quantity: Quantity) -> bool:
    """Whether limits and groups of ages have such ends."""
    low, high = quantity.values[0], quantity.values[-1]
    grouped = (low % 5, high % 5) == (0, 4) or (low % 10 == 1 and high == low + 9)  # `10–14 years`, `51–60 years`
    return grouped or all(value % 5 == 0 or value in _USUAL for value in (low, high))
