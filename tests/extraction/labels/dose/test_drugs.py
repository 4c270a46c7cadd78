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
    # volumes of vaccines, glued words, a weight behind two doses, `over to` that is no bound
    ("Each lamb was given 2 mL of the inactivated vaccine", [("2 mL", drug(2, 2, "mL", "vaccine"))]),
    ("they received 3 mL of a 5 mg/mL solution", [("3 mL", {"unit": "mL", "low": 3})]),
    ("induction with carmustine150mg/m2 on day 2", [("150mg/m2", drug(150, 150, "mg/m2", "carmustine"))]),
    ("ketamine 2 mg and 4 mg per kg", [("2 mg", {"unit": "mg/kg"}), ("4 mg per kg", {"unit": "mg/kg"})]),
    ("a maximum of 80 mg or 2 mg/kg", [("a maximum of 80 mg", {"unit": "mg"}), ("2 mg/kg", {"unit": "mg/kg"})]),
    ("all crossed over to infliximab 100 mg", [("100 mg", drug(100, 100, "mg", "infliximab"))]),
    # the mass of the body that a dose is reckoned by
    (
        "glucagon 0.5 ng/kg total body wt/min",
        [("0.5 ng/kg total body wt/min", drug(0.5, 0.5, "ng/kg/min", "glucagon"))],
    ),
    ("insulin 1.2 mU/kg FFM/min", [("1.2 mU/kg FFM/min", drug(1.2, 1.2, "m[IU]/kg/min", "insulin"))]),
    (
        "heparin 18 U/kg ideal body weight/h",
        [("18 U/kg ideal body weight/h", drug(18, 18, "[IU]/kg/h", "heparin"))],
    ),
    ("artesunate 4 mg base/kg/day", [("4 mg", drug(4, 4, "mg/kg/d", "artesunate"))]),
    ("quinine 15 mg salt/kg, then 10 mg/kg", [("15 mg", {"unit": "mg/kg"}), ("10 mg/kg", {"unit": "mg/kg"})]),
    ("a primed (3 mg/kg) infusion of [6,6-2H2]glucose was given", []),
    ("before the PET scan 4 MBq/kg was injected", []),
    ("the tracer (18F-FDG; made in house; 0.2 mCi/kg dosage) was given", []),
    ("patients received 40 mL of dextrose 50%", [("40 mL", drug(40, 40, "mL", "dextrose"))]),
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
    # the area under the curve in all its forms
    ("carboplatin 6 AUC", [("6 AUC", drug(6, 6, "AUC", "carboplatin"))]),
    ("carboplatin every 3 weeks AUC5", [("AUC5", drug(5, 5, "AUC", "carboplatin"))]),
    ("carboplatin (AUC, 2)", [("AUC, 2", drug(2, 2, "AUC", "carboplatin"))]),
    ("carboplatin 4-5 mg/mL/min", [("4-5 mg/mL/min", drug(4, 5, "AUC", "carboplatin"))]),
    ("carboplatin, area under the curve 2mg/m2", [("area under the curve 2mg/m2", drug(2, 2, "AUC", "carboplatin"))]),
    # the dose of a day
    ("a daily dose of 40 mg prednisone", [("40 mg", {"unit": "mg/d"})]),
    ("prednisone 20 mg total daily dose", [("20 mg", {"unit": "mg/d"})]),
    ("a maximum daily dose of 4 mg dexamethasone", [("maximum daily dose of 4 mg", {"unit": "mg/d", "high": 4})]),
    (EXCLUSION + "total daily insulin dose ≥ 2 U/kg", [("≥ 2 U/kg", {"unit": "[IU]/kg/d"})]),
    (EXCLUSION + "needing > 5 mg of daily prednisone", [("> 5 mg", {"unit": "mg/d"})]),
    ("prednisone 20 mg once daily", [("20 mg", {"unit": "mg"})]),
    ("a once daily dose of 20 mg prednisone", [("20 mg", {"unit": "mg"})]),
    # the area or the weight behind the name
    ("60 mg of doxorubicin per square meter", [("60 mg", {"unit": "mg/m2"})]),
    ("5 mg of infliximab per kilogram", [("5 mg", {"unit": "mg/kg"})]),
    (EXCLUSION + "daily doses of > 90 mg of aspirin", [("> 90 mg", {"unit": "mg/d"})]),
    ("10 mg of iron per kg of body weight per day", [("10 mg", {"unit": "mg/kg/d"})]),
    ("aspirin 500 mg on days 0 and 1 and 250 mg on day 2", [("500 mg", {"low": 500}), ("250 mg", {"low": 250})]),
    ("aspirin 0.5 ± 0.1 mg versus 0.6 ± 0.2 mg", [("0.5 ± 0.1 mg", {"low": 0.5}), ("0.6 ± 0.2 mg", {"low": 0.6})]),
    # a bound that is denied
    ("Do not reduce the docetaxel dose below 60 mg/m2.", [("below 60 mg/m2", {"low": 60, "high": None})]),
    # no known drug, but a word for a dose, a way to take it, a code, or another dose beside it
    ("zintraline (450 mg, thrice daily)", [("450 mg", {"low": 450})]),
    ("They took 2 grams of zintraline", [("2 grams", {"low": 2, "unit": "g"})]),
    ("XQ-4471 12.5 mg or placebo", [("12.5 mg", {"low": 12.5})]),
    ("docetaxel 60 mg/m2 per cycle rather than 75)", [("60 mg/m2", {"unit": "mg/m2"}), ("75", {"unit": "mg/m2"})]),
    ("lisinopril 10 mg a day, then 20.", [("10 mg a day", {"unit": "mg/d"}), ("20", {"unit": "mg/d"})]),
    ("lisinopril 10 mg or 2 tablets", [("10 mg", {})]),
    ("20 mg/kg, a maximum of 900 mg", [("20 mg/kg", {}), ("a maximum of 900 mg", {"high": 900})]),
    ("dose escalation (16, 32 and 64 mg)", [("16", {"low": 16}), ("32", {"low": 32}), ("64 mg", {"low": 64})]),
    ("doses of 0.1; 0.2 and 0.4 mg/h", [(n, {"unit": "mg/h"}) for n in ("0.1", "0.2", "0.4 mg/h")]),
    ("a mean dose of 21.4 ± 3.2 mg/kg", [("21.4 ± 3.2 mg/kg", {"low": 21.4, "high": 21.4})]),
    # an amount in mg alone, for nothing else is weighed in the sentence; and what is compared with placebo
    ("Zintra root (900 mg) did not change it", [("900 mg", {"low": 900})]),
    ("More patients of the 45 mg group improved", [("45 mg", {"low": 45})]),
    ("after placebo or 20 µg of particles", [("20 µg", {"low": 20, "unit": "ug"})]),
    # what is measured in front of a drug's name is not its dose
    ("saline, or the same volume of alfentanil (5 µg/kg)", [("5 µg/kg", {"agent": "alfentanil"})]),
    # a full stop groups thousands of units
    ("heparin 7.500 IU twice daily", [("7.500 IU", {"low": 7500})]),
    ("25.000 IU cholecalciferol per week", [("25.000 IU", {"low": 25000, "unit": "[IU]/wk"})]),
    # the letter of a name is no sign of a range
    ("interferon beta-1a 44 µg three times a week", [("44 µg", {"low": 44, "high": 44})]),
    # a bound says nothing of the doses that a bracket behind it lists
    (
        "doses of < 60 mg/kg (20 mg/kg and 35 mg/kg)",
        [("< 60 mg/kg", {"high": 60}), ("20 mg/kg", {"low": 20}), ("35 mg/kg", {"low": 35})],
    ),
    # volumes of local anaesthetics
    ("0.8 mL/kg of 0.2% ropivacaine was injected", [("0.8 mL/kg", {"unit": "mL/kg", "agent": "ropivacaine"})]),
    ("mixed with 20 mL bupivacaine; 15 mL of 0.5% levobupivacaine was given", [("15 mL", {"unit": "mL"})]),
    # fluids that are given, one of them in place of a drug; what dilutes or washes is none
    ("Controls received 3 mL of normal saline.", [("3 mL", drug(3, 3, "mL", "normal saline"))]),
    ("Ringer's solution was given at a rate of 3 mL/kg/h", [("3 mL/kg/h", {"unit": "mL/kg/h"})]),
    ("group B got isotonic saline 0.1 mL/kg", [("0.1 mL/kg", {"unit": "mL/kg"})]),
    ("zoledronate 4 mg diluted with 90 mL of saline was infused", [("4 mg", {})]),
    ("the group got 6 mL of saline containing 0.4 mg/kg ketamine", [("0.4 mg/kg", {})]),
    # the bound or the time of one is that of the other; a number of a day is no time
    ("oxycodone/aspirin (≤ 5/325 mg)", [("≤ 5", {"high": 5, "low": None}), ("325 mg", {"high": 325, "low": None})]),
    ("SP (20:1 mg/kg)", [("20", {"unit": "mg/kg"}), ("1 mg/kg", {"low": 1})]),
    ("They took 15 mg or 30 mg zintraline per day", [("15 mg", {"unit": "mg/d"}), ("30 mg", {"unit": "mg/d"})]),
    ("docetaxel 60 mg/ d1", [("60 mg", {"unit": "mg"})]),
    ("5 mg ticagrelor was not inferior to 9 mg ticagrelor", [("5 mg", {}), ("not inferior to 9 mg", {"high": 9})]),
    ("a low daily dose (15 or 30 mg) of zintraline", [("15", {"unit": "mg/d"}), ("30 mg", {"unit": "mg/d"})]),
    ("Melphalan 130 mg/m^2 Day -1", [("130 mg/m^2", {"unit": "mg/m2"})]),
    ("index and prednisone dosage were 150.2±30.1, 12.5±2.0 and 9.5±1.5 mg/day", [("9.5±1.5 mg/day", {})]),
    ("insulin doses of 0.2 ± 0.1 versus 0.3 ± 0.1 IU/kg", [("0.2 ± 0.1", {}), ("0.3 ± 0.1 IU/kg", {})]),
    # what is measured after a dose, in front of it
    ("plasma concentrations after 30 mg zintraline", [("30 mg", {})]),
    # the weight behind the name, with exponents; the day far in front
    ("They received 0.9 g casein · kg-1 · h-1", [("0.9 g", {"unit": "g/kg/h"})]),
    ("maximum daily dose(s) of glipizide 15 mg", [("15 mg", {"unit": "mg/d"})]),
    (
        "a daily maintenance dose of prednisolone for arthritis between 5 and 15 mg",
        [("between 5 and 15 mg", {"unit": "mg/d"})],
    ),
    (EXCLUSION + "Insulin requirement above 1.2 units/kg/day", [("above 1.2 units/kg/day", {"low": 1.2})]),
    ("Patients take taxotere. We found 35 mg/m2 to be tolerated.", [("35 mg/m2", {"agent": "taxotere"})]),
]
NO_DRUGS = [
    "Body iron rose in the groups that got iron or zinc for a year (2.5 ± 1.1 mg/kg and 3.1 ± 1.2 mg/kg)",
    "PD20 of histamine <= 2 mg",
    "The lead contents of bone were 1.1 ± 0.2 mg/kg, 2.0 ± 0.4 mg/kg and 3.5 ± 0.5 mg/kg in the three groups",
    "vitamin D, lactose (0.4 mg)",
    "A 40 mg zintraline capsule contained 8 pellets",
    "The cuff was filled with 5 mL of saline and the group was followed",
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
    "a good AUC of 0.91",
    "two 2 mg tablets",
    "each ampoule has 300 mg",
    "zintraline (10 mg amp, Firm Ltd)",
    "100 µg per puff",
    "capsules available in 20 and 100 mg capsules",
    "an imaging activity of 185 MBq",
    INCLUSION + "bone density 0.8 g/cm2",
    INCLUSION + "a rise of 5 g/m2/year",
    INCLUSION + "creatinine ≤ 1.5 mg",
    "400 mg/kg of diet",
    "2 units of packed red cells",
    "bone mineral density was 0.8 g/cm2",
    "Lean mass was 40 ± 7 g/kg",
    "zintraline (100 mg per suppository)",
    "The recommended protein intake is 0.8 g/kg/d",
    "The premix contained: 9000 IU/kg vitamin A, 40 mg/kg vitamin E, 90 mg/kg Zn (oxide), 5 mg/kg Cu, 2 mg/kg Se",
    "a meal with an energy content of: carbohydrate, 1.5 g/kg; protein, 0.4 g/kg; fat, 0.3 g/kg",
    "its protein (3.0 g), fibre (1.5 g) and ash (2 g) contents were lower",
    "urea production of 6 to 9 mg/kg per day",
    "supplied as 250 IU antithrombin (5 ml) vials",
    "In the FFP group each received 3 units before surgery",
    "The mass of each bead was 150 mg",
    "RNA yields were 8 mg",
    "zintraline in 100 mL of 0.9% saline with 2% lidocaine",
    "Porridge: vitamin C 60 mg vitamin E 8 mg thiamin 0.5 mg riboflavin 0.6 mg zinc 5 mg",
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
