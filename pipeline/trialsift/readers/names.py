"""Which names can be shown, and so be the id of a document."""

from __future__ import annotations

import unicodedata


def is_showable(name: str) -> bool:
    """Whether a name can be a doc_id: nothing in it is invisible, breaks lines or changes the direction of writing."""
    if name.isascii() and name.isprintable():
        return bool(name.strip())
    # U+200C and U+200D are part of the spelling of some languages.
    return bool(name.strip()) and not any(
        c not in "\u200c\u200d" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name
    )
