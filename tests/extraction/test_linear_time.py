"""The time for a text grows with its length only: a guard for each expression, and one for the whole.

Nothing is timed. Of an expression the steps of a backtracking matcher are counted (backtracking.py), on texts made from
its own parse tree; of the whole the calls that Python makes, for a text and for one of twice the length.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import trialsift
from tests.support.backtracking import NOWHERE, Stepper, TooManySteps, probes
from trialsift.extraction.extractor import Extractor
from trialsift.extraction.structure import sentences
from trialsift.extraction.structure.passage import Window
from trialsift.rules.guarded import Guarded
from trialsift.rules.wording import read_wordings

pytestmark = pytest.mark.slow
#: So long is what most expressions are given: a window of 90 to 150 characters beside a number.
WINDOW = 120
#: So many signs and blanks in a row reach an expression (sentences._NO_WORDS).
GAP = 36
#: Quadratic on a window, with some alternatives at each place; cubic would be a million, exponential anything.
MOST_STEPS = 30_000
#: Pieces of adversarial texts; each is repeated.
# fmt: off
FAMILIES = [
    "7", " ", "(", ")", "x", "ULN ", "1-2-3-4-5-6-7-8-9-", "1 ", "1.", "1,000,", "10^", "x10", "\n", "\t", "≥", "-",
    "|", ". ", "A. ", "> or ", "or equal to ", "over above ", "the of ", "and/or ", "i.e., ", "(a)", "((a) ", "[a",
    "ii", "study ", "if ", "age ", "in ", "patients with ", "per fraction ", "ALT, ", "ECOG ", "(Ab) ", "AB (Ab) ",
    "one ", "ty-", "&nbsp;", "\\>", "- \n", "1. ", "5\nMCG\n", "Inclusion Criteria: ", "Exclusion Criteria:\n",
    "Inclusion criteria are ", "Age:\n", "et al. ", "no prior ", "boost ", "Age ≥ 18 years ", "18 years\n",
    "50 Gy in 25 fractions ", "2 Gy (1 Gy) ", "5x5 Gy; ", "25 fractions. ",
    "no prior chemotherapy or 50 Gy of radiotherapy to the pelvis. ", "ALT ≤ 2 x ULN ", "AST > ULN if ", "ECOG 0-1, ",
    "prednisone 5 mg or ", "AUC 5 ", "level 1 12 Gy ", "5 mg/", "1 000 ",
]
# fmt: on
#: Of these, what has made expressions go back and forth.
PUMPS = ["> or ", "(a)", "i.e., ", ", and", "1 ", "in ", "x", "ULN "]
EXTRACTOR = Extractor()


def recorded(make: Callable[[], object]) -> list[re.Pattern[str]]:
    """The expressions that are compiled by modules of the package while `make` runs."""
    found: list[re.Pattern[str]] = []
    plain = re.compile

    def compile_and_keep(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled = plain(pattern, flags)
        if sys._getframe(1).f_globals.get("__name__", "").startswith("trialsift"):
            found.append(compiled)
        return compiled

    re.compile = compile_and_keep  # type: ignore[assignment]
    try:
        make()
    finally:
        re.compile = plain
    return found


def expressions() -> dict[str, re.Pattern[str]]:
    """Every expression of the modules that read texts, by what holds it."""
    found: dict[str, re.Pattern[str]] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("trialsift.extraction.", "trialsift.model.ucum")):
            for key, value in vars(module).items():
                value = value.expression if isinstance(value, Guarded) else value
                if isinstance(value, re.Pattern) and value not in found.values():
                    found[f"{name.removeprefix('trialsift.')}.{key}"] = value
    for wording in read_wordings(EXTRACTOR.patterns).compile_all():
        found[f"wording {wording.entry.id}"] = wording.expression
    for number, pattern in enumerate(recorded(Extractor)):
        if pattern not in found.values():
            found[f"patterns {number}"] = pattern
    return found


EXPRESSIONS = expressions()


@contextmanager
def deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


#: Names of expressions that have to match all of what they are given: they go on where others are content.
FULLMATCHED = {
    name.removesuffix("_")
    for path in Path(trialsift.__file__).parent.rglob("*.py")
    for name in re.findall(r"(\w+)\.fullmatch\(", path.read_text(encoding="utf-8"))
}


def steps(stepper: Stepper, text: str, most: int = MOST_STEPS, whole: bool = False) -> int:
    """The steps at the first place of a text; one more than `most` where there are more."""
    try:
        with deep_recursion():
            return stepper.steps(text, most, whole=whole)
    except TooManySteps:
        return most + 1


def text_of(before: str, piece: str) -> str:
    """What `piece` makes when it is repeated as often as an expression can see it, and then fits no more."""
    size = WINDOW if re.search(r"\w", piece) else GAP
    return before + piece * max(1, size // len(piece)) + NOWHERE


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_takes_no_more_steps_than_the_square_of_what_it_sees(name: str) -> None:
    stepper = Stepper(EXPRESSIONS[name])
    whole = name.rpartition(".")[2] in FULLMATCHED
    for before, piece in [*probes(stepper, 24), *(("", piece) for piece in PUMPS)]:
        assert steps(stepper, text_of(before, piece), whole=whole) <= MOST_STEPS, (before, piece)


@pytest.mark.parametrize(
    ("expression", "piece"),
    [(r"(?:a|a)*b", "a"), (r"(?:\s*,?\s*and)+$", " and"), (r"\w*\w*\w*!", "a"), (r"(?:(?:a+)+)+b", "a")],
)
def test_the_guard_sees_what_it_guards_against(expression: str, piece: str) -> None:
    stepper = Stepper(re.compile(expression))
    assert steps(stepper, text_of("", piece)) > MOST_STEPS or piece == " and"
    if piece == " and":
        assert steps(stepper, "  and" * 24 + NOWHERE) > MOST_STEPS


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"(?i)a(?:b|cd)*?d{2,3}\b", "ABcdBddd"),
        (r"(?<=x)\d+(?!\d|mg)", "x123mg"),
        (r"(?>a|ab)c", "abc"),
        (r"a*+a", "aaa"),
        (r"^[^a-c\s]+$", "xyz\n"),
        (r"(?:a|b|)*c", "abab"),
    ],
)
def test_the_counter_matches_what_re_matches(expression: str, text: str) -> None:
    pattern = re.compile(expression)
    for start in range(len(text)):
        ends: list[int] = []
        stepper = Stepper(pattern)
        stepper.steps(text, 10_000)
        found = pattern.match(text[start:])
        stepper._text, stepper._end, stepper._left = text[start:], len(text) - start, 10_000
        stepper._match(stepper.nodes, 0, 0, lambda end, ends=ends: ends.append(end) is None)  # type: ignore[misc]
        assert ends[:1] == ([found.end()] if found else [])


#: Expressions that run over a whole document, or over a line of any length.
WHOLE = [
    "structure.limit",
    "sentences._NO_WORDS",
    "sentences._SIXTHS",
    "lines._SENTENCE",
    "background._BLANK_LINE",
    "folding._ANY",
    "reading_copy._DAMAGE",
    "abbreviations._BRACKET",
]


@pytest.mark.parametrize("name", WHOLE)
def test_an_expression_that_sees_the_whole_text_takes_steps_by_its_length(name: str) -> None:
    [expression] = [pattern for path, pattern in EXPRESSIONS.items() if path.endswith((f".{name}", f" {name}"))]
    stepper = Stepper(expression)
    for before, piece in [*probes(stepper, 24), *(("", family) for family in FAMILIES)]:
        count = 2 * GAP // len(piece) + 1
        with deep_recursion():
            once, twice = (
                stepper.steps(before + piece * n + NOWHERE, 1_000_000, anywhere=True) for n in (count, 2 * count)
            )
        assert twice <= 2.5 * once + 2000, (before, piece)


@pytest.mark.parametrize(
    "text",
    [
        "ECOG " + "> or " * 60 + "§ 1",
        "ALT " + "(a)" * 60 + " § > 5 x ULN",
        "ALT " + "i.e., " * 60 + "§ > 5 x ULN",
        "ALT > 5 x ULN if" + "  and" * 60 + " § AST",
        "≥" + " " * 2_900 + "§ 5 mg",
        "≥ 5" + "\n" * 100_000 + "x",
        "≥" + " and \n " * 40 + "§ 5 mg",
        "1. " * 400 + "x Inclusion criteria: 5 mg",
        "no " * 900 + "5 mg prednisone",
    ],
    ids=lambda text: text[:24],
)
def test_what_once_took_for_ever_is_read(text: str) -> None:
    assert all(fact.text in text for fact in EXTRACTOR.annotate("Inclusion Criteria:\n- " + text).facts)


def calls(text: str) -> int:
    """How many functions are called while a text is read, by Python and from it."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        EXTRACTOR.annotate(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", FAMILIES)
def test_a_text_of_twice_the_length_takes_twice_the_calls(piece: str) -> None:
    EXTRACTOR.annotate(piece * 3)
    once, twice = (calls(piece * (size // len(piece))) for size in (4_000, 8_000))
    assert twice <= 2.4 * once + 2_000


@pytest.mark.parametrize("seed", range(12))
def test_so_does_a_mixture(seed: int) -> None:
    chosen = random.Random(seed)
    piece = "".join(chosen.choices(FAMILIES, k=chosen.randint(2, 5)))
    once, twice = (calls(piece * (size // len(piece))) for size in (4_000, 8_000))
    assert twice <= 2.4 * once + 2_000


def test_no_passage_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read at a time has at most 80 tokens and 3,000 characters, and no gap."""
    seen = []
    find = EXTRACTOR.engines.find
    monkeypatch.setattr(EXTRACTOR.engines, "find", lambda passage: seen.append(passage) or find(passage))
    for piece in FAMILIES:
        EXTRACTOR.annotate("Age ≥ 18 years " + piece * (8_000 // len(piece)))
    assert seen
    assert all(len(passage.tokens) <= sentences.MOST_TOKENS for passage in seen)
    assert all(passage.end - passage.start <= 3_000 for passage in seen)
    assert all(passage.line_end - passage.line_start <= 3_000 + 2 * Window.SURROUNDINGS for passage in seen)
    assert not any(sentences._NO_WORDS.search(p.text, p.line_start, p.line_end) for p in seen)


@pytest.mark.parametrize("piece", ["7", " ", "(", "1-2-3-4-5-6-7-8-9-", "x", "ULN "])
def test_a_megabyte_is_read(piece: str) -> None:
    assert EXTRACTOR.annotate(piece * (1_000_000 // len(piece))).facts == ()
