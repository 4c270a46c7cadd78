"""Pipelines that are slow to make and that no test changes."""

from __future__ import annotations

import pytest
import spacy

import trialsift
from trialsift.extraction.extractor import Extractor


@pytest.fixture(scope="package")
def nlp() -> spacy.Language:
    return trialsift.load()


@pytest.fixture(scope="package")
def extractor() -> Extractor:
    return Extractor()
