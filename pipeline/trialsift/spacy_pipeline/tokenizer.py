"""What `load()` changes of spaCy's English tokenizer: nothing that a Doc shows, and a good part of its time."""

# No `from __future__ import annotations`: spaCy imports this with every pipeline, and it is short.
from collections.abc import Callable

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.util import registry

QUICK_TOKENIZER = "trialsift.quick_tokenizer.v1"
_PLAIN_SPACE = frozenset("\t\n ")


@registry.callbacks(QUICK_TOKENIZER)  # type: ignore[untyped-decorator]
def make_quick_tokenizer() -> Callable[[Language], Language]:
    """For `nlp.after_creation` of a config: takes the special cases of plain white space out of the tokenizer.

    Such a token is the same without them, and spaCy (3.7, 3.8) stops caching words at the first special case of a text.
    """

    def quicken(nlp: Language) -> Language:
        if isinstance(nlp.tokenizer, Tokenizer):
            rules = nlp.tokenizer.rules or {}
            nlp.tokenizer.rules = {text: case for text, case in rules.items() if text not in _PLAIN_SPACE}
        return nlp

    return quicken
