"""Text with tags in it, as tables and registries hold it: `Age &gt;= 18<br>&gt; 3 x ULN`.

Only what is written like a tag of HTML is one: `<100`, `<ULN` and `a <b and c> d` are text.
"""

from __future__ import annotations

import html
import re

from trialsift.readers.html import lines as html_lines
from trialsift.readers.html import tree as html_tree

_ATTRIBUTE = r"\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`]+)"
_TAG = re.compile(rf"</?(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:{_ATTRIBUTE}){{0,50}}\s*/?>")
_SHOWN = frozenset(
    "a abbr b big blockquote br center code dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i ins li ol p pre s small span "
    "strong sub sup table tbody td tfoot th thead tr tt u ul".split()
)
_BLOCKS = re.compile(r"<(?:p|li|ul|ol|div|table|tr|td|dl|dd|h[1-6])(?:\s[^<>]*)?>", re.I)
_REFERENCE = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")
# `⏎<br>` and `<br>⏎` are one line end
_LINE_END = re.compile(r"(?:\n[^\S\n]*)?<br\s*/?>(?:[^\S\n]*\n)?|\n", re.I)


def has_markup(text: str) -> bool:
    """Whether there are tags or character references in a text."""
    return has_tags(text) or _REFERENCE.search(text) is not None


def has_tags(text: str) -> bool:
    """Whether there are tags in a text."""
    return "<" in text and any(map(_is_tag, _TAG.finditer(text)))


def read_fragment(text: str) -> str:
    """Returns what a reader of the fragment would see. Without tags and references it is the text itself.

    Line ends stay where there are no paragraphs, lists or tables, in which they only wrap lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not has_tags(text):
        return html.unescape(text) if _REFERENCE.search(text) else text
    if not _BLOCKS.search(text):
        text = _LINE_END.sub("<br>", text)
    pieces, end = [], 0
    for match in filter(_is_tag, _TAG.finditer(text)):
        pieces += [text[end : match.start()].replace("<", "&lt;"), match[0]]
        end = match.end()
    markup = "".join([*pieces, text[end:].replace("<", "&lt;")])
    tree = html_tree.parse(markup)
    return "\n".join(html_lines.read_markup(markup) if tree is None else html_lines.read_tree(tree))


def _is_tag(match: re.Match[str]) -> bool:
    return match["name"].lower() in _SHOWN
