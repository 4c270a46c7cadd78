"""Reads and writes trialsift's annotation of a Doc: facts and regimens by spans key, a span group, extensions.

    doc.spans[spans_key]          a span per fact, expanded to whole tokens, with label and id: `trialsift:0`, …
    annotation_of(doc, key)       the facts and regimens of a spans key, as an `Annotation`
    doc._.trialsift               the facts of the key `trialsift`, as flat dicts; offsets count characters of doc.text
    doc._.trialsift_regimens      its radiotherapy prescriptions, in the gold format; `spans` are indices of facts
    doc._.trialsift_confidence    how sure each fact (`spans`) and prescription (`regimens`) of it is, from 0.001 to
                                  0.999, by the shipped weights; computed when it is asked for
    span._.trialsift_fact         the fact of a span of any of the groups, or of an entity, by its id; else None
    doc.spans[spans_key_unread]   where `unread` asks for it: numbers that no rule took although they may be facts, the
                                  likeliest first; a span has the label that it may be of, and the reason as kb_id_

All of it is stored in `doc.user_data` as flat dicts of str, int, float, bool and None, and so survives `to_bytes`,
DocBin and `n_process`. Offsets are those of the annotated Doc: `Doc.from_docs` drops the facts, with spaCy's warning
W102, and `Span.as_doc(copy_user_data=True)` copies them unchanged. Run the component on such Docs again.
"""

# No `from __future__ import annotations`: spaCy imports this with every pipeline.
from collections.abc import Iterable
from typing import Any

from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import filter_spans

from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation, Fact, Regimen, Scalar
from trialsift.model.prescription import NUMBERS
from trialsift.model.unread import Unread

SPANS_KEY = "trialsift"
FACTS, REGIMENS = "trialsift", "trialsift_regimens"  # in doc.user_data, and the names of the Doc extensions
CONFIDENCE = "trialsift_confidence"  # the name of the Doc extension
UNREAD = "_unread"  # behind a spans key: the key of the numbers that no rule took
FACT = "trialsift_fact"  # the name of the Span extension

Flat = dict[str, Scalar]


class ComponentError(UserError, ValueError):
    """A pipeline whose components can't work together."""


def make_facts_key(spans_key: str = SPANS_KEY) -> str:
    """Returns the key in doc.user_data for the facts of a spans key."""
    return FACTS if spans_key == SPANS_KEY else f"{FACTS}:{spans_key}"


def make_regimens_key(spans_key: str = SPANS_KEY) -> str:
    """Returns the key in doc.user_data for the regimens of a spans key."""
    return REGIMENS if spans_key == SPANS_KEY else f"{REGIMENS}:{spans_key}"


# -- writing ----------------------------------------------------------------------------------------------------


def write_annotation(doc: Doc, annotation: Annotation, spans_key: str = SPANS_KEY) -> None:
    """Writes facts, regimens and the span group `spans_key` to a Doc, replacing any under this key."""
    write_facts(doc, zip(annotation.facts, annotation.contexts, strict=True), spans_key)
    doc.user_data[make_regimens_key(spans_key)] = [_flatten_regimen(regimen) for regimen in annotation.regimens]
    spans = (
        doc.char_span(fact.start, fact.end, fact.label, alignment_mode="expand", span_id=f"{spans_key}:{number}")
        for number, fact in enumerate(annotation.facts)
    )
    doc.spans[spans_key] = SpanGroup(doc, name=spans_key, spans=[span for span in spans if span is not None])


def write_unread(doc: Doc, unread: Iterable[Unread], spans_key: str = SPANS_KEY) -> None:
    """Writes the span group of numbers that no rule took, replacing any of its name."""
    spans = (doc.char_span(one.start, one.end, one.label, kb_id=one.reason, alignment_mode="expand") for one in unread)
    name = f"{spans_key}{UNREAD}"
    doc.spans[name] = SpanGroup(doc, name=name, spans=[span for span in spans if span is not None])


def write_facts(doc: Doc, facts: Iterable[tuple[Fact, tuple[int, int]]], spans_key: str = SPANS_KEY) -> None:
    """Writes facts with their contexts to a Doc; the span group is unchanged."""
    doc.user_data[make_facts_key(spans_key)] = [
        {**fact.to_flat(), "context_start": start, "context_end": end} for fact, (start, end) in facts
    ]


def write_ents(doc: Doc, spans_key: str = SPANS_KEY) -> None:
    """Adds the spans of a group to doc.ents, the longest first, unless a token is blocked or part of an entity."""
    free = [span for span in doc.spans[spans_key] if not any(token.ent_iob in (1, 3) for token in span)]
    default = "unmodified" if doc.has_annotation("ENT_IOB") else "outside"
    doc.set_ents(filter_spans(free), default=default)


def _flatten_regimen(regimen: Regimen) -> Flat:
    flat: Flat = {"facts": " ".join(map(str, regimen.facts))}
    for name in NUMBERS:
        bounds = getattr(regimen, name)
        if bounds is not None:
            flat[f"{name}_low"], flat[f"{name}_high"] = bounds
    return flat


# -- reading ----------------------------------------------------------------------------------------------------


def annotation_of(doc: Doc, spans_key: str = SPANS_KEY) -> Annotation:
    """Returns what the components with this spans key wrote to a Doc; an empty annotation if none ran."""
    found = read_facts(doc, spans_key)
    return Annotation(
        tuple(fact for fact, _ in found),
        tuple(map(_make_regimen, doc.user_data.get(make_regimens_key(spans_key), ()))),
        tuple(context for _, context in found),
    )


def read_facts(doc: Doc, spans_key: str = SPANS_KEY) -> list[tuple[Fact, tuple[int, int]]]:
    """Returns the facts of a spans key, each with its context."""
    found = []
    for flat in doc.user_data.get(make_facts_key(spans_key), ()):
        rest = dict(flat)
        context = int(rest.pop("context_start")), int(rest.pop("context_end"))
        found.append((Fact.from_flat(rest), context))
    return found


def _make_regimen(flat: Flat) -> Regimen:
    def pair(name: str) -> tuple[Any, Any] | None:
        return (flat[f"{name}_low"], flat[f"{name}_high"]) if f"{name}_low" in flat else None

    return Regimen(tuple(map(int, str(flat["facts"]).split())), *map(pair, NUMBERS))


# -- extensions -------------------------------------------------------------------------------------------------


def _list_flat_facts(doc: Doc) -> list[Flat]:
    return list(doc.user_data.get(FACTS, ()))


def _list_regimen_records(doc: Doc) -> list[dict[str, Any]]:
    return [_make_regimen(flat).to_record() for flat in doc.user_data.get(REGIMENS, ())]


def _find_fact(span: Span) -> Flat | None:
    spans_key, colon, number = span.id_.rpartition(":")
    facts: list[Flat] = span.doc.user_data.get(make_facts_key(spans_key), [])
    return facts[int(number)] if colon and number.isdecimal() and int(number) < len(facts) else None


def register_extensions(*more: tuple[Any, str, Any]) -> None:
    """Registers the extensions, and `more` as (class, name, getter).

    Raises ComponentError if another package uses one of their names.
    """
    wanted: tuple[tuple[Any, str, Any], ...] = (
        (Doc, FACTS, _list_flat_facts),
        (Doc, REGIMENS, _list_regimen_records),
        (Span, FACT, _find_fact),
        *more,
    )
    for owner, name, getter in wanted:
        if not owner.has_extension(name):
            owner.set_extension(name, getter=getter)
            continue
        other = find_extension_owner(owner, name)
        if other != getter.__module__:
            raise ComponentError(
                f"{owner.__name__}._.{name} belongs to {other} already, and trialsift needs it: "
                f"remove it with {owner.__name__}.remove_extension({name!r}), or load trialsift first"
            )


def find_extension_owner(owner: Any, name: str) -> str:
    """Returns the module of an extension's getter or method; unknown for an extension with a default value."""
    _, method, getter, _ = owner.get_extension(name)
    return getattr(getter or method, "__module__", None) or "another package (as a default value)"
