"""By which rule a quantity limits an age: what makes it one, and what makes it something else's after all."""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.candidate import EVENT, GROWN, NO_AGE, OF_AGE, REPORTED_OLD, Candidate, Verdict
from trialsift.extraction.labels.age.leads import read_lead
from trialsift.extraction.labels.age.scope import COHORT_RIGHT
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.files import compile_words
from trialsift.rules.guarded import Guarded, find_needed, guarded, holds, plain
from trialsift.rules.layers import File

# what may stand between `age` and its limit: no digit, no full stop
_AFTER_AGE = (
    r"[\s;]*(?:[\s:|,=(–—-]|\b(?:eligible|for|study|range|limits?|group|between|of|is|are|was|must|should|shall|be|being|"
    r"at|least|the|time|strat(?:um|a)|categor(?:y|ies)|subgroups?|groups|class(?:es)?|bands?|(?:signing|giving|obtaining|informed|written|consent|enrol?lment|screening|entry|inclusion|"
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
    r"ulcer|lesion|injur(?:y|ies)|infarct\w*|strokes?|transplants?|access|PCR|swab|x-?rays?|radiographs?|ECG|tumou?r|echo)\W+(?:\w+\W+){0,4}$",
    re.I,
)
_OR_AND = re.compile(
    r"\s*(?:of\s+age|old|years?)?\s*(?:[,;/]\s*)?(?:or|and|and/or|to|versus|vs\.?)\s*(?:if\s+)?(?:age[ds]?\s*)?|\s*[,;/]\s*",
    re.I,
)
_PEOPLE_TAIL = (
    r"(?:\s*(?:[,:(/]|and|or|who|must|should|may|can|could|shall|will|have\s+to|has\s+to|be|being|are|is|was|were|of|from|between|eligible|all|either|both|any|sex|gender|race|"
    r"ethnicity|healthy|hospitalized|\bat\b|\([^()\d]{0,30}\)))*\s*$"
)
_OTHER_UNIT = re.compile(
    r"\s*[%x×]|\s*-?\s*(?:kg|cm|mg|g\b|points?|patients|subjects|sites|hours|days|weeks|months|years?\s+(?:of|since|"
    r"after)|mm|beats|bpm|/)",
    re.I,
)
_OLD_PEOPLE = re.compile(
    r"[\s-]*old\s+(?:children|women|men|boys|girls|adults|adolescents|patients|participants|students)\b", re.I
)
_OF_PERSONS = re.compile(r"\b(?:smok\w+|menopaus\w+|amenorr\w+)\W+(?:\w+\W+){0,4}$", re.I)
_YOUNG = guarded(r"\b(?:infants?|child|children|neonates?|newborns?|toddlers?|boys|girls|minors?)\b[^.;]{0,30}$", re.I)
_REPORTED = re.compile(
    r"\b(?:described|reported|consisted|comprised|treated|analy[sz]ed|evaluated)\b[^.;]{0,60}$", re.I
)
#: `enrolled 40 patients aged 18-70 years`: those of a cohort are counted
_COUNTED = re.compile(
    r"\b\d[\d,]*\s+(?:(?!(?:in|of|for|from|to|per|and)\b)[\w-]+\s+){0,4}(?:patients|subjects|participants|women|men|children|adults|"
    r"individuals|persons|volunteers|cases|people|males|females|boys|girls|infants)\b[^.;]{0,60}$",
    re.I,
)
_AVERAGE = re.compile(r"[^.;]{0,25}?(?:\b(?:mean|median|averag(?:ed|ing)|average\s+(?:age|of)|SD|s\.d\.)\b|±)", re.I)
_ANIMALS = re.compile(
    r"\b(?:rats?|mice|mouse|dogs?|cats?|pigs?|piglets?|sheep|lambs?|rabbits?|monkeys?|calves|hamsters?)\b", re.I
)
_PLANNED = re.compile(r"\b(?:criteri(?:a|on)|eligib\w+|must|will|shall|planned|to\s+be)\b", re.I)
_DONE = re.compile(
    r"\b(?:were|was|had|recruited|enrolled|investigated|studied|underwent|received|found|included|participated|showed|"
    r"analy[sz]ed|examined|et\s+al)\b",
    re.I,
)
_TAKEN_IN = re.compile(r"\b(?:recruit\w*|enrol\w*|includ\w*|invit\w*|select\w*)\b[^.;]*$", re.I)
_USUAL = frozenset({1, 2, 3, 4, 6, 12, 16, 17, 18, 21})
_AGE = re.compile(r"\bages?\b", re.I)
_OF_AGE_ONLY = re.compile(r"\s*of[-\s]+age\b", re.I)
_GO_ON = re.compile(r"\s*(?:[,.;:?)]|$|\n|or\b|and\b|who|with|must|should|will)")
#: A number by itself that can be an age of people (`patients over 80`), and a bracket that can hold nothing but one.
BARE = re.compile(r"\d{2}\+?\s*(?:[,.;:?)(^x×*]|$|\n|or\b|and\b|who|with|must|should|will|incl|excl)", re.I)
BRACKETED = re.compile(r"\((?:for\s+)?", re.I)


_LENGTH = re.compile(r"\b(?:duration|length|period)\s+of\b[^.;:<>?\n]{0,60}$", re.I)
_THING = re.compile(
    r"(?:^|[^a-z])(?<!of )(?<!of a )(?<!of the )(?<!\bin )(?<!with )(?:[a-z]+\s+)?(?:stents?|grafts?|allografts?|"
    r"injur(?:y|ies)|scars?|infarct(?:ion)?s?|ECGs?|implants?|fistulas?|devices?|prescriptions?|samples?|scans?|"
    r"biops(?:y|ies)|fractures?|strokes?|results?)\s*\(?(?:(?:is|are|was|must|should|be|that|which|has|been)\s+)*$",
    re.I,
)
_SOMEBODY = re.compile(
    r"\b(?:infants?|bab(?:y|ies)|child|children|neonates?|newborns?|toddlers?|boys?|girls?|patients?|subjects?|participants?|persons?|"
    r"people|individuals?|males?|females?|p(?:a)?ediatric|adolescents?|volunteers?|mothers?|preterms?|prematures?|aged?|ages)\b",
    re.I,
)
_LETTER = re.compile(r"[^\W\d_]")
_OR_FOR_SOME = re.compile(
    r"\s*(?:years?|of\s+age|old)?\s*(?:\([^()]{1,40}\)\s*)?[,;/]?\s*(?:or|and/or|and|versus|vs\.?)\s*(?:if\s+)?(?:age[ds]?\s*)?",
    re.I,
)
_LISTED = re.compile(r"\s*(?:years?)?\s*(?:[,;/]\s*(?:and\s+|or\s+)?|and\s+|or\s+|vs\.?\s+)", re.I)
_RESTATED = re.compile(r"\s*(?:years?|months?|of\s+age|old)?\s*[(,]\s*(?:i\.?e\.?|=|or)?[\s,:]*", re.I)
_AGES = re.compile(r"\s*(?:ages\b|years?\b|y\.?o\b|olds?\b|of\s+age\b|aged\b)", re.I)
_FROM_BIRTH = re.compile(r"(?:\b(?:from\s+)?birth\s+(?:up\s+)?to|[-–])\s*$", re.I)
#: `individuals with 40 to 70 years`
_IF = re.compile(r"\b(?:if|when|for\s+those)\s+$", re.I)
_CONSENT = re.compile(r"\b(?:assent\w*|consent\w*|parents?|guardians?|legal(?:ly)?)\b", re.I)
_WITH = re.compile(r"\bwith\s+$", re.I)
_FILLS = re.compile(r"\s*(?:\(\s*i\.?e[^()]{1,25}\)\s*)?(?:$|[.;\n])", re.I)
#: Weeks of pregnancy rather than of life, where no word tells.
_GESTATION = range(20, 45)
#: Years: a smaller number in a word, without a unit, counts something.
_LEAST_IN_WORDS = 12
_NOT_TOLD = "no word for age in the sentence"


class AgeRules:
    """The rules, with the words of `patterns/entities/age.toml`. `named` finds `age` and what may follow it in front of
    a limit, `reported` the words of an age that is only told of."""

    def __init__(self, path: File, words: dict[str, list[str]]) -> None:
        self.named = compile_words(path, "[words]", rf"(?:{'|'.join(words['before'])}){_AFTER_AGE}$")
        self._words = find_needed(self.named, _AGE, OF_AGE, _IN_SPAN)
        self._people = Guarded(compile_words(path, "[words]", rf"\b(?:{'|'.join(words['people'])})\b{_PEOPLE_TAIL}"))
        self.reported = Guarded(
            compile_words(
                path,
                "[words]",
                rf"(?:{'|'.join(words['not_before'])})[^\w);•]*(?:(?!aged\b)\w+(?!\s+[-–•]\s)[^\w);•]+){{0,4}}$",
            )
        )
        self._family_before = Guarded(compile_words(path, "[words]", rf"(?:{'|'.join(words['family_before'])})[^.;]*$"))
        self._family_behind = compile_words(path, "[words]", rf"\s*(?:{'|'.join(words['family_behind'])})")
        self._heading = compile_words(
            path, "[words]", rf"\W*(?:\d+[.)]\W*)?(?:{'|'.join(words['before'])})\W*(?:\([^)]*\))?\W*$"
        )

    def judge(self, passage: Passage, quantity: Quantity, last: int) -> Verdict:
        """The rule by which a quantity limits an age, or why none does, or it is something else's after all. `last` is
        the index of the last quantity of the age before it, or -1.

        What makes it an age is asked first: few quantities are one, and it costs less.
        """
        told = holds(passage.plain, self._words)
        if read_lead(passage, quantity) is not None:
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
            named = self.named.search(left) is not None or (
                (operator is not None or quantity.ranged)
                and _AGE.search(span if quantity.ranged else span[: quantity.number_start - quantity.start]) is not None
            )
            of_age = OF_AGE.match(right) is not None or _IN_SPAN.search(span) is not None
        following = last >= 0 and _goes_on(passage, passage.quantities[last], quantity, right)
        return Candidate(passage, quantity, unit, left, right, span, named, of_age, following, last >= 0)

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
        told_of = (
            passage.polarity is None
            and candidate.quantity.operator in (None, "between", "eq")
            and not _PLANNED.search(passage.text, passage.start, passage.end)
        )
        if told_of and _AVERAGE.match(candidate.right):
            return "a reported age: a mean or median of it follows"
        if passage.polarity is None and _ANIMALS.search(passage.text, passage.start, passage.end):
            return "the age of animals"
        if told_of and (_REPORTED.search(left) or _is_of_cohort(passage, candidate)):
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
        if why := self._tell_thing(candidate):
            return Verdict(rule, why)
        if not _THINGS.search(left, candidate.passage.plain):
            return Verdict(rule)
        person = (
            _OF_AGE_ONLY.match(right) or _OLD_PEOPLE.match(right) or self._people.search(left, candidate.passage.plain)
        )
        if person or (candidate.of_age and _OF_PERSONS.search(left)):
            return Verdict(rule)
        return Verdict(
            rule, "how old or how long a thing is (a sample, a disease, a treatment), which stands before it"
        )

    def _tell_thing(self, candidate: Candidate) -> str:
        """Why `old` or a time tells of a thing, whatever people are named: how long a study is, and what is so many
        days old in a sentence that names nobody."""
        passage, left = candidate.passage, candidate.left
        if _THING.search(left):
            return "how old a thing is, which stands right before it"
        if not candidate.of_age and _LENGTH.search(left):
            return "how long something takes, which stands before it"
        short = candidate.unit in ("d", "wk", "h", "mo")
        if not short or _OF_AGE_ONLY.match(candidate.right) or candidate.fills_line():
            return ""
        if _SOMEBODY.search(passage.text, passage.start, passage.end):
            return ""
        opens = not _LETTER.search(passage.line_left(candidate.quantity.start, Window.LINE))
        return "" if opens else "how old a thing is: the sentence names nobody who could be so old"

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
        if candidate.opens_criterion() or self._says_who_consents(candidate):
            return "age.alone"
        return "age.named" if self._is_under_heading(candidate) else ""

    @staticmethod
    def _says_who_consents(candidate: Candidate) -> bool:
        """`assent if under 16 years`"""
        passage = candidate.passage
        return (
            candidate.unit == "a"
            and _IF.search(candidate.left) is not None
            and _CONSENT.search(passage.text, passage.start, passage.end) is not None
        )

    def _follows_people(self, candidate: Candidate) -> bool:
        """A limit right behind people: `children < 12 years`, `Newborns (0-27 days)`."""
        unit, left, right, around = candidate.unit, candidate.left, candidate.right, candidate.passage.plain
        quantity = candidate.quantity
        young = _YOUNG.search(left, around) is not None
        if unit == "wk" and any(value in _GESTATION for value in quantity.values):
            return False
        bounded = quantity.operator in ("ge", "gt", "le", "lt") and not quantity.ranged
        if not young and unit != "a" and not (unit == "mo" and bounded and _FILLS.match(right)):
            return False
        if EVENT.match(right):
            return False
        grown = unit == "a" and min(quantity.values) >= GROWN
        if _NOT_A_LIFE.match(right) and not (grown or (young and quantity.ranged)):
            return False
        left = _FROM_BIRTH.sub("", left)
        if self._people.search(left, around) is not None:
            return True
        with_years = _WITH.search(left) if quantity.ranged and unit == "a" and max(quantity.values) >= GROWN else None
        return with_years is not None and self._people.search(left[: with_years.start()], around) is not None

    def _judge_unitless(self, candidate: Candidate) -> Verdict:
        """A limit that leaves out `years`: behind `age`, with `or older`, or behind people (`patients over 80`)."""
        passage, quantity = candidate.passage, candidate.quantity
        operator, named = quantity.operator, candidate.named
        if operator == "eq" and not quantity.ranged and not (named and quantity.values[0] >= 12):
            return Verdict("", "`=` and no unit of time")
        if operator in (None, "eq") and not quantity.ranged:  # `Age 18`, and nothing else
            if not named or candidate.says_more():
                return Verdict(
                    "age.lost_operator", "no bound and no unit, and the line holds more than `age` and a number"
                )
            rule = "age.lost_operator"
        elif named or candidate.following or self._is_under_heading(candidate):
            rule = "age.named"
        elif candidate.of_age and (operator is not None or _AGES.match(candidate.right)):
            rule = "age.years_old"
        elif operator is None:
            return Verdict("", "a range without a unit, and no word for age right before it")
        elif self._is_over_people(candidate):
            rule = "age.people"
        else:
            return Verdict("", NO_AGE)
        if passage.text[quantity.number_start].isalpha() and min(quantity.values) < _LEAST_IN_WORDS:
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


def _goes_on(passage: Passage, before: Quantity, quantity: Quantity, right: str) -> bool:
    """Whether a quantity goes on from the age before it: its other limit, the same in another unit, the limit of
    another group, or the next of several groups."""
    between = passage.text[before.end : quantity.start]
    if quantity.unit is not None and COHORT_RIGHT.match(right) is not None:
        return True
    if quantity.operator is not None and _OR_AND.fullmatch(between):
        return True
    if not (quantity.ranged or quantity.operator is not None):
        return False
    if quantity.unit is not None and quantity.kind == "time" and not EVENT.match(right):
        restated = before.unit is not None and before.unit.ucum != quantity.unit.ucum and _RESTATED.fullmatch(between)
        if restated or _OR_FOR_SOME.fullmatch(between):
            return True
    next_group = 0 <= quantity.values[0] - max(before.values) <= 1
    return quantity.ranged and next_group and _LISTED.fullmatch(between) is not None


def _is_of_cohort(passage: Passage, candidate: Candidate) -> bool:
    """Whether a range tells how old those were who are counted in front of it: what was done with them is told, and
    they were not taken in by their age, as round ends would show."""
    counted = _COUNTED.search(candidate.left)
    if counted is None or _DONE.search(passage.text, passage.start, passage.end) is None:
        return False
    taken_in = _TAKEN_IN.search(candidate.left[: counted.start()]) is not None
    return not (taken_in and all(value % 5 == 0 or value in _USUAL for value in candidate.quantity.values))
