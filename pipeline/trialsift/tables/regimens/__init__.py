"""The distinct regimens of a document: a row for each, whatever number of times the text states it.

In: the annotation of a document, in which each statement of a prescription is a `Regimen`. Out: rows of the tables
`regimen_mentions`, a row a statement, and `regimens`, a row for each distinct regimen of an arm.

    mentions.py  a statement of a prescription: whose it is, and of which arm
    distinct.py  which statements state the same regimen
    boosts.py    a boost that the text joins to its course, and the dose of both
    schedule.py  fractions a day and a week, and the overall time
    stated.py    a BED or EQD2 that the text states
    doubts.py    what a regimen cannot well mean
    rows.py      the rows of both tables
"""

from trialsift.tables.regimens.distinct import Distinct, find_distinct
from trialsift.tables.regimens.mentions import Mention, find_mentions
from trialsift.tables.regimens.rows import RegimenMaker, RegimenRows, read_regimen_maker

__all__ = ["Distinct", "Mention", "RegimenMaker", "RegimenRows", "find_distinct", "find_mentions", "read_regimen_maker"]
