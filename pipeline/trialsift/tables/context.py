"""Makes the column `context`: a line or sentence without the mark of its item."""

from __future__ import annotations

import re

#: The mark that opens an item of a list. A dash that is the sign of a number is none; numbers and letters of items
#: stay, since people cite criteria by them.
_MARKS = re.compile(r"(?:(?:[-–—](?!\d)|[•·‣▪◦●○■□➢✓❖►∙⦁▫♦]|\*(?!\*)|o(?=\s))\s*)+(?=\S)")


def make_context(text: str, start: int, end: int) -> str:
    """Returns a range of the text without the mark of its item, white space collapsed."""
    line = " ".join(text[start:end].split())
    mark = _MARKS.match(line)
    return line if mark is None else line[mark.end() :]
