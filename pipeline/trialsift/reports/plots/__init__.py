"""Draws plots for HTML pages, as inline SVG in the page's text colour.

In: scores of an evaluation, or annotated documents. Out: `Plot`s: an SVG, and the numbers behind it as a table.
matplotlib, of the extra `plots`, is imported when the first plot is drawn, not with this package. Read in this order:

    plot.py          `Plot`, which all of these return
    svg.py           renders a matplotlib figure as SVG; `use_style()`, in which figures are made
    marks.py         shared colours, sizes and legends; names.py: analytes and units as printed
    calibration.py   confidence against what is right, and what is found by reviewing the least sure first
    scores.py        F1 with intervals, of one run or as the difference of two
    corpus.py        all plots of some documents: eligibility.py (age, ECOG), fractionation.py (total dose
                     against fractions), thresholds.py (laboratory thresholds by analyte)
"""

from trialsift.reports.plots.calibration import plot_reliability, plot_reviewed
from trialsift.reports.plots.corpus import corpus_plots
from trialsift.reports.plots.plot import Plot, PlotTable
from trialsift.reports.plots.scores import DifferenceRow, Score, ScoreRow, plot_differences, plot_scores
from trialsift.reports.plots.svg import find_missing

__all__ = [
    "DifferenceRow",
    "Plot",
    "PlotTable",
    "Score",
    "ScoreRow",
    "corpus_plots",
    "find_missing",
    "plot_differences",
    "plot_reliability",
    "plot_reviewed",
    "plot_scores",
]
