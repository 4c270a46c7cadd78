"""What is read of all labels together in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import EXTRACTOR, INCLUSION, facts
from trialsift.model.fact import make_sort_key


class TestWhole:
    TEXT = (
        "A study of cisplatin 40 mg/m2 with 50.4 Gy in 28 fractions\n\n"
        "Inclusion Criteria:\n- Age ≥ 18 years\n- ECOG 0\n- ALT, AST ≤ 2.5 x ULN\n\n"
        "Exclusion Criteria:\n- Age > 75 years\n- Creatinine > 1.5 mg/dL\n"
    )

    def test_order_and_polarity(self) -> None:
        assert [(f.label, f.text, f.attributes["polarity"]) for f in facts(self.TEXT)] == [
            ("DOSE", "40 mg/m2", "none"),
            ("DOSE", "50.4 Gy", "none"),
            ("FRACTIONS", "28 fractions", "none"),
            ("AGE", "≥ 18 years", "inclusion"),
            ("PERFORMANCE_STATUS", "0", "inclusion"),
            ("LAB", "≤ 2.5 x ULN", "inclusion"),
            ("LAB", "≤ 2.5 x ULN", "inclusion"),
            ("AGE", "> 75 years", "exclusion"),
            ("LAB", "> 1.5 mg/dL", "exclusion"),
        ]

    def test_facts_are_sorted(self) -> None:
        found = facts(self.TEXT)
        assert found == sorted(found, key=make_sort_key)

    def test_two_facts_on_the_same_characters(self) -> None:
        one, other = facts(INCLUSION + "ALT, AST ≤ 2.5 x ULN", "LAB")
        assert (one.start, one.end) == (other.start, other.end)
        assert [one.attributes["analyte"], other.attributes["analyte"]] == ["alt", "ast"]

    def test_zero_is_kept(self) -> None:
        [fact] = facts(INCLUSION + "ECOG 0", "PERFORMANCE_STATUS")
        assert (fact.attributes["low"], fact.attributes["high"]) == (0, 0)
        assert fact.to_flat()["low"] == 0

    def test_flags_that_do_not_hold_are_absent(self) -> None:
        for fact in facts(self.TEXT):
            assert not [
                value for key, value in fact.attributes.items() if value is False and not key.endswith("_inclusive")
            ]

    def test_each_fact_has_its_sentence(self) -> None:
        annotation = EXTRACTOR.annotate(self.TEXT)
        assert len(annotation.contexts) == len(annotation.facts)
        assert all(
            start <= fact.start < fact.end <= end
            for fact, (start, end) in zip(annotation.facts, annotation.contexts, strict=True)
        )

    def test_a_fact_ends_within_its_sentence(self) -> None:
        annotation = EXTRACTOR.annotate("The dose was 60\n Gy is a unit")
        assert [
            a <= f.start and f.end <= b for f, (a, b) in zip(annotation.facts, annotation.contexts, strict=True)
        ] in ([], [True])

    @pytest.mark.parametrize(
        "text", ["", " ", "\n\n", "No number stands here.", "Signed consent", "\x00", "5", "≥", "Gy"]
    )
    def test_nothing_to_read(self, text: str) -> None:
        annotation = EXTRACTOR.annotate(text)
        assert (annotation.facts, annotation.regimens, annotation.contexts) == ((), (), ())

    @pytest.mark.parametrize(
        "text",
        [
            "NCT01234567 of 2018-03-04",
            "version 2.1",
            "call 555-123-4567",
            "grade 3-4 toxicity (CTCAE v5.0)",
            "p < 0.001",
            "HR 0.75 (95 % CI 0.6-0.9)",
            "Room 18, 75 Main Street",
            "visits on days 1, 8 and 15",
            "stage T3-4 N0",
            "at 6, 12 and 24 months",
        ],
    )
    def test_numbers_of_other_things(self, text: str) -> None:
        assert [(f.label, f.text) for f in facts(text)] == []
