"""Zip archives: each member is recognised and read like a file, in order of names.

Nothing is unpacked to disk, and no member's name is ever used as a path.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.find import find_format, printable, strip_gz
from trialsift.readers.inputs import MEGABYTE, Input, ReadOptions
from trialsift.readers.names import is_showable
from trialsift.readers.streams import open_seekable

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|\Z)", re.DOTALL)
_RAISE = "leave it out, or raise --max-expanded-mb"
_AGAIN = "fetch the archive again"


def read_zip(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents in an archive, with a ReadFailure for each member that cannot be read. Raises
    ReadFailure if the archive cannot be opened or has no documents."""
    from trialsift.readers.read import read_documents

    if item.inside:
        raise item.failure("wrong_schema", "is an archive in an archive", "unpack it, and name its files")
    inner = replace(options, input_format=None) if options.input_format == "zip" else options
    found = False
    with open_seekable(item, options) as stream, _archive(item, stream) as archive:
        for member in _members(item, archive, options):
            found = True
            if isinstance(member, ReadFailure):
                yield member
            else:
                yield from read_documents(member, inner)
    if not found:
        raise item.failure("empty", "holds no documents", "leave it out")


@contextmanager
def _archive(item: Input, stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(stream)
    except ReadFailure:
        raise
    except Exception as error:  # a damaged archive makes the library raise errors of many kinds
        raise item.failure("damaged", f"can't be opened as a zip archive ({error})", _AGAIN) from error
    with archive:
        yield archive


def _members(item: Input, archive: zipfile.ZipFile, options: ReadOptions) -> Iterator[Input | ReadFailure]:
    everything = archive.infolist()
    if any(info.filename == "[Content_Types].xml" for info in everything):
        message = "is a file of an office program"
        raise item.failure("wrong_schema", message, "export it as plain text, HTML, PDF or .docx")
    if _has_overlaps(archive, everything):
        message = "has members that share their bytes, as only archives do that are made to expand without end"
        raise item.failure("expands_too_far", message, "leave it out")
    locked: list[zipfile.ZipInfo] = []
    total = 0
    for info in sorted(everything, key=lambda info: (info.filename, info.header_offset)):
        member = _open_member(item, archive, info)
        if member is None:
            continue
        if isinstance(member, ReadFailure):
            yield member
        elif info.flag_bits & _ENCRYPTED:
            locked.append(info)
        elif info.file_size > options.max_expanded:
            message = f"becomes {info.file_size / MEGABYTE:,.0f} MB"
            yield member.failure("expands_too_far", message, _RAISE)
        elif total + info.file_size > options.max_expanded:
            message = f"becomes more than {options.max_expanded / MEGABYTE:,.0f} MB; members from {member.name} on"
            yield item.failure("expands_too_far", f"{message} were not read", _RAISE)
            break
        else:
            total += info.file_size
            yield member
    if locked:
        names = printable(locked[0].filename) + (f" and {len(locked) - 1} more" if len(locked) > 1 else "")
        message = f"is encrypted: {names} can't be read"
        yield item.failure("encrypted", message, "unpack it with its password, and name its files")


def _open_member(item: Input, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Input | ReadFailure | None:
    """Returns a member as an input; None if its format is unknown, a ReadFailure if it must not be read."""
    path = info.orig_filename.replace("\0", "\N{SYMBOL FOR NULL}")
    place = f"{item.place}/{printable(path)}"
    if _OUTSIDE.match(path):
        message = "has a path that leads out of the archive"
        return ReadFailure(place, "forbidden", message, "leave it out, or pack the archive again")
    parts = PurePosixPath(path).parts
    if info.is_dir() or "__MACOSX" in parts or any(part.startswith(".") for part in parts):
        return None
    if not is_showable(path):
        return ReadFailure.of_name(place)
    if stat.S_ISLNK(info.external_attr >> 16):
        return ReadFailure(place, "not_a_file", "is a link", "pack the file that it leads to")
    if find_format(path) is None:
        if item.left_out is not None:
            item.left_out[PurePosixPath(strip_gz(path)).suffix.lower()] += 1
        return None
    stem = PurePosixPath(strip_gz(parts[-1])).stem
    name = f"{item.name}/{path}"
    return Input(place, name, stem, lambda: _bytes(archive, info, place), inside=True, left_out=item.left_out)


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> BinaryIO:
    try:
        return cast(BinaryIO, archive.open(info))
    except NotImplementedError as error:
        raise ReadFailure(place, "damaged", f"can't be unpacked ({error})", "pack it with deflate") from error
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError) as error:
        raise ReadFailure(place, "damaged", f"can't be unpacked ({error})", _AGAIN) from error


def _has_overlaps(archive: zipfile.ZipFile, everything: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether the bytes of two members overlap, or those of one and the directory."""
    ends = archive.start_dir
    for info in sorted(everything, key=lambda info: info.header_offset, reverse=True):
        name = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
        if info.header_offset + _LOCAL_HEADER + len(name) + info.compress_size > ends:
            return True
        ends = info.header_offset
    return False
