"""Turns markup into lines: headings and paragraphs on lines of their own, `- ` before list items, `|` between cells.

`Lines` receives tags and text in document order: from a parsed tree (`read_tree`), or from the markup itself
(`read_markup`), which needs no tree and so has no limit on nesting.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from trialsift.readers.raised import write_superscript


def split_words(text: str) -> frozenset[str]:
    """Returns the words of a text."""
    return frozenset(text.split())


#: Elements whose content is never displayed as text.
UNSEEN = split_words(
    "applet area audio base canvas datalist embed iframe input link map meta noembed noframes object param script "
    "select source style svg template textarea title track video"
)
# The names after the | are those that trafilatura uses.
_BLOCKS = split_words(
    "address article aside blockquote body center details dialog dir div dl fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr html legend main menu nav ol optgroup p pre section summary table ul "
    "caption head list quote"
)
_ROWS, _CELLS, _ITEMS = frozenset(("tr", "row")), frozenset(("td", "th", "cell")), frozenset(("li", "item"))
_LISTS, _BREAKS = frozenset(("ul", "ol", "dir", "menu", "list")), frozenset(("br", "lb"))
_SPACE = re.compile(r"\s+")
_NOT_SEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# a line break that the author meant: `⏎- Age over 18`, `⏎2. Signed consent`
_BULLET_BREAK = re.compile(r"\n(?=[-–•*·]\s(?:[^\W\d]|[<>≤≥])|\d{1,2}[.)]\s[A-Z])")
_BULLETED = re.compile(r"[-–—•*·‣▪◦●○■□➢✓]|\(?(?:\d{1,2}|[a-z])[.)]\s")


class Lines:
    """Collects the lines of a document."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._parts: list[str] = []  # of the current line
        self._blank = False  # whether a blank line is due
        self._depth = 0  # nesting of lists
        self._items: list[bool] = []  # open items: whether their bullet still has to be written
        self._cells = self._preformatted = 0
        self._term = False  # whether a term of a definition list has just ended
        self._opened = False  # whether the line holds nothing but the term of a definition
        self._raised: list[str] | None = None  # contents of the current superscript

    def start(self, tag: str) -> None:
        """Handles the start of an element."""
        if tag in _BREAKS and self._cells:
            self._add(" ")
        elif tag in _BREAKS:
            if not any(map(str.strip, self._parts)):
                self._blank = True  # the second of two breaks
            self._end_line()
        elif tag == "sup":
            self._write_raised()
            self._raised = []
        elif tag in _CELLS:
            self._write_raised()
            self._cells += 1
            self._parts.append(" | ")
        elif tag in _ITEMS or tag == "dt" or tag in _ROWS:
            self._end_line()
            if tag in _ITEMS:
                self._items.append(True)
        elif tag == "dd":
            term = self._line().rstrip() if self._term else ""
            if not term:
                self._end_line()
            else:
                self._parts.append(" " if term.endswith((":", "?")) else ": ")
            self._term, self._opened = False, bool(term)
        elif tag in _BLOCKS:
            self._break(tag)
            self._depth += tag in _LISTS
            self._preformatted += tag == "pre"

    def end(self, tag: str) -> None:
        """Handles the end of an element."""
        if tag == "sup":
            self._write_raised()
        elif tag in _CELLS:
            self._cells = max(0, self._cells - 1)
        elif tag in _ROWS:
            if self._line().strip(" |"):
                self._parts.append(" |")
            self._end_line()
        elif tag in _ITEMS or tag == "dd":
            self._end_line()
            if tag in _ITEMS and self._items:
                self._items.pop()
            if tag == "dd":
                self._blank = False  # `<dd><p>`: definition lists stay together
        elif tag == "dt":
            self._term = True
        elif tag in _BLOCKS:
            self._depth = max(0, self._depth - (tag in _LISTS))
            self._preformatted = max(0, self._preformatted - (tag == "pre"))
            self._break(tag)

    def text(self, text: str) -> None:
        """Handles text between two tags."""
        text = _NOT_SEEN.sub("", text)
        if self._raised is not None:
            self._raised.append(text)
            return
        if self._preformatted:
            first, *others = text.split("\n")
        else:
            plain = _SPACE.sub(lambda space: "\n" if "\n" in space[0] else " ", text)
            first, *others = (line.replace("\n", " ") for line in _BULLET_BREAK.split(plain))
        self._add(first)
        for line in others:
            self._end_line()
            self._add(line)

    def close(self) -> list[str]:
        """Returns all lines. Those without text are empty, never first, last or adjacent."""
        self._end_line()
        return self._lines

    def _add(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._opened = self._opened and text.isspace()

    def _line(self) -> str:
        return "".join(self._parts)

    def _break(self, tag: str) -> None:
        """Begins or ends a block, with a blank line unless inside a list or row."""
        if self._cells:
            self._parts.append(" ")
            return
        if self._opened and tag not in _LISTS:
            return  # `<dd><p>`
        self._end_line()
        if not self._items and not (tag in _LISTS and self._depth > 0):
            self._blank = True

    def _end_line(self) -> None:
        self._write_raised()
        line = _SPACE.sub(" ", self._line()) if not self._preformatted else self._line().expandtabs().rstrip()
        self._parts, self._opened = [], False
        shown = line.strip()
        if not shown.strip("| "):
            if self._preformatted:
                self._blank = True
            return
        if self._blank and self._lines:
            self._lines.append("")
        self._blank = False
        self._lines.append(self._indent(shown) + (line if self._preformatted and not self._items else shown))

    def _indent(self, line: str) -> str:
        """Returns the prefix of a line of a list: its bullet, unless the text has one of its own."""
        if not self._items:
            return ""
        margin = "  " * (min(len(self._items), 20) - 1)
        if not self._items[-1]:
            return margin + "  "
        self._items[-1] = False
        return margin if _BULLETED.match(line) else margin + "- "

    def _write_raised(self) -> None:
        """Writes the superscript that has just ended."""
        if self._raised is not None:
            raised, self._raised = "".join(self._raised).strip(), None
            self._add(write_superscript("".join(self._parts[-3:])[-8:], raised))


def read_tree(tree: Any) -> list[str]:
    """Returns the lines of an lxml element, of HTML or of trafilatura's output."""
    lines = Lines()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            lines.start(element.tag)
            lines.text(element.text or "")
        else:
            lines.end(element.tag)
            if element is not tree:
                lines.text(element.tail or "")
    return lines.close()


def read_markup(markup: str) -> list[str]:
    """Returns the lines of markup as its tags occur, without the contents of `UNSEEN` elements."""
    lines = Lines()
    for tag, closing, text in _tokenise(markup):
        if text:
            lines.text(html.unescape(text))
        elif closing:
            lines.end(tag)
        else:
            lines.start(tag)
    return lines.close()


_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>?")


def _tokenise(markup: str) -> Iterator[tuple[str, bool, str]]:
    """Iterates over the tags (name, whether closing) and texts of markup, in linear time."""
    place, absent = 0, set[str]()
    while place < len(markup):
        begin = markup.find("<", place)
        if begin < 0:
            begin = len(markup)
        if begin > place:
            yield "", False, markup[place:begin]
            place = begin
            continue
        tag = _TAG.match(markup, begin)
        if tag is None and markup.startswith(("<!", "<?"), begin):
            end = "-->" if markup.startswith("<!--", begin) else ">"
            place = _find_behind(markup, end, begin + 2, absent)
        elif tag is None:
            yield "", False, "<"
            place = begin + 1
        elif tag[2].lower() in ("script", "style", "title", "textarea", "svg") and not tag[1]:
            place = _find_behind(markup, f"</{tag[2]}", tag.end(), absent)
        else:
            yield tag[2].lower(), bool(tag[1]), ""
            place = tag.end()


def _find_behind(markup: str, end: str, begin: int, absent: set[str]) -> int:
    """Returns the place after the next `end`, in any case; `begin` if there is none, which is searched for only
    once."""
    found = None if end in absent else re.compile(re.escape(end), re.I).search(markup, begin)
    if found is None:
        absent.add(end)
        return begin
    return found.end()
