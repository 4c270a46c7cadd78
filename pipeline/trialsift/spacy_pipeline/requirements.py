"""What a pipeline with a component of trialsift needs, for the `meta.json` that `spacy package` reads.

spaCy looks for the distributions of a pipeline's factories by itself, but by a file that only setuptools writes.
"""

# No `from __future__ import annotations`: spaCy imports this with every pipeline, and it is short.
from spacy import util
from spacy.language import Language

from trialsift.model.version import __version__

NAME = "trialsift"


def require_trialsift(nlp: Language) -> None:
    """Puts this minor version of trialsift among the requirements of a pipeline, unless it names one already."""
    requirements: list[str] = nlp.meta.setdefault("requirements", [])
    if NAME not in (util.split_requirement(requirement)[0] for requirement in requirements):
        requirements.append(f"{NAME}{util.get_minor_version_range(__version__)}")
