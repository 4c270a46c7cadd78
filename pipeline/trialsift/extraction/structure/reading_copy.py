"""The copy of a text that is read: damage of its way through databases is repaired, and each character has its origin.

    &ge; &amp;lt;       HTML entities (html.unescape)
    <br> <li> <sup>     HTML tags in a text: line breaks, bullets, powers, or nothing
    \\> \\~ \\*            Markdown escapes, as ClinicalTrials.gov's API v2 gives them
    {ULN}               annotations, as UCUM writes them in a unit
    $\\geq 10^{9}$ 10^9^   LaTeX and raised numbers, as converters write them in Markdown
    â‰¥ Ã— Â²             UTF-8 that was read as Windows-1252 or Latin-1 (ftfy)
    3.0 mg/dLPlatelets  a blank, where a unit runs into a word
    \\r, _x000D_, soft hyphens    nothing

In: a text. Out: a ReadingCopy. The text itself stays as it is: facts quote it, damage included.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from html.entities import html5
from typing import NamedTuple

from trialsift.extraction.structure.folding import fold
from trialsift.model.fact import Fact
from trialsift.model.memory import remember

# What a tag is read as; other tags of HTML are read as nothing.
_BREAKS = frozenset({"br", "p", "div", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr"})
_INLINE = frozenset({"b", "i", "u", "em", "strong", "span", "font", "sub", "a", "small", "tbody", "thead"})
_CELLS = frozenset({"td", "th"})
_TAGS = "|".join(sorted(_BREAKS | _INLINE | _CELLS | {"li", "sup"}, key=len, reverse=True))
# `131Iodine` is a name, not two things put together.
_ISOTOPES = "Carb|Cob|Copp|Fluor|Gall|Ind|Iod|Irid|Lut|Nitr|Oxy|Rad|Rhen|Sam|Stront|Tech|Thall|Yttr|Zirc"
# UTF-8 begins with one of these where it was read as Windows-1252, and goes on with a character above ASCII.
_LEADS = "ÂÃÎÏÅâãïð"
_BYTES = "\x80-\xbfŠŒŽšœžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
# What ¢, ¬ and bytes such as ˆ and ƒ become in between, where that happened twice: `mÃ¢Ë†â€™2` for `m−2`.
_TWICE = "¢¬ËÆ"
_GLUED_HEADING = (
    r"(?<=[a-z.;)])(?=(?:In|Ex)clusion [Cc]riteri(?:a|on)(?![a-z]))|(?<=clusion [Cc]riteria)(?=[A-Z][A-Za-z])"
)
# Commands of LaTeX for signs, and what they stand for.
_LATEX = {"geq": "≥", "geqslant": "≥", "ge": "≥", "leq": "≤", "leqslant": "≤", "le": "≤", "times": "×", "cdot": "·"}
_LATEX |= {"pm": "±", "mu": "µ", "gt": ">", "lt": "<", "sim": "~", "approx": "≈"}
_COMMANDS = rf"(?:{'|'.join(sorted(_LATEX, key=len, reverse=True))})(?![A-Za-z])"
_COMMAND = re.compile(rf"\\({_COMMANDS})|[{{}}$]")
# The first character is one of a set, which the regex engine can skip to; most are capitals behind white space.
_DAMAGE = re.compile(
    rf"[A-Z&<\\$^*{{\r_\u00ad\u200c-\u200f\u2060{_LEADS}](?<!\s[A-Z])(?:"
    rf"(?P<tag>(?:(?<=<)|(?<=&)lt;)\s?(?P<closing>/?)(?P<name>(?i:{_TAGS}))\b(?:\s[^<>]{{0,120}})?/?(?:>|&gt;))"
    r"|(?<=&)(?P<entity>(?:amp;)*(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z][a-zA-Z0-9]{1,30});|(?:lt|gt|ge|le)(?![a-z;]))"
    r"|(?<=\\)(?P<escaped>[<>~^*\[\]()_#.+=|-])"
    rf"|(?<=\\)(?P<command>{_COMMANDS})|(?<=\$)(?P<math>[^$\n]{{0,60}}?\\{_COMMANDS}[^$\n]{{0,60}}\$)"
    # `**ECOG** 0-1`; `10**9` is a power, and a single pair of stars a footnote or a bullet
    r"|(?<=\*)(?P<bold>\*(?<!\d\*\*)(?=[^\s*])[^*\n]{1,80}(?<=\S)\*\*)(?!\*)"
    r"|(?<=\{)(?P<annotation>(?:ULN|LLN|INR)\})"
    r"|(?<=[\dm]\^)(?P<raised>[-−]?\d{1,2}\^)(?![\d^])"
    rf"|(?<=[{_LEADS}])(?P<mojibake>[{_BYTES}][{_LEADS}{_BYTES}{_TWICE}]*+)"
    r"|(?P<single>(?<=\dÂ)|(?<=Â)(?=[\s\d]))"
    # `3.0 mg/dLPlatelets`, `criteriaInclusion criteria`: lines of a page that were put together; a blank stands between
    rf"|(?P<glued>(?<=[A-Z])(?<=(?:{_GLUED_HEADING}|(?:(?<=[dm]L|m[23]|LN)|(?<=[GgUl9]/L))(?=[A-Z][A-Za-z])"
    rf"|(?:(?<=[%\d])|(?<=/kg))(?!{_ISOTOPES})(?=[A-Z][a-z]{{2}})).))"
    r"|(?P<nothing>(?<=\r)(?=\n)|(?<=_)x000D_|(?<=[\u00ad\u200c-\u200f\u2060])))",
)
# Signs and powers whose second byte, a control character, was lost on the way.
_LOST_BYTE = {f"â{chr(ord(sign) & 0x3F | 0x80)}": sign for sign in "≤≥≦≧⁴⁵⁶⁷⁸⁹⁻"}
_INDENT = 40  # characters: so far a line may be indented
_POWER = re.compile(r"[-−+]?\d")


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """`text` is what is read, `original` the text itself. Edits are listed in order by their ends in both."""

    original: str
    text: str
    edits: _Edits | None = None

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of the copy stand in the original; what was repaired is taken whole."""
        return (start, end) if self.edits is None else _move(start, end, self.edits.read, self.edits.written)

    def find(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of the original stand in the copy."""
        return (start, end) if self.edits is None else _move(start, end, self.edits.written, self.edits.read)


class _Places(NamedTuple):
    """Beginnings and ends, in order."""

    starts: list[int]
    ends: list[int]


class _Edits(NamedTuple):
    """The places that were repaired: where they are written in the original, and where they are read in the copy."""

    written: _Places
    read: _Places


def move_to_copy(fact: Fact, copy: ReadingCopy) -> Fact:
    """Returns a fact where it stands in the copy of its text."""
    if copy.edits is None:
        return fact
    start, end = copy.find(fact.start, fact.end)
    return replace(fact, start=start, end=end)


@lru_cache(maxsize=1)  # a text is read first, and its facts are looked at in their clauses next
def make_reading_copy(text: str) -> ReadingCopy:
    """Returns the copy of a text, with typographic variants folded (folding.py)."""
    pieces: list[str] = []
    edits = _Edits(_Places([], []), _Places([], []))
    done = length = 0
    for start, end, repaired in _find_repairs(text):
        pieces += (text[done:start], repaired)
        length += start - done
        edits.written.starts.append(start)
        edits.written.ends.append(end)
        edits.read.starts.append(length)
        length += len(repaired)
        edits.read.ends.append(length)
        done = end
    if not pieces:
        return ReadingCopy(text, fold(text))
    pieces.append(text[done:])
    return ReadingCopy(text, fold("".join(pieces)), edits)


def _find_repairs(text: str) -> Iterator[tuple[int, int, str]]:
    """Iterates over the damaged places, each with what is read there."""
    for match in _DAMAGE.finditer(text):
        written, repaired = match.group(), None
        if match["glued"] is not None:
            yield match.start(), match.start(), " "
            continue
        if match["bold"]:
            yield from _find_repairs_in_bold(match.start(), written)
            continue
        if match["tag"]:
            repaired = _read_tag(match, text)
        elif match["entity"]:
            repaired = _read_entity(written)
        elif match["escaped"]:
            repaired = match["escaped"]
        elif match["command"] or match["math"]:
            repaired = _COMMAND.sub(lambda found: _LATEX.get(found[1], ""), written)
        elif match["raised"]:
            repaired = written[:-1]
        elif match["annotation"]:
            repaired = written[1:-1]
        elif match["mojibake"]:
            repaired = _read_mojibake(written)
        else:
            repaired = ""
        if repaired != written:
            yield *match.span(), repaired


def _find_repairs_in_bold(start: int, written: str) -> Iterator[tuple[int, int, str]]:
    """The stars around words in bold, and what is damaged between them."""
    yield start, start + 2, ""
    for begin, end, repaired in _find_repairs(written[2:-2]):
        yield start + 2 + begin, start + 2 + end, repaired
    yield start + len(written) - 2, start + len(written), ""


def _read_tag(match: re.Match[str], text: str) -> str:
    name, closes = match["name"].lower(), bool(match["closing"])
    if name in _BREAKS:
        return "" if _at_line_end(text, *match.span()) else "\n"
    if name in _CELLS:
        return " | " if closes else ""
    if name == "li":
        return "\n" if closes else "\n- "
    if name == "sup" and not closes:
        return "^" if _POWER.match(text, match.end()) else ""
    return ""


def _at_line_end(text: str, start: int, end: int) -> bool:
    """Whether a line of the text ends right before or behind a place: a wrapped export has both line ends and tags."""
    before, behind = text[max(0, start - _INDENT) : start].rstrip(" \t"), text[end : end + _INDENT].lstrip(" \t")
    return before[-1:] in ("\n", "\r") or behind[:1] in ("\n", "\r")


@remember
def _read_entity(entity: str) -> str:
    """Returns the character of an entity, which may have been escaped again; an unknown one as it is."""
    if not entity.endswith(";"):
        return html5[f"{entity[1:].lower()};"]
    read = entity
    for _ in range(3):
        before, read = read, unescape(read)
        if read == before:
            break
    return read if read != entity else html5.get(entity[1:].lower(), entity)


@remember
def _read_mojibake(damaged: str) -> str:
    """Returns what UTF-8 was read wrongly, or the same characters where they make no sense as such."""
    if damaged in _LOST_BYTE:
        return _LOST_BYTE[damaged]
    from ftfy import fix_encoding  # a twentieth of a second, and few texts need it

    return fix_encoding(damaged)


def _move(start: int, end: int, here: _Places, other: _Places) -> tuple[int, int]:
    """Moves a range from one text to the other. Where nothing stands there, it begins behind that and ends in front."""
    at = bisect_right(here.starts, start) - 1
    first = start
    if at >= 0:
        first = other.starts[at] if start < here.ends[at] else other.ends[at] + start - here.ends[at]
    at = bisect_left(here.starts, end) - 1
    last = end if at < 0 else other.ends[at] + max(0, end - here.ends[at])
    return first, max(first, last)
