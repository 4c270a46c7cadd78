"""Extractors that tests share: making one takes half a second, and none keeps anything of the texts it reads."""

from __future__ import annotations

from functools import cache

from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import patterns_dir
from trialsift.rules.labels import read_labels


@cache
def shared_extractor(*, context: bool = True) -> Extractor:
    """With the labels that are on by default."""
    return Extractor(context=context)


@cache
def extractor_of_all_labels(*, context: bool = True) -> Extractor:
    """With the optional labels too."""
    return Extractor(labels=frozenset(label.label for label in read_labels(patterns_dir())), context=context)
