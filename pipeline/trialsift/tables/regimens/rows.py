"""The rows of `regimen_mentions` and `regimens`, from the statements of prescriptions of a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from trialsift.model.display import describe_regimen
from trialsift.model.fact import Annotation, Bounds, Regimen, Scalar
from trialsift.tables.courses import compute_course_columns
from trialsift.tables.regimens.distinct import Distinct, find_distinct
from trialsift.tables.regimens.mentions import OWN, Mention, find_mentions

_Row = dict[str, Scalar]


class RegimenRows(NamedTuple):
    """The rows of one document, and the regimens of its trial in words."""

    mentions: list[_Row]
    regimens: list[_Row]

    @classmethod
    def make(cls, doc_id: str, annotation: Annotation, context: Callable[[int], str], alpha_beta: float) -> RegimenRows:
        """Makes them; `context` returns the context of a fact by its index. Values aren't rounded."""
        stated = find_mentions(annotation)
        distinct = find_distinct(stated)
        number_of = {mention.number: n for n, one in enumerate(distinct, start=1) for mention in one.mentions}
        return cls(
            [
                {
                    **{"doc_id": doc_id, "mention": m.number, "regimen": number_of[m.number]},
                    **_make_mention_row(m, context, alpha_beta),
                }
                for m in stated
            ],
            [
                {"doc_id": doc_id, "regimen": number, **_make_regimen_row(one, annotation, context, alpha_beta)}
                for number, one in enumerate(distinct, start=1)
            ],
        )

    def describe_own(self) -> str | None:
        """Describes the trial's own regimens in words, joined with `; `; None without any."""
        own = (row["description"] for row in self.regimens if row["use"] == OWN and not row["negated"])
        return "; ".join(dict.fromkeys(str(words) for words in own if words)) or None


def _make_mention_row(mention: Mention, context: Callable[[int], str], alpha_beta: float) -> _Row:
    return {
        "use": mention.use,
        "arm": mention.arm,
        **_make_numbers(mention.regimen),
        **compute_course_columns(mention.regimen, mention.facts, alpha_beta),
        "boost": mention.boost,
        "negated": mention.negated,
        "historical": any(fact.attributes.get("historical") is True for fact in mention.facts),
        "start": mention.start if mention.facts else None,
        "end": mention.end if mention.facts else None,
        "spans": "; ".join(fact.text for fact in mention.facts),
        "context": context(mention.regimen.facts[0]) if mention.facts else None,
    }


def _make_regimen_row(one: Distinct, annotation: Annotation, context: Callable[[int], str], alpha_beta: float) -> _Row:
    regimen, first = one.regimen, one.fullest
    low, high = one.course_total or (None, None)
    return {
        "use": first.use,
        "arm": one.arm,
        "n_mentions": len(one.mentions),
        "mentions": "; ".join(f"{m.start}-{m.end}" for m in one.mentions if m.facts) or None,
        **_make_numbers(regimen),
        **compute_course_columns(regimen, [annotation.facts[i] for i in regimen.facts], alpha_beta),
        "boost": first.boost,
        "negated": first.negated,
        "course_total_low": low,
        "course_total_high": high,
        "start": first.start if first.facts else None,
        "end": first.end if first.facts else None,
        "spans": "; ".join(fact.text for fact in one.facts),
        "context": context(first.regimen.facts[0]) if first.facts else None,
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
