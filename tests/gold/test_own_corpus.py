"""The bundled corpus is well formed: its gold slices back, and follows the annotation guidelines."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

CORPUS = ROOT / "corpus"
SPLITS = ("dev", "test")
DEFAULT = {"AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS"}
OPTIONAL = {"LIFE_EXPECTANCY", "MEASUREMENT"}
LABELS = DEFAULT | OPTIONAL

KEYS = {"low", "high", "polarity"}
INTERVAL = KEYS | {"low_inclusive", "high_inclusive"}
CONTEXT = {"historical", "negated", "operator_inferred"}
RADIATION = INTERVAL | {"modality", "role", "unit", "unit_as_written"}
DRUG = INTERVAL | {"modality", "agent", "unit", "unit_as_written"}
# kind of span -> (keys that must be there, keys that may be there as well)
SCHEMA = {
    "AGE": (INTERVAL | {"unit", "scope"}, CONTEXT),
    "PERFORMANCE_STATUS": (KEYS | {"scale", "scale_as_written"}, CONTEXT),
    "LAB": (INTERVAL | {"analyte", "unit"}, CONTEXT | {"condition", "conditional"}),
    "FRACTIONS": (KEYS, CONTEXT),
    "DOSE radiation": (RADIATION, CONTEXT | {"boost"}),
    "DOSE drug": (DRUG, CONTEXT),
    "MEASUREMENT": (INTERVAL | {"measure", "unit"}, CONTEXT),
    "LIFE_EXPECTANCY": (INTERVAL | {"unit"}, CONTEXT),
}
FLAGS = ("historical", "negated", "operator_inferred", "conditional", "boost")
ONE_OF = {
    "polarity": {"inclusion", "exclusion", "none"},
    "scope": {"trial", "subgroup"},
    "scale": {"ECOG", "KPS", "Lansky"},
    "role": {"per_fraction", "total", "other"},
    "modality": {"radiation", "drug"},
}
SCALE_TOP = {"ECOG": (5, 1), "KPS": (100, 10), "Lansky": (100, 10)}
LISTED_ANALYTES = set(
    re.findall(
        r"\S+",
        """
    hemoglobin hematocrit platelets neutrophils leukocytes lymphocytes eosinophils monocytes reticulocytes blasts
    cd4 alt ast alp ggt bilirubin_total bilirubin_direct albumin total_protein ldh ammonia creatinine
    creatinine_clearance egfr urea uric_acid cystatin_c urine_protein uacr upcr inr pt aptt fibrinogen d_dimer
    antithrombin glucose hba1c insulin c_peptide fructosamine sodium potassium calcium magnesium phosphate chloride
    bicarbonate cholesterol_total ldl hdl triglycerides crp esr procalcitonin ferritin transferrin_saturation iron
    psa testosterone estradiol fsh lh hcg tsh ft4 ft3 cortisol pth vitamin_d prolactin igf1 ck troponin bnp
    nt_probnp lactate lipase amylase afp cea ca125 ca19_9 ca15_3 beta2_microglobulin m_protein free_light_chain ige
    igg hiv_rna hbv_dna hcv_rna hbsag ph pao2 paco2 pao2_fio2
    """,
    )
)
# a test that is not on the list goes by its usual name; add it here with the document that brings it in
UNLISTED_ANALYTES = {"calcitonin", "ionized_calcium", "urine_m_protein"}


def _read(split: str) -> list[dict[str, Any]]:
    lines = (CORPUS / f"{split}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


DOCUMENTS = {split: _read(split) for split in SPLITS}
EVERY = [
    pytest.param(split, document, id=f"{split}-{document['doc_id']}")
    for split in SPLITS
    for document in DOCUMENTS[split]
]


def _single(bounds: list[float | None] | None) -> float | None:
    """The value of a pair that states exactly one, otherwise nothing."""
    return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None


@pytest.mark.parametrize(("split", "document"), EVERY)
def test_text_file_equals_jsonl_text(split: str, document: dict[str, Any]) -> None:
    raw = (CORPUS / split / f"{document['doc_id']}.txt").read_bytes()
    assert raw.decode("utf-8") == document["text"]
    assert 600 <= len(document["text"]) <= 3000
    assert document["meta"]["source"]
    assert re.fullmatch(r"NCT9900\d{4}|[a-z0-9]+(-[a-z0-9]+)+", document["doc_id"])


@pytest.mark.parametrize(("split", "document"), EVERY)
def test_spans_slice_back(split: str, document: dict[str, Any]) -> None:
    text, spans = document["text"], document["spans"]
    assert [span["id"] for span in spans] == list(range(len(spans)))
    for span in spans:
        assert 0 <= span["start"] < span["end"] <= len(text)
        assert text[span["start"] : span["end"]] == span["text"]
        assert span["text"] == span["text"].strip()
    same = Counter(
        (
            span["start"],
            span["end"],
            span["label"],
            *(span["attributes"].get(name) for name in ("analyte", "scale", "measure")),
        )
        for span in spans
    )
    assert not [key for key, count in same.items() if count > 1]


@pytest.mark.parametrize(("split", "document"), EVERY)
def test_attributes_follow_the_guidelines(split: str, document: dict[str, Any]) -> None:
    for span in document["spans"]:
        label, attributes = span["label"], span["attributes"]
        where = (document["doc_id"], span["id"], span["text"])
        assert label in LABELS, where
        required, optional = SCHEMA[f"DOSE {attributes['modality']}" if label == "DOSE" else label]
        assert required <= set(attributes) <= required | optional, where
        for key, allowed in ONE_OF.items():
            assert key not in attributes or attributes[key] in allowed, where
        for flag in FLAGS:
            assert attributes.get(flag, True) is True, where
        _check_interval(attributes, where)
        if "unit" in attributes:
            unitless = label in ("LAB", "MEASUREMENT") and attributes["unit"] is None
            assert unitless or (isinstance(attributes["unit"], str) and attributes["unit"].strip()), where
            assert unitless or re.fullmatch(r"[^\s{}]*(\{[^{}\s]+\}[^\s{}]*)*", attributes["unit"]), where


def _check_interval(attributes: dict[str, Any], where: tuple[Any, ...]) -> None:
    low, high = attributes["low"], attributes["high"]
    assert low is not None or high is not None, where
    if low is not None and high is not None:
        assert low <= high, where
    for end in ("low", "high"):
        if f"{end}_inclusive" in attributes:
            assert (attributes[f"{end}_inclusive"] is None) == (attributes[end] is None), where
    if low == high and "low_inclusive" in attributes:
        assert attributes["low_inclusive"] is attributes["high_inclusive"] is True, where


@pytest.mark.parametrize(("split", "document"), EVERY)
def test_values_belong_to_their_label(split: str, document: dict[str, Any]) -> None:
    for span in document["spans"]:
        label, attributes = span["label"], span["attributes"]
        where = (document["doc_id"], span["id"], span["text"])
        if label == "AGE":
            assert attributes["unit"] in {"a", "mo", "wk", "d", "h"}, where
        elif label == "PERFORMANCE_STATUS":
            top, step = SCALE_TOP[attributes["scale"]]
            assert 0 <= attributes["low"] <= attributes["high"] <= top, where
            assert attributes["low"] % step == attributes["high"] % step == 0, where
        elif label == "LAB":
            assert attributes["analyte"] in LISTED_ANALYTES | UNLISTED_ANALYTES, where
            assert "condition" not in attributes or attributes["condition"] in document["text"], where
        elif label == "FRACTIONS":
            assert isinstance(attributes["low"], int), where
            assert isinstance(attributes["high"], int), where
        elif label == "MEASUREMENT":
            assert re.fullmatch(r"[a-z][a-z0-9_]*", attributes["measure"]), where
        elif label == "LIFE_EXPECTANCY":
            assert attributes["unit"] in {"a", "mo", "wk", "d", "h"}, where
        elif attributes["modality"] == "radiation":
            assert attributes["unit"] == "Gy", where
        else:
            agent = attributes["agent"]
            assert agent is None or (agent == agent.lower() and agent in document["text"].lower()), where


@pytest.mark.parametrize(("split", "document"), EVERY)
def test_regimens(split: str, document: dict[str, Any]) -> None:
    spans = {span["id"]: span for span in document["spans"]}
    covered: set[int] = set()
    for regimen in document["regimens"]:
        assert set(regimen) == {"spans", "fractions", "dose_per_fraction", "total_dose"}
        parts = [spans[number] for number in regimen["spans"]]
        assert parts
        covered.update(regimen["spans"])
        for part in parts:
            assert part["label"] in {"DOSE", "FRACTIONS"}
            assert part["attributes"].get("modality", "radiation") == "radiation"
            field = {"per_fraction": "dose_per_fraction", "total": "total_dose"}.get(
                part["attributes"].get("role", ""), "fractions"
            )
            for stated, listed in zip(
                (part["attributes"]["low"], part["attributes"]["high"]), regimen[field], strict=True
            ):
                assert stated is None or listed is None or math.isclose(stated, listed, rel_tol=0.01)
        values = [_single(regimen[field]) for field in ("fractions", "dose_per_fraction", "total_dose")]
        if None not in values:
            number, dose, total = values
            assert number * dose == pytest.approx(total, rel=0.01)
    prescribed = {
        number
        for number, span in spans.items()
        if span["label"] == "FRACTIONS" or span["attributes"].get("role") in {"per_fraction", "total"}
    }
    assert covered == prescribed


def test_documents_are_unique_and_splits_disjoint() -> None:
    names = {split: [document["doc_id"] for document in DOCUMENTS[split]] for split in SPLITS}
    for split, listed in names.items():
        assert len(listed) == len(set(listed))
        assert {path.stem for path in (CORPUS / split).glob("*.txt")} == set(listed)
    assert not set(names["dev"]) & set(names["test"])
    texts = [document["text"] for split in SPLITS for document in DOCUMENTS[split]]
    assert len(texts) == len(set(texts))


def test_corpus_is_large_and_varied_enough() -> None:
    documents = [document for split in SPLITS for document in DOCUMENTS[split]]
    assert len(documents) >= 30
    assert sum(not document["spans"] for document in documents) >= 3
    kinds = {split: {document["meta"]["source"] for document in DOCUMENTS[split]} for split in SPLITS}
    assert kinds["dev"] == kinds["test"]


@pytest.mark.parametrize(
    ("split", "label"),
    [
        *((split, label) for split in SPLITS for label in sorted(DEFAULT)),
        *(("dev", label) for label in sorted(OPTIONAL)),
    ],
)
def test_every_label_occurs(split: str, label: str) -> None:
    assert any(span["label"] == label for document in DOCUMENTS[split] for span in document["spans"])


@pytest.mark.parametrize(("split", "document"), EVERY)
def test_the_labels_annotated_are_named_where_they_are_not_the_defaults(split: str, document: dict[str, Any]) -> None:
    assert set(document["meta"].get("labels", DEFAULT)) == (LABELS if split == "dev" else DEFAULT)
    assert {span["label"] for span in document["spans"]} <= set(document["meta"].get("labels", DEFAULT))


AUDITS = sorted((CORPUS / "audits").glob("*.jsonl"))


@pytest.mark.parametrize("path", AUDITS, ids=[path.stem for path in AUDITS])
def test_audit_is_standoff(path: Path) -> None:
    """No text of a record, a verdict for each fact, a class for each that is not right, and the README's counts."""
    facts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [fact["n"] for fact in facts] == list(range(len(facts)))
    for fact in facts:
        assert set(fact) - {"class"} == {"n", "doc_id", "start", "end", "label", "rule", "attributes", "verdict"}
        assert fact["verdict"] in ("right", "attr", "unclear", "wrong")
        assert ("class" in fact) is (fact["verdict"] != "right")
        assert not {"condition", "agent", "text", "unit_as_written"} & set(fact["attributes"])
        assert 0 <= fact["start"] < fact["end"]
    wrong = sum(fact["verdict"] == "wrong" for fact in facts)
    assert f"| **all** | **{len(facts)}** | **{wrong}** |" in (CORPUS / "audits" / "README.md").read_text(
        encoding="utf-8"
    )


def test_there_is_an_audit() -> None:
    assert AUDITS
