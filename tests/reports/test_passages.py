"""Pieces of a text with their highlights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.gold import GoldSpan
from trialsift.reports.passages import AROUND, Segment, cut_segments, find_window, find_windows


def test_segments_tell_what_it_is_about_from_what_stands_nearby() -> None:
    text = "Age ≥ 18 years, ECOG 0-1"
    other = GoldSpan(0, 21, 24, "PERFORMANCE_STATUS", "0-1")
    assert cut_segments(text, 0, 24, [(4, 14)], [other]) == [
        Segment("Age "),
        Segment("≥ 18 years", "main"),
        Segment(", ECOG "),
        Segment("0-1", "other", "PERFORMANCE_STATUS: 0-1"),
    ]


def test_where_they_overlap_the_main_one_counts() -> None:
    other = GoldSpan(0, 0, 6, "LAB", "abcdef")
    assert [(s.text, s.kind) for s in cut_segments("abcdef", 0, 6, [(2, 4)], [other])] == [
        ("ab", "other"),
        ("cd", "main"),
        ("ef", "other"),
    ]


@given(
    text=st.text(min_size=1, max_size=80),
    places=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=5),
    data=st.data(),
)
def test_segments_give_the_text_again(text: str, places: list[tuple[int, int]], data: st.DataObject) -> None:
    ranges = [(min(a, len(text) - 1), max(min(b, len(text)), min(a, len(text) - 1) + 1)) for a, b in places]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = cut_segments(
        text, start, end, ranges[:2], [GoldSpan(i, a, b, "LAB", text[a:b]) for i, (a, b) in enumerate(ranges[2:])]
    )
    assert "".join(s.text for s in made) == text[start:end]
    assert all(s.text for s in made)


def test_places_far_apart_have_windows_of_their_own() -> None:
    text = "one " + "x " * 300 + "two " + "y " * 20 + "three"
    found = find_windows(text, [(text.index("three"), len(text)), (0, 3), (text.index("two"), text.index("two") + 3)])
    assert len(found) == 2
    assert text[slice(*found[0])].startswith("one x")
    assert "two" in text[slice(*found[1])]
    assert "three" in text[slice(*found[1])]
    assert find_windows(text, []) == []


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("one two three", 4, 7, "one two three"),
        ("  \n two \n ", 4, 7, "two"),
        ("two", 0, 3, "two"),
        ("w" * 400, 200, 203, "www"),
        ("word " * 100, 250, 254, ("word " * 100)[110:394]),
    ],
)
def test_a_window_begins_and_ends_with_words(text: str, start: int, end: int, shown: str) -> None:
    left, right = find_window(text, start, end)
    assert text[left:right] == shown
    assert start - left <= AROUND
    assert right - end <= AROUND
