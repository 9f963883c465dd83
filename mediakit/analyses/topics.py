"""Topics by codebook: how often the patterns of each category occur, and where."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.codebook_hits import Hits, find_hits
from mediakit.analyses.evidence import EvidenceTag, Marks
from mediakit.analyses.ratios import ratio_interval
from mediakit.errors import ArticleTableError, LexiconError, MeasureWarning, require_columns
from mediakit.lexicons.codebooks import Codebook, load_codebook
from mediakit.load.languages import is_function_word
from mediakit.text.tokens import Tokens, tokenize

VOICES = ("all", "outlet", "quoted")
OVERLAPS = ("each", "longest")
_BREAKS = str.maketrans("\n\r\t", "   ")


def count_topics(
    tokens: Tokens | pd.DataFrame,
    codebook: Codebook | str | Path,
    *,
    by: str | None = None,
    overlap: str = "each",
    voice: str = "all",
) -> pd.DataFrame:
    """Count the categories of a codebook in every article, or in groups of articles.

    Parameters
    ----------
    tokens : Tokens, or DataFrame with one row per article
        From `tokenize`; an article table is tokenized first.
    codebook : Codebook, name or path
        From `load_codebook`; a name or a path is loaded first.
    by : column of the articles, optional
        Totals by group with intervals, instead of articles.
    overlap : {"each", "longest"}, default "each"
        Whether words that match in several categories count in each, or only in that with the longest match.
    voice : {"all", "outlet", "quoted"}, default "all"
        Which words count: all, those outside quotation marks, or those inside (quotations of three words or more).

    Returns
    -------
    DataFrame, one row per article and category
        article_id, and the columns outlet, date, story, … that the articles have
        codebook, category : str
        hits : int, occurrences; a match inside a longer match of the same category counts once
        tokens : int, words of the article, of that voice
        per_1000 : float, hits per 1,000 words; NaN for an article without words, or in another language
        weighted : float, sum of the weights of the hits (the same as hits where the codebook gives none)
        present : float, 1.0 when there is a hit, else 0.0 (its mean is a share of articles)
        sentences : float, share of the article's sentences of that voice with a hit
        note : why a value is missing

    With `by`, one row per group and category instead: the group, codebook, category, n (articles), hits, tokens, and of
    per_1000, articles (share of articles) and sentences (share of sentences) the estimate and, with `_low` and `_high`,
    its 95% interval; note.

    Raises
    ------
    ArticleTableError
        When `voice` or `overlap` is not known, or `tokens` is neither tokens nor an article table.
    ColumnError
        When the articles have no column `by`.
    LexiconError
        When there is no such codebook.

    Warns
    -----
    MeasureWarning
        When articles are in another language than the codebook.

    Notes
    -----
    Intervals by group are those of a ratio of totals over articles (see `mediakit.analyses.ratios`): an article with
    many hits counts once. Articles of one story are taken as independent; `compare_groups` can resample stories.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> tokens = tokenize(make_articles([{"text": "Riot police met protesters.", "language": "en"}]))
    >>> table = count_topics(tokens, "protest")
    >>> table.loc[table["hits"] > 0, ["category", "hits"]].values.tolist()
    [['demonstration', 1], ['riot', 1], ['police_force', 1]]
    """
    check_voice(voice)
    check_overlap(overlap)
    tokens, codebook = as_tokens(tokens, by), as_codebook(codebook)
    if by is not None:
        require_columns(tokens.articles, [by], "the article table")
    found = _of_voice(find_hits(tokens, codebook, overlap=overlap), tokens, voice)
    names = found.categories
    size = len(tokens.texts) * len(names)
    spoken = None if voice == "all" else tokens.quoted == (voice == "quoted")
    words = tokens.per_article(spoken) if spoken is not None else tokens.per_article()
    foreign = _foreign(tokens, codebook)
    cells = tokens.article[found.first].astype(np.int64) * len(names) + found.category
    table = tokens.articles.assign(codebook=codebook.name).merge(pd.DataFrame({"category": names}), how="cross")
    words_of, other = np.repeat(words, len(names)), np.repeat(foreign, len(names))
    missing = (words_of == 0) | other
    hits = np.where(other, 0, np.bincount(cells, minlength=size))
    table["hits"] = hits
    table["tokens"] = words_of.astype("int64")
    table["per_1000"] = np.where(missing, np.nan, 1000.0 * hits / np.maximum(words_of, 1))
    table["weighted"] = np.where(missing, np.nan, np.bincount(cells, weights=found.weight, minlength=size))
    table["present"] = np.where(missing, np.nan, (hits > 0).astype(float))
    with_hit, in_all = _sentences(tokens, found, spoken, len(names))
    table["sentences"] = np.where(missing, np.nan, with_hit / np.maximum(np.repeat(in_all, len(names)), 1))
    foreign_note = f"another language than the codebook ({codebook.language})"
    nothing = "no text" if voice == "all" else "no words of this voice"
    table["note"] = pd.Series(np.where(other, foreign_note, np.where(words_of == 0, nothing, "")), dtype="str")
    if foreign.any():
        warnings.warn(
            f"{int(foreign.sum())} of {len(foreign)} articles are not in the codebook's language "
            f"({codebook.language}): NaN.",
            MeasureWarning,
            stacklevel=2,
        )
    if by is not None:
        return _by_group(table.assign(_with=with_hit, _of=np.repeat(in_all, len(names))), by, names)
    explain = partial(_explain, tokens=tokens, codebook=codebook, voice=voice, overlap=overlap)
    table.attrs["evidence"] = EvidenceTag("topics", explain)
    return table


def _sentences(
    tokens: Tokens, found: Hits, spoken: NDArray[np.bool_] | None, categories: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the sentences with a hit by article and category, and all sentences by article."""
    articles = len(tokens.texts)
    key = tokens.sentence[found.first].astype(np.int64) * categories + found.category
    _, once = np.unique(key, return_index=True)
    cells = tokens.article[found.first[once]].astype(np.int64) * categories + found.category[once]
    sentence = tokens.sentence if spoken is None else tokens.sentence[spoken]
    article = tokens.article if spoken is None else tokens.article[spoken]
    new = np.ones(len(sentence), dtype=np.bool_)
    new[1:] = sentence[1:] != sentence[:-1]
    return np.bincount(cells, minlength=articles * categories), np.bincount(article[new], minlength=articles)


def _by_group(table: pd.DataFrame, by: str, names: list[str]) -> pd.DataFrame:
    """Return the totals of each group and category with their intervals."""
    used = table[table["per_1000"].notna() & table[by].notna()]
    rows = []
    for group, mine in used.groupby(by, observed=True, sort=True):
        for name in names:
            one = mine[mine["category"] == name]
            n, words = len(one), one["tokens"].to_numpy(np.float64)
            row = {by: group, "codebook": one["codebook"].iloc[0], "category": name, "n": n}
            row |= {"hits": int(one["hits"].sum()), "tokens": int(words.sum())}
            notes = []
            for measure, part, whole, share in (
                ("per_1000", one["hits"], words, False), ("articles", one["present"], np.ones(n), True),
                ("sentences", one["_with"], one["_of"].to_numpy(np.float64), True),
            ):  # fmt: skip
                scale = 1.0 if share else 1000.0
                value, low, high, note = ratio_interval(part.to_numpy(np.float64), whole, share=share)
                row |= {measure: scale * value, f"{measure}_low": scale * low, f"{measure}_high": scale * high}
                notes += [note] if note else []
            rows.append({**row, "note": "; ".join(dict.fromkeys(notes))})
    measures = [f"{name}{end}" for name in ("per_1000", "articles", "sentences") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=[by, "codebook", "category", "n", "hits", "tokens", *measures, "note"])


def find_uncovered(tokens: Tokens | pd.DataFrame, codebook: Codebook | str | Path, *, most: int = 50) -> pd.DataFrame:
    """Show how much of the articles a codebook sees, and the commonest words in what it does not see.

    Parameters
    ----------
    tokens, codebook
        As in `count_topics`.
    most : int, default 50
        Words to return.

    Returns
    -------
    DataFrame, one row per word (function words left out), the commonest first
        word : str; hits : int, occurrences in sentences without any match
        articles : int, articles with such an occurrence
        outside : float, share of the word's occurrences that are in such sentences
        Its `attrs["coverage"]` holds the shares of words, sentences and articles with a match.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize, load_codebook
    >>> tokens = tokenize(make_articles([{"text": "Riot police came. The ferry left. The ferry sank."}]))
    >>> table = find_uncovered(tokens, load_codebook("protest"))
    >>> table[["word", "hits"]].values.tolist(), table.attrs["coverage"]["sentences"]
    ([['ferry', 2], ['left', 1], ['sank', 1]], 0.3333333333333333)
    """
    tokens, codebook = as_tokens(tokens), as_codebook(codebook)
    found = find_hits(tokens, codebook)
    near = ~_foreign(tokens, codebook)[tokens.article]
    covered = np.zeros(len(tokens) + 1, dtype=np.int64)
    np.add.at(covered, found.first, 1)
    np.add.at(covered, found.last + 1, -1)
    matched = np.cumsum(covered)[:-1] > 0
    seen = np.isin(tokens.sentence, np.unique(tokens.sentence[found.first]))
    keep = near & ~seen
    forms = pd.Series(tokens.normal, dtype="str")
    code, unique = pd.factorize(forms)
    form = code[tokens.term]
    hits = np.bincount(form[keep], minlength=len(unique))
    total = np.maximum(np.bincount(form[near], minlength=len(unique)), 1)
    pairs = np.unique(form[keep].astype(np.int64) * len(tokens.texts) + tokens.article[keep])
    articles = np.bincount(pairs // max(1, len(tokens.texts)), minlength=len(unique))
    table = pd.DataFrame(
        {"word": pd.Series(list(unique), dtype="str"), "hits": hits, "articles": articles, "outside": hits / total}
    )
    shown = [word.isalpha() and not is_function_word(word) for word in unique]
    wanted = (hits > 0) & np.array(shown, dtype=np.bool_)
    table = table[wanted].sort_values(["hits", "word"], ascending=[False, True], kind="stable").head(most)
    table = table.reset_index(drop=True)
    sentences = np.unique(tokens.sentence[near])
    table.attrs["coverage"] = {
        "words": float(matched[near].mean()) if near.any() else 0.0,
        "sentences": float(np.isin(sentences, tokens.sentence[found.first]).mean()) if len(sentences) else 0.0,
        "articles": float(np.isin(np.unique(tokens.article[near]), tokens.article[found.first]).mean())
        if near.any()
        else 0.0,
    }
    return table


def as_tokens(given: Tokens | pd.DataFrame, *columns: str | None) -> Tokens:
    """Return tokens as they are, and those of an article table, with these of its columns beside the context.

    Raises
    ------
    ArticleTableError
        When it is neither.
    """
    if isinstance(given, Tokens):
        return given
    if not isinstance(given, pd.DataFrame):
        raise ArticleTableError(
            f"tokens must be what tokenize(articles) returns, or an article table; found {type(given).__name__}."
        )
    tokens = tokenize(given)
    more = [name for name in dict.fromkeys(columns) if name in given.columns and name not in tokens.articles]
    told = pd.concat([tokens.articles, given[more].reset_index(drop=True)], axis="columns")
    return replace(tokens, articles=told) if more else tokens


def as_codebook(given: Codebook | str | Path) -> Codebook:
    """Return a codebook as it is, and load one that is given by its name or path.

    Raises
    ------
    LexiconError
        When there is no such codebook.
    """
    if isinstance(given, str | Path):
        return load_codebook(given)
    if not isinstance(given, Codebook):
        raise LexiconError(
            f'codebook must be what load_codebook returns, or a name such as "protest"; found {type(given).__name__}.'
        )
    return given


def check_voice(voice: str) -> None:
    """Raise an error when a voice is not known."""
    if voice not in VOICES:
        raise ArticleTableError(f"voice={voice!r} is not known; there is {', '.join(VOICES)}.")


def check_overlap(overlap: str) -> None:
    """Raise an error when a way to count overlapping categories is not known."""
    if overlap not in OVERLAPS:
        raise ArticleTableError(f"overlap={overlap!r} is not known; there is {', '.join(OVERLAPS)}.")


def _of_voice(found: Hits, tokens: Tokens, voice: str) -> Hits:
    return found if voice == "all" else found.select(tokens.quoted[found.first] == (voice == "quoted"))


def _explain(article_id: str, *, tokens: Tokens, codebook: Codebook, voice: str, overlap: str) -> pd.DataFrame:
    """Return the matches in one article, each in its sentence; see `show_evidence`."""
    mine = tokens.select([article_id])
    found = _of_voice(find_hits(mine, codebook, overlap=overlap), mine, voice)
    segments = mine.segments
    rows = []
    marks: dict[int, list[tuple[int, int, float]]] = {}
    places = (found.category, mine.start[found.first], mine.end[found.last], mine.sentence[found.first], found.weight)
    for label, start, end, sentence, weight in zip(*(place.tolist() for place in places), strict=True):
        left, right = int(segments.start[sentence]), max(end, int(segments.end[sentence]))
        text = mine.texts[0]
        marks.setdefault(start, []).append((start - left, end - left, weight))
        rows.append((article_id, found.categories[label], start, end, weight, text[left:right], text[start:end]))
    table = pd.DataFrame(rows, columns=["article_id", "category", "start", "end", "weight", "text", "words"])
    table.attrs = {"marks": Marks(marks)}
    return table


def find_topics(
    tokens: Tokens | pd.DataFrame,
    codebook: Codebook | str | Path,
    *,
    overlap: str = "each",
    voice: str = "all",
    window: int = 45,
) -> pd.DataFrame:
    """Show every match of a codebook with the words around it.

    Parameters
    ----------
    tokens, codebook, overlap, voice
        As in `count_topics`.
    window : int, default 45
        Characters shown on either side, with line breaks as spaces; a wide table cell is cut at 50.

    Returns
    -------
    DataFrame, one row per match
        article_id, category, pattern (with its conditions), start, end (characters in the article's text), weight,
        left, match, right

    Examples
    --------
    >>> from mediakit import make_articles, tokenize, load_codebook
    >>> tokens = tokenize(make_articles([{"text": "Riot police waited.", "language": "en"}]))
    >>> find_topics(tokens, load_codebook("protest"))["match"].tolist()
    ['Riot', 'Riot police']
    """
    check_voice(voice)
    check_overlap(overlap)
    tokens, codebook = as_tokens(tokens), as_codebook(codebook)
    found = _of_voice(find_hits(tokens, codebook, overlap=overlap), tokens, voice)
    found = found.select(~_foreign(tokens, codebook)[tokens.article[found.first]])
    owner = tokens.article[found.first]
    start, end = tokens.start[found.first].astype(np.int64), tokens.end[found.last].astype(np.int64)
    texts = [tokens.texts[number] for number in owner.tolist()]
    spans = list(zip(texts, start.tolist(), end.tolist(), strict=True))
    shown = [str(rule) for rule in found.rules]
    table = pd.DataFrame({
        "article_id": tokens.articles["article_id"].take(owner).reset_index(drop=True),
        "category": [found.categories[number] for number in found.category.tolist()],
        "pattern": [shown[number] for number in found.rule.tolist()],
        "start": start, "end": end, "weight": found.weight,
        "left": [_one_line(text[max(0, begin - window) : begin]) for text, begin, _ in spans],
        "match": [text[begin:stop] for text, begin, stop in spans],
        "right": [_one_line(text[stop : stop + window]) for text, _, stop in spans],
    })  # fmt: skip
    return table.astype(dict.fromkeys(("article_id", "category", "pattern", "left", "match", "right"), "str"))


def _one_line(text: str) -> str:
    return text.translate(_BREAKS)


def _foreign(tokens: Tokens, codebook: Codebook) -> np.ndarray:
    """Which articles are known to be in another language than the codebook."""
    if "language" not in tokens.articles.columns:
        return np.zeros(len(tokens.texts), dtype=bool)
    language = tokens.articles["language"]
    return (language.notna() & (language != codebook.language)).to_numpy()
