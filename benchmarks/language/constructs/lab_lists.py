"""Several tests with one limit, several limits in a line, and a limit said twice in two units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from benchmarks.language.analytes import BY_ANALYTE, COMMON, Test
from benchmarks.language.labs import draw_draft, find_section, mark_limit, write_inside
from benchmarks.language.numbers import show
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Piece, Sentence, bound, compose
from benchmarks.language.units import choose_plain
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("lab_lists")


def get_tests(names: str) -> tuple[Test, ...]:
    """Looks up tests by their identifiers."""
    return tuple(BY_ANALYTE[name] for name in names.split())


#: Names joined before or after one limit, and the tests that they are.
LISTS = _WORDINGS["lists"]


def _draw_limit(draw: Random, tests: Sequence[Test]) -> tuple[str, str, float]:
    number = draw.choice((1.5, 2.5, 3, 5))
    comparator, relation = draw.choice(_WORDINGS["list_comparators"])
    return (
        f"{comparator} {show(number)} {draw.choice(('x ULN', 'times ULN', 'x the upper limit of normal', '× ULN'))}",
        relation,
        number,
    )


@construct("lab/list of names before", "labs")
def write_lists_before(draw: Random) -> Iterator[Sentence]:
    for names, analytes in LISTS:
        tests = get_tests(analytes)
        for filler in (" ", " ", ": ", " must be "):
            text, relation, number = _draw_limit(draw, tests)
            section = "inclusion" if filler == " must be " else find_section(tests[0], relation)
            if filler == " must be " and relation[0] == "g":
                filler = " "
                section = "exclusion"
            made = mark_limit(text, tests, bound(relation, number), "ULN")
            yield Sentence((names, filler, made), names, section)


@construct("lab/list of names after", "labs")
def write_lists_after(draw: Random) -> Iterator[Sentence]:
    templates = ["{} for {}", "{} ({})"]
    for names, analytes in LISTS:
        tests = get_tests(analytes)
        for template in templates:
            text, relation, number = _draw_limit(draw, tests)
            made = mark_limit(text, tests, bound(relation, number), "ULN")
            yield Sentence(compose(template, made, names), template, find_section(tests[0], relation))
    for names, analytes in LISTS[::6]:
        tests = get_tests(analytes)
        text, relation, number = _draw_limit(draw, tests)
        made = mark_limit(text, tests, bound(relation, number), "ULN")
        template = draw.choice(("Elevation of {} {}", "Elevated {} ({})", "Increase of {} to {}")[:2])
        yield Sentence(
            compose(template, names, mark_limit(text, tests, bound(relation, number), "ULN")), template, "exclusion"
        )
        yield Sentence(compose(draw.choice(("{} {}", "{} elevation {}")), names, made), "elevation", "exclusion")


@construct("lab/several limits in a line", "labs")
def write_enumerations(draw: Random) -> Iterator[Sentence]:
    """Each name has its own limit; what joins them differs."""
    joiners = _WORDINGS["enumerations_joiners"]
    for joiner, last in joiners:
        for count in (2, 3, 3, 4, 5):
            drafts = [draw_draft(draw, tests=[test]) for test in draw.sample(COMMON, count)]
            section = drafts[0].section
            while any(draft.section != section for draft in drafts):
                drafts = [d if d.section == section else draw_draft(draw, tests=list(d.tests)) for d in drafts]
            pieces: list[Piece] = []
            for i, draft in enumerate(drafts):
                name = draft.name if i == 0 or draw.random() < 0.5 else write_inside(draft.name)
                join = "" if i == 0 else last if i == count - 1 else joiner
                pieces += [join, name, draw.choice((" ", " ", ": ", " of ")), draft.make_mark()]
            yield Sentence(tuple(p for p in pieces if p != ""), f"{joiner!r} {last!r}", section)


@construct("lab/respectively", "labs")
def write_respectively(draw: Random) -> Iterator[Sentence]:
    """Names first, then their limits in the same order."""
    for template in _WORDINGS["respectively_templates"]:
        for first, second in _WORDINGS["natural_pairs"]:
            one, two = (draw_draft(draw, tests=[BY_ANALYTE[name]]) for name in (first, second))
            while two.relation != one.relation or ("must be" in template and one.section == "exclusion"):
                one, two = (draw_draft(draw, tests=[BY_ANALYTE[name]]) for name in (first, second))
            yield Sentence(
                compose(template, one.name, write_inside(two.name), one.make_mark(), two.make_mark()),
                template,
                one.section,
            )


#: A value, its unit, and the same in another unit: (analyte, first number and unit, second number and unit).
_RESTATED = _WORDINGS["restated"]


@construct("lab/restated in another unit", "labs")
def write_restated(draw: Random) -> Iterator[Sentence]:
    """The same limit in two units: two facts, the comparator carries over."""
    templates = _WORDINGS["restated_templates"]
    for template in templates:
        for analyte, first, unit, second, other in draw.sample(_RESTATED, 8):
            test = BY_ANALYTE[analyte]
            comparator, relation = draw.choice(
                [("≥", "ge"), ("<", "lt"), (">", "gt"), ("≤", "le"), ("less than", "lt"), ("at least", "ge")]
            )
            one = mark_limit(
                f"{comparator} {first}{choose_plain(unit)}",
                [test],
                bound(relation, float(first.replace(",", ""))),
                unit,
            )
            again = comparator if "{c}" in template else ""
            text = f"{again}{' ' if '{c} ' in template else ''}{second}{choose_plain(other)}"
            two = mark_limit(text, [test], bound(relation, float(second.replace(",", ""))), other)
            filled = template.replace("{c} ", "").replace("{c}", "")
            yield Sentence((test.name, " ", *compose(filled, one, two)), template, find_section(test, relation))


@construct("lab/list of names, restated", "labs", "pair")
def write_list_restated(draw: Random) -> Iterator[Sentence]:
    for names, analytes in draw.sample(LISTS, 20):
        tests = get_tests(analytes)
        if any(test.analyte in ("inr", "aptt", "creatinine", "bilirubin_total") for test in tests):
            continue
        one = mark_limit("> 2.5 x ULN", tests, bound("gt", 2.5), "ULN")
        two = mark_limit("> 100 U/L", tests, bound("gt", 100), "U/L")
        yield Sentence((names, " ", one, " (or ", two, ")"), names, "exclusion")


@construct("lab/unit once for two limits", "labs")
def write_shared_units(draw: Random) -> Iterator[Sentence]:
    """Only the second number has the unit; that of the first may be taken from it."""
    for unit, first, one, low, second, two, high in _WORDINGS["shared_units"]:
        for template in _WORDINGS["shared_unit_templates"]:
            for comparator, relation in (("≥", "ge"), (">", "gt"), ("<", "lt"), ("≤", "le")):
                tests = BY_ANALYTE[one], BY_ANALYTE[two]
                if find_section(tests[0], relation) != find_section(tests[1], relation):
                    continue
                bare = mark_limit(f"{comparator} {show(low)}", tests[:1], bound(relation, low), None)
                whole = f"{comparator} {show(high)}{choose_plain(unit)}"
                made = mark_limit(whole, tests[1:], bound(relation, high), unit)
                yield Sentence(compose(template, first, bare, second, made), template, find_section(tests[0], relation))


@construct("lab/list under a heading of its own", "labs")
def write_under_headings(draw: Random) -> Iterator[Sentence]:
    for heading in _WORDINGS["under_headings"]:
        for indent in ("\n  - ", "\n- ", "\n\n     * ", " "):
            pieces: list[Piece] = [heading]
            for test in draw.sample(COMMON, 3):
                draft = draw_draft(draw, tests=[test])
                while draft.section != "inclusion":
                    draft = draw_draft(draw, tests=[test])
                pieces += [indent if len(pieces) == 1 or indent != " " else "; ", *draft.make_sentence("").pieces]
            if indent != " " or heading.endswith(":"):
                yield Sentence(tuple(pieces), repr(indent))
