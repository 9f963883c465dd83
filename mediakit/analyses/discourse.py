"""Discourse networks: who says what of which concept, for or against, and who is thereby on whose side.

An actor that speaks for or against a concept makes a statement; actors that agree on concepts are joined by congruence,
those that disagree by conflict (Leifeld 2017, "Discourse network analysis: policy debates as dynamic networks", doi
10.1093/oxfordhb/9780190228217.013.25).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.quotes import find_quotes
from mediakit.analyses.stance import Targets, score_stance
from mediakit.analyses.stance_scoring import CONFIDENCE, Scorer
from mediakit.articles import check_articles, context_of
from mediakit.errors import ArticleTableError, MeasureWarning, require_columns
from mediakit.text.tokens import Tokens

_MERGED = ("kind", "attribution", "cue")
DNA = ("ID", "document title", "date", "person", "organization", "concept", "agreement", "start", "stop", "text")


def find_statements(
    articles: pd.DataFrame,
    targets: Targets,
    *,
    quotes: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    method: Scorer = "model",
    confidence: float = CONFIDENCE,
    tokens: Tokens | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Find what quoted and reported speakers say of targets, and whether they are for or against.

    Parameters
    ----------
    articles : DataFrame, one row per article
    targets : mapping of target to aliases, or path of a TOML file
        The concepts: proposals, bodies, groups; see `load_targets`.
    quotes : DataFrame, optional
        From `find_quotes`, to find them only once.
    sources : DataFrame, optional
        From `find_sources`: gives each speaker an organisation and a source type.
    method, confidence, tokens, progress
        See `score_stance`.

    Returns
    -------
    DataFrame, one row per mention of a target within what a known speaker says
        article_id, and the columns outlet, date, story, … that the table has
        speaker : the fullest name the article gives; target
        organisation, source_type : where `sources` is given
        stance : float from -1 to +1; code : "against", "neutral", "favour", "unsure"; confidence
        kind : "direct", "mixed" or "indirect"; attribution : int; cue : the words that introduce it
        start, end : int, characters of the mention in the article's text
        evidence : the sentence, the target marked

    Notes
    -----
    Only what stands in the quotation, or in the reported clause, belongs to the speaker; who is spoken of elsewhere in
    the sentence is the outlet's choice. A speaker does not take a stance on himself: such mentions are left out.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> table = make_articles([{"text": "“We welcome the proposal,” said Helen Bell, the mayor.", "language": "en"}])
    >>> said = find_statements(table, {"the proposal": ["proposal*"]}, method="rules")
    >>> said[["speaker", "target", "code", "kind"]].values.tolist()
    [['Helen Bell', 'the proposal', 'favour', 'direct']]
    """
    check_articles(articles, need=("article_id", "text"))
    if quotes is None:
        quotes = find_quotes(articles, progress=progress)
    require_columns(quotes, ["article_id", "start", "end", "speaker_name", *_MERGED], "the table of quotes")
    mentions = score_stance(
        articles, targets, unit="mention", method=method, confidence=confidence, tokens=tokens, progress=progress
    )
    spoken = quotes[quotes["speaker_name"].notna()].reset_index(drop=True)
    held = _holder(mentions, spoken)
    found = mentions[held >= 0].drop(columns=["words", "note", "quoted"]).reset_index(drop=True)
    said = spoken.iloc[held[held >= 0]].reset_index(drop=True)
    table = found.assign(speaker=said["speaker_name"].astype("str"), **{name: said[name] for name in _MERGED})
    own = [
        mention.casefold() in speaker.casefold()
        for mention, speaker in zip(table["mention"], table["speaker"], strict=True)
    ]
    table = table[~np.array(own, dtype=np.bool_)] if len(table) else table
    more: list[str] = []
    if sources is not None:
        more = ["organisation", "source_type"]
        named = sources[["article_id", "source", *more]].drop_duplicates(["article_id", "source"])
        table = table.merge(
            named.rename(columns={"source": "speaker"}), on=["article_id", "speaker"], how="left", validate="m:1"
        )
    context = context_of(articles)
    table = context.merge(table, on="article_id", validate="1:m")
    order = dict(zip(context["article_id"], range(len(context)), strict=True))
    table = table.assign(_order=table["article_id"].map(order)).sort_values(
        ["_order", "start", "target"], kind="stable", ignore_index=True
    )
    last = ["stance", "code", "confidence", "kind", "attribution", "cue", "start", "end", "evidence"]
    return table[[*context.columns, "speaker", "target", *more, *last]]


def _holder(mentions: pd.DataFrame, quotes: pd.DataFrame) -> NDArray[np.int64]:
    """Return for each mention the row of the quotation that it stands in; -1 where it stands in none."""
    held = np.full(len(mentions), -1, dtype=np.int64)
    rows_of = quotes.groupby("article_id", sort=False).indices
    begin, stop = quotes["start"].to_numpy(dtype=np.int64), quotes["end"].to_numpy(dtype=np.int64)
    for name, places in mentions.groupby("article_id", sort=False).indices.items():
        rows = rows_of.get(name)
        if rows is None:
            continue
        rows = rows[np.argsort(begin[rows], kind="stable")]
        starts = mentions["start"].to_numpy()[places]
        at = np.searchsorted(begin[rows], starts, side="right") - 1
        inside = (at >= 0) & (mentions["end"].to_numpy()[places] <= stop[rows[np.maximum(at, 0)]])
        held[places] = np.where(inside, rows[np.maximum(at, 0)], -1)
    return held


def score_speakers(statements: pd.DataFrame, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Average the stance of each speaker toward each target.

    Parameters
    ----------
    statements : DataFrame
        From `find_statements`.
    by : column or columns, optional
        "outlet", "story", …: a row for each value.

    Returns
    -------
    DataFrame, one row per group, speaker and target
        speaker, target; n : int, statements; articles : int
        stance : float from -1 to +1, mean; se : over statements, NaN for one
        n_favour, n_against, n_neutral, n_unsure : int
        evidence : the statement furthest in the direction of the mean

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "“We welcome the proposal. The proposal is fair,” said Helen Bell."
    >>> said = find_statements(make_articles([{"text": text, "language": "en"}]), {"it": ["proposal"]}, method="rules")
    >>> score_speakers(said)[["speaker", "n", "n_favour"]].values.tolist()
    [['Helen Bell', 2, 2]]
    """
    groups = [by] if isinstance(by, str) else list(by)
    require_columns(statements, ["speaker", "target", "stance", "code", *groups], "the table of statements")
    keys = [*groups, "speaker", "target"]
    scored = statements.dropna(subset=["stance"])
    codes = {f"n_{code}": scored["code"] == code for code in ("favour", "against", "neutral", "unsure")}
    grouped = scored.assign(**codes).groupby(keys, sort=True, observed=True)
    table = grouped.agg(
        n=("stance", "size"), articles=("article_id", "nunique"), stance=("stance", "mean"), se=("stance", "sem"),
        **{name: (name, "sum") for name in codes},
    ).reset_index()  # fmt: skip
    mean = scored.merge(table[[*keys, "stance"]].rename(columns={"stance": "_mean"}), on=keys)
    mean["_weight"] = mean["stance"] * np.where(mean["_mean"] < 0, -1.0, 1.0)
    first = mean.sort_values("_weight", ascending=False, kind="stable").drop_duplicates(keys)
    return table.merge(first[[*keys, "evidence"]], on=keys, how="left", validate="1:1")


def count_congruence(
    statements: pd.DataFrame, *, by: str | None = None, period: str | None = None, normalise: bool = True
) -> pd.DataFrame:
    """Count on how many targets each two speakers agree and disagree: the edges of a discourse network.

    Parameters
    ----------
    statements : DataFrame
        From `find_statements`, or with `speaker`, `target` and `code` of one's own. Only "favour" and "against" count.
    by : column, optional
        A network for each value, as "outlet".
    period : str, optional
        A network for each span of time, as pandas names it ("W", "M", "Q", "Y"); needs the column `date`.
    normalise : bool, default True
        Divide by the mean number of targets that the two speak on, as those who speak much agree much with everybody.

    Returns
    -------
    DataFrame, one row per group and pair of speakers that share a target, by weight
        the column `by`, and `period` as text
        source, target : the two speakers, in alphabetical order
        congruence, conflict : int, targets on which both are for or both against; on which they differ. A speaker who
            was both for and against counts for both.
        subtract : int, congruence less conflict
        weight : float, `subtract`, normalised where asked for

    Raises
    ------
    ArticleTableError
        When a column is missing, or `period` is no span of time.

    Examples
    --------
    >>> codes = ["favour", "favour", "against"]
    >>> said = pd.DataFrame({"speaker": ["A", "B", "C"], "target": ["tax"] * 3, "code": codes})
    >>> count_congruence(said)[["source", "target", "congruence", "conflict", "weight"]].values.tolist()
    [['A', 'B', 1, 0, 1.0], ['A', 'C', 0, 1, -1.0], ['B', 'C', 0, 1, -1.0]]
    """
    require_columns(statements, ["speaker", "target", "code", *([by] if by else [])], "the table of statements")
    signed = statements[statements["code"].isin(["favour", "against"])].dropna(subset=["speaker", "target"])
    groups: list[str] = [by] if by else []
    if period is not None:
        require_columns(statements, ["date"], "the table of statements")
        try:
            spans = pd.to_datetime(signed["date"]).dt.to_period(period).astype("str")
        except ValueError as error:
            raise ArticleTableError(f"period={period!r} is no span of time: {error}") from None
        lost = int(signed["date"].isna().sum())
        if lost:
            warnings.warn(f"{lost} statements without a date are in no period.", MeasureWarning, stacklevel=2)
        signed = signed.assign(period=spans)[signed["date"].notna()]
        groups.append("period")
    parts = [((), signed)] if not groups else list(signed.groupby(groups, sort=True, observed=True))
    tables = []
    for key, part in parts:
        edges = _pairs(part, normalise)
        for at, name in enumerate(groups):
            edges.insert(at, name, key[at])
        tables.append(edges)
    if not tables:
        return _pairs(signed, normalise).assign(**{name: pd.Series(dtype="str") for name in groups})
    return pd.concat(tables, ignore_index=True)


def _pairs(statements: pd.DataFrame, normalise: bool) -> pd.DataFrame:
    speakers = sorted(statements["speaker"].astype("str").unique())
    targets = sorted(statements["target"].astype("str").unique())
    who = pd.Categorical(statements["speaker"].astype("str"), speakers).codes
    what = pd.Categorical(statements["target"].astype("str"), targets).codes
    sides = np.zeros((2, len(speakers), len(targets)), dtype=np.int64)
    sides[(statements["code"] == "favour").to_numpy().astype(np.int64), who, what] = 1
    against, favour = sides
    agree = favour @ favour.T + against @ against.T
    differ = favour @ against.T + against @ favour.T
    spoken = (favour | against).sum(axis=1)
    one, two = np.nonzero(np.triu(agree + differ > 0, 1))
    subtract = agree[one, two] - differ[one, two]
    weight = subtract / ((spoken[one] + spoken[two]) / 2) if normalise else subtract.astype(np.float64)
    names = np.array(speakers, dtype=object)
    table = pd.DataFrame({
        "source": pd.Series(names[one], dtype="str"), "target": pd.Series(names[two], dtype="str"),
        "congruence": agree[one, two], "conflict": differ[one, two], "subtract": subtract, "weight": weight,
    })  # fmt: skip
    order = table.assign(_size=table["weight"].abs()).sort_values(
        ["_size", "source", "target"], ascending=[False, True, True], kind="stable"
    )
    return order.drop(columns="_size").reset_index(drop=True)


def to_dna(statements: pd.DataFrame) -> pd.DataFrame:
    """Return statements as the table that users of Discourse Network Analyzer know.

    Parameters
    ----------
    statements : DataFrame
        From `find_statements`.

    Returns
    -------
    DataFrame, one row per statement that is for or against
        ID, document title, date, person, organization, concept, agreement (1 for, 0 against), start, stop, text

    Examples
    --------
    >>> said = pd.DataFrame({"article_id": ["a1"], "speaker": ["Helen Bell"], "target": ["tax"], "code": ["against"],
    ...                      "start": [4], "end": [7], "evidence": ["The ⟨tax⟩ is unfair."]})
    >>> to_dna(said)[["ID", "person", "concept", "agreement"]].values.tolist()
    [[1, 'Helen Bell', 'tax', 0]]
    """
    needed = ["article_id", "speaker", "target", "code", "start", "end", "evidence"]
    require_columns(statements, needed, "the table of statements")
    kept = statements[statements["code"].isin(["favour", "against"])].reset_index(drop=True)
    nothing = pd.Series([""] * len(kept), dtype="str")
    table = pd.DataFrame({
        "ID": np.arange(1, len(kept) + 1),
        "document title": kept["headline"] if "headline" in kept else kept["article_id"],
        "date": kept["date"] if "date" in kept else pd.Series([pd.NaT] * len(kept)),
        "person": kept["speaker"], "organization": kept.get("organisation", nothing),
        "concept": kept["target"], "agreement": (kept["code"] == "favour").astype("int64"), "start": kept["start"],
        "stop": kept["end"], "text": kept["evidence"],
    })  # fmt: skip
    return table[list(DNA)]
