import io
import os
import sys
from pathlib import Path

import pytest

from doubles import write_texts
from trialsift.errors import UserError
from trialsift.readers import ReadFailure, SourceRef, find_sources, read_source


def _ids(*inputs: Path | str) -> list[str]:
    return [ref.doc_id for ref in find_sources(inputs)]


def _read(path: Path) -> str:
    return read_source(SourceRef(path.stem, path, path.name)).text


class TestFindSources:
    def test_a_folder_to_any_depth_in_the_order_of_names(self, tmp_path: Path) -> None:
        write_texts(tmp_path, b="x", a="x")
        write_texts(tmp_path / "deep" / "er", c="x")
        assert _ids(tmp_path) == ["a", "b", "c"]

    def test_the_name_is_relative_to_the_folder(self, tmp_path: Path) -> None:
        write_texts(tmp_path / "deep", c="x")
        assert [ref.name for ref in find_sources([tmp_path])] == ["deep/c.txt"]

    def test_inputs_keep_the_order_they_are_given_in(self, tmp_path: Path) -> None:
        write_texts(tmp_path, b="x", a="x")
        assert _ids(tmp_path / "b.txt", tmp_path / "a.txt") == ["b", "a"]

    def test_strings_will_do(self, tmp_path: Path) -> None:
        assert _ids(str(write_texts(tmp_path, a="x"))) == ["a"]

    @pytest.mark.parametrize("hidden", [".a.txt", ".git/a.txt", "sub/.cache/a.txt"])
    def test_hidden_files_and_folders_are_left_out(self, tmp_path: Path, hidden: str) -> None:
        write_texts(tmp_path, seen="x")
        (tmp_path / hidden).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / hidden).write_text("x", encoding="utf-8")
        assert _ids(tmp_path) == ["seen"]

    @pytest.mark.parametrize("other", ["a.md", "a.txt.gz", "a"])
    def test_other_endings_in_a_folder_are_left_out(self, tmp_path: Path, other: str) -> None:
        write_texts(tmp_path, seen="x")
        (tmp_path / other).write_text("x", encoding="utf-8")
        assert _ids(tmp_path) == ["seen"]

    @pytest.mark.parametrize(
        ("file", "doc_id"),
        [
            ("NCT1.txt", "NCT1"),
            ("v1.2.txt", "v1.2"),
            ("A.TXT", "A"),
            ("with space.txt", "with space"),
            ("żółć.txt", "żółć"),
        ],
    )
    def test_the_document_is_called_after_its_file(self, tmp_path: Path, file: str, doc_id: str) -> None:
        (tmp_path / file).write_text("x", encoding="utf-8")
        assert _ids(tmp_path) == [doc_id]

    def test_standard_input(self) -> None:
        assert find_sources(["-"]) == [SourceRef("stdin", None, "-")]

    def test_a_file_named_twice_counts_once(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        assert _ids(tmp_path, tmp_path / "a.txt", "-", "-") == ["a", "stdin"]

    def test_two_files_with_one_stem_are_both_named(self, tmp_path: Path) -> None:
        write_texts(tmp_path / "one", a="x")
        write_texts(tmp_path / "two", a="x")
        with pytest.raises(UserError) as caught:
            find_sources([tmp_path])
        assert str(tmp_path / "one" / "a.txt") in str(caught.value)
        assert str(tmp_path / "two" / "a.txt") in str(caught.value)

    def test_a_file_called_stdin_and_standard_input_are_two(self, tmp_path: Path) -> None:
        write_texts(tmp_path, stdin="x")
        with pytest.raises(UserError, match="standard input"):
            find_sources([tmp_path, "-"])

    @pytest.mark.parametrize(
        ("make", "given", "expected"),
        [
            (None, "absent", "no such file or folder"),
            (None, "absent.txt", "no such file or folder"),
            ("notes.md", "notes.md", "expected a folder or a file with the ending .txt"),
            ("folder/notes.md", "folder", "no .txt file"),
        ],
    )
    def test_mistakes_are_told_with_the_path(self, tmp_path: Path, make: str | None, given: str, expected: str) -> None:
        if make:
            (tmp_path / make).parent.mkdir(exist_ok=True)
            (tmp_path / make).write_text("x", encoding="utf-8")
        with pytest.raises(UserError, match=expected) as caught:
            find_sources([tmp_path / given])
        assert str(tmp_path / given) in str(caught.value)

    def test_no_input_at_all(self) -> None:
        with pytest.raises(UserError, match="no input"):
            find_sources([])

    def test_an_empty_name(self) -> None:
        with pytest.raises(UserError, match="an input is an empty name"):
            find_sources([""])

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
    def test_a_folder_that_cannot_be_listed(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        (tmp_path / "locked").mkdir(mode=0)
        with pytest.raises(UserError, match="cannot be listed"):
            find_sources([tmp_path])


class TestReadSource:
    @pytest.mark.parametrize(
        "text",
        [
            "Age ≥ 18 years\n",
            "line\r\nline\rline\n",
            "a\u2028b\x0cc\x1cd",
            "no line end",
            "  leading and trailing  \n\n",
            "\U0001d7d9\u0301",
            "a\ufeffb",
        ],
    )
    def test_the_text_is_kept_as_it_is(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(text.encode())
        assert _read(path) == text

    def test_a_byte_order_mark_is_dropped_once(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbfx")
        assert _read(path) == "\ufeffx"

    def test_the_source_knows_its_document_and_file(self, tmp_path: Path) -> None:
        [ref] = find_sources([write_texts(tmp_path, a="x")])
        source = read_source(ref)
        assert (source.doc_id, source.path, source.text) == ("a", tmp_path / "a.txt", "x")

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("≥ 18\r\n".encode()), encoding="ascii"))
        [ref] = find_sources(["-"])
        assert read_source(ref).text == "≥ 18\r\n"

    @pytest.mark.parametrize(
        ("data", "kind", "message", "advice"),
        [
            (b"one\ntwo \xb5mol", "UnicodeDecodeError", "not UTF-8: byte 0xb5 in line 2", "iconv -f WINDOWS-1252"),
            (b"cut \xe2\x89", "UnicodeDecodeError", "byte 0xe2 in line 1", "iconv"),
            (b"\xed\xa0\x80", "UnicodeDecodeError", "byte 0xed", "iconv"),
            ("Age".encode("utf-16"), "UnicodeDecodeError", "is UTF-16", "iconv -f UTF-16"),
            (b"PK\x03\x04\n\n\0", "BinaryFile", "NUL byte in line 3", "plain text"),
            (b"", "EmptyFile", "holds no text", "leave it out"),
            (b" \r\n\t\n", "EmptyFile", "holds no text", "leave it out"),
            (b"\xef\xbb\xbf", "EmptyFile", "holds no text", "leave it out"),
        ],
    )
    def test_what_cannot_be_read(self, tmp_path: Path, data: bytes, kind: str, message: str, advice: str) -> None:
        path = tmp_path / "bad.txt"
        path.write_bytes(data)
        with pytest.raises(ReadFailure) as caught:
            _read(path)
        failure = caught.value
        assert (failure.place, failure.kind) == (str(path), kind)
        assert message in failure.message
        assert advice in failure.advice

    def test_a_file_that_vanished(self, tmp_path: Path) -> None:
        with pytest.raises(ReadFailure, match="cannot be read") as caught:
            _read(tmp_path / "gone.txt")
        assert caught.value.kind == "FileNotFoundError"

    def test_a_name_in_another_encoding_fails_alone(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/z\xe9.txt")).write_text("x")
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
        good, bad = find_sources([tmp_path])
        assert read_source(good).text == "x"
        with pytest.raises(ReadFailure, match="has a name that is not UTF-8") as caught:
            read_source(bad)
        assert bad.name == "z\\udce9.txt"
        caught.value.place.encode()

    def test_a_broken_link_in_a_folder_fails_alone(self, tmp_path: Path) -> None:
        write_texts(tmp_path, a="x")
        (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
        good, broken = find_sources([tmp_path])
        assert read_source(good).text == "x"
        with pytest.raises(ReadFailure, match="cannot be read"):
            read_source(broken)
