"""Which statements of prescriptions state the same regimen.

Statements join where all that both say is the same, and their use, arm, denial and being a boost don't contradict. One
that says less (`60 Gy`) joins the only fuller regimen that it fits (`60 Gy in 30 fractions`); where it fits several, it
stays a regimen of its own. Ranges and alternatives are not joined with what lies within them, with one exception: a
single number at the end of a range, in a document that prescribes nothing else. A dose and a number of fractions that
stand apart are one regimen where each is the only one of its arm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trialsift.extraction.regimens.arithmetic import complete
from trialsift.model.fact import Bounds, Fact, Regimen
from trialsift.model.prescription import NUMBERS
from trialsift.tables.regimens.mentions import OWN, Mention

#: Characters between a dose and a number of fractions that are one regimen, where no arm is named.
_MOST_APART = 1500
#: Gy per fraction that a dose and a number of fractions from different places have to make.
_LIKELY = (0.9, 25.0)


@dataclass(slots=True)
class Distinct:
    """A regimen with the statements of it; `fullest` says most about it, `parts` are others that add to it.

    `course_total` is the total dose of the course together with its boost, in Gy.
    """

    fullest: Mention
    arm: str | None
    mentions: list[Mention] = field(default_factory=list)
    parts: tuple[Mention, ...] = ()
    course_total: Bounds | None = None

    @property
    def regimen(self) -> Regimen:
        """Its numbers, with the indices of all facts that state it."""
        facts = tuple(sorted({i for mention in self.mentions for i in mention.regimen.facts}))
        numbers = [
            next((b for m in (self.fullest, *self.parts) if (b := getattr(m.regimen, name)) is not None), None)
            for name in NUMBERS
        ]
        return Regimen(facts, *(complete(*numbers) if self.parts else numbers))

    @property
    def facts(self) -> list[Fact]:
        """The facts of its fullest statement, and of those that add to it."""
        return [fact for mention in (self.fullest, *self.parts) for fact in mention.facts]

    @property
    def is_given(self) -> bool:
        """Whether the trial itself gives it: neither of earlier treatment or other work nor denied."""
        return self.fullest.use == OWN and not self.fullest.negated

    @property
    def start(self) -> int:
        """The offset of its first statement."""
        return min(mention.start for mention in self.mentions)


def find_distinct(mentions: Iterable[Mention]) -> list[Distinct]:
    """Returns the distinct regimens of a document in the order in which the text first states them."""
    kinds: dict[tuple[str, bool, bool], list[Mention]] = {}
    for mention in mentions:
        kinds.setdefault((mention.use, mention.negated, mention.boost), []).append(mention)
    found: list[Distinct] = []
    for (use, negated, boost), those in kinds.items():
        groups = _group(those)
        if use == OWN and not negated:
            groups = _join_ends(groups)
            groups = groups if boost else _put_together(groups)
        found += groups
    for group in found:
        group.mentions.sort(key=lambda mention: mention.number)
    return sorted(found, key=lambda group: (group.start, group.mentions[0].number))


def _group(mentions: Sequence[Mention]) -> list[Distinct]:
    """Groups statements of one use, the fullest first, and those of a named arm before others."""
    groups: list[Distinct] = []
    open_to_arms: list[Distinct] = []  # stated where no arm is named: any arm may give it
    for mention in sorted(mentions, key=lambda m: (-len(m.known), -len(m.stated), m.arm is None, m.number)):
        fitting = [group for group in groups if mention.fits(group.fullest)]
        same_arm = [group for group in fitting if mention.arm in (None, group.arm)]
        fitting = same_arm or [group for group in fitting if group.arm is None or group in open_to_arms]
        fitting = [group for group in fitting if group.fullest.known == mention.known] or fitting
        if not fitting or any(not group.fullest.fits(fitting[0].fullest) for group in fitting):
            groups.append(Distinct(mention, mention.arm, [mention]))
            if mention.arm is None:
                open_to_arms.append(groups[-1])
            continue
        first = fitting[0]
        if mention.arm is None or first.arm == mention.arm:
            first.mentions.append(mention)
        elif first.arm is None:
            first.arm = mention.arm
            first.mentions.append(mention)
        else:
            groups.append(Distinct(first.fullest, mention.arm, [mention]))
    return groups


def _join_ends(groups: list[Distinct]) -> list[Distinct]:
    """Joins a dose at the end of the range that is all that a document prescribes otherwise (`35 Gy`, `25-35 Gy in 5-7
    fractions`)."""
    ranges = [group for group in groups if len(group.fullest.known) > 1]
    single = [group for group in groups if group not in ranges]
    if len(ranges) != 1 or not all(_is_end(group, ranges[0]) for group in single):
        return groups
    for group in single:
        ranges[0].mentions += group.mentions
    return ranges


def _is_end(group: Distinct, whole: Distinct) -> bool:
    if group.arm not in (None, whole.arm):
        return False
    (name,) = group.fullest.known or ("fractions",)
    bounds, ends = getattr(group.fullest.regimen, name), getattr(whole.fullest.regimen, name)
    return bounds is not None and ends is not None and bounds[0] == bounds[1] and bounds[0] in ends


def _put_together(groups: list[Distinct]) -> list[Distinct]:
    """Makes one regimen of a dose and a number of fractions, where an arm has no other."""
    arms = {group.arm for group in groups}
    result: list[Distinct] = []
    for arm in arms if None not in arms or len(arms) == 1 else arms - {None}:
        those = [group for group in groups if group.arm == arm]
        if len(those) == 2 and _complements(*those):
            first, second = sorted(those, key=lambda group: group.start)
            result.append(Distinct(first.fullest, arm, first.mentions + second.mentions, (second.fullest,)))
    made = {group.arm for group in result}
    return [group for group in groups if group.arm not in made] + result


def _complements(one: Distinct, other: Distinct) -> bool:
    """Whether one states the fractions and the other a dose, near each other unless of one arm, and likely together."""
    known = one.fullest.known | other.fullest.known
    if len(one.fullest.known) != 1 or len(other.fullest.known) != 1 or len(known) != 2 or "fractions" not in known:
        return False
    apart = max(one.fullest.start, other.fullest.start) - min(one.fullest.end, other.fullest.end)
    if one.arm is None and apart > _MOST_APART:
        return False
    numbers = [getattr(one.fullest.regimen, name) or getattr(other.fullest.regimen, name) for name in NUMBERS]
    dose = complete(*numbers)[1]
    return dose is not None and None not in dose and _LIKELY[0] <= dose[0] <= dose[1] <= _LIKELY[1]  # type: ignore[operator]
