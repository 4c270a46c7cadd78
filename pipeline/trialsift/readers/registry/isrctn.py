"""ISRCTN: the XML of its API (`<allTrials><fullTrial><trial>`), and the same as JSON, as ctrdata stores it.

The XML of a trial is read as the JSON, so one function composes both. Ages are limits only where `lowerAgeLimit` and
`upperAgeLimit` say so; `ageRange` is a category (`Adult`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.html.fragment import read_fragment
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.registry.ids import find_other_ids, pick_nct_id
from trialsift.readers.registry.nested import UnlikeError, find_text, find_texts, iter_objects
from trialsift.readers.registry.record import (
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    join_criteria,
)
from trialsift.readers.registry.values import read_age, read_count, read_date, read_sex, unite
from trialsift.readers.registry.xml_records import iter_xml_records

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_isrctn_xml(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of an answer of the API. Raises ReadFailure if it holds no trials."""
    for found in iter_xml_records(item, options, ("fullTrial",)):
        if found.element is None:
            assert found.failure is not None
            yield found.failure
            continue
        record = _convert(found.element)
        trial = record.get("trial") if isinstance(record, dict) else None
        try:
            if not isinstance(trial, dict):
                raise UnlikeError("has no trial")
            sponsor = find_text(record, "sponsor.sponsorType")
            yield compose_trial({**trial, "sponsorType": sponsor}, item, found.where)
        except UnlikeError as error:
            yield item.failure("wrong_schema", str(error), "fetch it again from ISRCTN", found.where)
        except ReadFailure as failure:
            yield failure


def compose_trial(trial: Mapping[str, Any], item: Input, where: str) -> Document:
    """Returns the document of a trial. Raises ReadFailure if it has no number or text, and UnlikeError for a field of
    another type."""
    digits = find_text(trial, "isrctn")
    if digits is None:
        raise item.failure("wrong_schema", "has no number (isrctn)", "fetch it again from ISRCTN", where)
    number = "ISRCTN" + digits.strip().upper().removeprefix("ISRCTN")

    def read(path: str) -> str | None:
        text = find_text(trial, path)
        return None if text is None else read_fragment(text).strip() or None

    description, people = "trialDescription", "participants"
    record = RegistryRecord(
        _read_fields(trial, number),
        read(f"{description}.scientificTitle"),
        read(f"{description}.title"),
        read(f"{description}.plainEnglishSummary"),
        read(f"{description}.studyHypothesis"),
        interventions=tuple(
            Intervention(
                find_text(entry, "interventionType"),
                find_text(entry, "drugNames"),
                read_fragment(find_text(entry, "description") or "").strip(),
            )
            for entry in iter_objects(trial, "interventions.intervention")
        ),
        outcomes=tuple(
            OutcomeMeasure(text) for name in ("primary", "secondary") if (text := read(f"{description}.{name}Outcome"))
        ),
        eligibility=join_criteria(read(f"{people}.inclusion"), read(f"{people}.exclusion")),
        doc_id=number,
    )
    return compose_document(record, item, where or number)


def _read_fields(trial: Mapping[str, Any], number: str) -> RegistryFields:
    refs = ("eudraCTNumber", "clinicalTrialsGovNumber", "secondaryNumbers.secondaryNumber", "protocolSerialNumber")
    others = find_other_ids(number, [text for ref in refs for text in find_texts(trial, f"externalRefs.{ref}")])
    kinds = [kind.lower() for kind in find_texts(trial, "participants.participantTypes.participantType")]
    return RegistryFields(
        nct_id=pick_nct_id(others),
        minimum_age=_read_limit(trial, "participants.lowerAgeLimit", upper=False),
        maximum_age=_read_limit(trial, "participants.upperAgeLimit", upper=True),
        sex=read_sex(find_text(trial, "participants.gender")),
        healthy_volunteers=any("healthy" in kind for kind in kinds) if kinds else None,
        conditions=unite(find_texts(trial, "conditions.condition.description")),
        title=find_text(trial, "trialDescription.title", "trialDescription.scientificTitle"),
        phase=find_text(trial, "interventions.intervention.phase"),
        study_type=find_text(trial, "trialDesign.primaryStudyDesign"),
        status=find_text(trial, "participants.recruitmentStatusOverride"),
        enrolment=read_count(find_text(trial, "participants.totalFinalEnrolment", "participants.targetEnrolment")),
        start_date=read_date(find_text(trial, "participants.recruitmentStart")),
        sponsor_class=find_text(trial, "sponsorType"),
        registry="ISRCTN",
        other_ids=others,
    )


def _read_limit(trial: Mapping[str, Any], path: str, *, upper: bool) -> str | None:
    """Returns an age limit: `16 Years` as text, or a number with its unit beside it."""
    for entry in iter_objects(trial, path):
        if (number := find_text(entry, "value")) is not None:
            unit = find_text(entry, "unit") or ""
            return read_age(number if unit.lower() in number.lower() else f"{number} {unit}", upper=upper)
        return None
    return read_age(find_text(trial, path), upper=upper)


def _convert(element: Element) -> Any:
    """Returns what an element holds, as ctrdata stores it: a text, or an object with a list for elements of one name.
    One with attributes and no elements has them beside its text, the `value`."""
    children: dict[str, list[Any]] = {}
    for child in element:
        children.setdefault(child.tag.rpartition("}")[2], []).append(_convert(child))
    if children:
        return {name: values if len(values) > 1 else values[0] for name, values in children.items()}
    text = (element.text or "").strip()
    named = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    return {**named, **({"value": text} if text or "value" not in named else {})} if named else text
