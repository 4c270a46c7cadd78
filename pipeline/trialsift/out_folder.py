"""The folder of a run: what lies in it, and how a new run gets there without harming what was there before.

A run writes into `OUT/.partial` and moves its files up when it is complete, `run.json` last. So a run that fails or
is stopped leaves an earlier one as it was, and a folder with a `run.json` holds a whole run. Files that are not a
run's are never touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from trialsift.errors import UserError

ANNOTATIONS, ERRORS_CSV, RUN_JSON, TABLES = "annotations.jsonl", "errors.csv", "run.json", "tables"
VIEW = "view.html"
#: Documents in a view unless more are asked for: a page of a few ten thousand would open too slowly to be of use.
MOST_SHOWN = 5000
PARTIAL = ".partial"
ENDINGS = ("csv", "parquet")


@contextmanager
def run_folder(out: Path, force: bool, tables: Collection[str]) -> Iterator[Path]:
    """A folder to write a run into; on leaving the `with` without an error its files replace the run in `out`.

    Raises UserError when `out` is a file, holds a run and `force` is not given, or holds something that is no run;
    and when nothing can be written there.
    """
    check_out(out, force)
    made = not out.exists()
    partial = out / PARTIAL
    try:
        out.mkdir(parents=True, exist_ok=True)
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir()
    except OSError as error:
        raise UserError(f"{out}: cannot be written to: {error.strerror}; choose another folder for --out") from error
    try:
        yield partial
        _move_into_place(partial, out, tables)
    except OSError as error:
        raise UserError(f"{error.filename or out}: the results cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if made and out.is_dir() and not any(out.iterdir()):
            out.rmdir()


def check_out(out: Path, force: bool) -> None:
    """Raises UserError unless a run may be written to `out`."""
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; --out takes a folder")
    content = {path.name for path in out.iterdir()} if out.exists() else set()
    if not force and content & {RUN_JSON, ANNOTATIONS}:
        raise UserError(
            f"{out}: holds the results of a run already; replace them with --force, or name another folder with --out"
        )
    if not force and PARTIAL in content:
        raise UserError(
            f"{out}: a run is being written there, or one was killed; if none is running, start over with --force"
        )
    foreign = sorted(name for name in content if not name.startswith("."))  # .gitkeep, .DS_Store are no content
    if foreign and not content & {RUN_JSON, ANNOTATIONS, PARTIAL}:
        raise UserError(
            f"{out}: is not empty and holds no run ({foreign[0]} is there); name a new or an empty folder with --out"
        )


def own_files(tables: Collection[str]) -> list[str]:
    """The files that a run may have, relative to its folder; `run.json`, the sign of a whole run, last."""
    written = (f"{TABLES}/{name}.{ending}" for name in tables for ending in ENDINGS)
    return [*written, ERRORS_CSV, VIEW, ANNOTATIONS, RUN_JSON]


def _move_into_place(partial: Path, out: Path, tables: Collection[str]) -> None:
    names = own_files(tables)
    (out / TABLES).mkdir(exist_ok=True)
    (out / RUN_JSON).unlink(missing_ok=True)
    for name in names:
        if (partial / name).exists():
            (partial / name).replace(out / name)
        else:  # of an earlier run, which wrote another format
            (out / name).unlink(missing_ok=True)
