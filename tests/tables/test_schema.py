"""Tables of real documents against a pandera schema made from the columns, and docs/columns.md against them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest
from docs.columns import MARKER, columns_markdown, with_columns

from tests.support.extractors import shared_extractor
from tests.support.paths import ROOT
from trialsift.model.document import RegistryFields
from trialsift.rules.columns import Column
from trialsift.tables.rows import make_frames
from trialsift.tables.schema import table_columns

SCHEMA = table_columns()
#: Tables that commands write beside those of a run.
OF_COMMANDS = ("errors", "matches", "judgements", "patients", "review", "decisions")
ALWAYS = {"doc_id", "start", "end", "text", "rule", "polarity", "negated", "historical", "regimen", "field", "kind"}
OF_VALUES: dict[str, list[str]] = {
    "polarity": ["inclusion", "exclusion", "none"],
    "eligible_form": ["interval", "outside", "exception"],
    "scale": ["ECOG", "KPS", "Lansky"],
    "modality": ["radiation", "drug"],
    "role": ["per_fraction", "total", "other"],
    "scope": ["trial", "subgroup"],
    "age_agreement": ["agrees", "differs", "only in registry", "only in text"],
    "kind": ["differs", "only in registry", "only in text", "several in text"],
}
PAIRS = [
    ("low", "high"),
    ("usual_low", "usual_high"),
    ("eligible_low", "eligible_high"),
    ("start", "end"),
    *((f"{name}_low", f"{name}_high") for name in ("age", "ecog", "fractions", "dose_per_fraction", "total_dose")),
    ("bed_low", "bed_high"),
    ("eqd2_low", "eqd2_high"),
]


def column(of: Column) -> pa.Column:
    checks = []
    if of.name in OF_VALUES:
        checks.append(pa.Check.isin(OF_VALUES[of.name]))
    if of.name in ("usual_factor", "alpha_beta", "regimen", "criterion"):
        checks.append(pa.Check.gt(0))
    if of.name.startswith("n_"):
        checks.append(pa.Check.ge(0))
    required = of.name in ALWAYS or of.name.startswith("n_")
    dtype = pd.StringDtype() if of.dtype == "string" else of.dtype
    return pa.Column(dtype, checks, nullable=not required, required=True)


def ordered(low: str, high: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda table: (table[low] <= table[high]).fillna(True).astype(bool)


def together(*columns: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda table: table[list(columns)].isna().nunique(axis=1) == 1


def whole_checks(names: set[str]) -> list[pa.Check]:
    checks = [pa.Check(ordered(low, high), name=f"{low} <= {high}") for low, high in PAIRS if {low, high} <= names]
    groups = [("usual_unit", "usual_factor", "usual_from")]
    groups += [(end, f"{end}_inclusive") for end in ("low", "high", "eligible_low", "eligible_high", "age_low")]
    checks += [pa.Check(together(*group), name=f"{group} together") for group in groups if set(group) <= names]
    if "eligible_form" in names:
        checks.append(
            pa.Check(
                lambda t: (
                    (t["eligible_form"] == "interval").fillna(False).astype(bool)
                    == (t["eligible_low"].notna() | t["eligible_high"].notna())
                ),
                name="an interval has an end, and nothing else has one",
            )
        )
    if "ucum" in names:
        checks.append(pa.Check(together("unit", "ucum"), name="every unit has a UCUM code"))
    return checks


SCHEMAS = {
    name: pa.DataFrameSchema(
        {c.name: column(c) for c in columns},
        checks=whole_checks({c.name for c in columns}),
        strict=True,
        ordered=True,
        unique=["doc_id", "regimen"] if name == "regimens" else ["doc_id"] if name == "trials" else None,
    )
    for name, columns in SCHEMA.items()
}


def tables(path: Path) -> dict[str, pd.DataFrame]:
    """All tables of the texts in a file of gold, each with a registry that asks for 18 to 75 years."""
    extractor = shared_extractor()
    texts = {r["doc_id"]: r["text"] for r in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    registries = {doc_id: RegistryFields(None, "18 Years", "75 Years", "ALL", False) for doc_id in texts}
    return make_frames(((d, t, extractor.annotate(t)) for d, t in texts.items()), registries=registries)


@pytest.fixture(scope="module")
def of_the_project() -> dict[str, pd.DataFrame]:
    return tables(ROOT / "corpus" / "dev.jsonl")


@pytest.mark.parametrize("name", SCHEMA)
def test_tables_of_the_bundled_corpus_fit_the_schema(of_the_project: dict[str, pd.DataFrame], name: str) -> None:
    assert len(of_the_project[name]) > 0
    SCHEMAS[name].validate(of_the_project[name], lazy=True)


def test_facts_join_with_their_criteria(of_the_project: dict[str, pd.DataFrame]) -> None:
    key = ["doc_id", "criterion"]
    facts = pd.concat([of_the_project[name] for name in ("ages", "performance_status", "labs")]).dropna(subset=key)
    joined = facts.merge(of_the_project["criteria"], on=key, how="left", suffixes=("", "_of_all"), validate="m:1")
    assert len(joined) > 100
    assert set(joined["polarity"]) == {"inclusion", "exclusion"}
    assert (joined["any_of"].replace(0, pd.NA).fillna(-1) == joined["any_of_of_all"].fillna(-1)).all()
    assert (joined.groupby(key)["start"].transform("size") == joined["n_members"]).all()


@pytest.fixture(scope="module")
def of_the_seeds(shared_corpora: Path) -> dict[str, pd.DataFrame]:
    return tables(shared_corpora / "seeds.jsonl")


@pytest.mark.parametrize("name", SCHEMA)
def test_tables_of_the_seeds_fit_the_schema(of_the_seeds: dict[str, pd.DataFrame], name: str) -> None:
    SCHEMAS[name].validate(of_the_seeds[name], lazy=True)


@pytest.mark.parametrize(
    ("column", "value"),
    [("polarity", "inclusive"), ("low", 1e9), ("usual_factor", -1.0), ("doc_id", None), ("eligible_form", "exception")],
)
def test_the_schema_finds_what_is_wrong(of_the_project: dict[str, pd.DataFrame], column: str, value: object) -> None:
    table = of_the_project["labs"].query("low.notna() and high.notna() and eligible_form == 'interval'").copy()
    assert len(table) > 0
    table[column] = pd.Series([value] * len(table), index=table.index, dtype=table[column].dtype)
    with pytest.raises(pa.errors.SchemaErrors):
        SCHEMAS["labs"].validate(table, lazy=True)


def test_the_documentation_is_made_from_the_schema() -> None:
    written = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert with_columns(written) == written, "run python docs/columns.py"


def test_every_column_is_documented() -> None:
    sections = dict(part.split("\n", 1) for part in columns_markdown().split("## ")[1:])
    assert set(sections) == {*table_columns(unread=True), *OF_COMMANDS, "life_expectancy", "measurements"}
    for name, columns in table_columns(unread=True).items():
        assert [c.name for c in columns if f"| `{c.name}` |" not in sections[name]] == []


def test_a_document_without_the_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="is missing"):
        with_columns("# Columns\n")
    assert with_columns(f"# Columns\n{MARKER}\nold").startswith(f"# Columns\n{MARKER}\n\n## ages\n")
