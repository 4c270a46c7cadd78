from pathlib import Path

import pytest

from tests.readers.builders import documents, only_failure, read_all, results
from trialsift.readers import ReadOptions


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
        '{"not": "a record", in a text',
        "<18 years",
        "< html > is no page",
    ],
)
def test_the_text_is_kept_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    assert documents(list(read_all(path))) == {"a": text}


def test_a_byte_order_mark_is_dropped_once() -> None:
    assert documents(results(b"\xef\xbb\xbf\xef\xbb\xbfx", "a.txt")) == {"a": "\ufeffx"}


def test_a_text_of_the_greatest_size_is_read() -> None:
    assert documents(results(b"x" * 100, "a.txt", ReadOptions(max_document=100))) == {"a": "x" * 100}
    failure = only_failure(results(b"x" * 101, "a.txt", ReadOptions(max_document=100)))
    assert (failure.code, "--max-document-mb" in failure.advice) == ("too_large", True)
