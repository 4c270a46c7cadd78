"""HTML pages: the main text, plus visible text that it omits if a trial's criteria may be in it.

bytes → characters (`decode_markup`) → a cleaned tree (tree.py) → lines (lines.py) → those that trafilatura selects as
main text (`_find_main_lines`). Nothing is fetched.
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
_HEAD = 4096  # bytes to search for a declared encoding; the standard says 1,024, but pages ignore that
# Names that browsers read as a larger encoding: https://encoding.spec.whatwg.org/#names-and-labels
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# UTF-8 is tried next, the wider ones cannot hold an ASCII declaration, and the others are no encodings of pages.
_NOT_DECLARED = ("utf", "idna", "punycode", "raw", "undefined", "unicode")
_DEEPEST, _MOST = 200, 50_000  # in elements; trafilatura's recursive searches are slow beyond these
_DECORATION = re.compile(r"[\s|:•*\[\]^–-]+")


def read_html(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the one document of a page. Raises ReadFailure if it is not a page.

    `notes` hold its `title`, and as `text_of_page` which text was taken, `main` or `all`.
    """
    markup, notes = decode_markup(item, item.read(options.max_document))
    title, lines, taken = read_page_lines(markup)
    text = "\n".join(lines)
    if not text:
        raise item.failure("empty", "is a page without text", "save the page as it is shown, or leave it out")
    if title:
        notes["title"] = title
    yield item.document(item.stem, text + "\n", notes={**notes, "text_of_page": taken})


def decode_markup(item: Input, data: bytes) -> tuple[str, dict[str, str]]:
    """Returns the characters of a page, and notes: decoded by its byte order mark, its declared encoding, or as plain
    text. Raises ReadFailure if the bytes are not text."""
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
            pass  # the name is unknown to Python, or wrong
    return decode_text(item, data)


def read_page_lines(markup: str) -> tuple[str, list[str], str]:
    """Returns the title of a page, its lines, and what they are: `main`, or `all` that a reader could see.

    Main lines are those that trafilatura selects. If it omits a line that looks like a criterion or a dose, everything
    from the first such line to the last is kept: a menu in between does less harm than a lost criterion.
    """
    tree = html_tree.parse(markup)
    if tree is None:  # nested too deeply for a tree
        return "", html_lines.read_markup(html_tree.escape_text(markup)), "all"
    title = html_tree.find_title(tree)
    html_tree.clean(tree)
    lines = html_lines.read_tree(tree)
    main = _make_keys(_find_main_lines(tree))
    if not main:
        return title, lines, "all"
    main |= _make_keys(html_tree.find_headings(tree))
    kept = [_is_main(line, main) for line in lines]
    lost = [not keep and html_tree.TELLING.search(line) is not None for keep, line in zip(kept, lines, strict=True)]
    if not any(keep and line for keep, line in zip(kept, lines, strict=True)):
        return title, lines, "all"
    if not any(lost):
        return title, _keep_lines(lines, kept), "main"
    places = [place for place, (keep, tells) in enumerate(zip(kept, lost, strict=True)) if keep or tells]
    return title, _trim(lines[places[0] : places[-1] + 1]), "all"


def _find_main_lines(tree: Any) -> list[str]:
    """Returns what trafilatura selects as main text; nothing if it cannot decide."""
    import trafilatura

    if html_tree.is_larger(tree, _MOST, _DEEPEST):
        return []
    with _silence("trafilatura"):
        try:
            found = trafilatura.bare_extraction(tree, fast=True, favor_recall=True, include_comments=False)
        except Exception:  # it only removes menus: if it fails, the whole page is read
            return []
    return html_lines.read_tree(found.body) if isinstance(found, trafilatura.settings.Document) else []


@contextmanager
def _silence(name: str) -> Iterator[None]:
    """Silences a logger: a short page needs no warning."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _make_keys(lines: Sequence[str]) -> set[str]:
    """Returns lines in the form in which they are compared, with the cells and terms in them."""
    return {_key(piece) for line in lines for piece in (line, *_pieces(line))} - {""}


def _is_main(line: str, main: set[str]) -> bool:
    key = _key(line)
    return not key or key in main or all(not (piece := _key(part)) or piece in main for part in _pieces(line))


def _pieces(line: str) -> list[str]:
    return [piece for cell in line.split(" | ") for piece in cell.split(": ")]


def _key(text: str) -> str:
    return _DECORATION.sub("", text)


def _keep_lines(lines: Sequence[str], kept: Sequence[bool]) -> list[str]:
    """Returns the lines that are kept, with a blank line in place of others."""
    result: list[str] = []
    for line, keep in zip(lines, kept, strict=True):
        if keep and (line or (result and result[-1])):
            result.append(line)
        elif not keep and result and result[-1]:
            result.append("")
    return _trim(result)


def _trim(lines: list[str]) -> list[str]:
    """Returns the lines without blank ones at both ends."""
    shown = [place for place, line in enumerate(lines) if line]
    return lines[shown[0] : shown[-1] + 1] if shown else []
