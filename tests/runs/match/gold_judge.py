"""An evaluator of its own: verdicts from annotated facts, by the guidelines and without the code that it checks.

One fact after the other, one patient at a time, in plain Python. It shares only what is tested elsewhere: the words
that leave a limit open (exceptions), plausible bounds, factors between units, and molar masses.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from trialsift.extraction.assertion.wording import read_exceptions
from trialsift.gold import GoldDocument
from trialsift.model.fact import Fact
from trialsift.model.ucum import find_factor
from trialsift.rules.analytes import Analyte, read_analytes
from trialsift.rules.files import patterns_dir
from trialsift.rules.plausibility import is_plausible

#: None is unknown.
State = bool | None
_YEARS = {"a": 1.0, "mo": 1 / 12, "wk": 7 / 365.25, "d": 1 / 365.25, "h": 1 / 365.25 / 24}
_ECOG_TO_KPS = {0: (90, 100), 1: (70, 80), 2: (50, 60), 3: (30, 40), 4: (10, 20), 5: (0, 0)}
_LABELS = ("AGE", "PERFORMANCE_STATUS", "LAB")
_LEAD = (
    r"(?:(?:if|in case of|for|with|unless|without|no|adult|patients?|subjects?|participants?|who|the|known|documented|"
    r"have|has|had|of|presence|in|when|are|there|is)\s+)*"
)
_METASTASES = r"(?:(?:liver|hepatic)\s+metasta(?:sis|ses|tic disease)|metastases (?:in|to|of) the liver)"
_LIVER = re.compile(rf"^{_LEAD}{_METASTASES}\s*(?:are present|present)?$", re.I)
_SEX = re.compile(rf"^{_LEAD}(females?|wom[ae]n|males?|m[ae]n)(?:\s+(?:subjects?|patients?|participants?))?$", re.I)
_DENIED = re.compile(r"\b(?:no|not|without|unless|except)\b", re.I)


@dataclass(frozen=True)
class Person:
    """A synthetic patient; `labs` in the unit given, with the laboratory's limits."""

    age: int | None = None
    sex: str | None = None
    ecog: int | None = None
    kps: int | None = None
    labs: Mapping[str, tuple[float, str, float | None, float | None]] = field(default_factory=dict)
    liver: State = None

    def to_record(self, name: str) -> dict[str, Any]:
        """Returns it as `match_patients` takes it."""
        record: dict[str, Any] = {"patient": name, "age": self.age, "sex": self.sex, "ecog": self.ecog, "kps": self.kps}
        record["labs"] = {
            test: {"value": value, "unit": unit, "uln": uln, "lln": lln}
            for test, (value, unit, uln, lln) in self.labs.items()
        }
        if self.liver is not None:
            record["has" if self.liver else "has_not"] = ["liver metastases"]
        return record


def judge_document(document: GoldDocument, person: Person) -> State:
    """Returns whether a person meets all criteria of a document: False where one is not met, else None where one is
    unknown."""
    states = [state for state, _ in judge_criteria(document, person)]
    return False if False in states else None if None in states else True


def judge_criteria(document: GoldDocument, person: Person) -> Iterator[tuple[State, list[Fact]]]:
    """Iterates over the criteria of a document, each with its facts."""
    facts = _list_facts(document)
    contradicted = _find_contradicted(document)
    groups: dict[int, list[Fact]] = {}
    for fact in facts:
        group = fact.attributes.get("any_of")
        if group:
            groups.setdefault(int(group), []).append(fact)
        elif group == 0:
            yield None, [fact]
        elif (condition := fact.attributes.get("condition")) is not None:
            holds = _answer(document, str(condition), fact, person)
            inside = _judge_fact(document, fact, person)
            yield (True if holds is False or inside is True else False if holds and inside is False else None), [fact]
        elif fact.attributes.get("scope") != "subgroup":
            yield (None if fact in contradicted else _judge_fact(document, fact, person)), [fact]
    for members in groups.values():
        if any(fact.label in _LABELS for fact in members):
            yield _judge_group(document, members, person), members


def _judge_group(document: GoldDocument, members: Sequence[Fact], person: Person) -> State:
    states, answers = [], []
    for fact in members:
        condition = fact.attributes.get("condition")
        answers.append(True if condition is None else _answer(document, str(condition), fact, person))
        inside = _judge_fact(document, fact, person)
        holds = answers[-1]
        states.append(False if holds is False or inside is False else True if holds and inside else None)
    if all(one is False for one in answers):
        return None
    return True if True in states else None if None in states else False


def _list_facts(document: GoldDocument) -> list[Fact]:
    facts = []
    for fact in document.to_annotation().facts:
        a = fact.attributes
        if a.get("polarity") not in ("inclusion", "exclusion") or a.get("conditional"):
            continue
        if a.get("low") is None and a.get("high") is None:
            continue
        if a.get("any_of") or (fact.label in _LABELS and not a.get("historical")):
            facts.append(fact)
    return facts


def _is_open(document: GoldDocument, fact: Fact) -> bool:
    """Whether the words leave open whom the limit lets in, or it is none."""
    a = fact.attributes
    if fact.label not in _LABELS or a.get("historical") or a.get("plausible") is False:
        return True
    if fact.label == "LAB" and not _is_plausible(fact):
        return True
    if a.get("scope") == "subgroup":
        return a.get("condition") is None or a["polarity"] == "exclusion" or bool(a.get("negated"))
    return read_exceptions(patterns_dir()).find_excepted(document.text, [fact])[0]


def _is_plausible(fact: Fact) -> bool:
    get = fact.attributes.get
    analyte = _read_analytes().get(str(get("analyte")))
    unit = get("unit")
    return analyte is None or is_plausible(analyte, get("low"), get("high"), None if unit is None else str(unit))


@cache
def _read_analytes() -> dict[str, Analyte]:
    return read_analytes(patterns_dir())


def _judge_fact(document: GoldDocument, fact: Fact, person: Person) -> State:
    if _is_open(document, fact):
        return None
    value = _find_value(fact, person)
    if not _is_turned(fact):
        return None if value is None else _lies_within(fact, *value)
    low, high = _read_ends(fact)
    if fact.label == "PERFORMANCE_STATUS":
        first, last, best = (0, 4, 0) if fact.attributes["scale"] == "ECOG" else (10, 100, 100)
        if low is None or high is None or low <= best <= high or not (high >= last if best == 0 else low <= first):
            return None
    elif low is not None and low > 0 and high is not None:
        return None
    inside = None if value is None else _lies_within(fact, *value)
    return None if inside is None else not inside


def _is_turned(fact: Fact) -> bool:
    return (fact.attributes["polarity"] == "exclusion") != bool(fact.attributes.get("negated"))


def _read_ends(fact: Fact) -> tuple[Any, Any]:
    return fact.attributes.get("low"), fact.attributes.get("high")


def _lies_within(fact: Fact, least: float, most: float) -> State:
    ends = {_contains(fact, least), _contains(fact, most)}
    return ends.pop() if len(ends) == 1 else None


def _contains(fact: Fact, value: float) -> bool:
    low, high = _read_ends(fact)
    for end, inclusive, above in ((low, "low_inclusive", True), (high, "high_inclusive", False)):
        if end is None:
            continue
        if abs(value - end) <= 1e-9 * max(abs(end), abs(value)):
            if fact.attributes.get(inclusive) is False:
                return False
        elif (value < end) is above:
            return False
    return True


def _find_value(fact: Fact, person: Person) -> tuple[float, float] | None:
    get = fact.attributes.get
    if fact.label == "AGE":
        if person.age is None or get("unit") not in _YEARS:
            return None
        if get("unit") == "a":
            return person.age, person.age
        return person.age / _YEARS[get("unit")], (person.age + 1) / _YEARS[get("unit")] * (1 - 1e-12)
    if fact.label == "PERFORMANCE_STATUS":
        if get("scale") == "ECOG":
            turned = next((e for e, (a, b) in _ECOG_TO_KPS.items() if person.kps in (a, b)), None)
            score = turned if person.ecog is None else person.ecog
            return None if score is None else (score, score)
        if get("scale") == "KPS":
            if person.kps is not None:
                return person.kps, person.kps
            return None if person.ecog is None else _ECOG_TO_KPS[person.ecog]
        return None
    return _find_result(str(get("analyte")), get("unit"), person)


def _find_result(analyte: str, unit: Any, person: Person) -> tuple[float, float] | None:
    if analyte not in person.labs or unit is None:
        return None
    value, own, uln, lln = person.labs[analyte]
    if unit in ("ULN", "LLN"):
        limit = uln if unit == "ULN" else lln
        return None if limit is None else (value / limit, value / limit)
    if analyte == "hba1c" and (own, unit) == ("%", "mmol/mol"):
        ifcc = round((value - 2.152) / 0.09148)
        return ifcc, ifcc
    factor = _convert(analyte, own, str(unit))
    return None if factor is None else (value * factor, value * factor)


@cache
def _convert(analyte: str, own: str, unit: str) -> float | None:
    direct = find_factor(own, unit)
    if direct is not None:
        return direct
    mass = _read_molar_masses().get(analyte)
    charged = {"sodium": 1, "potassium": 1, "chloride": 1, "bicarbonate": 1, "calcium": 2, "magnesium": 2}.get(analyte)
    steps = [("g/L", "mol/L", 1 / mass), ("mol/L", "g/L", mass)] if mass else []
    if charged:
        steps.append(("mmol/L", "meq/L", charged))
    for source, target, scale in steps:
        there, back = find_factor(own, source), find_factor(target, unit)
        if there is not None and back is not None:
            return there * scale * back
    if charged and mass and unit == "meq/L" and (there := find_factor(own, "g/L")) is not None:
        return there / mass * 1000 * charged
    return None


@cache
def _read_molar_masses() -> dict[str, float]:
    lines = (patterns_dir() / "analytes.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["analyte"]: float(row["molar_mass"]) for row in rows if row["molar_mass"]}


def _answer(document: GoldDocument, condition: str, fact: Fact, person: Person) -> State:
    """Answers conditions of sex, of liver metastases, and of a single number; None for all others."""
    words = " ".join(condition.split())
    if (sex := _SEX.match(words)) is not None:
        named = "female" if sex[1].lower()[0] in "fw" else "male"
        return None if person.sex is None else person.sex == named
    if _LIVER.match(words) is not None:
        denied = _DENIED.search(words) is not None
        return None if person.liver is None else person.liver is not denied
    places = [at.start() for at in re.finditer(re.escape(condition), document.text)]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - fact.start))
    inside = [
        one
        for one in document.to_annotation().facts
        if one.label in _LABELS and at <= one.start and one.end <= at + len(condition)
    ]
    rest = condition
    for one in inside:
        rest = rest.replace(one.text, " ")
    plain = re.sub(r"\b(?:if|patients?|adults?|a|with|serum|for|aged?|years?|old|of|is|in|children|pediatric|the)\b|\W",
                   " ", rest, flags=re.I)  # fmt: skip
    named = {str(one.attributes.get("analyte", "age")).replace("_", " ") for one in inside}
    if not inside or (
        plain.strip() and " ".join(plain.lower().split()) not in named | {"alkaline phosphatase", "ast alt"}
    ):
        return None
    states = set()
    for one in inside:
        value = _find_value(one, person)
        states.add(None if value is None else _lies_within(one, *value))
    return states.pop() if len(states) == 1 else None


def _find_contradicted(document: GoldDocument) -> list[Fact]:
    """Returns the limits on a value that no value meets together: each value that matters is tried."""
    by_value: dict[tuple[Any, ...], list[tuple[Fact, float]]] = {}
    for fact in _list_facts(document):
        a = fact.attributes
        alone = "any_of" not in a and a.get("condition") is None and a.get("scope") != "subgroup"
        if alone and not _is_open(document, fact) and _has_one_side(fact):
            for key, factor in _list_scales(fact, by_value):
                by_value.setdefault(key, []).append((fact, factor))
    found: list[Fact] = []
    for facts in by_value.values():
        ends = sorted({end * factor for fact, factor in facts for end in _read_ends(fact) if end is not None})
        tried = [*ends, *((a + b) / 2 for a, b in pairwise(ends)), ends[0] - 1, ends[-1] + 1]
        if not any(all(_contains(fact, v / factor) is not _is_turned(fact) for fact, factor in facts) for v in tried):
            found.extend(fact for fact, _ in facts)
    return found


def _has_one_side(fact: Fact) -> bool:
    """Whether the complement of an exclusion is an interval."""
    low, high = _read_ends(fact)
    if not _is_turned(fact):
        return True
    if fact.label == "PERFORMANCE_STATUS":
        return _lets_the_better_in(fact)
    return low is None or high is None or low <= 0


def _lets_the_better_in(fact: Fact) -> bool:
    low, high = _read_ends(fact)
    return bool(low > 0 and high >= 4) if fact.attributes["scale"] == "ECOG" else bool(high < 100 and low <= 10)


def _list_scales(fact: Fact, known: Mapping[tuple[Any, ...], Any]) -> list[tuple[tuple[Any, ...], float]]:
    """Returns the key of a value, and the factor to the unit that stands for all that convert to one another."""
    get = fact.attributes.get
    if fact.label == "AGE":
        return [(("AGE",), _YEARS[str(get("unit"))])] if get("unit") in _YEARS else []
    if fact.label == "PERFORMANCE_STATUS":
        return [((get("scale"),), 1.0)]
    analyte, unit = str(get("analyte")), get("unit")
    for key in known:
        if key[0] == analyte and unit is not None and key[1] is not None:
            factor = _convert(analyte, str(unit), key[1])
            if factor is not None:
                return [(key, factor)]
    return [((analyte, unit), 1.0)]
