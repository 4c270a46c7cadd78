"""The English of `load()`: spaCy's own, but for a text that is remembered while the components of its Doc run."""

from spacy import tokenizer
from spacy.lang.en import English
from spacy.tokens import Doc

from trialsift.spacy_pipeline.doc_text import remember


class RememberingEnglish(English):  # type: ignore[no-untyped-call]
    """spaCy's blank English. Components that ask `doc_text.text_of` for the text of the last Doc get what was given
    in; saved and loaded again it is plain English, where they put the text together from the tokens."""

    def make_doc(self, text: str) -> Doc:
        """As spaCy does."""
        doc = super().make_doc(text)
        if type(self.tokenizer) is tokenizer.Tokenizer:  # which leaves every character as it is; another one need not
            remember(doc, text)
        return doc
