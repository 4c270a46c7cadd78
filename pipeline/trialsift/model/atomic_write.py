"""Replaces files as a whole, so that readers and interrupted commands never leave or find half of one.

Files are written to a folder beside their destination and then renamed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def open_staging_folder(folder: Path) -> Iterator[Path]:
    """Yields an empty folder in `folder` or its nearest existing parent; it is removed when the `with` ends."""
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    with TemporaryDirectory(dir=existing, prefix=".trialsift-") as name:
        yield Path(name)


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Yields a path for a new file, which replaces `path` when the `with` ends without an error.

    It has the name of `path`, in a folder of its own. Raises OSError as the system does.
    """
    with open_staging_folder(path.parent) as staging:
        yield staging / path.name
        (staging / path.name).replace(path)


def replace_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes texts as UTF-8 files with these names into an existing folder.

    The files are replaced in the given order, after all have been written. Raises OSError as the system does.
    """
    with open_staging_folder(folder) as staging:
        for name, text in texts.items():
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        for name in texts:
            (staging / name).replace(folder / name)


def replace_files(made: Path, folder: Path, obsolete: Collection[str], aside: Path) -> None:
    """Moves the files of `made` into `folder` and removes its `obsolete` ones; a failure restores the previous files.

    `aside` is a new folder on the same file system, for the previous files. Raises OSError as the system does.
    """
    new = sorted(path.name for path in made.iterdir())
    aside.mkdir()
    try:
        for name in dict.fromkeys((*obsolete, *new)):
            if (folder / name).exists():
                (folder / name).replace(aside / name)
        for name in new:
            (made / name).replace(folder / name)
    except OSError:
        for name in new:
            if not (made / name).exists():
                (folder / name).unlink()
        for path in aside.iterdir():
            path.replace(folder / path.name)
        raise
