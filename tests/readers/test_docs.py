"""What the documentation of inputs says of codes, endings and limits is what the package does."""

import re

import pytest

from tests.support.paths import ROOT
from trialsift.readers import CODES, ReadOptions
from trialsift.readers.find import ENDINGS

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def documented() -> str:
    """The page on inputs that tells of failures."""
    [page] = [path for path in DOCS.glob("inputs*.md") if "| `internal` |" in path.read_text(encoding="utf-8")]
    return page.read_text(encoding="utf-8")


def test_codes(documented: str) -> None:
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", documented.split("\n## Failures\n")[1], re.MULTILINE)) == CODES


def test_endings(documented: str) -> None:
    assert {ending for ending in ENDINGS if f"`{ending}`" not in documented} == set()


@pytest.mark.parametrize(
    ("option", "limit"),
    [
        ("--max-document-mb", ReadOptions().max_document),
        ("--max-file-mb", ReadOptions().max_file),
        ("--max-expanded-mb", ReadOptions().max_expanded),
    ],
)
def test_limits(documented: str, option: str, limit: int) -> None:
    assert f"| `{option}` | {limit // 1_000_000:,} |" in documented
