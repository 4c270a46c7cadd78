"""`trialsift review`: what came out of a run, ordered by doubt, a page to settle it, and what was settled applied.

doubts.py      the reasons to doubt a fact, and how much each weighs
queue.py       a run → `Item`s, the most doubtful first
readings.py    what else our parser reads at a place; a value that somebody typed → interval and unit
page.py        items → data of the page (reports/review.py renders it)
write.py       the list and the page as files
decisions.py   a file of decisions → `Decision`s, or what is wrong with which line
change.py      a document and its decisions → the corrected document
apply.py       a run and its decisions → a corrected run, and gold
"""
