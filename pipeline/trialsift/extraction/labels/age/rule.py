"""By which rule a quantity limits an age: what makes it one, and what makes it something else's after all."""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.scope import COHORT_RIGHT
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage
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
OF_AGE = re.compile(
    r"\s*(?:[-–]\s*)?(?:\(\s*)?(?:of[-\s]+ages?\b|of\s+life\b(?!\s+expect)|old\b|olds\b|aged\b|in\s+age\b|-?old\b|age\b)",
    re.I,
)
#: Words one of which stands in all that `OF_AGE` and `_IN_SPAN` match.
AGE_WORDS = ("age", "ages", "aged", "old", "olds", "older", "younger", "elder", "life", "yo", "y")
_IN_SPAN = re.compile(r"\b(?:older|younger|of age|old|ages?|aged|elder|y\.?o\.?)\b", re.I)
REPORTED_OLD = re.compile(
    r"\s*-?\s*(?:old\s+)?(?:male|female|man|woman|boy|girl|patient|caucasian|white|black|asian|gentleman|lady|infant|"
    r"child)\b",
    re.I,
)
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
_OTHER_HEADING = re.compile(r"\b(?:expectancy|survival|duration|follow-?up|interval|time|remission|history)\b", re.I)
_EVENT = re.compile(
    r"\s*(?:since|after|prior|before|from\b|post|ago|duration|surviv|history|free|earlier|previous|of\s+(?!age)|"
    r"in\s+(?:remission|duration)|experience)",
    re.I,
)
_OF_PERSONS = re.compile(r"\b(?:smok\w+|menopaus\w+|amenorr\w+)\W+(?:\w+\W+){0,4}$", re.I)
_YOUNG = guarded(r"\b(?:infants?|child|children|neonates?|newborns?|toddlers?|boys|girls|minors?)\b[^.;]{0,30}$", re.I)
_BRACKET_OPENS = re.compile(r"\((?:for\s+)?$", re.I)
_COHORT = re.compile(
    r"\b(?:described|reported|enrolled|consisted|comprised|included|treated|analy[sz]ed|evaluated)\b[^.;]{0,60}$", re.I
)
_AND_YEARS = re.compile(r"^\s*(?:and|to)\s+\d+\s*(?:years?|yrs?)", re.I)
_GOES_ON = re.compile(r"\s*(?:,|and\b|at\b)", re.I)
_AGE = re.compile(r"\bages?\b", re.I)
_OF_AGE_SPACED = re.compile(r"\s*of\s+age\b", re.I)
_OF_AGE_ONLY = re.compile(r"\s*of[-\s]+age\b", re.I)
_MUST_BE = re.compile(r"\b(?:must|should|has to|have to)\s+be\s*$", re.I)
_GO_ON = re.compile(r"\s*(?:[,.;)]|$|\n|or\b|and\b|who|with|must|should|will)")
_GROWN = 16  # years: so old, a person is none of those that a time is counted of
#: A number by itself that can be an age of people (`patients over 80`), and a bracket that can hold nothing but one.
BARE = re.compile(r"\d{2}\+?\s*(?:[,.;)(^x×*]|$|\n|or\b|and\b|who|with|must|should|will|incl|excl)", re.I)
BRACKETED = re.compile(r"\((?:for\s+)?", re.I)
_ONLY_AGE = re.compile(r"^[\W\d]*ages?[\s:]*$", re.I)
_BULLET = r"(?:[-–•*·o]|\(?\d{1,2}[.)]|[a-z][.)])"
_BE = r"(?:are|be|is|must be|has to be|have to be|gender|both genders|both sexes)"
_OPENING = re.compile(rf"^\s*{_BULLET}?\s*{_BE}?\s*", re.I)
#: The number of a list, which is none of years.
LISTED = re.compile(r"\d{1,2}[.)](?!\d)")
#: All that may stand in front of an age that opens or fills its line.
OPENING = re.compile(rf"\s*{_BULLET}?\s*{_BE}?(?:[ \-–•*·\t\n.)(]|{LISTED.pattern})*", re.I)
_CLOSING = re.compile(r"\((?:adult|older adult|child|inclusive|,|\s)+\)|inclusive|[.;,|\s]", re.I)


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

    def rule(self, passage: Passage, quantity: Quantity, unit: str | None, last_end: int) -> str | None:
        """The rule by which a quantity limits an age; None where none does, or where it is something else's after all.

        What makes it an age is asked first: few quantities are one, and it costs less.
        """
        operator = quantity.operator
        bare = operator is None and not quantity.ranged
        told = holds(passage.plain, self._words)
        if bare and (passage.polarity is None or not told):
            return None
        left = passage.left(quantity.start, 90)
        right = passage.right(quantity.end, 40)
        span = passage.text[quantity.start : quantity.end]
        named = of_age = following = False
        if told:
            named = self.named.search(left) is not None or (
                operator is not None
                and _AGE.search(span if quantity.ranged else span[: quantity.number_start - quantity.start]) is not None
            )
            of_age = OF_AGE.match(right) is not None or _IN_SPAN.search(span) is not None
        if last_end >= 0 and operator is not None:
            following = _OR_AND.fullmatch(passage.text[last_end : quantity.start]) is not None
        if unit is None:
            rule = self._without_unit(passage, quantity, named, of_age, following, left, right)
        elif bare:
            rule = self._bare(passage, quantity, named, of_age, right)
        else:
            following = following or (last_end >= 0 and COHORT_RIGHT.match(right) is not None)
            rule = self._with_unit(passage, quantity, unit, named, of_age, following, left, right)
        return None if rule is None or self._of_another(passage, quantity, span, left, right) else rule

    @staticmethod
    def may_be_bare(passage: Passage, quantity: Quantity) -> bool:
        """Whether a number without a bound and a unit can be a limit: as an age of adults among inclusions only."""
        return passage.polarity == "inclusion" and 12 <= quantity.values[0] <= 100

    def _of_another(self, passage: Passage, quantity: Quantity, span: str, left: str, right: str) -> bool:
        """Whether an age is one that is only reported, or none of the participants' lives."""
        if passage.polarity is None and _COHORT.search(left):
            return True
        told = left + span[:30].split("1")[0] + " "
        around = plain(told)
        if self.reported.search(left, around) or self.reported.search(told, around):
            return True
        return (
            self._family_before.search(passage.left(quantity.start, 200), passage.plain) is not None
            or self._family_behind.match(right) is not None
        )

    def _with_unit(
        self,
        passage: Passage,
        quantity: Quantity,
        unit: str,
        named: bool,
        of_age: bool,
        following: bool,
        left: str,
        right: str,
    ) -> str | None:
        """A limit in a unit of time."""
        if unit != "a" and not of_age and _EVENT.match(right):
            return None
        rule = None
        if named:
            return "age.named"
        if of_age:
            rule = None if REPORTED_OLD.match(right) and quantity.operator is None else "age.years_old"
        elif following:
            rule = "age.named"
        elif self._alone(passage, quantity):
            rule = "age.alone"
        elif self._of_people(quantity, unit, left, right, passage):
            rule = "age.people"
        elif self._opens(passage, quantity, unit, left, right):
            rule = "age.alone"
        elif self._under_heading(passage, quantity, left):
            rule = "age.named"
        if rule is None or not _THINGS.search(left, passage.plain):
            return rule
        person = _OF_AGE_ONLY.match(right) or self._people.search(left, passage.plain)
        return rule if person or (of_age and _OF_PERSONS.search(left)) else None

    def _of_people(self, quantity: Quantity, unit: str, left: str, right: str, passage: Passage) -> bool:
        """A limit right behind people: `children < 12 years`."""
        if unit not in ("a", "mo") or (unit == "mo" and not _YOUNG.search(left, passage.plain)):
            return False
        if _NOT_A_LIFE.match(right) and (unit != "a" or min(quantity.values) < _GROWN or _EVENT.match(right)):
            return False
        return self._people.search(left, passage.plain) is not None

    @staticmethod
    def _opens(passage: Passage, quantity: Quantity, unit: str, left: str, right: str) -> bool:
        """A limit in years with which its criterion opens, or that fills a bracket."""
        if passage.polarity is None or unit != "a" or _EVENT.match(right):
            return False
        if not passage.text[passage.line_start : quantity.start].strip(" -–•*·\t\n0123456789.)(") and (
            min(quantity.values) >= _GROWN or quantity.ranged or right.startswith(":")
        ):
            return True
        return right.startswith(")") and min(quantity.values) >= 12 and _BRACKET_OPENS.search(left) is not None

    def _without_unit(
        self, passage: Passage, quantity: Quantity, named: bool, of_age: bool, following: bool, left: str, right: str
    ) -> str | None:
        """A limit that leaves out `years`: behind `age`, with `or older`, or behind people (`patients over 80`)."""
        text, operator = passage.text, quantity.operator
        rule = None
        if operator is None and not quantity.ranged:  # `Age 18`, and nothing else
            rule = "age.lost_operator" if named and not _rest(passage, quantity) else None
        elif operator == "eq":
            return None
        elif named or following or self._under_heading(passage, quantity, left):
            rule = "age.named"
        elif operator is None:
            return None
        elif of_age:
            rule = "age.years_old"
        elif (
            12 <= quantity.values[0] <= 100
            and (text[quantity.start].isalpha() or text[quantity.end - 1] == "+")
            and _GO_ON.match(right)
            and self._people.search(left, passage.plain)
        ):
            rule = "age.people"
        if rule is None or text[quantity.number_start].isalpha() or _OTHER_UNIT.match(right):
            return None  # `age in at least one of`
        return rule

    def _bare(self, passage: Passage, quantity: Quantity, named: bool, of_age: bool, right: str) -> str | None:
        """A number without a bound is a limit only as a criterion of its own."""
        if not (named or of_age) or REPORTED_OLD.match(right):
            return None
        if (
            passage.polarity == "inclusion"
            and _OF_AGE_SPACED.match(right)
            and _MUST_BE.search(passage.left(quantity.start, 20))
        ):
            return "age.lost_operator"
        head = passage.text[passage.line_start : quantity.start].strip(" -•*\t0123456789.)(")
        age_words = OF_AGE.match(passage.text, quantity.end, passage.line_end)
        behind = passage.text[age_words.end() if age_words else quantity.end : passage.line_end]
        tail = _AND_YEARS.sub("", behind).strip(" .;,|()")
        alone = len(tail.split(None, 1)) <= 1 or _GOES_ON.match(behind) is not None
        return "age.lost_operator" if alone and len(head.split()) <= 4 and "\n" not in head else None

    def _alone(self, passage: Passage, quantity: Quantity) -> bool:
        """The line holds this quantity and nothing else."""
        text, unit = passage.text, quantity.unit
        if (
            unit is None
            or not (unit.ucum == "a" or (unit.ucum == "mo" and quantity.ranged))
            or quantity.start - passage.line_start > 40
            or passage.line_end - quantity.end > 60
            or max(quantity.values) < 2
        ):
            return False
        return (
            not _OPENING.sub("", text[passage.line_start : quantity.start]).strip()
            and not _CLOSING.sub("", text[quantity.end : passage.line_end])
            and not (passage.above is not None and _OTHER_HEADING.search(text[passage.above[0] : passage.above[1]]))
        )

    def _under_heading(self, passage: Passage, quantity: Quantity, left: str) -> bool:
        """`Age:` stands in the line above."""
        if passage.above is None or len(left.strip(" -•*\n\t")) > 12:
            return False
        return self._heading.fullmatch(passage.text[passage.above[0] : passage.above[1]]) is not None


def _rest(passage: Passage, quantity: Quantity) -> str:
    """What the criterion line says besides `age` and the number."""
    head = passage.text[passage.line_start : quantity.start]
    tail = passage.text[quantity.end : passage.line_end]
    return _ONLY_AGE.sub("", head) + tail.strip(" .;,|()")
