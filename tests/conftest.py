"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of annotated corpora: TRIALSIFT_CORPORA, else `shared/corpora` beside the checkout; else a skip."""
    stated = os.environ.get("TRIALSIFT_CORPORA")
    folder = Path(stated) if stated else Path(__file__).resolve().parents[2] / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"{folder}: no such folder of corpora; set TRIALSIFT_CORPORA to run this test")
    return folder
