"""Radiotherapy prescriptions: which doses and numbers of fractions belong together, and what n × d = D adds.

In: a text with its DOSE and FRACTIONS facts and the sentence of each. Out: regimens, doses in Gy.

    grouping.py     the facts of a sentence, in order: which belong to one prescription
    sharing.py      what prescriptions share: fractions of alternatives, a dose per fraction that is stated apart
    arithmetic.py   whether n, d and D agree, and what two of them tell of the third
    prescription.py the facts of one prescription, while they are put together
    wording.py      the words that join, separate or rule out (patterns/wording/regimens.toml)
"""

from trialsift.extraction.regimens.grouping import find_boosts, group_regimens
from trialsift.extraction.regimens.wording import RegimenWords

__all__ = ["RegimenWords", "find_boosts", "group_regimens"]
