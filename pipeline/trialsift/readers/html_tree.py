"""The tree of a page: parsed, and cleaned of what is no text and of what surrounds it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml.html import HTMLParser

from trialsift.readers.html_lines import UNSEEN

#: A line that reads like a criterion or a dose: losing one is worse than keeping a menu.
TELLING = re.compile(
    r"\b(?:inclusion|exclusion|eligib\w+|criteri\w+|ECOG|Karnofsky|Lansky|performance status|[IU]ULN|[UL]LN)\b|"
    r"(?:[<>≤≥]|=<|>=|less than|more than|greater than|at least|up to|below|above|over|under)\s?\d|"
    r"\d\s?(?:c?Gy\b|CGE|Gray|fractions?\b|fx\b|[mµμk]?g\b|mcg\b|[dm]?L\b|I?U\b|[mµμn]mol\b|%|years?\b|yrs?\b|months?\b|"
    r"[x×*]\s?(?:10|ULN))|\bag(?:es?|ed)\b[^\d]{0,40}\d",
    re.I,
)
# What surrounds a page goes, unless it tells of criteria: a box at the side may hold ages and performance status.
_CRITERIA = re.compile(
    r"\b(?:inclusion|exclusion|eligib\w+|criteri\w+|ages?|ECOG|Karnofsky|Lansky|performance status)\b", re.I
)
_FIGURE = re.compile(r"[<>≤≥]|\d\s?[-–]\s?\d|\d\s?(?:\w{0,6}/|years?\b|yrs?\b|months?\b|Gy\b|mg\b)|[UL]LN", re.I)
_AROUND = frozenset(("nav", "footer", "aside", "dialog", "noscript"))
_ROLES = frozenset(
    ("navigation", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar")
)
_NAMED_AROUND = re.compile(
    r"cookie[-_]?(?:banner|bar|box|consent|law|notice|policy|popup)|consent[-_]?(?:banner|manager)|onetrust|cookiebot|"
    r"(?:^|[\s_-])(?:footer|breadcrumbs?|newsletter|pagination|skip-?(?:link|nav)|share-?(?:bar|buttons?|links?)|"
    r"social-?(?:links?|media|share)?|site-?(?:nav|menu)|nav-?(?:bar|menu)|side-?bar|"
    r"(?:related|recommended|similar)[-_]?(?:articles?|content|items?|links?|news|pages?|posts?|reading|stud(?:y|ies)|"
    r"topics?|trials?))(?:$|[\s_-])",
    re.I,
)
_NEVER_AROUND = frozenset(("html", "body", "main", "article"))
# Tags that trafilatura takes for no text, and that hold it where a page is an application.
_PLAIN = {"form": "div", "fieldset": "div", "figure": "div", "legend": "p", "label": "span", "button": "span"}
_PLAIN |= {"time": "span", "output": "span", "menu": "ul", "dialog": "div", "noscript": "div"}
_PLAIN |= {"nav": "div", "footer": "div", "aside": "div"}
_HOLDS_LINES = "ul ol dl table h1 h2 h3 h4 h5 h6 pre".split()
_LONG_CELL = 200  # characters: a longer cell with breaks in it is a column of a page, no cell of a table

_INVALID = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NO_TAG = re.compile(r"<(?![a-zA-Z/!?])|</(?![a-zA-Z>])|<(/?)([a-zA-Z][a-zA-Z0-9]*)(?![\w:-])")
_NAMES = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body "
    "br button canvas caption center cite code col colgroup command data datalist dd del details dfn dialog dir div dl "
    "dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html "
    "i iframe image img input ins isindex kbd keygen label layer legend li link listing main map mark marquee math menu "
    "menuitem meta meter nav nobr noembed noframes noindex noscript object ol optgroup option output p param picture "
    "plaintext portal pre progress q rb rp rt rtc ruby s samp script search section select slot small source spacer span "
    "strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul "
    "var video wbr xml xmp annotation semantics mi mn mo mrow ms mspace mstyle msub msubsup msup mtable mtd mtext mtr "
    "munder mover mfrac msqrt mroot mpadded mphantom menclose mfenced "
    "circle clippath defs desc ellipse filter foreignobject g image line lineargradient marker mask metadata path "
    "pattern polygon polyline radialgradient rect stop switch symbol text textpath tspan use view".split()
)


def escaped(markup: str) -> str:
    """The markup with each `<` that opens no tag of HTML as `&lt;`: `platelets <100`, `creatinine <ULN`."""
    return _NO_TAG.sub(_escape, _INVALID.sub("", markup).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))


def _escape(match: re.Match[str]) -> str:
    if match[2] and match[2].lower() in _NAMES:
        return match[0]
    return "&lt;" + match[0][1:]


def parsed(markup: str) -> Any | None:
    """The root of the tree of a page, without comments; None for one that is nested deeper than a tree can hold."""
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, default_doctype=False
    )
    data = escaped(markup).encode("utf-8")
    for start in range(0, len(data), 1 << 16):
        parser.feed(data[start : start + (1 << 16)])
    try:
        root = parser.close()
    except etree.ParserError:
        root = None
    if any("depth" in error.message.lower() for error in parser.error_log):
        return None
    return root if root is not None else etree.Element("html")


def title(tree: Any) -> str:
    """The title that a page states, on one line."""
    found = tree.find(".//title")
    return " ".join("".join(found.itertext()).split())[:500] if found is not None else ""


def headings(tree: Any) -> list[str]:
    """What a page is headed by."""
    return ["".join(element.itertext()) for element in tree.iter("h1")]


def clean(tree: Any) -> None:
    """Takes from a tree what no reader sees and what surrounds the page, and gives the rest the tags of plain text."""
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
    for element in tree.iter(*_PLAIN):
        if element.tag in ("button", "label"):
            element.tail = f" {element.tail or ''}"
        element.tag = _PLAIN[element.tag]


def larger(tree: Any, most: int, deepest: int) -> bool:
    """Whether a tree has more elements, or is nested deeper, than this."""
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += 1
        if depth > deepest or count > 2 * most:
            return True
    return False


def _surrounds(element: Any) -> bool:
    if element.tag in _AROUND or (element.get("role") or "").lower() in _ROLES:
        return True
    return any(_NAMED_AROUND.search((element.get(name) or "")[:500]) for name in ("class", "id"))


def _tells(element: Any) -> bool:
    text = "".join(element.itertext())
    return _CRITERIA.search(text) is not None and _FIGURE.search(text) is not None


def _unwrap_layout(table: Any) -> None:
    """Makes plain blocks of a table that is the layout of a page: one whose cells hold lists, headings, long text."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    if not any(map(_is_column, cells)):
        return
    for element in [table, *rows, *cells, *(child for child in table if child.tag in ("tbody", "thead", "tfoot"))]:
        element.tag = "div"


def _is_column(cell: Any) -> bool:
    if next(cell.iter(*_HOLDS_LINES), None) is not None:
        return True
    return next(cell.iter("br", "p", "div"), None) is not None and len("".join(cell.itertext())) > _LONG_CELL
