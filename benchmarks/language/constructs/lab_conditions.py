"""A rule and its exceptions, limits by sex, limits inside a condition, alternatives, denials and prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from benchmarks.language.analytes import BY_ANALYTE
from benchmarks.language.constructs.lab_lists import get_tests
from benchmarks.language.labs import draw_draft, mark_limit, write_inside
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Sentence, bound, compose, read_ends
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("lab_conditions")


@construct("lab/rule and exception", "labs")
def write_exceptions(draw: Random) -> Iterator[Sentence]:
    """In a template {r} is the rule, {e} the exception, {x} that without a comparator, {cond} its condition."""
    for template in _WORDINGS["exceptions"]:
        for _ in range(6):
            names, analytes, reason, *numbers = draw.choice(_WORDINGS["exception_cases"])
            condition, plain, who = draw.choice(_WORDINGS[reason])
            words = {"cond": condition, "Cond": condition[0].upper() + condition[1:], "plain": plain, "who": who}
            yield _write_exception(draw, template, (names, analytes), numbers, words)


def _write_exception(
    draw: Random, template: str, names: tuple[str, str], numbers: Sequence[float], words: dict[str, str]
) -> Sentence:
    """Fills in the rule, the exception and its condition, which is one of `words`."""
    comparator, relation = draw.choice(_WORDINGS["exception_comparators"])
    unit = draw.choice(_WORDINGS["exception_units"])
    tests = get_tests(names[1])
    rule = mark_limit(f"{comparator} {numbers[0]} {unit}", tests, bound(relation, numbers[0]), "ULN")
    lead = "" if "{x}" in template else f"{comparator} "
    if "up to {x}" in template:
        lead, relation = "up to ", "le"
    condition = next(words[name] for name in ("plain", "who", "cond") if name == "cond" or f"{{{name}}}" in template)
    condition = f"for {condition}" if "for {who}" in template else condition
    exception = mark_limit(f"{lead}{numbers[1]} {unit}", tests, bound(relation, numbers[1]), "ULN", condition=condition)
    text = template.replace("up to {x}", "{x}")
    for name, said in words.items():
        text = text.replace(f"{{{name}}}", said)
    order = [rule if name == "r" else exception for name in _list_gaps(text)]
    filled = text.replace("{r}", "{}").replace("{e}", "{}").replace("{x}", "{}")
    return Sentence((names[0], " ", *compose(filled, *order)), template)


def _list_gaps(template: str) -> list[str]:
    return [part[0] for part in template.split("{")[1:]]


@construct("lab/limits by sex", "labs")
def write_sexes(draw: Random) -> Iterator[Sentence]:
    symbols = {"ge": "≥", "lt": "<", "gt": ">"}
    for template, *conditions in _WORDINGS["sexes_templates"]:
        for name, analyte, unit, *numbers, relation in _WORDINGS["sexes_values"]:
            test = BY_ANALYTE[analyte]
            marks = [
                mark_limit(f"{symbols[relation]} {n} {unit}", [test], bound(relation, n), unit, condition=condition)
                for n, condition in zip(numbers, conditions, strict=True)
            ]
            section = "inclusion" if relation == "ge" else "exclusion"
            yield Sentence((name, " ", *compose(template, *marks)), template, section)


#: A threshold in a condition: its test, its name, the test that it is about, and the limit of that.
_CONDITIONS = [
    ("bilirubin_total", "total bilirubin", "bilirubin_direct", "Direct bilirubin", "≤ ULN", "le", 1, "ULN"),
    (
        "creatinine",
        "serum creatinine",
        "creatinine_clearance",
        "Creatinine clearance",
        "≥ 60 mL/min",
        "ge",
        60,
        "mL/min",
    ),
]


@construct("direction/threshold inside a condition", "labs", "direction", ("conditional",))
def write_conditional(draw: Random) -> Iterator[Sentence]:
    """A threshold that tells when another one holds."""
    for number in (1.5, 1, 2):
        text = "> ULN" if number == 1 else f"> {number} x ULN"
        for word in ("if", "for patients with", "in subjects with", "when", "for participants with"):
            for asked, name, analyte, other, limit, relation, value, unit in _CONDITIONS:
                inside = mark_limit(text, [BY_ANALYTE[asked]], bound("gt", number), "ULN", conditional=True)
                condition = f"{word} {name} {text}"
                rule = mark_limit(limit, [BY_ANALYTE[analyte]], bound(relation, value), unit, condition=condition)
                yield Sentence((other, " ", rule, f" {word} {name} ", inside), word)


@construct("lab/alternatives", "labs")
def write_alternatives(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["alternatives_templates"]
    pairs = _WORDINGS["alternatives_pairs"]
    for template in templates:
        for first, second in pairs:
            one, two = (draw_draft(draw, tests=[BY_ANALYTE[name]]) for name in (first, second))
            while two.section != one.section:
                two = draw_draft(draw, tests=list(two.tests))
            lower = [write_inside(d.name) for d in (one, two)]
            made = [
                (lower[0] if template.startswith("E") else one.name, " ", one.make_mark()),
                (lower[1], " ", two.make_mark()),
            ]
            yield Sentence(compose(template, *made), template, one.section)


@construct("direction/denied", "structure", "direction", ("negated",))
def write_denied(draw: Random) -> Iterator[Sentence]:
    """What a participant must not have, in the inclusion criteria: `negated`."""
    starts = _WORDINGS["denied_starts"]
    states = _WORDINGS["denied_states"]
    for start in starts:
        for state, analyte, name, text, relation, number, unit in states:
            made = mark_limit(text, [BY_ANALYTE[analyte]], bound(relation, number), unit, negated=True)
            inside = draw.choice(
                [f"{state} ({name} {{}})", f"{state}, defined as {name} {{}}", f"severe {state} ({name} {{}})"]
            )
            yield Sentence(compose(start.replace("{}", inside), made), start)


@construct("lab/prose", "labs")
def write_prose(draw: Random) -> Iterator[Sentence]:
    """Sentences of papers and of exclusion criteria, with the limit in running text."""
    templates = _WORDINGS["prose_templates"]
    for template in templates:
        for _ in range(5):
            draft = draw_draft(draw)
            while draft.section != "exclusion":
                draft = draw_draft(draw)
            name = draft.name if template.startswith("{}") else write_inside(draft.name)
            yield Sentence(compose(template, name, draft.make_mark()), template, "exclusion")
    for template in _WORDINGS["paper_templates"]:
        for _ in range(4):
            draft = draw_draft(draw)
            while draft.section != "inclusion":
                draft = draw_draft(draw)
            name = write_inside(draft.name)
            made = mark_limit(draft.make_value(), draft.tests, draft.ends, draft.amount.unit, polarity="inclusion")
            yield Sentence(
                compose(template, name if template.startswith("{}") else write_inside(name), made), template, "none"
            )


@construct("lab/disorder that a limit defines", "labs")
def write_disorders(draw: Random) -> Iterator[Sentence]:
    """`thrombocytopenia (< 100,000/mm3)`: the test is not named, but nothing else can be meant."""
    for template in _WORDINGS["disorder_templates"]:
        for name, analyte, text, interval, unit in draw.sample(_WORDINGS["disorders"], 12):
            made = mark_limit(text, [BY_ANALYTE[analyte]], read_ends(interval), unit)
            yield Sentence(compose(template, name, made), template, "exclusion")
    for template, analyte, text, interval, unit in _WORDINGS["elevations"]:
        made = mark_limit(text, [BY_ANALYTE[analyte]], read_ends(interval), unit)
        yield Sentence(compose(template, made), template, "exclusion")


@construct("lab/threshold in an outcome", "labs")
def write_outcomes(draw: Random) -> Iterator[Sentence]:
    """A threshold on a named test counts outside of criteria too."""
    tests = [BY_ANALYTE[name] for name in _WORDINGS["outcome_tests"]]
    for template in _WORDINGS["outcomes"]:
        for _ in range(5):
            draft = draw_draft(draw, tests=tests)
            name = draw.choice(draft.tests[0].names[:3])
            extra = {"conditional": True} if " if " in template or " when " in template else {}
            made = mark_limit(draft.make_value(), draft.tests, draft.ends, draft.amount.unit, **extra)
            yield Sentence(
                compose(template, name if template.startswith("{}") else write_inside(name), made), template, "none"
            )
