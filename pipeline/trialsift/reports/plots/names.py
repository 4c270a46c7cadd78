"""Formats analytes and units as a page prints them."""

from __future__ import annotations

import re

from trialsift.reports.plots.svg import clean

_UPPER_CASE = re.compile(
    "alt|ast|alp|ggt|ldh|cd4|cd8|inr|pt|ldl|hdl|crp|esr|psa|fsh|lh|hcg|tsh|pth|igf1|ck|bnp|afp|cea|ca125|ca19|ca15|"
    "hiv|hbv|hcv|rna|dna|uacr|upcr"
)
_WRITTEN = {
    "hba1c": "HbA1c",
    "egfr": "eGFR",
    "aptt": "aPTT",
    "ft3": "fT3",
    "ft4": "fT4",
    "ph": "pH",
    "ige": "IgE",
    "igg": "IgG",
    "hbsag": "HBsAg",
    "nt": "NT",
    "probnp": "proBNP",
    "pao2": "PaO₂",
    "paco2": "PaCO₂",
    "fio2": "FiO₂",
}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_analyte(analyte: str) -> str:
    """Formats an analyte's identifier as clinicians write it, as in `ALT` or `bilirubin total`."""
    words = clean(analyte.replace("_", " "), 28).split(" ")
    return " ".join(_WRITTEN.get(word, word.upper() if _UPPER_CASE.fullmatch(word) else word) for word in words)


def format_unit(unit: str) -> str:
    """Formats a UCUM unit for print: `10³/µL` for `10*3/uL`, `mL/min/1.73 m²` for `mL/min/{1.73_m2}`."""
    printed = re.sub(r"10\*(\d+)", lambda match: "10" + match.group(1).translate(_SUPERSCRIPTS), unit)
    printed = re.sub(r"(?<=m)[23](?!\d)", lambda match: match.group().translate(_SUPERSCRIPTS), printed)
    printed = re.sub(r"(?<![A-Za-z])u(?=[A-Za-z])", "µ", printed)
    return printed.replace("{", "").replace("}", "").replace("_", " ").replace("[IU]", "IU")
