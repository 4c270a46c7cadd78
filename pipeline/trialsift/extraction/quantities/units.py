"""Unit expressions: how they are written, their UCUM codes, and the kind of quantity they measure.

A unit expression is a chain of atoms from `patterns/units.csv`, joined by `/`, `per` or negative exponents
(unit_forms.py). The kind of the chain follows from those of its atoms: mass per volume is a mass concentration, mass
per area a dose, and so on.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Container
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from trialsift.extraction.quantities.unit_forms import UnitForms
from trialsift.extraction.quantities.unit_kinds import ATOM_KINDS, CHAINS, SWAPPED, spell
from trialsift.model.memory import remember
from trialsift.rules.files import read_csv
from trialsift.rules.layers import Folder
from trialsift.rules.trie import cased_regex, find_openings, find_openings_behind, look_ahead


class Unit(NamedTuple):
    """A unit as read. `kind` is one that labels ask for: count, mass, molar, enzyme, dose … `scale` is what the number
    before it counts for: a hundredth in `150 % of ULN`."""

    surface: str
    ucum: str
    kind: str
    scale: float = 1.0


_EXPONENT = r"(?:\s?(?:\^|\*\*?|[eExX~]|exp)?\s?\+?\(?\[?\{?\s?(?P<exp>12|3|6|9|[³⁶⁹]|¹²)(?!\d|[²³¹⁰⁴-⁹])\]?\)?\}?)"
# `× 10⁹` after scraping: a multiplication sign, ten, and an exponent that is no longer raised.
_POWER = r"(?:[x×X*·•˟✕⨯χ∙⋅´]|times|\^(?=10))\s*10" + _EXPONENT
# the sign may be missing too: `1.5 109/L`
_BARE_POWER = (
    r"10\s?(?:\^|\*\*?|[eE])\s?\(?(?P<bare>\d{1,2})\)?|10(?P<raised>[³⁶⁹])|(?<=\d\s)10\s?(?P<lost>9)(?=\s?/\s?[lL]\b)|"
    r"[x×*]\s?1[, ]?000[, ]?000[, ](?P<billion>000)\b|[x×*]\s?1[, ]?000[, ](?P<million>000)\b|"
    r"[x×*]\s?1[, ]?(?P<thousand>000)\b"
)
# `100,000 platelets/mm3`: the unit includes what is counted
_COUNTED = (
    r"(?:platelets?|leu[ck]ocytes?|erythrocytes?|neutrophils?|granulocytes?|lymphocytes?|WBCs?|RBCs?|"
    r"(?:red|white)\s+blood\s+cells?|(?:leuk[ae]mic\s+)?blasts?(?:\s+cells?)?)\s?"
)
_COUNTED_BEGINS = tuple(
    "platelet leukocyte erythrocyte neutrophil granulocyte lymphocyte wbc rbc red white blast leuk".split()
)
# Characters that may precede a unit: escaped white space, a multiplication sign, a division sign.
_SIGNS = "&-|x*/\\^"
# A single word after which a unit cannot continue: no division, bracket, digit or exponent follows, and the word is not
# the first of a surface with several words (`_goes_on`). It is a whole unit, or no unit begins here.
_PLAIN = re.compile(
    r"\s?-?(?:[A-Za-z]++|%)(?=[,;)]|\Z| [A-OQ-Za-oq-z])"
    r"(?! (?:[A-Za-z]{1,4}\s?[\^(\[{*]{0,2}\s?[-−–‐‒⁻]|(?:dl|dL|ml|mL|l|kg|min|m|x|a day)\b))"
)
# `docetaxel (25 mg/)`: m² is missing
_CUT = re.compile(r"\s?/(?=\s*[),;]|\s+(?:with|and|plus|or|on|weekly|every|iv|orally|days?|d\d+)\b)", re.I)
# `10 g dl`, `75 mg m2`, `3 x 10^9 l`: the division sign is missing
_UNDIVIDED = re.compile(r"\s(dl|dL|ml|mL|l|kg|min|m2|m²|m\^2)(?![\w\-−–⁻/^(])")
_UNDIVIDED_KINDS = frozenset({"amount", "amount_molar", "amount_arbitrary", "volume", "count_bare"})
# `beats per minute (bpm)`, `kilograms per square meter (kg/m2)`: the unit is repeated
_GLOSS = re.compile(r"\s?[(\[]\s?[^()\[\]]*[)\]]$")
_CHAIN_GLOSS = re.compile(r"\s?[(\[][^()\[\]]*/[^()\[\]]*[)\]]$")
# a unit with negative exponents has one of these so near its beginning
_MINUS, _LONGEST = re.compile(r"[A-Za-z^(\[{*]\s?[-−–‐‒⁻]\s?[123¹²³](?!\d)"), 40
_SUPERSCRIPT = {"³": "3", "⁶": "6", "⁹": "9", "¹²": "12", "¹": "1", "²": "2"}


class Units:
    """The compiled unit lexicon; `match` reads the unit expression at a place in a text."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "units.csv"
        self._any: dict[str, tuple[str, str]] = {}
        self._written: dict[str, tuple[str, str]] = {}
        for where, row in read_csv(path, ("surface", "ucum", "kind")):
            surface, kind = row["surface"], row["kind"]
            if kind not in ATOM_KINDS:
                raise where.error(f"unknown kind {kind!r}; known are {', '.join(sorted(ATOM_KINDS))}")
            target = self._any if surface == surface.lower() else self._written
            if surface in target:
                raise where.error(f"duplicate surface {surface!r}")
            for variant in _spell_variants(surface):
                target.setdefault(variant, (row["ucum"], kind))
        forms = UnitForms(cased_regex([*self._any, *self._written]))
        self._forms = forms
        self._slashed = self._compile(forms.slashed)
        first_words = {surface.lower().split()[0] for surface in (*self._any, *self._written) if " " in surface}
        self._goes_on = first_words | {"per"}
        self._begins = find_openings(
            [*self._any, *self._written, *_COUNTED_BEGINS, "per", "p.", ".d", "times", "10"]
        ) | find_openings_behind(_SIGNS)
        self._compose = remember(self._compose_chain)
        self._one_word = remember(self._read_word)

    @cached_property
    def _chain(self) -> re.Pattern[str]:
        """Units with negative exponents too, which fewer texts have: it takes long to compile."""
        return self._compile(self._forms.chain)

    def _compile(self, chain: str) -> re.Pattern[str]:
        """Compiles an expression for what may stand where a unit does: a power of ten, and a chain of atoms."""
        return re.compile(
            rf"(?P<lead>[\s¬]*(?:-\s*|\|\s*)?)(?:(?P<power>{_POWER}|{_BARE_POWER})\s*)?"
            rf"(?:(?P<chain>{chain})|(?:(?<=\d)|(?i:\s?{_COUNTED})(?=/|\s?per\b|per\b))"
            rf"(?P<slash>{self._forms.join}{self._forms.atom}))?"
        )

    def find_beginnings(self, kinds: Container[str], codes: Container[str]) -> list[str]:
        """Returns the surfaces that units of these kinds, or with these UCUM codes, can begin with."""
        atoms = {parts[0] for parts, kind in CHAINS.items() if kind in kinds}
        known = chain.from_iterable((self._any.items(), self._written.items()))
        return [surface for surface, (code, kind) in known if kind in atoms or code in codes]

    def match(
        self, text: str, start: int, stop: int = sys.maxsize, opening: str | None = None
    ) -> tuple[Unit, int] | None:
        """Returns the unit expression at `start`, which white space or a hyphen may precede, and its end.

        Nothing from `stop` on is looked at. `opening` is the result of `look_ahead` at `start`, if known.
        """
        if opening is None:
            opening = look_ahead(text, start, stop)
        if opening not in self._begins and opening.isascii():
            return None
        plain = _PLAIN.match(text, start, stop)
        if plain:
            unit, whole = self._one_word(plain.group())
            if whole:
                return None if unit is None else (unit, plain.end())
        return self._match(text, start, stop)

    def _match(self, text: str, start: int, stop: int) -> tuple[Unit, int] | None:
        raised = _MINUS.search(text, start, min(stop, start + _LONGEST))
        for expression in (self._chain, self._slashed) if raised else (self._slashed,):
            found = expression.match(text, start, stop)
            if found is None or found.end() == found.end("lead"):
                return None
            unit = self._read_match(found)
            if unit is not None:
                return self._complete(unit, found, text, stop)
        return None

    def _read_match(self, found: re.Match[str]) -> Unit | None:
        """Returns the unit of a match, with its surface yet to be told."""
        written = found.group("chain") or found.group("slash") or ""
        groups = found.groupdict()
        exponent = next((groups[name] for name in ("exp", "bare", "raised", "lost") if groups[name]), "")
        thousands = [name for name in ("thousand", "million", "billion") if groups[name]]
        if thousands:
            exponent = {"thousand": "3", "million": "6", "billion": "9"}[thousands[0]]
        return self._compose(written, _SUPERSCRIPT.get(exponent, exponent))

    def _complete(self, unit: Unit, found: re.Match[str], text: str, stop: int) -> tuple[Unit, int]:
        """Adds what a unit lacks of its division: the sign, or the area behind it."""
        end, written = found.end(), found.group("chain") or found.group("slash") or ""
        behind = _UNDIVIDED.match(text, end, stop) if unit.kind in _UNDIVIDED_KINDS else None
        if behind and (behind[1] == "min") == (unit.kind == "volume"):
            exponent = unit.ucum[3:] if unit.kind == "count_bare" else ""
            whole = self._compose(f"{written}/{behind[1]}", exponent)
            if whole is not None and whole.kind not in ("other", "per_mass", "mass_ratio"):
                unit, end = whole, behind.end()
        cut = _CUT.match(text, end, stop) if unit.kind == "amount" and unit.ucum in ("mg", "g") else None
        if cut:
            unit, end = Unit(written, f"{unit.ucum}/m2", "dose"), cut.end()
        return Unit(text[found.end("lead") : end], unit.ucum, unit.kind), end

    def _find_atom(self, surface: str) -> tuple[str, str] | None:
        tight = " ".join(surface.split())
        return self._written.get(tight) or self._any.get(tight.lower())

    def _find_glossed(self, piece: str) -> tuple[str, str] | None:
        """Returns the atom of a piece that may say it again in brackets."""
        return self._find_atom(piece.strip()) or self._find_atom(_GLOSS.sub("", piece.strip()))

    def _split_chain(self, chain: str) -> list[tuple[str, str]] | None:
        """Returns the atoms of a chain, an empty one if it begins with a division; None if one is unknown."""
        if not chain:
            return []
        numerator, divisions = self._forms.split(chain)
        first = self._find_glossed(numerator) if numerator else ("", "")
        parts = [first, *(self._find_divisor(*division) for division in divisions)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or (not numerator and not chain.lstrip()[:1].isalpha()):
            return None if len(known) < len(parts) else known
        if not numerator and known[1][1] != "volume":  # `200 mm−3` counts, `5 h−1` does not
            return None
        return known

    def _find_divisor(self, base: str, exponent: str) -> tuple[str, str] | None:
        """Returns the atom below the line: `dL` of `/dL` and `dL−1`, `m2` of `m−2`."""
        if not exponent:
            return self._find_glossed(base)
        number = _SUPERSCRIPT.get(exponent, exponent)
        atom = self._find_atom(base if number == "1" else base + number)
        lengthy = atom is not None and atom[1] in ("length", "area", "standard_area") and number == "1"
        return None if lengthy or (atom is not None and number != "1" and self._find_atom(base) is None) else atom

    def _read_word(self, written: str) -> tuple[Unit | None, bool]:
        """Returns the unit that a word is, and whether it cannot be the beginning of a longer one."""
        word = written.lstrip().removeprefix("-")
        if word.lower() in self._goes_on:
            return None, False
        return self._compose(word, "") if self._find_atom(word) else None, True

    def _compose_chain(self, chain: str, exponent: str) -> Unit | None:
        if exponent and exponent not in {"3", "6", "9", "12"}:
            return None
        whole = self._find_atom(chain) or self._find_atom(_GLOSS.sub("", chain))
        if whole is not None and not exponent:
            return Unit(chain, whole[0], CHAINS.get((whole[1],), "other"))
        parts = self._split_chain(chain)
        if parts is None:
            return None
        parts = _raise(parts, exponent) if exponent else parts
        if parts is None:
            return None
        if tuple(kind for _, kind in parts) in SWAPPED:
            parts = [parts[0], parts[2], parts[1]]
        if [code for code, _ in parts] in (["", "mm"], ["{cells}", "mm"]):  # `/mm³` without its exponent
            parts[1] = ("uL", "volume")
        if (
            parts
            and parts[0][1] == "power"
            and parts[1:]
            and (parts[1][0] in ("dL", "m2") or parts[1][1] == "time")
            and not exponent
        ):
            parts[0] = self._any.get(chain[0].lower(), parts[0])  # `G/DL`: gram, not giga, per decilitre
        if [code for code, _ in parts] == ["mg", "10*6"]:  # `mg/M`, by square metre
            parts[1] = ("m", "length")
        if parts[1:] and parts[0][0] == "Cel" and parts[1][1] == "volume" and not exponent:
            parts[0] = ("{copies}", "copies")  # `C/ML`: copies, not degrees
        kinds = tuple(kind for _, kind in parts)
        kind = CHAINS.get(kinds)
        if kind is None:
            return Unit(chain, "/".join(code for code, _ in parts), "other")
        codes = [code for code, _ in parts]
        if kinds[0] == "cells":
            codes[0] = ""
        if "length" in kinds[1:]:
            if codes[0] not in ("mg", "g", "[IU]", "U", "10*6.[IU]"):
                return Unit(chain, spell(codes), "other")
            codes[kinds.index("length", 1)] = "m2"  # `mg/m` is `mg/m²` without its exponent
        return Unit(chain, spell(codes), kind)


def _spell_variants(surface: str) -> list[str]:
    """Returns a surface with its decimal point written in every way."""
    return [surface.replace("1.7", f"1{point}7") for point in ".,·"] if surface.startswith("1.7") else [surface]


def _raise(parts: list[tuple[str, str]], exponent: str) -> list[tuple[str, str]] | None:
    """Returns the atoms of a chain with a power of ten in front; None if it can't stand there."""
    if parts and parts[0][1] == "cells":
        parts = [("", ""), *parts[1:]]
    if parts and parts[0][1] == "arbitrary":  # `3 x 106 IU`: three million
        return [(f"10*{exponent}.{parts[0][0]}", "arbitrary"), *parts[1:]]
    if [kind for _, kind in parts] == ["volume"]:  # `3 x 10^9 l` lacks its sign of division
        return [(f"10*{exponent}", "power"), *parts]
    return None if parts and parts[0][0] else [(f"10*{exponent}", "power"), *parts[1:]]
