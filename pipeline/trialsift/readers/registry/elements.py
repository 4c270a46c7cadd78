"""XML elements: parsed without document types and entities, and their text."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from trialsift.readers.inputs import Input

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


def parse_element(item: Input, data: bytes, where: str = "") -> Element:
    """Returns the root of XML at `where` in an input. Raises ReadFailure for other bytes, for document types and for
    entities."""
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise item.failure("empty", "holds no text", "fill it or leave it out", where)
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        message = "declares a document type or entities, which are never expanded or fetched"
        raise item.failure("forbidden", message, "remove the declaration `<!DOCTYPE …>`", where) from error
    except ParseError as error:
        # Within a record, columns and lines are those of the record.
        raise item.failure("malformed", f"is no XML: {error}", "fetch the file again", where) from error
    except (LookupError, ValueError) as error:  # the declared encoding
        message = f"declares an encoding that can't be read ({error})"
        raise item.failure("encoding", message, "convert it to UTF-8", where) from error
    return root


def read_text(element: Element, path: str) -> str | None:
    """Returns all text in the first element at a path; None if there is none."""
    found = element.find(path)
    return None if found is None else "".join(found.itertext())


def read_texts(element: Element, path: str) -> tuple[str, ...]:
    """Returns the texts of all elements at a path that hold any, without white space around."""
    return tuple(text for found in element.iterfind(path) if (text := "".join(found.itertext()).strip()))


def read_block(element: Element, path: str) -> str | None:
    """Returns the text of the first element at a path without the indentation that all its lines share."""
    text = read_text(element, path)
    return None if text is None else textwrap.dedent(_BLANK_LINES.sub("", text)).rstrip()
