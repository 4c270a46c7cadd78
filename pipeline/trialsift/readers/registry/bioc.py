"""BioC JSON, as PMC's and PubMed's BioC services give it: a document of passages, with the section of each.

Superscripts are lost in it (`109/L` for `10⁹/L`), which extraction reads through. As from JATS, introductions,
discussions, references and what stands behind them are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.inputs import Input
from trialsift.readers.registry.ids import find_ids, pick_nct_id
from trialsift.readers.registry.nested import find_text, find_texts, iter_objects
from trialsift.readers.registry.record import compose_paper

_LEFT_OUT = frozenset(
    "INTRO DISCUSS CONCL REF SUPPL COMP_INT AUTH_CONT ACK_FUND ABBR APPENDIX KEYWORD REVIEW_INFO COPYRIGHT".split()
)
#: Headings of sections that a document may not state itself.
_HEADINGS = {"ABSTRACT": "Abstract", "METHODS": "Methods", "RESULTS": "Results"}


def compose_document(document: Mapping[str, Any], item: Input, where: str) -> Document:
    """Returns the document of a paper. Raises ReadFailure if it has no id or text, and UnlikeError for a field of
    another type."""
    passages = list(iter_objects(document, "passages"))
    infons = {key: value for passage in passages[:1] for key, value in _find_infons(passage).items()}
    doc_id = _find_id(find_text(document, "id"), infons)
    if doc_id is None:
        raise item.failure("wrong_schema", "has no id", "fetch it again", where)
    title = next((_read_passage(p) for p in passages if _find_section(p) in ("TITLE", "title", "front")), "")
    text = "\n".join(_iter_lines(passages))
    abstract = "\n".join(_read_passage(p) for p in passages if _find_section(p).upper() == "ABSTRACT")
    pmid, pmc = infons.get("article-id_pmid"), infons.get("article-id_pmc")
    stated = find_ids([abstract, f"PMID{pmid}" if pmid else None, f"PMC{pmc.removeprefix('PMC')}" if pmc else None])
    others = tuple(number for number in stated if number != doc_id)
    fields = RegistryFields(
        nct_id=pick_nct_id(others),
        title=title or None,
        registry="PMC" if doc_id.startswith("PMC") else "PubMed",
        other_ids=others,
    )
    return compose_paper(doc_id, text, fields, item, where or doc_id, {})


def _find_infons(passage: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: str(value)
        for infons in iter_objects(passage, "infons")
        for key, value in infons.items()
        if isinstance(value, str | int)
    }


def _find_id(stated: str | None, infons: Mapping[str, str]) -> str | None:
    pmc = infons.get("article-id_pmc")
    if pmc:
        return f"PMC{pmc.removeprefix('PMC')}"
    if stated is None:
        return None
    return f"PMID{stated}" if stated.strip().isdigit() else stated.strip()


def _find_section(passage: Mapping[str, Any]) -> str:
    infons = _find_infons(passage)
    return infons.get("section_type") or infons.get("type") or ""


def _read_passage(passage: Mapping[str, Any]) -> str:
    text = find_text(passage, "text")
    return (" ".join(find_texts(passage, "sentences.text")) if text is None else text).strip()


def _iter_lines(passages: list[Mapping[str, Any]]) -> Iterator[str]:
    """Iterates over the passages that tell of the study, each a paragraph; a section that states no heading gets it."""
    before = ""
    for passage in passages:
        section, kind, text = _find_section(passage), _find_infons(passage).get("type", ""), _read_passage(passage)
        if section in _LEFT_OUT or kind in ("ref", "footnote") or not text:
            continue
        headed = kind.startswith("title") or kind.endswith("title_1")
        if section != before and section in _HEADINGS and not headed:
            yield from ("", _HEADINGS[section])
        if before:
            yield ""
        yield text
        before = section or kind
