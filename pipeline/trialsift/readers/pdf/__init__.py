"""PDF: the text layer of a document in, its running text out.

pages.py reads the lines of each page with their places; lines.py drops page furniture and rejoins wrapped lines.
"""
