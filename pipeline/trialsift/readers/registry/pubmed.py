"""PubMed's efetch XML (`<PubmedArticleSet>`): an article a document, with its title and the sections of its abstract.

Sections are lines that begin with their label (`METHODS: …`). MeSH headings are in `meta.mesh`, not in the text: `Aged,
80 and over` is no age limit. Numbers of trials that the record or the abstract states are `other_ids`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.registry.elements import read_text, read_texts
from trialsift.readers.registry.ids import find_other_ids, pick_nct_id
from trialsift.readers.registry.prose import read_inline
from trialsift.readers.registry.record import compose_paper
from trialsift.readers.registry.values import unite
from trialsift.readers.registry.xml_records import iter_xml_records

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_pubmed(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of the articles in a file. Raises ReadFailure if there are none."""
    for found in iter_xml_records(item, options, ("PubmedArticle", "PubmedBookArticle")):
        if found.element is None:
            assert found.failure is not None
            yield found.failure
            continue
        try:
            yield _compose(found.element, item, found.where)
        except ReadFailure as failure:
            yield failure


def _compose(article: Element, item: Input, where: str) -> Document:
    citation = article.find("MedlineCitation")
    if citation is None:
        citation = article.find("BookDocument")
    number = (read_text(citation, "PMID") or "").strip() if citation is not None else ""
    if citation is None or not number.isdigit():
        raise item.failure("wrong_schema", "has no PMID", "fetch it again from PubMed", where)
    content = citation if citation.tag == "BookDocument" else citation.find("Article")
    content = citation if content is None else content
    title = read_inline(content.find("ArticleTitle")) or read_inline(content.find("VernacularTitle"))
    abstract = "\n".join(_iter_sections(content))
    doc_id = f"PMID{number}"
    numbers = (*read_texts(content, "DataBankList//AccessionNumber"), abstract, *_read_other_numbers(article))
    others = find_other_ids(doc_id, numbers)
    mesh = unite(read_text(heading, ".") for heading in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName"))
    fields = RegistryFields(
        nct_id=pick_nct_id(others),
        title=title or None,
        study_type="; ".join(read_texts(content, "PublicationTypeList/PublicationType")) or None,
        registry="PubMed",
        other_ids=others,
    )
    text = "\n\n".join(filter(None, (title, abstract)))
    return compose_paper(doc_id, text, fields, item, f"{doc_id}, {where}", {"mesh": "; ".join(mesh)} if mesh else {})


def _iter_sections(content: Element) -> Iterator[str]:
    for section in content.iterfind("Abstract/AbstractText"):
        label, text = (section.get("Label") or "").strip(), read_inline(section)
        if text:
            yield f"{label}: {text}" if label and label.upper() != "UNLABELLED" else text


def _read_other_numbers(article: Element) -> Iterator[str]:
    """Iterates over the numbers of the same article elsewhere, but not of those that it cites."""
    for number in article.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if number.get("IdType") == "pmc" and number.text:
            yield number.text
