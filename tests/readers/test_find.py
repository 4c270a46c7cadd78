import io
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.readers.builders import documents, in_memory, read_all
from tests.support.doubles import write_texts
from trialsift.model.document import Document
from trialsift.model.errors import UserError
from trialsift.readers import Input, ReadFailure, ReadOptions, find_inputs, read_documents


def _stems(*given: Path | str, leave_out: Path | None = None) -> list[str]:
    return [found.stem for found in find_inputs(given, leave_out) if isinstance(found, Input)]


class TestFindInputs:
    def test_a_folder_to_any_depth_in_the_order_of_names(self, tmp_path: Path) -> None:
        write_texts(tmp_path, b="x", a="x")
        write_texts(tmp_path / "deep" / "er", c="x")
        assert _stems(tmp_path) == ["a", "b", "c"]

    def test_the_output_may_have_the_name_of_a_document(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        write_texts(tmp_path / "out.csv", b="x")
        assert [found.place for found in find_inputs([tmp_path], tmp_path / "out.csv")] == [str(tmp_path / "a.txt")]

    def test_the_name_is_relative_to_the_folder(self, tmp_path: Path) -> None:
        write_texts(tmp_path / "deep", c="x")
        assert [found.name for found in find_inputs([tmp_path]) if isinstance(found, Input)] == ["deep/c.txt"]

    def test_inputs_keep_the_order_they_are_given_in(self, tmp_path: Path) -> None:
        write_texts(tmp_path, b="x", a="x")
        assert _stems(tmp_path / "b.txt", tmp_path / "a.txt") == ["b", "a"]

    def test_strings_will_do(self, tmp_path: Path) -> None:
        assert _stems(str(write_texts(tmp_path, a="x"))) == ["a"]

    def test_what_may_be_listed_and_not_entered_does_not_stop_the_others(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = write_texts(tmp_path / "in", z="x")
        write_texts(folder / "shut", a="x")
        stat = Path.stat

        def forbidden(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
            if self.parent.name == "shut":
                raise PermissionError(13, "Permission denied", str(self))
            return stat(self, follow_symlinks=follow_symlinks)

        monkeypatch.setattr(Path, "stat", forbidden)
        read = [next(read_documents(i, ReadOptions())) for i in find_inputs([folder]) if isinstance(i, Input)]
        assert [getattr(one, "code", None) for one in read] == ["unreadable", None]

    @pytest.mark.parametrize("hidden", [".a.txt", ".git/a.txt", "sub/.cache/a.txt"])
    def test_hidden_files_and_folders_are_left_out(self, tmp_path: Path, hidden: str) -> None:
        write_texts(tmp_path, seen="x")
        (tmp_path / hidden).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / hidden).write_text("x", encoding="utf-8")
        assert _stems(tmp_path) == ["seen"]

    def test_other_endings_in_a_folder_are_left_out_and_counted(self, tmp_path: Path) -> None:
        write_texts(tmp_path, seen="x")
        for name in ("a.rst", "sub/b.RST", "c.odt", "d", "e.rst.gz", ".hidden.rst"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("x", encoding="utf-8")
        left_out: Counter[str] = Counter()
        assert [found.stem for found in find_inputs([tmp_path], left_out=left_out) if isinstance(found, Input)] == [
            "seen"
        ]
        assert left_out == {".rst": 3, ".odt": 1, "": 1}

    def test_results_of_another_run_are_no_input(self, tmp_path: Path) -> None:
        (tmp_path / "in" / "older").mkdir(parents=True)
        for name in ("a.txt", "older/annotations.jsonl", "older/run.json", "older/errors.csv"):
            (tmp_path / "in" / name).write_text("x", encoding="utf-8")
        left_out: Counter[str] = Counter()
        found = list(find_inputs([tmp_path / "in"], left_out=left_out))
        assert [source.place for source in found] == [str(tmp_path / "in" / "a.txt")]
        assert left_out == {"results of a run": 1}

    def test_the_folder_of_results_is_left_out(self, tmp_path: Path) -> None:
        write_texts(tmp_path, seen="x")
        write_texts(tmp_path / "out", result="x")
        assert _stems(tmp_path, leave_out=tmp_path / "out") == ["seen"]

    @pytest.mark.parametrize(
        ("file", "doc_id"),
        [
            ("NCT1.txt", "NCT1"),
            ("v1.2.txt", "v1.2"),
            ("A.TXT", "A"),
            ("a.txt.gz", "a"),
            ("a.TXT.GZ", "a"),
            ("with space.txt", "with space"),
            ("żółć.txt", "żółć"),
            ("no\xa0break.txt", "no\xa0break"),
        ],
    )
    def test_the_document_is_called_after_its_file(self, tmp_path: Path, file: str, doc_id: str) -> None:
        (tmp_path / file).write_text("x", encoding="utf-8")
        assert _stems(tmp_path) == [doc_id]

    def test_a_file_named_twice_counts_once(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        assert _stems(tmp_path, tmp_path / "a.txt", "-", "-") == ["a", "stdin"]

    @pytest.mark.parametrize(
        ("make", "given", "expected"),
        [
            (None, "absent", "no such file or folder"),
            (None, "absent.txt", "no such file or folder"),
            ("notes.rst", "notes.rst", "expected a folder or a file that ends in .txt"),
        ],
    )
    def test_mistakes_are_told_with_the_path(self, tmp_path: Path, make: str | None, given: str, expected: str) -> None:
        if make:
            (tmp_path / make).write_text("x", encoding="utf-8")
        with pytest.raises(UserError, match=expected) as caught:
            find_inputs([tmp_path / given])
        assert str(tmp_path / given) in str(caught.value)

    def test_any_ending_will_do_when_the_format_is_stated(self, tmp_path: Path) -> None:
        (tmp_path / "notes.rst").write_text("Age 18", encoding="utf-8")
        found = list(read_all(tmp_path / "notes.rst", options=ReadOptions(input_format="text")))
        assert documents(found) == {"notes": "Age 18"}

    def test_no_input_at_all(self) -> None:
        with pytest.raises(UserError, match="no input"):
            find_inputs([])

    def test_an_empty_name(self) -> None:
        with pytest.raises(UserError, match="an input is an empty name"):
            find_inputs([""])

    @pytest.mark.parametrize("name", ["utf-9", "base64", "rot13", "\0", "unicode_escape", "undefined", "idna"])
    def test_an_encoding_that_is_none(self, name: str) -> None:
        with pytest.raises(UserError, match="no encoding of texts"):
            find_inputs(["-"], options=ReadOptions(encoding=name))

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
    def test_a_folder_that_cannot_be_listed(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        (tmp_path / "locked").mkdir(mode=0)
        good, locked = find_inputs([tmp_path])
        assert isinstance(good, Input)
        assert isinstance(locked, ReadFailure)
        assert locked.code == "unreadable"

    def test_a_name_in_another_encoding_is_shown_with_escapes(self, tmp_path: Path) -> None:
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/z\xe9.txt")).write_text("x")
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
        [bad] = find_inputs([tmp_path])
        assert isinstance(bad, ReadFailure)
        assert (bad.code, bad.place) == ("bad_name", f"{tmp_path}/z\\udce9.txt")

    def test_a_folder_reached_by_two_links_is_read_once(self, tmp_path: Path) -> None:
        write_texts(tmp_path / "real", a="x")
        (tmp_path / "link").symlink_to("real")
        assert _stems(tmp_path) == ["a"]


class TestStandardInput:
    @pytest.fixture(autouse=True)
    def _stdin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def _read(self, data: bytes, options: ReadOptions = ReadOptions()) -> list[Document | ReadFailure]:  # noqa: B008
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))
        return list(read_all("-", options=options))

    def test_is_text(self) -> None:
        assert documents(self._read("≥ 18\r\n".encode())) == {"stdin": "≥ 18\r\n"}

    def test_is_recognised_by_its_content(self) -> None:
        import gzip

        data = gzip.compress(b'{"doc_id": 1, "text": "Age 18"}\n{"doc_id": 2, "text": "Age 20"}\n')
        assert documents(self._read(data)) == {"1": "Age 18", "2": "Age 20"}

    def test_can_be_a_table_if_it_is_stated(self) -> None:
        assert documents(self._read(b"doc_id,text\na,Age 18\n", ReadOptions(input_format="csv"))) == {"a": "Age 18"}

    def test_is_read_to_a_limit(self) -> None:
        [failure] = self._read(b"x" * 101, ReadOptions(max_expanded=100))
        assert isinstance(failure, ReadFailure)
        assert (failure.code, failure.place) == ("too_large", "standard input")

    def test_is_open_to_several_readers_at_once(self) -> None:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"abcdef"), encoding="ascii"))
        [found] = find_inputs(["-"])
        assert isinstance(found, Input)
        first, second = found.open(), found.open()
        assert [first.read(2), second.read(3), first.read(2), second.read(), first.read()] == [
            b"ab", b"abc", b"cd", b"def", b"ef"
        ]  # fmt: skip

    def test_may_be_closed(self) -> None:
        self.monkeypatch.setattr(sys, "stdin", None)
        [failure] = read_all("-")
        assert isinstance(failure, ReadFailure)
        assert failure.code == "unreadable"


def test_what_a_reader_stumbles_over_is_a_failure_of_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("trialsift.readers.plain.text.read_text", stumbles)
    [failure] = read_documents(in_memory(b"Age 18"), ReadOptions())
    assert isinstance(failure, ReadFailure)
    assert (failure.code, failure.message) == ("internal", "division by zero")
