"""Datelines: the place (and agency) printed before the first sentence, as in "GENEVA (Reuters) - Talks resumed"."""

from __future__ import annotations

import re

# Capitals up to a dash, with an optional agency in brackets and an optional date; or, in mixed case, a short place
# that has the agency in brackets.
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_DATE = r"(?:,?\s+\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,10}\.?|,?\s+[^\W\d_]{3,9}\.?\s+\d{1,2})?"
_AGENCY = r"\s*\((?P<agency>[^\W\d_][\w .&/-]{1,30})\)"
_TEXT = r"(?=[\"“„«‘'(¿¡\[]?(?:" + _UPPER + r"|\d))"  # what follows the dash begins a sentence
_COUNTRY = r"(?:,\s" + _UPPER + r"[^\W\d_]*(?:[. ]+" + _UPPER + r"[^\W\d_]*){0,2}\.?)?"
_CAPITALS = re.compile(
    r"^(?P<place>" + _UPPER + r"[^\d_a-zß-öø-ÿ()\n,:;!?\"“”«»–—]{2,40}?" + _COUNTRY + r")" + _DATE
    + f"(?:{_AGENCY})?" + r"\s+[-–—_]{1,2}\s+" + _TEXT
)  # fmt: skip
_MIXED = re.compile(
    r"^(?P<place>" + _UPPER + r"[\w.'’-]*(?: (?:de|del|la|el|am|an der|upon|" + _UPPER + r"[\w.'’-]*)){0,3}?"
    + _COUNTRY + r")" + _DATE + _AGENCY + r"\s*[-–—_]{1,2}\s*" + _TEXT
)  # fmt: skip


def split_dateline(text: str | None) -> tuple[str | None, str | None, int]:
    """Split a dateline off the beginning of a text.

    Returns
    -------
    place, agency : str or None
    length : int
        Number of characters before the text proper; 0 without a dateline.

    Examples
    --------
    >>> split_dateline("ASTANA - Earlier this month")
    ('ASTANA', None, 9)
    >>> split_dateline("Paris (AFP) – Le ministre")
    ('Paris', 'AFP', 14)
    >>> split_dateline("NATO - and the EU - agreed")
    (None, None, 0)
    """
    if not text:
        return None, None, 0
    head = text[:120]
    dashed = "-" in head or "–" in head or "—" in head or "_" in head
    found = (_CAPITALS.match(head) or _MIXED.match(head)) if dashed else None
    if not found:
        return None, None, 0
    place = found["place"].strip(" ,")
    return place, found["agency"], found.end()
