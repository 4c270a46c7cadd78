"""The columns of tables: their definition, those that all labels share, and short names for groups of them.

A label's file lists its own columns; `SHORT_COLUMNS` are groups that it may write as one word.
"""

from __future__ import annotations

from typing import NamedTuple

DTYPES = ("string", "boolean", "Int64", "Float64")


class Column(NamedTuple):
    """A column: its name, pandas dtype (`string`, `boolean`, `Int64`, `Float64`), description, and the unit of its
    numbers (UCUM, or in words; None without one)."""

    name: str
    dtype: str
    description: str
    unit: str | None = None


DOC_ID = Column("doc_id", "string", "the document: name of its file without the ending")
CONTEXT = Column(
    "context", "string", "the criterion line or sentence it stands in, without its bullet, white space collapsed"
)
NEGATED = Column("negated", "boolean", "the text denies it")
HISTORICAL = Column("historical", "boolean", "it tells of treatment before this trial, or of other work")
START = Column("start", "Int64", "offset of the first character in the document's text", "Unicode code points")
END = Column("end", "Int64", "offset after the last character", "Unicode code points")
OPERATOR_INFERRED = Column("operator_inferred", "boolean", "the text has lost its ≥ or ≤; the limit is inferred")
CONFIDENCE = Column(
    "confidence", "Float64", "how sure it is: the probability, from 0 to 1, that it is right; docs/how-to/confidence.md"
)

SHARED: tuple[Column, ...] = (
    Column("polarity", "string", "inclusion, exclusion, or none (outside eligibility criteria)"),
    NEGATED,
    HISTORICAL,
    START,
    END,
    Column("text", "string", "the characters it was read from"),
    CONTEXT,
    Column("rule", "string", "id of the rule that read it"),
    CONFIDENCE,
)

_IN_UNIT = "that of `unit`"
PLAUSIBLE: tuple[Column, ...] = (
    Column("plausible", "boolean", "false where the numbers cannot well be meant; nothing is dropped or mended"),
    Column("implausible", "string", "why not, in words"),
)
INTERVAL: tuple[Column, ...] = (
    Column("low", "Float64", "lower end as written; missing where open", _IN_UNIT),
    Column("low_inclusive", "boolean", "whether the lower end belongs to the interval; missing where open"),
    Column("high", "Float64", "upper end as written; missing where open", _IN_UNIT),
    Column("high_inclusive", "boolean", "whether the upper end belongs to the interval; missing where open"),
)
UCUM = Column(
    "ucum", "string", "`unit` as a valid UCUM code: ULN is `{ULN}`, an AUC `mg.min/mL`; missing without a unit"
)
USUAL: tuple[Column, ...] = (
    Column("usual_low", "Float64", "`low` in the usual unit; missing where it doesn't convert", "that of `usual_unit`"),
    Column("usual_high", "Float64", "`high` in the usual unit", "that of `usual_unit`"),
    Column("usual_unit", "string", "the usual unit, UCUM: of an age `a`, of a test that of `patterns/analytes.csv`"),
    Column("usual_factor", "Float64", "what `low` and `high` were multiplied by"),
    Column(
        "usual_from",
        "string",
        "what the factor rests on: `unit`, `[IU] taken as U`, `molar mass … g/mol`, or `charge …` of an ion",
    ),
)
USUAL_ELIGIBLE: tuple[Column, ...] = (
    Column(
        "usual_eligible_low",
        "Float64",
        "`eligible_low` in the usual unit; missing where it doesn't convert",
        "that of `usual_unit`",
    ),
    Column("usual_eligible_high", "Float64", "`eligible_high` in the usual unit", "that of `usual_unit`"),
)
ALTERNATIVES: tuple[Column, ...] = (
    Column(
        "any_of",
        "Int64",
        "number of its group of alternatives in the document: who meets one member is eligible (of exclusions: only "
        "who meets all is excluded); 0 for alternatives of another kind, such as two of three; missing without "
        "alternatives",
    ),
    Column(
        "criterion",
        "Int64",
        "the criterion that it is a member of: its number in `criteria`, where the same `doc_id` and `criterion` have "
        "its text and its alternatives; missing where it limits nobody, as outside eligibility criteria",
    ),
)


def _eligible(dtype: str, unit: str | None) -> tuple[Column, ...]:
    return (
        Column("eligible_low", dtype, "lower end of what lets a participant in; missing where open, or no form", unit),
        Column("eligible_low_inclusive", "boolean", "whether that end lets in; missing where open"),
        Column("eligible_high", dtype, "upper end of what lets a participant in; missing where open, or no form", unit),
        Column("eligible_high_inclusive", "boolean", "whether that end lets in; missing where open"),
        Column(
            "eligible_form",
            "string",
            "`interval`; `outside` (whoever lies outside `low` to `high`); `exception` (the words around leave it "
            "open, or it holds for some); missing where nobody is limited",
        ),
    )


#: Groups of columns that a label's file may name in place of columns. tables/derived.py fills the derived ones, and
#: tables/rows.py `criterion`.
SHORT_COLUMNS: dict[str, tuple[Column, ...]] = {
    "interval": INTERVAL,
    "operator_inferred": (OPERATOR_INFERRED,),
    "plausible": PLAUSIBLE,
    "ucum": (UCUM,),
    "alternatives": ALTERNATIVES,
    "usual": USUAL,
    "usual_eligible": USUAL_ELIGIBLE,
    "eligible": _eligible("Float64", _IN_UNIT),
    "eligible_scores": _eligible("Int64", "score"),
}
