"""What the tables look like, as data: one `LabelTable` a label, then the tables that stand for a whole document.

Everybody who needs the name, type or meaning of a column reads it here: tables.py builds frames from it,
table_files.py writes and reads files by it, the documentation lists it. A further label is a further entry of `LABELS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name, its pandas dtype (`string`, `boolean`, `Int64`, `Float64`) and what stands in it."""

    name: str
    dtype: str
    description: str


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The table of one label: the facts' own attributes that become columns, besides those that every fact has."""

    label: str
    table: str
    columns: tuple[Column, ...]

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of the table in order: the document, the label's own, context, place, text, rule."""
        return (DOC_ID, *self.columns, *SHARED)


DOC_ID = Column("doc_id", "string", "the document: name of its file without the ending")
CONTEXT = Column("context", "string", "the criterion line or sentence it stands in, white space collapsed")
NEGATED = Column("negated", "boolean", "the text denies it")
HISTORICAL = Column("historical", "boolean", "it tells of treatment before this trial, or of other work")
START = Column("start", "Int64", "offset of the first character in the document's text, in Unicode code points")
END = Column("end", "Int64", "offset after the last character")
OPERATOR_INFERRED = Column("operator_inferred", "boolean", "the text has lost its ≥ or ≤; the limit is inferred")

SHARED: tuple[Column, ...] = (
    Column("polarity", "string", "inclusion, exclusion, or none (outside eligibility criteria)"),
    NEGATED,
    HISTORICAL,
    START,
    END,
    Column("text", "string", "the characters it was read from"),
    CONTEXT,
    Column("rule", "string", "id of the rule that read it"),
)

INTERVAL: tuple[Column, ...] = (
    Column("low", "Float64", "lower end as written, in `unit`; missing where open"),
    Column("low_inclusive", "boolean", "whether the lower end belongs to the interval; missing where open"),
    Column("high", "Float64", "upper end as written, in `unit`; missing where open"),
    Column("high_inclusive", "boolean", "whether the upper end belongs to the interval; missing where open"),
)

LABELS: tuple[LabelTable, ...] = (
    LabelTable("DOSE", "doses", (
        Column("modality", "string", "radiation or drug"),
        Column("role", "string", "of a radiation dose: per_fraction, total or other; missing for a drug"),
        Column("agent", "string", "the drug's name as written, lower case"),
        *INTERVAL,
        Column("unit", "string", "UCUM unit; always Gy for radiation"),
        Column("unit_as_written", "string", "the unit in the words of the text"),
        Column("boost", "boolean", "a boost to a part of the volume"),
    )),
    LabelTable("FRACTIONS", "fractions", (
        Column("low", "Int64", "smallest number of fractions"),
        Column("high", "Int64", "largest number of fractions"),
    )),
    LabelTable("AGE", "ages", (
        *INTERVAL,
        Column("unit", "string", "UCUM: a (years), mo, wk, d or h"),
        Column("scope", "string", "trial, or subgroup where the limit holds for some participants only"),
        OPERATOR_INFERRED,
    )),
    LabelTable("PERFORMANCE_STATUS", "performance_status", (
        Column("scale", "string", "ECOG (also WHO, Zubrod, SWOG, GOG), KPS or Lansky"),
        Column("scale_as_written", "string", "the scale's name in the words of the text"),
        Column("low", "Int64", "lowest score, inclusive"),
        Column("high", "Int64", "highest score, inclusive"),
        OPERATOR_INFERRED,
    )),
    LabelTable("LAB", "labs", (
        Column("analyte", "string", "identifier of the test, such as hemoglobin or creatinine_clearance"),
        *INTERVAL,
        Column("unit", "string", "UCUM unit as written, ULN or LLN for a multiple of a normal limit; may be missing"),
        Column("condition", "string", "the text of the condition under which the threshold holds"),
        Column("conditional", "boolean", "the threshold itself stands in such a condition"),
        OPERATOR_INFERRED,
    )),
)

REGIMENS: tuple[Column, ...] = (
    DOC_ID,
    Column("regimen", "Int64", "number of the regimen within the document, from 1"),
    Column("fractions_low", "Float64", "smallest number of fractions"),
    Column("fractions_high", "Float64", "largest number of fractions"),
    Column("dose_per_fraction_low", "Float64", "lowest dose of a fraction, Gy"),
    Column("dose_per_fraction_high", "Float64", "highest dose of a fraction, Gy"),
    Column("total_dose_low", "Float64", "lowest total dose, Gy"),
    Column("total_dose_high", "Float64", "highest total dose, Gy"),
    Column("description", "string", "the same in words, such as 5 × 5 Gy = 25 Gy"),
    Column("boost", "boolean", "a boost to a part of the volume"),
    NEGATED,
    HISTORICAL,
    START,
    END,
    Column("spans", "string", "the texts that state it, joined with `; `"),
    CONTEXT,
)

ERRORS: tuple[Column, ...] = (
    Column("file", "string", "the file as given"),
    Column("error", "string", "class of the error"),
    Column("message", "string", "what is wrong, and where in the file"),
    Column("what_to_do", "string", "how to put it right"),
)


def trials_columns(labels: tuple[LabelTable, ...] = LABELS) -> tuple[Column, ...]:
    """Columns of the table with one row a document; it counts the rows of every label's table."""
    return (
        DOC_ID,
        Column("nct_id", "string", "the first ClinicalTrials.gov identifier in the text, or in the document's name"),
        Column("age_low", "Float64", "lower age limit of the trial (see trials.py), in years"),
        Column("age_low_inclusive", "boolean", "whether a patient of exactly that age may take part"),
        Column("age_high", "Float64", "upper age limit of the trial, in years"),
        Column("age_high_inclusive", "boolean", "whether a patient of exactly that age may take part"),
        Column("age_unit", "string", "a (years) where there is an age limit"),
        Column("ecog_low", "Int64", "lowest ECOG performance status allowed"),
        Column("ecog_high", "Int64", "highest ECOG performance status allowed"),
        Column("regimens", "string", "the distinct regimens in words, neither historical nor denied, joined with `; `"),
        *(Column(f"n_{table.table}", "Int64", f"rows of this document in `{table.table}`") for table in labels),
        Column("n_regimens", "Int64", "rows of this document in `regimens`"),
    )


def table_columns(labels: tuple[LabelTable, ...] = LABELS) -> dict[str, tuple[Column, ...]]:
    """Every table of a run by its name, with its columns in order."""
    return {**{table.table: table.all_columns for table in labels},
            "regimens": REGIMENS, "trials": trials_columns(labels)}
