"""The numbers behind the plots of a corpus, counted by hand; texts are made of x."""

import re
from xml.etree import ElementTree

import pytest

from tests.evaluation.builders import age, document, dose, fractions, lab, span
from trialsift.gold import read_gold
from trialsift.model.fact import Regimen
from trialsift.reports.plots import corpus_plots

SVG = "{http://www.w3.org/2000/svg}"
IN = {"polarity": "inclusion"}


def ecog(start, low, high, **more):
    return span("PERFORMANCE_STATUS", start, start + 1, scale="ECOG", low=low, high=high, **{**IN, **more})


def by_id(*documents, **options):
    return {plot.id: plot for plot in corpus_plots(documents, **options)}


def course(doc_id, *courses, boost=False, **flags):
    """A document with courses of (fractions, total dose)."""
    spans, regimens = [], []
    for i, (n, total) in enumerate(courses):
        spans += [
            fractions(10 * i, 10 * i + 1, 1, **flags),
            dose(10 * i + 2, 10 * i + 3, 1, **flags, **({"boost": True} if boost else {})),
        ]
        pairs = [value if isinstance(value, tuple) or value is None else (value, value) for value in (n, total)]
        regimens.append(Regimen((2 * i, 2 * i + 1), pairs[0], None, pairs[1]))
    return document(doc_id, *spans, regimens=regimens)


def test_age_limits():
    plot = by_id(
        document("a", age(0, 1, 18, 75, **IN)),
        document("b", age(0, 1, 18, **IN), age(2, 3, 60, scope="subgroup", **IN)),
        document("c", age(0, 1, 6, unit="mo", **IN)),
        document("d", age(0, 1, 18, **IN), age(2, 3, 20, 80, **IN)),  # two lower limits: the narrower
        document("e", age(0, 1, None, 75, polarity="exclusion")),
        document("f", age(0, 1, 0, 999, **IN)),
        document("g"),
    )["age-limits"]
    assert plot.table.rows == ((0, 2, 0), (18, 2, 0), (20, 1, 0), (75, 0, 1), (80, 0, 1), (999, 0, 1))
    assert "one lower limit in 5 and one upper limit in 3 of 7 documents" in plot.description
    assert "1 above 120 years" in plot.description


def test_ecog_ranges():
    plot = by_id(
        document("a", ecog(0, 0, 2)),
        document("b", ecog(0, 0, 2), ecog(2, 0, 2)),
        document("c", ecog(0, 0, 0)),
        document("d", ecog(0, 0, 1), ecog(2, 0, 2)),  # two upper ends: the narrower
        document("e", ecog(0, 2, 5, polarity="exclusion")),
        document("f", ecog(0, 0, 1)),
    )["ecog-ranges"]
    assert plot.table.rows == (("0", 1), ("0–1", 3), ("0–2", 2))
    assert "6 of 6 documents; most often 0–1 (3)" in plot.description


def test_courses():
    plot = by_id(
        course("a", (15, 40.05), (15, 40.05), (5, 25)),
        course("b", (15, 40.05)),
        course("c", (15, 40.05), boost=True),
        course("d", (15, 40.05), historical=True),
        course("e", (15, 40.05), negated=True),
        course("f", ((5, 6), 30), (None, 50), (5, None)),
        course("g", (1, 300)),
    )["fractionation"]
    assert plot.table.rows == (
        (1, 300, 300, 7750.0, "no", 1),
        (5, 5, 25, 31.2, "no", 1),
        (15, 2.67, 40.05, 42.3, "no", 2),
        (15, 2.67, 40.05, None, "yes", 1),
    )
    assert "5 courses of radiotherapy, each counted once a document, in 7 documents" in plot.description
    assert "most often 40.05 Gy in 15 fractions (2)" in plot.description
    assert "3 courses with a range" in plot.description
    assert "1 with more than 60 fractions or 120 Gy" in plot.description


def test_regimens_are_found_by_the_ids_of_their_spans():
    given = document("a", dose(0, 1, 30, boost=True), dose(2, 3, 25), regimens=[Regimen((1,), (5, 5), None, (25, 25))])
    turned = type(given)(given.doc_id, given.text, given.spans[::-1], given.regimens)
    for one in (given, turned):
        assert by_id(one)["fractionation"].table.rows == ((5, 5, 25, 31.2, "no", 1),)


def test_the_ratio_is_a_parameter():
    rows = by_id(course("a", (20, 60)), alpha_beta=1.5)["fractionation"].table.rows
    assert rows == ((20, 3, 60, 77.1, "no", 1),)


def test_thresholds_in_the_usual_unit():
    plots = by_id(
        document("a", lab(0, 1, "platelets", 100, unit="10*9/L", **IN), lab(2, 3, "creatinine", None, 1.5, **IN)),
        document(
            "b", lab(0, 1, "platelets", 100000, unit="/uL", **IN), lab(2, 3, "platelets", 100, unit="10*9/L", **IN)
        ),
        document("c", lab(0, 1, "platelets", None, 75, unit="10*9/L", **IN)),
        document("d", lab(0, 1, "creatinine", None, 132.6, unit="umol/L", **IN)),
        document("e", lab(0, 1, "creatinine", None, 1.5, unit="mg/dL", **IN), lab(2, 3, "creatinine", None, 3, **IN)),
    )
    assert plots["lab-thresholds"].table.rows == (
        ("platelets", "lower limit", 100, "10³/µL", 2),
        ("platelets", "upper limit", 75, "10³/µL", 1),
        ("creatinine", "upper limit", 1.5, "mg/dL", 2),
    )
    assert plots["lab-thresholds-uln"].table.rows == (
        ("creatinine", "upper limit", 1.5, "× ULN", 1),
        ("creatinine", "upper limit", 3, "× ULN", 1),
    )
    assert "left out" not in plots["lab-thresholds"].description


@pytest.mark.parametrize(
    "more",
    [
        {"polarity": "exclusion"},
        {"polarity": "none"},
        {"negated": True},
        {"historical": True},
        {"conditional": True},
        {"condition": "if x"},
    ],
)
def test_no_limit_of_inclusion_for_everybody(more):
    assert by_id(document("a", lab(0, 1, "alt", None, 2.5, **{**IN, **more}))) == {}


@pytest.mark.parametrize(
    ("analyte", "value", "unit"),
    [
        ("platelets", 100, None),  # no unit
        ("platelets", 100, "g/L"),  # doesn't convert
        ("platelets", 100000, "/mL"),  # not plausible
        ("no_such_test", 1, "g/L"),
    ],
)
def test_what_can_t_be_placed_is_counted(analyte, value, unit):
    shown = lab(0, 1, "albumin", 3, unit="g/dL", **IN)
    plot = by_id(document("a", shown, lab(2, 3, analyte, value, unit=unit, **IN)))["lab-thresholds"]
    assert len(plot.table.rows) == 1
    assert " 1 of an unknown analyte, without a unit" in plot.description


def test_a_limit_of_zero_is_kept():
    spans = [
        lab(2 * i, 2 * i + 1, "hiv_rna", value, unit="{copies}/mL", **IN) for i, value in enumerate((0, 50, 100000))
    ]
    plot = by_id(document("a", *spans))["lab-thresholds"]
    assert [row[2] for row in plot.table.rows] == [0, 50, 100000]
    assert "1 limit of 0 or less: no mark on a logarithmic axis" in plot.description


def test_the_most_frequent_analytes():
    documents = [
        document("a", *(lab(i, i + 1, name, 3, unit="g/dL", **IN) for i, name in enumerate(("albumin", "hemoglobin")))),
        document("b", lab(0, 1, "hemoglobin", 9, unit="g/dL", **IN)),
    ]
    plot = by_id(*documents, most_analytes=1)["lab-thresholds"]
    assert {row[0] for row in plot.table.rows} == {"hemoglobin"}
    with pytest.raises(ValueError, match="0 analytes"):
        corpus_plots(documents, most_analytes=0)


def test_nothing_to_show():
    assert corpus_plots([]) == []
    assert corpus_plots([document("a"), document("b", lab(0, 1, "alt", None, None, **IN))]) == []


@pytest.mark.parametrize("ratio", [0, -1, float("nan")])
def test_a_useless_ratio(ratio):
    with pytest.raises(ValueError, match="α/β"):
        corpus_plots([], alpha_beta=ratio)


@pytest.fixture(scope="module")
def corpus(request):
    return read_gold(request.config.rootpath / "corpus" / "dev.jsonl")


def test_the_bundled_corpus(corpus):
    plots = corpus_plots(corpus)
    assert [plot.id for plot in plots] == [
        "age-limits",
        "ecog-ranges",
        "fractionation",
        "lab-thresholds",
        "lab-thresholds-uln",
    ]
    ids = [name for plot in plots for name in re.findall(r' id="([^"]+)"', plot.svg)]
    assert len(ids) == len(set(ids))
    for plot in plots:
        assert ElementTree.fromstring(plot.svg).find(f"{SVG}desc").text == plot.description
        assert {len(row) for row in plot.table.rows} == {len(plot.table.header)}
    assert corpus_plots(corpus[::-1]) == plots


def test_very_many_different_values_stay_a_small_drawing():
    documents = [
        document(
            str(i),
            lab(0, 1, "cd4", 1 + i, unit="/uL", **IN),
            lab(2, 3, "psa", None, 1 + i / 30, unit="ng/mL", **IN),
            dose(20, 21, 1),
            regimens=[Regimen((2,), (1 + i % 60,) * 2, None, (1 + i / 37,) * 2)],
        )
        for i in range(2500)
    ]
    plots = by_id(*documents)
    assert len(plots["fractionation"].table.rows) == 2500
    assert len(plots["lab-thresholds"].table.rows) > 1000
    assert all(len(plot.svg) < 150_000 for plot in plots.values())
