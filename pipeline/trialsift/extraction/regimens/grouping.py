"""The facts of a sentence, in order: which of them state one prescription.

A fact joins the current prescription if that lacks its role, if the words between do not begin another one, and if the
numbers agree; otherwise it begins a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trialsift.extraction.quantities.numbers import read_value
from trialsift.extraction.regimens import sharing
from trialsift.extraction.regimens.arithmetic import agree, divides, find_role, make_regimen, makes_product, read_bounds
from trialsift.extraction.regimens.prescription import Prescription, Source
from trialsift.extraction.regimens.wording import RegimenWords
from trialsift.extraction.structure.passage import Window
from trialsift.model.fact import Fact, Regimen

_MAX_GAP, _MAX_SHARED_GAP = 120, 200  # the latter where words lead to the total
# After more characters, a dose per fraction has to divide the total: `24 Gy) is unfeasible, SBRT (9 Gy x3)`
_MAX_DETAIL_GAP = 25


def group_regimens(
    text: str, facts: Sequence[Fact], contexts: Sequence[tuple[int, int]], words: RegimenWords
) -> tuple[Regimen, ...]:
    """Returns the prescriptions that the DOSE and FRACTIONS facts of a text state, in the order of the text, doses in
    Gy.

    `contexts[i]` is the sentence of `facts[i]`. Facts of different sentences are not combined, except that a sentence
    with nothing but doses per fraction, or numbers of fractions, applies to totals near it.
    """
    source = Source(text, facts, words)
    by_sentence: dict[tuple[int, int], list[int]] = {}
    for i, fact in enumerate(facts):
        radiation = fact.label == "DOSE" and fact.attributes.get("modality") == "radiation"
        if radiation or fact.label == "FRACTIONS":
            by_sentence.setdefault(contexts[i], []).append(i)
    found: list[Prescription] = []
    apart: list[list[Prescription]] = []
    for place, stated in by_sentence.items():
        members = _find_prescribing(source, place, stated)
        made = _group_sentence(source, members)
        if made and any(all(set(p.members) == {role} for p in made) for role in ("per_fraction", "fractions")):
            apart.append(made)
        found.extend(made)
    sharing.share_leading_fractions(source, found)
    for lone in apart:
        if all(p.members for p in lone):
            sharing.apply_to_totals(source, lone, found)
    return tuple(
        make_regimen(facts, p.members, p.also, mixed=p.mixed, days=_count_days(source, p)) for p in found if p.members
    )


def _count_days(source: Source, prescription: Prescription) -> int | None:
    """The days of a dose that is given once on each of them (`6 Gy daily, for 5 days`), where nothing else is told."""
    if set(prescription.members) != {"per_fraction"}:
        return None
    end = source.facts[prescription.members["per_fraction"]].end
    told = source.words.daily_for.match(source.text, end)
    return None if told is None else round(read_value(told["n"]))


def find_boosts(facts: Sequence[Fact], prescribed: Sequence[Regimen]) -> frozenset[int]:
    """Returns the indices of doses that boosts prescribe and no other prescription shares."""
    boosted: set[int] = set()
    plain: set[int] = set()
    for regimen in prescribed:
        doses = [i for i in regimen.facts if facts[i].label == "DOSE"]
        boost = any(facts[i].attributes.get("boost") is True for i in doses)
        (boosted if boost else plain).update(doses)
    return frozenset(boosted - plain)


def _find_prescribing(source: Source, place: tuple[int, int], stated: Sequence[int]) -> list[int]:
    """Those facts of a sentence that prescribe something: no median of what was given, no dose that another is said to
    be equal to, no limit on an organ, and no fractions that go with one of these."""
    text, words = source.text, source.words
    if words.experiment.search(text, *place):
        return []
    stratified = words.strata.search(text, *place) is not None
    kept: list[int] = []
    excluded: Fact | None = None
    for i, behind in pairwise([*stated, None]):
        assert i is not None
        fact = source.facts[i]
        left = text[max(place[0], fact.start - Window.CLAUSE) : fact.start]
        follows = excluded is not None and words.goes_on.fullmatch(text, excluded.end, fact.start) is not None
        alone = fact.label == "FRACTIONS" and (behind is None or find_role(source.facts[behind]) is None)
        told = words.statistic.search(left) or words.equal.search(left) or (alone and words.point.search(left))
        if fact.attributes.get("high") == 0:
            continue  # an arm without radiation
        if find_role(fact) is None or told or follows or (stratified and None in read_bounds(fact)):
            excluded = fact
            continue
        excluded = None
        kept.append(i)
    return kept


def _group_sentence(source: Source, members: list[int]) -> list[Prescription]:
    facts = source.facts
    prescriptions: list[Prescription] = []
    paired = dict(_pair_alternatives(source, members))
    for i, behind in pairwise([*members, None]):
        assert i is not None
        fact, role = facts[i], find_role(facts[i])
        assert role is not None
        if i in paired:
            other = paired[i]
            prescriptions.append(Prescription({role: i, str(find_role(facts[other])): other}, [], fact.start, fact.end))
            continue
        if i in paired.values():
            prescriptions[-1].end = fact.end
            continue
        current = prescriptions[-1] if prescriptions else None
        joins = current is not None and role not in current.members and _belongs(source, current, i, role)
        if joins and current is not None and not _splits(source, current, i, behind):
            current.members[role] = i
            current.end = fact.end
        elif current is not None and role in current.members and _repeats(source, current, i, role, behind):
            current.also.append(i)
            current.end = fact.end
        else:
            prescriptions.append(Prescription({role: i}, [], fact.start, fact.end))
    sharing.share_within_sentence(source, prescriptions)
    return [p for p in prescriptions if p.members]


def _pair_alternatives(source: Source, members: list[int]) -> list[tuple[int, int]]:
    """`36 Gy or 45 Gy in 20 or 25 fractions`: as many numbers of fractions as doses, in the same order."""
    facts, text = source.facts, source.text
    runs: list[list[int]] = []
    for i in members:
        if runs and find_role(facts[runs[-1][0]]) == find_role(facts[i]):
            gap = text[facts[runs[-1][-1]].end : facts[i].start]
            if source.words.alternative.fullmatch(gap):
                runs[-1].append(i)
                continue
        runs.append([i])
    pairs: list[tuple[int, int]] = []
    for run, following in pairwise(runs):
        close = facts[following[0]].start - facts[run[-1]].end <= _MAX_GAP
        roles = {find_role(facts[run[0]]), find_role(facts[following[0]])}
        if len(roles) == 1 or ("total" not in roles and following is not runs[-1]):
            continue  # the totals behind tell which belong together
        if len(run) > 1 and len(run) == len(following) and close and not pairs:
            pairs.extend(zip(run, following, strict=True))
    fits = all(
        agree(facts, {str(find_role(facts[a])): a, str(find_role(facts[b])): b}) and divides_pair(facts, a, b)
        for a, b in pairs
    )
    return pairs if fits else []


def divides_pair(facts: Sequence[Fact], one: int, other: int) -> bool:
    """Whether two facts of different roles can be of one prescription."""
    return divides(facts, {str(find_role(facts[i])): i for i in (one, other)})


def _belongs(source: Source, current: Prescription, i: int, role: str) -> bool:
    facts, words = source.facts, source.words
    fact = facts[i]
    gap = source.text[current.end : fact.start]
    together = {**current.members, role: i}
    farthest = _MAX_SHARED_GAP if role == "total" and words.to_total.search(gap) else _MAX_GAP
    if len(gap) > farthest or not agree(facts, together):
        return False
    exact = len(current.members) == 2  # the third member must make n × d = D
    if role != "total" and words.detail.fullmatch(gap):
        return True
    if len(gap) > _MAX_DETAIL_GAP and not divides(facts, together):
        return False
    if words.another.search(gap):
        if role == "per_fraction" and set(current.members) == {"fractions"} and words.boost_of.fullmatch(gap):
            return True
        if role == "fractions" and words.given_in.search(gap) and not words.another_course.search(gap):
            return True  # `50 Gy of proton or photon radiation in 25 fractions`
        return exact and "boost" not in gap.lower() and makes_product(facts, together)
    return True


def _splits(source: Source, current: Prescription, i: int, behind: int | None) -> bool:
    """`70 Gy, given as 20 fractions of 2 Gy (40 Gy) and …`: the fractions belong to the dose after them, which
    does not give this total."""
    facts = source.facts
    if behind is None or find_role(facts[i]) != "fractions" or find_role(facts[behind]) != "per_fraction":
        return False
    close = source.words.of.fullmatch(source.text, facts[i].end, facts[behind].start) is not None
    multiplies = facts[i].rule == "fractions.times" and "per_fraction" in current.members
    return close and (multiplies or not agree(facts, {**current.members, "fractions": i, "per_fraction": behind}))


def _repeats(source: Source, current: Prescription, i: int, role: str, behind: int | None) -> bool:
    """Whether a number is repeated (`Schedule I (10 fractions): a total of 10 treatments`), or added to one of the same
    day (`1.2 Gy + 2 Gy a day`)."""
    facts, gap = source.facts, source.text[current.end : source.facts[i].start]
    if role == "per_fraction" and gap.strip() == "+":
        current.mixed = True
        return True
    whole = len(current.members) > 1 and behind is not None and find_role(facts[behind]) == "per_fraction"
    if whole and behind is not None and source.words.of.fullmatch(source.text, facts[i].end, facts[behind].start):
        return False  # `10 x 3 Gy` begins another
    same = read_bounds(facts[i]) == read_bounds(facts[current.members[role]])
    return same and role == "fractions" and not source.words.another.search(gap)
