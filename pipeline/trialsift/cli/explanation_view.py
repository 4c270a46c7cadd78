"""How facts and regimens were read, on a terminal: a block a fact, a step a line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from trialsift.cli.terminal import BOLD, DIM, Printer, visible
from trialsift.extraction.explain import Explanation, Step, explain_regimens
from trialsift.model.display import fact_words, regimen_words
from trialsift.model.fact import Annotation, Fact

_WIDEST = 46  # columns: what a step begins from, where its arrow still stands below the others


def print_explanations(printer: Printer, text: str, explanations: Sequence[Explanation]) -> None:
    """Prints for each fact its number, value and place, its rule, and the steps from the characters to the value."""
    if explanations:
        printer.heading("Facts")
    for number, told in enumerate(explanations, start=1):
        fact = told.fact
        head = Text(f"{number:>3} ", DIM)
        head.append(_one_line(fact.text), printer.facts[fact.label] if printer.coloured else BOLD)
        head.append(" → ").append(visible(fact_words(fact)), BOLD)
        head.append(f"  line {_line(text, fact.start)}, {fact.start}–{fact.end}", DIM)
        printer.line(head)
        printer.line(Text.assemble((f"{fact.label}, rule {fact.rule}", BOLD), f": {told.rule}"), "   ")
        _print_steps(printer, told.steps)


def print_regimens(printer: Printer, text: str, annotation: Annotation, explained: bool) -> None:
    """Prints the regimens as prescriptions, with the facts that state them; or with what was stated and computed."""
    if annotation.regimens:
        printer.heading("Regimens")
    for number, told in enumerate(explain_regimens(annotation), start=1):
        facts = [annotation.facts[i] for i in told.regimen.facts]
        words = "; ".join([regimen_words(told.regimen), *_flags(facts)])
        stated = "; ".join(_one_line(fact.text) for fact in facts)
        numbers = "facts " + ", ".join(str(i + 1) for i in told.regimen.facts)
        place = f"  line {_line(text, facts[0].start)}: {numbers if explained else stated}"
        printer.line(Text.assemble((f"{number:>3} ", DIM), (words, BOLD), (place, DIM)))
        if explained:
            _print_steps(printer, told.steps)


def _print_steps(printer: Printer, steps: Sequence[Step]) -> None:
    """A step a line: its name, what was there, what became of it, and the offsets of the characters."""
    rows = [(step, visible(step.before), visible(step.after)) for step in steps]
    column = max((len(before) for _, before, _ in rows if len(before) <= _WIDEST), default=0)
    names = max((len(step.name) for step in steps), default=0)
    for step, before, after in rows:
        row = Text.assemble((f"{step.name:<{names}}  ", DIM), f"{before:<{column}}", (" → ", DIM), after)
        if step.place is not None:
            row.append(f"  {step.place[0]}–{step.place[1]}", DIM)
        printer.line(row, "     ")


def _flags(facts: Sequence[Fact]) -> list[str]:
    """What is true of any of a regimen's facts."""
    return [flag for flag in ("boost", "negated", "historical") if any(f.attributes.get(flag) for f in facts)]


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
