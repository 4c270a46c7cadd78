"""How tests are shared out between processes: groups together, then what may take long, then quick tests by the dozen.

Quick tests come last, so that all processes end at about the same time. One by one they would take the process that
shares them out longer than some of them take: it counts what it gave out each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

#: So many quick tests of a module are given out at a time.
DOZEN = 12


class Scheduling(LoadGroupScheduling):
    """`quick` are the folders whose tests are quick."""

    def __init__(self, config: pytest.Config, log: Producer, quick: Collection[str]) -> None:
        super().__init__(config, log)
        self._quick = quick
        self._dozens: dict[str, str] = {}

    def schedule(self) -> None:
        if self.collection is None:
            self._dozens = self._group_by_dozen(next(iter(self.registered_collections.values())))
        super().schedule()
        for dozen in dict.fromkeys(self._dozens.values()):
            if dozen in self.workqueue:
                self.workqueue.move_to_end(dozen)

    def _group_by_dozen(self, names: list[str]) -> dict[str, str]:
        seen: Counter[str] = Counter()
        dozens = {}
        for name in names:
            module = name.partition("::")[0]
            if any(folder in self._quick for folder in module.split("/")[1:2]):
                dozens[name] = f"{module} {seen[module] // DOZEN}"
                seen[module] += 1
        return dozens

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return self._dozens.get(nodeid, scope) if scope == nodeid else scope
