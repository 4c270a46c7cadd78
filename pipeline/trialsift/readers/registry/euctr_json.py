"""EUCTR records as JSON, as ctrdata stores them: a key for each field, `e3_principal_inclusion_criteria`.

On the way to this form comparators and letters with accents got lost (`platelets 100` for `platelets < 100`). Where a
record has none of them left, its document says so (`meta.signs`: `lost`); the text download of the register has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.inputs import Input
from trialsift.readers.registry.euctr import find_country
from trialsift.readers.registry.ids import find_other_ids, pick_nct_id
from trialsift.readers.registry.nested import find_flag, find_text, find_texts, iter_objects
from trialsift.readers.registry.record import (
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    join_criteria,
)
from trialsift.readers.registry.values import join_sexes, read_count, read_date, split_list

_SIGNS = re.compile(r"[<>]|[^\x00-\x7f]")
_LAY_TITLE = "a31_title_of_the_trial_for_lay_people_in_easily_understood_ie_nontechnical_language"
_TITLE = "a3_full_title_of_the_trial"
_PHASES = {
    "e71_human_pharmacology_phase_i": "I",
    "e72_therapeutic_exploratory_phase_ii": "II",
    "e73_therapeutic_confirmatory_phase_iii": "III",
    "e74_therapeutic_use_phase_iv": "IV",
}
_PEOPLE = ("f422_in_the_whole_clinical_trial", "f421_in_the_eea", "f41_in_the_member_state")


def compose_record(record: Mapping[str, Any], item: Input, where: str) -> Document:
    """Returns the document of a country's record of a trial. Raises ReadFailure if it has no number or text, and
    UnlikeError for a field of another type."""
    number = find_text(record, "a2_eudract_number") or ""
    doc_id = find_text(record, "_id") or number
    if doc_id == number and (country := find_country(find_text(record, "a1_member_state_concerned") or "")):
        doc_id = f"{number}-{country}"
    ends = (
        ("e51_primary_end_points", "e511_timepoints_of_evaluation_of_this_end_point"),
        ("e52_secondary_end_points", "e521_timepoints_of_evaluation_of_this_end_point"),
    )
    document = compose_document(
        RegistryRecord(
            _read_fields(record, number),
            find_text(record, _TITLE),
            find_text(record, _LAY_TITLE),
            find_text(record, "e21_main_objective_of_the_trial"),
            find_text(record, "e22_secondary_objectives_of_the_trial"),
            interventions=_read_products(record),
            outcomes=tuple(OutcomeMeasure(find_text(record, end), None, find_text(record, time)) for end, time in ends),
            eligibility=join_criteria(
                find_text(record, "e3_principal_inclusion_criteria"),
                find_text(record, "e4_principal_exclusion_criteria"),
            ),
            doc_id=doc_id,
        ),
        item,
        where or doc_id,
    )
    return document if _SIGNS.search(document.text) else replace(document, notes={**document.notes, "signs": "lost"})


def _read_fields(record: Mapping[str, Any], number: str) -> RegistryFields:
    others = find_other_ids(
        number, [text for key in record if key.startswith("a5") for text in find_texts(record, key)]
    )
    people = (read_count(find_text(record, key)) for key in _PEOPLE)
    return RegistryFields(
        nct_id=pick_nct_id(others),
        sex=join_sexes(male=find_flag(record, "f22_male") or False, female=find_flag(record, "f21_female") or False),
        healthy_volunteers=find_flag(record, "f31_healthy_volunteers"),
        conditions=split_list(find_text(record, "e11_medical_conditions_being_investigated")),
        title=find_text(record, _LAY_TITLE, _TITLE),
        phase="/".join(phase for key, phase in _PHASES.items() if find_flag(record, key)) or None,
        study_type="Interventional",  # the directive is on interventional trials only
        status=find_text(record, "x5_trial_status", "p_end_of_trial_status"),
        enrolment=next((count for count in people if count is not None), None),
        start_date=read_date(find_text(record, "n_date_of_competent_authority_decision")),
        sponsor_class=find_text(record, "b1_sponsor.b31_and_b32_status_of_the_sponsor"),
        registry="EUCTR",
        other_ids=others,
    )


def _read_products(record: Mapping[str, Any]) -> tuple[Intervention, ...]:
    keys = ("d38_inn__proposed_inn", "d31_product_name", "d2111_trade_name")
    found = dict.fromkeys(
        (find_text(product, "d12_and_d13_imp_role"), name)
        for product in iter_objects(record, "dimp")
        if (name := find_text(product, *keys))
    )
    return tuple(Intervention(role, name) for role, name in found)
