"""Looks for an input that the extractor or the readers fail on, with atheris (a coverage-guided fuzzer).

    python3.11 -m venv fuzz && fuzz/bin/pip install . hypothesis atheris==3.0.0
    fuzz/bin/python benchmarks/fuzz_atheris.py extractor -runs=1000000 CORPUS
    fuzz/bin/python benchmarks/fuzz_atheris.py readers -runs=1000000 CORPUS

    fuzz/bin/python benchmarks/fuzz_atheris.py extractor --blind=1000000 --seed=1

The last one draws inputs of up to 48 bytes at random and follows no coverage: many times as many runs in the same time.

What stands behind the target is libFuzzer's: `-runs=N`, `-max_total_time=SECONDS`, `-seed=N`, and a folder that
keeps inputs which reached something new. A failure stops it and writes the input to `crash-…`; the same
command with that file in place of the options runs it again. `fuzz-TARGET.json` in the working folder counts the runs.

The extractor gets trial language, drawn from the fragments of tests/extraction/test_properties.py, and any other text:
nothing is raised, facts are well formed and quote their place, and a record is read back as it was. The readers get
bytes and the ending of a file's name: each yields documents and failures, and raises nothing.
"""

from __future__ import annotations

import io
import json
import random
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
BLIND = next((int(word.partition("=")[2]) for word in sys.argv if word.startswith("--blind=")), 0)
with nullcontext() if BLIND else atheris.instrument_imports(include=["trialsift"]):
    from tests.extraction import test_properties

    from trialsift.extraction.extractor import Extractor
    from trialsift.gold import parse_document
    from trialsift.model.fact import annotation_record
    from trialsift.readers.failures import ReadFailure
    from trialsift.readers.find import ENDINGS
    from trialsift.readers.inputs import Input, ReadOptions
    from trialsift.readers.read import read_documents

_EVERY = 1000  # runs between two notes of how many they were
_BLIND_BYTES = 48
_LIMIT = 1_000_000  # bytes of a document, so that what expands is refused soon
PLAIN = test_properties.EXTRACTOR
WITH_CONTEXT = Extractor()


class Count:
    """Runs so far, noted in a file since libFuzzer ends the process."""

    def __init__(self, target: str) -> None:
        self._path, self._target = Path(f"fuzz-{target}.json"), target
        self._started, self._runs = time.time(), 0

    def one_more(self) -> None:
        """Counts a run."""
        self._runs += 1
        if self._runs % _EVERY == 0:
            seconds = round(time.time() - self._started)
            self._path.write_text(json.dumps({"target": self._target, "runs": self._runs, "seconds": seconds}) + "\n")


def text_from(data: atheris.FuzzedDataProvider) -> str:
    """Fragments of trial language, with other text among them."""
    pieces = []
    while data.remaining_bytes() > 0 and len(pieces) < 200:
        choice = data.ConsumeIntInRange(0, 255)
        if choice < 240:
            pieces.append(test_properties.FRAGMENTS[choice % len(test_properties.FRAGMENTS)])
        elif choice < 248:
            pieces.append(data.ConsumeUnicodeNoSurrogates(data.ConsumeIntInRange(0, 20)))
        elif pieces:  # the same again, often
            pieces.append(("".join(pieces[-3:]) * data.ConsumeIntInRange(1, 30))[:150])
    return "".join(pieces)[:1_500]


def read_a_text(raw: bytes) -> None:
    """One run of the extractor."""
    data = atheris.FuzzedDataProvider(raw)
    extractor = WITH_CONTEXT if data.ConsumeIntInRange(0, 7) == 0 else PLAIN
    text = text_from(data)
    annotation = extractor.annotate(text)
    test_properties.check(text, annotation)
    record = annotation_record("a document", text, annotation)
    if text.strip():
        document = parse_document(json.loads(json.dumps(record, allow_nan=False)), "fuzz:1")
        assert document.to_record() == record


def read_a_file(raw: bytes) -> None:
    """One run of the readers."""
    data = atheris.FuzzedDataProvider(raw)
    name = "fuzz" + sorted(ENDINGS)[data.ConsumeIntInRange(0, len(ENDINGS) - 1)]
    content = data.ConsumeBytes(data.remaining_bytes())
    options = ReadOptions(max_document=_LIMIT, max_file=_LIMIT, max_expanded=10 * _LIMIT)
    for found in read_documents(Input(name, name, "fuzz", lambda: io.BytesIO(content)), options):
        if isinstance(found, ReadFailure):
            continue
        assert found.doc_id
        assert found.text.strip()
        assert all(0 <= part.start <= part.end <= len(found.text) for part in found.parts)


TARGETS = {"extractor": read_a_text, "readers": read_a_file}


def main() -> None:
    """Runs the target that the first argument names."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"expected one of {', '.join(TARGETS)}, then libFuzzer's options; see the head of this file")
    target = sys.argv.pop(1)
    count = Count(target)

    def run(raw: bytes) -> None:
        TARGETS[target](raw)
        count.one_more()

    if BLIND:
        seed = next((int(word.partition("=")[2]) for word in sys.argv if word.startswith("--seed=")), 0)
        draw = random.Random(seed)
        for _ in range(BLIND):
            raw = draw.randbytes(draw.randint(1, _BLIND_BYTES))
            try:
                run(raw)
            except BaseException:
                Path(f"crash-{target}-blind").write_bytes(raw)
                raise
        return
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
