"""Stance: for or against a named target. Measured on the clause around each mention, apart from the article's tone.

Sentiment and stance "do not necessarily align" (Bestvater & Monroe 2023, doi 10.1017/pan.2022.10): the clause score is
a first approximation, by lexicon; read the evidence sentences before you rely on it.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.evidence import EvidenceTag, Marks
from mediakit.analyses.sentiment import THRESHOLD, in_language_of_lexicon, is_too_long, why_not
from mediakit.analyses.vader import score_sentences, straighten
from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.lexicons.targets import load_targets
from mediakit.text.tokens import Tokens, check_tokens, tokenize

Targets = str | Path | Mapping[str, Sequence[str]]

# A clause ends at punctuation, and before words that turn or subordinate the thought.
_CLAUSE_END = re.compile(
    r"[;:—–()\[\]]|,(?=\s)|\s-\s"
    r"|\s(?=(?:but|while|although|though|whereas|however|because|which|who|unless|yet)\b)",
    re.IGNORECASE,
)
_LEAST_WORDS = 3  # besides the target; a shorter clause is read with its sentence
_STAND_IN = "it"  # the target's own words ("Peace Forum") must not score


def score_stance(
    articles: pd.DataFrame,
    targets: Targets,
    *,
    unit: str = "article",
    tokens: Tokens | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Score the stance of articles toward named targets, from the clauses that mention them.

    Parameters
    ----------
    articles : DataFrame, one row per article
    targets : mapping of target to aliases, or path of a TOML file
        Aliases are patterns: ``{"protesters": ["protester*", "demonstrator*"]}``; see `load_targets`.
    unit : {"article", "mention"}, default "article"
    tokens : Tokens, optional
        Of these articles, from `tokenize`, to split them only once.
    progress : bool, optional
        Show a progress bar. Default: for more than 30 million characters.

    Returns
    -------
    DataFrame, one row per article and target
        article_id, and the columns outlet, date, story, … that the table has
        target : str
        stance : float from -1 (against) to +1 (for), mean over the mentions; NaN without a mention
        se : float, standard error over mentions
        share_for, share_against : float from 0 to 1, of mentions beyond ±0.05
        n_mentions : int, mentions found
        evidence : the sentence whose clause is furthest from neutral in the direction of the mean
        note : why a score is missing
    or, with ``unit="mention"``, one row per mention
        article_id, target
        mention : the words found; start, end : their characters in the article's text
        clause, evidence : the clause that was scored, and its sentence
        stance : float from -1 to +1; NaN for a clause of more than 500 words

    Warns
    -----
    MeasureWarning
        When a target is mentioned nowhere, or articles are in a language without a lexicon.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "The mayor praised the students, but the strike was a disaster."
    >>> table = make_articles([{"text": text, "language": "en"}])
    >>> stance = score_stance(table, {"students": ["student*"], "strike": ["strike*"]})
    >>> stance[["target", "stance"]].round(2).values.tolist()
    [['students', 0.49], ['strike', -0.77]]
    """
    if unit not in ("article", "mention"):
        raise ArticleTableError(f'unit={unit!r} is not known; there is "article" and "mention".')
    check_articles(articles, need=("article_id", "text"))
    named = load_targets(targets)
    english = in_language_of_lexicon(articles)
    if tokens is None:
        tokens = tokenize(articles, progress=progress)
    check_tokens(tokens, articles)
    mentions = _find_mentions(tokens, named, english)
    masked = mentions.pop("masked")
    scores = score_sentences(map(straighten, masked))["compound"].to_numpy(copy=True)
    scores[masked.map(is_too_long).to_numpy(dtype=np.bool_)] = np.nan
    mentions["stance"] = scores
    problems = []
    unseen = [target for target in named if target not in set(mentions["target"])]
    if unseen:
        problems.append(f"no article mentions {', '.join(unseen)}: check the aliases.")
    if not english.all():
        problems.append(f"{int((~english).sum())} of {len(english)} articles have no stance: the lexicon is English.")
    if problems:
        warnings.warn(" ".join(problems), MeasureWarning, stacklevel=2)
    table = mentions if unit == "mention" else _per_article(articles, mentions, list(named))
    table.attrs["evidence"] = EvidenceTag("stance", partial(_explain, mentions=mentions))
    return table


def _explain(article_id: str, *, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return the mentions in one article, with the clause that each was scored on; see `show_evidence`."""
    mine = mentions[(mentions["article_id"] == article_id) & mentions["stance"].notna()].reset_index(drop=True)
    marks: dict[int, list[tuple[int, int, float]]] = {}
    for row in mine.itertuples():
        at = row.evidence.find(row.clause)
        if at >= 0:
            marks[int(row.start)] = [(at, at + len(row.clause), row.stance)]
    found = mine.rename(columns={"stance": "weight", "evidence": "text", "clause": "words"})
    found = found[["article_id", "target", "start", "end", "weight", "text", "words"]]
    found.attrs = {"marks": Marks(marks)}
    return found


def _find_mentions(tokens: Tokens, targets: Mapping[str, Sequence[str]], wanted: NDArray[np.bool_]) -> pd.DataFrame:
    """Find each mention in the wanted articles with its clause and sentence."""
    found = tokens.matches(targets)
    names = tokens.articles["article_id"].tolist()
    segments = tokens.segments
    kept = wanted[tokens.article[found.first]]
    first, last, label = found.first[kept], found.last[kept], found.label[kept]
    # A phrase may run over the end of a line, and so over two sentences.
    left, right = segments.start[tokens.sentence[first]], segments.end[tokens.sentence[last]]
    columns = (tokens.article[first], label, tokens.start[first], tokens.end[last], left, right)
    matches = list(zip(*(column.tolist() for column in columns), strict=True))
    places: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for article, target, start, end, _, _ in matches:
        places[article, target].append((start, end))
    rows = []
    for article, target, start, end, begin, stop in matches:
        text = tokens.texts[article]
        sentence = text[begin:stop]
        left_edge, right_edge = (begin + edge for edge in find_clause(sentence, start - begin, end - begin))
        masked = _mask(text, left_edge, right_edge, places[article, target])
        clause = text[left_edge:right_edge].strip(" ,")
        rows.append((names[article], found.labels[target], text[start:end], start, end, clause, sentence, masked))
    words = ("article_id", "target", "mention", "clause", "evidence", "masked")
    named = ["article_id", "target", "mention", "start", "end", "clause", "evidence", "masked"]
    table = pd.DataFrame.from_records(rows, columns=named)
    return table.astype({"start": "int64", "end": "int64", **dict.fromkeys(words, "str")})


def _mask(text: str, left: int, right: int, mentions: list[tuple[int, int]]) -> str:
    """Return the clause with every mention of the target replaced, as none of its words must score."""
    pieces, at = [], left
    for start, end in mentions:
        if at < end <= right:
            # Of two mentions that overlap, the second only lengthens the first.
            pieces += [text[at:start], _STAND_IN] if start >= at else []
            at = end
    return "".join([*pieces, text[at:right]])


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


def _per_article(articles: pd.DataFrame, mentions: pd.DataFrame, targets: list[str]) -> pd.DataFrame:
    context = context_of(articles).assign(note=pd.Series(why_not(articles), dtype="str"))
    grid = context.merge(pd.DataFrame({"target": targets}), how="cross")
    counts = mentions.groupby(["article_id", "target"], sort=False).size().rename("n_mentions")
    scored = mentions.dropna(subset=["stance"])
    signed = scored.assign(favour=scored["stance"] >= THRESHOLD, against=scored["stance"] <= -THRESHOLD)
    grouped = signed.groupby(["article_id", "target"], sort=False).agg(
        stance=("stance", "mean"),
        se=("stance", "sem"),
        share_for=("favour", "mean"),
        share_against=("against", "mean"),
    )
    keys = ["article_id", "target"]
    table = grid.merge(grouped, left_on=keys, right_index=True, how="left")
    table = table.merge(counts, left_on=keys, right_index=True, how="left")
    table["n_mentions"] = table["n_mentions"].fillna(0).astype("int64")
    table = table.merge(_strongest(scored, grouped["stance"].rename("mean")), on=keys, how="left")
    reason = table.pop("note")
    unscored = np.where(table["n_mentions"] == 0, "not mentioned", "no clause that can be scored")
    note = np.where(reason != "", reason, np.where(table["stance"].isna(), unscored, ""))
    return table.assign(note=pd.Series(note, dtype="str", index=table.index))


def _strongest(mentions: pd.DataFrame, means: pd.Series) -> pd.DataFrame:
    """Return one sentence per article and target: the furthest in the direction of the mean, the first of equals."""
    keys = ["article_id", "target"]
    beside = mentions.merge(means.reset_index(), on=keys)
    weight = beside["stance"] * np.where(beside["mean"] < 0, -1.0, 1.0)
    ordered = beside.assign(weight=weight).sort_values(["weight", "start"], ascending=[False, True], kind="stable")
    return ordered.drop_duplicates(keys)[[*keys, "evidence"]]
