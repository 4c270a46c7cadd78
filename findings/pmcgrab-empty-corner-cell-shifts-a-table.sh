#!/usr/bin/env bash
# pmcgrab: an article's table whose first heading is empty, as that above the row names mostly is, loses this column
# from `columns`, but not from the rows. Each value is then filed under its neighbour's heading: the row names under arm
# A, the doses of arm A under arm B, and those of arm B are gone. Of two columns with the same heading only the second
# one is kept. No warning is given, and the documentation in the package names no such limit of tables.
#
# Who extracts doses from trial reports this way gets a full table with each arm's numbers under another arm's name.
#
# Seen with pmcgrab 3.0.1 on Python 3.11, default output of process_single_local_xml:
#   empty corner: {'Arm A': 'Dose', 'Arm B': '60 Gy'} {'Arm A': 'Fractions', 'Arm B': '30'}
#   named corner: {'Item': 'Dose', 'Arm A': '60 Gy', 'Arm B': '40 Gy'} {'Item': 'Fractions', …}
#   equal headings: {'Organ': 'Cord', 'Gy': '50'}
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pmcgrab==3.0.1 >log 2>&1 || { cat log >&2; exit 1; }
cat >tables.py <<'PYTHON'
import sys
from pathlib import Path

from pmcgrab import process_single_local_xml

ARTICLE = """<article article-type="research-article"><front><journal-meta><journal-title-group>
<journal-title>Journal</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmc">PMC1</article-id><title-group><article-title>Two schedules</article-title></title-group>
<pub-date pub-type="epub"><day>1</day><month>2</month><year>2026</year></pub-date>
<abstract><p>Two schedules were compared.</p></abstract></article-meta></front>
<body><sec id="s1"><title>Methods</title><p>See the table.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Treatment</p></caption>
<table><thead>{head}</thead><tbody>{body}</tbody></table></table-wrap></sec></body></article>"""
ARMS = "<tr><td>Dose</td><td>60 Gy</td><td>40 Gy</td></tr><tr><td>Fractions</td><td>30</td><td>15</td></tr>"
TABLES = {
    "empty corner": ("<tr><th/><th>Arm A</th><th>Arm B</th></tr>", ARMS),
    "named corner": ("<tr><th>Item</th><th>Arm A</th><th>Arm B</th></tr>", ARMS),
    "equal headings": (
        "<tr><th>Organ</th><th>Gy</th><th>Gy</th></tr>",
        "<tr><td>Cord</td><td>45</td><td>50</td></tr>",
    ),
}
SEEN = {
    "empty corner": [{"Arm A": "Dose", "Arm B": "60 Gy"}, {"Arm A": "Fractions", "Arm B": "30"}],
    "named corner": [
        {"Item": "Dose", "Arm A": "60 Gy", "Arm B": "40 Gy"},
        {"Item": "Fractions", "Arm A": "30", "Arm B": "15"},
    ],
    "equal headings": [{"Organ": "Cord", "Gy": "50"}],
}
found = {}
for name, (head, body) in TABLES.items():
    Path("article.xml").write_text(ARTICLE.format(head=head, body=body), encoding="utf-8")
    (table,) = process_single_local_xml("article.xml")["assets"]["tables"]
    found[name] = table["rows"]
    print(f"{name}:", *table["rows"])
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I tables.py
