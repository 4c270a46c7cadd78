"""`trialsift extract`: documents in, a folder of results out, in one process or several, resumable at any moment.

In: paths and options. Out: a `Summary`, and the folder. run.py comes first and has the map.
"""
