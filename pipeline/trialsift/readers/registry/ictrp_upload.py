"""The XML that registries send to ICTRP, `<trials><trial><main>…`, as ReBec, IRCT and others hand it out.

Elements are those of the upload form of https://www.who.int/tools/clinical-trials-registry-platform. Registries differ
in how they fill it: ages are `18Y`, `18` or `0` for none, dates `2011-06-27` or `27/06/2011`, and criteria of both
kinds may stand in `inclusion_criteria`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.html.fragment import read_fragment
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.registry.elements import read_block, read_text
from trialsift.readers.registry.ids import find_other_ids, find_registry, pick_nct_id
from trialsift.readers.registry.record import (
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    join_criteria,
)
from trialsift.readers.registry.values import read_age, read_count, read_date, read_sex, split_list
from trialsift.readers.registry.xml_records import iter_xml_records

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NUMBERED = re.compile(r"^\s*condition \d+:\s*", re.I | re.M)


def read_upload_xml(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of `<trials>`. Raises ReadFailure if there are none."""
    for found in iter_xml_records(item, options, ("trial",)):
        if found.element is None:
            assert found.failure is not None
            yield found.failure
            continue
        try:
            yield compose_document(_read_record(found.element, item, found.where), item, found.where)
        except ReadFailure as failure:
            yield failure


def _read_record(trial: Element, item: Input, where: str) -> RegistryRecord:
    def line(name: str) -> str | None:
        return " ".join(read_fragment(read_text(trial, name) or "").split()) or None

    def block(name: str) -> str | None:
        return _clean(read_block(trial, name))

    number = line("main/trial_id")
    if number is None:
        raise item.failure("wrong_schema", "has no trial_id", "export it again, or leave it out", where)
    others = find_other_ids(number, [e.text for e in trial.iterfind("secondary_ids//sec_id")] + [line("main/utrn")])
    interventions = block("main/i_freetext")
    outcomes = (*trial.iterfind("primary_outcome/prim_outcome"), *trial.iterfind("secondary_outcome/sec_outcome"))
    return RegistryRecord(
        RegistryFields(
            number if find_registry(number) == "ClinicalTrials.gov" else pick_nct_id(others),
            read_age(line("criteria/agemin"), upper=False),
            read_age(line("criteria/agemax"), upper=True),
            read_sex(line("criteria/gender")),
            None,
            split_list(_NUMBERED.sub("", block("main/hc_freetext") or "")),
            line("main/public_title") or line("main/scientific_title"),
            line("main/phase"),
            line("main/study_type"),
            line("main/recruitment_status"),
            read_count(line("main/target_size")),
            read_date(line("main/date_enrolment")),
            None,
            find_registry(number) or line("main/reg_name"),
            others,
        ),
        line("main/scientific_title"),
        line("main/public_title"),
        interventions=() if interventions is None else (Intervention(None, None, interventions),),
        outcomes=tuple(OutcomeMeasure(_clean(read_block(outcome, "."))) for outcome in outcomes),
        eligibility=join_criteria(block("criteria/inclusion_criteria"), block("criteria/exclusion_criteria")),
        doc_id=number,
    )


def _clean(text: str | None) -> str | None:
    """Returns what a block shows, without carriage returns; None for nothing."""
    return read_fragment(text or "").strip() or None
