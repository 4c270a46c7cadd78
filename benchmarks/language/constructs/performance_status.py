"""Limits on performance status: the scale named before, after, above, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.language.registry import construct
from benchmarks.language.sentences import Mark, Sentence, compose, mark
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("performance_status")

_HIGHEST = {"ECOG": 5, "KPS": 100, "Lansky": 100}
_STEP = {"ECOG": 1, "KPS": 10, "Lansky": 10}


def mark_status(text: str, scale: str, low: int, high: int, **attributes: object) -> Mark:
    """Marks a limit on a scale; both ends are scores that belong to it."""
    return mark(text, "PERFORMANCE_STATUS", None, scale=scale, low=low, high=high, **attributes)


def limit_scores(scale: str, relation: str, number: int) -> tuple[int, int]:
    """Returns the scores that a comparator leaves: `< 2` on ECOG is 0–1, `> 60` on KPS is 70–100."""
    step, highest = _STEP[scale], _HIGHEST[scale]
    return {
        "ge": (number, highest),
        "gt": (number + step, highest),
        "le": (0, number),
        "lt": (0, number - step),
        "eq": (number, number),
    }[relation]


_ECOG = _WORDINGS["ecog_names"]
_KARNOFSKY = _WORDINGS["karnofsky_names"]
#: A value, and which scores it leaves on ECOG.
_VALUES = _WORDINGS["ecog_values"]


def _join(name: str, value: str, draw: Random) -> str:
    if value.startswith(("of ", "must ", "= ", "(", "[", "equal ")):
        return " "
    return draw.choice((" ", " ", " of ", ": ")) if value[0] not in "≤<≥>" else draw.choice((" ", " ", ": "))


def _mark_ecog(value: str, scores: str, **attributes: object) -> tuple[str, Mark, str]:
    head = next((w for w in ("of ", "must be ", "grade ", "either ") if value.startswith(w)), "")
    bare = value.removeprefix(head)
    closing = bare[-1] if bare[0] in "([" else ""
    lead = bare[0] if closing else ""
    bare = bare[1:-1] if closing else bare
    return head + lead, mark_status(bare, "ECOG", int(scores[0]), int(scores[1]), **attributes), closing


def _section(scores: str) -> str:
    return "exclusion" if scores[1] in "45" else "inclusion"


@construct("status/scale name", "ages")
def write_names(draw: Random) -> Iterator[Sentence]:
    for name in _ECOG:
        for value, scores in (("0-1", "01"), ("≤ 2", "02"), ("0, 1 or 2", "02"), ("< 2", "01")):
            made = mark_status(value, "ECOG", int(scores[0]), int(scores[1]))
            yield Sentence((name, _join(name, value, draw), made), name)
    for name in _KARNOFSKY:
        for value, low in (("≥ 70", 70), ("> 60", 70), ("≥ 60%", 60), ("at least 80", 80)):
            yield Sentence(
                (
                    name,
                    draw.choice((" ", ": ", " of ") if value[0] == "a" else (" ", ": ")),
                    mark_status(value, "KPS", low, 100),
                ),
                name,
            )


@construct("status/value on ECOG", "ages")
def write_values(draw: Random) -> Iterator[Sentence]:
    for value, scores in _VALUES:
        for name in ("ECOG", "ECOG performance status", draw.choice(_ECOG[:10])):
            head, made, tail = _mark_ecog(value, scores)
            pieces = (name, _join(name, value, draw), head, made, tail)
            yield Sentence(tuple(p for p in pieces if p != ""), value, _section(scores))


@construct("status/value on Karnofsky or Lansky", "ages")
def write_karnofsky(draw: Random) -> Iterator[Sentence]:
    values = _WORDINGS["karnofsky_values"]
    for value, relation, number in values:
        for scale, name in (
            ("KPS", "Karnofsky performance status"),
            ("KPS", "KPS"),
            ("Lansky", "Lansky performance status"),
            ("Lansky", draw.choice(_WORDINGS["lansky_names"])),
        ):
            head = "of " if value.startswith("of ") else ""
            made = mark_status(value.removeprefix("of "), scale, *limit_scores(scale, relation, number))
            yield Sentence((name, " " + head, made), value, "inclusion" if relation[0] == "g" else "exclusion")
    for value, low, high in _WORDINGS["karnofsky_ranges"]:
        for scale, name in (("KPS", "Karnofsky"), ("KPS", "KPS"), ("Lansky", "Lansky")):
            yield Sentence((name, " ", mark_status(value, scale, low, high)), value)


@construct("status/scale after the value", "ages")
def write_after(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["after_templates"]
    for template in templates:
        for value, scores in draw.sample(_WORDINGS["after_values"], 4):
            if template.startswith("[V] ECOG") and not value[0].isdigit():
                continue
            made = mark_status(value, "ECOG", int(scores[0]), int(scores[1]))
            yield Sentence(compose(template.replace("[V]", "{}"), made), template)
    for template in _WORDINGS["after_templates_karnofsky"]:
        for value, low in (("≥ 70", 70), ("at least 60", 60), ("> 60%", 70)):
            yield Sentence(compose(template.replace("[V]", "{}"), mark_status(value, "KPS", low, 100)), template)


@construct("status/under its heading", "ages")
def write_headings(draw: Random) -> Iterator[Sentence]:
    """The heading names the scale or only performance status; the line below has the value alone."""
    for heading in _WORDINGS["headings"]:
        for value, scores in (("0-1", "01"), ("0-2", "02"), ("0 or 1", "01"), ("≤ 2", "02")):
            yield Sentence((heading, mark_status(value, "ECOG", int(scores[0]), int(scores[1]))), heading)
        if "ECOG" not in heading:
            for name, scale in _WORDINGS["heading_scales"]:
                value, low, high = ("0-2", 0, 2) if scale == "ECOG" else ("60-100%", 60, 100)
                yield Sentence((heading + name, mark_status(value, scale, low, high)), heading + name)


@construct("status/two scales", "ages")
def write_two(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["two_templates"]
    for template in templates:
        for first, high, second, low in _WORDINGS["two_values"]:
            yield Sentence(
                compose(template, mark_status(first, "ECOG", 0, high), mark_status(second, "KPS", low, 100)), template
            )
    for template in _WORDINGS["shared_templates"]:
        for value, low in (("≥ 50", 50), ("≥ 60%", 60), ("> 50", 60), ("of at least 70", 70)):
            bare = value.removeprefix("of ")
            facts = tuple(
                ("PERFORMANCE_STATUS", {"scale": scale, "low": low, "high": 100}) for scale in ("KPS", "Lansky")
            )
            yield Sentence(compose(template, ("of " if bare != value else "", Mark(bare, facts))), template)


@construct("status/sentence", "ages")
def write_sentences(draw: Random) -> Iterator[Sentence]:
    templates = _WORDINGS["sentences_templates"]
    for template in templates:
        for value, scores in draw.sample(_WORDINGS["plain_values"], 3):
            yield Sentence(compose(template, mark_status(value, "ECOG", int(scores[0]), int(scores[1]))), template)
    for template in _WORDINGS["paper_templates"]:
        made = mark_status("0-2", "ECOG", 0, 2, polarity="inclusion")
        yield Sentence(compose(template, made), template, "none")
    for template in _WORDINGS["stratum_templates"]:
        yield Sentence(
            compose(template, mark_status("0", "ECOG", 0, 0), mark_status("1", "ECOG", 1, 1)), template, "none"
        )
        yield Sentence(
            compose(template, mark_status("0-1", "ECOG", 0, 1), mark_status("2", "ECOG", 2, 2)), template, "none"
        )
