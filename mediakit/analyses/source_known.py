"""Well-known bodies and celebrities: types that an article need not tell, since its readers know them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_offices import Verdict

KNOWN = "known: "  # how the reason begins
_ARTICLE = re.compile(r"(?:[Tt]he|THE)\s+")
_FORM = re.compile(r",?\s+(?:Inc|Corp|Co|Ltd|LLC|PLC|plc|AG|SE|SA|Group|Holdings)\.?$")
_OWNER = re.compile(r"(?:’s|'s|’|')$")


def by_known(evidence: Evidence) -> Verdict | None:
    """Return the type of a well-known name and why, or nothing.

    Examples
    --------
    >>> by_known(Evidence("Goldman Sachs Group Inc.", (), "Goldman Sachs Group Inc."))
    ('company', 'known: Goldman Sachs')
    >>> by_known(Evidence("the target", (), None)) is None
    True
    """
    return find_known(evidence.body or evidence.head)


def find_known(name: str) -> Verdict | None:
    """Return the type of a name as printed, and why; its article, its genitive and "Inc." aside."""
    known = load_known()
    plain = _OWNER.sub("", name.strip(" ,."))
    for _ in range(3):
        for one in (plain, _ARTICLE.sub("", plain, count=1) if _ARTICLE.match(plain) else plain):
            if one in known:
                return known[one], KNOWN + one
        shorter = _FORM.sub("", plain)
        if shorter == plain:
            return None
        plain = shorter
    return None


@cache
def load_known() -> dict[str, str]:
    """Read the names of `known_bodies.toml`, each -> its type.

    Examples
    --------
    >>> load_known()["Amnesty International"], load_known()["Reuters"]
    ('society', 'media')
    """
    data = tomllib.loads(files("mediakit.analyses").joinpath("known_bodies.toml").read_text("utf-8"))
    return {" ".join(name.split()): kind for kind, names in data.items() for name in names.split(";") if name.strip()}
