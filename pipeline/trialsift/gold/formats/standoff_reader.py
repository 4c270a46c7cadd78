"""Reads the lines of brat's `.ann`, written by trialsift, brat or a person, as spans and regimens of the gold format.

In: the content of a file and its text. Out: records for `gold.parse_document`, with the line of each. What the gold
format can't hold is refused with its line, never ignored.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NoReturn

from trialsift.gold import GoldError
from trialsift.gold.formats.brat_config import REGIMEN, ROLE
from trialsift.gold.formats.links import PRESCRIBED, join_links, number_alternatives
from trialsift.gold.formats.own_notes import add_note, split_notes
from trialsift.gold.formats.standoff import trim_line_breaks
from trialsift.model.fact import FLAGS
from trialsift.model.listed_values import LISTED_VALUES
from trialsift.model.prescription import NUMBERS

_BOUND = re.compile(
    r"T([0-9]{1,4000})\t(\S+) ([0-9]{1,4000} [0-9]{1,4000}(?:;[0-9]{1,4000} [0-9]{1,4000})*)(?:\t(.*))?"
)
_ATTRIBUTE = re.compile(r"A[0-9]{1,4000}\t(\S+) (\S+)(?: (.+))?")
_EVENT = re.compile(r"E([0-9]{1,4000})\t([^\s:]+):T([0-9]{1,4000})((?: [^\s:]+:\S+)*) ?")
_NOTE = re.compile(r"#[0-9]{1,4000}\t(\S+) (\S+)\t(.*)")
_RELATION = re.compile(r"R[0-9]{1,4000}\t(\S+) [^\s:]+:T([0-9]{1,4000}) [^\s:]+:T([0-9]{1,4000})\s*")
_EQUIVALENCE = re.compile(r"\*\tEquiv((?: T[0-9]{1,4000}){2,})\s*")
_ROLE = re.compile(rf"{ROLE}[0-9]*")
_REFUSED = {
    "N": "a normalisation, which the gold format can't hold; remove it, or move it to a note",
    "M": "a modification of brat 1.2 and before; make it an attribute (A)",
}
_NOTE_KEYS = {"attributes", "rule", "id", "start", "end", "extra"}
_SPAN_KEYS = _NOTE_KEYS | {"label", "text"}


@dataclass(slots=True)
class _Bound:
    """A T line with its attributes and notes. `number` is that of the T."""

    where: str
    number: int
    label: str
    start: int
    end: int
    attributes: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Event:
    where: str
    trigger: int
    spans: list[int]
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Standoff:
    """The content of an `.ann`. `places`: file and line of each span and regimen. `regimen_notes`: free notes by the
    index of the regimen."""

    spans: list[dict[str, Any]]
    regimens: list[dict[str, Any]]
    places: dict[str, list[str]]
    regimen_notes: dict[str, str]


def read_standoff(content: str, text: str, file: str) -> Standoff:
    """Reads the lines of an `.ann`; `file` begins each message. Raises GoldError for a line that can't be kept."""
    bounds: dict[int, _Bound] = {}
    events: dict[int, _Event] = {}
    later: list[tuple[str, str]] = []  # attributes and notes may precede their spans
    links: list[tuple[str, str]] = []
    for number, line in enumerate(content.split("\n"), start=1):
        line, where = line.removesuffix("\r"), f"{file}:{number}"
        if line.startswith("T"):
            bound = _read_bound(line, text, where)
            if bound.number in bounds:
                _fail(where, f"T{bound.number} stands at {bounds[bound.number].where} already; expected it once")
            bounds[bound.number] = bound
        elif line.startswith("E"):
            number_of_event, event = _read_event(line, where)
            if number_of_event in events:
                _fail(where, f"E{number_of_event} stands at {events[number_of_event].where} already; expected it once")
            events[number_of_event] = event
        elif line.startswith(("A", "#")):
            later.append((line, where))
        elif line.startswith(("R", "*")):
            links.append((line, where))
        elif line.strip():
            _fail(where, _REFUSED.get(line[0], f"{_show(line)} is no line of standoff; expected T, A, E, R, * or #"))
    triggers = _find_triggers(bounds, events)
    for line, where in later:
        (_attach_attribute if line.startswith("A") else _attach_note)(line, where, bounds, events, triggers)
    return _assemble(text, bounds, events, triggers, links)


def _assemble(
    text: str,
    bounds: dict[int, _Bound],
    events: dict[int, _Event],
    triggers: dict[int, _Event],
    links: list[tuple[str, str]],
) -> Standoff:
    """Makes spans of all lines but triggers, and regimens of events and of relations."""
    spans = [(_make_span(b, text), b) for b in bounds.values() if b.number not in triggers]
    ids = {bound.number: record["id"] for record, bound in spans}
    places = {"spans": [b.where for _, b in spans], "regimens": [e.where for e in events.values()]}
    joined = _read_links(links, {number: bounds[number].label for number in ids})
    number_alternatives([record for record, _ in spans], [(ids[a], ids[b]) for a, b in joined.alternatives])
    regimens, regimen_notes = [], {}
    for i, event in enumerate(events.values()):
        record, note = _make_regimen(event, bounds[event.trigger], ids)
        regimens.append(record)
        if note:
            regimen_notes[str(i)] = note
    for group in join_links(joined.regimens):
        regimens.append({"spans": sorted(ids[number] for number in group)})  # type: ignore[index]
        places["regimens"].append(joined.where)
    return Standoff([record for record, _ in spans], regimens, places, regimen_notes)


def _read_bound(line: str, text: str, where: str) -> _Bound:
    match = _BOUND.fullmatch(line)
    if match is None:
        _fail(where, f"{_show(line)} is no T line; expected T1, a tab, a type, offsets, a tab and the text")
    pieces = [tuple(map(int, piece.split())) for piece in match[3].split(";")]
    for start, end in pieces:
        if not 0 <= start < end <= len(text):
            _fail(where, f"offsets {start}–{end} don't lie in the text; expected 0 <= start < end <= {len(text)}")
    for (_, end), (start, _) in pairwise(pieces):
        if start < end:
            _fail(where, f"the fragments {match[3]} are not in the order of the text; expected each after the other")
        if text[end:start].strip():
            _fail(
                where,
                f"a span with a gap, {_show(text[end:start])}, which the gold format can't hold; "
                "make it one span or two",
            )
    covered = " ".join(text[start:end] for start, end in pieces)
    if match[4] is not None and match[4].split() != covered.split():
        _fail(where, f"the text has {_show(covered)} there, but the line says {_show(match[4])}")
    return _Bound(where, int(match[1]), match[2], pieces[0][0], pieces[-1][1])


def _read_event(line: str, where: str) -> tuple[int, _Event]:
    match = _EVENT.fullmatch(line)
    if match is None:
        _fail(where, f"{_show(line)} is no E line; expected E1, a tab, {REGIMEN}:T9 and {ROLE}:T1 for each span")
    if match[2] != REGIMEN:
        _fail(where, f"an event of type {match[2]}, which the gold format can't hold; expected {REGIMEN}")
    spans = []
    for argument in match[4].split():
        role, target = argument.split(":", 1)
        if not _ROLE.fullmatch(role) or not re.fullmatch("T[0-9]{1,4000}", target):
            _fail(where, f"the argument {argument}, which the gold format can't hold; expected {ROLE}:T1")
        spans.append(int(target[1:]))
    return int(match[1]), _Event(where, int(match[3]), spans)


@dataclass(slots=True)
class _Links:
    """Pairs of numbers of spans that are linked: those of a prescription, and alternatives. `where`: the first line."""

    where: str
    regimens: list[tuple[int, int]] = field(default_factory=list)
    alternatives: list[tuple[int, int]] = field(default_factory=list)


def _read_links(lines: list[tuple[str, str]], labels: dict[int, str]) -> _Links:
    """Reads relations of doses and fractions, and equivalences; `labels` are those of the spans by number."""
    found = _Links(lines[0][1] if lines else "")
    for line, where in lines:
        relation, equivalence = _RELATION.fullmatch(line), _EQUIVALENCE.fullmatch(line)
        if relation is None and equivalence is None:
            expected = "R1, a tab, a type, Arg1:T1 and Arg2:T2" if line.startswith("R") else "*, a tab, Equiv T1 T2"
            _fail(where, f"{_show(line)} can't be read; expected {expected}")
        numbers = [int(n) for n in relation.groups()[1:]] if relation else _list_numbers(line)
        for number in numbers:
            if number not in labels:
                _fail(where, f"T{number} is no span of the file; expected the number of a T line")
        if len(set(numbers)) < len(numbers):
            _fail(where, f"{_show(line)} names a span twice; expected different ones")
        if relation and not all(labels[number] in PRESCRIBED for number in numbers):
            what = f"a relation {relation[1]} of {' and '.join(labels[number] for number in numbers)}"
            _fail(where, f"{what}, which the gold format can't hold; expected doses and fractions, or remove it")
        (found.regimens if relation else found.alternatives).extend(pairwise(numbers))
    return found


def _list_numbers(line: str) -> list[int]:
    return [int(name[1:]) for name in line.split("\t")[1].split()[1:]]


def _find_triggers(bounds: dict[int, _Bound], events: dict[int, _Event]) -> dict[int, _Event]:
    """Checks the events and returns them by the number of their trigger."""
    triggers: dict[int, _Event] = {}
    for event in events.values():
        trigger = bounds.get(event.trigger)
        if trigger is None or trigger.label != REGIMEN:
            _fail(event.where, f"its trigger T{event.trigger} is no {REGIMEN} of the file")
        if event.trigger in triggers:
            _fail(event.where, f"its trigger T{event.trigger} is that of another event; expected one for each")
        triggers[event.trigger] = event
    for event in events.values():
        for number in event.spans:
            if number not in bounds or number in triggers:
                _fail(event.where, f"T{number} is no span of the file; expected the number of a T line")
    for bound in bounds.values():
        if bound.label == REGIMEN and bound.number not in triggers:
            _fail(bound.where, f"a {REGIMEN} without its event; expected an E line with the trigger T{bound.number}")
    return triggers


def _attach_attribute(
    line: str, where: str, bounds: dict[int, _Bound], events: dict[int, _Event], triggers: dict[int, _Event]
) -> None:
    match = _ATTRIBUTE.fullmatch(line)
    if match is None:
        _fail(where, f"{_show(line)} is no A line; expected A1, a tab, a name, T1 and, if it has one, a value")
    name, target, value = match.groups()
    number = _parse_number(target, "T")
    if number not in bounds or number in triggers:
        _fail(where, f"{target} is no span of the file; expected the number of a T line with an attribute")
    if (value is None) != (name in FLAGS) and (name in FLAGS or name in LISTED_VALUES):
        expected = "no value" if name in FLAGS else f"one of {', '.join(LISTED_VALUES[name])}"
        _fail(where, f"{name} has {'none' if value is None else f'the value {_show(value)}'}; expected {expected}")
    attributes = bounds[number].attributes
    if name in attributes:
        _fail(where, f"{target} has the attribute {name} already; expected it once")
    attributes[name] = True if value is None else value


def _attach_note(
    line: str, where: str, bounds: dict[int, _Bound], events: dict[int, _Event], triggers: dict[int, _Event]
) -> None:
    match = _NOTE.fullmatch(line)
    if match is None or match[1] != "AnnotatorNotes":
        _fail(where, f"{_show(line)} can't be kept; expected #1, a tab, AnnotatorNotes T1, a tab and a note")
    target: _Bound | _Event | None
    target = bounds.get(_parse_number(match[2], "T")) or events.get(_parse_number(match[2], "E"))
    if target is None:
        _fail(where, f"{match[2]} is no span or regimen of the file; expected the number of a T or an E line")
    target.notes.append((match[3], where))


def _parse_number(name: str, kind: str) -> int:
    return int(name[1:]) if re.fullmatch(kind + "[0-9]{1,4000}", name) else -1


def _make_span(bound: _Bound, text: str) -> dict[str, Any]:
    note, free = split_notes(bound.notes, ("attributes",), _NOTE_KEYS)
    where = bound.notes[0][1] if bound.notes else bound.where
    attributes, extra = note.pop("attributes", {}), note.pop("extra", {})
    if not isinstance(attributes, dict) or not isinstance(extra, dict) or extra.keys() & _SPAN_KEYS:
        _fail(where, "attributes or extra of the note can't be read; expected JSON objects with names of their own")
    start, end = note.pop("start", bound.start), note.pop("end", bound.end)
    if (
        type(start) is not int
        or type(end) is not int
        or not 0 <= start < end <= len(text)
        or trim_line_breaks(text, start, end) != trim_line_breaks(text, bound.start, bound.end)
    ):
        start, end = bound.start, bound.end  # moved in brat since the note was written
    return {
        "id": bound.number,
        **note,
        "start": start,
        "end": end,
        "label": bound.label,
        "text": text[start:end],
        "attributes": {**attributes, **bound.attributes},
        **add_note(extra, free),
    }


def _make_regimen(event: _Event, trigger: _Bound, ids: dict[int, int]) -> tuple[dict[str, Any], str]:
    """Returns the regimen and its free notes."""
    bounds, free = split_notes(trigger.notes, NUMBERS, set(NUMBERS))
    edited, more = split_notes(event.notes, NUMBERS, set(NUMBERS))
    notes = "\n".join(note for note in (free, more) if note)
    return {"spans": [ids[number] for number in event.spans], **bounds, **edited}, notes


def _show(text: str) -> str:
    return json.dumps(text if len(text) <= 60 else text[:59] + "…", ensure_ascii=False)


def _fail(where: str, message: str) -> NoReturn:
    raise GoldError(f"{where}: {message}")
