from __future__ import annotations
def defined_names(text, names):
    return {}
