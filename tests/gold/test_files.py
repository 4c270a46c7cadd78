"""The gold format: what is read, and that every mistake names file, line and what was expected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trialsift.gold import DEFAULT_LABELS, GoldDocument, GoldError, GoldSpan, parse_document, read_gold, write_gold
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation, Fact, Regimen, annotation_record

Record = dict[str, Any]


def record(doc_id: str = "d1") -> Record:
    """A document with two spans and a regimen; the text has a character outside the basic plane."""
    text = "😀 25 fractions of 2 Gy"
    return {
        "doc_id": doc_id,
        "text": text,
        "meta": {"source": "made up"},
        "spans": [
            {
                "id": 0,
                "start": 2,
                "end": 14,
                "label": "FRACTIONS",
                "text": "25 fractions",
                "attributes": {"low": 25, "high": 25, "polarity": "none"},
            },
            {
                "id": 7,
                "start": 18,
                "end": 22,
                "label": "DOSE",
                "text": "2 Gy",
                "attributes": {"low": 2, "low_inclusive": True, "high": 2, "high_inclusive": True, "unit": "Gy"},
            },
        ],
        "regimens": [{"spans": [0, 7], "fractions": [25, 25], "dose_per_fraction": [2, None], "total_dose": None}],
    }


def write(path: Path, *records: Record) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def test_reads_spans_regimens_and_meta(tmp_path: Path) -> None:
    first, second = read_gold(write(tmp_path / "gold.jsonl", record("d1"), record("d2")))
    assert (first.doc_id, second.doc_id) == ("d1", "d2")
    assert [s.text for s in first.spans] == ["25 fractions", "2 Gy"]
    assert first.spans[1].attributes["unit"] == "Gy"
    assert first.regimens == (Regimen((0, 7), (25, 25), (2, None), None),)
    assert first.meta == {"source": "made up"}


def test_what_is_scored_is_read_from_meta() -> None:
    def scored(**meta: Any) -> tuple[tuple[str, ...], bool, bool]:
        document = parse_document({**record(), "meta": meta}, "x:1")
        return document.scored_labels, document.scores_values, document.scores_context

    assert scored() == (DEFAULT_LABELS, True, True)
    assert scored(labels=["LAB"], complete_attributes=True) == (("LAB",), True, True)
    assert scored(labels=[]) == ((), True, True)
    assert scored(complete_attributes=False) == (DEFAULT_LABELS, False, False)
    assert scored(complete_attributes="value_without_role") == (DEFAULT_LABELS, True, False)


def test_line_separators_blank_lines_and_byte_order_mark_are_no_problem(tmp_path: Path) -> None:
    one = {"doc_id": "d", "text": "a\u2028b\u0085c", "spans": []}
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + json.dumps(one, ensure_ascii=False).encode() + b"\r\n\n")
    assert [d.text for d in read_gold(path)] == ["a\u2028b\u0085c"]


def test_an_empty_file_has_no_documents(tmp_path: Path) -> None:
    assert read_gold(write(tmp_path / "gold.jsonl")) == []


def test_writing_is_the_inverse_of_reading(tmp_path: Path, shared_corpora: Path) -> None:
    for source in sorted(shared_corpora.glob("*.jsonl")):
        copy = tmp_path / source.name
        write_gold(copy, read_gold(source))
        originals = [json.loads(line) for line in source.read_text(encoding="utf-8").split("\n") if line]
        copies = [json.loads(line) for line in copy.read_text(encoding="utf-8").split("\n") if line]
        assert copies == [{"regimens": []} | original for original in originals]  # without the key there are none


def test_unknown_keys_and_rules_survive(tmp_path: Path) -> None:
    odd = record() | {"links": [[0, 7]]}
    odd["spans"][0] |= {"rule": "fractions.word", "annotator": "A"}
    source = write(tmp_path / "a.jsonl", odd)
    write_gold(tmp_path / "b.jsonl", read_gold(source))
    assert json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8")) == odd
    assert read_gold(source)[0].spans[0].rule == "fractions.word"


def test_writing_overwrites_only_when_told_to(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", record())
    with pytest.raises(GoldError, match="exists already"):
        write_gold(path, [])
    write_gold(path, [], overwrite=True)
    assert path.read_text(encoding="utf-8") == ""


def test_an_extracted_annotation_is_in_the_format() -> None:
    annotation = Annotation((Fact("AGE", 0, 4, "≥ 18", "age.limit", {"low": 18, "unit": "a"}),))
    document = parse_document(annotation_record("d", "≥ 18 years", annotation), "x:1")
    assert document.spans[0].rule == "age.limit"


def change(path: str, value: Any) -> Callable[[Record], None]:
    """Sets `spans.0.low` and the like."""

    def apply(target: Any) -> None:
        *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        for key in parents:
            target = target[key]
        target[last] = value

    return apply


def drop(path: str) -> Callable[[Record], None]:
    """Deletes `spans.0.id` and the like."""

    def apply(target: Any) -> None:
        *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        for key in parents:
            target = target[key]
        del target[last]

    return apply


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (drop("doc_id"), "the key 'doc_id' is missing"),
        (drop("text"), "the key 'text' is missing"),
        (drop("spans"), "the key 'spans' is missing"),
        (change("doc_id", ""), 'doc_id is ""'),
        (change("doc_id", 3), "doc_id is 3"),
        (change("text", None), "text is null"),
        (change("spans", {}), "spans is {}; expected a list"),
        (change("spans.0", 5), "spans\\[0\\]: a span is 5; expected a JSON object"),
        (change("meta", []), "meta is \\[\\]; expected a JSON object"),
        (change("meta", {"parts": [[0, 7, "footer"]]}), 'meta.parts holds \\[0, 7, "footer"\\]; expected'),
        (
            change("meta", {"parts": [[0, 7, "arms"], [5, 9, "outcomes"]]}),
            "meta.parts holds .*in the order of the text",
        ),
        (change("meta", {"parts": [[0, 7000, "arms"]]}), "meta.parts holds"),
        (change("meta", {"labels": "LAB"}), 'meta.labels is "LAB"; expected a list'),
        (change("meta", {"labels": ["LAB", "LAB"]}), "meta.labels names a label twice"),
        (change("meta", {"complete_attributes": "no"}), 'complete_attributes is "no"; expected true, false or'),
        (drop("spans.1.id"), "spans\\[1\\]: the key 'id' is missing"),
        (change("spans.1.id", 0), "two spans have the id 0"),
        (change("spans.1.start", 18.0), "start is 18.0; expected an integer"),
        (change("spans.1.start", True), "start is true; expected an integer"),
        (change("spans.1.end", 23), "offsets 18–23 don't lie in the text"),
        (change("spans.1.start", 22), "offsets 22–22 don't lie in the text"),
        (change("spans.1.start", -4), "offsets -4–22 don't lie in the text"),
        (change("spans.1.start", 19), 'text\\[19:22\\] is " Gy", but the span says "2 Gy"'),
        (change("spans.1.label", ""), 'label is ""'),
        (change("spans.1.rule", 1), "rule is 1"),
        (change("spans.1.attributes", []), "attributes is \\[\\]"),
        (change("spans.1.attributes.low", "2"), 'attributes.low is "2"; expected a number or null'),
        (change("spans.1.attributes.high", True), "attributes.high is true; expected a number or null"),
        (change("spans.1.attributes.high", 10**400), "attributes.high is 1000"),
        (change("spans.1.attributes.low_inclusive", 1), "attributes.low_inclusive is 1; expected true, false or null"),
        (change("spans.1.attributes.unit", 1), "attributes.unit is 1; expected a UCUM unit"),
        (change("spans.1.attributes.agent", ["a"]), 'attributes.agent is \\["a"\\]'),
        (change("regimens.0.spans", [0, 1]), "regimens\\[0\\]: no span of the document has the id 1"),
        (change("regimens.0.spans", []), "spans is \\[\\]; expected a list of span ids"),
        (change("regimens.0.fractions", [25]), "fractions is \\[25\\]; expected \\[low, high\\]"),
        (change("regimens.0.total_dose", ["50", 50]), "total_dose is"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, spoil: Callable[[Record], None], message: str) -> None:
    spoilt = record("d2")
    spoil(spoilt)
    path = write(tmp_path / "gold.jsonl", record("d1"), spoilt)
    with pytest.raises(GoldError, match=message) as caught:
        read_gold(path)
    assert str(caught.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "no usable JSON|no JSON"),
        (b"[1]", "the line is \\[1\\]; expected a JSON object"),
        (b'{"doc_id": "d", "text": "\xff", "spans": []}', "byte 26 of the line is not UTF-8"),
        (b'{"doc_id": "d", "text": "", "spans": [], "x": NaN}', "NaN is no number of JSON"),
        (b'{"doc_id": "d", "text": "\\ud800", "spans": []}', "half a surrogate pair"),
        (b"[" * 100_000, "no usable JSON"),
    ],
)
def test_a_line_that_is_no_json_object(tmp_path: Path, line: bytes, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(GoldError, match=message) as caught:
        read_gold(path)
    assert str(caught.value).startswith(f"{path}:1: ")


def test_a_document_may_come_once_only(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", record("d1"), record("d2"), record("d1"))
    with pytest.raises(GoldError, match=r":3: doc_id 'd1' stands in line 1 already"):
        read_gold(path)


def test_a_file_that_is_not_there_is_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be read"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match="can't be read"):
        read_gold(tmp_path)


def test_an_annotation_finds_the_facts_of_a_regimen_by_their_place() -> None:
    spans = (GoldSpan(7, 0, 1, "FRACTIONS", "5", {"low": 5, "high": 5}), GoldSpan(3, 2, 3, "DOSE", "5", {}, "a.rule"))
    document = GoldDocument("a", "5x5", spans, (Regimen((3, 7), (5, 5), None, (25, 25)),))
    annotation = document.to_annotation()
    assert [(fact.label, fact.start, fact.rule) for fact in annotation.facts] == [
        ("FRACTIONS", 0, "gold"),
        ("DOSE", 2, "a.rule"),
    ]
    assert annotation.regimens == (Regimen((1, 0), (5, 5), None, (25, 25)),)
