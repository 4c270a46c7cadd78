"""Groups inputs into partitions as they are found: small files together, large ones in ranges if their format allows.

The same inputs give the same partitions, so that a resumed run knows what it has.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace

from trialsift.model.document import Document
from trialsift.readers import Input, ReadFailure, ReadOptions
from trialsift.readers.inputs import InputFormat
from trialsift.readers.plain.encodings import find_codec_name, find_marked
from trialsift.readers.recognise import HEAD, is_whole_json, make_readable, recognise_format
from trialsift.readers.streams import GZIP, open_seekable, unpack_input
from trialsift.readers.tables.json_records import read_lines
from trialsift.readers.tables.records import PATIENCE
from trialsift.runs.dask.partitions import Partition, Piece

#: A partition is full with this many inputs, however small they are.
MOST_INPUTS = 500
_BLOCK = 1 << 20
#: Compressed files count more than their size.
_PACKED = {".gz": 4, ".zip": 4}

Planned = tuple[Piece, Input | None]


def make_partitions(planned: Iterable[Planned], options: ReadOptions, target: int) -> Iterator[Partition]:
    """Iterates over partitions of about `target` bytes each, in the order of the inputs."""
    held: list[Piece] = []
    weight = count = 0

    def closed() -> Partition:
        nonlocal weight, count, held
        number, pieces = f"{count:05}", tuple(held)
        held, weight, count = [], 0, count + 1
        return Partition(number, pieces)

    for piece, source in planned:
        ranges = [] if source is None else list(_split_ranges(piece, source, options, target))
        if held and (ranges or weight + _weight(piece) > target or len(held) == MOST_INPUTS):
            yield closed()
        for one in ranges:
            held.append(one)
            yield closed()
        if not ranges:
            held.append(piece)
            weight += _weight(piece)
    if held:
        yield closed()


def _weight(piece: Piece) -> int:
    ending = piece.name[piece.name.rfind(".") :].lower()
    return (piece.size or 0) * _PACKED.get(ending, 1)


def _split_ranges(piece: Piece, source: Input, options: ReadOptions, target: int) -> Iterator[Piece]:
    """Iterates over the ranges of an input of more than `target` bytes; none if it must be read whole, even because
    something is wrong with it, which its reader will report."""
    if (piece.size or 0) <= target or (source.path is not None and source.path.is_dir()):
        return
    try:
        with source.open() as stream:
            if stream.read(len(GZIP)) == GZIP:
                return
        opened = unpack_input(source, options)
        found = _format(opened, options)
        if found == "parquet":
            yield from _split_row_groups(piece, opened, options, target)
        elif found == "jsonl" and _has_independent_lines(opened, options):
            yield from _split_lines(piece, opened, target)
    except Exception:  # whatever is wrong: the reader of the whole file reports it
        return


def _format(source: Input, options: ReadOptions) -> InputFormat:
    return recognise_format(source, options.text_columns) if options.input_format is None else options.input_format


def _split_row_groups(piece: Piece, source: Input, options: ReadOptions, target: int) -> list[Piece]:
    """Returns ranges of row groups of a Parquet file, if it can be read."""
    import pyarrow.parquet as pq

    with open_seekable(source, options) as stream:
        metadata = pq.ParquetFile(stream).metadata
        groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
        sizes = [(group.num_rows, group.total_byte_size) for group in groups]
    ranges: list[Piece] = []
    first = rows = before = weight = 0
    for number, (of_group, size) in enumerate(sizes):
        if rows and weight + size > target:
            ranges.append(replace(piece, groups=(first, number), before=before))
            first, before, rows, weight = number, before + rows, 0, 0
        rows, weight = rows + of_group, weight + size
    if not ranges:  # one range would be the whole
        return []
    return [*ranges, replace(piece, groups=(first, len(sizes)), before=before)]


def _has_independent_lines(source: Input, options: ReadOptions) -> bool:
    """Whether each line of a JSON Lines file can be read independently, and one of the first is a valid record, so that
    the file is not given up as a whole."""
    with source.open() as stream:
        head = stream.read(HEAD)
    if (
        is_whole_json(make_readable(head))
        or find_marked(head)
        or find_codec_name(options.encoding or "utf-8") != "utf-8"
    ):
        return False
    some = read_lines(source, replace(options, encoding="utf-8"))
    return any(_is_record(result) for result, _ in zip(some, range(PATIENCE - 1), strict=False))


def _is_record(result: Document | ReadFailure) -> bool:
    return not isinstance(result, ReadFailure) or result.code not in {"malformed", "wrong_schema"}


def _split_lines(piece: Piece, source: Input, target: int) -> list[Piece]:
    """Returns ranges of whole lines, each of about `target` bytes. None if the file is not UTF-8: its encoding is
    detected from the whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ranges: list[Piece] = []
    start = at = before = lines = 0
    with source.open() as stream:
        while block := stream.read(min(_BLOCK, target // 4 + 1)):
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return []
            end = block.rfind(b"\n") + 1
            if end and at + end - start >= target:
                lines += block.count(b"\n", 0, end)
                ranges.append(replace(piece, span=(start, at + end), before=before))
                start, before = at + end, before + lines
                lines = block.count(b"\n", end)
            else:
                lines += block.count(b"\n")
            at += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return []
    if at > start:
        ranges.append(replace(piece, span=(start, at), before=before))
    return ranges if len(ranges) > 1 else []
