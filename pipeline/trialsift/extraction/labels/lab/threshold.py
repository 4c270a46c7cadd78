"""LAB: what a threshold states: interval and unit.

A criterion that lost its operator (`creatinine 1.7 mg/dl` among exclusions) must have pointed the way that a patient
needs: enough platelets, not too much creatinine. `patterns/entities/lab.toml` has both lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialsift.extraction.labels.lab.condition import Case
from trialsift.extraction.labels.lab.names import CUT_UNITS
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, bounds
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.rules.analytes import Analyte
from trialsift.rules.plausibility import is_plausible

_TIGHT_GAP = re.compile(r"(?:[\s:,()\[\]|=]|\b(?:of|levels?|counts?|values?|serum|ratio)\b)*", re.I)
# `platelets ≥ 100 x 10^9`: the volume that is left out
_PER_VOLUME = {"10*9": "10*9/L", "10*3": "10*3/uL", "10*6": "10*6/L"}
_VIRAL = frozenset({"hiv_rna", "hbv_dna", "hcv_rna"})
_LOST_POWERS = {100.0 + n: 10.0**n for n in range(3, 10)}
_DAILY = re.compile(r"\b24\s*-?\s*h(?:(?:ou)?rs?)?\b|\bper\s+day\b|/\s*day\b|\bdaily\b", re.I)


@dataclass(frozen=True, slots=True)
class Lost:
    """Tests of which a patient needs enough, and those of which there must not be too much."""

    enough: frozenset[str]
    not_too_much: frozenset[str]

    def operator(self, tests: list[Analyte], polarity: str | None) -> str | None:
        """The operator that a criterion without one must have had; None where it is unclear."""
        enough = any(test.id in self.enough for test in tests)
        if polarity is None or enough == any(test.id in self.not_too_much for test in tests):
            return None
        return "ge" if enough == (polarity == "inclusion") else "le"


@dataclass(slots=True)
class Threshold:
    """A quantity with its tests. `carried` is the operator of the threshold before, where this one goes on with it;
    `case` tells when the threshold holds."""

    passage: Passage
    quantity: Quantity
    tests: list[Analyte]
    rule: str
    carried: str | None
    case: Case

    def facts(self, lost: Lost) -> tuple[list[Fact], str | None]:
        """A fact for each test, and the operator in force; none where an operator is lost and can't be told."""
        quantity, rule, inferred = self.quantity, self.rule, False
        operator = quantity.operator if quantity.operator != "eq" else None
        interval = self._raised() or quantity.interval
        if operator is None and not quantity.ranged:
            operator = self.carried
            if operator is None:
                operator = lost.operator(self.tests, self.passage.polarity) if self._adjoins() else None
                inferred, rule = True, "lab.lost_operator"
            if operator is None:
                return [], None
            interval = self._raised(operator) or Interval.of(operator, quantity.values[0])
        conditional = self.case.conditional()
        condition = None if conditional else self.case.condition()
        written = self._unit()
        facts = []
        for test in self.tests:
            cut = written in CUT_UNITS and "count" not in test.kinds
            unit = (test.usual_unit if cut else written) or _bare_unit(test)
            extra: dict[str, Scalar] = {} if condition is None else {"condition": condition}
            facts.append(
                self.passage.fact(
                    "LAB",
                    rule,
                    quantity.start,
                    quantity.end,
                    analyte=test.id,
                    **bounds(interval),
                    unit=unit,
                    conditional=conditional,
                    operator_inferred=inferred,
                    plausible=is_plausible(test, interval.low, interval.high, unit),
                    **extra,
                )
            )
        return facts, operator

    def _raised(self, operator: str | None = None) -> Interval | None:
        """`HBV DNA ≥ 105 copies/mL` was 10⁵: no trial asks for a hundred and five copies of a virus."""
        values = self.quantity.values
        if values[0] not in _LOST_POWERS or values[-1] not in _LOST_POWERS or not self._viral():
            return None
        interval = Interval.of(operator, values[0]) if operator else self.quantity.interval
        return Interval(
            None if interval.low is None else _LOST_POWERS[interval.low],
            interval.low_inclusive,
            None if interval.high is None else _LOST_POWERS[interval.high],
            interval.high_inclusive,
        )

    def _viral(self) -> bool:
        return all(test.id in _VIRAL for test in self.tests)

    def _adjoins(self) -> bool:
        """Whether a quantity without an operator stands tight enough behind its name, and has a unit of its own."""
        if self.quantity.kind == "" and not any(test.kinds & {"ratio", "ph"} for test in self.tests):
            return False
        named = max((end for _, end in self.case.names), default=self.passage.start)
        return (
            self.rule == "lab.name_above"
            or _TIGHT_GAP.fullmatch(self.passage.text, named, self.quantity.start) is not None
        )

    def _unit(self) -> str | None:
        quantity, passage = self.quantity, self.passage
        if quantity.unit is None:
            return None
        code = quantity.unit.ucum
        if quantity.kind in ("amount", "amount_rate"):  # an excretion: grams in the urine of a day
            daily = code.replace("/d", "/(24.h)")
            around = passage.left(quantity.start, 60) + " " + passage.right(quantity.end, 40)
            return f"{daily}/(24.h)" if "/" not in daily and _DAILY.search(around) else daily
        if quantity.kind == "volume":
            return "/uL"
        if code.startswith("10*6.[IU]/"):  # `FSH > 40 MIU/mL`: nobody measures millions in a millilitre
            return code.replace("10*6.", "m", 1)
        return _PER_VOLUME.get(code, code) if quantity.kind == "count_bare" else code


def _bare_unit(test: Analyte) -> str | None:
    """The unit of a number without one, where the test has only one: INR and pH."""
    return "1" if test.kinds & {"ratio"} and test.usual_unit != "%" else "[pH]" if "ph" in test.kinds else None
