"""brat's standoff: what is written, what brat or a person may have made of it, and what is refused with its line."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from tests.gold.formats.builders import TEXT, content_of, span, trial, write_folder
from trialsift.gold import GoldDocument, GoldError, GoldSpan
from trialsift.gold.formats.brat import read_brat, write_brat
from trialsift.gold.formats.comparison import find_first_difference

STANDOFF = """\
T0	AGE 4 14	≥ 18 years
A1	polarity T0 inclusion
#1	AnnotatorNotes T0	{"attributes": {"low": 18, "low_inclusive": true, "high": null, "unit": "a", "negated": false}}
T3	PERFORMANCE_STATUS 20 23	0-2
A2	scale T3 ECOG
A3	historical T3
#2	AnnotatorNotes T3	{"attributes": {"low": 0, "high": 2.0}, "rule": "ps.range"}
T4	DOSE 28 33;34 39	prior 50 Gy
A4	role T4 total
A5	boost T4
#3	AnnotatorNotes T4	{"attributes": {"low": 50, "unit": "Gy"}}
T5	FRACTIONS 43 55	25 fractions
#4	AnnotatorNotes T5	{"attributes": {"low": 25, "high": 25}}
T6	REGIMEN 28 33;34 39	prior 50 Gy
E1	REGIMEN:T6 Span:T4 Span2:T5
#5	AnnotatorNotes T6	{"fractions": [25, 25], "dose_per_fraction": [2, null], "total_dose": null}
"""


T1 = "T1\tAGE 4 14\t≥ 18 years\n"


def edited(folder: Path, *changes: tuple[str, str]) -> GoldDocument:
    """The document of `trial()` after its `.ann` was edited."""
    write_brat(folder, [trial()])
    path = folder / "NCT99000001.ann"
    content = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    path.write_bytes(content.encode("utf-8"))
    (document,) = read_brat(folder)
    return document


def by_brat(folder: Path, ann: str, text: str = TEXT) -> GoldDocument:
    """The document of a folder that has never seen trialsift."""
    (document,) = read_brat(write_folder(folder, doc_txt=text, doc_ann=ann))
    return document


# -- writing ----------------------------------------------------------------------------------------------------


def test_the_lines_of_standoff(tmp_path: Path) -> None:
    write_brat(tmp_path, [trial()])
    assert (tmp_path / "NCT99000001.ann").read_text(encoding="utf-8") == STANDOFF
    assert (tmp_path / "NCT99000001.txt").read_bytes() == TEXT.encode("utf-8")
    side = json.loads((tmp_path / "documents.jsonl").read_text(encoding="utf-8"))
    assert side == {
        "file": "NCT99000001",
        "doc_id": "NCT99000001",
        "meta": {"source": "invented"},
        "extra": {"links": [[0, 3]]},
    }


def test_the_configuration_knows_labels_attributes_and_colours(tmp_path: Path) -> None:
    text = "QTc > 470 ms"
    write_brat(
        tmp_path,
        [
            trial(),
            GoldDocument(
                "b",
                text,
                (
                    span(0, "> 470 ms", "MEASUREMENT", text),
                    span(1, "QTc", "TUMOUR_SIZE", text),
                ),
            ),
        ],
    )
    types = (tmp_path / "annotation.conf").read_text(encoding="utf-8").split("\n")
    assert types[:7] == ["[entities]", "AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS", "LIFE_EXPECTANCY"]
    assert types[7:9] == ["MEASUREMENT", "TUMOUR_SIZE"]
    assert "REGIMEN\tSpan+:<ENTITY>" in types
    assert "polarity\tArg:<ENTITY>, Value:inclusion|exclusion|none" in types
    assert "operator_inferred\tArg:<ENTITY>" in types
    colours = (tmp_path / "visual.conf").read_text(encoding="utf-8")
    assert "\nDOSE\tbgColor:#f4a261\n" in colours
    assert "\nTUMOUR_SIZE\tbgColor:#dddddd\n" in colours
    assert "\nMEASUREMENT\tbgColor:#bde0fe\n" in colours


def test_names_of_files_are_safe_and_differ_in_any_case(tmp_path: Path) -> None:
    ids = ["a/b", "..", ".git", "CON", "nul.x", "a", "A", "a~2", "ä", "x" * 300, "x" * 301]
    write_brat(tmp_path / "brat", [GoldDocument(doc_id, "") for doc_id in ids])
    assert [d.doc_id for d in read_brat(tmp_path / "brat")] == ids
    names = {path.stem for path in (tmp_path / "brat").glob("*.txt")}
    assert {
        "a%2Fb",
        "%2E.",
        "%2Egit",
        "%43ON",
        "%6Eul.x",
        "a",
        "A~2",
        "a%7E2",
        "%C3%A4",
        "x" * 200,
        f"{'x' * 200}~2",
    } == names


@pytest.mark.parametrize("label", ["REGIMEN", "two words", "größe", "a:b"])
def test_a_label_that_brat_has_no_room_for_is_refused(tmp_path: Path, label: str) -> None:
    document = dataclasses.replace(trial("d"), spans=(GoldSpan(4, 0, 3, label, "Age"), *trial().spans[3:]))
    with pytest.raises(GoldError, match=f"document 'd': the label '{label}' can't stand in brat's standoff"):
        write_brat(tmp_path / "brat", [document])
    assert not (tmp_path / "brat").exists()


def test_no_reader_breaks_a_line_in_two(tmp_path: Path) -> None:
    """Some take U+2028, U+0085 or a form feed for the end of a line."""
    breaks = "a\u2028b\u2029c\x85d\fe\rf"
    document = GoldDocument(
        breaks, breaks, (GoldSpan(0, 0, 11, "AGE", breaks, {"unit": breaks}),), (), {"source": breaks}
    )
    write_brat(tmp_path, [document])
    assert find_first_difference([document], read_brat(tmp_path)) is None
    for path in (next(tmp_path.glob("*.ann")), tmp_path / "documents.jsonl"):
        content = path.read_bytes().decode("utf-8")
        assert content.splitlines() == content.split("\n")[:-1]


# -- never destroying -------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_empty_needs_overwrite(tmp_path: Path) -> None:
    write_brat(tmp_path, [trial("a"), trial("b")])
    (tmp_path / "minutes.md").write_text("ours", encoding="utf-8")
    before = content_of(tmp_path)
    with pytest.raises(GoldError, match="is not empty"):
        write_brat(tmp_path, [trial("c")])
    assert content_of(tmp_path) == before
    write_brat(tmp_path, [trial("b"), trial("c")], overwrite=True)
    assert [d.doc_id for d in read_brat(tmp_path)] == ["b", "c"], "what the earlier one wrote is gone"
    assert (tmp_path / "minutes.md").read_text(encoding="utf-8") == "ours"


def test_annotations_of_others_are_not_overwritten(tmp_path: Path) -> None:
    write_brat(tmp_path, [trial("a")])
    write_folder(tmp_path, theirs_txt="x", theirs_ann="")
    before = content_of(tmp_path)
    with pytest.raises(GoldError, match=r"theirs\.ann: is not of an earlier conversion"):
        write_brat(tmp_path, [trial("b")], overwrite=True)
    assert content_of(tmp_path) == before


# -- a folder of brat's own -------------------------------------------------------------------------------------


def test_a_folder_made_with_brat_alone(tmp_path: Path) -> None:
    """No side file, CRLF, ids out of order, a trailing space after an event, attributes before their span."""
    lines = [
        "A1\tpolarity T7 exclusion",
        "T7\tAGE 4 14\t≥ 18 years",
        "T2\tDOSE 28 33;34 39\tprior 50 Gy",
        "A9\tnegated T2",
        "A10\tcertainty T2 low",
        "A11\tchecked T2",
        "T3\tREGIMEN 34 39\t50 Gy",
        "E1\tREGIMEN:T3 Span:T2 ",
        "#1\tAnnotatorNotes T7\tlook again: = 18?",
        "#2\tAnnotatorNotes T7\tand again",
        "#3\tAnnotatorNotes E1\tboost?",
        "",
    ]
    folder = write_folder(tmp_path, b_txt=TEXT, b_ann="\r\n".join(lines), a_txt="", a_ann="")
    first, second = read_brat(folder)
    assert (first.doc_id, first.spans, second.doc_id, second.meta) == ("a", (), "b", {})
    assert second.spans == (
        GoldSpan(
            7, 4, 14, "AGE", "≥ 18 years", {"polarity": "exclusion"}, None, {"note": "look again: = 18?\nand again"}
        ),
        GoldSpan(2, 28, 39, "DOSE", "prior\n50 Gy", {"negated": True, "certainty": "low", "checked": True}),
    )
    assert [r.facts for r in second.regimens] == [(2,)]
    assert second.extra == {"regimen_notes": {"0": "boost?"}}


def test_what_was_read_of_brat_survives_being_written(tmp_path: Path) -> None:
    ann = "T1\tAGE 4 14\t≥ 18 years\n#1\tAnnotatorNotes T1\tsure?\nA1\tcertainty T1 low\n"
    document = by_brat(tmp_path / "theirs", ann)
    write_brat(tmp_path / "ours", [document])
    assert find_first_difference([document], read_brat(tmp_path / "ours")) is None


def test_documents_added_in_brat_come_last(tmp_path: Path) -> None:
    write_brat(tmp_path, [trial("z"), trial("y")])
    write_folder(tmp_path, b_txt="", b_ann="", a_txt="", a_ann="")
    assert [d.doc_id for d in read_brat(tmp_path)] == ["z", "y", "a", "b"]


@pytest.mark.parametrize(
    ("old", "new", "name", "value"),
    [
        ("A1\tpolarity T0 inclusion", "A1\tpolarity T0 exclusion", "polarity", "exclusion"),
        ("A1\tpolarity T0 inclusion", "A1\tpolarity T0 inclusion\nA99\tnegated T0", "negated", True),
        ('"low": 18', '"low": 18.5', "low", 18.5),
        ("A1\tpolarity T0 inclusion\n", "", "polarity", None),
    ],
)
def test_attributes_edited_in_brat(tmp_path: Path, old: str, new: str, name: str, value: object) -> None:
    document = edited(tmp_path, (old, new))
    found = document.spans[0].attributes
    assert repr(found.get(name)) == repr(value)
    assert found["unit"] == "a"


def test_a_remark_behind_the_note_is_kept_and_so_are_the_values(tmp_path: Path) -> None:
    document = edited(tmp_path, ('"negated": false}}', '"negated": false}} or 17?'))
    assert document.spans[0].extra == {"note": "or 17?"}
    assert document.spans[0].attributes["low"] == 18


@pytest.mark.parametrize(
    "note",
    ['{ "attributes" : {"low": 17}}', '{"rule": "x", "attributes": {"low": 17}}', '{"attributes": {"low": 17}} !'],
)
def test_a_note_that_was_typed_again(tmp_path: Path, note: str) -> None:
    assert by_brat(tmp_path, f"{T1}#1\tAnnotatorNotes T1\t{note}\n").spans[0].attributes == {"low": 17}


@pytest.mark.parametrize("note", ['{"certainty": 5}', '{"a": "\\"attributes\\""}', "{", '{"low": 18}', "low=18"])
def test_a_note_of_another_kind_is_kept(tmp_path: Path, note: str) -> None:
    (found,) = by_brat(tmp_path, f"{T1}#1\tAnnotatorNotes T1\t{note}\n").spans
    assert (found.attributes, found.extra) == ({}, {"note": note})


def test_bounds_edited_on_the_event_count_more_than_those_on_the_trigger(tmp_path: Path) -> None:
    document = edited(tmp_path, ("E1\t", '#9\tAnnotatorNotes E1\t{"fractions": [26, 26]}\nE1\t'))
    assert document.regimens[0].fractions == (26, 26)
    assert document.regimens[0].dose_per_fraction == (2, None)


def test_a_span_that_ends_in_a_line_break_keeps_it_until_it_is_moved(tmp_path: Path) -> None:
    text = "a\n5 Gy\nb"
    document = GoldDocument("d", text, (GoldSpan(0, 1, 7, "DOSE", "\n5 Gy\n"), GoldSpan(1, 6, 7, "DOSE", "\n")))
    write_brat(tmp_path, [document])
    lines = (tmp_path / "d.ann").read_text(encoding="utf-8").split("\n")
    assert lines[0] == "T0\tDOSE 2 6\t5 Gy"
    assert "T1\tDOSE 6 7\t " in lines
    assert find_first_difference([document], read_brat(tmp_path)) is None
    lines[0] = "T0\tDOSE 2 3\t5"
    (tmp_path / "d.ann").write_text("\n".join(lines), encoding="utf-8")
    assert read_brat(tmp_path)[0].spans[0].text == "5"


# -- mistakes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ann", "line", "message"),
    [
        ("T1 AGE 4 14 x\n", 1, "is no T line"),
        ("T1\tAGE 4 99\tx\n", 1, f"offsets 4–99 don't lie in the text; expected 0 <= start < end <= {len(TEXT)}"),
        ("T1\tAGE 9 9\t\n", 1, "offsets 9–9 don't lie"),
        ("T1\tAGE 4 14\t≥ 19 years\n", 1, 'the text has "≥ 18 years" there, but the line says "≥ 19 years"'),
        ("T1\tAGE 4 5;9 14\t≥ years\n", 1, 'a span with a gap, " 18 "'),
        ("T1\tAGE 9 14;4 8\tyears ≥ 18\n", 1, "are not in the order of the text"),
        (T1 + T1, 2, r"T1 stands at .*doc\.ann:1 already"),
        (T1 + "R1\tMeans Arg1:T1 Arg2:T1\t\n", 2, "names a span twice"),
        (T1 + "*\tEquiv T1 T1\n", 2, "names a span twice"),
        (T1 + "N1\tReference T1 LOINC:1\tx\n", 2, "a normalisation"),
        (T1 + "M1\tNegation T1\n", 2, "a modification"),
        (T1 + "X1\tAGE\n", 2, "is no line of standoff; expected T, A, E, R, "),
        (T1 + "A1\tpolarity\n", 2, "is no A line"),
        (T1 + "A1\tpolarity T2 none\n", 2, "T2 is no span of the file"),
        (T1 + "A1\tpolarity T1\n", 2, "polarity has none; expected one of inclusion, exclusion, none"),
        (T1 + "A1\tnegated T1 yes\n", 2, 'negated has the value "yes"; expected no value'),
        (T1 + "A1\tnegated T1\nA2\tnegated T1\n", 3, "T1 has the attribute negated already"),
        (T1 + "A1\tlow T1 18\n", 1, 'attributes.low is "18"; expected a number or null'),
        (T1 + "#1\tAnnotatorNotes T2\tx\n", 2, "T2 is no span or regimen of the file"),
        (T1 + "#1\tNormalized T1\tx\n", 2, "can't be kept; expected #1, a tab, AnnotatorNotes"),
        (T1 + '#1\tAnnotatorNotes T1\t{"attributes": {"low": 18\n', 2, "begins as JSON and is none"),
        (T1 + '#1\tAnnotatorNotes T1\t{"attributes": {"x": NaN}}\n', 2, "NaN is no number of JSON"),
        (T1 + '#1\tAnnotatorNotes T1\t{"attributes": {}, "lwo": 1}\n', 2, "the note has the key 'lwo'"),
        (T1 + '#1\tAnnotatorNotes T1\t{"attributes": [1]}\n', 2, "attributes or extra of the note can't be read"),
        (T1 + 2 * '#1\tAnnotatorNotes T1\t{"attributes": {"low": 1}}\n', 3, "a second note with attributes"),
        (T1 + "E1\tTreatment:T1\n", 2, "an event of type Treatment"),
        (T1 + "E1\tREGIMEN:T1\n", 2, "its trigger T1 is no REGIMEN of the file"),
        (T1 + "E1 REGIMEN\n", 2, "is no E line"),
        (T1 + "T2\tREGIMEN 4 5\t≥\n", 2, "a REGIMEN without its event"),
        (T1 + "T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2\n", 3, r"spans is \[\]; expected a list of span ids"),
        (T1 + "T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2 Span:T9\n", 3, "T9 is no span of the file"),
        (T1 + "T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2 Dose:T1\n", 3, "the argument Dose:T1, which the gold format"),
        (T1 + "T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2 Span:E1\n", 3, "the argument Span:E1, which the gold format"),
        (T1 + "T2\tREGIMEN 4 5\t≥\n" + 2 * "E1\tREGIMEN:T2 Span:T1\n", 4, "E1 stands at .* already"),
        (
            T1 + "T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2 Span:T1\nE2\tREGIMEN:T2 Span:T1\n",
            4,
            "its trigger T2 is that of another event",
        ),
        (T1 + "T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2 Span:T1\nA1\tboost E1\n", 4, "E1 is no span of the file"),
        (
            T1 + 'T2\tREGIMEN 4 5\t≥\nE1\tREGIMEN:T2 Span:T1\n#1\tAnnotatorNotes T2\t{"fractions": 5}\n',
            3,
            "fractions is 5; expected \\[low, high\\]",
        ),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, ann: str, line: int, message: str) -> None:
    with pytest.raises(GoldError, match=message) as caught:
        by_brat(tmp_path, ann)
    assert str(caught.value).startswith(f"{tmp_path / 'doc.ann'}:{line}: ")


def test_files_that_do_not_belong_together(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"a\.txt: has no a\.ann beside it"):
        read_brat(write_folder(tmp_path / "1", a_txt=""))
    with pytest.raises(GoldError, match=r"a\.ann: has no a\.txt beside it"):
        read_brat(write_folder(tmp_path / "2", a_ann=""))
    write_folder(tmp_path / "3" / "below", a_ann="", a_txt="")
    with pytest.raises(GoldError, match="lies in a folder below"):
        read_brat(tmp_path / "3")
    with pytest.raises(GoldError, match="can't be read"):
        read_brat(tmp_path / "none")
    folder = write_folder(tmp_path / "4", a_ann="")
    (folder / "a.txt").write_bytes(b"ok \xff")
    with pytest.raises(GoldError, match=r"a\.txt: byte 4 is not UTF-8"):
        read_brat(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "no JSON"),
        ('{"file": "a"}', "expected an object with file and doc_id"),
        ('{"file": "a", "doc_id": "a", "txet": ""}', "expected an object with file and doc_id"),
        ('{"file": "../a", "doc_id": "a"}', "file is '../a'; expected the name of a file"),
        ('{"file": "b", "doc_id": "a"}', r"b\.txt is not in the folder"),
        ('{"file": "a", "doc_id": 5}', "doc_id is 5"),
        ('{"file": "a", "doc_id": "a", "meta": []}', r"meta is \[\]"),
        ('{"file": "a", "doc_id": "a", "extra": {"text": 1}}', "extra can't be read"),
    ],
)
def test_a_mistake_in_the_side_file(tmp_path: Path, line: str, message: str) -> None:
    folder = write_folder(tmp_path, a_txt="", a_ann="", documents_jsonl=f"\n{line}\n")
    with pytest.raises(GoldError, match=message) as caught:
        read_brat(folder)
    assert str(caught.value).startswith(f"{tmp_path / 'documents.jsonl'}:2: ")


def test_a_document_may_come_once_only(tmp_path: Path) -> None:
    line = '{"file": "a", "doc_id": "b"}\n'
    folder = write_folder(tmp_path, a_txt="", a_ann="", b_txt="", b_ann="", documents_jsonl=line)
    with pytest.raises(GoldError, match=r"doc_id 'b' is that of .*documents\.jsonl:1 already"):
        read_brat(folder)
    write_folder(tmp_path, documents_jsonl=2 * line)
    with pytest.raises(GoldError, match=r":2: the file 'a' stands at .*:1 already"):
        read_brat(folder)
