"""Files that are replaced whole: a reader, or an interrupted command, never finds half of one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path


def replace_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes texts as UTF-8 files of these names into a folder that exists, each beside its place first.

    The files change only when all are written, in the order given. Raises OSError as the system does.
    """
    beside = {name: folder / f".{name}.{os.getpid()}.partial" for name in texts}
    try:
        for name, text in texts.items():
            beside[name].write_text(text, encoding="utf-8", newline="\n")
        for name, path in beside.items():
            path.replace(folder / name)
    finally:
        for path in beside.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
