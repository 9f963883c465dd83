"""Quotes: who says what, in whose words, and with which verb the outlet introduces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mediakit.analyses.coreference import find_reported, link_mentions
from mediakit.analyses.cue_verbs import load_cue_verbs
from mediakit.analyses.links import join_names
from mediakit.analyses.mention_kinds import INDEFINITE, PRONOUN
from mediakit.analyses.mentions import Mentions
from mediakit.analyses.quote_answers import LEAST, answer
from mediakit.analyses.quote_ground import Ground, lay_ground
from mediakit.analyses.quote_lines import find_all
from mediakit.analyses.quote_marks import find_stretches
from mediakit.analyses.quote_rules import Said, find_by_patterns, find_by_rules
from mediakit.analyses.speaker_model import load_speaker_model
from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError
from mediakit.progress import progress_bar
from mediakit.text.sentences import languages_of
from mediakit.text.tokens import tokenize

_BATCH = 200  # articles at a time; bounds the memory, changes no result

_RELATIVE = frozenset(("who", "which", "whom", "that"))

_COLUMNS = (
    "article_id", "attribution", "kind", "start", "end", "speaker_start", "speaker_end", "cue_start", "cue_end",
    "source_start", "source_end", "content_start", "content_end", "speaker", "speaker_name", "cue", "posture",
    "paragraph", "confidence", "quote", "note",
)  # fmt: skip


def find_quotes(
    articles: pd.DataFrame,
    *,
    method: str = "model",
    indirect: bool = True,
    least: float = LEAST,
    scare: bool = False,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Find what is quoted or reported, who says it, and the words that introduce it.

    Parameters
    ----------
    articles : DataFrame, one row per article
    method : {"model", "rules"}, default "model"
        "model" ranks the mentions around a quotation with trees trained on news articles (docs/models/speakers.md);
        "rules" takes the mention beside a verb of speech. Languages other than English are always read by rules.
    indirect : bool, default True
        Whether words reported without quotation marks are returned as well, with kind "indirect". English, by the
        model only. The rows of quoted words are the same with and without.
    least : float from 0 to 1, default 0.3
        Words reported without quotation marks that are less probable than this are left out. Of those between 0.2 and
        0.3 most are wrong (94 of 108 that were read). Where the cue is no verb ("his praise for"), it is least / 0.6.
    scare : bool, default False
        Whether titles, terms and scare quotes are returned as well, with kind "scare".
    progress : bool, optional
        Show a progress bar. Default: for more than 500 articles.

    Returns
    -------
    DataFrame, one row per stretch of quoted or reported words, in order
        article_id
        attribution : int, counted per article; stretches with the same number are one attribution
        kind : "direct" (all of it in quotation marks, or a line of a transcript or a post without), "mixed" (partly in
            the outlet's words), "indirect" (all of it in the outlet's words), or "scare"
        start, end : int, characters of the article's text, quotation marks not included
        speaker_start, speaker_end, cue_start, cue_end : Int64, missing where not found
        source_start, source_end : Int64, the whole phrase that names the speaker, with titles and appositions
        content_start, content_end : Int64, all that is reported: with the quotation marks and, of a mixed attribution,
            with the outlet's words; an attribution in several parts has several
        speaker : as printed, without title; speaker_name : the fullest name the article gives for him, her or it
        cue : the words that introduce it; posture : what the verb lends to it ("neutral", "doubting", "endorsing",
            "emotive", "directing"; see `mediakit/analyses/cue_verbs.toml`)
        paragraph : int, counted from 0
        confidence : float from 0 to 1, that it is speech and the speaker is the right one; of reported words, that they
            are the right ones to the word
        quote : the words; note : why something is missing

    Raises
    ------
    ArticleTableError
        When `method` is not known, or `least` is no probability.
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
    >>> text = "Omar Reed, a driver, said the road was closed."
    >>> found = find_quotes(make_articles([{"text": text, "language": "en"}]))
    >>> found[["kind", "speaker", "cue", "quote"]].values.tolist()
    [['indirect', 'Omar Reed', 'said', 'the road was closed']]
    """
    if method not in ("model", "rules"):
        raise ArticleTableError(f'method={method!r} is not known; there is "model" and "rules".')
    if not 0 <= least <= 1:
        raise ArticleTableError(f"least={least!r} is not between 0 and 1.")
    check_articles(articles, need=("article_id", "text"))
    rows = _Rows()
    batches = [articles.iloc[at : at + _BATCH] for at in range(0, len(articles), _BATCH)]
    for batch in progress_bar(batches, "quotes", show=progress, unit="batch", least=2):
        _read_batch(batch, method, indirect, least, scare, rows)
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


def tabulate(ground: Ground, said: list[Said], identifiers: Sequence[str]) -> pd.DataFrame:
    """Return what was decided on a batch of English articles as `find_quotes` returns it."""
    rows = _Rows()
    for one in _resolve(ground, said, scare=False, indirect=True):
        _write(rows, identifiers[one.article], ground.texts[one.article], [one])
    return rows.to_frame()


def _read_batch(articles: pd.DataFrame, method: str, indirect: bool, least: float, scare: bool, rows: _Rows) -> None:
    tokens = tokenize(articles, progress=False)
    languages = languages_of(articles)
    english = [language.split("-")[0] == "en" for language in languages]
    found = [find_all(text) if ours else find_stretches(text) for text, ours in zip(tokens.texts, english, strict=True)]
    ground = lay_ground(tokens, [one if ours else [] for one, ours in zip(found, english, strict=True)])
    if method == "rules":
        said = find_by_rules(ground)
    elif len(tokens):
        said = answer(ground, load_speaker_model().rank(ground), english=english, least=least)
    else:
        said = []
    by_article: dict[int, list[Said]] = {}
    for one in _resolve(ground, said, scare, indirect):
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


def _resolve(ground: Ground, said: list[Said], scare: bool, indirect: bool) -> list[Said]:
    """Name the speakers, number the attributions, and look up the postures."""
    mentions, tokens = ground.mentions, ground.reading.tokens
    speaking = np.zeros(len(mentions), dtype=np.bool_)
    # Who is reported helps to tell whom the next pronoun means, whether the report is returned or not.
    speaking[[one.mention for one in said if one.mention >= 0 and one.kind != "scare"]] = True
    reported = find_reported(
        mentions, [(one.article, *(one.content or (one.start, one.end))) for one in said if one.kind != "scare"]
    )
    said = [one for one in said if (scare or one.kind != "scare") and (indirect or one.kind != "indirect")]
    if not said:
        return []
    links = link_mentions(mentions, ground.inside, speaking, reported)
    lower, terms, verbs = ground.reading.lower, tokens.term.tolist(), load_cue_verbs()
    paragraph = ground.paragraph.tolist()
    begins = np.searchsorted(tokens.article, np.arange(len(tokens.texts))).tolist()
    starts, ends = mentions.start.tolist(), mentions.end.tolist()
    best_of, kinds = links.best.tolist(), mentions.kind.tolist()
    others = links.second.tolist(), links.third.tolist()
    for one in said:
        text = tokens.texts[one.article]
        if one.kind == "scare":
            one.mention, one.cue, one.source = -1, None, None
        if one.mention >= 0:
            one.speaker = (starts[one.mention], ends[one.mention])
            meant = _antecedent(mentions, one.mention, text[slice(*one.speaker)])
            best = best_of[meant]
            if kinds[best] in (PRONOUN, INDEFINITE):
                # "WHO" is a name
                relative = not text[slice(*one.speaker)].isupper() and text[slice(*one.speaker)].casefold() in _RELATIVE
                unnamed = kinds[best] == PRONOUN or relative
                one.note = "the article does not name the speaker" if unnamed else ""
                one.name = None if unnamed else text[slice(*one.speaker)]
            else:
                # "they" are two or three persons
                all_of = [best, *(which[meant] for which in others if which[meant] >= 0)]
                one.name = join_names(text[starts[which] : ends[which]] for which in all_of)
        elif one.source is not None:
            one.speaker, one.name = one.source, text[slice(*one.source)]
        elif one.kind != "scare":
            one.note = "no speaker found"
        if one.cue is not None:
            first, last = one.cue
            words = [lower[term] for term in terms[first : last + 1]]
            one.posture = next((verbs[word] for word in words if word in verbs), "neutral")
            one.cue_span = (int(tokens.start[first]), int(tokens.end[last]))
        first = one.first if one.stretch < 0 else int(ground.stretches.first[one.stretch])
        one.paragraph = paragraph[first] - paragraph[begins[one.article]]
    _number(said)
    return said


def _antecedent(mentions: Mentions, mention: int, printed: str) -> int:
    """Return the mention that "who" or "which" stands for: the one right before it, a comma between them or not."""
    before = mention - 1
    if (
        printed.isupper()
        or printed.casefold() not in _RELATIVE
        or before < 0
        or mentions.article[before] != mentions.article[mention]
    ):
        return mention
    gap = int(mentions.first[mention] - mentions.last[before])
    sentence = mentions.reading.tokens.sentence
    same = sentence[mentions.first[mention]] == sentence[mentions.last[before]]
    return before if same and gap == 1 else mention


def _number(said: list[Said]) -> None:
    """Number the attributions of each article, in the order in which they begin."""
    before: Said | None = None
    article, following = -1, 0
    of_report: dict[int, int] = {}
    for one in said:
        if one.article != article:
            article, following, before = one.article, 0, None
        if one.report >= 0:
            number = of_report.get(one.report, following)
            of_report[one.report] = number
        else:
            number = before.attribution if before is not None and _goes_on(one, before) else following
        following = max(following, number + 1)
        one.attribution = number
        if one.kind != "indirect":
            before = one


def _goes_on(one: Said, before: Said) -> bool:
    """Whether a stretch belongs to the quotation before: it runs on, or the same speaker has the same cue."""
    if one.kind == "scare" or before.kind == "scare" or before.report >= 0:
        return False
    if one.continues:
        return one.anchor < 0
    apart = one.anchor >= 0 and before.anchor >= 0 and one.anchor != before.anchor
    return before.paragraph == one.paragraph and one.mention >= 0 and before.mention == one.mention and not apart


def _write(rows: _Rows, identifier: str, text: str, said: Sequence[Said]) -> None:
    for one in said:
        speaker = one.speaker or (None, None)
        cue = one.cue_span or (None, None)
        source = one.source or speaker
        content = one.content or (one.start, one.end)
        rows.add(
            article_id=identifier, attribution=one.attribution, kind=one.kind, start=one.start, end=one.end,
            speaker_start=speaker[0], speaker_end=speaker[1], cue_start=cue[0], cue_end=cue[1],
            source_start=source[0], source_end=source[1], content_start=content[0], content_end=content[1],
            speaker=text[slice(*one.speaker)] if one.speaker else None, speaker_name=one.name,
            cue=text[slice(*one.cue_span)] if one.cue_span else None, posture=one.posture if one.cue_span else None,
            paragraph=one.paragraph, confidence=one.confidence, quote=text[one.start : one.end], note=one.note,
        )  # fmt: skip
