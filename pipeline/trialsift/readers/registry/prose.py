"""The text of elements of PubMed's and JATS' XML: paragraphs, lists, tables, superscripts, marks of references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialsift.readers.html.lines import Lines

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Tags of JATS by those of HTML that stand for them; others are passed over, their text is kept.
_AS_HTML = {
    "p": "p", "title": "h2", "label": "span", "list": "ul", "list-item": "li", "def-list": "dl", "term": "dt",
    "def": "dd", "disp-quote": "blockquote", "disp-formula": "p", "boxed-text": "div", "caption": "p", "sec": "section",
    "table": "table", "tr": "tr", "td": "td", "th": "th", "sup": "sup", "break": "br", "table-wrap-foot": "p",
    "fig": "section", "table-wrap": "section", "fn": "p",
}  # fmt: skip
#: Elements that are no text of the paper, or that say it again for a machine.
_UNREAD = frozenset(
    "ref-list fn-group tex-math object-id ext-link-list supplementary-material graphic media alternatives-graphic "
    "permissions contrib-group related-article".split()
)
#: Stands for the tag of a reference's mark; and what such a mark follows without a space.
_MARK, _BEFORE_MARKS = "[]", tuple(".,;:)%*")
_MATHML = "{http://www.w3.org/1998/Math/MathML}"


def name_tag(element: Element) -> str:
    """Returns the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def read_inline(element: Element | None) -> str:
    """Returns the text of an element on one line."""
    return "" if element is None else " ".join(" ".join(read_lines([element])).split())


def read_lines(elements: list[Element]) -> list[str]:
    """Returns the lines of elements; a blank one parts paragraphs. The mark of a reference behind a word or a number is
    set apart (`AUC 5 [12]`), so that no number grows by it."""
    writer = _Writer()
    for element in elements:
        writer.write(element)
    return writer.lines.close()


class _Writer:
    """Writes elements as lines. `cited`: within the mark of a reference; `last`: the last character written."""

    def __init__(self) -> None:
        self.lines = Lines()
        self._cited = False
        self._last = ""

    def write(self, element: Element) -> None:
        """Writes an element with all in it. The stack holds elements to begin (None), and to end, with their tags."""
        stack: list[tuple[Element, str | None]] = [(element, None)]
        while stack:
            current, begun = stack.pop()
            if begun is None and name_tag(current) not in _UNREAD:
                tag = self._find_tag(current)
                if tag == _MARK:
                    self._cited = True
                    self._text(" [")
                elif tag:
                    self.lines.start(tag)
                self._text(current.text)
                stack.append((current, tag))
                stack.extend((child, None) for child in reversed(current))
                continue
            if begun == _MARK:
                self._cited = False
                self._text("]")
            elif begun:
                self.lines.end(begun)
            if current is not element:
                self._text(current.tail)

    def _find_tag(self, element: Element) -> str:
        """Returns the tag of HTML that stands for an element, or `_MARK` for a reference; "" for none."""
        if self._cited:
            return ""
        if _is_reference(element) and (self._last.isalnum() or self._last in _BEFORE_MARKS):
            return _MARK
        return "" if element.tag.startswith(_MATHML) else _AS_HTML.get(name_tag(element), "")

    def _text(self, text: str | None) -> None:
        if text:
            self.lines.text(text)
            self._last = text[-1]


def _is_reference(element: Element) -> bool:
    """Whether an element is the mark of a reference or footnote, or raises one."""
    if not "".join(element.itertext()).strip():
        return False
    if name_tag(element) == "sup":
        return any(map(_is_reference, element))
    return name_tag(element) == "xref" and element.get("ref-type") in ("bibr", "fn", "table-fn")
