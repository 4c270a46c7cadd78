"""Plain text: bytes in, characters out.

text.py reads a file. encodings.py decodes it, and is what other readers use too; detection.py tells an encoding that
nobody states, by what lettering.py takes for writing.
"""
