"""The wordings that the constructs are made of, read from wordings/*.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("wordings")


@cache
def read_wordings(name: str) -> dict[str, Any]:
    """Reads one file of wordings, by its name without suffix."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
