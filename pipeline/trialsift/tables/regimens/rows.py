"""The rows of `regimen_mentions` and `regimens`, from the statements of prescriptions of a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trialsift.model.display import describe_regimen
from trialsift.model.fact import Annotation, Bounds, Regimen, Scalar
from trialsift.model.memory import remember_of_folders
from trialsift.rules.alpha_beta import Ratio, read_alpha_betas
from trialsift.rules.layers import Folder
from trialsift.tables.courses import compute_course_columns
from trialsift.tables.linear_quadratic import check_alpha_beta
from trialsift.tables.regimens.boosts import join_boosts
from trialsift.tables.regimens.distinct import Distinct, find_distinct
from trialsift.tables.regimens.doubts import find_doubts
from trialsift.tables.regimens.mentions import OWN, Mention, find_mentions
from trialsift.tables.regimens.schedule import find_schedule, find_surroundings
from trialsift.tables.regimens.stated import StatedEffect, find_stated_effects, list_doses
from trialsift.tables.regimens.wording import read_course_words

_Row = dict[str, Scalar]


class RegimenRows(NamedTuple):
    """The rows of one document, and the regimens of its trial in words. Values aren't rounded."""

    mentions: list[_Row]
    regimens: list[_Row]

    def describe_own(self) -> str | None:
        """Describes the trial's own regimens in words, joined with `; `; None without any."""
        own = (row["description"] for row in self.regimens if row["use"] == OWN and not row["negated"])
        return "; ".join(dict.fromkeys(str(words) for words in own if words)) or None


class _Source(NamedTuple):
    """A document while its rows are made: `contexts` are the lines of its facts, collapsed."""

    text: str
    annotation: Annotation
    contexts: Sequence[str]
    effects: dict[int, list[StatedEffect]]
    ratio: Ratio
    confidence: Sequence[float]

    def find_confidence(self, mentions: Iterable[Mention]) -> float | None:
        """Returns that of the surest of these statements; None where none is rated."""
        return max((self.confidence[m.number - 1] for m in mentions if m.number <= len(self.confidence)), default=None)


class RegimenMaker:
    """Makes the rows with the words and ratios of a folder of patterns, or with one ratio for all (`alpha_beta`, Gy).

    Raises PatternError, and ValueError for an α/β that is not a finite number above 0.
    """

    def __init__(self, folder: Folder, alpha_beta: float | None = None) -> None:
        if alpha_beta is not None:
            check_alpha_beta(alpha_beta)
        self._words, self._ratios = read_course_words(folder), read_alpha_betas(folder)
        self._given = None if alpha_beta is None else Ratio(float(alpha_beta), "--alpha-beta")

    def make_rows(
        self,
        doc_id: str,
        text: str,
        annotation: Annotation,
        contexts: Sequence[str],
        conditions: Iterable[str] = (),
        confidence: Sequence[float] = (),
    ) -> RegimenRows:
        """Makes the rows of a document; `conditions` are those of its registry record, `confidence` that of each of the
        annotation's regimens."""
        stated = find_mentions(annotation)
        distinct = join_boosts(text, find_distinct(stated), self._words)
        effects = find_stated_effects(text, annotation, stated, self._words)
        ratio = self._given or self._ratios.choose(conditions)
        source = _Source(text, annotation, contexts, effects, ratio, confidence)
        number_of = {mention.number: n for n, one in enumerate(distinct, start=1) for mention in one.mentions}
        return RegimenRows(
            [
                {
                    **{"doc_id": doc_id, "mention": m.number, "regimen": number_of[m.number]},
                    **_make_mention_row(m, source),
                }
                for m in stated
            ],
            [
                {"doc_id": doc_id, "regimen": number, **self._make_regimen_row(one, source)}
                for number, one in enumerate(distinct, start=1)
            ],
        )

    def _make_regimen_row(self, one: Distinct, source: _Source) -> _Row:
        regimen, first = one.regimen, one.fullest
        facts = [source.annotation.facts[i] for i in regimen.facts]
        effects = [effect for mention in one.mentions for effect in source.effects.get(mention.number, ())]
        low, high = one.course_total or (None, None)
        row = {
            **{"use": first.use, "arm": one.arm, "n_mentions": len(one.mentions)},
            "mentions": "; ".join(f"{m.start}-{m.end}" for m in one.mentions if m.facts) or None,
            **_make_numbers(regimen),
            **compute_course_columns(regimen, facts, source.ratio.value),
            **{"boost": first.boost, "negated": first.negated},
            **find_schedule(source.text, one.mentions, source.annotation.facts, self._words),
            **{"course_total_low": low, "course_total_high": high},
            "stated_bed": list_doses(effects, is_bed=True),
            "stated_eqd2": list_doses(effects, is_bed=False),
            "start": first.start if first.facts else None,
            "end": first.end if first.facts else None,
            "spans": "; ".join(fact.text for fact in one.facts),
            "context": source.contexts[first.regimen.facts[0]] if first.facts else None,
            "confidence": source.find_confidence(one.mentions),
        }
        row["alpha_beta_from"] = None if row["alpha_beta"] is None else source.ratio.source
        doubts = find_doubts(regimen, row, effects, self._is_large(one, source))
        row["plausible"], row["implausible"] = not doubts, "; ".join(doubts) or None
        return row

    def _is_large(self, one: Distinct, source: _Source) -> bool:
        """Whether a sentence that states a regimen, or what stands shortly before, names a technique of large doses."""
        for mention in one.mentions:
            start, end = mention.context or find_surroundings(source.text, mention, ())
            if self._words.technique.search(source.text, max(0, start - 200), max(end, mention.end)):
                return True
        return False


@remember_of_folders
def read_regimen_maker(folder: Folder) -> RegimenMaker:
    """Returns a maker with the ratios of a folder of patterns, made once in a process."""
    return RegimenMaker(folder)


def _make_mention_row(mention: Mention, source: _Source) -> _Row:
    return {
        "use": mention.use,
        "arm": mention.arm,
        **_make_numbers(mention.regimen),
        **compute_course_columns(mention.regimen, mention.facts, source.ratio.value),
        "boost": mention.boost,
        "negated": mention.negated,
        "historical": any(fact.attributes.get("historical") is True for fact in mention.facts),
        "start": mention.start if mention.facts else None,
        "end": mention.end if mention.facts else None,
        "spans": "; ".join(fact.text for fact in mention.facts),
        "context": source.contexts[mention.regimen.facts[0]] if mention.facts else None,
        "confidence": source.find_confidence((mention,)),
    }


def _make_numbers(regimen: Regimen) -> _Row:
    return {
        **_split_bounds("fractions", regimen.fractions),
        **_split_bounds("dose_per_fraction", regimen.dose_per_fraction),
        **_split_bounds("total_dose", regimen.total_dose),
        "description": describe_regimen(regimen) or None,
    }


def _split_bounds(name: str, bounds: Bounds | None) -> _Row:
    low, high = bounds or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
