"""The role of a radiation dose: per_fraction, total or other, by the ordered rules of `patterns/radiation_roles.toml`.

Most rules look at the words on either side; five look at the numbers: `rate` (a dose per minute or hour), `multiplied`
(`25 x 2 Gy`), `adjoins_total` (`66 Gy (2.2 Gy)`), `makes_total` (times the number of fractions behind it, it is another
dose of the sentence) and `divides_total` (another dose of the sentence is 10 to 45 times as large, and it is no single
fraction or boost).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from trialsift.extraction.labels.dose.fractions import Count
from trialsift.extraction.labels.dose.wording import RadiationWords
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.files import Where
from trialsift.rules.guarded import Guarded, holds, plain
from trialsift.rules.layers import File, Folder
from trialsift.rules.validation import Examples, Table, read_as

_LARGEST = 30
_GRAY = {"cGy": 0.01, "mGy": 0.001}


def gray(quantity: Quantity) -> float:
    """What a number of this quantity is multiplied with to be in Gy."""
    return 1.0 if quantity.unit is None else _GRAY.get(quantity.unit.ucum.partition("/")[0], 1.0)


@dataclass(slots=True)
class Dose:
    """A radiation dose in its sentence, with the numbers of fractions there. `end` is where it ends without the time of
    a rate, `top` its upper number, in Gy."""

    passage: Passage
    quantity: Quantity
    end: int
    counts: list[Count]
    words: RadiationWords
    top: float = field(init=False)

    def __post_init__(self) -> None:
        self.top = max(self.quantity.values) * gray(self.quantity)

    def opening(self) -> tuple[int, int]:
        """Where the comparator stands and all words between it and the number."""
        return self.quantity.start, self.quantity.number_start

    def others(self) -> list[Quantity]:
        """The other radiation doses of the sentence."""
        return [q for q in self.passage.quantities if q.kind == "radiation" and q is not self.quantity]


def _rate(dose: Dose) -> bool:
    unit = dose.quantity.unit
    return dose.quantity.kind == "radiation_rate" and unit is not None and not unit.ucum.endswith("/d")


def _multiplied(dose: Dose) -> bool:
    if any(count.dose == dose.quantity.start for count in dose.counts):
        return True
    # `2 Gy x 5 days a week` is how often; so much in one fraction is written with a number of fractions, if at all
    return dose.top <= _LARGEST and dose.words.times.match(dose.passage.text, dose.end, dose.passage.end) is not None


def _makes_total(dose: Dose) -> bool:
    found = dose.words.for_fractions.match(dose.passage.text, dose.end, dose.passage.end)
    if found is None or dose.quantity.ranged or int(found[1]) < 2:
        return False
    product = int(found[1]) * dose.top
    return any(
        found.end() <= q.start <= found.end() + 120
        and not q.ranged
        and abs(q.values[0] * gray(q) - product) <= 0.02 * product
        for q in dose.others()
    )


def _divides_total(dose: Dose) -> bool:
    passage = dose.passage
    if dose.top < 1 or dose.words.whole_at_once.search(passage.text, passage.plain, passage.start, passage.end):
        return False
    quotients = [max(q.values) * gray(q) / dose.top for q in dose.others() if max(q.values) * gray(q) >= 20]
    return any(10 <= n <= 45 and abs(n - round(n)) <= 0.02 * n for n in quotients)


def _adjoins_total(dose: Dose) -> bool:
    """`66 Gy (2.2 Gy)`: right behind a dose of which it is a whole fraction."""
    before = max((q for q in dose.others() if q.end <= dose.quantity.start), key=lambda q: q.end, default=None)
    if (
        before is None
        or before.ranged
        or not dose.words.next_to.fullmatch(dose.passage.text, before.end, dose.quantity.start)
    ):
        return False
    n = before.values[0] * gray(before) / dose.top if dose.top else 0
    return 2 <= n <= 45 and abs(n - round(n)) <= 0.02 * n and dose.top <= _LARGEST


_TESTS: dict[str, Callable[[Dose], bool]] = {
    "rate": _rate,
    "multiplied": _multiplied,
    "makes_total": _makes_total,
    "divides_total": _divides_total,
    "adjoins_total": _adjoins_total,
}


_BOUNDS = {"above": ("ge", "gt"), "below": ("le", "lt")}


@dataclass(frozen=True, slots=True)
class _Rule:
    role: str
    why: str
    left: Guarded | None
    not_left: Guarded | None
    right: re.Pattern[str] | None
    not_right: re.Pattern[str] | None
    inside: re.Pattern[str] | None
    at_most: float
    more_than: float
    bound: str | None
    eligibility: bool
    test: Callable[[Dose], bool] | None

    def fits(self, dose: Dose, left: str, right: str, around: str) -> bool:
        """Whether it fits, by what stands on either side; `around` is `plain(left)`."""
        return (
            self.more_than < dose.top <= self.at_most
            and (not self.eligibility or dose.passage.polarity is not None)
            and (self.bound is None or dose.quantity.operator in _BOUNDS[self.bound])
            and (self.left is None or holds(around, self.left.strings))
            and (self.right is None or self.right.match(right) is not None)
            and (self.not_right is None or self.not_right.match(right) is None)
            and (self.inside is None or self.inside.search(dose.passage.text, *dose.opening()) is not None)
            and (self.left is None or self.left.expression.search(left) is not None)
            and (self.not_left is None or self.not_left.search(left, around) is None)
            and (self.test is None or self.test(dose))
        )


class RoleEntry(Table):
    """A `[[role]]`: see the beginning of `radiation_roles.toml`."""

    role: Literal["per_fraction", "total", "other"]
    why: str
    examples: Examples
    left: str | None = None
    not_left: str | None = None
    right: str | None = None
    not_right: str | None = None
    inside: str | None = None
    at_most: float = float("inf")
    more_than: float = 0.0
    bound: Literal["above", "below"] | None = None
    eligibility: bool = False
    test: Literal["rate", "multiplied", "makes_total", "divides_total", "adjoins_total"] | None = None


class RolesFile(Table):
    """What `radiation_roles.toml` holds."""

    words: dict[str, str]
    role: list[RoleEntry]


class Roles:
    """The rules, compiled. Raises PatternError for an unknown key, role or test, or a faulty expression."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "radiation_roles.toml"
        rules = read_as(RolesFile, path)
        self._words = rules.words
        self._rules = [self._rule(path, number, entry) for number, entry in enumerate(rules.role, start=1)]

    def _rule(self, path: File, number: int, entry: RoleEntry) -> _Rule:
        where = Where(path, ("role", number - 1), f"[[role]] number {number}")
        left, not_left, right, not_right, inside = (
            self._compiled(where.within(key), getattr(entry, key), key.endswith("left"))
            for key in ("left", "not_left", "right", "not_right", "inside")
        )
        return _Rule(
            entry.role,
            entry.why,
            None if left is None else Guarded(left),
            None if not_left is None else Guarded(not_left),
            right,
            not_right,
            inside,
            entry.at_most,
            entry.more_than,
            entry.bound,
            entry.eligibility,
            None if entry.test is None else _TESTS[entry.test],
        )

    def _compiled(self, where: Where, expression: str | None, at_end: bool) -> re.Pattern[str] | None:
        if expression is None:
            return None
        for name, words in self._words.items():
            expression = expression.replace("{" + name + "}", words)
        try:
            return re.compile(rf"(?:{expression})\s*$" if at_end else expression, re.I)
        except re.error as error:
            raise where.error(str(error)) from None

    def read_role(self, dose: Dose) -> tuple[str, str]:
        """The role by the first rule that fits, and why; a total without one."""
        left = dose.passage.left(dose.quantity.start, Window.PRESCRIPTION)
        right = dose.passage.right(dose.end, Window.CLAUSE)
        around = plain(left)
        for rule in self._rules:
            if rule.fits(dose, left, right, around):
                return rule.role, rule.why
        return "total", "no rule makes it another role"
