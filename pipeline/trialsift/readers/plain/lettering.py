"""Whether text that was decoded with one encoding or another can be what somebody wrote.

Encodings of one byte a character all decode almost anything; what differs is whether an `é` or a `ÿ` stands in a word,
whether a `³` stands behind `mm` or before `18`. Each character beyond ASCII is judged by what it stands beside:

    IMPOSSIBLE   nobody writes that: a control character, `cafÈ`, a Cyrillic letter in a Latin word
    POSSIBLE     may be
    USUAL        in an English text, the character for this place: `patient’s`, `18–65`, `10³/µL`, `naïve`
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum

from trialsift.model.memory import remember

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORDS = re.compile(rb"[A-Za-z]+")
_ENGLISH = frozenset(
    b"a an and any are as at be been by for from had has have if in is must no not of on or than that the this to was "
    b"were who will with within age aged years patients subjects participants criteria disease treatment".split()
)
#: Words and names in English medical prose that are spelt with non-ASCII letters.
_KNOWN = frozenset(
    (
        "naïve naïveté naïvely café façade protégé résumé über première cliché déjà sjögren barré behçet ménière "
        "waldenström sézary hürthle schönlein ångström köhler müller müllerian bäcklund löfgren döhle grönblad kümmell "
        "möbius röntgen bürger böhm rené andré josé maría garcía lópez martínez rodríguez hernández gonzález sánchez "
        "pérez ramón zürich köln düsseldorf münchen tübingen göttingen würzburg lübeck münster genève québec montréal "
        "málaga córdoba león méxico bogotá perú méndez núñez muñoz español españa são joão malmö umeå örebro linköping "
        "jönköping ålesund tromsø århus "
    ).split()
)
_EAST_ASIAN = re.compile("[\u3000-\u303f\u30fb\uff00-\uffef]")
_CLITICS = frozenset({"s", "t", "re", "ve", "ll", "d", "m"})
_OPENERS = "([{-–—/\"'‘"


class Verdict(IntEnum):
    """How well a character fits its place."""

    IMPOSSIBLE = 0
    POSSIBLE = 1
    USUAL = 2


def count_english_words(data: bytes) -> tuple[int, int]:
    """Returns the number of words of ASCII letters in a text, and how many of them are among the commonest in
    English."""
    words = _WORDS.findall(data)
    return len(words), sum(word.lower() in _ENGLISH for word in words)


def judge(text: str, at: int) -> Verdict:
    """Returns how the non-ASCII character at an offset fits its neighbours."""
    c = text[at]
    before = text[at - 1] if at else "\n"
    after = text[at + 1] if at + 1 < len(text) else "\n"
    kind = unicodedata.category(c)
    if kind in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return Verdict.IMPOSSIBLE
    if (c.isalpha() and c not in "ªºµ") or kind.startswith("M"):
        return _letter(text, at, c, before, after)
    return _sign(text, at, c, before, after)


@remember
def find_script(c: str) -> str:
    """Returns the script of a letter: LATIN, GREEK, CYRILLIC, CJK …"""
    name = unicodedata.name(c, "").split(" ", 1)[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "FULLWIDTH", "KATAKANA-HIRAGANA"} else name


def _letter(text: str, at: int, c: str, before: str, after: str) -> Verdict:
    writing = find_script(c)
    if writing == "CJK":
        return Verdict.POSSIBLE
    if before.isdigit() and after.isdigit():
        return Verdict.IMPOSSIBLE
    start, end = _word(text, at)
    word = text[start:end]
    if len(word) == 1:
        return Verdict.POSSIBLE
    if any(find_script(o) != writing for o in word if o != "µ"):
        # as in TNFα and IFNγ
        greek = writing == "GREEK" and end == at + 1 and text[start:at].isascii() and text[start:at].isupper()
        return Verdict.POSSIBLE if greek else Verdict.IMPOSSIBLE
    if c.isupper() and before.islower():
        return Verdict.IMPOSSIBLE
    if c.islower() and c != "ß" and before.isupper() and at - start >= 2 and text[at - 2].isupper():
        return Verdict.IMPOSSIBLE
    if len(word) >= 3 and len(set(word)) == 1:
        return Verdict.IMPOSSIBLE
    # These occur in names, and no encoding has a dash or a quote in place of one of them.
    common = c in "éäöüç" and len(word) >= 3
    return Verdict.USUAL if common or word.lower() in _KNOWN else Verdict.POSSIBLE


def _sign(text: str, at: int, c: str, before: str, after: str) -> Verdict:
    if _EAST_ASIAN.match(c):
        return Verdict.POSSIBLE
    if "\u2500" <= c <= "\u259f":  # box drawing
        return Verdict.POSSIBLE if before == c or after == c or after in "\r\n" else Verdict.IMPOSSIBLE
    if c in "\xa0\u202f":
        usual = _is_usual_space(text, at, before, after)
    elif c in "’‘“”":
        usual = _is_usual_quote(text, at, before, after)
    elif c in "–—•·▪●◦…":
        usual = _is_usual_mark(text, at, before, after)
    else:
        usual = _is_usual_symbol(text, at, before, after)
    if usual:
        return Verdict.USUAL
    inside = before.isalpha() and after.isalpha()
    return Verdict.IMPOSSIBLE if inside and c not in "–—‑’´·\xa0\xad…" else Verdict.POSSIBLE


def _is_usual_space(text: str, at: int, before: str, after: str) -> bool:
    """A no-break space between a number and its unit, or between words."""
    left = before.isalpha()
    a, b = _word(text, at - 1), _word(text, at + 1)
    sides = (text[a[0] : a[1]], text[b[0] : b[1]]) if left and after.isalpha() else ("", "")
    return (
        (not left and before not in "\r\n" and not before.isspace()) or after.isdigit() or after in "<>=≤≥(±"
        or any(side.isascii() and side.lower().encode() in _ENGLISH and len(side) > 1 for side in sides)
        or min(map(len, sides)) >= 4 or (before.isspace() and after.isspace())
    )  # fmt: skip


def _is_usual_quote(text: str, at: int, before: str, after: str) -> bool:
    c, inside_word = text[at], after.isalpha()
    if c == "’":
        word, tail = _letters_before(text, at), _letters_after(text, at)
        return (
            (len(word) >= 3 and tail.lower() in _CLITICS)
            or (word.lower() in {"it", "he", "we", "i", "is", "do"} and tail.lower() in _CLITICS)
            or (len(word) >= 4 and word.endswith("s") and after.isspace())
            or (not inside_word and not before.isspace() and "‘" in text[max(0, at - 100) : at])
        )
    if c == "”":
        return not before.isspace() and not inside_word and "“" in text[max(0, at - 300) : at]
    opens = not after.isspace() and (before.isspace() or before in _OPENERS)
    return opens and ("’" if c == "‘" else "”") in text[at : at + 300]


def _is_usual_mark(text: str, at: int, before: str, after: str) -> bool:
    """A dash, a bullet or an ellipsis."""
    c = text[at]
    if c in "–—":
        long_words = len(_letters_before(text, at)) >= 4 and len(_letters_after(text, at)) >= 4
        return (_is_loose(before) and _is_loose(after)) or long_words
    if c == "…":
        return not after.isalpha() and not before.isspace()
    begins = not text[text.rfind("\n", 0, at) + 1 : at].strip()
    return (begins and not after.isspace()) or (before.isspace() and after in " \t")


def _is_usual_symbol(text: str, at: int, before: str, after: str) -> bool:
    """A sign of a formula, unit, fraction or currency."""
    c, left, right = text[at], before.isalpha(), after.isalpha()
    if c in "±×÷≥≤≈":
        return text[at + 1 : at + 3].lstrip()[:1].isdigit()
    if c == "°":
        behind_number = before.isdigit() or (before == " " and text[at - 2 : at - 1].isdigit())
        return behind_number and (not right or after in "CFcf")
    if c == "µ":
        return not left and bool(re.match(r"(?:[glLMmsUV]|mol|Gy|Eq|Ci)(?![a-z]{3})", text[at + 1 : at + 6]))
    if c in "²³":
        return (before == "m" or before.isdigit()) and not after.isalnum()
    if c in "½¼¾":
        return (before.isdigit() or before.isspace() or before == "(") and not after.isalnum()
    if c in "®™":
        return left and not after.isalnum()
    return c in "£€" and before.isspace() and after.isdigit()


def _is_loose(c: str) -> bool:
    """Whether a dash that divides or ranges may stand beside it."""
    return c.isspace() or c.isdigit() or c in "%<>=≤≥().,;:"


def _letters_before(text: str, at: int) -> str:
    start = at
    while start and text[start - 1].isalpha() and at - start < 40:
        start -= 1
    return text[start:at]


def _letters_after(text: str, at: int) -> str:
    end = at + 1
    while end < len(text) and text[end].isalpha() and end - at < 40:
        end += 1
    return text[at + 1 : end]


def _word(text: str, at: int) -> tuple[int, int]:
    start, end = max(at, 0), max(at, 0)
    while start and text[start - 1].isalpha() and at - start < 40:
        start -= 1
    while end < len(text) and text[end].isalpha() and end - at < 40:
        end += 1
    return start, end
