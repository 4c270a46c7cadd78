"""Records of registries: a module for each format in, one text for each trial out.

record.py comes first: what a record holds, and how its text is composed. ctgov_json.py, ctgov_xml.py and aact.py read
the three forms of ClinicalTrials.gov's records.
"""
