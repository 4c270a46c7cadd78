"""Texts that end the process which reads them. A module of its own: worker processes import it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from distributed import Worker, WorkerPlugin

from trialsift.extraction.extractor import Extractor
from trialsift.model.document import Part
from trialsift.model.fact import Annotation

ALWAYS, ONCE = "POISON", "STUMBLE"


class Deadly(WorkerPlugin):
    """Makes workers die of texts with ALWAYS in them, and of those with ONCE until `folder` has a mark of it."""

    def __init__(self, folder: Path) -> None:
        self.name, self._mark = f"deadly-{folder}", folder / "died"

    def setup(self, worker: Worker) -> None:
        annotate, mark = Extractor.annotate, self._mark

        def deadly(self: Extractor, text: str, parts: Sequence[Part] = ()) -> Annotation:
            if ALWAYS in text or (ONCE in text and not mark.exists()):
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return annotate(self, text, parts)

        if not hasattr(Extractor, "lives"):
            Extractor.lives = annotate  # type: ignore[attr-defined]
        Extractor.annotate = deadly  # type: ignore[method-assign]

    def teardown(self, worker: Worker) -> None:
        Extractor.annotate = Extractor.lives  # type: ignore[attr-defined,method-assign]
