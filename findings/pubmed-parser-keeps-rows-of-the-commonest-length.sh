#!/usr/bin/env bash
# pubmed_parser: parse_pubmed_table() counts the <td> cells of each row, and returns only the rows that have as many as
# most rows have. Where cells reach down over several rows (rowspan), these are the rows without them: of a table of two
# organs with three limits each, only the second and third limits come back, without the organ, and with the full list
# of headings. Names of rows written as <th> are missing too. The docstring names no such limit.
#
# Dose constraints are tabled this way. The limits that are returned belong to no organ, the first ones are gone.
#
# Seen with pubmed-parser 0.5.1 on Python 3.11:
#   plain: ['Organ', 'Limit'] [['Cord', 'Dmax 45 Gy'], ['Lung', 'V20 35%']]
#   rowspan: ['Organ', 'Limit'] [['V30 20%'], ['Mean 20 Gy'], ['V60 10%'], ['Mean 26 Gy']]
#   row names: ['Organ', 'Limit'] [['Dmax 45 Gy'], ['V20 35%']]
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pubmed-parser==0.5.1 >log 2>&1 || { cat log >&2; exit 1; }
cat >tables.py <<'PYTHON'
import sys
from pathlib import Path

import pubmed_parser

ARTICLE = """<article article-type="research-article"><front><article-meta>
<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="pmc">PMC1</article-id>
<title-group><article-title>Limits of dose</article-title></title-group></article-meta></front>
<body><sec id="s1"><title>Methods</title><table-wrap id="t1"><label>Table 1</label><caption><p>Limits</p></caption>
<table><thead><tr><th>Organ</th><th>Limit</th></tr></thead><tbody>{rows}</tbody></table></table-wrap></sec>
</body></article>"""
TABLES = {
    "plain": "<tr><td>Cord</td><td>Dmax 45 Gy</td></tr><tr><td>Lung</td><td>V20 35%</td></tr>",
    "rowspan": '<tr><td rowspan="3">Lung</td><td>V20 35%</td></tr><tr><td>V30 20%</td></tr><tr><td>Mean 20 Gy</td></tr>'
    '<tr><td rowspan="3">Heart</td><td>V40 30%</td></tr><tr><td>V60 10%</td></tr><tr><td>Mean 26 Gy</td></tr>',
    "row names": "<tr><th>Cord</th><td>Dmax 45 Gy</td></tr><tr><th>Lung</th><td>V20 35%</td></tr>",
}
SEEN = {
    "plain": [["Cord", "Dmax 45 Gy"], ["Lung", "V20 35%"]],
    "rowspan": [["V30 20%"], ["Mean 20 Gy"], ["V60 10%"], ["Mean 26 Gy"]],
    "row names": [["Dmax 45 Gy"], ["V20 35%"]],
}
found = {}
for name, rows in TABLES.items():
    Path("article.xml").write_text(ARTICLE.format(rows=rows), encoding="utf-8")
    (table,) = pubmed_parser.parse_pubmed_table("article.xml", return_xml=False)
    found[name] = table["table_values"]
    print(f"{name}:", table["table_columns"], table["table_values"])
if found != SEEN:
    sys.exit("this has changed")
PYTHON
env/bin/python -I tables.py
