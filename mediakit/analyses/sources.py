"""Who is let speak: the sources of each article with what the article says of them, and the share of voice by type."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mediakit.analyses.ratios import ratio_interval
from mediakit.analyses.source_country import find_country
from mediakit.analyses.source_description import best_description, describe
from mediakit.analyses.source_evidence import gather_evidence
from mediakit.analyses.source_identity import identify_sources
from mediakit.analyses.source_model import LEAST, Told, type_sources
from mediakit.analyses.source_naming import is_unnamed
from mediakit.analyses.source_nobody import tells_source
from mediakit.analyses.source_organisation import find_organisation
from mediakit.analyses.source_roles import TypeRules
from mediakit.analyses.source_typers import Typer, ask_typer
from mediakit.analyses.source_types import SourceType, load_source_types, type_source
from mediakit.articles import check_articles
from mediakit.errors import ArticleTableError, require_columns
from mediakit.lexicons.actors import load_actors
from mediakit.progress import progress_bar
from mediakit.text.sentences import languages_of, texts_of

COLUMNS = (
    "article_id", "source", "description", "organisation", "source_type", "named", "country", "quotes", "quoted_words",
    "direct", "indirect", "first", "start", "end", "reason", "confidence",
)  # fmt: skip
METHODS, LANGUAGES = ("model", "reader", "rules"), ("en",)
NOT_TOLD = "not told"  # the country of a source of which none is printed
COUNTS = ("quotes", "quoted_words", "indirect", "attributions", "sources")
_BEHIND = 30  # characters behind a source, where its name may follow
_LONG = 5000  # from how many sources on a bar is shown


def find_sources(
    articles: pd.DataFrame,
    quotes: pd.DataFrame,
    *,
    method: str | Typer = "model",
    least: float = LEAST,
    rules: TypeRules | str | Path | None = None,
    actors: pd.DataFrame | str | Path | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """List the sources of each article: who they are, what kind of source, and how much they are let speak.

    Parameters
    ----------
    articles : DataFrame, one row per article
    quotes : DataFrame, as `find_quotes` returns it
    method : "model", "reader" or "rules", or callable
        How types are told: "model" weighs what the rules say and the words at the source, as it has learned from
        sources typed by hand (English; other articles get the rules); "reader" also reads the passages where the source
        stands with a transformer: more often right, but a few hundred articles a minute and core in place of thousands;
        "rules" is the rules alone. Or a model that you have: what `transformers_sources` returns, or any function of
        texts of articles and places of sources in them (start and end) that returns a DataFrame with the probabilities
        of types, one row per source (any language).
    least : float, 0 to 1, default 0.35
        A type that the model thinks less probable than this is given as "unknown".
    rules : TypeRules or path of a TOML file, optional
        As `load_source_types` returns or reads them: where they say something else than the built-in ones, they stand.
        Default: the built-in rules.
    actors : DataFrame or path of a TOML file, optional
        As `load_actors` returns or reads it, with a column `type`: a source whose name is an actor's gets the actor's
        type, one of docs/source_types.md or one of your own, and country, whatever model and rules say. Built-in
        countries and organisations are known to the rules already.
    progress : bool, optional
        Show progress bars, while sources are gathered and while they are typed. Default: on long work.

    Returns
    -------
    DataFrame, one row per source and article, in the order in which they first speak
        article_id
        source : fullest name in the article, or the description where none is printed
        description : what the article says of the source; organisation : the body that it belongs to
        source_type : see docs/source_types.md
        named : bool, False where the article withholds who it is
        country : ISO 3166 code of a country in the description; for a government of which none is said, that of which
            most names of countries in the article are; missing where none is printed
        quotes : int, quotations (attributions with words in quotation marks); quoted_words : int, these words
        direct : int, quotations that are wholly in quotation marks
        indirect : int, attributions that are reported in the outlet's words only
        first : float, 0 to 1, where in the article the source first speaks
        start, end : int, place of the source where it first speaks
        reason : what decided the type
        confidence : float, 0 to 1, how probable the model thinks the type; NaN where rules or an actor decided

    Raises
    ------
    ArticleTableError
        When a column is missing, `method` is unknown or returns no such table, or `least` is no probability.

    Notes
    -----
    Words reported without quotation marks count where somebody says them ("It could be months before …" is nobody's).

    The types come from what the article prints (titles, appositions, names of bodies, words around), each with its
    reason: that of the rule, or "learned:" and the words that weighed most. How often they are right is in
    benchmarks/ACCURACY.md, how the model was made in docs/models/source_types.md. Give the persons of your study in an
    actor file: an article does not always say who somebody is.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "“No,” said Ana Ruiz, a spokeswoman for the Port Union."}])
    >>> quotes = pd.DataFrame({"article_id": table["article_id"], "attribution": 0, "kind": "direct", "start": 1,
    ...                        "end": 3, "speaker_start": 11, "speaker_end": 19, "speaker_name": "Ana Ruiz"})
    >>> find_sources(table, quotes)[["source", "source_type", "organisation", "named"]].values.tolist()
    [['Ana Ruiz', 'society', 'Port Union', True]]
    """
    check_articles(articles)
    require_columns(
        quotes,
        ["article_id", "attribution", "kind", "start", "end", "speaker_start", "speaker_end"],
        "the table of quotes",
    )
    if not callable(method) and method not in METHODS:
        raise ArticleTableError(
            f"method={method!r} is not {', '.join(METHODS[:-1])} or {METHODS[-1]}, or a function of texts and places."
        )
    if not 0 <= least <= 1:
        raise ArticleTableError(f"least={least!r} is not between 0 and 1.")
    used = rules if isinstance(rules, TypeRules) else load_source_types(rules)
    actors = load_actors(actors) if isinstance(actors, (str, Path)) else actors
    languages = dict(zip(articles["article_id"], languages_of(articles), strict=True))
    own = _own_actors(actors)
    dates = dict(
        zip(articles["article_id"], articles["date"] if "date" in articles else [pd.NaT] * len(articles), strict=True)
    )
    texts = dict(zip(articles["article_id"], texts_of(articles), strict=True))
    spoken = identify_sources(quotes[tells_source(quotes, texts)], texts)
    columns = (
        "article_id",
        "_key",
        "_shown",
        "_name",
        "kind",
        "start",
        "end",
        "speaker_start",
        "speaker_end",
        "attribution",
    )
    parts: dict[tuple[str, str], list[_Spoken]] = {}
    for values in zip(*(spoken[column].tolist() for column in columns), strict=True):
        parts.setdefault((values[0], values[1]), []).append(_Spoken(*values[2:]))
    order = {identifier: number for number, identifier in enumerate(articles["article_id"])}
    asked = {
        name
        for name, language in languages.items()
        if callable(method) or (method != "rules" and language in LANGUAGES)
    }
    known = [
        _know(texts[identifier], part, used, dates[identifier], identifier in asked)
        for (identifier, _), part in progress_bar(parts.items(), "sources", show=progress, unit="source", least=_LONG)
    ]
    verdicts = _decide(known, method, least, progress)
    rows = [
        _describe(str(identifier), texts[identifier], part, one, verdict, own)
        for ((identifier, _), part), one, verdict in zip(parts.items(), known, verdicts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.assign(_order=[order[identifier] for identifier in table["article_id"]])
    table = table.sort_values(["_order", "start"], kind="stable", ignore_index=True).drop(columns="_order")
    texts_columns = ("article_id", "source", "description", "organisation", "source_type", "country", "reason")
    return table.astype({**dict.fromkeys(texts_columns, "str"), "named": "bool"})


def count_voices(
    sources: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet", of: str = "source_type", count: str = "quotes"
) -> pd.DataFrame:
    """Return the share of voice: how much of all that is quoted comes from which type of source.

    Parameters
    ----------
    sources : DataFrame, as `find_sources` returns it
    articles : DataFrame, one row per article, those that were searched
    by : column of the articles, default "outlet"
    of : "source_type", "named", "country" or "source"
    count : "quotes", "quoted_words", "indirect" (attributions in the outlet's words), "attributions" (quotes and
        indirect together), or "sources" (each once an article, quoted or not)

    Returns
    -------
    DataFrame, one row per group and type
        n : int, articles of the group that quote anybody
        total : float, what was counted in the group; number : float, of this type
        share : float, 0 to 1; low, high : its 95% interval
        note : why an interval is missing

    Raises
    ------
    ArticleTableError
        When a column is missing, or `count` is unknown.

    Notes
    -----
    The share is a ratio of two totals; its interval comes from how it varies between articles (each left out in turn,
    on the logit scale, Student's t), so that one article with many quotations counts once. A share of 0 or 1 gets the
    Wilson interval of its articles. Fewer than five articles give no interval. Each type that any group has is a row of
    every group; sources of which nothing is printed, as of most countries, are "not told".

    Examples
    --------
    >>> from mediakit import make_articles
    >>> articles = make_articles([{"text": f"Text {n}", "outlet": "A"} for n in range(6)])
    >>> sources = articles[["article_id"]].assign(source_type=["police", "expert"] * 3, quotes=2)
    >>> count_voices(sources, articles)[["source_type", "n", "number", "share"]].values.tolist()
    [['expert', 6, 6.0, 0.5], ['police', 6, 6.0, 0.5]]
    """
    check_articles(articles, need=("article_id", by))
    counted = {"sources": [], "attributions": ["quotes", "indirect"]}.get(count, [count])
    if count not in COUNTS:
        raise ArticleTableError(f"count={count!r} is not {', '.join(COUNTS[:-1])} or {COUNTS[-1]}.")
    require_columns(sources, ["article_id", of, *counted], "the table of sources")
    context = articles[["article_id", by]]
    number = sources[counted].astype("float64").sum(axis="columns") if counted else 1.0
    rows = sources.assign(_count=number)
    rows = rows[rows["_count"] > 0].merge(context, on="article_id").dropna(subset=[by])
    rows = rows.assign(**{of: rows[of].fillna(NOT_TOLD)}) if rows[of].isna().any() else rows
    found = []
    kinds = sorted(rows[of].unique())
    for group, mine in rows.groupby(by, observed=True, sort=True):
        per = mine.pivot_table(index="article_id", columns=of, values="_count", aggfunc="sum", fill_value=0.0)
        per = per.reindex(columns=kinds, fill_value=0.0)
        totals = per.sum(axis="columns").to_numpy()
        used = totals > 0
        cases = len(mine)
        for kind in per.columns:
            share, low, high, note = ratio_interval(per[kind].to_numpy()[used], totals[used], cases=cases)
            found.append(
                (group, kind, int(used.sum()), float(totals.sum()), float(per[kind].sum()), share, low, high, note)
            )
    columns = [by, of, "n", "total", "number", "share", "low", "high", "note"]
    table = pd.DataFrame(found, columns=columns)
    table = table.sort_values([by, "share", of], ascending=[True, False, True], kind="stable", ignore_index=True)
    table.attrs["voices"] = {"count": count}  # for `plot_voices`
    return table


class _Spoken(NamedTuple):
    """One quote: who speaks as printed, by name if there is one, and the places of words and speaker."""

    shown: str
    name: str | None
    kind: str
    start: float
    end: float
    speaker_start: int
    speaker_end: int
    attribution: Any


class _Known(NamedTuple):
    """What is known of a source of an article before its type is decided."""

    shown: str
    name: str | None
    told: Told  # with what the rules say
    asked: bool  # whether the model decides


def _know(text: str, part: list[_Spoken], rules: TypeRules, date: Any, model: bool) -> _Known:
    """Gather what an article tells of a source; somebody's own rules stand where they differ from the built-in ones."""
    longest = max((one.shown for one in part), key=len)
    told = [one for one in part if one.shown == longest]  # "the source" may stand there for what others print in full
    widest = max(told, key=lambda one: one.speaker_end - one.speaker_start)
    given = next((one.name for one in part if isinstance(one.name, str) and one.name), None)
    start, end = int(widest.speaker_start), int(widest.speaker_end)
    evidence = gather_evidence(text, start, end, name=given)
    day = None if date is None or date is pd.NaT or date != date else pd.Timestamp(date).date()
    verdict = type_source(evidence, rules, date=day)
    usual = load_source_types()
    own = rules is not usual and model and type_source(evidence, usual, date=day) != verdict
    return _Known(longest, given, Told(evidence, verdict, start, end), model and not own)


def _decide(
    known: list[_Known], method: str | Typer, least: float, progress: bool | None
) -> list[tuple[SourceType, float]]:
    """Return type and confidence of each source, by the model where it is asked."""
    asked = [one.told for one in known if one.asked]
    if callable(method):
        decided = iter(ask_typer(method, asked, least))
    else:
        decided = iter(type_sources(asked, least, reader=method == "reader", progress=progress))
    return [next(decided) if one.asked else (one.told.verdict, np.nan) for one in known]


def _describe(
    identifier: str, text: str, part: list[_Spoken], known: _Known, typed: tuple[SourceType, float],
    own: dict[str, tuple[Any, Any]],
) -> tuple[Any, ...]:  # fmt: skip
    """Return the row of one source of one article."""
    evidence, (verdict, confidence) = known.told.evidence, typed
    described = describe(evidence)
    organisation = find_organisation(evidence, described)
    kind, reason = verdict.type, verdict.reason
    country = find_country(evidence, described, organisation, governs=kind in ("government", "diplomat"))
    name = known.name or (evidence.body if verdict.named else None) or " ".join(known.shown.split())
    for called in (name, evidence.body or "", evidence.head):
        if called in own:
            given, place = own[called]
            country = place or country
            if given:
                kind, reason, confidence = given, f"actor {called}", np.nan
            break
    description = best_description(evidence, described)
    quoted = [one for one in part if one.kind != "indirect"]
    words = sum(len(text[int(one.start) : int(one.end)].split()) for one in quoted if one.start == one.start)
    attributions = {one.attribution: one.kind for one in reversed(quoted)}  # the kind of the first of each
    reported = len({one.attribution for one in part}) - len(attributions)
    start = int(part[0].speaker_start)
    printed = " ".join(str(name).split())
    direct = sum(kind == "direct" for kind in attributions.values())
    where, end = start / max(1, len(text)), int(part[0].speaker_end)
    named = verdict.named and not is_unnamed(printed, text[end : end + _BEHIND])
    about = (
        identifier,
        printed,
        description or None,
        organisation,
        kind,
        named,
        country,
    )
    return (*about, len(attributions), words, direct, reported, where, start, end, reason, confidence)


def _own_actors(actors: pd.DataFrame | None) -> dict[str, tuple[Any, Any]]:
    if actors is None:
        return {}
    require_columns(actors, ["actor", "type", "pattern"], "the table of actors")
    found: dict[str, tuple[Any, Any]] = {}
    for row in actors.itertuples(index=False):
        # What a country says, its government says: that the article tells.
        kind = row.type if isinstance(row.type, str) and row.type != "country" else None
        place = getattr(row, "country", None)
        found[str(row.pattern).removeprefix("=")] = (kind, place if isinstance(place, str) else None)
        found.setdefault(str(row.actor), (kind, place if isinstance(place, str) else None))
    return found
