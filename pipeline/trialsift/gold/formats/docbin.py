"""Reads and writes spaCy's DocBin (`.spacy`): blank English Docs with facts where trialsift's component puts them.

    doc.spans["trialsift"], doc._.trialsift, …    as in doc_annotation.py; the extensions need `register_extensions()`
    doc.user_data["doc_id"]                       the document's id
    doc.user_data["trialsift_gold"]               the document as JSON without its text, which makes the file lossless

Three kinds of Docs are read: those written here; those of a pipeline with the component; and others, of which only
spans and labels are known. A span group that was edited after its facts were written is refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift.gold import GoldDocument, GoldError, parse_document, parse_json
from trialsift.gold.formats.comparison import find_value_difference
from trialsift.gold.formats.staging import stage
from trialsift.model.fact import Annotation, Fact, Scalar, annotation_record

if TYPE_CHECKING:
    from spacy.tokens import Doc

RECORD, DOC_ID = "trialsift_gold", "doc_id"  # in doc.user_data
ENTS = "ents"  # the spans key that stands for doc.ents
#: Attributes that would hide a field of the flat fact, and keys that medspaCy's decoders take for their own objects.
_TAKEN = frozenset({"label", "start", "end", "text", "rule", "context_start", "context_end"})
_DECODED_BY_MEDSPACY = frozenset({"section", "modifier", "modifiers", "context_graph"})


def write_docbin(path: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes a `.spacy` file; the context of a fact is its line.

    Raises GoldError if the file exists, unless `overwrite`, and for an attribute that a DocBin can't hold.
    """
    import spacy
    from spacy.tokens import DocBin

    from trialsift.spacy_pipeline.doc_annotation import write_annotation

    nlp = spacy.blank("en")
    nlp.max_length = sys.maxsize  # this limit protects parsers, and there is none
    store = DocBin(attrs=[], store_user_data=True)
    for document in documents:
        doc = nlp.make_doc(document.text)
        if doc.text != document.text:
            raise GoldError(f"document {document.doc_id!r}: spaCy's tokens don't give the text back")
        write_annotation(doc, _make_annotation(document))
        doc.user_data[DOC_ID] = document.doc_id
        record = document.to_record()
        del record["text"]
        doc.user_data[RECORD] = json.dumps(record, ensure_ascii=False, allow_nan=False)
        store.add(doc)
    with stage(Path(path), folder=False, overwrite=overwrite) as made:
        made.write_bytes(store.to_bytes())


def read_docbin(path: Path | str, spans_key: str | None = None) -> list[GoldDocument]:
    """Reads the documents of a `.spacy` file.

    `spans_key` names the facts or the span group to read, `ents` the entities; by default trialsift's facts, or the
    only span group of a file without any. A Doc without an id gets the name of the file and its number. Raises
    GoldError, naming file and Doc, for a file that isn't a DocBin, edited spans, and several span groups to choose
    from.
    """
    path = Path(path)
    docs = _read_docs(path)
    group = _choose_group(docs, spans_key, path)
    documents: list[GoldDocument] = []
    seen: dict[str, int] = {}
    for number, doc in enumerate(docs, start=1):
        where = f"{path}: Doc {number}"
        doc_id = doc.user_data.get(DOC_ID)
        if not isinstance(doc_id, str) or not doc_id:
            doc_id = f"{path.stem}-{number:0{len(str(len(docs)))}}"
        document = _read_document(doc, doc_id, where, spans_key, group)
        if document.doc_id in seen:
            raise GoldError(f"{where}: doc_id {document.doc_id!r} is that of Doc {seen[document.doc_id]} already")
        seen[document.doc_id] = number
        documents.append(document)
    return documents


def _make_annotation(document: GoldDocument) -> Annotation:
    """Returns the annotation as the component writes it; gold spans get empty rules."""
    index = {span.id: i for i, span in enumerate(document.spans)}
    facts = []
    for span in document.spans:
        for name, value in span.attributes.items():
            where = f"document {document.doc_id!r}: span {span.id}: the attribute {name!r}"
            if name in _TAKEN | _DECODED_BY_MEDSPACY:
                raise GoldError(f"{where} can't stand in a DocBin, where the name has another meaning; rename it")
            if _is_too_large(value):
                raise GoldError(f"{where} is {value}; a DocBin holds integers of 64 bits")
        facts.append(Fact(span.label, span.start, span.end, span.text, span.rule or "", span.attributes))
    regimens = []
    for r in document.regimens:
        for bound in (*(r.fractions or ()), *(r.dose_per_fraction or ()), *(r.total_dose or ())):
            if _is_too_large(bound):
                raise GoldError(
                    f"document {document.doc_id!r}: a bound of a regimen is {bound}; a DocBin holds integers of 64 bits"
                )
        regimens.append(replace(r, facts=tuple(index[i] for i in r.facts)))
    contexts = tuple(_find_line(document.text, fact.start, fact.end) for fact in facts)
    return Annotation(tuple(facts), tuple(regimens), contexts)


def _is_too_large(value: Scalar) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**64


def _find_line(text: str, start: int, end: int) -> tuple[int, int]:
    after = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if after < 0 else after


def _read_docs(path: Path) -> list[Doc]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        content = path.read_bytes()
    except OSError as error:
        raise GoldError(f"{path}: can't be read ({error.strerror}); expected a DocBin of spaCy") from None
    try:
        return list(DocBin(store_user_data=True).from_bytes(content).get_docs(Vocab()))
    except Exception as error:  # whatever zlib, msgpack, spaCy and the decoders of other packages raise
        raise GoldError(f"{path}: can't be read as a DocBin of spaCy ({type(error).__name__}: {error})") from None


def _choose_group(docs: Sequence[Doc], spans_key: str | None, path: Path) -> str:
    """Chooses the span group to read in Docs without facts of trialsift.

    Raises GoldError if the requested group doesn't exist, or none is requested and there are several.
    """
    from trialsift.spacy_pipeline.doc_annotation import FACTS, SPANS_KEY

    present = {key: None for doc in docs for key in doc.spans}
    if spans_key is not None:
        if spans_key not in (*present, ENTS, SPANS_KEY):
            raise GoldError(f"{path}: no Doc has the span group {spans_key!r}; expected {_enumerate([*present, ENTS])}")
        return spans_key
    foreign = [doc for doc in docs if FACTS not in doc.user_data]
    filled = list({key: None for doc in foreign for key, group in doc.spans.items() if len(group)})
    filled += [ENTS] if any(doc.ents for doc in foreign) else []
    if len(filled) > 1:
        raise GoldError(f"{path}: spans stand in {_enumerate(filled)}; choose one with --spans-key")
    return filled[0] if filled else SPANS_KEY


def read_doc(doc: Doc, where: str, spans_key: str | None = None) -> GoldDocument | None:
    """Reads a Doc's annotations under a spans key, by default trialsift's; None if it has none.

    `where` names the Doc in errors, and is the id of a Doc without one. Raises GoldError as `read_docbin` does.
    """
    from trialsift.spacy_pipeline.doc_annotation import SPANS_KEY, make_facts_key

    key = SPANS_KEY if spans_key is None else spans_key
    own = key == SPANS_KEY and RECORD in doc.user_data
    if not own and make_facts_key(key) not in doc.user_data and key not in doc.spans:
        return None
    doc_id = doc.user_data.get(DOC_ID)
    return _read_document(doc, doc_id if isinstance(doc_id, str) and doc_id else where, where, key, key)


def _read_document(doc: Doc, doc_id: str, where: str, spans_key: str | None, group: str) -> GoldDocument:
    from trialsift.spacy_pipeline.doc_annotation import FACTS, SPANS_KEY, make_facts_key

    ours = RECORD in doc.user_data or FACTS in doc.user_data
    key = spans_key if spans_key is not None else SPANS_KEY if ours else group
    if RECORD in doc.user_data and key == SPANS_KEY:
        return _read_own_document(doc, where)
    if make_facts_key(key) in doc.user_data:
        return _read_facts(doc, doc_id, where, key)
    return _read_spans(doc, doc_id, where, group)


def _read_own_document(doc: Doc, where: str) -> GoldDocument:
    from trialsift.spacy_pipeline.doc_annotation import SPANS_KEY

    record = parse_json(str(doc.user_data[RECORD]).encode("utf-8"), where)
    if not isinstance(record, dict):
        raise GoldError(f"{where}: user_data[{RECORD!r}] is no JSON object")
    document = parse_document({**record, "text": doc.text}, where)
    _check_unedited(
        doc,
        _make_annotation(document),
        SPANS_KEY,
        f"{where} ({document.doc_id})",
        f"to convert the facts as they are now, delete doc.user_data[{RECORD!r}]",
    )
    return document


def _read_facts(doc: Doc, doc_id: str, where: str, group: str) -> GoldDocument:
    from trialsift.spacy_pipeline.doc_annotation import annotation_of, make_facts_key

    try:
        annotation = annotation_of(doc, group)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise GoldError(f"{where}: its facts can't be read ({type(error).__name__}: {error})") from None
    record = annotation_record(doc_id, doc.text, annotation)
    for span in record["spans"]:
        if not span["rule"]:
            del span["rule"]
    document = parse_document(record, where)
    advice = f"run the component again, or convert the spans alone: delete doc.user_data[{make_facts_key(group)!r}]"
    _check_unedited(doc, annotation, group, where, advice)
    return document


def _read_spans(doc: Doc, doc_id: str, where: str, group: str) -> GoldDocument:
    spans = doc.spans.get(group, ()) if group in doc.spans or group != ENTS else doc.ents
    records = []
    for i, span in enumerate(spans):
        ids = {"span_id": span.id_, "kb_id": span.kb_id_}
        records.append(
            {
                "id": i,
                "start": span.start_char,
                "end": span.end_char,
                "label": span.label_,
                "text": span.text,
                **{key: value for key, value in ids.items() if value},
            }
        )
    meta = {"complete_attributes": False}
    return parse_document({"doc_id": doc_id, "text": doc.text, "meta": meta, "spans": records}, where)


def _check_unedited(doc: Doc, annotation: Annotation, group: str, where: str, advice: str) -> None:
    """Raises GoldError if facts, regimens or the span group differ from what `annotation` gives on the same tokens."""
    from spacy.tokens import Doc

    from trialsift.spacy_pipeline.doc_annotation import write_annotation

    # not doc.copy(): it fails on some spans at white space
    fresh = Doc(doc.vocab, [token.text for token in doc], [bool(token.whitespace_) for token in doc])
    write_annotation(fresh, annotation, group)
    difference = find_value_difference(_list_carried(fresh, group), _list_carried(doc, group))
    if difference is not None:
        raise GoldError(f"{where}: was edited since it was written: {difference}; {advice}")


def _list_carried(doc: Doc, group: str) -> dict[str, Any]:
    from trialsift.spacy_pipeline.doc_annotation import make_facts_key, make_regimens_key

    spans = [[s.label_, s.start_char, s.end_char, s.id_] for s in doc.spans.get(group, ())]
    facts = [dict(fact) for fact in doc.user_data.get(make_facts_key(group), ())]
    regimens = [dict(regimen) for regimen in doc.user_data.get(make_regimens_key(group), ())]
    return {f"doc.spans[{group!r}]": spans, "facts": facts, "regimens": regimens}


def _enumerate(names: Iterable[str]) -> str:
    return " or ".join(repr(name) for name in names)
