"""What prescriptions share: fractions of alternatives and volumes, and a dose per fraction that is stated apart."""

from __future__ import annotations

from itertools import pairwise

from trialsift.extraction.regimens.arithmetic import agree, divides, makes_product, read_bounds
from trialsift.extraction.regimens.prescription import Prescription, Source
from trialsift.extraction.structure.passage import Window

_MAX_GAP = 120
_MAX_SHARED_GAP = 180
#: So far from its totals a sentence with nothing but doses per fraction may stand, within one line.
_APART = 900


def share_within_sentence(source: Source, prescriptions: list[Prescription]) -> None:
    """Shares what one sentence states once for several prescriptions."""
    _attach_last_fractions(source, prescriptions)
    _share_behind(source, prescriptions)
    _move_to_sum(source, prescriptions)
    _share_before(source, prescriptions)
    _join_product(source, prescriptions)
    _apply_last_dose(source, prescriptions)
    _share_among_parts(source, prescriptions)


def _attach_last_fractions(source: Source, prescriptions: list[Prescription]) -> None:
    """Gives fractions at the end to the total before them, a little farther than `_belongs` does."""
    if len(prescriptions) < 2:
        return
    before, last = prescriptions[-2:]
    if set(last.members) != {"fractions"} or set(before.members) != {"total"}:
        return
    start = source.facts[last.members["fractions"]].start
    if start - before.end <= _MAX_SHARED_GAP and not source.words.sequence.search(source.text[before.end : start]):
        before.members["fractions"] = last.members["fractions"]
        prescriptions.pop()


def _share_behind(source: Source, prescriptions: list[Prescription]) -> None:
    """Shares one number of fractions, or one dose per fraction, among the totals before it. An integrated boost has the
    fractions of the volume it is integrated into."""
    facts, words = source.facts, source.words
    for k in range(len(prescriptions) - 1, 0, -1):  # backwards, so that three volumes share too
        later, earlier = prescriptions[k], prescriptions[k - 1]
        if "total" not in earlier.members or "total" not in later.members:
            continue
        total = facts[later.members["total"]]
        gap = source.text[earlier.end : total.start]
        if len(gap) > _MAX_SHARED_GAP:
            continue
        if words.integrated.search(gap) and "fractions" in earlier.members and set(later.members) == {"total"}:
            later.members["fractions"] = earlier.members["fractions"]
        elif len(earlier.members) == 1 and (
            not words.sequence.search(gap) or facts[earlier.members["total"]].rule == "dose.elided"
        ):
            for role in ("fractions", "per_fraction"):
                shared = later.members.get(role)
                if (
                    shared is not None
                    and facts[shared].start > total.start
                    and agree(facts, {**earlier.members, role: shared})
                ):
                    earlier.members[role] = shared


def _share_before(source: Source, prescriptions: list[Prescription]) -> None:
    """Shares what stands before the first of several alternatives: `2 Gy a day to 56 or 66 Gy`, `30 Gy in 5 or 10
    fractions`; and the fractions of a dose that is prescribed elsewhere too: `48 Gy in 4 fractions to the margin for a
    dose of 60 Gy at the centre`."""
    facts, words = source.facts, source.words
    for earlier, later in pairwise(prescriptions):
        if len(later.members) != 1 or later.mixed or earlier.mixed:
            continue
        (role, own), first = next(iter(later.members.items())), earlier.members.get(next(iter(later.members)))
        if first is None or role == "per_fraction":
            continue
        gap = source.text[earlier.end : facts[own].start]
        alternative = words.alternative.fullmatch(source.text, facts[first].end, facts[own].start)
        sizes = role == "total" and words.for_sizes.fullmatch(source.text, facts[first].end, facts[own].start)
        elsewhere = role == "total" and words.elsewhere.fullmatch(gap)
        if not (alternative or sizes or elsewhere):
            continue
        for name, shared in earlier.members.items():
            before = elsewhere or facts[shared].end <= facts[first].start
            together = {**later.members, name: shared}
            if name != role and before and agree(facts, together) and divides(facts, together):
                later.members[name] = shared


def _join_product(source: Source, prescriptions: list[Prescription]) -> None:
    """Joins a dose per fraction that stands alone to fractions and a total behind it that are its product: `1.8 or 2.25
    Gy x 20 or 25 fractions (45 Gy)`."""
    for lone in prescriptions:
        if set(lone.members) != {"per_fraction"}:
            continue
        for whole in prescriptions:
            together = {**whole.members, **lone.members}
            if set(whole.members) == {"fractions", "total"} and makes_product(source.facts, together):
                whole.members["per_fraction"] = lone.members.pop("per_fraction")
                break


def _apply_last_dose(source: Source, prescriptions: list[Prescription]) -> None:
    """Gives a dose per fraction at the end of the sentence to all totals before it, if it divides each: `70 Gy to group
    1 and 60 Gy to group 2, in fractions of 2 Gy`."""
    if len(prescriptions) < 2 or set(prescriptions[-1].members) != {"per_fraction"}:
        return
    totals = prescriptions[:-1]
    if all(set(p.members) == {"total"} for p in totals):
        _attach(source, prescriptions[-1:], totals)


def _share_among_parts(source: Source, prescriptions: list[Prescription]) -> None:
    """Gives the dose per fraction of a total to the parts in brackets behind it, which add up to it: `2 Gy to 60 Gy (50
    Gy and a boost of 10 Gy)`."""
    for k, whole in enumerate(prescriptions):
        parts = prescriptions[k + 1 : k + 3]
        opened = len(parts) == 2 and "(" in source.text[whole.end : parts[0].start]
        if (
            not opened
            or not {"per_fraction", "total"} <= set(whole.members)
            or any(set(p.members) != {"total"} for p in parts)
        ):
            continue
        totals = [read_bounds(source.facts[p.members["total"]])[1] or 0.0 for p in (whole, *parts)]
        if abs(totals[1] + totals[2] - totals[0]) < 0.01:
            for part in parts:
                part.members["per_fraction"] = whole.members["per_fraction"]


def _move_to_sum(source: Source, prescriptions: list[Prescription]) -> None:
    """Gives fractions in front of several doses to their sum: `32 fractions: 50 Gy to the nodes and 14 Gy to the boost,
    a total of 64 Gy`."""
    if len(prescriptions) < 3:
        return
    first, last = prescriptions[0], prescriptions[-1]
    rest = [p for p in prescriptions if "total" in p.members]
    if len(rest) != len(prescriptions) or set(first.members) != {"fractions", "total"}:
        return
    totals = [read_bounds(source.facts[p.members["total"]])[1] or 0.0 for p in rest]
    leads = source.facts[first.members["fractions"]].end <= source.facts[first.members["total"]].start
    if leads and all(set(p.members) == {"total"} for p in rest[1:]) and abs(sum(totals[:-1]) - totals[-1]) < 0.01:
        last.members["fractions"] = first.members.pop("fractions")


def share_leading_fractions(source: Source, found: list[Prescription]) -> None:
    """Shares fractions stated before dose levels (`Dose escalation in 3 fractions: level 1 12 Gy per fraction, …`)."""
    for k, lead in enumerate(found):
        if set(lead.members) != {"fractions"}:
            continue
        levels: list[Prescription] = []
        for level in found[k + 1 :]:
            before = levels[-1].end if levels else lead.end
            named = source.words.levels.search(source.text, before, level.start) and level.start - before <= _MAX_GAP
            if not named or "fractions" in level.members:
                break
            levels.append(level)
        if len(levels) >= 2:
            for level in levels:
                level.members["fractions"] = lead.members["fractions"]
            lead.members.clear()


def apply_to_totals(source: Source, lone: list[Prescription], found: list[Prescription]) -> None:
    """Applies doses per fraction that a sentence states apart (`RT was given at 1.8 Gy a day`) to the totals of the
    same line before it, or else behind it: one to all of them, several in order. A sentence that is about fractionation
    (`Fractionation is 1.8 Gy a day`) applies to totals of other lines too, and only such a one with a number of
    fractions."""
    (role, first), *_ = lone[0].members.items()
    start = source.facts[first].start
    told = source.words.fractionation.search(source.text[max(0, start - Window.CLAUSE) : start])
    if role == "fractions" and not told:
        return
    at = next(k for k, p in enumerate(found) if p is lone[0])
    behind = _MAX_SHARED_GAP if role == "fractions" else _APART
    for near, farthest in ((found[:at][::-1], _APART), (found[at + len(lone) :], behind)):
        totals: list[Prescription] = []
        edge = lone[0]
        for prescription in near:
            between = source.text[min(edge.end, prescription.end) : max(edge.start, prescription.start)]
            lines = "\n" in between.strip() and not told
            if set(prescription.members) != {"total"} or len(between) > farthest or lines:
                break
            totals.append(prescription)
            edge = prescription
        totals.sort(key=lambda p: p.start)
        if totals and _attach(source, lone, totals):
            return


def _attach(source: Source, lone: list[Prescription], totals: list[Prescription]) -> bool:
    """Gives totals their dose per fraction, if a whole number of fractions makes each, or their number of fractions;
    False if none fits."""
    if len(lone) > 1 and len(lone) != len(totals):
        return False
    (role,) = lone[0].members
    stated = [p.members[role] for p in lone]
    pairs = list(zip(totals, stated * len(totals) if len(stated) == 1 else stated, strict=False))
    fitting = [
        (total, one)
        for total, one in pairs
        if agree(source.facts, {**total.members, role: one}) and divides(source.facts, {**total.members, role: one})
    ]
    if not fitting or (len(lone) > 1 and len(fitting) < len(pairs)):
        return False
    for total, one in fitting:
        total.members[role] = one
    for prescription in lone:
        prescription.members.clear()
    return True
