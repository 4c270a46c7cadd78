"""Fields of registries in the form that ClinicalTrials.gov gives them: ages, sex, dates, numbers of people."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNITS = {"y": "Years", "m": "Months", "w": "Weeks", "d": "Days", "h": "Hours", "a": "Years"}
# `18 Years`, `18Y`, `20years-old`, `>= 20age old`, `18.00 Year(s)`, `19(Year)`
_AGE = re.compile(r"[^\w-]*(\d{1,3}(?:[.,]\d+)?)\s*\(?(?:(y|m(?!in)|w|d|h|a)[a-z()]*(?:[\s-]*old)?)?\W*", re.I)
_NONE = re.compile(r"\W*(?:n/?a|none|no(?:t)?\b.*|unlimited|-)\W*", re.I)
#: No trial has an upper limit at this age: it stands for none.
_OLDEST = 120
_SEXES = {
    "all": "ALL", "both": "ALL", "b": "ALL", "-": "ALL", "either": "ALL", "both male and female": "ALL",
    "male": "MALE", "m": "MALE", "males": "MALE", "male only": "MALE",
    "female": "FEMALE", "f": "FEMALE", "females": "FEMALE", "female only": "FEMALE",
}  # fmt: skip
_STATED = re.compile(r"\b(female|male)s?\s*:?\s*(yes|no)\b", re.I)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ISO = re.compile(r"(\d{4})[-/.]?(?:(\d{2})(?:[-/.]?(\d{2}))?)?(?:[T ].*)?")
_EUROPEAN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: .*)?")
_NAMED = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]{3})[a-z]*\.?\s+(?:(\d{1,2}),\s*)?(\d{4})")


def read_age(stated: str | None, *, upper: bool, unit: str = "Years") -> str | None:
    """Returns an age limit as `18 Years`, or `N/A` where a field says that there is none: an upper one of 0, or of 120
    years and more, is none. A number without a unit is in `unit`. None for an absent field, and for other words."""
    text = (stated or "").strip()
    if not text:
        return None
    found = _AGE.fullmatch(text)
    if found is None:
        return "N/A" if _NONE.fullmatch(text) else None
    number, unit = float(found[1].replace(",", ".")), _UNITS[found[2].lower()] if found[2] else unit
    if upper and (number == 0 or (number >= _OLDEST and unit == "Years")):
        return "N/A"
    return f"{number:g} {unit}"


def read_sex(stated: str | None) -> str | None:
    """Returns `ALL`, `MALE` or `FEMALE`; None for an absent field and for other words."""
    text = " ".join((stated or "").split())
    answers = {sex.lower(): answer.lower() == "yes" for sex, answer in _STATED.findall(text)}
    if len(answers) == 2:
        return join_sexes(male=answers["male"], female=answers["female"])
    return _SEXES.get(text.lower().strip(" .")) or _SEXES.get(text.lower())


def join_sexes(*, male: bool, female: bool) -> str | None:
    """Returns the sexes that take part, where a registry has a field for each."""
    return "ALL" if male and female else "MALE" if male else "FEMALE" if female else None


def read_date(stated: str | None, *, day_first: bool = True) -> str | None:
    """Returns a date in ISO form, as far as it is stated (`2021-03`); None for other words. `3/18/2020` is in the order
    of the United States, and where that can't be told, `day_first` decides."""
    text = " ".join((stated or "").split())
    if found := _EUROPEAN.fullmatch(text):
        day, month = (found[1], found[2]) if day_first else (found[2], found[1])
        if int(month) > 12:
            day, month = month, day
        return _write_date(found[3], int(month), int(day))
    if found := _ISO.fullmatch(text):
        return _write_date(found[1], int(found[2] or 0), int(found[3] or 0))
    if (found := _NAMED.fullmatch(text)) and found[2].lower() in _MONTHS:
        return _write_date(found[4], _MONTHS.index(found[2].lower()) + 1, int(found[1] or found[3] or 0))
    return None


def _write_date(year: str, month: int, day: int) -> str | None:
    if not 1900 <= int(year) <= 2100 or month > 12 or day > 31:
        return None
    return year + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")


def read_count(stated: object) -> int | None:
    """Returns a number of people, a float or a text with nothing else in it; None for others."""
    if isinstance(stated, bool):
        return None
    if isinstance(stated, int | float) and stated == int(stated) and stated >= 0:
        return int(stated)
    text = str(stated).strip().replace(",", "") if isinstance(stated, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def split_list(stated: str | None, marks: str = ";\n") -> tuple[str, ...]:
    """Returns the entries of a field that lists them, divided by any of `marks`, each once."""
    pieces = re.split(f"[{re.escape(marks)}]", stated or "")
    return unite(pieces)


def unite(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Returns texts that say something, without white space around, each once."""
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text and text.strip()))
