"""Drug doses: amounts by area, weight, time or alone, AUC, activities, with the drug they are of."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.labels.dose.agents import Agent, Agents
from trialsift.extraction.labels.dose.amounts import DOSE_KINDS, Amounts
from trialsift.extraction.labels.dose.areas import Area, Areas
from trialsift.extraction.labels.dose.elision import Elision
from trialsift.extraction.labels.dose.wording import AgentWords, DrugWords
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Quantity, Sign
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.guarded import holds
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

_VOLUMES = ("mL", "L", "mL/kg", "mL/h", "mL/kg/h")
#: What names of fluids that are given by volume hold, local anaesthetics and vaccines among them.
_FLUID_NAMES = (
    "caine",
    "lavage",
    "saline",
    "ringer",
    "nacl",
    "crystalloid",
    "colloid",
    "dextrose",
    "mannitol",
    "starch",
    "vaccine",
    "solution",
)
_FLUIDS = (*_FLUID_NAMES, "peg ", "peg.", " ns ")
#: Doses of one list are not more times as large as each other.
_ALIKE = 4
_ONE_SIDED = ("ge", "gt", "le", "lt")
_DAY_BEFORE = re.compile(r"\s+day\s*[-−]\s?1$", re.I)
#: What denies a bound: `do not reduce below 50 mg` is at least 50 mg.
_DENIED = {"ge": "lt", "gt": "le", "le": "gt", "lt": "ge"}


class _Last(NamedTuple):
    """What the dose before leaves for the next: its operator, its unit, and where it ended, and its fact."""

    operator: str | None
    code: str
    end: int
    fact: Fact


class DrugDoses:
    """The drug half of DOSE."""

    def __init__(self, folder: Folder, drugs: Drugs, comparators: Comparators) -> None:
        wordings = read_wordings(folder)
        self._words = words = wordings.fill(DrugWords, "dose")
        self._agent_words = wordings.fill(AgentWords, "agent")
        self._elision = Elision(folder)
        self._amounts, self._areas = Amounts(words), Areas(words)
        self._drugs = drugs
        self._comparators = comparators
        self._bound = re.compile(rf"(?P<op>{comparators.before})(?i:{words.bound_before_name.pattern})$")

    #: An amount, an area under the curve, or a volume of a fluid.
    clues = (
        Clue((Words(frozenset({"auc", "area"}), kinds=DOSE_KINDS),)),
        Clue((Words(kinds=frozenset({"volume"})), Words(frozenset({"peg", "ns"}), within=_FLUID_NAMES))),
    )

    def find(self, passage: Passage) -> list[Fact]:
        """Drug doses of a passage; their quantities are claimed."""
        areas = self._areas.find(passage)
        fluids = self._find_fluids(passage)
        if not areas and not fluids and passage.kinds.isdisjoint(DOSE_KINDS):
            return []
        candidates = [(i, q) for i, q in passage.open_quantities() if q.kind in DOSE_KINDS or i in fluids]
        if not candidates and not areas:
            return []
        places = sorted([(q.start, q.end) for _, q in candidates] + [(area.start, area.end) for area in areas])
        agents = Agents(passage, self._drugs, self._agent_words, places)
        facts = [_make_area_fact(passage, area, agents.find(area.start, area.end)) for area in areas]
        last: _Last | None = None
        for index, _ in candidates:
            quantity = _drop_day(passage.text, self._elision.widen(passage, index))
            made, said = self._read_dose(passage, index, quantity, agents, last, fluids.get(index))
            facts.extend(made)
            if not made:
                last = None
                continue
            self._share_unit(passage, facts, last, made[0])
            carried = last.operator if last and made[0].attributes["low"] != made[0].attributes["high"] else None
            last = _Last(said or carried, str(made[0].attributes["unit"]), quantity.end, made[0])
        return facts

    def _share_unit(self, passage: Passage, facts: list[Fact], last: _Last | None, made: Fact) -> None:
        """Gives the dose before an alternative the day or the weight that stands behind both: `20 mg or 40 mg a day`,
        `3 mg and 6 mg per kg`."""
        if last is None or not self._agent_words.alternative.fullmatch(passage.text, last.end, made.start):
            return
        unit, least = str(made.attributes["unit"]), float(last.fact.attributes["low"] or 0)
        alike = least <= float(made.attributes["low"] or 0) <= _ALIKE * least
        if unit in (f"{last.code}/d", f"{last.code}/wk") or (unit == f"{last.code}/kg" and alike):
            facts[facts.index(last.fact)] = last.fact.with_attributes(unit=unit)

    def _find_fluids(self, passage: Passage) -> dict[int, Agent]:
        """Volumes of a local anaesthetic or of a fluid that are given by them: `1 mL/kg of 0.25% bupivacaine`."""
        words, fluids = self._words, dict[int, Agent]()
        if not holds(passage.plain, _FLUIDS) or not words.fluid_given.search(passage.plain):
            return fluids
        for i, q in passage.open_quantities():
            if q.unit is None or q.unit.ucum not in _VOLUMES:
                continue
            begin = passage.left_start(q.start, Window.CLAUSE)
            found = words.fluid_behind.match(passage.text, q.end, passage.end) or words.fluid_before.search(
                passage.text, begin, q.start
            )
            if found and not words.diluent_before.search(passage.text, begin, q.start):
                start, end = found.span("name")
                fluids[i] = Agent(start, end, found["name"].lower(), end)
        return fluids

    def _read_dose(
        self,
        passage: Passage,
        index: int,
        quantity: Quantity,
        agents: Agents,
        last: _Last | None,
        fluid: Agent | None,
    ) -> tuple[list[Fact], str | None]:
        """The fact of a dose, and those of numbers in front of it that share its unit, none where it is no dose; and
        its operator, which may stand in front of the drug (`in excess of prednisone 30 mg/day`)."""
        sharing = self._elision.find_elided(passage, index, quantity)
        begin = sharing[-1][0].start if sharing else quantity.start
        why = "" if fluid else self._amounts.tell_other(passage, quantity, begin, agents.adjoin(begin))
        agent = fluid or (None if why else agents.find(quantity.start, quantity.end))
        why = why or ("" if fluid else self._amounts.tell_none(passage, quantity, agent, begin, last is not None))
        if why:
            passage.decline(quantity, "DOSE", "dose.drug", why)
            return [], None
        code = self._amounts.read_unit(passage, quantity, begin)
        interval, operator = self._read_interval(passage, quantity, agents, code, last)
        bound = sharing[0][0].operator if sharing and sharing[0][1] == "/" else None
        if bound in _ONE_SIDED and operator is None and not quantity.ranged:  # `≤ 10/650 mg`
            interval = Interval.of(bound, quantity.values[0])
        made = [_make_fact(passage, "dose.drug", quantity, interval, _Taken(quantity, code, agent))]
        passage.claimed.add(index)
        for earlier, gap in self._elision.claim_elided(passage, index, quantity):
            own = agents.find(earlier.start, earlier.end) or agent
            if gap.strip() == "/":  # `telmisartan/amlodipine 40/5 mg`: in the order of the names
                named = [a for a in agents.named if a.stop <= earlier.start]
                own = named[-2] if len(named) >= 2 else own
            made.append(_make_fact(passage, "dose.elided", earlier, earlier.interval, _Taken(quantity, code, own)))
        if later := self._elision.claim_behind(passage, index, quantity):
            made.append(_make_fact(passage, "dose.elided", later, later.interval, _Taken(quantity, code, agent)))
        return made, operator

    def _find_bound_before_name(self, passage: Passage, quantity: Quantity, agents: Agents) -> Sign | None:
        """The comparator of `in excess of prednisone 30 mg/day`, which stands in front of the drug."""
        if quantity.operator is not None or quantity.ranged:
            return None
        agent = agents.find_last(quantity.start)
        if agent is None or not self._words.only_abbreviation.fullmatch(passage.text, agent.stop, quantity.start):
            return None
        found = self._bound.search(passage.text, passage.left_start(agent.start, Window.CLAUSE), agent.start)
        operator = self._comparators.read_operator(found["op"]) if found else None
        return Sign(operator, *found.span("op")) if found and operator in _ONE_SIDED else None

    def _read_interval(
        self, passage: Passage, quantity: Quantity, agents: Agents, code: str, last: _Last | None
    ) -> tuple[Interval, str | None]:
        """The interval of a dose and its operator, which may stand in front of the drug (`in excess of prednisone 30
        mg/day`), be denied (`do not reduce below 50 mg`) or be that of the dose before."""
        words, operator = self._words, quantity.operator
        bound = self._find_bound_before_name(passage, quantity, agents)
        if bound is not None:
            passage.note(quantity.start, "comparator", (bound.start, bound.end), bound.operator)
            return Interval.of(bound.operator, quantity.values[0]), bound.operator
        if operator in _DENIED and not quantity.ranged:
            left = passage.left(quantity.start, Window.CLAUSE)
            if words.not_below.search(left, passage.plain):
                return Interval.of(_DENIED[operator], quantity.values[0]), _DENIED[operator]
        if operator == "ge" and "inferior" in passage.text[quantity.start : quantity.number_start]:
            return Interval.of(None, quantity.values[0]), None  # `5 mg was not inferior to 10 mg`
        carries = operator is None and not quantity.ranged and last is not None and last.operator in _ONE_SIDED
        if not carries or last is None or last.code.removesuffix("/d") != code.removesuffix("/d"):
            return quantity.interval, operator
        if not words.other_agent.fullmatch(passage.text[last.end : quantity.start]):
            return quantity.interval, operator
        return Interval.of(last.operator, quantity.values[0]), operator  # `above 360 mg/m2 (epirubicin 720 mg/m2)`


class _Taken(NamedTuple):
    """What a dose takes from its sentence: the quantity that its unit is written at, the unit's code, and the drug."""

    giver: Quantity
    code: str
    agent: Agent | None


def _drop_day(text: str, quantity: Quantity) -> Quantity:
    """A dose without the number of a day: `2.5 mg/ d1` is given on day 1, `5 mg/m2 Day -1` on the day before."""
    unit, end = quantity.unit, quantity.end
    if unit is None or unit.kind not in ("amount_rate", "dose"):
        return quantity
    written = text[quantity.number_start : end]
    cut = len(written[: written.rindex("/")].rstrip()) if "/" in written else 0
    numbered = text[end : end + 1].isdigit() and written[-1] in "dD"
    before = _DAY_BEFORE.search(written)
    if not cut or not (numbered or before):
        return quantity
    end = quantity.number_start + (before.start() if before else cut)
    return quantity._replace(end=end, unit=unit._replace(ucum=unit.ucum.removesuffix("/d"), kind="amount"))


def _make_fact(passage: Passage, rule: str, quantity: Quantity, interval: Interval, taken: _Taken) -> Fact:
    surface = "" if taken.giver.unit is None else taken.giver.unit.surface
    _note_agent(passage, quantity.start, taken.agent)
    return passage.fact(
        "DOSE",
        rule,
        quantity.start,
        quantity.end,
        modality="drug",
        **write_bounds(interval),
        unit=taken.code,
        unit_as_written=" ".join(surface.split()),
        agent=None if taken.agent is None else taken.agent.name,
    )


def _make_area_fact(passage: Passage, area: Area, agent: Agent | None) -> Fact:
    _note_agent(passage, area.start, agent)
    passage.note_pieces(area.start, area.pieces)
    return passage.fact(
        "DOSE",
        "dose.drug",
        area.start,
        area.end,
        modality="drug",
        **write_bounds(Interval(area.low, True, area.high, True)),
        unit="AUC",
        unit_as_written=area.written,
        agent=None if agent is None else agent.name,
    )


def _note_agent(passage: Passage, start: int, agent: Agent | None) -> None:
    """Notes which words named the drug of the dose that begins at `start`."""
    if agent is not None:
        passage.note(start, "name", (agent.start, agent.end), agent.name)
