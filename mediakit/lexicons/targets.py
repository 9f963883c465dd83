"""Targets: the persons, bodies, events and proposals that a stance is about, with the patterns that mention them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from mediakit.errors import LexiconError
from mediakit.text.patterns import compile_patterns


def load_targets(targets: str | Path | Mapping[str, Sequence[str]] = "default") -> dict[str, list[str]]:
    """Load targets from a TOML file or check a mapping.

    Parameters
    ----------
    targets : path, or mapping of target to patterns, default "default"
        "default" is the list that comes with mediakit: protesters, police, government, negotiations. A TOML file holds
        one list per target in the table ``[targets]``::

            [targets]
            protesters = ["protester*", "demonstrator*", "marcher*"]
            "the forum" = ["security forum", "=CICA"]

    Returns
    -------
    dict of str to list of str
        Target -> patterns, in the order given.

    Raises
    ------
    LexiconError
        Naming the file and the target: no targets, a target without a pattern, a pattern without a word.

    Examples
    --------
    >>> load_targets({"police": "police*"})
    {'police': ['police*']}
    """
    where = "targets"
    if isinstance(targets, str | Path):
        shipped = str(targets) == "default"
        path = files("mediakit.lexicons").joinpath("targets_data", "default.toml") if shipped else Path(targets)
        where = path.name
        try:
            targets = tomllib.loads(path.read_text("utf-8")).get("targets", {})
        except FileNotFoundError:
            raise LexiconError(
                f'{where}: no such file. Give the path of a TOML file with [targets], a mapping, or "default".'
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise LexiconError(f"{where}: {error}") from None
    if not isinstance(targets, Mapping) or not targets:
        raise LexiconError(
            f'{where}: no targets. Give a mapping such as {{"police": ["officer*"]}}, or a file with [targets].'
        )
    named: dict[str, list[str]] = {}
    for target, patterns in targets.items():
        written = [patterns] if isinstance(patterns, str) else patterns
        several = isinstance(written, Sequence) and len(written) > 0
        if not several or not all(isinstance(pattern, str) for pattern in written):
            raise LexiconError(f'{where}: the target {target!r} needs a list of patterns, as ["police", "officer*"].')
        try:
            compile_patterns(written)
        except LexiconError as error:
            raise LexiconError(f"{where}: target {target!r}: {error}") from None
        named[str(target)] = list(written)
    return named
