"""Groups of alternatives, for lists and pages."""

from __future__ import annotations

from trialsift.model.alternatives import collect_alternatives, tag_alternatives
from trialsift.model.fact import Scalar


def _fact(any_of: int | None, polarity: str = "inclusion") -> dict[str, Scalar]:
    return {"any_of": any_of, "polarity": polarity}


def test_members_of_a_group_need_not_follow_each_other() -> None:
    groups = collect_alternatives([_fact(1), _fact(2), _fact(1), _fact(None), _fact(2)])
    assert [(group.number, group.members, group.joint) for group in groups] == [(1, (0, 2), "or"), (2, (1, 4), "or")]


def test_exclusions_are_joined_by_and() -> None:
    [group] = collect_alternatives([_fact(3, "exclusion"), _fact(3, "exclusion")])
    assert (group.joint, group.meaning) == ("and", "only all together exclude")


def test_another_kind_is_told_apart_by_what_stands_between() -> None:
    facts = [_fact(0), _fact(0), _fact(None), _fact(0), _fact(0, "exclusion")]
    assert [group.members for group in collect_alternatives(facts)] == [(0, 1), (3,), (4,)]
    assert [tag_alternatives(fact) for fact in facts[1:3]] == ["alternatives of another kind", None]
