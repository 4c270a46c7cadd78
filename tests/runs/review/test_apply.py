"""Decisions applied: corrected tables and gold, regimens mended, and what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.runs.review.builders import TEXTS, find_document, find_fact, write_decisions
from trialsift.evaluation.evaluate import evaluate
from trialsift.gold import GoldDocument, read_gold
from trialsift.model.errors import UserError
from trialsift.rules.files import find_patterns
from trialsift.runs.extract.run import extract_run
from trialsift.runs.read import read_run
from trialsift.runs.review.apply import Applied, apply_decisions


def apply(run: Path, out: Path, *decisions: dict[str, Any]) -> Applied:
    file = write_decisions(out.with_name("decisions.jsonl"), run, *decisions)
    return apply_decisions(run, [file], out, patterns=find_patterns())


def hash_files(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def decide(run: Path, doc_id: str, words: str, action: str, **more: Any) -> dict[str, Any]:
    return {**find_fact(run, doc_id, words), "action": action, **more}


def values(document: GoldDocument) -> list[tuple[str, Any, Any]]:
    return [(span.text, span.attributes.get("low"), span.attributes.get("unit")) for span in document.spans]


def test_accepted_corrected_rejected_added(run: Path, tmp_path: Path) -> None:
    before = hash_files(run)
    start = TEXTS["doses"].index("75 mg/m2")
    done = apply(
        run,
        tmp_path / "out",
        decide(run, "labs", "≥ 9 g/dL", "accept"),
        decide(run, "labs", "≥ 100,000 /mL", "correct", value=">= 100,000 /uL", attributes={"low": 100000}),
        decide(run, "labs", "> 2 mg/dL", "reject"),
        {
            **{"doc_id": "doses", "kind": "added", "action": "add", "label": "LAB", "text": "whole"},
            **{"start": start, "end": start + 3, "value": "75 mg/dL"},
            "attributes": {"analyte": "creatinine", "polarity": "none"},
        },
    )
    assert (done.decisions, done.documents, done.settled) == (4, 2, 0)
    assert done.actions == {"accept": 1, "add": 1, "correct": 1, "reject": 1}
    assert hash_files(run) == before
    corrected = read_run(tmp_path / "out")
    labs = corrected["labs"].set_index("text")
    assert labs.loc["≥ 100,000 /mL", "unit"] == "/uL"
    assert labs.loc["≥ 100,000 /mL", "rule"] == "review"
    assert bool(labs.loc["≥ 100,000 /mL", "plausible"])
    assert "> 2 mg/dL" not in labs.index
    assert labs.loc["75", "analyte"] == "creatinine"
    assert corrected.run["review"] == {
        "decisions": 4,
        "actions": {"accept": 1, "add": 1, "correct": 1, "reject": 1},
        "by": ["AB"],
        "documents": 2,
    }


def test_untouched_documents_have_the_rows_of_the_run(run: Path, tmp_path: Path) -> None:
    apply(run, tmp_path / "out", decide(run, "labs", "≥ 9 g/dL", "accept"))
    was, now = read_run(run), read_run(tmp_path / "out")
    for name in was:
        pd.testing.assert_frame_equal(now[name], was[name])


def test_a_corrected_record_keeps_what_the_registry_states(run: Path, tmp_path: Path) -> None:
    apply(run, tmp_path / "out", decide(run, "NCT01234567", "at least 21 years", "correct", value=">= 18 years"))
    was, now = (read_run(folder)["trials"].set_index("doc_id").loc["NCT01234567"] for folder in (run, tmp_path / "out"))
    assert now["age_low"] == 18
    assert (was["age_agreement"], now["age_agreement"]) == ("differs", "only in registry")
    for name in ("title", "conditions", "registry_age_low", "registry_age_high", "nct_id", "registry"):
        assert now[name] == was[name] or (pd.isna(now[name]) and pd.isna(was[name])), name


def test_gold_says_who_decided_and_can_be_evaluated(run: Path, tmp_path: Path) -> None:
    words = [span.text for span in find_document(run / "annotations.jsonl", "two").spans]
    apply(
        run,
        tmp_path / "out",
        decide(run, "two", words[0], "accept"),
        decide(run, "two", words[1], "reject"),
        decide(run, "labs", "≤ 1.5 mg/dL", "correct", attributes={"analyte": "urea"}, note="odd"),
    )
    gold = {document.doc_id: document for document in read_gold(tmp_path / "out" / "gold.jsonl")}
    assert gold["two"].meta["review"]["complete"] is True
    assert gold["labs"].meta["review"]["complete"] is False
    assert gold["two"].meta["review"]["rejected"][0]["by"] == "AB"
    signed = next(span for span in gold["labs"].spans if span.attributes["analyte"] == "urea")
    assert signed.extra["review"] == {"action": "correct", "by": "AB", "at": "2026-05-04T10:30:02Z", "note": "odd"}
    assert all(span.rule is None for document in gold.values() for span in document.spans)
    scores = evaluate(list(gold.values()), [d for d in read_gold(run / "annotations.jsonl") if d.doc_id in gold])
    assert (scores.micro.value.tp, scores.micro.value.fp, scores.micro.value.fn) == (7, 2, 1)
    decided = pd.read_csv(tmp_path / "out" / "decisions.csv")
    assert decided["after"].fillna("").tolist() == ["age ≥ 18 years", "", "urea ≤ 1.5 mg/dL"]
    assert decided["where"].str.endswith("decisions.jsonl:3").tolist() == [False, False, True]


def test_a_document_that_was_read_is_complete(run: Path, tmp_path: Path) -> None:
    done = apply(run, tmp_path / "out", {"doc_id": "labs", "kind": "document", "action": "read"})
    assert done.settled == 1


@pytest.mark.parametrize(
    ("words", "action", "more", "numbers"),
    [
        ("25 fractions", "correct", {"value": "20"}, ((20, 20), (2.5, 2.5), (50, 50))),
        ("25 fractions", "reject", {}, (None, None, (50, 50))),
        ("50 Gy", "correct", {"value": "5000 cGy"}, ((25, 25), (2, 2), (50, 50))),
    ],
)
def test_regimens_follow_their_facts(
    run: Path, tmp_path: Path, words: str, action: str, more: dict[str, Any], numbers: tuple[Any, ...]
) -> None:
    apply(run, tmp_path / "out", decide(run, "doses", words, action, **more))
    (regimen,) = find_document(tmp_path / "out" / "annotations.jsonl", "doses").regimens
    assert (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose) == numbers


def test_a_lone_alternative_is_none(run: Path, tmp_path: Path) -> None:
    grouped = [s.attributes.get("any_of") for s in find_document(run / "annotations.jsonl", "labs").spans]
    assert grouped.count(2) == 2
    apply(run, tmp_path / "out", decide(run, "labs", "≥ 60 mL/min", "reject"))
    left = find_document(tmp_path / "out" / "annotations.jsonl", "labs").spans
    assert [span.attributes.get("any_of") for span in left] == [None, None, 1, 1, None, None]
    assert [span.id for span in left] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": "blue"}, "can't read the value 'blue'; expected one such as '>= 1.5 x ULN'"),
        ({"value": ">= 8 g/dL", "attributes": {"low": 9}}, "low is 9, but the value '>= 8 g/dL' says 8"),
        ({"attributes": {"analyte": "No Test"}}, "analyte 'No Test'; expected an identifier"),
        ({"attributes": {"low": 9, "high": 8, "high_inclusive": True}}, "low 9 is above high 8"),
        ({"attributes": {"unit": "blue"}}, "is neither UCUM nor"),
        ({"attributes": {"label": "COLOUR"}}, "label is 'COLOUR'; expected AGE"),
        ({"place": [5, 4000]}, "5–4000 is no place in the text"),
        ({"fact": 77}, "labs has no fact 77; expected a number below 7"),
        ({"start": 0}, "fact 1 of labs is LAB 59–67, not LAB 0–67"),
        ({"doc_id": "nowhere"}, "the run has no document 'nowhere'"),
    ],
)
def test_what_cannot_be_taken(run: Path, tmp_path: Path, change: dict[str, Any], told: str) -> None:
    good = decide(run, "labs", "≤ 1.5 mg/dL", "accept")
    with pytest.raises(UserError) as refused:
        apply(run, tmp_path / "out", good, {**decide(run, "labs", "≥ 9 g/dL", "correct"), **change})
    assert "decisions.jsonl:2: " in str(refused.value)
    assert "decisions.jsonl:1: " not in str(refused.value)
    assert told in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_the_run_itself_is_no_place_to_write(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is the run itself"):
        apply_decisions(run, [write_decisions(tmp_path / "d.jsonl", run)], run, force=True, patterns=find_patterns())


def test_annotations_and_tables_agree(run: Path, tmp_path: Path) -> None:
    apply(run, tmp_path / "out", decide(run, "labs", "> 2 mg/dL", "correct", attributes={"polarity": "inclusion"}))
    lines = (tmp_path / "out" / "annotations.jsonl").read_text("utf-8").splitlines()
    record = next(one for one in map(json.loads, lines) if one["doc_id"] == "labs")
    criteria = read_run(tmp_path / "out")["criteria"]
    assert len(record["criteria"]) == (criteria["doc_id"] == "labs").sum()


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that tells what it did not read."""
    folder = tmp_path_factory.mktemp("unread")
    (folder / "one.txt").write_text(
        "Inclusion Criteria:\n- Hemoglobin ≥ 9 g/dL\n- Ferritin must in any case have been seen to be 30 ng/mL once\n",
        encoding="utf-8",
    )
    extract_run([folder / "one.txt"], folder / "run", unread=True, jobs=1)
    return folder / "run"


def test_an_unread_number_becomes_a_fact_or_is_none(unread: Path, tmp_path: Path) -> None:
    rows = read_run(unread)["unread"]
    if rows.empty:
        pytest.skip("every number of this text is read")
    row = rows.iloc[0]
    place = {"start": int(row["start"]), "end": int(row["end"]), "label": row["label"], "text": row["text"]}
    item = {"doc_id": "one", "kind": "unread", **place}
    apply(unread, tmp_path / "none", {**item, "action": "reject"})
    assert read_run(tmp_path / "none")["unread"].empty
    assert find_document(tmp_path / "none" / "gold.jsonl", "one").meta["review"]["no_fact"][0]["by"] == "AB"
    stated = {"label": "LAB", "analyte": "ferritin", "polarity": "inclusion"}
    apply(unread, tmp_path / "fact", {**item, "action": "correct", "value": "30 ng/mL", "attributes": stated})
    corrected = read_run(tmp_path / "fact")
    assert corrected["unread"].empty
    assert "ferritin" in corrected["labs"]["analyte"].tolist()
