"""The UCUM code of a unit as facts have it: the guidelines' conventions `ULN`, `LLN` and `AUC` are no UCUM."""

from __future__ import annotations

from functools import cache

from trialsift.model.ucum import is_known

#: A normal limit is no unit: UCUM has annotations for that (The Unified Code for Units of Measure, §6). Carboplatin's
#: AUC is the area under the curve of its concentration, in mg/mL · min (Calvert et al., J Clin Oncol 7 (1989) 1748).
_CONVENTIONS = {"ULN": "{ULN}", "LLN": "{LLN}", "AUC": "mg.min/mL"}
#: UCUM beyond doubt: no registry has to be loaded for them.
_PLAIN = frozenset({"a", "mo", "wk", "d", "h", "Gy", "1", "%", "mg", "mg/m2", "mg/kg", "mg/d"})


@cache
def find_ucum_code(unit: str) -> str | None:
    """The UCUM code of a unit, as is for most; None for what is none."""
    if unit in _CONVENTIONS:
        return _CONVENTIONS[unit]
    return unit if unit in _PLAIN or is_known(unit) else None
