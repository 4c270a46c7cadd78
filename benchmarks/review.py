"""How many errors are caught by reviewing the first share of the queue, beside other orders.

    python -m benchmarks.review GOLD.jsonl …

For each file of gold its texts are read with `--unread`, and queued as `trialsift review` does. An error is a fact that
is wrong in value or polarity, or one that is missed; a missed one is caught by an item that shares a character with it.
Beside the order of the queue: a random order of its items (the share itself), and facts by how seldom their rule reads.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from trialsift.evaluation.calibration import find_wrong
from trialsift.evaluation.errors import ErrorRow
from trialsift.evaluation.evaluate import evaluate
from trialsift.gold import read_gold
from trialsift.rules.files import find_patterns
from trialsift.runs.extract.run import extract_run
from trialsift.runs.read import read_run
from trialsift.runs.review.queue import FACT, Item, make_queue

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)


def find_places(items: Iterable[Item], errors: Sequence[ErrorRow]) -> list[int | None]:
    """Returns for each error the place of the first item that catches it; None where none does."""
    wrong = find_wrong(errors)
    missed = [(e.doc_id, e.start, e.end) for e in errors if e.error == "missed"]
    places: dict[tuple[str, int | None] | tuple[str, int, int], int] = {}
    for place, item in enumerate(items):
        if item.kind == FACT:
            places.setdefault((item.doc_id, item.number), place)
        for doc_id, start, end in missed:
            if doc_id == item.doc_id and item.start < end and start < item.end:
                places.setdefault((doc_id, start, end), place)
    return [places.get(one) for one in (*wrong, *missed)]


def measure(gold_file: Path) -> None:
    """Prints the shares of errors caught for one file."""
    gold = [replace(one, doc_id=f"{number:06}") for number, one in enumerate(read_gold(gold_file))]
    with tempfile.TemporaryDirectory() as name:
        texts, out = Path(name, "texts"), Path(name, "run")
        texts.mkdir()
        for one in gold:  # as plain text: a column of a table is read as HTML where it has tags
            (texts / f"{one.doc_id}.txt").write_text(one.text, encoding="utf-8", newline="")
        extract_run([texts], out, unread=True)
        results = read_run(out)
        errors = evaluate(gold, list(results.annotations())).errors
        items = list(make_queue(results, find_patterns()).items)
    rules = Counter(item.rule for item in items)
    orders = {"queue": items, "rare rules first": sorted(items, key=lambda item: rules[item.rule])}
    for name, ordered in orders.items():
        places = find_places(ordered, errors)
        caught = [
            sum(p is not None and p < share * len(items) for p in places) / max(1, len(places)) for share in SHARES
        ]
        cells = " ".join(f"{value:6.3f}" for value in caught)
        print(f"{gold_file.stem:18} {name:17} {len(items):6} items {len(places):4} errors  {cells}")


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("gold", nargs="+", type=Path)
    print(f"{'caught by the first':61} {' '.join(f'{share:6.0%}' for share in SHARES)}")
    for file in parser.parse_args().gold:
        measure(file)


if __name__ == "__main__":
    main()
