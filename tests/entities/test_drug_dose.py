"""What is read of DOSE of drugs in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from trialsift.facts import Scalar

from .cases import EXCLUSION, INCLUSION, Case, check, facts, ids


def drug(low: float | None, high: float | None, unit: str, agent: str | None, **more: Scalar) -> dict[str, Scalar]:
    return {"modality": "drug", "unit": unit, "low": low, "high": high, "agent": agent, **more}


DRUGS: list[Case] = [
    ("cisplatin 75 mg/m2 on day 1", [("75 mg/m2", drug(75, 75, "mg/m2", "cisplatin"))]),
    (
        "Cisplatin 75 mg/m² and etoposide 100 mg/m²",
        [("75 mg/m²", drug(75, 75, "mg/m2", "cisplatin")), ("100 mg/m²", drug(100, 100, "mg/m2", "etoposide"))],
    ),
    ("doxorubicin 75 mg/sqm", [("75 mg/sqm", drug(75, 75, "mg/m2", "doxorubicin", unit_as_written="mg/sqm"))]),
    (
        "trastuzumab 8 mg/kg loading dose, then 6 mg/kg every 3 weeks",
        [("8 mg/kg", drug(8, 8, "mg/kg", "trastuzumab")), ("6 mg/kg", drug(6, 6, "mg/kg", "trastuzumab"))],
    ),
    ("carboplatin AUC 5", [("AUC 5", drug(5, 5, "AUC", "carboplatin"))]),
    ("carboplatin (AUC 5-6)", [("AUC 5-6", drug(5, 6, "AUC", "carboplatin"))]),
    ("aspirin 81 or 325 mg", [("81", drug(81, 81, "mg", "aspirin")), ("325 mg", drug(325, 325, "mg", "aspirin"))]),
    (
        EXCLUSION + "Prednisone > 10 mg/day",
        [("> 10 mg/day", drug(10, None, "mg/d", "prednisone", low_inclusive=False, polarity="exclusion"))],
    ),
    (EXCLUSION + "More than 10 mg daily of prednisone", [("More than 10 mg", drug(10, None, "mg", "prednisone"))]),
    ("7.4 GBq of 177Lu-PSMA-617", [("7.4 GBq", drug(7.4, 7.4, "GBq", "177lu-psma-617"))]),
    ("pembrolizumab 200 mg every 3 weeks", [("200 mg", drug(200, 200, "mg", "pembrolizumab"))]),
    ("oxaliplatin at 130 mg/m", [("130 mg/m", drug(130, 130, "mg/m2", "oxaliplatin"))]),
    ("capecitabine 825-1000 mg/m2 twice daily", [("825-1000 mg/m2", drug(825, 1000, "mg/m2", "capecitabine"))]),
    ("prior doxorubicin up to 300 mg/m2", [("up to 300 mg/m2", drug(None, 300, "mg/m2", "doxorubicin"))]),
]
NO_DRUGS = [
    "hemoglobin > 9 g/dL",
    "100 mL of saline",
    "a tissue sample of 0.5 g",
    "diluted to a concentration of 5 mg/mL",
    "10 mCi of FDG for the PET scan",
    INCLUSION + "BMI > 30 kg/m2",
    INCLUSION + "Weight > 40 kg",
    "a plasma level of 5 ng/mL",
    "100 mL of iodinated contrast",
    INCLUSION + "proteinuria < 1 g/24 h",
    "AUC of the ROC curve 0.85",
]


class TestDrugDose:
    @pytest.mark.parametrize(("text", "expected"), ids(DRUGS))
    def test_dose(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("DOSE", text, expected)

    def test_agent_behind_two_doses(self) -> None:
        assert [f.attributes["agent"] for f in facts("81 or 325 mg of aspirin", "DOSE")] == ["aspirin", "aspirin"]

    @pytest.mark.parametrize("text", NO_DRUGS)
    def test_no_dose(self, text: str) -> None:
        assert [(f.text, f.attributes) for f in facts(text, "DOSE")] == []
