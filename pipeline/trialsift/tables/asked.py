"""What the criteria of a document ask of every participant: the limits of each quantity, alternatives united.

In: facts with their eligible intervals (eligibility.py). Out: `Asked`, limits by quantity in one unit. The rules:

- a fact with a condition, of a subgroup or with an exception is asked of nobody in particular;
- the facts of a group of alternatives (`any_of`) on one quantity limit by the union of their intervals, except that
  those with a condition or of a subgroup count only where all are so (`≥ 12 g/dL for men, ≥ 11 g/dL for women`): beside
  others they are exceptions. Performance status is one quantity, whose scales are united apart;
- a group over several quantities (`creatinine ≤ 1.5 mg/dL or clearance ≥ 60 mL/min`) limits none of them. Neither does
  a group of which a member's sense is open, nor alternatives of another kind (`any_of` 0);
- the rows of a table of age groups, as registries have (`Adults (18-64 years): Yes`), are united apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from trialsift.model.display import describe_interval
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.tables.derived import PER_YEAR
from trialsift.tables.eligibility import INTERVAL, find_eligible
from trialsift.tables.limits import Limit, is_same_amount, round_interval, unite

_ELIGIBLE = tuple(f"eligible_{end}" for end in Interval._fields)
#: Multiples of a normal limit don't convert, but can be compared with each other.
_NORMAL = frozenset({"ULN", "LLN"})


class Known(NamedTuple):
    """A fact with its derived columns (derived.py). `listed`: it is a row of a table of age groups."""

    fact: Fact
    columns: Mapping[str, Scalar]
    listed: bool = False

    @property
    def of_some(self) -> bool:
        """Whether it holds for some participants only."""
        a = self.fact.attributes
        return a.get("condition") is not None or a.get("scope") == "subgroup"


class Quantity(NamedTuple):
    """What is limited: age, a scale, or a test in a unit."""

    label: str
    name: str | None = None
    unit: str | None = None


class Asked(NamedTuple):
    """The limits by quantity: ages in years, scores, tests in the unit shown.

    `ages` are the numbers of the facts that limit everybody's age, with their intervals; `age_groups` unites the age
    groups of a table, None without one; `either` are groups over several tests, in words.
    """

    limits: Mapping[Quantity, list[Limit]]
    ages: Sequence[tuple[int, Interval]]
    age_groups: Interval | None
    either: Sequence[str]


def find_asked(known: Sequence[Known]) -> Asked:
    """Returns what the facts of a document ask of everybody."""
    limits: dict[Quantity, list[Limit]] = {}
    groups: dict[Scalar, list[int]] = {}
    used: list[int] = []
    for number, one in enumerate(known):
        group = one.fact.attributes.get("any_of")
        if one.listed or group == 0:
            continue
        if group is not None:
            groups.setdefault(group, []).append(number)
        elif not one.of_some and (read := _read_limit(one)) is not None:
            limits.setdefault(read[0], []).append(read[1])
            used.append(number)
    either = []
    for members in groups.values():
        united, words = _unite_group([known[number] for number in members])
        for quantity, limit in united.items():
            limits.setdefault(quantity, []).append(limit)
        used += members if united else []
        either += [words] if words else []
    ages = [number for number in sorted(used) if known[number].fact.label == "AGE"]
    stated = [(number, read[1].interval) for number in ages if (read := _read_limit(known[number])) is not None]
    return Asked(limits, stated, _unite_age_groups(known), either)


def _unite_group(members: Sequence[Known]) -> tuple[dict[Quantity, Limit], str]:
    """Returns the limits of a group of alternatives, or in words what it asks of several tests."""
    quantities = {_find_quantity(one.fact) for one in members}
    reads = [_read_limit(one) for one in _leave_out_exceptions(members)]
    limits = [read for read in reads if read is not None]
    if len(limits) < len(reads):
        return {}, ""
    by_unit: dict[Quantity, list[Limit]] = {}
    for quantity, limit in limits:
        by_unit.setdefault(quantity, []).append(limit)
    united = {quantity: _unite_limits(some) for quantity, some in by_unit.items()}
    if len(quantities) == 1 and (len(united) == 1 or limits[0][0].label != "LAB"):
        return united, ""
    tests = all(label == "LAB" for label, _ in quantities)
    return {}, " or ".join(describe_test(quantity, limit.interval) for quantity, limit in united.items()) * tests


def _leave_out_exceptions(members: Sequence[Known]) -> list[Known]:
    """Returns the facts of a group without those that hold for some only, where another is on the same quantity."""
    rules = {_find_quantity(one.fact) for one in members if not one.of_some}
    return [one for one in members if not (one.of_some and _find_quantity(one.fact) in rules)]


def _find_quantity(fact: Fact) -> tuple[str, Scalar]:
    get = fact.attributes.get
    return fact.label, get("analyte") or get("measure")


def _unite_limits(limits: Sequence[Limit]) -> Limit:
    """Returns the union of limits in one unit; one that only says another again, converted, makes no difference."""
    written, converted = ([one.interval for one in limits if one.written is kind] for kind in (True, False))
    others = [one for one in converted if not any(_is_same(one, stated) for stated in written)]
    return Limit(unite([*written, *others]), bool(written), limits[0].excludes)


def _is_same(one: Interval, other: Interval) -> bool:
    pairs = ((one.low, other.low), (one.high, other.high))
    return all(a == b if a is None or b is None else is_same_amount(a, b) for a, b in pairs)


def describe_test(quantity: Quantity, interval: Interval) -> str:
    """Describes the limit of a test, as in `hemoglobin ≥ 9 g/dL`."""
    return f"{quantity.name} {describe_interval(interval._asdict())} {quantity.unit or '(no unit)'}"


def _read_limit(known: Known) -> tuple[Quantity, Limit] | None:
    """Returns who is eligible by a fact, in the unit in which its quantity is compared; None where that is open."""
    fact, columns = known.fact, known.columns
    interval = _find_interval(known)
    if interval is None:
        return None
    unit = fact.attributes.get("unit")
    excludes = fact.attributes.get("polarity") == "exclusion"
    if fact.label == "AGE":
        per_year = PER_YEAR.get(str(unit))
        if per_year is None:
            return None
        low, high = (None if end is None else end / per_year for end in (interval.low, interval.high))
        return Quantity("AGE"), Limit(interval._replace(low=low, high=high), excludes=excludes)
    if fact.label == "PERFORMANCE_STATUS":
        return Quantity(fact.label, str(fact.attributes.get("scale"))), Limit(interval, excludes=excludes)
    shown, factor = None if unit is None else str(unit), columns.get("usual_factor")
    if factor is not None and unit not in _NORMAL:
        shown = str(columns.get("usual_unit"))
        if factor != 1:
            low, high = (None if end is None else end * float(factor) for end in (interval.low, interval.high))
            interval = round_interval(interval._replace(low=low, high=high))
    written = factor is None or factor == 1 or unit in _NORMAL
    return Quantity(fact.label, str(fact.attributes.get("analyte")), shown), Limit(interval, written, excludes)


def _find_interval(known: Known) -> Interval | None:
    """Returns the eligible interval of a fact; that of an age of a subgroup is of an inclusion criterion only."""
    columns, fact = known.columns, known.fact
    if columns.get("eligible_form") == INTERVAL:
        return Interval(*map(columns.get, _ELIGIBLE))  # type: ignore[arg-type]
    if fact.attributes.get("scope") != "subgroup" or fact.attributes.get("polarity") != "inclusion":
        return None
    interval, form = find_eligible(fact.with_attributes(scope="trial"), excepted=False)
    return interval if form == INTERVAL else None


def _unite_age_groups(known: Iterable[Known]) -> Interval | None:
    """Returns the union of the groups that take part, by a table of age groups."""
    listed = [one for one in known if one.listed and one.fact.attributes.get("negated") is not True]
    reads = [read for one in listed if (read := _read_limit(one)) is not None]
    return unite(limit.interval for _, limit in reads) if reads and len(reads) == len(listed) else None
