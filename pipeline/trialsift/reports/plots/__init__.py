"""Plots for pages of HTML, as SVG that stands in the page itself and takes the page's own colour of text.

In: scores of an evaluation, or annotated documents. Out: `Plot`s: an SVG, and the numbers behind it as a table.
matplotlib is imported when the first plot is drawn, not with this package. Read in this order:

    plot.py          `Plot`, what all of these hand out
    svg.py           from a matplotlib figure to the SVG; `drawing()`, in which figures are made
    marks.py         colours, sizes and legends that the plots share; names.py: analytes and units in print
    scores.py        F1 with intervals, of one run or as the difference of two
    corpus.py        all plots of a number of documents: eligibility.py (age, ECOG), fractionation.py (total dose
                     against fractions), thresholds.py (laboratory thresholds by analyte)
"""

from trialsift.reports.plots.corpus import corpus_plots
from trialsift.reports.plots.plot import Plot, PlotTable
from trialsift.reports.plots.scores import DifferenceRow, Score, ScoreRow, plot_differences, plot_scores

__all__ = [
    "DifferenceRow",
    "Plot",
    "PlotTable",
    "Score",
    "ScoreRow",
    "corpus_plots",
    "plot_differences",
    "plot_scores",
]
