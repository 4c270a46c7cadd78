"""The algorithm of Schwartz and Hearst that tells whether a short form abbreviates the words in front of it.

Source: A. S. Schwartz, M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text",
Pacific Symposium on Biocomputing 8 (2003), 451-462.
"""

from __future__ import annotations

#: Lengths of a short form, in characters, as scispaCy has them.
_SHORTEST, _LONGEST = 2, 9


def find_long_form(words: list[str], short: str) -> int | None:
    """Returns the number of the word that the long form of `short` begins with, or None where it does not fit.

    From their ends on, each letter and figure of the short form is looked for in the words, joined by spaces; the first
    one has to begin a word.
    """
    name = " ".join(words).lower()
    place = len(name)
    for number in range(len(short) - 1, -1, -1):
        character = short[number].lower()
        if not character.isalnum():
            continue
        place -= 1
        while place >= 0 and not (name[place] == character and (number > 0 or _begins_word(name, place))):
            place -= 1
        if place < 0:
            return None
    return name.count(" ", 0, max(place, 0))


def is_short_form(short: str) -> bool:
    """Whether a word may be an abbreviation: 2 to 9 characters, a letter first, at least half of them letters."""
    letters = sum(character.isalpha() for character in short)
    return _SHORTEST <= len(short) <= _LONGEST and short[0].isalpha() and 2 * letters >= len(short)


def _begins_word(name: str, place: int) -> bool:
    return place == 0 or not name[place - 1].isalnum()
