"""Whether an amount is a dose of a drug, and in what unit: measurements, food, tracers and strengths are none."""

from __future__ import annotations

import re

from trialsift.extraction.labels.dose.agents import Agent
from trialsift.extraction.labels.dose.wording import DrugWords
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

#: Kinds of amounts that doses come in.
DOSE_KINDS = frozenset(
    {
        "dose",
        "amount",
        "amount_rate",
        "amount_arbitrary",
        "per_mass",
        "dose_or_ratio",
        "activity",
        "amount_molar",
    }
)
_BARE = frozenset({"amount", "amount_rate", "amount_arbitrary", "amount_molar"})
_PER_DAY = frozenset({"amount", "amount_arbitrary", "per_mass", "dose_or_ratio", "dose", "amount_molar"})
_UNITS = re.compile(r"(?<![A-Za-z])(k|m|u)?U(?=/|$)")
#: In grams: so much is no dose of a drug.
_MOST_GRAMS = 100


class Amounts:
    """Tells doses from other amounts, by the words of `patterns/wording/dose.toml`."""

    def __init__(self, words: DrugWords) -> None:
        self._words = words
        self._told: tuple[str, bool] = ("", False)

    def tell_other(self, passage: Passage, quantity: Quantity, begin: int, named: bool) -> str:
        """Why an amount is something else's than a drug's by its unit and the words around it; empty where it may be.
        `begin` is where the numbers begin that share its unit; `named` says that a drug adjoins it in front."""
        unit, words = quantity.unit, self._words
        assert unit is not None
        if quantity.kind == "per_mass" and not unit.ucum.endswith("/kg"):
            return "an amount by a mass that is no body weight"
        if unit.ucum in ("ng", "pg"):
            return "so small an amount is measured, not given"
        if unit.ucum.endswith("/a"):
            return "an amount of a year is no dose"
        left, right = passage.left(quantity.start, Window.STATEMENT), passage.right(quantity.end, Window.CLAUSE)
        if unit.surface.lower().replace(" ", "").endswith("g/cm"):
            return "a density"
        if self._is_strength(passage, quantity, passage.left(begin, Window.STATEMENT), right):
            return "a strength of a tablet or vial, or what something contains, by the words beside it"
        if ("Bq" in unit.ucum or "Ci" in unit.ucum) and (
            words.imaging_before.search(left, passage.plain) or words.imaging_behind.match(right)
        ):
            return "an activity given for a picture"
        if not named and words.measured_before.search(left, passage.plain):
            return "measured, eaten, drunk or a tracer's, and no dose of a drug, by the words before it"
        return self._tell_found(passage, quantity, left, right)

    def _tell_found(self, passage: Passage, quantity: Quantity, left: str, right: str) -> str:
        """Why an amount is one of a tissue, a food, a drink or urine; empty where it may be a dose."""
        unit, words = quantity.unit, self._words
        assert unit is not None
        if unit.ucum.endswith("/kg") and (quantity.spread is not None or "±" in right[:3]):
            told = passage.left(quantity.start, Window.PARAGRAPH)
            if words.in_tissue.search(told, passage.plain):
                return "what was found in a tissue or a food, by the words before it"
        if len(passage.quantities) > 2 and self._is_composition(passage):
            return "one of several nutrients that a food is composed of"
        if words.measured_behind.match(right):
            return "measured, eaten, drunk, transfused or a tracer's, and no dose of a drug, by the words behind it"
        nutrient = words.nutrient_before.search(left, passage.plain) or words.nutrient_behind.match(right)
        if nutrient and not self._is_given(passage, left):
            return "a nutrient, and nothing says that the trial gives it"
        if quantity.kind not in _BARE:
            return ""
        if words.units_or_grams.match(unit.surface) and words.drinks.search(
            passage.line_left(quantity.start, Window.LINE)
        ):
            return "an amount of alcohol"
        if words.in_urine.search(passage.left(quantity.start, Window.PRESCRIPTION), passage.plain):
            return "an excretion of protein or albumin in urine"
        return ""

    def _is_composition(self, passage: Passage) -> bool:
        """Whether a sentence lists what a food is composed of; the last answer is kept, for each amount asks."""
        asked, told = self._told
        if asked is not passage.plain:
            words = self._words
            listed = words.composition.search(passage.text[passage.start : passage.end], passage.plain)
            told = bool(listed) and not words.given_in_group.search(passage.text, passage.start, passage.end)
            self._told = passage.plain, told
        return told

    def _is_given(self, passage: Passage, left: str) -> bool:
        """Whether a nutrient is given by the trial: outside of criteria, behind a word for giving."""
        return passage.polarity is None and self._words.strong_cue_before.search(left, passage.plain) is not None

    def _is_strength(self, passage: Passage, quantity: Quantity, left: str, right: str) -> bool:
        words = self._words
        if words.strength_behind.match(right):
            return True
        if words.strength_before.search(left, passage.plain) and "solution contain" not in left[-25:]:
            given = words.given_in_group.search(passage.text, passage.start, passage.end)
            limits = passage.polarity is not None or quantity.kind == "activity"
            return limits or given is None or "contain" not in left.lower()
        return bool(words.tablets_behind.match(right) and words.one_of_tablets.search(left))

    def tell_none(self, passage: Passage, quantity: Quantity, agent: Agent | None, begin: int, beside: bool) -> str:
        """Why an amount is no dose, though nothing says what else it is; empty where it is one.

        `begin` is as above; `beside` says that the sentence has a dose before it.
        """
        assert quantity.unit is not None
        code, kind, words = quantity.unit.ucum, quantity.kind, self._words
        if agent is None and (kind in _BARE or kind == "activity"):
            left, right = passage.left(begin, Window.STATEMENT), passage.right(quantity.end, Window.CLAUSE)
            if words.tablets_behind.match(right):
                return "a strength of a tablet"
            telling = code.startswith(("mg", "ug", "g/d")) or (kind == "amount_rate" and code[0] != "U")
            strong = words.strong_cue_before.search(left, passage.plain) is not None
            cued = (
                strong
                or words.cue_behind.match(right) is not None
                or words.cue_before.search(left, passage.plain) is not None
            )
            named = telling and words.coded_name.search(left) is not None and not self._is_tested(passage, begin)
            if kind == "amount_arbitrary" and words.blood_product.search(passage.text, passage.start, passage.end):
                return "units of a product of blood"
            told = cued or named or (telling and beside)
            if not told and (passage.polarity is not None or code[:2] != "mg" or self._is_weighed(passage)):
                return "no drug is named for it, and no word beside it tells of a dose or how it is given"
            if kind != "activity" and not telling and not strong:
                return "no drug is named for it, and other things than drugs are measured in its unit"
        substance = code.split("/")[0]
        if substance in ("kg", "mol") or (substance == "g" and quantity.values[0] > _MOST_GRAMS):
            return "so much is no dose of a drug"
        left = passage.left(begin, Window.STATEMENT)
        given = words.strong_cue_before.search(left, passage.plain) or self.read_unit(
            passage, quantity, begin
        ).endswith("/d")
        if substance == "mmol" and (agent is None or not given):
            return "no drug is named for it, and other things than drugs are measured in its unit"
        return ""

    def _is_weighed(self, passage: Passage) -> bool:
        """Whether the sentence speaks of what may be weighed in mg besides drugs."""
        return self._words.weighed.search(passage.text, passage.start, passage.end) is not None

    @staticmethod
    def _is_tested(passage: Passage, begin: int) -> bool:
        """Whether a test or measurement is named right before a place."""
        text = passage.text
        return any(
            isinstance(token.value, tuple) and not text[token.end : begin].strip(" (:,=")
            for token in passage.tokens
            if token.end <= begin
        )

    def read_unit(self, passage: Passage, quantity: Quantity, begin: int) -> str:
        """The UCUM unit of a dose, with the area, weight or day that stands around it."""
        assert quantity.unit is not None
        code, words = quantity.unit.ucum, self._words
        text, end, stop = passage.text, quantity.end, passage.end
        if quantity.kind == "amount" and words.area_behind_name.match(text, end, stop):
            code += "/m2"
        elif quantity.kind in ("amount", "amount_arbitrary"):
            weight = words.weight_behind_name.match(text, end, stop)
            code += "" if weight is None else "/kg/h" if weight["hour"] else "/kg"
        if quantity.kind in _PER_DAY and not code.endswith(("/d", "/(24.h)", "/h", "/min", "/wk")):
            left, inside = (passage.left(at, Window.STATEMENT) for at in (begin, quantity.number_start))
            named = words.day_behind_name.match(text, end, stop)
            if named is not None and named["time"].lower() == "week":
                return _UNITS.sub(lambda m: f"{m[1] or ''}[IU]", code + "/wk")
            daily = (
                named
                or words.day_behind_weight.match(text, end, stop)
                or words.daily_behind.match(text, end, stop)
                or words.daily_before.search(left, passage.plain)
                or words.daily_before.search(inside, passage.plain)
            )
            code += "/d" if daily else ""
        return _UNITS.sub(lambda m: f"{m[1] or ''}[IU]", code).replace("/(24.h)", "/d")
