"""Numbers, units, comparators: from characters to an interval with a UCUM unit.

In: the tokens of a passage. Out: quantities, each with the pieces that it was read from. Read in this order:

    numbers.py       a surface → its value
    units.py         a surface → UCUM code and kind
    comparators.py   a surface → an operator
    parts.py         tokens and quantities
    reader.py        puts them together; joints.py: what may stand between them
    omitted.py       what a quantity leaves out because its neighbour says it
"""
