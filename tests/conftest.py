"""Fixtures for all tests, which of them are quick, and how they are shared out between processes (`-n`)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.support.paths import shared_folder

if TYPE_CHECKING:
    from spacy.language import Language

    from trialsift.extraction.extractor import Extractor

#: The packages whose tests are quick, but for those that are marked as slow.
QUICK = ("evaluation", "extraction", "model", "rules", "tables")
#: Folders whose tests are run by one process: all need one browser, one cluster.
TOGETHER = ("reports/browser", "runs/dask")
TESTS = Path(__file__).parent
# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("trialsift", deadline=None)
settings.load_profile("trialsift")
# The rules are some thousand expressions, which many tests compile again; `re` keeps 512 of them.
re._MAXCACHE = 50_000  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of annotated corpora (see `shared_folder`), else a skip."""
    folder = shared_folder()
    if not folder.is_dir():
        pytest.skip(f"{folder}: no such folder of corpora; set TRIALSIFT_CORPORA to run this test")
    return folder


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    """With the labels that are on by default."""
    from tests.support.extractors import shared_extractor

    return shared_extractor()


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The pipeline of `trialsift.load()`, which takes long to make and which no test changes."""
    import trialsift

    return trialsift.load()


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With `-n`, the tests of a group run in one process, in their order."""
    if config.getoption("numprocesses", None) and config.getoption("dist") == "no":
        config.option.dist = "loadgroup"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n`, quick tests are given out by the dozen."""
    from tests.support.scheduling import Scheduling

    return Scheduling(config, log, QUICK) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: a process for each processor that may be used, at most eight: each takes about a gigabyte."""
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m quick`, modules that hold no quick test are not imported."""
    within = collection_path.relative_to(TESTS).parts if collection_path.is_relative_to(TESTS) else ()
    return True if config.getoption("markexpr") == "quick" and within and within[0] not in QUICK else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what is quick, and groups what shares a fixture, so that no process makes one that another has made."""
    for item in items:
        path = item.path.relative_to(TESTS)
        if path.parts[0] in QUICK and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)
        group = next((folder for folder in TOGETHER if path.is_relative_to(folder)), None)
        if group is None and _has_fixture_of_its_module(item):
            group = path.as_posix()
        if group is not None and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(group))


def _has_fixture_of_its_module(item: pytest.Item) -> bool:
    """Whether a test needs a fixture that is made once a module."""
    definitions = item.session._fixturemanager
    return any(
        found[-1].scope == "module"
        for name in getattr(item, "fixturenames", ())
        if (found := definitions.getfixturedefs(name, item))
    )
