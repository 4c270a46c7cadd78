"""Views and macros of a run's DuckDB file for the most frequent queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from trialsift.model.prescription import NUMBERS
from trialsift.rules.columns import Column

#: Whether a value lies in an interval: a missing end is open, and a missing value gives NULL.
WITHIN = (
    "CREATE MACRO within(x, low, low_inclusive, high, high_inclusive) AS "
    "CASE WHEN x IS NOT NULL THEN coalesce(x > low OR (x = low AND low_inclusive), true) AND "
    "coalesce(x < high OR (x = high AND high_inclusive), true) END"
)


@dataclass(frozen=True, slots=True)
class View:
    """A view: its columns as (name, expression, description), and the rest of its SELECT statement.

    `needs` are the columns that it takes from each table; without one of them the view is left out.
    """

    name: str
    description: str
    columns: tuple[tuple[str, str, str], ...]
    source: str
    needs: Mapping[str, Collection[str]]

    def make_statements(self) -> Iterator[str]:
        """Yields the SQL statements that create the view and its comments."""
        selected = ", ".join(f'{expression} AS "{name}"' for name, expression, _ in self.columns)
        yield f"CREATE VIEW {self.name} AS SELECT {selected} {self.source}"
        yield f"COMMENT ON VIEW {self.name} IS {quote_literal(self.description)}"
        for name, _, description in self.columns:
            yield f'COMMENT ON COLUMN {self.name}."{name}" IS {quote_literal(description)}'


def list_views(schema: Mapping[str, tuple[Column, ...]]) -> list[View]:
    """Returns the views that can be made from these tables."""
    names = {table: {column.name for column in columns} for table, columns in schema.items()}
    return [
        view for view in VIEWS if all(set(needed) <= names.get(table, set()) for table, needed in view.needs.items())
    ]


def quote_literal(text: str) -> str:
    """Returns a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


_ENDS = ("low", "high")


def _convert_end(end: str) -> str:
    """Returns the SQL for an end of the eligible interval in the usual unit."""
    return f"CASE WHEN f.usual_factor IS NULL THEN f.eligible_{end} ELSE f.usual_eligible_{end} END"


_INTERVAL = tuple(
    column
    for end in _ENDS
    for column in (
        (end, _convert_end(end), f"{end}est value with which a patient may take part, in `unit`; missing where open"),
        (f"{end}_inclusive", f"f.eligible_{end}_inclusive", f"whether a patient with exactly `{end}` may take part"),
    )
)
_DOCUMENT = (
    ("doc_id", "f.doc_id", "the document; key of `trials` and `documents`"),
    ("nct_id", "t.nct_id", "the ClinicalTrials.gov identifier of the document"),
)
_PLACE = (
    ("start", 'f."start"', "offset of the first character in documents.text, from 0"),
    ("end", 'f."end"', "offset after the last character"),
)
_CRITERION = ("criterion", "f.criterion", "its number in `criteria`: of the rows that share one, one is enough")
_TEXT = ("text", "f.text", "the characters it was read from")
_UNIT = (
    "unit",
    "CASE WHEN f.usual_factor IS NULL THEN f.unit ELSE f.usual_unit END",
    "UCUM unit of the ends: the usual one where it converts, else as written; ULN or LLN for multiples of a limit",
)
_ELIGIBLE = (
    *("unit", "usual_unit", "usual_factor", "eligible_form", "criterion"),
    *(f"{kind}{end}" for end in _ENDS for kind in ("eligible_", "usual_eligible_")),
    *(f"eligible_{end}_inclusive" for end in _ENDS),
)
_JOINED = "f JOIN trials t USING (doc_id) WHERE"
_BOUNDS = (*NUMBERS, "bed", "eqd2")
_OF_REGIMENS = (
    *(f"{name}_{end}" for name in _BOUNDS for end in _ENDS),
    *("course_total_low", "course_total_high", "arm", "n_mentions", "mentions", "alpha_beta_from"),
    *("fractions_per_day", "fractions_per_week", "overall_days", "plausible", "implausible"),
    *("regimen", "alpha_beta", "computed", "boost", "description", "spans"),
)

VIEWS: tuple[View, ...] = (
    View(
        "eligible_labs",
        "Thresholds of tests that let a patient in: what inclusion and exclusion criteria leave, a row a fact",
        (
            *_DOCUMENT,
            ("analyte", "f.analyte", "what is measured"),
            ("loinc", "f.loinc", "its LOINC code"),
            ("condition", "f.condition", "for whom, or when; missing where it holds for everyone"),
            _CRITERION,
            *_INTERVAL,
            _UNIT,
            _TEXT,
            *_PLACE,
        ),
        f"FROM labs {_JOINED} f.eligible_form = 'interval'",
        {"labs": (*_ELIGIBLE, "analyte", "loinc", "condition"), "trials": ("nct_id",)},
    ),
    View(
        "eligible_ages",
        "Ages at which a patient may take part: what inclusion and exclusion criteria leave, a row a fact",
        (
            *_DOCUMENT,
            _CRITERION,
            *_INTERVAL,
            _UNIT,
            _TEXT,
            *_PLACE,
        ),
        f"FROM ages {_JOINED} f.eligible_form = 'interval'",
        {"ages": _ELIGIBLE, "trials": ("nct_id",)},
    ),
    View(
        "criteria_members",
        "The members of criteria, a row each: a criterion is met where one of its members is",
        (
            *_DOCUMENT,
            ("criterion", "f.criterion", "number of the criterion within the document; all have to be met"),
            ("label", "f.member ->> 'label'", "what is limited: AGE, LAB, MEASUREMENT, PERFORMANCE_STATUS"),
            ("name", "f.member ->> 'name'", "the test or the scale"),
            *(
                (name, f"CAST(f.member ->> '{name}' AS {kind})", words)
                for end in _ENDS
                for name, kind, words in (
                    (end, "DOUBLE", f"{end}est value that lets a patient in, in `unit`; missing where open"),
                    (f"{end}_inclusive", "BOOLEAN", f"whether exactly `{end}` does"),
                )
            ),
            ("unit", "f.member ->> 'unit'", "UCUM unit as written; ULN or LLN for multiples of a normal limit"),
            ("condition", "f.member -> 'condition' ->> 'text'", "for whom, or when; missing where it holds for all"),
            ("open", "f.member ->> 'open'", "why it can't be judged; missing where it can"),
            ("context", "f.context", "the line of the criterion"),
        ),
        "FROM (SELECT *, unnest(CAST(formula AS JSON[])) AS member FROM criteria) f JOIN trials t USING (doc_id)",
        {"criteria": ("criterion", "formula", "context"), "trials": ("nct_id",)},
    ),
    View(
        "rt_regimens",
        "The trial's own regimens that the text doesn't deny, a row for each distinct one of an arm",
        (
            *_DOCUMENT,
            ("regimen", "f.regimen", "number of the regimen within the document, from 1"),
            ("arm", "f.arm", "the arm that it belongs to; missing where none is named"),
            ("n_mentions", "f.n_mentions", "how often the text states it"),
            ("mentions", "f.mentions", "where it does, in characters from 0, joined with `; `"),
            *(
                (f"{name}_{end}", f"f.{name}_{end}", f"{end}est {words}")
                for name, words in zip(
                    _BOUNDS,
                    (
                        "number of fractions",
                        "dose of a fraction, Gy",
                        "total dose, Gy",
                        "biologically effective dose, Gy",
                        "equivalent dose in fractions of 2 Gy, Gy",
                    ),
                    strict=True,
                )
                for end in _ENDS
            ),
            ("alpha_beta", "f.alpha_beta", "α/β of the linear-quadratic model for BED and EQD2, Gy"),
            (
                "alpha_beta_from",
                "f.alpha_beta_from",
                "where it is from: an option, the tumour's site, or the default",
            ),
            ("computed", "f.computed", "what was computed and not stated"),
            ("fractions_per_day", "f.fractions_per_day", "fractions on a day of treatment, where stated"),
            ("fractions_per_week", "f.fractions_per_week", "fractions in a week, where stated"),
            ("overall_days", "f.overall_days", "days from the first fraction to the last, where stated"),
            ("plausible", "f.plausible", "false where the numbers cannot well be meant"),
            ("implausible", "f.implausible", "why not, in words"),
            ("boost", "f.boost", "a boost to a part of the volume"),
            *(
                (f"course_total_{end}", f"f.course_total_{end}", f"{end}est total dose of a course with its boost, Gy")
                for end in _ENDS
            ),
            ("description", "f.description", "the same in words, such as 5 × 5 Gy = 25 Gy"),
            ("spans", "f.spans", "the texts that state it, joined with `; `"),
            *_PLACE,
        ),
        f"FROM regimens {_JOINED} f.use = 'own' AND NOT f.negated",
        {"regimens": (*_OF_REGIMENS, "use", "negated"), "trials": ("nct_id",)},
    ),
)
