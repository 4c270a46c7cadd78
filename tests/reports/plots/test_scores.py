from xml.etree import ElementTree

import pytest

from trialsift.reports.plots import DifferenceRow, Score, ScoreRow, plot_differences, plot_scores

SVG = "{http://www.w3.org/2000/svg}"


def texts(plot):
    return [element.text for element in ElementTree.fromstring(plot.svg).iter(f"{SVG}text")]


def test_scores():
    rows = [
        ScoreRow("all", Score(0.95, (0.93, 0.97)), Score(0.91, (0.89, 0.93)), Score(0.88)),
        ScoreRow("$LAB$ <x>", None, Score(0.0, (0.0, 0.0))),
    ]
    plot = plot_scores(rows)
    assert plot.table.header[:4] == ("label", "detection F1", "detection 95 % low", "detection 95 % high")
    assert plot.table.rows == (
        ("all", 0.95, 0.93, 0.97, 0.91, 0.89, 0.93, 0.88, None, None),
        ("$LAB$ <x>", None, None, None, 0.0, 0.0, 0.0, None, None, None),
    )
    shown = texts(plot)
    assert {"all", "$LAB$ <x>", "detection", "value", "exact", "0.950", "0.880"} <= set(shown)
    assert [text.strip() for text in shown].count("no score") == 2
    assert "2 rows" in plot.description
    assert "from 0.000 to 0.950" in plot.description


def test_an_interval_need_not_hold_the_score():
    assert plot_scores([ScoreRow("all", Score(0.8, (0.85, 0.9)))]).table.rows[0][1:4] == (0.8, 0.85, 0.9)


@pytest.mark.parametrize("function", [plot_scores, plot_differences])
def test_nothing_to_show(function):
    row = {plot_scores: ScoreRow("all"), plot_differences: DifferenceRow("all")}[function]
    assert function([]) is None
    assert function([row]) is None


def test_differences():
    rows = [
        DifferenceRow("all", 0.01, (0.005, 0.02)),
        DifferenceRow("AGE", -0.02, (-0.05, 0.01)),
        DifferenceRow("LAB", 0.0, None),
        DifferenceRow("DOSE"),
    ]
    plot = plot_differences(rows, plot_id="change", first="old $1", second="new <2>")
    assert plot.table.rows == (
        ("all", 0.01, 0.005, 0.02),
        ("AGE", -0.02, -0.05, 0.01),
        ("LAB", 0.0, None, None),
        ("DOSE", None, None, None),
    )
    assert "In 1 of 2 the 95 % interval lies wholly on one side of zero" in plot.description
    assert {"old $1 better", "new <2> better", "0"} <= set(texts(plot))
    assert plot.id == "change"
    assert 'id="change-1"' in plot.svg


def test_no_difference_at_all():
    assert plot_differences([DifferenceRow("all", 0.0, (0.0, 0.0))]).table.rows == (("all", 0.0, 0.0, 0.0),)
