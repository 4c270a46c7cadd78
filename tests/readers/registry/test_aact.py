"""AACT's tables."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest

from tests.readers.registry.registry_inputs import FIXTURES, documents, in_memory, part, results
from trialsift.model.document import Document, RegistryFields
from trialsift.readers import Input, ReadFailure, find_inputs
from trialsift.readers.registry.aact import is_aact_folder

HEADER = "id|nct_id|gender|minimum_age|maximum_age|healthy_volunteers|criteria\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables, to be changed."""
    return Path(shutil.copytree(FIXTURES / "aact", tmp_path / "aact"))


def of_folder(folder: Path, **limits: int) -> list[Document | ReadFailure]:
    (source,) = find_inputs([folder])
    assert isinstance(source, Input)
    return results(source, **limits)


def failures(folder: Path, **limits: int) -> list[tuple[str, str, str]]:
    """File, place in it and code of what fails."""
    found = [f for f in of_folder(folder, **limits) if isinstance(f, ReadFailure)]
    return [(Path(f.place).name, f.record, f.code) for f in found]


def change(table: Path, before: str, after: str) -> None:
    text = table.read_text(encoding="utf-8")
    assert before in text
    table.write_text(text.replace(before, after), encoding="utf-8")


def test_rows_of_all_tables_are_joined_in_the_order_of_the_numbers() -> None:
    found = documents(FIXTURES / "aact")
    assert list(found) == ["NCT99000901", "NCT99000902", "NCT99000903"]
    document = found["NCT99000901"]
    assert document.registry == RegistryFields(
        "NCT99000901",
        "18 Years",
        None,
        "FEMALE",
        False,
        ("Breast Cancer",),
        "One-week Whole-breast Radiotherapy After Breast-conserving Surgery",
        "PHASE3",
        "INTERVENTIONAL",
        "RECRUITING",
        400,
        "2023-01-16",
        "OTHER",
        "ClinicalTrials.gov",
        ("2022-000901-24",),
    )
    assert document.source == "aact"
    assert '("induration")' in part(document, "brief_summary")
    assert part(document, "eligibility").startswith("Inclusion Criteria:\n\n* Women aged \\>= 18 years\n* Invasive")
    # by their id, whatever the order of the rows
    assert [block.split("\n")[0] for block in part(document, "arms").split("\n\n")] == [
        "ACTIVE_COMPARATOR: Three weeks",
        "EXPERIMENTAL: One week",
    ]
    assert [block.split("\n")[0] for block in part(document, "outcomes").split("\n\n")] == [
        "Moderate or marked breast induration",
        "Ipsilateral breast tumour relapse",
        "Acute skin reaction of grade 3 or more",
    ]


def test_json_of_the_same_trials_has_the_same_text() -> None:
    texts = {doc_id: document.text for doc_id, document in documents(FIXTURES / "page.json").items()}
    assert {doc_id: document.text for doc_id, document in documents(FIXTURES / "aact").items()} == texts


def test_only_eligibilities_has_to_be_there(folder: Path) -> None:
    for table in folder.iterdir():
        if table.name != "eligibilities.txt":
            table.unlink()
    found = documents(folder)
    assert len(found) == 3
    assert all([p.name for p in document.parts] == ["eligibility"] for document in found.values())


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "eligibilities.txt").write_text("\ufeff" + '"criteria"|nct_id\nAge|NCT99000911\n', encoding="utf-8")
    (document,) = of_folder(tmp_path)
    assert isinstance(document, Document)
    assert document.registry == RegistryFields("NCT99000911", registry="ClinicalTrials.gov")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("eligibilities.txt", HEADER, True),
        ("eligibilities.txt", '\ufeff"nct_id"|"criteria"\r\n', True),
        ("eligibilities.txt", "Patients with nct_id and criteria", False),
        ("eligibilities.txt", "nct_id,criteria\n", False),
        ("eligibilities.txt", "", False),
        ("studies.txt", HEADER, False),
    ],
)
def test_folders_of_tables_are_recognised(tmp_path: Path, name: str, content: str, expected: bool) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert is_aact_folder(tmp_path) is expected


def test_a_folder_or_pipe_with_the_name_of_the_table_is_none(tmp_path: Path) -> None:
    (tmp_path / "a" / "eligibilities.txt").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "eligibilities.txt")
    assert not is_aact_folder(tmp_path / "a")
    assert not is_aact_folder(tmp_path / "b")
    assert not is_aact_folder(tmp_path / "c")


def test_a_folder_of_tables_in_a_folder_is_one_input(folder: Path) -> None:
    (folder.parent / "note.txt").write_text("Age 18 or over", encoding="utf-8")
    found = [source for source in find_inputs([folder.parent, folder]) if isinstance(source, Input)]
    assert [(source.name, source.path) for source in found] == [
        ("aact", folder),
        ("note.txt", folder.parent / "note.txt"),
    ]


def test_anything_else_as_tables(tmp_path: Path) -> None:
    (found,) = results(in_memory(HEADER, "eligibilities.txt"), "aact")
    assert isinstance(found, ReadFailure)
    assert found.code == "wrong_schema"
    assert "expected an eligibilities.txt" in found.message


@pytest.mark.parametrize(
    ("table", "before", "after", "code", "said"),
    [
        ("design_groups.txt", "description", "text", "wrong_schema", "has no column description"),
        ("interventions.txt", "nct_id", "nct", "wrong_schema", "has no column nct_id"),
        ("studies.txt", "brief_title|official_title", "a|b", "wrong_schema", "no column official_title, brief_title"),
    ],
)
def test_a_table_without_a_column(folder: Path, table: str, before: str, after: str, code: str, said: str) -> None:
    change(folder / table, before, after)
    (found,) = of_folder(folder)
    assert isinstance(found, ReadFailure)
    assert (Path(found.place).name, found.code) == (table, code)
    assert said in found.message


def test_a_table_that_is_empty_or_no_file(folder: Path) -> None:
    (folder / "studies.txt").write_text("", encoding="utf-8")
    assert failures(folder) == [("studies.txt", "", "empty")]
    (folder / "studies.txt").unlink()
    (folder / "studies.txt").mkdir()
    assert failures(folder) == [("studies.txt", "", "not_a_file")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1|NCT99000910|Age", "malformed"),
        ('1|NCT99000910|ALL|N/A|N/A|f|"Age" 18', "malformed"),
        ('1|NCT99000910|ALL|N/A|N/A|f|"Age', "malformed"),
        ("1|NCT99000910|ALL|N/A|N/A|f|\udce9", "encoding"),
    ],
)
def test_a_row_that_fails_leaves_the_others(tmp_path: Path, row: str, code: str) -> None:
    text = f"{HEADER}1|NCT99000911|ALL|18 Years|N/A|f|Age\n{row}\n"
    (tmp_path / "eligibilities.txt").write_text(text, encoding="utf-8", errors="surrogateescape")
    bad, document = of_folder(tmp_path)
    assert isinstance(bad, ReadFailure)
    assert (Path(bad.place).name, bad.record, bad.code) == ("eligibilities.txt", "line 3", code)
    assert isinstance(document, Document)


def test_rows_behind_an_open_quote_are_read(tmp_path: Path) -> None:
    rows = ['1|NCT99000911|||||"Age', '2|NCT99000912|||||"ECOG 0"', "3|NCT99000913|||||Hb"]
    (tmp_path / "eligibilities.txt").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    bad, document = of_folder(tmp_path)
    assert isinstance(bad, ReadFailure)
    assert (bad.record, bad.code) == ("line 3", "malformed")
    assert isinstance(document, Document)
    assert document.doc_id == "NCT99000913"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["1|NCT99000911|||||Age", "2|NCT99000911|||||Age"], ("aact", "NCT99000911", "duplicate_id")),
        (["1|NCT99000911|||||Age", "2||||||Age"], ("aact", "eligibilities.txt, line 3", "wrong_schema")),
        (["1|NCT99000911|||||Age", "2|NCT1|||||Age"], ("aact", "NCT1", "wrong_schema")),
        (["1|NCT99000911|||||Age", "2|NCT99000912|||||"], ("aact", "NCT99000912", "empty")),
        ([f"1|NCT99000911|||||{'Age ' * 900}", "2|NCT99000912|||||Age"], ("eligibilities.txt", "line 2", "too_large")),
    ],
)
def test_a_trial_that_fails_leaves_the_others(tmp_path: Path, rows: list[str], expected: tuple[str, str, str]) -> None:
    folder = tmp_path / "aact"
    folder.mkdir()
    (folder / "eligibilities.txt").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    assert failures(folder, max_document=3_000) == [expected]
    assert len(of_folder(folder, max_document=3_000)) == 2


def test_a_second_summary_of_a_trial_is_not_dropped_in_silence(folder: Path) -> None:
    with (folder / "brief_summaries.txt").open("a", encoding="utf-8") as table:
        table.write("9|NCT99000902|Another\n")
    assert failures(folder) == [("aact", "NCT99000902", "duplicate_id")]


def test_an_open_quote_takes_no_more_than_a_document(tmp_path: Path) -> None:
    rows = ['1|NCT99000911|||||"' + "Age\n" * 900, "2|NCT99000912|||||Age"]
    (tmp_path / "eligibilities.txt").write_text(HEADER + "".join(rows) + "\n", encoding="utf-8")
    *bad, document = of_folder(tmp_path, max_document=3_000)
    assert {f.code for f in bad if isinstance(f, ReadFailure)} == {"malformed"}
    assert isinstance(document, Document)
    assert document.doc_id == "NCT99000912"


def test_a_trial_may_not_be_larger_than_a_document(folder: Path) -> None:
    sizes = {doc_id: len(document.text) for doc_id, document in documents(folder).items()}
    assert max(sizes, key=sizes.__getitem__) == "NCT99000901"
    found = of_folder(folder, max_document=1_700)
    assert [f.code if isinstance(f, ReadFailure) else f.doc_id for f in found] == [
        "too_large",
        "NCT99000902",
        "NCT99000903",
    ]


def test_the_limit_of_the_module_csv_is_as_before(folder: Path) -> None:
    before = csv.field_size_limit()
    assert len(of_folder(folder)) == 3
    assert csv.field_size_limit() == before
    (folder / "studies.txt").write_text("nct_id\n", encoding="utf-8")
    assert failures(folder)
    assert csv.field_size_limit() == before


def test_long_fields_are_read(tmp_path: Path) -> None:
    criteria = "\n".join("* Age 18 or over" for _ in range(20_000))
    (tmp_path / "eligibilities.txt").write_text(f'{HEADER}1|NCT99000911|||||"{criteria}"\n', encoding="utf-8")
    (document,) = of_folder(tmp_path)
    assert isinstance(document, Document)
    assert part(document, "eligibility") == criteria


@pytest.mark.parametrize(
    ("criteria", "content"),
    [
        ("Inclusion Criteria:~* Age 18~* dose of ~50 Gy", "Inclusion Criteria:\n* Age 18\n* dose of ~50 Gy"),
        ("Inclusion:~1. Age (~60)~2. ECOG 0~", "Inclusion:\n1. Age (~60)\n2. ECOG 0\n"),
        ("dose of ~50 Gy, ~ 25 fractions", "dose of ~50 Gy, ~ 25 fractions"),
        ('"Age:~18 or\nECOG~* 0"', "Age:~18 or\nECOG~* 0"),
    ],
)
def test_tildes_for_ends_of_lines(tmp_path: Path, criteria: str, content: str) -> None:
    (tmp_path / "eligibilities.txt").write_text(f"{HEADER}1|NCT99000911|||||{criteria}\n", encoding="utf-8")
    (document,) = of_folder(tmp_path)
    assert isinstance(document, Document)
    assert part(document, "eligibility") == content
    assert document.notes == ({"line_breaks": "~"} if "\n" in content and "\n" not in criteria else {})


def test_nothing_is_left_in_the_folder_for_temporary_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    assert len(of_folder(folder)) == 3
    assert list(temporary.iterdir()) == []
