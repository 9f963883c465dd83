"""Cue verbs: the verbs that introduce what somebody says, and the posture that each lends to the reporter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

_VOWELS = "aeiou"


@cache
def load_cue_verbs(language: str = "en") -> Mapping[str, str]:
    """Return the forms of the cue verbs of a language in lower case, each with its posture.

    Parameters
    ----------
    language : str, default "en"
        "en", "fr", "de" or "es"; another language has none.

    Returns
    -------
    mapping of str to str
        Form -> "neutral", "endorsing", "doubting", "emotive" or "directing"; only "neutral" outside English, where the
        postures are not coded. The list, with the literature it follows, is `mediakit/analyses/cue_verbs.toml`.

    Examples
    --------
    >>> verbs = load_cue_verbs()
    >>> verbs["said"], verbs["claimed"], verbs["lashing"], verbs["denied"]
    ('neutral', 'doubting', 'emotive', 'doubting')
    """
    data = _read().get(language, {})
    found: dict[str, str] = {}
    irregular = {line.split()[0]: line.split()[1:] for line in data.get("irregular", "").split("|") if line.strip()}
    for posture, verbs in data.get("posture", {}).items():
        for verb in verbs.split():
            for form in inflect(verb, irregular.get(verb, [])):
                found.setdefault(form, posture)
    for form in data.get("verbs", "").split():
        found.setdefault(form, "neutral")
    return found


@cache
def load_cue_phrases(language: str = "en") -> tuple[str, ...]:
    """Return the phrases that name a speaker without a verb, as "according to".

    Examples
    --------
    >>> load_cue_phrases("fr")[0]
    'selon'
    """
    return tuple(filter(None, _read().get(language, {}).get("phrases", "").split("|")))


def inflect(verb: str, irregular: Sequence[str] = ()) -> list[str]:
    """Return the forms of an English verb: regular, besides the irregular ones given.

    Examples
    --------
    >>> inflect("deny")
    ['deny', 'denies', 'denied', 'denying']
    """
    verb = verb.split("-")[0]
    if re.search(r"[^aeiou]y$", verb):
        regular = [verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    elif verb.endswith("e"):
        regular = [verb + "s", verb + "d", verb[:-1] + "ing"]
    elif re.search(r"(?:s|sh|ch|x|z)$", verb):
        regular = [verb + "es", verb + "ed", verb + "ing"]
    else:
        regular = [verb + "s", verb + "ed", verb + "ing"]
    past = [regular[1]] if not any(form.endswith(("ed", "d", "t", "n", "w", "g")) for form in irregular) else []
    return [*dict.fromkeys([verb, *irregular, regular[0], *past, regular[2]])]


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("mediakit.analyses").joinpath("cue_verbs.toml").read_text("utf-8"))
