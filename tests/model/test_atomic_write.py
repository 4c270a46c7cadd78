"""Files that are replaced whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialsift.model.atomic_write import replace_texts


def test_texts_replace_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    replace_texts(tmp_path, {"a": "new ≥ \r\n", "b": ""})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": "new ≥ \r\n".encode(), "b": b""}


def test_what_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        replace_texts(tmp_path, {"a": "new", "b": "\ud800"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}
