"""Drug doses: amounts per area, weight, day; names before and after; limits and alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from benchmarks.language.numbers import show
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Ends, Mark, Sentence, bound, compose, mark, read_ends
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("doses")

#: How the units of doses are written; the first one is plain.
SPELLINGS = _WORDINGS["spellings"]
_DRUGS = _WORDINGS["drugs"]


def list_dose_spellings(unit: str) -> list[str]:
    """Returns how a unit of doses is written, each with its blank in front."""
    return SPELLINGS[unit]


def mark_drug(text: str, agent: str | None, ends: Ends | str, unit: str, **attributes: object) -> Mark:
    """Marks a drug dose."""
    name = None if agent is None else agent.lower()
    return mark(text, "DOSE", ends, modality="drug", agent=name, unit=unit, **attributes)


def _draw(draw: Random, unit: str | None = None) -> tuple[str, float, str]:
    unit = unit or draw.choice(["mg/m2", "mg/m2", "mg", "mg", "mg/kg", "mg/d", "ug"])
    drug, amount = draw.choice(_DRUGS[unit])
    return drug, amount, unit


@construct("drug/unit", "quantities")
def write_units(draw: Random) -> Iterator[Sentence]:
    for unit, drugs in _DRUGS.items():
        for spelling in list_dose_spellings(unit):
            for _ in range(3):
                drug, amount = draw.choice(drugs)
                if spelling.strip() in ("U", "Mg", "MG") and drug not in (
                    "heparin",
                    "insulin",
                    "aspirin",
                    "metformin",
                    "letrozole",
                ):
                    drug, amount = drugs[0]
                text = f"{int(amount):,}" if amount >= 1000 and draw.random() < 0.5 else show(amount)
                yield Sentence(
                    ("Drug: ", drug, " ", mark_drug(text + spelling, drug, bound("eq", amount), unit)),
                    f"{unit}: {spelling}",
                    "none",
                )


@construct("drug/sentence", "doses")
def write_sentences(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["sentences_templates"]
    for template in templates:
        for _ in range(4):
            drug, amount, unit = _draw(draw)
            if unit == "mg/d" and any(word in template for word in _WORDINGS["no_daily_amount"]):
                drug, amount, unit = _draw(draw, "mg")
            made = mark_drug(show(amount) + list_dose_spellings(unit)[0], drug, bound("eq", amount), unit)
            filled = template.replace("{d}", drug).replace("{m}", "{}")
            yield Sentence(("Arm A: ", *compose(filled, made)), template, "none")


@construct("drug/limit", "doses")
def write_limits(draw: Random) -> Iterator[Sentence]:
    for template, text, interval, unit in _WORDINGS["limits_templates"]:
        named = [word for word in template.lower().replace("(", " ").split() if word in _AGENTS]
        extra = {"historical": True} if template.startswith("Prior ") else {}
        for section in ("inclusion", "exclusion"):
            if not text:
                made = mark_drug("More than 10 mg/day", "prednisone", interval, unit)
                yield Sentence((made, " of prednisone"), template, section)
                continue
            head = next((word for word in _LEADS if text.startswith(word)), "")
            made = mark_drug(text.removeprefix(head), named[-1] if named else None, interval, unit, **extra)
            yield Sentence(compose(template, [head, made]), f"{template} {text}", section)


#: Words in front of a value that do not belong to it.
_LEADS = ("of ", "at doses ", "at a ")
_AGENTS = frozenset(drug.lower() for drugs in _DRUGS.values() for drug, _ in drugs) | {"lorazepam", "morphine"}


@construct("drug/AUC", "doses")
def write_auc(draw: Random) -> Iterator[Sentence]:
    for template, text in _WORDINGS["auc_templates"]:
        number = next(
            float(word.strip("=AUC"))
            for word in text.replace("=", " ").split()
            if word.strip("AUC").replace(".", "").isdigit()
        )
        for lead in ("Drug: ", "Arm B: ", "Patients receive "):
            yield Sentence(
                (lead, *compose(template, mark_drug(text, "carboplatin", bound("eq", number), "AUC"))),
                f"{template} {text}",
                "none",
            )


@construct("drug/alternatives and levels", "doses")
def write_alternatives(draw: Random) -> Iterator[Sentence]:
    cases = _WORDINGS["alternatives_cases"]
    for template, drug, texts, numbers, unit in cases:
        for lead in ("Drug: ", "Arm A: "):
            marks = [
                mark_drug(text, drug, bound("eq", number), unit) for text, number in zip(texts, numbers, strict=True)
            ]
            yield Sentence((lead, *compose(template, *marks)), f"{template} {texts}", "none")


@construct("drug/several in a line", "doses")
def write_combinations(draw: Random) -> Iterator[Sentence]:
    for joiner in _WORDINGS["combinations_joiners"]:
        for _ in range(4):
            pieces: list[str | Mark] = [draw.choice(("Drug: ", "Arm A: ", "Chemotherapy: ", "Patients receive "))]
            for i, unit in enumerate(draw.sample(["mg/m2", "mg/kg", "mg", "mg/m2"], 2)):
                drug, amount = draw.choice(_DRUGS[unit])
                while any(drug in str(piece) for piece in pieces):
                    drug, amount = draw.choice(_DRUGS[unit])
                pieces += [
                    joiner if i else "",
                    drug,
                    " ",
                    mark_drug(show(amount) + list_dose_spellings(unit)[0], drug, bound("eq", amount), unit),
                ]
            yield Sentence(tuple(p for p in pieces if p != ""), repr(joiner), "none")


@construct("drug/ranges, lists and schedules", "doses")
def write_lists(draw: Random) -> Iterator[Sentence]:
    for drug, template, values, unit in _WORDINGS["lists"]:
        for lead in ("Drug: ", "Arm A: ", "Patients receive "):
            marks = [mark_drug(text, drug, read_ends(interval), unit) for text, interval in values]
            filled = re.sub(r"\{\d\}", "{}", template.replace("{d}", drug))
            yield Sentence((lead, *compose(filled, *marks)), template, "none")


@construct("drug/prose of papers", "doses")
def write_arms(draw: Random) -> Iterator[Sentence]:
    for template in _WORDINGS["arm_templates"]:
        for _ in range(4):
            drug, amount, unit = _draw(draw, draw.choice(("mg", "mg/m2", "mg/kg", "ug")))
            made = mark_drug(show(amount) + list_dose_spellings(unit)[0], drug, bound("eq", amount), unit)
            yield Sentence(compose(template.replace("{d}", drug).replace("{m}", "{}"), made), template, "none")
