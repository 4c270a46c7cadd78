"""Behavioural tests of what the extractor reads: a grammar that writes criteria, and damage to given texts.

__main__.py          the command: tables of constructs and of damage
sentences.py         sentences with marks → gold documents
comparators.py, numbers.py, units.py, analytes.py, labs.py
                     the language: how things are said, independent of the extractor's own tables
registry.py          what a construct is
constructs/          the constructs, by label; counter-sentences, pairs, invariance and direction
score.py, tables.py  sentences → counts → tables
damage.py, offsets.py
                     texts with damage that changes nothing, offsets carried over
"""
