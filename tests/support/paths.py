"""Where the checkout and the shared corpora lie."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shared_folder() -> Path:
    """The folder of annotated corpora: TRIALSIFT_CORPORA, else `shared/corpora` beside the checkout."""
    stated = os.environ.get("TRIALSIFT_CORPORA")
    return Path(stated) if stated else ROOT.parent / "shared" / "corpora"
