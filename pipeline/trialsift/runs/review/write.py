"""Writes the queue of a run as tables and as a page, for `trialsift review`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trialsift.model.atomic_write import replace_file, replace_texts
from trialsift.model.errors import UserError
from trialsift.model.fact import Scalar
from trialsift.reports.review import render_review
from trialsift.rules.layers import Patterns
from trialsift.runs.folder import ANNOTATIONS, REVIEW_FILES
from trialsift.runs.read import read_run
from trialsift.runs.review.page import make_page_data
from trialsift.runs.review.queue import Item, Queue, make_queue
from trialsift.runs.review.readings import read_readings
from trialsift.tables.context import make_context
from trialsift.tables.files.frames import ENDINGS, open_frame_file
from trialsift.tables.rows import make_frame
from trialsift.tables.schema import REVIEW

#: Items on a page unless a number is given.
MOST_ITEMS = 2_000
_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class WrittenReview:
    """The files, the items of the queue, those that the page has, and the documents of those."""

    files: tuple[Path, ...]
    items: int
    shown: int
    documents: int


def find_run_key(run: Path) -> str:
    """Returns what tells a run from others: decisions on one can't be applied to another."""
    with (run / ANNOTATIONS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def write_review(
    run: Path,
    files: Sequence[Path] = (),
    *,
    first: float | int | None = None,
    force: bool = False,
    patterns: Patterns,
) -> WrittenReview:
    """Writes the queue of a run into `files` by their endings (.html, .csv, .jsonl, .parquet).

    By default into `review.html` and `review.csv` in the folder of the run. `first` is how much of the queue the page
    has: a number of items, or a share as a float up to 1 (default: 2,000 items); tables have all of it. Raises
    UserError for a folder without a run, and files that exist (unless `force`) or can't be written.
    """
    results = read_run(run, patterns)
    paths = tuple(files) or tuple(run / name for name in REVIEW_FILES)
    _check_files(paths, force)
    queue = make_queue(results, patterns)
    if not queue.documents:
        raise UserError(f"{run}: the run has no documents; there is nothing to review")
    shown = queue.items[: _count(first, len(queue.items))]
    for path in paths:
        try:
            if path.suffix.lower() == ".html":
                labels = [(label.label, label.colour) for label in results.labels]
                data = make_page_data(queue, shown, read_readings(patterns), labels, find_run_key(run))
                replace_texts(path.parent, {path.name: render_review(run.resolve().name, data, len(queue.items))})
            else:
                _write_table(path, queue)
        except OSError as error:
            raise UserError(f"{path}: can't be written ({error.strerror}); name another file with --out") from None
    return WrittenReview(paths, len(queue.items), len(shown), len({item.doc_id for item in shown}))


def _count(first: float | int | None, items: int) -> int:
    if first is None:
        return MOST_ITEMS
    return max(1, round(first * items)) if isinstance(first, float) else first


def _check_files(paths: Sequence[Path], force: bool) -> None:
    for path in paths:
        if path.suffix.lower() not in (".html", *ENDINGS):
            raise UserError(f"{path}: expected a file that ends in .html, {', '.join(ENDINGS)}")
        if path.is_dir():
            raise UserError(f"{path}: is a folder; --out takes a file")
        if path.exists() and not force:
            raise UserError(f"{path}: exists already; name another file with --out, or replace it with --force")


def _write_table(path: Path, queue: Queue) -> None:
    with replace_file(path) as made, open_frame_file(made, REVIEW) as add:
        for start in range(0, len(queue.items), _ROWS):
            rows = [
                _make_row(place, item, queue)
                for place, item in enumerate(queue.items[start : start + _ROWS], start + 1)
            ]
            add(make_frame(rows, REVIEW))


def _make_row(place: int, item: Item, queue: Queue) -> dict[str, Scalar]:
    one = queue.documents[item.doc_id]
    text = one.document.text
    left = text.rfind("\n", 0, item.start) + 1
    right = text.find("\n", item.end)
    context = make_context(text, left, len(text) if right < 0 else right) if item.end else None
    return {
        "place": place,
        "doc_id": item.doc_id,
        "kind": item.kind,
        "number": item.number,
        "label": item.label or None,
        "name": item.name,
        "value": item.words,
        "doubt": item.doubt,
        "reasons": "; ".join(item.reasons) or None,
        "why": "; ".join(item.why) or None,
        "polarity": item.attributes.get("polarity"),
        "rule": item.rule,
        "confidence": item.confidence,
        "conditions": one.conditions,
        "start": item.start if item.end else None,
        "end": item.end or None,
        "text": item.text or None,
        "context": context,
    }
