"""From a matplotlib figure to an SVG that can stand within a page of HTML, beside others.

matplotlib writes a file: with a prolog, ids that clash with those of the next plot, a style sheet that would hold for
the whole page, fonts by name, and black on white. Here the drawing is read as XML and written anew. Everything drawn
in `INK` takes the colour of the page's text, light or dark; styles become attributes, so that a strict content
security policy lets them pass; the same figure gives the same characters.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Width of every plot in user units, in which font sizes are given too. A plot is scaled to its column: so narrow that
#: text can be read on a telephone, 360 pixels wide.
WIDTH = 440
#: Stands for the page's colour of text while matplotlib draws. No plot has another use for this colour.
INK = "#010203"
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be searched, copied and read aloud
    "svg.hashsalt": "trialsift",
    "text.parse_math": False,  # a $ in a name is a $
    "font.family": "DejaVu Sans",  # measures text: comes with matplotlib, and is wider than the fonts of FONTS
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 11,
    "ytick.labelsize": 12,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "grid.color", "hatch.color"), INK),
    **dict.fromkeys(("xtick.color", "ytick.color", "patch.edgecolor", "lines.color"), INK),
    "grid.alpha": 0.15,
    "grid.linewidth": 0.8,
}
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_REFERENCE = re.compile(r"(?<=url\(#)[^)]+")
_NUMBER = re.compile(r"-?\d+\.\d+")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GEOMETRY = ("d", "x", "y", "width", "height", "transform", "points")


@contextmanager
def use_style() -> Iterator[None]:
    """Within it figures look as they should, whatever the user's own matplotlib settings are; these stay untouched."""
    import matplotlib.style

    with matplotlib.style.context(["default", _STYLE]), warnings.catch_warnings():
        # a name may have characters that the font which measures lacks: the reader's browser has another font
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="constrained_layout not applied")  # numbers of astronomical length
        yield


def new_figure(height: float) -> Figure:
    """An empty figure, `WIDTH` wide and so high, in user units; matplotlib sees to it that labels have room."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH / 72, height / 72), layout="constrained")  # an SVG's user unit is 1/72 inch


def clean(text: str, limit: int | None = None) -> str:
    """A text from data on one line, without characters that XML doesn't allow, and cut with … beyond `limit`."""
    line = " ".join(_NO_XML.sub("\ufffd", text).split())
    return line if limit is None or len(line) <= limit else line[: limit - 1] + "…"


def render_svg(figure: Figure, plot_id: str, title: str, description: str) -> str:
    """The figure as an `<svg>` element; to be called within `use_style()`.

    Every id begins with `plot_id`. Raises ValueError where that can't be part of an id: expected is a letter, then
    letters, digits, `-` and `_`.
    """
    if not _ID.fullmatch(plot_id):
        raise ValueError(f"{plot_id!r} as the id of a plot; expected a letter, then letters, digits, - and _")
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata=_NO_METADATA, transparent=True)
    root = ElementTree.fromstring(written.getvalue())
    _drop_style_sheet(root)
    _rename_ids(root, plot_id)
    for element in root.iter():
        _tidy(element)
    _flatten(root)
    root.attrib = {
        "xmlns": _SVG[1:-1],
        "role": "img",
        "aria-labelledby": f"{plot_id}-title {plot_id}-desc",
        "viewBox": root.attrib["viewBox"],
        "width": "100%",
        "font-family": FONTS,
        "stroke-linejoin": "round",
    }
    for tag, text in (("desc", description), ("title", title)):
        child = ElementTree.Element(tag, {"id": f"{plot_id}-{tag}"})
        child.text = clean(text)
        root.insert(0, child)
    return ElementTree.tostring(root, encoding="unicode")


def _drop_style_sheet(root: ElementTree.Element) -> None:
    """matplotlib's style sheet says `*`, which within a page is the page; what it says stands on the root instead."""
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag == f"{_SVG}style"]:
            parent.remove(child)


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Ids that something refers to are numbered behind the prefix; the others are dropped."""
    names: dict[str, str] = {}
    referred = {e.attrib[_HREF][1:] for e in root.iter() if _HREF in e.attrib}
    referred |= {found for e in root.iter() for value in e.attrib.values() for found in _REFERENCE.findall(value)}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in referred:
            element.set("id", names.setdefault(str(old), f"{prefix}-{len(names) + 1}"))
    for element in root.iter():
        if _HREF in element.attrib:
            element.set("href", "#" + names[element.attrib.pop(_HREF)[1:]])
        for name, value in element.attrib.items():
            element.set(name, _REFERENCE.sub(lambda match: names[match.group()], value))


def _tidy(element: ElementTree.Element) -> None:
    """Plain tags, styles as attributes, ink in the colour of text, two decimals, no white space that says nothing."""
    element.tag = element.tag.removeprefix(_SVG)
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = declaration.partition(":")
        if value and name.strip() != "font-family":
            element.set(name.strip(), value.strip().replace(INK, "currentColor"))
    for name in _GEOMETRY:
        if name in element.attrib:
            value = _NUMBER.sub(
                lambda match: f"{float(match.group()):.2f}".rstrip("0").rstrip("."), element.get(name, "")
            )
            element.set(name, " ".join(value.split()))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if element.tag != "text":
        element.text = None
    element.tail = None


def _flatten(parent: ElementTree.Element) -> None:
    """Groups without attributes give way to their children; what all marks of a group have moves to the group."""
    children: list[ElementTree.Element] = []
    for child in list(parent):
        _flatten(child)
        bare = child.tag == "g" and not child.attrib
        children.extend(child if bare else [child])
    parent[:] = children
    if parent.tag == "g" and len(children) > 1 and all(child.tag == "use" for child in children):
        for name, value in list(children[0].attrib.items()):
            if name not in ("x", "y") and name not in parent.attrib and all(c.get(name) == value for c in children):
                if name == "href":
                    continue  # a group refers to nothing
                parent.set(name, value)
                for child in children:
                    del child.attrib[name]
