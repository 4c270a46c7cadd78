"""Documents per CPU second of `Extractor.annotate`, beside spaCy's blank English tokenizer on the same texts.

    python benchmarks/throughput.py corpus/dev.jsonl
    python benchmarks/throughput.py FILE.jsonl.gz --limit 2000 --rounds 7

FILE is JSON Lines with a `text` in each object. One process, one thread; loading is not counted, and neither is a
first pass over the documents. The two take turns within each round, so that a slow spell of the machine hits both.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from trialsift import __version__
from trialsift.extraction import Extractor

Step = Callable[[str], object]


def read_texts(path: Path, limit: int | None) -> list[str]:
    """The first `limit` texts of a JSON Lines file, gzipped or not."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    lines = data.decode("utf-8").split("\n")  # not splitlines: U+2028 may stand in a JSON string
    return [json.loads(line)["text"] for line in filter(str.strip, lines)][:limit]


def measure(steps: dict[str, Step], texts: list[str], rounds: int) -> dict[str, list[float]]:
    """Seconds of CPU time of each round for each step, after one pass that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        for name, step in steps.items():
            started = time.process_time()
            for text in texts:
                step(text)
            if number:
                seconds[name].append(time.process_time() - started)
    return seconds


def report(seconds: dict[str, list[float]], texts: list[str]) -> str:
    """A table: median, slowest and fastest round in documents per CPU second; megabytes at the median."""
    megabytes = sum(len(text.encode("utf-8")) for text in texts) / 1e6
    lines = [f"{'':<22}{'docs/CPU s':>12}{'slowest':>10}{'fastest':>10}{'MB/CPU s':>10}"]
    for name, rounds in seconds.items():
        median = statistics.median(rounds)
        speeds = (len(texts) / median, len(texts) / max(rounds), len(texts) / min(rounds))
        lines.append(f"{name:<22}{speeds[0]:>12,.0f}{speeds[1]:>10,.0f}{speeds[2]:>10,.0f}{megabytes / median:>10.2f}")
    return "\n".join(lines)


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description="Documents per CPU second, in one process.")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="JSON Lines with a text in each object, or that gzipped"
    )
    parser.add_argument("--rounds", type=int, default=5, help="counted passes over the documents (default 5)")
    parser.add_argument("--limit", type=int, help="only the first documents of the file")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds takes 1 or more")
    try:
        texts = read_texts(arguments.file, arguments.limit)
    except (OSError, ValueError, KeyError) as error:
        parser.error(f"{arguments.file}: {error!r}; expected JSON Lines with a text in each object")
    if not texts:
        parser.error(f"{arguments.file}: no documents")
    steps: dict[str, Step] = {
        "Extractor.annotate": Extractor().annotate,
        "spaCy's tokenizer": spacy.blank("en").make_doc,
    }
    size = sum(map(len, texts)) / len(texts)
    print(
        f"trialsift {__version__}, spaCy {spacy.__version__}: {len(texts):,} documents of {size:,.0f} characters "
        f"on average, {arguments.rounds} rounds"
    )
    print(report(measure(steps, texts, arguments.rounds), texts))


if __name__ == "__main__":
    main()
