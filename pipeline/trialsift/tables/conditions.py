"""The condition under which a limit holds, in a form that a patient's data can answer.

In: its words and the limits in them. Out: `Condition`. `if liver metastases`, `for women`, `if creatinine > ULN` and
`unless known Gilbert's syndrome` are understood, by the words of `patterns/wording/conditions.toml`; all else is
unclear, and nobody's data answers it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from trialsift.extraction.mentions.lexicon import Names
from trialsift.model.display import describe_labelled
from trialsift.model.fact import Scalar
from trialsift.model.interval import Interval
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

_WORD = re.compile(r"[\w'’-]+")
_STEM = re.compile(r"(?<=\w{3})(?<![su])s$")


class Limit(NamedTuple):
    """An interval of what `label` and `name` say (`LAB`, `creatinine`), in `unit`."""

    label: str
    name: str | None
    interval: Interval
    unit: str | None

    def describe(self) -> str:
        """Describes it in words: `creatinine ≤ 1.5 mg/dL`, `age ≥ 18 years`."""
        return describe_labelled(self.label, {"analyte": self.name, **self.interval._asdict(), "unit": self.unit})

    def to_record(self) -> dict[str, Scalar]:
        """Returns it without what is missing."""
        record = {"label": self.label, "name": self.name, **self.interval._asdict(), "unit": self.unit}
        return {key: value for key, value in record.items() if value is not None}


class Condition(NamedTuple):
    """A condition holds for those of a `sex` who have one of the findings `has` and lie in the intervals `when`, each
    where it is there; with `denied` for all others. `clear`: whether that is all that its words say."""

    text: str
    when: tuple[Limit, ...] = ()
    sex: str | None = None
    has: tuple[str, ...] = ()
    denied: bool = False
    clear: bool = False

    def to_record(self) -> dict[str, Any]:
        """Returns it as JSON, without what is missing."""
        record: dict[str, Any] = {"text": self.text}
        if not self.clear:
            return record
        if self.when:
            record["when"] = [limit.to_record() for limit in self.when]
        if self.sex is not None:
            record["sex"] = self.sex
        if self.has:
            record["has"] = list(self.has)
        if self.denied:
            record["denied"] = True
        return record


class ConditionWords(NamedTuple):
    """Words of conditions (`patterns/wording/conditions.toml`)."""

    denies: re.Pattern[str]
    doubts: re.Pattern[str]
    female: re.Pattern[str]
    male: re.Pattern[str]
    filler: re.Pattern[str]
    ages: re.Pattern[str]
    scores: re.Pattern[str]
    either: re.Pattern[str]
    both: re.Pattern[str]


class NamedWords(NamedTuple):
    """Other words for parts of a finding; the name of the field stands for all."""

    metastases: re.Pattern[str]
    liver: re.Pattern[str]
    bone: re.Pattern[str]
    brain: re.Pattern[str]
    lung: re.Pattern[str]
    gilbert: re.Pattern[str]


class Conditions:
    """Reads conditions by the words of a folder of patterns; `names` are those of tests. Raises PatternError."""

    def __init__(self, folder: Folder, names: Names) -> None:
        self._words = read_wordings(folder).fill(ConditionWords, "conditions")
        self._named = read_wordings(folder).fill(NamedWords, "named")._asdict()
        self.names = names

    def read(self, text: str, rest: str | None, when: tuple[Limit, ...]) -> Condition:
        """Returns a condition. `rest` are its words without the numbers of `when`; None if they aren't known."""
        words = self._words
        if rest is None or words.doubts.search(rest):
            return Condition(text)
        denials = len(words.denies.findall(rest))
        left = words.denies.sub(" ", rest)
        sexes = [sex for sex in ("female", "male") if getattr(words, sex).search(left)]
        left = words.male.sub(" ", words.female.sub(" ", left))
        if when:
            left = left.replace("(", " ").replace(")", " ")
        if any(limit.label == "AGE" for limit in when):
            left = words.ages.sub(" ", left)
        if any(limit.label == "PERFORMANCE_STATUS" for limit in when):
            left = words.scores.sub(" ", left)
        pieces = [self.name_finding(piece) for piece in words.either.split(left)]
        names = {limit.name for limit in when}
        has = tuple(piece for piece in pieces if piece and not self._is_name(piece, names))
        mixed = has and (sexes or when) and words.either.search(left)
        clear = denials < 2 and len(sexes) < 2 and not words.both.search(left) and not mixed
        clear = clear and bool(has or sexes or when) and not (denials and len(has) > 0 and bool(sexes or when))
        return Condition(text, when, sexes[0] if sexes else None, has, denials == 1, clear)

    def name_finding(self, words: str) -> str:
        """Returns a finding in the words that stand for all its names: `liver metastases` for `hepatic metastasis`."""
        for name, expression in self._named.items():
            words = expression.sub(f" {name} ", words)
        left = self._words.filler.sub(" ", words).lower()
        return " ".join(word if word in self._named else _STEM.sub("", word) for word in _WORD.findall(left))

    def _is_name(self, words: str, names: Collection[str | None]) -> bool:
        """Whether words only name one of the values."""
        concept = self.names.get(words)
        return concept is not None and any(name in names for name in concept[1:])
