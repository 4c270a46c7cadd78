"""What two runs read differently, counted by hand. Documents are made of x: only places and attributes matter."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialsift
from tests.evaluation.builders import age, document, dose, fractions, lab, span
from trialsift.gold import GoldDocument, GoldError, GoldSpan, write_gold
from trialsift.model.errors import UserError
from trialsift.model.fact import Regimen
from trialsift.runs.diff import COLUMNS, Diff, DiffCounts, Difference, DocumentDifference, diff

NAMED, YEARS, FIRST = "age.named", "age.years", "lab.name_first"

#: Unchanged: two facts. Went: one LAB, one DOSE. Came: three LAB. Changed: one AGE, one LAB.
BEFORE = [
    document(
        "a",
        age(0, 5, 18, rule=NAMED),
        lab(10, 20, "alt", high=2.5, rule=FIRST),
        lab(10, 20, "ast", high=2.5, rule=FIRST),
        lab(30, 40, "hemoglobin", low=9, unit="g/dL", rule=FIRST),
    ),
    document("b", dose(0, 5, 50, rule="dose.unit")),
    document("c", age(0, 5, 18, rule=NAMED)),
    document("only before", age(0, 5, 18, rule=NAMED), age(7, 9, 65, rule=NAMED)),
]
AFTER = [
    document(
        "a",
        age(0, 5, 18, 65, rule=NAMED),  # changed: high
        lab(10, 20, "alt", high=2.5, rule=FIRST),  # the same
        lab(11, 20, "bilirubin", high=1.5, rule=FIRST),  # changed, from ast: analyte, high, start
        lab(50, 60, "platelets", low=100, rule=FIRST),  # came; hemoglobin went
        lab(50, 60, "neutrophils", low=1.5, rule=FIRST),  # came
        lab(70, 80, "albumin", low=3, rule="lab.bare"),  # came
    ),
    document("c", age(0, 5, 18, rule=NAMED)),  # the same
    document("b"),  # its dose went
    document("only after", age(0, 5, 18, rule=NAMED)),
]


def changes(difference: Difference) -> str:
    return "; ".join(map(str, difference.changes))


def values(differences: Sequence[Difference]) -> list[tuple[str, str, str | None, str | None]]:
    """Document, label, and the values before and after in words."""
    return [
        (one.doc_id, one.label, one.before and one.before.value, one.after and one.after.value) for one in differences
    ]


def only_changed(before: GoldSpan, after: GoldSpan) -> list[str]:
    """What changed from one fact to the other, which have to be paired."""
    found = diff([document("d", before)], [document("d", after)])
    assert (found.came, found.went) == ((), ())
    return [changes(difference) for difference in found.changed]


class TestFacts:
    found = diff(BEFORE, AFTER)

    def test_what_came(self) -> None:
        assert values(self.found.came) == [
            ("a", "LAB", None, "neutrophils ≥ 1.5 ULN"),
            ("a", "LAB", None, "platelets ≥ 100 ULN"),
            ("a", "LAB", None, "albumin ≥ 3 ULN"),
        ]

    def test_what_went(self) -> None:
        assert values(self.found.went) == [
            ("a", "LAB", "hemoglobin ≥ 9 g/dL", None),
            ("b", "DOSE", "radiation total 50 Gy", None),
        ]

    def test_what_changed(self) -> None:
        assert values(self.found.changed) == [
            ("a", "AGE", "age ≥ 18 years", "age 18–65 years"),
            ("a", "LAB", "ast ≤ 2.5 ULN", "bilirubin ≤ 1.5 ULN"),
        ]
        assert list(map(changes, self.found.changed)) == [
            "high absent → 65",
            "analyte ast → bilirubin; high 2.5 → 1.5; start 10 → 11",
        ]

    def test_counts_by_label(self) -> None:
        assert self.found.by_label == {
            "AGE": DiffCounts(before=2, after=2, changed=1),
            "LAB": DiffCounts(before=3, after=5, came=3, went=1, changed=1),
            "DOSE": DiffCounts(before=1, after=0, went=1),
        }

    def test_counts_by_rule(self) -> None:
        assert self.found.by_rule == {
            ("AGE", NAMED): DiffCounts(before=2, after=2, changed=1),
            ("DOSE", "dose.unit"): DiffCounts(before=1, after=0, went=1),
            ("LAB", "lab.bare"): DiffCounts(before=0, after=1, came=1),
            ("LAB", FIRST): DiffCounts(before=3, after=4, came=2, went=1, changed=1),
        }

    def test_documents_of_one_run_only(self) -> None:
        assert self.found.compared == 3
        assert self.found.documents == (
            DocumentDifference("only before", "went", facts=2, regimens=0),
            DocumentDifference("only after", "came", facts=1, regimens=0),
        )

    def test_some_labels(self) -> None:
        found = diff(BEFORE, AFTER, labels=["LAB", "MEASUREMENT"])
        assert (len(found.came), len(found.went), len(found.changed)) == (3, 1, 1)
        assert list(found.by_label.items()) == [
            ("LAB", self.found.by_label["LAB"]),
            ("MEASUREMENT", DiffCounts()),
        ]
        assert {label for label, _ in found.by_rule} == {"LAB"}


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (age(0, 5, 21, rule=NAMED), ["low 18 → 21"]),
        (age(0, 5, 18, unit="mo", rule=NAMED), ["unit a → mo"]),
        (age(0, 5, 18, rule=YEARS), ["rule age.named → age.years"]),
        (age(0, 7, 18, rule=NAMED), ["end 5 → 7"]),
        (age(0, 5, 18, rule=NAMED, historical=True), ["historical False → True"]),
        (age(0, 5, 18, rule=NAMED, plausible=False), ["plausible True → False"]),
        (age(0, 5, 18.0, rule=NAMED), []),
        (age(0, 5, 18, rule=NAMED, negated=False, plausible=True), []),
        (span("AGE", 0, 5, NAMED, unit="a", low=18), []),
        (age(0, 5, 18), []),
    ],
    ids=[
        "value",
        "unit",
        "rule",
        "offsets",
        "flag that came",
        "flag that is true by default",
        "float",
        "flags as by default",
        "other order, null left out",
        "no rule: gold",
    ],
)
def test_what_is_a_change(after: GoldSpan, told: list[str]) -> None:
    assert only_changed(age(0, 5, 18, rule=NAMED), after) == told


@pytest.mark.parametrize("after", [age(5, 9, 18), lab(0, 5, "alt", high=2)], ids=["adjacent", "another label"])
def test_what_is_no_change_but_another_fact(after: GoldSpan) -> None:
    found = diff([document("d", age(0, 5, 18))], [document("d", after)])
    assert (len(found.came), len(found.went), len(found.changed)) == (1, 1, 0)


class TestPairs:
    def test_equal_facts_come_before_longer_overlaps(self) -> None:
        before = [document("d", age(0, 10, 18), age(8, 12, 65))]
        after = [document("d", age(0, 12, 65), age(0, 10, 18))]
        found = diff(before, after)
        assert list(map(changes, found.changed)) == ["start 8 → 0"]

    def test_equal_values_come_before_longer_overlaps(self) -> None:
        before = [document("d", age(0, 10, 18), age(8, 30, 65))]
        after = [document("d", age(0, 9, 65), age(9, 30, 18))]
        assert list(map(changes, diff(before, after).changed)) == [
            "start 8 → 0; end 30 → 9",
            "start 0 → 9; end 10 → 30",
        ]

    def test_one_to_one(self) -> None:
        found = diff([document("d", age(0, 20, 18))], [document("d", age(0, 9, 18), age(10, 20, 65))])
        assert values(found.came) == [("d", "AGE", None, "age ≥ 65 years")]
        assert list(map(changes, found.changed)) == ["end 20 → 9"]

    def test_equal_offsets_with_two_labels(self) -> None:
        found = diff(
            [document("d", age(0, 5, 18), lab(0, 5, "alt", high=2))],
            [document("d", lab(0, 5, "alt", high=3), age(0, 5, 18))],
        )
        assert (found.came, found.went) == ((), ())
        assert [(one.label, changes(one)) for one in found.changed] == [("LAB", "high 2 → 3")]


def prescribed(first: float, total: float, *, third: bool = False) -> GoldDocument:
    """Two regimens: `first` × 2 Gy, and 10 fractions to `total` Gy; the latter on three spans where `third` is set."""
    spans = [fractions(0, 3, first), dose(4, 8, 2, "per_fraction"), fractions(20, 23, 10), dose(24, 29, total)]
    regimens = [
        Regimen((0, 1), (first, first), (2, 2), (2 * first, 2 * first)),
        Regimen((2, 3, *([4] if third else [])), (10, 10), (total / 10, total / 10), (total, total)),
    ]
    return document("r", *spans, dose(32, 36, total / 10, "per_fraction"), regimens=regimens)


class TestRegimens:
    def test_bounds_that_changed(self) -> None:
        found = diff([prescribed(25, 30)], [prescribed(28, 30)])
        changed = [one for one in found.changed if one.label == "REGIMEN"]
        assert list(map(changes, changed)) == [
            "fractions_low 25 → 28; fractions_high 25 → 28; total_dose_low 50 → 56; total_dose_high 50 → 56"
        ]
        assert values(changed) == [("r", "REGIMEN", "25 × 2 Gy = 50 Gy", "28 × 2 Gy = 56 Gy")]
        assert found.by_label["REGIMEN"] == DiffCounts(before=2, after=2, changed=1)
        assert found.by_label["FRACTIONS"] == DiffCounts(before=2, after=2, changed=1)

    def test_facts_that_changed(self) -> None:
        (changed,) = diff([prescribed(25, 30)], [prescribed(25, 30, third=True)]).changed
        assert changes(changed) == "facts xxx [20–23]; xxxxx [24–29] → xxx [20–23]; xxxxx [24–29]; xxxx [32–36]"
        assert changed.before is not None
        assert (changed.before.rule, changed.before.start, changed.before.end) == (None, 20, 29)

    def test_came_and_went(self) -> None:
        whole = prescribed(25, 30)
        less = GoldDocument(whole.doc_id, whole.text, whole.spans, whole.regimens[1:])
        assert values(diff([less], [whole]).came) == [("r", "REGIMEN", None, "25 × 2 Gy = 50 Gy")]
        assert values(diff([whole], [less]).went) == [("r", "REGIMEN", "25 × 2 Gy = 50 Gy", None)]

    def test_equal_bounds_come_before_more_characters(self) -> None:
        spans = [dose(0, 2, 50), dose(10, 30, 60), dose(40, 42, 50)]
        fifty, sixty = Regimen((0, 1, 2), None, None, (50, 50)), Regimen((1,), None, None, (60, 60))
        short = Regimen((2,), None, None, (50, 50))
        found = diff([document("d", *spans, regimens=[fifty])], [document("d", *spans, regimens=[sixty, short])])
        assert values(found.changed) == [("d", "REGIMEN", "50 Gy", "50 Gy")]
        assert values(found.came) == [("d", "REGIMEN", None, "60 Gy")]

    def test_as_a_label(self) -> None:
        found = diff([prescribed(25, 30)], [prescribed(28, 30)], labels=["REGIMEN"])
        assert [one.label for one in found.changed] == ["REGIMEN"]
        assert list(found.by_label) == ["REGIMEN"]


class TestDocuments:
    def test_another_text_is_not_compared(self) -> None:
        found = diff([document("d", age(0, 5, 18))], [document("d", age(0, 5, 21), age(7, 9, 65), text="y" * 9)])
        assert found.documents == (DocumentDifference("d", "changed", facts=2, regimens=0),)
        assert (found.compared, found.changed, found.by_label) == (0, (), {})
        assert found.differs

    @pytest.mark.parametrize(("before", "after"), [(BEFORE, []), ([], BEFORE)], ids=["went", "came"])
    def test_an_empty_side(self, before: list[GoldDocument], after: list[GoldDocument]) -> None:
        found = diff(before, after)
        assert (found.compared, found.came, found.went, found.changed) == (0, (), (), ())
        assert [(one.doc_id, one.facts) for one in found.documents] == [
            ("a", 4),
            ("b", 1),
            ("c", 1),
            ("only before", 2),
        ]
        assert {one.kind for one in found.documents} == {"went" if before else "came"}

    def test_two_empty_sides(self) -> None:
        assert not diff([], []).differs

    def test_the_order_does_not_matter(self) -> None:
        assert not diff(BEFORE, BEFORE[::-1]).differs

    def test_documents_in_one_order_are_not_held(self) -> None:
        ahead = 0

        def side(step: int) -> Iterator[GoldDocument]:
            nonlocal ahead
            for number in range(50):
                ahead += step
                assert abs(ahead) <= 1, "one run is read ahead of the other"
                yield document(str(number))

        assert diff(side(1), side(-1)).compared == 50

    def test_a_doc_id_twice(self) -> None:
        with pytest.raises(
            GoldError, match="after: doc_id 'a' is that of documents 1 and 3; expected each document once"
        ):
            diff(BEFORE, [document("a"), document("b"), document("a")])


class TestFiles:
    def test_folders_files_and_gzip(self, tmp_path: Path) -> None:
        run, after = tmp_path / "run", tmp_path / "after.jsonl"
        run.mkdir()
        write_gold(run / "annotations.jsonl", BEFORE)
        write_gold(after, AFTER)
        packed = tmp_path / "after.jsonl.gz"
        packed.write_bytes(gzip.compress(after.read_bytes(), mtime=0))
        expected = diff(BEFORE, AFTER)
        assert diff(run, after) == diff(str(run), packed) == trialsift.diff(run, AFTER) == expected

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("none.jsonl", None, "none.jsonl: no such file; name a folder that `trialsift extract` wrote"),
            ("bad.jsonl", b"{}\n", "bad.jsonl:1: the key 'doc_id' is missing"),
            ("bad.jsonl.gz", b"{}\n", r"bad.jsonl.gz: can't be read \(Not a gzipped file"),
            (
                "cut.jsonl.gz",
                gzip.compress(b"{}" * 99, mtime=0)[:-9],
                r"cut.jsonl.gz: can't be read \(Compressed file ended",
            ),
            (
                "twice.jsonl",
                b'{"doc_id": "a", "text": "", "spans": []}\n\n' * 2,
                "twice.jsonl:3: doc_id 'a' stands in line 1 already",
            ),
        ],
    )
    def test_mistakes(self, name: str, content: bytes | None, message: str, tmp_path: Path) -> None:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=message):
            diff([], tmp_path / name)

    def test_a_run_that_was_stopped(self, tmp_path: Path) -> None:
        (tmp_path / ".partial").mkdir()
        with pytest.raises(UserError, match="the run there is not complete; wait for its end"):
            diff(tmp_path, [])


class TestOutput:
    found = diff([*BEFORE, prescribed(25, 30)], [*AFTER, prescribed(28, 30)])

    def test_a_frame(self) -> None:
        frame = self.found.to_frame()
        assert list(frame) == list(COLUMNS)
        assert frame.groupby(["what", "kind"]).size().to_dict() == {
            ("document", "came"): 1,
            ("document", "went"): 1,
            ("fact", "came"): 3,
            ("fact", "went"): 2,
            ("fact", "changed"): 3,
            ("regimen", "changed"): 1,
        }
        row = frame[frame["value_after"] == "bilirubin ≤ 1.5 ULN"].iloc[0]
        assert (row["value_before"], row["start_before"], row["start_after"], row["line"]) == (
            "ast ≤ 2.5 ULN",
            10,
            11,
            1,
        )
        assert diff([], []).to_frame().dtypes.equals(frame.dtypes)

    def test_json_has_every_attribute(self) -> None:
        record = json.loads(json.dumps(self.found.to_json()))
        assert (record["compared"], len(record["came"]), len(record["went"]), len(record["changed"])) == (4, 3, 2, 4)
        assert record["by_label"][0] == {
            "label": "AGE", "before": 2, "after": 2, "came": 0, "went": 0, "changed": 1
        }  # fmt: skip
        assert record["changed"][0]["changes"] == [{"name": "high", "before": None, "after": 65}]
        assert record["went"][0]["before"]["attributes"] == dict(BEFORE[0].spans[3].attributes)
        assert record["went"][0]["after"] is None

    def test_line_and_context(self) -> None:
        text = "Inclusion\n" + "y" * 80 + " 18 years"
        (came,) = diff([document("d", text=text)], [document("d", age(91, 99, 18), text=text)]).came
        assert (came.line, came.context) == (2, "y" * 59 + " 18 years")


def _kinds(found: Diff) -> tuple[int, int, int]:
    return len(found.came), len(found.went), len(found.changed)


_facts = st.lists(
    st.builds(
        lambda start, length, low, rule, label: span(label, start, start + length, rule, low=low, unit="a"),
        st.integers(0, 6),
        st.integers(1, 4),
        st.sampled_from([1, 2]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["AGE", "LAB"]),
    ),
    max_size=6,
)


@given(_facts, _facts)
def test_swapping_the_runs_swaps_came_and_went(some: list[GoldSpan], others: list[GoldSpan]) -> None:
    regimens = [[Regimen((0,), (len(side), None))] if side else [] for side in (some, others)]
    before, after = (document("d", *s, regimens=r) for s, r in zip((some, others), regimens, strict=True))
    found, swapped = diff([before], [after]), diff([after], [before])
    assert _kinds(swapped) == (len(found.went), len(found.came), len(found.changed))
    for label, counts in found.by_label.items():
        assert counts.before - counts.went + counts.came == counts.after, label
    assert not diff([before], [before]).differs
    assert found.differs == bool(sum(_kinds(found)))
