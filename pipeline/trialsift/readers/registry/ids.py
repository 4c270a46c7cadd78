"""Numbers of trials and papers: which registry they are of, and the form in which two records of one trial agree.

`EUCTR2013-000615-24-BE`, `EudraCT 2013-000615-24` and `2013-000615-24/BE` are `2013-000615-24`, `NCT 00912345` is
`NCT00912345`. A number may follow a word directly, as in `RegistrationNCT00912345`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple


class _Kind(NamedTuple):
    """The numbers of a registry. `write` returns the form that they are compared in."""

    registry: str
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str]


def _kind(registry: str, pattern: str, write: Callable[[re.Match[str]], str] | None = None) -> _Kind:
    return _Kind(registry, re.compile(rf"{pattern}(?![0-9])", re.I), write or (lambda found: found[0].upper()))


def _joined(prefix: str) -> Callable[[re.Match[str]], str]:
    """Writes a prefix in this spelling, and the rest of the number as it stands."""
    return lambda found: prefix + found[1]


_KINDS = (
    _kind("ClinicalTrials.gov", r"NCT[\s:#-]?([0-9]{8})", _joined("NCT")),
    # https://euclinicaltrials.eu: year, 500000 or more, check digits, number of the submission
    _kind("CTIS", r"(?<![0-9-])([0-9]{4}-5[0-9]{5}-[0-9]{2})(?:-[0-9]{2})?", lambda found: found[1]),
    _kind("EUCTR", r"(?<![0-9-])(20[0-9]{2}-[0-4][0-9]{5}-[0-9]{2})", lambda found: found[1]),
    _kind("ISRCTN", r"ISRCTN[\s:-]?([0-9]{8})", _joined("ISRCTN")),
    _kind("ChiCTR", r"ChiCTR[\s-]?((?:[A-Z]{2,6}-?)?[0-9]{8,10})", lambda found: "ChiCTR" + found[1].upper()),
    _kind("CTRI", r"CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{5,6}"),
    _kind("ANZCTR", r"ACTRN\s?([0-9]{14})", _joined("ACTRN")),
    _kind("DRKS", r"DRKS[\s-]?([0-9]{8})", _joined("DRKS")),
    _kind("UMIN-CTR", r"UMIN\s?([0-9]{9})", _joined("UMIN")),
    _kind("jRCT", r"jRCT(s?[0-9]{9,10})", lambda found: "jRCT" + found[1].lower()),
    _kind("JapicCTI", r"JapicCTI[\s-]?([0-9]{6})", _joined("JapicCTI-")),
    _kind("IRCT", r"IRCT[0-9]{10,16}N[0-9]{1,3}"),
    _kind("CRiS", r"KCT[0-9]{7}"),
    _kind("PACTR", r"PACTR[0-9]{15,16}"),
    _kind("ReBec", r"RBR-?([0-9a-z]{6,8})(?![a-z])", lambda found: "RBR-" + found[1].lower()),
    _kind("RPCEC", r"RPCEC[0-9]{8}"),
    _kind("SLCTR", r"SLCTR/[0-9]{4}/[0-9]{3}"),
    _kind("TCTR", r"TCTR[0-9]{11}"),
    _kind("NTR", r"\bNTR\s?([0-9]{3,4})", _joined("NTR")),
    _kind("OMON", r"NL-OMON[0-9]{3,6}"),
    _kind("LBCTR", r"LBCTR[0-9]{10}"),
    _kind("PER", r"\bPER-[0-9]{3}-[0-9]{2}"),
    _kind("NCI", r"\bNCI-[0-9]{4}-[0-9]{5}"),
    _kind("UTN", r"\bU1111-[0-9]{4}-[0-9]{4}"),
    _kind("PubMed", r"\bPMID:?\s?([0-9]{5,8})", _joined("PMID")),
    _kind("PMC", r"\bPMC([0-9]{5,9})", _joined("PMC")),
)


def find_ids(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Returns the numbers of trials and papers in texts, each once, in the form in which they are compared."""
    found = (number for text in texts if text for number, _ in _iter_ids(text))
    return tuple(dict.fromkeys(found))


def find_registry(number: str) -> str | None:
    """Returns the registry that a number is of; None for others."""
    return next((registry for _, registry in _iter_ids(number)), None)


def find_other_ids(own: str, texts: Iterable[str | None]) -> tuple[str, ...]:
    """Returns the numbers in texts but for those of a record itself, which its `own` number holds."""
    mine = find_ids([own])
    return tuple(number for number in find_ids(texts) if number not in mine)


def pick_nct_id(numbers: Iterable[str]) -> str | None:
    """Returns the NCT number among them; None if there is none, or more than one."""
    found = [number for number in numbers if number.startswith("NCT")]
    return found[0] if len(found) == 1 else None


def _iter_ids(text: str) -> Iterable[tuple[str, str]]:
    hits = (
        (match.start(), kind.write(match), kind.registry) for kind in _KINDS for match in kind.pattern.finditer(text)
    )
    return ((number, registry) for _, number, registry in sorted(hits))
