"""What is read of PERFORMANCE_STATUS in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import EXCLUSION, INCLUSION, Case, check, facts, ids
from trialsift.model.fact import Scalar

STATUS: list[Case] = [
    (INCLUSION + "ECOG performance status of 0", [("0", {"scale": "ECOG", "low": 0, "high": 0})]),
    (INCLUSION + "ECOG ≤ 2", [("≤ 2", {"scale": "ECOG", "low": 0, "high": 2})]),
    (INCLUSION + "ECOG < 2", [("< 2", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG PS 0, 1, or 2", [("0, 1, or 2", {"low": 0, "high": 2})]),
    (INCLUSION + "ECOG 0/1", [("0/1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG performance status (PS) of 0 to 1", [("0 to 1", {"low": 0, "high": 1})]),
    (
        INCLUSION + "Eastern Cooperative Oncology Group (ECOG) Performance Status of zero or one",
        [("zero or one", {"low": 0, "high": 1})],
    ),
    (INCLUSION + "ECOG performance status â‰¤ 1", [("â‰¤ 1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG performance status \\<= 1", [("\\<= 1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG performance status &le; 1", [("&le; 1", {"low": 0, "high": 1})]),
    (EXCLUSION + "ECOG ≥ 2", [("≥ 2", {"low": 2, "high": 5, "polarity": "exclusion"})]),
    (EXCLUSION + "ECOG performance status > 2", [("> 2", {"low": 3, "high": 5})]),
    (INCLUSION + "KPS ≥ 70", [("≥ 70", {"scale": "KPS", "low": 70, "high": 100})]),
    (INCLUSION + "Karnofsky performance status > 60 %", [("> 60 %", {"scale": "KPS", "low": 70, "high": 100})]),
    (INCLUSION + "Karnofsky Performance Score 70-100%", [("70-100%", {"scale": "KPS", "low": 70, "high": 100})]),
    (EXCLUSION + "Karnofsky performance status < 70", [("< 70", {"scale": "KPS", "low": 0, "high": 60})]),
    (INCLUSION + "Lansky ≥ 50", [("≥ 50", {"scale": "Lansky", "low": 50, "high": 100})]),
    (
        INCLUSION + "WHO performance status 0-1",
        [("0-1", {"scale": "ECOG", "scale_as_written": "WHO", "low": 0, "high": 1})],
    ),
    (INCLUSION + "Zubrod 0-2", [("0-2", {"scale": "ECOG", "scale_as_written": "Zubrod", "low": 0, "high": 2})]),
    (
        INCLUSION + "GOG performance status of 0, 1, or 2",
        [("0, 1, or 2", {"scale_as_written": "GOG", "low": 0, "high": 2})],
    ),
    (
        INCLUSION + "ECOG 0-1 or Karnofsky ≥ 70",
        [("0-1", {"scale": "ECOG", "high": 1}), ("≥ 70", {"scale": "KPS", "low": 70})],
    ),
    (
        INCLUSION + "ECOG ≤ 2 (Karnofsky ≥ 60%)",
        [("≤ 2", {"scale": "ECOG", "high": 2}), ("≥ 60%", {"scale": "KPS", "low": 60})],
    ),
    (
        INCLUSION + "WHO Performance Status 2",
        [("2", {"scale": "ECOG", "low": 0, "high": 2, "operator_inferred": True})],
    ),
    ("Inclusion Criteria:\nPerformance status:\n  - ECOG 0-2", [("0-2", {"scale": "ECOG", "low": 0, "high": 2})]),
    ("Inclusion Criteria:\nPerformance status:\n  - 0-2", [("0-2", {"scale": "ECOG", "low": 0, "high": 2})]),
]
MORE_STATUS: list[Case] = [
    ("Inclusion Criteria:\n\n  -  ECOG status of 0-2\n\n  -  Patients with measles", [("0-2", {"low": 0, "high": 2})]),
    (INCLUSION + "ECOG performance status1 ≤ 2", [("≤ 2", {"low": 0, "high": 2})]),
    (INCLUSION + "ECOG performance status 0 2 at study entry", [("0 2", {"low": 0, "high": 2})]),
    (INCLUSION + "Performance status: Lansky ≥ 50", [("≥ 50", {"scale": "Lansky", "low": 50, "high": 100})]),
    (EXCLUSION + "ECOG of 3 or worse", [("3 or worse", {"low": 3, "high": 5})]),
    (INCLUSION + "ECOG no worse than 1", [("no worse than 1", {"low": 0, "high": 1})]),
    (INCLUSION + "at least 50 on the Karnofsky scale", [("at least 50", {"scale": "KPS", "low": 50, "high": 100})]),
    (INCLUSION + "a score of 0 or 1 on the ECOG scale", [("0 or 1", {"scale": "ECOG", "low": 0, "high": 1})]),
    (
        INCLUSION + "ECOG 0-2 for cohort A and 0-1 for cohort B",
        [("0-2", {"low": 0, "high": 2}), ("0-1", {"low": 0, "high": 1})],
    ),
    (
        INCLUSION + "Karnofsky ≥ 60% (> 50% if due to bone pain)",
        [("≥ 60%", {"low": 60, "high": 100}), ("> 50%", {"low": 60, "high": 100})],
    ),
    (INCLUSION + "Lansky score (LPS for =< 16 years of age) >= 50", [(">= 50", {"scale": "Lansky", "low": 50})]),
]
PHRASED: list[Case] = [
    (INCLUSION + "ECOG status must not be higher than 1", [("not be higher than 1", {"low": 0, "high": 1})]),
    (INCLUSION + "WHO performance status cannot exceed 2", [("cannot exceed 2", {"low": 0, "high": 2})]),
    (EXCLUSION + "Performance status worse than ECOG 1", [("worse than ECOG 1", {"low": 2, "high": 5})]),
    (INCLUSION + "ECOG better than 3", [("better than 3", {"low": 0, "high": 2})]),
    (INCLUSION + "Karnofsky better than 60", [("better than 60", {"low": 70, "high": 100})]),
    (INCLUSION + "ECOG better than or equal to 1", [("better than or equal to 1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG status0-1", [("0-1", {"low": 0, "high": 1})]),
    (INCLUSION + "Karnofsky performance score [7] ≥ 80", [("≥ 80", {"low": 80, "high": 100})]),
    (INCLUSION + "Karnofsky (scale 0-100) of at least 60", [("at least 60", {"low": 60, "high": 100})]),
    (INCLUSION + "ECOG test score of ≤ 1", [("≤ 1", {"low": 0, "high": 1})]),
    (INCLUSION + "KPS of more than 50 percent", [("more than 50 percent", {"low": 60, "high": 100})]),
    (INCLUSION + "≥ 70 % in the Karnofsky index", [("≥ 70 %", {"scale": "KPS", "low": 70, "high": 100})]),
    (INCLUSION + "ECOG = 1", [("= 1", {"low": 0, "high": 1, "operator_inferred": True})]),
    (EXCLUSION + "ECOG = 3", [("= 3", {"low": 3, "high": 5, "operator_inferred": True})]),
    (EXCLUSION + "Karnofsky ? 50", [("? 50", {"low": 0, "high": 50, "operator_inferred": True})]),
    (INCLUSION + "0-1 ECOG", [("0-1", {"scale": "ECOG", "low": 0, "high": 1})]),
    (
        INCLUSION + "≥ 60 on the Lansky or Karnofsky scale",
        [("≥ 60", {"scale": "Lansky", "low": 60}), ("≥ 60", {"scale": "KPS", "low": 60})],
    ),
    (
        INCLUSION + "Karnofsky (or Lansky) ≥ 70",
        [("≥ 70", {"scale": "Lansky", "low": 70}), ("≥ 70", {"scale": "KPS", "low": 70})],
    ),
    (
        INCLUSION + "WHO 0-1 or Karnofsky ≥ 80",
        [("0-1", {"scale": "ECOG", "high": 1}), ("≥ 80", {"scale": "KPS", "low": 80})],
    ),
    ("Inclusion Criteria:\n- Performance status\n- 0-1", [("0-1", {"scale": "ECOG", "low": 0, "high": 1})]),
    ("Inclusion Criteria:\nPerformance status:\n- WHO 0-2", [("0-2", {"scale_as_written": "WHO", "high": 2})]),
    (
        "Randomisation was stratified by performance status (0-1 versus 2).",
        [("0-1", {"low": 0, "high": 1}), ("2", {"low": 2, "high": 2, "polarity": "none"})],
    ),
    ("Eligible patients were fit, with a performance status of 0 to 1.", [("0 to 1", {"low": 0, "high": 1})]),
]
STRATA: list[Case] = [
    ("Stratified by Karnofsky score (70 v 80 or 90).", [("70", {"high": 70}), ("80 or 90", {"low": 80, "high": 90})]),
    ("Table 1 ECOG PS 0-1 14 (61) 2-3 9 (39)", [("0-1", {"high": 1}), ("2-3", {"low": 2, "high": 3})]),
    ("Stages were II to III; KPS scores were > 65.", [("> 65", {"scale": "KPS", "low": 70, "high": 100})]),
    (EXCLUSION + "WHO performance status > °2", [("> °2", {"scale": "ECOG", "low": 3, "high": 5})]),
]
NO_STATUS = [
    "Of all, 41% had an ECOG performance status 0.",
    "Two had a falling performance status and one had a stroke.",
    EXCLUSION + "Class of the society of anesthesiologists (ASA-PS) > 2",
    "Two patients with good PS (PS = 1) took part.",
    "Sex M 9 F 11 PS 1 12 8",
    "WHO grade 3 glioma",
    "ECOG 3311 enrolled 519 patients",
    "ECOG-ACRIN EA5142",
    "WHO classification 2016",
    INCLUSION + "NYHA class ≤ 2",
    "the PS was assessed",
    INCLUSION + "Grade ≤ 2 toxicity by CTCAE 4.0",
    "performance status was recorded on day 1 of each cycle",
]


class TestPerformanceStatus:
    @pytest.mark.parametrize(("text", "expected"), ids([*STATUS, *MORE_STATUS, *PHRASED, *STRATA]))
    def test_limit(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("PERFORMANCE_STATUS", text, expected)

    @pytest.mark.parametrize("text", NO_STATUS)
    def test_no_limit(self, text: str) -> None:
        assert [f.text for f in facts(text, "PERFORMANCE_STATUS")] == []
