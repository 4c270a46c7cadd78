"""Compares an evaluation with an earlier one on the same gold: which scores changed, how surely, and by which facts.

In: the `scores.json` of the earlier run, and an `Evaluation`. Out: a `Comparison`. Only documents with the same
gold in both are compared; the others are named. Differences have intervals from a paired bootstrap: both runs are
resampled with the same documents, since a document that is hard for one is hard for the other.
Source of the method: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trialsift.evaluation.bootstrap import RATES, Bootstrap
from trialsift.evaluation.counts import LEVELS, ScoreCounts
from trialsift.evaluation.evaluate import DocumentScore, Evaluation
from trialsift.evaluation.regimens import REGIMEN
from trialsift.model.errors import UserError

Record = Mapping[str, Any]
_AGAIN = "give the scores.json of a run of `trialsift evaluate` of this version; evaluate again if it is older"


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that the two runs read differently.

    `direction`: `better`, `worse`, or `other` (wrong in another way). `concerns`: `value`, `attributes`, `offsets` or
    `regimens`. `before` and `after` are classes of error or `right`; for spurious facts `absent` where they aren't
    read. `*_value` describe values in words.
    """

    direction: str
    concerns: str
    doc_id: str
    label: str
    before: str
    after: str
    gold_value: str
    before_value: str
    after_value: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes. `scores`: a row for each label, level and rate; see `_compare_rates`."""

    documents: int
    not_compared: tuple[str, ...]
    scores: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "documents": self.documents,
            "not_compared": list(self.not_compared),
            "scores": list(self.scores),
            "changes": [asdict(change) for change in self.changes],
        }


def describe_changes(changes: Iterable[Mapping[str, Any]]) -> str:
    """Counts changes as in `scores.json`: `1 better (1 value), 3 worse (2 value, 1 offsets), 0 other`."""
    rows = list(changes)
    parts = []
    for direction in ("better", "worse", "other"):
        counts = Counter(row["concerns"] for row in rows if row["direction"] == direction)
        detail = ", ".join(
            f"{counts[name]} {name}" for name in ("value", "attributes", "offsets", "regimens") if counts[name]
        )
        parts.append(f"{sum(counts.values())} {direction}" + (f" ({detail})" if detail else ""))
    return ", ".join(parts)


def read_scores(path: Path) -> dict[str, Any]:
    """Reads an earlier `scores.json`. Raises UserError for any other file, and for one that lacks what is compared."""
    try:
        scores = json.loads(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path}: can't be read ({error.strerror}); {_AGAIN}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: no usable JSON ({error}); {_AGAIN}") from None
    wrong = _find_mistake(scores)
    if wrong is not None:
        raise UserError(f"{path}: {wrong}; {_AGAIN}")
    return dict(scores)


def _find_mistake(scores: Any) -> str | None:
    """Describes the first mistake in the content of a scores.json, as far as a comparison reads it; else None."""
    for key in ("by_document", "errors"):
        if not isinstance(scores, dict) or not isinstance(scores.get(key), list):
            return f"the key {key!r} is missing or no list"
    for number, document in enumerate(scores["by_document"]):
        try:
            _read_counts(document)
            texts = (document["doc_id"], document["gold_sha256"])
        except (KeyError, TypeError, AttributeError, ValueError):
            return f"by_document[{number}] lacks counts"
        if not all(isinstance(text, str) for text in texts):
            return f"by_document[{number}]: doc_id or gold_sha256 is no text"
    for number, error in enumerate(scores["errors"]):
        for name, kinds in _FIELDS.items():
            if not isinstance(error, dict) or name not in error or type(error[name]) not in kinds:
                return f"errors[{number}] has no usable {name!r}"
        if error["error"] not in _RANK:
            return f"errors[{number}]: {error['error']!r} is no class of errors"
    return None


def compare(earlier: Record, evaluation: Evaluation, resamples: int = 1000, seed: int = 0) -> Comparison:
    """Compares `earlier`, from `read_scores`, with an evaluation; `resamples` and `seed` are for the bootstrap.

    Raises UserError if the two have no document with the same gold.
    """
    before = {document["doc_id"]: document for document in earlier["by_document"]}
    common = [d for d in evaluation.documents if before.get(d.doc_id, {}).get("gold_sha256") == d.gold_sha256]
    if not common:
        raise UserError("--against: no document has the same gold in both runs; compare runs on the same gold file")
    names = {document.doc_id for document in common}
    others = sorted(({d.doc_id for d in evaluation.documents} | set(before)) - names)
    scores = _compare_rates([before[d.doc_id] for d in common], common, Bootstrap(len(common), resamples, seed))
    after_errors = [asdict(error) for document in common for error in document.errors]
    before_errors = [error for error in earlier["errors"] if error["doc_id"] in names]
    return Comparison(len(common), tuple(others), tuple(scores), tuple(_find_changes(before_errors, after_errors)))


def _compare_rates(before: list[Record], after: list[DocumentScore], bootstrap: Bootstrap) -> Iterable[dict[str, Any]]:
    """Returns a row for each label (and `all labels`, `regimens`), level and rate.

    It has both values, their difference with its 95 % interval, and `better`, the share of resamples in which the later
    run is ahead (ties count half).
    """
    old = [_read_counts(document) for document in before]
    new = [_read_counts(document.to_json()) for document in after]
    keys = dict.fromkeys(key for document in [*new, *old] for key in document)
    rows = []
    for label, level in sorted(keys, key=_make_sort_key):
        one = [document.get((label, level), ScoreCounts()) for document in old]
        other = [document.get((label, level), ScoreCounts()) for document in new]
        moved = bootstrap.compute_differences(one, other)
        total_before, total_after = sum(one, ScoreCounts()), sum(other, ScoreCounts())
        for rate in RATES:
            was, now = getattr(total_before, rate), getattr(total_after, rate)
            difference = None if was is None or now is None else now - was
            interval, better = moved[rate] or (None, None)
            rows.append(
                {
                    "label": label,
                    "level": level,
                    "rate": rate,
                    "before": was,
                    "after": now,
                    "difference": difference,
                    "interval": interval,
                    "better": better,
                }
            )
    return rows


_ALL, _REGIMENS = "all labels", "regimens"


def _make_sort_key(key: tuple[str, str]) -> tuple[int, str, int]:
    """Sorts all labels first and regimens last, and levels from `detection` to `exact`."""
    label, level = key
    place = 0 if label == _ALL else 2 if label == _REGIMENS else 1
    return place, label, LEVELS.index(level)


def _read_counts(document: Record) -> dict[tuple[str, str], ScoreCounts]:
    """Reads one document of a scores.json: its counts by label and level, and their sums over labels."""
    result: dict[tuple[str, str], ScoreCounts] = {}
    for label, levels in document["labels"].items():
        for level in LEVELS:
            counts = _read_count(levels[level])
            result[label, level] = counts
            result[_ALL, level] = result.get((_ALL, level), ScoreCounts()) + counts
    if document["regimens"] is not None:
        result[_REGIMENS, "value"] = _read_count(document["regimens"])
    return result


def _read_count(counts: Record) -> ScoreCounts:
    tp, fp, fn = counts["tp"], counts["fp"], counts["fn"]
    if any(type(count) is not int or count < 0 for count in (tp, fp, fn)):
        raise ValueError("a count is no number of facts")
    return ScoreCounts(tp, fp, fn)


#: The fields of an error that are compared, and their types.
_FIELDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("doc_id", "label", "error", "differs"), (str,)),
    **dict.fromkeys(("gold_value", "predicted_value", "gold_text", "predicted_text"), (str,)),
    **dict.fromkeys(("start", "end"), (int,)),
    "gold_id": (int, type(None)),
}
#: From worst to best. A fact may have wrong offsets and wrong attributes at once; spurious facts have only one rank.
_RANK = {
    "spurious": 0,
    "spurious_regimen": 0,
    "missed": 0,
    "missed_regimen": 0,
    "wrong_value": 1,
    "wrong_attribute": 2,
    "wrong_offsets": 3,
    "right": 4,
}


def _find_changes(before: Iterable[Record], after: Iterable[Record]) -> list[Change]:
    """Lists the gold facts and spurious facts that changed; worse ones first, then by document."""
    was, now = list(before), list(after)
    changes = _compare_gold(was, now) + _compare_spurious(was, now)
    order = ("worse", "other", "better")
    return sorted(changes, key=lambda c: (order.index(c.direction), c.doc_id, c.start, c.end, c.label, c.gold_value))


def _compare_gold(before: list[Record], after: list[Record]) -> list[Change]:
    was, now = (_group(e for e in errors if not _is_spurious(e)) for errors in (before, after))
    changes = []
    for key in dict.fromkeys([*was, *now]):
        one, other = was.get(key, []), now.get(key, [])
        direction = _find_direction(one, other)
        if direction is not None:
            changes.append(_make_change(direction, one, other))
    return changes


def _group(errors: Iterable[Record]) -> dict[tuple[Any, ...], list[Record]]:
    """Groups errors by gold span or regimen, spurious ones by document and label."""
    result: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for error in errors:
        result[error["doc_id"], error["label"], error["gold_id"]].append(error)
    return result


def _compare_spurious(before: list[Record], after: list[Record]) -> list[Change]:
    """Lists spurious facts that went, came, or have another value; different offsets alone are no change."""
    was, now = (_group(e for e in errors if _is_spurious(e)) for errors in (before, after))
    changes: list[Change] = []
    for key in dict.fromkeys([*was, *now]):
        gone, new = was.get(key, []), now.get(key, [])
        _take_matches(gone, new, lambda one, other: bool(one["predicted_value"] == other["predicted_value"]))
        changes += [
            _make_change("other", [one], [other]) for one, other in _take_matches(gone, new, lambda one, other: True)
        ]
        changes += [_make_change("worse", [], [error]) for error in new]
        changes += [_make_change("better", [error], []) for error in gone]
    return changes


def _take_matches(
    gone: list[Record], new: list[Record], alike: Callable[[Record, Record], bool]
) -> list[tuple[Record, Record]]:
    """Removes pairs that overlap and are alike from the two lists, and returns them."""
    pairs = []
    for other in list(new):
        found = (one for one in gone if one["start"] < other["end"] and other["start"] < one["end"])
        match = next((one for one in found if alike(one, other)), None)
        if match is not None:
            pairs.append((match, other))
            gone.remove(match)
            new.remove(other)
    return pairs


def _is_spurious(error: Record) -> bool:
    return str(error["error"]).startswith("spurious")


def _find_direction(before: list[Record], after: list[Record]) -> str | None:
    was, now = _rank_errors(before), _rank_errors(after)
    if {was[0], now[0]} == {_RANK["missed"], _RANK["wrong_value"]}:
        return "other"  # a wrong value costs precision too, so neither is better
    if was != now:
        return "better" if now > was else "worse"
    same = {(e["error"], e["predicted_value"], e["differs"]) for e in before} == {
        (e["error"], e["predicted_value"], e["differs"]) for e in after
    }
    return None if same else "other"


def _rank_errors(errors: list[Record]) -> tuple[int, int]:
    """Ranks how well a gold fact is read: by the worst of its errors, then by the number of wrong attributes."""
    worst = min((_RANK[error["error"]] for error in errors), default=_RANK["right"])
    wrong = sum(len(error["differs"].split(", ")) if error["differs"] else 1 for error in errors)
    return worst, -wrong


def _make_change(direction: str, before: list[Record], after: list[Record]) -> Change:
    one = (after or before)[0]
    unread = "absent" if _is_spurious(one) else "right"
    classes = {error["error"] for error in (*before, *after)}
    named = "attributes" if "wrong_attribute" in classes else "offsets"
    if classes - {"wrong_attribute", "wrong_offsets"}:
        named = "value"
    return Change(
        direction=direction,
        concerns="regimens" if one["label"] == REGIMEN else named,
        doc_id=one["doc_id"],
        label=one["label"],
        before=_describe_classes(before, unread),
        after=_describe_classes(after, unread),
        gold_value=one["gold_value"],
        before_value=before[0]["predicted_value"] if before else "",
        after_value=after[0]["predicted_value"] if after else "",
        text=one["gold_text"] or one["predicted_text"],
        start=one["start"],
        end=one["end"],
    )


def _describe_classes(errors: list[Record], unread: str) -> str:
    named = (f"{e['error']} ({e['differs']})" if e["differs"] else e["error"] for e in errors)
    return ", ".join(named) or unread
