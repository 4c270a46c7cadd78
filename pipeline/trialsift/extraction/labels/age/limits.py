"""The limits that the numbers of an age state, once rule.py has told that they are one."""

from __future__ import annotations

from trialsift.extraction.labels.age.leads import read_lead
from trialsift.extraction.labels.age.scope import read_scope
from trialsift.extraction.labels.age.words import UNITS, AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval

_MIDDLE = 40  # years: a number alone is a lowest age below it, and a highest one above it


def state_limit(
    passage: Passage, quantity: Quantity, rule: str, words: AgeExpressions, inferred: bool = False
) -> Fact | None:
    """The limit that a quantity states, in years where it has no unit, or None where it bounds nothing.

    A number alone admits the ages above it where it is below 40, else those below it; as an exclusion it bars the
    ages on the other side. `operator_inferred` says so, also where `inferred` does.
    """
    if quantity.spread is not None:  # a mean: `57 ± 9 years`
        return None
    unit = _read_unit(passage, quantity, words) if quantity.unit is None else quantity.unit.ucum
    start, end, interval, inferred = _read_bounds(passage, quantity, words, inferred)
    if not interval.low and interval.high is None:  # `≥ 0 years` bounds nothing either
        return None
    answer = words.answer.match(passage.text, end)
    told: dict[str, Scalar] = {} if answer is None else {"polarity": "inclusion"}  # a table of who takes part
    return passage.fact(
        "AGE",
        rule,
        start,
        end,
        **write_bounds(interval),
        unit=unit,
        scope="subgroup" if answer else read_scope(passage, quantity, words),
        operator_inferred=inferred,
        negated=answer is not None and answer["answer"].lower() == "no",
        **told,
    )


def _read_bounds(
    passage: Passage, quantity: Quantity, words: AgeExpressions, inferred: bool
) -> tuple[int, int, Interval, bool]:
    """Where a limit begins and ends, what it admits, and whether that was inferred: by the words that lead to its
    number, else by the number and its signs."""
    lead = read_lead(passage, quantity, words)
    if lead is not None:
        end = lead.end or quantity.end
        place = (lead.start, lead.start + len(passage.text[lead.start : quantity.start].rstrip()))
        if lead.birth:
            passage.note(lead.start, "birth", place, "0")
        elif quantity.operator is None:
            passage.note(lead.start, "comparator", place if lead.end is None else (quantity.end, end), "")
        return lead.start, end, lead.interval, False
    if quantity.operator in (None, "eq") and not quantity.ranged:
        return quantity.start, quantity.end, _infer(passage, quantity), True
    # `=18-40 years`, `=18 and <40 years`
    return quantity.start, quantity.end, quantity.interval, inferred or quantity.operator == "eq"


def _read_unit(passage: Passage, quantity: Quantity, words: AgeExpressions) -> str:
    """The unit of a number without one: in brackets behind `age`, else years."""
    ahead = words.unit_ahead.search(passage.left(quantity.start, Window.CLAUSE), passage.plain)
    return "a" if ahead is None else UNITS[ahead["unit"][0].lower()]


def _infer(passage: Passage, quantity: Quantity) -> Interval:
    """The limit that a number without a sign must be. `=` is what is left of `≥` or `≤`, never of `>` or `<`."""
    value, young = quantity.values[0], quantity.values[0] < _MIDDLE
    others = [q for q in passage.quantities if q.unit is not None and q.kind == "time" and q is not quantity]
    if any(q.operator == "gt" and q.values[0] == value for q in others):  # `(= 16 years) … (> 16 years)`
        return Interval.of("le", value)
    if any(q.operator == "lt" and q.values[0] == value for q in others):
        return Interval.of("ge", value)
    if quantity.operator == "eq":
        return Interval.of("le" if passage.polarity == "exclusion" and young else "ge", value)
    if passage.polarity == "exclusion":
        return Interval.of("lt" if young else "gt", value)
    return Interval.of("ge" if young else "le", value)
