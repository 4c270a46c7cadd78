"""Own rules laid over the shipped ones: each way in, what they can add, and where each mistake is told."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import spacy
from typer.testing import CliRunner

import trialsift
from trialsift.checks.examples import Example, examples
from trialsift.checks.patterns import check_patterns
from trialsift.cli import app
from trialsift.extraction.extractor import Extractor
from trialsift.model.errors import UserError
from trialsift.rules.files import PatternError, find_patterns, patterns_dir, read_csv, read_toml
from trialsift.rules.layers import Patterns, hash_patterns, locate
from trialsift.runs.extract.run import extract_run
from trialsift.spacy_pipeline import component

LABEL = """
label = "WASHOUT"
table = "washouts"
engine = "generic"
colour = "#aaaaaa"
default = true
columns = ["interval", ["unit", "string", "UCUM"]]
kinds = ["time"]
[names]
washout = ["washout"]
[[rule]]
id = "washout.named"
description = "A washout, then a duration."
examples = [{ text = "Washout of at least 12 weeks", low = 12, unit = "wk" }]
not_examples = ["at least 12 weeks since surgery"]
"""
HEADING = """
[[heading]]
name = "exclusion"
polarity = "exclusion"
inline = false
phrases = ["keep out"]
examples = ["Keep out:"]
not_examples = ["They keep out of it"]
"""
CONTEXT = """{"context_rules": [
  {"literal": "formerly", "category": "HISTORICAL", "direction": "FORWARD", "metadata": {
    "examples": [{"text": "formerly 50 Gy", "span": "50 Gy"}],
    "not_examples": [{"text": "50 Gy formerly", "span": "50 Gy"}]}}
]}
"""
FILES = {
    "analytes.csv": "analyte,aliases,usual_unit,kinds\n"
    "copeptin,copeptin|CT-proAVP,pmol/L,molar\n"
    "hemoglobin,globulation,,\n",
    "units.csv": "surface,ucum,kind\nsmidgens,Gy,radiation\n",
    "comparators.toml": '[before]\nge = ["clearly beyond or at"]\n',
    "sections.toml": HEADING,
    "drugs.csv": "# of our ward\ndrug,kind\nquellon,name\n",
    "context.json": CONTEXT,
    "entities/washout.toml": LABEL,
}
TEXT = """Inclusion Criteria:
- CT-proAVP > 9 pmol/L
- globulation clearly beyond or at 9 g/dL
- formerly irradiated to 50 smidgens
- quellon 10 mg/day
- washout > 2 weeks
Keep out:
- Age < 18 years
"""
EXPECTED = [
    ("LAB", "> 9 pmol/L", "copeptin"),
    ("LAB", "clearly beyond or at 9 g/dL", "hemoglobin"),
    ("DOSE", "50 smidgens", True),
    ("DOSE", "10 mg/day", "quellon"),
    ("WASHOUT", "> 2 weeks", 2),
    ("AGE", "< 18 years", "exclusion"),
]


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def over(tmp_path: Path) -> Path:
    return written(tmp_path / "own", FILES)


def told(facts: Any) -> list[tuple[Any, ...]]:
    """Of each fact what an own rule told of it."""
    keys = {"LAB": "analyte", "WASHOUT": "low", "AGE": "polarity"}
    return [
        (label, text, a.get(keys[label]) if label in keys else a.get("historical") or a.get("agent"))
        for label, text, a in facts
    ]


@pytest.mark.slow
class TestEachWayIn:
    def test_an_extractor(self, over: Path) -> None:
        facts = Extractor(extra_patterns=over).annotate(TEXT).facts
        assert told((f.label, f.text, f.attributes) for f in facts) == EXPECTED

    def test_the_shipped_rules_know_none_of_it(self) -> None:
        assert [f.text for f in Extractor().annotate(TEXT).facts] == ["< 18 years"]

    def test_tables(self, over: Path) -> None:
        results = trialsift.extract([TEXT], extra_patterns=[over])
        assert list(results.washouts["low"]) == [2]
        assert list(results.labs["usual_unit"]) == ["pmol/L", "g/dL"]
        assert dict(zip(results.labs["analyte"], results.labs["loinc"], strict=True))["hemoglobin"] == "718-7"

    def test_a_pipeline_that_travels(self, over: Path, tmp_path: Path) -> None:
        nlp = trialsift.load(extra_patterns=over)
        nlp.to_disk(tmp_path / "saved")
        data, pickled = nlp.to_bytes(), pickle.dumps(nlp)
        shutil.rmtree(over)
        for loaded in (
            nlp,
            spacy.load(tmp_path / "saved"),
            trialsift.load().from_bytes(data),
            pickle.loads(pickled),
        ):
            facts = loaded(TEXT)._.trialsift
            assert told((f["label"], f["text"], f) for f in facts) == EXPECTED
        again = tmp_path / "again"
        spacy.load(tmp_path / "saved").to_disk(again)
        assert told((f["label"], f["text"], f) for f in spacy.load(again)(TEXT)._.trialsift) == EXPECTED

    def test_displacy_has_the_colour_of_an_own_label(self, over: Path) -> None:
        trialsift.load(extra_patterns=over)
        assert component.DISPLACY_COLORS["WASHOUT"] == "#aaaaaa"

    def test_the_command(self, over: Path, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
        arguments = ["extract", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), "--patterns", str(over)]
        done = CliRunner().invoke(app, [*arguments, "--view"])
        assert (done.exit_code, done.exception) == (0, None)
        record = json.loads((tmp_path / "out" / "annotations.jsonl").read_text(encoding="utf-8"))
        assert told((s["label"], s["text"], s["attributes"]) for s in record["spans"]) == EXPECTED
        run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["patterns"]
        assert run == {
            "folder": str(patterns_dir()),
            "over": [str(over)],
            "sha256": hash_patterns(find_patterns(None, over)),
        }
        assert len(trialsift.read_run(tmp_path / "out", extra_patterns=over).washouts) == 1
        shown = CliRunner().invoke(app, ["show", str(tmp_path / "a.txt"), "--patterns", str(over)])
        assert "copeptin > 9 pmol/L" in shown.stdout

    def test_a_run_in_several_processes(self, over: Path, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        for number in range(4):
            (tmp_path / "in" / f"{number}.txt").write_text(TEXT + "-\n" * 60_000, encoding="utf-8")
        extract_run([tmp_path / "in"], tmp_path / "one", extra_patterns=[over], jobs=1)
        extract_run([tmp_path / "in"], tmp_path / "two", extra_patterns=[over], jobs=2)
        one, two = (tmp_path / run / "annotations.jsonl" for run in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        assert one.read_text(encoding="utf-8").count('"WASHOUT"') == 4

    def test_a_run_goes_on_with_the_same_rules_only(self, over: Path, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
        first = extract_run([tmp_path / "a.txt"], tmp_path / "out", extra_patterns=[over])
        same = extract_run([tmp_path / "a.txt"], tmp_path / "out", extra_patterns=[over], resume=True)
        assert (first.was_complete, same.was_complete) == (False, True)
        with pytest.raises(UserError):
            extract_run([tmp_path / "a.txt"], tmp_path / "out", resume=True)


class TestLayers:
    def test_the_last_one_is_on_top(self, tmp_path: Path) -> None:
        header = "analyte,usual_unit,aliases\n"
        low = written(tmp_path / "low", {"analytes.csv": f"{header}hemoglobin,g/L,lowname\n"})
        top = written(tmp_path / "top", {"analytes.csv": f"{header}hemoglobin,mmol/L,topname\n"})
        lexicon = Extractor(extra_patterns=[low, top]).lexicon
        assert lexicon.analytes["hemoglobin"].usual_unit == "mmol/L"
        assert lexicon.analytes["hemoglobin"].loinc == "718-7"
        for alias in ("hgb", "lowname", "topname"):
            assert lexicon.names.get(alias) == ("analyte", "hemoglobin")
        other_way = Extractor(extra_patterns=[top, low]).lexicon
        assert other_way.analytes["hemoglobin"].usual_unit == "g/L"

    def test_tables_merge_lists_are_appended_to_and_values_replace(self, tmp_path: Path) -> None:
        base = written(tmp_path / "base", {"a.toml": 'one = 1\nlist = ["x"]\n[t]\nk = 1\nl = 2\n[[r]]\nid = "a"\n'})
        over = written(tmp_path / "over", {"a.toml": 'one = 2\nlist = ["y"]\nnew = 3\n[t]\nk = 5\n[[r]]\nid = "b"\n'})
        file = Patterns(base, (over,)) / "a.toml"
        assert read_toml(file) == {
            "one": 2,
            "list": ["x", "y"],
            "new": 3,
            "t": {"k": 5, "l": 2},
            "r": [{"id": "a"}, {"id": "b"}],
        }
        assert locate(file, ("r", 1, "id")) == (1, over / "a.toml", ("r", 0, "id"))
        assert locate(file, ("r", 0, "id")) == (0, base / "a.toml", ("r", 0, "id"))
        assert locate(file, ("t", "l")) == (0, base / "a.toml", ("t", "l"))
        assert locate(file, ("list",), "x") == (0, base / "a.toml", ("list",))

    def test_a_label_that_ships_is_extended(self, tmp_path: Path) -> None:
        over = written(tmp_path, {"entities/performance_status.toml": '[scales]\nECOG = ["ward score"]\n'})
        facts = Extractor(extra_patterns=over).annotate("Ward score 0-1").facts
        assert [(f.label, f.text, f.attributes["scale"]) for f in facts] == [("PERFORMANCE_STATUS", "0-1", "ECOG")]

    def test_a_drug_can_be_taken_out(self, tmp_path: Path) -> None:
        over = written(tmp_path, {"drugs.csv": "drug,kind\nprednisone,not_drug\n"})
        rows = {
            row["drug"]: row["kind"] for _, row in read_csv(find_patterns(None, over) / "drugs.csv", ("drug", "kind"))
        }
        assert (rows["prednisone"], rows["cisplatin"]) == ("not_drug", "name")

    def test_the_hash_covers_all(self, over: Path, tmp_path: Path) -> None:
        other = written(tmp_path / "other", {"drugs.csv": "drug,kind\nx1,name\n"})
        layers: list[list[Path]] = [[], [over], [other], [over, other], [other, over]]
        hashes = [hash_patterns(find_patterns(None, some)) for some in layers]
        assert len(set(hashes)) == len(layers)
        assert hashes[0] == hash_patterns(patterns_dir())

    def test_hidden_files_and_a_readme_are_none_of_its_business(self, tmp_path: Path) -> None:
        written(tmp_path, {"README.md": "ours", ".git/config": "", "drugs.csv": "drug,kind\nx1,name\n"})
        assert find_patterns(None, tmp_path).over == (tmp_path,)


@pytest.mark.parametrize(
    ("name", "content", "place", "reason"),
    [
        (
            "analytes.csv",
            "analyte,aliases,kinds\ncopeptin,plt,molar\n",
            ":2",
            "'plt' names platelets already (analytes.csv:",
        ),
        ("analytes.csv", "analyte,aliases,kinds\ncopeptin,BMI,molar\n", ":2", "'BMI' names bmi already (measures.csv:"),
        ("analytes.csv", "analyte,aliases\ncopeptin,copeptin\n", ":2", "kinds ''; known are"),
        ("analytes.csv", "analyte,kinds\nhemoglobin,masses\n", ":2", "kinds 'masses'; known are"),
        ("analytes.csv", "analyte,alias\nhemoglobin,x\n", ":1", "expected the header analyte,aliases"),
        ("analytes.csv", "analyte,aliases\nhemoglobin,a\nhemoglobin,b\n", ":3", "'hemoglobin' is already in "),
        ("measures.csv", "measure,aliases\nlung_age,hgb\n", ":2", "'hgb' names hemoglobin already (analytes.csv:"),
        ("units.csv", "surface,ucum,kind\n\nsmidgens,Gy,dosis\n", ":3", "unknown kind 'dosis'"),
        ("units.csv", "surface,ucum,kind\nsmidgens,Gy\n", ":2", "expected 3 cells, found 2"),
        ("drugs.csv", "drug,kind\nquellon,nam\n", ":2", "kind 'nam'; expected name"),
        ("comparators.toml", '[before]\nlt = [\n  "at least",\n]\n', ":3", "'at least' is listed under ge and lt"),
        ("comparators.toml", '[befor]\nge = ["x"]\n', ":1", "unknown key 'befor'"),
        ("comparators.toml", '[before]\nge = "x"\n', ":2", "expected a list, as in the rules below"),
        ("comparators.toml", "[before\n", ":1", "Expected ']'"),
        ("sections.toml", HEADING.replace("inline", "online"), ":5", "unknown key 'online'"),
        (
            "sections.toml",
            HEADING.replace('"exclusion"\npol', '"x"\npol').replace('= "exclusion"', '= "out"'),
            ":",
            "out",
        ),
        ("context.json", CONTEXT.replace("formerly", "prior"), ":2", "the literal occurs twice"),
        (
            "context.json",
            CONTEXT.replace("HISTORICAL", "HISTORIC"),
            ":2",
            "category is 'HISTORIC'; expected",
        ),
        ("context.json", "{", ":1", "Expecting property name"),
        ("entities/washout.toml", LABEL.replace("kinds", "kids"), ":8", "unknown key 'kids'"),
        ("entities/washout.toml", LABEL.replace('"WASHOUT"', '"LAB"'), ":2", "two files have the label 'LAB'"),
        ("entities/washout.toml", LABEL.replace('"generic"', '"magic"'), ":4", "unknown engine 'magic'"),
        ("entities/lab.toml", 'enough = ["copeptine"]\n', ":1", "unknown analyte 'copeptine' (not in analytes.csv)"),
        ("entities/age.toml", '[words]\nbefore = ["(x"]\n', ":2", "missing ), unterminated subpattern"),
        (
            "analyte.csv",
            "analyte,aliases\n",
            "",
            "no file of rules has this name; known are alpha_beta.csv, analytes.csv",
        ),
        ("entities/washout.csv", "x\n", "", "no file of rules has this name"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, name: str, content: str, place: str, reason: str) -> None:
    written(tmp_path, {name: content})
    with pytest.raises(PatternError) as error:
        Extractor(extra_patterns=tmp_path)
    assert str(error.value).startswith(f"{tmp_path / name}{place}")
    assert reason in str(error.value)
    if place:
        problems = check_patterns(find_patterns(None, tmp_path))[0]
        assert f"{tmp_path / name}{place}" in {
            f"{p.file}:{p.line}"[: len(f"{tmp_path / name}{place}")] for p in problems
        }


def test_folders_that_are_no_rules(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match="no such folder of patterns"):
        find_patterns(None, tmp_path / "nowhere")
    with pytest.raises(PatternError, match=r"holds no rules; expected some of alpha_beta\.csv, analytes\.csv"):
        find_patterns(None, tmp_path)
    with pytest.raises(PatternError, match="is a complete folder of rules"):
        find_patterns(None, patterns_dir())


@pytest.mark.slow
class TestCheck:
    def test_rules_without_a_mistake(self, over: Path) -> None:
        problems, files, run = check_patterns(find_patterns(None, over))
        shipped = [path for path in patterns_dir().rglob("*") if path.suffix in (".csv", ".json", ".toml")]
        assert problems == []
        assert (files, run) == (len(shipped) + len(FILES), len(examples(patterns_dir())) + 6)

    def test_examples_that_do_not_hold(self, over: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def examples_of_own(patterns: Patterns) -> list[Example]:
            return [example for example in examples(patterns) if re.search("out|formerly|later 50", example.text)]

        monkeypatch.setattr("trialsift.checks.patterns.examples", examples_of_own)  # all are run above
        mistakes = [
            ("entities/washout.toml", "low = 12", "low = 11", 14),
            ("sections.toml", '"Keep out:"', '"Stay out:"', 7),
            ("context.json", '"text": "formerly', '"text": "later', 3),
        ]
        for name, old, new, _ in mistakes:
            content = FILES[name].replace(old, new)
            assert content != FILES[name]
            (over / name).write_text(content, encoding="utf-8")
        done = CliRunner().invoke(app, ["check", "--patterns", str(over)])
        assert done.exit_code == 1
        for name, _, _, line in mistakes:
            assert f"{over / name}:{line}: error" in done.stdout
        assert done.stdout.splitlines()[-1].startswith("3 errors, 0 warnings in ")


#: Values of another kind than a file asks for, which a reader need not foresee one by one.
SHAPES = {
    "a bar at the end of aliases": ("analytes.csv", "analyte,aliases,usual_unit,kinds\nzork,zork||,g/dL,mass\n"),
    "a unit without a surface": ("units.csv", "surface,ucum,kind\n,g,mass\n"),
    "a stem that is no expression": ("drugs.csv", "drug,kind\n(zork,stem\n"),
    "an empty comparator": ("comparators.toml", '[before]\nge = [""]\n'),
    "a number as comparator": ("comparators.toml", "[before]\nge = [5]\n"),
    "a number as heading": ("sections.toml", HEADING.replace('["keep out"]', "[1]")),
    "a rule that is no table": ("context.json", '{"context_rules": ["no"]}'),
    "columns that are no list": (
        "entities/washout.toml",
        LABEL.replace('["interval", ["unit", "string", "UCUM"]]', "5"),
    ),
    "kinds that are no list": ("entities/washout.toml", LABEL.replace('kinds = ["time"]', "kinds = 5")),
    "a name that is no text": ("entities/washout.toml", LABEL.replace('["washout"]', "[5]")),
    "one bracket too few": ("entities/washout.toml", LABEL.replace("[[rule]]", "[rule]")),
    "a measure that is no table": ("entities/measurement.toml", "[measures]\nfvc = 5\n"),
    "bounds that are no table": ("entities/measurement.toml", "[measures.lvef]\nvalues = [10]\n"),
    "a bound that is no number": ("entities/measurement.toml", '[measures.lvef.values]\nlow = "10"\n'),
    "a scale without scores": ("entities/performance_status.toml", '[scales]\nfoo = ["foo scale"]\n'),
    "a scope that is no number": ("context.json", CONTEXT.replace('"metadata"', '"max_scope": "3", "metadata"', 1)),
    "a scope below one": ("context.json", CONTEXT.replace('"metadata"', '"max_scope": -3, "metadata"', 1)),
    "an attribute of the interval": ("entities/washout.toml", LABEL.replace("kinds", 'attribute = "low"\nkinds')),
    "an attribute without a column": ("entities/washout.toml", LABEL.replace("kinds", 'attribute = "zonk"\nkinds')),
    "a file in another encoding": ("units.csv", "surface,ucum,kind\nµg-like,ug,mass\n".encode("latin-1")),
}


@pytest.mark.parametrize("case", SHAPES)
@pytest.mark.parametrize("way", ["Extractor", "load", "show", "check"])
def test_a_value_of_another_kind_is_no_traceback(tmp_path: Path, case: str, way: str) -> None:
    name, content = SHAPES[case]
    own = tmp_path / "own"
    (own / name).parent.mkdir(parents=True)
    (own / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    if way in ("show", "check"):
        (tmp_path / "text.txt").write_text("Age 18 years", encoding="utf-8")
        command = [
            way,
            *([str(tmp_path / "text.txt"), "--labels", "all"] if way == "show" else []),
            "--patterns",
            str(own),
        ]
        done = CliRunner().invoke(app, command)
        assert isinstance(done.exception, PatternError) or (way == "check" and done.exit_code == 1)
        assert str(own) in (done.stdout if way == "check" else str(done.exception))
        return
    with pytest.raises(PatternError) as error:
        (trialsift.load if way == "load" else Extractor)(labels="all", extra_patterns=own)
    assert str(own) in str(error.value)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("table", "../x", "expected small letters, digits and _"),
        ("table", "Washouts", "expected small letters, digits and _"),
        ("table", "trials", "a table or a view that every run may have"),
        ("table", "eligible_labs", "a table or a view that every run may have"),
        ("label", "", "expected capitals, digits and _"),
        ("label", "Washout", "expected capitals, digits and _"),
        ("colour", "red}</style>", "expected # and six hexadecimal digits"),
    ],
)
def test_names_that_a_label_cannot_have(tmp_path: Path, key: str, value: str, reason: str) -> None:
    before = next(line for line in LABEL.splitlines() if line.startswith(f"{key} ="))
    written(tmp_path, {"entities/washout.toml": LABEL.replace(before, f"{key} = {json.dumps(value)}")})
    with pytest.raises(PatternError, match=r"washout\.toml:\d+: ") as error:
        Extractor(extra_patterns=tmp_path)
    assert reason in str(error.value)


@pytest.mark.parametrize("column", ["doc_id", "polarity", "low"])
def test_a_column_that_is_there_already(tmp_path: Path, column: str) -> None:
    columns = f'["interval", ["{column}", "string", "again"]]'
    written(tmp_path, {"entities/washout.toml": LABEL.replace('["interval", ["unit", "string", "UCUM"]]', columns)})
    with pytest.raises(PatternError, match=rf"'{column}' (?:stands twice|is a column of every table)"):
        Extractor(extra_patterns=tmp_path)


def test_no_table_or_view_of_a_run_is_a_labels() -> None:
    pytest.importorskip("duckdb")
    from trialsift.rules.label_file import TAKEN
    from trialsift.rules.labels import shipped_labels
    from trialsift.tables.files.duckdb_views import VIEWS
    from trialsift.tables.schema import table_columns

    fixed = {*table_columns()} - {label.table for label in shipped_labels()}
    assert {*fixed, *(view.name for view in VIEWS), "documents", "errors", "facts"} == TAKEN


def test_rules_that_change_are_read_again(tmp_path: Path) -> None:
    """In a notebook or a server, where what rules were made into is kept."""
    usual = []
    for unit in ("g/dL", "g/L"):
        written(tmp_path, {"analytes.csv": f"analyte,aliases,usual_unit,kinds\nzork,zork,{unit},mass\n"})
        labs = trialsift.extract(["Inclusion Criteria: zork above 9 g/dL"], extra_patterns=tmp_path).labs
        usual.append((labs["usual_low"][0], labs["usual_unit"][0], hash_patterns(find_patterns(None, tmp_path))))
    assert [one[:2] for one in usual] == [(9, "g/dL"), (90, "g/L")]
    assert usual[0][2] != usual[1][2]


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_files_as_office_programs_save_them(tmp_path: Path, bom: str) -> None:
    written(tmp_path, {"analytes.csv": f"{bom}analyte,aliases,usual_unit,kinds\r\nzork,zork,g/dL,mass\r\n"})
    written(tmp_path, {"entities/washout.toml": bom + LABEL.replace("\n", "\r\n")})
    (tmp_path / "._analytes.csv").write_bytes(b"\x00\xb5")
    nlp = trialsift.load(extra_patterns=tmp_path)
    assert [fact["label"] for fact in nlp("Zork > 9 g/dL. Washout of at least 12 weeks")._.trialsift] == [
        "LAB",
        "WASHOUT",
    ]


def test_a_missing_folder_is_told_before_it_is_saved(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift", config={"extra_patterns": [str(tmp_path / "nope")]})
    with pytest.raises(PatternError, match="nope: no such folder of patterns"):
        nlp.to_disk(tmp_path / "saved")
    with pytest.raises(PatternError, match="nope: no such folder of patterns"):
        nlp.to_bytes()


@pytest.mark.parametrize("labels", [["default", "MEASUREMENT"], ["all"], ["lab", "Measurement"], "MEASUREMENT"])
def test_labels_are_named_alike_everywhere(labels: Any) -> None:
    text = "Inclusion Criteria: LVEF ≥ 50 %"
    assert len(trialsift.extract([text], labels=labels).measurements) == 1
    nlp = trialsift.load(labels=labels)
    doc = nlp(text)
    assert [span.label_ for span in doc.spans["trialsift"]] == ["MEASUREMENT"]
    assert [fact.label for fact in Extractor(labels=labels).annotate(text).facts] == ["MEASUREMENT"]
