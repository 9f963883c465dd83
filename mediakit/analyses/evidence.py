"""Evidence: the sentences and words behind a number, so that every score can be opened and read."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pandas as pd

from mediakit.errors import ArticleTableError

# JupyterLab aligns the cells of every table to the right; only an important rule keeps text where it is read.
_STYLE = (
    "table.mk-evidence{border-collapse:collapse;width:100%;table-layout:auto;font-size:13px}"
    "table.mk-evidence th,table.mk-evidence td{padding:3px 8px;text-align:left!important;vertical-align:top;"
    "border-bottom:1px solid var(--jp-border-color2,#ddd)}"
    "table.mk-evidence .n{text-align:right!important;white-space:nowrap;width:4em;font-variant-numeric:tabular-nums}"
    "table.mk-evidence mark{color:inherit;padding:0 2px;border-radius:2px;border-bottom:2px solid;background:none}"
    "table.mk-evidence mark.up{border-color:#1b7f79;background:#1b7f7926}"
    "table.mk-evidence mark.down{border-color:#b5532a;background:#b5532a26}"
)
_MOST = 100  # rows of the HTML view


class EvidenceTag(str):
    """A short text in `DataFrame.attrs` that knows how the scores of a table were made.

    `attrs` must stay cheap to copy, comparable and writable as JSON. Pickled, the tag is only its text.
    """

    make: Callable[[str], pd.DataFrame]

    def __new__(cls, what: str, make: Callable[[str], pd.DataFrame]) -> EvidenceTag:
        """Name what was measured and keep the function that explains one article."""
        tag = super().__new__(cls, what)
        tag.make = make
        return tag

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Leave the texts behind: scores that go to other processes stay small."""
        return str, (str(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> EvidenceTag:
        return self


class Marks(str):
    """Where the words stand that carry weight: first character of a row -> (start, end, weight) within its text."""

    places: dict[int, list[tuple[int, int, float]]]

    def __new__(cls, places: dict[int, list[tuple[int, int, float]]]) -> Marks:
        """Keep the places."""
        tag = super().__new__(cls, "marked words")
        tag.places = places
        return tag

    def __reduce__(self) -> tuple[type[Marks], tuple[dict[int, list[tuple[int, int, float]]]]]:
        """Pickle by the places."""
        return Marks, (self.places,)

    def __deepcopy__(self, memo: dict[int, Any]) -> Marks:
        return self


class EvidenceTable(pd.DataFrame):
    """Rows of text with the weight of each and the words that made it; in JupyterLab with the words marked."""

    @property
    def _constructor(self) -> Callable[..., EvidenceTable]:
        return EvidenceTable

    def _repr_html_(self) -> str:
        try:
            return _render(self)
        except (KeyError, TypeError, ValueError):
            return str(pd.DataFrame(self)._repr_html_())


def show_evidence(scores: pd.DataFrame, article_id: str) -> EvidenceTable:
    """List the sentences and words that made the number of one article, each with its weight.

    Parameters
    ----------
    scores : DataFrame
        From `score_sentiment`, `score_stance` or `count_topics`, or rows of it; in the session that computed it.
    article_id : str

    Returns
    -------
    EvidenceTable, one row per sentence (sentiment) or place (stance, topics), strongest first
        article_id; start, end : int, characters in the article's text
        weight : float, what the row contributes: its score, or 1 for a counted match
        text : the sentence, or the match in its sentence
        words : the words that carry the weight, as "crisis -3.1, peaceful +2.2"
        Further columns name the lexicon, the target or the category.

    Raises
    ------
    ArticleTableError
        When the table was read from a file or has lost its origin in another way, or has no such article.

    Examples
    --------
    >>> from mediakit import make_articles, score_sentiment
    >>> table = make_articles([{"text": "A bad day. A day in Oslo.", "language": "en"}])
    >>> show_evidence(score_sentiment(table), table["article_id"][0])[["text", "weight", "words"]].values.tolist()
    [['A bad day.', -0.5423, 'bad -2.5'], ['A day in Oslo.', 0.0, '']]
    """
    origin = scores.attrs.get("evidence") if isinstance(scores, pd.DataFrame) else None
    if not isinstance(origin, EvidenceTag):
        raise ArticleTableError(
            "these scores do not know their texts: show_evidence needs a table from score_sentiment, score_stance or "
            "count_topics, computed in this session."
        )
    if "article_id" not in scores.columns or article_id not in set(scores["article_id"]):
        raise ArticleTableError(f"the scores have no article_id {article_id!r}.")
    found = origin.make(article_id)
    order = found["weight"].abs().sort_values(ascending=False, kind="stable").index
    table = EvidenceTable(found.loc[order].reset_index(drop=True))
    table.attrs = dict(found.attrs)
    return table


def _render(table: EvidenceTable) -> str:
    """Build the HTML view; every text is escaped, and kept from turning the direction of its neighbours."""
    more = [name for name in table.columns if name in ("lexicon", "target", "category")]
    head = '<th class="n">weight</th>' + "".join(f"<th>{name}</th>" for name in (*more, "text"))
    marks = table.attrs.get("marks")
    places = marks.places if isinstance(marks, Marks) else {}
    rows = []
    for _, row in table.head(_MOST).iterrows():
        cells = "".join(f"<td>{_clean(row[name])}</td>" for name in more)
        weight = f'<td class="n">{row["weight"]:+.2f}</td>'
        rows.append(f"<tr>{weight}{cells}<td><bdi>{_mark(row, places)}</bdi></td></tr>")
    rest = len(table) - _MOST
    note = f"<p>… and {rest:,} more</p>" if rest > 0 else ""
    body = "".join(rows) or f'<tr><td colspan="{2 + len(more)}">Nothing in this article carries weight.</td></tr>'
    style = f"<style>{_STYLE}</style>"
    return f'{style}<table class="mk-evidence"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}'


def _mark(row: pd.Series, places: dict[int, list[tuple[int, int, float]]]) -> str:
    text = row["text"]
    pieces, at = [], 0
    for start, end, weight in places.get(int(row["start"]), ()):
        if start >= at:
            kind = "up" if weight > 0 else "down"
            mark = f'<mark class="{kind}" title="{weight:+.2f}">{_clean(text[start:end])}</mark>'
            pieces += [_clean(text[at:start]), mark]
            at = end
    return "".join([*pieces, _clean(text[at:])])


def _clean(text: object) -> str:
    return html.escape(str(text).encode("utf-8", "replace").decode("utf-8"), quote=True)
