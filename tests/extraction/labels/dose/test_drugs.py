"""What is read of DOSE of drugs in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import EXCLUSION, INCLUSION, Case, check, facts, ids
from trialsift.model.fact import Scalar


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
MORE_DRUGS: list[Case] = [
    ("weekly docetaxel (25mg/) and surgery", [("25mg/", drug(25, 25, "mg/m2", "docetaxel"))]),
    (
        EXCLUSION + "more than 20 mg prednisone or 10 mg dexamethasone per day",
        [
            ("more than 20 mg", {"unit": "mg/d", "agent": "prednisone"}),
            ("10 mg", {"unit": "mg/d", "low": 10, "low_inclusive": False}),
        ],
    ),
    (
        INCLUSION + "either 81 mg or 325 mg aspirin daily",
        [("81 mg", {"agent": "aspirin"}), ("325 mg", {"agent": "aspirin"})],
    ),
    (
        EXCLUSION + "doses above atorvastatin 80 mg, rosuvastatin 20 mg or simvastatin 40 mg",
        [(f"{n} mg", {"low": n, "low_inclusive": False, "high": None}) for n in (80, 20, 40)],
    ),
    ("fluorouracil (5-FU) dosed at 400 mg/m2", [("400 mg/m2", drug(400, 400, "mg/m2", "fluorouracil"))]),
    (EXCLUSION + "prednisone less than [<] 10 mg", [("less than [<] 10 mg", {"high": 10, "high_inclusive": False})]),
    ("Patients take taxotere. We found 35 mg/m2 to be tolerated.", [("35 mg/m2", {"agent": "taxotere"})]),
]
NO_DRUGS = [
    EXCLUSION + "alcohol (regular consumption > 21 units/week)",
    "no more than a 10-unit daily variation in insulin",
    "cetuximab had a Vmax of 4.38 mg/h",
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
    @pytest.mark.parametrize(("text", "expected"), ids([*DRUGS, *MORE_DRUGS]))
    def test_dose(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("DOSE", text, expected)

    def test_agent_behind_two_doses(self) -> None:
        assert [f.attributes["agent"] for f in facts("81 or 325 mg of aspirin", "DOSE")] == ["aspirin", "aspirin"]

    @pytest.mark.parametrize("text", NO_DRUGS)
    def test_no_dose(self, text: str) -> None:
        assert [(f.text, f.attributes) for f in facts(text, "DOSE")] == []
