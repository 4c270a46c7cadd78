"""Finds UCUM codes of the units of facts, whose conventions `ULN`, `LLN` and `AUC` are not UCUM."""

from __future__ import annotations

from trialsift.model.memory import remember
from trialsift.model.ucum import is_known

#: A normal limit isn't a unit, so it becomes an annotation (The Unified Code for Units of Measure, §6). Carboplatin's
#: AUC is the area under the curve of its concentration, in mg/mL · min (Calvert et al., J Clin Oncol 7 (1989) 1748).
_CONVENTIONS = {"ULN": "{ULN}", "LLN": "{LLN}", "AUC": "mg.min/mL"}
#: Known to be UCUM without loading the registry.
_PLAIN = frozenset({"a", "mo", "wk", "d", "h", "Gy", "1", "%", "mg", "mg/m2", "mg/kg", "mg/d"})


@remember
def find_ucum_code(unit: str) -> str | None:
    """Returns the UCUM code of a unit, for most units the unit itself; None if there is none."""
    if unit in _CONVENTIONS:
        return _CONVENTIONS[unit]
    return unit if unit in _PLAIN or is_known(unit) else None
