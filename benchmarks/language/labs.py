"""A lab criterion in its parts, each of which a construct varies while the others stay plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.language.analytes import COMMON, Amount, Test, draw_amount
from benchmarks.language.comparators import AFTER, PLAIN, Comparator, is_demand
from benchmarks.language.numbers import show
from benchmarks.language.sentences import Ends, Mark, Piece, Sentence, bound
from benchmarks.language.units import choose_plain

#: The relations with which a limit includes and excludes, by the side on which a participant should be.
_RELATIONS = {
    ("high", "inclusion"): ("ge", "gt"),
    ("low", "inclusion"): ("le", "lt"),
    ("high", "exclusion"): ("lt", "le"),
    ("low", "exclusion"): ("gt", "ge"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A criterion with one limit: `{name}{filler}{comparator} {number}{unit}{tail}`."""

    tests: tuple[Test, ...]
    name: str
    filler: str
    relation: str
    comparator: str
    number: str
    amount: Amount
    unit: str
    after: str = ""
    tail: tuple[Piece, ...] = ()
    section: str = "inclusion"

    @property
    def ends(self) -> Ends:
        return bound(self.relation, self.amount.number)

    def make_value(self) -> str:
        """Writes comparator, number and unit."""
        value = f"{self.number}{self.unit}"
        if self.after:
            return f"{value} {self.after}"
        return f"{self.comparator} {value}" if self.comparator else value

    def make_mark(self) -> Mark:
        return mark_limit(self.make_value(), self.tests, self.ends, self.amount.unit)

    def make_sentence(self, form: str) -> Sentence:
        return Sentence((self.name, self.filler, self.make_mark(), *self.tail), form, self.section)


def mark_limit(text: str, tests: Sequence[Test], ends: Ends, unit: str | None, **attributes: object) -> Mark:
    """Marks a limit once for each of the tests that share it."""
    facts = tuple(
        ("LAB", {"analyte": test.analyte, "unit": unit} | ends.to_attributes() | attributes) for test in tests
    )
    return Mark(text, facts)


def write_inside(name: str) -> str:
    """Writes a name as it stands within a sentence: `total bilirubin`, but `ALT`, `eGFR` and `HbA1c`."""
    first = name.split()[0]
    return name[0].lower() + name[1:] if first.isalpha() and first[1:].islower() else name


def find_section(test: Test, relation: str) -> str:
    """Returns where a limit with this relation belongs: a lower limit on platelets is an inclusion criterion."""
    return "inclusion" if relation in _RELATIONS[test.side, "inclusion"] else "exclusion"


def draw_draft(
    draw: Random, relation: str | None = None, unit: str | None = None, tests: Sequence[Test] = COMMON
) -> Draft:
    """Draws a plain criterion such as `Hemoglobin ≥ 9 g/dL`; relation, unit and tests may be given."""
    candidates = [t for t in tests if unit is None or any(u == unit for u, _ in t.amounts)]
    test = draw.choice(candidates)
    relation = relation or draw.choice(_RELATIONS[test.side, draw.choice(("inclusion", "exclusion"))])
    amount = draw_amount(draw, test, unit)
    return Draft(
        (test,),
        test.name,
        " ",
        relation,
        PLAIN[relation],
        show_amount(amount),
        amount,
        choose_plain(amount.unit),
        section=find_section(test, relation),
    )


def draw_said(draw: Random, comparator: Comparator, tests: Sequence[Test] = COMMON) -> Draft:
    """Draws a criterion with a given comparator, before or after its number; a demand stands in inclusion criteria."""
    draft = draw_draft(draw, comparator.relation, tests=tests)
    while draft.section == "exclusion" and is_demand(comparator):
        draft = draw_draft(draw, comparator.relation, tests=tests)
    if comparator in AFTER:
        return replace(draft, comparator="", after=comparator.text)
    return replace(draft, comparator=comparator.text)


def show_amount(amount: Amount) -> str:
    """Writes a number as most protocols do, with commas from 1,000."""
    return f"{int(amount.number):,}" if amount.number >= 1000 else show(amount.number)


def change_number(draft: Draft, text: str, number: float) -> Draft:
    """Gives a draft another number, with the text for it."""
    return replace(draft, number=text, amount=Amount(number, draft.amount.unit))
