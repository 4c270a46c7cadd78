"""spaCy components (being written)."""
from typing import Any

from spacy.language import Language

DISPLACY_COLORS: dict[str, str] = {}


@Language.factory("trialsift")
class TrialsiftComponent:
    def __init__(self, nlp: Any, name: str) -> None: ...


@Language.factory("trialsift_context")
class ContextComponent:
    def __init__(self, nlp: Any, name: str) -> None: ...
