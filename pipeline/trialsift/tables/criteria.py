"""Eligibility as a formula: all criteria have to be met, and a criterion is met where one of its members is.

In: the facts of a document with their derived columns. Out: `Criterion`, one for each fact that limits who may take
part, and one for each group of alternatives (`any_of`); its members hold the intervals that let a participant in. So
an exclusion needs no rule of its own: its members are complements, and whoever fulfils one of them is not excluded.

Nothing here is decided about a patient (runs/match/ does that), but what can't be decided is marked as open, with the
reason. An open member is neither met nor not met:

- `alternatives of another kind`: `at least two of …`; `exception` and `outside`: the interval isn't known or is none;
- `implausible`: the number can't be what the document means; `subgroup`: for whom it holds isn't told;
- `measurement`: of an optional label, whose eligible interval isn't derived;
- `contradiction`: nobody can meet this criterion and another one, as with two trials on a page.

A member with a condition (`≤ 5 x ULN if liver metastases`) counts where that holds (conditions.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, isclose
from typing import Any, NamedTuple

from trialsift.extraction.assertion.wording import LIMITING
from trialsift.model.fact import Annotation, Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.tables.asked import Known
from trialsift.tables.conditions import Condition, Conditions, Limit
from trialsift.tables.context import make_context
from trialsift.tables.eligibility import EXCEPTION, INTERVAL, Eligible, find_eligible

OTHER_KIND = "alternatives of another kind"
CONTRADICTION, IMPLAUSIBLE, SUBGROUP, MEASUREMENT = "contradiction", "implausible", "subgroup", "measurement"
_ELIGIBLE = tuple(f"eligible_{end}" for end in Interval._fields)
_NAMES = ("analyte", "scale", "measure")
_ASKED = LIMITING | {"MEASUREMENT"}
_NEAR = 600  # characters: a condition stands so near to its limit


class Member(NamedTuple):
    """What is enough for a criterion: to lie in the interval of `limit`, where the condition holds.

    `span` is the index of its fact. `open` says why it can't be judged, None where it can.
    """

    span: int
    limit: Limit
    open: str | None = None
    condition: Condition | None = None

    def describe(self) -> str:
        """Describes it in words: `alt ≤ 5 ULN (if liver metastases)`."""
        if self.open is not None:
            return f"{self.limit.label if self.limit.name is None else self.limit.name} ({self.open})"
        return self.limit.describe() + ("" if self.condition is None else f" ({self.condition.text})")

    def to_record(self) -> dict[str, Any]:
        """Returns it as the formula of the tables and of annotations.jsonl has it."""
        record: dict[str, Any] = {"span": self.span, **self.limit.to_record()}
        if self.open is not None:
            record["open"] = self.open
        if self.condition is not None:
            record["condition"] = self.condition.to_record()
        return record


class Criterion(NamedTuple):
    """One of the criteria that all have to be met, and its range in the text. `any_of`: its group, None for a fact that
    stands alone."""

    polarity: str
    start: int
    end: int
    members: tuple[Member, ...]
    any_of: int | None = None

    @property
    def open(self) -> str | None:
        """Why it can't be judged; None where it can for some patient."""
        reasons = {member.open: None for member in self.members}
        return None if None in reasons else "; ".join(map(str, reasons))

    def make_row(self, doc_id: str, number: int, text: str) -> dict[str, Scalar]:
        """Makes its row of the table `criteria`."""
        return {
            "doc_id": doc_id,
            "criterion": number,
            "polarity": self.polarity,
            "members": " or ".join(member.describe() for member in self.members),
            "n_members": len(self.members),
            "open": self.open,
            "any_of": self.any_of,
            "formula": json.dumps([member.to_record() for member in self.members], ensure_ascii=False),
            "start": self.start,
            "end": self.end,
            "context": make_context(text, self.start, self.end),
        }


def make_criteria_record(rows: Iterable[Mapping[str, Scalar]]) -> bytes:
    """Makes the value of the key `criteria` in annotations.jsonl of a document's rows of `criteria`."""
    records = (
        f'{{"criterion": {row["criterion"]}, "polarity": "{row["polarity"]}", "start": {row["start"]}, '
        f'"end": {row["end"]}, "any_of": {row["formula"]}}}'
        for row in rows
    )
    return f"[{', '.join(records)}]".encode()


def find_criteria(text: str, annotation: Annotation, known: Sequence[Known], conditions: Conditions) -> list[Criterion]:
    """Returns the criteria of a document in the order of the text. `known` are its facts with their columns."""
    groups: dict[tuple[int, int], list[int]] = {}
    within = _find_within_conditions(text, annotation, known)
    for i, (fact, _, listed) in enumerate(known):
        if listed or not _is_criterion(fact):  # a table of age groups says who was thought of
            continue
        if i in within and not fact.attributes.get("any_of"):
            continue
        group = fact.attributes.get("any_of")
        if group is None or group == 0:
            groups[i, 0] = [i]
        else:
            groups.setdefault((-1, int(group)), []).append(i)
    ranges = [_find_line(text, annotation, i) for i in range(len(known))] if groups else []
    found = []
    for (_, group), indices in groups.items():
        members = tuple(_make_member(text, known, i, ranges[i], conditions) for i in indices)
        start, end = min(ranges[i][0] for i in indices), max(ranges[i][1] for i in indices)
        polarity = str(known[indices[0]].fact.attributes["polarity"])
        found.append(Criterion(polarity, start, end, members, group or None))
    found.sort(key=lambda criterion: criterion.members[0].span)
    return _open_contradictions(found, known)


def _is_criterion(fact: Fact) -> bool:
    """Whether a fact says who may take part, alone or as one of several alternatives."""
    a = fact.attributes
    if a.get("polarity") not in ("inclusion", "exclusion") or a.get("conditional") is True:
        return False
    if a.get("low") is None and a.get("high") is None:
        return False
    if a.get("any_of"):  # what is left out of a group makes it stricter
        return True
    if fact.label not in _ASKED or a.get("historical") is True:
        return False
    return a.get("scope") != "subgroup" or a.get("condition") is not None


def _find_line(text: str, annotation: Annotation, index: int) -> tuple[int, int]:
    """Returns the range of the criterion line of a fact: the recorded one, else the line it stands on."""
    if index < len(annotation.contexts):
        return annotation.contexts[index]
    fact = annotation.facts[index]
    end = text.find("\n", fact.end)
    return text.rfind("\n", 0, fact.start) + 1, len(text) if end < 0 else end


def _make_member(
    text: str, known: Sequence[Known], index: int, line: tuple[int, int], conditions: Conditions
) -> Member:
    fact = known[index].fact
    interval, reason = _find_interval(known[index])
    condition = fact.attributes.get("condition")
    if not isinstance(condition, str):
        return Member(index, _make_limit(fact, interval), reason)
    when, rest = _find_limits_within(text, known, index, line, condition)
    read = conditions.read(" ".join(condition.split()), rest, when)
    return Member(index, _make_limit(fact, interval), reason, read)


def _make_limit(fact: Fact, interval: Interval) -> Limit:
    name, unit = (fact.attributes.get(key) for key in (_find_name_key(fact), "unit"))
    return Limit(fact.label, None if name is None else str(name), interval, None if unit is None else str(unit))


def _find_name_key(fact: Fact) -> str:
    return next((key for key in _NAMES if fact.attributes.get(key) is not None), "analyte")


def _find_interval(known: Known) -> tuple[Interval, str | None]:
    """Returns the interval that lets a participant in, and why there is none."""
    fact, columns = known.fact, known.columns
    if fact.attributes.get("any_of") == 0:
        return Interval(), OTHER_KIND
    if fact.attributes.get("plausible") is False:
        return Interval(), IMPLAUSIBLE
    form = columns.get("eligible_form")
    if form is not None:
        eligible = Eligible(Interval(*map(columns.get, _ELIGIBLE)), str(form))  # type: ignore[arg-type]
    elif fact.attributes.get("scope") == "subgroup" and fact.attributes.get("condition") is not None:
        whole = fact.with_attributes(scope="trial")
        clear = whole.attributes["polarity"] == "inclusion" and whole.attributes.get("negated") is not True
        eligible = find_eligible(whole, excepted=not clear)
    else:
        return Interval(), _find_reason(fact)
    return (eligible.interval, None) if eligible.form == INTERVAL else (Interval(), eligible.form)


def _find_reason(fact: Fact) -> str:
    """Returns why a fact has no eligible interval, though it stands in a group of alternatives."""
    if fact.label not in LIMITING:
        return MEASUREMENT
    return SUBGROUP if fact.attributes.get("scope") == "subgroup" else EXCEPTION


def _find_within_conditions(text: str, annotation: Annotation, known: Sequence[Known]) -> set[int]:
    """Returns the indices of limits that stand in the condition of another one: they are asked of nobody (`older than
    75 years with ECOG 0`)."""
    found: set[int] = set()
    for i, (fact, *_) in enumerate(known):
        condition = fact.attributes.get("condition")
        if isinstance(condition, str):
            found.update(_list_within(text, known, i, _find_line(text, annotation, i), condition)[1])
    return found


def _list_within(
    text: str, known: Sequence[Known], index: int, line: tuple[int, int], condition: str
) -> tuple[int | None, list[int]]:
    """Returns the nearest place of a condition (None where it isn't found), and the indices of the limits in it."""
    fact = known[index].fact
    places = _find_all(text, condition, max(0, line[0] - _NEAR), line[1] + _NEAR)
    at = min(places, key=lambda place: abs(place - fact.start), default=None)
    if at is None:
        return None, []
    end = at + len(condition)
    return at, [
        i
        for i, (other, *_) in enumerate(known)
        if i != index and other.label in LIMITING and at <= other.start <= other.end <= end
    ]


def _find_limits_within(
    text: str, known: Sequence[Known], index: int, line: tuple[int, int], condition: str
) -> tuple[tuple[Limit, ...], str | None]:
    """Returns the limits in the nearest place of a condition, and its other words (None where it isn't found)."""
    at, inside = _list_within(text, known, index, line, condition)
    if at is None:
        return (), None
    limits, rest, behind = [], [], at
    for other in (known[i].fact for i in inside):
        a = other.attributes
        written = Interval(*map(a.get, Interval._fields))  # type: ignore[arg-type]
        if a.get("negated") is not True:
            limits.append(_make_limit(other, written))
            rest.append(text[behind : max(behind, other.start)])
            behind = max(behind, other.end)
    words = " ".join(" ".join([*rest, text[behind : at + len(condition)]]).split())
    return tuple(limits), words


def _find_all(text: str, wanted: str, start: int, end: int) -> Iterator[int]:
    at = text.find(wanted, start, end)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1, end)


def _open_contradictions(criteria: list[Criterion], known: Sequence[Known]) -> list[Criterion]:
    """Opens the criteria on one value that nobody can meet together: it can't be told which of them is for whom."""
    by_value: dict[tuple[str, str | None, Scalar], list[int]] = {}
    for number, criterion in enumerate(criteria):
        member = criterion.members[0]
        if len(criterion.members) == 1 and member.open is None and member.condition is None:
            unit = known[member.span].columns.get("usual_unit") or member.limit.unit
            by_value.setdefault((member.limit.label, member.limit.name, unit), []).append(number)
    for numbers in by_value.values():
        if len(numbers) > 1 and _leave_nobody([criteria[n].members[0] for n in numbers], known):
            for n in numbers:
                only = criteria[n].members[0]
                criteria[n] = criteria[n]._replace(members=(only._replace(open=CONTRADICTION),))
    return criteria


def _leave_nobody(members: Iterable[Member], known: Sequence[Known]) -> bool:
    """Whether the intervals of these members, in their usual unit, have nothing in common."""
    low, high = (-inf, True), (inf, True)
    for member in members:
        factor = float(known[member.span].columns.get("usual_factor") or 1)
        above, above_inclusive, below, below_inclusive = member.limit.interval
        if above is not None:
            low = max(low, (above * factor, above_inclusive is not False), key=lambda end: (end[0], not end[1]))
        if below is not None:
            high = min(high, (below * factor, below_inclusive is not False))
    if isclose(low[0], high[0], rel_tol=1e-9):  # of two units, one may be rounded
        return not (low[1] and high[1])
    return low[0] > high[0]
