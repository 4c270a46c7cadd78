import json
import shutil
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.support.doubles import FakeExtractor, fact_in, gold_annotation, write_texts
from trialsift import __version__
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation, Regimen
from trialsift.rules.files import PatternError, find_patterns, patterns_dir
from trialsift.rules.layers import hash_patterns
from trialsift.runs.extract.run import PageError, extract_run
from trialsift.runs.extract.summary import Summary
from trialsift.tables.files import read_table
from trialsift.tables.schema import table_columns

TABLES = list(table_columns())
ADULTS = "Age ≥ 18 years\n"


@pytest.fixture
def patterns(tmp_path: Path) -> Path:
    """A folder of rules of its own: what a run notes of it must not depend on the shipped one."""
    folder = tmp_path / "rules"
    shutil.copytree(patterns_dir(), folder)
    with (folder / "units.csv").open("a", encoding="utf-8") as units:
        units.write("# changed\n")
    return folder


@pytest.fixture
def run(tmp_path: Path, patterns: Path) -> Any:
    """extract_run into tmp_path/out with a stand-in for the extractor."""

    def call(*inputs: Path | str, **options: Any) -> Summary:
        options = {"out": tmp_path / "out", "extractor": FakeExtractor(), "patterns": patterns, **options}
        return extract_run(inputs, options.pop("out"), **options)

    return call


def _tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _annotations(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "annotations.jsonl").read_bytes().decode().split("\n")[:-1]]


class TestResults:
    @pytest.mark.parametrize(
        ("formats", "endings"),
        [(("csv",), {".csv"}), (("parquet",), {".parquet"}), (("csv", "parquet"), {".csv", ".parquet"})],
    )
    def test_the_files_of_a_run(self, run: Any, tmp_path: Path, formats: tuple[str, ...], endings: set[str]) -> None:
        summary = run(write_texts(tmp_path / "in", a=ADULTS), formats=formats)
        expected = {f"tables/{name}{ending}" for name in TABLES for ending in endings}
        assert set(_tree(tmp_path / "out")) == {"annotations.jsonl", "errors.csv", "run.json", *expected}
        assert set(summary.files) == set(_tree(tmp_path / "out"))

    def test_annotations_are_in_the_gold_format(self, run: Any, tmp_path: Path) -> None:
        run(write_texts(tmp_path / "in", a=ADULTS, b="nothing\u2028here\r\n"))
        one, two = _annotations(tmp_path / "out")
        assert one == {
            "doc_id": "a",
            "text": ADULTS,
            "meta": {"source": "a.txt"},
            "regimens": [],
            "spans": [
                {
                    "id": 0,
                    "start": 6,
                    "end": 8,
                    "label": "AGE",
                    "text": "18",
                    "rule": "test",
                    "attributes": {
                        "polarity": "inclusion",
                        "low": 18,
                        "low_inclusive": True,
                        "high": None,
                        "high_inclusive": None,
                        "unit": "a",
                        "scope": "trial",
                    },
                }
            ],
            "criteria": [
                {
                    "criterion": 1,
                    "polarity": "inclusion",
                    "start": 0,
                    "end": len(ADULTS),
                    "any_of": [{"span": 0, "label": "AGE", "low": 18.0, "low_inclusive": True, "unit": "a"}],
                }
            ],
            "confidence": {"spans": [one["confidence"]["spans"][0]], "regimens": []},
        }
        assert 0.9 < one["confidence"]["spans"][0] < 1
        assert (two["doc_id"], two["text"], two["spans"]) == ("b", "nothing\u2028here\r\n", [])

    def test_offsets_slice_back_where_lines_end_in_crlf_after_a_byte_order_mark(self, run: Any, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes("\ufeffline\r\nAge ≥ 18\r\n".encode())
        run(tmp_path / "a.txt")
        [record] = _annotations(tmp_path / "out")
        [span] = record["spans"]
        assert record["text"][span["start"] : span["end"]] == span["text"] == "18"

    def test_the_source_is_the_file_relative_to_the_folder(self, run: Any, tmp_path: Path) -> None:
        write_texts(tmp_path / "in" / "deep", a=ADULTS)
        run(tmp_path / "in")
        assert _annotations(tmp_path / "out")[0]["meta"] == {"source": "deep/a.txt"}

    def test_tables_have_the_rows_of_all_documents_in_order(self, run: Any, tmp_path: Path) -> None:
        run(write_texts(tmp_path / "in", a=ADULTS, b="nothing", c=ADULTS))
        assert read_table(tmp_path / "out/tables/ages.csv")["doc_id"].tolist() == ["a", "c"]
        assert read_table(tmp_path / "out/tables/trials.csv")[["doc_id", "n_ages"]].to_numpy().tolist() == [
            ["a", 1],
            ["b", 0],
            ["c", 1],
        ]

    def test_the_summary_counts_every_label(self, run: Any, tmp_path: Path) -> None:
        text = "50 Gy"
        annotation = Annotation((fact_in(text, "50 Gy", "DOSE", low=50, high=50),), (Regimen((0,)), Regimen((0,))))
        summary = run(
            write_texts(tmp_path / "in", a=text, b=text, c=text), extractor=FakeExtractor(lambda _: annotation)
        )
        assert (summary.documents, summary.regimens, summary.failures, summary.exit_status) == (3, 3, (), 0)
        assert summary.failed == summary.resumed == 0
        assert summary.facts == {"DOSE": 3, "FRACTIONS": 0, "AGE": 0, "PERFORMANCE_STATUS": 0, "LAB": 0}

    def test_no_errors_is_a_header_alone(self, run: Any, tmp_path: Path) -> None:
        run(write_texts(tmp_path / "in", a=ADULTS))
        assert (tmp_path / "out/errors.csv").read_text(encoding="utf-8") == "file,record,code,message,what_to_do\n"

    def test_progress_is_told_before_each_document_and_at_the_end(self, run: Any, tmp_path: Path) -> None:
        calls: list[tuple[int, int, str]] = []
        run(write_texts(tmp_path / "in", a=ADULTS, b="x"), progress=lambda *call: calls.append(call))
        assert calls == [(0, None, "a.txt"), (1, None, "b.txt"), (2, 2, "")]

    def test_the_gold_of_the_seeds_becomes_tables(self, run: Any, tmp_path: Path, shared_corpora: Path) -> None:
        lines = (shared_corpora / "seeds.jsonl").read_text(encoding="utf-8").split("\n")
        gold = {record["doc_id"]: record for record in map(json.loads, filter(None, lines))}
        by_text = {record["text"]: gold_annotation(record) for record in gold.values()}
        folder = write_texts(tmp_path / "in", **{name: record["text"] for name, record in gold.items()})
        summary = run(folder, extractor=FakeExtractor(by_text.__getitem__))
        assert summary.failures == ()
        assert sum(summary.facts.values()) == sum(len(record["spans"]) for record in gold.values())
        trials = read_table(tmp_path / "out/tables/trials.csv").set_index("doc_id")
        assert trials.loc["NCT06980259", "regimens"] == "15–20 × 3 Gy = 45–60 Gy; 3–4 × 8–15 Gy = 24–60 Gy"
        assert trials.loc["NCT03651375", ["age_low", "age_high", "ecog_high"]].tolist() == [18, 100, 2]


class TestRunJson:
    def test_what_the_run_was_made_with(self, run: Any, tmp_path: Path, patterns: Path) -> None:
        run(write_texts(tmp_path / "in", a=ADULTS), argv=["extract", "in", "--out", "out"])
        report = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
        assert report["versions"]["trialsift"] == __version__
        assert report["versions"]["pandas"] == version("pandas")
        libraries = {"spacy", "medspacy", "scispacy", "pandas", "trafilatura", "pypdfium2", "charset-normalizer"}
        assert set(report["versions"]) == {"trialsift", "python", *libraries}
        assert report["arguments"] == ["extract", "in", "--out", "out"]
        assert report["patterns"] == {"folder": str(patterns), "sha256": hash_patterns(patterns)}
        assert report["formats"] == ["csv"]
        assert datetime.fromisoformat(report["started"]).tzinfo is not None
        assert report["duration_seconds"] >= 0

    def test_what_came_of_it(self, run: Any, tmp_path: Path) -> None:
        run(write_texts(tmp_path / "in", a=ADULTS, b="x", c=""))
        report = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
        assert report["counts"] == {
            "documents": 2,
            "regimens": 0,
            "implausible_regimens": 0,
            "implausible_facts": {},
            "unusual_directions": 0,
            "errors": 1,
            "errors_by_code": {"empty": 1},
            "encodings": {},
            "age_limits_in_registry_and_text": 0,
            "age_limits_that_agree": 0,
            "cut_cells": {},
            "facts": {"DOSE": 0, "FRACTIONS": 0, "AGE": 1, "PERFORMANCE_STATUS": 0, "LAB": 0},
        }
        assert report["exit_status"] == 1


class TestFailures:
    def test_a_bad_file_leaves_its_neighbours_alone(self, run: Any, tmp_path: Path) -> None:
        write_texts(tmp_path / "in", a=ADULTS, c=ADULTS)
        (tmp_path / "in/b.txt").write_bytes(b"\0\0")
        summary = run(tmp_path / "in")
        assert (summary.documents, summary.exit_status) == (2, 1)
        assert [r["doc_id"] for r in _annotations(tmp_path / "out")] == ["a", "c"]
        errors = read_table(tmp_path / "out/errors.csv")
        assert errors["record"].isna().all()
        [row] = errors.to_dict("records")
        assert row["file"] == str(tmp_path / "in/b.txt")
        assert row["code"] == "binary"
        assert "no text" in row["message"]
        assert "plain text" in row["what_to_do"]

    def test_an_exception_of_the_extractor_is_the_documents_own(self, run: Any, tmp_path: Path) -> None:
        write_texts(tmp_path / "in", a=ADULTS, b="stone 18", c=ADULTS)
        summary = run(tmp_path / "in", extractor=FakeExtractor.failing_on("stone"))
        [failure] = summary.failures
        assert (failure.file, failure.record, failure.code) == (str(tmp_path / "in/b.txt"), "b", "internal")
        assert failure.message == "ZeroDivisionError: stumbled over stone"
        assert read_table(tmp_path / "out/tables/trials.csv")["doc_id"].tolist() == ["a", "c"]

    @pytest.mark.parametrize(
        ("attributes", "message"),
        [
            ({"low": "18"}, "low is '18', expected Float64"),
            ({"low": float("nan")}, "not JSON compliant"),
            ({"low": float("inf")}, "not JSON compliant"),
        ],
    )
    def test_a_fact_that_no_table_can_hold_leaves_no_half_results(
        self, run: Any, tmp_path: Path, attributes: dict[str, Any], message: str
    ) -> None:
        def annotate(text: str) -> Annotation:
            return Annotation((fact_in(text, "18", "AGE", **(attributes if "bad" in text else {"low": 18.0})),))

        write_texts(tmp_path / "in", a=ADULTS, b="bad 18")
        summary = run(tmp_path / "in", extractor=FakeExtractor(annotate))
        [failure] = summary.failures
        assert message in failure.message
        assert [r["doc_id"] for r in _annotations(tmp_path / "out")] == ["a"]
        assert read_table(tmp_path / "out/tables/ages.csv")["doc_id"].tolist() == ["a"]

    def test_when_all_fail_the_tables_are_empty(self, run: Any, tmp_path: Path) -> None:
        summary = run(write_texts(tmp_path / "in", a="", b=""))
        assert (summary.documents, len(summary.failures), summary.exit_status) == (0, 2, 1)
        assert len(read_table(tmp_path / "out/tables/trials.csv")) == 0


class TestPage:
    def test_the_page_uses_the_patterns_of_the_run(
        self, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patterns: Path
    ) -> None:
        asked: list[Any] = []
        write_view = "trialsift.runs.extract.run.write_view"
        monkeypatch.setattr(write_view, lambda out, **options: asked.append((out, options)))
        summary = run(write_texts(tmp_path / "in", a=ADULTS), view=True)
        assert asked == [(tmp_path / "out", {"force": True, "patterns": find_patterns(patterns)})]
        assert "view.html" in summary.files

    def test_a_page_that_fails_costs_no_results(
        self, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise ValueError("no plot today")

        monkeypatch.setattr("trialsift.runs.extract.run.write_view", fail)
        with pytest.raises(PageError, match=r"no plot today.*all other results are there") as caught:
            run(write_texts(tmp_path / "in", a=ADULTS), view=True)
        assert caught.value.exit_code == 1
        assert len(_annotations(tmp_path / "out")) == 1
        assert (tmp_path / "out" / "run.json").exists()

    def test_without_documents_there_is_no_page(self, run: Any, tmp_path: Path) -> None:
        assert "view.html" not in run(write_texts(tmp_path / "in", a=" "), view=True).files


class TestOut:
    def test_parents_are_made(self, run: Any, tmp_path: Path) -> None:
        run(write_texts(tmp_path / "in", a=ADULTS), out=tmp_path / "x/y/z")
        assert (tmp_path / "x/y/z/run.json").is_file()

    @pytest.mark.parametrize("hidden", [None, ".gitkeep", ".DS_Store"])
    def test_an_empty_folder_will_do(self, run: Any, tmp_path: Path, hidden: str | None) -> None:
        (tmp_path / "out").mkdir()
        if hidden:
            (tmp_path / "out" / hidden).touch()
        run(write_texts(tmp_path / "in", a=ADULTS))
        assert (tmp_path / "out/run.json").is_file()
        assert hidden is None or (tmp_path / "out" / hidden).exists()

    @pytest.mark.parametrize("force", [False, True])
    @pytest.mark.parametrize(
        ("existing", "expected"), [("out", "is a file"), ("out/thesis.docx", "not empty and holds no run")]
    )
    def test_foreign_things_are_never_replaced(
        self, run: Any, tmp_path: Path, existing: str, expected: str, force: bool
    ) -> None:
        (tmp_path / existing).parent.mkdir(exist_ok=True)
        (tmp_path / existing).write_text("mine", encoding="utf-8")
        with pytest.raises(UserError, match=expected):
            run(write_texts(tmp_path / "in", a=ADULTS), force=force)
        assert (tmp_path / existing).read_text(encoding="utf-8") == "mine"

    @pytest.mark.parametrize("left", ["run.json", "annotations.jsonl"])
    def test_an_earlier_run_needs_force(self, run: Any, tmp_path: Path, left: str) -> None:
        folder = write_texts(tmp_path / "in", a=ADULTS)
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / left).write_text("old", encoding="utf-8")
        with pytest.raises(UserError, match="--force"):
            run(folder)
        assert _tree(tmp_path / "out") == {left: b"old"}
        run(folder, force=True)
        assert (tmp_path / "out" / left).read_bytes() != b"old"

    def test_force_replaces_the_run_and_keeps_what_is_not_its_own(self, run: Any, tmp_path: Path) -> None:
        folder = write_texts(tmp_path / "in", a=ADULTS)
        run(folder, formats=("csv", "parquet"))
        for name in ("notes.md", "tables/mine.csv"):
            (tmp_path / "out" / name).write_text("mine", encoding="utf-8")
        write_texts(folder, b=ADULTS)
        run(folder, force=True)
        tree = _tree(tmp_path / "out")
        assert tree["notes.md"] == tree["tables/mine.csv"] == b"mine"
        assert len(_annotations(tmp_path / "out")) == 2
        assert not [name for name in tree if name.endswith(".parquet")], "tables of the earlier run would contradict"

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
    @pytest.mark.parametrize("before", [False, True])
    def test_a_run_that_is_stopped_leaves_an_earlier_one_as_it_was(
        self, run: Any, tmp_path: Path, before: bool, error: type[BaseException]
    ) -> None:
        folder = write_texts(tmp_path / "in", a=ADULTS, b=ADULTS)
        if before:
            run(folder)
        tree = _tree(tmp_path)

        def stop(done: int, total: int | None, name: str) -> None:
            if done == 1:
                raise error

        with pytest.raises(error):
            run(folder, force=True, progress=stop)
        after = _tree(tmp_path)
        assert {name: after[name] for name in tree} == tree
        assert {name for name in after if name not in tree} >= {"out/.partial/journal.jsonl"}


class TestMisuse:
    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            (
                {"formats": ("xls",)},
                UserError,
                "xls: no format of tables; choose csv, parquet, jsonl, xlsx, duckdb, omop or fhir",
            ),
            ({"formats": ()}, UserError, "choose csv, parquet, jsonl, xlsx, duckdb, omop or fhir"),
            ({"patterns": Path("/nowhere")}, PatternError, "no such folder of patterns"),
        ],
    )
    def test_nothing_is_written(
        self, run: Any, tmp_path: Path, options: dict[str, Any], error: type[Exception], message: str
    ) -> None:
        with pytest.raises(error, match=message):
            run(write_texts(tmp_path / "in", a=ADULTS), **options)
        assert not (tmp_path / "out").exists()

    def test_inputs_are_checked_before_anything_is_written(self, run: Any, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="no such file"):
            run(tmp_path / "absent")
        assert not (tmp_path / "out").exists()
