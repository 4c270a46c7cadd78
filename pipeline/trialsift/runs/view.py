"""Writes the `view.html` of a run, for `trialsift view` and `trialsift extract --view`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trialsift.gold import GoldDocument, read_gold
from trialsift.model.atomic_write import replace_texts
from trialsift.model.errors import UserError
from trialsift.reports import MOST_SHOWN
from trialsift.rules.layers import Folder
from trialsift.runs.folder import RUN_JSON, VIEW, find_annotations


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """The page, the number of documents, and the number of those that it shows. `no_plots`: why it has no plots."""

    path: Path
    documents: int
    shown: int
    no_plots: str | None = None


def _check_page(path: Path, force: bool) -> None:
    if path.is_dir():
        raise UserError(f"{path}: is a folder; --out takes a file")
    if path.exists() and not force:
        raise UserError(f"{path} exists already: name another file with --out, or --force to replace it")


def _choose_documents(
    run: Path, documents: list[GoldDocument], where: str, patterns: Folder | str | None
) -> list[GoldDocument]:
    """Returns the documents that fulfil a condition. Raises UserError if none does."""
    from trialsift.runs.where import select_documents  # needs pandas and DuckDB

    chosen = select_documents(run, where, patterns)
    found = [document for document in documents if document.doc_id in chosen]
    if not found:
        raise UserError(f"--where {where!r}: no document of {run} fulfils it; there is nothing to show")
    return found


def write_view(
    run: Path,
    out: Path | None = None,
    *,
    title: str | None = None,
    force: bool = False,
    patterns: Folder | str | None = None,
    most: int = MOST_SHOWN,
    where: str | None = None,
) -> WrittenPage:
    """Writes the page for a run's folder, or for a file of annotations.

    `out` is by default `view.html` in the folder, or the name of the file with `.html`; `title` is by default the name
    of `run`. `most` limits the number of documents, `where` is a condition on the table `trials` that they fulfil
    (runs/where.py). Raises UserError if there are no annotations, if the page exists and `force` is not set, if the
    condition can't be used or no document fulfils it, and if the page cannot be written; PatternError for patterns that
    cannot be used.
    """
    annotations = find_annotations(run)
    path = out or (run / VIEW if run.is_dir() else run.with_name(run.name + ".html"))
    if path.resolve() == annotations.resolve():
        raise UserError(f"{path}: is the file of annotations itself; name another file with --out")
    _check_page(path, force)
    documents = read_gold(annotations)
    if not documents:
        raise UserError(f"{annotations}: no documents; there is nothing to show")
    if where is not None:
        documents = _choose_documents(run, documents, where, patterns)
    from trialsift.reports.plots import corpus_plots, find_missing
    from trialsift.reports.view import render_view  # a tenth of a second, and few runs have a page

    missing, named = find_missing(), title or run.resolve().name
    plots = missing or corpus_plots(documents, patterns=patterns)
    page = render_view(documents, named, patterns=patterns, plots=plots, most=most, unread=_read_unread(run))
    try:
        replace_texts(path.parent, {path.name: page})
    except OSError as error:
        raise UserError(f"{path}: can't be written ({error.strerror}); name another file with --out") from None
    return WrittenPage(path, len(documents), min(most, len(documents)), missing)


def _read_unread(run: Path) -> dict[str, list[dict[str, str | None]]]:
    """Reads the table of numbers that no rule took by doc_id; empty where a run has none that can be read."""
    if not (run / RUN_JSON).is_file():
        return {}
    from trialsift.reports.view import UNREAD_SHOWN  # these need pandas, as a run does not
    from trialsift.runs.read import has_unread, read_run_json
    from trialsift.tables.files.read import read_tables
    from trialsift.tables.schema import UNREAD

    if not has_unread(read_run_json(run)):
        return {}
    try:
        table = read_tables(run, {"unread": UNREAD})["unread"]
    except UserError:  # only in formats that are not read back
        return {}
    rows: dict[str, list[dict[str, str | None]]] = {}
    cells = table[["doc_id", *UNREAD_SHOWN]].astype(object).where(table[["doc_id", *UNREAD_SHOWN]].notna(), None)
    for doc_id, *row in cells.itertuples(index=False, name=None):
        rows.setdefault(doc_id, []).append(dict(zip(UNREAD_SHOWN, row, strict=True)))
    return rows
