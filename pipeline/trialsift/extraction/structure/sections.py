"""Sections of a document and their polarity, as ranges of offsets, from the headings of `patterns/sections.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from trialsift.extraction.structure.columns import Phrase as Sided
from trialsift.extraction.structure.columns import find_columns
from trialsift.extraction.structure.lines import BULLET, LONGEST_SENTENCE
from trialsift.extraction.structure.prose import Ends, Prose
from trialsift.extraction.structure.section import Section, find_section
from trialsift.extraction.structure.words import StructureWords
from trialsift.model.document import CRITERIA, RUNNING, Part
from trialsift.rules.files import Where
from trialsift.rules.guarded import plain
from trialsift.rules.layers import Folder
from trialsift.rules.trie import trie_regex
from trialsift.rules.validation import Examples, Expression, Phrase, Table, read_as
from trialsift.rules.wording import read_wordings

Polarity = Literal["inclusion", "exclusion", "none"]


class Heading(Table):
    """A `[[heading]]`: the phrases that open a section, and what they say about the facts below."""

    name: str
    polarity: Polarity
    inline: bool
    phrases: list[Phrase]
    examples: Examples
    not_examples: list[str]
    closes: bool = True


class Paragraph(Table):
    """A `[[paragraph]]`: how a paragraph begins that ends the criteria above it; a `title` is a line by itself, maybe
    numbered. `anywhere`: also where no bullets precede it."""

    name: str
    polarity: Polarity
    expression: Expression
    examples: Examples
    not_examples: list[str]
    anywhere: bool = False
    title: bool = False


class SectionsFile(Table):
    """The contents of `sections.toml`."""

    heading: list[Heading]
    paragraph: list[Paragraph]


_GAP = r"[\s_]+"
_ALONE = re.compile(r"\s*(?:\([^)\n]{0,80}\)\s*)?(?::|[\])>}]+\s*(?::|\n|$)|\||\.?[^\S\n]*(?:\n|$))")
_INLINE_ALONE = re.compile(r"[^\S\n]*(?:\([^)\n]{0,80}\)[^\S\n]*)?:[^\S\n]*(?:\n|$)")
_COLON = re.compile(r"[^\n:.|]{0,40}?\s*(?::|\|)")
_COLON_NEXT = re.compile(r"[^\S\n]*(?:\([^)\n]{0,80}\))?[^\S\n]*:")
# `EXCLUSION CRITERIA No histological confirmation`, `INCLUSION CRITERIA 1. Age`
_CAPITALS = re.compile(r"\s+(?:\d{1,2}[.)]|[-•*])\s|[^\S\n]+[A-Z][a-z]+\s")
_FIRST_ITEM = re.compile(r"[^\S\n]+1[.)]\s")
_NUMBERED = re.compile(r"\s+(?:\d{1,2}[.)]|[-•*])\s")
_BLANK_END = re.compile(r"\n[^\S\n]*\n$")
_ENDED = re.compile(r"[.;)|•]\s*$|\d\s*$")
# `Healthy volunteers exclusion criteria`
_TITLE = re.compile(r"[^\S\n]*[A-Z][^\W_]*(?:[^\S\n][^\W_]+){0,4}[^\S\n]")
_TITLE_END = re.compile(r"[^\S\n]*:?[^\S\n]*(?:\n|$)")
_CHAPTER = re.compile(r"[\s#*_]{0,8}(\d{1,2}(?:\.\d{1,2}){0,3})\.?[^\S\n]")
_CHAPTER_TITLE = re.compile(
    r"\n[^\S\n]*\n[#*_ \t]{0,8}(\d{1,2}(?:\.\d{1,2}){0,3})\.?[^\S\n]+[A-Z][^\n\d<>≤≥=.;:,]{2,70}:?[^\S\n]*(?=\n|$)"
)
#: A list has at least so many lines.
_FEWEST, _FEWEST_BULLETS = 5, 3
_HEADING_TAIL = re.compile(r"\s*(?:\([^)\n]{0,80}\))?[^\n:.|]{0,40}?\s*(?::|\||\n|$)")


#: Finds headings in `text[start:end]`, read as a text of its own.
FindHeadings = Callable[[int, int], Iterator[re.Match[str]]]


class Structure:
    """The compiled headings of `patterns/sections.toml`, and the words that tell where they and lines begin and end."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "sections.toml"
        rules = read_as(SectionsFile, path)
        self.words = read_wordings(folder).fill(StructureWords, "structure")
        self._prose = Prose(self.words)
        self._of_phrase: dict[str, tuple[str, str | None, bool, bool]] = {}
        for number, heading in enumerate(rules.heading):
            opens = (heading.name, _polarity(heading), heading.inline, heading.closes)
            for phrase in heading.phrases:
                if phrase in self._of_phrase:
                    where = Where(path, ("heading", number, "phrases"), f"[[heading]] number {number + 1}", phrase)
                    raise where.error(f"{phrase!r} is listed under two headings")
                self._of_phrase[phrase] = opens
        self.heading = re.compile(rf"(?i:\b(?P<phrase>{trie_regex(self._of_phrase, _GAP)}))(?![A-Za-z0-9])")
        self._paragraphs = [
            (
                Section(0, rule.name, _polarity(rule)),
                _compile_title(rule) if rule.title else re.compile(rf"\n[^\S\n]*+(?:{rule.expression})", re.I),
                rule.anywhere or rule.title,
            )
            for rule in rules.paragraph
        ]

    @property
    def phrases(self) -> Iterable[str]:
        """The phrases that headings begin with."""
        return self._of_phrase

    def find_sections(self, text: str, parts: Sequence[Part] = (), find: FindHeadings | None = None) -> list[Section]:
        """Returns the sections of a text; the first begins at offset 0 and has no polarity.

        `parts` are the ranges that the source labels. No section crosses their ends, and headings are looked for in
        criteria and running text only. Criteria before any heading are an inclusion section. `find` finds headings; by
        default the whole text is searched.
        """

        def find_everywhere(start: int, end: int) -> Iterator[re.Match[str]]:
            return self.heading.finditer(text[start:end])

        find = find or find_everywhere
        if not parts:
            return self._find_headed(text, find(0, len(text)))
        found = [Section(0, "document", None)]
        for part in parts:
            base = Section(0, part.name, "inclusion" if part.name == CRITERIA else None)
            headed = part.name == CRITERIA or part.name in RUNNING
            within, headings = text[part.start : part.end], find(part.start, part.end)
            for inner in self._find_headed(within, headings) if headed else [base]:
                section = replace(base, start=inner.start) if inner.heading is None else inner
                found.append(section.shifted(part.start))
            found.append(Section(part.end, "document", None))
        return found

    def _find_headed(self, text: str, headings: Iterator[re.Match[str]]) -> list[Section]:
        """Returns the sections that headings open."""
        found = [Section(0, "document", None)]
        ends, matches = self._prose.read_ends(text), [(match, self._read_phrase(match)) for match in headings]
        sided = [Sided(*match.span("phrase"), opens[0]) for match, opens in matches if opens[2]]
        tables = find_columns(text, sided) if len(sided) > 1 else []
        for match, (name, polarity, inline, closes) in matches:
            if any(table.start <= match.start() < table.end for table in tables):
                continue
            if not closes and found[-1].polarity is not None and not (polarity and match["phrase"].isupper()):
                continue  # among criteria, `Chemotherapy:` is an item, `General criteria:` a group of them
            line_start = _find_line_start(text, match.start())
            leading = self.words.heading_prefix.fullmatch(text, line_start, match.start()) is not None
            if leading and polarity is None and _is_wrapped(text, match, line_start):
                continue
            running = self._judge_phrase(text, match, leading, inline)
            if running is None:
                continue
            before = found[-1]
            found.append(Section(line_start if leading else match.start(), name, polarity, match.span("phrase")))
            end = self._find_end(text, match.end(), ends) if running else None
            if end is not None:
                found.append(replace(before, start=end))
        found.sort(key=lambda section: section.start)
        for table in tables:
            behind = replace(find_section(found, table.start), start=table.end)
            found = sorted([*found, *table.sections, behind], key=lambda section: section.start)
        if len(found) > 1 and found[1].polarity == "exclusion" and _is_list(text[: found[1].start]):
            found[0] = Section(0, "inclusion", "inclusion")
        return self._end_at_paragraphs(text, self._prose.add_sections(text, found))

    def _read_phrase(self, match: re.Match[str]) -> tuple[str, str | None, bool, bool]:
        """The name and polarity of what a phrase opens, whether in running text too, and whether it closes criteria."""
        return self._of_phrase[" ".join(plain(match["phrase"]).replace("_", " ").split())]

    def _find_end(self, text: str, start: int, ends: Ends) -> int | None:
        """Where a section that opens in running text ends: with its paragraph, or if the text only tells of it with the
        sentence."""
        told = None if self.words.opens_inline.match(text, start) else self.words.told_inline.match(text, start)
        if told is None or told.group().endswith(":"):
            return ends.find(start)
        return ends.find_sentence_end(start)

    def _end_at_paragraphs(self, text: str, found: list[Section]) -> list[Section]:
        """Ends sections of criteria where a paragraph of another kind follows their bullets."""
        added = []
        for kind, expression, anywhere in self._paragraphs:
            for match in expression.finditer(text) if len(found) > 1 else ():
                start = match.start() + 1  # after the line break
                if match.groupdict().get("title") and not _may_be_title(text, match):
                    continue
                if find_section(found, start).polarity and (anywhere or _is_behind_bullets(text, start)):
                    added.append(replace(kind, start=start, heading=(start, match.end())))
        added.extend(_find_next_chapters(text, found))
        return sorted([*found, *added], key=lambda section: section.start) if added else found

    def _judge_phrase(self, text: str, match: re.Match[str], leading: bool, inline: bool) -> bool | None:
        """Whether a phrase opens a section: None if not, False as a heading, True in running text."""
        phrase, behind = match["phrase"].strip(), text[match.end() : match.end() + 100]
        line_start = _find_line_start(text, match.start())
        before = text[max(0, line_start - 60) : line_start]
        long_form = " " in phrase or "_" in phrase
        if leading and before.strip() != "" and not _BLANK_END.search(before):
            ended = before.rstrip()[-1] in ".:;!?"
            begun = ended and text[line_start : match.end()].lstrip()[:1].isupper()
            colon = (
                _COLON_NEXT if long_form or ended else _INLINE_ALONE
            )  # `unfit by⏎ eligibility: creatinine > 2 mg/dL`
            small = phrase[0].islower() and not begun and not colon.match(behind) and not text.islower()
            if small or self.words.mentioned_before.search(before):
                return None  # the end of a wrapped sentence
        if self.words.mentioned_behind.match(behind):
            return None
        if leading and _ALONE.match(behind):
            return False if long_form or _COLON_NEXT.match(behind) or not phrase.islower() or text.islower() else None
        if not long_form:
            opened = inline and phrase[0].isupper() and behind[:1] == ":" and not leading
            return True if opened and _ENDED.search(text, line_start, match.start()) else None
        if inline and not leading and _is_title(text, match, line_start):
            return None if self.words.mentioned_before.search(text, line_start, match.start()) else False
        if inline and _INLINE_ALONE.match(behind):
            return False
        if leading and inline and (self.words.heading_of.match(behind) or _NUMBERED.match(behind)):
            return False
        if inline and self._opens_list(text, match, behind):
            return not (leading and behind[:1] == ":")
        if leading and (inline or _COLON.match(behind)) and _HEADING_TAIL.match(behind):
            return False
        return None

    def _opens_list(self, text: str, match: re.Match[str], behind: str) -> bool:
        """Whether criteria follow a phrase in running text."""
        near = text[max(0, match.start() - 40) : match.start()]
        return bool(
            self.words.opens_inline.match(behind)
            or (self.words.told_inline.match(behind) and not self.words.met_before.search(near))
            or (match["phrase"].strip()[0].isupper() and _CAPITALS.match(behind))
            or (_FIRST_ITEM.match(behind) and not self.words.mentioned_before.search(near))
        )


def _compile_title(rule: Paragraph) -> re.Pattern[str]:
    number = r"[#*_]{0,4}[^\S\n]?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}\.?[^\S\n]+)?"
    rest = r"[^\n,;:<>≤≥]{0,60}:?[^\S\n]*(?=\n|$)"
    return re.compile(rf"\n[^\S\n]*+{number}(?P<title>(?-i:[A-Z])(?<=(?=(?:{rule.expression}){rest}).)[^\n]*)", re.I)


def _may_be_title(text: str, match: re.Match[str]) -> bool:
    """Whether a line is no end of a wrapped one: an empty line precedes it, or a number of a chapter."""
    before = text[max(0, match.start() - 40) : match.start()].rstrip(" \t")
    numbered = match["number"] is not None and "." in match["number"]
    return (not before or before.endswith("\n") or numbered) and not match["title"].endswith(".")


def _polarity(rule: Heading | Paragraph) -> str | None:
    return None if rule.polarity == "none" else rule.polarity


def _find_next_chapters(text: str, found: Sequence[Section]) -> Iterator[Section]:
    """Iterates over the numbered headings of a protocol that end its criteria: `4.3 Withdrawal` behind `4.2 Exclusion
    criteria`, of which `4.2.1` is an item."""
    for section in found:
        own = (
            _CHAPTER.match(text, _find_line_start(text, section.start))
            if section.polarity and section.heading
            else None
        )
        if own is None:
            continue
        number = _split_number(own[1])
        for title in _CHAPTER_TITLE.finditer(text, own.end()):
            other = _split_number(title[1])
            ends = other > number and other[: len(number)] != number
            if ends and (len(other) > 1 or (len(number) > 1 and other[0] == number[0] + 1)):
                start = title.start() + len(title.group()) - len(title.group().lstrip())
                if find_section(found, start).polarity is not None and find_section(found, title.end()).start < start:
                    yield Section(start, "other", None, (start, title.end()))
                break


def _split_number(written: str) -> tuple[int, ...]:
    return tuple(map(int, written.split(".")))


def _find_line_start(text: str, offset: int) -> int:
    """The start of the line that holds an offset, or a place too far back for a heading to begin."""
    far = max(0, offset - LONGEST_SENTENCE)
    return max(far, text.rfind("\n", far, offset) + 1)


def _is_list(text: str) -> bool:
    """Whether a text is a list: of bullets, or of lines of a few words, none of them a sentence or a field."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and BULLET.match(lines[0]) and sum(BULLET.match(line) is not None for line in lines) >= _FEWEST_BULLETS:
        return True
    return len(lines) >= _FEWEST and all(line[-1] != "." and ":" not in line[:-1] for line in lines)


def _is_title(text: str, match: re.Match[str], line_start: int) -> bool:
    """Whether a phrase ends a short line of words behind an empty one."""
    before = text[max(0, line_start - 60) : line_start].rstrip(" \t")
    return (before.endswith(("\n\n", ".\n")) or not before.strip()) and bool(
        _TITLE.fullmatch(text, line_start, match.start()) and _TITLE_END.match(text, match.end())
    )


def _is_behind_bullets(text: str, start: int) -> bool:
    """Whether a blank line precedes `start`, and a bulleted paragraph precedes the blank line."""
    lines = text[max(0, start - 1500) : start].split("\n")[:-1]
    if not lines or lines.pop().strip():
        return False
    while lines and lines[-1].strip():
        if BULLET.match(lines.pop().strip()):
            return True
    return False


def _is_wrapped(text: str, match: re.Match[str], line_start: int) -> bool:
    """Whether a phrase continues a wrapped sentence: `any of the following abnormal laboratory⏎ results:`."""
    before = text[max(0, line_start - 60) : line_start]
    ended = before.strip() == "" or _BLANK_END.search(before) or before.rstrip()[-1] in ".;:!?|"
    return match["phrase"].strip()[0].islower() and not ended and not text.islower()
