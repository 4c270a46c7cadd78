"""Pages: the main text of HTML, and all that a reader sees where the main text leaves out what trials are read for.

bytes → characters (`decode_markup`) → a tree, cleaned of scripts and of what surrounds a page (`html_tree.py`) → lines
(`html_lines.py`) → those that trafilatura finds to be the main text (`_main_lines`). Nothing is fetched.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.html import lines as html_lines
from trialsift.readers.html import tree as html_tree
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.plain.encodings import decode_text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<meta\b[^<>]{0,400}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})|"
    rb"^\s*<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})",
    re.I,
)
_HEAD = 4096  # bytes in which a page may declare its encoding; the standard says 1,024, and pages don't keep to it
# What browsers read under names that mean less: https://encoding.spec.whatwg.org/#names-and-labels
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# UTF-8 is what comes next, the wider ones can't hold a declaration in ASCII, and the others are no encodings of pages.
_NOT_DECLARED = ("utf", "idna", "punycode", "raw", "undefined", "unicode")
_DEEPEST, _MOST = 200, 50_000  # of elements: the searches of trafilatura are slow on more, and call themselves
_DECORATION = re.compile(r"[\s|:•*\[\]^–-]+")


def read_html(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """The document that a page is. Raises ReadFailure for what isn't one.

    `notes` hold its `title`, and as `text_of_page` which text was taken, `main` or `all`.
    """
    markup, notes = decode_markup(item, item.read(options.max_document))
    title, lines, taken = page_lines(markup)
    text = "\n".join(lines)
    if not text:
        raise item.failure("empty", "is a page without text", "save the page as it is shown, or leave it out")
    if title:
        notes["title"] = title
    yield item.document(item.stem, text + "\n", notes={**notes, "text_of_page": taken})


def decode_markup(item: Input, data: bytes) -> tuple[str, dict[str, str]]:
    """The characters of a page and what to note of them: by its byte order mark, the encoding that it declares, or as
    plain text is decoded. Raises ReadFailure for bytes that are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), {} if encoding == "utf-8" else {"encoding": encoding}
            except UnicodeDecodeError:
                break
    declared = _DECLARED.search(data[:_HEAD]) if b"\0" not in data else None
    if declared:
        try:
            encoding = codecs.lookup((declared[1] or declared[2]).decode("ascii")).name
            encoding = _READ_AS.get(encoding, encoding)
            if not encoding.startswith(_NOT_DECLARED):
                return data.decode(encoding), {"encoding": encoding}
        except (LookupError, UnicodeError):
            pass  # a name that Python doesn't know, or one that isn't true
    return decode_text(item, data)


def page_lines(markup: str) -> tuple[str, list[str], str]:
    """The title of a page, its lines, and which they are: `main`, or `all` that a reader could see.

    Main are those that trafilatura takes. Where it leaves out a line that reads like a criterion or a dose, all from
    the first such line to the last are kept: a menu in between does less harm than a criterion that is lost.
    """
    tree = html_tree.parsed(markup)
    if tree is None:  # nested too deep for a tree
        return "", html_lines.of_markup(html_tree.escaped(markup)), "all"
    title = html_tree.title(tree)
    html_tree.clean(tree)
    lines = html_lines.of_tree(tree)
    main = _keys(_main_lines(tree))
    if not main:
        return title, lines, "all"
    main |= _keys(html_tree.headings(tree))
    kept = [_is_main(line, main) for line in lines]
    lost = [not keep and html_tree.TELLING.search(line) is not None for keep, line in zip(kept, lines, strict=True)]
    if not any(keep and line for keep, line in zip(kept, lines, strict=True)):
        return title, lines, "all"
    if not any(lost):
        return title, _without(lines, kept), "main"
    places = [place for place, (keep, tells) in enumerate(zip(kept, lost, strict=True)) if keep or tells]
    return title, _trimmed(lines[places[0] : places[-1] + 1]), "all"


def _main_lines(tree: Any) -> list[str]:
    """What trafilatura takes for the main text; nothing where it can't say."""
    import trafilatura

    if html_tree.larger(tree, _MOST, _DEEPEST):
        return []
    with _quiet("trafilatura"):
        try:
            found = trafilatura.bare_extraction(tree, fast=True, favor_recall=True, include_comments=False)
        except Exception:  # it is there to leave out menus: where it stumbles, the whole page is read
            return []
    return html_lines.of_tree(found.body) if isinstance(found, trafilatura.settings.Document) else []


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """A logger says nothing meanwhile: that a page is short is no news."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _keys(lines: Sequence[str]) -> set[str]:
    """Lines as they are compared, and the cells and terms in them."""
    return {_key(piece) for line in lines for piece in (line, *_pieces(line))} - {""}


def _is_main(line: str, main: set[str]) -> bool:
    key = _key(line)
    return not key or key in main or all(not (piece := _key(part)) or piece in main for part in _pieces(line))


def _pieces(line: str) -> list[str]:
    return [piece for cell in line.split(" | ") for piece in cell.split(": ")]


def _key(text: str) -> str:
    return _DECORATION.sub("", text)


def _without(lines: Sequence[str], kept: Sequence[bool]) -> list[str]:
    """The lines that are kept, with a blank line where others stood between them."""
    result: list[str] = []
    for line, keep in zip(lines, kept, strict=True):
        if keep and (line or (result and result[-1])):
            result.append(line)
        elif not keep and result and result[-1]:
            result.append("")
    return _trimmed(result)


def _trimmed(lines: list[str]) -> list[str]:
    """The lines without the blank ones at both ends."""
    shown = [place for place, line in enumerate(lines) if line]
    return lines[shown[0] : shown[-1] + 1] if shown else []
