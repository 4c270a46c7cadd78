"""The folder of a run: its contents, and how a new run replaces an old one without harm.

A run works in `OUT/.partial` and moves its files up when they are complete, `run.json` last. So a failed or interrupted
run leaves an earlier one as it was, a reader never finds half a table, and a folder with a `run.json` holds a whole
run. What an interrupted run has done stays in `.partial`, for `--resume`. Files of others are never touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from trialsift.model.errors import UserError
from trialsift.runs.extract.journal import JOURNAL, has_outcomes

ANNOTATIONS, ERRORS_CSV, RUN_JSON, TABLES = "annotations.jsonl", "errors.csv", "run.json", "tables"
VIEW = "view.html"
#: What `trialsift review` writes there by default.
REVIEW_FILES = ("review.html", "review.csv")
INCOMPLETE = "the run there is not complete; wait for its end, or complete it with `trialsift extract … --resume`"
PARTIAL = ".partial"
RESULTS = "results"
#: Where workers of a cluster write (dask/store.py): one folder per run, with one per partition.
PARTS = "parts"
_LOCK = ".lock"


@contextmanager
def work_folder(out: Path, force: bool = False, resume: bool = False) -> Iterator[Path]:
    """Yields the folder in which a run for `out` works, locked against a second run; keeps it if it can be resumed.

    Raises UserError as `check_out` does, if a run is in progress there, and if nothing can be written there.
    """
    check_out(out, force, resume)
    made, partial = not out.exists(), out / PARTIAL
    lock, others = FileLock(partial / _LOCK), False
    try:
        try:
            partial.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            others = True
            raise UserError(f"{out}: a run is being written there; wait for it, or name another folder") from None
        except OSError as error:
            raise UserError(
                f"{out}: cannot be written to: {error.strerror}; choose another folder for --out"
            ) from error
        if not resume:
            _clear(partial)
        yield partial
    except OSError as error:
        raise UserError(f"{error.filename or out}: the results cannot be written: {error.strerror or error}") from error
    finally:
        done = not others and not _is_resumable(partial)
        if done and partial.is_dir():
            _clear(partial)
        lock.release()
        if done:  # unless another run has come in between
            with suppress(OSError):
                (partial / _LOCK).unlink(missing_ok=True)
                partial.rmdir()
                if made:
                    out.rmdir()


def sweep(out: Path) -> None:
    """Removes what a run has left that was killed after its results were in place, unless a run is in progress
    there."""
    if (out / PARTIAL).exists() and not is_stopped(out):
        with suppress(UserError), work_folder(out, force=True):
            pass


def check_out(out: Path, force: bool, resume: bool = False) -> None:
    """Raises UserError unless a run may be written to `out`, or the one there may be resumed."""
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; --out takes a folder")
    content = {path.name for path in out.iterdir()} if out.exists() else set()
    complete = bool(content & {RUN_JSON, ANNOTATIONS})
    foreign = sorted(name for name in content if not name.startswith("."))  # .gitkeep and .DS_Store do not count
    if foreign and not complete and not is_stopped(out):
        raise UserError(
            f"{out}: is not empty and holds no run ({foreign[0]} is there); name a new or an empty folder with --out"
        )
    if is_stopped(out) and not (force or resume):
        raise UserError(f"{out}: holds an interrupted run; continue it with --resume, or start over with --force")
    if complete and not is_stopped(out) and not force:
        raise UserError(
            f"{out}: holds the results of a run already; replace them with --force, or name another folder with --out"
        )


def is_stopped(out: Path) -> bool:
    """Whether `out` holds a run that was interrupted or is in progress."""
    return (out / PARTIAL / JOURNAL).exists()


def find_annotations(run: Path) -> Path:
    """Returns the annotations in the folder of a run; a file is taken as annotations itself.

    Raises UserError if there are none.
    """
    path = run / ANNOTATIONS if run.is_dir() else run
    if not path.exists():  # may be a pipe
        if (run / PARTIAL).exists():
            raise UserError(f"{run}: {INCOMPLETE}")
        raise UserError(f"{path}: no such file; name a folder that `trialsift extract` wrote, or a file of annotations")
    return path


def publish(partial: Path, out: Path, files: Collection[str], formerly: Collection[str]) -> None:
    """Moves the files of `partial/results` into place in `out`, in order, and ends the work there.

    `formerly` are all files that any run may have: those of an earlier run that this one doesn't write are removed,
    since they would contradict it. Raises OSError as the system does; `--resume` then finds everything it needs.
    """
    (out / RUN_JSON).unlink(missing_ok=True)
    for name in formerly:
        if name not in files:
            (out / name).unlink(missing_ok=True)
    for name in files:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (partial / RESULTS / name).replace(out / name)
    (partial / JOURNAL).unlink()


def _is_resumable(partial: Path) -> bool:
    """Whether the run in `partial` is incomplete and has something to resume from."""
    parts = (partial / PARTS).glob("*/*/manifest.json")
    return has_outcomes(partial) or ((partial / JOURNAL).exists() and any(parts))


def _clear(partial: Path) -> None:
    """Removes what an interrupted run has left, except the lock."""
    for path in partial.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()
