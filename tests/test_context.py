"""The rules of patterns/context.json, by their own examples; and how ConText is run on them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from trialsift.context import ATTRIBUTES, Context, read_rules
from trialsift.facts import Fact
from trialsift.resources import PatternError, patterns_dir

FOLDER = patterns_dir()
RULES = read_rules(FOLDER / "context.json")
CONTEXT = Context(FOLDER)


def asserted(example: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an example's span; a dose outside eligibility criteria unless it says otherwise."""
    text, span = example["text"], example["span"]
    start = text.index(span)
    fact = Fact(example.get("label", "DOSE"), start, start + len(span), span, "test",
                {"polarity": example.get("polarity", "none")})
    [(found, place)] = CONTEXT.assert_facts(text, [(fact, (0, len(text)))])
    assert place == (0, len(text))
    return dict(found.attributes)


def cases(kind: str) -> list[Any]:
    return [pytest.param(rule, example, id=f"{rule['literal']}: {example['text']}")
            for rule in RULES for example in rule["metadata"][kind]]


@pytest.mark.parametrize(("rule", "example"), cases("examples"))
def test_example(rule: dict[str, Any], example: dict[str, Any]) -> None:
    attribute = ATTRIBUTES.get(rule["category"])
    attributes = asserted(example)
    if attribute:
        assert attributes.get(attribute) is True
    elif rule["category"] == "HYPOTHETICAL":
        assert "historical" not in attributes
    elif rule["metadata"].get("note") == "within the trial, or no treatment":
        assert "historical" not in attributes
    else:
        assert "negated" not in attributes


@pytest.mark.parametrize(("rule", "example"), cases("not_examples"))
def test_not_example(rule: dict[str, Any], example: dict[str, Any]) -> None:
    attribute = ATTRIBUTES.get(rule["category"])
    if attribute:
        assert attribute not in asserted(example)
