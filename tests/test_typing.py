"""The types that a user's checker sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

import trialsift


def test_a_user_who_checks_strictly(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """No function of ours is untyped, and no mistake passes as Any. What mypy has read is kept for the next time."""
    package = Path(trialsift.__file__).parent
    assert (package / "py.typed").is_file()
    if "site-packages" not in package.parts:  # an editable checkout, perhaps not the one that is installed
        monkeypatch.setenv("MYPYPATH", str(package.parent))
    script = Path(__file__).parent / "support" / "typed_user.py"
    kept = getattr(pytestconfig, "cache", None)  # not where pytest runs without its cache
    cache = kept.mkdir("mypy") if kept else Path("/dev/null")
    output, errors, status = api.run(["--strict", "--config-file=", f"--cache-dir={cache}", str(script)])
    assert (status, errors) == (0, ""), output
