"""Lines on a terminal: which signs of a document may reach it, the colours of the labels, wrapping."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rich.color import Color, ColorParseError
from rich.console import Console
from rich.style import Style
from rich.text import Text

from trialsift.rules.labels import LabelTable

DIM, BOLD = Style(dim=True), Style(bold=True)
_GREY = "#dddddd"
_NOT_PRINTED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NARROWEST = 20  # columns: less is no place to wrap a text in


def visible(text: str) -> str:
    """The text with every control and format character (but tabs) as an escape such as `\\x1b`, none sent as it is."""
    if text.isprintable():
        return text
    return "".join(c if c == "\t" or unicodedata.category(c) not in _NOT_PRINTED else _escape(c) for c in text)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode() if sign != "\n" else " "


class Printer:
    """A console with the styles of the labels. `wrap` says whether lines are wrapped at its width or left whole."""

    def __init__(self, console: Console, labels: Iterable[LabelTable], wrap: bool) -> None:
        self._console, self._wrap = console, wrap
        self.coloured = console.color_system is not None
        colours = {label.label: _colour(label.colour) for label in labels}
        self.facts = {label: Style(color="black", bgcolor=colour, bold=True) for label, colour in colours.items()}
        self.tags = {label: Style(color="black", bgcolor=_pale(colour)) for label, colour in colours.items()}

    def line(self, content: Text, gutter: str = "", hanging: bool = False) -> None:
        """Prints a line behind a gutter; where lines are wrapped, the rest goes below its beginning."""
        content.expand_tabs(8)
        margin = f"{gutter} " if gutter and content.plain else gutter
        indent = len(content.plain) - len(content.plain.lstrip()) if hanging else 0
        width = self._console.width - len(margin) - indent
        if not self._wrap or width < _NARROWEST:
            self._console.print(Text.assemble((margin, DIM), content), soft_wrap=True)
            return
        for number, part in enumerate(content[indent:].wrap(self._console, width) or [Text()]):
            start = (margin if number == 0 else " " * len(margin)) + " " * indent
            self._console.print(Text.assemble((start, DIM), part), soft_wrap=True)

    def heading(self, words: str) -> None:
        """A line that opens a part, with an empty one in front."""
        self.line(Text())
        self.line(Text(f"─── {words}", BOLD))


def _colour(name: str) -> str:
    """A label's colour, or grey where its file has one that no terminal knows."""
    try:
        Color.parse(name)
    except ColorParseError:
        return _GREY
    return name


def _pale(colour: str) -> str:
    """The colour, half way to white."""
    mixed = ((part + 255) // 2 for part in Color.parse(colour).get_truecolor())
    return "#" + "".join(f"{part:02x}" for part in mixed)
