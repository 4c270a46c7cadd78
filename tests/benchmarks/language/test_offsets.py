"""Edits of a text carry offsets over."""

from __future__ import annotations

import pytest
from benchmarks.language.offsets import Edit, edit_document, edit_text, substitute
from hypothesis import given
from hypothesis import strategies as st

from trialsift.gold import GoldDocument, GoldSpan

TEXT = "Age ≥ 18 years, ECOG 0-1"


@pytest.mark.parametrize(
    ("edit", "span", "text"),
    [
        (Edit(0, 3, "AGES"), (4, 14), "≥ 18 years"),
        (Edit(4, 5, "â‰¥"), (4, 14), "â‰¥ 18 years"),
        (Edit(4, 5, ""), (4, 14), " 18 years"),
        (Edit(9, 14, "Y"), (4, 14), "≥ 18 Y"),
        (Edit(12, 20, "_"), (4, 14), "≥ 18 yea_"),
        (Edit(0, 6, "_"), (4, 14), "_18 years"),
        (Edit(4, 4, "<b>"), (4, 14), "≥ 18 years"),
        (Edit(14, 14, "</b>"), (4, 14), "≥ 18 years"),
        (Edit(6, 6, "\u200b"), (4, 14), "≥ \u200b18 years"),
        (Edit(14, 16, "; "), (4, 14), "≥ 18 years"),
        (Edit(20, 24, ""), (4, 14), "≥ 18 years"),
    ],
)
def test_a_span_moves_with_its_text(edit: Edit, span: tuple[int, int], text: str) -> None:
    edited = edit_text(TEXT, [edit])
    assert edited.text[edited.map_start(span[0]) : edited.map_end(span[1])] == text


def test_edits_must_not_overlap() -> None:
    with pytest.raises(ValueError, match="edits overlap at 3"):
        edit_text(TEXT, [Edit(0, 4, ""), Edit(3, 5, "")])


def test_parts_move_too() -> None:
    document = GoldDocument(
        "d", TEXT, (GoldSpan(0, 21, 24, "PERFORMANCE_STATUS", "0-1"),), meta={"parts": [[0, 14, "inclusion"]]}
    )
    edited = edit_document(document, [Edit(0, 3, "Ages of")])
    assert edited.text == "Ages of ≥ 18 years, ECOG 0-1"
    assert (edited.spans[0].start, edited.spans[0].text) == (25, "0-1")
    assert edited.meta["parts"] == [[0, 18, "inclusion"]]


def test_substitute_leaves_out_what_stays() -> None:
    assert substitute("a-b-c", "-", lambda match: "-" if match.start() == 1 else "+") == [Edit(3, 4, "+")]


@given(
    st.text("abc ", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.text("xyz", max_size=3))),
    st.data(),
)
def test_what_no_edit_touches_stays_as_it_is(text: str, drawn: list[tuple[int, int, str]], data: st.DataObject) -> None:
    edits: list[Edit] = []
    for start, length, new in sorted(drawn):
        end = min(start + length, len(text))
        if start <= end and (not edits or (start >= edits[-1].end and start > edits[-1].start)):
            edits.append(Edit(start, end, new))
    edited = edit_text(text, edits)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    untouched = not any(edit.start < end and edit.end > start for edit in edits)
    if start < end and untouched:
        assert edited.text[edited.map_start(start) : edited.map_end(end)] == text[start:end]
    if start < end:
        assert 0 <= edited.map_start(start) <= edited.map_end(end) <= len(edited.text)
