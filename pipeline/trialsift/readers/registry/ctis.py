"""CTIS, the register of the EU's Clinical Trials Regulation: a trial as JSON, as its public API and ctrdata give it.

Since 2024 the application is within `authorizedApplication`; before, its parts stood at the top. Ages are given in
categories (`18-64 years`), which are no limits, so there are none to compare with the text. Dictionaries of products
state strengths and maximum doses, which are left out: they are no prescriptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.inputs import Input
from trialsift.readers.registry.ids import find_other_ids, pick_nct_id
from trialsift.readers.registry.nested import find_flag, find_text, find_texts, iter_objects, iter_values
from trialsift.readers.registry.record import (
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    join_criteria,
)
from trialsift.readers.registry.values import join_sexes, read_count, read_date, unite

_DETAILS = "trialDetails.trialInformation"
_NAMES = "trialDetails.clinicalTrialIdentifiers"


def compose_trial(trial: Mapping[str, Any], item: Input, where: str) -> Document:
    """Returns the document of a trial, by its EU CT number. Raises ReadFailure if it has none, and UnlikeError for a
    field of another type."""
    number = find_text(trial, "ctNumber")
    if number is None:
        raise item.failure("wrong_schema", "has no ctNumber", "fetch it again from CTIS", where)
    application = next(iter_objects(trial, "authorizedApplication"), trial)
    part = next(iter_objects(application, "authorizedPartI"), {})
    details: Mapping[str, Any] = next(iter_objects(part, _DETAILS), {})
    criteria = "eligibilityCriteria.principal{}Criteria"
    ends = [*iter_objects(details, "endPoint.primaryEndPoints"), *iter_objects(details, "endPoint.secondaryEndPoints")]
    record = RegistryRecord(
        _read_fields(trial, application, part, number),
        find_text(part, f"{_NAMES}.fullTitle"),
        find_text(part, f"{_NAMES}.publicTitle") or find_text(trial, "title", "ctTitle"),
        find_text(details, "trialObjective.mainObjective"),
        "\n".join(find_texts(details, "trialObjective.secondaryObjectives.secondaryObjective")) or None,
        interventions=_read_products(part),
        outcomes=tuple(OutcomeMeasure(find_text(end, "endPoint")) for end in ends),
        eligibility=join_criteria(
            _number_lines(details, criteria.format("Inclusion"), "principalInclusionCriteria"),
            _number_lines(details, criteria.format("Exclusion"), "principalExclusionCriteria"),
        ),
        doc_id=number.strip(),
    )
    return compose_document(record, item, where or number)


def _read_fields(
    trial: Mapping[str, Any], application: Mapping[str, Any], part: Mapping[str, Any], number: str
) -> RegistryFields:
    others = find_other_ids(
        number,
        [
            *(
                text
                for texts in iter_objects(part, f"{_NAMES}.secondaryIdentifyingNumbers")
                for text in _iter_texts(texts)
            ),
            find_text(application, "eudraCt.eudraCtCode", "eudraCtInfo.eudraCtCode"),
        ],
    )
    details: Mapping[str, Any] = next(iter_objects(part, _DETAILS), {})
    people = "populationOfTrialSubjects"
    groups = [name.lower() for name in find_texts(details, f"{people}.clinicalTrialGroups.name")]
    status = find_text(trial, "ctStatus")
    return RegistryFields(
        nct_id=pick_nct_id(others),
        sex=join_sexes(
            male=find_flag(details, f"{people}.isMaleSubjects") or False,
            female=find_flag(details, f"{people}.isFemaleSubjects") or False,
        ),
        healthy_volunteers=any("healthy" in name for name in groups) if groups else None,
        conditions=unite(find_texts(part, "medicalConditions.medicalCondition")),
        title=find_text(part, f"{_NAMES}.publicTitle", f"{_NAMES}.fullTitle") or find_text(trial, "title", "ctTitle"),
        phase=find_text(trial, "trialPhase"),
        study_type="Interventional",  # the regulation is on interventional trials only
        status=None if status is None or status.isdigit() else status,
        enrolment=read_count(find_text(trial, "totalNumberEnrolled")),
        start_date=read_date(
            find_text(trial, "startDateEU") or find_text(details, "trialDuration.estimatedRecruitmentStartDate")
        ),
        sponsor_class=find_text(part, "sponsors.commercial") or find_text(trial, "sponsorType"),
        registry="CTIS",
        other_ids=others,
    )


def _number_lines(details: Mapping[str, Any], path: str, key: str) -> str | None:
    """Returns criteria in the order of their numbers, which CTIS doesn't keep (1, 10, 2)."""
    entries = [(read_count(entry.get("number")) or 0, find_text(entry, key)) for entry in iter_objects(details, path)]
    lines = [text.strip() for _, text in sorted(entries, key=lambda entry: entry[0]) if text]
    if len(lines) < 2:
        return "\n".join(lines) or None
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _read_products(part: Mapping[str, Any]) -> tuple[Intervention, ...]:
    """Returns the products by their active substance, each once in a role (`Test`, `Comparator`)."""
    found = dict.fromkeys(
        (find_text(group, "productRoleName"), name)
        for group in iter_objects(part, "productRoleGroupInfos")
        for product in iter_objects(group, "products")
        if (name := find_text(product, "jsonActiveSubstanceNames", "productName"))
    )
    return tuple(Intervention(role, name) for role, name in found)


def _iter_texts(value: Any) -> list[str]:
    """Returns all texts within an object, at any depth."""
    if isinstance(value, Mapping):
        return [text for entry in value.values() for text in _iter_texts(entry)]
    return [text for entry in iter_values(value, "") for text in ([entry] if isinstance(entry, str) else [])] + [
        text for entry in iter_objects(value, "") for text in _iter_texts(entry)
    ]
