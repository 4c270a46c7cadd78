"""The column `context`: a line without the mark of its item."""

from __future__ import annotations

import pytest

from trialsift.tables.context import make_context


@pytest.mark.parametrize(
    ("line", "context"),
    [
        ("- Age ≥ 18", "Age ≥ 18"),
        ("•\tAge\n  ≥ 18", "Age ≥ 18"),
        ("* Age", "Age"),
        ("o Age", "Age"),
        ("- • Age", "Age"),
        ("– ≥ 18 years", "≥ 18 years"),
        ("- 18 years", "18 years"),
        ("-Age", "Age"),
        ("-2.5 SD or less", "-2.5 SD or less"),
        ("**Age** ≥ 18", "**Age** ≥ 18"),
        ("oral doses", "oral doses"),
        ("1. Age", "1. Age"),
        ("a) Age", "a) Age"),
        ("Age - 18", "Age - 18"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_the_mark_is_dropped(line: str, context: str) -> None:
    assert make_context(f"x{line}y", 1, 1 + len(line)) == context
