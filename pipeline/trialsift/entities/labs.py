"""LAB: which test a threshold is on.

In a sentence the tests and the quantities stand in order. A quantity belongs to the tests right before it (all that
are joined by commas, slashes, and/or); else to the tests of the quantity before, when it is an alternative of it; else
to a test right behind it; else to one named in the line above. The kind of its unit must fit the test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..facts import Fact, Scalar
from ..labels import LABEL_KEYS
from ..lexicon import Analyte, Lexicon
from ..quantity.comparators import Interval
from ..quantity.quantities import Quantity, Token
from ..resources import check_keys, read_toml
from .passage import Passage, bounds

# kind of a unit expression -> kinds of thresholds of a test
_FITS = {
    "count": {"count"}, "count_bare": {"count"}, "mass": {"mass"}, "molar": {"molar"}, "enzyme": {"enzyme", "iu"},
    "percent": {"percent"}, "clearance": {"clearance", "clearance_area"}, "clearance_area": {"clearance", "clearance_area"},
    "amount": {"excretion"}, "amount_rate": {"excretion"}, "excretion_molar": {"excretion_molar"}, "per_mass": {"mass_ratio"},
    "mass_ratio": {"mass_ratio"}, "pressure": {"pressure"}, "copies": {"copies"}, "time": {"time"},
    "sedimentation": {"sedimentation"}, "osmolality": {"osmolality"},
}
_UNITLESS = {"ratio", "index", "titer", "ph"}

_SOFT = (r"(?:serum|plasma|blood|urine|urinary|total|absolute|the|a|an|of|is|are|was|were|be|being|must|should|has|have|to|in|at|on|with|for|and|"
         r"levels?|counts?|concentrations?|values?|results?|tests?|measurements?|ratio|index|score|cells?|number|screening|baseline|entry|visit|"
         r"rate|load|calculated|measured|estimated|corrected|adjusted|fasting|random|peripheral|venous|arterial|either|both|any|as|by|than|that|which|"
         r"range|ranging|between|from|defined|documented|known|adequate|elevated|increased|decreased|reduced|abnormal|low|high|severe|"
         r"greater|since|time|patients?|subjects?|current|confirmed|up|cut-?off|threshold|limit|upper|central|laborator(?:y|ies)|local|"
         r"institutional|respectively|all|each|following|transfusion|independent|without|males?|females?|women|men|day|week|activity|method|formula)")
_PARENTHESIS = r"(?:\((?:[^()]|\([^()]{0,60}\)){0,200}\)|\[[^\[\]]{0,120}\])"
_SOFT_GAP = re.compile(rf"(?:i\.e\.,?|e\.g\.,?|[\s,:;=|*~†‡®™_\-–—(\[\)\]\"'/]|{_PARENTHESIS}|{_SOFT}\b)*", re.I)
_JOINER = re.compile(
    rf"(?:[\s,/&+()\[\]|*-]|{_PARENTHESIS}|\b(?:and/or|and|or|as well as|plus|both|either|serum|plasma|blood|total|the|levels?|counts?|values?|"
    rf"concentrations?|also|including|urine|cells?|tests?|enzymes?|combined|of)\b)*", re.I)
_HARD_BREAK = re.compile(r"(?<!\bi\.e)(?<!\be\.g)[.;](?=\s)|\n\s*\n|\n\s*[-•*]\s")
_ALTERNATIVE = re.compile(
    r"(?:[\s,;:=/()\[\]~≈]|\b(?:or|and|and/or|i\.?e\.?|equivalent|corresponding|to|equal|resp|approximately|about|which|is|for|in|if|but|wom[ae]n|m[ae]n|females?|"
    r"males?|boys|girls|adults?|children|respectively)\b|\((?:men|women|males?|females?|ULN|LLN|cells/mm3)\))*", re.I)
_EXCEPTION = re.compile(
    r"[\s,;()\[\]]*(?:(?:or|and|but|to|unless|except|are|is|allowed|permitted|acceptable|may be|if|in|for|with|patients?|subjects?|those|wom[ae]n|m[ae]n|fe?males?|the|case|of|presence|known|documented|"
    r"who|have|has|liver|hepatic|bone|metast[a-z]+|involvement|disease|present|attributable|due|when|attributed|by|malignancy|tumou?r|cancer|leukemi[ac]|where|secondary|"
    r"gilbert['’]?s?|syndrome|elevations?|whom|there|participants?|children|boys|girls|age|years|old|history|considered|related|type|grade|higher|also|up|a|an|as|be|must|should|will|otherwise|underlying|caused|on|not|receiving|therapy|anticoagulants?|anticoagulation|f)\b[\s,;:()\[\]'’-]*)*", re.I)
_ONLY_BRACKET = re.compile(r"\s*[)\]]?\s*[(\[]\s*")
_TIGHT_GAP = re.compile(r"(?:[\s:,()\[\]|=]|\b(?:of|levels?|counts?|values?|serum|ratio)\b)*", re.I)
_RIGHT_GAP = re.compile(r"\s*[(\[]?\s*(?:(?:of|for|in|on|the|serum|plasma|blood|total|circulating|peripheral|absolute)\s+)*", re.I)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|unless|in\s+case\s+of|in\s+the\s+case\s+of|provided(?:\s+that)?|as\s+long\s+as|in\s+the\s+(?:presence|setting)\s+of|"
    r"for\s+(?:those|patients|subjects|participants)\s+with|in\s+(?:those|patients|subjects|participants)\s+with|and/or\s+if)\s*"
    r"(?:(?:the|a|an|his|her|their|patient(?:'s)?|subject(?:'s)?|has|have|baseline|serum|plasma|total|either|both|there\s+is|known)\s*)*$", re.I)
_CONDITION = re.compile(
    r"[\s,)]*[(\[]?\s*(?P<text>(?:if|unless|in\s+(?:the\s+)?case|in\s+(?:the\s+)?presence|when|in\s+patients|in\s+subjects|in\s+participants|in\s+those|for\s+(?:the\s+)?(?=(?:\w+\s+){0,2}(?:patients|subjects|participants|those|m[ae]n|wom[ae]n|males?|females?|individuals|cohort|arm|group|blacks|children|ages?|persons))|"
    r"except|provided|on\s+(?=(?:\w+\s+){0,2}(?:therapy|treatment|anticoag\w+|dialysis|statins?|ART|regimen))|despite|with\s+(?:known|documented|liver|hepatic|bone|gilbert)|in\s+(?:wom[ae]n|m[ae]n|males?|females?)|(?:wom[ae]n|m[ae]n|males?|females?)(?=\s*[)\]]))"
    r"(?:[^;()\]\n.]|\.(?=\d))*(?:\n(?!\s*\n|\s*[-•*]\s|\s*\d+\.\s)(?:[^;()\]\n.]|\.(?=\d))*)*)", re.I)
_CONDITION_STOP = re.compile(
    r"\s*(?:,\s*(?:and\s+|or\s+)?(?=[A-Z≥≤<>])|,\s*(?:and|but)\b|\s+OR\b|\s+(?:or|and)\s+(?=[<>≤≥=\d]|(?:\w+\s+){1,2}[<>≤≥=\d])|\s+(?:or|and)(?:\s+[A-Z]{2,5})?\s*$).*", re.S)
_CONDITION_FIRST = re.compile(r"\W*(?P<text>(?:if|for|in)\s+[^,;.\d<>≤≥]{5,90}),\s*(?:the\s+|then\s+)?(?:\w+\s+){0,2}$", re.I)
# `platelets ≥ 100 x 10^9`: the volume that is left out
_PER_VOLUME = {"10*9": "10*9/L", "10*3": "10*3/uL", "10*6": "10*6/L"}
# `calcium corrected for albumin`: the albumin is no test of this threshold
_ADJUSTED = re.compile(r"\b(?:adjusted|corrected)\s+(?:for|to|by)\s+(?:serum\s+)?$", re.I)
_OCCASIONS = re.compile(r"\s*(?:of\s+the|of\s+(?:these|those|which)|other|more\s+\w+|additional|positive|documented|documentation|measurements?|occasions?|values?|consecutive|separate|RBC|WBC|red\b|white\b|/\s*HPF|per\s+(?:high|HPF)|drinks|prior|previous|times\b(?!\s+(?:the|ULN|upper|normal|institution)))", re.I)
_DAILY = re.compile(r"\b24\s*-?\s*h(?:ou)?rs?\b|\bper\s+day\b|/\s*day\b|\bdaily\b", re.I)


class Labs:
    """The LAB engine. `patterns/entities/lab.toml` has its examples and the sense of lost operators."""

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        path = folder / "entities" / "lab.toml"
        table = read_toml(path)
        check_keys(path, "top level", table, {*LABEL_KEYS, "enough", "not_too_much", "qualified"}, set())
        self._analytes = lexicon.analytes
        self._qualified = {name: set(by) for name, by in table["qualified"].items()}
        self._enough, self._not_too_much = set(table["enough"]), set(table["not_too_much"])

    def find(self, passage: Passage) -> list[Fact]:
        """LAB facts of a passage, and the quantities they were read from are claimed."""
        concepts = [t for t in passage.tokens if t.kind == "concept" and not _ADJUSTED.search(passage.left(t.start, 20))]
        if not concepts and not passage.above_tokens:
            return []
        facts: list[Fact] = []
        used: set[int] = set()          # start offsets of names that a quantity in front of them took
        group: list[Analyte] = []       # the tests of the last threshold
        foreign = False                 # something else was measured since (`platelets < 90 if stiffness < 12 kPa or < 150`)
        last: Quantity | None = None    # that threshold, and the operator in force
        operator: str | None = None
        before = passage.start
        for index, quantity in enumerate(passage.quantities):
            if index in passage.claimed:
                group, before = [], quantity.end
                continue
            if not self._testable(quantity):
                if quantity.kind != "time":   # `creatinine within 14 days ≤ 1.5 mg/dL`: the name still waits
                    before = quantity.end
                continue
            between = [c for c in concepts if before <= c.start and c.end <= quantity.start and c.start not in used]
            rule, tests, carried = "", [], None
            if between:
                tests = self._named_before(passage, between, quantity)
                rule = "lab.name_first"
                if not tests and not self._is_analyte(between[-1]):
                    before, foreign = quantity.end, True
                    continue
            elif group and last is not None:
                if not foreign or (quantity.operator and quantity.kind == last.kind and quantity.kind not in ("", "percent", "limit")):
                    tests, carried = self._same_name(passage, group, last, quantity, operator)
                rule = "lab.same_name"
            if not tests:
                right = self._named_behind(passage, concepts, quantity, index)
                if right is not None:
                    used.add(right.start)
                    tests, rule, carried = self._fitting([right], quantity), "lab.name_last", None
            if not tests and not between and passage.above_tokens and not facts:
                tests, rule, carried = self._named_above(passage, quantity), "lab.name_above", None
            before = quantity.end
            if not tests:
                continue
            made, operator = self._facts(passage, quantity, tests, rule, carried, last is not None)
            if made:
                condition = made[0].attributes.get("condition")
                if condition is not None and quantity.operator is None and facts and last is not None and \
                        _ONLY_BRACKET.fullmatch(passage.text[last.end:quantity.start]):   # `< 9 g/dl (5.6 mmol/l) for men`
                    facts = [f.with_attributes(condition=condition) if f.start == last.start and "condition" not in f.attributes else f
                             for f in facts]
                facts.extend(made)
                passage.claimed.add(index)
                group, last, foreign = tests, quantity, False
        return facts

    @staticmethod
    def _testable(quantity: Quantity) -> bool:
        kind = quantity.kind
        if kind == "time" and (quantity.unit is None or quantity.unit.ucum != "s"):
            return False   # a prothrombin time is in seconds; `within 7 days` tells when it is measured
        if kind == "volume":
            return quantity.unit is not None and quantity.unit.ucum == "uL" and quantity.values[0] >= 50
        return kind == "limit" or kind in _FITS or (kind == "" and (quantity.operator is not None or quantity.ranged))

    @staticmethod
    def _is_analyte(token: Token) -> bool:
        return isinstance(token.value, tuple) and token.value[0] == "analyte"

    def _fitting(self, names: Sequence[Token], quantity: Quantity) -> list[Analyte]:
        """The tests that these names mean and that the quantity's unit fits, each once."""
        tests: dict[str, Analyte] = {}
        for token in names:
            if isinstance(token.value, tuple) and token.value[0] == "analyte":
                for name in token.value[1:]:
                    tests[name] = self._analytes[name]
        kind = quantity.kind
        if kind == "limit":
            return list(tests.values())
        if kind == "volume":   # `ANC ≥ 1,500 uL`: a count that lost its `per`
            return [t for t in tests.values() if "count" in t.kinds]
        if kind == "":
            plain = [t for t in tests.values() if t.kinds & _UNITLESS]
            return plain or list(tests.values())
        return [t for t in tests.values() if t.kinds & _FITS[kind]]

    def _named_before(self, passage: Passage, between: list[Token], quantity: Quantity) -> list[Analyte]:
        text, nearest = passage.text, between[-1]
        if not self._is_analyte(nearest):
            if nearest.value == ("measure", "score") or len(between) < 2 or not self._is_analyte(between[-2]):
                return []
            return []
        gap = text[nearest.end:quantity.start]
        if _HARD_BREAK.search(gap) and not _SOFT_GAP.fullmatch(gap):
            return []
        soft = _SOFT_GAP.fullmatch(gap) is not None
        specific = quantity.kind not in ("", "percent", "time", "amount", "amount_rate") or \
            quantity.kind in ("amount", "amount_rate") and any("excretion" in t.kinds for t in self._fitting([nearest], quantity))
        if quantity.kind == "" and ("," in gap or _OCCASIONS.match(passage.text, quantity.end)):
            return []
        if re.match(r"\s*ratio\b", gap) and len(between) > 1 and "/" in text[between[-2].end:nearest.start]:
            return []   # `pleural LDH/serum LDH ratio`
        if not soft and not (specific and len(gap) <= 90 and quantity.operator is not None) \
                and not (specific and len(gap) <= 40 and quantity.ranged):
            return []
        names = [nearest]
        for earlier, later in zip(reversed(between[:-1]), reversed(between[1:]), strict=True):
            joined = text[earlier.end:later.start]
            if self._qualifies(text, earlier, later):
                return self._fitting([earlier], quantity)
            if not self._is_analyte(earlier) or not _JOINER.fullmatch(joined) or ";" in joined:
                break
            if _ONLY_BRACKET.fullmatch(joined) and not set(earlier.value[1:]) & set(later.value[1:]):  # type: ignore[index]
                break   # `lymphopenia (ANC > 1,500`, `prothrombin time (INR)`: the test is the one in the bracket
            names.insert(0, earlier)
        return self._fitting(names, quantity)

    def _qualifies(self, text: str, earlier: Token, later: Token) -> bool:
        """The earlier name says which kind of the later one is meant (`LDL) cholesterol`)."""
        if not (self._is_analyte(earlier) and self._is_analyte(later)):
            return False
        return bool(self._qualified.get(later.value[1], set()) & set(earlier.value[1:])) and \
            not text[earlier.end:later.start].strip(" )]-\n")  # type: ignore[index]

    def _same_name(self, passage: Passage, group: list[Analyte], last: Quantity, quantity: Quantity,
                   operator: str | None) -> tuple[list[Analyte], str | None]:
        """The tests of the threshold before, where this quantity is an alternative to it, and the operator to carry."""
        gap = passage.text[last.end:quantity.start]
        if len(gap) > 220:
            return [], None
        strict = _ALTERNATIVE.fullmatch(gap) is not None
        loose = strict or _EXCEPTION.fullmatch(gap) is not None
        specific = quantity.kind not in ("", "percent", "time", "amount", "amount_rate") or \
            quantity.kind in ("amount", "amount_rate") and any("excretion" in t.kinds for t in group)
        if quantity.operator == "eq":   # `> 25 umol/L = 1.4 mg/dL`
            return ([t for t in group if t.kinds & _FITS.get(quantity.kind, set())], operator) if strict and specific else ([], None)
        if quantity.operator is None:
            same_unit = last.unit is not None and quantity.unit is not None and last.unit.ucum == quantity.unit.ucum
            if not (strict and (specific or same_unit) or loose and same_unit):
                return [], None
        elif not loose and not (specific and len(gap) <= 120 and not _HARD_BREAK.search(gap)):
            return [], None
        kind = quantity.kind
        tests = [t for t in group if kind in ("limit", "") or t.kinds & _FITS.get(kind, {"count"})]
        return tests, operator if quantity.operator is None and not quantity.ranged else None

    def _named_behind(self, passage: Passage, concepts: list[Token], quantity: Quantity, index: int) -> Token | None:
        following = next((c for c in concepts if c.start >= quantity.end), None)
        if following is None or not self._is_analyte(following):
            return None
        if not _RIGHT_GAP.fullmatch(passage.text[quantity.end:following.start]):
            return None
        if quantity.operator is None and not quantity.ranged:
            return None
        nxt = passage.quantities[index + 1] if index + 1 < len(passage.quantities) else None
        if nxt is not None and _SOFT_GAP.fullmatch(passage.text[following.end:nxt.start]) and nxt.operator is not None \
                and not passage.text[following.end:nxt.start].strip().startswith(","):
            return None
        return following if self._fitting([following], quantity) else None

    def _named_above(self, passage: Passage, quantity: Quantity) -> list[Analyte]:
        head = passage.text[passage.start:quantity.start]
        if len(head) > 40 and quantity.kind in ("", "percent"):
            return []
        if quantity.kind == "time" or quantity.operator is None and (quantity.kind in ("", "percent") or passage.polarity is None):
            return []
        if re.search(r"\b(?:dose|doses|mg|receive|therapy|treatment)\b", head, re.I):
            return []
        names = [t for t in passage.above_tokens if self._is_analyte(t)]
        return self._fitting(names[-1:], quantity)

    def _facts(self, passage: Passage, quantity: Quantity, tests: list[Analyte], rule: str, carried: str | None,
               follows: bool) -> tuple[list[Fact], str | None]:
        operator = quantity.operator if quantity.operator != "eq" else None
        interval, inferred = quantity.interval, False
        if operator is None and not quantity.ranged:
            sense = carried
            if sense is None:
                named = max((t.end for t in passage.tokens if t.kind == "concept" and t.end <= quantity.start), default=passage.start)
                if quantity.kind == "" and not any(t.kinds & {"ratio", "ph"} for t in tests):
                    return [], None
                if rule != "lab.name_above" and not _TIGHT_GAP.fullmatch(passage.text[named:quantity.start]):
                    return [], None
                sense = self._lost(tests, passage.polarity)
                inferred, rule = True, "lab.lost_operator"
            if sense is None:
                return [], None
            operator, interval = sense, Interval.of(sense, quantity.values[0])
        first_name = min((t.start for t in passage.tokens if t.kind == "concept" and t.end <= quantity.start), default=None)
        conditional = False
        if follows and first_name is not None and rule == "lab.name_first":
            names = [t for t in passage.tokens if t.kind == "concept" and t.end <= quantity.start]
            opening = names[-1].start
            for earlier in reversed(names[:-1]):
                if _JOINER.fullmatch(passage.text[earlier.end:opening]):
                    opening = earlier.start
            conditional = _CONDITIONAL.search(passage.left(opening, 50)) is not None
        shared: dict[str, Scalar] = {**bounds(interval), "unit": self._unit(passage, quantity)}
        condition = None if conditional else self._condition(passage, quantity)
        if condition is None and not conditional and not follows and first_name is not None:
            opening = _CONDITION_FIRST.fullmatch(passage.text, passage.start, first_name)
            condition = opening["text"].strip() if opening else None
        facts = []
        for test in tests:
            unit = shared["unit"]
            if unit is None and "ratio" in test.kinds:
                unit = "1"
            elif unit is None and "ph" in test.kinds:
                unit = "[pH]"
            extra: dict[str, Scalar] = {}
            if condition is not None:
                extra["condition"] = condition
            facts.append(passage.fact("LAB", rule, quantity.start, quantity.end, analyte=test.id, **{**shared, "unit": unit},
                                      conditional=conditional, operator_inferred=inferred, **extra))
        return facts, operator

    def _lost(self, tests: list[Analyte], polarity: str | None) -> str | None:
        """The operator that a criterion without one must have had, from what a patient needs; None where unclear."""
        if polarity is None:
            return None
        enough = any(t.id in self._enough for t in tests)
        if enough == any(t.id in self._not_too_much for t in tests):
            return None
        return "ge" if enough == (polarity == "inclusion") else "le"

    @staticmethod
    def _unit(passage: Passage, quantity: Quantity) -> str | None:
        if quantity.unit is None:
            return None
        if quantity.kind in ("amount", "amount_rate"):   # an excretion: grams in the urine of a day
            daily = quantity.unit.ucum.replace("/d", "/(24.h)")
            if "/" in daily:
                return daily
            around = passage.left(quantity.start, 60) + " " + passage.right(quantity.end, 40)
            return f"{daily}/(24.h)" if _DAILY.search(around) else daily
        if quantity.kind == "volume":
            return "/uL"
        return _PER_VOLUME.get(quantity.unit.ucum, quantity.unit.ucum) if quantity.kind == "count_bare" else quantity.unit.ucum

    @staticmethod
    def _condition(passage: Passage, quantity: Quantity) -> str | None:
        behind = re.match(r"\s*\((?:ULN|LLN|IULN|cells/mm3)\)", passage.text[quantity.end:quantity.end + 20])
        found = _CONDITION.match(passage.text, quantity.end + (behind.end() if behind else 0), passage.end)
        if found is None:
            return None
        text = _CONDITION_STOP.sub("", found["text"]).strip(" ,")
        return text or None
