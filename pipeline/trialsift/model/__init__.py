"""Plain data and general knowledge; imports nothing else of the package.

    fact.py           `Fact`, `Regimen`, `Annotation`: the results of reading a text, shared by all packages
    interval.py       `Interval`: the bounds of a value
    document.py       `Document`: a text, its parts and registry fields, as readers return it
    prescription.py   n × d = D: the numbers of a radiotherapy prescription
    scales.py         the scores of ECOG, KPS and Lansky
    alternatives.py   facts of which a participant need not meet all
    listed_values.py  attributes whose values the annotation guidelines list
    ucum.py           which units convert, and by what factor; unit_codes.py: the UCUM code of a unit as written
    display.py        values and regimens in words
    errors.py         `UserError`, which a command shows without a traceback; extras.py: what to install
    atomic_write.py   replaces files as a whole
    memory.py         functions that remember what they returned, within bounds
    version.py        the version

Read fact.py first.
"""
