"""Whether a span has the right attributes: known names, required key attributes, listed values.

In: a span, and what its document's `meta` declares as gold. Out: findings. Source: "The five labels", "Optional
labels", "Context, on every span" and "Key attributes" in the annotation guidelines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trialsift.checks.problems import Findings, error, warning
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import FLAGS, Scalar
from trialsift.model.listed_values import LISTED_VALUES

INTERVAL = ("low", "low_inclusive", "high", "high_inclusive")
AGE_UNITS = frozenset({"a", "mo", "wk", "d", "h"})
CONTEXT = frozenset({"polarity", "historical", "negated", "operator_inferred"})
#: Whom a value admits, as stated by gold. For predictions, the tables derive it.
ELIGIBLE = tuple(f"eligible_{name}" for name in INTERVAL)
#: Attributes that any limit may have: the case that it holds in, and the group of its alternatives.
ALTERNATIVES = frozenset({"condition", "any_of", *ELIGIBLE})
#: Labels that limit who may take part.
LIMITS = frozenset({"AGE", "PERFORMANCE_STATUS", "LAB", "MEASUREMENT", "LIFE_EXPECTANCY"})


@dataclass(frozen=True, slots=True)
class Schema:
    """The attributes of a label: those of its value, others stated for each span, and optional ones."""

    key: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()


#: By label, for doses by label and modality. Labels that are not listed have an interval and any attributes.
SCHEMAS: Mapping[str, Schema] = {
    "AGE": Schema(("unit",), ("scope",), frozenset({"plausible"})),
    "PERFORMANCE_STATUS": Schema(("scale",), (), frozenset({"scale_as_written", "plausible"})),
    "LAB": Schema(("analyte", "unit"), (), frozenset({"conditional", "plausible", "unusual_direction"})),
    "FRACTIONS": Schema((), (), frozenset({"arm"})),
    "DOSE radiation": Schema(("modality", "unit"), (), frozenset({"role", "unit_as_written", "boost", "arm"})),
    "DOSE drug": Schema(("modality", "unit"), ("agent",), frozenset({"unit_as_written", "arm", "plausible"})),
    "MEASUREMENT": Schema(("measure", "unit"), (), frozenset({"conditional"})),
    "LIFE_EXPECTANCY": Schema(("unit",)),
}
#: Labels whose given ends need not say that they are inclusive, and those of them whose ends always are.
UNSAID_ENDS = frozenset({"PERFORMANCE_STATUS", "FRACTIONS"})
CLOSED = frozenset({"PERFORMANCE_STATUS"})

_TEXTS = frozenset({"condition", "unit_as_written", "scale_as_written", "agent", "analyte", "measure", "arm"})


def find_schema(span: GoldSpan) -> Schema | None:
    """Returns the attributes of the span's label; None for a label that the guidelines do not describe."""
    name = f"DOSE {span.attributes.get('modality')}" if span.label == "DOSE" else span.label
    return SCHEMAS.get(name)


def check_attributes(span: GoldSpan, document: GoldDocument) -> Findings:
    """Iterates over attributes that are unknown, missing, or have a value that the guidelines do not list."""
    attributes = span.attributes
    yield from _listed(attributes)
    for name in FLAGS & set(attributes):
        if not isinstance(attributes[name], bool):
            yield error("attribute-value", f"{name} is {attributes[name]!r}; expected true, or no such attribute")
    for name in sorted(_TEXTS & set(attributes)):
        value = attributes[name]
        if not (isinstance(value, str) and value.strip()) and not (name == "agent" and value is None):
            yield error("attribute-value", f"{name} is {value!r}; expected a text that is not empty")
    yield from _alternatives(attributes)
    schema = find_schema(span)
    if schema is None:
        if span.label == "DOSE" and "modality" not in attributes:
            yield error("attribute-missing", "the attribute 'modality' is missing")
        return
    role = ("role",) if attributes.get("modality") == "radiation" and document.scores_context else ()
    needed = (*schema.key, *role, "low", "high", *(("polarity",) if document.scores_context else ()))
    for name in needed:
        if name not in attributes:
            yield error("attribute-missing", f"the attribute {name!r} is missing")
    if document.scores_context:
        for name in schema.wanted:
            if name not in attributes:
                yield warning("attribute-missing", f"the attribute {name!r} is missing")
    known = {*schema.key, *schema.wanted, *schema.allowed, *INTERVAL, *CONTEXT}
    if span.label in LIMITS:
        known |= ALTERNATIVES
    for name in sorted(set(attributes) - known):
        yield error("attribute-unknown", f"unknown attribute {name!r}; known are {', '.join(sorted(known))}")


def _alternatives(attributes: Mapping[str, Scalar]) -> Findings:
    group = attributes.get("any_of", 0)
    if not isinstance(group, int) or isinstance(group, bool) or group < 0:
        yield error("attribute-value", f"any_of is {group!r}; expected the number of a group, from 1, or 0")
    for name in ELIGIBLE:
        value = attributes.get(name)
        flag = name.endswith("_inclusive")
        if value is not None and (not isinstance(value, (int, float)) or isinstance(value, bool) != flag):
            expected = "true or false" if flag else "a number"
            yield error("attribute-value", f"{name} is {value!r}; expected {expected}, or null")


def _listed(attributes: Mapping[str, Scalar]) -> Findings:
    for name, values in LISTED_VALUES.items():
        if name in attributes and attributes[name] not in values:
            yield error("attribute-value", f"{name} is {attributes[name]!r}; expected {_or(values)}")


def _or(values: tuple[str, ...]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"
