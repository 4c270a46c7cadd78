import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.tables.files.spreadsheet import DANGEROUS, make_safe, restore

texts = st.text() | st.text(alphabet="=+-@\t\r'\"\n,ab1")


@given(texts)
def test_restore_is_the_inverse(text: str) -> None:
    assert restore(make_safe(text)) == text


@given(texts)
def test_a_safe_cell_never_begins_a_formula(text: str) -> None:
    assert make_safe(text)[:1] not in DANGEROUS


@given(texts, texts)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert (make_safe(one) == make_safe(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+48 22 546", "'+48 22 546"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("'t Hooft", "''t Hooft"),
        ("'", "''"),
        ("", ""),
        ("≥ 18 years", "≥ 18 years"),
        ("5 x 5 Gy", "5 x 5 Gy"),
        ("1=1", "1=1"),
        (" =1", " =1"),
    ],
)
def test_cells(text: str, cell: str) -> None:
    assert make_safe(text) == cell


@pytest.mark.parametrize("cell", ["", "plain", "a'b"])
def test_a_cell_that_was_not_marked_is_left_alone(cell: str) -> None:
    assert restore(cell) == cell
