"""A mistake in a patterns folder is a PatternError that names the file, the place and what was expected."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from trialsift.extraction.extractor import Extractor
from trialsift.model.ucum import ARBITRARY, resolve_unit
from trialsift.rules.files import PatternError, hash_patterns, patterns_dir, read_csv, read_json, read_toml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped patterns, to be spoilt."""
    return Path(shutil.copytree(patterns_dir(), tmp_path / "patterns"))


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replaces the first occurrence of a text in a file; the line it stands in."""
    path = folder / name
    content = path.read_text(encoding="utf-8")
    assert old in content, f"{name} no longer holds {old!r}"
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return content[: content.index(old)].count("\n") + 1


def message(folder: Path) -> str:
    with pytest.raises(PatternError) as error:
        Extractor(folder, context=False)
    return str(error.value)


# A row with a mistake, put in place of one that is right: the message names its line.
CSV_MISTAKES = [
    ("units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,weight", "unknown kind 'weight'"),
    ("units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,", "unknown kind ''"),
    ("units.csv", "\nkilogram,kg,mass", "\nkg,kg,mass", "duplicate surface 'kg'"),
    ("units.csv", "\nkilogram,kg,mass", "\nkilogram,kg", "expected 3 cells, found 2"),
    ("units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,mass,more", "expected 3 cells, found 4"),
    ("units.csv", "surface,ucum,kind", "surface,ucum,sort", "expected the header surface,ucum,kind"),
    ("measures.csv", "measure,aliases", "aliases,measure", "expected the header measure,aliases"),
    (
        "drugs.csv",
        "\n131-i,name",
        "\n131-i,nam",
        "kind 'nam'; expected name, class, abbreviation, stem, salt or not_drug",
    ),
    ("drugs.csv", "\n131-i,name", "\n131-i", "expected 2 cells, found 1"),
    ("drugs.csv", "drug,kind", "drug", "expected the header drug,kind"),
    ("analytes.csv", "analyte,aliases", "name,aliases", "expected the header analyte,aliases"),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), CSV_MISTAKES)
def test_mistake_in_a_table(folder: Path, name: str, old: str, new: str, expected: str) -> None:
    line = spoil(folder, name, old, new) + old.startswith("\n")
    assert message(folder).startswith(f"{name}:{line}: {expected}")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("hemoglobin,hgb again,,g/dL,mass,,1,20,,,", "duplicate analyte 'hemoglobin'"),
        ("novelty,hemoglobin,,g/dL,mass,,1,20,,,", "'hemoglobin' names hemoglobin already"),
        ("novelty,novel test,,g/dL,masses,,1,20,,,", "kinds 'masses'; known are"),
        ("novelty,novel test,,g/dL,,,1,20,,,", "kinds ''; known are"),
        ("novelty,novel test,,g/dL,mass|mas,,1,20,,,", "kinds 'mass|mas'; known are"),
        ("novelty,novel test,,g/dL,mass,,1,20,5 g/dL,,", "bare '5 g/dL'; expected the lower number"),
        ("novelty,novel test,,g/dL,mass,,1,20,20-5 g/dL,,", "bare '20-5 g/dL'; expected the lower number"),
        (
            "novelty,novel test,,g/dL,mass,,1,20,5-20 g/dL|20-200 g/L,,",
            "bare '5-20 g/dL|20-200 g/L'; expected ranges",
        ),
        ("novelty,novel test,,g/dL,mass", "expected 11 cells, found 5"),
    ],
)
def test_mistake_in_a_further_analyte(folder: Path, row: str, expected: str) -> None:
    path = folder / "analytes.csv"
    content = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    path.write_text(f"{content}{row}\n", encoding="utf-8")
    line = content.count("\n") + 1
    assert message(folder).startswith(f"analytes.csv:{line}: {expected}")


# file, what is put in place of what, the message without its line, and what stands in the line that it names
TOML_MISTAKES = [
    (
        "comparators.toml",
        "[symbols]\nge =",
        "[symbols]\nat_least =",
        "comparators.toml: [symbols]: unknown key 'at_least'; known are",
        "at_least =",
    ),
    ("comparators.toml", "[after]\nge =", "[after]\ngee =", "comparators.toml: [after]: unknown key 'gee'", "gee ="),
    ("comparators.toml", "\nULN =", "\nUNL =", "comparators.toml: [limits]: unknown key 'UNL'; known are", "UNL ="),
    (
        "comparators.toml",
        '"short of",',
        '"short of", "greater than",',
        "comparators.toml: [before]: 'greater than' is listed under gt and lt",
        '"greater than", ',
    ),
    (
        "comparators.toml",
        '"short of",',
        '"short {off} of",',
        "comparators.toml: [before]: '{off}' names no row of [words]",
        '"short {off} of"',
    ),
    ("comparators.toml", "[damaged]", "[broken]", "comparators.toml: unknown key 'broken'", "[broken]"),
    ("comparators.toml", "[damaged]", "[damaged", "comparators.toml: ", "[damaged"),
    (
        "sections.toml",
        'polarity = "inclusion"',
        'polarity = "included"',
        "sections.toml: [[heading]] number 1: polarity is 'included'; expected 'inclusion', 'exclusion' or 'none'",
        'polarity = "included"',
    ),
    (
        "sections.toml",
        "\ninline = true",
        "\nin_line = true",
        "sections.toml: [[heading]] number 1: unknown key 'in_line'",
        "in_line = true",
    ),
    (
        "sections.toml",
        "\ninline = true",
        "",
        "sections.toml: [[heading]] number 1: the key 'inline' is missing",
        "[[heading]]",
    ),
    (
        "sections.toml",
        '"exclusion criteria",',
        '"exclusion criteria", "inclusion criteria",',
        "sections.toml: [[heading]] number 2: 'inclusion criteria' is listed under two headings",
        '"inclusion criteria",',
    ),
    (
        "radiation_roles.toml",
        'role = "other"',
        'role = "others"',
        "radiation_roles.toml: [[role]] number 1: role is 'others'; expected 'per_fraction', 'total' or 'other'",
        'role = "others"',
    ),
    (
        "radiation_roles.toml",
        'test = "rate"',
        'test = "rates"',
        "radiation_roles.toml: [[role]] number 1: test is 'rates'; expected 'rate', 'multiplied'",
        'test = "rates"',
    ),
    (
        "radiation_roles.toml",
        'test = "rate"',
        'tests = "rate"',
        "radiation_roles.toml: [[role]] number 1: unknown key 'tests'",
        "tests = ",
    ),
    (
        "radiation_roles.toml",
        'test = "rate"',
        "left = '''(unclosed'''",
        "radiation_roles.toml: [[role]] number 1: ",
        "left = ",
    ),
    (
        "radiation_roles.toml",
        'why = "a dose rate"\n',
        "",
        "radiation_roles.toml: [[role]] number 1: the key 'why' is missing",
        "[[role]]",
    ),
    (
        "radiation_roles.toml",
        'examples = ["TBI at a dose rate of [[6-15 cGy]]/min"]',
        "examples = []",
        "radiation_roles.toml: [[role]] number 1: examples is []; expected one entry at least",
        "examples = []",
    ),
    (
        "entities/age.toml",
        'engine = "age"',
        'engine = "ages"',
        "age.toml: unknown engine 'ages'; known are",
        'engine = "ages"',
    ),
    ("entities/age.toml", 'table = "ages"\n', "", "age.toml: the key 'table' is missing", None),
    ("entities/age.toml", 'table = "ages"', 'table = "labs"', "two files have the table 'labs'", 'table = "labs"'),
    ("entities/age.toml", 'label = "AGE"', 'label = "LAB"', "two files have the label 'LAB'", 'label = "LAB"'),
    ("entities/age.toml", "\nbefore =", "\nbefor =", "age.toml: [words]: unknown key 'befor'", "befor ="),
    (
        "entities/age.toml",
        '"string", "UCUM: a',
        '"str", "UCUM: a',
        "age.toml: columns holds ['unit', 'str',",
        "columns =",
    ),
    (
        "entities/age.toml",
        "not_examples =",
        "counterexamples =",
        "age.toml: [[rule]] number 1 (age.named): unknown key 'counterexamples'",
        "counterexamples =",
    ),
    ("entities/lab.toml", "\nenough =", "\nenuf =", "lab.toml: unknown key 'enuf'", "enuf ="),
    (
        "entities/age.toml",
        "default = true",
        'default = "yes"',
        "age.toml: default is 'yes'; expected true or false",
        'default = "yes"',
    ),
    (
        "entities/age.toml",
        'colour = "',
        'colour = 7 # "',
        "age.toml: colour is 7; expected text in quotes",
        "colour = 7",
    ),
    (
        "entities/age.toml",
        '"interval",',
        '"interval", "interval",',
        "age.toml: columns: 'low' stands twice",
        "columns =",
    ),
    (
        "entities/age.toml",
        "examples = [\n",
        "examples = [\n'x',",
        "age.toml: [[rule]] number 1 (age.named): examples holds 'x'; expected",
        "examples = [",
    ),
    (
        "entities/lab.toml",
        'enough = ["',
        'enough = ["haem", "',
        "lab.toml: enough: unknown analyte 'haem' (not in analytes.csv)",
        "enough =",
    ),
    ("radiation_roles.toml", 'test = "rate"', 'tests = "rate"', "unknown key 'tests'", "tests ="),
]


@pytest.mark.parametrize(("name", "old", "new", "expected", "named"), TOML_MISTAKES)
def test_mistake_in_a_rule_file(folder: Path, name: str, old: str, new: str, expected: str, named: str | None) -> None:
    spoil(folder, name, old, new)
    with pytest.raises(PatternError) as caught:
        Extractor(folder, context=False)
    error = caught.value
    assert error.path is not None
    assert f"{error.path.name}: {error.reason}".find(expected) >= 0
    assert str(error) == f"{error.path.name}{'' if named is None else f':{error.line}'}: {error.reason}"
    if named is not None:
        assert error.line is not None
        assert named in error.path.read_text(encoding="utf-8").splitlines()[error.line - 1]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("entities/age.toml", "before = ['", "before = ['(unclosed', '"),
        ("wording/fractions.toml", "expression = '''", "expression = '''(unclosed"),
    ],
)
def test_expression_that_cannot_be_read_in_a_label(folder: Path, name: str, old: str, new: str) -> None:
    spoil(folder, name, old, new)
    assert Path(name).name in message(folder)


def test_shipped_units_are_ucum() -> None:
    """The loader doesn't ask: the UCUM registry takes a second to load."""
    rows = read_csv(patterns_dir() / "units.csv", ("surface", "ucum", "kind"))
    conventions = ARBITRARY | {
        "{1.73_m2}",
        "{copies}",
        "{cells}",
        "{fold}",
        "{log10}",
        "{log10_copies}",
        "{log10_IU}",
        "(24.h)",
    }
    codes = {row["ucum"] for _, row in rows} - conventions
    assert sorted(code for code in codes if resolve_unit(code).kind.startswith("only")) == []


@pytest.mark.parametrize("name", ["units.csv", "analytes.csv", "drugs.csv", "measures.csv"])
def test_empty_table(folder: Path, name: str) -> None:
    (folder / name).write_text("# nothing\n", encoding="utf-8")
    assert message(folder).startswith(f"{name}: empty; expected the header ")


@pytest.mark.parametrize(
    "name",
    ["units.csv", "analytes.csv", "comparators.toml", "sections.toml", "radiation_roles.toml", "entities/age.toml"],
)
def test_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert Path(name).name in message(folder)


def test_syntax_error_in_toml_says_where(folder: Path) -> None:
    path = folder / "sections.toml"
    path.write_text('[[heading]]\nname = "inclusion"\npolarity = inclusion\n', encoding="utf-8")
    with pytest.raises(PatternError, match=r"^sections\.toml:3: "):
        read_toml(path)


@pytest.mark.parametrize("section", ["symbols", "damaged", "before", "after", "limits"])
def test_comparators_without_phrases(folder: Path, section: str) -> None:
    path = folder / "comparators.toml"
    content = path.read_text(encoding="utf-8")
    before, behind = content.split(f"[{section}]\n")
    rest = behind.partition("\n[")
    path.write_text(f"{before}[{section}]\n{rest[1]}{rest[2]}", encoding="utf-8")
    line = before.count("\n") + 1
    assert message(folder) == f"comparators.toml:{line}: [{section}]: holds no phrase; expected one at least"


@pytest.mark.parametrize(
    ("name", "content"), [("context.json", "[" * 100_000), ("sections.toml", f"a = {'[' * 100_000}{']' * 100_000}")]
)
def test_brackets_without_end(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PatternError, match="nested too deeply") as error:
        (read_json if name.endswith(".json") else read_toml)(path)
    assert error.value.path == path


def test_rows_are_stripped_and_comments_counted(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text('# a comment\nname , kind\n\n a,"b, c"\n# another\nd,e\n', encoding="utf-8")
    rows = [(where.line, row) for where, row in read_csv(path, ("name", "kind"))]
    assert rows == [(4, {"name": "a", "kind": "b, c"}), (6, {"name": "d", "kind": "e"})]


@pytest.mark.parametrize("broken", ['"a" b,c', '"a,b'])
def test_broken_quotation_marks(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "names.csv"
    path.write_text(f"name,kind\n{broken}\n", encoding="utf-8")
    with pytest.raises(PatternError, match=r"names\.csv:2"):
        read_csv(path, ("name", "kind"))


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes("name,kind\nµkat,unit\n".encode("cp1252"))
    with pytest.raises(PatternError, match=r"names\.csv:2: byte 0xb5 is not UTF-8; save the file as UTF-8"):
        read_csv(path, ("name", "kind"))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match="no such folder of patterns"):
        patterns_dir(tmp_path / "nowhere")
    assert patterns_dir(str(tmp_path)) == tmp_path


def test_hash_follows_names_and_contents(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert hash_patterns(copy) == hash_patterns(folder) == hash_patterns(patterns_dir())
    spoil(copy, "units.csv", "\nkilogram,kg,mass", "")
    changed = Path(shutil.copytree(copy, tmp_path / "changed"))
    assert hash_patterns(changed) != hash_patterns(folder)
    renamed = Path(shutil.copytree(folder, tmp_path / "renamed"))
    (renamed / "units.csv").rename(renamed / "unit.csv")
    assert hash_patterns(renamed) != hash_patterns(folder)


def test_what_is_added_to_a_copy_is_read(folder: Path) -> None:
    spoil(folder, "units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,mass\npood,[lb_av],mass")
    [fact] = Extractor(folder, context=False).annotate("cisplatin 5 pood per day").facts
    assert fact.attributes["unit_as_written"] == "pood per day"
