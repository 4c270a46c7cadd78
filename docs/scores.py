"""Makes the scores of the bundled test corpus in the README. Run it after a rule has changed: python docs/scores.py"""

from __future__ import annotations

import re
from pathlib import Path

from trialsift import Extractor, annotation_record, evaluate, parse_document, read_gold

ROOT = Path(__file__).resolve().parents[1]
GOLD = "corpus/test.jsonl"
_BETWEEN_MARKS = re.compile(r"(?<=<!-- scores -->\n).*?(?=<!-- /scores -->)", re.DOTALL)


def scores_markdown() -> str:
    """Returns a table with the scores by value, those that `trialsift evaluate` gives."""
    gold, extractor = read_gold(ROOT / GOLD), Extractor()
    annotations = ((d, extractor.annotate(d.text, d.parts)) for d in gold)
    records = (annotation_record(d.doc_id, d.text, annotation) for d, annotation in annotations)
    scores = evaluate(gold, [parse_document(record, record["doc_id"]) for record in records])
    value = scores.micro.value
    rates = (value.precision, value.recall, value.f1, scores.regimens.f1)
    return (
        "| corpus | documents | P | R | value F1 | regimens F1 |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
        f"| `{GOLD}` | {len(gold)} | {' | '.join(f'{rate:.3f}' for rate in rates)} |\n"
    )


def with_scores(document: str) -> str:
    """Returns the document with the scores between its marks made anew. Raises ValueError for one without the marks."""
    document, count = _BETWEEN_MARKS.subn(scores_markdown(), document)
    if count != 1:
        raise ValueError("expected `<!-- scores -->` and `<!-- /scores -->`, once each")
    return document


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(with_scores(readme.read_text(encoding="utf-8")), encoding="utf-8")
