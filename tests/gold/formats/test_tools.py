"""Files of Label Studio and Prodigy as people who annotate there have them, and spans without values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.gold.formats.builders import trial, write_folder
from trialsift.gold import GoldDocument, GoldError, read_gold, write_gold
from trialsift.gold.formats.brat import read_brat
from trialsift.gold.formats.convert import Conversion, convert
from trialsift.gold.formats.label_studio import write_label_studio
from trialsift.gold.formats.label_studio_reader import read_label_studio
from trialsift.gold.formats.links import join_links, restore_regimens
from trialsift.gold.formats.prodigy import read_prodigy, write_prodigy
from trialsift.gold.formats.utf16 import find_place

TEXT = "Inclusion Criteria:\n- Age ≥ 18 years\n- ALT, AST ≤ 2.5 x ULN\nArms: 50 Gy in 25 fractions."


def region(name: str, surface: str, label: str, text: str = TEXT, **more: Any) -> dict[str, Any]:
    start = text.index(surface)
    value = {"start": start, "end": start + len(surface), "text": surface, "labels": [label]}
    return {"id": name, "from_name": "ner", "to_name": "doc", "type": "labels", "value": value, **more}


def task(*result: dict[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": text}, "annotations": [{"completed_by": 1, "result": list(result)}], **more}


def write_tasks(folder: Path, *tasks: Any) -> Path:
    (folder / "export.json").write_text(json.dumps(tasks), encoding="utf-8")
    return folder / "export.json"


def convert_one(source: Path, **options: Any) -> tuple[GoldDocument, Conversion]:
    done = convert(source, source.with_name("gold.jsonl"), to_format="jsonl", **options)
    [document] = read_gold(done.target)
    return document, done


class TestLabelStudio:
    def test_regions_relations_and_choices_of_an_export(self, tmp_path: Path) -> None:
        place = {"start": 0, "end": 1, "choices": ["exclusion"]}
        result = [
            region("a", "≥ 18 years", "AGE", meta={"text": ["is it?"]}),
            {"id": "a", "from_name": "polarity", "to_name": "doc", "type": "choices", "value": place},
            {"id": "a", "from_name": "low", "to_name": "doc", "type": "number", "value": {"number": 18}},
            {"id": "a", "from_name": "unit", "to_name": "doc", "type": "textarea", "value": {"text": ["a"]}},
            {"id": "a", "from_name": "flags", "to_name": "doc", "type": "choices", "value": {"choices": ["negated"]}},
            region("b", "50 Gy", "DOSE"),
            region("c", "25 fractions", "FRACTIONS"),
            {"type": "relation", "from_id": "b", "to_id": "c", "direction": "right"},
            {"id": "q", "from_name": "stars", "to_name": "doc", "type": "rating", "value": {"rating": 4}},
        ]
        [document], left_out = read_label_studio(write_tasks(tmp_path, task(*result)))
        assert document.doc_id == "export-7"
        age, dose, fractions = document.spans
        assert age.attributes == {"polarity": "exclusion", "low": 18, "unit": "a", "negated": True}
        assert (age.text, age.extra, dose.attributes) == ("≥ 18 years", {"note": "is it?"}, {})
        assert [regimen.facts for regimen in document.regimens] == [(dose.id, fractions.id)]
        assert left_out == {"result of type 'rating'": 1}

    def test_values_are_filled_in_and_said_to_be(self, tmp_path: Path) -> None:
        result = [
            *(region(name, "≤ 2.5 x ULN", "LAB") for name in ("a", "b")),
            region("c", "50 Gy", "DOSE"),
            region("d", "25 fractions", "FRACTIONS"),
            {"type": "relation", "from_id": "c", "to_id": "d", "direction": "right"},
        ]
        document, done = convert_one(write_tasks(tmp_path, task(*result)))
        alt, ast, dose, _ = document.spans
        assert [one.attributes["analyte"] for one in (alt, ast)] == ["alt", "ast"]
        assert (alt.attributes["high"], alt.attributes["unit"], alt.attributes["polarity"]) == (2.5, "ULN", "inclusion")
        assert (dose.attributes["role"], document.meta["filled_in"]) == ("total", [0, 1, 2, 3])
        [regimen] = document.regimens
        assert (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose) == ((25, 25), (2, 2), (50, 50))
        assert done.notes == (
            "4 spans without values got those that trialsift reads there (meta.filled_in): check them before you "
            "score with them",
            "1 regimen got numbers from the values of the spans",
        )

    def test_spans_that_the_parser_does_not_find(self, tmp_path: Path) -> None:
        text = "Zork level of 5 mg/dL; blue."
        result = [region("a", "5 mg/dL", "LAB", text), region("b", "blue", "LAB", text)]
        document, done = convert_one(write_tasks(tmp_path, task(*result, text=text)))
        value, blue = document.spans
        assert (value.attributes["low"], value.attributes["unit"], blue.attributes) == (5, "mg/dL", {})
        assert "analyte" not in value.attributes
        assert done.notes[-1] == (
            "no value could be read in 2 spans: export-7: LAB 14–21 '5 mg/dL' (number and unit only); "
            "export-7: LAB 23–27 'blue'"
        )

    def test_offsets_in_utf_16(self, tmp_path: Path) -> None:
        text = "😀 Age ≥ 18 years"
        shifted = region("a", "≥ 18 years", "AGE", text)
        shifted["value"] |= {"start": shifted["value"]["start"] + 1, "end": shifted["value"]["end"] + 1}
        [document], _ = read_label_studio(write_tasks(tmp_path, task(shifted, text=text)))
        assert document.spans[0].text == "≥ 18 years"

    def test_predictions_beside_annotations_are_no_gold(self, tmp_path: Path) -> None:
        prediction = {"data": {"text": TEXT}, "predictions": [{"result": [region("a", "50 Gy", "DOSE")]}]}
        cancelled = task() | {"annotations": [{"was_cancelled": True, "result": []}]}
        documents, left_out = read_label_studio(write_tasks(tmp_path, task(), prediction, cancelled))
        assert (len(documents), left_out) == (1, {"task without an annotation": 2})
        documents, _ = read_label_studio(write_tasks(tmp_path, prediction))
        assert [span.label for span in documents[0].spans] == ["DOSE"]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("[1]", r"task 1: holds no data; expected tasks of Label Studio, exported as JSON"),
            ('{"text": "x", "label": []}', "holds no data"),
            ("{", "export.json"),
            ('[{"data": {"a": "x", "b": "y"}, "annotations": [{"result": []}]}]', "data holds no text"),
            (json.dumps([task() | {"annotations": task()["annotations"] * 2}]), "has 2 annotations; mark one as"),
            (json.dumps([task(region("a", "50 Gy", "DOSE", "x" * 60 + "50 Gy"))]), r"'a': start 60 .* its text"),
            (json.dumps([task({"id": "a", "type": "labels", "value": {"labels": ["A", "B"]}})]), "and one label"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, content: str, message: str) -> None:
        (tmp_path / "export.json").write_text(content, encoding="utf-8")
        with pytest.raises(GoldError, match=message):
            read_label_studio(tmp_path / "export.json")

    def test_what_is_written_fits_the_configuration(self, tmp_path: Path) -> None:
        write_label_studio(tmp_path / "ls", [trial()])
        config = ElementTree.parse(tmp_path / "ls/config.xml")
        names = {each.get("name") for each in config.iter() if each.get("name")}
        values = {each.get("value") for each in config.iter()}
        [made] = json.loads((tmp_path / "ls/tasks.json").read_text(encoding="utf-8"))
        regions = [one for one in made["annotations"][0]["result"] if one["type"] != "relation"]
        assert {one["from_name"] for one in regions} <= names
        used = {v for one in regions for key in ("labels", "choices") for v in one["value"].get(key, [])}
        assert used <= values


class TestProdigy:
    def test_tokens_end_where_spans_do(self, tmp_path: Path) -> None:
        write_prodigy(tmp_path / "p.jsonl", [trial()])
        made = json.loads((tmp_path / "p.jsonl").read_text(encoding="utf-8"))
        for token in made["tokens"]:
            assert made["text"][token["start"] : token["end"]] == token["text"]
        assert "".join(token["text"] + " " * token["ws"] for token in made["tokens"]) == made["text"]
        for span in made["spans"]:
            assert made["tokens"][span["token_start"]]["start"] == span["start"]
            assert made["tokens"][span["token_end"]]["end"] == span["end"]

    def test_what_an_annotator_has_done(self, tmp_path: Path) -> None:
        dose, fractions = ({"start": 66, "end": 71, "label": "DOSE"}, {"start": 75, "end": 87, "label": "FRACTIONS"})
        assert (TEXT[66:71], TEXT[75:87]) == ("50 Gy", "25 fractions")
        relation = {"head": 1, "child": 2, "head_span": dose, "child_span": fractions, "label": "X"}
        done = {"text": TEXT, "spans": [dose, fractions], "relations": [relation], "_task_hash": 1, "answer": "accept"}
        lines = [done, {**done, "answer": "reject"}, {**done, "answer": "ignore"}]
        (tmp_path / "p.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        document, made = convert_one(tmp_path / "p.jsonl", from_format="prodigy")
        assert (document.doc_id, document.extra) == ("p-1", {})
        assert document.regimens[0].total_dose == (50, 50)
        assert made.notes[:2] == (
            "left out: 1 × task with the answer 'ignore'",
            "left out: 1 × task with the answer 'reject'",
        )

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("{}", "p.jsonl:1: holds no text"),
            ('{"text": "a", "spans": [{"start": 0, "end": 1}]}', r"spans\[0\]: expected start and end"),
            ('{"text": "a", "spans": [{"start": 0, "end": 9, "label": "X"}]}', "don't lie in the text"),
            ('{"text": "a", "doc_id": "x"}\n{"text": "a", "doc_id": "x"}', "keep the task of one annotator"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, line: str, message: str) -> None:
        (tmp_path / "p.jsonl").write_text(line, encoding="utf-8")
        with pytest.raises(GoldError, match=message):
            read_prodigy(tmp_path / "p.jsonl")


class TestBrat:
    ANN = (
        "T1\tDOSE 66 71\t50 Gy\nT2\tFRACTIONS 75 87\t25 fractions\n"
        "T3\tAGE 26 36\t≥ 18 years\nT4\tLAB 48 59\t≤ 2.5 x ULN\n"
    )

    def test_relations_and_equivalences(self, tmp_path: Path) -> None:
        ann = self.ANN + "R1\tgiven_in Arg1:T1 Arg2:T2\n*\tEquiv T3 T4\n"
        [document] = read_brat(write_folder(tmp_path / "b", a_txt=TEXT, a_ann=ann))
        assert [regimen.facts for regimen in document.regimens] == [(1, 2)]
        assert [span.attributes.get("any_of") for span in document.spans] == [None, None, 1, 1]
        filled, _ = convert_one(tmp_path / "b")
        assert filled.regimens[0].dose_per_fraction == (2, 2)
        assert filled.spans[3].attributes["any_of"] == 1

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("R1\tx Arg1:T1 Arg2:T3", "a.ann:5: a relation x of DOSE and AGE, which the gold format can't hold"),
            ("R1\tx Arg1:T1 Arg2:T9", "T9 is no span of the file"),
            ("R1 x", "expected R1, a tab, a type"),
            ("*\tEquiv T1", "expected \\*, a tab, Equiv T1 T2"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, line: str, message: str) -> None:
        with pytest.raises(GoldError, match=message):
            read_brat(write_folder(tmp_path / "b", a_txt=TEXT, a_ann=f"{self.ANN}{line}\n"))


class TestLinks:
    def test_joined(self) -> None:
        assert join_links([(1, 2), (3, 4), (5, 6), (4, 2)]) == [[5, 6], [1, 2, 3, 4]]

    def test_a_regimen_whose_link_is_gone_goes_too(self) -> None:
        stored = [{"spans": [1, 2], "fractions": [5, 5]}, {"spans": [3, 2]}, {"spans": [4]}, {"spans": [9]}]
        keys = {1: "a", 2: "b", 3: "c", 4: "d"}
        kept = [{"spans": [1, 2], "fractions": [5, 5]}, {"spans": [4]}]
        assert restore_regimens(stored, [("b", "a"), ("c", "d")], keys) == [*kept, {"spans": [3, 4]}]


@pytest.mark.parametrize(
    ("start", "end", "surface", "expected"),
    [(2, 3, "b", (2, 3)), (3, 4, "b", (2, 3)), (2, 3, None, (2, 3)), (1, 2, "b", None), (9, 12, "b", None)],
)
def test_offsets(start: int, end: int, surface: str | None, expected: tuple[int, int] | None) -> None:
    assert find_place("😀 b c", start, end, surface) == expected


def test_values_that_are_no_gold_stay_away(tmp_path: Path) -> None:
    dose = {"id": 0, "start": 66, "end": 71, "label": "DOSE", "text": "50 Gy"}
    meta = {"complete_attributes": False}
    line = {"doc_id": "a", "text": TEXT, "spans": [dose], "meta": meta}
    (tmp_path / "g.jsonl").write_text(json.dumps(line), encoding="utf-8")
    convert(tmp_path / "g.jsonl", tmp_path / "ls", to_format="label-studio")
    assert convert(tmp_path / "ls", tmp_path / "back.jsonl").notes == ()
    write_gold(tmp_path / "again.jsonl", read_gold(tmp_path / "back.jsonl"))
    assert read_gold(tmp_path / "again.jsonl") == read_gold(tmp_path / "g.jsonl")
