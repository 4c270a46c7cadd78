"""cancer.gov's Clinical Trials API v2: trials that NCI supports, with criteria one by one.

Concepts of NCI's thesaurus (diseases, interventions) come with all their ancestors; those that the trial itself names
are marked `TRIAL`. Their definitions say nothing of the trial and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.inputs import Input
from trialsift.readers.registry.ids import find_other_ids
from trialsift.readers.registry.nested import find_flag, find_text, find_texts, iter_objects
from trialsift.readers.registry.record import (
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    join_criteria,
)
from trialsift.readers.registry.values import read_age, read_count, read_date, unite

_INDENT = re.compile(r"\r?\n[ \t]*")
_RANKS = {"PRIMARY": 0, "SECONDARY": 1}
_NO_ARM = "Arm not specified"


def compose_trial(trial: Mapping[str, Any], item: Input, where: str) -> Document:
    """Returns the document of a trial, by its NCI number. Raises ReadFailure if it has none or no text, and UnlikeError
    for a field of another type."""
    number = find_text(trial, "nci_id")
    if number is None:
        raise item.failure("wrong_schema", "has no nci_id", "fetch it again from cancer.gov", where)
    outcomes = sorted(
        iter_objects(trial, "outcome_measures"), key=lambda o: _RANKS.get(find_text(o, "type_code") or "", len(_RANKS))
    )
    record = RegistryRecord(
        _read_fields(trial, number),
        find_text(trial, "official_title"),
        find_text(trial, "brief_title"),
        _unwrap(find_text(trial, "brief_summary")),
        _unwrap(find_text(trial, "detail_description")),
        tuple(
            Arm(find_text(arm, "name"), find_text(arm, "type"), _unwrap(find_text(arm, "description")))
            for arm in iter_objects(trial, "arms")
            if find_text(arm, "name") != _NO_ARM
        ),
        _read_interventions(trial),
        tuple(
            OutcomeMeasure(find_text(o, "name"), _unwrap(find_text(o, "description")), find_text(o, "time_frame"))
            for o in outcomes
        ),
        join_criteria(_list_criteria(trial, included=True), _list_criteria(trial, included=False)),
        number,
    )
    return compose_document(record, item, number)


def _list_criteria(trial: Mapping[str, Any], *, included: bool) -> str | None:
    """Returns the criteria of a kind in their order, each a line with a bullet."""
    found = [
        (read_count(entry.get("display_order")) or 0, _unwrap(find_text(entry, "description")))
        for entry in iter_objects(trial, "eligibility.unstructured")
        if find_flag(entry, "inclusion_indicator") is included
    ]
    return "\n".join(f"- {text}" for _, text in sorted(found, key=lambda entry: entry[0]) if text) or None


def _read_interventions(trial: Mapping[str, Any]) -> tuple[Intervention, ...]:
    """Returns what the trial gives, each once, with the arms that get it."""
    arms: dict[tuple[str | None, str], list[str]] = {}
    for arm in iter_objects(trial, "arms"):
        for entry in iter_objects(arm, "interventions"):
            name = find_text(entry, "name")
            if name and find_text(entry, "inclusion_indicator") == "TRIAL":
                arms.setdefault((find_text(entry, "type"), name), []).append(find_text(arm, "name") or _NO_ARM)
    return tuple(
        Intervention(kind, name, None, () if _NO_ARM in labels else tuple(labels))
        for (kind, name), labels in arms.items()
    )


def _read_fields(trial: Mapping[str, Any], number: str) -> RegistryFields:
    stated = "eligibility.structured"
    diseases = (d for d in iter_objects(trial, "diseases") if find_text(d, "inclusion_indicator") == "TRIAL")
    ids = [find_text(trial, key) for key in ("nct_id", "protocol_id", "ccr_id", "ctep_id", "dcp_id")] + find_texts(
        trial, "other_ids.value"
    )
    return RegistryFields(
        find_text(trial, "nct_id"),
        read_age(find_text(trial, f"{stated}.min_age"), upper=False),
        read_age(find_text(trial, f"{stated}.max_age"), upper=True),
        find_text(trial, f"{stated}.sex", f"{stated}.gender"),
        find_flag(trial, f"{stated}.accepts_healthy_volunteers"),
        unite(find_text(disease, "name") for disease in diseases),
        find_text(trial, "brief_title", "official_title"),
        find_text(trial, "phase"),
        find_text(trial, "study_protocol_type"),
        find_text(trial, "current_trial_status"),
        read_count(find_text(trial, "minimum_target_accrual_number")),
        read_date(find_text(trial, "start_date")),
        find_text(trial, "study_source"),
        "NCI",
        find_other_ids(number, ids),
    )


def _unwrap(text: str | None) -> str | None:
    """Returns a text without the indentation of its wrapped lines."""
    return None if text is None else _INDENT.sub("\n", text).strip() or None
