"""Plain data, and what is known without a document: imports nothing else of the package.

    fact.py           `Fact`, `Regimen`, `Annotation`: what is read in a text, the contract between all packages
    interval.py       `Interval`: the bounds of a value
    document.py       `Document`: a text, its parts, what a registry states; what readers give
    prescription.py   n × d = D: the numbers of a radiotherapy prescription
    scales.py         ECOG, KPS, Lansky: which scores each has
    listed_values.py  attributes whose values the annotation guidelines list
    ucum.py           which units convert, and by what factor; unit_codes.py: the UCUM code of a unit as written
    display.py        values and regimens in words
    errors.py         `UserError`, which a command shows without a traceback; extras.py: what to install
    atomic_write.py   files that are replaced whole
    version.py        the version

Read fact.py first.
"""
