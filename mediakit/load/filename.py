"""What a file name says: `outlet_2025-02-12_slug-of-the-headline.txt` gives the outlet and the date."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from mediakit.load.dates import read_date

_NAME = re.compile(r"^(?P<outlet>[^_/]*[^\W\d_][^_/]*)[_ ](?P<date>\d{4}-\d{2}-\d{2})(?:[_ ](?P<slug>.+))?$")


class FileName(NamedTuple):
    """Fields of a file name; missing ones are None."""

    outlet: str | None = None
    date: pd.Timestamp | None = None
    date_raw: str | None = None


def read_filename(name: str) -> FileName:
    """Read outlet and date from a file name of the form `outlet_YYYY-MM-DD_slug`.

    Examples
    --------
    >>> read_filename("texts/daily-beacon_2025-02-12_chaos.txt")[0::2]
    ('daily-beacon', '2025-02-12')
    >>> read_filename("notes.txt").outlet is None
    True
    """
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    found = _NAME.match(stem)
    if not found:
        return FileName()
    date = read_date(found["date"])
    return FileName(found["outlet"], date, found["date"] if date is not None else None)
