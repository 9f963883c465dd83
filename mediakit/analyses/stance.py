"""Stance: for or against a named target. Measured around each mention, apart from the article's tone.

Sentiment and stance "do not necessarily align" (Bestvater & Monroe 2023, doi 10.1017/pan.2022.10): a sad text may be
for the protesters, a cheerful one against them. Read the evidence sentences, and validate against your own codes.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.evidence import EvidenceTag, Marks
from mediakit.analyses.sentiment import in_language_of_lexicon, why_not
from mediakit.analyses.stance_clauses import Span
from mediakit.analyses.stance_mentions import VOICES, find_mentions, mark_target
from mediakit.analyses.stance_scoring import (
    CONFIDENCE,
    UNSURE,
    Marked,
    Scorer,
    check_method,
    name_several,
    score_spans,
)
from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, MeasureWarning
from mediakit.lexicons.targets import load_targets
from mediakit.text.tokens import Tokens, check_tokens, tokenize

Targets: TypeAlias = str | Path | Mapping[str, Sequence[str]]


def score_stance(
    articles: pd.DataFrame,
    targets: Targets,
    *,
    unit: str = "article",
    voice: str = "all",
    method: Scorer = "model",
    confidence: float = CONFIDENCE,
    tokens: Tokens | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Score the stance of articles toward named targets, from the sentences that mention them.

    Parameters
    ----------
    articles : DataFrame, one row per article
    targets : mapping of target to aliases, or path of a TOML file
        Actors, groups, proposals, or anything else with patterns: ``{"protesters": ["protester*", "demonstrator*"]}``;
        see `load_targets`.
    unit : {"article", "mention"}, default "article"
    voice : {"all", "outlet", "quoted"}, default "all"
        Mentions in the outlet's own words, those inside quotation marks, or both. What a quoted speaker says of a
        target is not the outlet's stance; see also `score_speakers`.
    method : {"model", "rules", "vader"}, callable or fitted stance, default "model"
        "model" is the network that comes with mediakit (docs/models/stance.md); "rules" looks for who does what to the
        target (`stance_rules.toml`); "vader" is VADER's score of the clause. Or a model of your own: from `fit_stance`,
        `transformers_stance`, or any function of texts and spans that returns the chances of against, neutral, favour.
    confidence : float, default 0.5
        Below this probability of the likeliest code a mention is coded "unsure". Its score counts in means: it is
        near zero, and leaving it out would exaggerate.
    tokens : Tokens, optional
        Of these articles, from `tokenize`, to split them only once.
    progress : bool, optional
        Show a progress bar. Default: on long work.

    Returns
    -------
    DataFrame, one row per article and target
        article_id, and the columns outlet, date, story, … that the table has
        target : str
        stance : float from -1 (against) to +1 (for), mean over the mentions; NaN without a mention
        se : float, standard error over mentions
        share_for, share_against, share_unsure : float from 0 to 1, of the mentions scored
        n_mentions : int, mentions found
        evidence : the sentence that is furthest from neutral in the direction of the mean, the target marked as ⟨…⟩
        note : why a score is missing
    or, with ``unit="mention"``, one row per mention
        article_id, target
        mention : the words found; start, end : their characters in the article's text
        quoted : bool, whether it stands inside quotation marks
        stance, against, neutral, favour, code, confidence, words, note : as `score_mentions` gives them
        evidence : the sentence, the target marked

    Warns
    -----
    MeasureWarning
        When a target is mentioned nowhere, or articles are in another language than English.

    Notes
    -----
    Figures on sentences coded by people are in benchmarks/ACCURACY.md. Names are masked before the model reads them:
    it cannot know who is meant, so that no name is good or bad in itself.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "The mayor praised the students, but the strike was a disaster."
    >>> table = make_articles([{"text": text, "language": "en"}])
    >>> stance = score_stance(table, {"students": ["student*"], "strike": ["strike*"]}, method="rules")
    >>> stance[["target", "stance"]].round(2).values.tolist()
    [['students', 0.75], ['strike', -0.75]]
    """
    for value, known, what in ((unit, ("article", "mention"), "unit"), (voice, VOICES, "voice")):
        if value not in known:
            raise ArticleTableError(f"{what}={value!r} is not known; there is {name_several(known)}.")
    check_articles(articles, need=("article_id", "text"))
    named = load_targets(targets)
    check_method(method)
    english = in_language_of_lexicon(articles)
    if tokens is None:
        tokens = tokenize(articles, progress=progress)
    check_tokens(tokens, articles)
    mentions = find_mentions(tokens, named, english, voice)
    scores, marks = _score_found(mentions, method, confidence, progress)
    table = pd.concat([mentions.drop(columns=["sentence_start"]), scores], axis=1)
    table["evidence"] = pd.Series(_marked(mentions), dtype="str", index=table.index)
    table = table[[name for name in table.columns if name != "evidence"] + ["evidence"]]
    _warn(articles, named, mentions, english, voice)
    explained = table.drop(columns="evidence").assign(text=mentions["evidence"], marks=pd.Series(marks, dtype="object"))
    result = table if unit == "mention" else _per_article(articles, table, list(named))
    result.attrs["evidence"] = EvidenceTag("stance", partial(_explain, mentions=explained))
    return result


def score_mentions(
    texts: Sequence[str | None],
    spans: Sequence[Span | None],
    *,
    method: Scorer = "model",
    confidence: float = CONFIDENCE,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Score the stance of single texts, each toward the target at given characters.

    Parameters
    ----------
    texts : sequence of str
        Sentences, in English.
    spans : sequence of (start, end)
        Characters of the target in each text.
    method, confidence, progress
        See `score_stance`.

    Returns
    -------
    DataFrame, one row per text, in their order
        stance : float from -1 (against) to +1 (for): favour less against, so its expected value
        against, neutral, favour : float from 0 to 1, calibrated probabilities; NaN for "rules" and "vader"
        code : "against", "neutral", "favour", or "unsure" below the confidence
        confidence : float from 0 to 1, the probability of the likeliest code
        words : the words that decided, with what each adds, as "praised +0.42"
        note : why a score is missing

    Raises
    ------
    ArticleTableError
        When texts and spans differ in number, or the method is not known or returns something else.
    ModelError
        When the model file is damaged or of another version.

    Examples
    --------
    >>> sentence = "Envoys welcomed the proposal."
    >>> found = score_mentions([sentence, sentence], [(20, 28), None], method="rules")
    >>> found[["code", "words", "note"]].fillna("").values.tolist()
    [['favour', 'welcomed +1.00', ''], ['', '', 'no target']]
    """
    if isinstance(texts, str) or len(texts) != len(spans):
        raise ArticleTableError("texts and spans must be two lists of the same length: one span for each text.")
    check_method(method)
    notes = [_problem(text, span) for text, span in zip(texts, spans, strict=True)]
    rows = [number for number, note in enumerate(notes) if not note]
    good_texts = [str(texts[row]) for row in rows]
    good_spans = [(int(span[0]), int(span[1])) for span in (spans[row] for row in rows) if span is not None]
    table, _ = score_spans(good_texts, good_spans, None, method, confidence, progress)
    table = table.set_axis(rows).reindex(range(len(texts)))
    table["words"] = table["words"].fillna("").astype("str")
    given = table.pop("note")
    table["note"] = pd.Series([one or two for one, two in zip(notes, given.fillna(""), strict=True)], dtype="str")
    return table


def _problem(text: object, span: object) -> str:
    if not isinstance(text, str) or not text.strip():
        return "no text"
    try:
        start, end = (int(place) for place in span)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return "no target"
    return "" if 0 <= start < end <= len(text) and text[start:end].strip() else "no target"


def _score_found(
    mentions: pd.DataFrame, method: Scorer, confidence: float, progress: bool | None
) -> tuple[pd.DataFrame, list[Marked]]:
    """Score the mentions found in articles; where several of one target stand in a sentence, each knows the others."""
    begin = mentions["sentence_start"].tolist()
    spans = list(
        zip(mentions["start"] - mentions["sentence_start"], mentions["end"] - mentions["sentence_start"], strict=True)
    )
    spans = [(int(start), int(end)) for start, end in spans]
    places: dict[tuple[str, str], list[Span]] = defaultdict(list)
    keys = list(zip(mentions["article_id"], mentions["target"], strict=True))
    for key, start, end in zip(keys, mentions["start"].tolist(), mentions["end"].tolist(), strict=True):
        places[key].append((start, end))
    texts = mentions["evidence"].tolist()
    others = [
        [(start - left, end - left) for start, end in places[key] if left <= start and end <= left + len(text)]
        for key, left, text in zip(keys, begin, texts, strict=True)
    ]
    return score_spans(texts, spans, others, method, confidence, progress)


def _marked(mentions: pd.DataFrame) -> list[str]:
    columns = (mentions[name].tolist() for name in ("evidence", "start", "end", "sentence_start"))
    return [mark_target(text, start - left, end - left) for text, start, end, left in zip(*columns, strict=True)]


def _warn(
    articles: pd.DataFrame,
    targets: Mapping[str, Sequence[str]],
    mentions: pd.DataFrame,
    english: NDArray[np.bool_],
    voice: str,
) -> None:
    problems = []
    seen = set(mentions["target"])
    unseen = [target for target in targets if target not in seen]
    if unseen:
        where = {
            "all": "no article mentions",
            "outlet": "the outlets' own words never mention",
            "quoted": "no quotation mentions",
        }
        problems.append(f"{where[voice]} {', '.join(unseen)}: check the aliases.")
    if not english.all():
        problems.append(f"{int((~english).sum())} of {len(english)} articles have no stance: the model is English.")
    if problems:
        warnings.warn(" ".join(problems), MeasureWarning, stacklevel=3)


def _explain(article_id: str, *, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return the mentions in one article, with the sentence and what decided; see `show_evidence`."""
    mine = mentions[(mentions["article_id"] == article_id) & mentions["stance"].notna()].reset_index(drop=True)
    marks = {int(start): list(places) for start, places in zip(mine["start"], mine["marks"], strict=True)}
    found = mine.rename(columns={"stance": "weight"})
    found = found[["article_id", "target", "start", "end", "weight", "text", "words"]]
    found.attrs = {"marks": Marks(marks)}
    return found


def _per_article(articles: pd.DataFrame, mentions: pd.DataFrame, targets: list[str]) -> pd.DataFrame:
    reasons = [reason.replace("the lexicon is", "the model is") for reason in why_not(articles)]
    context = context_of(articles).assign(note=pd.Series(reasons, dtype="str"))
    grid = context.merge(pd.DataFrame({"target": targets}), how="cross")
    keys = ["article_id", "target"]
    counts = mentions.groupby(keys, sort=False).size().rename("n_mentions")
    scored = mentions.dropna(subset=["stance"])
    signed = scored.assign(
        **{name: scored["code"] == code for name, code in (("f", "favour"), ("a", "against"), ("u", UNSURE))}
    )
    grouped = signed.groupby(keys, sort=False).agg(
        stance=("stance", "mean"), se=("stance", "sem"),
        share_for=("f", "mean"), share_against=("a", "mean"), share_unsure=("u", "mean"),
    )  # fmt: skip
    table = grid.merge(grouped, left_on=keys, right_index=True, how="left")
    table = table.merge(counts, left_on=keys, right_index=True, how="left")
    table["n_mentions"] = table["n_mentions"].fillna(0).astype("int64")
    table = table.merge(_strongest(scored, grouped["stance"].rename("mean")), on=keys, how="left")
    reason = table.pop("note")
    unscored = np.where(table["n_mentions"] == 0, "not mentioned", "no sentence that can be scored")
    note = np.where(reason != "", reason, np.where(table["stance"].isna(), unscored, ""))
    return table.assign(note=pd.Series(note, dtype="str", index=table.index))


def _strongest(mentions: pd.DataFrame, means: pd.Series) -> pd.DataFrame:
    """Return one sentence per article and target: the furthest in the direction of the mean, the first of equals."""
    keys = ["article_id", "target"]
    beside = mentions.merge(means.reset_index(), on=keys)
    weight = beside["stance"] * np.where(beside["mean"] < 0, -1.0, 1.0)
    ordered = beside.assign(weight=weight).sort_values(["weight", "start"], ascending=[False, True], kind="stable")
    return ordered.drop_duplicates(keys)[[*keys, "evidence"]]
