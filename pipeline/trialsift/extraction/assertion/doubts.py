"""What is doubtful about facts: implausible numbers, and thresholds in an unusual direction. Both are marked only.

In: the facts of a text, with all that is asserted about them. Out: the same facts, with `plausible` false where
rules/plausibility.py says so, and `unusual_direction` true for a threshold that asks for the opposite of what criteria
on its test usually ask for (`patterns/analytes.csv`): `platelets < 100` among inclusions, `ALT ≥ 1.5 x ULN` required.
It is no error: it may be what the trial is about, or a slip of the document or of the reading. Not marked are
thresholds of alternatives, with a condition or an exception, those beside the usual limit on the same test (a range, or
what follows from it), and those where the beginning of the document, or the criterion, has words that make them usual
(`anaemia`). A performance status upside down beside one the right way up is none of its kind, either.
"""

from __future__ import annotations

from collections.abc import Sequence

from trialsift.extraction.assertion.wording import limits_participants, read_exceptions
from trialsift.model.fact import Fact, Scalar
from trialsift.model.scales import SCALES
from trialsift.rules.analytes import AT_LEAST
from trialsift.rules.layers import Folder
from trialsift.rules.plausibility import read_plausibility

_BEGINNING = 400  # characters: the title of a document and the first lines behind it
_BEFORE, _BEHIND = 160, 120  # characters of a criterion around a value
_NEXT, _NEAR = 4, 150  # facts and characters: so far away is the other limit on the same test


class Doubts:
    """Marks facts, with the bounds, directions and words of a folder of patterns. Raises PatternError."""

    def __init__(self, folder: Folder) -> None:
        self._plausibility, self._exceptions = read_plausibility(folder), read_exceptions(folder)

    def mark(self, text: str, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        """Returns the facts in the same order; one that is not doubtful is the same object."""
        return tuple(self._mark(text, facts, index) for index in range(len(facts)))

    def _mark(self, text: str, facts: Sequence[Fact], index: int) -> Fact:
        fact = facts[index]
        if fact.label == "LAB":  # its engine tells what is implausible
            if self._is_unusual(text, fact) and not _has_counterpart(facts, index):
                return fact.with_attributes(unusual_direction=True)
            return fact
        if self._plausibility.find_doubt(fact) is None:
            return fact
        if fact.label == "PERFORMANCE_STATUS" and _has_counterpart(facts, index):
            return fact
        return fact.with_attributes(plausible=False)

    def _is_unusual(self, text: str, fact: Fact) -> bool:
        a = fact.attributes
        analyte = self._plausibility.analytes.get(str(a.get("analyte")))
        if analyte is None or analyte.usual_side is None or not limits_participants(fact):
            return False
        above, below = a.get("low") is not None, a.get("high") is not None
        if above == below or a.get("condition") is not None or a.get("any_of") is not None or a.get("unit") == "%":
            return False
        turned = (a["polarity"] == "exclusion") is not (a.get("negated") is True)
        if (above is not turned) is (analyte.usual_side == AT_LEAST):
            return False
        words = analyte.opposite_in
        if words is not None:
            line = max(text.rfind("\n", 0, fact.start), fact.start - _BEFORE, 0)
            end = text.find("\n", fact.end)
            end = min(len(text) if end < 0 else end, fact.end + _BEHIND)
            if words.search(text, 0, _BEGINNING) or words.search(text, line, end):
                return False
        return not self._exceptions.find_excepted(text, (fact,))[0]


def _has_counterpart(facts: Sequence[Fact], index: int) -> bool:
    """Whether another fact nearby, on the same test or scale, limits the other side."""
    fact = facts[index]
    sides, name = _find_sides(fact), _find_name(fact)
    return any(
        other is not fact
        and (other.label, _find_name(other)) == (fact.label, name)
        and max(other.start - fact.end, fact.start - other.end) <= _NEAR
        and _find_sides(other) == sides[::-1]
        for other in facts[max(0, index - _NEXT) : index + _NEXT + 1]
    )


def _find_name(fact: Fact) -> Scalar:
    return fact.attributes.get("analyte") or fact.attributes.get("scale")


def _find_sides(fact: Fact) -> tuple[bool, bool]:
    """Whether a fact limits its quantity from below, and from above."""
    low, high, scale = fact.attributes.get("low"), fact.attributes.get("high"), SCALES.get(fact.attributes.get("scale"))
    if scale is not None:
        return low != scale.lowest, high != scale.highest
    return low is not None, high is not None
