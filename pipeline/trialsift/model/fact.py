"""The results of extraction, shared by all packages.

A `Fact` is one statement with a number: the characters it was read from, the rule that read it, and flat attributes as
docs/columns.md names them. A `Regimen` groups the facts of one radiotherapy prescription. An `Annotation` is
everything read in one text; `annotation_record` converts it to the gold format (one JSON object per document).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trialsift.model.unread import NumberAccount

Scalar = str | int | float | bool | None
Bounds = tuple[float | None, float | None]

#: Attributes that are written only if true: absent means False.
FLAGS = frozenset({"negated", "historical", "conditional", "boost", "operator_inferred", "unusual_direction"})
#: The values that are not written: what an absent attribute means.
UNSAID: Mapping[str, bool] = {**dict.fromkeys(sorted(FLAGS), False), "plausible": True}


@dataclass(frozen=True, slots=True)
class Fact:
    """One extracted value. `start`/`end` are code-point offsets into the document's text, end exclusive."""

    label: str
    start: int
    end: int
    text: str
    rule: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)

    def with_attributes(self, **changes: Scalar) -> Fact:
        """Returns a copy with these attributes set."""
        return Fact(self.label, self.start, self.end, self.text, self.rule, {**self.attributes, **changes})

    def to_flat(self) -> dict[str, Scalar]:
        """Returns a flat dict of str, int, float, bool and None: safe in spaCy's user data, tables and JSON."""
        return {
            "label": self.label,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "rule": self.rule,
            **self.attributes,
        }

    @classmethod
    def from_flat(cls, flat: Mapping[str, Scalar]) -> Fact:
        """Restores a fact from `to_flat`. Raises KeyError if a field that every fact has is absent."""
        core = {"label", "start", "end", "text", "rule"}
        return cls(
            str(flat["label"]),
            int(flat["start"] or 0),
            int(flat["end"] or 0),
            str(flat["text"]),
            str(flat["rule"]),
            {k: v for k, v in flat.items() if k not in core},
        )


@dataclass(frozen=True, slots=True)
class Regimen:
    """One radiotherapy prescription: the indices of its facts and its numbers, doses in Gy; None where unknown."""

    facts: tuple[int, ...]
    fractions: Bounds | None = None
    dose_per_fraction: Bounds | None = None
    total_dose: Bounds | None = None

    def to_record(self) -> dict[str, Any]:
        """Returns it in the gold format: `{"spans": […], "fractions": [low, high], …}`."""

        def pair(b: Bounds | None) -> list[float | None] | None:
            return None if b is None else list(b)

        return {
            "spans": list(self.facts),
            "fractions": pair(self.fractions),
            "dose_per_fraction": pair(self.dose_per_fraction),
            "total_dose": pair(self.total_dose),
        }


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything read in one text: facts in the order of the text, and regimens over their indices.

    `contexts[i]` is the range of the criterion line or sentence of fact i. `excepted[i]` says whether the words around
    it leave open who is eligible; it is empty where that was not checked, as in annotations from a file.
    `numbers` tells where all numbers went, where that was asked for.
    """

    facts: tuple[Fact, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    contexts: tuple[tuple[int, int], ...] = ()
    excepted: tuple[bool, ...] = field(default=(), compare=False)
    numbers: NumberAccount | None = field(default=None, compare=False)


def annotation_record(
    doc_id: str, text: str, annotation: Annotation, meta: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Returns the annotation of one document as an object of the gold format (see the annotation guidelines).

    A predicted span has one more key than a gold one: `rule`, the id of the rule that read it.
    """
    spans = [
        {
            "id": i,
            "start": f.start,
            "end": f.end,
            "label": f.label,
            "text": f.text,
            "rule": f.rule,
            "attributes": dict(f.attributes),
        }
        for i, f in enumerate(annotation.facts)
    ]
    return {
        "doc_id": doc_id,
        "text": text,
        "meta": dict(meta or {}),
        "spans": spans,
        "regimens": [r.to_record() for r in annotation.regimens],
    }


def make_sort_key(fact: Fact) -> tuple[int, int, str, str]:
    """Returns a key that sorts facts of a document by place, label and analyte."""
    return (fact.start, fact.end, fact.label, str(fact.attributes.get("analyte", "")))
