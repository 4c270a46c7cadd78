"""Describes values and regimens in words, for tables, lists of errors and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialsift.model.fact import Bounds, Fact, Regimen, Scalar

#: Units of time in words.
TIMES = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}
_FLAGS = {
    "operator_inferred": "operator inferred",
    "boost": "boost",
    "conditional": "conditional",
    "negated": "negated",
    "historical": "historical",
    "unusual_direction": "unusual direction",
}
_NAMED = ("analyte", "measure", "scale", "modality")


def describe_value(attributes: Mapping[str, Scalar]) -> str:
    """Describes a value, as in `hemoglobin ≥ 9 g/dL`, `radiation total 50 Gy`, `ECOG 0–2`, `inr ≤ 1.5`."""
    names = [str(attributes[name]) for name in (*_NAMED, "role") if attributes.get(name) is not None]
    unit = attributes.get("unit")
    return " ".join([*names, describe_interval(attributes), *([] if unit in (None, "1") else [str(unit)])])


def describe_labelled(label: str, attributes: Mapping[str, Scalar]) -> str:
    """Describes a value with its label, and times in words: `hemoglobin ≥ 9 g/dL`, `age ≥ 18 years`, `fractions 25`."""
    unit = attributes.get("unit")
    if isinstance(unit, str) and unit in TIMES:
        attributes = {**attributes, "unit": TIMES[unit]}
    words = describe_value(attributes)
    if any(attributes.get(name) is not None for name in _NAMED):
        return words
    return f"{label.lower().replace('_', ' ')} {words}"


def describe_fact(fact: Fact) -> str:
    """Describes a fact: `hemoglobin ≥ 9 g/dL`, `age ≥ 18 years`, `drug ≤ 10 mg/d (prednisone); historical`."""
    attributes = fact.attributes
    words = describe_labelled(fact.label, attributes)
    if attributes.get("agent") is not None:
        words += f" ({attributes['agent']})"
    more = [str(attributes["condition"])] if attributes.get("condition") is not None else []
    more += [text for name, text in _FLAGS.items() if attributes.get(name) is True]
    more += ["subgroup"] if attributes.get("scope") == "subgroup" else []
    more += ["implausible"] if attributes.get("plausible") is False else []
    return " ".join("; ".join([words, *more]).split())


def describe_interval(attributes: Mapping[str, Scalar]) -> str:
    """Describes only the interval: `≥ 18`, `18–70`, `any` if both ends are open."""
    low, high = attributes.get("low"), attributes.get("high")
    above = ">" if attributes.get("low_inclusive") is False else "≥"
    below = "<" if attributes.get("high_inclusive") is False else "≤"
    if low is not None and high is not None:
        if (above, below) != ("≥", "≤"):
            return f"{above} {format_scalar(low)} and {below} {format_scalar(high)}"
        return format_scalar(low) if low == high else f"{format_scalar(low)}–{format_scalar(high)}"
    if low is not None:
        return f"{above} {format_scalar(low)}"
    return "any" if high is None else f"{below} {format_scalar(high)}"


def format_regimen_equation(regimen: Regimen) -> str:
    """Formats a regimen as `25 × 2 Gy = 50 Gy`; `?` for numbers neither stated nor computable."""
    fractions, dose, total = map(_format_exact, (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose))
    return f"{fractions} × {dose} Gy = {total} Gy"


def _format_exact(bounds: Bounds | None) -> str:
    if bounds is None:
        return "?"
    low, high = ("?" if b is None else f"{b:g}" for b in bounds)
    return low if low == high else f"{low}–{high}"


def format_scalar(value: Scalar) -> str:
    """Formats an attribute; `absent` for None."""
    if value is None:
        return "absent"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def describe_regimen(regimen: Regimen) -> str:
    """Describes a regimen as a clinician writes it: `5 × 5 Gy = 25 Gy`, `50 Gy in 25 fractions`; empty if unknown.

    Doses are in Gy, rounded to two decimals, since computed ones may have many.
    """
    n, dose, total = (format_bounds(b) for b in (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose))
    fractions = n and f"{n} fraction" + ("" if n == "1" else "s")
    if n == "1" and (total or dose):
        return f"{total or dose} Gy in 1 fraction"
    if n and dose:
        return f"{n} × {dose} Gy" + (f" = {total} Gy" if total else "")
    if total:
        return f"{total} Gy" + (f" in {fractions}" if n else f" in fractions of {dose} Gy" if dose else "")
    return f"{dose} Gy per fraction" if dose else fractions


def format_bounds(bounds: Bounds | None) -> str:
    """Formats bounds of a regimen: `25`, `25–28`, `up to 66`; empty if both are unknown."""
    low, high = bounds or (None, None)
    if low is None:
        return "" if high is None else f"up to {_round(high)}"
    if high is None:
        return f"at least {_round(low)}"
    return _round(low) if low == high else f"{_round(low)}–{_round(high)}"


def _round(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def format_rate(value: float | None) -> str:
    """Formats a share with three decimals, never rounded up to 1; `-` for 0/0."""
    if value is None:
        return "-"
    return f"{min(value, 0.999) if value < 1 else 1:.3f}"


def format_rate_interval(interval: tuple[float, float] | None) -> str:
    """Formats an interval of rates, such as `0.975–0.991`; `-` for None."""
    return "-" if interval is None else f"{format_rate(interval[0])}–{format_rate(interval[1])}"


def format_difference(value: float | Sequence[float] | None) -> str:
    """Formats a difference of rates or its interval: `+0.012`, `−0.003 to +0.010`; `-` for None."""
    if value is None:
        return "-"
    ends = value if isinstance(value, Sequence) else [value]
    return " to ".join(f"{end:+.3f}".replace("-", "−") for end in ends)


def format_count(number: int, noun: str) -> str:
    """Formats a number with its noun: `1 document`, `4,166 documents`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
