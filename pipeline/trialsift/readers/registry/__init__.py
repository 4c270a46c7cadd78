"""Registry records: one module per format, one text per trial.

Start with record.py: the fields of a record, and how its text is composed.

    ctgov_json.py, ctgov_xml.py, aact.py   ClinicalTrials.gov
    ictrp.py, ictrp_upload.py              the WHO's portal over all primary registries, and what registries send to it
    euctr.py, euctr_json.py, ctis.py       the registers of the EU
    isrctn.py                              ISRCTN
    ctgov_v1.py, cancergov.py              ClinicalTrials.gov's former API; cancer.gov
    pubmed.py, jats.py, bioc.py, prose.py  papers; the text of their elements
    json_files.py, shapes.py, nested.py    JSON: which record an object is; fields whose shape varies
    xml_records.py, elements.py            XML: many records one by one; the text of an element
    ids.py, values.py                      numbers of trials; ages, sex, dates, counts
"""
