"""`trialsift …` in this process: a process of its own takes seconds to import what it needs."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from trialsift.cli import main


def run_command(*arguments: Path | str, data: bytes | None = None, cwd: Path | None = None) -> CompletedProcess[bytes]:
    """What `subprocess.run` gives of the command: its status, and what it wrote. What it raises is raised."""
    told, warned = io.BytesIO(), io.BytesIO()
    words = [str(argument) for argument in arguments]
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(data or b""), "utf-8"),
        "stdout": io.TextIOWrapper(told, "utf-8", write_through=True),
        "stderr": io.TextIOWrapper(warned, "utf-8", write_through=True),
    }
    status = 0
    with mock.patch.multiple(sys, argv=["trialsift", *words], **streams), mock.patch.dict(os.environ):
        with contextlib.chdir(cwd or Path.cwd()):
            try:
                main()
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        return CompletedProcess(words, status, told.getvalue(), warned.getvalue())
