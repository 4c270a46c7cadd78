"""Detects the encoding of a text that is not UTF-8: with certainty, or not at all.

All candidate encodings are tried. There is an answer if all of them that give plausible text give the same characters;
or if the text is English, exactly one of them gives the usual characters everywhere (lettering.py), and
charset-normalizer agrees. Otherwise a place where two readings differ shows why there is none.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from trialsift.readers.plain.lettering import BEYOND_ASCII, Verdict, count_english_words, find_script, judge

#: In order of preference among those that agree.
CANDIDATES = (
    "cp1252", "iso8859_15", "cp1250", "iso8859_2", "iso8859_16", "cp1254", "cp1257", "iso8859_13", "cp1258",
    "mac_roman", "mac_latin2", "mac_turkish", "cp437", "cp850", "cp852", "cp1251", "koi8_r", "koi8_u", "iso8859_5",
    "mac_cyrillic", "cp866", "cp1253", "iso8859_7", "mac_greek", "cp1255", "cp1256", "cp874", "cp932", "shift_jis",
    "euc_jp", "gb18030", "cp950", "big5", "cp949",
)  # fmt: skip
#: English texts in these are too rare for detection by what is usual in English.
_RARE = frozenset({"cp437", "cp850", "cp852"})
#: Characters that are examined; after them, readings are only compared.
EXAMINED = 10_000
_SAMPLE = 1 << 18
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")
_WIDE_SHARE = 0.9


@dataclass(slots=True)
class _Candidate:
    """One encoding. `readings` is a hash of its reading of the text so far."""

    name: str
    examined: int = 0
    usual: bool = True
    runs: int = 0
    run_letters: int = 0
    readings: hashlib.blake2b = field(default_factory=hashlib.blake2b)

    def reads(self, data: bytes) -> bool:
        """Reads the next part of the text. False if nobody can have written the result."""
        try:
            text = data.decode(self.name)
            self.readings.update(text.encode())
        except UnicodeError:
            return False
        previous = -2
        for found in BEYOND_ASCII.finditer(text):
            if self.examined >= EXAMINED:
                break
            self.examined += 1
            at = found.start()
            judged = judge(text, at)
            if judged is Verdict.IMPOSSIBLE:
                return False
            self.usual &= judged is Verdict.USUAL
            if text[at].isalpha() and find_script(text[at]) not in {"LATIN", "GREEK", "MICRO"}:
                self.runs += previous != at - 1
                self.run_letters += 1
                previous = at
        return True

    def written(self) -> bool:
        """Whether letters of non-Latin scripts form words: one among Latin letters does not."""
        return self.run_letters >= 2.5 * self.runs


@dataclass(frozen=True, slots=True)
class Answer:
    """`encoding`: Python's name, None if it cannot be determined. `readings`: for a message, how encodings read a piece
    on which they differ. `binary`: there are control characters that no text has."""

    encoding: str | None
    readings: tuple[tuple[str, str], ...] = ()
    binary: bool = False


class Detector:
    """Takes a text part by part (whole lines), then determines its encoding."""

    def __init__(self) -> None:
        self._alive = [_Candidate(name) for name in CANDIDATES]
        self._words = self._english = 0
        self._binary = False
        self._sample = bytearray()

    def feed(self, data: bytes) -> None:
        """Takes the next part. Lines in pure ASCII show the language."""
        if len(self._sample) < _SAMPLE:
            words, english = count_english_words(data)
            self._words, self._english = self._words + words, self._english + english
        if data.isascii():
            return
        self._binary = self._binary or bool(_CONTROL.search(data))
        self._sample += data[: max(0, _SAMPLE - len(self._sample))]
        if not self._binary:
            self._alive = [candidate for candidate in self._alive if candidate.reads(data)]

    def answer(self) -> Answer:
        """Returns the encoding of all parts together."""
        if self._binary:
            return Answer(None, binary=True)
        possible = [candidate for candidate in self._alive if candidate.written()]
        readings = {candidate.readings.digest(): candidate for candidate in reversed(possible)}
        if len(readings) > 1 and self._english >= 3 and self._english * 12 >= self._words:
            usual = {key: candidate for key, candidate in readings.items() if candidate.usual}
            if len(usual) == 1 and _RARE.isdisjoint(candidate.name for candidate in usual.values()):
                readings = usual
        if len(readings) == 1:
            [found] = readings.values()
            if self._is_proposed(found.name):
                return Answer(codecs.lookup(found.name).name)
        names = sorted((candidate.name for candidate in readings.values()), key=CANDIDATES.index)
        return Answer(None, self._find_differing(names))

    def _is_proposed(self, name: str) -> bool:
        """Whether charset-normalizer reads the text as this encoding does."""
        import charset_normalizer

        sample = bytes(self._sample)
        text = sample.decode(name, "ignore")
        return any(str(match) == text for match in charset_normalizer.from_bytes(sample, enable_fallback=False))

    def _find_differing(self, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Returns the first piece of the text that these encodings read differently, as each reads it."""
        for line in bytes(self._sample).split(b"\n"):
            for piece in re.findall(rb"\S*[\x80-\xff]\S*", line):
                shown: dict[str, str] = {}
                for name in names:
                    shown.setdefault(piece.decode(name, "replace")[:40], codecs.lookup(name).name)
                if len(shown) > 1:
                    return tuple((name, text) for text, name in shown.items())
        return ()


def find_unmarked_utf16(data: bytes) -> str | None:
    """Returns `utf-16-le` or `utf-16-be` for ASCII text in one of these without a byte order mark: every second byte is
    NUL, and almost all others are letters, digits and the like. None for anything else."""
    if len(data) < 2 or len(data) % 2:
        return None
    for encoding, characters, nuls in (("utf-16-le", data[::2], data[1::2]), ("utf-16-be", data[1::2], data[::2])):
        if nuls.count(0) >= _WIDE_SHARE * len(nuls) and characters.count(0) == 0 and not _CONTROL.search(characters):
            try:
                text = data.decode(encoding)
            except UnicodeError:
                return None
            plain = sum(map(len, re.findall(r"[\t\n\r -~]+", text)))
            return encoding if plain >= _WIDE_SHARE * len(text) else None
    return None
