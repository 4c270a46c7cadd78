"""Groups of alternatives among the facts of a document (`any_of`), for lists and pages that show them together.

The facts keep the interval as written, so in inclusion criteria `or` stands between the members, since one of them is
enough; in exclusion criteria `and`, since only who meets all of them is excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from trialsift.model.fact import Scalar

#: What stands in place of the number of a group where several of its members are asked, or others have no number.
OTHER_KIND = "of another kind"


class Alternatives(NamedTuple):
    """The indices of the facts of a group, in their order. `number` is `any_of`, which is 0 for another kind."""

    number: int
    members: tuple[int, ...]
    excluding: bool

    @property
    def joint(self) -> str:
        """The word between two members as written; a comma for another kind."""
        return "," if self.number == 0 else "and" if self.excluding else "or"

    @property
    def meaning(self) -> str:
        """What is asked of a participant."""
        if self.number == 0:
            return f"{OTHER_KIND} (several are asked, or others have no number)"
        return "only all together exclude" if self.excluding else "one is enough"


def collect_alternatives(facts: Iterable[Mapping[str, Scalar]]) -> list[Alternatives]:
    """Returns the groups of alternatives of a document's facts, given by their attributes in the order of the text.

    Groups of another kind have no numbers of their own: facts that follow each other in one list are taken as one.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    excluding: dict[tuple[int, int], bool] = {}
    before: tuple[Scalar, Scalar] = (None, None)
    lists = 0
    for index, attributes in enumerate(facts):
        number, polarity = attributes.get("any_of"), attributes.get("polarity")
        if isinstance(number, (int, float)):
            lists += number == 0 and before != (number, polarity)
            key = (int(number), 0 if number else lists)
            groups.setdefault(key, []).append(index)
            excluding.setdefault(key, polarity == "exclusion")
        before = number, polarity
    return [Alternatives(key[0], tuple(members), excluding[key]) for key, members in groups.items()]


def tag_alternatives(attributes: Mapping[str, Scalar]) -> str | None:
    """Returns what marks a fact as an alternative: `alternatives 1`; None for a fact that stands alone."""
    number = attributes.get("any_of")
    return None if number is None else f"alternatives {number or OTHER_KIND}"
