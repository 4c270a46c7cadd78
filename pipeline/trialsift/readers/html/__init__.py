"""Web pages: HTML in, the text that a reader of the page would see out.

page.py comes first: tree.py parses a page and removes what surrounds its text, lines.py makes lines of the rest.
"""
