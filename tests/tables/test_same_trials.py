"""Registry fields in `trials`, and documents of one trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.registry.registry_inputs import FIXTURES
from tests.support.doubles import FakeExtractor
from trialsift.model.document import RegistryFields
from trialsift.model.fact import Annotation
from trialsift.runs.extract.run import extract_run
from trialsift.tables.files import read_table
from trialsift.tables.rows import make_document_rows
from trialsift.tables.same_trials import SameTrials, find_trial_numbers


def test_fields_of_a_record_stand_in_trials() -> None:
    registry = RegistryFields(
        conditions=("Glioma", "Astrocytoma"),
        title="Two\nlines",
        phase="II",
        study_type="Interventional",
        status="Ongoing",
        enrolment=60,
        start_date="2098-05",
        sponsor_class="OTHER",
        registry="CTIS",
        other_ids=("NCT99000911", "ISRCTN99000901"),
    )
    [row] = make_document_rows("x", "Text", Annotation(), registry=registry)["trials"]
    assert {name: row[name] for name in list(row)[list(row).index("title") :]} == {
        "title": "Two lines",
        "conditions": "Glioma; Astrocytoma",
        "phase": "II",
        "study_type": "Interventional",
        "status": "Ongoing",
        "enrolment": 60,
        "start_date": "2098-05",
        "sponsor_class": "OTHER",
        "registry": "CTIS",
        "other_ids": "NCT99000911; ISRCTN99000901",
        "regimens": None,
        "age_from": None,
    }


@pytest.mark.parametrize(
    ("doc_id", "registry", "numbers"),
    [
        (
            "2098-000901-24-BE",
            RegistryFields(other_ids=("NCT99000911", "PMID99000901")),
            ("2098-000901-24", "NCT99000911"),
        ),
        ("PMC99000901", RegistryFields("NCT99000911", other_ids=("NCT99000911",)), ("NCT99000911",)),
        ("study NCT99000911", None, ("NCT99000911",)),
        ("a", None, ()),
    ],
)
def test_numbers(doc_id: str, registry: RegistryFields | None, numbers: tuple[str, ...]) -> None:
    assert find_trial_numbers(doc_id, registry) == numbers


def test_the_first_document_with_a_number_in_common() -> None:
    same = SameTrials()
    assert [
        same.find("a", ["1"]),
        same.find("b", ["2"]),
        same.find("c", ["3", "1"]),
        same.find("d", ["3"]),
        same.find("e", []),
        same.find("f", ["2", "1"]),
    ] == [None, None, "a", "a", None, "b"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_trials_of_several_registries(jobs: int, tmp_path: Path) -> None:
    """EUCTR's records of countries, and a record of ClinicalTrials.gov that states the EudraCT number."""
    folder = tmp_path / "in"
    folder.mkdir()
    euctr = (
        (FIXTURES / "registries" / "euctr.txt").read_text(encoding="utf-8").replace("2098-000901-24", "2022-000901-24")
    )
    (folder / "b.txt").write_text(euctr, encoding="utf-8")
    (folder / "a.json").write_bytes((FIXTURES / "NCT99000901.json").read_bytes())
    (folder / "c.txt").write_text("Age 18 years", encoding="utf-8")
    formats = ["csv", "jsonl", "parquet", "duckdb"]
    extract_run([folder], tmp_path / "out", extractor=FakeExtractor(), formats=formats, jobs=jobs)  # type: ignore[arg-type]
    expected = {
        "NCT99000901": None,
        "2022-000901-24-BE": "NCT99000901",
        "2022-000901-24-ES": "NCT99000901",
        "2022-000901-24-ES-2": "NCT99000901",
        "2098-000902-24-3RD": None,
        "c": None,
    }
    for ending in ("csv", "jsonl", "parquet"):
        table = read_table(tmp_path / "out" / "tables" / f"trials.{ending}")
        found = table["same_trial_as"].astype(object).where(table["same_trial_as"].notna(), None)
        assert dict(zip(table["doc_id"], found, strict=True)) == expected, ending
    import duckdb

    with duckdb.connect(str(tmp_path / "out" / "trialsift.duckdb"), read_only=True) as database:
        assert dict(database.sql("SELECT doc_id, same_trial_as FROM trials").fetchall()) == expected
