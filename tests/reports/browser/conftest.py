"""A real browser for the tests of this folder: Chromium without a window, driven by Playwright.

The browser is what `TRIALSIFT_BROWSER` names, and then it has to be there; else a Chromium or Chrome on the path
(Debian: `apt-get install chromium`), and where there is none the tests are skipped and say so.
Screenshots go to `outputs/screenshots/`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

SCREENSHOTS = ROOT / "outputs" / "screenshots"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser")
#: Nothing but the page; as root, which CI often is, Chromium has no sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]


def _executable() -> str:
    """The browser's path. Skips the test where there is none, fails where one is named and isn't there."""
    stated = os.environ.get("TRIALSIFT_BROWSER")
    found = next(filter(None, map(shutil.which, [stated] if stated else NAMES)), None)
    if found is None and stated:
        pytest.fail(f"TRIALSIFT_BROWSER names {stated}, which can't be run")
    if found is None:
        pytest.skip("no Chromium on the path; install it (Debian: apt-get install chromium), or set TRIALSIFT_BROWSER")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser, started once."""
    executable = _executable()
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
    )
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Opened:
    """A page in the browser, and all that it asked for or complained of."""

    page: Any
    expected: tuple[str, ...]
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file as `open_page(path, color_scheme="dark", width=1300)`, and gives Playwright's page.

    After the test: no page may have asked for anything but its own file, nor have written to the console anything but
    what `expected` names, and that it must.
    """
    opened: list[tuple[Path, Opened]] = []

    def start(
        path: Path,
        width: int = 1300,
        height: int = 900,
        fragment: str = "",
        expected: Sequence[str] = (),
        **options: Any,
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        one = Opened(context.new_page(), tuple(expected))
        opened.append((path, one))
        one.page.on("request", lambda request: one.requests.append(request.url.partition("#")[0]))
        one.page.on("console", lambda message: one.complaints.append(f"{message.type}: {message.text}"))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.goto(path.as_uri() + fragment)
        return one.page

    yield start
    for path, one in opened:
        assert set(one.requests) == {path.as_uri()}
        assert len(one.complaints) == len(one.expected), one.complaints
        assert all(said in complaint for said, complaint in zip(one.expected, one.complaints, strict=True))
        one.page.context.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder for pictures to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS
