"""What a piece of work costs: seconds of the CPU and of the wall, megabytes."""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the CPU, in the process and in those that it has waited for, and seconds of the wall."""

    cpu: float
    wall: float


def clocked(work: Callable[[], object]) -> Cost:
    """What `work` costs. Garbage of others is collected before; its own is collected as ever, and counts."""
    gc.collect()
    cpu, wall = _cpu(), time.perf_counter()
    work()
    return Cost(_cpu() - cpu, time.perf_counter() - wall)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_megabytes(usage: resource.struct_rusage) -> float:
    """Peak memory in 10⁶ bytes of a process that has ended, or of the largest of those that it has waited for.

    Never less than what the process that started it had at that time: Linux counts that in.
    """
    return usage.ru_maxrss * _UNIT / 1e6


def own_peak_megabytes() -> float:
    """Peak memory of this process so far, in 10⁶ bytes."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return peak_megabytes(resource.getrusage(resource.RUSAGE_SELF))
