"""A folder of patterns with a mistake: the right file, the right line, and all mistakes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from trialsift.checks.examples import Example, examples
from trialsift.checks.lexicon import is_loinc
from trialsift.checks.patterns import check_patterns
from trialsift.checks.problems import CheckProblem
from trialsift.rules.files import patterns_dir
from trialsift.rules.layers import Patterns
from trialsift.rules.wording import read_wordings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped patterns, to be spoilt."""
    return Path(shutil.copytree(patterns_dir(), tmp_path / "patterns"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    content = path.read_text(encoding="utf-8")
    assert old in content, f"{name} no longer holds {old!r}"
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def line_with(folder: Path, name: str, text: str) -> int:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def placed(problems: list[CheckProblem], folder: Path) -> list[tuple[str, int, str, str]]:
    """File within the folder, line, severity and code."""
    return [(Path(p.file).relative_to(folder).as_posix(), p.line, p.severity, p.code) for p in problems]


NOT_RUN = (".", 0, "warning", "examples-not-run")


def test_the_shipped_patterns_have_no_problem() -> None:
    problems, files, run = check_patterns(patterns_dir())
    assert [str(problem) for problem in problems] == []
    assert files >= 14
    assert run == len(examples(patterns_dir())) > 700


def test_what_was_read_before_makes_nothing_seem_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialsift.checks.patterns.examples", lambda _: [])
    check_patterns(patterns_dir())  # its readers are remembered, while the wordings that they asked for
    read_wordings.cache_clear()  # are forgotten, as they are once many folders were read
    assert check_patterns(patterns_dir())[0] == []


# file, what is put in place of what, what stands in the line that is named
REJECTED = [
    ("units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,weight", "kilogram,kg,weight"),
    ("analytes.csv", "\nhematocrit,hematocrit|", "\nhematocrit,hgb|", "hematocrit,hgb|"),
    ("drugs.csv", "\n131-i,name", "\n131-i,nam", "131-i,nam"),
    ("comparators.toml", "[after]\nge =", "[after]\ngee =", "gee ="),
    ("sections.toml", 'polarity = "inclusion"', 'polarity = "in"', 'polarity = "in"'),
    ("sections.toml", "expression = '''", "expression = '''(", "expression = '''("),
    ("background.toml", "expression = '''", "expression = '''(", "expression = '''("),
    ("background.toml", 'examples = ["', 'examples = [7, "', "examples = [7"),
    ("exceptions.toml", "expression = '''", "expression = '''(", "expression = '''("),
    ("exceptions.toml", "[[requires]]\nwhy", "[[requires]]\nwhich", "which ="),
    ("exceptions.toml", '["alt", ', '"alt" # [', "analytes ="),
    ("entities/age.toml", 'id = "age.named"', "id = 7", "id = 7"),
    ("entities/age.toml", "not_examples = [\n", "not_examples = [7,\n", "not_examples = [7,"),
    ("entities/lab.toml", "not_examples = []", 'not_examples = "none"', 'not_examples = "none"'),
    ("radiation_roles.toml", 'test = "rate"', 'tests = "rate"', "tests ="),
    ("context.json", '"category": "NEGATED_EXISTENCE"', '"category": "NEGATED"', '"category": "NEGATED"'),
    ("context.json", '{"literal": ', "{literal: ", "{literal:"),
    ("entities/age.toml", "\npeople = ['", "\npeople = ['(unclosed', '", "people ="),
    ("entities/age.toml", 'engine = "age"', 'engine = "ages"', 'engine = "ages"'),
    ("entities/lab.toml", "\nenough = [", '\nenough = ["haem", ', '"haem"'),
    ("entities/dose.toml", "not_examples = [", "counterexamples = [", "counterexamples"),
    ("entities/performance_status.toml", "[scales]", "[scale]", "[scale]"),
    ("wording/fractions.toml", "expression = '''", "expression = '''(", "expression = '''("),
    ("wording/polarity.toml", "expression = '''", "expression = '''(", "expression = '''("),
    ("wording/polarity.toml", 'at = "anywhere"', 'at = "somewhere"', 'at = "somewhere"'),
]


@pytest.mark.parametrize(("name", "old", "new", "named"), REJECTED)
def test_what_the_loaders_reject(folder: Path, name: str, old: str, new: str, named: str) -> None:
    spoil(folder, name, old, new)
    problems, _, run = check_patterns(folder)
    expected = (name, line_with(folder, name, named), "error", "pattern")
    assert placed(problems, folder) == [NOT_RUN, expected]
    assert run == 0


ADDED_WORDING = """[[wording]]
id = "polarity.admit"
why = "its id is misspelt"
at = "anywhere"
expression = 'admitted'
examples = ["Adults are [[admitted]]"]
not_examples = []

[[wording]]"""
# the same, for what the loaders take
WRONG = [
    ("analytes.csv", "718-7", "718-8", "718-8", "error", "loinc"),
    ("analytes.csv", "718-7", "HB", ",HB,", "error", "loinc"),
    ("analytes.csv", "4544-3", "718-7", "hematocrit,hematocrit", "warning", "loinc"),
    ("analytes.csv", "718-7,g/dL", "718-7,gram", "718-7,gram", "error", "unit-unknown"),
    ("analytes.csv", "718-7,g/dL", "718-7,g/m2", "718-7,g/m2", "error", "usual-unit"),
    ("analytes.csv", "777-3,10*3/uL", "777-3,mmol/L", "777-3,mmol/L", "error", "usual-unit"),
    ("analytes.csv", "|haematocrit|", "|haematocrit|haematocrit|", "hematocrit,", "warning", "alias"),
    ("analytes.csv", "\nhematocrit,", "\nHematocrit,", "Hematocrit,", "error", "analyte-form"),
    ("units.csv", "\nkilogram,kg,mass", "\nkilogram,kgs,mass", "kilogram,kgs", "error", "unit-unknown"),
    ("drugs.csv", "\n131-i,name", "\n131-i,name\n131-i,name", "", "warning", "drug-twice"),
    ("entities/age.toml", 'id = "age.people"', 'id = "lab.name_last"', "", "error", "rule-twice"),
    ("wording/polarity.toml", "[[wording]]", ADDED_WORDING, "[[wording]]", "error", "wording-unused"),
]


@pytest.mark.parametrize(("name", "old", "new", "named", "severity", "code"), WRONG)
def test_what_the_loaders_take(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, named: str, severity: str, code: str
) -> None:
    monkeypatch.setattr("trialsift.checks.patterns.examples", lambda _: [])  # which take long, and tell nothing here
    spoil(folder, name, old, new)
    problems = [p for p in check_patterns(folder)[0] if p.code == code]
    assert [(severity, code)] == [(p.severity, p.code) for p in problems]
    if named:
        assert placed(problems, folder)[0][:2] == (name, line_with(folder, name, named))


# an example that doesn't hold, beside a rule of each kind of file
FAILING = [
    ("entities/age.toml", '{ text = "Age: 6 to 23 months"', '{ text = "Aged: 6 to 22 months"'),
    ("entities/age.toml", '"median age was 61 years', '"Age ≥ 61 years'),
    (
        "entities/dose.toml",
        '{ text = "66 Gy(RBE) in 33 fractions", span = "66 Gy(RBE)"',
        '{ text = "66 Gy", span = "6 Gy"',
    ),
    ("radiation_roles.toml", "TBI at a dose rate of [[6-15 cGy]]/min", "TBI of [[12 Gy]]"),
    ("background.toml", "Roa et al. compared two schedules. ", "We compared two schedules. "),
    ("background.toml", "et al. compared two schedules. In the", "et al. compared [[two]] schedules. In the"),
    ("exceptions.toml", "- Diabetes, unless well controlled", "- Diabetes, well controlled"),
    ("exceptions.toml", "- Inadequate renal function", "- Adequate renal function"),
    ("exceptions.toml", "- Smokers [[over", "- Patients [[over"),
    ("exceptions.toml", "a PSA of [[< 1 ng/mL]]", "a PSA of [[nothing]]"),
    ("wording/polarity.toml", "was [[stratified]] by age (", "was stratified [[by age]] ("),
    ("context.json", '"text": "Not receiving prednisone > 10 mg/day"', '"text": "Receiving prednisone > 10 mg/day"'),
]


def test_examples_that_do_not_hold(folder: Path) -> None:
    """Each is told in its line, and no other is."""
    for name, old, new in FAILING:
        spoil(folder, name, old, new)
    problems, _, run = check_patterns(folder)
    assert sorted(placed(problems, folder)) == sorted(
        (name, line_with(folder, name, new), "error", "example") for name, _, new in FAILING
    )
    assert run > 700


def test_headings_and_paragraphs_are_run_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def examples_of_sections(patterns: Patterns) -> list[Example]:
        return [example for example in examples(patterns) if example.where.path.name == "sections.toml"]

    monkeypatch.setattr("trialsift.checks.patterns.examples", examples_of_sections)  # all are run above
    path = folder / "sections.toml"
    content = path.read_text(encoding="utf-8")
    assert content.count("\nexamples = [") >= 2
    path.write_text(content.replace("\nexamples = [", '\nexamples = ["no heading", '), encoding="utf-8")
    problems = check_patterns(folder)[0]
    lines = [
        n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if '"no heading"' in line
    ]
    assert [(p.line, p.code) for p in problems] == [(line, "example") for line in lines]


def test_all_files_and_all_rows_are_listed(folder: Path) -> None:
    spoil(folder, "units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,weight")
    spoil(folder, "units.csv", "\nliter,", "\nliter,more,")
    spoil(folder, "sections.toml", 'polarity = "inclusion"', 'polarity = "in"')
    spoil(folder, "entities/lab.toml", "\nenough = [", '\nenough = ["haem", ')
    (folder / "background.toml").unlink()
    found = placed(check_patterns(folder)[0], folder)
    assert [(name, code) for name, _, _, code in found] == [
        (".", "examples-not-run"),
        ("background.toml", "pattern"),
        ("entities/lab.toml", "pattern"),
        ("sections.toml", "pattern"),
        ("units.csv", "pattern"),
        ("units.csv", "pattern"),
    ]


def test_a_file_of_another_shape_is_no_traceback(folder: Path) -> None:
    spoil(folder, "comparators.toml", "[limits]", "[limits]\nULN = 7\n[more]")
    (folder / "entities" / "age.toml").write_text('label = "AGE"\nrule = 7\n', encoding="utf-8")
    spoil(folder, "background.toml", "[[reports]]", "reports = 5\n[[report]]")
    found = placed(check_patterns(folder)[0], folder)
    assert {name for name, _, _, code in found if code == "pattern"} >= {"background.toml", "comparators.toml"}


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    problems, files, run = check_patterns(tmp_path)
    assert (files, run) == (0, 0)
    assert {"units.csv", "analytes.csv", "sections.toml"} <= {Path(p.file).name for p in problems}


def test_nothing_is_changed(folder: Path) -> None:
    spoil(folder, "units.csv", "\nkilogram,kg,mass", "\nkilogram,kg,weight")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    check_patterns(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("718-7", True),
        ("4544-3", True),
        ("1742-6", True),
        ("2160-0", True),
        ("24467-3", True),
        ("718-8", False),
        ("7187", False),
        ("-7", False),
        ("78-17", False),
        ("", False),
    ],
)
def test_the_check_digit_of_loinc(code: str, valid: bool) -> None:
    assert is_loinc(code) is valid
