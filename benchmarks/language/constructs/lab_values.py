"""The value of one limit: comparators, numbers, units, multiples of normal, ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from benchmarks.language.analytes import BY_ANALYTE, TESTS, has_unit
from benchmarks.language.comparators import AFTER, SYMBOLS, VERBS, WORDS
from benchmarks.language.labs import Draft, change_number, draw_draft, draw_said, find_section, mark_limit
from benchmarks.language.numbers import FORMS, show, write_number
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Sentence, between, bound
from benchmarks.language.units import USED, choose_plain, list_spellings
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("lab_values")


@construct("lab/comparator, symbol", "quantities")
def write_symbols(draw: Random) -> Iterator[Sentence]:
    for comparator in SYMBOLS:
        for gap in (" ", "", " "):
            draft = draw_draft(draw, comparator.relation)
            draft = replace(draft, comparator=comparator.text)
            text = f"{comparator.text}{gap}{draft.number}{draft.unit}"
            made = mark_limit(text, draft.tests, draft.ends, draft.amount.unit)
            yield Sentence((draft.name, " ", made), comparator.text, draft.section)


@construct("lab/comparator, words", "quantities")
def write_words(draw: Random) -> Iterator[Sentence]:
    for comparator in WORDS:
        for filler in (" ", " of ", " must be ", ": "):
            if filler == " must be " and comparator.text.endswith(("ing", " of")):
                filler = " level "
            yield replace(draw_said(draw, comparator), filler=filler).make_sentence(comparator.text)


@construct("lab/comparator, verb", "quantities")
def write_verbs(draw: Random) -> Iterator[Sentence]:
    for comparator in VERBS:
        for _ in range(4):
            yield draw_said(draw, comparator).make_sentence(comparator.text)


@construct("lab/comparator, after the value", "quantities")
def write_after(draw: Random) -> Iterator[Sentence]:
    for comparator in AFTER:
        for filler in (" ", " of ", ": ", " of "):
            draft = draw_said(draw, comparator)
            while comparator.text == "or better" and draft.section == "exclusion":
                draft = draw_said(draw, comparator)
            yield replace(draft, filler=filler).make_sentence(comparator.text)


@construct("lab/number", "quantities")
def write_numbers(draw: Random) -> Iterator[Sentence]:
    """Every form of a number, where a unit says how large it may be."""
    for form in FORMS:
        found = 0
        for _ in range(300):
            draft = draw_draft(draw, tests=TESTS)
            text = write_number(draft.amount.number, form)
            if text is None or not _suits(form, draft):
                continue
            yield change_number(draft, text, draft.amount.number).make_sentence(form)
            found += 1
            if found == 8:
                break


def _suits(form: str, draft: Draft) -> bool:
    """Whether somebody would write this: thousands of cells, not thousands of units a litre; no `one g/dL`."""
    if form in ("100.000", "100, 000", "1,00,000", "1 lakh", "100K", "100k", "100 thousand", "fifteen hundred"):
        return draft.amount.unit == "/uL"
    if form.startswith(("fifty", "Fifty", "one hundred")):
        usual = draft.amount.unit in ("ULN", "mL/min", "mg/dL", "g/dL", "%", "ng/mL") and draft.amount.number <= 250
        return (usual or draft.amount.unit == "/uL") and form != "Fifty-four"
    if form == "54.0":
        return draft.amount.unit not in ("/uL",)
    return True


@construct("lab/number with a power of ten", "quantities")
def write_powers(draw: Random) -> Iterator[Sentence]:
    """Numbers that carry their power of ten, and powers without a number in front."""
    forms = _WORDINGS["powers_forms"]
    platelets = _WORDINGS["powers_platelets"]
    viral = _WORDINGS["powers_viral"]
    for analyte, table in (("neutrophils", forms), ("platelets", platelets), ("hiv_rna", viral)):
        test = BY_ANALYTE[analyte]
        for text, number, unit in table:
            for _ in range(3):
                draft = draw_draft(draw, tests=[test])
                ends = bound(draft.relation, number)
                made = mark_limit(f"{draft.comparator} {text}", [test], ends, unit)
                yield Sentence((draw.choice(test.names[:3]), " ", made), text, draft.section)


@construct("lab/unit", "quantities")
def write_units(draw: Random) -> Iterator[Sentence]:
    """Every spelling of every unit."""
    for unit in USED:
        tests = [test for test in TESTS if has_unit(test, unit)]
        for spelling in list_spellings(unit) if tests else ():
            for _ in range(3):
                draft = draw_draft(draw, unit=unit, tests=tests)
                if spelling == " times greater than the ULN" and draft.relation != "gt":
                    continue
                yield replace(draft, unit=spelling).make_sentence(f"{unit}: {spelling}")


@construct("lab/unit beside the name", "labs")
def write_unit_with_name(draw: Random) -> Iterator[Sentence]:
    """The unit stands in brackets or behind a comma with the name, or in brackets behind the number."""
    templates = _WORDINGS["unit_with_name_templates"]
    for template in templates:
        for _ in range(8):
            draft = draw_draft(draw)
            if draft.amount.unit in ("ULN", "%"):
                draft = draw_draft(draw, unit=draw.choice(["mg/dL", "g/dL", "umol/L", "10*9/L", "mL/min"]))
            unit = draft.unit.strip().removeprefix("x ")
            unit = f"x {unit}" if draft.amount.unit == "10*9/L" and draw.random() < 0.5 else unit
            head, _, tail = template.format(name=draft.name, unit=unit, value="\0").partition("\0")
            made = mark_limit(f"{draft.comparator} {draft.number}", draft.tests, draft.ends, draft.amount.unit)
            yield Sentence((head, made, tail) if tail else (head, made), template, draft.section)
    for form, text in (("(unit) behind", "{c} {n} ({u})"), ("[unit] behind", "{c} {n} [{u}]")):
        for _ in range(8):
            draft = draw_draft(draw)
            unit = draft.unit.strip().removeprefix("x ")
            if draft.amount.unit == "ULN":
                continue
            made = mark_limit(
                text.format(c=draft.comparator, n=draft.number, u=unit), draft.tests, draft.ends, draft.amount.unit
            )
            yield Sentence((draft.name, " ", made), form, draft.section)


@construct("lab/no unit", "labs")
def write_bare(draw: Random) -> Iterator[Sentence]:
    """A limit without a unit: any unit may be inferred, so only the number counts."""
    for test in TESTS:
        for _ in range(2):
            draft = draw_draft(draw, tests=[test])
            if draft.amount.unit == "ULN":
                continue
            made = mark_limit(f"{draft.comparator} {draft.number}", [test], draft.ends, None)
            yield Sentence((draft.name, " ", made), test.analyte, draft.section)


_MULTIPLES = _WORDINGS["multiples"]


@construct("lab/multiple of normal", "quantities")
def write_multiples(draw: Random) -> Iterator[Sentence]:
    tests = [BY_ANALYTE[name] for name in ("alt", "ast", "bilirubin_total", "alp", "creatinine", "ldh", "lipase")]
    for text, number, unit in _MULTIPLES:
        for comparator, relation in (("≤", "le"), (">", "gt"), ("less than", "lt"), ("not exceeding", "le")):
            test = draw.choice(tests)
            made = mark_limit(f"{comparator} {text}", [test], bound(relation, number), unit)
            yield Sentence((draw.choice(test.names[:2]), " ", made), text, find_section(test, relation))
    within = _WORDINGS["multiples_within"]
    for text, number in within:
        for test in tests[:4]:
            yield Sentence((test.name, " ", mark_limit(text, [test], bound("le", number), "ULN")), text)
    lower = _WORDINGS["multiples_lower"]
    for text, relation, number in lower:
        for test in (BY_ANALYTE[name] for name in ("hemoglobin", "albumin", "magnesium", "lymphocytes")):
            made = mark_limit(text, [test], bound(relation, number), "LLN")
            yield Sentence((test.name, " ", made), text, find_section(test, relation))


#: Both ends of one interval: the wording, and whether the ends belong to it.
RANGES = _WORDINGS["ranges"]
_RANGE_TESTS = _WORDINGS["range_tests"]


@construct("lab/range", "quantities")
def write_ranges(draw: Random) -> Iterator[Sentence]:
    for template, low_in, high_in in RANGES:
        for _ in range(5):
            analyte, unit, low, high = draw.choice(_RANGE_TESTS)
            test = BY_ANALYTE[analyte]
            text = template.format(a=show(low), b=show(high), u=choose_plain(unit))
            made = mark_limit(text, [test], between(low, high, low_in, high_in), unit)
            filler = draw.choice([" ", " ", ": ", " of "]) if template[0] != "(" else " "
            yield Sentence((draw.choice(test.names[:3]), filler, made), template)


@construct("lab/range around the name", "quantities")
def write_chains(draw: Random) -> Iterator[Sentence]:
    """`3.5 ≤ potassium ≤ 5.5 mmol/L`: the name stands inside of the interval."""
    for left, right, low_in, high_in in _WORDINGS["chains"]:
        for _ in range(5):
            analyte, unit, low, high = draw.choice(_RANGE_TESTS)
            test = BY_ANALYTE[analyte]
            unit_text = choose_plain(unit)
            lead = draw.choice(["", unit_text])
            text = f"{show(low)}{lead} {left} {draw.choice(test.names[:3])} {right} {show(high)}{unit_text}"
            yield Sentence(
                (mark_limit(text, [test], between(low, high, low_in, high_in), unit),), f"a {left} name {right} b"
            )


@construct("lab/two ends excluded", "labs")
def write_outside(draw: Random) -> Iterator[Sentence]:
    """`< 3.5 or > 5.5 mmol/L` in an exclusion criterion: two limits."""
    pairs = _WORDINGS["outside_pairs"]
    for low_word, high_word, low_relation, high_relation in pairs:
        for joiner in (" or ", " and ", ", or ", "; "):
            for _ in range(2):
                analyte, unit, low, high = draw.choice(_RANGE_TESTS)
                test = BY_ANALYTE[analyte]
                unit_text = choose_plain(unit)
                first = f"{low_word} {show(low)}{draw.choice(['', unit_text])}"
                one = mark_limit(first, [test], bound(low_relation, low), unit)
                two = mark_limit(f"{high_word} {show(high)}{unit_text}", [test], bound(high_relation, high), unit)
                yield Sentence((test.name, " ", one, joiner, two), f"{low_word}{joiner}{high_word}", "exclusion")


@construct("lab/dipstick", "labs")
def write_dipsticks(draw: Random) -> Iterator[Sentence]:
    """Protein in the urine in pluses; no unit."""
    texts = _WORDINGS["dipsticks"]
    test = BY_ANALYTE["urine_protein"]
    for name, text, relation, number in texts:
        section = "exclusion" if relation[0] == "g" else "inclusion"
        yield Sentence((name, " ", mark_limit(text, [test], bound(relation, number), None)), f"{name} {text}", section)


@construct("lab/plus or minus", "quantities")
def write_plus_minus(draw: Random) -> Iterator[Sentence]:
    for sign in (" ± ", "±", " +/- ", "+/-"):
        for analyte, unit, middle, width in (
            ("hemoglobin", "g/dL", 10, 2),
            ("potassium", "mmol/L", 4.5, 1),
            ("hba1c", "%", 8, 1),
        ):
            test = BY_ANALYTE[analyte]
            text = f"{middle}{sign}{width}{choose_plain(unit)}"
            yield Sentence(
                (test.name, " ", mark_limit(text, [test], between(middle - width, middle + width), unit)), sign
            )
