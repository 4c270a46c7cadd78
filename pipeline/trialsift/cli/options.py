"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PatternsOption = Annotated[
    Path | None,
    typer.Option(
        "--patterns",
        metavar="DIR",
        show_default=False,
        help="Folder of rules and lexicons in place of the built-in one.",
    ),
]
