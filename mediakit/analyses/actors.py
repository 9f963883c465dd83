"""Who is named: mentions of countries, organisations, the actors of a study, and of persons by any list of names."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mediakit.analyses.acronyms import define_acronyms
from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError, LexiconError, need_extra, require_columns
from mediakit.lexicons.actors import load_actors
from mediakit.text.tokens import Tokens, check_tokens, tokenize

Names = Callable[[pd.DataFrame], pd.DataFrame]
COLUMNS = ("article_id", "actor", "type", "country", "start", "end", "mention", "kind", "reason")
_KINDS = {"PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "NORP": "group"}


def find_actors(
    articles: pd.DataFrame,
    actors: pd.DataFrame | str | Path | None = None,
    *,
    names: Names | None = None,
    acronyms: bool = True,
    capitals: bool = True,
    tokens: Tokens | None = None,
) -> pd.DataFrame:
    """Find every mention of actors.

    Parameters
    ----------
    articles : DataFrame, one row per article
    actors : DataFrame or path of a TOML file, optional
        As `load_actors` returns it; a path is loaded first. Default: the built-in countries and organisations.
    names : function of the articles, optional
        Further names, such as those of persons: returns a table with `article_id`, `start`, `end` and `label`; see
        `spacy_names`. What an actor's name covers already is left to the actor.
    acronyms : bool, default True
        Acronyms that an article defines ("Harbour Union (HU)") count as mentions of what they stand for, in that
        article, after the definition too.
    capitals : bool, default True
        Whether the capital stands for the country ("Moscow warned").
    tokens : Tokens, optional
        Those of the same articles, to save work.

    Returns
    -------
    DataFrame, one row per mention, by article and place
        article_id, actor, type, country
        start, end : int, characters in the article's text
        mention : str, as printed
        kind : name, alias, demonym, capital, pattern, acronym, or the label of `names`
        reason : the name that matched, or where the acronym is defined

    Raises
    ------
    LexiconError
        When `actors` lacks a column, or its file is broken.
    ArticleTableError
        When `names` is no function or returns no table of places, or places outside the text; when `tokens` are of
        other articles.

    Notes
    -----
    Of names inside one another the longest counts: "South Korea" is no mention of Korea, "New York Times" none of New
    York where the newspaper is an actor. A country's name right behind a capitalised first name ("Michael Jordan") is
    no mention.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "Kazakh envoys met the OSCE in Vienna. The Pier Guild (PG) came. PG left."}])
    >>> find_actors(table)[["actor", "mention", "kind"]].values.tolist()
    [['Kazakhstan', 'Kazakh', 'demonym'], ['Organization for Security and Co-operation in Europe', 'OSCE', 'alias'], \
['Austria', 'Vienna', 'capital']]
    """
    check_articles(articles)
    known = _as_actors(actors)
    if names is not None and not callable(names):
        raise ArticleTableError(
            f"names must be a function of the articles, as spacy_names returns it; found {type(names).__name__}."
        )
    if not capitals and "kind" in known.columns:
        known = known[known["kind"] != "capital"]
    if tokens is not None and not isinstance(tokens, Tokens):
        raise ArticleTableError(f"tokens must be what tokenize(articles) returns; found {type(tokens).__name__}.")
    tokens = tokenize(articles) if tokens is None else tokens
    check_tokens(tokens, articles)
    found = _named(known, tokens)
    if acronyms:
        found = pd.concat([found, _by_acronym(found, tokens)], ignore_index=True)
    if names is not None:
        found = pd.concat([found, _given(names(articles), tokens)], ignore_index=True)
    found = _longest(found)
    texts = tokens.texts
    places = zip(found["article"], found["start"], found["end"], strict=True)
    found["mention"] = [texts[article][start:end] for article, start, end in places]
    found["article_id"] = tokens.articles["article_id"].take(found["article"]).to_numpy()
    return found[list(COLUMNS)].astype(
        dict.fromkeys(("article_id", "actor", "type", "country", "mention", "kind", "reason"), "str")
    )


def _as_actors(actors: pd.DataFrame | str | Path | None) -> pd.DataFrame:
    if actors is None or isinstance(actors, str | Path):
        return load_actors(actors)
    if not isinstance(actors, pd.DataFrame):
        raise LexiconError(
            f"actors must be what load_actors returns, or the path of a TOML file; found {type(actors).__name__}."
        )
    try:
        require_columns(actors, ["actor", "pattern"], "the table of actors")
    except ArticleTableError as error:
        raise LexiconError(str(error)) from None
    return actors


def count_actors(
    mentions: pd.DataFrame, articles: pd.DataFrame, *, by: str | None = "outlet", of: str = "actor"
) -> pd.DataFrame:
    """Count in how many articles actors are mentioned, and how often.

    Parameters
    ----------
    mentions : DataFrame, as `find_actors` returns it
    articles : DataFrame, one row per article, those that were searched
    by : column of the articles, default "outlet"; None counts over all
    of : "actor", "type" or "country"

    Returns
    -------
    DataFrame, one row per group and actor, the most mentioned first
        The column `by`, unless it is None, and the column `of`. Counted over all, the table fits `nodes` of
        `plot_network` and `write_graphml`.
        n : int, articles of the group
        articles, mentions : int
        share : float, 0 to 1, of the group's articles that mention the actor; low, high : its 95% Wilson interval
        per_article : float, mentions per article of the group

    Raises
    ------
    ArticleTableError
        When a column is missing.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "Kazakh envoys met.", "outlet": "A"}, {"text": "They left.", "outlet": "A"}])
    >>> count_actors(find_actors(table), table)[["outlet", "actor", "n", "articles", "share"]].values.tolist()
    [['A', 'Kazakhstan', 2, 1, 0.5]]
    """
    check_articles(articles, need=("article_id", *((by,) if by else ())))
    require_columns(mentions, ["article_id", of], "the table of mentions")
    group = by or "_all"
    context = articles[["article_id"]].assign(**{group: articles[by] if by else "all"})
    sizes = context.groupby(group, observed=True).size().rename("n")
    rows = mentions[["article_id", of]].merge(context, on="article_id").dropna(subset=[of, group])
    counted = rows.groupby([group, of], observed=True).agg(
        articles=("article_id", "nunique"), mentions=("article_id", "size")
    )
    table = counted.reset_index().merge(sizes.reset_index(), on=group)
    table["share"] = table["articles"] / table["n"]
    table["low"], table["high"] = wilson_interval(table["articles"].to_numpy(), table["n"].to_numpy())
    table["per_article"] = table["mentions"] / table["n"]
    table = table.sort_values([group, "mentions", of], ascending=[True, False, True], ignore_index=True)
    return table[[*([by] if by else []), of, "n", "articles", "mentions", "share", "low", "high", "per_article"]]


def count_comentions(
    mentions: pd.DataFrame, articles: pd.DataFrame | None = None, *, within: str = "article", least: int = 1
) -> pd.DataFrame:
    """Count how often two actors are mentioned together: the edges of a network.

    Parameters
    ----------
    mentions : DataFrame, as `find_actors` returns it
    articles : DataFrame, one row per article
        Those that count; they may be fewer than were searched. Default: all with a mention. Needed for
        `within="sentence"` and `within="paragraph"`.
    within : "article", "paragraph" or "sentence"
    least : int, default 1
        Only pairs that occur in so many units.

    Returns
    -------
    DataFrame, one row per pair, the most frequent first
        source, target : actors, in alphabetical order
        weight : int, units in which both are mentioned
        expected : float, units to be expected if mentions were independent; lift : weight / expected

    Raises
    ------
    ArticleTableError
        When `within` is unknown or needs the articles, or mentions lie outside the texts of the articles.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "Kazakhstan met Russia. China waited."}])
    >>> count_comentions(find_actors(table), table, within="sentence")[["source", "target", "weight"]].values.tolist()
    [['Kazakhstan', 'Russia', 1]]
    """
    require_columns(mentions, ["article_id", "actor", "start"], "the table of mentions")
    if within not in ("article", "paragraph", "sentence"):
        raise ArticleTableError(f"within={within!r} is not article, paragraph or sentence.")
    if articles is not None:
        check_articles(articles, need=("article_id", *(("text",) if within != "article" else ())))
        mentions = mentions[mentions["article_id"].isin(articles["article_id"])]
    unit = mentions["article_id"].astype("object")
    total = mentions["article_id"].nunique() if articles is None else len(articles)
    if within != "article":
        if articles is None:
            raise ArticleTableError(
                f'within="{within}" needs the articles as well: count_comentions(mentions, articles, …).'
            )
        unit, total = _units(mentions, articles, within)
    pairs = pd.DataFrame({"unit": unit.to_numpy(), "actor": mentions["actor"].to_numpy()}).drop_duplicates()
    frequency = pairs.groupby("actor").size()
    joined = pairs.merge(pairs, on="unit", suffixes=("_1", "_2"))
    joined = joined[joined["actor_1"] < joined["actor_2"]]
    counted = joined.groupby(["actor_1", "actor_2"]).size().rename("weight").reset_index()
    counted.columns = ["source", "target", "weight"]
    counted = counted[counted["weight"] >= least]
    ones, others = counted["source"].map(frequency), counted["target"].map(frequency)
    counted["expected"] = ones * others / max(1, total)
    counted["lift"] = counted["weight"] / counted["expected"]
    return counted.sort_values(["weight", "source", "target"], ascending=[False, True, True], ignore_index=True)


def spacy_names(nlp: Any, *, labels: tuple[str, ...] = ("PERSON", "PER", "ORG"), batch_size: int = 50) -> Names:
    """Take the names that a spaCy pipeline finds, for `find_actors(names=…)`.

    Parameters
    ----------
    nlp : a loaded spaCy pipeline with an entity recogniser or ruler
    labels : entity labels that count
    batch_size : texts that go through the pipeline at a time

    Returns
    -------
    function of an article table, returning article_id, start, end and label

    Raises
    ------
    MissingExtraError
        When `nlp` is no pipeline and spaCy is not there.
    ArticleTableError
        When `nlp` is no pipeline.

    Examples
    --------
    >>> import spacy  # doctest: +SKIP
    >>> names = spacy_names(spacy.load("en_core_web_sm"))  # doctest: +SKIP
    >>> find_actors(articles, names=names)  # doctest: +SKIP
    """
    if not hasattr(nlp, "pipe"):
        if find_spec("spacy") is None:
            raise need_extra("spacy", "spacy", "spacy_names")
        raise ArticleTableError(
            f'nlp must be a loaded pipeline, as spacy.load("en_core_web_sm") returns it; found {type(nlp).__name__}.'
        )

    def find(articles: pd.DataFrame) -> pd.DataFrame:
        texts = [text if isinstance(text, str) else "" for text in articles["text"]]
        rows = []
        for identifier, document in zip(articles["article_id"], nlp.pipe(texts, batch_size=batch_size), strict=True):
            rows += [
                (identifier, entity.start_char, entity.end_char, _KINDS.get(entity.label_, entity.label_.lower()))
                for entity in document.ents
                if entity.label_ in labels
            ]
        return pd.DataFrame(rows, columns=["article_id", "start", "end", "label"])

    return find


def wilson_interval(hits: Any, n: Any, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the Wilson score interval of shares (Wilson 1927), which stays inside 0 and 1 and is right for few cases.

    Examples
    --------
    >>> low, high = wilson_interval(np.array([0, 5]), np.array([10, 10]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237], [0.278, 0.763])
    """
    from scipy.stats import norm

    z = float(norm.ppf(0.5 + level / 2))
    hits, n = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / n
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.maximum(0, middle - half), np.minimum(1, middle + half)


def _named(known: pd.DataFrame, tokens: Tokens) -> pd.DataFrame:
    patterns = known["pattern"].tolist()
    found = tokens.find({pattern: [pattern] for pattern in dict.fromkeys(patterns)})
    facts = known.drop_duplicates("pattern").set_index("pattern").reindex(columns=["actor", "type", "country", "kind"])
    told = facts.reindex(found["pattern"]).reset_index()
    table = pd.DataFrame({
        "article": found["article"], "start": found["start"], "end": found["end"], "actor": told["actor"],
        "type": told["type"], "country": told["country"], "kind": told["kind"],
        "reason": told["pattern"].str.removeprefix("="),
    })  # fmt: skip
    return table[~_behind_first_name(table, tokens)]


def _behind_first_name(found: pd.DataFrame, tokens: Tokens) -> np.ndarray:
    """Mark names of countries that are surnames: a capitalised word that is no actor stands right before them."""
    wrong = np.zeros(len(found), dtype=np.bool_)
    single = found["reason"].isin(_SURNAMES).to_numpy()
    for row in np.flatnonzero(single).tolist():
        text, start = tokens.texts[int(found["article"].iloc[row])], int(found["start"].iloc[row])
        before = text[max(0, start - 30) : start].split(" ")
        word = before[-2] if len(before) >= 2 and before[-1] == "" else ""
        wrong[row] = word[:1].isupper() and word[1:].islower() and word not in _NO_FIRST_NAMES
    return wrong


_SURNAMES = frozenset(
    (
        "Jordan",
        "Chad",
        "Georgia",
        "Israel",
        "Ireland",
        "Holland",
        "French",
        "English",
        "Dominica",
        "Pole",
        "Dane",
        "Paris",
        "London",
        "Kingston",
        "Sydney",
        "Santiago",
        "Lima",
        "Polish",
    )
)
_NO_FIRST_NAMES = frozenset(
    (
        "In",
        "From",
        "The",
        "To",
        "For",
        "With",
        "When",
        "But",
        "And",
        "If",
        "While",
        "As",
        "At",
        "South",
        "North",
        "East",
        "West",
        "Northern",
        "Southern",
        "Central",
        "Greater",
        "Former",
        "Neighbouring",
        "Neighboring",
    )
)


def _by_acronym(found: pd.DataFrame, tokens: Tokens) -> pd.DataFrame:
    """Return the mentions by acronyms that an article defines for one of the actors found in it."""
    rows = []
    places: dict[int, list[tuple[int, int, int]]] = {}
    for row, (article, start, end) in enumerate(zip(found["article"], found["start"], found["end"], strict=True)):
        places.setdefault(int(article), []).append((int(start), int(end), row))
    taken = {(int(article), int(start)) for article, start in zip(found["article"], found["start"], strict=True)}
    for article, mine in places.items():
        text = tokens.texts[article]
        if "(" not in text:
            continue
        for (short, stop), (start, end) in define_acronyms(text):
            owner = next(
                (row for left, right, row in mine if left <= start + 4 and right >= end - 4 and left >= start - 4), None
            )
            if owner is None:
                continue
            actor = found.iloc[owner]
            acronym = text[short:stop]
            at = text.find(acronym, 0)
            while at >= 0:
                whole = not (text[at - 1 : at].isalnum() or text[at + len(acronym) : at + len(acronym) + 1].isalnum())
                if whole and (article, at) not in taken:
                    reason = f"{acronym} = {text[start:end]}, defined at {short}"
                    rows.append(
                        (
                            article,
                            at,
                            at + len(acronym),
                            actor["actor"],
                            actor["type"],
                            actor["country"],
                            "acronym",
                            reason,
                        )
                    )
                at = text.find(acronym, at + len(acronym))
    return pd.DataFrame(rows, columns=["article", "start", "end", "actor", "type", "country", "kind", "reason"])


def _given(table: pd.DataFrame, tokens: Tokens) -> pd.DataFrame:
    """Return the mentions that a function of the user found."""
    require_columns(table, ["article_id", "start", "end", "label"], "the table that names= returns")
    index = {identifier: number for number, identifier in enumerate(tokens.articles["article_id"])}
    rows = []
    for row in table.itertuples(index=False):
        article = index.get(row.article_id)
        start, end = int(row.start), int(row.end)
        if article is None or not 0 <= start < end <= len(tokens.texts[article]):
            raise ArticleTableError(f"names= returned a place that is in no text: {row.article_id}, {start} to {end}.")
        name = " ".join(tokens.texts[article][start:end].split())
        rows.append((article, start, end, name, row.label, None, row.label, "given by names="))
    return pd.DataFrame(rows, columns=["article", "start", "end", "actor", "type", "country", "kind", "reason"])


def _longest(found: pd.DataFrame) -> pd.DataFrame:
    """Keep of overlapping mentions in an article the longest, of equally long ones the first that was found."""
    order = found.assign(size=found["start"] - found["end"], row=np.arange(len(found)))
    order = order.sort_values(["article", "start", "size", "row"], kind="stable")
    keep, article, last = [], -1, -1
    for row in order.itertuples():
        if row.article != article:
            article, last = row.article, -1
        if row.start >= last:
            keep.append(row.Index)
            last = row.end
    return found.loc[keep].sort_values(["article", "start"], kind="stable", ignore_index=True)


def _units(mentions: pd.DataFrame, articles: pd.DataFrame, within: str) -> tuple[pd.Series, int]:
    """Return for each mention its sentence or paragraph, and the number of these."""
    tokens = tokenize(articles)
    sentences = tokens.sentences()
    column = "sentence" if within == "sentence" else "paragraph"
    labels = []
    by_article = {
        key: (rows["start"].to_numpy(), rows[column].to_numpy()) for key, rows in sentences.groupby("article_id")
    }
    for identifier, start in zip(mentions["article_id"], mentions["start"], strict=True):
        if identifier not in by_article:
            raise ArticleTableError(f"article {identifier} has mentions but no text: the mentions are of other texts.")
        starts, numbers = by_article[identifier]
        labels.append(f"{identifier} {numbers[max(0, int(np.searchsorted(starts, start, side='right')) - 1)]}")
    total = int(sentences.groupby("article_id")[column].nunique().sum())
    return pd.Series(labels, dtype="object"), total
