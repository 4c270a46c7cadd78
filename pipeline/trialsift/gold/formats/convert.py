"""Converts annotations from one format to another, for `trialsift convert`; the result is read back and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from trialsift.gold import GoldDocument, GoldError, read_gold, write_gold
from trialsift.gold.formats.brat import find_earlier_files, read_brat, write_brat
from trialsift.gold.formats.comparison import find_first_difference
from trialsift.gold.formats.docbin import read_docbin, write_docbin
from trialsift.gold.formats.fill import Filler
from trialsift.gold.formats.label_studio import TASKS, write_label_studio
from trialsift.gold.formats.label_studio_reader import read_label_studio
from trialsift.gold.formats.prodigy import read_prodigy, write_prodigy
from trialsift.gold.formats.span_tables import SPANS, read_span_tables, write_span_tables
from trialsift.gold.formats.staging import stage

FormatName = Literal["jsonl", "brat", "docbin", "csv", "label-studio", "prodigy"]


#: Documents, and counts of what was left out, by what it is.
Read = tuple[list[GoldDocument], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Format:
    """How a format is read and written. `drawn`: people annotate in it, and may have marked only place and label."""

    read: Callable[[Path], Read]
    write: Callable[[Path, list[GoldDocument]], None]
    folder: bool
    earlier: Callable[[Path], Collection[str]] = lambda _: ()
    drawn: bool = False


def _read_all(read: Callable[[Path], list[GoldDocument]]) -> Callable[[Path], Read]:
    """Returns a reader of a format of which nothing is left out."""
    return lambda path: (read(path), {})


_FORMATS: dict[FormatName, _Format] = {
    "jsonl": _Format(_read_all(read_gold), write_gold, folder=False),
    "brat": _Format(_read_all(read_brat), write_brat, folder=True, earlier=find_earlier_files, drawn=True),
    "docbin": _Format(_read_all(read_docbin), write_docbin, folder=False),
    "csv": _Format(_read_all(read_span_tables), write_span_tables, folder=True),
    "label-studio": _Format(read_label_studio, write_label_studio, folder=True, drawn=True),
    "prodigy": _Format(read_prodigy, write_prodigy, folder=False, drawn=True),
}
_ENDINGS: dict[str, FormatName] = {".jsonl": "jsonl", ".spacy": "docbin", ".json": "label-studio"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """The counts of a conversion. `files`: the names of the files it wrote. `notes`: what was left out or filled in."""

    source: Path
    target: Path
    from_format: FormatName
    to_format: FormatName
    documents: int
    spans: int
    regimens: int
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()


def convert(
    source: Path | str,
    target: Path | str,
    from_format: FormatName | None = None,
    to_format: FormatName | None = None,
    force: bool = False,
    spans_key: str | None = None,
) -> Conversion:
    """Writes the annotations of `source` to `target` in another format, after reading them back and comparing.

    Formats not given are detected by the ending, or by the files in a folder. Spans of the formats of annotation tools
    that have no values get those that trialsift reads there. `force` replaces the files of an earlier
    conversion; `spans_key` is for `read_docbin`. Raises GoldError, with `target` unchanged, for anything that can't be
    read or written, for output that exists, and if the result reads back differently.
    """
    source, target = Path(source), Path(target)
    from_format = from_format or detect_source_format(source)
    to_format = to_format or detect_target_format(target)
    if source.resolve() == target.resolve():
        raise GoldError(f"{target}: is the source too; name another place")
    if spans_key is not None and from_format != "docbin":
        raise GoldError(f"{source}: --spans-key is for DocBin, and this is {from_format}; leave it out")
    documents, notes = _read_source(source, from_format, spans_key)
    _check_json(documents, source)
    files = _write_verified(documents, source, target, to_format, force)
    return Conversion(
        source,
        target,
        from_format,
        to_format,
        len(documents),
        sum(len(d.spans) for d in documents),
        sum(len(d.regimens) for d in documents),
        files,
        tuple(notes),
    )


def _read_source(source: Path, name: FormatName, spans_key: str | None) -> tuple[list[GoldDocument], list[str]]:
    """Reads the documents of a source, with values where an annotation tool has none, and notes on both."""
    chosen = _FORMATS[name]
    documents, left_out = (read_docbin(source, spans_key), {}) if name == "docbin" else chosen.read(source)
    notes = [f"left out: {number:,} × {what}" for what, number in sorted(left_out.items())]
    if chosen.drawn:
        filler = Filler()
        documents = [filler.fill(document) for document in documents]
        notes += filler.notes
    return documents, notes


def _write_verified(
    documents: list[GoldDocument], source: Path, target: Path, to_format: FormatName, force: bool
) -> tuple[str, ...]:
    """Writes documents beside `target`, reads them back, and moves them into place if they are equal.

    Returns the names of the files.
    """
    chosen = _FORMATS[to_format]
    with stage(target, folder=chosen.folder, overwrite=force, earlier=chosen.earlier) as made:
        try:
            chosen.write(made, documents)
            difference = find_first_difference(documents, chosen.read(made)[0])
        except GoldError as error:
            raise GoldError(f"{source}: can't be converted to {to_format}: {error}") from None
        if difference is not None:
            raise GoldError(f"{target}: reads back otherwise than {source}: {difference}; nothing was written")
        return tuple(sorted(path.name for path in made.iterdir())) if chosen.folder else (target.name,)


def detect_source_format(path: Path) -> FormatName:
    """Returns the format of an existing file or folder. Raises GoldError if it is unclear."""
    if not path.exists():
        raise GoldError(f"{path}: no such file or folder; expected a .jsonl, .json or .spacy file, or a folder")
    if path.is_dir():
        return _detect_folder_format(path) or _fail_unknown(
            path, "a folder of neither brat, Label Studio nor CSV", "--from"
        )
    return _ENDINGS.get(path.suffix) or _fail_unknown(path, f"the ending {path.suffix!r} tells no format", "--from")


def detect_target_format(path: Path) -> FormatName:
    """Returns the format by the ending of a path, or by the files of an existing folder.

    Raises GoldError if it is unclear.
    """
    if path.is_dir():
        return _detect_folder_format(path) or _fail_unknown(path, "a folder may be brat, CSV or Label Studio", "--to")
    if path.suffix == ".json":
        _fail_unknown(path, "ends in .json, where tasks and configuration of Label Studio need a folder", "--to")
    return _ENDINGS.get(path.suffix) or _fail_unknown(
        path, "not .jsonl or .spacy; a folder may be brat, CSV or Label Studio", "--to"
    )


def _detect_folder_format(folder: Path) -> FormatName | None:
    brat = (folder / "annotation.conf").exists() or any(folder.glob("*.ann"))
    if brat and (folder / SPANS).exists():
        raise GoldError(f"{folder}: holds brat's files and {SPANS}; say which is meant with --from or --to")
    if (folder / TASKS).exists() and not brat:
        return "label-studio"
    if (folder / "annotations.jsonl").exists():
        raise GoldError(f"{folder}: holds a run of trialsift; name {folder / 'annotations.jsonl'}")
    return "brat" if brat else "csv" if (folder / SPANS).exists() else None


def _fail_unknown(path: Path, why: str, option: str) -> NoReturn:
    raise GoldError(f"{path}: {why}; say which format is meant with {option}: {', '.join(_FORMATS)}")


def _check_json(documents: Sequence[GoldDocument], source: Path) -> None:
    for document in documents:
        try:
            json.dumps(document.to_record(), ensure_ascii=False, allow_nan=False).encode("utf-8")
        except ValueError as error:  # an infinite number, such as 1e400, or half a surrogate pair
            raise GoldError(
                f"{source}: document {document.doc_id!r}: holds a value that can't be written ({error})"
            ) from None
