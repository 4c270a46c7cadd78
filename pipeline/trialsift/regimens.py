from __future__ import annotations
def regimens(text, facts, contexts): return ()
