"""Learns what the signs of a sure reading weigh, and shows how well the confidence is calibrated.

    python -m benchmarks.confidence GOLD.jsonl … --held-out NEW.jsonl …
    python -m benchmarks.confidence GOLD.jsonl … --write patterns/confidence.toml

GOLD are annotated documents, those of corpus/standoff with their texts put back among them; all of them are read with
the rules of this checkout. A fact is right if a gold fact of the same value and polarity stands there; a regimen, if
its numbers are. The table is by cross-validation over documents: no document is rated by weights learnt from it.
Documents `--held-out` are in no part of the training. `--write` learns from all documents, those held out too. It
needs scikit-learn, which comes with scispaCy.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from trialsift.evaluation.calibration import find_wrong, list_right, measure_calibration
from trialsift.evaluation.evaluate import evaluate
from trialsift.extraction.confidence.rate import Rater
from trialsift.extraction.confidence.signs import Signs
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, parse_document, read_gold
from trialsift.model.fact import Annotation, annotation_record
from trialsift.rules.files import find_patterns
from trialsift.rules.labels import read_labels

FOLDS = 10
INVERSE_PENALTY = 0.3  # chosen by cross-validation among 0.03, 0.1, 0.3 and 1
FEWEST = 15  # facts that have a sign, else it gets no weight
SMALLEST = 0.005  # a weight that changes nothing that is shown
_HEAD = """# What the signs of a sure reading add to the log-odds that a fact or regimen is right (interval, unit, name,
# polarity). Made by benchmarks/confidence.py from {documents:,} annotated documents with {facts:,} facts, {wrong:,} of
# them wrong, and {regimens:,} regimens, {wrong_regimens:,} of them wrong: learn it anew, don't edit it.
"""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Readings with their signs: `groups` are their documents, `sets` their files; `right` is 1 or 0."""

    signs: list[Signs]
    right: Numbers
    groups: list[str]
    sets: list[str]


@dataclass(frozen=True)
class Read:
    """A document, what was read in it, and which of its facts and regimens are right; None where that isn't known."""

    gold: GoldDocument
    file: str
    annotation: Annotation
    facts: list[bool | None]
    regimens: list[bool | None]


def read_all(files: Iterable[Path]) -> list[Read]:
    """Reads all documents, and tells right from wrong."""
    patterns = find_patterns()
    found = []
    for file in files:
        gold = [replace(one, doc_id=f"{file.stem} {one.doc_id}") for one in read_gold(file)]
        labels = {label for one in gold for label in one.scored_labels}
        wanted = frozenset(one.label for one in read_labels(patterns) if one.default or one.label in labels)
        extractor = Extractor(patterns, wanted)
        annotations = [extractor.annotate(one.text, one.parts) for one in gold]
        found += [
            Read(one, file.stem, annotation, *judged)
            for one, annotation, judged in zip(gold, annotations, _judge(gold, annotations), strict=True)
        ]
    return found


def _judge(
    gold: Sequence[GoldDocument], annotations: Sequence[Annotation]
) -> list[tuple[list[bool | None], list[bool | None]]]:
    records = [annotation_record(one.doc_id, one.text, a) for one, a in zip(gold, annotations, strict=True)]
    predicted = [parse_document(record, record["doc_id"]) for record in records]
    errors = evaluate(gold, predicted).errors
    wrong = find_wrong(errors)
    spurious = {(error.doc_id, error.predicted_id) for error in errors if error.error == "spurious_regimen"}
    judged = []
    for one, answer in zip(gold, predicted, strict=True):
        grouped = one.scores_context and {"DOSE", "FRACTIONS"} <= set(one.scored_labels)
        regimens = [(one.doc_id, i) not in spurious if grouped else None for i in range(len(answer.regimens))]
        judged.append((list_right(one, answer, wrong), regimens))
    return judged


def list_facts(documents: Sequence[Read], rater: Rater) -> Examples:
    """Returns the facts that are known to be right or wrong."""
    rows = [
        (signs, right, one)
        for one in documents
        for signs, right in zip(rater.find_signs(one.gold.text, one.annotation), one.facts, strict=True)
        if right is not None
    ]
    return _make_examples(rows)


def list_regimens(documents: Sequence[Read], rater: Rater, odds: Sequence[Sequence[float]]) -> Examples:
    """Returns the regimens that are known to be right or wrong; `odds` are those of the facts of each document."""
    rows = [
        (signs, right, one)
        for one, of_facts in zip(documents, odds, strict=True)
        for signs, right in zip(rater.find_regimen_signs(one.annotation, of_facts), one.regimens, strict=True)
        if right is not None
    ]
    return _make_examples(rows)


def _make_examples(rows: Sequence[tuple[Signs, bool, Read]]) -> Examples:
    right = np.array([right for _, right, _ in rows], float)
    return Examples(
        [signs for signs, _, _ in rows], right, [r.gold.doc_id for *_, r in rows], [r.file for *_, r in rows]
    )


class Model:
    """Weights learnt from examples."""

    def __init__(self, examples: Examples, chosen: Sequence[int] | None = None) -> None:
        at = range(len(examples.right)) if chosen is None else chosen
        counts = Counter(name for i in at for name in examples.signs[i])
        self._known = {name for name, count in counts.items() if count >= FEWEST}
        self._vectorizer = DictVectorizer(sparse=False)
        fitted = self._vectorizer.fit_transform([self._keep(examples.signs[i]) for i in at])
        self._regression = LogisticRegression(C=INVERSE_PENALTY, max_iter=5000).fit(fitted, examples.right[list(at)])

    def _keep(self, signs: Signs) -> Signs:
        return {name: value for name, value in signs.items() if name in self._known}

    def find_odds(self, signs: Sequence[Signs]) -> Numbers:
        """Returns the log-odds of readings with these signs."""
        if not signs:
            return np.zeros(0)
        found = self._regression.decision_function(self._vectorizer.transform([self._keep(one) for one in signs]))
        return np.asarray(found, float)

    def list_weights(self) -> tuple[float, dict[str, float]]:
        """Returns where the log-odds begin, and what each sign adds, by name."""
        names, weights = self._vectorizer.get_feature_names_out(), self._regression.coef_[0]
        listed = {str(name): round(float(w), 3) for name, w in zip(names, weights, strict=True) if abs(w) > SMALLEST}
        return round(float(self._regression.intercept_[0]), 3), dict(sorted(listed.items()))


def cross_validate(examples: Examples) -> Numbers:
    """Returns the log-odds of each example, by weights from other documents."""
    odds = np.zeros(len(examples.right))
    for train, test in GroupKFold(FOLDS).split(odds, groups=examples.groups):
        odds[test] = Model(examples, list(train)).find_odds([examples.signs[i] for i in test])
    return odds


def print_table(title: str, examples: Examples, odds: Numbers) -> None:
    """Prints the calibration of each set, and of all."""
    confidence = 1 / (1 + np.exp(-odds))
    print(f"\n{title}\n{'set':20} {'n':>5} wrong   ECE  Brier  ≥0.9: share, precision   caught by the first 5 %, 10 %")
    sets = np.array(examples.sets)
    for name in (*dict.fromkeys(examples.sets), "all"):
        at = slice(None) if name == "all" else sets == name
        c = measure_calibration(confidence[at].tolist(), (examples.right[at] == 1).tolist())
        sure = next(level for level in c.levels if level.least == 0.9)
        print(
            f"{name:20} {c.count:5} {c.wrong:5} {c.error:.3f} {c.brier:.4f} {sure.share:12.3f} "
            f"{'' if sure.precision is None else f'{sure.precision:.3f}':>10} {c.caught(0.05):15} {c.caught(0.1):5}"
        )


def write_weights(path: Path, facts: Examples, regimens: Examples, documents: int) -> None:
    """Writes the weights that are learnt from all examples."""
    head = _HEAD.format(
        documents=documents,
        facts=len(facts.right),
        wrong=int((facts.right == 0).sum()),
        regimens=len(regimens.right),
        wrong_regimens=int((regimens.right == 0).sum()),
    )
    parts = [head]
    for name, examples in (("facts", facts), ("regimens", regimens)):
        begin, weights = Model(examples).list_weights()
        lines = [f'"{sign}" = {weight}' for sign, weight in weights.items()]
        parts.append("\n".join([f"[{name}]", f"begin = {begin}", "", f"[{name}.signs]", *lines, ""]))
    path.write_text("\n".join(parts), encoding="utf-8")


def main() -> None:
    """Learns, prints, and writes if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--held-out", nargs="*", type=Path, default=[])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    rater = Rater(find_patterns())
    known, held = read_all(options.gold), read_all(options.held_out)
    facts, new = list_facts(known, rater), list_facts(held, rater)
    print_table(f"Facts, {FOLDS}-fold cross-validation over documents", facts, cross_validate(facts))
    if held:
        print_table("Facts held out", new, Model(facts).find_odds(new.signs))
    model = Model(facts)
    odds = [model.find_odds(rater.find_signs(one.gold.text, one.annotation)).tolist() for one in known]
    regimens = list_regimens(known, rater, odds)
    print_table("Regimens, cross-validated", regimens, cross_validate(regimens))
    if held:
        odds = [model.find_odds(rater.find_signs(one.gold.text, one.annotation)).tolist() for one in held]
        of_new = list_regimens(held, rater, odds)
        print_table("Regimens held out", of_new, Model(regimens).find_odds(of_new.signs))
    if options.write:
        everything = [*known, *held]
        facts = list_facts(everything, rater)
        model = Model(facts)
        odds = [model.find_odds(rater.find_signs(one.gold.text, one.annotation)).tolist() for one in everything]
        write_weights(options.write, facts, list_regimens(everything, rater, odds), len(everything))


if __name__ == "__main__":
    main()
