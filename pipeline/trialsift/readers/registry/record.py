"""Registry records: what they hold, whichever form they come in, and how a document's text is composed of it.

    ctgov_json.py, ctgov_xml.py, aact.py   a form of record → `RegistryRecord`
    compose_document                       `RegistryRecord` → `Document`

Fields stand in the text as the record has them. The ages, the sex and the healthy volunteers that a record states in
fields of their own stay out of it: they are what the text is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialsift.model.document import Document, Part, RegistryFields
from trialsift.readers.inputs import Input

#: The headings of parts in the text; the title has none.
HEADINGS = {
    "brief_summary": "Brief Summary:",
    "detailed_description": "Detailed Description:",
    "arms": "Arms:",
    "interventions": "Interventions:",
    "outcomes": "Outcomes:",
    "eligibility": "Eligibility Criteria:",
}

#: A number of ClinicalTrials.gov, the whole of a text.
NCT_ID = re.compile(r"NCT[0-9]{8}")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Arm:
    """A group that participants are assigned to. `kind` as the form writes it: `EXPERIMENTAL`, `Experimental`."""

    label: str | None = None
    kind: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given or done. `kind` as the form writes it: `RADIATION`, `Radiation`."""

    kind: str | None = None
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeMeasure:
    """What is measured, and when."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """What is read of a record; None or nothing where it is absent. `outcomes`: primary, then secondary, then other."""

    fields: RegistryFields
    official_title: str | None = None
    brief_title: str | None = None
    brief_summary: str | None = None
    detailed_description: str | None = None
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[OutcomeMeasure, ...] = ()
    eligibility: str | None = None


def compose_document(record: RegistryRecord, item: Input, where: str = "") -> Document:
    """The document of a record that stands at `where` in an input; its doc_id is the NCT number.

    Raises ReadFailure for a record without an NCT number, without any text, or with characters that no text has.
    """
    nct_id = record.fields.nct_id
    if nct_id is None or not NCT_ID.fullmatch(nct_id):
        stated = "has no NCT number" if nct_id is None else f"has {nct_id[:40]!r} as its NCT number"
        raise item.failure("wrong_schema", f"{stated}; expected NCT and eight digits", "export it again", where)
    text, parts = _composed(record)
    if not parts:
        message = "has no title, no eligibility criteria and no other text"
        raise item.failure("empty", message, "leave it out, or fetch it again", where)
    if "\0" in text:
        raise item.failure("binary", "holds a NUL character, which no text has", "export it again", where)
    if _SURROGATE.search(text):
        message = "holds half of a surrogate pair, which is no character"
        raise item.failure("malformed", message, "export it again as UTF-8", where)
    return item.document(nct_id, text, parts, record.fields)


def healthy_volunteers(stated: str | None) -> bool | None:
    """What XML and tables say of healthy volunteers; None where they say nothing, or that it isn't known."""
    return {
        "accepts healthy volunteers": True,
        "yes": True,
        "true": True,
        "t": True,
        "no": False,
        "false": False,
        "f": False,
    }.get((stated or "").strip().lower())


def _composed(record: RegistryRecord) -> tuple[str, tuple[Part, ...]]:
    """The text, and the range of each part's content in it."""
    pieces: list[str] = []
    parts: list[Part] = []
    length = 0
    for name, content in _contents(record):
        before = ("\n\n" if pieces else "") + (HEADINGS[name] + "\n" if name in HEADINGS else "")
        start = length + len(before)
        length = start + len(content)
        pieces += before, content
        parts.append(Part(start, length, name))
    return "".join(pieces), tuple(parts)


def _contents(record: RegistryRecord) -> Iterator[tuple[str, str]]:
    """The parts that there are, in the order of the text."""
    titles = [title for title in (record.official_title, record.brief_title) if title]
    if len(titles) == 2 and titles[0].strip() == titles[1].strip():
        titles.pop()
    contents = {
        "title": _joined("\n", *titles),
        "brief_summary": record.brief_summary,
        "detailed_description": record.detailed_description,
        "arms": _joined("\n\n", *(_joined("\n", _joined(": ", a.kind, a.label), a.description) for a in record.arms)),
        "interventions": _joined(
            "\n\n", *(_joined("\n", _joined(": ", i.kind, i.name), i.description) for i in record.interventions)
        ),
        "outcomes": _joined(
            "\n\n",
            *(
                _joined("\n", o.measure, o.description, o.time_frame and _joined(": ", "Time Frame", o.time_frame))
                for o in record.outcomes
            ),
        ),
        "eligibility": record.eligibility,
    }
    return ((name, content) for name, content in contents.items() if content and content.strip())


def _joined(between: str, *texts: str | None) -> str:
    """Those of `texts` that say something, with `between` between them."""
    return between.join(text for text in texts if text and text.strip())
