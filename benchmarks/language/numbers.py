"""The ways of writing a number: words, thousands, decimals, fractions.

`write_number(number, form)` returns the text, or None where the form doesn't suit the number: nobody writes 100,000 in
words, and 0.8 has no thousands.
"""

from __future__ import annotations

from collections.abc import Callable

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""".split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_VULGAR = {0.25: "¼", 0.5: "½", 0.75: "¾"}
_SLASHED = {0.25: "1/4", 0.5: "1/2", 0.75: "3/4"}


def spell(number: int, join: str = "-", conjunction: str = "") -> str:
    """Spells a whole number below a million: 54 is `fifty-four`, 120 is `one hundred twenty`."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens] + (join + _UNITS[rest] if rest else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    count, rest = divmod(number, size)
    head = f"{spell(count, join, conjunction)} {name}"
    return head + (f" {conjunction}{spell(rest, join, conjunction)}" if rest else "")


def show(number: float) -> str:
    """Writes a number in digits, without thousands marks: `9`, `1.5`, `100000`."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


def _group(number: float, mark: str) -> str | None:
    if number < 1000 or number != int(number):
        return None
    return f"{int(number):,}".replace(",", mark)


def _group_indian(number: float) -> str | None:
    if number < 100_000 or number != int(number):
        return None
    head, tail = divmod(int(number), 1000)
    lakhs, thousands = divmod(head, 100)
    return f"{lakhs},{thousands:02},{tail:03}"


def _count_lakhs(number: float) -> str | None:
    return f"{show(number / 100_000)} lakh" if number >= 50_000 else None


def _count_thousands(number: float, word: str) -> str | None:
    return f"{show(number / 1000)}{word}" if number >= 1000 and number % 500 == 0 else None


def _spell_whole(number: float, join: str = "-", conjunction: str = "") -> str | None:
    if number != int(number) or not (0 < number < 1000 or (number < 1e6 and number % 1000 == 0)):
        return None
    return spell(int(number), join, conjunction)


def _add_zero(number: float) -> str | None:
    return f"{number:.1f}" if number < 100 and number == round(number, 1) else None


def _change_point(number: float, point: str) -> str | None:
    shown = show(number)
    return shown.replace(".", point) if "." in shown else None


def _drop_zero(number: float) -> str | None:
    return show(number)[1:] if 0 < number < 1 else None


def _mix(number: float, fractions: dict[float, str], join: str) -> str | None:
    whole, rest = divmod(number, 1)
    return f"{int(whole)}{join}{fractions[rest]}" if whole and rest in fractions else None


def _say_half(number: float, whole: Callable[[int], str]) -> str | None:
    return f"{whole(int(number))} and a half" if 1 <= number < 20 and number % 1 == 0.5 else None


def _give_range_of_hundreds(number: float) -> str | None:
    return f"{spell(int(number // 100))} hundred" if 1000 < number < 2000 and number % 100 == 0 else None


#: Each form by its name. A form returns None for a number that it doesn't suit.
FORMS: dict[str, Callable[[float], str | None]] = {
    "54": show,
    "54.0": _add_zero,
    "fifty-four": _spell_whole,
    "fifty four": lambda n: _spell_whole(n, " "),
    "Fifty-four": lambda n: (_spell_whole(n) or "").capitalize() or None,
    "one hundred and twenty": lambda n: _spell_whole(n, "-", "and ") if n > 100 and n % 100 else None,
    "fifty-four (54)": lambda n: (w := _spell_whole(n)) and f"{w} ({show(n)})" if n < 100 else None,
    "fifteen hundred": _give_range_of_hundreds,
    "100,000": lambda n: _group(n, ","),
    "100 000": lambda n: _group(n, " "),
    "100 000 (thin space)": lambda n: _group(n, "\u2009"),
    "100 000 (no-break space)": lambda n: _group(n, "\u00a0"),
    "100.000": lambda n: _group(n, "."),
    "100'000": lambda n: _group(n, "'"),
    "100’000": lambda n: _group(n, "’"),
    "100, 000": lambda n: _group(n, ", "),
    "1,00,000": _group_indian,
    "1 lakh": _count_lakhs,
    "100K": lambda n: _count_thousands(n, "K"),
    "100k": lambda n: _count_thousands(n, "k"),
    "100 thousand": lambda n: _count_thousands(n, " thousand"),
    "1,5": lambda n: _change_point(n, ","),
    "1·5": lambda n: _change_point(n, "·"),
    ".8": _drop_zero,
    "1½": lambda n: _mix(n, _VULGAR, ""),
    "1 ½": lambda n: _mix(n, _VULGAR, " "),
    "1 1/2": lambda n: _mix(n, _SLASHED, " "),
    "1-1/2": lambda n: _mix(n, _SLASHED, "-"),
    "one and a half": lambda n: _say_half(n, spell),
    "1 and a half": lambda n: _say_half(n, str),
}


def write_number(number: float, form: str) -> str | None:
    """Writes a number in a form of `FORMS`; None where the form doesn't suit it."""
    return FORMS[form](number)
