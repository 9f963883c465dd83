"""Stance: for or against a named target. Measured on the clause around each mention, apart from the article's sentiment.

Sentiment and stance "do not necessarily align" (Bestvater & Monroe 2023, doi 10.1017/pan.2022.10): the clause score is a
first approximation, by lexicon; read the evidence sentences before you rely on it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mediakit.analyses.sentiment import LANGUAGES, THRESHOLD, score_sentences
from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.lexicons.targets import load_targets
from mediakit.text.sentences import find_sentences
from mediakit.text.tokens import tokenize

Targets = str | Path | Mapping[str, Sequence[str]]

# A clause ends at punctuation, and before words that turn or subordinate the thought.
_CLAUSE_END = re.compile(
    r"[;:—–()\[\]]|,(?=\s)|\s-\s|\s(?=(?:but|while|although|though|whereas|however|because|which|who|unless|yet)\b)", re.IGNORECASE
)
_LEAST_WORDS = 3  # besides the target; a shorter clause is read with its sentence
_STAND_IN = "it"  # the target's own words ("Peace Forum") must not score


def score_stance(
    articles: pd.DataFrame, targets: Targets, *, unit: str = "article", progress: bool | None = None
) -> pd.DataFrame:
    """Score the stance of articles toward named targets, from the clauses that mention them.

    Parameters
    ----------
    articles : DataFrame, one row per article
    targets : mapping of target to aliases, or path of a TOML file
        Aliases are patterns: ``{"protesters": ["protester*", "demonstrator*"]}``; see `load_targets`.
    unit : {"article", "mention"}, default "article"
    progress : bool, optional
        Show a progress bar. Default: for more than 5,000 clauses.

    Returns
    -------
    DataFrame, one row per article and target
        article_id, and the columns outlet, date, story, … that the table has
        target : str
        stance : float from -1 (against) to +1 (for), mean over the mentions; NaN without a mention
        se : float, standard error over mentions
        share_for, share_against : float from 0 to 1, of mentions beyond ±0.05
        n_mentions : int
        evidence : the sentence whose clause is furthest from neutral in the direction of the mean
        note : why a score is missing
    or, with ``unit="mention"``, one row per mention
        article_id, target, mention, start, end (characters in the article's text), clause, evidence (the sentence), stance

    Warns
    -----
    MeasureWarning
        When a target is mentioned nowhere, or articles are in a language without a lexicon.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "The mayor praised the students, but the strike was a disaster.", "language": "en"}])
    >>> stance = score_stance(table, {"students": ["student*"], "strike": ["strike*"]})
    >>> stance[["target", "stance"]].round(2).values.tolist()
    [['students', 0.46], ['strike', -0.62]]
    """
    if unit not in ("article", "mention"):
        raise ArticleTableError(f'unit={unit!r} is not known; there is "article" and "mention".')
    check_articles(articles, need=("article_id", "text"))
    named = load_targets(targets)
    english = _english(articles)
    mentions = _find_mentions(articles[english], named)
    mentions["stance"] = score_sentences(mentions.pop("masked"), progress=progress)["compound"].to_numpy()
    unseen = [target for target in named if target not in set(mentions["target"])]
    if unseen:
        warnings.warn(f"no article mentions {', '.join(unseen)}: check the aliases.", MeasureWarning, stacklevel=2)
    if unit == "mention":
        return mentions
    return _per_article(articles, mentions, list(named), english)


def _english(articles: pd.DataFrame) -> pd.Series:
    if "language" not in articles.columns:
        return pd.Series(True, index=articles.index)
    return articles["language"].isin(LANGUAGES) | articles["language"].isna()


def _find_mentions(articles: pd.DataFrame, targets: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Find each mention with its clause and sentence."""
    found = tokenize(articles).find(targets)
    sentences = find_sentences(articles)
    columns = ["article_id", "target", "mention", "start", "end", "clause", "evidence", "masked"]
    rows = []
    by_article = {key: rows.reset_index(drop=True) for key, rows in sentences.groupby("article_id", sort=False)}
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    for match in found.itertuples():
        around = by_article.get(match.article_id)
        if around is None:
            continue
        at = int(np.searchsorted(around["start"].to_numpy(), match.start, side="right")) - 1
        first, last = int(around["start"].iloc[at]), int(around["end"].iloc[at])
        sentence = texts[match.article_id][first:last]
        start, end = match.start - first, min(match.end, last) - first
        left, right = find_clause(sentence, start, end)
        masked = f"{sentence[left:start]}{_STAND_IN}{sentence[end:right]}"
        rows.append((match.article_id, match.label, sentence[start:end], match.start, match.end, sentence[left:right].strip(" ,"), sentence, masked))
    table = pd.DataFrame.from_records(rows, columns=columns)
    return table.astype({"start": "int64", "end": "int64", **dict.fromkeys(("article_id", "target", "mention", "clause", "evidence", "masked"), "str")})


def find_clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return start and end of the clause around a stretch of a sentence; the sentence itself where the clause is tiny.

    Examples
    --------
    >>> text = "The students cheered, but the strike failed badly."
    >>> left, right = find_clause(text, 30, 36)
    >>> text[left:right].strip()
    'but the strike failed badly.'
    """
    left, right = 0, len(sentence)
    for cut in _CLAUSE_END.finditer(sentence):
        if cut.end() <= start:
            left = cut.end()
        elif cut.start() >= end:
            right = cut.start()
            break
    outside = len(sentence[left:start].split()) + len(sentence[end:right].split())
    return (left, right) if outside >= _LEAST_WORDS else (0, len(sentence))


def _per_article(articles: pd.DataFrame, mentions: pd.DataFrame, targets: list[str], english: pd.Series) -> pd.DataFrame:
    context = context_of(articles).assign(english=english.to_numpy())
    grid = context.merge(pd.DataFrame({"target": targets}), how="cross")
    signed = mentions.assign(favour=mentions["stance"] >= THRESHOLD, against=mentions["stance"] <= -THRESHOLD)
    grouped = signed.groupby(["article_id", "target"], sort=False).agg(
        stance=("stance", "mean"), se=("stance", "sem"), share_for=("favour", "mean"),
        share_against=("against", "mean"), n_mentions=("stance", "size"),
    )  # fmt: skip
    table = grid.merge(grouped, left_on=["article_id", "target"], right_index=True, how="left")
    table["n_mentions"] = table["n_mentions"].fillna(0).astype("int64")
    direction = mentions.merge(grouped[["stance"]].rename(columns={"stance": "mean"}), left_on=["article_id", "target"], right_index=True)
    direction = direction.assign(weight=direction["stance"] * np.where(direction["mean"] < 0, -1.0, 1.0))
    strongest = direction.sort_values("weight", ascending=False, kind="stable").drop_duplicates(["article_id", "target"])
    table = table.merge(strongest[["article_id", "target", "evidence"]], on=["article_id", "target"], how="left")
    note = np.where(~table.pop("english"), "language: the lexicon is English", np.where(table["n_mentions"] == 0, "not mentioned", ""))
    return table.assign(note=pd.Series(note, dtype="str", index=table.index))
