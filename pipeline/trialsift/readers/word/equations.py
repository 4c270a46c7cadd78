"""Equations of Word (OMML) as text in their place: `≥1.5×10^9/L`. mammoth leaves them out, numbers and all.

Source: ECMA-376, part 1, section 22.1 (Math).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def write_equations(part: bytes) -> bytes:
    """Returns a part of a file of Word with a run of text for each equation."""
    if b"oMath" not in part:
        return part
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(part, parser)
    for equation in list(root.iter(f"{_MATH}oMath")):
        run = etree.Element(f"{_WORD}r")
        text = etree.SubElement(run, f"{_WORD}t")
        text.set(_SPACE, "preserve")
        text.text = _write(equation)
        parent = equation.getparent()
        if parent.tag == f"{_MATH}oMathPara":  # a group of equations stands within a paragraph, and is removed below
            parent.addprevious(run)
        else:
            run.tail = equation.tail
            parent.replace(equation, run)
    for paragraph in list(root.iter(f"{_MATH}oMathPara")):
        paragraph.getparent().remove(paragraph)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _write(element: Any) -> str:
    """Returns the text of an equation or a part of it."""
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    if name == "f":
        return f"{_write_child(element, 'num')}/{_write_child(element, 'den')}"
    if name in ("sSup", "sSubSup"):
        return f"{_write_child(element, 'e')}{_write_child(element, 'sub')}^{_write_child(element, 'sup')}"
    if name == "d":
        return f"({', '.join(_write(child) for child in element.findall(f'{_MATH}e'))})"
    return "".join(map(_write, element))


def _write_child(element: Any, name: str) -> str:
    child = element.find(f"{_MATH}{name}")
    return "" if child is None else _write(child)
