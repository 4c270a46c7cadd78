"""Adds trialsift to the requirements of a pipeline, in the `meta.json` that `spacy package` reads.

spaCy finds the distributions of a pipeline's factories itself, but only through a file that setuptools writes.
"""

# No `from __future__ import annotations`: spaCy imports this with every pipeline.
from spacy import util
from spacy.language import Language

from trialsift.model.version import __version__

NAME = "trialsift"


def require_trialsift(nlp: Language) -> None:
    """Adds this minor version of trialsift to the requirements of a pipeline, unless it has one."""
    requirements: list[str] = nlp.meta.setdefault("requirements", [])
    if NAME not in (util.split_requirement(requirement)[0] for requirement in requirements):
        requirements.append(f"{NAME}{util.get_minor_version_range(__version__)}")
