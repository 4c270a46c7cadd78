"""Pages to look at: each one HTML file that holds all it needs, opens from disk and fetches nothing.

    page.py        a template with its styles and scripts as one file; what a browser may do with it
    passages.py    a piece of a text with its highlights
    report.py      `report.html` of an evaluation
    markdown.py    `report.md`, the same for a pull request
    view.py        `view.html`: documents, their facts and structure
    templates/     Jinja templates, styles, scripts

All text of documents is escaped by Jinja, or by the browser (`textContent`) where a script writes it. Numbers of the
report are read from the same object that `scores.json` is written from.
"""

#: Documents in a view unless more are asked for: a page of a few ten thousand would open too slowly to be of use.
MOST_SHOWN = 5000
