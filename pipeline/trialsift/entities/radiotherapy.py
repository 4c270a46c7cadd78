"""Radiation doses and numbers of fractions.

A dose is a number with a unit of absorbed dose. Its role follows from the words and numbers around it: multiplied or
`per fraction`, it is the dose of a fraction; a constraint, a biological equivalent or a step is `other`; else a total.
"""

from __future__ import annotations

import re

from ..facts import Fact
from ..quantity import numbers
from ..quantity.quantities import Quantity
from .passage import Passage, bounds

_FRACTION_WORD = (r"(?:fractions?|fxs?|fx's|frac(?:tion)?s?\.?|frx|frs?\b\.?|sittings?|(?:treatment\s+)?sessions?|applications?|insertions?|implants?|exposures?)")
_BETWEEN = r"(?:(?:-|\s)*(?:daily|weekly|twice-?\s?weekly|consecutive|equal|once-?\s?daily|twice-?\s?daily|hypofractionated|treatment|radiation|radiotherapy|sbrt|srs|hdr|ldr|stereotactic|separate|identical|high-?dose(?:-?rate)?|conventional|total|single|b\.?i\.?d\.?|q\.?d\.?|rt|ebrt|standard|outpatient|body|ablative|brachytherapy|once-?a-?day|large|hyperfractionated|individual|working-?\s?day|planned|proton|irradiation|imrt|vmat|boost|intracavitary|interstitial|short|every-?other-?day|non-?consecutive|sequential)\b)"
_NUM = r"(?:\d{1,3}(?:\.\d)?|" + "|".join(sorted((w for w, v in numbers.WORDS.items() if w not in ("twice", "thrice")), key=len, reverse=True)) + r")"
_RANGE = rf"{_NUM}(?:\s*\(\s*\d+\s*\))?(?:\s*(?:-|–|—|~|to|or|and|/)\s*{_NUM})?"
_COUNTED = re.compile(
    rf"(?<![\w.])(?<!\d[,.])(?P<approx>[~≈]\s*)?(?P<n>{_RANGE})(?P<mid>(?:\s|-)*{_BETWEEN}{{0,4}})(?:\s|-)*(?P<word>{_FRACTION_WORD}|(?P<weak>treatments?|times|doses|days)\b)(?![\w])", re.I)
_FRACTIONATED = re.compile(r"fraction|fx|session|treatments|stereotactic|sitting", re.I)
_SLASHED = re.compile(r"\s*/\s*(?P<n>\d{1,3}(?:\s*[-–]\s*\d{1,3})?)\s*(?P<word>f|fx|fr|fs|fractions?|frx?|x)?(?![\w/]|[.-]\d|\s*(?:Gy|cGy|%)|\s*-?\s*(?:weeks?|wks?|days?|months?|times|per|Me?V)\b|\s*(?:fractions?|fx|fr)\s+(?:per|a|/)\s*(?:week|day))", re.I)
_BEFORE_TIMES = re.compile(r"(?<![\w.])(?P<n>\d{1,3}(?:\s*(?:-|–|to)\s*\d{1,3})?)\s*(?:[x×*·✕]|times)\s*\(?\s*$", re.I)
_AFTER_TIMES = re.compile(
    rf"(?:\s*(?:\)|per\s+fraction|/\s*(?:fraction|fx|fr|f)\b|-?fractions?|daily|(?:once|twice)\s+(?:per|a)\s+day|each|per\s+day|/d(?:ay)?\b|bid|qd|\(\s*rads?\s*\)))*\s*,?\s*(?P<x>[x×*✕](?:\s*[~≈])?)\s*(?P<n>\d{{1,3}}(?:\s*(?:-|–|to)\s*\d{{1,3}})?)(?![\d.]*\s*(?:c?Gy|cm|mm))(?P<word>\s*-?\s*(?:{_FRACTION_WORD}|treatments?|times|doses|days|f\b))?", re.I)
_FREQUENCY = re.compile(
    r"\s*(?:per|a|/|each|every|in\s+(?:a|one|each|every))\s*(?:single\s+)?(?:treatment\s+)?(?:week|day|wk|d\b|24|month)|\s*(?:weekly|daily|/week|/wk|/day|/d\b)(?!\s+(?:fraction|for|to\s+a\s+total))", re.I)
_IN_BARE = re.compile(r"\s+in\s+(?P<n>\d{1,2}|fifteen|twenty|ten|five|three|thirty)(?=\s*(?:over\b|[.,;)](?!\d)|or\b|and\b|is\b|to\b|$))(?!\s*(?:to|or|and)\s+\d+\s*(?:days|weeks|months))", re.I)
_CELL = re.compile(r"\s*\|\s*(?P<n>\d{1,2}(?:\s*[-–]\s*\d{1,2})?)\s*\|")
_SINGLE_LEFT = re.compile(r"\b(?P<n>single|one)[\s-]+$", re.I)
_SINGLE = re.compile(r"\b(?P<n>single|one)[\s-]+(?:(?:high|large|stereotactic|treatment|radiation|radiotherapy|ablative|daily)[\s-]+)*(?P<word>fraction|dose|session|treatment|exposure)\b", re.I)
_ORDINAL_LEFT = re.compile(r"\b(?:ejection|shortening|bound|recombination|attributable|filtration|day|week|cycle|course|at|after|before|during|first|last|second|third|fraction|no\.?|grade|arm|cohort|stage|phase|level)\s*$", re.I)

_PER_FRACTION_RIGHT = re.compile(
    r"\s*(?:\(\s*rads?\s*\)\s*)?(?:\([^()]{0,24}\)\s*)?(?:,\s*)?(?:(?:per|/|a|each|every)\s*-?\s*(?:daily\s+|treatment\s+)?(?:fraction|fx|fr\b|f\b|day\b|d\b|session|treatment|time\b|sitting|application|exposure|insertion|implant)|"
    r"-?\s*(?:daily|once[\s-]+(?:daily|a\s+day|per\s+day)|twice[\s-]+(?:daily|a\s+day|per\s+day)|b\.?i\.?d|q\.?d\b|each\b|fractions?\b|fx\b|(?:once|twice)\s+per\s+day|single\s+fractions|daily\s+fractions?|(?:once|twice)[\s-](?:daily|weekly)\s+fractions?|weekly\s+fractions?|hyperfractionat\w+\s+fractions|fractionation|fraction\s+size)\b)", re.I)
_TIMES_RIGHT = re.compile(r"\s*(?:\(\s*rads?\s*\)\s*)?\)?\s*[x×*✕]\s*~?\s*\d", re.I)
_PER_FRACTION_LEFT = re.compile(
    r"(?:\bfractions?(?:ation)?\s*(?:sizes?|doses?)?\s*(?:\(?[^()]{0,12}\)?\s*)?(?:of|at|is|are|was|with|=|:|size|from|will be)\s*(?:approximately\s*)?|\bfractional doses?\s*(?:of|is|:|=)?\s*|\b(?:sessions|insertions?|applications?)\s*(?:each\s*)?(?:of|at|with)\s*|"
    r"\bdos(?:e|es|age)\s*(?:/|per|each)\s*(?:fraction|fx|treatment|day|session)s?\b(?:(?!\btotal\b)[^.;]){0,120}|\bdaily\s+(?:\w+\s+)?(?:doses?|fractions?)\s*(?:of|:|is|=)?\s*|\bper[\s-]fraction\s+dose[^.;]{0,30}|\bfraction\s+(?:dose|size)[^.;]{0,25}|\beach\s+(?:fraction\s+)?(?:of|with)\s*|\bat\s+each\s+fraction[^.;]{0,40})$", re.I)
_PER_FRACTION_WEAK = re.compile(r"(?:\btreatments?\s*(?:each\s*)?(?:of|at|with)\s*|\bsession\s*(?:of|at|with)\s*|\bfractionation\s*(?:of|:|\w+)?\s*(?:\(|of|with)?\s*)$", re.I)
_ONE_FRACTION_LEFT = re.compile(r"(?<![\d-])\b(?:(?:single|one)[\s-]+(?:[a-z]+[\s-]+)?fractions?|1\s+fraction)\s*(?:of|at|with)\s*(?:a\s+)?$", re.I)
_IN_FRACTIONS = re.compile(r"\s*(?:,\s*)?(?:\(|/|in|given\s+in|delivered\s+in|over|for|as)\s*(?:(?:2|3|4|5|6|7|8|9|\d\d)\b|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)[\s-]*(?:daily\s+|weekly\s+|equal\s+)?(?:fractions?|fx|fr|f|#)(?![a-z])", re.I)
_OTHER_LEFT = re.compile(
    r"(?:\b(?:(?-i:BED\d*|EQD\s?2?|EQD₂|NTD)|biologic(?:al(?:ly)?)?\s+(?:effective|equivalent)\s+doses?|biologically|equivalent\s+(?:total\s+)?dose\s+in\s+2|Dmax|Dmean|Dmin|D\d+(?:\.\d+)?\s?(?:%|cc|cm3|cm³|ml|cm)|[DV]\s?\d+(?=\s*(?:[:<>≤≥=]|of\b|is\b|to\b))|V\d+\s?(?:Gy|%)|MLD|mean\s+(?:lung|heart|liver|kidney|parotid|organ|cord|brain|bowel|cochlea\w*|larynx|oral)\w*\s+dose|max(?:imum|imal)?\s+(?:point\s+)?(?:cord|spinal|brain\w*|organ|dose\s+(?:to|of|for)\s+(?:the\s+)?(?:spinal|cord|brain\s?stem|optic|chiasm|lens|bowel|rect|bladder|heart|lung|liver|kidney|esoph|oesoph|skin|cochlea))|"
    r"constraints?|tolerance|spinal\s+cord|brain\s?stem|optic\s+(?:nerves?|chiasm|pathway)|organs?\s+at\s+risk|OARs?|increments?\s+of|increase[sd]?\s+(?:by|in)|increasing\s+(?:by|in)|steps?\s+of|escalat\w+\s+(?:by|in|interval\s+of|steps\s+of)|escalating\s+dose\s+interval|interval\s+of|decrease[sd]?\s+by|reduced\s+by|increments|"
    r"(?<!high )(?<!low )(?<!high-)(?<!low-)dose[\s-]rate|Davg|average\s+dose|volume\s+(?:receiving|of\s+\w+\s+receiving)|receiving\s+(?:more\s+than|at\s+least|≥|>)|isodose)\b[^.;]{0,45}|\b(?:previously|prior)\s*\(?|\bprior\s+(?:thoracic|pelvic|cranial|brain|radiation|radiotherapy|irradiation|RT|external)[^.;]{0,60}|\bafter\s+(?:the\s+first\s+)?|\bα/β[^.;]{0,20})$", re.I)
_STEP = re.compile(r"\b(?:steps?|increments?|intervals?)\s+of\s*$|\b(?:increas|decreas|reduc|escalat)\w*\s+(?:\w+\s+){0,2}(?:by|in\s+steps\s+of)\s*$", re.I)
_ORGAN = (r"(?:lungs?|heart|liver|kidneys?|spinal\s+cord|cord|brain\s?stem|brain|o?esophagus|stomach|duodenum|bladder|rectum|rectal|sigmoid|(?:small\s+|large\s+)?bowel|great\s+vessels|aorta|"
          r"cochleae?|parotids?|larynx|lens(?:es)?|chiasm|optic\s+\w+|eyes?|retina|skin|femoral\s+heads?|urethra|pharynx|mandible|oral\s+cavity|thyroid|trachea|bronch\w+|chest\s+wall|brachial\s+plexus|organs?\s+at\s+risk|"
          r"normal\s+tissues?|spleen|pituitary|hippocamp\w+|bone\s+marrow|testes|ovar(?:y|ies)|its\s+centre|surface|critical\s+structures?|LAD|left\s+ventricle)")
_TO_ORGAN = re.compile(rf"\b{_ORGAN}\b(?:(?!\b(?:boost|tumou?r|PTV|GTV|CTV|target|total)\b)[^.;]){{0,60}}$", re.I)
_ORGAN_RECEIVES = re.compile(rf"\b{_ORGAN}\s+(?:\w+\s+)?(?:may|should|must|will|can|is\s+to|are\s+to)\s+(?:not\s+)?(?:receive|get|exceed|have)\b[^.;]{{0,45}}$", re.I)
_SPARED = re.compile(r"\b(?:shield\w*|block\w*|spar\w+|protect\w*)\s+(?:\w+\s+){0,2}(?:after|at|from|beyond)\s*$", re.I)
_CONSTRAINT_GOES_ON = re.compile(r"\s*(?:[;,]\s*(?:and\s+)?(?:max(?:imum|imal)?|mean|median|minimum)?\s*(?:dose\s*)?(?:of\s*)?|(?:for\s+\w+(?:\s+\w+)?\s+)?(?:and|versus|vs\.?|or)\s+|\s*\([^()]*\)\s*(?:and|versus|or)\s+)", re.I)
_OTHER_RIGHT = re.compile(r"\s*(?:\([^)]{0,12}\)\s*)?(?:BED|EQD\s?2?|increments?|steps?|dose\s+(?:increments?|steps?|levels?\s+increments?)|per\s+dose\s+level|isodose|constraints?|/\s*(?:min|h\b|hr|hour)|per\s+(?:min|hour)|or\s+(?:more|higher)\s+to\s+(?:the\s+)?(?:spinal|heart|lung|liver))", re.I)
_AFTER_RADIOTHERAPY = re.compile(r"\bafter\s+(?:the\s+first\s+|receiving\s+|completion\s+of\s+)?(?:\w+\s+){0,2}$|\band/or\s*$", re.I)
_OF_RADIOTHERAPY = re.compile(r"\s*of\s+(?:\w+\s+){0,2}(?:radio|irradiation|radiation|RT\b)", re.I)
_ALPHA_BETA = re.compile(r"(?:(?:α|alpha|\ba)\s*[/-]\s*(?:β|ß|beta|b\b)|/\s*ratio|\bratio['’]?s?\s*(?:α|alpha)|ab\s+ratio)[^.;\d]{0,50}$", re.I)
_ALPHA_BETA_TWICE = re.compile(r"(?:(?:α|alpha)\s*/\s*(?:β|ß|beta)|/\s*ratio)[^.;]{0,30}?\d\s*Gy\s+(?:for|in)\s+(?:\w+\s+){1,5}and\s*$", re.I)
_ALPHA_RIGHT = re.compile(r"\s*(?:\)|,)?\s*(?:for|as)?\s*(?:the\s+)?(?:α|alpha)\s*/\s*(?:β|beta)", re.I)
_BOOST_RIGHT = re.compile(r"[^.;,]{0,22}\bboost", re.I)
_BOOST_LEFT = re.compile(r"\bboost(?:s|ed|ing)?\b[^.;\d]{0,60}$|\b(?:boost|vertices)\s*(?:\w+\s+){0,4}(?:of|to|with|up to)?\s*[\d.,xX× -]*$|\bvertices\s+of\s*$", re.I)
_TOTAL_RIGHT = re.compile(r"\s*(?:in\s+total|total|in\s+\d+|in\s+(?:a\s+)?(?:single|one|two|three|four|five|ten)\b|/\s*\d|given\s+in|delivered\s+in|over\s+\d)", re.I)
_TOTAL_LEFT = re.compile(r"\b(?:total|cumulative|overall|whole|summed)\b[^.;\d]{0,45}$|=\s*$", re.I)
_ELISION = re.compile(r"\s*(?:versus|vs\.?|or|and|/|to)\s*", re.I)
_LIST = re.compile(r"\s*,\s*", re.I)


class Radiotherapy:
    """The radiation half of DOSE, and FRACTIONS."""

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of a passage; the dose quantities are claimed."""
        doses = [(i, q) for i, q in enumerate(passage.quantities) if q.kind in ("radiation", "radiation_rate") and i not in passage.claimed]
        if not doses and not _FRACTIONATED.search(passage.text, passage.start, passage.end):
            return []
        fractions = self._fractions(passage, [q for _, q in doses])
        facts = list(fractions)
        before: Fact | None = None
        for index, quantity in doses:
            passage.claimed.add(index)
            made = self._dose(passage, index, quantity, fractions, before)
            facts.extend(made)
            before = made[0] if made else None
        return facts

    # -- fractions ----------------------------------------------------------------------------------------------

    def _fractions(self, passage: Passage, doses: list[Quantity]) -> list[Fact]:
        text, found = passage.text, list[tuple[int, int, str, str]]()
        for dose in doses:
            unit_end = self._dose_end(text, dose)
            before = _BEFORE_TIMES.search(text, max(passage.start, dose.start - 14), dose.start)
            if before:
                found.append((before.start("n"), len(text[:dose.start].rstrip(" (")), before["n"], "fractions.times"))
            after = _AFTER_TIMES.match(text, unit_end, passage.end)
            if after:
                start = after.start("n") if after["word"] else after.start("x")
                found.append((start, after.end(), after["n"], "fractions.times"))
            slashed = _SLASHED.match(text, unit_end, passage.end)
            if slashed and (slashed["word"] or not re.match(r"\s*\d", text[slashed.end():slashed.end() + 3])):
                end = slashed.end("word") if slashed["word"] else slashed.end("n")
                found.append((slashed.start("n"), end, slashed["n"], "fractions.counted"))
            bare = _IN_BARE.match(text, unit_end, passage.end) or (self._tabulated(passage) and _CELL.match(text, unit_end, passage.end))
            if bare:
                found.append((bare.start("n"), bare.end("n"), bare["n"], "fractions.counted"))
            single = _SINGLE_LEFT.search(text, max(passage.start, dose.start - 12), dose.start)
            if single and re.match(r"\s*-?\s*fraction\b", text[unit_end:unit_end + 12], re.I):
                found.append((single.start("n"), single.end("n"), "1", "fractions.counted"))
        for match in _COUNTED.finditer(text, passage.start, passage.end):
            if self._counts(passage, match, doses):
                start = match.start("approx") if match["approx"] else match.start("n")
                found.append((start, match.end("word"), match["n"], "fractions.counted"))
        if doses:
            for match in _SINGLE.finditer(text, passage.start, passage.end):
                near = any(0 <= d.start - match.end() <= 6 or -1 <= match.start() - d.end <= 22 for d in doses)
                if match["word"].lower() != "fraction" and near and re.match(r"\s*(?:of|$)|\W*$|\s*(?:to|on|with|at|versus|vs|or|and)\b", text[match.end():match.end() + 8], re.I) \
                        and not re.search(r"(?:target|highest|maximum|per)\s*$", text[max(passage.start, match.start() - 12):match.start()], re.I):
                    found.append((match.start(), match.end(), "1", "fractions.counted"))
        facts: list[Fact] = []
        taken: list[tuple[int, int]] = []
        for start, end, surface, rule in sorted(found, key=lambda f: (f[0], -f[1])):
            if any(a < end and start < b for a, b in taken):
                continue
            values = [int(numbers.value(m)) for m in re.findall(_NUM, surface, re.I)]
            if not values or not 1 <= min(values) <= max(values) <= 120:
                continue
            taken.append((start, end))
            facts.append(passage.fact("FRACTIONS", rule, start, end, low=min(values), high=max(values)))
        return facts

    @staticmethod
    def _tabulated(passage: Passage) -> bool:
        """A flattened table with a column of fractions above."""
        return "|" in passage.text[passage.start:passage.end] and \
            re.search(r"\|\s*(?:no\.?\s+of\s+|number\s+of\s+)?(?:fractions|fx|fr\b)", passage.text[max(0, passage.start - 700):passage.end], re.I) is not None

    @staticmethod
    def _counts(passage: Passage, match: re.Match[str], doses: list[Quantity]) -> bool:
        """A counted fraction word is a number of fractions unless it is a frequency, an ordinal or another fraction."""
        text = passage.text
        left, right = passage.left(match.start(), 24), passage.right(match.end(), 30)
        if _FREQUENCY.match(right) or _ORDINAL_LEFT.search(left) or "." in match["n"]:
            return False
        inside = re.search(r"\b(?:in|as|with)\s*$", left, re.I) is not None
        if match["n"].lower() in ("one", "1") and not inside and (re.match(r"\s*(?:is|will|was|of\s+the|to)\b", right) or not doses and match["word"].lower() != "fraction"):
            return False
        if match["weak"]:
            word = match["weak"].lower().rstrip("s")
            close = re.search(r"[x×]\s*$", left) and any(0 <= match.start() - d.end <= 60 and not re.search(r"\d\s*(?:mg|mcg|g/m|IU)", text[d.end:match.start()], re.I) for d in doses) or (word == "treatment" and re.search(r"stereotactic|radiation|radiotherapy|SBRT|RT", match["mid"] or "", re.I))
            counted = word == "treatment" and re.match(r"\s*(?:of\s+\d[\d.,-]*\s*c?Gy|(?:delivered|given)?\s*(?:over|in)\s+[\w.-]+\s+weeks)", right, re.I)
            told = counted or word == "treatment" and re.search(r"\b(?:delivered|given|divided|administered|over|in)\s+(?:in|over|into)?\s*$", left, re.I) and re.search(
                r"Gy|radiotherap|radiation|irradiat|stereotactic|side effects|SBRT", text[passage.line_start:passage.line_end])
            times = word == "time" and doses and re.search(r"\btotal\s+of\s*$", left, re.I)
            dosed = word == "treatment" and any(re.fullmatch(r"\s*(?:,|\(|in|over)?\s*", text[d.end:match.start()]) for d in doses if d.end <= match.start())
            return bool(close or told or times or dosed)
        if re.fullmatch(r"(?:applications?|implants?|exposures?|insertions?)", match["word"], re.I):
            return bool(doses) and (re.search(r"[x×]\s*$", left) is not None or re.match(r"\s*of\s+\d", right) is not None)
        if re.fullmatch(r"(?:treatment\s+)?sessions?", match["word"], re.I):
            return bool(doses) or re.search(r"radiation|radiotherap|brachy|stereotactic|SBRT|HDR", match.group(), re.I) is not None
        if re.fullmatch(r"frac\.?|fr\.?|frs\.?|fractions?|fx.*|fracs?\.?|frx", match["word"], re.I) is None:
            return bool(doses)
        return not re.match(r"\s*(?:1|2|one)\b(?!\s*(?:and|or|to))\s*$", right)

    # -- doses --------------------------------------------------------------------------------------------------

    @staticmethod
    def _dose_end(text: str, quantity: Quantity) -> int:
        """Where the dose ends without the time of a rate (`1.8 Gy` of `1.8 Gy/d`)."""
        if quantity.kind != "radiation_rate" or quantity.unit is None:
            return quantity.end
        joint = re.search(r"\s*(?:/|\bper\b)", text[quantity.number_start:quantity.end])
        return quantity.number_start + joint.start() if joint else quantity.end

    def _dose(self, passage: Passage, index: int, quantity: Quantity, fractions: list[Fact], before: Fact | None) -> list[Fact]:
        text = passage.text
        unit = quantity.unit
        assert unit is not None
        end = self._dose_end(text, quantity)
        left, right = passage.left(quantity.start, 150), passage.right(end, 60)
        if _ALPHA_BETA.search(left + text[quantity.start:quantity.number_start]) or _ALPHA_RIGHT.match(right) or \
                _ALPHA_BETA_TWICE.search(left):
            return []
        scale = {"cGy": 0.01, "mGy": 0.001}.get(unit.ucum.split("/")[0], 1.0)
        if unit.ucum.startswith("mGy"):
            return []
        role = self._role(passage, quantity, left, right, end, fractions, scale)
        if role == "total" and before is not None and before.attributes["role"] == "other" and \
                _CONSTRAINT_GOES_ON.fullmatch(text[before.end:quantity.start]):
            role = "other"
        if role == "total" and before is not None and before.attributes["role"] == "per_fraction" and not _IN_FRACTIONS.match(right) and \
                max(quantity.values) * scale <= 3 * (before.attributes["high"] or before.attributes["low"]) and re.fullmatch(
                r"\s*(?:to|or|versus|vs\.?|and|,)\s*", text[before.end:quantity.start]):
            role = "per_fraction"
        boost = role != "other" and (_BOOST_RIGHT.match(right) is not None or _BOOST_LEFT.search(left) is not None)
        written = unit.surface.split("/")[0].strip() if quantity.kind == "radiation_rate" else unit.surface
        facts = [passage.fact("DOSE", "dose.radiation", quantity.start, end, modality="radiation", role=role,
                              **bounds(quantity.interval, scale), unit="Gy", unit_as_written=" ".join(written.split()), boost=boost)]
        facts.extend(self._elided(passage, index, quantity, role, scale, written, boost))
        return facts

    def _elided(self, passage: Passage, index: int, quantity: Quantity, role: str, scale: float, written: str, boost: bool) -> list[Fact]:
        """Numbers right before that share the unit: `50 versus 60 to 66 Gy`, `10, 15 and 20 Gy`, `50/2 Gy`."""
        facts: list[Fact] = []
        following = quantity
        for k in range(index - 1, -1, -1):
            earlier = passage.quantities[k]
            if k in passage.claimed or earlier.unit is not None or earlier.operator is not None or \
                    re.search(r"Gy(?:\s*\([^()]*\))?\s+in\s*$", passage.left(earlier.start, 20), re.I):
                break
            gap = passage.text[earlier.end:following.start]
            if not (_ELISION.fullmatch(gap) or (facts and _LIST.fullmatch(gap))):
                break
            if re.search(r"(?:arms?|days?|levels?|cohorts?|groups?|weeks?|cycles?|phases?|grades?|stages?|x|×)\s*$", passage.left(earlier.start, 10), re.I):
                break
            slash = gap.strip() == "/"
            elided_role = "total" if slash and earlier.values[0] > 4 * quantity.values[0] else role
            if slash and elided_role == "total" and facts == []:
                elided_role = "total"
            facts.append(passage.fact("DOSE", "dose.elided", earlier.start, earlier.end, modality="radiation", role=elided_role,
                                      **bounds(earlier.interval, scale), unit="Gy", unit_as_written=" ".join(written.split()), boost=boost))
            passage.claimed.add(k)
            following = earlier
        return facts

    @staticmethod
    def _makes_total(passage: Passage, quantity: Quantity, end: int, scale: float) -> bool:
        """`3.5 Gy for 14 fractions (49 Gy total)`: times the number behind it makes another dose of the sentence."""
        text = passage.text
        m = re.match(r"[^.;\d]{0,40}?\b(?:for|in|x|×|over)\s*(\d{1,2})\s*(?:daily\s+|weekly\s+)?(?:fractions?|fx|fr|sessions|treatments|days|doses)\b", text[end:passage.end], re.I)
        if m is None or quantity.ranged or int(m[1]) < 2:
            return False
        product = int(m[1]) * quantity.values[0] * scale
        behind = end + m.end()
        return any(q.kind == "radiation" and q.start >= behind and q.start - behind <= 120 and not q.ranged and q.unit is not None and
                   abs(q.values[0] * (0.01 if q.unit.ucum == "cGy" else 1) - product) <= 0.02 * product for q in passage.quantities)

    def _role(self, passage: Passage, quantity: Quantity, left: str, right: str, end: int, fractions: list[Fact], scale: float) -> str:
        times = any(f.rule == "fractions.times" and (0 <= quantity.start - f.end <= 3 or 0 <= f.start - end <= 60) for f in fractions
                    if f.end <= quantity.start or _AFTER_TIMES.match(passage.text, end, passage.end))
        rate = quantity.kind == "radiation_rate" and quantity.unit is not None and not quantity.unit.ucum.endswith("/d")
        if rate or _STEP.search(left):
            return "other"
        if times or _TIMES_RIGHT.match(right):
            return "per_fraction"
        if _OTHER_RIGHT.match(right) or (_AFTER_RADIOTHERAPY.search(left) and _OF_RADIOTHERAPY.match(right)) or _SPARED.search(left):
            return "other"
        if re.search(r"\b(?:a|one)\s+single\s*$", left, re.I) and re.match(r"\s*-?\s*(?:fraction|dose)\b", right, re.I):
            return "total"
        if _PER_FRACTION_RIGHT.match(right) or quantity.kind == "radiation_rate":
            return "per_fraction"
        top = max(quantity.values) * scale
        if _ONE_FRACTION_LEFT.search(left):
            return "total"
        if self._makes_total(passage, quantity, end, scale):
            return "per_fraction"
        if not _TOTAL_LEFT.search(left) and (_PER_FRACTION_LEFT.search(left) or _PER_FRACTION_WEAK.search(left) and top <= 5) and not (top > 5 and _IN_FRACTIONS.match(right)):
            return "per_fraction"
        above, below = quantity.operator in ("ge", "gt"), quantity.operator in ("le", "lt")
        if passage.polarity is not None and above or _ORGAN_RECEIVES.search(left) or below and _TO_ORGAN.search(left):
            return "other"
        if _OTHER_LEFT.search(left) and not _TOTAL_RIGHT.match(right):
            return "other"
        if re.match(r"\s*(?:for|in|over)\s+(?:a\s+total\s+of\s+)?\d+(?:\s*(?:-|to)\s*\d+)?\s*(?:daily\s+)?(?:fractions|fx|sessions|days)", right, re.I) and top <= 3.0 and not _TOTAL_LEFT.search(left):
            return "per_fraction"
        if 1.0 <= top <= 3.0 and not re.search(r"\bTBI\b|\bTLI\b|total[\s-]+(?:body|skin|lymphoid|marrow)|\bsingle\b|\bboosts?\b|escalat", text_s := passage.text[passage.start:passage.end], re.I) and any(
                q.kind == "radiation" and q is not quantity and q.unit is not None and 20 <= max(q.values) * (0.01 if q.unit.ucum == "cGy" else 1) and
                abs((n := max(q.values) * (0.01 if q.unit.ucum == "cGy" else 1) / top) - round(n)) <= 0.02 * n and 10 <= n <= 45 for q in passage.quantities):
            return "per_fraction"
        slash = re.search(r"\d\s*/\s*$", left)
        if slash and top <= 12:
            return "per_fraction"
        return "total"
