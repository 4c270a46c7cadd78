"""EUCTR, the former register of the EU: its download of full trial details as text, many records a file.

A record begins with a line `Summary` and the next `EudraCT Number: …`, and has a field a line: `E.3 Principal inclusion
criteria: …`. What a field says runs on to the next field. A field may come again in another language (`… (es): …`),
which is read where it isn't in English. Each country has a record of its own of a trial, so the country belongs to
the id: `2013-000615-24-BE`; a second record of a country, of a new submission, is `2013-000615-24-BE-2`. Ages are told
in categories only, which are no limits; strengths of products are no doses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.registry.ids import find_other_ids, pick_nct_id
from trialsift.readers.registry.record import (
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    join_criteria,
)
from trialsift.readers.registry.values import join_sexes, read_count, read_date, split_list
from trialsift.readers.tables.lines import TextLines

#: A field: its code (of the first, where a line is of several), its label, its language.
_FIELD = re.compile(
    r"(?P<code>[A-H]\.(?:\d+(?:\.\d+)*|IMP)|[NP]\.)(?:\s+(?:and|to)\s+[A-H]\.[\d.]+)?[:\s]+"
    r"(?P<label>[^:\n]*?)(?:\s*\((?P<language>[a-z]{2})\))?\s*(?::\s*(?P<text>.*))?$",
    re.DOTALL,
)
#: How a download begins; a record by itself may be an excerpt.
_DOWNLOAD = "This file contains full details on each clinical trial selected for download"
_HEADER = re.compile(r"(EudraCT Number|National Competent Authority|Trial Status|Link):\s*(.*)", re.DOTALL)
_SECTION = re.compile(
    r"(?:A\. Protocol|B\. Sponsor|C\. Applicant|D\. IMP|E\. General|F\. Population|G\. Investigator|N\. Review|P\. End)"
    r"\b[^:]*"
)
_SPONSOR = re.compile(r"Sponsor \d+\s*")
_LINK = re.compile(r"/trial/[\d-]+/(\w{2,3})\b")
_NUMBER = re.compile(r"\d{4}-\d{6}-\d{2}")
_EMPTY = re.compile(r"\s*(?:Information not present in EudraCT)?\s*", re.I)
#: Labels by which the fields are told that may hold lines which look like a field.
_LABELS = {
    "E.3": "Principal inclusion criteria", "E.4": "Principal exclusion criteria", "E.5": "End points",
    "E.5.1": "Primary end point", "E.5.2": "Secondary end point", "E.6": "Scope of the",
}  # fmt: skip
#: Codes of countries, which a record without a link has by its authority only.
_COUNTRIES = {
    "austria": "AT", "belgium": "BE", "bulgaria": "BG", "croatia": "HR", "cyprus": "CY", "czech": "CZ", "denmark": "DK",
    "estonia": "EE", "finland": "FI", "france": "FR", "germany": "DE", "greece": "GR", "hungary": "HU", "iceland": "IS",
    "ireland": "IE", "italy": "IT", "latvia": "LV", "liechtenstein": "LI", "lithuania": "LT", "luxembourg": "LU",
    "malta": "MT", "netherlands": "NL", "norway": "NO", "poland": "PL", "portugal": "PT", "romania": "RO",
    "slovakia": "SK", "slovenia": "SI", "spain": "ES", "sweden": "SE", "uk": "GB", "united": "GB", "outside": "3RD",
}  # fmt: skip
_PHASES = {"E.7.1": "I", "E.7.2": "II", "E.7.3": "III", "E.7.4": "IV"}


def read_euctr(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a download. Raises ReadFailure if it holds no records."""
    seen: Counter[str] = Counter()
    for record in _iter_records(item, options):
        doc_id = _find_id(record)
        seen[doc_id] += 1
        try:
            if record.failure:
                raise record.failure
            yield _compose(record, item, doc_id if seen[doc_id] == 1 else f"{doc_id}-{seen[doc_id]}")
        except ReadFailure as failure:
            yield failure
    if not seen:
        message = "holds no records; expected lines `Summary` and `EudraCT Number: …`"
        raise item.failure("wrong_schema", message, "download it again from the EU Clinical Trials Register")


@dataclass(slots=True)
class _Record:
    """A record as it is read. `texts` has lines by code and language (None for English), and `repeated` the fields of
    each product; `at` is the field that the last line belongs to."""

    line: int
    header: dict[str, str] = field(default_factory=dict)
    texts: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)
    products: list[dict[str, str]] = field(default_factory=list)
    at: tuple[str, str | None] | None = None
    size: int = 0
    failure: ReadFailure | None = None

    @property
    def where(self) -> str:
        """Its place in the file."""
        return f"line {self.line}"

    def add(self, line: str) -> None:
        """Takes the next line."""
        self.size += len(line)
        if self.at is None and (head := _HEADER.match(line)):
            self.header.setdefault(head[1], head[2].strip())
        elif (found := _FIELD.match(line)) and self._follows(found["code"], found["language"], found["label"]):
            self._begin(found)
        elif _SECTION.fullmatch(line.strip()):
            self.at = (line[:2], None)
        elif self.at is not None and self.at[0].startswith("B") and _SPONSOR.fullmatch(line):
            self.at = ("B.", None)
        elif self.at is not None and self.at in self.texts:
            self.texts[self.at].append(line.rstrip("\r\n"))

    def _begin(self, found: re.Match[str]) -> None:
        code, text = found["code"], (found["text"] or "").rstrip("\r\n")
        if code == "D.IMP" or (code[0] == "D" and not self.products):
            self.products.append({})
        if code[0] == "D":
            self.products[-1].setdefault(code, text)
        if code[0] in "NP":
            code = f"{code} {found['label']}"
        self.at = (code, found["language"])
        if self.at not in self.texts:
            self.texts[self.at] = [text]
        else:  # of another sponsor, or product
            self.at = (f"{code} again", None)

    def _follows(self, code: str, language: str | None, label: str) -> bool:
        """Whether a line that looks like a field is one: fields come in the order of their codes, while a criterion
        may begin `E.1 …` too."""
        if not label.startswith(_LABELS.get(code, label)):
            return False
        before = self.at[0].removesuffix(" again") if self.at else "A."
        if code[0] != before[0] or code[0] in "BDNP":
            return code[0] >= before[0]
        return _order(code) > _order(before) or (code == before and (language is not None or code == "E.1.2"))

    def find(self, code: str) -> str | None:
        """Returns what a field says: in English, else in another language."""
        for (found, _), lines in sorted(self.texts.items(), key=lambda entry: entry[0][1] or ""):
            text = "\n".join(lines).strip()
            if found == code and not _EMPTY.fullmatch(text):
                return text
        return None

    def says(self, code: str) -> bool | None:
        """Returns the answer of a field."""
        return {"yes": True, "no": False}.get((self.find(code) or "").lower())


def _order(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in code.split(".")[1:] if part.isdigit())


def _iter_records(item: Input, options: ReadOptions) -> Iterator[_Record]:
    """Iterates over the records, one at a time in memory."""
    record: _Record | None = None
    summary = whole = False
    with TextLines(item, options) as lines:
        for line in lines:
            if isinstance(line, ReadFailure):
                if record is not None:
                    record.failure = line
                continue
            whole = whole or line.startswith(_DOWNLOAD)
            if summary and line.startswith("EudraCT Number:"):
                if record is not None:
                    yield record
                record = _Record(lines.number)
            summary = line.strip() == "Summary"
            if record is not None and not summary:
                if record.size <= options.max_document:
                    record.add(line)
                else:
                    record.failure = report_too_large(item, options.max_document, record.where)
    if record is not None:
        if whole and record.failure is None and (record.at is None or record.at[0][0] < "F"):
            where = "its header" if record.at is None else f"section {record.at[0][0]}"
            message = f"breaks off in {where}: a record that is downloaded goes on to section F and beyond"
            record.failure = item.failure("malformed", message, "download it again", record.where)
        yield record


def _find_id(record: _Record) -> str:
    """Returns the number of a record with its country."""
    country = _find_country(record.header)
    return record.header.get("EudraCT Number", "").strip() + (f"-{country}" if country else "")


def _compose(record: _Record, item: Input, doc_id: str) -> Document:
    number = record.header.get("EudraCT Number", "").strip()
    if not _NUMBER.fullmatch(number):
        message = f"has {number[:40]!r} as its EudraCT number; expected 2013-000615-24 or the like"
        raise item.failure("wrong_schema", message, "download it again", record.where)
    ends = (("E.5.1", "E.5.1.1"), ("E.5.2", "E.5.2.1"))
    return compose_document(
        RegistryRecord(
            _read_fields(record, number),
            record.find("A.3"),
            record.find("A.3.1"),
            record.find("E.2.1"),
            record.find("E.2.2"),
            interventions=_read_products(record.products),
            outcomes=tuple(OutcomeMeasure(record.find(end), None, record.find(time)) for end, time in ends),
            eligibility=join_criteria(record.find("E.3"), record.find("E.4")),
            doc_id=doc_id,
        ),
        item,
        f"{doc_id}, {record.where}",
    )


def _find_country(header: Mapping[str, str]) -> str | None:
    """Returns the code of the country that a record is of: by its link, else by its authority."""
    if link := _LINK.search(header.get("Link", "")):
        return link[1].upper()
    return find_country(header.get("National Competent Authority", ""))


def find_country(authority: str) -> str | None:
    """Returns the code of the country of an authority: `ES` of `Spain - AEMPS`."""
    words = re.findall(r"[a-z]+", authority.lower())
    return _COUNTRIES.get(words[0]) if words else None


def _read_fields(record: _Record, number: str) -> RegistryFields:
    # A.5: numbers in other registries
    others = find_other_ids(
        number, ["\n".join(lines) for (code, _), lines in record.texts.items() if code.startswith("A.5")]
    )
    people = next(
        (n for code in ("F.4.2.2", "F.4.2.1", "F.4.1") if (n := read_count(record.find(code))) is not None), None
    )
    return RegistryFields(
        nct_id=pick_nct_id(others),
        sex=join_sexes(male=record.says("F.2.2") or False, female=record.says("F.2.1") or False),
        healthy_volunteers=record.says("F.3.1"),
        conditions=split_list(record.find("E.1.1")),
        title=record.find("A.3.1") or record.find("A.3"),
        phase="/".join(phase for code, phase in _PHASES.items() if record.says(code)) or None,
        study_type="Interventional",  # the directive is on interventional trials only
        status=record.header.get("Trial Status") or record.find("P. End of Trial Status"),
        enrolment=people,
        start_date=read_date(record.find("N. Date of Competent Authority Decision")),
        sponsor_class=record.find("B.3.1"),
        registry="EUCTR",
        other_ids=others,
    )


def _read_products(products: list[dict[str, str]]) -> tuple[Intervention, ...]:
    """Returns the products by the name of their substance, else their own, each once in a role."""
    names = ("D.3.8", "D.3.1", "D.2.1.1.1", "D.3.9.2")
    found = dict.fromkeys(
        (product.get("D.1.2"), name)
        for product in products
        if (name := next((text for code in names if (text := product.get(code, "").strip())), None))
    )
    return tuple(Intervention(role, name) for role, name in found)
