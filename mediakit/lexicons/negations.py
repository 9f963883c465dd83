"""Negations: the words of a language that turn what follows."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def load_negations(language: str) -> frozenset[str]:
    """Return the negating words of a language in lower case; none where the language has no list.

    Examples
    --------
    >>> "never" in load_negations("en")
    True
    """
    words = tomllib.loads(files("mediakit.lexicons").joinpath("negations.toml").read_text("utf-8"))["words"]
    return frozenset(words.get(language, "").split())
