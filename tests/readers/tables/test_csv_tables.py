"""CSV and Parquet; what JSON Lines has in common with them is tested on CSV."""

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.readers.builders import documents, only_failure, read_all, results
from trialsift.model.document import Document
from trialsift.readers import ReadFailure, ReadOptions


def _table(**columns: list[object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, row_group_size=2)
    return out.getvalue()


def _where(found: list[Document | ReadFailure]) -> list[tuple[str, str]]:
    return [(f.record, f.code) if isinstance(f, ReadFailure) else (f.doc_id, "") for f in found]


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n"])
    def test_any_delimiter(self, delimiter: str, name: str, line_end: str) -> None:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
        texts = {"a": f"Age 18{delimiter} ECOG 0", "b": 'two\nlines, and "quotes"', "c": "plain"}
        writer.writerow(["sponsor", "doc_id", "text"])
        writer.writerows(["x", *item] for item in texts.items())
        assert documents(results(out.getvalue().encode(), name)) == texts

    def test_other_columns(self) -> None:
        options = ReadOptions(text_column="criteria", id_column="nct")
        assert documents(results(b"nct,criteria\na,Age 18\n", "a.csv", options)) == {"a": "Age 18"}

    def test_the_header_may_have_a_mark_blanks_and_quotes(self) -> None:
        data = '\ufeff\n"doc_id";text \n1;Age 18\n'.encode()
        assert documents(results(data, "a.csv")) == {"1": "Age 18"}

    def test_the_source_of_a_row_is_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("doc_id,text\nx,Age 18\n", encoding="utf-8")
        [source] = read_all(tmp_path)
        assert isinstance(source, Document)
        assert source.source == "a.csv"

    @pytest.mark.parametrize(
        ("header", "says"),
        [
            ("doc_id,txt", "no column 'text'; its columns are 'doc_id', 'txt'"),
            ("id,text", "no column 'doc_id'; its columns are 'id', 'text'"),
            ("doc_id,text,text", "2 columns 'text'"),
        ],
    )
    def test_headers_that_will_not_do(self, header: str, says: str) -> None:
        failure = only_failure(results(f"{header}\na,b,c\n".encode(), "a.csv"))
        assert (failure.code, says in failure.message) == ("wrong_schema", True), failure.message
        assert "--text-column" in failure.advice or "--id-column" in failure.advice

    @pytest.mark.parametrize(
        ("row", "code", "record"),
        [
            (b"x", "malformed", "line 3"),
            (b"x,y,z", "malformed", "line 3"),
            (b'x,"a" b', "malformed", "line 3"),
            (b'x,"a "b" c\nd,e"', "malformed", "lines 3 to 4"),
            (b'x,"open', "malformed", "line 3"),
            (b'x"y,"open', "malformed", "line 3"),
            (b"x,", "empty", "line 3"),
            (b'x," \n "', "empty", "lines 3 to 4"),
            (b",Age 19", "bad_name", "line 3"),
            (b"a\x07,Age 19", "bad_name", "line 3"),
            ("a\u202e,Age 19".encode(), "bad_name", "line 3"),
            (b"x,Age \0 19", "binary", "line 3"),
            (b"x," + b"y" * 300, "too_large", "line 3"),
            (b'x,"' + b"y" * 300 + b'\n"', "too_large", "lines 3 to 4"),
            (b'x,"' + b"y\n" * 300 + b'"', "too_large", "lines 3 to 303"),
            (b'x,"' + b"y" * 300, "malformed", "line 3"),
        ],
    )
    def test_a_bad_row_fails_alone(self, row: bytes, code: str, record: str) -> None:
        data = b"doc_id,text\na,Age 18\n" + row + b"\nb,Age 20\nc,Age 21\n"
        found = results(data, "a.csv", ReadOptions(max_document=200))
        assert _where(found) == [("a", ""), (record, code), ("b", ""), ("c", "")]

    @pytest.mark.parametrize("last", [b"", b'c",x","\n'], ids=["quotes in pairs", "one too many"])
    def test_a_table_of_quotes_that_are_never_closed_is_given_up(self, last: bytes) -> None:
        found = results(b"doc_id,text\na,Age 18\n" + b'a","""\n' * 200 + last, "a.csv")
        lines = 202 + bool(last)
        assert _where(found) == [
            ("a", ""),
            *((f"line {number}", "malformed") for number in range(3, 23)),
            (f"lines 23 to {lines}", "malformed"),
        ]

    def test_fields_are_as_long_as_documents_may_be(self) -> None:
        before = csv.field_size_limit()
        text = "x" * (before + 1)
        rows = iter(results(f"doc_id,text\na,{text}\nb,{text}\n".encode(), "a.csv"))
        assert documents(list(rows)) == {"a": text, "b": text}
        assert csv.field_size_limit() == before

    def test_rows_before_the_end_of_a_truncated_file_are_kept(self) -> None:
        import gzip

        data = b"doc_id,text\n" + b"".join(b"%d,Age %d\n" % (n, n * n * 7919) for n in range(9000))
        found = results(gzip.compress(data)[:-3000], "a.csv.gz")
        assert len(found) > 1000
        assert _where(found[:1] + found[-1:]) == [("0", ""), ("", "truncated")]


class TestParquet:
    def test_rows_of_several_groups(self) -> None:
        data = _table(doc_id=[1, 2, 3], other=[1.5, 2.5, None], text=["Age 18", "≥ 20", "x"])
        assert documents(results(data, "a.parquet")) == {"1": "Age 18", "2": "≥ 20", "3": "x"}

    def test_is_told_by_its_content(self) -> None:
        assert documents(results(_table(doc_id=["a"], text=["Age 18"]), "a.txt")) == {"a": "Age 18"}

    def test_can_be_compressed(self, tmp_path: Path) -> None:
        import gzip

        (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(_table(doc_id=["a"], text=["Age 18"])))
        assert documents(list(read_all(tmp_path))) == {"a": "Age 18"}

    def test_ids_that_became_fractions_for_a_gap(self) -> None:
        found = results(_table(doc_id=[1.0, None, 2.5, 2.0**53], text=["a", "b", "c", "d"]), "a.parquet")
        wrong = [(f"row {number}", "wrong_schema") for number in (2, 3, 4)]  # 2⁵³ may have been 2⁵³ + 1
        assert _where(found) == [("1", ""), *wrong]

    def test_bad_rows_fail_alone(self) -> None:
        found = results(_table(doc_id=["a", "b", "", "d", "e"], text=["x", None, "x", " ", "x"]), "a.parquet")
        assert _where(found) == [("a", ""), ("row 2", "empty"), ("row 3", "bad_name"), ("row 4", "empty"), ("e", "")]

    @pytest.mark.parametrize(
        ("columns", "code", "says"),
        [
            ({"doc_id": ["a"], "txt": ["x"]}, "wrong_schema", "no column 'text'; its columns are 'doc_id', 'txt'"),
            ({"text": ["x"]}, "wrong_schema", "no column 'doc_id'"),
            ({"doc_id": ["a"], "text": [5]}, "wrong_schema", "a number as text"),
            ({"doc_id": ["a"], "text": [["x"]]}, "wrong_schema", "a list as text"),
            ({"doc_id": ["a"], "text": [b"x"]}, "wrong_schema", "bytes as text"),
            ({"doc_id": [], "text": []}, "empty", "no rows"),
        ],
    )
    def test_tables_that_will_not_do(self, columns: dict[str, list[object]], code: str, says: str) -> None:
        failure = only_failure(results(_table(**columns), "a.parquet"))
        assert (failure.code, says in failure.message) == (code, True), failure.message

    def test_a_damaged_table(self) -> None:
        data = bytearray(_table(doc_id=[str(n) for n in range(50)], text=["x" * n for n in range(1, 51)]))
        data[len(data) // 3 : len(data) // 3 + 200] = b"\xff" * 200
        assert isinstance(results(bytes(data), "a.parquet")[-1], ReadFailure)
