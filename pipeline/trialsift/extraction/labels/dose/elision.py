"""Numbers in front of a dose: those that share its unit (`50 versus 60 to 66 Gy`, `10, 15 and 20 mg`, `50/2 Gy`), and
those that belong to it (`25.7 ± 6 mg/kg`, `70 (RBE) to 72.5 Gy (RBE)`)."""

from __future__ import annotations

import re

from trialsift.extraction.labels.dose.wording import ElisionWords
from trialsift.extraction.quantities.numbers import read_value
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

#: Numbers of one list are not more times as large as each other.
_ALIKE = 4


_FIGURES = re.compile(r"\d+(?:\.\d+)?")


class Elision:
    """Finds the numbers in front of a dose, by the words of `patterns/wording/elision.toml`."""

    def __init__(self, folder: Folder) -> None:
        self._words = read_wordings(folder).fill(ElisionWords, "elision")

    def widen(self, passage: Passage, index: int, *, spread: bool = False) -> Quantity:
        """The quantity `index` with the number in front of it that belongs to it; that is claimed.

        The number in front of a `±` is the value (a mean of `25.7 ± 6 mg/kg`: the spread is none), or with `spread` the
        middle of a range where no statistic is told (a prescription of `50 ± 5 Gy`). One with its unit in brackets is
        the lower end of a range.
        """
        quantity = self._drop_level(passage, passage.quantities[index])
        if spread and not quantity.ranged:
            quantity = self._spread_out(passage, quantity)
        if quantity.spread is not None:
            return self._widen_spread(passage, quantity) if spread else quantity
        earlier = passage.quantities[index - 1] if index else None
        if earlier is None or index - 1 in passage.claimed or earlier.unit is not None or quantity.ranged:
            return quantity
        gap = passage.text[earlier.end : quantity.number_start]
        if self._words.spread.fullmatch(gap) and quantity.start >= earlier.end:
            interval = earlier.interval
        elif (
            (self._words.bracket_range.fullmatch(gap) or self._goes_on_between(passage, index, gap))
            and earlier.operator is None
            and not earlier.ranged
            and earlier.values[0] < quantity.values[0]
        ):
            interval = Interval(earlier.values[0], True, quantity.values[0], True)
        else:
            return quantity
        passage.claimed.add(index - 1)
        return quantity._replace(
            start=earlier.start,
            interval=interval,
            operator=earlier.operator,
            number_start=earlier.number_start,
            values=tuple(end for end in (interval.low, interval.high) if end is not None),
            ranged=interval.low != interval.high,
            pieces=(*earlier.pieces, *quantity.pieces),
        )

    def _goes_on_between(self, passage: Passage, index: int, gap: str) -> bool:
        """Whether a number and the one in front of it are the ends of a second range: `between 40 and 45 Gy (group A)
        and 50 and 55 Gy`."""
        if index < 2 or gap.strip() != "and" or passage.quantities[index - 2].operator != "between":
            return False
        first, earlier = passage.quantities[index - 2], passage.quantities[index - 1]
        return first.ranged and self._words.between_again.fullmatch(passage.text, first.end, earlier.start) is not None

    def _spread_out(self, passage: Passage, quantity: Quantity) -> Quantity:
        """A quantity with a spread (`50 ± 5 Gy`) as the range that it spans, where no statistic is told."""
        text = passage.text[quantity.number_start : quantity.end]
        sign = self._words.spread.search(text)
        around = _FIGURES.match(text, sign.end()) if sign else None
        if around is None or self._words.statistic.search(passage.left(quantity.start, Window.CLAUSE)):
            return quantity
        middle, half = quantity.values[0], read_value(around.group())
        return quantity._replace(interval=Interval(middle - half, True, middle + half, True), ranged=True)

    def _widen_spread(self, passage: Passage, quantity: Quantity) -> Quantity:
        """A prescription of `50 ± 5 Gy` as a range; a mean with its spread stays as it is."""
        if quantity.spread is None or self._words.statistic.search(passage.left(quantity.start, Window.CLAUSE)):
            return quantity
        low, high = quantity.values[0] - quantity.spread, quantity.values[0] + quantity.spread
        return quantity._replace(interval=Interval(low, True, high, True), values=(low, high), ranged=True)

    def _drop_level(self, passage: Passage, quantity: Quantity) -> Quantity:
        """A quantity without the number of the level or arm in front of it, no lower end: `Level 1 - 30 Gy`."""
        numbers = [piece for piece in quantity.pieces if piece[0] == "number"]
        if not quantity.ranged or quantity.operator is not None or len(numbers) < 2:
            return quantity
        if not self._words.level.search(passage.left(quantity.start, Window.ADJOINING)):
            return quantity
        start, high = numbers[-1][1], quantity.values[-1]
        return quantity._replace(
            start=start,
            number_start=start,
            interval=Interval(high, True, high, True),
            values=(high,),
            ranged=False,
            pieces=tuple(piece for piece in quantity.pieces if piece[1] >= start),
        )

    def claim_elided(self, passage: Passage, index: int, whole: Quantity) -> list[tuple[Quantity, str]]:
        """The numbers that `find_elided` finds; they are claimed."""
        found = self.find_elided(passage, index, whole)
        starts = {earlier.start for earlier, _ in found}
        passage.claimed.update(k for k in range(index) if passage.quantities[k].start in starts)
        return found

    def find_elided(self, passage: Passage, index: int, whole: Quantity) -> list[tuple[Quantity, str]]:
        """The numbers in front of the quantity `index` that take its unit, from the nearest to the farthest, each with
        what stands between it and the next. `whole` is that quantity as `widen` gives it.

        A comma joins only where a word has joined the numbers behind it (`10, 15 and 20`), or in a list of numbers of
        one size behind a word for doses (`receiving 70.9, 77.4, 83.8 Gy`).
        """
        found: list[tuple[Quantity, str]] = []
        following = whole
        joined = False
        for k in range(index - 1, -1, -1):
            earlier = passage.quantities[k]
            if earlier.start >= whole.start:
                continue
            gap = passage.text[earlier.end : following.start]
            if (
                k in passage.claimed
                or earlier.unit is not None
                or (earlier.operator is not None and gap != "/")
                or (" AND" in gap and not whole.kind.startswith("radiation"))  # between criteria, not numbers
                or self._words.spread_before.search(passage.left(earlier.start, Window.ADJOINING))
                or self._words.numbered_thing.search(passage.left(earlier.start, Window.PHRASE))
            ):
                break
            if self._words.single.fullmatch(passage.text, earlier.start, earlier.end):
                break
            word = self._words.joined.fullmatch(gap) is not None
            if gap == ":" and (whole.ranged or earlier.ranged or passage.text[earlier.start - 1] != "("):
                break  # the ends of a range of ratios: `0.9:5.3 to 2.4:14.4 mg/kg`
            if not word and not (
                self._words.listed.fullmatch(gap) and (joined or self._begins_list(passage, k, following))
            ):
                break
            joined = True
            if earlier.spread is not None and not _are_alike(earlier, following):
                return []  # `an index and a dose of 281 ± 75 and 13 ± 3 mg`
            found.append((earlier, gap))
            following = earlier
        return found

    def claim_behind(self, passage: Passage, index: int, quantity: Quantity) -> Quantity | None:
        """The number behind the quantity `index` that takes its unit: `62 mg/m2 rather than 80`; it is claimed."""
        told = None if quantity.ranged else self._words.goes_on.match(passage.text, quantity.end, passage.end)
        if told is None:
            return None
        for k in range(index + 1, len(passage.quantities)):
            later = passage.quantities[k]
            if later.number_start >= told.start("n"):
                bare = later.unit is None and later.operator is None and not later.ranged and later.spread is None
                if later.number_start != told.start("n") or k in passage.claimed or not bare:
                    return None
                if not _are_alike(later, quantity):
                    return None
                passage.claimed.add(k)
                return later
        return None

    def _begins_list(self, passage: Passage, index: int, following: Quantity) -> bool:
        """Whether bare numbers joined by commas reach back from the quantity `index` to a word for doses, all of one
        size."""
        for k in range(index, -1, -1):
            earlier = passage.quantities[k]
            if k in passage.claimed or earlier.unit is not None or earlier.operator is not None:
                return False
            if not _are_alike(earlier, following):
                return False
            if not self._words.listed.fullmatch(passage.text, earlier.end, following.start):
                return False
            if self._words.list_begins.search(passage.left(earlier.start, Window.PHRASE)):
                return True
            following = earlier
        return False


def _are_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers are of one size."""
    return 1 / _ALIKE <= one.values[0] / (other.values[0] or 1) <= _ALIKE
