import pandas as pd
import pytest

from tests.support.doubles import fact_in
from trialsift.model.fact import Annotation, Fact, Regimen, Scalar
from trialsift.rules.columns import Column
from trialsift.rules.labels import LabelTable, default_labels
from trialsift.tables.rows import make_frames
from trialsift.tables.schema import ERRORS, table_columns

SHARED = ["polarity", "negated", "historical", "start", "end", "text", "context", "rule", "confidence"]
INTERVAL = ["low", "low_inclusive", "high", "high_inclusive"]
USUAL_ELIGIBLE = ["usual_eligible_low", "usual_eligible_high"]
USUAL = ["usual_low", "usual_high", "usual_unit", "usual_factor", "usual_from"]
ELIGIBLE = ["eligible_low", "eligible_low_inclusive", "eligible_high", "eligible_high_inclusive", "eligible_form"]
NUMBERS = [
    *(f"{name}_{end}" for name in ("fractions", "dose_per_fraction", "total_dose") for end in ("low", "high")),
    *("description", "computed"),
]
PLAUSIBLE = ["plausible", "implausible"]
EFFECT = ["bed_low", "bed_high", "eqd2_low", "eqd2_high", "alpha_beta"]
#: The public surface: whoever renames a column has to change it here as well.
COLUMNS = {
    "doses": [
        "doc_id",
        "modality",
        "role",
        "agent",
        *INTERVAL,
        "unit",
        "ucum",
        "unit_as_written",
        *PLAUSIBLE,
        "boost",
        "arm",
        *SHARED,
    ],
    "fractions": ["doc_id", "low", "low_inclusive", "high", "high_inclusive", "arm", *SHARED],
    "ages": [
        "doc_id",
        *INTERVAL,
        "unit",
        "ucum",
        "scope",
        *("condition", "any_of", "criterion"),
        "operator_inferred",
        *PLAUSIBLE,
        *USUAL,
        *ELIGIBLE,
        *USUAL_ELIGIBLE,
        *SHARED,
    ],
    "performance_status": [
        "doc_id",
        "scale",
        "scale_as_written",
        "low",
        "high",
        "operator_inferred",
        *PLAUSIBLE,
        *("condition", "any_of", "criterion"),
        *ELIGIBLE,
        *SHARED,
    ],
    "labs": [
        "doc_id",
        "analyte",
        "loinc",
        *INTERVAL,
        "unit",
        "ucum",
        "condition",
        *("any_of", "criterion"),
        "conditional",
        "operator_inferred",
        *PLAUSIBLE,
        "unusual_direction",
        *USUAL,
        *ELIGIBLE,
        *USUAL_ELIGIBLE,
        *SHARED,
    ],
    "regimen_mentions": [
        *("doc_id", "mention", "regimen", "use", "arm", *NUMBERS, *EFFECT),
        *("boost", "negated", "historical", "start", "end", "spans", "context", "confidence"),
    ],
    "regimens": [
        *("doc_id", "regimen", "use", "arm", "n_mentions", "mentions", *NUMBERS, "boost", "negated"),
        *("course_total_low", "course_total_high", "fractions_per_day", "fractions_per_week", "overall_days", *EFFECT),
        *("alpha_beta_from", "stated_bed", "stated_eqd2", "plausible", "implausible"),
        *("start", "end", "spans", "context", "confidence"),
    ],
    "trials": [
        "doc_id",
        "nct_id",
        "age_low",
        "age_low_inclusive",
        "age_high",
        "age_high_inclusive",
        "age_unit",
        "age_from",
        "ecog_low",
        "ecog_high",
        "kps_low",
        "performance_converted",
        "labs",
        "conflicts",
        "regimens",
        "registry_age_low",
        "registry_age_high",
        "registry_sex",
        "registry_healthy_volunteers",
        "age_agreement",
        "title",
        "conditions",
        "phase",
        "study_type",
        "status",
        "enrolment",
        "start_date",
        "sponsor_class",
        "registry",
        "other_ids",
        "same_trial_as",
        "n_ages",
        "n_doses",
        "n_fractions",
        "n_labs",
        "n_performance_status",
        "n_regimens",
    ],
    "agreement": [
        "doc_id",
        "nct_id",
        "field",
        "in_registry",
        "in_text",
        "registry_value",
        "text_value",
        "kind",
        "spans",
        "context",
    ],
    "criteria": [
        *("doc_id", "criterion", "polarity", "members", "n_members", "open", "any_of", "formula"),
        *("start", "end", "context"),
    ],
}
LINE = "Inclusion:\n  - Age   ≥ 18\tyears\r\n- ECOG 0"
AGE = fact_in(
    LINE, "≥ 18\tyears", "AGE", low=18, low_inclusive=True, high=None, high_inclusive=None, unit="a", scope="trial"
)


def _one(fact: Fact, text: str = LINE, contexts: tuple[tuple[int, int], ...] = ()) -> dict[str, pd.DataFrame]:
    return make_frames([("doc", text, Annotation((fact,), (), contexts))])


class TestColumns:
    def test_the_tables_and_their_columns(self) -> None:
        assert {name: [c.name for c in columns] for name, columns in table_columns().items()} == COLUMNS

    def test_no_two_tables_have_the_same_columns(self) -> None:
        headers = [tuple(c.name for c in columns) for columns in (*table_columns().values(), ERRORS)]
        assert len(set(headers)) == len(headers)

    @pytest.mark.parametrize(
        "column", [c for columns in table_columns().values() for c in columns], ids=lambda c: c.name
    )
    def test_every_column_has_a_known_dtype_and_a_description(self, column: Column) -> None:
        assert column.dtype in ("string", "boolean", "Int64", "Float64")
        assert column.description

    @pytest.mark.parametrize("name", COLUMNS)
    def test_frames_have_the_dtypes_even_when_empty(self, name: str) -> None:
        table = make_frames([])[name]
        assert len(table) == 0
        assert {c: str(t) for c, t in table.dtypes.items()} == {c.name: c.dtype for c in table_columns()[name]}

    def test_a_sixth_label_is_one_more_entry(self) -> None:
        bmi = LabelTable("MEASUREMENT", "measurements", (Column("measure", "string", "what is measured"),))
        fact = fact_in("BMI 30", "30", "MEASUREMENT", measure="bmi")
        tables = make_frames([("doc", "BMI 30", Annotation((fact,)))], (*default_labels(), bmi))
        assert tables["measurements"]["measure"].tolist() == ["bmi"]
        assert tables["trials"]["n_measurements"].tolist() == [1]


class TestFactRows:
    def test_a_fact_with_its_place_and_rule(self) -> None:
        row = _one(AGE)["ages"].iloc[0]
        assert row[["doc_id", "low", "unit", "scope", "polarity", "start", "end", "text", "rule"]].tolist() == [
            "doc",
            18.0,
            "a",
            "trial",
            "inclusion",
            AGE.start,
            AGE.end,
            "≥ 18\tyears",
            "test",
        ]

    @pytest.mark.parametrize("column", ["high", "high_inclusive"])
    def test_an_open_end_is_missing(self, column: str) -> None:
        assert _one(AGE)["ages"].iloc[0][column] is pd.NA

    @pytest.mark.parametrize(
        ("label", "table", "flags"),
        [
            ("DOSE", "doses", ["boost"]),
            ("FRACTIONS", "fractions", []),
            ("AGE", "ages", ["operator_inferred"]),
            ("PERFORMANCE_STATUS", "performance_status", ["operator_inferred"]),
            ("LAB", "labs", ["conditional", "operator_inferred"]),
        ],
    )
    def test_flags_that_are_absent_are_false(self, label: str, table: str, flags: list[str]) -> None:
        row = _one(fact_in(LINE, "18", label))[table].iloc[0]
        assert row[["negated", "historical", *flags]].tolist() == [False] * (2 + len(flags))

    def test_flags_that_are_set_are_true(self) -> None:
        row = _one(AGE.with_attributes(negated=True, historical=True, operator_inferred=True))["ages"].iloc[0]
        assert row[["negated", "historical", "operator_inferred"]].all()

    @pytest.mark.parametrize(
        ("label", "table"), [("PERFORMANCE_STATUS", "performance_status"), ("LAB", "labs"), ("FRACTIONS", "fractions")]
    )
    def test_zero_is_a_value(self, label: str, table: str) -> None:
        assert _one(fact_in(LINE, "0", label, low=0, high=0))[table]["low"].tolist() == [0]

    @pytest.mark.parametrize(
        ("contexts", "expected"),
        [
            (((0, len(LINE)),), "Inclusion: - Age ≥ 18 years - ECOG 0"),
            (((LINE.index("Age"), LINE.index("years")),), "Age ≥ 18"),
            ((), "Age ≥ 18 years"),
        ],
    )
    def test_the_context_is_collapsed(self, contexts: tuple[tuple[int, int], ...], expected: str) -> None:
        assert _one(AGE, contexts=contexts)["ages"]["context"].tolist() == [expected]

    def test_without_contexts_the_last_line_ends_with_the_text(self) -> None:
        assert _one(fact_in(LINE, "0", "FRACTIONS"))["fractions"]["context"].tolist() == ["ECOG 0"]

    def test_facts_on_the_same_characters_are_two_rows(self) -> None:
        text = "ALT, AST ≤ 2.5 x ULN"
        facts = tuple(fact_in(text, "≤ 2.5 x ULN", "LAB", analyte=a, high=2.5) for a in ("alt", "ast"))
        assert make_frames([("doc", text, Annotation(facts))])["labs"]["analyte"].tolist() == ["alt", "ast"]

    @pytest.mark.parametrize(("value", "expected"), [(0.1 + 0.2, 0.3), (1.1 * 50, 55.0), (1.5, 1.5), (100000, 1e5)])
    def test_numbers_come_without_the_noise_of_arithmetic(self, value: float, expected: float) -> None:
        assert _one(AGE.with_attributes(low=value))["ages"]["low"].tolist() == [expected]

    def test_a_whole_float_is_an_integer_where_one_is_expected(self) -> None:
        assert _one(fact_in(LINE, "18", "FRACTIONS", low=25.0, high=25.0))["fractions"]["low"].tolist() == [25]

    @pytest.mark.parametrize(
        ("label", "attribute", "value"),
        [
            ("FRACTIONS", "low", 2.5),
            ("FRACTIONS", "low", True),
            ("AGE", "low", "18"),
            ("AGE", "low", True),
            ("AGE", "unit", 1),
            ("AGE", "low_inclusive", 1),
            ("DOSE", "boost", "yes"),
        ],
    )
    def test_a_value_that_does_not_fit_is_told_with_its_place(self, label: str, attribute: str, value: Scalar) -> None:
        fact = fact_in(LINE, "18", label, **{attribute: value})
        with pytest.raises(ValueError, match=f"{label} at {fact.start}–{fact.end}: {attribute} is"):
            _one(fact)

    def test_a_label_without_a_table_is_no_silent_loss(self) -> None:
        with pytest.raises(ValueError, match="'WEIGHT' has no table"):
            _one(fact_in(LINE, "18", "WEIGHT"))


class TestRegimenRows:
    TEXT = "RT of 50 Gy in 25 fractions, then a boost of 5 x 2 Gy"
    FACTS = (
        fact_in(TEXT, "50 Gy", "DOSE", low=50, high=50, role="total"),
        fact_in(TEXT, "25 fractions", "FRACTIONS", low=25, high=25),
        fact_in(TEXT, "5 x", "FRACTIONS", low=5, high=5, historical=True),
        fact_in(TEXT, "2 Gy", "DOSE", low=2, high=2, role="per_fraction", boost=True),
    )
    REGIMENS = (Regimen((0, 1), (25, 25), None, (50, 50)), Regimen((2, 3), (5, 5), (2, 2), (None, 10.000000000001)))

    @pytest.fixture
    def table(self) -> pd.DataFrame:
        return make_frames([("doc", self.TEXT, Annotation(self.FACTS, self.REGIMENS))])["regimen_mentions"]

    @pytest.mark.parametrize(
        ("column", "expected"),
        [
            ("mention", [1, 2]),
            ("regimen", [1, 2]),
            ("use", ["own", "own"]),
            ("fractions_low", [25, 5]),
            ("dose_per_fraction_high", [pd.NA, 2]),
            ("total_dose_low", [50, pd.NA]),
            ("total_dose_high", [50, 10]),
            ("computed", [pd.NA, "total_dose = fractions × dose_per_fraction"]),
            ("bed_low", [pd.NA, pd.NA]),
            ("bed_high", [pd.NA, 12]),
            ("eqd2_high", [pd.NA, 10]),
            ("alpha_beta", [pd.NA, 10]),
            ("description", ["50 Gy in 25 fractions", "5 × 2 Gy = up to 10 Gy"]),
            ("boost", [False, True]),
            ("historical", [False, True]),
            ("negated", [False, False]),
            ("start", [6, 45]),
            ("end", [27, 53]),
            ("spans", ["50 Gy; 25 fractions", "5 x; 2 Gy"]),
            ("context", [TEXT, TEXT]),
        ],
    )
    def test_columns(self, table: pd.DataFrame, column: str, expected: list[object]) -> None:
        assert table[column].tolist() == expected

    def test_numbers_start_again_in_each_document(self) -> None:
        one = Annotation(self.FACTS, self.REGIMENS)
        table = make_frames([("a", self.TEXT, one), ("b", self.TEXT, one)])["regimens"]
        assert table[["doc_id", "regimen"]].to_numpy().tolist() == [["a", 1], ["a", 2], ["b", 1], ["b", 2]]
