"""`trialsift.scorer.v1`: the numbers of `trialsift evaluate` in spaCy's own evaluation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Corpus, Example
from typer.testing import CliRunner

import trialsift
from tests.spacy_pipeline.builders import CORPUS, blank
from trialsift.evaluation import Evaluation
from trialsift.evaluation.counts import ScoreCounts
from trialsift.gold import GoldError
from trialsift.gold.formats.convert import convert
from trialsift.model.errors import UserError
from trialsift.rules.labels import default_labels, shipped_labels
from trialsift.runs.evaluate.run import evaluate_run

LEVELS = ("value", "detection", "exact")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gold of corpus/dev as `trialsift convert` writes it."""
    path = tmp_path_factory.mktemp("gold") / "gold.spacy"
    convert(CORPUS, path)
    return path


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """What `trialsift evaluate` makes of the same documents."""
    return evaluate_run(CORPUS, tmp_path_factory.mktemp("scores") / "out", resamples=0).evaluation


@pytest.fixture(scope="module")
def nlp() -> Language:
    """With the optional labels, which that gold has."""
    return trialsift.load(labels=[label.label for label in shipped_labels()])


def wanted(evaluation: Evaluation, key: str = "trialsift") -> dict[str, Any]:
    def rates(tally: ScoreCounts) -> dict[str, float | None]:
        return {"p": tally.precision, "r": tally.recall, "f": tally.f1}

    scores: dict[str, Any] = {}
    for level in LEVELS:
        scores |= {f"{key}_{level}_{name}": rate for name, rate in rates(evaluation.micro.level(level)).items()}
        scores[f"{key}_{level}_per_type"] = {
            label: rates(counts.level(level)) for label, counts in evaluation.labels.items()
        }
    for kind, counts in evaluation.groups.items():
        scores |= {f"{key}_{kind}_{name}": rate for name, rate in rates(counts).items()}
    return scores


def ours(scores: dict[str, Any], key: str = "trialsift") -> dict[str, Any]:
    return {name: score for name, score in scores.items() if name.startswith(f"{key}_")}


def examples(nlp: Language, gold: Path) -> list[Example]:
    return list(Corpus(gold)(nlp))


def test_the_same_as_evaluate(nlp: Language, gold: Path, evaluation: Evaluation) -> None:
    scores = ours(nlp.evaluate(examples(nlp, gold)))
    assert scores == wanted(evaluation)
    assert 0 < scores["trialsift_exact_f"] < scores["trialsift_value_f"] < scores["trialsift_detection_f"] < 1


def test_the_command(nlp: Language, gold: Path, evaluation: Evaluation, tmp_path: Path) -> None:
    """`spacy evaluate` of a saved pipeline."""
    from spacy.cli import app

    nlp.to_disk(tmp_path / "pipeline")
    command = ["evaluate", str(tmp_path / "pipeline"), str(gold), "--output", str(tmp_path / "scores.json")]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    scores = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    rounded = json.loads(json.dumps(wanted(evaluation)), parse_float=lambda number: round(float(number), 10))
    assert ours(scores) == rounded  # spaCy writes ten digits


def test_per_component(nlp: Language, gold: Path, evaluation: Evaluation) -> None:
    scores = nlp.evaluate(examples(nlp, gold), per_component=True)
    assert scores["trialsift"] == wanted(evaluation)


def test_another_key_is_scored_on_its_own_labels(gold: Path, evaluation: Evaluation) -> None:
    nlp = blank()
    nlp.add_pipe("trialsift", name="labs", config={"spans_key": "labs", "labels": ["LAB"]})
    scores = nlp.evaluate(examples(nlp, gold))
    per_type = scores["trialsift_value_per_type"]
    assert set(per_type) == {label.label for label in default_labels()}, "those that it reads"
    assert per_type == {label: wanted(evaluation)["trialsift_value_per_type"][label] for label in per_type}
    labs = wanted(evaluation)["trialsift_value_per_type"]["LAB"]
    assert scores["labs_value_per_type"] == {"LAB": labs}
    assert [scores[f"labs_value_{rate}"] for rate in ("p", "r", "f")] == [labs[rate] for rate in ("p", "r", "f")]
    assert scores["labs_regimens_f"] is None


def reference(nlp: Language, text: str, *spans: tuple[int, int, str], key: str = "trialsift") -> Example:
    doc = nlp.make_doc(text)
    doc.spans[key] = [Span(doc, start, end, label) for start, end, label in spans]
    return Example(nlp.make_doc(text), doc)


def scores_of(nlp: Language, docs: Iterable[Example]) -> dict[str, Any]:
    return ours(nlp.evaluate(docs))


def test_gold_of_spans_alone_is_scored_by_detection() -> None:
    nlp = blank()
    one = reference(nlp, "ECOG 0, age > 18 years", (1, 2, "PERFORMANCE_STATUS"))
    other = reference(nlp, "Platelets > 100000/µL", (1, 2, "LAB"), (0, 1, "AGE"))
    scores = scores_of(nlp, [one, other])
    assert [scores[f"trialsift_detection_{rate}"] for rate in ("p", "r")] == [2 / 3, 2 / 3]
    assert scores["trialsift_detection_per_type"]["AGE"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert scores["trialsift_detection_per_type"]["LAB"] == {"p": 1.0, "r": 1.0, "f": 1.0}
    assert scores["trialsift_value_f"] is scores["trialsift_exact_f"] is scores["trialsift_regimens_f"] is None


def test_gold_of_a_key_of_its_own_comes_first() -> None:
    nlp = blank(spans_key="mine")
    example = reference(nlp, "ECOG 0", (1, 2, "PERFORMANCE_STATUS"), key="mine")
    example.reference.spans["trialsift"] = []
    assert nlp.evaluate([example])["mine_detection_f"] == 1.0


def test_gold_of_a_pipeline() -> None:
    """What another pipeline found, as a reference: the same rules agree, regimens too."""
    nlp = trialsift.load()
    text = "Age 18 to 75 years. Arm A: 50 Gy in 25 fractions"
    scores = scores_of(nlp, [Example(nlp.make_doc(text), nlp(text))] * 2)
    assert scores["trialsift_exact_f"] == scores["trialsift_regimens_f"] == 1.0


def test_references_without_gold_are_left_out() -> None:
    nlp = blank()
    bare = Example(nlp.make_doc("ECOG 0"), nlp.make_doc("ECOG 0"))
    assert set(scores_of(nlp, [bare]).values()) == {None}
    assert scores_of(nlp, [bare, reference(nlp, "ECOG 0", (1, 2, "PERFORMANCE_STATUS"))])["trialsift_detection_p"] == 1
    assert set(scores_of(nlp, []).values()) == {None}


def test_a_pipeline_without_scorer(gold: Path) -> None:
    nlp = blank(scorer=None)
    assert scores_of(nlp, examples(nlp, gold)) == {}


def test_another_scorer() -> None:
    @spacy.registry.scorers("test_scorer")
    def make() -> Any:
        return lambda examples, **kwargs: {"seen": (len(list(examples)), kwargs["spans_key"])}

    nlp = blank(spans_key="mine", scorer={"@scorers": "test_scorer"})
    assert nlp.evaluate([Example(nlp.make_doc("ECOG 0"), nlp.make_doc("ECOG 0"))])["seen"] == (1, "mine")


def test_texts_that_differ() -> None:
    nlp = blank()
    doc = Doc(nlp.vocab, words=["ECOG", "0"])
    doc.spans["trialsift"] = [Span(doc, 1, 2, "PERFORMANCE_STATUS")]
    with pytest.raises(UserError, match="the predicted text differs from the gold text at character 4"):
        nlp.evaluate([Example(nlp.make_doc("ECOG\t0"), doc)])


def test_a_reference_that_was_edited(gold: Path) -> None:
    nlp = blank()
    example = examples(nlp, gold)[0]
    example.reference.spans["trialsift"] = list(example.reference.spans["trialsift"])[1:]
    with pytest.raises(GoldError, match=r"^Example 1 .*was edited since it was written"):
        nlp.evaluate([example])
