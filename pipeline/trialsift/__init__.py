"""trialsift reads trial documents and writes down what they say in numbers.

Read in this order: facts.py (what comes out), extraction.py (how a text becomes facts), then the folders
quantity/ (numbers, comparators, units), sections.py (criterion lines), entities/ (one module a label with a
syntax of its own), regimens.py, context.py; component.py and pipeline.py are the spaCy side, cli/ the commands,
evaluation/ the score.
"""

__version__ = "0.1.0"
