"""Inputs that can't be read, each built in a folder, with the code of the failure that they must give: one for each.

`FAULTS` is what tests go through, those of the readers and those of the command alike.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1_000_000
GOOD = json.dumps({"doc_id": "good", "text": "Age 18 years or older."}).encode()
TRIAL = (
    b"<trial><main><trial_id>RBR-9zzz01</trial_id></main><criteria><inclusion_criteria>Age 18</inclusion_criteria>"
    b"</criteria></trial>"
)
OTHER_TRIAL = TRIAL.replace(b"01<", b"02<")


@dataclass(frozen=True)
class Fault:
    """A bad input. `build` makes it in a folder; `says` is part of the sentence it is reported with; `documents` are
    the ids that are read from it all the same; `cannot` tells why it can't be built here."""

    name: str
    code: str
    build: Callable[[Path], object]
    says: str
    documents: tuple[str, ...] = ()
    cannot: Callable[[], str | None] = field(default=lambda: None)


def _bytes(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def _lines(*lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _truncated() -> bytes:
    records = (json.dumps({"doc_id": f"d{n}", "text": os.urandom(2000).hex()}).encode() for n in range(40))
    return gzip.compress(_lines(*records))[:-2000]


def _long_line(folder: Path, name: str = "bad.txt", size: int = 100 * MEGABYTE) -> None:
    with (folder / name).open("wb") as stream:
        for _ in range(size // MEGABYTE):
            stream.write(b"x" * MEGABYTE)


def _archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return packed.getvalue()


def _encrypted() -> bytes:
    """An archive whose member is marked as encrypted, in its local header and in the directory."""
    data = bytearray(_archive({"a.txt": b"Age 18"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.index(signature) + offset, 1)
    return bytes(data)


def overlapping(copies: int = 500, size: int = MEGABYTE) -> bytes:
    """A zip bomb: its directory names the same bytes many times, under names of their own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a0000.txt", b"1" * size)
        [first] = archive.filelist
        for number in range(1, copies):
            copy = zipfile.ZipInfo(f"a{number:04}.txt")
            for slot in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
                setattr(copy, slot, getattr(first, slot))
            archive.filelist.append(copy)
    return packed.getvalue()


def declared(size: int) -> bytes:
    """A zip bomb: a member that becomes `size` bytes, all alike."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(size // MEGABYTE):
            member.write(b"1" * MEGABYTE)
    return packed.getvalue()


def _unreadable(folder: Path) -> None:
    path = folder / "bad.txt"
    path.write_bytes(b"Age 18")
    path.chmod(0)


def _link(name: str, target: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(target)


def _as_root() -> str | None:
    return "root may read everything" if os.geteuid() == 0 else None


def _no_pipes() -> str | None:
    return None if hasattr(os, "mkfifo") else "there are no named pipes here"


FAULTS = (
    Fault("empty", "empty", _bytes("bad.txt", b""), "holds no text"),
    Fault("white-space", "empty", _bytes("bad.txt", b" \r\n\t\n"), "holds no text"),
    Fault("only-a-mark", "empty", _bytes("bad.txt", b"\xef\xbb\xbf"), "holds no text"),
    Fault("binary", "binary", _bytes("bad.txt", bytes(range(256)) * 4), "no text"),
    Fault("nul", "binary", _bytes("bad.txt", b"Age 18\n\0\n"), "NUL byte in line 2"),
    Fault("unknown-encoding", "encoding", _bytes("bad.txt", b"Age\nna\xefve \xb3 \x81 18"), "byte 0xef in line 2"),
    Fault("ambiguous", "encoding", _bytes("bad.txt", "La niña señaló.\n".encode("cp1252") * 9), "can't be told"),
    Fault("truncated-gzip", "truncated", _bytes("bad.txt.gz", gzip.compress(os.urandom(9000))[:-99]), "breaks off"),
    Fault("no-gzip", "damaged", _bytes("bad.txt.gz", b"Age 18"), "not compressed by gzip"),
    Fault("flipped-gzip", "damaged", _bytes("bad.txt.gz", gzip.compress(b"Age 18")[:-8] + b"\1" * 8), "decompressed"),
    Fault("twice-gzip", "wrong_schema", _bytes("bad.txt.gz", gzip.compress(gzip.compress(b"x"))), "compressed twice"),
    Fault("long-line", "too_large", _long_line, "more than 20 MB"),
    Fault("long-record", "too_large", lambda folder: _long_line(folder, "bad.jsonl"), "more than 20 MB"),
    Fault("no-json", "malformed", _bytes("bad.jsonl", b"Age 18"), "no JSON"),
    Fault("other-json", "wrong_schema", _bytes("bad.json", b'{"name": "x"}'), "its columns are 'name'"),
    Fault("other-records", "wrong_schema", _bytes("bad.jsonl", b'{"name": "x"}\n' * 300), "none of the first 100"),
    Fault("other-table", "wrong_schema", _bytes("bad.csv", b"name,age\nx,18\n"), "its columns are 'age', 'name'"),
    Fault("no-table", "wrong_schema", _bytes("bad.csv", b"Age 18\n"), "no column 'text'"),
    Fault("header-only", "empty", _bytes("bad.csv", b"doc_id,text\n"), "no rows"),
    Fault("other-xml", "wrong_schema", _bytes("bad.xml", b"<?xml version='1.0'?><svg/>"), "root element 'svg'"),
    Fault(
        "registry-cut-off",
        "malformed",
        _bytes("bad.xml", b"<trials>" + TRIAL + b"<trial><main>"),
        "breaks off",
        ("RBR-9zzz01",),
    ),
    Fault(
        "registry-broken-record",
        "malformed",
        _bytes("bad.xml", b"<trials>" + TRIAL + TRIAL.replace(b"18", b"<18") + OTHER_TRIAL + b"</trials>"),
        "is no XML",
        ("RBR-9zzz01", "RBR-9zzz02"),
    ),
    Fault(
        "registry-without-text",
        "empty",
        _bytes("bad.xml", b"<trials>" + TRIAL.replace(b"Age 18", b"") + TRIAL + b"</trials>"),
        "no other text",
        ("RBR-9zzz01",),
    ),
    Fault("no-parquet", "malformed", _bytes("bad.parquet", b"Age 18"), "does not begin with PAR1"),
    Fault("broken-parquet", "damaged", _bytes("bad.parquet", b"PAR1" + b"\1" * 99 + b"PAR1"), "as Parquet"),
    Fault("unreadable", "unreadable", _unreadable, "cannot be read", cannot=_as_root),
    Fault("dangling-link", "unreadable", _link("bad.txt", "nowhere"), "cannot be read"),
    Fault("folder-as-file", "not_a_file", lambda folder: (folder / "bad.txt").mkdir(), "is a folder"),
    Fault("pipe", "not_a_file", lambda folder: os.mkfifo(folder / "bad.txt"), "is no file", cannot=_no_pipes),
    Fault("name-with-line-end", "bad_name", _bytes("bad\nname.txt", b"Age 18"), "can't be shown"),
    Fault("name-with-bidi", "bad_name", _bytes("bad\u202etxt.txt", b"Age 18"), "can't be shown"),
    Fault("file-loop", "link_loop", _link("bad.txt", "bad.txt"), "leads to itself"),
    Fault("folder-loop", "link_loop", _link("bad", "."), "a folder that it lies in"),
    Fault("no-zip", "damaged", _bytes("bad.zip", b"Age 18"), "zip archive"),
    Fault("empty-zip", "empty", _bytes("bad.zip", _archive({})), "no documents"),
    Fault("overlapping-bomb", "expands_too_far", _bytes("bad.zip", overlapping()), "share their bytes"),
    Fault(
        "zip-path",
        "forbidden",
        _bytes("bad.zip", _archive({"../bad.txt": b"Age 18", "ok.txt": b"Age 18"})),
        "out of the archive",
        ("ok",),
    ),
    Fault("encrypted", "encrypted", _bytes("bad.zip", _encrypted()), "is encrypted"),
    Fault(
        "zip-in-zip",
        "wrong_schema",
        _bytes("bad.zip", _archive({"bad.zip": _archive({"a.txt": b"x"}), "ok.txt": b"Age 18"})),
        "archive in an archive",
        ("ok",),
    ),
    Fault("office-file", "wrong_schema", _bytes("bad.zip", _archive({"[Content_Types].xml": b"x"})), "office"),
    Fault(
        "broken-line",
        "malformed",
        _bytes("bad.jsonl", _lines(GOOD, b'{"doc_id": "x", "text": "Age', GOOD.replace(b"good", b"too"))),
        "no JSON",
        ("good", "too"),
    ),
    Fault(
        "record-without-id",
        "wrong_schema",
        _bytes("bad.jsonl", _lines(b'{"text": "Age 18"}', GOOD)),
        "no column 'doc_id'",
        ("good",),
    ),
    Fault(
        "record-without-text",
        "empty",
        _bytes("bad.jsonl", _lines(GOOD, b'{"doc_id": "x", "text": null}')),
        "no text",
        ("good",),
    ),
    Fault(
        "id-with-bidi",
        "bad_name",
        _bytes("bad.jsonl", _lines(b'{"doc_id": "a\\u202eb", "text": "Age 18"}', GOOD)),
        "can't be shown",
        ("good",),
    ),
    Fault(
        "short-row",
        "malformed",
        _bytes("bad.csv", b"doc_id,text\na,Age 18\nb\nc,Age 20\n"),
        "has 1 fields; expected 2",
        ("a", "c"),
    ),
    Fault(
        "open-quote",
        "malformed",
        _bytes("bad.csv", b'doc_id,text\na,Age 18\nb,"Age 19\nc,Age 20\n'),
        "never closed",
        ("a", "c"),
    ),
)  # fmt: skip
