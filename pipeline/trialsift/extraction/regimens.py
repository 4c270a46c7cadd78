"""Radiotherapy prescriptions: which doses and fraction numbers state one together, and what follows from n × d = D.

Within a sentence the facts are read in order. A fact joins the prescription before it when that lacks its role, when
the words between do not begin another, and when the numbers agree; else it begins a new one. Prescriptions of a
sentence that state totals only share the fractions named after them (`62.5 Gy to the bed and 45 Gy to the nodes in 25
fractions`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from trialsift.extraction.structure.passage import Window
from trialsift.model.fact import Bounds, Fact, Regimen
from trialsift.model.interval import tidy

_ROLES = ("fractions", "per_fraction", "total")
# words that begin another prescription
_ANOTHER = re.compile(
    r"\b(?:followed\s+by|then|versus|vs\.?|or|plus|and\s+(?:a\s+)?(?:\w+\s+)?boost|boost|compared|level\s*(?:\d|"
    r"[IVX]+\b)|combined\s+with|in\s+combination|arm|group|equivalent)\b|;|\+|\||\.\s+[A-Z]",
    re.I,
)
_FRACTIONATION = re.compile(
    r"\b(?:fractionation|fraction\s+size|dose\s+per\s+fraction|daily\s+(?:dose|fraction))\b[^.;]*$", re.I
)
_SEQUENCE = re.compile(r"\b(?:followed|then|versus|vs|sequential|or|with\s+the\s+initial)\b|;|\.\s|\+|=|\s-\s", re.I)
_INTEGRATED = re.compile(r"\b(?:SIB|integrated|simultaneous|concomitant)\b", re.I)
# `(24 Gy; 2 x 1.5 Gy/d)`: what follows the total says how it is given
_DETAIL = re.compile(r"\s*(?:\(Gy\s*)?;\s*(?:\d\s*[x×]\s*)?")
# `stratified by dose (less than 60 Gy vs at least 60 Gy)` prescribes nothing
_STRATA = re.compile(r"\bstratif", re.I)
_OF = re.compile(r"\s*(?:(?:of|at|x|×|@|each|with)\s*){0,2}", re.I)
_LEVEL = re.compile(r"\b(?:levels?|cohorts?)\b", re.I)
_MAX_GAP = 120
# Behind more characters than these a dose of a fraction has to divide the total: `24 Gy) is unfeasible, SBRT (9 Gy x3)`
_MAX_DETAIL_GAP = 25
_MAX_SHARED_GAP = 180


@dataclass(slots=True)
class _Prescription:
    members: dict[str, int] = field(default_factory=dict)
    also: list[int] = field(default_factory=list)
    start: int = 0
    end: int = 0


def group_regimens(text: str, facts: Sequence[Fact], contexts: Sequence[tuple[int, int]]) -> tuple[Regimen, ...]:
    """The prescriptions that the DOSE and FRACTIONS facts of a text state, in the order of the text, doses in Gy.

    `contexts[i]` is the sentence of `facts[i]`; facts of different sentences are not put together, but for a dose per
    fraction that a sentence states alone behind one that states totals only.
    """
    by_sentence: dict[tuple[int, int], list[int]] = {}
    for i, fact in enumerate(facts):
        role = _role(fact)
        if role is not None:
            by_sentence.setdefault(contexts[i], []).append(i)
    found: list[_Prescription] = []
    for place, members in by_sentence.items():
        if _STRATA.search(text, *place):
            members = [i for i in members if None not in _bounds(facts[i])]
        if not members:
            continue
        made = _sentence(text, facts, members)
        if len(made) == 1 and set(made[0].members) == {"per_fraction"} and _of_all(text, facts, made[0], found):
            continue
        found.extend(made)
    _lead(text, found)
    return tuple(r for p in found if (r := _regimen(facts, p)) is not None)


def _lead(text: str, found: list[_Prescription]) -> None:
    """Fractions alone in front of dose levels are those of each level (`Dose escalation in 3 fractions: level 1 12 Gy
    per fraction, …`)."""
    for k, lead in enumerate(found):
        if set(lead.members) != {"fractions"}:
            continue
        levels: list[_Prescription] = []
        for level in map(found.__getitem__, range(k + 1, len(found))):
            before = levels[-1].end if levels else lead.end
            named = _LEVEL.search(text[before : level.start]) and level.start - before <= _MAX_GAP
            if not named or "fractions" in level.members:
                break
            levels.append(level)
        if len(levels) >= 2:
            for level in levels:
                level.members["fractions"] = lead.members["fractions"]
            lead.members.clear()


def find_boosts(facts: Sequence[Fact], prescribed: Sequence[Regimen]) -> frozenset[int]:
    """The doses, by index, of prescriptions of a boost, but for those that another prescription shares."""
    boosted: set[int] = set()
    plain: set[int] = set()
    for regimen in prescribed:
        doses = [i for i in regimen.facts if facts[i].label == "DOSE"]
        boost = any(facts[i].attributes.get("boost") is True for i in doses)
        (boosted if boost else plain).update(doses)
    return frozenset(boosted - plain)


def _of_all(text: str, facts: Sequence[Fact], lone: _Prescription, found: list[_Prescription]) -> bool:
    """`Fractionation is 1.8 Gy a day`, a sentence of its own: it holds for the totals in front of it."""
    i = lone.members["per_fraction"]
    if not _FRACTIONATION.search(text[max(0, facts[i].start - Window.CLAUSE) : facts[i].start]):
        return False
    near = takewhile(lambda p: facts[i].start - p.end <= 600, reversed(found))
    totals = [p for p in near if set(p.members) == {"total"}]
    for prescription in totals:
        prescription.members["per_fraction"] = i
    return bool(totals)


def _role(fact: Fact) -> str | None:
    if fact.label == "FRACTIONS":
        return "fractions"
    if fact.label == "DOSE" and fact.attributes.get("modality") == "radiation":
        role = fact.attributes.get("role")
        return str(role) if role in _ROLES else None
    return None


def _sentence(text: str, facts: Sequence[Fact], members: list[int]) -> list[_Prescription]:
    prescriptions: list[_Prescription] = []
    for i, behind in zip(members, [*members[1:], None], strict=True):
        fact, role = facts[i], _role(facts[i])
        assert role is not None
        current = prescriptions[-1] if prescriptions else None
        joins = current is not None and role not in current.members and _belongs(text, facts, current, i, role)
        if joins and current is not None and not _splits(text, facts, current, i, behind):
            current.members[role] = i
            current.end = fact.end
        elif current is not None and role in current.members and _repeats(text, facts, current, i, role, behind):
            current.also.append(i)
            current.end = fact.end
        else:
            prescriptions.append(_Prescription({role: i}, [], fact.start, fact.end))
    _share(text, facts, prescriptions)
    return [p for p in prescriptions if p.members]


def _bounds(fact: Fact) -> tuple[float | None, float | None]:
    low, high = fact.attributes.get("low"), fact.attributes.get("high")
    return (float(low) if low is not None else None, float(high) if high is not None else None)


def _agree(facts: Sequence[Fact], members: dict[str, int]) -> bool:
    """True unless n × d and D are all stated and differ by more than a tenth at both ends."""
    n, d, total = (_bounds(facts[members[role]]) if role in members else None for role in _ROLES)
    if d is not None and total is not None and d[0] is not None and total[1] is not None and d[0] > total[1]:
        return False  # a fraction is no larger than the whole
    if n is None or d is None or total is None:
        return True
    products = [(a * b, c) for a, b, c in zip(n, d, total, strict=True) if None not in (a, b, c)]  # type: ignore[operator]
    return not products or any(abs(product - c) <= 0.1 * c for product, c in products)  # type: ignore[operator]


def _belongs(text: str, facts: Sequence[Fact], current: _Prescription, i: int, role: str) -> bool:
    fact = facts[i]
    gap = text[current.end : fact.start]
    if len(gap) > _MAX_GAP or not _agree(facts, {**current.members, role: i}):
        return False
    exact = len(current.members) == 2  # the third member must make n × d = D
    if role != "total" and _DETAIL.fullmatch(gap):
        return True
    if len(gap) > _MAX_DETAIL_GAP and not _divides(facts, {**current.members, role: i}):
        return False
    if _ANOTHER.search(gap):
        return exact and "boost" not in gap.lower() and _product(facts, {**current.members, role: i})
    return True


def _divides(facts: Sequence[Fact], members: dict[str, int]) -> bool:
    """False where a dose per fraction and a total are single numbers, and no number of fractions makes one of the
    other to within 5 % (`56 Gy in fractions of 1.8 Gy` is 31, though not quite)."""
    if not {"per_fraction", "total"} <= set(members):
        return True
    d, total = (_bounds(facts[members[role]]) for role in ("per_fraction", "total"))
    n = _over(total[0], d[0])
    return n is None or d[0] != d[1] or total[0] != total[1] or abs(n - round(n)) <= 0.05 * n


def _product(facts: Sequence[Fact], members: dict[str, int]) -> bool:
    n, d, total = (_bounds(facts[members[role]])[1] for role in _ROLES)
    return n is not None and d is not None and total is not None and abs(n * d - total) <= 0.02 * total


def _splits(text: str, facts: Sequence[Fact], current: _Prescription, i: int, behind: int | None) -> bool:
    """`79.2 Gy, delivered as 25 fractions of 1.8 Gy (45 Gy) and …`: the fractions are those of the dose behind them,
    which does not make this total."""
    if behind is None or _role(facts[i]) != "fractions" or _role(facts[behind]) != "per_fraction":
        return False
    close = _OF.fullmatch(text, facts[i].end, facts[behind].start) is not None
    return close and not _agree(facts, {**current.members, "fractions": i, "per_fraction": behind})


def _repeats(text: str, facts: Sequence[Fact], current: _Prescription, i: int, role: str, behind: int | None) -> bool:
    """The same number once more (`Schedule I (10 fractions): a total of 10 treatments`)."""
    whole = len(current.members) > 1 and behind is not None and _role(facts[behind]) == "per_fraction"
    if whole and behind is not None and _OF.fullmatch(text, facts[i].end, facts[behind].start):
        return False  # `10 x 3 Gy` begins another
    same = _bounds(facts[i]) == _bounds(facts[current.members[role]])
    return same and role == "fractions" and not _ANOTHER.search(text[current.end : facts[i].start])


def _share(text: str, facts: Sequence[Fact], prescriptions: list[_Prescription]) -> None:
    """Totals that stand in front of one number of fractions, or of one dose per fraction, have it in common; a boost
    that is integrated has the fractions of the volume that it is integrated into."""
    if (
        len(prescriptions) > 1
        and set(prescriptions[-1].members) == {"fractions"}
        and set(prescriptions[-2].members) == {"total"}
    ):
        last = prescriptions.pop()
        i = last.members["fractions"]
        if facts[i].start - prescriptions[-1].end <= _MAX_SHARED_GAP and not _SEQUENCE.search(
            text[prescriptions[-1].end : facts[i].start]
        ):
            prescriptions[-1].members["fractions"] = i
        else:
            prescriptions.append(last)
    for k in range(len(prescriptions) - 1, 0, -1):  # from the last to the first, so that three volumes share too
        later, earlier = prescriptions[k], prescriptions[k - 1]
        if "total" not in earlier.members or "total" not in later.members:
            continue
        total = facts[later.members["total"]]
        gap = text[earlier.end : total.start]
        if len(gap) > _MAX_SHARED_GAP:
            continue
        if _INTEGRATED.search(gap) and "fractions" in earlier.members and set(later.members) == {"total"}:
            later.members["fractions"] = earlier.members["fractions"]
        elif len(earlier.members) == 1 and (
            not _SEQUENCE.search(gap) or facts[earlier.members["total"]].rule == "dose.elided"
        ):
            for role in ("fractions", "per_fraction"):
                shared = later.members.get(role)
                if (
                    shared is not None
                    and facts[shared].start > total.start
                    and _agree(facts, {**earlier.members, role: shared})
                ):
                    earlier.members[role] = shared


def _regimen(facts: Sequence[Fact], prescription: _Prescription) -> Regimen | None:
    if not prescription.members:
        return None
    values: dict[str, Bounds | None] = dict.fromkeys(_ROLES)
    for role, i in prescription.members.items():
        values[role] = _bounds(facts[i])
    n, d, total = values["fractions"], values["per_fraction"], values["total"]
    if total is None and n is not None and d is not None:
        total = (_times(n[0], d[0]), _times(n[1], d[1]))
    elif d is None and n is not None and total is not None:
        paired = total[0] is not None and total[1] is not None
        d = (_over(total[0], n[0] if paired else n[1]), _over(total[1], n[1] if paired else n[0]))
    elif n is None and d is not None and total is not None:
        n = _fractions(total, d)
    indices = tuple(sorted([*prescription.members.values(), *prescription.also]))
    if values["per_fraction"] is None:
        d = _ordered(d)
    if values["total"] is None:
        total = _ordered(total)
    return Regimen(indices, _tidy(n), _tidy(d), _tidy(total))


def _ordered(pair: Bounds | None) -> Bounds | None:
    if pair is None or pair[0] is None or pair[1] is None or pair[0] <= pair[1]:
        return pair
    return (pair[1], pair[0])


def _fractions(total: Bounds, d: Bounds) -> Bounds | None:
    """D / d, where it is a whole number at both ends, but for the rounding of the doses: the larger total with the
    larger dose, or else with the smaller one (`1.8-2 Gy to 50-50.4 Gy` is 25 to 28)."""
    for doses in (d, (d[1], d[0])):
        numbers = [_over(a, b) for a, b in zip(total, doses, strict=True)]
        if numbers[0] is None and numbers[1] is not None and abs(numbers[1] - round(numbers[1])) <= 0.06:
            return (None, float(round(numbers[1])))  # `2 Gy up to 50 Gy`
        whole = [float(round(n)) for n in numbers if n is not None and abs(n - round(n)) <= 0.06]
        if len(whole) == 2 and whole[0] <= whole[1]:
            return (whole[0], whole[1])
    return None


def _times(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b


def _over(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else a / b


def _tidy(pair: Bounds | None) -> Bounds | None:
    return (
        None
        if pair is None
        else (
            None if pair[0] is None else tidy(round(pair[0], 6)),
            None if pair[1] is None else tidy(round(pair[1], 6)),
        )
    )
