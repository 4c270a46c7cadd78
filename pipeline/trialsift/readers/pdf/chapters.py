"""The chapters of a protocol as named parts, by the numbers and words of their headings.

In: the paragraphs of a document. Out: its parts; none unless a heading names criteria, as in a letter or a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialsift.model.document import CRITERIA, Part
from trialsift.readers.pdf.furniture import find_usual_size_of
from trialsift.readers.pdf.line import Paragraph

_NUMBER = r"(?P<number>(?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2}){0,4})\.?[^\S\n]+"
_NUMBERED = re.compile(rf"(?:(?:section|chapter)\s+)?{_NUMBER}(?P<title>[A-Z][^\n]{{2,90}})", re.I)
_TITLE = re.compile(r"[A-Z][^\n|]{2,70}")
_SENTENCE = re.compile(r"[.;,]$|:\s*\S|[<>≤≥=]|\.\s+[A-Z]|\d\s*(?:mg|Gy|mL|g/dL|years|%)")
_LEADER = re.compile(r"\s*(?:(?:\.\s?|…\s?|_){4,}|\s\|\s)\s*\d{1,3}\s*\|?$")
_CAPTION = re.compile(r"table\s+\d{1,2}[.:]?\s+(?P<title>[A-Z].*)", re.I)
_LOWEST = 9  # depth of a heading with neither a number nor larger letters
_LARGER = 1.06  # of the usual size of letters

#: The part of chapters without criteria, treatment and outcomes.
OTHER = "other_chapters"
#: The words of headings by the kind of chapter, in the order in which they are tried.
_KINDS = {
    name: re.compile("|".join(expressions), re.I)
    for name, expressions in {
        OTHER: (
            r"contents$",
            r"(?:summary|history|list|description|table|record) of (?:the )?"
            r"(?:changes|amendments?|revisions|abbreviations|tables|figures)",
            r"amendments?\b|(?:version|revision|document) history|abbreviations|appendi(?:x|ces)\b|annex\b",
            r"\b(?:withdraw\w*|discontinu\w+|removal|drop-?outs?|stopping|termination|replacement)\b",
            r"screen(?:ing)? failures?|analysis (?:populations?|sets?)|populations? (?:for|of) analys[ei]s",
            r"women and minorities|inclusion of",
        ),
        CRITERIA: (
            r"(?:in|ex)clusion|eligib|(?:entry|enrol?ment|selection|randomi[sz]ation) criteria",
            r"\bselection (?:and withdrawal )?of\b.*(?:patients?|subjects?|participants?|population)",
            r"(?:patients?|subjects?|participants?) selection|^(?:(?:study|trial|patient|target) )?population$",
            r"^(?:study |trial )?(?:participants|patients|subjects)$",
        ),
        "brief_summary": (
            r"\bsynopsis\b|^(?:(?:protocol|study|trial|executive|brief) )?summary$|^abstract$|lay summary",
        ),
        "detailed_description": (
            r"^(?:patients? and )?(?:materials? and )?methods$|^(?:(?:study|trial|overall) )?design(?:$| and)",
            r"^(?:study|trial) (?:description|overview|plan)$|investigational plan|^overview",
        ),
        "outcomes": (r"objectives?\b|end-? ?points?|outcomes?\b|hypothes[ei]s|estimands?",),
        "interventions": (
            r"treatments?\b|interventions?\b|\bdrugs?\b|medicinal|products?\b|medications?|\btherap(?:y|ies)\b|\barms?\b",
            r"radiotherapy|chemotherapy|irradiation|vaccinat|\bdos(?:e|es|ing|age)\b|randomi[sz]ation|surgery",
            r"toxicit(?:y|ies)|posology|regimens?\b",
        ),
    }.items()
}
_OTHER = re.compile(
    r"background|introduction|rationale|schedule|assessments?\b|evaluations?\b|visits?\b|procedures?\b|statistic|"
    r"sample size|analys[ei]s|references|bibliography|ethic|\bdata\b|monitoring|safety|adverse|definitions?\b|"
    r"discussion|results?\b|conclusions?|flow ?chart|follow-up|biomarkers?|pharmaco|quality|responsib|administrat|"
    r"publication|sponsor|investigators?|consent|acknowledg|funding|limitations?",
    re.I,
)
_ABOUT_PEOPLE = re.compile(r"(?:in|ex)clusion|eligib|(?:entry|selection|enrol?ment) criteria", re.I)


class _Heading(NamedTuple):
    """A heading: its paragraph, its depth from 1, its kind (None if its words don't tell), and whether it is a label of
    a table."""

    place: int
    depth: int
    kind: str | None
    title: str


def find_parts(paragraphs: Sequence[Paragraph]) -> tuple[Part, ...]:
    """Returns the parts of a document by its headings; none unless one names criteria."""
    headings = list(_find_headings(paragraphs))
    kinds = _name_paragraphs(paragraphs, headings)
    named = any(_ABOUT_PEOPLE.search(heading.title) and heading.kind == CRITERIA for heading in headings)
    if not named or len(headings) < 2:
        return ()
    parts: list[Part] = []
    offset = 0
    for paragraph, kind in zip(paragraphs, kinds, strict=True):
        start = offset + paragraph.apart
        offset = start + len(paragraph.text) + 1
        if parts and parts[-1].name == kind:
            parts[-1] = Part(parts[-1].start, offset - 1, kind)
        elif kind is not None:
            parts.append(Part(start, offset - 1, kind))
    return tuple(parts)


def _name_paragraphs(paragraphs: Sequence[Paragraph], headings: Sequence[_Heading]) -> list[str | None]:
    """Returns the name of the part that each paragraph stands in, None in front of the first heading."""
    by_index = {heading.place: heading for heading in headings}
    open_: list[tuple[int, str, bool]] = []  # depth, name, whether its title is about criteria
    found: list[str | None] = []
    captioned: str | None = None
    for index, paragraph in enumerate(paragraphs):
        heading = by_index.get(index)
        if heading is not None:
            while open_ and open_[-1][0] >= heading.depth:
                open_.pop()
            own = bool(_ABOUT_PEOPLE.search(heading.title))
            kind = None if _is_criterion(heading, open_) else heading.kind
            open_.append((heading.depth, kind or _inherit(open_), own))
        kind = find_kind(paragraph.label) if paragraph.label else None
        if kind is not None and open_ and open_[-1][0] == _LOWEST:
            open_.pop()  # the next row of a synopsis without borders
        name = open_[-1][1] if open_ else None
        caption = _CAPTION.match(paragraph.text)
        if caption is not None and not _LEADER.search(paragraph.text):
            captioned = find_kind(caption["title"])
        elif not paragraph.row:
            captioned = None
        name = captioned or name  # `Table 2. Dose modifications` may stand among criteria
        if name in (None, "brief_summary", "detailed_description") and paragraph.label:
            name = kind or name  # a row of a synopsis
        found.append(name)
    return found


def _is_criterion(heading: _Heading, open_: Sequence[tuple[int, str, bool]]) -> bool:
    """Whether a numbered heading is an item of the criteria above it: `4.2.3 Prior radiotherapy`."""
    depth, name, own = open_[-1] if open_ else (0, "", False)
    return name == CRITERIA and own and depth > 1 and depth < heading.depth < _LOWEST


def _inherit(open_: Sequence[tuple[int, str, bool]]) -> str:
    """Returns the name of a chapter whose words tell nothing: that of the chapter above, unless that is on who takes
    part in general, as `Study population` is."""
    if not open_:
        return OTHER
    _, name, own = open_[-1]
    return OTHER if name == CRITERIA and not own else name


def find_kind(title: str) -> str | None:
    """Returns the name of the part that a chapter of this title is; None if its words don't tell."""
    for name, expression in _KINDS.items():
        if expression.search(title):
            return name
    return OTHER if _OTHER.search(title) else None


def _find_headings(paragraphs: Sequence[Paragraph]) -> Iterator[_Heading]:
    contents = {key for paragraph in paragraphs if (key := _read_contents(paragraph.text))}
    usual = find_usual_size_of((paragraph.size, sum(map(str.isalpha, paragraph.text))) for paragraph in paragraphs)
    sizes = sorted(
        {round(paragraph.size) for paragraph in paragraphs if paragraph.size > _LARGER * usual}, reverse=True
    )
    for index, paragraph in enumerate(paragraphs):
        if paragraph.row or paragraph.label or _LEADER.search(paragraph.text):
            continue
        numbered = _NUMBERED.fullmatch(paragraph.text)
        large, listed = paragraph.size > _LARGER * usual, _make_key(paragraph.text) in contents
        title = numbered["title"] if numbered else paragraph.text
        if _SENTENCE.search(title) and not listed:
            continue
        if numbered and numbered["title"][0].isupper():
            depth = numbered["number"].count(".") + 1
            kind = find_kind(numbered["title"])
            alone = kind and paragraph.apart and depth == 1 and not _is_item(paragraphs, index, int(numbered["number"]))
            if large or listed or depth > 1 or alone:
                yield _Heading(index, depth, kind, numbered["title"])
        elif _TITLE.fullmatch(paragraph.text) and (large or listed or paragraph.apart):
            kind = find_kind(paragraph.text)
            whole = kind is not None and len(paragraph.text.split()) <= 6
            if listed or (large and whole) or (whole and _ABOUT_PEOPLE.search(paragraph.text)):
                depth = sizes.index(round(paragraph.size)) + 1 if large else _LOWEST
                yield _Heading(index, depth, kind, paragraph.text)


def _is_item(paragraphs: Sequence[Paragraph], place: int, number: int) -> bool:
    """Whether a numbered line is an item of a list: the next one, or that before it, has the number beside its own."""
    above, below = paragraphs[max(0, place - 1) : place], paragraphs[place + 1 : place + 2]
    return any(
        re.match(rf"{beside}[.)]?\s", other.text)
        for beside, near in ((number - 1, above), (number + 1, below))
        for other in near
    )


def _read_contents(text: str) -> str:
    """Returns the heading that a line of the table of contents names; empty for another line."""
    leader = _LEADER.search(text)
    return _make_key(text[: leader.start()].strip("| ")) if leader else ""


def _make_key(text: str) -> str:
    return " ".join(re.sub(r"[^\w. ]", " ", text.lower()).split()).rstrip(".")
