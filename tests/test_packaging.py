"""What gets installed, and what must not."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, entry_points, version
from pathlib import Path

import pytest

import trialsift
from trialsift.rules.files import patterns_dir

PACKAGE = Path(trialsift.__file__).parent
ROOT = Path(__file__).parents[1]
#: The one function that may take more than `test_functions_are_small` allows: its parameters are settings of spaCy's.
LONG = {"spacy_pipeline/component.py": {"__init__"}}
#: A limit to think about before it is raised.
MOST_LINES = 52_000
Function = ast.FunctionDef | ast.AsyncFunctionDef


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=120)


def test_the_version_is_that_of_the_metadata() -> None:
    assert trialsift.__version__ == version("trialsift")


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("spacy_factories", {"trialsift", "trialsift_context"}),
        ("spacy_scorers", {"trialsift.scorer.v1"}),
        ("spacy_callbacks", {"trialsift.quick_tokenizer.v1"}),
        ("spacy_displacy_colors", {"trialsift_colors"}),
        ("console_scripts", {"trialsift"}),
    ],
)
def test_entry_points_load(group: str, names: set[str]) -> None:
    ours = [point for point in distribution("trialsift").entry_points if point.group == group]
    assert {point.name for point in ours} == names
    for point in ours:
        assert point.load() is not None


def test_only_one_distribution_has_our_factories() -> None:
    assert [point.value for point in entry_points(group="spacy_factories", name="trialsift")] == [
        "trialsift.spacy_pipeline.component:TrialsiftComponent"
    ]


def test_the_patterns_are_found() -> None:
    folder = patterns_dir()
    assert (folder / "analytes.csv").is_file()
    assert (folder / "entities" / "lab.toml").is_file()


@pytest.mark.parametrize("name", ["pipeline", "patterns"])
def test_the_folders_of_the_checkout_are_no_modules(tmp_path: Path, name: str) -> None:
    code = f"import importlib.util as u; print(u.find_spec('trialsift') is not None, u.find_spec({name!r}))"
    assert run(sys.executable, "-I", "-c", code, cwd=tmp_path).stdout == "True None\n"


def test_a_script_called_pipeline_is_left_alone(tmp_path: Path) -> None:
    """spaCy imports every factory that is installed; ours must not pick up a module of the user's."""
    for name in ("pipeline", "patterns", "context", "facts"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    done = run(sys.executable, "-c", "import spacy; spacy.blank('en').add_pipe('trialsift'); print('ok')", cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("ok\n", 0), done.stderr


@pytest.mark.parametrize(
    "command",
    [
        pytest.param([Path(sys.executable).with_name("trialsift")], id="command"),
        pytest.param([sys.executable, "-m", "trialsift"], id="module"),
    ],
)
def test_version_option(tmp_path: Path, command: list[str | Path]) -> None:
    done = run(*command, "--version", cwd=tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (f"trialsift {trialsift.__version__}\n", "", 0)


def test_the_folders_of_the_package_are_few() -> None:
    names = {path.name for path in PACKAGE.iterdir()} - {"__pycache__", "py.typed", "patterns"}
    assert len(names) <= 14, sorted(names)


def functions(path: Path) -> Iterator[Function]:
    """The functions of a module, but for the commands of the command line, whose parameters are its options."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function) and not (path.parent.name == "cli" and node.name == path.stem):
            yield node


def is_large(function: Function) -> bool:
    """More than 40 lines, or more than 7 parameters beside `self`."""
    given = function.args
    names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg) if a]
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    return lines > 40 or len([name for name in names if name not in ("self", "cls")]) > 7


def test_functions_are_small() -> None:
    large: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if names := {function.name for function in functions(path) if is_large(function)}:
            large[path.relative_to(PACKAGE).as_posix()] = names
    added = {path: names - LONG.get(path, set()) for path, names in large.items()}
    assert {path: names for path, names in added.items() if names} == {}, "split these by meaning"


def test_the_package_does_not_grow_unnoticed() -> None:
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in PACKAGE.rglob("*.py"))
    assert lines <= MOST_LINES


def test_what_is_cited_is_this_version() -> None:
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {trialsift.__version__}\n" in cited


def test_the_image_has_all_that_reads_and_writes() -> None:
    wanted = re.search(r"'\.\[([\w,]+)\]'", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    extras = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    )
    assert wanted is not None
    assert set(wanted[1].split(",")) == extras - {"dask", "docs", "dev", "all"}


def test_all_has_each_extra_for_users_and_dev_has_all() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.fullmatch(r"trialsift\[([\w,]+)\]", extras["all"][0])
    assert named is not None
    assert set(named[1].split(",")) == set(extras) - {"all", "docs", "dev"}
    assert "trialsift[all,docs]" in extras["dev"]
