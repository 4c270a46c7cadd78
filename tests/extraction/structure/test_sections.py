"""Sections and their polarity, criterion lines, sentences."""

from __future__ import annotations

import pytest

from trialsift.extraction.structure.lines import split_lines, split_sentences
from trialsift.extraction.structure.section import find_section
from trialsift.extraction.structure.sections import Structure
from trialsift.rules.files import patterns_dir

STRUCTURE = Structure(patterns_dir())


def polarity(text: str, of: str) -> str | None:
    """The polarity at the first occurrence of `of`."""
    return find_section(STRUCTURE.find_sections(text), text.index(of)).polarity


def lines(text: str) -> list[str]:
    return [text[line.start : line.end] for line in split_lines(text, STRUCTURE.words)]


def sentences(text: str) -> list[str]:
    return [text[a:b].strip() for a, b in split_sentences(text, 0, len(text), STRUCTURE.words)]


class TestPolarity:
    """`X` stands for a criterion."""

    @pytest.mark.parametrize("end", ["results:", "study treatment:"])
    def test_a_wrapped_sentence_heads_nothing(self, end: str) -> None:
        text = f"Exclusion Criteria:\n\n  1. Any of the following abnormal laboratory\n     {end}\n\n     - X"
        assert polarity(text, "X") == "exclusion"

    def test_a_small_heading_behind_a_full_sentence(self) -> None:
        assert polarity("Inclusion Criteria:\n- Age 18 years.\nresults: X", "X") is None

    @pytest.mark.parametrize(
        "heading",
        [
            "Inclusion Criteria:",
            "Inclusion Criteria",
            "INCLUSION CRITERIA",
            "inclusion criteria:",
            "Key Inclusion Criteria",
            "Inclusion criteria (all must be met):",
            "Main inclusion criteria:",
            "1. Inclusion Criteria",
            "**Inclusion Criteria**",
            "Inclusion:",
            "Eligibility Criteria:",
            "INCLUSION CRITERIA - ",
            "- Inclusion Criteria:",
            "Patient Inclusion Criteria:",
            "Inclusion Criteria for Part A:",
            "# Inclusion criteria",
            "INCLUSION_CRITERIA:",
            "PATIENT CHARACTERISTICS:",
            "DISEASE CHARACTERISTICS:",
        ],
    )
    def test_inclusion(self, heading: str) -> None:
        text = f"A trial of things\n\n{heading}\n\n- X one\n- X two\n"
        assert polarity(text, "A trial") is None
        assert polarity(text, "X one") == polarity(text, "X two") == "inclusion"

    @pytest.mark.parametrize(
        "heading",
        [
            "Exclusion Criteria:",
            "Exclusion Criteria",
            "EXCLUSION CRITERIA",
            "Key exclusion criteria:",
            "Exclusion:",
            "Exclusions:",
            "Non-inclusion criteria:",
            "Exclusion criteria (any of the following):",
            "2. Exclusion Criteria",
            "Main Exclusion Criteria:",
            "Ineligibility criteria:",
            "Criteria for exclusion:",
        ],
    )
    def test_exclusion_closes_inclusion(self, heading: str) -> None:
        text = f"Inclusion Criteria:\n- X one\n\n{heading}\n- X two\n"
        assert polarity(text, "X one") == "inclusion"
        assert polarity(text, "X two") == "exclusion"

    @pytest.mark.parametrize(
        "heading",
        [
            "Outcome Measures",
            "Primary Outcome:",
            "Results:",
            "RESULTS",
            "Methods:",
            "Arms and Interventions",
            "Study Design:",
            "Contacts and Locations",
            "Background:",
            "Detailed Description:",
            "References",
            "PROJECTED ACCRUAL: 40 patients",
            "OUTLINE: Patients are stratified.",
            "Treatment plan:",
            "5.1 Safety Plan",
            "Dose Modifications",
            "10.2 Appendix 2: Laboratory Tests",
            "Criteria to Resume Treatment",
            "Describe the medication in detail:",
        ],
    )
    def test_another_section_closes_eligibility(self, heading: str) -> None:
        text = f"Inclusion Criteria:\n- X one\n\nExclusion Criteria:\n- X two\n\n{heading}\nX three\n"
        assert polarity(text, "X two") == "exclusion"
        assert polarity(text, "X three") is None

    @pytest.mark.parametrize("heading", ["Chemotherapy:", "Radiotherapy:", "Treatment:"])
    def test_headings_that_criteria_have_too_close_nothing(self, heading: str) -> None:
        assert polarity(f"Exclusion Criteria:\n- X one\n\n{heading}\n- X two\n", "X two") == "exclusion"

    def test_a_list_in_front_of_exclusions_includes(self) -> None:
        lines = ["Written consent", "Aged 18 or older", "Adequate function:", "Platelets 100", "Bilirubin 2"]
        text = "\n".join([*lines, "", "Exclusion criteria:", "Pregnancy"])
        assert (polarity(text, "Platelets"), polarity(text, "Pregnancy")) == ("inclusion", "exclusion")
        text = text.replace("Written consent", "Consent was given.")
        assert (polarity(text, "Platelets"), polarity(text, "Pregnancy")) == (None, "exclusion")

    def test_small_letters_throughout(self) -> None:
        text = "last modified in may\n\ninclusion criteria\n\nage 18 years\nexclusion criteria\nage above 75"
        assert (polarity(text, "18"), polarity(text, "75")) == ("inclusion", "exclusion")

    def test_joined_lines(self) -> None:
        text = "Who can take part? Inclusion criteria Age above 18 Exclusion criteria Heart failure, age above 75"
        assert (polarity(text, "18"), polarity(text, "75")) == ("inclusion", "exclusion")

    def test_on_one_line(self) -> None:
        text = "Inclusion Criteria: X one; X two. Exclusion Criteria: X three; X four.\n"
        assert [polarity(text, f"X {n}") for n in ("one", "two", "three", "four")] == ["inclusion"] * 2 + [
            "exclusion"
        ] * 2

    def test_running_text(self) -> None:
        text = (
            "We did a study of X zero. Inclusion criteria are X one. Exclusion criteria are X two.\n\n"
            "X three was found.\n"
        )
        assert [polarity(text, f"X {n}") for n in ("zero", "one", "two", "three")] == [
            None,
            "inclusion",
            "exclusion",
            None,
        ]

    def test_aggregator_page(self) -> None:
        text = (
            "Home / Trials\nRecruiting\n\nEligibility Criteria\n\n"
            "Inclusion Criteria\n\nX one\n\nExclusion Criteria\n\nX two\n\n"
            "Ages Eligible for Study: | 18 Years to 75 Years |\n"
            "Sexes Eligible for Study: | All |\n\nContacts and Locations\nX three\n"
        )
        assert [polarity(text, w) for w in ("Recruiting", "X one", "X two", "18 Years", "X three")] == [
            None,
            "inclusion",
            "exclusion",
            "inclusion",
            None,
        ]

    def test_nci_format(self) -> None:
        text = (
            "OBJECTIVES: I. Determine X zero.\n\nPROTOCOL ENTRY CRITERIA:\n\n--Disease Characteristics--\n\nX one\n\n"
            "--Prior/Concurrent Therapy--\n\nChemotherapy: X two\n\n"
            "--Patient Characteristics--\n\nAge: X three\n\nPROJECTED ACCRUAL: X four\n"
        )
        assert [polarity(text, f"X {n}") for n in ("zero", "one", "two", "three", "four")] == [
            None,
            "inclusion",
            "inclusion",
            "inclusion",
            None,
        ]

    def test_old_nci_format(self) -> None:
        text = (
            "DISEASE CHARACTERISTICS:\n\n* X one\n\nPATIENT CHARACTERISTICS:\n\n"
            "Age:\n\n* X two\n\nPRIOR CONCURRENT THERAPY:\n\n* X three\n"
        )
        assert [polarity(text, f"X {n}") for n in ("one", "two", "three")] == ["inclusion"] * 3

    @pytest.mark.parametrize(
        "text",
        [
            "Inclusion Criteria:\n- Women who may bear children, and those who breast feed, are\n  excluded.\n- X\n",
            "Inclusion Criteria:\n- The investigator must have seen the biopsy and its\n  results\n- X\n",
            "Inclusion Criteria:\n- Disease that can be measured, as specified in the\ninclusion criteria\n- X\n",
            "Inclusion Criteria:\n- Does not meet any of the exclusion criteria\n- X\n",
            "Inclusion Criteria:\n- Patients with a second cancer are excluded\n- X\n",
            "Inclusion Criteria:\n- Results of the biopsy must be available\n- X\n",
            "Inclusion Criteria:\n- Treatment with steroids is allowed\n- X\n",
            "Inclusion Criteria:\n- Background therapy is allowed\n- X\n",
            "Inclusion Criteria:\n- Chemotherapy last month is an exclusion criterion\n- X\n",
        ],
    )
    def test_words_of_a_criterion_are_no_heading(self, text: str) -> None:
        assert find_section(STRUCTURE.find_sections(text), text.rindex("X")).polarity == "inclusion"

    @pytest.mark.parametrize(
        "text",
        [
            "Patients who met the inclusion criteria were treated with X",
            "X is given as specified in the inclusion criteria",
            "Other exclusion criteria may apply to X",
            "The exclusion of patients was done by X",
            "",
            "X",
        ],
    )
    def test_no_heading(self, text: str) -> None:
        assert [section.polarity for section in STRUCTURE.find_sections(text)] == [None]

    def test_sections_are_in_order_and_begin_with_the_document(self) -> None:
        text = "T\n\nBackground:\nB\n\nInclusion Criteria:\n- X\n\nExclusion Criteria:\n- Y\n\nResults:\nZ\n"
        found = STRUCTURE.find_sections(text)
        assert [(s.name, s.polarity) for s in found] == [
            ("document", None),
            ("background", None),
            ("inclusion", "inclusion"),
            ("exclusion", "exclusion"),
            ("other", None),
        ]
        assert [s.start for s in found] == [
            0,
            text.index("Background"),
            text.index("Inclusion"),
            text.index("Exclusion"),
            text.index("Results"),
        ]


WRAPPED = """Inclusion Criteria:
  - Adequate function of the bone marrow, which means an absolute count of neutrophils
    Of at least 1.5 and a count of platelets of at least one hundred thousand in a sample
    that is not older than two weeks
  - Signed consent
"""


class TestLines:
    def test_doubled_line_ends(self) -> None:
        text = "Inclusion Criteria:\n\n\n\n  - AST or ALT\n\n    < 3 x ULN\n\n\n\n  - Consent"
        assert lines(text) == ["Inclusion Criteria:", "- AST or ALT\n\n    < 3 x ULN", "- Consent"]

    def test_a_number_that_goes_on_is_no_item(self) -> None:
        assert lines("4. ECOG status of 0 or\n1. Fit\n5. Consent") == ["4. ECOG status of 0 or\n1. Fit", "5. Consent"]

    def test_small_letters_throughout(self) -> None:
        assert lines("able to consent\nage 18 years\nfit") == ["able to consent", "age 18 years", "fit"]

    def test_wrapped_bullets(self) -> None:
        found = lines(WRAPPED)
        assert [line.split()[0:2] for line in found] == [["Inclusion", "Criteria:"], ["-", "Adequate"], ["-", "Signed"]]
        assert found[1].endswith("two weeks")

    def test_offsets_indent_and_bullets(self) -> None:
        found = list(split_lines(WRAPPED, STRUCTURE.words))
        assert [(line.indent, line.bulleted) for line in found] == [(0, False), (2, True), (2, True)]
        assert all(WRAPPED[line.start] not in " \n" and WRAPPED[line.end - 1] not in " \n" for line in found)

    @pytest.mark.parametrize(
        "bullet", ["-", "–", "•", "*", "·", "o", "1.", "12.", "(a)", "a)", "1)", "iv.", "▪", "●", "1.2."]
    )
    def test_bullets(self, bullet: str) -> None:
        text = f"{bullet} Age over 18\n{bullet} ECOG 0\n"
        assert lines(text) == [f"{bullet} Age over 18", f"{bullet} ECOG 0"]
        assert all(line.bulleted for line in split_lines(text, STRUCTURE.words))

    @pytest.mark.parametrize(
        "text", ["or a sentence\nOver two", "18.5 g of it\n9.5 g of it", "-\n", "Once more", "one and\nOnly"]
    )
    def test_no_bullet(self, text: str) -> None:
        assert not any(line.bulleted for line in split_lines(text, STRUCTURE.words) if line.end - line.start > 1)

    @pytest.mark.parametrize(
        "text",
        [
            "Hemoglobin\n≥ 9 g/dL",
            "Platelets ≥\n100",
            "ALT and\nAST",
            "creatinine (\n1.5)",
            "bilirubin ≤ 1.5\nx ULN",
            "AST ≤ 2.5 x\nULN",
            "at least\n18 years",
            "one of\nThese",
        ],
    )
    def test_what_goes_on_is_one_line(self, text: str) -> None:
        assert lines(text) == [text]

    @pytest.mark.parametrize(
        "text", ["Age 18 years\nSigned consent", "ECOG 0\n\nand more", "Hemoglobin 9\n- ALT 2", "Male\nFemale\nAll"]
    )
    def test_short_documents_are_lists_of_short_lines(self, text: str) -> None:
        assert lines(text) == [line for line in text.split("\n") if line]

    @pytest.mark.parametrize("text", ["", "\n", "   \n \n", "\t"])
    def test_no_line(self, text: str) -> None:
        assert lines(text) == []

    def test_windows_line_ends_keep_their_offsets(self) -> None:
        text = "- Age over 18\r\n- ECOG 0\r\n"
        assert lines(text) == ["- Age over 18", "- ECOG 0"]


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Age 18. ECOG 0.", ["Age 18.", "ECOG 0."]),
            ("First done. Then more? Yes! Good.", ["First done.", "Then more?", "Yes!", "Good."]),
            ("Some, e.g. Aspirin, are allowed.", ["Some, e.g. Aspirin, are allowed."]),
            ("Steroids, i.e. Prednisone.", ["Steroids, i.e. Prednisone."]),
            ("Arm A vs. Arm B is open.", ["Arm A vs. Arm B is open."]),
            ("Seen by Dr. House once.", ["Seen by Dr. House once."]),
            ("As approx. 5 mg. Then stop.", ["As approx. 5 mg.", "Then stop."]),
            ("Smith et al. Reported it.", ["Smith et al. Reported it."]),
            ("At least 1.5 g and 2.5 g.", ["At least 1.5 g and 2.5 g."]),
            ("The cohort (see below.) Was big.", ["The cohort (see below.)", "Was big."]),
            ("Criteria: 1. Age over 18. 2. ECOG 0.", ["Criteria: 1. Age over 18.", "2. ECOG 0."]),
            ("Criteria: 1. Signed consent. 2. Good health.", ["Criteria: 1. Signed consent.", "2. Good health."]),
            ("Done. - Next one. • And this", ["Done.", "- Next one.", "• And this"]),
            ("no stop", ["no stop"]),
            ("lower. case goes on", ["lower. case goes on"]),
            ("", []),
        ],
    )
    def test_sentences(self, text: str, expected: list[str]) -> None:
        assert sentences(text) == expected

    def test_they_cover_the_range(self) -> None:
        text = "Age 18. ECOG 0. Criteria: 1. Alive. 2. Well."
        found = split_sentences(text, 8, len(text), STRUCTURE.words)
        assert "".join(text[a:b] for a, b in found) == text[8:]


class TestItems:
    """Lists in one line."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "Inclusion: • Adults aged 18 to 65 • ECOG 0-1 • signed consent given",
                ["Inclusion:", "• Adults aged 18 to 65", "• ECOG 0-1", "• signed consent given"],
            ),
            (
                "Inclusion: 1) adults aged 18 to 65; 2) ECOG 0 or 1; 3) signed consent",
                ["Inclusion:", "1) adults aged 18 to 65;", "2) ECOG 0 or 1;", "3) signed consent"],
            ),
            (
                "Inclusion criteria: - adults aged 18 to 65; - ECOG 0 or 1; - consent",
                ["Inclusion criteria:", "- adults aged 18 to 65;", "- ECOG 0 or 1;", "- consent"],
            ),
            (
                "Key Inclusion: - 18 Years to 65 Years - ECOG below 2 - Signed consent",
                ["Key Inclusion:", "- 18 Years to 65 Years", "- ECOG below 2", "- Signed consent"],
            ),
            (
                "Fit for surgery -  signed consent given -  18 and over",
                ["Fit for surgery", "-  signed consent given", "-  18 and over"],
            ),
            (
                "7. Adults aged 18 to 65 years 8. ECOG 0 or 1, and 9. Signed consent to all of it",
                ["7. Adults aged 18 to 65 years", "8. ECOG 0 or 1, and", "9. Signed consent to all of it"],
            ),
            (
                "Any of: (1) ALT or (2) AST above 3 x ULN, (3) bilirubin above 2 x ULN or more",
                ["Any of:", "(1) ALT or (2) AST above 3 x ULN,", "(3) bilirubin above 2 x ULN or more"],
            ),
        ],
    )
    def test_items(self, text: str, expected: list[str]) -> None:
        assert lines(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "Adults with an ECOG performance status of 0 or 1) who have signed consent",
            "Children aged 2 to 6 years (part 1) and infants aged 3 to 24 months (part 2) of either sex",
            "Haemoglobin of 9 - 12 g/dL, measured twice within 14 days - or once - before it",
        ],
    )
    def test_one_item(self, text: str) -> None:
        assert lines(text) == [text]


class TestProse:
    """Criteria that papers tell in running text."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Seen in 2011. Exclusion criteria were: asthma; X; gout.", "exclusion"),
            ("Adults were seen. The main exclusion criteria included asthma and X.", "exclusion"),
            ("Key inclusion criteria for this study were asthma and X.", "inclusion"),
            ("Adults who met the inclusion criteria were 20 and X.", None),
            ("The exclusion criteria were described before, with X.", None),
            ("Reasons for exclusion:\n- X", "exclusion"),
            ("Adults with any of the following are excluded:\n- X", "exclusion"),
            ("Participants must meet all of these criteria: X", "inclusion"),
            ("Patients receive one of the following: X", None),
            (
                "Inclusion criteria:\n- asthma\n\nPatients are excluded if they have any of the following:\n- X",
                "exclusion",
            ),
            ("Exclusion criteria:\n- asthma\n\nPatients must meet the following criteria:\n- X", "exclusion"),
            ("BODY.METHODS.EXCLUSION CRITERIA:\nAsthma and X.", "exclusion"),
            ("BODY.METHODS.ELIGIBILITY:\nAsthma and X.", "inclusion"),
            ("BODY.METHODS.INCLUSION CRITERIA:\nAsthma.\n\nBODY.RESULTS:\nX", None),
            ("Inclusion criteria were as follows: asthma. All patients received X", None),
            ("Inclusion criteria were asthma. The median was X.", None),
        ],
    )
    def test_polarity(self, text: str, expected: str | None) -> None:
        assert polarity(text, "X") == expected
