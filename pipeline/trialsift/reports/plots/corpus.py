"""Plots of what a number of documents state: gold annotations, predictions, or one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialsift.gold import GoldDocument
from trialsift.reports.plots.eligibility import age_plot, ecog_plot
from trialsift.reports.plots.fractionation import fractionation_plot
from trialsift.reports.plots.plot import Plot
from trialsift.reports.plots.thresholds import thresholds_plot, uln_plot
from trialsift.rules.analytes import Analyte
from trialsift.rules.files import find_patterns
from trialsift.rules.layers import Folder
from trialsift.tables.derived import derivation_of
from trialsift.tables.linear_quadratic import TUMOUR_ALPHA_BETA
from trialsift.tables.trials import known_facts, trial_limits


def corpus_plots(
    documents: Sequence[GoldDocument],
    alpha_beta: float = TUMOUR_ALPHA_BETA,
    most_analytes: int = 12,
    patterns: Folder | str | None = None,
) -> list[Plot]:
    """The plots `age-limits`, `ecog-ranges`, `fractionation`, `lab-thresholds` and `lab-thresholds-uln`, in this order,
    without those that have nothing to show.

    `alpha_beta` (Gy) is that of the lines of equal effect; the `most_analytes` most frequent analytes are shown, in
    the usual units of the folder `patterns` (default: the shipped one).
    Raises PatternError for unusable patterns, ValueError for an α/β or a number of analytes that is not above 0.
    """
    if most_analytes < 1:
        raise ValueError(f"{most_analytes} analytes; expected 1 or more")
    annotations = [document.to_annotation() for document in documents]
    derivation = derivation_of(find_patterns(patterns))
    analytes: Mapping[str, Analyte] = derivation.analytes
    limits = [
        trial_limits(known_facts(document.text, annotation, derivation))
        for document, annotation in zip(documents, annotations, strict=True)
    ]
    plots = (
        age_plot([limit.age.limits for limit in limits]),
        ecog_plot([limit.ecog.limits for limit in limits]),
        fractionation_plot(annotations, alpha_beta),
        thresholds_plot(annotations, analytes, most_analytes),
        uln_plot(annotations, analytes, most_analytes),
    )
    return [plot for plot in plots if plot is not None]
