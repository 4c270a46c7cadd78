"""What the words around a value told of a fact: its role, its case, its polarity, its alternatives, and what is
asserted of it."""

from __future__ import annotations

import re

from trialsift.extraction.assertion.context import BACKGROUND, CONTEXT, DENIALS
from trialsift.extraction.explain.account import Account
from trialsift.extraction.explain.data import Found
from trialsift.extraction.extractor import Reading
from trialsift.extraction.structure.section import find_section
from trialsift.model.alternatives import collect_alternatives
from trialsift.model.fact import Fact

_TRUE = "true"
_COMPARED = ("analyte", "scale", "measure", "unit", "condition")
_LONGEST = 60  # characters: of longer words between two alternatives the middle is left out

_SOURCES = {CONTEXT: "ConText", BACKGROUND: "the paragraph tells of other work", DENIALS: "words that deny it"}


def tell_surroundings(account: Account, reading: Reading, index: int) -> None:
    """Tells all of these; `index` is that of the fact in the reading."""
    if account.fact.label == "DOSE":
        _role(account, reading)
        _boost(account, reading, index)
    if account.fact.attributes.get("scope") == "subgroup":
        account.step("scope", "the words around it tell of some participants", "subgroup")
    _case(account)
    _polarity(account, reading, reading.cues[index])
    _alternatives(account, reading, index)
    for assertion in reading.assertions:
        if assertion.fact == index:
            words = account.written(assertion.start, assertion.end)
            by = _SOURCES[assertion.source]
            piece = Found("cue", assertion.start, assertion.end, assertion.attribute)
            account.piece(piece, assertion.attribute, f"`{words}` ({by})", _TRUE)


def _role(account: Account, reading: Reading) -> None:
    role = account.fact.attributes.get("role")
    if role is None:
        return
    told = [note.meaning for note in account.notes("role")]
    if told:
        account.step("role", told[0], str(role))
        return
    behind = next((f for f in reading.facts if f.label == "DOSE" and f.start >= account.fact.end), None)
    same = behind is not None and behind.attributes.get("role") == role
    account.step("role", "as the number behind it" if same else "in front of a dose that it is divided into", str(role))


def _boost(account: Account, reading: Reading, index: int) -> None:
    place = next((note.place for note in account.notes("boost")), None)
    if place is not None:
        words = account.written(*place)
        start = place[0] + len(words) - len(words.lstrip())
        account.piece(Found("boost", start, start + len(words.strip()), _TRUE))
    elif account.fact.attributes.get("boost"):
        stated = reading.stated[index].attributes.get("boost")
        account.step("boost", "as the number behind it" if stated else "another dose of its regimen is a boost", _TRUE)


def _case(account: Account) -> None:
    if account.fact.attributes.get("conditional"):
        account.step("conditional", "stands in the condition of something else", _TRUE)
    condition = account.fact.attributes.get("condition")
    if condition is None:
        return
    meaning = "holds in this case only"
    places = _places(account, str(condition))
    if not places:
        account.step("condition", str(condition), meaning)
        return
    fact = account.fact
    nearest = min(places, key=lambda place: max(place[0] - fact.end, fact.start - place[1]))
    account.piece(Found("condition", *nearest, meaning))


def _alternatives(account: Account, reading: Reading, index: int) -> None:
    """Tells which facts it is an alternative of, and what joins it with the nearest of them."""
    number = account.fact.attributes.get("any_of")
    if number is None:
        return
    groups = collect_alternatives(fact.attributes for fact in reading.facts)
    group = next(group for group in groups if index in group.members)
    others = [i for i in group.members if i != index]
    if not others or number == 0:
        account.step("alternatives", "one of a list", group.meaning)
        return
    # of two that are as near, the one in front: what joins them stands before the later one
    nearest = min(others, key=lambda i: (abs(i - index), i))
    one, other = sorted((account.fact, reading.facts[nearest]), key=lambda fact: fact.start)
    listed = ", ".join(str(i + 1) for i in others)
    account.step("alternatives", _tell_joint(account, one, other), f"group {number} with {listed}: {group.meaning}")


def _tell_joint(account: Account, one: Fact, other: Fact) -> str:
    """Tells why two limits are alternatives: what makes them one limit stated twice, else the words between them."""
    if one.end > other.start:
        return "one value of several names"
    differing = [name for name in _COMPARED if one.attributes.get(name) != other.attributes.get(name)]
    if "condition" in differing:
        return "the same limit in another case"
    if differing == ["unit"]:
        return "the same limit in another unit"
    words = account.written(one.end, other.start)
    return f"`{words if len(words) <= _LONGEST else f'{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}'}`"


def _places(account: Account, words: str) -> list[tuple[int, int]]:
    """Where the words of a condition stand: in the sentence, outside the value, or else in the line above."""
    passage, fact = account.passage, account.fact
    found = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    inside = [m.span() for m in found.finditer(passage.text, passage.start, passage.end)]
    inside = [place for place in inside if place[1] <= fact.start or place[0] >= fact.end]
    return inside or [m.span() for m in found.finditer(passage.text, *(passage.above or (0, 0)))]


def _polarity(account: Account, reading: Reading, cue: re.Match[str] | None) -> None:
    fact, passage = account.fact, account.passage
    section = find_section(reading.sections, passage.start)
    told = str(fact.attributes["polarity"])
    if cue is not None:
        where = "criteria under no heading" if passage.unheaded else "outside criteria"
        words = f"`{account.written(*cue.span())}`, {where}"
        account.piece(Found("cue", *cue.span(), f"polarity {told}"), "polarity", words, told)
    elif section.heading is not None and (passage.polarity is not None or told == "none"):
        first, _ = account.copy.locate(*section.heading)
        line = account.copy.original.count("\n", 0, first) + 1
        words = f"section `{account.written(*section.heading)}` (line {line})"
        account.piece(Found("section", *section.heading, f"polarity {told}"), "polarity", words, told)
    elif passage.unheaded or passage.limits_nobody:
        account.step("polarity", f"the field `{section.name}` of the record", told)
    elif told == "none":
        account.step("polarity", "no section of eligibility criteria", told)
    elif fact.label == "LAB":
        account.step("polarity", "a bullet of a document that names no section", told)
    else:
        account.step("polarity", "outside criteria, but a limit on participants", told)
