"""The constructs write gold that the format and the guidelines allow, the same for a seed."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random

import benchmarks.language.constructs  # noqa: F401  registers them
import pytest
from benchmarks.language.analytes import BY_ANALYTE
from benchmarks.language.comparators import Comparator, is_demand
from benchmarks.language.labs import draw_draft, find_section, write_inside
from benchmarks.language.registry import CONSTRUCTS, construct
from benchmarks.language.score import write_documents
from benchmarks.language.sentences import Sentence
from benchmarks.language.units import USED, choose_plain, list_spellings

from tests.support.paths import ROOT
from trialsift.gold import GoldDocument, parse_document
from trialsift.model.ucum import is_known
from trialsift.rules.labels import shipped_labels

LANGUAGE = ROOT / "benchmarks" / "language"
LABELS = {label.label for label in shipped_labels()}


@pytest.fixture(scope="module")
def written() -> dict[str, list[GoldDocument]]:
    return {name: write_documents(row) for name, row in CONSTRUCTS.items()}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_writes_valid_gold(name: str, written: dict[str, list[GoldDocument]]) -> None:
    documents = written[name]
    assert len(documents) >= 10
    for document in documents:
        assert parse_document(document.to_record(), document.doc_id) == document
        assert document.meta["construct"] == name
        assert bool(document.spans) == (CONSTRUCTS[name].kind != "counter"), document.text


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_values_are_whole(name: str, written: dict[str, list[GoldDocument]]) -> None:
    for document in written[name]:
        for span in document.spans:
            values = span.attributes
            low, high = values.get("low"), values.get("high")
            assert span.label in LABELS
            assert low is not None or high is not None, document.text
            assert low is None or high is None or low <= high, document.text
            assert values.get("unit") is None or is_known(str(values["unit"])), document.text
            assert span.text == span.text.strip(), document.text
            assert values["polarity"] in ("inclusion", "exclusion", "none")


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_seed_decides_what_is_written(name: str, written: dict[str, list[GoldDocument]]) -> None:
    assert write_documents(CONSTRUCTS[name]) == written[name]


def test_another_seed_writes_other_sentences(written: dict[str, list[GoldDocument]]) -> None:
    row = CONSTRUCTS["lab/unit"]
    others = [document.text for document in write_documents(row, seed=1)]
    assert len(others) == len(written["lab/unit"])
    assert others != [document.text for document in written["lab/unit"]]


def test_a_limit_draws_a_sample_in_order() -> None:
    forms = [document.meta["form"] for document in write_documents(CONSTRUCTS["lab/range"], limit=20)]
    assert len(forms) == 20
    assert len(set(forms)) > 10


@pytest.mark.parametrize("label", ["AGE", "PERFORMANCE_STATUS", "LAB", "DOSE", "FRACTIONS"])
def test_all_labels_are_asked_for(label: str, written: dict[str, list[GoldDocument]]) -> None:
    labels = [span.label for documents in written.values() for document in documents for span in document.spans]
    assert labels.count(label) > 100


def test_regimens_are_computed(written: dict[str, list[GoldDocument]]) -> None:
    documents = [d for name in ("radiation/all three", "radiation/cGy") for d in written[name]]
    for document in documents:
        (regimen,) = document.regimens
        assert None not in (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose)
        assert regimen.fractions[0] * regimen.dose_per_fraction[0] == pytest.approx(regimen.total_dose[0], abs=0.01)


def test_a_construct_has_one_name() -> None:
    with pytest.raises(ValueError, match="two constructs are called 'lab/unit'"):
        construct("lab/unit", "labs")(lambda draw: iter(()))


@pytest.mark.parametrize(
    ("analyte", "relation", "section"),
    [
        ("platelets", "ge", "inclusion"),
        ("platelets", "lt", "exclusion"),
        ("creatinine", "le", "inclusion"),
        ("creatinine", "gt", "exclusion"),
    ],
)
def test_a_limit_stands_where_a_trial_would_set_it(analyte: str, relation: str, section: str) -> None:
    assert find_section(BY_ANALYTE[analyte], relation) == section


def test_a_draft_is_a_plain_criterion() -> None:
    draft = draw_draft(Random(3), "ge", "g/dL")
    sentence = draft.make_sentence("form")
    assert isinstance(sentence, Sentence)
    assert draft.make_value() == f"≥ {draft.number}{choose_plain('g/dL')}"


@pytest.mark.parametrize("unit", USED)
def test_spellings_of_a_unit_differ(unit: str) -> None:
    spellings = list_spellings(unit)
    assert is_known(unit)
    assert all(spelling.strip() for spelling in spellings)


def list_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", sorted(LANGUAGE.rglob("*.py")), ids=lambda path: path.relative_to(LANGUAGE).as_posix())
def test_the_grammar_knows_nothing_of_the_patterns(path: Path) -> None:
    """It would test nothing if it were made of what it tests; only what scores reads with the extractor."""
    forbidden = ("trialsift.rules",) if path.name == "score.py" else ("trialsift.rules", "trialsift.extraction")
    assert not [module for module in list_imports(path) if module.startswith(forbidden)]
    assert "patterns/" not in path.read_text(encoding="utf-8").replace("not from the patterns", "")


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Total bilirubin", "total bilirubin"),
        ("ALT", "ALT"),
        ("eGFR", "eGFR"),
        ("HbA1c", "HbA1c"),
        ("C-reactive protein", "C-reactive protein"),
        ("INR", "INR"),
    ],
)
def test_a_name_within_a_sentence(name: str, inside: str) -> None:
    assert write_inside(name) == inside


@pytest.mark.parametrize(
    ("text", "demand"),
    [("must not exceed", True), ("a minimum of", True), ("or better", True), ("at least", False), ("not below", False)],
)
def test_demands_stand_in_inclusion_criteria_only(text: str, demand: bool) -> None:
    assert is_demand(Comparator(text, "ge")) == demand
