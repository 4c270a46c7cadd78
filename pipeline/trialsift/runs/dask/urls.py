"""Inputs of a run on several machines: paths that all of them see, or URLs that fsspec opens (`s3://…`).

A folder behind a URL is searched like one on disk (readers/find.py): to any depth, in order of names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from trialsift.model.errors import UserError
from trialsift.readers import Input, ReadFailure, ReadOptions, find_inputs
from trialsift.readers.find import (
    ENDINGS,
    RESULTS_OF_A_RUN,
    RUN,
    check_inputs,
    find_format,
    printable,
    strip_gz,
)
from trialsift.readers.names import is_showable
from trialsift.runs.dask.partitions import Piece, is_url, open_url
from trialsift.runs.dask.planning import Planned
from trialsift.runs.extract.plan import find_input_state

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: Entries of a listing that show whether a file has changed; each store has one of them.
_MARKS = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")
_AACT = {"eligibilities.txt", "studies.txt"}


@dataclass(frozen=True, slots=True)
class UrlInput(Input):
    """An input behind a URL: its URL, size and mark of change, as listed."""

    url: str = ""
    size: int | None = None
    changed: str | None = None


def plan_pieces(found: Iterator[Input | ReadFailure]) -> Iterator[Planned]:
    """Iterates over the inputs, each as one piece, with the input itself unless it cannot be read."""
    for number, item in enumerate(found):
        if isinstance(item, ReadFailure):
            yield Piece(number, item.place, failure=(item.code, item.message, item.advice, item.record)), None
        elif isinstance(item, UrlInput):
            yield Piece(number, item.place, item.name, item.stem, item.url, item.size, item.changed), item
        elif item.path is not None:
            state = find_input_state(item)
            size, changed = state.get("size"), state.get("changed")
            where = str(item.path.absolute())
            yield (
                Piece(number, item.place, item.name, item.stem, where, size, None if changed is None else str(changed)),
                item,
            )


def find_anywhere(
    given: Sequence[Path | str], leave_out: Path | None, options: ReadOptions, left_out: Counter[str]
) -> Iterator[Input | ReadFailure]:
    """Iterates over the inputs behind paths and URLs, in the given order, as `find_inputs` does.

    Raises UserError, before yielding anything, as `find_inputs` does, and for a URL that cannot be opened.
    """
    names = list(map(str, given))
    paths = [name for name in names if not is_url(name)]
    if paths or not names:
        check_inputs(paths, options)
    behind = {name: _find_behind(name, options) for name in dict.fromkeys(names) if is_url(name)}
    for of_urls, some in groupby(names, is_url):
        if not of_urls:
            yield from find_inputs(list(some), leave_out, options, left_out)
            continue
        for url in dict.fromkeys(some):
            filesystem, info = behind[url]
            if info["type"] == "directory":
                yield from _Walk(filesystem, info["name"], left_out).inputs(info["name"])
            else:
                yield from _file(filesystem, info, PurePosixPath(info["name"]).name, left_out)


def _find_behind(url: str, options: ReadOptions) -> tuple[AbstractFileSystem, Mapping[str, Any]]:
    """Returns the file system of a URL, and its information about the file or folder there."""
    import fsspec

    if "::" in url:
        raise UserError(f"{printable(url)}: is a chain of URLs; name the file or folder itself")
    try:
        filesystem, path = fsspec.url_to_fs(url)
        info = filesystem.info(path)
    except FileNotFoundError:
        raise UserError(f"{printable(url)}: no such file or folder") from None
    except ImportError as error:
        raise UserError(f"{printable(url)}: {error}; install it here and on the workers") from None
    except Exception as error:  # each file system has errors of its own
        reason = (str(error) or repr(error)).splitlines()[0][:300]
        raise UserError(f"{printable(url)}: can't be opened ({reason}); check the URL and the access to it") from error
    if info["type"] != "directory" and options.input_format is None and find_format(path) is None:
        raise UserError(
            f"{printable(url)}: expected a folder or a file that ends in {', '.join(ENDINGS)}, also with .gz; "
            "rename it, or state what it is with --input-format"
        )
    return filesystem, info


class _Walk:
    """A search through a folder behind a URL."""

    def __init__(self, filesystem: AbstractFileSystem, root: str, left_out: Counter[str]) -> None:
        self._filesystem, self._root, self._left_out = filesystem, root.rstrip("/"), left_out

    def inputs(self, folder: str) -> Iterator[Input | ReadFailure]:
        place = printable(str(self._filesystem.unstrip_protocol(folder)))
        try:
            listed = self._filesystem.ls(folder, detail=True)
        except OSError as error:
            message = f"cannot be listed: {error.strerror or error}"
            yield ReadFailure(place, "unreadable", message, "check that you may read it")
            return
        names = {PurePosixPath(info["name"].rstrip("/")).name: info for info in listed}
        if names.keys() >= RUN:
            self._left_out[RESULTS_OF_A_RUN] += 1
        elif names.keys() >= _AACT:
            message = "is a folder of AACT's tables; they are read from a disk only"
            yield ReadFailure(place, "wrong_schema", message, "copy it to a disk that all workers see")
        else:
            for name in sorted(names):
                yield from self._named(name, names[name])

    def _named(self, name: str, info: Mapping[str, Any]) -> Iterator[Input | ReadFailure]:
        path = info["name"].rstrip("/")
        if name.startswith("."):
            return
        if info["type"] == "directory":
            if find_format(name) is None:
                yield from self.inputs(path)
            else:
                place = printable(str(self._filesystem.unstrip_protocol(path)))
                yield ReadFailure(place, "not_a_file", "is a folder with the name of a document", "rename it")
        elif find_format(name) is None:
            self._left_out[PurePosixPath(strip_gz(name)).suffix.lower()] += 1
        else:
            yield from _file(self._filesystem, info, path.removeprefix(self._root).lstrip("/"), self._left_out)


def _file(
    filesystem: AbstractFileSystem, info: Mapping[str, Any], name: str, left_out: Counter[str]
) -> Iterator[Input | ReadFailure]:
    url = str(filesystem.unstrip_protocol(info["name"]))
    place, last = printable(url), PurePosixPath(name).name
    if not is_showable(last):
        yield ReadFailure.of_name(place)
        return
    mark = next((info[key] for key in _MARKS if info.get(key) is not None), None)
    yield UrlInput(
        place,
        printable(name),
        PurePosixPath(strip_gz(last)).stem,
        lambda: open_url(url),
        left_out=left_out,
        url=url,
        size=info.get("size"),
        changed=None if mark is None else str(mark),
    )
