"""ClinicalTrials.gov's legacy XML: one `clinical_study` per file.

The elements are those of its schema `public.xsd`. The indentation of a `textblock` is removed as a whole, so that lists
keep theirs. Requests to fetch or expand anything are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.registry.elements import parse_element, read_block, read_text, read_texts
from trialsift.readers.registry.ids import find_other_ids
from trialsift.readers.registry.record import (
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    read_healthy_volunteers,
)
from trialsift.readers.registry.values import read_count, read_date

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_ctgov_xml(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the one document of a file. Raises ReadFailure if it is none."""
    study = parse_element(item, item.read(options.max_document))
    if study.tag != "clinical_study":
        message = f"is XML with the root element {study.tag[:80]!r}; expected `clinical_study` of ClinicalTrials.gov"
        raise item.failure("wrong_schema", message, "leave it out, or state what it is with --input-format")
    ranked = (study.iterfind(f"{rank}_outcome") for rank in ("primary", "secondary", "other"))
    yield compose_document(
        RegistryRecord(
            _read_fields(study),
            read_text(study, "official_title"),
            read_text(study, "brief_title"),
            read_block(study, "brief_summary/textblock"),
            read_block(study, "detailed_description/textblock"),
            tuple(
                Arm(read_text(a, "arm_group_label"), read_text(a, "arm_group_type"), read_text(a, "description"))
                for a in study.iterfind("arm_group")
            ),
            tuple(
                Intervention(
                    read_text(i, "intervention_type"),
                    read_text(i, "intervention_name"),
                    read_text(i, "description"),
                    read_texts(i, "arm_group_label"),
                )
                for i in study.iterfind("intervention")
            ),
            tuple(
                OutcomeMeasure(read_text(o, "measure"), read_text(o, "description"), read_text(o, "time_frame"))
                for rank in ranked
                for o in rank
            ),
            read_block(study, "eligibility/criteria/textblock"),
        ),
        item,
    )


def _read_fields(study: Element) -> RegistryFields:
    return RegistryFields(
        read_text(study, "id_info/nct_id"),
        read_text(study, "eligibility/minimum_age"),
        read_text(study, "eligibility/maximum_age"),
        read_text(study, "eligibility/gender"),
        read_healthy_volunteers(read_text(study, "eligibility/healthy_volunteers")),
        read_texts(study, "condition"),
        read_text(study, "brief_title") or read_text(study, "official_title"),
        read_text(study, "phase"),
        read_text(study, "study_type"),
        read_text(study, "overall_status"),
        read_count(read_text(study, "enrollment")),
        read_date(read_text(study, "start_date")),
        read_text(study, "sponsors/lead_sponsor/agency_class"),
        "ClinicalTrials.gov",
        find_other_ids(
            read_text(study, "id_info/nct_id") or "",
            [*read_texts(study, "id_info/secondary_id"), read_text(study, "id_info/org_study_id")],
        ),
    )
