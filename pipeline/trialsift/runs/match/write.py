"""Writes matches into a file, patient by patient, with the formats of all tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from trialsift.model.atomic_write import open_staging_folder
from trialsift.tables.files import TableWriter
from trialsift.tables.schema import MATCHES


def write_matches(matches: Iterable[pd.DataFrame], path: Path, format_name: str) -> int:
    """Writes rows of `match_patients` as `csv`, `jsonl` or `parquet`, and returns their number.

    The file takes its place when it is complete; its folder has to exist. Raises OSError as the system does.
    """
    count, name = 0, "matches"
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "no such folder", str(path.parent))
    with open_staging_folder(path.parent) as staging:
        with TableWriter(staging, {name: MATCHES}, [format_name]) as writer:
            for frame in matches:
                columns = [frame[one].astype(object).where(frame[one].notna(), None).tolist() for one in frame.columns]
                writer.add({name: [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]})
                count += len(frame)
        (staging / f"{name}.{format_name}").replace(path)
    return count
