"""Dates: many notations, one calendar day, and never a guess."""

import datetime

import pandas as pd
import pytest

from mediakit.load.dates import find_date_line, guess_day_first, read_date

DAY = pd.Timestamp("2025-02-14")


@pytest.mark.parametrize(
    "printed",
    [
        "2025-02-14", "20250214", "20250214T091400Z", "2025/02/14", "2025.02.14", "February 14, 2025", "Feb 14 2025",
        "14 February 2025", "14th of February, 2025", "14 Feb. 2025, 09:14", "14-Feb-2025", "Fri, 14 Feb 2025 09:14:00 +0100",
        "February 14, 2025 Friday 11:20 AM GMT", "14. Februar 2025", "14 février 2025 à 09h14", "14 de febrero de 2025",
        "14 febbraio 2025", "14 de fevereiro de 2025", "14 februari 2025", "14. helmikuuta 2025", "14 lutego 2025",
        "14 Şubat 2025", "20250214091400", "2025. 2. 14.", "Fri Feb 14 09:14:00 +0000 2025", "2025 Feb 14", "Febrero 14 de 2025",
        "14 февраля 2025 г.", "2025年2月14日", "2025년 2월 14일",
    ],
)  # fmt: skip
def test_a_date_in_words_or_digits_is_read_in_many_languages(printed):
    assert read_date(printed) == DAY


@pytest.mark.parametrize("printed", ["2025-02-14T23:30:00-05:00", "2025-02-14T00:10:00+09:00", "2025-02-14 23:59:59Z"])
def test_the_printed_day_stays_whatever_the_zone(printed):
    assert read_date(printed) == DAY
    assert read_date(printed).tz is None


@pytest.mark.parametrize(
    "value", [1739491200, "1739491200", 1739491200000, "1739491200000", datetime.date(2025, 2, 14)]
)
def test_epochs_and_date_objects_are_read(value):
    assert read_date(value) == DAY


def test_the_first_of_the_month_is_read_with_its_ordinal():
    assert read_date("1er mars 2025") == pd.Timestamp("2025-03-01")


def test_a_numeric_date_is_read_only_where_it_is_clear():
    assert read_date("03/04/2025") is None
    assert read_date("03/04/2025", day_first=True) == pd.Timestamp("2025-04-03")
    assert read_date("03/04/2025", day_first=False) == pd.Timestamp("2025-03-04")
    assert read_date("14/02/2025") == read_date("02/14/2025") == DAY


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "nan",
        float("nan"),
        pd.NaT,
        True,
        "2025",
        "2025-02",
        "February 2025",
        "30 February 2025",
        "2025-13-45",
        "14 Feb 25",
        "14 Feb 1650",
        -5,
        "14-15 February 2025",
        datetime.time(9, 14),
        9999999999999,
        datetime.date(2300, 1, 1),
    ],
)
def test_what_is_no_day_stays_missing(value):
    assert read_date(value) is None


def test_a_column_settles_the_order_of_day_and_month():
    assert guess_day_first(["03/04/2025", "25/04/2025", None]) is True
    assert guess_day_first(["03/04/2025", "04/25/2025"]) is False
    assert guess_day_first(["03/04/2025"]) is None
    assert guess_day_first(["25/04/2025", "04/25/2025"]) is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("February 11, 2025", "February 11, 2025"),
        ("12 Feb 2025, 09:14", "12 Feb 2025"),
        ("Published: 3 May 2019 10:20 GMT", "3 May 2019"),
        ("Updated on 3 May 2019", "3 May 2019"),
        ("Published 2 May 2019 · Updated 3 May 2019", "2 May 2019"),
        ("Updated 3 May 2019 · Published 2 May 2019", "2 May 2019"),
        ("2025-02-11T10:20:00Z", "2025-02-11"),
        ("Tuesday, February 11, 2025 • 4 min read", "February 11, 2025"),
        ("Stand: 11.02.2025, 10:00 Uhr", "11.02.2025"),
        ("11 de febrero de 2025", "11 de febrero de 2025"),
    ],
)
def test_a_line_that_is_nothing_but_a_date_is_found(line, date):
    assert find_date_line(line) == date


@pytest.mark.parametrize(
    "line", ["The strike of 3 May 2019", "12 people died on May 3, 2019", "Copyright 2019", "May 2024", ""]
)
def test_a_line_that_says_more_is_no_date_line(line):
    assert find_date_line(line) is None


def test_hostile_lines_cost_no_time():
    for line in ("1 " * 5000, "-" * 5000 + "1", "1:1" * 2000, "12 de " * 2000):
        assert read_date(line) is None
