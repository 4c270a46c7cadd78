"""ICTRP, the portal of the WHO over the primary registries: what its search hands out, as XML and as CSV.

Both have the same fields, by names that differ in white space only (`Inclusion_Criteria`, `Inclusion Criteria`). Cells
hold tags and entities of HTML, which are read as what they show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.html.fragment import read_fragment
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.names import is_showable
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
from trialsift.readers.tables.csv_tables import Rows
from trialsift.readers.tables.lines import TextLines
from trialsift.readers.tables.records import merge_failures

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Columns that tell the portal's CSV from other tables.
COLUMNS = ("trialid", "inclusion_criteria")
_GROUP = re.compile(r"([^;:][^;]*?)\s*:\s*(\d{1,6})\s*(?:;|$)")
_SPACE = re.compile(r"[\s_]+")


def read_portal_xml(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of `<Trials_downloaded_from_ICTRP>`. Raises ReadFailure if there are none."""
    for found in iter_xml_records(item, options, ("Trial",)):
        if found.element is None:
            assert found.failure is not None
            yield found.failure
        else:
            cells = {_name_field(field.tag): _read_cell(field) for field in found.element}
            yield _compose(cells, item, found.where)


def read_portal_csv(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a table with the portal's columns. Raises ReadFailure for another one."""
    yield from merge_failures(item, _read_rows(item, options), "a trial of ICTRP")


def name_fields(header: Sequence[str]) -> list[str]:
    """Returns the names of the portal's columns, in which white space stands for `_`."""
    return list(map(_name_field, header))


def _read_rows(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    with TextLines(item, options) as lines:
        rows = Rows(item, lines, options.max_document)
        header = name_fields(rows.header(()))
        if missing := [name for name in COLUMNS if name not in header]:
            message = f"has no column {', '.join(missing)}; expected those of ICTRP's search portal"
            raise item.failure("wrong_schema", message, "export it again, with its header")
        count = 0
        for where, row in rows:
            count += 1
            if isinstance(row, ReadFailure):
                yield row
            elif len(row) != len(header):
                message = f"has {len(row)} fields; expected {len(header)}, as in the header"
                advice = 'put fields that hold delimiters or line ends in "quotes"'
                yield item.failure("malformed", message, advice, where)
            else:
                yield _compose(dict(zip(header, map(read_fragment, row), strict=True)), item, where)
        if not count:
            raise item.failure("empty", "holds no rows but the header", "fill it or leave it out")


def _name_field(name: str) -> str:
    return _SPACE.sub("_", name.strip()).lower()


def _read_cell(field: Element) -> str:
    return read_fragment("".join(field.itertext()))


def _compose(cells: Mapping[str, str], item: Input, where: str) -> Document | ReadFailure:
    number = cells.get("trialid", "").strip()
    try:
        return compose_document(_read_record(cells, item, where), item, number if is_showable(number) else where)
    except ReadFailure as failure:
        return failure


def _read_record(cells: Mapping[str, str], item: Input, where: str) -> RegistryRecord:
    def cell(*names: str) -> str | None:
        return next((text for name in names if (text := cells.get(name, "").strip())), None)

    number = cell("trialid")
    if number is None:
        raise item.failure("wrong_schema", "has no TrialID", "export it again, or leave it out", where)
    groups = {label.strip(): int(people) for label, people in _GROUP.findall(cell("target_size") or "")}
    enrolment = sum(groups.values()) if groups else read_count(cell("target_size"))
    return RegistryRecord(
        _read_fields(cell, number, enrolment),
        cell("scientific_title"),
        cell("public_title"),
        interventions=_split_interventions(cell("intervention", "interventions"), list(groups)),
        outcomes=tuple(
            OutcomeMeasure(text)
            for name in ("primary_outcome", "secondary_outcome")
            if (text := cell(name, f"{name}s"))
        ),
        eligibility=join_criteria(cell("inclusion_criteria"), cell("exclusion_criteria")),
        doc_id=number,
    )


def _read_fields(cell: Callable[..., str | None], number: str, enrolment: int | None) -> RegistryFields:
    others = find_other_ids(number, (cell("secondaryids", "secondary_ids", "secondary_id"), cell("other_records")))
    return RegistryFields(
        number if find_registry(number) == "ClinicalTrials.gov" else pick_nct_id(others),
        read_age(cell("inclusion_agemin"), upper=False),
        read_age(cell("inclusion_agemax"), upper=True),
        read_sex(cell("inclusion_gender")),
        None,
        split_list(cell("condition", "conditions")),
        cell("public_title") or cell("scientific_title"),
        cell("phase"),
        cell("study_type"),
        cell("recruitment_status"),
        enrolment,
        read_date(cell("date_enrollement", "date_enrollment")),
        None,
        find_registry(number) or cell("source_register"),
        others,
    )


def _split_interventions(text: str | None, labels: Sequence[str]) -> tuple[Intervention, ...]:
    """Returns the interventions of each group, where a text has one `label:intervention;` after the other, with the
    labels that the target sizes have (`labels`); else the text as one."""
    if text is None:
        return ()
    starts = [text.find(f"{label}:") for label in labels]
    ordered = starts == sorted(starts) and len(set(starts)) == len(starts)
    if not labels or starts[0] != 0 or not ordered:
        return (Intervention(None, None, text),)
    ends = [*starts[1:], len(text)]
    pieces = [text[start:end].strip().removesuffix(";") for start, end in zip(starts, ends, strict=True)]
    return tuple(
        Intervention(label, piece[len(label) + 1 :].strip(), None, (label,))
        for label, piece in zip(labels, pieces, strict=True)
    )
