"""trialsift reads trial documents and writes down what they say in numbers.

`extract(texts)` gives tables of facts, `read_run(folder)` those that a run has written, `load()` a spaCy pipeline
that finds them.

Read in this order: facts.py (what comes out), extraction.py (how a text becomes facts), then the folders
quantity/ (numbers, comparators, units), sections.py (criterion lines), entities/ (one module a label with a
syntax of its own), regimens.py, context.py; component.py, doc_annotation.py, scorer.py and pipeline.py are the
spaCy side, cli/ the commands, evaluation/ the score.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline import extract, load
    from .run_results import read_run

__version__ = "0.1.0"
__all__ = ["__version__", "extract", "load", "read_run"]

_MODULES = {"extract": "pipeline", "load": "pipeline", "read_run": "run_results"}


if not TYPE_CHECKING:  # else a type checker would take every name for one of ours

    def __getattr__(name: str) -> Any:
        """The functions, imported when asked for: `import trialsift` imports neither spaCy nor pandas."""
        if name in _MODULES:
            return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
