"""Makes text cells that a spreadsheet program shows as text and never runs as formulas.

Trial documents are untrusted text: Excel or LibreOffice would evaluate a cell such as `=HYPERLINK(…)` or `-2+3` when it
opens the CSV. The remedy, a leading apostrophe, is the one on OWASP's page on CSV injection.
"""

from __future__ import annotations

#: First characters with which a spreadsheet program takes a cell for a formula, or that it skips.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
#: Precedes a text that is dangerous, or begins with the mark itself.
MARK = "'"


def make_safe(cell: str) -> str:
    """Prefixes a cell with an apostrophe if it could be taken for a formula.

    Text that begins with an apostrophe gets another one, so that `restore` is exact.
    """
    return MARK + cell if cell.startswith((*DANGEROUS, MARK)) else cell


def restore(cell: str) -> str:
    """Undoes `make_safe`: `restore(make_safe(x)) == x` for every x."""
    return cell[1:] if cell.startswith(MARK) else cell
