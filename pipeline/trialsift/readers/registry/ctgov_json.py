"""ClinicalTrials.gov's API v2: a study as JSON, a page of `studies`, or an array of studies.

Modules and fields are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import MEGABYTE, Input, ReadOptions
from trialsift.readers.registry.ids import find_other_ids
from trialsift.readers.registry.json_files import describe_kind, parse_json
from trialsift.readers.registry.record import (
    NCT_ID,
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
)
from trialsift.readers.registry.values import read_count, read_date

_EXPECTED = "expected a study of ClinicalTrials.gov's API v2, a page of `studies`, or an array of studies"
_FETCH = "fetch it from ClinicalTrials.gov's API v2"


def read_ctgov_json(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of the studies in a file. Raises ReadFailure if it is not JSON or holds no
    studies."""
    value = parse_json(item, item.read(options.max_file, "--max-file-mb"))
    for record, study in _iter_studies(value, item):
        try:
            document = compose_study(study, item, record)
            if len(document.text.encode()) > options.max_document:
                message = f"holds more than {options.max_document / MEGABYTE:,.0f} MB of text"
                raise item.failure("too_large", message, "leave it out, or raise --max-document-mb", record)
        except ReadFailure as failure:
            yield failure
        else:
            yield document


def is_study(value: object) -> bool:
    """Whether a JSON value is a study of API v2: an object with a `protocolSection`."""
    return isinstance(value, dict) and "protocolSection" in value


def compose_study(study: Mapping[str, Any], item: Input, record: str = "") -> Document:
    """Returns the document of one study, as `json.loads` returns it, at `record` in an input.

    Raises ReadFailure for a study without NCT number or text, or with a field of another type.
    """
    if not is_study(study):
        message = f"is {describe_kind(study)} without a `protocolSection`; {_EXPECTED}"
        raise item.failure("wrong_schema", message, _FETCH, record)
    return compose_document(_read_record(_Object(study, "", item, record).within("protocolSection")), item, record)


def _read_record(protocol: _Object) -> RegistryRecord:
    """Reads the modules of a `protocolSection`."""
    identification = protocol.within("identificationModule")
    description = protocol.within("descriptionModule")
    groups = protocol.within("armsInterventionsModule")
    outcomes = protocol.within("outcomesModule")
    eligibility = protocol.within("eligibilityModule")
    fields = RegistryFields(
        identification.text("nctId"),
        eligibility.text("minimumAge"),
        eligibility.text("maximumAge"),
        eligibility.text("sex"),
        eligibility.flag("healthyVolunteers"),
        protocol.within("conditionsModule").texts("conditions"),
        **_read_more(protocol),
    )
    ranked = (outcomes.listed(f"{rank}Outcomes") for rank in ("primary", "secondary", "other"))
    return RegistryRecord(
        fields,
        identification.text("officialTitle"),
        identification.text("briefTitle"),
        description.text("briefSummary"),
        description.text("detailedDescription"),
        tuple(Arm(a.text("label"), a.text("type"), a.text("description")) for a in groups.listed("armGroups")),
        tuple(
            Intervention(i.text("type"), i.text("name"), i.text("description"), i.texts("armGroupLabels"))
            for i in groups.listed("interventions")
        ),
        tuple(
            OutcomeMeasure(o.text("measure"), o.text("description"), o.text("timeFrame"))
            for rank in ranked
            for o in rank
        ),
        eligibility.text("eligibilityCriteria"),
    )


def _read_more(protocol: _Object) -> dict[str, Any]:
    """Reads the fields that only tables show."""
    identification, design = protocol.within("identificationModule"), protocol.within("designModule")
    status = protocol.within("statusModule")
    ids = [entry.text("id") for entry in identification.listed("secondaryIdInfos")]
    return {
        "title": identification.text("briefTitle") or identification.text("officialTitle"),
        "phase": "/".join(design.texts("phases")) or None,
        "study_type": design.text("studyType"),
        "status": status.text("overallStatus"),
        "enrolment": read_count(design.within("enrollmentInfo").value.get("count")),
        "start_date": read_date(status.within("startDateStruct").text("date")),
        "sponsor_class": protocol.within("sponsorCollaboratorsModule").within("leadSponsor").text("class"),
        "registry": "ClinicalTrials.gov",
        "other_ids": find_other_ids(
            identification.text("nctId") or "", [*ids, identification.within("orgStudyIdInfo").text("id")]
        ),
    }


@dataclass(frozen=True, slots=True)
class _Object:
    """A JSON object at a path of keys. Its fields may be absent or null; one of another type raises ReadFailure."""

    value: Mapping[str, Any]
    path: str
    item: Input
    record: str

    def text(self, key: str) -> str | None:
        found = self.value.get(key)
        if found is None or isinstance(found, str):
            return found
        raise self._other(key, found, "a text")

    def flag(self, key: str) -> bool | None:
        found = self.value.get(key)
        if found is None or isinstance(found, bool):
            return found
        raise self._other(key, found, "true or false")

    def within(self, key: str) -> _Object:
        found = self.value.get(key)
        if found is None or isinstance(found, dict):
            return _Object(found or {}, f"{self.path}{key}.", self.item, self.record)
        raise self._other(key, found, "an object")

    def listed(self, key: str) -> list[_Object]:
        found = self.value.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self._other(key, found, "an array")
        for number, value in enumerate(found):
            if not isinstance(value, dict):
                raise self._other(f"{key}[{number}]", value, "an object")
        return [_Object(value, f"{self.path}{key}[{n}].", self.item, self.record) for n, value in enumerate(found)]

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.value.get(key)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise self._other(key, found, "an array")
        for number, value in enumerate(found):
            if not isinstance(value, str):
                raise self._other(f"{key}[{number}]", value, "a text")
        return tuple(found)

    def _other(self, key: str, found: object, expected: str) -> ReadFailure:
        message = f"has {describe_kind(found)} as {self.path}{key}; expected {expected}"
        return self.item.failure("wrong_schema", message, _FETCH, self.record)


def _iter_studies(value: Any, item: Input) -> Iterator[tuple[str, Any]]:
    """Iterates over the studies with their places: the NCT number, or else the number in the file."""
    if is_study(value):
        yield "", value
        return
    studies = value.get("studies") if isinstance(value, dict) else value
    if not isinstance(studies, list):
        former = isinstance(value, dict) and not value.keys().isdisjoint({"FullStudiesResponse", "FullStudy", "Study"})
        message = "is of ClinicalTrials.gov's API before v2" if former else f"is {describe_kind(value)} without studies"
        raise item.failure("wrong_schema", f"{message}; {_EXPECTED}", _FETCH)
    if not studies:
        raise item.failure("empty", "holds no studies", "leave it out, or fetch it again")
    for number, study in enumerate(studies, start=1):
        yield _nct_id(study) or f"study {number}", study


def _nct_id(study: Any) -> str | None:
    for key in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(key) if isinstance(study, dict) else None
    return study if isinstance(study, str) and NCT_ID.fullmatch(study) else None
