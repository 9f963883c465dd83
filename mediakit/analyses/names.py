"""One person under several spellings: surname alone, title and surname, initials, a letter wrong."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pandas as pd
from rapidfuzz.distance import Levenshtein

from mediakit.analyses.source_names import is_group, words_of
from mediakit.errors import ArticleTableError, require_columns

_TITLE = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|professor|president|sen|senator|rep|gov|governor|gen|general|col|sir|lady|lord|herr|frau"
    r"|monsieur|madame|mme|señor|señora|minister|chancellor|mayor|judge|justice|rev|secretary|king|queen"
    r"|prime minister)\.?\s+)+",
    re.I,
)
_PARTICLES = frozenset(
    ["de", "del", "della", "di", "da", "dos", "du", "van", "von", "der", "den", "ten", "ter", "al", "el", "bin", "ibn",
     "la", "le"]
)  # fmt: skip
# Further words that are written small within a name: d’Estaing, Ortega y Gasset, Sancho i Vidal, Eça e Silva.
_SMALL = _PARTICLES.union(
    ["abu", "af", "ap", "av", "d", "das", "dem", "do", "e", "i", "l", "ould", "y", "zu", "zum", "zur"]
)
# A phrase that begins with one of these says what somebody is, not how they are called. "A." is an initial.
_NO_NAME = re.compile(
    r"(?:an?|the|some|several|many|most|few|both|another|other|his|her|its|their|our|my|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands)\s|[\W_]*\d|(?:he|i|it|she|they|we|who|you)\Z",
    re.IGNORECASE,
)
_LEAST = 6  # letters of a surname in which one may be wrong; in shorter ones it makes another name


def merge_names(table: pd.DataFrame, column: str = "name", *, across: bool = True, letters: int = 1) -> pd.DataFrame:
    """Find which names mean the same person, each with the reason; nothing is changed.

    Parameters
    ----------
    table : DataFrame, one row per mention or source
        With `article_id` and the names as printed.
    column : str, default "name"
    across : bool, default True
        Also merge over articles: a name with the only person of the corpus that it can mean.
    letters : int, default 1
        So many letters may differ in a surname of six letters or more whose first names agree; 0 for none.

    Returns
    -------
    DataFrame, one row per article and name that is merged into another
        article_id, name
        canonical : the name that stands for all: the fullest, then the most frequent
        reason : "title", "surname", "initials", "spelling" (accents, capitals, hyphens) or "one letter"

    Raises
    ------
    ArticleTableError
        When a column is missing, or `letters` is not 0, 1 or 2.

    Notes
    -----
    Drop the rows that you do not believe and give the rest to `apply_merges`. Within an article a surname belongs to
    the one full name that has it; two persons of one surname are left apart. Distances are Levenshtein's (rapidfuzz).
    A name that is merged into one that means another is merged into that one. Phrases without a name, such as "a
    spokesman", "two officers" or "Riot police", are left as they are: they begin with an article or a number, or have
    a word with a small letter that is no particle.

    Examples
    --------
    >>> names = pd.DataFrame({"article_id": "a", "name": ["Vadim Kosyulin", "Koslyulin", "Mr. Kosyulin", "Ana Ruiz"]})
    >>> merge_names(names)[["name", "canonical", "reason"]].values.tolist()
    [['Koslyulin', 'Vadim Kosyulin', 'one letter'], ['Mr. Kosyulin', 'Vadim Kosyulin', 'title']]
    """
    require_columns(table, ["article_id", column], "the table of names")
    if letters not in (0, 1, 2):
        raise ArticleTableError(f"letters={letters!r} is not 0, 1 or 2.")
    rows = table[["article_id", column]].dropna()
    counts = Counter(zip(rows["article_id"].tolist(), rows[column].astype("str").tolist(), strict=True))
    by_article: dict[str, list[str]] = defaultdict(list)
    spoken: Counter[str] = Counter()
    named = {name: _is_name(name) for _, name in counts}
    for (article, name), number in counts.items():
        if named[name]:
            by_article[article].append(name)
            spoken[name] += number
    corpus = _full_names(spoken) if across else {}
    found = []
    for article, names in by_article.items():
        for name in names:
            merged = step = _merge(name, names, corpus, spoken, letters)
            while step is not None and merged is not None:  # each step leads to a name of higher rank
                direct = _reason(_words(name), _words(step[0]), name, step[0], letters)
                merged = (step[0], direct or merged[1])
                step = _merge(step[0], names, corpus, spoken, letters)
            if merged is not None:
                found.append((article, name, *merged))
    return pd.DataFrame(found, columns=["article_id", "name", "canonical", "reason"]).astype("str")


def apply_merges(table: pd.DataFrame, merges: pd.DataFrame, column: str = "name") -> pd.DataFrame:
    """Return the table with a column `canonical`: the name that stands for all spellings, or the name itself.

    Examples
    --------
    >>> names = pd.DataFrame({"article_id": "a", "name": ["Vadim Kosyulin", "Kosyulin"]})
    >>> apply_merges(names, merge_names(names))["canonical"].tolist()
    ['Vadim Kosyulin', 'Vadim Kosyulin']
    """
    require_columns(table, ["article_id", column], "the table of names")
    require_columns(merges, ["article_id", "name", "canonical"], "the table of merges")
    known = dict(zip(zip(merges["article_id"], merges["name"], strict=True), merges["canonical"], strict=True))
    keys = zip(table["article_id"], table[column], strict=True)
    return table.assign(canonical=pd.Series([known.get(key, key[1]) for key in keys], index=table.index, dtype="str"))


def _is_name(name: str) -> bool:
    """Whether this is how somebody is called: capitals, or a script without them, except in titles and particles."""
    bare = _TITLE.sub("", " ".join(name.split()))
    words = re.findall(r"[^\W\d_]+", bare.replace("’s", "").replace("'s", ""))
    small = [word for word in words if word[0].islower()]
    return not _NO_NAME.match(name) and len(small) < len(words) and all(word in _SMALL for word in small)


def _merge(
    name: str, names: list[str], corpus: dict[str, set[str]], spoken: Counter[str], letters: int
) -> tuple[str, str] | None:
    """Return the fuller or commoner name that a name means, and why: of the same article, else of the corpus."""
    own = _words(name)
    if not own:
        return None
    return _best(name, own, names, spoken, letters) or _best(name, own, _alike(own, corpus, letters), spoken, letters)


def _alike(own: list[str], corpus: dict[str, set[str]], letters: int) -> set[str]:
    """Return the full names of the corpus whose surname is the same, or differs by some letters."""
    surname = own[-1]
    found = set(corpus.get(surname, ()))
    if letters and len(surname) >= _LEAST and len(own) > 1:
        for near, full in corpus.items():
            if near[:1] == surname[:1] and Levenshtein.distance(near, surname, score_cutoff=letters) <= letters:
                found |= full
    return found


def _best(
    name: str, own: list[str], others: Iterable[str], spoken: Counter[str], letters: int
) -> tuple[str, str] | None:
    """Return the best of the names that a name can mean, and why."""
    found: list[tuple[str, str]] = []
    for other in others:
        if other == name:
            continue
        reason = _reason(own, _words(other), name, other, letters)
        if reason and _rank(other, spoken) > _rank(name, spoken):
            found.append((other, reason))
    return _only(found, spoken)


def _only(found: list[tuple[str, str]], spoken: Counter[str]) -> tuple[str, str] | None:
    """Return the best of several names if they are all one person's; None where two persons are possible."""
    if not found:
        return None
    best = max(found, key=lambda pair: (_rank(pair[0], spoken), pair[0]))
    words = _words(best[0])
    same = all(_reason(_words(other), words, other, best[0], 1) or other == best[0] for other, _ in found)
    return best if same else None


def _reason(own: list[str], other: list[str], name: str, full: str, letters: int) -> str | None:
    """Return why one name can mean the same as another, or None."""
    if not own or not other:
        return None
    titled = _TITLE.match(name) is not None and len(own) == 1
    if own == other:
        return "title" if _TITLE.match(name) or _TITLE.match(full) else "spelling"
    near = _near(own[-1], other[-1], letters)
    if near is None:
        return None
    given, others = own[:-1], other[:-1]
    if not given:
        return (
            ("one letter" if near else "title" if titled else "surname") if others else ("one letter" if near else None)
        )
    if not others:
        return None
    if _initials(given, others):
        return "one letter" if near else "initials"
    return "one letter" if near and given == others else None


def _near(one: str, other: str, letters: int) -> int | None:
    """Return the distance of two surnames, or None where they are different names."""
    if one == other:
        return 0
    if not letters or min(len(one), len(other)) < _LEAST or one[:1] != other[:1]:
        return None
    distance = Levenshtein.distance(one, other, score_cutoff=letters)
    return int(distance) if distance <= letters else None


def _initials(given: list[str], others: list[str]) -> bool:
    """Whether first names agree: one is the other's initial, or one has a middle name more."""
    short, long = sorted((given, others), key=len)
    first = short[0] == long[0] or (short[0][0] == long[0][0] and 1 in (len(short[0]), len(long[0])))
    return first and all(any(word[0] == other[0] for other in long[1:]) for word in short[1:])


def _rank(name: str, spoken: Counter[str]) -> tuple[int, int, int, str]:
    """Return how well a name stands for a person: by its words, without a title, by frequency."""
    words = _words(name)
    return sum(len(word) > 1 for word in words), -(_TITLE.match(name) is not None), spoken[name], name


def _words(name: str) -> list[str]:
    """Return the words of a name without title, accents and capitals; particles belong to the surname."""
    bare = _TITLE.sub("", " ".join(name.split()))
    plain = "".join(sign for sign in unicodedata.normalize("NFD", bare) if not unicodedata.combining(sign))
    words = re.findall(r"[^\W\d_]+", plain.replace("’s", "").replace("'s", ""))
    kept = [word for word in words if word not in _SMALL and (len(words) <= 2 or word.casefold() not in _PARTICLES)]
    return [word.casefold() for word in kept or words]


def _full_names(spoken: Iterable[str]) -> dict[str, set[str]]:
    """Return surname -> the persons of the corpus that have it; "Ministry" is no surname of every ministry."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, words in _told(spoken):
        if len(words) > 1 and not is_group(name) and words_of("organised").isdisjoint(name.split()):
            found[words[-1]].add(name)
    return found


def _told(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for name in names:
        words = _words(name)
        if words:
            yield name, words
