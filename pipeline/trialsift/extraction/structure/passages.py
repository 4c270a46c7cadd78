"""From sentences to passages: in each that can hold a fact, its tokens (mentions/) and quantities (quantities/)."""

from __future__ import annotations

from collections.abc import Iterable

from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.reader import QuantityReader
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.extraction.structure.scanner import Scanner
from trialsift.extraction.structure.sentences import Sentence
from trialsift.model.document import CRITERIA, NO_CRITERIA


def read_passages(
    scanner: Scanner, sentences: Iterable[Sentence], quantities: QuantityReader, *, sectioned: bool, explaining: bool
) -> list[Passage]:
    """The sentences in which an engine may find a fact and a quantity stands, in order, with all that is read in them.

    `sectioned`: the document names sections. `explaining`: somebody asks why, and engines note what they pass over.
    """
    found: list[Passage] = []
    opener: tuple[int, int] | None = None  # the last line above whose tokens were wanted
    opener_tokens: list[Token] = []
    for sentence in sentences:
        engines = scanner.engines_by_words(sentence)
        if engines is None:
            continue
        if sentence.above is not None and sentence.above != opener:
            opener, opener_tokens = sentence.above, _find_names(scanner, sentence.above)
        above = opener_tokens if sentence.above is not None else []
        for place in reversed(sentence.excepted_from):
            above = scanner.find_tokens(*place) or above
        tokens = scanner.find_tokens(sentence.start, sentence.end)
        engines |= scanner.engines_by_names(tokens) | scanner.engines_by_names(above)
        read = quantities.read(scanner.text, tokens, sentence.end) if engines else []
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
                    explaining=explaining,
                )
            )
    return found


def _find_names(scanner: Scanner, place: tuple[int, int]) -> list[Token]:
    return scanner.find_tokens(*place) if scanner.may_name(*place) else []
