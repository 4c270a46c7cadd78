"""From a reading to an explanation of each of its facts."""

from __future__ import annotations

from collections.abc import Sequence

from trialsift.extraction.explain.account import Account
from trialsift.extraction.explain.data import Explanation
from trialsift.extraction.explain.surroundings import tell_surroundings
from trialsift.extraction.explain.values import Value
from trialsift.extraction.extractor import Extractor, Reading
from trialsift.model.document import Part


def explain(extractor: Extractor, text: str, parts: Sequence[Part] = ()) -> list[Explanation]:
    """An explanation of each fact that `extractor.annotate(text, parts)` gives, in the same order."""
    return explain_reading(extractor, extractor.read(text, parts, explaining=True))


def explain_reading(extractor: Extractor, reading: Reading) -> list[Explanation]:
    """The same for a text that `extractor.read` has read with `explaining`."""
    rules = {rule.id: rule.description for label in extractor.engines.labels for rule in label.rules}
    explained = []
    for index, (fact, read, passage) in enumerate(
        zip(reading.annotation.facts, reading.facts, reading.passages, strict=True)
    ):
        account = Account(reading.copy, read, passage)
        Value(account, extractor, reading).tell()
        tell_surroundings(account, reading, index)
        explained.append(Explanation(fact, rules.get(fact.rule, ""), account.pieces(), tuple(account.steps)))
    return explained
