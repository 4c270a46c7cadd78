"""Renders pages: self-contained HTML files that open from disk and fetch nothing.

    page.py        renders a template with its styles and scripts as one file, with a security policy
    passages.py    cuts a passage of a text into highlighted segments
    report.py      `report.html` of an evaluation
    markdown.py    `report.md`, the same for a pull request
    view.py        `view.html`: documents, their facts and structure
    templates/     Jinja templates, styles, scripts

All text of documents is escaped, by Jinja or in scripts by the browser (`textContent`). The numbers of the report come
from the same object as `scores.json`.
"""

#: Default number of documents in a view: a page with tens of thousands opens too slowly.
MOST_SHOWN = 5000
