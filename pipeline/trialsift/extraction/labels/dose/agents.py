"""The drug that a dose is of, by where drugs are named around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from trialsift.extraction.labels.dose.wording import AgentWords
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.structure.passage import Passage, Window

_FARTHEST = 160  # characters between a drug and its dose


class Agent(NamedTuple):
    """A drug as named in a text. `stop` is where a bracket with its abbreviation ends, or else the name."""

    start: int
    end: int
    name: str
    stop: int


@dataclass(slots=True)
class Agents:
    """The drugs that a sentence names, and the places of its doses, in order."""

    passage: Passage
    lexicon: Drugs
    words: AgentWords
    places: list[tuple[int, int]]
    named: list[Agent] = field(init=False)

    def __post_init__(self) -> None:
        passage = self.passage
        found = self.lexicon.find(passage.text, passage.start, passage.end)
        self.named = _join_abbreviations(passage.text, found)

    def find_last(self, position: int) -> Agent | None:
        """The drug that is named last in front of a place."""
        return next((agent for agent in reversed(self.named) if agent.stop <= position), None)

    def adjoin(self, start: int) -> bool:
        """Whether a drug is named right in front of a place."""
        agent = self.find_last(start)
        return agent is not None and self.words.adjoining.fullmatch(self.passage.text, agent.stop, start) is not None

    def find(self, start: int, end: int) -> Agent | None:
        """The drug of a dose: inside or right behind it (`325 mg of aspirin`), else the nearest before, else behind.

        A class (`corticosteroids`) gives way to a drug that the dose is reckoned in (`> 10 mg prednisone equivalent`).
        """
        inside = next((agent for agent in self.named if agent.start >= start and agent.stop <= end), None)
        if inside is not None:
            return inside
        before = self.find_last(start)
        behind = next((agent for agent in self.named if agent.start >= end), None)
        if behind is not None and self._is_linked(behind, before, start, end):
            return behind
        if before is not None and self._is_near(before, start):
            return before
        if (
            behind is not None
            and behind.start - end <= Window.CLAUSE
            and not any(end <= a < behind.start for a, _ in self.places)
        ):
            return behind
        return self._find_of_alternatives(before, behind, start, end)

    def _is_linked(self, behind: Agent, before: Agent | None, start: int, end: int) -> bool:
        """Whether a drug stands right behind a dose, and is rather meant than the one in front of it."""
        text = self.passage.text
        link = self.words.behind.fullmatch(text, end, behind.start)
        if link is None:
            return False
        if before is None or "of" in link.group().lower().split():
            return True
        if self.lexicon.is_class(before.name) and not self.lexicon.is_class(behind.name):
            return True
        occupied = any(before.stop <= a and b <= start for a, b in self.places)
        return occupied or self.words.adjoining.fullmatch(text, before.stop, start) is None

    def _is_near(self, before: Agent, start: int) -> bool:
        """Whether a drug in front of a dose is near enough: in the same sentence, with two doses between at most."""
        if start - before.stop > _FARTHEST or self.words.stop.search(self.passage.text, before.stop, start):
            return False
        return sum(before.stop <= a and b <= start for a, b in self.places) <= 2

    def _find_of_alternatives(self, before: Agent | None, behind: Agent | None, start: int, end: int) -> Agent | None:
        """The drug of the dose beside this one, where they are alternatives: `200 mg, 400 mg or 800 mg`, `either 81 mg
        or 325 mg aspirin`. In a sentence without any drug, the one that the paragraph named last."""
        text, places = self.passage.text, self.places
        k = next((k for k, place in enumerate(places) if place[0] == start), len(places))
        if (
            0 < k < len(places)
            and before is not None
            and self.words.alternative.fullmatch(text, places[k - 1][1], start)
        ):
            return self.find(*places[k - 1]) if places[k - 1][0] >= before.stop else None
        if not self.named:
            return self._find_in_paragraph(start)
        if behind is not None and k + 1 < len(places) and self.words.alternative.fullmatch(text, end, places[k + 1][0]):
            return behind if self.words.behind.fullmatch(text, places[k + 1][1], behind.start) else None
        return None

    def _find_in_paragraph(self, start: int) -> Agent | None:
        """`dosing of 1250 mg is safe`: the drug that the paragraph named last."""
        passage = self.passage
        named = self.lexicon.find(passage.text, max(passage.line_start, start - Window.PARAGRAPH), passage.start)
        if not named:
            return None
        begin, end, name = named[-1]
        return Agent(begin, end, name, end)


def _join_abbreviations(text: str, drugs: list[tuple[int, int, str]]) -> list[Agent]:
    """`fluorouracil (5-FU)` is one drug, under its name: it stops where the bracket does."""
    kept: list[Agent] = []
    for start, end, name in drugs:
        if kept and text[kept[-1].stop : start].strip() == "(" and text[end : end + 1] == ")":
            kept[-1] = kept[-1]._replace(stop=end + 1)
        else:
            kept.append(Agent(start, end, name, end))
    return kept
