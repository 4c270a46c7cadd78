"""A statement of a prescription, with what its facts tell: whose it is, of which arm, whether it is a boost."""

from __future__ import annotations

from dataclasses import dataclass

from trialsift.model.fact import Annotation, Bounds, Fact, Regimen
from trialsift.model.prescription import NUMBERS, find_stated_number

#: The values of the column `use`: what the trial itself gives, and earlier treatment or other work.
OWN, OTHER = "own", "other"
#: Numbers that were computed may differ by 1 %, since doses per fraction are often rounded.
_COMPUTED, _STATED = 0.01, 1e-6


@dataclass(frozen=True, slots=True)
class Mention:
    """A statement of a prescription; `number` is its place in the annotation, from 1.

    `stated` are those of its numbers that a fact states; the others were computed. `arm` is None unless its facts name
    one, and all the same one. `context` is the range of the line or sentence of its first fact, None where unknown.
    """

    number: int
    regimen: Regimen
    facts: tuple[Fact, ...]
    use: str
    negated: bool
    boost: bool
    arm: str | None
    stated: frozenset[str]
    context: tuple[int, int] | None = None

    @property
    def start(self) -> int:
        """The offset of its first character."""
        return min((fact.start for fact in self.facts), default=0)

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return max((fact.end for fact in self.facts), default=0)

    @property
    def known(self) -> frozenset[str]:
        """The numbers that are stated or computed."""
        return frozenset(name for name in NUMBERS if getattr(self.regimen, name) is not None)

    def fits(self, other: Mention) -> bool:
        """Whether every number that is known here is the same there."""
        return all(self._has_same(name, other) for name in self.known)

    def _has_same(self, name: str, other: Mention) -> bool:
        tolerance = _STATED if name in self.stated and name in other.stated else _COMPUTED
        return is_same(getattr(self.regimen, name), getattr(other.regimen, name), tolerance)


def is_same(one: Bounds | None, other: Bounds | None, tolerance: float = _STATED) -> bool:
    """Whether two bounds are open at the same ends and otherwise equal, to within a share of the larger."""
    if one is None or other is None:
        return one is other
    return all(
        a is b if a is None or b is None else abs(a - b) <= tolerance * max(abs(a), abs(b))
        for a, b in zip(one, other, strict=True)
    )


def find_mentions(annotation: Annotation) -> list[Mention]:
    """Returns the statements of prescriptions of a document, in the order of its annotation."""
    return [_make_mention(number, regimen, annotation) for number, regimen in enumerate(annotation.regimens, start=1)]


def _make_mention(number: int, regimen: Regimen, annotation: Annotation) -> Mention:
    facts = tuple(annotation.facts[i] for i in regimen.facts)
    arms = {str(arm) for fact in facts if (arm := fact.attributes.get("arm")) is not None}
    stated = (find_stated_number(fact.label, fact.attributes) for fact in facts)
    first = regimen.facts[0] if regimen.facts else len(annotation.contexts)
    return Mention(
        number,
        regimen,
        facts,
        OTHER if facts and all(fact.attributes.get("historical") is True for fact in facts) else OWN,
        any(fact.attributes.get("negated") is True for fact in facts),
        any(fact.attributes.get("boost") is True for fact in facts),
        arms.pop() if len(arms) == 1 else None,
        frozenset(name for name in stated if name is not None),
        next(iter(annotation.contexts[first : first + 1]), None),
    )
