"""The labels, and what the tables look like: one `LabelTable` for each file in `patterns/entities/`, then the tables
that stand for a whole document.

Everybody who needs the name, type or meaning of a column reads it here: tables.py builds frames from it,
table_files/ writes and reads files by it, the documentation lists it.
A further label is a further file: nothing here changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from trialsift.rules.files import PatternError, Where, check_keys, patterns_dir, read_toml
from trialsift.rules.layers import File, Folder, label_files

DTYPES = ("string", "boolean", "Int64", "Float64")


class Column(NamedTuple):
    """A column: its name, its pandas dtype (`string`, `boolean`, `Int64`, `Float64`), what stands in it, and the unit
    of a number (UCUM, or in words); None for what has none."""

    name: str
    dtype: str
    description: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the label's file documents it; each example is a test of its own."""

    id: str
    description: str
    examples: tuple[dict[str, Any], ...]
    not_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelTable:
    """A label: its table, the facts' own attributes that become columns (besides those that every fact has), the
    engine that reads it, its colour in displaCy, and whether it is on by default."""

    label: str
    table: str
    columns: tuple[Column, ...]
    engine: str = "generic"
    colour: str = "#dddddd"
    default: bool = True
    rules: tuple[Rule, ...] = field(default=(), compare=False)  # holds dicts: no part of the hash
    path: File = Path()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of the table in order: the document, the label's own, context, place, text, rule."""
        return (DOC_ID, *self.columns, *SHARED)


DOC_ID = Column("doc_id", "string", "the document: name of its file without the ending")
CONTEXT = Column("context", "string", "the criterion line or sentence it stands in, white space collapsed")
NEGATED = Column("negated", "boolean", "the text denies it")
HISTORICAL = Column("historical", "boolean", "it tells of treatment before this trial, or of other work")
START = Column("start", "Int64", "offset of the first character in the document's text", "Unicode code points")
END = Column("end", "Int64", "offset after the last character", "Unicode code points")
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

_IN_UNIT = "that of `unit`"
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
    Column("usual_from", "string", "what the factor rests on: `unit`, `molar mass … g/mol`, or `charge …` of an ion"),
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


#: What a label's file may write in its list of columns in place of a column. Derived ones are filled by derived.py.
SHORT_COLUMNS: dict[str, tuple[Column, ...]] = {
    "interval": INTERVAL,
    "operator_inferred": (OPERATOR_INFERRED,),
    "ucum": (UCUM,),
    "usual": USUAL,
    "eligible": _eligible("Float64", _IN_UNIT),
    "eligible_scores": _eligible("Int64", "score"),
}

_EXPECTED_LISTS = {"columns": "a list of columns", "rule": "[[rule]] in double brackets"}
_KINDS_OF_VALUE: dict[type, str] = {str: "text in quotes", bool: "true or false", list: "a list"}

#: Tables and views of a run that are no label's (tests compare them with table_columns and table_files/).
TAKEN = frozenset(
    {"agreement", "documents", "eligible_ages", "eligible_labs", "errors", "facts", "regimens", "rt_regimens", "trials"}
)
_LABEL, _TABLE = re.compile(r"[A-Z][A-Z0-9_]*"), re.compile(r"[a-z][a-z0-9_]*")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}|[a-z-]+")

#: Keys of every label's file; an engine may know further ones.
LABEL_KEYS = frozenset({"label", "table", "columns", "engine", "colour", "default", "rule"})


def read_labels(folder: Folder) -> tuple[LabelTable, ...]:
    """The labels of a patterns folder, one for each file in `entities/`, by name of the file.

    Raises PatternError where a file lacks a key, a column is none, a rule has no example, or two labels share a table.
    """
    labels = [read_label(path) for path in label_files(folder)]
    if not labels:
        raise PatternError(f"{folder}: entities/ holds no label; expected a .toml file for each")
    for attribute in ("label", "table"):
        names: dict[str, LabelTable] = {}
        for label in labels:
            name = getattr(label, attribute)
            first = names.setdefault(name, label)
            if first is not label:
                raise Where(label.path, (attribute,)).error(
                    f"two files have the {attribute} {name!r}; {Where(first.path)} is the other"
                )
    return tuple(labels)


def tables_of(folder: Folder, wanted: frozenset[str] | None = None) -> tuple[LabelTable, ...]:
    """The labels whose tables a run has: those that are on by default, and those that it wants beside them."""
    return tuple(label for label in read_labels(folder) if label.default or label.label in (wanted or ()))


def chosen(names: Iterable[str] | None, folder: Folder) -> frozenset[str] | None:
    """The labels that somebody names in any case, several by commas: `default` stands for those that are on by default,
    `all` for all. None where none is named. Raises PatternError for an unknown one."""
    if names is None:
        return None
    if isinstance(names, str):
        names = [names]
    known = read_labels(folder)
    several = {"DEFAULT": {one.label for one in known if one.default}, "ALL": {one.label for one in known}}
    found: set[str] = set()
    for name in (part.strip().upper() for given in names for part in given.split(",")):
        if name not in several and name not in several["ALL"]:
            raise PatternError(f"unknown label {name!r}; known are {', '.join(sorted(several['ALL']))}, default, all")
        found |= several.get(name, {name})
    return frozenset(found) or None


def read_label(path: File) -> LabelTable:
    """The label of one file. Raises PatternError as `read_labels` does."""
    table = read_toml(path)
    for key in sorted(LABEL_KEYS):
        if key not in table:
            raise Where(path).error(f"the key {key!r} is missing")
    for key, kind in (("label", str), ("table", str), ("engine", str), ("colour", str), ("default", bool)):
        if not isinstance(table[key], kind):
            raise Where(path, (key,)).error(f"{key} is {table[key]!r}; expected {_KINDS_OF_VALUE[kind]}")
    shapes = (
        ("label", _LABEL, "capitals, digits and _"),
        ("table", _TABLE, "small letters, digits and _"),
        ("colour", _COLOUR, "# and six hexadecimal digits, or a name"),
    )
    for key, written, expected in shapes:
        if not written.fullmatch(table[key]):
            raise Where(path, (key,)).error(f"{key} is {table[key]!r}; expected {expected}")
    if table["table"] in TAKEN:
        raise Where(path, ("table",)).error(f"table is {table['table']!r}, a table or a view that every run may have")
    for key in ("columns", "rule"):
        if not isinstance(table[key], list):
            raise Where(path, (key,)).error(f"{key} is {table[key]!r:.60}; expected {_EXPECTED_LISTS[key]}")
    columns: list[Column] = []
    for entry in table["columns"]:
        if isinstance(entry, str) and entry in SHORT_COLUMNS:
            columns.extend(SHORT_COLUMNS[entry])
        elif isinstance(entry, list) and _is_column(entry):
            columns.append(Column(*entry))
        else:
            expected = f"[name, {' or '.join(DTYPES)}, description], perhaps with a unit"
            raise Where(path, ("columns",), "columns").error(
                f"{entry!r}; expected {expected}, or one of {', '.join(SHORT_COLUMNS)}"
            )
    names = [column.name for column in columns]
    every = [column.name for column in (DOC_ID, *columns, *SHARED)]
    for name in names:
        if every.count(name) > 1:
            why = "stands twice" if names.count(name) > 1 else "is a column of every table"
            raise Where(path, ("columns",), "columns").error(f"{name!r} {why}; the lists of all layers are one")
    rules = []
    if not table["rule"]:
        raise Where(path, ("rule",)).error("has no rule; expected one [[rule]] at least")
    for index, rule in enumerate(table["rule"]):
        place = ("rule", index)
        if not isinstance(rule, dict):
            raise Where(path, place).error(f"rule is {rule!r:.60}; expected {_EXPECTED_LISTS['rule']}")
        required = {"id", "description", "examples", "not_examples"}
        check_keys(path, f"rule {rule.get('id', '?')}", rule, required, set(), place)
        for key, shape in (("id", str), ("description", str), ("examples", list), ("not_examples", list)):
            if not isinstance(rule[key], shape):
                raise Where(path, (*place, key)).error(f"{key} is {rule[key]!r:.60}; expected {_KINDS_OF_VALUE[shape]}")
        if not rule["examples"]:
            raise Where(path, place).error(f"the rule {rule['id']!r} has no example")
        for example in rule["examples"]:
            if not isinstance(example, dict) or "text" not in example:
                raise (
                    Where(path, place)
                    .within("examples")
                    .error(f"the rule {rule['id']!r}: {example!r}; expected {{ text = …, … }}")
                )
        rules.append(Rule(rule["id"], rule["description"], tuple(rule["examples"]), tuple(rule["not_examples"])))
    return LabelTable(
        table["label"],
        table["table"],
        tuple(columns),
        table["engine"],
        table["colour"],
        table["default"],
        tuple(rules),
        path,
    )


def _is_column(entry: list[Any]) -> bool:
    told = len(entry) in (3, 4) and all(isinstance(part, str) for part in entry)
    return told and _TABLE.fullmatch(entry[0]) is not None and entry[1] in DTYPES


@cache
def shipped_labels() -> tuple[LabelTable, ...]:
    """The labels that ship with trialsift, those that are off by default too."""
    return read_labels(patterns_dir())


@cache
def default_labels() -> tuple[LabelTable, ...]:
    """The labels that ship with trialsift and are on by default."""
    return tuple(label for label in shipped_labels() if label.default)


REGIMENS: tuple[Column, ...] = (
    DOC_ID,
    Column("regimen", "Int64", "number of the regimen within the document, from 1"),
    Column("fractions_low", "Float64", "smallest number of fractions", "fractions"),
    Column("fractions_high", "Float64", "largest number of fractions", "fractions"),
    Column("dose_per_fraction_low", "Float64", "lowest dose of a fraction", "Gy"),
    Column("dose_per_fraction_high", "Float64", "highest dose of a fraction", "Gy"),
    Column("total_dose_low", "Float64", "lowest total dose", "Gy"),
    Column("total_dose_high", "Float64", "highest total dose", "Gy"),
    Column("description", "string", "the same in words, such as 5 × 5 Gy = 25 Gy"),
    Column(
        "computed",
        "string",
        "which of the three numbers was computed, and how: `dose_per_fraction = total_dose / fractions`; missing where "
        "all that is there was stated",
    ),
    Column("bed_low", "Float64", "lowest biologically effective dose, by the linear-quadratic model", "Gy"),
    Column("bed_high", "Float64", "highest biologically effective dose", "Gy"),
    Column("eqd2_low", "Float64", "lowest equivalent dose in fractions of 2 Gy", "Gy"),
    Column("eqd2_high", "Float64", "highest equivalent dose in fractions of 2 Gy", "Gy"),
    Column("alpha_beta", "Float64", "the α/β ratio that both rest on; missing where neither is there", "Gy"),
    Column("boost", "boolean", "a boost to a part of the volume"),
    NEGATED,
    HISTORICAL,
    START,
    END,
    Column("spans", "string", "the texts that state it, joined with `; `"),
    CONTEXT,
)

AGREEMENT: tuple[Column, ...] = (
    DOC_ID,
    Column("nct_id", "string", "the ClinicalTrials.gov identifier, as in `trials`"),
    Column("field", "string", "`age_low` or `age_high`"),
    Column("in_registry", "string", "what the registry's field says, as written there"),
    Column("in_text", "string", "what the text's criteria say, in words"),
    Column("registry_value", "Float64", "the registry's limit; missing where it has none", "a"),
    Column("text_value", "Float64", "the text's limit, as in `trials`; missing where it has none", "a"),
    Column("kind", "string", "`differs`, `only in registry`, `only in text`, or `several in text`"),
    Column("spans", "string", "the texts that state it, joined with `; `"),
    Column("context", "string", "the criterion line or sentence of the first of them, white space collapsed"),
)

ERRORS: tuple[Column, ...] = (
    Column("file", "string", "the file, or the member of an archive"),
    Column("record", "string", "where in it: a line, a row, a study; missing where it is the file as a whole"),
    Column("code", "string", "what kind of failure, as docs/inputs.md lists them"),
    Column("message", "string", "what is wrong"),
    Column("what_to_do", "string", "how to put it right"),
)


def trials_columns(labels: tuple[LabelTable, ...]) -> tuple[Column, ...]:
    """Columns of the table with one row a document; it counts the rows of every label's table."""
    return (
        DOC_ID,
        Column(
            "nct_id",
            "string",
            "the registry's identifier, else the first of ClinicalTrials.gov in the document's name or text",
        ),
        Column("age_low", "Float64", "lower age limit of the trial: the most restrictive of its criteria", "a"),
        Column("age_low_inclusive", "boolean", "whether a patient of exactly that age may take part"),
        Column("age_high", "Float64", "upper age limit of the trial: the most restrictive of its criteria", "a"),
        Column("age_high_inclusive", "boolean", "whether a patient of exactly that age may take part"),
        Column("age_unit", "string", "a (years) where there is an age limit"),
        Column("ecog_low", "Int64", "lowest ECOG performance status allowed", "score"),
        Column("ecog_high", "Int64", "highest ECOG performance status allowed", "score"),
        Column("kps_low", "Int64", "lowest Karnofsky performance status allowed", "score"),
        Column("labs", "string", "the most restrictive limit of each analyte in words, in its usual unit or as ULN"),
        Column("conflicts", "string", "where criteria state several values for an end, or leave nobody, in words"),
        Column("regimens", "string", "the distinct regimens in words, neither historical nor denied, joined with `; `"),
        Column("registry_age_low", "Float64", "minimum age by the registry's field; missing for N/A", "a"),
        Column("registry_age_high", "Float64", "maximum age by the registry's field; missing for N/A", "a"),
        Column("registry_sex", "string", "the registry's field, as written there"),
        Column("registry_healthy_volunteers", "boolean", "whether healthy volunteers may take part, by the registry"),
        Column(
            "age_agreement",
            "string",
            "age limits of text and registry: `agrees`, `differs`, `only in registry`, `only in text`; missing without "
            "a registry's field",
        ),
        *(Column(f"n_{table.table}", "Int64", f"rows of this document in `{table.table}`") for table in labels),
        Column("n_regimens", "Int64", "rows of this document in `regimens`"),
    )


def table_columns(labels: tuple[LabelTable, ...] | None = None) -> dict[str, tuple[Column, ...]]:
    """Every table of a run by its name, with its columns in order; by default for the labels that ship."""
    labels = default_labels() if labels is None else labels
    return {
        **{table.table: table.all_columns for table in labels},
        "regimens": REGIMENS,
        "trials": trials_columns(labels),
        "agreement": AGREEMENT,
    }
