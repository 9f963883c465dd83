"""Topic models: topics found in the articles themselves, with how stable they are.

A topic model is a reading aid, not a measurement until its topics were read: other seeds give other topics. So every
model is fitted again from other starting points, and each topic says how often it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.model_files import read_model, write_model
from mediakit.analyses.ratios import LEAST_ARTICLES, mean_share_interval
from mediakit.analyses.topic_fits import (
    align_counts,
    check_size,
    find_seed_words,
    fit_once,
    infer_shares,
    spread_rows,
    suggest_names,
    usable_words,
    weigh_words,
)
from mediakit.analyses.topic_quality import (
    Floats,
    match_topics,
    measure_coherence,
    measure_exclusivity,
    same_topic_share,
    top_words,
)
from mediakit.analyses.topics import as_tokens
from mediakit.analyses.word_counts import count_words
from mediakit.articles import context_of
from mediakit.errors import ArticleTableError, ModelError, require_columns
from mediakit.lexicons.codebooks import Codebook
from mediakit.progress import progress_bar
from mediakit.text.tokens import Tokens

METHODS = ("nmf", "lda", "gibbs")
_KIND, _VERSION = "topic model", 1


@dataclass(frozen=True)
class TopicModel:
    """A fitted topic model.

    Attributes
    ----------
    method : "nmf", "lda" or "gibbs"
    words : array of str
    weights : array, topics by words; each row sums to 1
    idf : array or None, inverse article frequency of each word, for NMF
    names : list of str, suggested by the words that set a topic apart; replace them after reading
    table : DataFrame, one row per topic
        topic : int from 0; name : str; words : the ten with the largest weight; share : float, mean share of articles;
        articles : int, whose largest topic it is; npmi : float, -1 to 1, coherence of the ten words (Bouma 2009;
        Lau, Newman & Baldwin 2014); exclusivity : float, 0 to 1, how much the ten words belong to this topic only;
        stability : float, 0 to 1, mean overlap (Jaccard) of its ten words with those of its match from other seeds
    kept : float, share of articles whose largest topic is the same from other seeds; NaN without other seeds
    shares : array, articles by topics, of the articles it was fitted on
    runs : shares from other seeds, topics in this order
    """

    method: str
    unit: str
    voice: str
    words: NDArray[Any]
    weights: Floats
    idf: Floats | None
    names: list[str]
    table: pd.DataFrame
    kept: float
    article_ids: list[str]
    shares: Floats
    runs: list[Floats] = field(default_factory=list, repr=False)

    @property
    def k(self) -> int:
        """The number of topics."""
        return len(self.weights)

    def save(self, path: str | Path) -> Path:
        """Write the model as arrays and JSON (no pickled objects): words, weights and names, no article text."""
        about = {
            "method": self.method, "unit": self.unit, "voice": self.voice, "names": self.names,
            "words": self.words.tolist(), "kept": None if np.isnan(self.kept) else self.kept,
        }  # fmt: skip
        arrays = {"weights": self.weights, **({} if self.idf is None else {"idf": self.idf})}
        return write_model(path, _KIND, _VERSION, about, arrays)


def fit_topics(
    tokens: Tokens | pd.DataFrame,
    k: int = 10,
    *,
    method: str = "nmf",
    seeds: Codebook | dict[str, list[str]] | None = None,
    n_seeds: int = 20,
    unit: str = "word",
    voice: str = "all",
    min_articles: int = 2,
    max_share: float = 0.7,
    most_words: int = 20_000,
    seed: int = 0,
    progress: bool | None = None,
) -> TopicModel:
    """Find k topics in the articles.

    Parameters
    ----------
    tokens : Tokens or DataFrame
        From `tokenize`, or an article table.
    k : int, default 10
        Number of topics; `choose_topics` compares several.
    method : {"nmf", "lda", "gibbs"}, default "nmf"
        Non-negative matrix factorisation of tf-idf (Lee & Seung 1999), or latent Dirichlet allocation (Blei, Ng &
        Jordan 2003) by variational Bayes (scikit-learn) or by collapsed Gibbs sampling (tomotopy; Griffiths & Steyvers
        2004). For a few hundred articles NMF is the most stable.
    seeds : Codebook or mapping of names to words, optional
        Topics that begin with these words, at most k; patterns may hold stars. Not for "lda".
    n_seeds : int, default 20
        Fits from other starting points, for stability and for intervals. 0 saves the time.
    unit, voice
        As in `score_keyness`.
    min_articles, max_share : int and float
        Leave out words in fewer articles, or in a larger share of them.
    most_words : int, default 20,000
        Keep the commonest words.
    seed : int, default 0

    Returns
    -------
    TopicModel

    Raises
    ------
    MissingExtraError
        Without scikit-learn, the extra `topics`; for "gibbs" without tomotopy, the extra `tomotopy`.
    ArticleTableError
        When k is larger than the number of articles with words, no words are left, or an argument is unknown.

    Notes
    -----
    The same seed gives the same model. NMF begins from a singular value decomposition (nndsvda), so the model itself
    depends on no seed; the other fits begin at random.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 4
    >>> model = fit_topics(tokenize(make_articles([{"text": text, "position": n} for n, text in enumerate(texts)])), 2)
    >>> model.table[["words", "articles"]].values.tolist()
    [['ferry port strike union', 4], ['treaty envoy summit talks', 4]]
    """
    if method not in METHODS:
        raise ArticleTableError(f"method={method!r} is not known; there is {', '.join(METHODS)}.")
    if seeds is not None and method == "lda":
        raise ArticleTableError('seeds= works with method="nmf" and method="gibbs".')
    tokens = as_tokens(tokens)
    counts = count_words(tokens, unit=unit, voice=voice, function_words=False, min_articles=max(1, min_articles))
    counts = usable_words(counts, max_share, most_words)
    filled = np.flatnonzero(np.asarray(counts.counts.sum(axis=1)).ravel() > 0)
    check_size(k, len(filled), len(counts.words), max_share)
    matrix, idf = weigh_words(counts.counts[filled], method)
    wanted = find_seed_words(seeds, counts.words, k) if seeds is not None else {}
    weights, inside = fit_once(matrix, k, method, seed, random=False, wanted=wanted)
    if len(wanted) < k:  # the largest first; those with seeds keep their order
        share, firsts = inside.mean(axis=0).round(9), [tuple(counts.words[row]) for row in top_words(weights)]
        free = sorted(range(len(wanted), k), key=lambda topic: (-share[topic], firsts[topic]))
        places = [*range(len(wanted)), *free]
        weights, inside = weights[places], inside[:, places]
    runs = []
    numbers = progress_bar(
        range(n_seeds), "Topics", show=progress, unit="seed", least=0 if len(filled) > 2000 else 1000
    )
    tops = top_words(weights)
    overlaps = []
    for number in numbers:
        other, theirs = fit_once(matrix, k, method, seed + 1 + number, random=True, wanted=wanted)
        order, overlap = match_topics(weights, other)
        overlaps.append(overlap)
        runs.append(spread_rows(theirs[:, order], filled, len(tokens.texts)))
    shares = spread_rows(inside, filled, len(tokens.texts))
    names = suggest_names(counts.counts[filled], inside, counts.words, list(wanted))
    largest = inside.argmax(axis=1)
    table = pd.DataFrame({
        "topic": np.arange(k), "name": names,
        "words": [" ".join(counts.words[row]) for row in tops],
        "share": inside.mean(axis=0), "articles": np.bincount(largest, minlength=k),
        "npmi": measure_coherence(counts.counts[filled], tops), "exclusivity": measure_exclusivity(weights, tops),
        "stability": np.mean(overlaps, axis=0) if overlaps else np.nan,
    }).astype({"name": "str", "words": "str"})  # fmt: skip
    kept = same_topic_share(shares, runs)
    identifiers = tokens.articles["article_id"].tolist()
    return TopicModel(method, unit, voice, counts.words, weights, idf, names, table, kept, identifiers, shares, runs)


def score_topics(tokens: Tokens | pd.DataFrame, model: TopicModel) -> pd.DataFrame:
    """Say which share of every article is about each topic of a model, for the same or for new articles.

    Parameters
    ----------
    tokens : Tokens or DataFrame
    model : TopicModel
        From `fit_topics` or `load_topics`.

    Returns
    -------
    DataFrame, one row per article and topic
        article_id and the columns outlet, date, story, …; topic : int; name : str
        share : float, 0 to 1, they sum to 1; NaN where no word of the article is in the model
        note : why it is missing

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 4
    >>> model = fit_topics(tokenize(make_articles([{"text": text, "position": n} for n, text in enumerate(texts)])), 2)
    >>> new = tokenize(make_articles([{"text": "The ferry left the port."}, {"text": "Snow."}]))
    >>> score_topics(new, model)["share"].round(1).tolist()
    [1.0, 0.0, nan, nan]
    """
    tokens = as_tokens(tokens)
    counts = align_counts(count_words(tokens, unit=model.unit, voice=model.voice), model.words)
    filled = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel() > 0)
    shares = np.full((len(tokens.texts), model.k), np.nan)
    if len(filled):
        shares[filled] = infer_shares(counts[filled], model.weights, model.idf)
    table = context_of(tokens.articles).merge(pd.DataFrame({"topic": range(model.k), "name": model.names}), how="cross")
    table["share"] = shares.ravel()
    table["note"] = pd.Series(np.where(table["share"].isna(), "no word of the model", ""), dtype="str")
    return table


def count_topic_shares(tokens: Tokens | pd.DataFrame, model: TopicModel, *, by: str = "outlet") -> pd.DataFrame:
    """Return the mean share of every topic in groups of the articles that the model was fitted on.

    Parameters
    ----------
    tokens : Tokens or DataFrame
        Those that the model was fitted on.
    model : TopicModel
    by : column of the articles, default "outlet"

    Returns
    -------
    DataFrame, one row per group and topic
        the group, topic, name, n (articles), share; low, high : its 95% interval; between_seeds : float, standard
        deviation of the share over the model's fits from other seeds; note

    Raises
    ------
    ArticleTableError
        When the articles are not those of the model.

    Notes
    -----
    The interval leaves each article out in turn (see `mediakit.analyses.ratios`) and adds how the share varies between
    the model's fits, so it holds the model's own uncertainty; a model without other seeds has only that of the
    articles, and the note says so. Articles of one story are taken as independent.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 5
    >>> rows = [{"text": text, "outlet": "AB"[n % 2], "position": n} for n, text in enumerate(texts)]
    >>> articles = make_articles(rows)
    >>> tokens = tokenize(articles)
    >>> table = count_topic_shares(tokens, fit_topics(tokens, 2))
    >>> table[["outlet", "topic", "n", "share"]].round(2).values.tolist()
    [['A', 0, 5, 1.0], ['A', 1, 5, 0.0], ['B', 0, 5, 0.0], ['B', 1, 5, 1.0]]
    """
    tokens = as_tokens(tokens, by)
    if tokens.articles["article_id"].tolist() != model.article_ids:
        raise ArticleTableError(
            "these are not the articles that the model was fitted on; use score_topics() for others."
        )
    require_columns(tokens.articles, [by], "the articles")
    group = tokens.articles[by].astype("str")
    fits = np.stack([model.shares, *model.runs])
    rows = []
    for name in sorted(group.dropna().unique().tolist()):
        used = np.flatnonzero((group == name).to_numpy() & ~np.isnan(model.shares[:, 0]))
        n = len(used)
        note = "" if model.runs else "the model was fitted once: its own uncertainty is not in the interval"
        low, high = np.full(model.k, np.nan), np.full(model.k, np.nan)
        spread = fits[:, used].mean(axis=1).std(axis=0, ddof=1) if model.runs and n else np.full(model.k, np.nan)
        share = model.shares[used].mean(axis=0) if n else np.full(model.k, np.nan)
        if n < LEAST_ARTICLES:
            note = f"{n} articles: too few for an interval"
        else:
            for topic in range(model.k):
                extra = float(spread[topic]) if model.runs else 0.0
                _, low[topic], high[topic] = mean_share_interval(model.shares[used, topic], extra)
        for topic in range(model.k):
            rows.append(
                (name, topic, model.names[topic], n, share[topic], low[topic], high[topic], spread[topic], note)
            )
    columns = [by, "topic", "name", "n", "share", "low", "high", "between_seeds", "note"]
    return pd.DataFrame(rows, columns=columns)


def choose_topics(
    tokens: Tokens | pd.DataFrame,
    ks: list[int] | range,
    *,
    n_seeds: int = 10,
    progress: bool | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Fit models with several numbers of topics, to choose by coherence, exclusivity and stability.

    Parameters
    ----------
    tokens : Tokens or DataFrame
    ks : numbers of topics
    n_seeds : int, default 10
        Fits from other seeds for each.
    **options
        As for `fit_topics`.

    Returns
    -------
    DataFrame, one row per number of topics
        k; npmi, exclusivity, stability : means over the topics; kept : share of articles that keep their topic

    Notes
    -----
    No figure chooses for you: take numbers where topics are stable, and read them.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 5
    >>> rows = [{"text": text, "outlet": "AB"[n % 2], "position": n} for n, text in enumerate(texts)]
    >>> articles = make_articles(rows)
    >>> tokens = tokenize(articles)
    >>> choose_topics(tokens, [2, 3], n_seeds=2)["k"].tolist()
    [2, 3]
    """
    tokens, rows = as_tokens(tokens), []
    for k in progress_bar(
        list(ks), "Numbers of topics", show=progress, unit="model", least=1 if len(tokens) > 300_000 else 1000
    ):
        model = fit_topics(tokens, k, n_seeds=n_seeds, progress=False, **options)
        means = model.table[["npmi", "exclusivity", "stability"]].mean()
        rows.append((k, *means.tolist(), model.kept))
    return pd.DataFrame(rows, columns=["k", "npmi", "exclusivity", "stability", "kept"])


def find_typical(model: TopicModel, articles: pd.DataFrame, *, most: int = 3) -> pd.DataFrame:
    """Return the articles that are most about each topic, to be read before it gets a name.

    Parameters
    ----------
    model : TopicModel
    articles : article table
        Only these are returned; leave copies out of it to read each text once.
    most : int, default 3
        Articles of a topic.

    Returns
    -------
    DataFrame, one row per topic and article: topic, name, article_id, headline, outlet, share

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 5
    >>> rows = [{"text": text, "outlet": "AB"[n % 2], "position": n} for n, text in enumerate(texts)]
    >>> articles = make_articles(rows)
    >>> tokens = tokenize(articles)
    >>> find_typical(fit_topics(tokens, 2), articles, most=1)["outlet"].tolist()
    ['A', 'B']
    """
    require_columns(articles, ["article_id"], "the article table")
    known = articles.set_index("article_id")
    rows = []
    for topic in range(model.k):
        share = np.nan_to_num(model.shares[:, topic], nan=-1.0)
        order = np.argsort(-share, kind="stable").tolist()
        for at in [at for at in order if share[at] > 0 and model.article_ids[at] in known.index][:most]:
            mine = known.loc[model.article_ids[at]]
            told = [mine.get("headline"), mine.get("outlet")]
            rows.append((topic, model.names[topic], model.article_ids[at], *told, float(share[at])))
    return pd.DataFrame(rows, columns=["topic", "name", "article_id", "headline", "outlet", "share"])


def load_topics(path: str | Path) -> TopicModel:
    """Load a model that `TopicModel.save` wrote, to score new articles.

    Raises
    ------
    ModelError
        When the file is no such model, damaged, or of another version.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> texts = ["ferry port strike union ferry", "summit treaty envoy talks treaty"] * 5
    >>> rows = [{"text": text, "outlet": "AB"[n % 2], "position": n} for n, text in enumerate(texts)]
    >>> articles = make_articles(rows)
    >>> tokens = tokenize(articles)
    >>> import tempfile, pathlib
    >>> path = fit_topics(tokens, 2).save(pathlib.Path(tempfile.mkdtemp()) / "two.topics")
    >>> load_topics(path).names
    ['ferry, port, strike', 'treaty, envoy, summit']
    """
    name = Path(path).name
    with read_model(path, _KIND, _VERSION) as (about, held):
        words, weights, names = np.array(about["words"], dtype=object), held["weights"], list(map(str, about["names"]))
        sound = weights.ndim == 2 and weights.shape == (len(names), len(words)) and np.isfinite(weights).all()
        if not sound or about["method"] not in METHODS or (weights < 0).any():
            raise ModelError(f"{name}: words, names and weights of the topics do not fit together.")
        idf = held.get("idf")
        if about["method"] == "nmf" and (idf is None or idf.shape != (len(words),)):
            raise ModelError(f"{name}: the weights of the words are missing.")
        method, unit, voice = (str(about[key]) for key in ("method", "unit", "voice"))
        kept = np.nan if about.get("kept") is None else float(about["kept"])
    table = pd.DataFrame({
        "topic": range(len(names)), "name": names, "words": [" ".join(words[row]) for row in top_words(weights)],
    }).astype({"name": "str", "words": "str"})  # fmt: skip
    return TopicModel(method, unit, voice, words, weights, idf, names, table, kept, [], np.zeros((0, len(names))))
