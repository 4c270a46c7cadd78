"""Prints alternatives and regimens, how they and facts were read, one step per line, and why numbers were not taken."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from trialsift.cli.terminal import BOLD, DIM, Printer, escape
from trialsift.extraction.confidence import Rating
from trialsift.extraction.explain import Declined, Explanation, Step, explain_regimens
from trialsift.extraction.structure.passage import write_bounds
from trialsift.model.alternatives import collect_alternatives
from trialsift.model.display import describe_fact, describe_interval, describe_regimen
from trialsift.model.document import find_line
from trialsift.model.fact import Annotation, Fact
from trialsift.tables.trials import has_flag

_MOST_SIGNS, _LEAST_SHARE = 3, 0.05  # of each direction; in log-odds
_WIDEST = 46  # columns: longer inputs of a step don't align with the others


def print_explanations(
    printer: Printer, text: str, explanations: Sequence[Explanation], ratings: Sequence[Rating]
) -> None:
    """Prints for each fact its number, value and place, its rule, the steps from the characters to the value, and how
    sure it is."""
    if explanations:
        printer.heading("Facts")
    for number, (told, rating) in enumerate(zip(explanations, ratings, strict=True), start=1):
        fact = told.fact
        head = Text(f"{number:>3} ", DIM)
        head.append(_join_lines(fact.text), printer.facts[fact.label] if printer.coloured else BOLD)
        head.append(" → ").append(escape(describe_fact(fact)), BOLD)
        head.append(f"  line {find_line(text, fact.start)}, {fact.start}–{fact.end}", DIM)
        printer.line(head)
        printer.line(Text.assemble((f"{fact.label}, rule {fact.rule}", BOLD), f": {told.rule}"), "   ")
        _print_steps(printer, told.steps)
        _print_rating(printer, rating)


def print_alternatives(printer: Printer, text: str, facts: Sequence[Fact], explained: bool) -> None:
    """Prints the groups of alternatives with the word that joins their members; with `explained`, their numbers."""
    groups = collect_alternatives(fact.attributes for fact in facts)
    if groups:
        printer.heading("Alternatives")
    for group in groups:
        members = [facts[i] for i in group.members]
        joint = ", " if group.joint == "," else f" {group.joint} "
        words = joint.join(map(_describe, members))
        head = Text.assemble((f"{group.number:>3} ", DIM), f"{group.meaning}: ", (words, BOLD))
        numbers = "facts " + ", ".join(str(i + 1) for i in group.members)
        stated = "; ".join(_join_lines(fact.text) for fact in members)
        place = f"  line {find_line(text, members[0].start)}: {numbers if explained else stated}"
        printer.line(head.append(place, DIM))


def _describe(fact: Fact) -> str:
    """Describes a member of a group; what limits it in brackets, so that it can stand in a list."""
    words, *more = describe_fact(fact).split("; ")
    return escape(f"{words} ({'; '.join(more)})" if more else words)


def print_regimens(
    printer: Printer, text: str, annotation: Annotation, ratings: Sequence[Rating], explained: bool
) -> None:
    """Prints regimens as prescriptions with their facts; with `explained`, also what was stated and computed, and how
    sure each is."""
    if annotation.regimens:
        printer.heading("Regimens")
    for number, told in enumerate(explain_regimens(annotation), start=1):
        facts = [annotation.facts[i] for i in told.regimen.facts]
        flags = [flag for flag in ("boost", "negated", "historical") if has_flag(told.regimen, annotation, flag)]
        words = "; ".join([describe_regimen(told.regimen), *flags])
        stated = "; ".join(_join_lines(fact.text) for fact in facts)
        numbers = "facts " + ", ".join(str(i + 1) for i in told.regimen.facts)
        place = f"  line {find_line(text, facts[0].start)}: {numbers if explained else stated}"
        printer.line(Text.assemble((f"{number:>3} ", DIM), (words, BOLD), (place, DIM)))
        if explained:
            _print_steps(printer, told.steps)
            _print_rating(printer, ratings[number - 1])


def print_declined(printer: Printer, text: str, declined: Sequence[Declined]) -> None:
    """Prints the numbers that are part of no fact: how each was read, which step declined it, and why."""
    if declined:
        printer.heading("Numbers not taken")
    for number in declined:
        head = Text("  ∅ ", DIM).append(_join_lines(number.text), BOLD)
        if number.interval is not None:
            unit = "" if number.unit is None else f" {number.unit}"
            head.append(f" → {escape(describe_interval(write_bounds(number.interval)))}{unit}")
        head.append(f"  line {find_line(text, number.start)}, {number.start}–{number.end}", DIM)
        printer.line(head)
        by = f"rule {number.rule}" if number.rule else f"{number.label} engine" if number.label else ""
        where = f"{number.step}, {by}" if by else number.step
        printer.line(Text.assemble((where, BOLD), f": {escape(number.why)}"), "   ")


def _print_rating(printer: Printer, rating: Rating) -> None:
    """Prints how sure a reading is, and the signs that add most to it and take most from it."""
    shares = sorted(rating.shares.items(), key=lambda one: one[1])
    surer = [f"{name} (+{share:.1f})" for name, share in reversed(shares) if share >= _LEAST_SHARE]
    less = [f"{name} (−{-share:.1f})" for name, share in shares if share <= -_LEAST_SHARE]
    words = [f"confidence {rating.confidence:.3f}"]
    words += [f"surer: {', '.join(surer[:_MOST_SIGNS])}"] if surer else []
    words += [f"less sure: {', '.join(less[:_MOST_SIGNS])}"] if less else []
    printer.line(Text(escape("; ".join(words)), DIM), "     ")


def _print_steps(printer: Printer, steps: Sequence[Step]) -> None:
    """Prints one step per line: its name, input, output, and the offsets of the characters."""
    rows = [(step, escape(step.before), escape(step.after)) for step in steps]
    column = max((len(before) for _, before, _ in rows if len(before) <= _WIDEST), default=0)
    names = max((len(step.name) for step in steps), default=0)
    for step, before, after in rows:
        row = Text.assemble((f"{step.name:<{names}}  ", DIM), f"{before:<{column}}", (" → ", DIM), after)
        if step.place is not None:
            row.append(f"  {step.place[0]}–{step.place[1]}", DIM)
        printer.line(row, "     ")


def _join_lines(text: str) -> str:
    return escape(" ".join(text.split()))
