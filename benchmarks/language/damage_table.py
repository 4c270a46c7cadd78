"""Value F1 on damaged gold beside the undamaged: a row for each kind of damage, a column for each set."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from benchmarks.language.damage import damage_document
from benchmarks.language.score import predict
from trialsift.evaluation.evaluate import evaluate
from trialsift.gold import GoldDocument

UNDAMAGED = "undamaged"


@dataclass(frozen=True, slots=True)
class DamageRow:
    """One kind of damage: F1 and changed documents by set, and F1 without the damage."""

    damage: str
    f1: Mapping[str, float]
    undamaged: Mapping[str, float]
    changed: Mapping[str, int]

    @property
    def worst(self) -> float:
        """The largest loss on a set, in points."""
        return max((self.undamaged[name] - f1) * 100 for name, f1 in self.f1.items())


def score_damage(sets: Mapping[str, Sequence[GoldDocument]], kinds: Sequence[str], seed: int = 0) -> list[DamageRow]:
    """Scores each set with each kind of damage; the first row is without any."""
    undamaged = {name: _score(gold) for name, gold in sets.items()}
    rows = [DamageRow(UNDAMAGED, undamaged, undamaged, dict.fromkeys(sets, 0))]
    for kind in kinds:
        damaged = {name: [damage_document(d, kind, seed) for d in gold] for name, gold in sets.items()}
        changed = {
            name: sum(new.text != old.text for new, old in zip(damaged[name], gold, strict=True))
            for name, gold in sets.items()
        }
        f1 = {name: _score(gold) if changed[name] else undamaged[name] for name, gold in damaged.items()}
        rows.append(DamageRow(kind, f1, undamaged, changed))
    return rows


def _score(gold: Sequence[GoldDocument]) -> float:
    return evaluate(gold, predict(gold)).micro.value.f1 or 0.0


def format_damage(rows: Sequence[DamageRow]) -> str:
    """Writes the table as Markdown; the difference to the undamaged text in points, where there is one."""
    names = list(rows[0].f1)
    cells = [[row.damage, *(_show(row, name) for name in names)] for row in rows]
    return (
        tabulate(
            cells,
            headers=["damage", *names],
            tablefmt="pipe",
            disable_numparse=True,
            colalign=["left", *["right"] * len(names)],
        )
        + "\n"
    )


def _show(row: DamageRow, name: str) -> str:
    difference = round((row.f1[name] - row.undamaged[name]) * 100, 1)
    return f"{row.f1[name]:.3f}" + (f" ({difference:+.1f})" if difference else "")


def write_damage(rows: Sequence[DamageRow], folder: Path) -> None:
    """Writes damage.csv, a row for each damage and set, and damage.md."""
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["damage", "set", "f1", "undamaged", "changed_documents"])
    for row in rows:
        writer.writerows([row.damage, n, row.f1[n], row.undamaged[n], row.changed[n]] for n in row.f1)
    (folder / "damage.csv").write_text(text.getvalue(), encoding="utf-8")
    (folder / "damage.md").write_text(format_damage(rows), encoding="utf-8")
