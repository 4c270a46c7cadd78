"""Draws what some documents state: gold annotations, predictions, or one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialsift.gold import GoldDocument
from trialsift.reports.plots.eligibility import plot_ages, plot_ecog
from trialsift.reports.plots.fractionation import plot_fractionation
from trialsift.reports.plots.plot import Plot
from trialsift.reports.plots.thresholds import plot_thresholds, plot_uln_thresholds
from trialsift.rules.analytes import Analyte
from trialsift.rules.files import find_patterns
from trialsift.rules.layers import Folder
from trialsift.tables.derived import read_derivation
from trialsift.tables.linear_quadratic import TUMOUR_ALPHA_BETA
from trialsift.tables.trials import derive_facts, find_trial_limits


def corpus_plots(
    documents: Sequence[GoldDocument],
    alpha_beta: float = TUMOUR_ALPHA_BETA,
    most_analytes: int = 12,
    patterns: Folder | str | None = None,
) -> list[Plot]:
    """Draws `age-limits`, `ecog-ranges`, `fractionation`, `lab-thresholds` and `lab-thresholds-uln`, in this order.

    Plots without data are left out.

    `alpha_beta` (Gy) is that of the lines of equal effect; the `most_analytes` most frequent analytes are shown, in
    the usual units of the folder `patterns` (default: the shipped one).
    Raises PatternError for unusable patterns, ValueError for an α/β or a number of analytes that is not above 0.
    """
    if most_analytes < 1:
        raise ValueError(f"{most_analytes} analytes; expected 1 or more")
    annotations = [document.to_annotation() for document in documents]
    derivation = read_derivation(find_patterns(patterns))
    analytes: Mapping[str, Analyte] = derivation.analytes
    limits = [
        find_trial_limits(derive_facts(document.text, annotation, derivation))
        for document, annotation in zip(documents, annotations, strict=True)
    ]
    plots = (
        plot_ages([limit.age.limits for limit in limits]),
        plot_ecog([limit.ecog.limits for limit in limits if limit.converted != "ecog"]),
        plot_fractionation(annotations, alpha_beta),
        plot_thresholds(annotations, analytes, most_analytes),
        plot_uln_thresholds(annotations, analytes, most_analytes),
    )
    return [plot for plot in plots if plot is not None]
