"""LAB: thresholds on laboratory tests.

In: a passage. Out: facts with the label LAB. engine.py comes first: names.py tells which tests a threshold is on,
units.py whether its unit fits them, threshold.py what it states, and condition.py in which case it holds.
"""
