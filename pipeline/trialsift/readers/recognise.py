"""Recognises the format of an input by its content and name.

The ending of the name decides, unless the first bytes are unambiguous. Standard input has no name; its first bytes
decide, and otherwise it is plain text.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence, Set
from typing import Any

from trialsift.readers.find import find_format
from trialsift.readers.inputs import Input, InputFormat
from trialsift.readers.registry.shapes import find_shape

#: Bytes of an input that are looked at.
HEAD = 1 << 16

_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
#: Root elements of the XML of registries, in lower case.
_ROOTS: dict[str, InputFormat] = {
    "clinical_study": "ctgov-xml",
    "trials_downloaded_from_ictrp": "ictrp-xml",
    "trials": "ictrp-upload",
    "alltrials": "isrctn-xml",
    "fulltrial": "isrctn-xml",
    "pubmedarticleset": "pubmed-xml",
    "pubmedarticle": "pubmed-xml",
    "pmc-articleset": "jats-xml",
    "article": "jats-xml",
}
_JATS = re.compile(r"<\?xml|\bJATS\b|//NLM//|\b(?:article-type|dtd-version)\s*=")
_PROLOGUE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:.-]+)[^>\[]*+(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w:.-]*)")
#: Columns of ICTRP's portal; and how many others stand beside them.
_PORTAL, _FEWEST = {"trialid", "inclusion_criteria"}, 10
#: How the download of EUCTR begins.
_EUCTR = re.compile(
    r"(?:\ufeff|ï»¿)?\s*(?:This file contains full details on each clinical trial[^\n]{0,500}\s+)?"
    r"Summary\s+EudraCT Number:"
)
_GAP = re.compile(r"[\s_]+")
_PDF = re.compile(rb"(?:\A|[\r\n])%PDF-\d")
#: The length of what stands in front of the first name in an archive, and how that name begins in files of Office.
_LOCAL_HEADER, _OFFICE = 30, (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/")
_STRING_OR_BRACKET = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\\?\Z)|[{}\[\]]', re.DOTALL)


def recognise_format(item: Input, text_columns: Sequence[str] = ("text",)) -> InputFormat:
    """Returns the format of an unpacked input; JSON with one of `text_columns` holds records. Raises ReadFailure if the
    format is unknown, or the input is compressed twice."""
    if item.path is not None and item.path.is_dir():
        return "aact"
    with item.open() as stream:
        head = stream.read(HEAD)
    named = find_format(item.name)
    if head.startswith(b"\x1f\x8b"):
        raise item.failure("wrong_schema", "is compressed twice", "decompress it once")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if named == "docx" or _is_word(head) else "zip"
    if named == "docx" and head:
        return "docx"  # its reader reports what is wrong
    if head.startswith(b"PAR1"):
        return "parquet"
    if _PDF.search(head[:1024]):
        return "pdf"
    if named in {"pdf", "parquet", "zip", "docx"}:
        return _report_unlike(item, named, head)
    text = make_readable(head)
    if _EUCTR.match(text) and named in {None, "text", "html"}:
        return "euctr-text"
    found = _markup(item, text, named) or _json(text, named, text_columns)
    return found or _table(text, named, text_columns) or named or "text"


def _is_word(head: bytes) -> bool:
    """Whether an archive is a file of Word, by the names of its first members; one may stand in another archive."""
    first = head[_LOCAL_HEADER : _LOCAL_HEADER + int.from_bytes(head[26:28], "little")]
    return first.startswith(_OFFICE) and b"word/" in head


def outline_json(text: str) -> tuple[Set[str], bool]:
    """Returns the keys of the first object at the beginning of a JSON text, and whether it is in an array. There are no
    keys if it is neither an object nor an array of objects."""
    begun = re.match(r"\ufeff?\s*(\[?)\s*\{", text)
    if begun is None:
        return frozenset(), False
    keys, depth = set(), 0
    for found in _STRING_OR_BRACKET.finditer(text, begun.end() - 1):
        token = found.group()
        if token in "{[":
            depth += 1
        elif token in "}]":
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and found.group(2):
            keys.add(found.group(1))
    return keys, bool(begun.group(1))


def is_whole_json(text: str) -> bool:
    """Whether the beginning of a JSON text shows an array, or an object over several lines, which must be read whole;
    otherwise each line is a value."""
    first, line_end, _ = text.lstrip("\ufeff \t\r\n").partition("\n")
    first = first.rstrip()
    return first.startswith("[") or (
        line_end != "" and first.startswith("{") and first.endswith(("{", "[", ",")) and _parsed(first) is None
    )


def _json(text: str, named: InputFormat | None, text_columns: Sequence[str]) -> InputFormat | None:
    keys, in_array = outline_json(text)
    if not keys:
        return "jsonl" if named == "ctgov-json" and "\n{" in text else None
    shape = find_shape(keys) if keys.isdisjoint(text_columns) else None
    if shape and (in_array or is_whole_json(text) or _is_only_line(text, named)):
        return shape.format
    return "jsonl" if shape or named in {None, "ctgov-json", "jsonl"} else None


def _table(text: str, named: InputFormat | None, text_columns: Sequence[str]) -> InputFormat | None:
    """Returns the format of a table whose header is a registry's."""
    header = text.removeprefix("\ufeff").removeprefix("ï»¿").lstrip().split("\n", 1)[0]
    if named != "csv" and (named is not None or header.count(",") < _FEWEST):
        return None
    names = set(map(_name_column, re.split(r"[,;\t|]", header)))
    return "ictrp-csv" if names >= _PORTAL and names.isdisjoint(map(_name_column, text_columns)) else None


def _name_column(name: str) -> str:
    return _GAP.sub("_", name.strip(' "\r\t')).lower()


def _is_only_line(text: str, named: InputFormat | None) -> bool:
    """Whether the first line of a file of JSON is all of it; a longer one than was looked at in `.jsonl` is not."""
    return "\n" not in text.strip() and (named != "jsonl" or len(text) < HEAD)


def _markup(item: Input, text: str, named: InputFormat | None) -> InputFormat | None:
    begin = _PROLOGUE.match(text.removeprefix("\ufeff"))
    assert begin is not None
    rest = text.removeprefix("\ufeff")[begin.end() :]
    doctype = _DOCTYPE.match(rest)
    if doctype:
        rest = rest[doctype.end() :]
        rest = rest[_PROLOGUE.match(rest).end() :]  # type: ignore[union-attr]
    found = _ROOT.match(rest)
    root = (found.group(1) if found else doctype.group(1) if doctype else "").lower()
    if root == "html" or (doctype and doctype.group(1).lower() == "html"):
        return "html"
    head = begin.group() + (doctype[0] if doctype else "") + rest[:500]
    paper = root != "article" or named == "ctgov-xml" or _JATS.search(head)  # HTML has an `article` too
    if root in _ROOTS and paper and (named != "html" or root not in {"article", "trials"}):
        return _ROOTS[root]
    if named == "ctgov-xml" and not root:
        return "ctgov-xml"  # its reader reports what is wrong
    if named == "ctgov-xml" or (root and begin.group().lstrip().startswith("<?xml") and named != "html"):
        raise item.failure(
            "wrong_schema",
            f"is XML with the root element {root[:80]!r}; expected a record of a registry or of a paper, or a page",
            "leave it out, or state what it is with --input-format",
        )
    return None


def _report_unlike(item: Input, named: InputFormat, head: bytes) -> InputFormat:
    """Handles files named as a format with a signature that they lack."""
    if not head:
        raise item.failure("empty", "holds nothing", "fill it or leave it out")
    if named == "zip":  # a program may precede the archive, which is recognised by its end
        return named
    begin = {"pdf": "%PDF-", "parquet": "PAR1"}[named]
    if begin.encode() in head[:1024] and named == "pdf":
        return named
    raise item.failure(
        "malformed",
        f"has the ending of {named}, but does not begin with {begin}",
        "fetch it again, or state what it is with --input-format",
    )


def make_readable(head: bytes) -> str:
    """Returns the beginning of a text, to be searched for ASCII."""
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return head.decode(encoding, "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
