"""FRACTIONS: numbers of radiotherapy fractions, told from frequencies, ordinals and other fractions.

A number counts fractions when a word for fraction follows (`25 fractions`, `3 stereotactic treatments`), when it
multiplies a dose (`25 x 2 Gy`, `2 Gy x 25`), or when it stands right behind a total (`50 Gy/25`, `40 Gy in 15`).
"""

from __future__ import annotations

import re

from trialsift.extraction.quantities import numbers
from trialsift.extraction.structure.passage import Passage
from trialsift.model.fact import Fact
from trialsift.rules.files import compile_words
from trialsift.rules.guarded import holds, needed
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Expression, Table, read_as

NUMBER = (
    r"(?:\d{1,3}(?:\.\d)?|"
    + "|".join(sorted((w for w in numbers.WORDS if w not in ("twice", "thrice")), key=len, reverse=True))
    + ")"
)
_RANGE = rf"{NUMBER}(?:\s*\(\s*\d+\s*\))?(?:\s*(?:-|–|—|~|to|or|and|/)\s*{NUMBER})?"
_PERIOD = r"(?:weeks?|wks?|days?|d\b|months?)"
_IN_BARE = re.compile(
    r"\s+in\s+(?P<n>\d{1,2}|fifteen|twenty|ten|five|three|thirty)(?=\s*(?:over\b|[.,;)](?!\d)|or\b|and\b|is\b|to\b|$))"
    rf"(?!\s*(?:to|or|and)\s+\d+\s*{_PERIOD})",
    re.I,
)
_CELL = re.compile(r"\s*\|\s*(?P<n>\d{1,2}(?:\s*[-–]\s*\d{1,2})?)\s*\|")
_COLUMN = re.compile(r"\|\s*(?:no\.?\s+of\s+|number\s+of\s+)?(?:fractions|fx|fr\b)", re.I)
_BEFORE_TIMES = re.compile(r"(?<![\w.])(?P<n>\d{1,3}(?:\s*(?:-|–|to)\s*\d{1,3})?)\s*(?:[x×*·✕]|times)\s*\(?\s*$", re.I)
_SINGLE_LEFT = re.compile(r"\b(?P<n>single|one)[\s-]+$", re.I)
_SINGLE = re.compile(
    r"\b(?:single|one)[\s-]+(?:(?:high|large|stereotactic|treatment|radiation|radiotherapy|ablative)[\s-]+)*(?:dose|"
    r"session|treatment|exposure)\b"
    r"(?=\W*(?:$|of\b|to\b|on\b|with\b|at\b|versus\b|vs\b|or\b|and\b|[,.;)]))",
    re.I,
)
_OF_SINGLE = needed(_SINGLE)
_NOT_SINGLE = re.compile(r"(?:target|highest|maximum|per)\s*$", re.I)
_TOLD = re.compile(
    r"\b(?:delivered|given|divided|administered|over|in|for|total\s+of|receive|undergo)\s+(?:in|over|"
    r"into)?\s*(?:an?\s+)?$",
    re.I,
)
_RADIATION = re.compile(r"Gy\b|radiotherap|radiation|irradiat|stereotactic|side effects|SBRT|radiosurg|brachy", re.I)
_OTHER_TREATMENT = re.compile(r"interleukin|TACE|injection|chemotherapy\s*$|infusion", re.I)
_OF_DOSE = re.compile(r"\s*(?:of\s+\d[\d.,-]*\s*c?Gy|(?:delivered|given)?\s*(?:over|in)\s+[\w.-]+\s+weeks)", re.I)
_DRUG_AMOUNT = re.compile(r"\d\s*(?:mg|mcg|g/m|IU)", re.I)
_ADJOINS = re.compile(r"\s*(?:,|\(|in|over)?\s*", re.I)
_MOST = 120
# without a dose, other words for fractions count other things
#: Words without which a passage that holds no dose says nothing of fractions.
TELLING = ("fraction", "fx", "session", "treatments", "stereotactic", "sitting")

_OF_GRAY = re.compile(
    r"s?\s+(?:of|at)\s+(?:about\s+|~\s*)?\d[\d.,]*\s*c?Gy\b(?!\s*(?:,|and|or|vs\.?|versus)\s*\d)", re.I
)


class FractionWords(Table):
    """The words for fractions, and around them."""

    fraction: list[Expression]
    applicator: list[Expression]
    weak: list[Expression]
    kinds: list[Expression]
    frequency: list[Expression]
    not_before: list[Expression]


class FractionsFile(LabelFile, extra="forbid"):
    """What `fractions.toml` holds."""

    words: FractionWords


class Fractions:
    """The FRACTIONS half of the dose engine. Words and examples are in `patterns/entities/fractions.toml`."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "entities/fractions.toml"
        words = dict(read_as(FractionsFile, path).words)
        noun, weak, kinds = ("|".join(words[key]) for key in ("fraction", "weak", "kinds"))
        applicator = "|".join(words["applicator"])
        frequency = "|".join(words["frequency"])
        self._counted = compile_words(
            path,
            "[words]",
            rf"(?:(?<![\w.])|(?<=\Win))(?<!\d[,.])(?P<approx>[~≈]\s*)?(?P<n>{_RANGE})(?P<kind>(?:[\s-]*(?:{kinds})\b){{0,4}})[\s-]*"
            rf"(?P<word>(?P<noun>{noun})(?!\w)|(?P<applicator>{applicator})\b|(?P<weak>{weak})\b)",
        )
        self._slashed = compile_words(
            path,
            "[words]",
            rf"\s*/\s*(?P<n>\d{{1,3}}(?:\s*[-–]\s*\d{{1,3}})?)\s*(?P<word>fs?|fx|frx?|fractions?|x|#)?"
            rf"(?![\w/]|[.-]\d|\s*(?:Gy|cGy|%)|\s*-?\s*(?:{_PERIOD}|times|per|Me?V)\b|\s*(?:{frequency}))",
        )
        self._after_times = compile_words(
            path,
            "[words]",
            rf"(?:\s*(?:\)|per\s+fraction|/\s*(?:fraction|fx|fr|f)\b|-?fractions?|daily|(?:once|twice)\s+(?:per|"
            rf"a)\s+day|each|per\s+day|/d(?:ay)?\b|bid|qd|\(\s*rads?\s*\)))*\s*,?\s*"
            rf"(?P<x>[x×*✕](?:\s*[~≈])?)\s*(?P<n>\d{{1,3}}(?:\s*(?:-|–|to)\s*\d{{1,3}})?)(?![\d.]*\s*(?:c?Gy|cm|"
            rf"mm))(?!\s*/\s*d)"
            rf"(?P<word>\s*-?\s*(?:(?:{noun})(?!\w)|treatments?\b|times\b|doses\b|days\b|f\b))?"
            rf"(?!(?:\s*-?\s*(?:{noun}|treatments?|times|doses|days))?\s*(?:every|per|a|/|each)\s*(?:week|wk)\b)",
        )
        self._frequency = compile_words(path, "[words]", rf"\s*(?:{frequency})")
        self._not_before = compile_words(path, "[words]", rf"\b(?:{'|'.join(words['not_before'])})\s*$")
        self._words = needed(self._counted)

    @staticmethod
    def worth_a_look(passage: Passage) -> bool:
        """Whether a passage without a dose can speak of fractions."""
        return holds(passage.plain, TELLING)

    def find(self, passage: Passage, doses: list[tuple[int, int]]) -> list[Fact]:
        """FRACTIONS of a passage; `doses` are the places of its radiation doses. A number that multiplies a dose has,
        until the engine takes it away, the attribute `of`: where that dose begins."""
        found: list[tuple[int, int, str, int | None]] = []
        for start, end in doses:
            found.extend(self._beside(passage, start, end))
        counted = self._counted.finditer(passage.text, passage.start, passage.end)
        for match in counted if holds(passage.plain, self._words) else ():
            if self._counts(passage, match, doses):
                begin = match.start("approx") if match["approx"] else match.start("n")
                found.append((begin, match.end("word"), match["n"], None))
        single = _SINGLE.finditer(passage.text, passage.start, passage.end)
        for match in single if doses and holds(passage.plain, _OF_SINGLE) else ():
            near = any(0 <= start - match.end() <= 6 or -1 <= match.start() - end <= 22 for start, end in doses)
            if near and not _NOT_SINGLE.search(passage.left(match.start(), 12)):
                found.append((match.start(), match.end(), "1", None))
        facts: list[Fact] = []
        last = -1
        for begin, end, surface, of in sorted(found, key=lambda f: (f[0], -f[1], f[3] is None)):
            values = [int(numbers.value(number)) for number in re.findall(NUMBER, surface, re.I)]
            if begin < last or not values or not 1 <= min(values) <= max(values) <= _MOST:
                continue
            last = end
            rule = "fractions.counted" if of is None else "fractions.times"
            extra = {} if of is None else {"of": of}
            facts.append(passage.fact("FRACTIONS", rule, begin, end, low=min(values), high=max(values), **extra))
        return facts

    def _beside(self, passage: Passage, start: int, end: int) -> list[tuple[int, int, str, int | None]]:
        """Numbers of fractions right before or behind a dose."""
        text, found = passage.text, list[tuple[int, int, str, int | None]]()
        before = _BEFORE_TIMES.search(text, max(passage.start, start - 14), start)
        if before and not re.match(r"\s*(?:per\s+week|/\s*(?:week|d\b))", text[end : end + 12], re.I):
            found.append((before.start("n"), len(text[:start].rstrip(" (")), before["n"], start))
        after = self._after_times.match(text, end, passage.end)
        if after:
            found.append((after.start("n") if after["word"] else after.start("x"), after.end(), after["n"], start))
        slashed = self._slashed.match(text, end, passage.end)
        if slashed:
            found.append(
                (slashed.start("n"), slashed.end("word") if slashed["word"] else slashed.end("n"), slashed["n"], None)
            )
        bare = _IN_BARE.match(text, end, passage.end) or (
            self._tabulated(passage) and _CELL.match(text, end, passage.end)
        )
        if bare:
            found.append((bare.start("n"), bare.end("n"), bare["n"], None))
        single = _SINGLE_LEFT.search(text, max(passage.start, start - 12), start)
        if single and re.match(
            r"\s*-?\s*(?:fraction\b|(?:delivered|given|to|[,.;)])(?!\s*\d))", text[end : end + 12], re.I
        ):
            found.append((single.start("n"), single.end("n"), "1", None))
        return found

    @staticmethod
    def _tabulated(passage: Passage) -> bool:
        """A flattened table with a column of fractions above."""
        return (
            "|" in passage.text[passage.start : passage.end]
            and _COLUMN.search(passage.text, max(0, passage.start - 700), passage.end) is not None
        )

    def _counts(self, passage: Passage, match: re.Match[str], doses: list[tuple[int, int]]) -> bool:
        """A counted word is a number of fractions unless it is a frequency, an ordinal or something else's number."""
        text = passage.text
        left, right = passage.left(match.start(), 24), passage.right(match.end(), 30)
        if self._frequency.match(right) or self._not_before.search(left) or "." in match["n"]:
            return False
        if (
            match["n"].lower() in ("one", "1")
            and not re.search(r"\b(?:in|as|with)\s*$", left, re.I)
            and (
                re.match(
                    r"\s*(?:is|will|was|of\s+the|to|daily|every|(?:a|per|each)\s+(?:day|week))\b|,\s*(?:five|5|"
                    r"\w+\s+days)",
                    right,
                )
                or match["noun"] is None
            )
        ):
            return False
        times = re.search(r"[x×]\s*$", left) is not None
        dose_before = [end for _, end in doses if end <= match.start()]
        if match["weak"]:
            word = match["weak"].lower().rstrip("s")
            if times:
                return any(
                    match.start() - end <= 60 and not _DRUG_AMOUNT.search(text, end, match.start())
                    for end in dose_before
                )
            if (
                word == "dose" and match["n"].lower() != "single" and _OF_GRAY.match(text, match.end())
            ):  # `three daily doses of 8 Gy`
                return True
            if word == "time":
                return bool(doses) and re.search(r"\btotal\s+of\s*$", left, re.I) is not None
            if word != "treatment" or _OTHER_TREATMENT.search(match["kind"] + left):
                return False
            line = text[passage.line_start : passage.line_end]
            return bool(
                re.search(r"stereotactic|radi|SBRT|RT", match["kind"] or "", re.I)
                or _OF_DOSE.match(right)
                or any(_ADJOINS.fullmatch(text, end, match.start()) for end in dose_before)
                or (_TOLD.search(left) and _RADIATION.search(line))
            )
        if match["applicator"]:
            return bool(doses) and (times or re.match(r"\s*of\s+\d", right) is not None)
        if "session" in match["word"].lower() or "sitting" in match["word"].lower():
            return bool(doses) or _RADIATION.search(match.group()) is not None
        return not re.match(r"\s*(?:1|2|one)\s*$", right)
