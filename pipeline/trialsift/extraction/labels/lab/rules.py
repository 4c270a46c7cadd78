"""LAB: what `patterns/entities/lab.toml` tells of tests and their names."""

from __future__ import annotations

from collections.abc import Container, Iterable

from trialsift.extraction.labels.lab.names import NameRules
from trialsift.rules.files import Where
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import File, Folder
from trialsift.rules.validation import read_as

#: Which way a limit that lost its operator must have pointed (threshold.py).
SENSES = ("enough", "not_too_much", "much_defines", "little_defines", "much_excludes")


class LabFile(LabelFile, extra="forbid"):
    """What `lab.toml` holds."""

    enough: list[str]
    not_too_much: list[str]
    much_defines: list[str]
    little_defines: list[str]
    much_excludes: list[str]
    qualified: dict[str, list[str]]
    introduces: dict[str, list[str]]
    by_unit: dict[str, dict[str, str]]
    kinds_of: dict[str, list[str]]
    needs_unit: list[str]

    def check(self, path: File, analytes: Container[str]) -> None:
        """Raises PatternError for an analyte that analytes.csv does not have."""
        said: list[tuple[tuple[str, ...], Iterable[str]]] = [((key,), getattr(self, key)) for key in SENSES]
        for table in ("qualified", "introduces", "kinds_of"):
            rules: dict[str, list[str]] = getattr(self, table)
            said.append(((table,), rules))
            said.extend(((table, key), named) for key, named in rules.items())
        for kind, renamed in self.by_unit.items():
            said.append((("by_unit", kind), (*renamed, *renamed.values())))
        for place, identifiers in said:
            for identifier in identifiers:
                if identifier not in analytes:
                    reason = f"unknown analyte {identifier!r} (not in analytes.csv)"
                    raise Where(path, place, place[-1], identifier).error(reason)

    def read_names(self) -> NameRules:
        """Returns what it tells of names."""
        return NameRules(
            {name: frozenset(by) for name, by in self.qualified.items()},
            {name: frozenset(behind) for name, behind in self.introduces.items()},
            self.by_unit,
            frozenset(self.needs_unit),
            {whole: frozenset(kinds) for whole, kinds in self.kinds_of.items()},
        )


def read_lab_file(folder: Folder, analytes: Container[str]) -> LabFile:
    """Returns the contents of the file. Raises PatternError where it can't be read, or names an unknown analyte."""
    path = folder / "entities/lab.toml"
    rules = read_as(LabFile, path)
    rules.check(path, analytes)
    return rules
