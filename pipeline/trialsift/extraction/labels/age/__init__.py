"""AGE: limits on the age of participants.

In: a passage. Out: facts with the label AGE. engine.py comes first: candidate.py describes a quantity that may be an
age, rule.py judges it, limits.py reads the limits that it states, and scope.py tells whether they hold for the trial.
"""
