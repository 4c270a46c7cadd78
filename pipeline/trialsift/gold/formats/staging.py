"""Moves new output into place only when it is complete: a failure leaves the previous files unchanged.

Only a process that is killed while it moves files can leave a folder with some old and some new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from trialsift.gold import GoldError
from trialsift.model.atomic_write import open_staging_folder, replace_files


@contextmanager
def stage(
    target: Path, *, folder: bool, overwrite: bool, earlier: Callable[[Path], Collection[str]] = lambda _: ()
) -> Iterator[Path]:
    """Yields a path for a new file or folder, which replaces `target` when the `with` ends without an error.

    In an existing folder, files of the same name are replaced and those that `earlier(folder)` names are removed; no
    other file is touched. Raises GoldError if `target` exists and `overwrite` is false, if it is a file instead of a
    folder or the reverse, and if it can't be written.
    """
    target = target.resolve()
    _check(target, folder, overwrite)
    stale = earlier(target) if target.is_dir() else ()
    try:
        with open_staging_folder(target.parent) as staging:
            made = staging / "made"
            yield made
            _move(made, target, stale, staging / "aside")
    except OSError as error:
        raise GoldError(f"{target}: can't be written ({error.strerror or error}); choose another place") from error


def _check(target: Path, folder: bool, overwrite: bool) -> None:
    if target.is_dir():
        if not folder:
            raise GoldError(f"{target}: is a folder; expected the name of a file")
        content = sorted(path.name for path in target.iterdir() if not path.name.startswith("."))
        if content and not overwrite:
            raise GoldError(
                f"{target}: is not empty ({content[0]} is there); name another folder, or replace the files of an "
                "earlier conversion with --force"
            )
    elif target.exists():
        if folder:
            raise GoldError(f"{target}: is a file; expected the name of a folder")
        if not overwrite:
            raise GoldError(f"{target}: exists already; name another file, or replace it with --force")


def _move(made: Path, target: Path, stale: Collection[str], aside: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_dir():
        made.replace(target)
        return
    for name in (*(path.name for path in made.iterdir()), *stale):
        if (target / name).is_dir():
            raise GoldError(f"{target / name}: is a folder, where a file is to be written; move it away")
    replace_files(made, target, stale, aside)
