"""Builds passages: the sentences that can hold a fact, with their tokens (mentions/) and quantities (quantities/)."""

from __future__ import annotations

from collections.abc import Iterable

from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.reader import QuantityReader
from trialsift.extraction.structure.passage import Passage, Record, Window
from trialsift.extraction.structure.scanner import Scanner
from trialsift.extraction.structure.sentences import Place, Sentence
from trialsift.model.document import CRITERIA, NO_CRITERIA


def read_passages(
    scanner: Scanner, sentences: Iterable[Sentence], quantities: QuantityReader, *, sectioned: bool, explaining: bool
) -> list[Passage]:
    """Returns the sentences that hold a quantity and in which an engine may find a fact, with all that was read.

    `sectioned`: the document names its sections. `explaining`: engines record why they pass over a quantity.
    """
    found: list[Passage] = []
    opening: dict[Place, list[Token]] = {}
    for sentence in sentences:
        engines = scanner.engines_by_words(sentence)
        if engines is None:
            continue
        above = _find_tokens_above(scanner, sentence, opening)
        tokens = scanner.find_tokens(sentence.start, sentence.end)
        engines |= scanner.engines_by_names(tokens) | scanner.engines_by_names(above)
        read = quantities.read(scanner.text, tokens, sentence.end, sentence.start) if engines else []
        if read:
            section = sentence.section
            found.append(
                Passage(
                    scanner.text,
                    sentence.start,
                    sentence.end,
                    max(sentence.line[0], sentence.start - Window.SURROUNDINGS),
                    min(sentence.line[1], sentence.end + Window.SURROUNDINGS),
                    section.polarity,
                    tokens,
                    read,
                    sentence.above,
                    above,
                    unsectioned_bullet=sentence.bulleted and not sectioned,
                    unheaded=section.name == CRITERIA and section.heading is None,
                    limits_nobody=section.name in NO_CRITERIA,
                    engines=engines,
                    record=Record([], {}, []) if explaining else None,
                )
            )
    return found


def _find_tokens_above(scanner: Scanner, sentence: Sentence, opening: dict[Place, list[Token]]) -> list[Token]:
    """The tokens that give a sentence its context: those of the line above it, or of the sentences that it makes an
    exception to (the nearest that has any). `opening` caches the tokens of the last line above."""
    above: list[Token] = []
    if sentence.above is not None:
        if sentence.above not in opening:
            opening.clear()  # sentences below one line follow each other
            may_name = scanner.may_name(*sentence.above)
            opening[sentence.above] = scanner.find_tokens(*sentence.above) if may_name else []
        above = opening[sentence.above]
    for place in reversed(sentence.excepted_from):
        above = scanner.find_tokens(*place) or above
    return above
