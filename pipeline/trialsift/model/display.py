"""Values and regimens in words, as tables, lists of errors and pages show them to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialsift.model.fact import Bounds, Fact, Regimen, Scalar

_TIMES = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}
_FLAGS = {
    "operator_inferred": "operator inferred",
    "boost": "boost",
    "conditional": "conditional",
    "negated": "negated",
    "historical": "historical",
}
_NAMED = ("analyte", "measure", "scale", "modality")


def value_words(attributes: Mapping[str, Scalar]) -> str:
    """A value in words, such as `hemoglobin ≥ 9 g/dL`, `radiation total 50 Gy`, `ECOG 0–2`."""
    names = [str(attributes[name]) for name in (*_NAMED, "role") if attributes.get(name) is not None]
    unit = attributes.get("unit")
    return " ".join([*names, interval_words(attributes), *([] if unit is None else [str(unit)])])


def labelled_words(label: str, attributes: Mapping[str, Scalar]) -> str:
    """A value that tells what it is of, times in words: `hemoglobin ≥ 9 g/dL`, `age ≥ 18 years`, `fractions 25`."""
    unit = attributes.get("unit")
    if isinstance(unit, str) and unit in _TIMES:
        attributes = {**attributes, "unit": _TIMES[unit]}
    words = value_words(attributes)
    if any(attributes.get(name) is not None for name in _NAMED):
        return words
    return f"{label.lower().replace('_', ' ')} {words}"


def fact_words(fact: Fact) -> str:
    """A fact in a few words: `hemoglobin ≥ 9 g/dL`, `age ≥ 18 years`, `drug ≤ 10 mg/d (prednisone); historical`."""
    attributes = fact.attributes
    words = labelled_words(fact.label, attributes)
    if attributes.get("agent") is not None:
        words += f" ({attributes['agent']})"
    more = [str(attributes["condition"])] if attributes.get("condition") is not None else []
    more += [text for name, text in _FLAGS.items() if attributes.get(name) is True]
    more += ["subgroup"] if attributes.get("scope") == "subgroup" else []
    more += ["implausible"] if attributes.get("plausible") is False else []
    return " ".join("; ".join([words, *more]).split())


def interval_words(attributes: Mapping[str, Scalar]) -> str:
    """The interval alone: `≥ 18`, `18–70`, `any` where both ends are open."""
    low, high = attributes.get("low"), attributes.get("high")
    above = ">" if attributes.get("low_inclusive") is False else "≥"
    below = "<" if attributes.get("high_inclusive") is False else "≤"
    if low is not None and high is not None:
        if (above, below) != ("≥", "≤"):
            return f"{above} {scalar_words(low)} and {below} {scalar_words(high)}"
        return scalar_words(low) if low == high else f"{scalar_words(low)}–{scalar_words(high)}"
    if low is not None:
        return f"{above} {scalar_words(low)}"
    return "any" if high is None else f"{below} {scalar_words(high)}"


def regimen_equation(regimen: Regimen) -> str:
    """A regimen in words, such as `25 × 2 Gy = 50 Gy`; `?` for what is neither stated nor computable."""
    return f"{_bounds(regimen.fractions)} × {_bounds(regimen.dose_per_fraction)} Gy = {_bounds(regimen.total_dose)} Gy"


def _bounds(bounds: Bounds | None) -> str:
    if bounds is None:
        return "?"
    low, high = ("?" if b is None else f"{b:g}" for b in bounds)
    return low if low == high else f"{low}–{high}"


def scalar_words(value: Scalar) -> str:
    """An attribute as text; `absent` for None."""
    if value is None:
        return "absent"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def regimen_words(regimen: Regimen) -> str:
    """A regimen as a clinician writes it: `5 × 5 Gy = 25 Gy`, `50 Gy in 25 fractions`; `` if nothing is known.

    Doses are in Gy, rounded to two decimals, because a computed one may have many.
    """
    n, dose, total = (bounds_words(b) for b in (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose))
    fractions = n and f"{n} fraction" + ("" if n == "1" else "s")
    if n == "1" and (total or dose):
        return f"{total or dose} Gy in 1 fraction"
    if n and dose:
        return f"{n} × {dose} Gy" + (f" = {total} Gy" if total else "")
    if total:
        return f"{total} Gy" + (f" in {fractions}" if n else f" in fractions of {dose} Gy" if dose else "")
    return f"{dose} Gy per fraction" if dose else fractions


def bounds_words(bounds: Bounds | None) -> str:
    """Bounds of a regimen: `25`, `25–28`, `up to 66`; empty where nothing is known."""
    low, high = bounds or (None, None)
    if low is None:
        return "" if high is None else f"up to {_two_decimals(high)}"
    if high is None:
        return f"at least {_two_decimals(low)}"
    return _two_decimals(low) if low == high else f"{_two_decimals(low)}–{_two_decimals(high)}"


def _two_decimals(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rate_words(value: float | None) -> str:
    """A share with three decimals, never rounded up to 1; `-` for 0/0."""
    if value is None:
        return "-"
    return f"{min(value, 0.999) if value < 1 else 1:.3f}"


def interval_of_rates(interval: tuple[float, float] | None) -> str:
    """`0.975–0.991`; `-` where there is none."""
    return "-" if interval is None else f"{rate_words(interval[0])}–{rate_words(interval[1])}"


def signed_words(value: float | Sequence[float] | None) -> str:
    """A difference of rates, or an interval of one: `+0.012`, `−0.003 to +0.010`; `-` where there is none."""
    if value is None:
        return "-"
    ends = value if isinstance(value, Sequence) else [value]
    return " to ".join(f"{end:+.3f}".replace("-", "−") for end in ends)


def count_words(number: int, noun: str) -> str:
    """A number with its noun: `1 document`, `4,166 documents`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
