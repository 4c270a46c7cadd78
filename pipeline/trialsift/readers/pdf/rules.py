"""What is drawn on a page besides letters: straight lines, the borders of tables, and dots, the bullets of lists."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

#: In points: what is thinner is a line, what is shorter a part of a sign.
_THIN, _SHORT = 2.5, 6.0
_DOT = (1.5, 6.0)  # from and to: the sides of a dot
#: A drawing has more; it is looked at no further.
_MOST = 4000
_NESTED = 4  # forms within forms


class Rule(NamedTuple):
    """A horizontal (`level`) or vertical line, in points: where it stands on the other axis, and from where to where it
    goes on its own."""

    level: bool
    place: float
    begin: float
    end: float


def find_rules(page: Any) -> tuple[list[Rule], list[tuple[float, float]]]:
    """Returns the straight lines of a page of pdfium, and the middle of each dot; none of a page that holds a
    drawing."""
    import pypdfium2.raw as pdfium

    rules: list[Rule] = []
    dots: list[tuple[float, float]] = []
    for number, shape in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=_NESTED)):
        if number >= _MOST or len(rules) >= _MOST:
            return [], []
        fill, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(shape.raw, fill, stroked)
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if stroked.value:
            rules.extend(_read_segments(pdfium, shape.raw))
        elif fill.value and pdfium.FPDFPageObj_GetBounds(shape.raw, left, bottom, right, top):
            sides = left.value, bottom.value, right.value, top.value
            rules.extend(_make_rule(*sides))
            if (
                _DOT[0] <= min(sides[2] - sides[0], sides[3] - sides[1])
                and max(sides[2] - sides[0], sides[3] - sides[1]) <= _DOT[1]
            ):
                dots.append(((sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2))
    return rules, dots


def _read_segments(pdfium: Any, shape: Any) -> Iterator[Rule]:
    before = start = None
    for index in range(min(pdfium.FPDFPath_CountSegments(shape), _MOST)):
        segment = pdfium.FPDFPath_GetPathSegment(shape, index)
        point = _find_point(pdfium, shape, segment)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
            yield from _make_rule(*_order(before, point))
        if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
            yield from _make_rule(*_order(point, start))
        before = point


def _find_point(pdfium: Any, shape: Any, segment: Any) -> tuple[float, float]:
    """Returns where the end of a segment stands on the page."""
    x, y, matrix = ctypes.c_float(), ctypes.c_float(), pdfium.FS_MATRIX()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    if not pdfium.FPDFPageObj_GetMatrix(shape, matrix):
        return x.value, y.value
    return (
        matrix.a * x.value + matrix.c * y.value + matrix.e,
        matrix.b * x.value + matrix.d * y.value + matrix.f,
    )


def _order(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _make_rule(left: float, bottom: float, right: float, top: float) -> Iterator[Rule]:
    if top - bottom <= _THIN and right - left >= _SHORT:
        yield Rule(True, (bottom + top) / 2, left, right)
    elif right - left <= _THIN and top - bottom >= _SHORT:
        yield Rule(False, (left + right) / 2, bottom, top)
