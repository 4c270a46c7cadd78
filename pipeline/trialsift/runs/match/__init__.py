"""Patients against the trials of a run: who is not eligible, who is so far, and what would decide.

In: the tables `criteria` and `trials`, and what is known of each patient. Out: a row for each patient and trial.

    patient.py    what is known of one patient, checked
    read.py       patients from files, frames and mappings
    values.py     a patient's value in the unit of a limit: UCUM, molar mass, normal limits, ECOG and KPS
    formula.py    the criteria of all trials as arrays
    judge.py      met, not met or unknown, for one patient and all trials at once
    judgements.py the criteria one by one: the state of each, and why
    match.py      `match_patients`, `judge_criteria`
    write.py      tables, a workbook, a DuckDB file; the page is in reports/matches.py

Three values everywhere: unknown is never taken for not met. None of this is a medical device.
"""
