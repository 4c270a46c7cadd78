"""Reads the sheets of a workbook of Excel from its XML, without a library."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def list_sheets(path: Path) -> list[str]:
    """Returns the names of the sheets in order."""
    with zipfile.ZipFile(path) as book:
        return re.findall(r'sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())


def read_part(path: Path, name: str) -> str:
    """Returns the XML of a sheet."""
    with zipfile.ZipFile(path) as book:
        return book.read(f"xl/worksheets/sheet{list_sheets(path).index(name) + 1}.xml").decode()


def read_sheet(path: Path, name: str) -> list[list[tuple[str | None, str]]]:
    """Returns type and content of the cells of a sheet that are there; there must be no formula among them."""
    tree = ElementTree.fromstring(read_part(path, name))
    assert not tree.findall(f".//{_SHEET}f")
    return [[(cell.get("t"), "".join(cell.itertext())) for cell in row] for row in tree.iter(f"{_SHEET}row")]
