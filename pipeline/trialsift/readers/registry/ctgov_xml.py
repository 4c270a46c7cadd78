"""ClinicalTrials.gov's legacy XML: one `clinical_study` per file.

The elements are those of its schema `public.xsd`. The indentation of a `textblock` is removed as a whole, so that lists
keep theirs. Requests to fetch or expand anything are refused.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.registry.record import (
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    read_healthy_volunteers,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


def read_ctgov_xml(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the one document of a file. Raises ReadFailure if it is none."""
    study = _parsed(item, item.read(options.max_document))
    if study.tag != "clinical_study":
        message = f"is XML with the root element {study.tag[:80]!r}; expected `clinical_study` of ClinicalTrials.gov"
        raise item.failure("wrong_schema", message, "leave it out, or state what it is with --input-format")
    ranked = (study.iterfind(f"{rank}_outcome") for rank in ("primary", "secondary", "other"))
    yield compose_document(
        RegistryRecord(
            _read_fields(study),
            _text(study, "official_title"),
            _text(study, "brief_title"),
            _block(study, "brief_summary/textblock"),
            _block(study, "detailed_description/textblock"),
            tuple(
                Arm(_text(a, "arm_group_label"), _text(a, "arm_group_type"), _text(a, "description"))
                for a in study.iterfind("arm_group")
            ),
            tuple(
                Intervention(
                    _text(i, "intervention_type"),
                    _text(i, "intervention_name"),
                    _text(i, "description"),
                    _texts(i, "arm_group_label"),
                )
                for i in study.iterfind("intervention")
            ),
            tuple(
                OutcomeMeasure(_text(o, "measure"), _text(o, "description"), _text(o, "time_frame"))
                for rank in ranked
                for o in rank
            ),
            _block(study, "eligibility/criteria/textblock"),
        ),
        item,
    )


def _read_fields(study: Element) -> RegistryFields:
    return RegistryFields(
        _text(study, "id_info/nct_id"),
        _text(study, "eligibility/minimum_age"),
        _text(study, "eligibility/maximum_age"),
        _text(study, "eligibility/gender"),
        read_healthy_volunteers(_text(study, "eligibility/healthy_volunteers")),
        _texts(study, "condition"),
    )


def _parsed(item: Input, data: bytes) -> Element:
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise item.failure("empty", "holds no text", "fill it or leave it out")
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        message = "declares a document type or entities, which are never expanded or fetched"
        raise item.failure("forbidden", message, "remove the declaration `<!DOCTYPE …>`") from error
    except ParseError as error:
        raise item.failure("malformed", f"is no XML: {error}", "fetch the file again") from error
    except (LookupError, ValueError) as error:  # the declared encoding
        message = f"declares an encoding that can't be read ({error})"
        raise item.failure("encoding", message, "convert it to UTF-8") from error
    return root


def _text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else "".join(found.itertext())


def _texts(element: Element, path: str) -> tuple[str, ...]:
    return tuple(text for found in element.iterfind(path) if (text := "".join(found.itertext()).strip()))


def _block(element: Element, path: str) -> str | None:
    text = _text(element, path)
    return None if text is None else textwrap.dedent(_BLANK_LINES.sub("", text)).rstrip()
