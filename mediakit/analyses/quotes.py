"""Quotes: who says what, in whose words, and with which verb the outlet introduces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mediakit.analyses.coreference import link_mentions
from mediakit.analyses.cue_verbs import load_cue_verbs
from mediakit.analyses.mentions import INDEFINITE, PRONOUN
from mediakit.analyses.quote_ground import Ground, lay_ground
from mediakit.analyses.quote_marks import find_stretches
from mediakit.analyses.quote_rules import Said, find_by_patterns, find_by_rules
from mediakit.analyses.speaker_model import load_speaker_model
from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError
from mediakit.progress import progress_bar
from mediakit.text.sentences import languages_of
from mediakit.text.tokens import tokenize

THRESHOLD = 0.53  # chance of being speech from which a stretch is returned: recall 98 in cross-validation
SINGLE_THRESHOLD = 0.75  # between single marks, which may be apostrophes and more often hold a term
_BATCH = 200  # articles at a time; bounds the memory, changes no result
_CUE = 0.15  # chance from which a word is taken for the cue

_VERBAL = np.frombuffer(b"vefa", dtype=np.uint8)  # classes that may belong to a cue of several words

_COLUMNS = (
    "article_id", "attribution", "kind", "start", "end", "speaker_start", "speaker_end", "cue_start", "cue_end",
    "speaker", "speaker_name", "cue", "posture", "paragraph", "confidence", "quote", "note",
)  # fmt: skip


def find_quotes(
    articles: pd.DataFrame, *, method: str = "model", scare: bool = False, progress: bool | None = None
) -> pd.DataFrame:
    """Find what is quoted, who says it, and the words that introduce it.

    Parameters
    ----------
    articles : DataFrame, one row per article
    method : {"model", "rules"}, default "model"
        "model" ranks the mentions around a quotation with trees trained on news articles (docs/models/speakers.md);
        "rules" takes the mention beside a verb of speech. Languages other than English are always read by rules.
    scare : bool, default False
        Whether titles, terms and scare quotes are returned as well, with kind "scare".
    progress : bool, optional
        Show a progress bar. Default: for more than 500 articles.

    Returns
    -------
    DataFrame, one row per stretch of quoted words, in order
        article_id
        attribution : int, counted per article; stretches with the same number are one quotation
        kind : "direct" (all of it in quotation marks), "mixed" (partly in the outlet's words), or "scare"
        start, end : int, characters of the article's text, quotation marks not included
        speaker_start, speaker_end, cue_start, cue_end : Int64, missing where not found
        speaker : as printed, without title; speaker_name : the fullest name the article gives for him, her or it
        cue : the words that introduce it; posture : what the verb lends to it ("neutral", "doubting", "endorsing",
            "emotive", "directing"; see `mediakit/analyses/cue_verbs.toml`)
        paragraph : int, counted from 0
        confidence : float from 0 to 1, that it is speech and the speaker is the right one
        quote : the words; note : why something is missing

    Raises
    ------
    ArticleTableError
        When `method` is not known.
    ModelError
        When the model file is damaged.

    Notes
    -----
    Figures on news articles read by people are in benchmarks/ACCURACY.md.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "“We object to the plan,” said Mayor Helen Bell. She called it “a very bad idea.”"
    >>> quotes = find_quotes(make_articles([{"text": text, "language": "en"}]))
    >>> quotes[["kind", "speaker", "speaker_name", "cue"]].values.tolist()
    [['direct', 'Helen Bell', 'Helen Bell', 'said'], ['mixed', 'She', 'Helen Bell', 'called']]
    """
    if method not in ("model", "rules"):
        raise ArticleTableError(f'method={method!r} is not known; there is "model" and "rules".')
    check_articles(articles, need=("article_id", "text"))
    rows = _Rows()
    batches = [articles.iloc[at : at + _BATCH] for at in range(0, len(articles), _BATCH)]
    for batch in progress_bar(batches, "quotes", show=progress, unit="batch", least=2):
        _read_batch(batch, method, scare, rows)
    return rows.to_frame()


@dataclass
class _Rows:
    """The columns of the table while it grows."""

    columns: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})

    def add(self, **values: object) -> None:
        for name, column in self.columns.items():
            column.append(values.get(name))

    def to_frame(self) -> pd.DataFrame:
        found = {}
        for name, values in self.columns.items():
            if name in ("attribution", "start", "end", "paragraph"):
                found[name] = pd.Series(values, dtype="int64")
            elif name.endswith(("_start", "_end")):
                found[name] = pd.Series(values, dtype="Int64")
            elif name == "confidence":
                found[name] = pd.Series(values, dtype="float64")
            else:
                found[name] = pd.Series([value if isinstance(value, str) else None for value in values], dtype="str")
        return pd.DataFrame(found)


def _read_batch(articles: pd.DataFrame, method: str, scare: bool, rows: _Rows) -> None:
    tokens = tokenize(articles, progress=False)
    languages = languages_of(articles)
    found = [find_stretches(text) for text in tokens.texts]
    english = [language.split("-")[0] == "en" for language in languages]
    ground = lay_ground(tokens, [one if ours else [] for one, ours in zip(found, english, strict=True)])
    said = _by_model(ground) if method == "model" else find_by_rules(ground)
    by_article: dict[int, list[Said]] = {}
    for one in _resolve(ground, said, scare):
        by_article.setdefault(one.article, []).append(one)
    identifiers = articles["article_id"].tolist()
    for number, (text, language) in enumerate(zip(tokens.texts, languages, strict=True)):
        if english[number]:
            mine: Sequence[Said] = by_article.get(number, ())
        else:
            mine = [
                one for one in find_by_patterns(number, text, found[number], language) if scare or one.kind != "scare"
            ]
        _write(rows, identifiers[number], text, mine)


def _by_model(ground: Ground) -> list[Said]:
    """Let the model decide on every stretch."""
    stretches = ground.stretches
    if not len(stretches):
        return []
    ranked = load_speaker_model().rank(ground)
    content = np.where(ground.quoted, 0.0, ranked.words[:, 2])
    cue = np.where(ground.quoted, 0.0, ranked.words[:, 1])
    first, last, paragraph = stretches.first, stretches.last, ground.paragraph
    size = len(paragraph)
    before, behind = np.maximum(first - 1, 0), np.minimum(last + 1, size - 1)
    mixed = ((paragraph[before] == stretches.paragraph) & (content[before] > 0.5)) | (
        (paragraph[behind] == stretches.paragraph) & (content[behind] > 0.5)
    )
    single = np.array([mark in "‘'" for mark in stretches.mark])
    speech = ranked.speech_chance > np.where(single, SINGLE_THRESHOLD, THRESHOLD)
    found = []
    for q in range(len(stretches)):
        mention = int(ranked.mention[q])
        chance = float(ranked.speech_chance[q])
        found.append(
            Said(
                article=int(stretches.article[q]), start=int(stretches.start[q]), end=int(stretches.end[q]),
                kind=("mixed" if mixed[q] else "direct") if speech[q] else "scare",
                stretch=q, mention=mention, cue=_cue_of(ground, cue, q, mention),
                confidence=chance * float(ranked.speaker_chance[q]) if speech[q] else 1 - chance,
                continues=bool(stretches.continues[q]),
            )
        )  # fmt: skip
    return found


def _cue_of(ground: Ground, cue: np.ndarray, q: int, mention: int) -> tuple[int, int] | None:
    """Return the tokens of the cue: the likeliest words between speaker and quotation, or on the far side of either."""
    if mention < 0:
        return None
    stretches, mentions = ground.stretches, ground.mentions
    left = min(int(mentions.first[mention]), int(stretches.first[q]))
    right = max(int(mentions.last[mention]), int(stretches.last[q]))
    begin, end = max(left - 4, 0), min(right + 5, len(cue))
    window = cue[begin:end].copy()
    sentence = ground.reading.tokens.sentence
    window[sentence[begin:end] != sentence[int(mentions.first[mention])]] = 0
    window[max(int(mentions.first[mention]) - begin, 0) : int(mentions.last[mention]) - begin + 1] = 0
    if not len(window):
        return None
    near = np.abs(np.arange(begin, end) - int(mentions.last[mention]))
    best = int(np.argmax(window / (1 + 0.03 * near)))
    if window[best] < _CUE:
        return None
    first = last = best
    plain = np.isin(ground.reading.kind[begin:end], _VERBAL) & (window > 0.5)
    while first > 0 and plain[first - 1]:
        first -= 1
    while last + 1 < len(window) and plain[last + 1]:
        last += 1
    return begin + first, begin + last


def _resolve(ground: Ground, said: list[Said], scare: bool) -> list[Said]:
    """Name the speakers, number the attributions, and look up the postures."""
    said = [one for one in said if scare or one.kind != "scare"]
    if not said:
        return []
    mentions, tokens = ground.mentions, ground.reading.tokens
    speaking = np.zeros(len(mentions), dtype=np.bool_)
    speaking[[one.mention for one in said if one.mention >= 0 and one.kind != "scare"]] = True
    links = link_mentions(mentions, ground.inside, speaking)
    lower, terms, verbs = ground.reading.lower, tokens.term, load_cue_verbs()
    before: Said | None = None
    for one in said:
        text = tokens.texts[one.article]
        if one.kind == "scare":
            one.mention, one.cue = -1, None
        if one.mention >= 0:
            one.speaker = (int(mentions.start[one.mention]), int(mentions.end[one.mention]))
            best = int(links.best[one.mention])
            if mentions.kind[best] in (PRONOUN, INDEFINITE):
                one.note = "the article does not name the speaker" if mentions.kind[best] == PRONOUN else ""
                one.name = None if mentions.kind[best] == PRONOUN else text[one.speaker[0] : one.speaker[1]]
            else:
                one.name = text[mentions.start[best] : mentions.end[best]]
        elif one.kind != "scare":
            one.note = "no speaker found"
        if one.cue is not None:
            first, last = one.cue
            words = [lower[term] for term in terms[first : last + 1].tolist()]
            one.posture = next((verbs[word] for word in words if word in verbs), "neutral")
            one.cue_span = (int(tokens.start[first]), int(tokens.end[last]))
        one.paragraph = int(ground.paragraph[ground.stretches.first[one.stretch]]) - int(
            ground.paragraph[np.searchsorted(tokens.article, one.article)]
        )
        together = (
            before is not None
            and before.article == one.article
            and one.kind != "scare"
            and before.kind != "scare"
            and (
                one.continues
                or (before.paragraph == one.paragraph and one.mention >= 0 and before.mention == one.mention)
            )
        )
        if before is None or before.article != one.article:
            one.attribution = 0
        else:
            one.attribution = before.attribution + (not together)
        before = one
    return said


def _write(rows: _Rows, identifier: str, text: str, said: Sequence[Said]) -> None:
    for one in said:
        speaker = one.speaker or (None, None)
        cue = one.cue_span or (None, None)
        rows.add(
            article_id=identifier, attribution=one.attribution, kind=one.kind, start=one.start, end=one.end,
            speaker_start=speaker[0], speaker_end=speaker[1], cue_start=cue[0], cue_end=cue[1],
            speaker=text[slice(*one.speaker)] if one.speaker else None, speaker_name=one.name,
            cue=text[slice(*one.cue_span)] if one.cue_span else None, posture=one.posture if one.cue_span else None,
            paragraph=one.paragraph, confidence=one.confidence, quote=text[one.start : one.end], note=one.note,
        )  # fmt: skip
