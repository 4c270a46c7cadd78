"""The measured figures as Markdown, and as an object for JSON."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tabulate import tabulate

from benchmarks.contenders import BASE, TITLES, cores
from benchmarks.processes import Commands, Scaled, Used
from benchmarks.rounds import Rounds, Turn


@dataclass(slots=True)
class Measured:
    """All that one run of the benchmark has measured; what was not asked for is empty."""

    texts: str
    rounds: Rounds
    memory: Mapping[str, float]
    start_up: Mapping[str, Sequence[Used]]
    commands: Commands | None
    whole: tuple[int, float]
    scaled: Sequence[Scaled]
    versions: Mapping[str, str]
    machine: dict[str, Any] = field(default_factory=dict)


def machine() -> dict[str, Any]:
    """What the figures belong to; the load is that of the last minute, so it tells who else was at work."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.is_file():
        lines = described.read_text(encoding="utf-8", errors="replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return {"cpu": model, "cores": cores(), "system": platform.system(), "load_before": round(os.getloadavg()[0], 2)}


def markdown(measured: Measured) -> str:
    """All tables, each with what its columns mean."""
    versions = ", ".join(f"{name} {version}" for name, version in measured.versions.items())
    foreign: dict[str, list[str]] = {}
    for name, found in measured.rounds.versions.items():
        foreign.setdefault(", ".join(f"{n} {v}" for n, v in found.items()), []).append(name)
    others = [f"In another environment {', '.join(names)}: {found}" for found, names in foreign.items()]
    about = measured.machine
    parts = [
        "# Benchmark",
        f"{measured.texts}. {about['cores']} cores of {about['cpu']}; load {about['load_before']} before, "
        f"{about['load_after']} after. {'. '.join([versions, *others])}.",
        "## Documents in a second",
        "One process, one core. Texts that the contender sees for the first time, then the same texts again. Medians "
        f"of {_rounds(measured)} rounds, with the slowest and the fastest; ratios are those of each round, by bytes.",
        _speed(measured),
    ]
    if measured.commands is not None:
        parts += ["## The command `extract`", _about_commands(measured), _commands(measured)]
    if measured.start_up:
        parts += ["## Start-up", "Median of the runs, with the quickest and the slowest.", _start_up(measured.start_up)]
    if measured.scaled:
        parts += [
            "## Larger corpora",
            "`extract` with one process over the same documents again and again, under other ids. Start-up apart is "
            "less what one document takes.",
            _scaled(measured.scaled),
        ]
    return "\n\n".join(parts) + "\n"


def to_json(measured: Measured) -> dict[str, Any]:
    """Every single figure."""
    commands = measured.commands
    return {
        "texts": measured.texts,
        "machine": measured.machine,
        "versions": {"": dict(measured.versions), **measured.rounds.versions},
        "rounds": {name: [asdict(turn) for turn in turns] for name, turns in measured.rounds.turns.items()},
        "not_installed": measured.rounds.missing,
        "peak_megabytes": dict(measured.memory),
        "extract": []
        if commands is None
        else [
            {
                "jobs": jobs,
                "documents": measured.whole[0],
                "all": _dicts(used),
                "start_up": _dicts(commands.start[jobs]),
            }
            for jobs, used in commands.used.items()
        ],
        "start_up": {name: _dicts(used) for name, used in measured.start_up.items()},
        "scaled": [asdict(one) for one in measured.scaled],
    }


def ratios(measured: Measured, name: str, when: str) -> list[float]:
    """A contender's rate over the bare tokenizer's, by bytes of text in a CPU second, a round each."""
    turns, base = measured.rounds.turns, measured.rounds.turns[BASE]
    return [_rate(turn, when) / _rate(other, when) for turn, other in zip(turns[name], base, strict=True)]


def _rate(turn: Turn, when: str) -> float:
    return float(turn.megabytes / getattr(turn, when).cpu)


def _speed(measured: Measured) -> str:
    rows = []
    for name, title in TITLES.items():
        turns = measured.rounds.turns.get(name)
        if turns is None:
            if name in measured.rounds.missing:
                rows.append([title, "not installed"])
            continue
        most = max(turn.documents for turn in measured.rounds.turns[BASE])
        few = turns[0].documents < most
        rows.append(
            [
                f"{title} (first {turns[0].documents} of {most})" if few else title,
                _spread([turn.documents / turn.fresh.cpu for turn in turns]),
                _spread(ratios(measured, name, "fresh"), ".2f"),
                _spread([turn.documents / turn.again.cpu for turn in turns]),
                _spread(ratios(measured, name, "again"), ".2f"),
                _spread([turn.documents / turn.fresh.wall for turn in turns]),
                f"{statistics.median(_rate(turn, 'fresh') for turn in turns):.2f}",
                f"{statistics.median(turn.megabytes / turn.fresh.wall for turn in turns):.2f}",
                f"{measured.memory[name]:,.0f}" if name in measured.memory else "",
            ]
        )
    headers = ["", "docs/CPU s", "× tokenizer", "again, docs/CPU s", "× tokenizer", "docs/wall s"]
    return _table([*headers, "MB/CPU s", "MB/wall s", "peak MB"], rows)


def _about_commands(measured: Measured) -> str:
    return (
        f"In a process of its own, {measured.whole[0]:,} documents from one file, {_rounds(measured)} rounds. Start-up "
        "is what `extract` takes for one document that needs every library; apart from it stands what the others take. "
        "CPU seconds are those of all processes."
    )


def _commands(measured: Measured) -> str:
    assert measured.commands is not None
    (documents, megabytes), used, start = measured.whole, measured.commands.used, measured.commands.start
    base = [_rate(turn, "fresh") for turn in measured.rounds.turns[BASE]]
    single = next(iter(used.values()))
    rows = []
    for jobs, runs in used.items():
        cpu = _apart([one.cpu for one in runs], [one.cpu for one in start[jobs]])
        wall = _apart([one.wall for one in runs], [one.wall for one in start[jobs]])
        rows.append(
            [
                "`extract`" if jobs is None else f"`extract --jobs {jobs}`",
                _spread([documents / seconds for seconds in cpu]),
                _spread([megabytes / seconds / rate for seconds, rate in zip(cpu, base, strict=False)], ".2f"),
                _spread([documents / seconds for seconds in wall]),
                _spread([documents / one.cpu for one in runs]),
                _spread([documents / one.wall for one in runs]),
                _spread([one.wall / other.wall for one, other in zip(single, runs, strict=True)], ".2f"),
            ]
        )
    headers = ["", "docs/CPU s, start-up apart", "× tokenizer", "docs/wall s, start-up apart"]
    return _table([*headers, "docs/CPU s", "docs/wall s", "times as fast, wall"], rows)


def _apart(whole: Sequence[float], start: Sequence[float]) -> list[float]:
    """Seconds without start-up; none at all where that is most of them: too few documents to tell."""
    if sum(start) > sum(whole) / 2:
        return []
    return [one - first for one, first in zip(whole, start, strict=True)]


def _start_up(start_up: Mapping[str, Sequence[Used]]) -> str:
    rows = [
        [name, _spread([u.wall for u in used], ".2f"), _spread([u.cpu for u in used], ".2f")]
        for name, used in start_up.items()
    ]
    return _table(["", "wall s", "CPU s"], rows)


def _scaled(scaled: Sequence[Scaled]) -> str:
    rows = [
        [
            f"{one.copies} ×",
            f"{one.documents:,}",
            f"{one.megabytes:,.1f}",
            _spread([one.documents / seconds for seconds in _apart([one.used.cpu], [one.start.cpu])]),
            f"{one.documents / one.used.cpu:,.0f}",
            f"{one.used.wall:,.1f}",
            f"{one.used.megabytes:,.0f}",
        ]
        for one in scaled
    ]
    headers = ["", "documents", "MB", "docs/CPU s, start-up apart", "docs/CPU s", "wall s", "peak MB"]
    return _table(headers, rows)


def _rounds(measured: Measured) -> int:
    return len(measured.rounds.turns[BASE])


def _spread(values: Iterable[float], form: str = ",.0f") -> str:
    listed = list(values)
    if not listed:
        return "too few documents"
    if len(listed) == 1:
        return f"{listed[0]:{form}}"
    return f"{statistics.median(listed):{form}} ({min(listed):{form}}–{max(listed):{form}})"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    full = [[*row, *[""] * (len(headers) - len(row))] for row in rows]
    align = ["left", *["right"] * (len(headers) - 1)]
    return tabulate(full, headers, tablefmt="pipe", colalign=align, disable_numparse=True)


def _dicts(used: Sequence[Used]) -> list[dict[str, float]]:
    return [asdict(one) for one in used]
