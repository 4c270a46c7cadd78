"""Polarity outside named sections, told by the words of a sentence and by the part of the document it stands in."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor

EXTRACTOR = shared_extractor()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A platelet count ≥ 100,000/mm3 was required.", ["inclusion"]),
        ("Required features included platelets ≥ 100,000/mm3.", ["inclusion"]),
        ("Adequate renal function (creatinine ≤ 1.5 mg/dL) was mandatory.", ["inclusion"]),
        ("All patients with an eGFR ≤ 60 mL/min were invited to participate.", ["inclusion"]),
        ("Patients were excluded if creatinine was > 2 mg/dL.", ["exclusion"]),
        ("Reasons for exclusion were a creatinine > 2 mg/dL.", ["exclusion"]),
        (
            "Adults with HbA1c ≥ 7 % were eligible; those with creatinine > 2 mg/dL were excluded.",
            ["inclusion", "exclusion"],
        ),
        ("We recruited adults with HbA1c < 10 % so as to exclude poor control.", ["inclusion"]),
        ("Transfusion was required if hemoglobin fell to < 8 g/dL.", ["none"]),
        ("The next cycle was given when platelets of ≥ 100,000/mm3 were reached, as required.", ["none"]),
        ("BODY.METHODS.PARTICIPANTS:\nAdults with HbA1c ≥ 7 % took part.", ["inclusion"]),
        ("BODY.METHODS.DOSING:\nInsulin was raised at HbA1c ≥ 7 %.", ["none"]),
        ("BODY.RESULTS:\nMen aged ≥ 65 years were ill more often.", ["none"]),
        ("Inclusion Criteria:\n- Adults ≥ 18 years\nThey are stratified by ECOG (0 or 1).", ["inclusion", "none"]),
        ("Patients were required to be receiving metformin ≥ 1000 mg/day.", ["inclusion"]),
        ("Patients were given metformin 1000 mg/day.", ["none"]),
    ],
)
def test_polarity_in_prose(text: str, expected: list[str]) -> None:
    assert [fact.attributes["polarity"] for fact in EXTRACTOR.annotate(text).facts] == expected


@pytest.mark.parametrize(
    "title",
    [
        "5.1 Safety plan",
        "6 Study Treatment",
        "Dose modifications",
        "# Dose reduction rules",
        "Appendix 3. Grading of toxicity",
        "APPENDIX A: LABORATORY TESTS",
        "Discontinuation criteria:",
        "Statistical analysis",
        "Sample size calculation",
        "METHODS.TREATMENT:",
    ],
)
def test_a_title_ends_criteria(title: str) -> None:
    text = f"Exclusion criteria:\n- Creatinine > 2 mg/dL\n\n{title}\nPlatelets < 50 x 10^9/L lead to a pause."
    assert read_polarities(text) == ["exclusion", "none"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.2 Exclusion criteria:\n1. Creatinine > 2 mg/dL\n\n4.3 Visits\nALT > 8 x ULN is reported.", "en"),
        ("4.2 Exclusion criteria\n\n4.2.1 Creatinine > 2 mg/dL\n\n4.2.2 Pregnancy\n\n4.2.3 ALT > 3 x ULN", "ee"),
        ("4 Exclusion criteria\n\n1. Creatinine > 2 mg/dL\n\n5. Pregnancy\n\n6. ALT > 3 x ULN", "ee"),
        (
            "Exclusion Criteria:\n\nGeneral criteria:\n- Creatinine > 2 mg/dL\nLaboratory criteria:\n- ALT > 3 x ULN",
            "ee",
        ),
        ("Exclusion Criteria:\n- Creatinine > 2 mg/dL\n\nPRIOR CONCURRENT THERAPY:\n- ALT ≤ 3 x ULN", "ei"),
        ("Exclusion Criteria:\n- Those unfit by\n  eligibility: creatinine > 2 mg/dL is exclusionary", "e"),
        ("Exclusion Criteria:\n- Pain within 4 weeks of\n  treatment schedule\n- ALT > 3 x ULN", "e"),
        ("Inclusion: hemoglobin ≥ 9 g/dL. Exclusion: creatinine > 2 mg/dL", "ie"),
        ("Eligibility: hemoglobin ≥ 9 g/dL. Exclusion: platelets < 50 x 10^9/L; eGFR < 50 mL/min", "iee"),
        ("Eligibility CriteriaInclusion Criteria:\n- Hemoglobin ≥ 9 g/dL\nExclusion Criteria:\n- ALT > 3 x ULN", "ie"),
        ("Inclusion criteriaHemoglobin ≥ 9 g/dL Exclusion criteriaCreatinine > 2 mg/dL", "ie"),
        (
            "Healthy volunteers inclusion criteria\n- Hemoglobin ≥ 9 g/dL\n\n"
            "Healthy volunteers exclusion criteria\n- ALT > 3 x ULN",
            "ie",
        ),
        (
            "Cohort A inclusion criteria:\n- Hemoglobin ≥ 9 g/dL\nCohort A exclusion criteria:\n- ALT > 3 x ULN\n"
            "Cohort B inclusion criteria:\n- Hemoglobin ≥ 8 g/dL",
            "iei",
        ),
        ("Exclusion criteria:\n- ALT > 3 x ULN\n\nRandomization criteria\n- Hemoglobin ≥ 9 g/dL", "ei"),
    ],
)
def test_where_sections_begin_and_end(text: str, expected: str) -> None:
    assert "".join(polarity[0] for polarity in read_polarities(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Patients with eGFR < 30 mL/min were not enrolled.",
        "We did not include patients with creatinine > 2 mg/dL.",
        "Subjects were not allowed to participate if ALT was > 3 x ULN.",
        "Patients were barred from the study when creatinine was > 2 mg/dL.",
        "Men with a PSA > 20 ng/mL could not take part.",
        "An ALT > 3 x ULN disqualified a patient.",
    ],
)
def test_those_kept_out_in_prose(text: str) -> None:
    assert read_polarities(text) == ["exclusion"]


def read_polarities(text: str) -> list[str]:
    return [str(fact.attributes["polarity"]) for fact in EXTRACTOR.annotate(text).facts]


@pytest.mark.parametrize(
    "text",
    [
        "Patients with creatinine > ULN must have a creatinine clearance > 60 mL/min",
        "Subjects with a bilirubin above 1.5 x ULN must have a direct bilirubin ≤ ULN",
        "Patients whose creatinine is > 1.5 mg/dL should have a creatinine clearance ≥ 60 mL/min",
        "Those with ALT > 3 x ULN are required to have a bilirubin ≤ 1.5 x ULN",
    ],
)
def test_a_subgroups_definition_is_a_condition(text: str) -> None:
    first, second = EXTRACTOR.annotate(f"Inclusion Criteria:\n- {text}").facts
    assert first.attributes.get("conditional") is True
    assert second.attributes.get("condition") == text[: text.index(first.text)] + first.text


@pytest.mark.parametrize(
    "text",
    ["Patients with creatinine > 2 mg/dL must be excluded", "Patients with creatinine ≤ 2 mg/dL and no dialysis"],
)
def test_a_criterion_is_no_condition(text: str) -> None:
    (fact,) = EXTRACTOR.annotate(f"Inclusion Criteria:\n- {text}").facts
    assert "conditional" not in fact.attributes


@pytest.mark.parametrize(
    "line",
    [
        "ALT and bilirubin may not both be above 2 x ULN",
        "Intermediate risk (age > 60 years, LDH > ULN)",
        "An isolated bilirubin > 1.5 x ULN is acceptable",
    ],
)
def test_tolerance_and_risk_groups_limit_nobody(line: str) -> None:
    assert all(EXTRACTOR.annotate(f"Inclusion Criteria:\n- {line}").excepted)


def test_an_age_group_of_a_registry_includes() -> None:
    assert read_polarities("Exclusion criteria:\n- ALT > 3 x ULN\n\nAge group: 65+ years, 18-64 years") == [
        "exclusion",
        "inclusion",
        "inclusion",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Factors are performance status (ECOG 0-1 vs 2) and sex.", "nn"),
        ("The stratifying variables were stage and ECOG (0 or 1).", "n"),
        ("BODY.METHODS.PATIENTS:\nSubgroup I, age 20-35 years; subgroup II, age 49-69 years", "nn"),
        ("Patients aged > 18 years with sarcoma, not eligible for neurosurgery.", "i"),
        ("Adults aged > 18 years, ineligible for a conventional transplantation, take part.", "i"),
        ("Those aged > 80 years were ineligible for the study.", "e"),
        ("Inc Criteria:\n- Hemoglobin ≥ 9 g/dL\n\nExc Criteria:\n- ALT > 3 x ULN", "ie"),
        ("- Sarcoma\n- ≥ 5 % blasts\n- Hemoglobin ≥ 9 g/dL\n\nExclusion Criteria\n- ALT > 3 x ULN", "iie"),
        ("The HEART-2 study will enroll adults that fulfill the following criteria:\n1. potassium < 5 mmol/L", "i"),
    ],
)
def test_what_a_limit_is_for(text: str, expected: str) -> None:
    assert "".join(polarity[0] for polarity in read_polarities(text)) == expected


def test_patients_of_a_group_are_told_of_behind_criteria() -> None:
    text = (
        "Patients with any of the following were excluded: ALT > 3 x ULN. "
        "Patients in the drug (experimental) group received pregabalin 300 mg."
    )
    assert read_polarities(text) == ["exclusion", "none"]


@pytest.mark.parametrize(
    "text",
    [
        "Consent was obtained from residents aged ≥ 18 years and from the parents of the others.",
        "The denominator includes individuals aged < 75 years only.",
    ],
)
def test_ages_of_consent_and_of_a_denominator_limit_nobody(text: str) -> None:
    assert read_polarities(text) == ["none"]
