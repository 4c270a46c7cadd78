"""Offsets of tools that run in a browser: JavaScript counts in UTF-16, where 😀 is two."""

from __future__ import annotations

from typing import Any


def find_place(text: str, start: Any, end: Any, surface: Any) -> tuple[int, int] | None:
    """Returns start and end of a span in code points; None where they don't give its text.

    They are taken as code points where the text there is `surface` (or that is no text), else as UTF-16. White space,
    and a line end that was written out as `\\n`, make no difference.
    """
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        return None
    if end <= len(text) and (not isinstance(surface, str) or _is_same(text[start:end], surface)):
        return start, end
    units = text.encode("utf-16-le", "surrogatepass")
    try:
        before, within = units[: 2 * start].decode("utf-16-le"), units[2 * start : 2 * end].decode("utf-16-le")
    except UnicodeDecodeError:  # in the middle of a character
        return None
    if 2 * end <= len(units) and isinstance(surface, str) and _is_same(within, surface):
        return len(before), len(before) + len(within)
    return None


def _is_same(found: str, surface: str) -> bool:
    return found == surface or _collapse(found) == _collapse(surface)


def _collapse(text: str) -> str:
    return "".join(text.replace("\\n", " ").split())
