"""LOINC codes that fit the property of the unit, and what is treated as equal."""

from __future__ import annotations

import pytest

from trialsift.model.fact import Fact
from trialsift.rules.files import patterns_dir
from trialsift.tables.derived import read_derivation


@pytest.mark.parametrize(
    ("analyte", "unit", "loinc", "source"),
    [
        ("hemoglobin", "g/L", "718-7", "unit"),
        ("hemoglobin", "mmol/L", None, "molar mass 16114 g/mol"),
        ("hemoglobin", "LLN", "718-7", None),
        ("hemoglobin", None, "718-7", None),
        ("glucose", "mmol/L", None, "molar mass 180.16 g/mol"),
        ("potassium", "meq/L", "2823-3", "charge 1"),
        ("hba1c", "%", "4548-4", "unit"),
        ("hba1c", "mmol/mol", None, None),
        ("alt", "U/L", "1742-6", "unit"),
        ("alt", "[IU]/L", "1742-6", "[IU] taken as U"),
        ("ca125", "U/mL", None, "[IU] taken as U"),
        ("d_dimer", "ug/mL", None, "unit"),  # 48065-7 is of FEU, and what was read doesn't say
    ],
)
def test_codes(analyte: str, unit: str | None, loinc: str | None, source: str | None) -> None:
    fact = Fact("LAB", 0, 1, "1", "r", {"analyte": analyte, "low": 1, "unit": unit})
    columns = read_derivation(patterns_dir()).derive_columns(fact, excepted=False)
    assert (columns.get("loinc"), columns.get("usual_from")) == (loinc, source)
