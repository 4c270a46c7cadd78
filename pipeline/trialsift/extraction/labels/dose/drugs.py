"""Drug doses: amounts by area, weight, time or alone, AUC, activities, with the drug they are of."""

from __future__ import annotations

import re

from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.labels.dose.elision import elided
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.guarded import guarded, holds, needed

_AUC = re.compile(
    r"(?P<name>\bAUC\b|\barea\s+under\s+the\s+(?:(?:concentration|plasma|serum|time|"
    r"[-\s])+)?curve(?:\s*\(\s*AUC\s*\))?)\s*(?P<gap>(?:of|=|:|at|dose|target)?\s*)(?P<n>\d{1,2}(?:\.\d+)?)(?:\s*(?:-|"
    r"–|to)\s*(?P<m>\d{1,2}(?:\.\d+)?))?(?![\d\w]|,\d{3}|\s*[-–]\s*(?:\d|∞|t\b|inf)|\s*h)"
    r"(?:\s*mg\s*[/*·.]?\s*(?:min\s*/\s*m[lL]|m[lL]\s*/?[·*]?\s*min(?:utes?)?|m[lL]\s*per\s*min))?",
    re.I,
)
_OF_AUC = needed(_AUC)
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
    r"er)|carbohydrates?|calories|blood\s+loss|tobacco|stool|prostate|gland|volume|uterine|cough)\b[^.;]{0,40}$|"
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
_ALTERNATIVE = re.compile(r"\s*(?:,\s*(?:or|and)?|or|and|to|/|vs\.?|versus)\s*", re.I)
_PARAGRAPH = 400  # characters: how far back in a paragraph the drug of a sentence without one is looked for
_DRINKS = re.compile(r"\balcohol|\bethanol|\bdrink(?:s|ing)?\b", re.I)
_IN_URINE = guarded(r"urin.{0,80}protein|protein.{0,60}urin|albumin", re.I | re.S)
_UNITS = re.compile(r"(?<![A-Za-z])(k|m|u)?U(?=/|$)")
_STOP = re.compile(r"\.\s")
_ADJOINING = re.compile(r"\s*[(:]?\s*")
_UNITS_OR_GRAMS = re.compile(r"units?\b|g\b|grams?\b", re.I)
_ONLY_SHORT = re.compile(r"\s*(?:\([A-Z][A-Za-z]{1,5}\)\s*)?")
_OTHER_AGENT = re.compile(
    r"\s*(?:of\s+)?(?:[A-Za-z]{4,}\s+)?(?:(?:per|a)\s+day\s+|daily\s+)?(?:\(|or|and/or|"
    r",)\s*(?:or\s+)?(?:\w+\s+)?(?:[A-Za-z]{4,}(?:\s+of)?)?\s*(?:\([A-Z]{2,5}\)\s*)?",
    re.I,
)
_BEHIND = re.compile(
    r"\s*(?:(?:/day|per\s+day|a\s+day|daily|day)\s*)?(?:dose\s+)?(?:of\s+)?(?:\(?(?:re)?calculated\s+(?:to|"
    r"as)\s+)?(?:\(\s*)?(?:the\s+|oral\s+|intravenous\s+|daily\s+|iv\s+)*(?:equivalent\s+(?:of\s+)?)?",
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
_BARE = {"amount", "amount_rate", "amount_arbitrary", "amount_molar"}


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
        facts: list[Fact] = []
        auc = self._areas(passage) if holds(passage.plain, _OF_AUC) else []
        if not auc and passage.kinds.isdisjoint(_DOSE_KINDS):
            return facts
        candidates = [(i, q) for i, q in passage.open_quantities() if q.kind in _DOSE_KINDS]
        if not candidates and not auc:
            return facts
        drugs = _without_abbreviations(passage.text, self._drugs.find(passage.text, passage.start, passage.end))
        places = sorted([(q.start, q.end) for _, q in candidates] + [(f.start, f.end) for f in auc])
        for fact in auc:
            facts.append(fact.with_attributes(agent=self._agent(passage, drugs, fact.start, fact.end, places)))
        last: tuple[str | None, str, int] | None = None
        for index, quantity in candidates:
            if any(f.start < quantity.end and quantity.start < f.end for f in auc):
                passage.claimed.add(index)
                continue
            made = self._dose(passage, index, quantity, drugs, places, last)
            facts.extend(made)
            carried = last[0] if last and made and made[0].attributes["low"] != made[0].attributes["high"] else None
            said = self._bound_before_name(passage, quantity, drugs) or quantity.operator or carried
            last = (said, str(made[0].attributes["unit"]), quantity.end) if made else None
        return facts

    @staticmethod
    def _areas(passage: Passage) -> list[Fact]:
        """Doses of carboplatin by area under the curve."""
        facts = []
        for match in _AUC.finditer(passage.text, passage.start, passage.end):
            low, high = float(match["n"]), float(match["m"] or match["n"])
            if not 0.5 <= low <= high <= 15:
                continue
            facts.append(
                passage.fact(
                    "DOSE",
                    "dose.drug",
                    match.start(),
                    match.end(),
                    modality="drug",
                    **bounds(Interval(low, True, high, True)),
                    unit="AUC",
                    unit_as_written=" ".join(match["name"].split()),
                )
            )
            passage.claimed.update(
                i for i, q in enumerate(passage.quantities) if q.start < match.end() and match.start() < q.end
            )
        return facts

    def _dose(
        self,
        passage: Passage,
        index: int,
        quantity: Quantity,
        drugs: list[tuple[int, int, str]],
        places: list[tuple[int, int]],
        last: tuple[str | None, str, int] | None,
    ) -> list[Fact]:
        unit = quantity.unit
        assert unit is not None
        code = unit.ucum
        if quantity.kind == "per_mass" and not code.endswith("/kg"):
            return []
        left, right = passage.left(quantity.start, 70), passage.right(quantity.end, 40)
        if code in ("ng", "pg") or _NOT_DOSE_LEFT.search(left, passage.plain) or _NOT_DOSE_RIGHT.match(right):
            return []
        bare = quantity.kind in _BARE
        if (
            bare
            and _UNITS_OR_GRAMS.match(unit.surface)
            and _DRINKS.search(passage.text, max(passage.line_start, quantity.start - 300), quantity.start)
        ):
            return []
        if bare and _IN_URINE.search(passage.left(quantity.start, 120), passage.plain):
            return []
        agent = self._agent(passage, drugs, quantity.start, quantity.end, places)
        if bare or quantity.kind == "activity":
            cued = _CUE_LEFT.search(left, passage.plain) is not None or _CUE_RIGHT.match(right) is not None
            if agent is None and not cued:
                return []
            if (
                agent is None
                and quantity.kind != "activity"
                and not (code.startswith(("mg", "ug", "g/d")) or (quantity.kind == "amount_rate" and code[0] != "U"))
            ):
                return []
        if code.split("/")[0] in ("kg", "mol", "mmol") or (code.split("/")[0] == "g" and quantity.values[0] > 100):
            return []
        if quantity.kind in _PER_DAY and _DAY_BEHIND.match(passage.text, quantity.end, passage.end):
            code += "/d"
        code = _UNITS.sub(lambda m: f"{m[1] or ''}[IU]", code).replace("/(24.h)", "/d")
        interval = quantity.interval
        bound = self._bound_before_name(passage, quantity, drugs)
        if bound is not None:
            interval = Interval.of(bound, quantity.values[0])
        elif quantity.operator is None and not quantity.ranged and last is not None:
            operator, last_code, last_end = last
            bracket = _OTHER_AGENT.fullmatch(passage.text[last_end : quantity.start])
            if (
                operator in ("ge", "gt", "le", "lt")
                and last_code.removesuffix("/d") == code.removesuffix("/d")
                and bracket
            ):
                interval = Interval.of(operator, quantity.values[0])  # `above 360 mg/m2 (epirubicin 720 mg/m2)`
        made = [self._fact(passage, "dose.drug", quantity, interval, code, unit.surface, agent)]
        passage.claimed.add(index)
        for earlier, gap in elided(passage, index):
            own = self._agent(passage, drugs, earlier.start, earlier.end, places) or agent
            if gap.strip() == "/" and len(drugs) >= 2:  # `telmisartan/amlodipine 40/5 mg`: in the order of the names
                named = [d for d in drugs if d[1] <= earlier.start]
                if len(named) >= 2:
                    own = named[-2][2]
            made.append(self._fact(passage, "dose.elided", earlier, earlier.interval, code, unit.surface, own))
        return made

    def _bound_before_name(self, passage: Passage, quantity: Quantity, drugs: list[tuple[int, int, str]]) -> str | None:
        """The operator of `in excess of prednisone 30 mg/day`, which stands in front of the drug."""
        if quantity.operator is not None or quantity.ranged:
            return None
        name = next((d for d in reversed(drugs) if d[1] <= quantity.start), None)
        if name is None or not _ONLY_SHORT.fullmatch(passage.text, name[1], quantity.start):
            return None
        found = self._bound.search(passage.text, max(passage.start, name[0] - 60), name[0])
        operator = self._comparators.operator(found["op"]) if found else None
        return operator if operator in ("ge", "gt", "le", "lt") else None

    @staticmethod
    def _fact(
        passage: Passage, rule: str, quantity: Quantity, interval: Interval, code: str, written: str, agent: str | None
    ) -> Fact:
        return passage.fact(
            "DOSE",
            rule,
            quantity.start,
            quantity.end,
            modality="drug",
            **bounds(interval),
            unit=code,
            unit_as_written=" ".join(written.split()),
            agent=agent,
        )

    def _agent(
        self, passage: Passage, drugs: list[tuple[int, int, str]], start: int, end: int, places: list[tuple[int, int]]
    ) -> str | None:
        """The drug of a dose: inside or right behind it (`325 mg of aspirin`), else the nearest before, else behind.

        A class (`corticosteroids`) gives way to a drug that the dose is reckoned in (`> 10 mg prednisone equivalent`).
        """
        text = passage.text
        behind = next(((a, name) for a, _, name in drugs if a >= end), None)
        before = next(((b, name) for _, b, name in reversed(drugs) if b <= start), None)
        inside = next((name for a, b, name in drugs if a >= start and b <= end), None)
        if inside is not None:
            return inside
        occupied = before is not None and any(before[0] <= a and b <= start for a, b in places)
        near = before is not None and start - before[0] <= 160 and not _STOP.search(text, before[0], start)
        if behind is not None:
            link = _BEHIND.fullmatch(text, end, behind[0])
            adjoining = before is not None and not occupied and _ADJOINING.fullmatch(text, before[0], start) is not None
            reckoned = before is not None and self._drugs.is_class(before[1]) and not self._drugs.is_class(behind[1])
            if link and (not adjoining or "of" in link.group().lower().split() or reckoned):
                return behind[1]
        if before is not None and near and sum(before[0] <= a and b <= start for a, b in places) <= 2:
            return before[1]
        if behind is not None and behind[0] - end <= 60 and not any(end <= a < behind[0] for a, _ in places):
            return behind[1]
        # `200 mg, 400 mg or 800 mg`, `either 81 mg or 325 mg aspirin`: alternatives are of one drug
        k = next((k for k, place in enumerate(places) if place[0] == start), len(places))
        if 0 < k < len(places) and _ALTERNATIVE.fullmatch(text, places[k - 1][1], start) and before is not None:
            return self._agent(passage, drugs, *places[k - 1], places) if places[k - 1][0] >= before[0] else None
        if not drugs:  # `dosing of 1250 mg is safe`: the drug that the paragraph named last
            named = self._drugs.find(text, max(passage.line_start, start - _PARAGRAPH), passage.start)
            return named[-1][2] if named else None
        if behind is not None and k + 1 < len(places) and _ALTERNATIVE.fullmatch(text, end, places[k + 1][0]):
            return behind[1] if _BEHIND.fullmatch(text, places[k + 1][1], behind[0]) else None
        return None


def _without_abbreviations(text: str, drugs: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """`fluorouracil (5-FU)` is one drug, under its name: it ends where the bracket does."""
    kept: list[tuple[int, int, str]] = []
    for start, end, name in drugs:
        if kept and text[kept[-1][1] : start].strip() == "(" and text[end : end + 1] == ")":
            kept[-1] = (kept[-1][0], end + 1, kept[-1][2])
        else:
            kept.append((start, end, name))
    return kept
