"""Writes the `view.html` of a run, for `trialsift view` and `trialsift extract --view`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trialsift.gold import read_gold
from trialsift.model.atomic_write import replace_texts
from trialsift.model.errors import UserError
from trialsift.reports import MOST_SHOWN
from trialsift.rules.layers import Folder
from trialsift.runs.folder import VIEW, find_annotations


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """The page, the number of documents, and the number of those that it shows. `no_plots`: why it has no plots."""

    path: Path
    documents: int
    shown: int
    no_plots: str | None = None


def write_view(
    run: Path,
    out: Path | None = None,
    *,
    title: str | None = None,
    force: bool = False,
    patterns: Folder | str | None = None,
    most: int = MOST_SHOWN,
) -> WrittenPage:
    """Writes the page for a run's folder, or for a file of annotations.

    `out` is by default `view.html` in the folder, or the name of the file with `.html`; `title` is by default the name
    of `run`. `most` limits the number of documents. Raises UserError if there are no annotations, if the page exists
    and `force` is not set, and if it cannot be written; PatternError for patterns that cannot be used.
    """
    annotations = find_annotations(run)
    path = out or (run / VIEW if run.is_dir() else run.with_name(run.name + ".html"))
    if path.resolve() == annotations.resolve():
        raise UserError(f"{path}: is the file of annotations itself; name another file with --out")
    if path.is_dir():
        raise UserError(f"{path}: is a folder; --out takes a file")
    if path.exists() and not force:
        raise UserError(f"{path} exists already: name another file with --out, or --force to replace it")
    documents = read_gold(annotations)
    if not documents:
        raise UserError(f"{annotations}: no documents; there is nothing to show")
    from trialsift.reports.plots import corpus_plots, find_missing
    from trialsift.reports.view import render_view  # a tenth of a second, and few runs have a page

    missing = find_missing()
    plots = missing or corpus_plots(documents, patterns=patterns)
    page = render_view(documents, title or run.resolve().name, patterns=patterns, plots=plots, most=most)
    try:
        replace_texts(path.parent, {path.name: page})
    except OSError as error:
        raise UserError(f"{path}: can't be written ({error.strerror}); name another file with --out") from None
    return WrittenPage(path, len(documents), min(most, len(documents)), missing)
