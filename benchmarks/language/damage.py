"""Damage that texts meet on their way through exports, and that changes nothing in what they say.

Each kind of damage makes a list of edits of a document; `damage_document` makes them and carries the gold over. Where a
sign gets lost, gold says that it was inferred (`operator_inferred`), as the annotation guidelines have it.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from html.entities import codepoint2name
from random import Random

from benchmarks.language.offsets import Edit, edit_document, substitute
from trialsift.gold import GoldDocument, GoldSpan

Damage = Callable[[GoldDocument, Random], list[Edit]]
DAMAGES: dict[str, Damage] = {}
#: Damage after which a sign of gold is gone, so that it can only be inferred.
_LOSES_SIGNS = frozenset({"signs lost in pairs (=)", "signs lost (=)", "signs lost (?)"})
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SPACES = ("\u00a0", "\u2009", "\u202f", "\u2002", "\u2003", "\u2007", "\u200a", "\u3000", "\t", "  ")
_INVISIBLE = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u200e")
_LINE_START = r"(?m)^[ \t]*(?:[-*•–·]|\d{1,2}[.)])[ \t]+"


def damage(name: str) -> Callable[[Damage], Damage]:
    """Registers a kind of damage."""

    def register(make: Damage) -> Damage:
        DAMAGES[name] = make
        return make

    return register


def damage_document(document: GoldDocument, name: str, seed: int = 0) -> GoldDocument:
    """Returns a document with one kind of damage, the same for a seed."""
    draw = Random(seed * 1_000_003 + zlib.crc32(document.doc_id.encode()))
    edits = DAMAGES[name](document, draw)
    if name in _LOSES_SIGNS:
        spans = tuple(_mark_inferred(span, edits) for span in document.spans)
        document = replace(document, spans=spans)
    return edit_document(document, edits)


def _mark_inferred(span: GoldSpan, edits: Iterable[Edit]) -> GoldSpan:
    if any(span.start <= edit.start < span.end for edit in edits):
        return replace(span, attributes={**span.attributes, "operator_inferred": True})
    return span


def _misread(character: str, encoding: str) -> str:
    """Reads the UTF-8 bytes of a character in another encoding; bytes that it lacks become control characters."""
    shown = ""
    for byte in character.encode("utf-8"):
        try:
            shown += bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            shown += chr(byte)
    return shown


def _leave_markup(text: str, edits: list[Edit]) -> list[Edit]:
    """Leaves tags and entities that a text has already as they are."""
    markup = [match.span() for match in re.finditer(r"</?\w+ ?/?>|&#?\w+;|_x000D_", text)]
    return [edit for edit in edits if not any(start <= edit.start < end for start, end in markup)]


@damage("mojibake (cp1252)")
def misread_cp1252(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"[^\x00-\x7f]", lambda match: _misread(match[0], "cp1252"))


@damage("mojibake (latin-1)")
def misread_latin1(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"[^\x00-\x7f]", lambda match: _misread(match[0], "latin-1"))


@damage("mojibake, twice")
def misread_twice(document: GoldDocument, draw: Random) -> list[Edit]:
    def change(character: str) -> str:
        return "".join(_misread(c, "cp1252") for c in _misread(character, "cp1252"))

    return substitute(document.text, r"[^\x00-\x7f]", lambda match: change(match[0]))


@damage("Markdown escapes")
def escape_markdown(document: GoldDocument, draw: Random) -> list[Edit]:
    """As the second API of ClinicalTrials.gov has them; bullets at the start of a line stay."""
    edits = substitute(document.text, r"(?<!\\)(?<!^)(?<!\n)[<>~^*\[\]_]", lambda match: "\\" + match[0])
    return _leave_markup(document.text, edits)


@damage("HTML entities")
def write_entities(document: GoldDocument, draw: Random) -> list[Edit]:
    """Named where there is a name, else or at times by number."""

    def change(character: str) -> str:
        name = codepoint2name.get(ord(character))
        if name and (ord(character) < 128 or draw.random() < 0.8):
            return f"&{name};"
        return f"&#{ord(character)};" if draw.random() < 0.5 else f"&#x{ord(character):X};"

    return substitute(document.text, r"[<>&]|[^\x00-\x7f]", lambda match: change(match[0]))


@damage("HTML entities, twice")
def write_entities_twice(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"[<>&]", lambda match: html.escape(html.escape(match[0])))


@damage("HTML tags")
def write_tags(document: GoldDocument, draw: Random) -> list[Edit]:
    """Line breaks and superscripts as tags in a text column."""
    broken = draw.choice(("<br>", "<br/>", "<br />", "</p><p>", "<br>\n", "</li><li>"))
    edits = substitute(document.text, r"\r?\n", lambda match: broken)
    edits += substitute(document.text, r"\^(\d+)", lambda match: f"<sup>{match[1]}</sup>")
    return edits + substitute(document.text, r"[²³⁹]", lambda match: f"<sup>{match[0].translate(_SUPERSCRIPTS)}</sup>")


@damage("superscripts lost")
def lose_superscripts(document: GoldDocument, draw: Random) -> list[Edit]:
    edits = substitute(document.text, r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda match: match[0].translate(_SUPERSCRIPTS))
    return edits + substitute(document.text, r"(?<=[\dm])\^(?=\d)", lambda match: "")


@damage("superscripts after a blank")
def space_superscripts(document: GoldDocument, draw: Random) -> list[Edit]:
    """`10 9/L` and `m 2`, as text from a PDF has them."""
    edits = substitute(document.text, r"[²³⁹⁶]", lambda match: " " + match[0].translate(_SUPERSCRIPTS))
    return edits + substitute(document.text, r"(?<=[\dm])\^(?=\d)", lambda match: " ")


_SIGNS = r"\\?[>]=|\\?[<]=|[≥≤⩾⩽≧≦]"


@damage("signs lost in pairs (=)")
def lose_paired_signs(document: GoldDocument, draw: Random) -> list[Edit]:
    """`= 18 and = 75 years`: only where one expression has both ends."""
    edits: set[Edit] = set()
    for span in document.spans:
        values = span.attributes
        if values.get("low") is None or values.get("high") is None or values["low"] == values["high"]:
            continue
        found = [
            Edit(edit.start + span.start, edit.end + span.start, edit.text)
            for edit in substitute(span.text, _SIGNS, lambda match: "=")
        ]
        if len(found) == 2:
            edits.update(found)
    return sorted(edits)


@damage("signs lost (=)")
def lose_signs(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, _SIGNS, lambda match: "=")


@damage("signs lost (?)")
def question_signs(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"[≥≤⩾⩽≧≦]", lambda match: "?")


@damage("odd spaces")
def change_spaces(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(
        document.text, r"(?<=\S) (?=\S)", lambda match: draw.choice(_SPACES) if draw.random() < 0.5 else " "
    )


@damage("zero-width characters")
def insert_invisible(document: GoldDocument, draw: Random) -> list[Edit]:
    """At the edges of words and numbers."""
    return substitute(
        document.text,
        r"(?<=\s)(?=\S)|(?<=[≥≤<>=])",
        lambda match: draw.choice(_INVISIBLE) if draw.random() < 0.3 else "",
    )


@damage("full-width signs")
def widen_signs(document: GoldDocument, draw: Random) -> list[Edit]:
    """Brackets, colons, comparators, per cent and tildes in the width of Chinese writing."""
    edits = substitute(document.text, r"(?<!\\)[():;,<>=%~+](?!\d{3})", lambda match: chr(ord(match[0]) + 0xFEE0))
    return _leave_markup(document.text, edits)


@damage("full-width digits and letters")
def widen_all(document: GoldDocument, draw: Random) -> list[Edit]:
    edits = substitute(document.text, r"[0-9A-Za-z.%/<>=()]", lambda match: chr(ord(match[0]) + 0xFEE0))
    return _leave_markup(document.text, edits)


@damage("hard wraps")
def wrap_lines(document: GoldDocument, draw: Random) -> list[Edit]:
    """Lines of 60 to 80 characters with an indent, as old exports have them."""
    width, indent = draw.randint(60, 80), " " * draw.choice((0, 2, 5, 13))
    edits: list[Edit] = []
    column = 0
    blank: int | None = None
    for place, character in enumerate(document.text):
        column = 0 if character == "\n" else column + 1
        if character == "\n":
            blank = None
        elif character == " " and document.text[place - 1 : place].strip() and column > 4:
            blank = place
        if column > width and blank is not None:
            edits.append(Edit(blank, blank + 1, "\n" + indent))
            column, blank = place - blank, None
    return edits


@damage("other bullets")
def change_bullets(document: GoldDocument, draw: Random) -> list[Edit]:
    bullet = draw.choice(("• ", "– ", "o ", "· ", "▪ ", "► ", "♦ ", "● ", "", "□ "))
    return substitute(document.text, _LINE_START, lambda match: bullet)


@damage("numbers for bullets")
def number_lines(document: GoldDocument, draw: Random) -> list[Edit]:
    count = iter(range(1, 10_000))
    style = draw.choice(("{}. ", "{}) ", "({}) ", "{}- "))
    return substitute(document.text, r"(?m)^[ \t]*[-*•–·][ \t]+", lambda match: style.format(next(count)))


@damage("all capitals")
def write_capitals(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"[a-z]", lambda match: match[0].upper())


@damage("all small letters")
def write_small(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"[A-Z]", lambda match: match[0].lower())


@damage("glued list items")
def glue_items(document: GoldDocument, draw: Random) -> list[Edit]:
    """`3.0 mg/dLPlatelets`: line break and bullet are lost between two items of a list, here and there."""
    pattern = r"(?<=[A-Za-z)%\d])[ \t]*\r?\n[ \t]*(?:[-*•–·][ \t]+)(?=[A-Z][a-z])"
    return substitute(document.text, pattern, lambda match: "" if draw.random() < 0.5 else match[0])


@damage("lines joined by a blank")
def join_lines(document: GoldDocument, draw: Random) -> list[Edit]:
    """The bullets stay, so that a reader still sees the items."""
    return substitute(document.text, r"[ \t]*\r?\n\s*", lambda match: " ")


@damage("line ends of another system")
def change_line_ends(document: GoldDocument, draw: Random) -> list[Edit]:
    end = draw.choice(("\r\n", "\r", "_x000D_\n", "_x000D_<br>_x000D_<br>"))
    return substitute(document.text, r"\r?\n", lambda match: end)


@damage("line breaks of Word")
def break_as_word(document: GoldDocument, draw: Random) -> list[Edit]:
    end = draw.choice(("\x0b", "\u2028", "\x0c", "\u2029"))
    return substitute(document.text, r"\r?\n", lambda match: end)


@damage("double spacing")
def space_lines(document: GoldDocument, draw: Random) -> list[Edit]:
    end = draw.choice(("\n\n", "\r\n\r\n", "\n \n"))
    return substitute(document.text, r"\r?\n", lambda match: end)


@damage("decimal commas")
def write_commas(document: GoldDocument, draw: Random) -> list[Edit]:
    """In decimal fractions, not in numbers of sections or lines."""
    pattern = r"(?<![\d.,\w])(\d{1,3})\.(\d{1,2})(?![\d.,]*\d)(?!\.\s)"
    edits = substitute(document.text, pattern, lambda match: f"{match[1]},{match[2]}")
    return [edit for edit in edits if document.text[: edit.start].rpartition("\n")[2].strip(" -*•")]


@damage("middle dots")
def write_middle_dots(document: GoldDocument, draw: Random) -> list[Edit]:
    return [Edit(edit.start, edit.end, edit.text.replace(",", "·")) for edit in write_commas(document, draw)]


@damage("other dashes")
def change_dashes(document: GoldDocument, draw: Random) -> list[Edit]:
    """Between numbers any dash, within words those that are hyphens."""
    between_numbers = substitute(document.text, r"(?<=\d) ?[-–] ?(?=\d)", lambda match: _change_dash(match[0], draw))
    within_words = substitute(document.text, r"(?<=[A-Za-z])[-–](?=\w)", lambda match: draw.choice("‐‑–-"))
    return between_numbers + within_words


def _change_dash(text: str, draw: Random) -> str:
    return text.replace("–", "-").replace("-", draw.choice("–—−‐‑-"))


@damage("blanks lost around signs")
def lose_blanks(document: GoldDocument, draw: Random) -> list[Edit]:
    return substitute(document.text, r"(?<=[\w)]) ?([≥≤<>=]+) (?=\d)", lambda match: match[1])
