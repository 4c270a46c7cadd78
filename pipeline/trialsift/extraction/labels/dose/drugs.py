"""Drug doses: amounts by area, weight, time or alone, AUC, activities, with the drug they are of."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.labels.dose.agents import Agent, Agents
from trialsift.extraction.labels.dose.elision import claim_elided, widen
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Quantity, QuantityPiece, Sign
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.guarded import find_needed, guarded, holds

_AUC = re.compile(
    r"(?P<name>\bAUC\b|\barea\s+under\s+the\s+(?:(?:concentration|plasma|serum|time|"
    r"[-\s])+)?curve(?:\s*\(\s*AUC\s*\))?)\s*(?P<gap>(?:of|=|:|at|dose|target)?\s*)(?P<n>\d{1,2}(?:\.\d+)?)(?:\s*(?:-|"
    r"–|to)\s*(?P<m>\d{1,2}(?:\.\d+)?))?(?![\d\w]|,\d{3}|\s*[-–]\s*(?:\d|∞|t\b|inf)|\s*h)"
    r"(?:\s*mg\s*[/*·.]?\s*(?:min\s*/\s*m[lL]|m[lL]\s*/?[·*]?\s*min(?:utes?)?|m[lL]\s*per\s*min))?",
    re.I,
)
_OF_AUC = find_needed(_AUC)
_CUE_LEFT = guarded(
    r"\b(?:doses?|dosage|dosing|dosed|receives?|received|administer\w*|given|takes?|tablets?\s+of|starting\s+at|"
    r"infusion\s+of|injection\s+of|bolus|loading|maintenance|level\s*\d?|taking|up to|equivalent|therapy|reductions?|"
    r"reduced\s+to|increased\s+to|escalat\w+(?:\s+to)?)\b[^.;\d]{0,30}$",
    re.I,
)
_CUE_RIGHT = re.compile(
    r"\s*[),]?\s*(?:/|per|a|each|every|once|twice|three times|four times|daily|orally|oral|bid|b\.i\.d|tid|t\.i\.d|qd|"
    r"q\.d|qid|q\d|po\b|p\.o|D\s?\d|iv\b|i\.v|i\.m|im\b|sc\b|s\.c|subcutaneous\w*|intraven\w*|intramusc\w*|"
    r"intrathecal\w*|weekly|monthly|bolus|on\s+days?|days?\s+\d|infusion|injection|by\s+mouth|of\s+\w+|prednis\w+|"
    r"at\s+bedtime|nightly|in\s+the\s+morning|over\s+\d|/day|/d\b|at\s+least\s+\d|for\s+\d)",
    re.I,
)
_NOT_DOSE_LEFT = guarded(
    r"\b(?:technetium|FDG|fludeoxyglucose|tracer|scintigraph\w*|scans?|scanning|WBS|uptake|concentrations?|"
    r"levels?\s+of|plasma|serum|Vmax|Km|half-?life|excretion|proteinuria|albuminuria|urinary|urine|strength|"
    r"sample\s+of|birth\s*weight|"
    r"tumou?r\s+sample|alcohol|caffeine|sodium\s+intake|salt|protein\s+intake|ethanol|fat|fib(?:re|"
    r"er)|carbohydrates?|calories|blood\s+loss|tobacco|stool|prostate|gland|volume|uterine|cough)\b[^.;]{0,40}$",
    re.I,
)
_STRENGTH_LEFT = guarded(
    r"\b(?:tablets?|capsules?|vials?|ampoules?|pills?)\s+of\s*$|"
    r"\bcontain(?:s|ing)?\s+(?:(?:more|less|at|up|about|approximately|either|than|least|to)\s+){0,2}$",
    re.I,
)
_NOT_DOSE_RIGHT = re.compile(
    r"\s*(?:of\s+)?(?:technetium|99m|\[?18F|FDG|fluorodeoxyglucose|fludeoxyglucose|tracer|tumou?r|tissue|sample|"
    r"caffeine|alcohol|ethanol|carbohydrate|glucose\s+(?:load|tolerance)|oral\s+glucose|stool|fat\b|fib(?:re|er)|"
    r"protein\b|salt|elemental\s+sodium|pure\s+alcohol|of\s+blood|of\s+plasma|body\s*weight|per\s+(?:gram|g)\b|"
    r"tablets?\s+containing|(?:daily\s+)?(?:variation|fluctuation|change)|packed|red\s+(?:blood\s+)?cells?|"
    r"platelets?|RBC|pRBC|blood|whole\s+blood|drinks?)",
    re.I,
)
# `20 mg prednisone or 10 mg dexamethasone per day`: the day stands behind the name
_DAY_BEHIND = re.compile(
    r"\s+(?:of\s+)?(?!per\b|a\b)(?:(?!once|twice|thrice|"
    r"times)[A-Za-z][\w-]*(?:/[A-Za-z]{4,})?\s*(?:\([^()]*\)\s*)?(?=\s|/)\s*){1,3}(?:or\s+[\d.]+\s*(?:mg|g|units?|"
    r"U)\s+[A-Za-z][\w-]*\s+(?:equivalent\s+)?)?"
    r"(?:per\s+|/\s?|a\s+)day\b",
    re.I,
)
_PER_DAY = frozenset({"amount", "amount_arbitrary", "per_mass", "dose_or_ratio"})
_DRINKS = re.compile(r"\balcohol|\bethanol|\bdrink(?:s|ing)?\b", re.I)
_IN_URINE = guarded(r"urin.{0,80}protein|protein.{0,60}urin|albumin", re.I | re.S)
_UNITS = re.compile(r"(?<![A-Za-z])(k|m|u)?U(?=/|$)")
_UNITS_OR_GRAMS = re.compile(r"units?\b|g\b|grams?\b", re.I)
_ONLY_SHORT = re.compile(r"\s*(?:\([A-Z][A-Za-z]{1,5}\)\s*)?")
_OTHER_AGENT = re.compile(
    r"\s*(?:of\s+)?(?:[A-Za-z]{4,}\s+)?(?:(?:per|a)\s+day\s+|daily\s+)?(?:\(|or|and/or|"
    r",)\s*(?:or\s+)?(?:\w+\s+)?(?:[A-Za-z]{4,}(?:\s+of)?)?\s*(?:\([A-Z]{2,5}\)\s*)?",
    re.I,
)
_DOSE_KINDS = frozenset(
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
_ONE_SIDED = ("ge", "gt", "le", "lt")


class _Area(NamedTuple):
    """An area under the curve as a dose of carboplatin. `pieces` are what it was read from."""

    start: int
    end: int
    low: float
    high: float
    written: str
    pieces: list[QuantityPiece]


class _Last(NamedTuple):
    """What the dose before leaves for the next: its operator, its unit, and where it ended."""

    operator: str | None
    code: str
    end: int


class DrugDoses:
    """The drug half of DOSE."""

    def __init__(self, drugs: Drugs, comparators: Comparators) -> None:
        self._drugs = drugs
        self._comparators = comparators
        self._bound = re.compile(
            rf"(?P<op>{comparators.before})\s*(?i:(?:to\s+)?(?:the\s+)?(?:equivalents?\s+(?:doses?\s+)?of\s+|"
            rf"an\s+additional\s+)?)$"
        )

    #: An amount, or an area under the curve.
    clues = (Clue((Words(frozenset({"auc", "area"}), kinds=_DOSE_KINDS),)),)

    def find(self, passage: Passage) -> list[Fact]:
        """Drug doses of a passage; their quantities are claimed."""
        areas = _read_areas(passage) if holds(passage.plain, _OF_AUC) else []
        if not areas and passage.kinds.isdisjoint(_DOSE_KINDS):
            return []
        candidates = [(i, q) for i, q in passage.open_quantities() if q.kind in _DOSE_KINDS]
        if not candidates and not areas:
            return []
        places = sorted([(q.start, q.end) for _, q in candidates] + [(area.start, area.end) for area in areas])
        agents = Agents(passage, self._drugs, places)
        facts = [_make_area_fact(passage, area, agents.find(area.start, area.end)) for area in areas]
        last: _Last | None = None
        for index, _ in candidates:
            quantity = widen(passage, index)
            made, said = self._read_dose(passage, index, quantity, agents, last)
            facts.extend(made)
            if not made:
                last = None
                continue
            carried = last.operator if last and made[0].attributes["low"] != made[0].attributes["high"] else None
            last = _Last(said or carried, str(made[0].attributes["unit"]), quantity.end)
        return facts

    def _read_dose(
        self, passage: Passage, index: int, quantity: Quantity, agents: Agents, last: _Last | None
    ) -> tuple[list[Fact], str | None]:
        """The fact of a dose, and those of numbers in front of it that share its unit, none where it is no dose; and
        its operator, which may stand in front of the drug (`in excess of prednisone 30 mg/day`)."""
        why = _tell_other_amount(passage, quantity)
        agent = None if why else agents.find(quantity.start, quantity.end)
        why = why or _tell_no_dose(passage, quantity, agent)
        if why:
            passage.decline(quantity, "DOSE", "dose.drug", why)
            return [], None
        code = _read_unit(passage, quantity)
        bound = self._find_bound_before_name(passage, quantity, agents)
        if bound is None:
            interval, operator = _read_interval(passage, quantity, code, last), quantity.operator
        else:
            operator = bound.operator
            interval = Interval.of(operator, quantity.values[0])
            passage.note(quantity.start, "comparator", (bound.start, bound.end), operator)
        made = [_make_fact(passage, "dose.drug", quantity, interval, _Taken(quantity, code, agent))]
        passage.claimed.add(index)
        for earlier, gap in claim_elided(passage, index, quantity):
            own = agents.find(earlier.start, earlier.end) or agent
            if gap.strip() == "/":  # `telmisartan/amlodipine 40/5 mg`: in the order of the names
                named = [a for a in agents.named if a.stop <= earlier.start]
                own = named[-2] if len(named) >= 2 else own
            made.append(_make_fact(passage, "dose.elided", earlier, earlier.interval, _Taken(quantity, code, own)))
        return made, operator

    def _find_bound_before_name(self, passage: Passage, quantity: Quantity, agents: Agents) -> Sign | None:
        """The comparator of `in excess of prednisone 30 mg/day`, which stands in front of the drug."""
        if quantity.operator is not None or quantity.ranged:
            return None
        agent = agents.find_last(quantity.start)
        if agent is None or not _ONLY_SHORT.fullmatch(passage.text, agent.stop, quantity.start):
            return None
        found = self._bound.search(passage.text, passage.left_start(agent.start, Window.CLAUSE), agent.start)
        operator = self._comparators.read_operator(found["op"]) if found else None
        return Sign(operator, *found.span("op")) if found and operator in _ONE_SIDED else None


def _read_interval(passage: Passage, quantity: Quantity, code: str, last: _Last | None) -> Interval:
    """The interval of a dose, whose operator may be that of the dose before."""
    if quantity.operator is not None or quantity.ranged or last is None or last.operator not in _ONE_SIDED:
        return quantity.interval
    if last.code.removesuffix("/d") != code.removesuffix("/d"):
        return quantity.interval
    if not _OTHER_AGENT.fullmatch(passage.text[last.end : quantity.start]):
        return quantity.interval
    return Interval.of(last.operator, quantity.values[0])  # `above 360 mg/m2 (epirubicin 720 mg/m2)`


def _read_areas(passage: Passage) -> list[_Area]:
    """Doses of carboplatin by area under the curve; the quantities in them are claimed."""
    areas = []
    for match in _AUC.finditer(passage.text, passage.start, passage.end):
        low, high = float(match["n"]), float(match["m"] or match["n"])
        inside = [i for i, q in enumerate(passage.quantities) if q.start < match.end() and match.start() < q.end]
        if 0.5 <= low <= high <= 15:
            end = match.start() + len(match.group().rstrip())
            pieces: list[QuantityPiece] = [("number", *match.span("n"), low)]
            pieces += [("number", *match.span("m"), high)] if match["m"] else []
            pieces.append(("unit", *match.span("name"), "AUC"))
            areas.append(_Area(match.start(), end, low, high, " ".join(match["name"].split()), pieces))
            passage.claimed.update(inside)
            continue
        for index in inside:
            why = "a target area under the curve is one from 0.5 to 15"
            passage.decline(passage.quantities[index], "DOSE", "dose.drug", why)
    return areas


def _tell_other_amount(passage: Passage, quantity: Quantity) -> str:
    """Why an amount is something else's than a drug's by its unit and the words around it; empty where it may be."""
    unit = quantity.unit
    assert unit is not None
    if quantity.kind == "per_mass" and not unit.ucum.endswith("/kg"):
        return "an amount by a mass that is no body weight"
    left, right = passage.left(quantity.start, Window.STATEMENT), passage.right(quantity.end, Window.CLAUSE)
    if unit.ucum in ("ng", "pg"):
        return "so small an amount is measured, not given"
    if _STRENGTH_LEFT.search(left, passage.plain):
        return "a strength of a tablet or vial, or what something contains, by the words before it"
    if _NOT_DOSE_LEFT.search(left, passage.plain):
        return "measured, eaten, drunk or a tracer's, and no dose of a drug, by the words before it"
    if _NOT_DOSE_RIGHT.match(right):
        return "measured, eaten, drunk, transfused or a tracer's, and no dose of a drug, by the words behind it"
    if quantity.kind not in _BARE:
        return ""
    if _UNITS_OR_GRAMS.match(unit.surface) and _DRINKS.search(passage.line_left(quantity.start, Window.LINE)):
        return "an amount of alcohol"
    if _IN_URINE.search(passage.left(quantity.start, Window.PRESCRIPTION), passage.plain):
        return "an excretion of protein or albumin in urine"
    return ""


def _tell_no_dose(passage: Passage, quantity: Quantity, agent: Agent | None) -> str:
    """Why an amount is no dose, though nothing says what else it is; empty where it is one."""
    assert quantity.unit is not None
    code, kind = quantity.unit.ucum, quantity.kind
    if agent is None and (kind in _BARE or kind == "activity"):
        left, right = passage.left(quantity.start, Window.STATEMENT), passage.right(quantity.end, Window.CLAUSE)
        if _CUE_LEFT.search(left, passage.plain) is None and _CUE_RIGHT.match(right) is None:
            return "no drug is named for it, and no word beside it tells of a dose or how it is given"
        telling = code.startswith(("mg", "ug", "g/d")) or (kind == "amount_rate" and code[0] != "U")
        if kind != "activity" and not telling:
            return "no drug is named for it, and other things than drugs are measured in its unit"
    substance = code.split("/")[0]
    if substance in ("kg", "mol", "mmol") or (substance == "g" and quantity.values[0] > 100):
        return "so much is no dose of a drug"
    return ""


def _read_unit(passage: Passage, quantity: Quantity) -> str:
    """The UCUM unit of a dose, with the day that stands behind the drug's name."""
    assert quantity.unit is not None
    code = quantity.unit.ucum
    if quantity.kind in _PER_DAY and _DAY_BEHIND.match(passage.text, quantity.end, passage.end):
        code += "/d"
    return _UNITS.sub(lambda m: f"{m[1] or ''}[IU]", code).replace("/(24.h)", "/d")


class _Taken(NamedTuple):
    """What a dose takes from its sentence: the quantity that its unit is written at, the unit's code, and the drug."""

    giver: Quantity
    code: str
    agent: Agent | None


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


def _make_area_fact(passage: Passage, area: _Area, agent: Agent | None) -> Fact:
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
