"""Text cells that a spreadsheet program shows as text and never runs as a formula.

Trial documents are other people's text: a cell such as `=HYPERLINK(…)` or `-2+3` would be evaluated on opening the
CSV in Excel or LibreOffice. The remedy is the one that OWASP's page on CSV injection gives: a leading apostrophe.
"""

from __future__ import annotations

#: First characters that make a spreadsheet program take a cell for a formula, or skip to what follows them.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
#: Goes before a text that is dangerous, or that begins with it.
MARK = "'"


def make_safe(cell: str) -> str:
    """`cell` with one apostrophe before it if it could be taken for a formula, else as it is.

    Text that begins with an apostrophe gets another, so that `restore` is exact.
    """
    return MARK + cell if cell.startswith((*DANGEROUS, MARK)) else cell


def restore(cell: str) -> str:
    """The text that `make_safe` was given: `restore(make_safe(x)) == x` for every x."""
    return cell[1:] if cell.startswith(MARK) else cell
