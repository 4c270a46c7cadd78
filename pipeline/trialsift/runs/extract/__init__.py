"""`trialsift extract`: documents in, a folder of results out, in one or several processes, resumable at any time.

In: paths and options. Out: a `Summary`, and the folder. Start with run.py, which has the map.
"""
