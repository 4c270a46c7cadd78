"""Fields of registries, in the form of ClinicalTrials.gov."""

from __future__ import annotations

import pytest

from trialsift.readers.registry.values import read_age, read_count, read_date, read_sex, split_list, unite
from trialsift.tables.agreement import convert_registry_age


@pytest.mark.parametrize(
    ("stated", "age"),
    [
        ("18", "18 Years"),
        ("18Y", "18 Years"),
        ("18 Years", "18 Years"),
        ("20years-old", "20 Years"),
        (">= 20age old", "20 Years"),
        ("18.00 Year(s)", "18 Years"),
        ("19(Year)", "19 Years"),
        ("No limit", "N/A"),
        ("-5 Years", None),
        (">= 18 Years", "18 Years"),
        ("6M", "6 Months"),
        ("6 months", "6 Months"),
        ("28 Day(s)", "28 Days"),
        ("18 Year(s) 0 Month(s)", None),
        ("65 minutes", None),
        ("2.5 Years", "2.5 Years"),
        ("N/A", "N/A"),
        ("no maximum age", "N/A"),
        ("Not applicable", "N/A"),
        ("-", "N/A"),
        ("", None),
        (None, None),
        ("see criteria", None),
    ],
)
def test_ages(stated: str | None, age: str | None) -> None:
    found = read_age(stated, upper=False)
    assert found == age
    assert (convert_registry_age(found) is None) == (found in (None, "N/A"))


@pytest.mark.parametrize(
    ("stated", "age"), [("0", "N/A"), ("150", "N/A"), ("120Y", "N/A"), ("99", "99 Years"), ("130 Months", "130 Months")]
)
def test_upper_ages_that_are_no_limit(stated: str, age: str) -> None:
    assert read_age(stated, upper=True) == age


def test_an_age_in_another_unit() -> None:
    assert read_age("6", upper=False, unit="Months") == "6 Months"


@pytest.mark.parametrize(
    ("stated", "sex"),
    [
        ("Both", "ALL"), ("M", "MALE"), ("-", "ALL"), ("Both male and female", "ALL"), ("Female", "FEMALE"),
        ("Female: yes\nMale: no", "FEMALE"), ("Male: yes Female: yes", "ALL"), ("Not specified", None), (None, None),
    ],
)  # fmt: skip
def test_sexes(stated: str | None, sex: str | None) -> None:
    assert read_sex(stated) == sex


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2020-02-07", "2020-02-07"), ("20200207", "2020-02-07"), ("01/02/2011", "2011-02-01"),
        ("3/18/2020", "2020-03-18"),
        ("2013-09-01T00:00:00.000Z", "2013-09-01"), ("March 4, 2021", "2021-03-04"), ("March 2021", "2021-03"),
        ("2021-03", "2021-03"), ("7 Feb 2020", "2020-02-07"), ("soon", None), (None, None), ("2020-13-01", None),
    ],
)  # fmt: skip
def test_dates(stated: str | None, date: str | None) -> None:
    assert read_date(stated) == date


@pytest.mark.parametrize(
    ("stated", "count"),
    [("75", 75), ("1,200", 1200), (168, 168), (12.0, 12), (0, 0), ("about 50", None), (None, None), (True, None)],
)
def test_counts(stated: object, count: int | None) -> None:
    assert read_count(stated) == count


def test_lists() -> None:
    assert split_list(" Lung cancer; SCLC ;\nLung  cancer") == ("Lung cancer", "SCLC")
    assert unite(["a", None, " ", "a", "b"]) == ("a", "b")
