"""ClinicalTrials.gov's API before v2: `FullStudiesResponse`, kept in many archives.

Modules are those of v2, by names that begin with a capital letter; lists are within objects, as in
`ConditionList.Condition`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.inputs import Input
from trialsift.readers.registry.ids import find_other_ids
from trialsift.readers.registry.nested import find_text, find_texts, iter_objects
from trialsift.readers.registry.record import (
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    read_healthy_volunteers,
)
from trialsift.readers.registry.values import read_count, read_date, unite


def compose_study(study: Mapping[str, Any], item: Input, where: str) -> Document:
    """Returns the document of a study. Raises ReadFailure for one without NCT number or text, and UnlikeError for a
    field of another type."""
    protocol: Mapping[str, Any] = next(iter_objects(study, "ProtocolSection"), {})
    groups = "ArmsInterventionsModule"
    record = RegistryRecord(
        _read_fields(protocol),
        find_text(protocol, "IdentificationModule.OfficialTitle"),
        find_text(protocol, "IdentificationModule.BriefTitle"),
        find_text(protocol, "DescriptionModule.BriefSummary"),
        find_text(protocol, "DescriptionModule.DetailedDescription"),
        tuple(
            Arm(find_text(a, "ArmGroupLabel"), find_text(a, "ArmGroupType"), find_text(a, "ArmGroupDescription"))
            for a in iter_objects(protocol, f"{groups}.ArmGroupList.ArmGroup")
        ),
        tuple(
            Intervention(
                find_text(i, "InterventionType"),
                find_text(i, "InterventionName"),
                find_text(i, "InterventionDescription"),
                tuple(find_texts(i, "InterventionArmGroupLabelList.InterventionArmGroupLabel")),
            )
            for i in iter_objects(protocol, f"{groups}.InterventionList.Intervention")
        ),
        tuple(
            OutcomeMeasure(*(find_text(o, f"{rank}Outcome{name}") for name in ("Measure", "Description", "TimeFrame")))
            for rank in ("Primary", "Secondary", "Other")
            for o in iter_objects(protocol, f"OutcomesModule.{rank}OutcomeList.{rank}Outcome")
        ),
        find_text(protocol, "EligibilityModule.EligibilityCriteria"),
    )
    return compose_document(record, item, record.fields.nct_id or where)


def _read_fields(protocol: Mapping[str, Any]) -> RegistryFields:
    number = find_text(protocol, "IdentificationModule.NCTId")
    design = "DesignModule"
    others = find_texts(protocol, "IdentificationModule.SecondaryIdInfoList.SecondaryIdInfo.SecondaryId")
    return RegistryFields(
        number,
        find_text(protocol, "EligibilityModule.MinimumAge"),
        find_text(protocol, "EligibilityModule.MaximumAge"),
        find_text(protocol, "EligibilityModule.Gender"),
        read_healthy_volunteers(find_text(protocol, "EligibilityModule.HealthyVolunteers")),
        unite(find_texts(protocol, "ConditionsModule.ConditionList.Condition")),
        find_text(protocol, "IdentificationModule.BriefTitle", "IdentificationModule.OfficialTitle"),
        "/".join(find_texts(protocol, f"{design}.PhaseList.Phase")) or None,
        find_text(protocol, f"{design}.StudyType"),
        find_text(protocol, "StatusModule.OverallStatus"),
        read_count(find_text(protocol, f"{design}.EnrollmentInfo.EnrollmentCount")),
        read_date(find_text(protocol, "StatusModule.StartDateStruct.StartDate")),
        find_text(protocol, "SponsorCollaboratorsModule.LeadSponsor.LeadSponsorClass"),
        "ClinicalTrials.gov",
        find_other_ids(number or "", [*others, find_text(protocol, "IdentificationModule.OrgStudyIdInfo.OrgStudyId")]),
    )
