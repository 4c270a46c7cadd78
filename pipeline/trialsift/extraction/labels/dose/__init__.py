"""DOSE and FRACTIONS: doses of radiation and of drugs, and numbers of fractions.

In: a passage. Out: facts with these labels; regimens are made of them later (extraction/regimens.py). Two engines:

    radiotherapy.py   radiation: radiation_role.py gives the role of a dose, fractions.py reads counts
    drugs.py          drugs: agents.py finds the drug that a dose is of
    elision.py        numbers that share a unit, for both
"""
