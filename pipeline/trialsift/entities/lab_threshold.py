"""LAB: what a threshold states: interval, unit, and the condition under which it holds.

A criterion that lost its operator (`creatinine 1.7 mg/dl` among exclusions) must have pointed the way that a patient
needs: enough platelets, not too much creatinine. `patterns/entities/lab.toml` has both lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..facts import Fact, Scalar
from ..lexicon import Analyte
from ..quantity.comparators import Interval
from ..quantity.quantities import Quantity
from .lab_names import JOINER
from .lab_plausibility import is_plausible
from .passage import Passage, bounds

_TIGHT_GAP = re.compile(r"(?:[\s:,()\[\]|=]|\b(?:of|levels?|counts?|values?|serum|ratio)\b)*", re.I)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|unless|in\s+case\s+of|in\s+the\s+case\s+of|provided(?:\s+that)?|as\s+long\s+as|"
    r"in\s+the\s+(?:presence|setting)\s+of|"
    r"for\s+(?:those|patients|subjects|participants)\s+with|in\s+(?:those|patients|subjects|participants)\s+with|"
    r"and/or\s+if)\s*"
    r"(?:(?:the|a|an|his|her|their|patient(?:'s)?|subject(?:'s)?|has|have|baseline|serum|plasma|total|either|both|"
    r"there\s+is|known)\s*)*$",
    re.I,
)
_CONDITION = re.compile(
    r"[\s,)]*(?:(?:at|during)\s+(?:screening|baseline|enrol\w+|study\s+entry)\s*)?[(\[]?\s*(?:(?:(?:is|are|will\s+be|may\s+be)\s+)?(?:acceptable|accepted|allowed|permitted|eligible)\s+)?"
    r"(?P<text>(?:if|unless|in\s+(?:the\s+)?case|in\s+(?:the\s+)?(?:presence|absence|setting)|when|in\s+patients|"
    r"(?<=[(\[])(?:patients|subjects|participants)\s+with|"
    r"in\s+subjects|in\s+participants|in\s+those|for\s+(?:the\s+)?(?=(?:\w+\s+){0,2}(?:patients|subjects|participants|"
    r"those|m[ae]n|wom[ae]n|males?|females?|individuals|cohort|arm|group|blacks|children|ages?|persons))|"
    r"except|provided|on\s+(?=(?:\w+\s+){0,2}(?:therapy|treatment|anticoag\w+|dialysis|statins?|ART|regimen))|despite|"
    r"with\s+(?:known|documented|liver|hepatic|bone|gilbert)|in\s+(?:wom[ae]n|m[ae]n|males?|females?)|(?:wom[ae]n|"
    r"m[ae]n|males?|females?)(?=\s*[)\]]))"
    r"(?:[^;()\]\n.]|\.(?=\d))*(?:\n(?!\s*\n|\s*[-•*]\s|\s*\d+\.\s)(?:[^;()\]\n.]|\.(?=\d))*)*)",
    re.I,
)
_CONDITION_STOP = re.compile(
    r"\s*(?:,\s*(?:and\s+|or\s+)?(?=[A-Z≥≤<>\d])|,\s*(?:and|but)\b|\s+OR\b|\s+(?:or|and)\s+(?=[<>≤≥=\d]|"
    r"(?:\w+\s+){1,2}[<>≤≥=\d])|\s+(?:or|and)(?:\s+[A-Z]{2,5})?\s*$).*",
    re.S,
)
# where no further threshold follows, only a new clause ends the condition: `unless due to AML, Gilbert's, or hemolysis`
_CONDITION_SOFT_STOP = re.compile(
    r"\s*(?:,\s*(?=[A-Z](?![^.;]*\b(?:or|and)\b\s+\S+(?:\s+\S+){0,3}\s*$))|,\s*(?:and|but)\b(?!\s+\S+(?:\s+\S+)?\s*$)|"
    r"\s+OR\b|\s+(?:or|and)\s*$).*",
    re.S,
)
# `females > 300 ng/mL, males > 450 ng/mL`
_SEX_FIRST = re.compile(
    r"(?:^|[(\[,;:]\s*|\b(?:and|or)\s+)[\s•*-]*(?P<text>(?:(?:for|in)\s+)?(?:adult\s+)?(?:(?:fe)?males?|(?:wo)?m[ae]n|boys|girls))"
    r"\s*[:,=–-]?\s*(?:(?:must\s+have|must\s+be|with|is|are|have|has)\s+)?$",
    re.I,
)
_METASTASES_FIRST = re.compile(
    r"\W*(?P<text>(?:(?:for|in)\s+)?(?:patients|subjects|participants|those)\s+with\s+(?:\w+\s+){0,2}(?:liver|hepatic|bone)\s+"
    r"(?:metasta\w+|involvement|disease))\s*(?:[,:]|(?:who|must|may|can)\s+(?:\w+\s+){1,2})?\s*(?:(?:an?|the)\s+)?",
    re.I,
)
_OPENS_WITH_IF = re.compile(r"[\W\d]*(?:if|when|in\s+(?:the\s+)?(?:presence|absence|case))\b", re.I)
_THEN = re.compile(r"(?:\s*\([^()]{0,60}\))?\s*(?:,|then\b)", re.I)
_CONDITION_FIRST = re.compile(
    r"\W*(?P<text>(?:if|for|in)\s+[^,;.\d<>≤≥]{5,90}),\s*(?:the\s+|then\s+)?(?:\w+\s+){0,2}$", re.I
)
_GLOSS = re.compile(r"\s*\((?:ULN|LLN|IULN|cells/mm3)\)")
# `platelets ≥ 100 x 10^9`: the volume that is left out
_PER_VOLUME = {"10*9": "10*9/L", "10*3": "10*3/uL", "10*6": "10*6/L"}
_VIRAL = frozenset({"hiv_rna", "hbv_dna", "hcv_rna"})
_LOST_POWERS = {100.0 + n: 10.0**n for n in range(3, 10)}
_DAILY = re.compile(r"\b24\s*-?\s*h(?:ou)?rs?\b|\bper\s+day\b|/\s*day\b|\bdaily\b", re.I)


@dataclass(frozen=True, slots=True)
class Lost:
    """Tests of which a patient needs enough, and those of which there must not be too much."""

    enough: frozenset[str]
    not_too_much: frozenset[str]

    def operator(self, tests: list[Analyte], polarity: str | None) -> str | None:
        """The operator that a criterion without one must have had; None where it is unclear."""
        enough = any(test.id in self.enough for test in tests)
        if polarity is None or enough == any(test.id in self.not_too_much for test in tests):
            return None
        return "ge" if enough == (polarity == "inclusion") else "le"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A quantity with its tests. `carried` is the operator of the threshold before, where this one goes on with it;
    `follows` says that there was one in the sentence."""

    passage: Passage
    quantity: Quantity
    tests: list[Analyte]
    rule: str
    carried: str | None
    follows: bool

    def facts(self, lost: Lost) -> tuple[list[Fact], str | None]:
        """A fact for each test, and the operator in force; none where an operator is lost and can't be told."""
        quantity, rule, inferred = self.quantity, self.rule, False
        operator = quantity.operator if quantity.operator != "eq" else None
        interval = self._raised() or quantity.interval
        if operator is None and not quantity.ranged:
            operator = self.carried
            if operator is None:
                operator = lost.operator(self.tests, self.passage.polarity) if self._adjoins() else None
                inferred, rule = True, "lab.lost_operator"
            if operator is None:
                return [], None
            interval = self._raised(operator) or Interval.of(operator, quantity.values[0])
        conditional = self._conditional()
        condition = None if conditional else self._condition()
        written = self._unit()
        facts = []
        for test in self.tests:
            unit = test.usual_unit if written in ("/dL", "/L") and "count" not in test.kinds else written
            extra: dict[str, Scalar] = {} if condition is None else {"condition": condition}
            facts.append(
                self.passage.fact(
                    "LAB",
                    rule,
                    quantity.start,
                    quantity.end,
                    analyte=test.id,
                    **bounds(interval),
                    unit=unit or _bare_unit(test),
                    conditional=conditional,
                    operator_inferred=inferred,
                    plausible=is_plausible(test, interval.low, interval.high, unit or _bare_unit(test)),
                    **extra,
                )
            )
        return facts, operator

    def _raised(self, operator: str | None = None) -> Interval | None:
        """`HBV DNA ≥ 105 copies/mL` was 10⁵: no trial asks for a hundred and five copies of a virus."""
        values = self.quantity.values
        if not all(test.id in _VIRAL for test in self.tests) or not all(v in _LOST_POWERS for v in values):
            return None
        interval = Interval.of(operator, values[0]) if operator else self.quantity.interval
        return Interval(
            None if interval.low is None else _LOST_POWERS[interval.low],
            interval.low_inclusive,
            None if interval.high is None else _LOST_POWERS[interval.high],
            interval.high_inclusive,
        )

    def _names(self) -> list[tuple[int, int]]:
        """Places of the names in front of the quantity."""
        return [(t.start, t.end) for t in self.passage.tokens if t.kind == "concept" and t.end <= self.quantity.start]

    def _adjoins(self) -> bool:
        """Whether a quantity without an operator stands tight enough behind its name, and has a unit of its own."""
        if self.quantity.kind == "" and not any(test.kinds & {"ratio", "ph"} for test in self.tests):
            return False
        named = max((end for _, end in self._names()), default=self.passage.start)
        return (
            self.rule == "lab.name_above"
            or _TIGHT_GAP.fullmatch(self.passage.text, named, self.quantity.start) is not None
        )

    def _conditional(self) -> bool:
        """Whether the threshold itself stands in the condition of another one (`if ALP ≤ ULN`)."""
        names = self._names()
        if not names or self.rule != "lab.name_first":
            return False
        if not self.follows:  # `If AFP ≥ ULN, imaging must be clear`
            passage = self.passage
            if not _OPENS_WITH_IF.match(passage.text, passage.start, names[0][0]):
                return False
            if not _THEN.match(passage.text, self.quantity.end, passage.end):
                return False
        return _CONDITIONAL.search(self.passage.left(self._opening(names), 50)) is not None

    def _opening(self, names: list[tuple[int, int]]) -> int:
        """Where the names that stand right before the quantity begin."""
        opening = names[-1][0]
        for start, end in reversed(names[:-1]):
            if JOINER.fullmatch(self.passage.text, end, opening):
                opening = start
        return opening

    def _condition(self) -> str | None:
        """The condition behind the threshold, or in front of it where the sentence opens with one."""
        text = self.passage.text
        gloss = _GLOSS.match(text, self.quantity.end)
        found = _CONDITION.match(text, gloss.end() if gloss else self.quantity.end, self.passage.end)
        if found:
            further = any(found.start("text") <= q.start < found.end() for q in self.passage.quantities)
            stop = _CONDITION_STOP if further else _CONDITION_SOFT_STOP
            return stop.sub("", found["text"]).strip(" ,") or None
        names = self._names()
        opening = self._opening(names) if names else self.passage.start
        for place in (self.quantity.start, opening):
            sex = _SEX_FIRST.search(self.passage.left(place, 40))
            if sex:
                return sex["text"]
        metastases = _METASTASES_FIRST.fullmatch(text, self.passage.start, opening)
        if metastases:
            return metastases["text"]
        first = (
            _CONDITION_FIRST.fullmatch(text, self.passage.start, names[0][0]) if names and not self.follows else None
        )
        return first["text"].strip() if first else None

    def _unit(self) -> str | None:
        quantity, passage = self.quantity, self.passage
        if quantity.unit is None:
            return None
        code = quantity.unit.ucum
        if quantity.kind in ("amount", "amount_rate"):  # an excretion: grams in the urine of a day
            daily = code.replace("/d", "/(24.h)")
            around = passage.left(quantity.start, 60) + " " + passage.right(quantity.end, 40)
            return f"{daily}/(24.h)" if "/" not in daily and _DAILY.search(around) else daily
        if quantity.kind == "volume":
            return "/uL"
        if code.startswith("10*6.[IU]/"):  # `FSH > 40 MIU/mL`: nobody measures millions in a millilitre
            return code.replace("10*6.", "m", 1)
        return _PER_VOLUME.get(code, code) if quantity.kind == "count_bare" else code


def _bare_unit(test: Analyte) -> str | None:
    """The unit of a number without one, where the test has only one: INR and pH."""
    return "1" if "ratio" in test.kinds else "[pH]" if "ph" in test.kinds else None
