"""Checks a folder of patterns: what its loaders reject, what its tables say, and whether its examples hold.

In: a folder. Out: problems with file and line. Loaders stop at their first mistake. So each loader runs by itself, on a
copy in which rejected CSV rows are blanked: the next mistake appears, and line numbers stay the same. In TOML and JSON
files only the first mistake of each loader is reported.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from trialsift.checks.examples import Readers, examples
from trialsift.checks.lexicon import check_lexicon
from trialsift.checks.problems import CheckProblem
from trialsift.extraction.assertion.background import Background
from trialsift.extraction.assertion.context import read_rules
from trialsift.extraction.assertion.wording import Exceptions
from trialsift.extraction.confidence import Rater, read_rater
from trialsift.extraction.explain.words import read_explanation_words, read_unread_words
from trialsift.extraction.extractor import Extractor
from trialsift.extraction.labels.age.engine import Ages
from trialsift.extraction.labels.dose.fractions import Fractions
from trialsift.extraction.labels.dose.radiation_role import Roles
from trialsift.extraction.labels.generic import Generic
from trialsift.extraction.labels.lab.rules import read_lab_file
from trialsift.extraction.labels.measurement import Measurements
from trialsift.extraction.labels.performance_status import PerformanceStatus, read_scales
from trialsift.extraction.labels.registry import check_engine
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.units import Units
from trialsift.extraction.structure.sections import Structure
from trialsift.model.errors import UserError
from trialsift.model.memory import forget_folders
from trialsift.rules.alpha_beta import AlphaBetas
from trialsift.rules.analytes import read_analytes
from trialsift.rules.files import PatternError, Where
from trialsift.rules.labels import LabelTable, read_label, read_labels
from trialsift.rules.layers import ENTITIES, FOLDERS, WORDING, File, Folder, Patterns
from trialsift.rules.plausibility import read_label_doses
from trialsift.rules.wording import Wordings, read_wordings
from trialsift.tables.derived import read_derivation
from trialsift.tables.regimens.wording import read_course_words

_AGE, _FRACTIONS, _LAB, _SCALES = (
    f"{ENTITIES}/{name}.toml" for name in ("age", "fractions", "lab", "performance_status")
)


def check_patterns(folder: Folder) -> tuple[list[CheckProblem], int, int]:
    """Returns the problems of a folder and of those laid over it, the number of files, and the number of examples run.

    Examples run only if the loaders accept the folder; otherwise a warning says so. Raises UserError if a file cannot
    be copied.
    """
    patterns = Patterns(folder) if isinstance(folder, Path) else folder
    files = [_list_files(layer) for layer in patterns.layers]
    count = sum(map(len, files))
    problems = {*_find_rejected(patterns, files), *check_lexicon(patterns), *_check_rule_ids(patterns)}
    if any(problem.code == "pattern" for problem in problems):
        reason = "the examples beside the rules were not run: the errors have to go first"
        problems.add(CheckProblem(str(patterns.layers[-1]), 0, "warning", "examples-not-run", reason))
        return sorted(problems), count, 0
    forget_folders()  # a reader that is remembered would ask for no wording, and they would seem unused
    readers, found = Readers(patterns), examples(patterns)
    problems.update(_find_unused(readers))
    for example in found:
        try:
            verdict = example.judge(readers)
        except Exception as error:  # a value that its loader accepts but its reader cannot use
            verdict = f"can't be read ({type(error).__name__}: {error})"
        if verdict is not None:
            message = f"{example.where.name}: {example.text!r:.80}: {verdict}"
            problems.add(_problem(example.where, "example", message))
    return sorted(problems), count, len(found)


def _list_files(folder: Path) -> list[Path]:
    """Returns all files that loaders may read; other files in the folder are ignored."""
    there = [path for pattern in ("*.csv", "*.toml", "*.json") for path in folder.glob(pattern)]
    there.extend(path for inner in FOLDERS for path in folder.glob(f"{inner}/*.toml"))
    return sorted(path for path in there if path.is_file())


def _problem(where: Where, code: str, message: str) -> CheckProblem:
    return CheckProblem(str(where.file), where.line or 0, "error", code, message)


def _find_rejected(patterns: Patterns, files: list[list[Path]]) -> Iterator[CheckProblem]:
    """Iterates over what the loaders reject."""
    with TemporaryDirectory() as parent:
        copies = [Path(parent, str(number)) for number in range(len(files))]
        for folder, copy, there in zip(patterns.layers, copies, files, strict=True):
            for inner in FOLDERS:
                (copy / inner).mkdir(parents=True)
            for path in there:
                try:
                    shutil.copyfile(path, copy / path.relative_to(folder))
                except OSError as error:
                    raise UserError(f"{path}: can't be read ({error.strerror}); expected a file of patterns") from None
        broken: set[str] = set()
        for loader in _loaders(Patterns(copies[0], tuple(copies[1:]))):
            if broken & loader.needs or (broken and loader.file == "."):
                continue  # its findings would follow from that
            has_it = [copy for copy in copies if (copy / loader.file).exists()] or copies  # the last one is the newest
            for rejected in _find_errors(has_it[-1] / loader.file, loader.load):
                at = rejected.path or copies[0]
                number = next(number for number, copy in enumerate(copies) if at.is_relative_to(copy))
                name, reason = at.relative_to(copies[number]).as_posix(), rejected.reason
                broken |= {name, loader.file}
                for copied, original in zip(copies, patterns.layers, strict=True):
                    reason = reason.replace(str(copied), str(original))
                yield CheckProblem(str(patterns.layers[number] / name), rejected.line or 0, "error", "pattern", reason)


class _Loader(NamedTuple):
    """A loader, the file that it is about, and the files it depends on; `.` stands for all."""

    file: str
    load: Callable[[], object]
    needs: frozenset[str] = frozenset()


def _loaders(folder: Patterns) -> Iterator[_Loader]:
    labels: list[LabelTable] = []
    for path in folder.label_files():
        yield _Loader(path.relative, partial(_read_into, labels, path))
    yield _Loader(ENTITIES, lambda: read_labels(folder))
    for label in labels:
        yield _Loader(f"{ENTITIES}/{label.path.name}", partial(check_engine, label))
        if label.engine == "generic":
            yield _Loader(f"{ENTITIES}/{label.path.name}", partial(Generic, label, folder))
        if label.engine == "measurement":
            read = partial(_measurements, label, folder)
            yield _Loader(f"{ENTITIES}/{label.path.name}", read, frozenset({"analytes.csv"}))
    yield _Loader(WORDING, lambda: Wordings(folder).compile_all())
    yield _Loader("alpha_beta.csv", lambda: AlphaBetas(folder))
    yield _Loader("drug_doses.csv", lambda: read_label_doses(folder))
    yield _Loader("comparators.toml", lambda: Comparators(folder))
    yield _Loader("sections.toml", lambda: Structure(folder))
    yield _Loader("units.csv", lambda: Units(folder))
    yield _Loader("drugs.csv", lambda: Drugs(folder))
    yield _Loader("analytes.csv", lambda: Lexicon(folder, {}))
    yield _Loader("radiation_roles.toml", lambda: Roles(folder))
    yield _Loader("background.toml", lambda: Background(folder))
    yield _Loader("exceptions.toml", lambda: Exceptions(folder), frozenset({"analytes.csv"}))
    yield _Loader("confidence.toml", lambda: Rater(folder))
    yield _Loader("context.json", lambda: read_rules(folder / "context.json"))
    yield _Loader(_AGE, lambda: Ages(folder))
    yield _Loader(_FRACTIONS, lambda: Fractions(folder))
    yield _Loader(_LAB, lambda: read_lab_file(folder, read_analytes(folder)), frozenset({"analytes.csv"}))
    yield _Loader(_SCALES, lambda: Lexicon(folder, read_scales(folder)), frozenset({"analytes.csv"}))
    comparators = frozenset({"comparators.toml", _SCALES})
    yield _Loader(_SCALES, lambda: PerformanceStatus(folder, Comparators(folder)), comparators)
    yield _Loader(".", lambda: (Extractor(folder), examples(folder)))


def _measurements(label: LabelTable, folder: Patterns) -> Measurements:
    return Measurements(label, Lexicon(folder, {}), folder)


def _read_into(labels: list[LabelTable], path: File) -> None:
    labels.append(read_label(path))


def _find_errors(name: Path, load: Callable[[], object]) -> Iterator[PatternError]:
    """Iterates over the mistakes that a loader finds, while rejected rows are blanked."""
    blanked: set[int] = set()
    while True:
        try:
            load()
        except PatternError as error:
            yield error
            if error.path is None or error.path.suffix != ".csv" or error.line is None or error.line in blanked:
                return
            if not _blank(error.path, error.line):
                return
            blanked.add(error.line)
        except Exception as error:  # a file with a structure that its loader does not expect
            what = f"can't be loaded ({type(error).__name__}: {error})"
            yield PatternError(f"{name}: {what}", name, None, what)
            return
        else:
            return


def _blank(path: Path, line: int) -> bool:
    """Blanks a row of a table; False for its header, without which nothing can be read."""
    lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    header = next(n for n, text in enumerate(lines, start=1) if text.strip() and not text.startswith("#"))
    if line == header:
        return False
    lines[line - 1] = ""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
    return True


def _check_rule_ids(patterns: Patterns) -> Iterator[CheckProblem]:
    """Iterates over ids that two rules share: the column `rule` would name both."""
    seen: Counter[str] = Counter()
    for path in patterns.label_files():
        try:
            label = read_label(path)
        except Exception:
            continue  # `_find_rejected` reports it
        for index, rule in enumerate(label.rules):
            seen[rule.id] += 1
            if seen[rule.id] > 1:
                yield _problem(Where(path, ("rule", index)), "rule-twice", f"another rule has the id {rule.id!r}")


def _find_unused(readers: Readers) -> Iterator[CheckProblem]:
    """Iterates over wordings that no reader asks for: most likely their id is misspelt."""
    patterns = readers.extractor.patterns  # all labels have asked for theirs by now,
    read_wordings(readers.asserting.patterns)  # and ConText for its own
    read_explanation_words(patterns)
    read_unread_words(patterns)
    read_course_words(patterns)
    read_rater(patterns)
    read_derivation(patterns)
    for where in read_wordings(patterns).unused:
        yield _problem(where, "wording-unused", f"nothing uses {where.name}")
