"""One contender in a process of its own: for its peak memory, and for those that live in another environment.

    python -m benchmarks.worker NAME

A line of JSON on standard input, `{"path": …}`, names a slice of documents; the answer is what reading it costs. The
first line that it writes itself says which versions there are, or that the contender is not installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.clock import Cost, clocked, own_peak_megabytes
from benchmarks.contenders import DISTRIBUTIONS, make
from benchmarks.corpus import Slice, read_documents

ROOT = Path(__file__).resolve().parents[1]


class NotInstalledError(Exception):
    """The contender can't be made in that environment."""


class Worker:
    """A contender that runs in a process of its own, under this Python or another; used in a `with`.

    Raises NotInstalledError where it can't be made, RuntimeError where the process dies.
    """

    def __init__(self, name: str, python: str = sys.executable) -> None:
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            encoding="utf-8",
        )
        self.peak_megabytes = 0.0
        try:
            hello = self._read()
            if "missing" in hello:
                raise NotInstalledError(hello["missing"])
        except BaseException:
            self.__exit__()
            raise
        self.versions: dict[str, str] = hello["versions"]

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def __call__(self, part: Slice) -> Cost:
        """What reading a slice costs."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"path": str(part.path.resolve())}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        self.peak_megabytes = answer["peak_megabytes"]
        return Cost(**answer["cost"])

    def _read(self) -> Mapping[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process of a contender has ended; run it by hand to see why")
        found: Mapping[str, Any] = json.loads(line)
        return found


def versions() -> dict[str, str]:
    """The versions of this environment, of those that are installed."""
    found = {"Python": sys.version.split()[0]}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def main() -> None:
    """Serves one contender."""
    answers, sys.stdout = sys.stdout, sys.stderr  # a library may print
    with tempfile.TemporaryDirectory() as scratch:
        try:
            run = make(sys.argv[1], Path(scratch))
        except ImportError as error:
            print(json.dumps({"missing": str(error)}), file=answers, flush=True)
            return
        print(json.dumps({"versions": versions()}), file=answers, flush=True)
        for line in sys.stdin:
            path = Path(json.loads(line)["path"])
            part = Slice(tuple(read_documents([path])), Path(scratch), path.stem)
            assert part.texts
            assert part.path.is_file()  # made before the clock starts
            cost = clocked(lambda part=part: run(part))  # type: ignore[misc]
            answer = {"cost": asdict(cost), "peak_megabytes": own_peak_megabytes()}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
