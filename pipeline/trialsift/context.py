from __future__ import annotations
class Context:
    def __init__(self, folder): pass
    def assert_facts(self, text, found): return found
