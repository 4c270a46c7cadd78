"""How the atoms of a unit are joined: `mg/m2`, `mg per m2`, `mg m−2`, `mg·m⁻²`, `mg/(m2·d)`, `mL/min × 1.73 m2`.

In: an expression for atoms. Out: expressions for chains of them, and the pieces of a chain.
"""

from __future__ import annotations

import re

_JOIN = r"(?:\s{0,2}|\s*\n\s*)(?://?|⁄|∕|\b(?i:per)(?![A-Za-z_])|\bp\.|\\|\.(?=d[lL]\b)|\ba\b(?=\s+day\b))\s*"
_PRODUCT = r"(?:\s?[·•∙⋅*×x]\s?|\.)"
# What stands before a divisor with a negative exponent; a full stop only without a blank, lest it end a sentence.
_BESIDE = r"(?:\s{0,2}(?:[·•∙⋅*×x]\s{0,2})?|\s*\n\s*|\.)"
_MINUS = "-−–‐‒⁻"
_MINUS_ONE = rf"[{_MINUS}]\s?[123¹²³](?!\d|[.,]\d)"
_NEGATIVE = rf"\s?(?:\^|\*\*)?(?:{_MINUS_ONE}|\(\s?{_MINUS_ONE}\)|\[\s?{_MINUS_ONE}\]|\{{\s?{_MINUS_ONE}\}})"
# `20 mg day-1, day-8`: a plain hyphen may number the days of a schedule
_SCHEDULED = r"(?!(?:d|day|w|wk|week)s?\s?-\d?\s*(?:[-–,&]|to\b|and\b|through\b)\s*(?:d|day|wk|week)?s?\s?-?\s?\d)"
_BODY = (
    r"(?i:\s(?:of\s)?(?:(?:(?:total|ideal|actual|lean|dry|adjusted|predicted|estimated|current|birth)\s)?"
    r"(?:body[\s-]?(?:weight|mass|wt\.?|surface(?:\s+area)?)|weight(?!\s(?:loss|gain))|wt\.?)|fat[\s-]free[\s-](?:body\s)?mass|"
    r"lean\s(?:tissue\s)?mass|ffm|lbm|[ipat]?bw|b\.\s?w\.?|bsa|b\.\s?s\.\s?a\.?)(?![a-z]))?"
)
_NO_LETTER = r"(?![A-Za-zµμ])"


class UnitForms:
    """Expressions for chains of atoms. `chain` knows negative exponents, `slashed` does not."""

    def __init__(self, atoms: str) -> None:
        self.atom = rf"(?:{atoms}){_NO_LETTER}"
        self.join = _JOIN
        gloss = rf"(?:\s?[(\[]\s?{self.atom}\s?[)\]])?"
        bracketed = rf"\(\s?{self.atom}(?:{_PRODUCT}{self.atom})?\s?\)"
        divided = rf"(?:{self.atom}{gloss}{_BODY}(?:{_PRODUCT}{self.atom}{_BODY})?|{bracketed})"
        division = rf"{_JOIN}{divided}"
        raised = rf"(?:{_JOIN}|{_BESIDE}){_SCHEDULED}(?:{atoms}){_BODY}{_NEGATIVE}"
        self.slashed = rf"(?:{self.atom}{gloss})?(?:{division}){{1,3}}|{self.atom}{gloss}"
        self.chain = rf"(?:{self.atom}{gloss})?(?:{raised}|{division}){{1,4}}|{self.atom}{gloss}"
        self._first = re.compile(rf"{self.atom}{gloss}")
        self._division = re.compile(
            rf"(?:{_JOIN}|{_BESIDE})(?P<base>{atoms}){_BODY}(?P<negative>{_NEGATIVE})|"
            rf"{_JOIN}\(?\s?(?P<atom>{self.atom}){gloss}{_BODY}|{_PRODUCT}(?P<further>{self.atom}){_BODY}|\s?\)"
        )

    def split(self, chain: str) -> tuple[str, list[tuple[str, str]]]:
        """Returns the numerator of a chain, empty if there is none, and its divisors with their exponents; the exponent
        is empty where a divisor is written behind a division sign."""
        first = None if self._starts_raised(chain) else self._first.match(chain)
        numerator, at = (first.group(), first.end()) if first else ("", 0)
        found: list[tuple[str, str]] = []
        while at < len(chain):
            division = self._division.match(chain, at)
            if division is None or division.end() == at:
                break
            at = division.end()
            base, negative = division["base"], division["negative"]
            if base:
                found.append((base, re.sub(r"[^123¹²³]", "", negative)))
            elif division["atom"] or division["further"]:
                found.append((division["atom"] or division["further"], ""))
        return numerator, found

    def _starts_raised(self, chain: str) -> bool:
        """Whether a chain begins with a divisor: `mm−3`, `µL−1`."""
        division = self._division.match(chain)
        return division is not None and bool(division["base"])
