"""PMC's full texts (JATS, `<article>`): title, abstract, methods, results and whatever else tells of the study.

Introductions and discussions tell of other work, and they, references and all behind the body are left out. Headings
are lines of their own, by which extraction tells the parts of a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.registry.ids import find_ids, pick_nct_id
from trialsift.readers.registry.prose import name_tag, read_inline, read_lines
from trialsift.readers.registry.record import compose_paper
from trialsift.readers.registry.xml_records import iter_xml_records

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OTHER_WORK = re.compile(
    r"(?:\d+\.?\s*)?(?:introduction|background|discussion|conclusions?|discussion and conclusions?|limitations|"
    r"(?:strengths and )?limitations.*|related work|literature review|acknowledge?ments?|funding|abbreviations|"
    r"(?:conflicts?|declarations?) of interests?|competing interests?|authors?.? contributions?|"
    r"(?:supplementary|supporting|additional) (?:material|information|files?|data)|data availability.*|"
    r"pre-?publication history|references)\W*",
    re.I,
)
_OTHER_TYPES = frozenset(
    "intro introduction background discussion conclusions conclusion supplementary-material display-objects "
    "coi-statement data-availability".split()
)
_SUMMARIES = frozenset(("graphical", "teaser", "toc", "key-points", "web-summary"))


def read_jats(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of the articles in a file. Raises ReadFailure if there are none."""
    for found in iter_xml_records(item, options, ("article",)):
        if found.element is None:
            assert found.failure is not None
            yield found.failure
            continue
        try:
            yield _compose(found.element, item, found.where)
        except ReadFailure as failure:
            yield failure


def _compose(article: Element, item: Input, where: str) -> Document:
    _drop_namespaces(article)
    meta = article.find("front/article-meta")
    if meta is None:
        message = "has no article-meta; expected an article of JATS, as PMC has them"
        raise item.failure("wrong_schema", message, "fetch it again, or leave it out", where)
    numbers = {number.get("pub-id-type"): (number.text or "").strip() for number in meta.iterfind("article-id")}
    doc_id = _find_id(numbers) or item.stem
    for mark in meta.iterfind("title-group/article-title//xref"):
        mark.text = None  # a footnote
    title = read_inline(meta.find("title-group/article-title"))
    abstracts = [a for a in meta.iterfind("abstract") if a.get("abstract-type") not in _SUMMARIES]
    abstract = "\n".join(read_lines(abstracts))
    body = article.find("body")
    sections = [] if body is None else [part for part in body if not _is_of_other_work(part)]
    text = "\n\n".join(filter(None, (title, abstract, "\n".join(read_lines(sections)))))
    stated = find_ids([abstract, *(f"PMID{n}" for kind, n in numbers.items() if kind == "pmid"), _find_pmc(numbers)])
    others = tuple(number for number in stated if number != doc_id)
    fields = RegistryFields(
        nct_id=pick_nct_id(others),
        title=title or None,
        study_type=article.get("article-type"),
        registry="PMC",
        other_ids=others,
    )
    return compose_paper(doc_id, text, fields, item, f"{doc_id}, {where}", {})


def _drop_namespaces(article: Element) -> None:
    """Names elements as in JATS without a namespace, but for formulas."""
    for element in article.iter():
        if element.tag.startswith("{") and "Math" not in element.tag:
            element.tag = name_tag(element)


def _find_pmc(numbers: dict[str | None, str]) -> str | None:
    number = numbers.get("pmcid") or numbers.get("pmc") or numbers.get("pmcaid")
    return f"PMC{number.upper().removeprefix('PMC')}" if number else None


def _find_id(numbers: dict[str | None, str]) -> str | None:
    if (pmc := _find_pmc(numbers)) is not None:
        return pmc
    return f"PMID{numbers['pmid']}" if numbers.get("pmid") else numbers.get("doi") or None


def _is_of_other_work(part: Element) -> bool:
    kind, heading = (part.get("sec-type") or "").lower(), read_inline(part.find("title"))
    return _OTHER_WORK.fullmatch(heading) is not None if heading else kind in _OTHER_TYPES
