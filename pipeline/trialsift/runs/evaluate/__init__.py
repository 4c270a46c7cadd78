"""`trialsift evaluate`: gold and predictions in, the folder of an evaluation out.

run.py reads the files and scores them (evaluation/); write.py writes scores, errors and reports (reports/).
"""
