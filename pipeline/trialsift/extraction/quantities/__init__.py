"""Numbers, units and comparators: from characters to an interval with a UCUM unit.

In: the tokens of a passage. Out: quantities, each with the pieces of text it was read from. Read in this order:

    numbers.py       a surface → its value
    units.py         a surface → UCUM code and kind; unit_forms.py: how atoms are joined, unit_kinds.py: what they make
    comparators.py   a surface → an operator; templates.py: phrases put together from words
    parts.py         tokens, quantities, and numbers with their units
    ranges.py        quantities with two ends
    reader.py        assembles quantities; joints.py: what may stand between their parts
    omitted.py       fills in what a neighbouring quantity states
"""
