"""PDF: the text layer of a document in, its running text and chapters out.

pages.py reads the lines of each page with their places, rules.py what is drawn between them, which grids.py makes to
tables. layout.py puts it all in order: furniture.py drops running heads, tables.py writes tables by their cells,
lines.py rejoins wrapped lines. chapters.py names the parts of a protocol by its headings.
"""
