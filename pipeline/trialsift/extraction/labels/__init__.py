"""What numbers are about: one module for each label with a syntax of its own, one generic engine for the rest.

Every engine takes a `Passage` (one criterion line or sentence with its tokens and quantities) and gives facts; it
claims the quantities that it used, so that none is read twice. registry.py finds the labels in `patterns/entities/`.
"""
