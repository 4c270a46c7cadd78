"""Web pages: HTML in, the text that a reader of the page sees out.

Start with page.py. tree.py parses a page and removes what surrounds its text; lines.py turns the rest into lines.
"""
