"""Annotated documents, gold or predicted, as gold/__init__.py reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trialsift.model.document import Part
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation, Fact, Regimen, Scalar

#: The labels that are annotated in a document without `meta.labels`.
DEFAULT_LABELS = ("AGE", "PERFORMANCE_STATUS", "LAB", "DOSE", "FRACTIONS")


class GoldError(UserError):
    """An unusable file of annotations; the message names file and line, and what was expected.

    `code` names the kind of mistake.
    """

    def __init__(self, message: str, code: str = "gold") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """One annotated value. `start`/`end`: code points into the text, end exclusive. `rule`: of a prediction only.

    `extra` keeps unknown keys, so that reading and writing loses nothing.
    """

    id: int
    start: int
    end: int
    label: str
    text: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    rule: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """Returns the span as in the file."""
        rule = {} if self.rule is None else {"rule": self.rule}
        return {
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "label": self.label,
            "text": self.text,
            **rule,
            "attributes": dict(self.attributes),
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated text. A regimen's `facts` are ids of `spans` here. `extra`: unknown keys, kept as they are."""

    doc_id: str
    text: str
    spans: tuple[GoldSpan, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scored_labels(self) -> tuple[str, ...]:
        """The labels annotated here: `meta.labels`, by default `DEFAULT_LABELS`."""
        return tuple(self.meta.get("labels", DEFAULT_LABELS))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The ranges of the text that its source named (`meta.parts`)."""
        return tuple(Part(start, end, name) for start, end, name in self.meta.get("parts", ()))

    @property
    def scores_values(self) -> bool:
        """Whether values are gold too, not only spans and labels (`complete_attributes: false`)."""
        return self.meta.get("complete_attributes", True) is not False

    @property
    def scores_context(self) -> bool:
        """Whether the role of doses, the context attributes and the regimens are gold too."""
        return self.meta.get("complete_attributes", True) is True

    def to_annotation(self) -> Annotation:
        """Returns facts and regimens as the extractor does, without contexts, which the file lacks.

        A gold span, which has no rule, becomes a fact with the rule `gold`.
        """
        places = {span.id: place for place, span in enumerate(self.spans)}
        return Annotation(
            tuple(Fact(s.label, s.start, s.end, s.text, s.rule or "gold", s.attributes) for s in self.spans),
            tuple(replace(regimen, facts=tuple(places[i] for i in regimen.facts)) for regimen in self.regimens),
        )

    def to_record(self) -> dict[str, Any]:
        """Returns the document as in the file."""
        return {
            "doc_id": self.doc_id,
            "text": self.text,
            "meta": dict(self.meta),
            "spans": [s.to_record() for s in self.spans],
            "regimens": [r.to_record() for r in self.regimens],
            **self.extra,
        }
