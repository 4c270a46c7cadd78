"""What the numbers of a prescription tell: n fractions of d Gy each make a total of D Gy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialsift.model.fact import Bounds, Fact, Regimen
from trialsift.model.interval import tidy

#: The parts of a prescription, as `n`, `d` and `D` in this order.
ROLES = ("fractions", "per_fraction", "total")


def find_role(fact: Fact) -> str | None:
    """Returns which part of a prescription a fact states; None for one that prescribes nothing, 0 Gy among them."""
    if fact.label == "FRACTIONS":
        return "fractions"
    if fact.label == "DOSE" and fact.attributes.get("modality") == "radiation" and fact.attributes.get("high") != 0:
        role = fact.attributes.get("role")
        return str(role) if role in ROLES else None
    return None


def read_bounds(fact: Fact) -> tuple[float | None, float | None]:
    """Returns both ends of a fact, None where open."""
    low, high = fact.attributes.get("low"), fact.attributes.get("high")
    return (float(low) if low is not None else None, float(high) if high is not None else None)


def agree(facts: Sequence[Fact], members: Mapping[str, int]) -> bool:
    """Whether n × d and D agree: False if all are stated and differ by more than a tenth at both ends."""
    n, d, total = (read_bounds(facts[members[role]]) if role in members else None for role in ROLES)
    if d is not None and total is not None and d[0] is not None and total[1] is not None and d[0] > total[1]:
        return False  # a fraction cannot exceed the total
    if n is None or d is None or total is None:
        return True
    products = [(a * b, c) for a, b, c in zip(n, d, total, strict=True) if None not in (a, b, c)]  # type: ignore[operator]
    return not products or any(abs(product - c) <= 0.1 * c for product, c in products)  # type: ignore[operator]


def divides(facts: Sequence[Fact], members: Mapping[str, int]) -> bool:
    """Whether a whole number of fractions makes the total of the dose per fraction, to within 5 % (`56 Gy in fractions
    of 1.8 Gy` is about 31). True unless both are stated as single numbers."""
    if not {"per_fraction", "total"} <= set(members):
        return True
    d, total = (read_bounds(facts[members[role]]) for role in ("per_fraction", "total"))
    n = _divide(total[0], d[0])
    return n is None or d[0] != d[1] or total[0] != total[1] or abs(n - round(n)) <= 0.05 * n


def makes_product(facts: Sequence[Fact], members: Mapping[str, int]) -> bool:
    """Whether the upper ends of all three are stated and n × d = D, to within 2 %."""
    if not set(ROLES) <= set(members):
        return False
    n, d, total = (read_bounds(facts[members[role]])[1] for role in ROLES)
    return n is not None and d is not None and total is not None and abs(n * d - total) <= 0.02 * total


def make_regimen(
    facts: Sequence[Fact], members: Mapping[str, int], also: Sequence[int], *, mixed: bool, days: int | None = None
) -> Regimen:
    """Returns the regimen of a prescription, with what follows from the parts stated. `also` are further facts that
    state it; `mixed`: fractions of different doses, so that no third number follows; `days` on each of which one
    fraction is given stand for a number of fractions."""
    values: dict[str, Bounds | None] = {role: read_bounds(facts[i]) for role, i in members.items()}
    n, d, total = (values.get(role) for role in ROLES)
    n = (float(days), float(days)) if n is None and days is not None else n
    numbers = (_tidy(n), None, _tidy(total)) if mixed else complete(n, d, total)
    return Regimen(tuple(sorted([*members.values(), *also])), *numbers)


def complete(
    n: Bounds | None, d: Bounds | None, total: Bounds | None
) -> tuple[Bounds | None, Bounds | None, Bounds | None]:
    """Returns the numbers of a prescription with the one that follows from the two others, if it is missing."""
    if total is None and n is not None and d is not None:
        total = _order((_multiply(n[0], d[0]), _multiply(n[1], d[1])))
    elif d is None and n is not None and total is not None:
        paired = total[0] is not None and total[1] is not None
        d = _order((_divide(total[0], n[0] if paired else n[1]), _divide(total[1], n[1] if paired else n[0])))
    elif n is None and d is not None and total is not None:
        n = _divide_total(total, d)
    return _tidy(n), _tidy(d), _tidy(total)


def _order(pair: Bounds) -> Bounds:
    if pair[0] is None or pair[1] is None or pair[0] <= pair[1]:
        return pair
    return (pair[1], pair[0])


def _divide_total(total: Bounds, d: Bounds) -> Bounds | None:
    """D / d if it is whole at both ends, allowing for rounded doses. Pairs the larger total with the larger dose, or
    else with the smaller one (`1.8-2 Gy to 50-50.4 Gy` is 25 to 28)."""
    for doses in (d, (d[1], d[0])):
        numbers = [_divide(a, b) for a, b in zip(total, doses, strict=True)]
        whole = [None if n is None else float(round(n)) for n in numbers]
        if any(n is not None and abs(n - round(n)) > 0.06 for n in numbers):
            continue
        low, high = whole
        if (low is None) != (high is None):
            return (low, high)  # `2 Gy up to 50 Gy`, `2 Gy to at least 50 Gy`
        if low is not None and high is not None and low <= high:
            return (low, high)
    return None


def _multiply(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b


def _divide(a: float | None, b: float | None) -> float | None:
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
