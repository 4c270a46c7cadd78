"""Applies the decisions on one document: facts confirmed, removed, corrected and added.

Each decision is read by our own parser first, and checked as `trialsift check` checks gold; `problems` names file and
line of those that can't be taken. Regimens that lose a fact, or of which a fact changes, get the numbers that what is
left of them states; a group of alternatives with one member left is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trialsift.checks.attributes import check_attributes, find_schema
from trialsift.checks.values import check_values
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.gold.formats.fill import complete_regimen
from trialsift.model.fact import Fact, Regimen, Scalar
from trialsift.model.interval import Interval
from trialsift.runs.review.decisions import ACCEPT, ADDED, DOCUMENT, REJECT, Decision
from trialsift.runs.review.queue import FACT, REGIMEN, UNREAD, Item
from trialsift.runs.review.readings import Readings, fit_value

#: The id of the rule of a fact that somebody has corrected or added.
RULE = "review"
_INTERVAL = Interval._fields
_Place = tuple[int, int, str]
#: What the extractor says of its own reading, which no longer holds for another value.
_OF_THE_READING = ("plausible", "unusual_direction", "operator_inferred", "any_of")


@dataclass(frozen=True, slots=True)
class Changed:
    """The corrected document; `touched` are the facts and regimens that somebody decided on, `settled` is whether all
    were, or the document was read in full. `rows` are the decisions as rows of the table `decisions`."""

    document: GoldDocument
    settled: bool
    rows: list[dict[str, Scalar]]


@dataclass
class _State:
    """The spans of a document while decisions are applied, by id, and its problems."""

    document: GoldDocument
    spans: dict[int, GoldSpan]
    regimens: list[Regimen | None]
    touched: set[int] = field(default_factory=set)
    decided: set[tuple[str, int]] = field(default_factory=set)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    no_fact: list[dict[str, Any]] = field(default_factory=list)


class Changer:
    """Applies decisions by these readings. `describe` says a fact in words; `find_doubt` whether a value is
    implausible, and why."""

    def __init__(
        self,
        readings: Readings,
        labels: Sequence[str],
        describe: Callable[[str, Mapping[str, Scalar]], str],
        find_doubt: Callable[[Fact], str | None],
    ) -> None:
        self._readings, self._labels, self._describe, self._find_doubt = readings, labels, describe, find_doubt

    def change(
        self, document: GoldDocument, decisions: Sequence[Decision], unread: Iterable[Item], problems: list[str]
    ) -> Changed:
        """Returns the document with its decisions applied; what can't be taken is added to `problems`.

        `unread` are the items of the numbers that no rule took there.
        """
        state = _State(document, {span.id: span for span in document.spans}, list(document.regimens))
        waiting = {(item.start, item.end, item.label): item for item in unread}
        rows: list[dict[str, Scalar]] = []
        read = False
        for decision in sorted(decisions, key=lambda one: one.kind == DOCUMENT):
            try:
                before, after = self._apply(state, decision, waiting)
            except _ProblemError as problem:
                problems.append(f"{decision.where}: {problem}")
                continue
            read |= decision.kind == DOCUMENT
            rows.append(_make_row(decision, before, after))
        settled = read or self._is_settled(state, len(document.spans), set(waiting), decisions)
        return Changed(_finish(state, decisions, settled), settled, rows)

    def _apply(
        self, state: _State, decision: Decision, waiting: Mapping[_Place, Item]
    ) -> tuple[str | None, str | None]:
        """Applies a decision; returns what was there before and is there now, in words."""
        if decision.kind == FACT:
            return self._decide_fact(state, decision)
        if decision.kind == REGIMEN:
            return self._decide_regimen(state, decision)
        if decision.kind == UNREAD:
            item = waiting.get((decision.start, decision.end, decision.label))
            if item is None:
                raise _ProblemError(
                    f"{decision.doc_id}: no unread {decision.label} at {decision.start}–{decision.end}; expected one "
                    "of the table `unread` of this run"
                )
            if decision.action == REJECT:
                state.no_fact.append({"start": item.start, "end": item.end, **_sign(decision)})
                return item.words, None
            base = {name: value for name, value in item.attributes.items() if value is not None or name in _INTERVAL}
            return item.words, self._add(state, decision, item.label, base)
        if decision.kind == ADDED:
            return None, self._add(state, decision, decision.label, {})
        return None, None

    def _decide_fact(self, state: _State, decision: Decision) -> tuple[str, str | None]:
        number = decision.number
        spans = state.document.spans
        if number is None or number >= len(spans):
            raise _ProblemError(f"{decision.doc_id} has no fact {number}; expected a number below {len(spans)}")
        span = spans[number]
        if (span.start, span.end, span.label) != (decision.start, decision.end, decision.label):
            raise _ProblemError(
                f"fact {number} of {decision.doc_id} is {span.label} {span.start}–{span.end}, not {decision.label} "
                f"{decision.start}–{decision.end}; expected a decision on this run"
            )
        before = self._describe(span.label, span.attributes)
        state.decided.add((FACT, number))
        state.touched.add(span.id)
        if decision.action == REJECT:
            del state.spans[span.id]
            state.rejected.append({"label": span.label, "start": span.start, "end": span.end, **_sign(decision)})
            return before, None
        if decision.action == ACCEPT:
            state.spans[span.id] = replace(span, extra={**span.extra, "review": _sign(decision)})
            return before, before
        kept = {name: value for name, value in span.attributes.items() if name not in _OF_THE_READING[:-1]}
        corrected = self._make_span(state, decision, span.id, span.label, kept, (span.start, span.end))
        state.spans[span.id] = corrected
        return before, self._describe(corrected.label, corrected.attributes)

    def _decide_regimen(self, state: _State, decision: Decision) -> tuple[None, None]:
        number = decision.number
        if number is None or number >= len(state.regimens):
            raise _ProblemError(
                f"{decision.doc_id} has no regimen {number}; expected a number below {len(state.regimens)}"
            )
        state.decided.add((REGIMEN, number))
        if decision.action == REJECT:
            state.regimens[number] = None
        return None, None

    def _add(self, state: _State, decision: Decision, label: str, base: Mapping[str, Scalar]) -> str:
        new = max([-1, *state.spans, *(span.id for span in state.document.spans)]) + 1
        span = self._make_span(state, decision, new, label, base, (decision.start, decision.end))
        twin = next((s for s in state.spans.values() if _is_twin(s, span)), None)
        if twin is not None:
            raise _ProblemError(f"{decision.doc_id}: this fact is there already, as the one with the id {twin.id}")
        state.spans[new] = span
        state.touched.add(new)
        return self._describe(span.label, span.attributes)

    def _make_span(
        self,
        state: _State,
        decision: Decision,
        identifier: int,
        label: str,
        base: Mapping[str, Scalar],
        place: tuple[int, int],
    ) -> GoldSpan:
        """Makes a corrected or added span, read and checked."""
        label = str(decision.attributes.get("label", label))
        start, end = decision.place or place
        text = state.document.text
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise _ProblemError(
                f"{decision.doc_id}: {start}–{end} is no place in the text; it has {len(text)} characters"
            )
        if label not in self._labels:
            raise _ProblemError(f"label is {label!r}; expected {', '.join(self._labels)}")
        attributes = {**base, **{name: v for name, v in decision.attributes.items() if name != "label"}}
        if decision.value is not None:
            attributes |= self._read_value(decision, label, attributes)
        span = _trim(GoldSpan(identifier, start, end, label, text[start:end], {}, RULE, {"review": _sign(decision)}))
        attributes.setdefault("unit", None)
        span = replace(span, attributes=keep_known(span, attributes))
        wrong = find_faults(span, state.document)
        if wrong:
            raise _ProblemError(f"{decision.doc_id}: {label} {span.text!r}: {'; '.join(wrong)}")
        fact = Fact(label, span.start, span.end, span.text, RULE, span.attributes)
        if self._find_doubt(fact) is not None:
            span = replace(span, attributes={**span.attributes, "plausible": False})
        return span

    def _read_value(self, decision: Decision, label: str, attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Reads what was typed. Raises _ProblemError where it can't be read, or not as the page read it."""
        typed = self._readings.read_typed(decision.value or "")
        if typed is None:
            raise _ProblemError(
                f"{decision.doc_id}: can't read the value {decision.value!r}; expected one such as '>= 1.5 x ULN' or "
                "'18-70 years'"
            )
        value = fit_value(typed, label, attributes)
        for name in _INTERVAL:
            given = decision.attributes.get(name, value[name])
            if given != value[name]:
                raise _ProblemError(
                    f"{decision.doc_id}: {name} is {given!r}, but the value {decision.value!r} says {value[name]!r}; "
                    "expected the two to agree"
                )
        return value

    @staticmethod
    def _is_settled(state: _State, facts: int, unread: set[_Place], decisions: Iterable[Decision]) -> bool:
        """Whether every fact and unread number of the document was decided on."""
        seen = {(one.start, one.end, one.label) for one in decisions if one.kind == UNREAD}
        return unread <= seen and all((FACT, number) in state.decided for number in range(facts))


def find_faults(span: GoldSpan, document: GoldDocument) -> list[str]:
    """Returns what the guidelines don't allow in the attributes of a span, in words."""
    findings = (*check_attributes(span, document), *check_values(span, document.text, None))
    return [finding.message for finding in findings if finding.severity == "error"]


class _ProblemError(Exception):
    """Why a decision can't be taken."""


def _sign(decision: Decision) -> dict[str, Scalar]:
    note = {} if decision.note is None else {"note": decision.note}
    return {"action": decision.action, "by": decision.by, "at": decision.at, **note}


def _trim(span: GoldSpan) -> GoldSpan:
    """Returns the span without white space at its ends, which marking with a mouse easily takes along."""
    start = span.start + len(span.text) - len(span.text.lstrip())
    return replace(span, start=start, end=start + len(span.text.strip()), text=span.text.strip())


def keep_known(span: GoldSpan, attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Returns the attributes that its label has; those of another label, which it may have had before, go."""
    known = {
        name: value for name, value in attributes.items() if value is not None or name in (*_INTERVAL, "unit", "agent")
    }
    schema = find_schema(replace(span, attributes=known))
    if schema is None:
        return known
    of_others = {"analyte", "measure", "scale", "modality", "role", "agent", "scope", "unit", "scale_as_written"}
    of_others -= {*schema.key, *schema.wanted, *schema.allowed}
    if known.get("modality") == "drug":
        of_others |= {"role", "boost"}
    return {name: value for name, value in known.items() if name not in of_others}


def _is_twin(span: GoldSpan, other: GoldSpan) -> bool:
    same = (span.start, span.end, span.label) == (other.start, other.end, other.label)
    names = ("analyte", "measure", "scale", "agent", *_INTERVAL)
    return same and all(span.attributes.get(name) == other.attributes.get(name) for name in names)


def _finish(state: _State, decisions: Sequence[Decision], settled: bool) -> GoldDocument:
    spans = sorted(state.spans.values(), key=lambda span: (span.start, span.end, span.label, span.id))
    groups = Counter(span.attributes.get("any_of") for span in spans)
    alone = {group for group, size in groups.items() if group and size == 1}
    spans = [_leave_group(span) if span.attributes.get("any_of") in alone else span for span in spans]
    regimens = [_mend(one, state, spans) for one in state.regimens if one is not None]
    numbers = {span.id: number for number, span in enumerate(spans)}
    spans = [replace(span, id=numbers[span.id]) for span in spans]
    review: dict[str, Any] = {
        "complete": settled,
        "decisions": len(decisions),
        "by": sorted({one.by for one in decisions}),
        "last": max((one.at for one in decisions), default=None),
    }
    if state.rejected:
        review["rejected"] = state.rejected
    if state.no_fact:
        review["no_fact"] = state.no_fact
    kept = tuple(
        replace(regimen, facts=tuple(numbers[identifier] for identifier in regimen.facts))
        for regimen in regimens
        if regimen.facts
    )
    return replace(state.document, spans=tuple(spans), regimens=kept, meta={**state.document.meta, "review": review})


def _leave_group(span: GoldSpan) -> GoldSpan:
    return replace(span, attributes={name: v for name, v in span.attributes.items() if name != "any_of"})


def _mend(regimen: Regimen, state: _State, spans: Sequence[GoldSpan]) -> Regimen:
    """Returns a regimen with the numbers that its facts state, where one of them was corrected or rejected."""
    before = {span.id: span for span in state.document.spans}
    kept = tuple(identifier for identifier in regimen.facts if identifier in state.spans)
    changed = any(state.spans[i].attributes != before[i].attributes for i in kept if i in before)
    if kept == regimen.facts and not changed:
        return regimen
    return complete_regimen(Regimen(kept), spans)


def _make_row(decision: Decision, before: str | None, after: str | None) -> dict[str, Scalar]:
    return {
        "doc_id": decision.doc_id,
        "kind": decision.kind,
        "action": decision.action,
        "label": decision.label or None,
        "start": decision.start if decision.end else None,
        "end": decision.end or None,
        "text": decision.text or None,
        "before": before,
        "after": after,
        "value": decision.value,
        "by": decision.by,
        "at": decision.at,
        "note": decision.note,
        "where": decision.where,
    }
