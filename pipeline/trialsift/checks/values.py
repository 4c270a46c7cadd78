"""Whether the value of a span is valid for its label: interval, unit, scale, count, analyte, and quoted texts.

In: a span, the text of its document, the known analytes. Out: findings. Source: "Intervals" and "The five labels" in
the annotation guidelines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set

from trialsift.checks.attributes import AGE_UNITS, CLOSED, UNSAID_ENDS
from trialsift.checks.problems import Finding, Findings, error, warning
from trialsift.gold import GoldSpan
from trialsift.model.fact import Scalar
from trialsift.model.scales import SCALES
from trialsift.model.ucum import is_known

#: An identifier of an analyte or measurement.
SNAKE_CASE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
# units that only multiples for a laboratory test have
_OF_A_TEST = frozenset({"ULN", "LLN", "[pH]"})


def check_values(span: GoldSpan, text: str, analytes: Set[str] | None) -> Findings:
    """Iterates over what is impossible, or unlikely, in the value of a span. `analytes` are the known identifiers, None
    for any."""
    yield from _interval(span)
    yield from _unit(span)
    match span.label:
        case "PERFORMANCE_STATUS":
            yield from _score(span)
        case "FRACTIONS":
            yield from _count(span)
        case "LAB":
            yield from _identifier("analyte", span.attributes.get("analyte"), analytes)
        case "MEASUREMENT":
            yield from _identifier("measure", span.attributes.get("measure"), None)
    yield from _check_quotations(span, text)


def _list_ends(span: GoldSpan) -> Iterator[tuple[str, float]]:
    """Iterates over the given ends, by name."""
    for name in ("low", "high"):
        value = span.attributes.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield name, value


def _interval(span: GoldSpan) -> Findings:
    attributes = span.attributes
    if {"low", "high"} <= set(attributes) and attributes["low"] is None and attributes["high"] is None:
        yield error("interval-empty", "both ends are open; expected low or high")
    for name in ("low", "high"):
        yield from _check_inclusive(span, name)
    ends = dict(_list_ends(span))
    if len(ends) < 2:
        return
    low, high = ends["low"], ends["high"]
    if low > high:
        yield error("interval-order", f"low {low:g} is above high {high:g}")
    if low == high and False in (attributes.get("low_inclusive"), attributes.get("high_inclusive")):
        yield error("interval-inclusive", f"an exact value {low:g} without its ends; expected both inclusive")


def _check_inclusive(span: GoldSpan, name: str) -> Findings:
    """Whether an end and its flag agree."""
    flag, value = f"{name}_inclusive", span.attributes.get(name)
    if flag not in span.attributes:
        if value is not None and span.label not in UNSAID_ENDS:
            yield error("attribute-missing", f"the attribute {flag!r} is missing")
        return
    stated = span.attributes[flag]
    if value is None and stated is not None:
        yield error("interval-inclusive", f"{flag} is {_json(stated)} at an open end; expected null")
    elif value is not None and stated is None:
        yield error("interval-inclusive", f"{flag} is null at {name} {value}; expected true or false")
    elif stated is False and span.label in CLOSED:
        yield error("interval-inclusive", f"{flag} is false; the ends of {span.label} are always inclusive")


def _unit(span: GoldSpan) -> Findings:
    if "unit" not in span.attributes:
        return
    unit = span.attributes["unit"]
    if span.label in ("AGE", "LIFE_EXPECTANCY"):
        if unit not in AGE_UNITS:
            yield error("unit-value", f"unit is {_json(unit)}; expected a, mo, wk, d or h")
    elif span.label == "DOSE" and span.attributes.get("modality") == "radiation":
        if unit != "Gy":
            yield error("unit-value", f"unit of a radiation dose is {_json(unit)}; expected Gy")
    elif unit is None:
        if span.label == "DOSE":
            yield error("unit-value", "unit of a dose is null; expected a UCUM unit")
    elif not isinstance(unit, str) or not is_known(unit):
        yield error("unit-unknown", f"unit {_json(unit)} is neither UCUM nor ULN, LLN, 1, [pH] or AUC")
    elif unit in _OF_A_TEST and span.label != "LAB":
        yield error("unit-value", f"unit is {unit}, which only a LAB has")


def _score(span: GoldSpan) -> Findings:
    ends = dict(_list_ends(span))
    for name in ("low", "high"):
        if name in span.attributes and span.attributes[name] is None:
            yield error("scale-range", f"{name} is open; the ends of PERFORMANCE_STATUS are always closed")
    name_of_scale = span.attributes.get("scale")
    if name_of_scale not in SCALES:
        return
    lowest, highest, step = SCALES[name_of_scale]
    for name, value in ends.items():
        if not lowest <= value <= highest:
            expected = f"which runs from {lowest} to {highest}"
            yield error("scale-range", f"{name} {value:g} is not on the {name_of_scale} scale, {expected}")
        elif value % step:
            expected = f"which runs in steps of {step}"
            yield warning("scale-step", f"{name} {value:g} is not a score of {name_of_scale}, {expected}")


def _count(span: GoldSpan) -> Findings:
    for name, value in _list_ends(span):
        if value < 1 or value != int(value):
            yield error("fraction-count", f"{name} is {value:g}; expected a whole number of fractions, at least 1")


def _identifier(name: str, value: Scalar, known: Set[str] | None) -> Findings:
    if not isinstance(value, str):
        return  # attributes.py reports it
    if not SNAKE_CASE.fullmatch(value):
        yield error(f"{name}-form", f"{name} {value!r}; expected an identifier in lower snake case")
    elif known is not None and value not in known:
        yield warning(f"{name}-unknown", f"{name} {value!r} is not in analytes.csv")


def _check_quotations(span: GoldSpan, text: str) -> Iterator[Finding]:
    """Checks that texts quoted by attributes occur in the document."""
    plain = _plain(text)
    agent = span.attributes.get("agent")
    if isinstance(agent, str) and agent != agent.lower():
        yield error("agent-form", f"agent is {agent!r}; expected it in lower case")
    for name in ("agent", "condition"):
        quoted = span.attributes.get(name)
        if isinstance(quoted, str) and quoted.strip() and _plain(quoted) not in plain:
            yield warning("quotation", f"{name} {quoted!r:.80} is not in the text")


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _json(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)
