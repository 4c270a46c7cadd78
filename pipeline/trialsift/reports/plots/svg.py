"""Renders a matplotlib figure as an SVG that can be inlined in an HTML page beside others.

matplotlib writes a standalone file: with a prolog, ids that clash with those of other plots, a style sheet that would
apply to the whole page, fonts by name, and black on white. Here that file is parsed as XML and rewritten. Everything
drawn in `INK` takes the page's text colour, light or dark; styles become attributes, which a strict content security
policy allows. The same figure gives the same characters.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from trialsift.model.errors import UserError
from trialsift.model.extras import format_install_command

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Width of every plot in user units, as are font sizes. A plot is scaled to its column, so this is narrow enough for
#: text to be legible on a phone 360 pixels wide.
WIDTH = 440
#: Placeholder for the page's text colour while matplotlib draws; no plot uses it otherwise.
INK = "#010203"
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be searched, copied and read aloud
    "svg.hashsalt": "trialsift",
    "text.parse_math": False,  # a $ in a name is a $
    "font.family": "DejaVu Sans",  # for measuring text: ships with matplotlib, and is wider than FONTS
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


#: Said where plots would stand.
NO_PLOTS = f"Plots need matplotlib, which is not installed: {format_install_command('plots')}."


def find_missing() -> str | None:
    """Returns a sentence on how to install what plots need; None if it is there."""
    return NO_PLOTS if find_spec("matplotlib") is None else None


@contextmanager
def use_style() -> Iterator[None]:
    """Applies the style of the plots within the `with`; the user's matplotlib settings are neither used nor changed.
    Raises UserError without matplotlib."""
    try:
        import matplotlib.style
    except ImportError:
        raise UserError(NO_PLOTS) from None

    with matplotlib.style.context(["default", _STYLE]), warnings.catch_warnings():
        # a name may have characters that the measuring font lacks; the reader's browser has other fonts
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="constrained_layout not applied")  # numbers of astronomical length
        yield


def new_figure(height: float) -> Figure:
    """Makes an empty figure, `WIDTH` wide and `height` high in user units, with room for labels."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH / 72, height / 72), layout="constrained")  # an SVG's user unit is 1/72 inch


def clean(text: str, limit: int | None = None) -> str:
    """Puts text on one line, replaces characters that XML doesn't allow, and cuts it with … beyond `limit`."""
    line = " ".join(_NO_XML.sub("\ufffd", text).split())
    return line if limit is None or len(line) <= limit else line[: limit - 1] + "…"


def render_svg(figure: Figure, plot_id: str, title: str, description: str) -> str:
    """Renders a figure as an `<svg>` element; call it within `use_style()`.

    Every id begins with `plot_id`. Raises ValueError unless that is a letter followed by letters, digits, `-` and `_`.
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
    """Removes matplotlib's style sheet, which would apply to the whole page; the root has its styles instead."""
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag == f"{_SVG}style"]:
            parent.remove(child)


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Renumbers referenced ids with the prefix and drops the others."""
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
    """Normalises an element: plain tags, styles as attributes, text colour, two decimals, no needless white space."""
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
    """Replaces groups without attributes by their children, and moves attributes shared by all marks to their group."""
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
