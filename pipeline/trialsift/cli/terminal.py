"""Prints lines and tables on a terminal: escapes control characters, applies colours, wraps."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable
from typing import Literal

from rich import box
from rich.color import Color, ColorParseError
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from trialsift.cli import options
from trialsift.rules.labels import LabelTable

DIM, BOLD = Style(dim=True), Style(bold=True)
_GREY = "#dddddd"
_NOT_PRINTED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NARROWEST = 20  # columns: narrower text is not wrapped


def open_console(color: options.Color, width: int | None = None) -> Console:
    """Opens a console on standard output that prints text unchanged.

    Of the environment variables that rich reads, only NO_COLOR and TERM decide whether there are colours.
    """
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a terminal that lacks ≥ shows \u2265
        reconfigure(errors="backslashreplace")
    on_terminal = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    coloured = color is options.Color.always or (color is options.Color.auto and on_terminal)

    def console(system: Literal["auto", "256"] | None) -> Console:
        return Console(
            force_terminal=coloured,
            no_color=False,
            color_system=system,
            width=width,
            highlight=False,
            markup=False,
            emoji=False,
        )

    made = console("auto" if coloured else None)
    # `always` into a pipe or on a terminal that rich doesn't know
    return console("256") if coloured and made.color_system is None else made


def make_table(first: str, columns: Iterable[str]) -> Table:
    """Makes an empty table: a column of names, and columns of numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(first, overflow="fold", min_width=10)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def escape(text: str) -> str:
    """Replaces control and format characters, except tabs, by escapes such as `\\x1b`."""
    if text.isprintable():
        return text
    return "".join(c if c == "\t" or unicodedata.category(c) not in _NOT_PRINTED else _escape_sign(c) for c in text)


def _escape_sign(sign: str) -> str:
    return sign.encode("unicode_escape").decode() if sign != "\n" else " "


class Printer:
    """Prints on a console with the styles of the labels. `wrap`: whether lines are wrapped at its width."""

    def __init__(self, console: Console, labels: Iterable[LabelTable], wrap: bool) -> None:
        self._console, self._wrap = console, wrap
        self.coloured = console.color_system is not None
        colours = {label.label: _check_colour(label.colour) for label in labels}
        self.facts = {label: Style(color="black", bgcolor=colour, bold=True) for label, colour in colours.items()}
        self.tags = {label: Style(color="black", bgcolor=_make_pale(colour)) for label, colour in colours.items()}

    def line(self, content: Text, gutter: str = "", hanging: bool = False) -> None:
        """Prints a line behind a gutter; wrapped lines are aligned below its start."""
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
        """Prints an empty line and a heading."""
        self.line(Text())
        self.line(Text(f"─── {words}", BOLD))


def _check_colour(name: str) -> str:
    """Returns a label's colour, or grey for a colour that terminals don't know."""
    try:
        Color.parse(name)
    except ColorParseError:
        return _GREY
    return name


def _make_pale(colour: str) -> str:
    """Mixes the colour with white."""
    mixed = ((part + 255) // 2 for part in Color.parse(colour).get_truecolor())
    return "#" + "".join(f"{part:02x}" for part in mixed)
