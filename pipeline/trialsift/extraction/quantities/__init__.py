"""Numbers, units, comparators: from characters to an interval with a UCUM unit.

Read trie.py (many literals, one expression), numbers.py (surface to value), units.py (surface to UCUM and kind),
comparators.py (surface to operator), then quantities.py, which puts them together. ucum.py converts.
"""
