"""The tree of a page: parsed, and cleaned of everything that is not text or surrounds the text."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, defs

from trialsift.readers.html.lines import UNSEEN, split_words

#: A line that looks like a criterion or a dose: losing one is worse than keeping a menu.
TELLING = re.compile(
    r"\b(?:inclusion|exclusion|eligib\w+|criteri\w+|ECOG|Karnofsky|Lansky|performance status|[IU]ULN|[UL]LN)\b|"
    r"(?:[<>≤≥]|=<|>=|less than|more than|greater than|at least|up to|below|above|over|under)\s?\d|"
    r"\d\s?(?:c?Gy\b|CGE|Gray|fractions?\b|fx\b|[mµμk]?g\b|mcg\b|[dm]?L\b|I?U\b|[mµμn]mol\b|%|years?\b|yrs?\b|months?\b|"
    r"[x×*]\s?(?:10|ULN))|\bag(?:es?|ed)\b[^\d]{0,40}\d",
    re.I,
)
# What surrounds a page is removed unless it holds criteria: a sidebar may give ages and performance status.
_CRITERIA = re.compile(
    r"\b(?:inclusion|exclusion|eligib\w+|criteri\w+|ages?|ECOG|Karnofsky|Lansky|performance status)\b", re.I
)
_FIGURE = re.compile(r"[<>≤≥]|\d\s?[-–]\s?\d|\d\s?(?:\w{0,6}/|years?\b|yrs?\b|months?\b|Gy\b|mg\b)|[UL]LN", re.I)
_AROUND = frozenset(("nav", "footer", "aside", "dialog", "noscript"))
_ROLES = frozenset(("navigation", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar"))
_NAMED_AROUND = re.compile(
    r"cookie[-_]?(?:banner|bar|box|consent|law|notice|policy|popup)|consent[-_]?(?:banner|manager)|onetrust|cookiebot|"
    r"(?:^|[\s_-])(?:footer|breadcrumbs?|newsletter|pagination|skip-?(?:link|nav)|share-?(?:bar|buttons?|links?)|"
    r"social-?(?:links?|media|share)?|site-?(?:nav|menu)|nav-?(?:bar|menu)|side-?bar|"
    r"(?:related|recommended|similar)[-_]?(?:articles?|content|items?|links?|news|pages?|posts?|reading|stud(?:y|ies)|"
    r"topics?|trials?))(?:$|[\s_-])",
    re.I,
)
_LABEL = re.compile(r"(?:^|[\s_-])(?:label|term)(?:$|[\s_-])", re.I)
_NEVER_AROUND = frozenset(("html", "body", "main", "article"))
# Tags that trafilatura takes for no text, but that hold it if a page is an application.
_PLAIN = {"form": "div", "fieldset": "div", "figure": "div", "legend": "p", "label": "span", "button": "span"}
_PLAIN |= {"time": "span", "output": "span", "menu": "ul", "dialog": "div", "noscript": "div"}
_PLAIN |= {"nav": "div", "footer": "div", "aside": "div"}
_HOLDS_LINES = split_words("ul ol dl table h1 h2 h3 h4 h5 h6 pre")
_SIDE = re.compile(r"(?:\w+ ){0,3}(?P<kind>in|ex)clusion(?: criteri(?:a|on))?:?", re.I)
_LONG_CELL = 200  # in characters; a longer cell with line breaks is a column of a page layout

_INVALID = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]{1,8}|[0-9]{1,9});?")
_NO_TAG = re.compile(r"<(?![a-zA-Z/!?])|</(?![a-zA-Z>])|<(/?)([a-zA-Z][a-zA-Z0-9]*)(?![\w:-])")
# Tags missing from lxml's list: current and obsolete HTML, MathML and SVG.
_NAMES = defs.tags | split_words(
    "bdi bgsound data dialog frame image layer listing main menuitem nobr noembed noframes noindex picture plaintext "
    "portal rb rtc search slot spacer template xml xmp "
    "annotation menclose mfenced mfrac mi mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup "
    "msup mtable mtd mtext mtr munder semantics "
    "circle clippath defs desc ellipse filter foreignobject g line lineargradient marker mask metadata path pattern "
    "polygon polyline radialgradient rect stop switch symbol text textpath tspan use view"
)


def escape_text(markup: str) -> str:
    """Returns the markup with each `<` that opens no HTML tag as `&lt;`: `platelets <100`, `creatinine <ULN`."""
    plain = _INVALID.sub("", _REFERENCE.sub(_decode_reference, markup))
    return _NO_TAG.sub(_escape, plain.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))


def _decode_reference(match: re.Match[str]) -> str:
    """Returns a numeric character reference as browsers read it: `&#150;` is a dash. Markup signs stay references."""
    character = html.unescape(match[0])
    return match[0] if character in ("<", ">", "&") else character


def _escape(match: re.Match[str]) -> str:
    if match[2] and match[2].lower() in _NAMES:
        return match[0]
    return "&lt;" + match[0][1:]


def parse(markup: str) -> Any | None:
    """Returns the root of a page's tree, without comments; None if it is nested too deeply for a tree."""
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, default_doctype=False
    )
    root = etree.fromstring(escape_text(markup).encode("utf-8"), parser=parser)
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        return None  # libxml2 stops at a depth, and would lose everything after it
    return root if root is not None else etree.Element("html")


def find_title(tree: Any) -> str:
    """Returns the title that a page states, on one line."""
    found = tree.find(".//title")
    return " ".join("".join(found.itertext()).split())[:500] if found is not None else ""


def find_headings(tree: Any) -> list[str]:
    """Returns the top headings of a page."""
    return ["".join(element.itertext()) for element in tree.iter("h1")]


def clean(tree: Any) -> None:
    """Removes from a tree what no reader sees and what surrounds the page, and replaces tags by those of plain text."""
    for element in list(tree.iter(*UNSEEN)):
        if element is not tree:
            element.drop_tree()
    for element in list(tree.iter(etree.Element)):
        if element.tag in _NEVER_AROUND or element.getparent() is None:
            continue
        if _surrounds(element) and not _tells(element):
            element.drop_tree()
    for element in list(tree.iter("table")):
        _unwrap_layout(element)
    for element in list(tree.iter("div", "span", "p", "label")):
        _pair(element)
    for element in tree.iter(*_PLAIN):
        if element.tag in ("button", "label"):
            element.tail = f" {element.tail or ''}"
        element.tag = _PLAIN[element.tag]


def is_larger(tree: Any, most: int, deepest: int) -> bool:
    """Whether a tree has more elements, or deeper nesting, than this."""
    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(tree, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > deepest or count >= 2 * most:
            return True
    return False


def _surrounds(element: Any) -> bool:
    if element.tag in _AROUND or (element.get("role") or "").lower() in _ROLES:
        return True
    return any(_NAMED_AROUND.search((element.get(name) or "")[:500]) for name in ("class", "id"))


def _tells(element: Any) -> bool:
    text = "".join(element.itertext())
    return _CRITERIA.search(text) is not None and _FIGURE.search(text) is not None


def _pair(element: Any) -> None:
    """Makes a term and its definition of two elements that the class of the first marks as such."""
    value = element.getnext()
    if element.getprevious() is not None or value is None or value.getnext() is not None:
        return
    if value.tag in ("div", "span", "p") and _LABEL.search((element.get("class") or "")[:500]):
        element.tag, value.tag = "dt", "dd"


def _unwrap_layout(table: Any) -> None:
    """Turns a layout table, one whose cells hold lists, headings or long text, into plain blocks."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    if not any(map(_is_column, cells)):
        return
    _stack_columns(rows)
    for element in [table, *rows, *cells, *(child for child in table if child.tag in ("tbody", "thead", "tfoot"))]:
        element.tag = "div"


def _stack_columns(rows: list[Any]) -> None:
    """Puts the cells of a column below each other, where the first row has headings of criteria of either kind."""
    columns = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if len(rows) < 2 or any(len(row) != len(columns[0]) for row in columns):
        return
    heads = [_SIDE.fullmatch(" ".join("".join(cell.itertext()).split())) for cell in columns[0]]
    if {head["kind"].lower() for head in heads if head} != {"in", "ex"}:
        return
    for row, cells in zip(rows[1:], columns[1:], strict=True):
        for head, cell in zip(columns[0], cells, strict=True):
            cell.tail = None
            head.append(cell)
        row.drop_tree()


def _is_column(cell: Any) -> bool:
    if next(cell.iter(*_HOLDS_LINES), None) is not None:
        return True
    return next(cell.iter("br", "p", "div"), None) is not None and len("".join(cell.itertext())) > _LONG_CELL
