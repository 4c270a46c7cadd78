"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.annotation_hashes import shared_folder


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of annotated corpora (see `shared_folder`), else a skip."""
    folder = shared_folder()
    if not folder.is_dir():
        pytest.skip(f"{folder}: no such folder of corpora; set TRIALSIFT_CORPORA to run this test")
    return folder
