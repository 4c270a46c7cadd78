"""Plain text: bytes in, characters out.

text.py reads a file. encodings.py decodes it, also for other readers. detection.py detects an unstated encoding, with
lettering.py as its judge of what is writing.
"""
