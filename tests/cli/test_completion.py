"""What a shell proposes behind the beginning of a command."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("words", "proposed"),
    [("trialsift ev", "evaluate"), ("trialsift extract --form", "--format"), ("trialsift review --app", "--apply")],
)
def test_completion_in_bash(words: str, proposed: str) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1), "_TRIALSIFT_COMPLETE": "complete_bash"}
    code = "import sys; sys.argv = ['trialsift']; from trialsift.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == [proposed]
