"""Files that are replaced whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialsift.model.atomic_write import replace_file, replace_files, replace_texts


def test_texts_replace_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    replace_texts(tmp_path, {"a": "new ≥ \r\n", "b": ""})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": "new ≥ \r\n".encode(), "b": b""}


def test_what_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        replace_texts(tmp_path, {"a": "new", "b": "\ud800"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_a_file_takes_its_place_when_it_is_made(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with replace_file(tmp_path / "a") as made:
        made.write_text("new", encoding="utf-8")
        assert made.name == "a"
        assert (tmp_path / "a").read_text(encoding="utf-8") == "old"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"new"}


def test_a_file_that_is_not_finished_changes_nothing(tmp_path: Path) -> None:
    def write_half() -> None:
        with replace_file(tmp_path / "a") as made:
            made.write_text("half", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert not list(tmp_path.iterdir())


def test_files_that_cannot_all_be_moved_leave_all_as_it_was(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "folder"
    for place in (made, folder):
        place.mkdir()
        (place / "a").write_text(place.name, encoding="utf-8")
        (place / "b").write_text(place.name, encoding="utf-8")
    (folder / "gone").touch()
    move = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if self == made / "b":
            raise OSError("no room")
        return move(self, target)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no room"):
            replace_files(made, folder, ["gone"], tmp_path / "aside")
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {
        "a": "folder",
        "b": "folder",
        "gone": "",
    }
