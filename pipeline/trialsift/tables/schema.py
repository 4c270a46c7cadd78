"""The tables of a run: the name, type, unit and meaning of each column, in order.

tables/rows.py builds frames from it, tables/files/ writes and reads files by it, and docs/columns.md is generated from
it. The columns of a label's table are defined in its file under `patterns/entities/`, all others here.
"""

from __future__ import annotations

from trialsift.rules.columns import CONFIDENCE, CONTEXT, DOC_ID, END, HISTORICAL, INTERVAL, NEGATED, START, Column
from trialsift.rules.labels import LabelTable, default_labels

_USE = Column(
    "use", "string", "`own`: what the trial gives; `other`: earlier treatment or other work, where all its facts are"
)
_ARM = Column("arm", "string", "the arm that it belongs to, as the record or the text names it; missing where none is")
_NUMBERS = (
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
)
_EFFECT = (
    Column("bed_low", "Float64", "lowest biologically effective dose, by the linear-quadratic model", "Gy"),
    Column("bed_high", "Float64", "highest biologically effective dose", "Gy"),
    Column("eqd2_low", "Float64", "lowest equivalent dose in fractions of 2 Gy", "Gy"),
    Column("eqd2_high", "Float64", "highest equivalent dose in fractions of 2 Gy", "Gy"),
    Column("alpha_beta", "Float64", "the α/β ratio that both rest on; missing where neither is there", "Gy"),
)
_BOOST = Column("boost", "boolean", "a boost to a part of the volume")

REGIMEN_MENTIONS: tuple[Column, ...] = (
    DOC_ID,
    Column("mention", "Int64", "number of the statement within the document, from 1"),
    Column("regimen", "Int64", "the regimen that it states: its number in `regimens`"),
    _USE,
    _ARM,
    *_NUMBERS,
    *_EFFECT,
    _BOOST,
    NEGATED,
    HISTORICAL,
    START,
    END,
    Column("spans", "string", "the texts that state it, joined with `; `"),
    CONTEXT,
    CONFIDENCE,
)

REGIMENS: tuple[Column, ...] = (
    DOC_ID,
    Column("regimen", "Int64", "number of the regimen within the document, from 1, in the order of first statements"),
    _USE,
    _ARM,
    Column("n_mentions", "Int64", "how often the text states it: rows in `regimen_mentions`"),
    Column("mentions", "string", "where it does, in characters from 0, joined with `; `: `12-20; 40-58`"),
    *_NUMBERS,
    _BOOST,
    NEGATED,
    Column(
        "course_total_low",
        "Float64",
        "lowest total dose of a course together with the boost that the text joins to it; in the rows of both",
        "Gy",
    ),
    Column("course_total_high", "Float64", "highest total dose of a course together with its boost", "Gy"),
    Column("fractions_per_day", "Float64", "fractions on a day of treatment, where stated: 2 for twice daily"),
    Column("fractions_per_week", "Float64", "fractions in a week, where stated"),
    Column("overall_days", "Float64", "time from the first fraction to the last, where stated; a week is 7 days", "d"),
    *_EFFECT,
    Column(
        "alpha_beta_from",
        "string",
        "where it comes from: `--alpha-beta`, the site in the record's conditions with its source, or `default`",
    ),
    Column("stated_bed", "Float64", "the BED that the text states beside it", "Gy"),
    Column("stated_eqd2", "Float64", "the EQD2 that the text states beside it", "Gy"),
    Column("plausible", "boolean", "false where the numbers cannot well be meant; nothing is dropped or mended"),
    Column("implausible", "string", "why not, in words, joined with `; `"),
    START,
    END,
    Column("spans", "string", "the texts of the fullest statement, joined with `; `; `start` and `end` are its place"),
    CONTEXT,
    CONFIDENCE,
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
    Column(
        "context",
        "string",
        "the criterion line or sentence of the first of them, without its bullet, white space collapsed",
    ),
)

CRITERIA: tuple[Column, ...] = (
    DOC_ID,
    Column("criterion", "Int64", "number of the criterion within the document, from 1; all of them have to be met"),
    Column("polarity", "string", "the list that it stands in: inclusion or exclusion"),
    Column(
        "members",
        "string",
        "what meets it, in words, joined with ` or `: the values that let a patient in, which an exclusion criterion "
        "leaves; in brackets the condition of a member, or why it can't be judged",
    ),
    Column("n_members", "Int64", "how many members it has; one of them is enough"),
    Column(
        "open",
        "string",
        "why it can't be judged for anybody: `alternatives of another kind`, `exception`, `outside`, `implausible`, "
        "`subgroup`, `measurement`, `contradiction`; missing where it can",
    ),
    Column("any_of", "Int64", "the number of its alternatives in the tables of facts; missing for a single fact"),
    Column(
        "formula",
        "string",
        "its members as JSON: for each `span` (its fact in annotations.jsonl, from 0), `label`, `name`, the interval "
        "that lets a patient in, `unit`, `open`, and `condition` with its `text` and, where that is understood, the "
        "limits in it (`when`), the `sex` and the findings (`has`) that it asks for, and whether it denies them "
        "(`denied`)",
    ),
    START,
    END,
    CONTEXT,
)

UNREAD: tuple[Column, ...] = (
    DOC_ID,
    START,
    END,
    Column("text", "string", "the number, with its comparator and unit where it was read with them"),
    CONTEXT,
    Column("polarity", "string", "that of its section: inclusion, exclusion, or none (outside eligibility criteria)"),
    Column("label", "string", "the label that it may be a fact of"),
    Column("name", "string", "the test, measure, scale or drug that it may be of; missing where none is named"),
    *INTERVAL,
    Column("unit", "string", "the unit that it was read with, UCUM; missing without one"),
    Column("reason", "string", "why no rule took it, as a code: docs/how-to/unread.md lists them"),
    Column("why", "string", "the same in words"),
)

MATCHES: tuple[Column, ...] = (
    Column("patient", "string", "the patient: its name in the file of patients, else its number there, from 1"),
    DOC_ID,
    Column("nct_id", "string", "the ClinicalTrials.gov identifier, as in `trials`"),
    Column(
        "verdict",
        "string",
        "`not eligible`: a criterion is not met; `eligible so far`: none is, as far as the numbers tell",
    ),
    Column("n_criteria", "Int64", "criteria of the trial: those of `criteria`, and the registry's sex and ages"),
    Column("n_met", "Int64", "how many of them are met"),
    Column("n_not_met", "Int64", "how many are not"),
    Column("n_unknown", "Int64", "how many the patient's data leave unknown, but could decide"),
    Column("n_open", "Int64", "how many can't be judged for anybody (`open` in `criteria`)"),
    Column("not_met", "string", "the criteria that are not met, in words, joined with `; `"),
    Column("unknown", "string", "the criteria that would decide, in words, joined with `; `"),
    Column("criterion", "Int64", "the first that is not met: its number in `criteria`; missing for a registry's field"),
    Column("patient_value", "string", "what the patient has where criteria are not met, as given"),
    Column("converted", "string", "scores of performance status that were taken for one of the other scale"),
    Column("start", "Int64", "offset of the first character of that criterion's line", "Unicode code points"),
    Column("end", "Int64", "offset after its last character", "Unicode code points"),
    Column("context", "string", "that criterion's line, without its bullet, white space collapsed"),
)

PATIENTS: tuple[Column, ...] = (
    Column("patient", "string", "the patient, as in `matches`"),
    Column("age", "Float64", "age in years; an age in another unit is converted", "a"),
    Column("sex", "string", "`female` or `male`"),
    Column("ecog", "Int64", "ECOG performance status", "score"),
    Column("kps", "Int64", "Karnofsky performance status", "score"),
    Column("known", "string", "all that is known of the patient, in words, joined with `; `"),
)

JUDGEMENTS: tuple[Column, ...] = (
    Column("patient", "string", "the patient, as in `matches`"),
    DOC_ID,
    Column("nct_id", "string", "the ClinicalTrials.gov identifier, as in `trials`"),
    Column("criterion", "Int64", "number of the criterion in `criteria`; missing for a registry's field"),
    Column("polarity", "string", "the list that it stands in: inclusion or exclusion; missing for a registry's field"),
    Column("members", "string", "what meets it, in words, joined with ` or `, as in `criteria`"),
    Column(
        "state",
        "string",
        "`met`; `not met`; `unknown`: the patient's data leave it so; `open`: it can't be judged for anybody",
    ),
    Column("patient_value", "string", "what is known of the patient for it, as given, joined with `; `"),
    Column("compared", "string", "the same in the unit of the limit, rounded to 4 digits; missing where as given"),
    Column("reason", "string", "a condition, and whether it applies; why it is unknown or open; joined with `; `"),
    Column("converted", "string", "a score of performance status that was taken for one of the other scale"),
    Column("start", "Int64", "offset of the first character of the criterion's line", "Unicode code points"),
    Column("end", "Int64", "offset after its last character", "Unicode code points"),
    Column("context", "string", "the criterion's line, without its bullet, white space collapsed"),
)

REVIEW: tuple[Column, ...] = (
    Column("place", "Int64", "place in the queue, from 1: the most doubtful first"),
    DOC_ID,
    Column(
        "kind",
        "string",
        "`fact`, `regimen`, `unread` (a number that no rule took), `registry` (what only the registry states)",
    ),
    Column("number", "Int64", "number of the fact or regimen in annotations.jsonl, from 0"),
    Column("label", "string", "the label of the fact, or what an unread number may be"),
    Column("name", "string", "the analyte, measure, scale, drug, or `radiation`"),
    Column("value", "string", "what was read, in words"),
    Column("doubt", "Float64", "from 0 to 1: orders the queue, no probability"),
    Column("reasons", "string", "why it is doubted, joined with `; `; missing where only its place tells"),
    Column("why", "string", "each of them in words, joined with `; `"),
    Column("polarity", "string", "inclusion, exclusion, or none"),
    Column("rule", "string", "id of the rule that read it"),
    Column("confidence", "Float64", "that of the run, where it states one"),
    Column("conditions", "string", "the diseases that are studied, as in `trials`"),
    START,
    END,
    Column("text", "string", "the characters it was read from"),
    Column("context", "string", "the line that it stands on, without its bullet, white space collapsed"),
)

DECISIONS: tuple[Column, ...] = (
    DOC_ID,
    Column("kind", "string", "as in `review`; `added` for a missed fact, `document` for one that was read in full"),
    Column("action", "string", "`accept`, `reject`, `correct`, `add`, or `read`"),
    Column("label", "string", "the label"),
    START,
    END,
    Column("text", "string", "the characters"),
    Column("before", "string", "what was read there, in words; missing for a missed fact"),
    Column("after", "string", "what it is now, in words; missing where it was rejected"),
    Column("value", "string", "what somebody typed for it"),
    Column("by", "string", "who decided"),
    Column("at", "string", "when, in ISO form"),
    Column("note", "string", "what was noted"),
    Column("where", "string", "file and line of the decision"),
)

ERRORS: tuple[Column, ...] = (
    Column("file", "string", "the file, or the member of an archive"),
    Column("record", "string", "where in it: a line, a row, a study; missing where it is the file as a whole"),
    Column("code", "string", "what kind of failure, as docs/inputs.md lists them"),
    Column("message", "string", "what is wrong"),
    Column("what_to_do", "string", "how to put it right"),
)


_TRIAL_LIMITS = (
    Column(
        "age_low",
        "Float64",
        "lower age limit of the trial: the registry's unless the text contradicts it, else that of its criteria",
        "a",
    ),
    Column("age_low_inclusive", "boolean", "whether a patient of exactly that age may take part"),
    Column("age_high", "Float64", "upper age limit of the trial, found in the same way", "a"),
    Column("age_high_inclusive", "boolean", "whether a patient of exactly that age may take part"),
    Column("age_unit", "string", "a (years) where there is an age limit"),
    Column("age_from", "string", "`text`, `registry`, or `text and registry` where each gives one end"),
    Column("ecog_low", "Int64", "lowest ECOG performance status allowed", "score"),
    Column("ecog_high", "Int64", "highest ECOG performance status allowed", "score"),
    Column("kps_low", "Int64", "lowest Karnofsky performance status allowed", "score"),
    Column(
        "performance_converted",
        "string",
        "`ecog` or `kps`: which of the two scales is converted from the other, by ECOG-ACRIN's comparison (ECOG 1 "
        "is Karnofsky 70–80); missing where both are as stated",
    ),
    Column(
        "labs",
        "string",
        "the most restrictive limit of each analyte in words, in its usual unit or as ULN; alternatives joined "
        "with `or`",
    ),
    Column(
        "conflicts",
        "string",
        "where criteria state several values for an end, exclude each other, or leave nobody, in words",
    ),
)


_REGISTRY = (
    Column("title", "string", "the title that the registry shows, or that of the paper"),
    Column("conditions", "string", "the diseases that are studied, by the registry, joined with `; `"),
    Column("phase", "string", "the registry's field, as written there; phases are joined with `/`"),
    Column("study_type", "string", "the registry's field, as written there; of a paper the kinds of publication"),
    Column("status", "string", "recruitment or other status, as written there"),
    Column("enrolment", "Int64", "people, planned or actual"),
    Column("start_date", "string", "in ISO form, as far as it is stated: `2021-03`"),
    Column("sponsor_class", "string", "the registry's field, as written there: `INDUSTRY`, `Non-Commercial`"),
    Column("registry", "string", "where the record comes from; missing where the document is no such record"),
    Column(
        "other_ids",
        "string",
        "numbers of the trial in other registries, and of papers, in one form for each registry, joined with `; `",
    ),
    Column(
        "same_trial_as",
        "string",
        "doc_id of the first document before this one that has a number of a trial in common with it",
    ),
)


def make_trials_columns(labels: tuple[LabelTable, ...]) -> tuple[Column, ...]:
    """Makes the columns of `trials`, one row per document, with a count for every label's table."""
    return (
        DOC_ID,
        Column(
            "nct_id",
            "string",
            "the registry's identifier, else the first of ClinicalTrials.gov in the document's name or text",
        ),
        *_TRIAL_LIMITS,
        Column("regimens", "string", "the trial's own regimens in words, those that are not denied, joined with `; `"),
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
        *_REGISTRY,
        *(Column(f"n_{table.table}", "Int64", f"rows of this document in `{table.table}`") for table in labels),
        Column("n_regimens", "Int64", "rows of this document in `regimens`"),
    )


def table_columns(
    labels: tuple[LabelTable, ...] | None = None, *, unread: bool = False
) -> dict[str, tuple[Column, ...]]:
    """Returns every table of a run by name, with its columns in order; by default for the shipped labels.

    `unread` adds the table of that name, which a run has if it was asked for.
    """
    labels = default_labels() if labels is None else labels
    return {
        **{table.table: table.all_columns for table in labels},
        "regimen_mentions": REGIMEN_MENTIONS,
        "regimens": REGIMENS,
        "trials": make_trials_columns(labels),
        "agreement": AGREEMENT,
        "criteria": CRITERIA,
        **({"unread": UNREAD} if unread else {}),
    }
