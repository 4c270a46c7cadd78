"""Registry records: one module per format, one text per trial.

Start with record.py: the fields of a record, and how its text is composed. ctgov_json.py, ctgov_xml.py and aact.py read
the three formats of ClinicalTrials.gov.
"""
