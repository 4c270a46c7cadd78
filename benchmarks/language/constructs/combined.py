"""Pairs of constructs, facts of several labels in a sentence, and facts beside numbers that are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from benchmarks.language.analytes import BY_ANALYTE, COMMON, TESTS
from benchmarks.language.comparators import AFTER, SYMBOLS, VERBS, WORDS, is_demand
from benchmarks.language.constructs.ages import mark_age
from benchmarks.language.constructs.doses import mark_drug
from benchmarks.language.constructs.lab_lists import LISTS, get_tests
from benchmarks.language.constructs.lab_names import FILLERS
from benchmarks.language.constructs.lab_values import RANGES
from benchmarks.language.constructs.performance_status import mark_status
from benchmarks.language.constructs.radiation import fill_course
from benchmarks.language.labs import change_number, draw_draft, draw_said, find_section, mark_limit
from benchmarks.language.numbers import FORMS, show, write_number
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Piece, Sentence, between, bound, compose
from benchmarks.language.units import choose_plain, list_spellings
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("combined")

_DRAWN = 150
#: Forms of numbers that suit any unit, so that they may be combined freely.
_FREE_FORMS = [form for form in FORMS if form[0].isdigit() or form.startswith(".")]


@construct("pair/comparator × number", "quantities", "pair")
def pair_comparator_number(draw: Random) -> Iterator[Sentence]:
    written = 0
    while written < _DRAWN:
        form = draw.choice(_WORDINGS["number_forms"])
        comparator = draw.choice(SYMBOLS + WORDS + WORDS + AFTER)
        draft = draw_said(draw, comparator, TESTS)
        text = write_number(draft.amount.number, form)
        if text is None or (form == "100.000" and draft.amount.unit != "/uL"):
            continue
        if form == "one and a half" and draft.amount.unit != "ULN":
            continue
        written += 1
        yield change_number(draft, text, draft.amount.number).make_sentence(f"{comparator.text} × {form}")


@construct("pair/comparator × unit", "quantities", "pair")
def pair_comparator_unit(draw: Random) -> Iterator[Sentence]:
    for _ in range(_DRAWN):
        comparator = draw.choice(SYMBOLS + WORDS + WORDS + AFTER + VERBS)
        draft = draw_said(draw, comparator, TESTS)
        spelling = draw.choice(list_spellings(draft.amount.unit))
        if spelling != " times greater than the ULN":
            yield replace(draft, unit=spelling).make_sentence(f"{comparator.text} × {spelling}")


@construct("pair/number × unit", "quantities", "pair")
def pair_number_unit(draw: Random) -> Iterator[Sentence]:
    written = 0
    while written < _DRAWN:
        draft = draw_draft(draw, tests=TESTS)
        form = draw.choice(["100,000", "100 000", "1,5", "1·5", "1½", "1 1/2", "54.0", "100 000 (thin space)"])
        text = write_number(draft.amount.number, form)
        spelling = draw.choice(list_spellings(draft.amount.unit))
        if text is None or spelling == " times greater than the ULN":
            continue
        written += 1
        yield replace(change_number(draft, text, draft.amount.number), unit=spelling).make_sentence(
            f"{form} × {spelling}"
        )


@construct("pair/name × comparator", "labs", "pair")
def pair_name_comparator(draw: Random) -> Iterator[Sentence]:
    for _ in range(_DRAWN):
        comparator = draw.choice(WORDS + VERBS + AFTER)
        draft = draw_said(draw, comparator, TESTS)
        name = draw.choice(draft.tests[0].names)
        yield replace(draft, name=name).make_sentence(f"{name} × {comparator.text}")


@construct("pair/between × comparator", "labs", "pair")
def pair_filler_comparator(draw: Random) -> Iterator[Sentence]:
    fillers = [f for f in FILLERS if f not in (" (", " = ", " equal to ") and "be " not in f and " is" not in f]
    for _ in range(_DRAWN):
        comparator = draw.choice(SYMBOLS + WORDS + AFTER)
        filler = draw.choice(fillers)
        draft = replace(draw_said(draw, comparator), filler=filler)
        yield draft.make_sentence(f"{filler!r} × {comparator.text}")


@construct("pair/list × comparator", "labs", "pair")
def pair_list_comparator(draw: Random) -> Iterator[Sentence]:
    for _ in range(_DRAWN):
        names, analytes = draw.choice(LISTS)
        comparator = draw.choice(SYMBOLS + WORDS + AFTER)
        number = draw.choice((1.5, 2.5, 3))
        value = f"{show(number)}{draw.choice(list_spellings('ULN'))}"
        tests = get_tests(analytes)
        section = find_section(tests[0], comparator.relation)
        if "greater than the ULN" in value or (section == "exclusion" and is_demand(comparator)):
            continue
        text = f"{value} {comparator.text}" if comparator in AFTER else f"{comparator.text} {value}"
        made = mark_limit(text, tests, bound(comparator.relation, number), "ULN")
        yield Sentence((names, draw.choice((" ", ": ", " of ")), made), f"{names} × {comparator.text}", section)


@construct("pair/range × unit", "quantities", "pair")
def pair_range_unit(draw: Random) -> Iterator[Sentence]:
    for _ in range(_DRAWN):
        template, low_in, high_in = draw.choice(RANGES)
        analyte, unit, low, high = draw.choice(_WORDINGS["range_limits"])
        spelling = draw.choice(list_spellings(unit))
        if "greater than the ULN" in spelling:
            continue
        shown = [f"{n:,}" if n >= 1000 else show(n) for n in (low, high)]
        text = template.format(a=shown[0], b=shown[1], u=spelling)
        made = mark_limit(text, [BY_ANALYTE[analyte]], between(low, high, low_in, high_in), unit)
        yield Sentence((BY_ANALYTE[analyte].name, " ", made), f"{template} × {spelling}")


@construct("pair/exception × unit", "labs", "pair")
def pair_exception_unit(draw: Random) -> Iterator[Sentence]:
    conditions = _WORDINGS["exception_unit_conditions"]
    templates = ["{} ({} {cond})", "{}, or {} {cond}", "{} or {} {cond}", "{}; {} {cond}", "{} (or {} {cond})"]
    for _ in range(_DRAWN):
        names, analytes = draw.choice(LISTS[:30])
        comparator = draw.choice([c for c in SYMBOLS + WORDS if c.relation[0] == "l"])
        spelling = draw.choice(list_spellings("ULN"))
        if spelling in (" times greater than the ULN", " x N"):
            continue
        condition = draw.choice(conditions)
        tests = get_tests(analytes)
        one = mark_limit(f"{comparator.text} 2.5{spelling}", tests, bound(comparator.relation, 2.5), "ULN")
        two = mark_limit(
            f"{comparator.text} 5{spelling}", tests, bound(comparator.relation, 5), "ULN", condition=condition
        )
        template = draw.choice(templates)
        yield Sentence(
            (names, " ", *compose(template.replace("{cond}", condition), one, two)),
            f"{template} × {comparator.text} × {spelling}",
        )


@construct("pair/labels in one sentence", "lead", "pair")
def pair_labels(draw: Random) -> Iterator[Sentence]:
    """Age, performance status and a lab limit in a sentence or line."""
    joiners = [", ", " and ", "; ", ", and ", " with ", ". ", " / ", " - "]
    for _ in range(_DRAWN):
        parts: list[tuple[Piece, ...]] = []
        text, ends = draw.choice(_WORDINGS["ages"])
        parts.append((draw.choice(("Age ", "Aged ")), mark_age(text, ends)))
        status, low, high = draw.choice([("0-1", 0, 1), ("≤ 2", 0, 2), ("0 or 1", 0, 1), ("0, 1 or 2", 0, 2)])
        parts.append(
            (
                draw.choice(("ECOG ", "ECOG performance status ", "WHO performance status ")),
                mark_status(status, "ECOG", low, high),
            )
        )
        draft = draw_draft(draw)
        while draft.section != "inclusion":
            draft = draw_draft(draw)
        parts.append((draft.name, draft.filler, draft.make_mark()))
        draw.shuffle(parts)
        joiner = draw.choice(joiners)
        pieces: list[Piece] = []
        for i, part in enumerate(parts[: draw.choice((2, 3, 3))]):
            pieces += [joiner] if i else []
            pieces += part
        yield Sentence(tuple(pieces), repr(joiner))


@construct("pair/radiation with a drug", "doses", "pair")
def pair_radiation_drug(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["radiation_drug_templates"]
    styles = _WORDINGS["radiation_drug_styles"]
    drugs = _WORDINGS["radiation_drug_drugs"]
    for _ in range(100):
        template = draw.choice(templates)
        drug, text, amount, unit, schedule = draw.choice(drugs)
        course = fill_course(draw.choice(styles), *draw.choice([(30, 2), (25, 1.8), (33, 2), (35, 2)]))
        dose = (drug, " ", mark_drug(text, drug, bound("eq", amount), unit), schedule)
        order = [course.pieces if part[0] == "r" else dose for part in template.split("{")[1:]]
        pieces = compose(template.replace("{r}", "{}").replace("{d}", "{}"), *order)
        yield Sentence(
            (draw.choice(("Arm A: ", "Patients receive ", "Treatment: ")), *pieces), template, "none", course.regimens
        )


@construct("pair/fact beside a number that is none", "labs", "pair")
def pair_counter(draw: Random) -> Iterator[Sentence]:
    tails = _WORDINGS["counter_tails"]
    for tail in tails:
        for _ in range(5):
            draft = draw_draft(draw, tests=COMMON)
            yield replace(draft, tail=(tail,)).make_sentence(tail)


@construct("pair/range restated", "labs", "pair")
def pair_range_restated(draw: Random) -> Iterator[Sentence]:
    values = _WORDINGS["restated_ranges"]
    for template in ("{} ({})", "{} [{}]", "{} or {}", "{}, {}", "{} / {}"):
        for analyte, unit, first, ends, other, second, more in values:
            test = BY_ANALYTE[analyte]
            dash = draw.choice(("-", "–", " to ", " - "))
            one = mark_limit(first.replace("-", dash) + choose_plain(unit), [test], between(*ends), unit)
            two = mark_limit(second.replace("-", dash) + choose_plain(other), [test], between(*more), other)
            yield Sentence((test.name, " ", *compose(template, one, two)), template)
