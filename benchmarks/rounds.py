"""All contenders in turn on the same documents, round after round, on documents that none of them has seen."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.clock import Cost, clocked
from benchmarks.contenders import make
from benchmarks.corpus import FIRST, Slice
from benchmarks.worker import NotInstalledError, Worker

Measure = Callable[[Slice], Cost]
#: At least so many documents in a turn, however slow a contender is.
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Turn:
    """What a contender took for its documents in a round: seen for the first time, and again."""

    documents: int
    megabytes: float
    fresh: Cost
    again: Cost


@dataclass(slots=True)
class Rounds:
    """The turns of each contender by name, a round each; `missing` are those that are not installed, and why."""

    turns: dict[str, list[Turn]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)


def measure(
    names: Sequence[str],
    parts: Sequence[Slice],
    scratch: Path,
    pythons: Mapping[str, str],
    most_seconds: float,
    say: Callable[[str], None],
    after_round: Callable[[], None],
) -> Rounds:
    """A round for each slice but the first, which warms up.

    `pythons` are the interpreters of contenders that live in other environments. A contender that would take more than
    `most_seconds` of the CPU for a slice reads only its first documents. The order of the turns rotates. What is loaded
    is taken out of the garbage collector's sight, so that no contender pays for another's libraries.
    """
    result = Rounds()
    contenders: dict[str, Measure] = {}
    workers: list[Worker] = []
    try:
        for name in names:
            try:
                contenders[name] = _contender(name, scratch, pythons, workers, result)
            except (ImportError, NotInstalledError) as error:
                result.missing[name] = str(error)
        limits = {}
        for name, run in contenders.items():
            say(f"warm-up: {name}")
            run(Slice((FIRST,), scratch, "first"))  # brings what is imported or compiled when it is first needed
            limits[name] = _warm_up(run, parts[0], most_seconds)
        gc.collect()
        gc.freeze()
        for number, part in enumerate(parts[1:]):
            order = list(contenders)
            shift = number % len(order)
            for name in order[shift:] + order[:shift]:
                say(f"round {number + 1} of {len(parts) - 1}: {name}")
                some = part.part(0, limits[name])
                turn = Turn(len(some.texts), some.megabytes, contenders[name](some), contenders[name](some))
                result.turns.setdefault(name, []).append(turn)
            after_round()
    finally:
        gc.unfreeze()
        for worker in workers:
            worker.__exit__()
    return result


def _contender(name: str, scratch: Path, pythons: Mapping[str, str], workers: list[Worker], result: Rounds) -> Measure:
    if name in pythons:
        worker = Worker(name, pythons[name])
        workers.append(worker)
        result.versions[name] = worker.versions
        return worker
    run = make(name, scratch)

    def measured(part: Slice) -> Cost:
        assert part.texts
        assert part.path.is_file()  # made before the clock starts
        return clocked(lambda: run(part))

    return measured


def _warm_up(run: Measure, part: Slice, most_seconds: float) -> int:
    """Reads the slice, or as much of it as half of the time allows; returns how many documents a turn may have."""
    rate = spent = 0.0
    for portion in part.portions():
        seconds = run(portion).cpu
        rate = max(rate, len(portion.documents) / max(seconds, 1e-6))
        spent += seconds
        if spent > most_seconds / 2:
            break
    return max(_LEAST, int(rate * most_seconds))
