"""Radiotherapy: totals, doses per fraction, numbers of fractions, boosts, and the prescriptions that they state.

In a template `[T]` is the total dose, `[D]` the dose per fraction and `[N]` the number of fractions, each with the
words that belong to its span: `[N fractions]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from benchmarks.language.numbers import show, spell
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Ends, Mark, Prescription, Sentence, bound, mark, read_ends
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("radiation")

_VALUE = re.compile(r"\[([^\]]*?)([TDN])([^\]]*)\]")
#: Courses that exist: fractions, dose per fraction in Gy.
COURSES = _WORDINGS["courses"]
_SITES = _WORDINGS["sites"]


def mark_dose(text: str, role: str, ends: Ends | str, **attributes: object) -> Mark:
    """Marks a radiation dose in Gy."""
    return mark(text, "DOSE", ends, modality="radiation", role=role, unit="Gy", **attributes)


def mark_fractions(text: str, low: int, high: int | None = None) -> Mark:
    """Marks a number of fractions."""
    return mark(text, "FRACTIONS", None, low=low, high=low if high is None else high)


def _pair(number: float) -> tuple[float, float]:
    return number, number


def fill_course(
    template: str, fractions: int, dose: float, form: str | None = None, say: bool = False, lead: str = ""
) -> Sentence:
    """Fills a template with one course. `say` writes the numbers in words."""
    total = round(fractions * dose, 2)
    numbers = {"T": total, "D": dose, "N": fractions}
    pieces: list[str | Mark] = [lead]
    marks: list[Mark] = []
    place = 0
    for match in _VALUE.finditer(template):
        pieces.append(template[place : match.start()])
        number = numbers[match[2]]
        text = match[1] + (spell(int(number)) if say and number == int(number) else show(number)) + match[3]
        if match[2] == "N":
            made = mark_fractions(text, fractions)
        else:
            made = mark_dose(text, "total" if match[2] == "T" else "per_fraction", bound("eq", number))
        pieces.append(made)
        marks.append(made)
        place = match.end()
    pieces.append(template[place:])
    known = {match[2] for match in _VALUE.finditer(template)}
    whole = len(known) > 1
    regimen = Prescription(
        tuple(marks),
        _pair(fractions) if whole or "N" in known else None,
        _pair(dose) if whole or "D" in known else None,
        _pair(total) if whole or "T" in known else None,
    )
    return Sentence(tuple(p for p in pieces if p != ""), form or template, "none", (regimen,))


_TOTAL_AND_FRACTIONS = _WORDINGS["total_and_fractions"]
_DOSE_AND_FRACTIONS = _WORDINGS["dose_and_fractions"]
_TOTAL_AND_DOSE = _WORDINGS["total_and_dose"]
_ALL_THREE = _WORDINGS["all_three"]


def _write(draw: Random, templates: Sequence[str], repeat: int = 3) -> Iterator[Sentence]:
    for template in templates:
        for _ in range(repeat):
            fractions, dose = draw.choice(COURSES)
            lead = draw.choice(_SITES)
            yield fill_course(template, fractions, dose, lead=lead if lead else "")


@construct("radiation/total and fractions", "doses")
def write_totals(draw: Random) -> Iterator[Sentence]:
    yield from _write(draw, _TOTAL_AND_FRACTIONS)


@construct("radiation/dose per fraction and fractions", "doses")
def write_dose_and_fractions(draw: Random) -> Iterator[Sentence]:
    yield from _write(draw, _DOSE_AND_FRACTIONS)


@construct("radiation/total and dose per fraction", "doses")
def write_total_and_dose(draw: Random) -> Iterator[Sentence]:
    yield from _write(draw, _TOTAL_AND_DOSE)


@construct("radiation/all three", "doses")
def write_all_three(draw: Random) -> Iterator[Sentence]:
    yield from _write(draw, _ALL_THREE)


@construct("radiation/in words", "doses")
def write_words(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["words_templates"]
    for template in templates:
        for fractions, dose in draw.sample([(25, 2), (30, 2), (5, 5), (10, 3), (27, 2), (5, 4), (24, 2), (5, 8)], 5):
            yield fill_course(
                template, fractions, dose, say=True, lead=draw.choice(("Radiotherapy: ", "Patients will receive "))
            )


@construct("radiation/cGy", "doses")
def write_centigray(draw: Random) -> Iterator[Sentence]:
    for template in _WORDINGS["centigray_templates"]:
        for fractions, dose in draw.sample([(25, 1.8), (28, 1.8), (30, 2), (10, 3), (5, 5)], 4):
            total = round(fractions * dose, 2)
            word = "centigray" if "centigray" in template else "cGy"
            comma = draw.random() < 0.3
            parts: dict[str, Mark] = {
                "t": mark_dose(
                    f"{total * 100:,.0f} {word}" if comma else f"{total * 100:.0f} {word}", "total", bound("eq", total)
                ),
                "d": mark_dose(f"{dose * 100:.0f} cGy", "per_fraction", bound("eq", dose)),
                "n": mark_fractions(
                    f"x {fractions}"
                    if "x {n}" in template
                    else f"{fractions} fractions"
                    if "fractions" in template.split("{n}")[-1]
                    else f"{fractions} fx",
                    fractions,
                ),
            }
            text = (
                template.replace("x {n}", "{n}")
                .replace("{n} fractions", "{n}")
                .replace("{n} fx", "{n}")
                .replace(f" {word}", "")
                .replace(" cGy", "")
            )
            pieces = [
                parts[piece[1]] if piece in ("{t}", "{d}", "{n}") else piece
                for piece in re.split(r"(\{[tdn]\})", text)
                if piece
            ]
            regimen = Prescription(
                tuple(p for p in pieces if isinstance(p, Mark)), _pair(fractions), _pair(dose), _pair(total)
            )
            yield Sentence(("Radiation: ", *pieces), template, "none", (regimen,))


@construct("radiation/single fraction", "doses")
def write_single(draw: Random) -> Iterator[Sentence]:
    for dose in (8, 20, 12, 24):
        for template in _WORDINGS["single_templates"]:
            pieces: list[str | Mark] = ["Radiation: "]
            for part in re.split(r"(\[[^\]]+\])", template):
                if part == "[T Gy]":
                    pieces.append(mark_dose(f"{dose} Gy", "total", bound("eq", dose)))
                elif part.startswith("["):
                    pieces.append(mark_fractions(part[1:-1], 1))
                elif part:
                    pieces.append(part)
            marks = tuple(p for p in pieces if isinstance(p, Mark))
            yield Sentence(tuple(pieces), template, "none", (Prescription(marks, (1, 1), _pair(dose), _pair(dose)),))


@construct("radiation/twice daily", "doses")
def write_twice_daily(draw: Random) -> Iterator[Sentence]:
    """The number of fractions is computed, or stated beside the frequency, which is no number of fractions."""
    templates = _WORDINGS["twice_daily_templates"]
    for template in templates:
        for fractions, dose in ((30, 1.5), (58, 1.2), (68, 1.2)):
            yield fill_course(template, fractions, dose, lead="Radiotherapy: ")


@construct("radiation/ranges", "doses")
def write_ranges(draw: Random) -> Iterator[Sentence]:
    """A range of totals or of fractions, a limit, or two alternatives."""
    for text, interval in _WORDINGS["total_ranges"]:
        ends = read_ends(interval)
        for template in _WORDINGS["ranges_templates"]:
            made = mark_dose(text, "total", ends)
            regimen = Prescription((made,), None, None, (ends.low, ends.high))
            yield Sentence((template[:-2], made), text, "none", (regimen,))
    for text, low, high in _WORDINGS["fraction_ranges"]:
        made = mark_fractions(text, low, high)
        yield Sentence(
            ("Radiotherapy will be delivered in ", made), text, "none", (Prescription((made,), (low, high)),)
        )
    for first, second in ((36, 45), (50, 60), (24, 27), (45, 54)):
        for template in _WORDINGS["alternative_templates"]:
            one, two = f"{first}{' Gy' if '{} Gy or' in template else ''}", f"{second} Gy"
            marks = [mark_dose(text, "total", bound("eq", number)) for text, number in ((one, first), (two, second))]
            head, middle, tail = (
                template.replace("{} Gy or {} Gy", "{} or {}").replace("{} or {} Gy", "{} or {}").split("{}")
            )
            regimens = tuple(
                Prescription((m,), None, None, _pair(n)) for m, n in zip(marks, (first, second), strict=True)
            )
            yield Sentence(tuple(p for p in (head, marks[0], middle, marks[1], tail) if p), template, "none", regimens)


@construct("radiation/boost", "doses")
def write_boosts(draw: Random) -> Iterator[Sentence]:
    """A course and its boost: two regimens."""
    templates = _WORDINGS["boosts_templates"]
    for template in templates:
        for (n, d), (m, e) in (((25, 2), (8, 2)), ((28, 1.8), (5, 1.8)), ((25, 2), (5, 2))):
            one = [
                mark_dose(f"{show(n * d)} Gy", "total", bound("eq", round(n * d, 2))),
                mark_fractions(f"{n} fractions", n),
            ]
            two = [
                mark_dose(f"{show(m * e)} Gy", "total", bound("eq", round(m * e, 2)), boost=True),
                mark_fractions(f"{m} fractions", m),
            ]
            joiner = draw.choice((" in ", "/", " given in "))
            head, middle, tail = template.split("{}")
            pieces = (f"Radiotherapy: {head}", one[0], joiner, one[1], middle, two[0], joiner, two[1], tail)
            regimens = (
                Prescription(tuple(one), _pair(n), _pair(d), _pair(round(n * d, 2))),
                Prescription(tuple(two), _pair(m), _pair(e), _pair(round(m * e, 2))),
            )
            yield Sentence(tuple(p for p in pieces if p), template, "none", regimens)


@construct("radiation/arms", "doses")
def write_arms(draw: Random) -> Iterator[Sentence]:
    """Two prescriptions compared in a sentence."""
    for template in _WORDINGS["arms_templates"]:
        for _ in range(3):
            courses = draw.sample(COURSES, 2)
            style = draw.choice(
                ("[T Gy] in [N fractions]", "[T Gy]/[N fractions]", "[N x] [D Gy]", "[N fractions] of [D Gy]")
            )
            made = [fill_course(style, n, d) for n, d in courses]
            head, middle, tail = template.split("{}")
            lead = head or "Radiotherapy: "
            pieces = (lead, *made[0].pieces, middle, *made[1].pieces, tail)
            yield Sentence(tuple(p for p in pieces if p), template, "none", made[0].regimens + made[1].regimens)
