"""Behavioural tests of what the extractor reads: a grammar that writes criteria, and damage to given texts.

__main__.py          the command: tables of constructs and of damage
wordings/            the language: what is said and how, independent of the extractor's own tables
comparators.py, numbers.py, units.py, analytes.py, labs.py
                     the same as objects from which a construct draws
sentences.py         sentences with marks → gold documents
registry.py          what a construct is
constructs/          the constructs, by label; pairs, invariance and direction, counter-sentences
score.py, tables.py  sentences → counts → tables
damage.py, offsets.py, damage_table.py
                     gold with damage that changes nothing, offsets carried over; F1 beside the undamaged
"""
