from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs.review.builders import make_run


@pytest.fixture(scope="package")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that no test changes."""
    return make_run(tmp_path_factory.mktemp("review"))
