"""What is remembered of texts, so that what recurs is worked out once. No result depends on it.

Only what a function returns for the same arguments at any time is remembered: at most `MOST` results of each, of which
the one that was last needed longest ago goes first. What depends on patterns is remembered by the object that read
them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

#: Results of a function that are remembered, so that texts full of new words take no more memory.
MOST = 10_000
#: Patterns folders for which a process remembers what it has read.
FOLDERS = 16

_of_folders: list[Callable[[], None]] = []

_Function = TypeVar("_Function", bound=Callable[..., object])


def remember(function: _Function) -> _Function:
    """Returns the function with a memory."""
    return lru_cache(maxsize=MOST)(function)  # type: ignore[return-value]


def remember_of_folders(function: _Function) -> _Function:
    """Returns a function of a patterns folder with a memory of the last few."""
    remembering = lru_cache(maxsize=FOLDERS)(function)
    _of_folders.append(remembering.cache_clear)
    return remembering  # type: ignore[return-value]


def forget_folders() -> None:
    """Forgets what was read of patterns folders: who asks what a folder's readers use must see all of them read it."""
    for forget in _of_folders:
        forget()
