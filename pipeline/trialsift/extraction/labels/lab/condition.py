"""LAB: the case in which a threshold holds (`if liver metastases`), and whether a threshold is itself such a case.

A condition stands behind its threshold; in front of it, where the sentence opens with one (`For men: …`, `If ALP ≤ ULN,
…`); or between two thresholds on the same test, and then it is the second one's (`if metastatic ≤ 5 x ULN`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trialsift.extraction.labels.lab.names import JOINER
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.guarded import find_needed, guarded, holds

_CONDITIONAL = guarded(
    r"\b(?:if|when|unless|in\s+case\s+of|in\s+the\s+case\s+of|provided(?:\s+that)?|as\s+long\s+as|"
    r"in\s+the\s+(?:presence|setting)\s+of|"
    r"(?:for|in)\s+(?:\w+\s+){0,2}(?:those|patients|subjects|participants|children)\s+with|"
    r"and/or\s+if)\s*"
    r"(?:(?:the|a|an|his|her|their|patient(?:'s)?|subject(?:'s)?|has|have|baseline|serum|plasma|total|either|both|"
    r"there\s+is|known)\s*)*$",
    re.I,
)
_CONDITION = re.compile(
    r"[\s,)]*(?:(?:at|during)\s+(?:both\s+|the\s+)*(?:screening|baseline|enrol\w+|study\s+entry|"
    r"qualification)(?:\s+and\s+(?:screening|baseline|qualification))?(?:\s+visits?)?\s*)?[(\[]?\s*(?:(?:(?:is|are|"
    r"will\s+be|may\s+be)\s+)?(?:acceptable|accepted|allowed|permitted|eligible)\s+)?"
    r"(?P<text>(?:if|unless|in\s+(?:the\s+)?case|in\s+(?:the\s+)?(?:presence|absence|setting)|when|in\s+patients?|"
    r"(?<=[(\[])(?:patients|subjects|participants)\s+with|"
    r"in\s+subjects|in\s+participants|in\s+those|for\s+(?:the\s+)?(?=(?:\w+\s+){0,2}(?:patients?|subjects?|"
    r"participants?|"
    r"those|m[ae]n|wom[ae]n|males?|females?|individuals|cohort|arm|group|blacks|children|ages?(?=\s*[<>≤≥=\d])|"
    r"persons))|"
    r"except|provided|on\s+(?=(?:\w+\s+){0,2}(?:therapy|treatment|anticoag\w+|dialysis|statins?|ART|regimen)\b)|"
    r"despite|"
    r"with\s+(?:known|documented|liver|hepatic|bone|gilbert)|in\s+(?:wom[ae]n|m[ae]n|males?|females?)(?!\s+(?:and|"
    r"or)\s+(?:fe)?(?:male|m[ae]n|wom))|(?:wom[ae]n|"
    r"m[ae]n|males?|females?)(?=\s*[)\]]))"
    r"(?:[^;()\]\n.]|\.(?=\d)|\((?:e\.g|i\.e|such\s)[^()]*\)|(?<=e\.g)\.|(?<=i\.e)\.)*(?:\n(?!\s*\n|\s*[-•*]\s|"
    r"\s*\d+\.\s)(?:[^;()\]\n.]|\.(?=\d)|\((?:e\.g|i\.e|such\s)[^()]*\)|(?<=e\.g)\.|(?<=i\.e)\.)*)*)",
    re.I,
)
_CONDITION_STOP = re.compile(
    r"\s*(?::\s|,?\s*in\s+which\s+case\b|,\s*(?:and\s+|or\s+)?(?=[A-Z≥≤<>\d])|,\s*(?:and|but|or)\b|\s+OR\b|\s+(?:or|"
    r"and)\s+(?!equal\b)(?=[<>≤≥=\d]|"
    r"(?:\w+\s+){1,3}[<>≤≥=\d])|\s+(?:or|and)(?:\s+[A-Z]{2,5})?\s*$).*",
    re.S,
)
# where no further threshold follows, only a new clause ends the condition: `unless due to AML, Gilbert's, or hemolysis`
_CONDITION_SOFT_STOP = re.compile(
    r"\s*(?:,\s*(?=[A-Z](?![^.;]*\b(?:or|and)\b\s+\S+(?:\s+\S+){0,3}\s*$))|,\s*(?:and|but)\b(?!\s+\S+(?:\s+\S+)?\s*$)|"
    r"\s+OR\b|\s+(?:or|and)\s*$).*",
    re.S,
)
# `females > 300 ng/mL, males > 450 ng/mL`
_SEX_FIRST = guarded(
    r"(?:^|[(\[,;:]\s*|\b(?:and|or)\s+)[\s•*-]*(?P<text>(?:(?:for|in)\s+)?(?:adult\s+)?(?:(?:fe)?males?|"
    r"(?:wo)?m[ae]n|boys|girls))"
    r"\s*[:,=–-]?\s*(?:(?:must\s+have|must\s+be|with|is|are|have|has)\s+)?$",
    re.I,
)
_METASTASES_FIRST = re.compile(
    r"\W*(?P<text>(?:(?:for|in)\s+)?(?:patients|subjects|participants|those)\s+with\s+(?:\w+\s+){0,2}(?:liver|"
    r"hepatic|bone)\s+"
    r"(?:metasta\w+|involvement|disease))\s*(?:[,:]|(?:who|must|may|can)\s+(?:\w+\s+){1,2})?\s*(?:(?:an?|the)\s+)?",
    re.I,
)
_OF_METASTASES = find_needed(_METASTASES_FIRST)
_OPENS_WITH_IF = re.compile(
    r"[\W\d]*(?:if|when|in\s+(?:the\s+)?(?:presence|absence|case)|(?:for|in)\s+(?:\w+\s+){0,2}(?:patients|subjects|"
    r"participants|those|children)\s+with)\b",
    re.I,
)
_THEN = re.compile(r"(?:\s*\([^()]{0,60}\))?\s*(?:,|then\b)", re.I)
_CONDITION_FIRST = re.compile(
    r"\W*(?P<text>(?:if|for|in)\s+(?!example|instance|addition|general|order|inclusion|"
    r"particular)[^,;.\d<>≤≥]{5,90}),\s*(?:the\s+|then\s+)?(?:\w+\s+){0,2}$",
    re.I,
)
_GLOSS = re.compile(r"\s*\((?:ULN|LLN|IULN|cells/mm3)\)")
# `Cohort A: …`, `For patients with cirrhosis: …`, `Patients 18 years and older: …`
_PEOPLE = r"(?:patients|subjects|participants|children|adults|adolescents|those|individuals|men|women)"
_GROUP_FIRST = re.compile(
    rf"\W*(?P<text>(?:(?:for|in)\s+)?{_PEOPLE}\s+(?:aged?\s+)?(?:[<>≤≥]=?\s*)?\d[^:;]{{0,60}}?|(?:for|in)\s+{_PEOPLE}\s+(?:with|without|"
    r"who|on|receiving|not)\b[^:;.]{2,60}?|(?:for\s+|in\s+)?(?:cohort|arm|group|stratum)s?\s+[A-Z\d]\w{0,3})\s*:\s*"
    r"(?:(?:serum|plasma|total|the|an?)\s+)*",
    re.I,
)
# `Cohort A: leukemia in first relapse with ≥ 5 % blasts`, or `Cohort A (first relapse):` in a line of its own
_COHORT = re.compile(r"\W*(?P<text>(?:cohort|arm|group|stratum)\s+(?:[A-Z]|\d{1,2}|[IVX]{1,4})\d?)\s*:\s", re.I)
_COHORT_HEADING = re.compile(
    r"\W*(?P<text>(?:for\s+|in\s+)?(?:cohort|arm|group|stratum)s?\s+(?:[A-Z]|\d{1,2}|"
    r"[IVX]{1,4})\d?(?:\s*\([^()]{1,60}\)|\s+(?:and|&|or)\s+\w{1,3})?)\s*:\s*",
    re.I,
)
# `if TSH > 10, the subject is not eligible` is the criterion itself
_RULED_OUT = re.compile(
    r"(?:\s*\([^()]{0,60}\))?\s*(?:,|then)?\s*(?:then\s+)?(?:the\s+)?(?:subject|patient|participant)s?\s+(?:is|are|"
    r"(?:will|should|must)\s+"
    r"(?:not\s+)?be)\s+(?:not\s+)?(?:eligible|ineligible|excluded)",
    re.I,
)
_BETWEEN = re.compile(
    r"[\s,]*+(?:[(\[]\s*+)?(?:or\s++)?(?:\(?(?:ULN|LLN)\)\s*+)?[(\[,\s]*+(?:(?:unless|except)\s+)?(?P<text>(?:if|"
    r"in\s+(?:the\s+)?(?:case|presence)|due|related|secondary|attribut\w+|caused|when|for)\b"
    r"[^;.()]{3,100}?)\s*(?:,?\s*in\s+which\s+case\b.*)?",
    re.I | re.S,
)
# `< 50 mm/h without B symptoms, < 30 mm/h with B symptoms`
_CONTRAST = re.compile(
    r"[\s(\[]*(?P<text>(?:with|without|in)\s+(?!the\s|at\b|males?\s+and|wom[ae]n\s+and|m[ae]n\s+and|"
    r"females?\s+and)[A-Za-z][^,;.()\n<>≤≥\d]{3,60}?)(?=\s*(?:[,;.()]|$|\n|"
    r"or\b|[<>≤≥]))",
    re.I,
)
# `isolated bilirubin > 1.5 x ULN is acceptable if bilirubin is fractionated and direct bilirubin < 35 %`
_ALLOWED_IF = guarded(
    r"\b(?:acceptable|allowed|permitted)\s+(?:only\s+)?(?:if|provided|when|as\s+long\s+as)\b[^.;()]*$", re.I
)
_WHOLE_CLAUSE = re.compile(r"[^;()]*?(?=[;()]|\.\s|\.?\s*$)", re.S)
_PEOPLE_WITH = re.compile(r"(?:patients|subjects|participants)\s+with\b", re.I)
_GROUP_BEFORE = guarded(
    r"[,;]\s*(?P<text>(?:for|in)\s+(?:patients|subjects|participants|"
    r"those)\s+with(?:out)?\s+[^,;.<>≤≥\d]{3,60}?)\s*$",
    re.I,
)
_LONGEST = 250  # characters: more is no condition, but a list without punctuation
_JOINED = re.compile(r"(?:\b(?:or|and|but)|,)\s*$", re.I)
_TRAILING = re.compile(r"(?:\s*(?:,\s*)?\b(?:and|or|but))+\s*$", re.I)
_OPENING = re.compile(r"(?:^|[;:(])\s*$")
_MARK = re.compile(r"^[-\s•*·\d.)(]+")


@dataclass(slots=True)
class Case:
    """A quantity in its sentence. `rule` found its tests; `before` is the threshold before it, if any. `names` are the
    places of the names in front of it, and `opening` is where those begin that stand right before it."""

    passage: Passage
    quantity: Quantity
    rule: str
    before: Quantity | None
    names: list[tuple[int, int]] = field(init=False)
    opening: int = field(init=False)
    _conditional: bool | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        start = self.quantity.start
        names = self.names = [(t.start, t.end) for t in self.passage.tokens if t.kind == "concept" and t.end <= start]
        self.opening = names[-1][0] if names else start
        for begin, end in reversed(names[:-1]):
            if JOINER.fullmatch(self.passage.text, end, self.opening):
                self.opening = begin

    def is_conditional(self) -> bool:
        """Whether the threshold itself stands in the condition of another one (`if ALP ≤ ULN`)."""
        if self._conditional is None:
            self._conditional = self._stands_in_condition()
        return self._conditional

    def _stands_in_condition(self) -> bool:
        names, passage = self.names, self.passage
        if not names or self.rule != "lab.name_first":
            return False
        if "," in passage.text[names[-1][1] : self.quantity.start]:  # `if ALT and AST are done, both must be < 2 ULN`
            return False
        if not _ALLOWED_IF.search(passage.text[passage.start : names[-1][0]], passage.plain):
            if self.before is None:  # `If AFP ≥ ULN, imaging must be clear`
                if not _OPENS_WITH_IF.match(passage.text, passage.start, names[0][0]):
                    return False
                if not _THEN.match(passage.text, self.quantity.end, passage.end):
                    return False
            if not _CONDITIONAL.search(passage.left(self.opening, Window.CLAUSE), passage.plain):
                return False
        return _RULED_OUT.match(passage.text, self.quantity.end, passage.end) is None

    def read_given(self) -> str | None:
        """The condition that what follows in the sentence is under, where this threshold is a part of it, or a group
        is named in front of it."""
        names, passage, opening = self.names, self.passage, self.opening
        if self.before is None:
            cohort = _COHORT.match(passage.text, passage.start, passage.end)
            if cohort is None and passage.above is not None:
                cohort = _COHORT_HEADING.fullmatch(passage.text, *passage.above)
            if cohort:
                return cohort["text"].strip()
        if not names:
            return None
        if not self.is_conditional():
            if self.before is not None or ":" not in passage.text[passage.start : opening]:
                return None
            group = _GROUP_FIRST.fullmatch(passage.text, passage.start, opening)
            return group["text"].strip() if group else None
        trigger = _CONDITIONAL.search(passage.left(opening, Window.CLAUSE), passage.plain)
        start = passage.left_start(opening, Window.CLAUSE) + trigger.start() if trigger else passage.start
        if self.before is None:
            start = passage.start
        elif not _OPENING.search(passage.text[passage.start : start]):
            return None
        if not _THEN.match(passage.text, self.quantity.end, passage.end):
            return None
        gloss = _GLOSS.match(passage.text, self.quantity.end)
        return _MARK.sub("", passage.text[start : gloss.end() if gloss else self.quantity.end])

    def read_condition(self) -> str | None:
        """The condition of this threshold alone, as written; None without one."""
        text, passage = self.passage.text, self.passage
        if passage.end - self.quantity.end < 2:  # a full stop at most: no word that a condition begins with
            return self._read_in_between() or self._read_in_front()
        gloss = _GLOSS.match(text, self.quantity.end)
        found = _CONDITION.match(text, gloss.end() if gloss else self.quantity.end, passage.end)
        if found:
            inside = [q for q in passage.quantities if found.start("text") <= q.start < found.end()]
            if inside and (self._is_anothers(found.start("text"), inside[0]) or _PEOPLE_WITH.match(found["text"])):
                return None
            clause = _WHOLE_CLAUSE.match(text, found.start("text"), passage.end)
            if inside and clause and _ALLOWED_IF.expression.search(text[self.quantity.end : found.start("text") + 3]):
                return clause.group().strip(" ,.")
            if "," in text[self.quantity.end : found.start("text")] and self._says_its_name_again(
                found.start("text"), inside
            ):
                return None
            stop = _CONDITION_STOP if inside else _CONDITION_SOFT_STOP
            end = found.start("text") + len(_TRAILING.sub("", stop.sub("", found["text"])))
            condition = self._without_next_name(found.start("text"), end).strip(" ,")
            return condition if 0 < len(condition) <= _LONGEST else None
        contrast = _CONTRAST.match(text, gloss.end() if gloss else self.quantity.end, passage.end)
        if contrast and self._has_alternative(contrast.end()) and not self._names_test(*contrast.span("text")):
            return contrast["text"].strip()
        return self._read_in_between() or self._read_in_front()

    def _read_in_between(self) -> str | None:
        """A condition between two thresholds on the same test."""
        if self.rule == "lab.same_name" and self.before is not None:
            between = _BETWEEN.fullmatch(self.passage.text, self.before.end, self.quantity.start)
            if between and self._is_anothers(between.start("text"), self.quantity):
                return between["text"].strip(" ,")
        return None

    def _names_test(self, start: int, end: int) -> bool:
        """Whether a test is named there, of which a further threshold follows (`100-299 ng/mL with TSAT < 20 %`)."""
        return any(t.kind == "concept" and start <= t.start and t.end <= end for t in self.passage.tokens)

    def _says_its_name_again(self, start: int, inside: list[Quantity]) -> bool:
        """`ALT > 2.5 x ULN, for those with metastases ALT > 5`: what begins at `start` is the next one's."""
        own = [t.value for t in self.passage.tokens if t.kind == "concept" and t.end <= self.quantity.start]
        return bool(inside and own) and any(
            t.value == own[-1]
            for t in self.passage.tokens
            if t.kind == "concept" and start <= t.start < inside[0].start
        )

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
            joined = _TRAILING.search(text[start : token.start]) if ended else None
            if joined:
                end = start + joined.start()
        return text[start:end]

    def _is_anothers(self, start: int, quantity: Quantity) -> bool:
        """Whether a condition that begins at `start` leads to a further threshold on the same test: a bound with the
        same kind of unit, and no name between."""
        named = any(t.kind == "concept" and start <= t.start < quantity.start for t in self.passage.tokens)
        text = self.passage.text
        joined = _JOINED.search(text[start : quantity.start])  # `for women or < 1.5 mg/dL for men`
        if joined and not (joined.group().strip() == "," and text[start - 1] in "(["):  # `(if metastases, ≤ 5 x ULN)`
            return False
        return not named and quantity.operator is not None and quantity.kind == self.quantity.kind != ""

    def _read_in_front(self) -> str | None:
        names, passage, opening = self.names, self.passage, self.opening
        for place in (self.quantity.start, opening) if holds(passage.plain, _SEX_FIRST.strings) else ():
            sex = _SEX_FIRST.expression.search(passage.left(place, Window.CLAUSE))
            if sex:
                return sex["text"]
        if self.before is not None:
            group = _GROUP_BEFORE.search(passage.left(opening, Window.STATEMENT), passage.plain)
            if group:
                return group["text"].strip()
        if holds(passage.plain, _OF_METASTASES):
            metastases = _METASTASES_FIRST.fullmatch(passage.text, passage.start, opening)
            if metastases:
                return metastases["text"]
        if not names or self.before is not None:
            return None
        first = _CONDITION_FIRST.fullmatch(passage.text, passage.start, names[0][0])
        return first["text"].strip() if first else None
