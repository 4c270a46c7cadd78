"""Registry records: their fields, whatever the format, and how a document's text is composed of them.

    ctgov_json.py, ctgov_xml.py, aact.py   a record in one format → `RegistryRecord`
    compose_document                       `RegistryRecord` → `Document`

The text holds fields as the record has them. Ages, sex and healthy volunteers that the record states as fields are left
out of it, since the text is compared with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trialsift.model.document import Document, Part, RegistryFields
from trialsift.readers.inputs import Input
from trialsift.readers.names import is_showable

#: The headings of parts in the text; the title has none.
HEADINGS = {
    "brief_summary": "Brief Summary:",
    "detailed_description": "Detailed Description:",
    "arms": "Arms:",
    "interventions": "Interventions:",
    "outcomes": "Outcomes:",
    "eligibility": "Eligibility Criteria:",
}

#: An NCT number, and nothing else.
NCT_ID = re.compile(r"NCT[0-9]{8}")
#: Of a text: its start and end, and the label of the arm that it is about, None for several.
_Range = tuple[int, int, str | None]
_HEADED = re.compile(
    r"\s*(?:(?:key|main|major|principal)\s+)?(?:in|ex)clusion(?:\s+criteri(?:a|on))?\s*(?::|：|\n)", re.I
)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of participants. `kind` as the format writes it: `EXPERIMENTAL`, `Experimental`."""

    label: str | None = None
    kind: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """A treatment or procedure. `kind` as the format writes it: `RADIATION`, `Radiation`.

    `arms`: the labels of the arms that get it.
    """

    kind: str | None = None
    name: str | None = None
    description: str | None = None
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeMeasure:
    """What is measured, and when."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """The fields of a record; None or empty if absent. `outcomes`: primary, then secondary, then other.

    `doc_id`: its number in a registry other than ClinicalTrials.gov, whose records have the NCT number instead.
    """

    fields: RegistryFields
    official_title: str | None = None
    brief_title: str | None = None
    brief_summary: str | None = None
    detailed_description: str | None = None
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[OutcomeMeasure, ...] = ()
    eligibility: str | None = None
    doc_id: str | None = None


def compose_document(record: RegistryRecord, item: Input, where: str = "") -> Document:
    """Returns the document of a record at `where` in an input; its doc_id is its number in the registry.

    Raises ReadFailure for a record without number or text, or with characters that a text cannot have.
    """
    doc_id = _find_id(record, item, where)
    text, parts = _compose_text(record)
    _check_text(text, item, where)
    return item.document(doc_id, text, parts, record.fields)


def compose_paper(
    doc_id: str, text: str, fields: RegistryFields, item: Input, where: str, notes: Mapping[str, str]
) -> Document:
    """Returns the document of a paper, whose text has headings of its own. Raises ReadFailure for one without text, or
    with characters that a text cannot have."""
    if not is_showable(doc_id):
        raise item.failure("bad_name", "has a number that can't be shown", "fetch it again", where)
    _check_text(text, item, where)
    return item.document(doc_id, text, (), fields, notes)


def _check_text(text: str, item: Input, where: str) -> None:
    """Raises ReadFailure for a text that is empty, or has characters that no text has."""
    if not text.strip():
        message = "has no title, no eligibility criteria and no other text"
        raise item.failure("empty", message, "leave it out, or fetch it again", where)
    if "\0" in text:
        raise item.failure("binary", "holds a NUL character, which no text has", "export it again", where)
    if _SURROGATE.search(text):
        message = "holds half of a surrogate pair, which is no character"
        raise item.failure("malformed", message, "export it again as UTF-8", where)


def _find_id(record: RegistryRecord, item: Input, where: str) -> str:
    if record.doc_id is not None:
        if not is_showable(record.doc_id):
            message = f"has {record.doc_id[:40]!r} as its number, which is empty or can't be shown"
            raise item.failure("bad_name", message, "export it again", where)
        return record.doc_id
    nct_id = record.fields.nct_id
    if nct_id is None or not NCT_ID.fullmatch(nct_id):
        stated = "has no NCT number" if nct_id is None else f"has {nct_id[:40]!r} as its NCT number"
        raise item.failure("wrong_schema", f"{stated}; expected NCT and eight digits", "export it again", where)
    return nct_id


def join_criteria(inclusion: str | None, exclusion: str | None) -> str | None:
    """Returns the criteria of a registry that states the two kinds in fields of their own, each below its heading
    unless it begins with one; None for none."""
    pieces = [
        text if _HEADED.match(text) else f"{heading}\n{text}"
        for heading, text in (("Inclusion Criteria:", inclusion), ("Exclusion Criteria:", exclusion))
        if text and text.strip()
    ]
    return "\n\n".join(pieces) or None


def read_healthy_volunteers(stated: str | None) -> bool | None:
    """Returns what XML and tables say about healthy volunteers; None if nothing, or unknown."""
    return {
        "accepts healthy volunteers": True,
        "yes": True,
        "true": True,
        "t": True,
        "no": False,
        "false": False,
        "f": False,
    }.get((stated or "").strip().lower())


def _compose_text(record: RegistryRecord) -> tuple[str, tuple[Part, ...]]:
    """Returns the text, and the range of each part's content in it."""
    pieces: list[str] = []
    parts: list[Part] = []
    length = 0
    for name, content, arms in _iter_contents(record):
        before = ("\n\n" if pieces else "") + (HEADINGS[name] + "\n" if name in HEADINGS else "")
        start = length + len(before)
        length = start + len(content)
        pieces += before, content
        parts.append(Part(start, length, name, tuple((start + a, start + b, label) for a, b, label in arms)))
    return "".join(pieces), tuple(parts)


def _iter_contents(record: RegistryRecord) -> Iterator[tuple[str, str, Sequence[_Range]]]:
    """Iterates over the parts that exist, in the order of the text: name, content, and the ranges of arms in it."""
    titles = [title for title in (record.official_title, record.brief_title) if title]
    if len(titles) == 2 and titles[0].strip() == titles[1].strip():
        titles.pop()
    arms = [(_describe(a.kind, a.label, a.description), a.label) for a in record.arms]
    interventions = [
        (_describe(i.kind, i.name, i.description), i.arms[0] if len(set(i.arms)) == 1 else None)
        for i in record.interventions
    ]
    ranges = {"arms": _find_ranges(arms), "interventions": _find_ranges(interventions)}
    contents = {
        "title": _join("\n", *titles),
        "brief_summary": record.brief_summary,
        "detailed_description": record.detailed_description,
        "arms": _join("\n\n", *(text for text, _ in arms)),
        "interventions": _join("\n\n", *(text for text, _ in interventions)),
        "outcomes": _join(
            "\n\n",
            *(
                _join("\n", o.measure, o.description, o.time_frame and _join(": ", "Time Frame", o.time_frame))
                for o in record.outcomes
            ),
        ),
        "eligibility": record.eligibility,
    }
    return ((name, content, ranges.get(name, ())) for name, content in contents.items() if content and content.strip())


def _describe(kind: str | None, name: str | None, description: str | None) -> str:
    return _join("\n", _join(": ", kind, name), description)


def _find_ranges(entries: Sequence[tuple[str, str | None]]) -> list[_Range]:
    """Returns where entries, each with the label of its arm, stand in the text that `_join` makes of them."""
    found: list[_Range] = []
    start = 0
    for text, label in entries:
        if text.strip():
            found.append((start, start + len(text), " ".join((label or "").split()) or None))
            start += len(text) + len("\n\n")
    return found


def _join(between: str, *texts: str | None) -> str:
    """Joins the non-empty ones of `texts` with `between`."""
    return between.join(text for text in texts if text and text.strip())
