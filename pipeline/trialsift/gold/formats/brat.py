"""Reads and writes a folder for the annotation tool brat, https://brat.nlplab.org: a `.txt` and an `.ann` per document.

    NAME.txt, NAME.ann               the text, byte for byte, and its standoff (see standoff.py)
    annotation.conf, visual.conf     so that brat opens the folder
    documents.jsonl                  what standoff can't hold: order, doc_id, meta, unknown keys

NAME is the doc_id, percent-encoded where it isn't a safe file name. In a folder without `documents.jsonl` the file name
is the doc_id, and documents are sorted by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trialsift.gold import GoldDocument, GoldError, parse_document, parse_json
from trialsift.gold.formats.brat_config import format_annotation_conf, format_visual_conf
from trialsift.gold.formats.staging import stage
from trialsift.gold.formats.standoff import format_annotation_lines, format_one_line
from trialsift.gold.formats.standoff_reader import read_standoff

DOCUMENTS = "documents.jsonl"
_DOCUMENT_KEYS = {"doc_id", "text", "meta", "spans", "regimens"}
_SIDE_KEYS = {"file", "doc_id", "meta", "extra"}
#: Names that Windows reserves for devices, with any ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_LONGEST_NAME = 200  # file systems allow 255 bytes, including the ending


def write_brat(folder: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes a folder that brat opens.

    With `overwrite` the files of an earlier conversion are replaced and others stay. Raises GoldError if the folder is
    not empty without `overwrite`, if it holds annotations of another origin, and for a label that brat can't hold.
    """
    documents = list(documents)
    with stage(Path(folder), folder=True, overwrite=overwrite, earlier=find_earlier_files) as made:
        made.mkdir()
        side = []
        for name, document in zip(_make_file_names([d.doc_id for d in documents]), documents, strict=True):
            _write(made / f"{name}.txt", document.text)
            _write(made / f"{name}.ann", "".join(f"{line}\n" for line in format_annotation_lines(document)))
            record = {"file": name, "doc_id": document.doc_id, "meta": document.meta, "extra": document.extra}
            side.append(format_one_line(record) + "\n")
        _write(made / DOCUMENTS, "".join(side))
        _write(made / "annotation.conf", format_annotation_conf(documents))
        _write(made / "visual.conf", format_visual_conf(documents))


def read_brat(folder: Path | str) -> list[GoldDocument]:
    """Reads the documents of a folder written by trialsift or brat; those not listed in `documents.jsonl` come last.

    Raises GoldError, naming file and line, for what the gold format can't hold, a text without annotations or the
    reverse, and a repeated doc_id.
    """
    folder = Path(folder)
    names = _find_pairs(folder)
    side = _read_side_records(folder)
    for name, (_, where) in side.items():
        if name not in names:
            raise GoldError(f"{where}: {name}.txt is not in the folder; put it back, or remove the line")
    documents: list[GoldDocument] = []
    seen: dict[str, str] = {}
    for name in [*side, *(name for name in names if name not in side)]:
        record, where = side.get(name, ({"doc_id": name}, str(folder / f"{name}.ann")))
        document = _read_document(folder, name, record, where)
        if document.doc_id in seen:
            raise GoldError(f"{where}: doc_id {document.doc_id!r} is that of {seen[document.doc_id]} already")
        seen[document.doc_id] = where
        documents.append(document)
    return documents


def find_earlier_files(folder: Path) -> list[str]:
    """Lists the texts and annotations in a folder that an earlier conversion wrote.

    Raises GoldError for annotations of another origin, which would become part of the new ones.
    """
    listed = _read_side_records(folder)
    for path in sorted(folder.iterdir()):
        if path.suffix in (".ann", ".txt") and path.stem not in listed:
            raise GoldError(
                f"{path}: is not of an earlier conversion, as {DOCUMENTS} there lists them; name another folder"
            )
    return [f"{name}{ending}" for name in listed for ending in (".txt", ".ann")]


def _read_document(folder: Path, name: str, record: dict[str, Any], where: str) -> GoldDocument:
    text = _read(folder / f"{name}.txt")
    file = str(folder / f"{name}.ann")
    standoff = read_standoff(_read(folder / f"{name}.ann"), text, file)
    extra = dict(record.get("extra", {}))
    if standoff.regimen_notes:
        before = extra.get("regimen_notes")
        extra["regimen_notes"] = {**(before if isinstance(before, dict) else {}), **standoff.regimen_notes}
    return parse_document(
        {
            "doc_id": record["doc_id"],
            "text": text,
            "meta": record.get("meta", {}),
            "spans": standoff.spans,
            "regimens": standoff.regimens,
            **extra,
        },
        where,
        lambda key, i: standoff.places[key][i],
    )


def _find_pairs(folder: Path) -> list[str]:
    """Returns the names of the documents of a folder, sorted."""
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise GoldError(f"{folder}: can't be read ({error.strerror}); expected a folder of .txt and .ann") from None
    below = next(folder.glob("*/**/*.ann"), None)
    if below is not None:
        raise GoldError(f"{below}: lies in a folder below {folder}; convert each folder by itself")
    texts, annotations = ([f.stem for f in files if f.suffix == ending] for ending in (".txt", ".ann"))
    for name in sorted({*texts} ^ {*annotations}):
        present, missing = (".txt", ".ann") if name in texts else (".ann", ".txt")
        raise GoldError(
            f"{folder / (name + present)}: has no {name}{missing} beside it; expected both, if need be empty"
        )
    return texts


def _read_side_records(folder: Path) -> dict[str, tuple[dict[str, Any], str]]:
    """Reads the records of `documents.jsonl` by file name, each with its file and line."""
    path = folder / DOCUMENTS
    if not path.exists():
        return {}
    records: dict[str, tuple[dict[str, Any], str]] = {}
    for number, line in enumerate(_read(path).split("\n"), start=1):
        where = f"{path}:{number}"
        if not line.strip():
            continue
        record = parse_json(line.encode("utf-8"), where)
        if not isinstance(record, dict) or record.keys() - _SIDE_KEYS or not {"file", "doc_id"} <= record.keys():
            raise GoldError(f"{where}: expected an object with file and doc_id, and meta and extra if there are any")
        name, extra = record["file"], record.get("extra", {})
        if not isinstance(name, str) or not name or name != Path(name).name or "\\" in name or "\0" in name:
            raise GoldError(f"{where}: file is {name!r}; expected the name of a file in the folder, without .txt")
        if name in records:
            raise GoldError(f"{where}: the file {name!r} stands at {records[name][1]} already; expected it once")
        if not isinstance(extra, dict) or extra.keys() & _DOCUMENT_KEYS:
            raise GoldError(f"{where}: extra can't be read; expected an object with keys that documents don't have")
        records[name] = record, where
    return records


def _make_file_names(doc_ids: Sequence[str]) -> list[str]:
    """Makes a file name for each, safe on every system: percent-encoded and unique regardless of case."""
    taken: set[str] = set()
    names = []
    for doc_id in doc_ids:
        name = quote(doc_id, safe="").replace("~", "%7E")
        if name.startswith(".") or name.split(".")[0].lower() in _DEVICES:
            name = f"%{ord(name[0]):02X}{name[1:]}"
        wanted = name = name[:_LONGEST_NAME]
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{wanted}~{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise GoldError(f"{path}: can't be read ({error.strerror}); expected a text in UTF-8") from None
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
