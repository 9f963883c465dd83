"""Features: what tells which mention speaks a quoted stretch, and whether the stretch is speech at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.mention_kinds import BODY, INDEFINITE, NAME, PRONOUN, ROLE
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.word_classes import COMMA, LINE, SPACE

BEFORE, AFTER = 12, 7  # mentions on each side of a stretch that may be its speaker
_PARAGRAPHS_BACK, _PARAGRAPHS_ON = 4, 1
_PAD = 5  # empty places between articles
_STEPS = 1 << 20
_CUE = 0.25  # probability from which a word counts as a cue
_FAR = 60

Columns = dict[str, NDArray[Any]]

_GAPS = np.full(256, 9, dtype=np.float64)
_GAPS[np.frombuffer(b' ,.-"()=_|;!', dtype=np.uint8)] = np.arange(12)
_PREPOSITIONS = frozenset((
    "of", "in", "on", "at", "to", "by", "for", "with", "from", "about", "against", "than", "as", "into", "over",
    "after", "before", "under",
))  # fmt: skip
_RECIPIENT = frozenset(("told", "tell", "telling", "tells", "asked", "ask", "urged", "reminded", "to"))
_RELATIVE = frozenset(("who", "which", "whose", "that", "whom"))
_AUXILIARY = frozenset((
    "is", "was", "are", "were", "be", "been", "has", "have", "had", "will", "would", "can", "could", "should", "may",
    "might", "did", "does", "do",
))  # fmt: skip
_NAMING = frozenset((
    "called", "named", "titled", "entitled", "dubbed", "term", "termed", "word", "phrase", "so-called", "show",
    "book", "song", "film", "movie", "slogan", "hashtag",
))  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """Stretches with the mentions that may speak them, one row per pair, by stretch and place.

    Attributes
    ----------
    stretch, mention : array of int64
        Indices.
    bounds : array of int64, one value per stretch and one more
        Where the pairs of each stretch begin.
    """

    stretch: NDArray[np.int64]
    mention: NDArray[np.int64]
    bounds: NDArray[np.int64]

    def best(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the pair with the highest value for each stretch; -1 where it has none."""
        if not len(values):
            return np.full(len(self.bounds) - 1, -1, dtype=np.int64)
        order = np.lexsort((-values, self.stretch))
        some = np.diff(self.bounds) > 0
        return np.where(some, order[np.minimum(self.bounds[:-1], len(order) - 1)], -1)

    def shares(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each pair in its stretch, in proportion to the exponentials of the values."""
        n = len(self.bounds) - 1
        weight = np.exp(values - self.per_stretch(values)[self.stretch])
        return weight / np.bincount(self.stretch, weights=weight, minlength=n)[self.stretch]

    def per_stretch(
        self, values: NDArray[np.float64], ufunc: np.ufunc = np.maximum, empty: float = 0.0
    ) -> NDArray[np.float64]:
        """Reduce values over the pairs of each stretch."""
        found = np.full(len(self.bounds) - 1, empty)
        some = np.flatnonzero(np.diff(self.bounds) > 0)
        if len(some):
            found[some] = ufunc.reduceat(values, self.bounds[some])
        return found


def find_pairs(ground: Ground) -> Pairs:
    """Pair each stretch with the mentions around it that stand outside quotations."""
    stretches, mentions = ground.stretches, ground.mentions
    outside = np.flatnonzero(~ground.inside)
    n = len(stretches)
    first = mentions.first[outside]
    low = np.searchsorted(first, stretches.first)
    high = np.searchsorted(first, np.maximum(stretches.last + 1, stretches.first))
    begin, end = np.maximum(low - BEFORE, 0), np.minimum(high + AFTER, len(outside))
    width = np.maximum(end - begin, 0)
    stretch = np.repeat(np.arange(n, dtype=np.int64), width)
    place = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width) + begin[stretch]
    mention = outside[place]
    paragraph = ground.paragraph[mentions.first[mention]] if len(mention) else mention
    away = paragraph - stretches.paragraph[stretch]
    keep = (
        (mentions.article[mention] == stretches.article[stretch] if len(mention) else np.zeros(0, dtype=np.bool_))
        & (away >= -_PARAGRAPHS_BACK)
        & (away <= _PARAGRAPHS_ON)
    )
    stretch, mention = stretch[keep], mention[keep]
    return Pairs(stretch, mention, np.searchsorted(stretch, np.arange(n + 1)))


class Facts:
    """What is known of each token, mention and stretch; the pairs draw on it."""

    def __init__(self, ground: Ground, words: NDArray[np.float64]) -> None:
        self.ground = ground
        reading, mentions, stretches = ground.reading, ground.mentions, ground.stretches
        tokens = reading.tokens
        article = tokens.article.astype(np.int64)
        # Each article has some empty places around it, so that neighbours need no test and no article sees the next.
        self.at = at = np.arange(len(tokens)) + _PAD * (article + 1)
        self.size = len(tokens) + _PAD * (len(tokens.texts) + 1)

        def spread(values: NDArray, empty: float | bool = 0) -> NDArray:
            found = np.full(self.size, empty, dtype=values.dtype)
            found[at] = values
            return found

        # Rounded, so that sums are exact and do not depend on what else is in the batch.
        words = np.round(words * _STEPS) / _STEPS
        outside = spread(~ground.quoted)
        self.source, self.content = spread(words[:, 0]), spread(words[:, 2])
        self.cue = np.where(outside, spread(words[:, 1]), 0.0)
        gap = reading.gap.astype(np.int64)
        gap[reading.new_sentence & (reading.gap != ord(LINE))] = ord("!")
        self.gap = spread(gap, ord(LINE))
        self.letter = spread(_ORDER[reading.kind])
        lower = reading.lower
        self.flags = [
            spread(np.fromiter((word in group for word in lower), dtype=np.bool_, count=len(lower))[tokens.term])
            for group in (_PREPOSITIONS, _RECIPIENT, _RELATIVE, _AUXILIARY, _NAMING, ("by",))
        ]
        # Sums up to each token: what stands between two places is a difference.
        loud = self.cue > _CUE
        self.cue_sum, self.cue_count = _sums(self.cue), _sums(loud)
        self.content_sum, self.source_sum = _sums(self.content), _sums(self.source)
        self.comma_sum = _sums((self.gap == ord(COMMA)) & outside)
        self.outside_sum = _sums(outside)
        self.relative_sum = _sums(self.flags[2] & outside)
        self.sentence_sum = _sums(spread(reading.new_sentence))
        self.capital_sum = _sums(spread(np.isin(reading.kind, _CAPITALS)))
        # The number of a mention among those outside.
        self.rank = np.cumsum(~ground.inside) - 1
        self.mention_place = mentions.first[~ground.inside]
        # A paragraph that begins with a dash: "- Ana Ruiz, Lissmar".
        lines = np.flatnonzero(reading.gap == ord(LINE))
        places = zip(tokens.article[lines].tolist(), tokens.start[lines].tolist(), strict=True)
        dashed = np.zeros(len(tokens), dtype=np.bool_)
        dashed[lines] = [tokens.texts[a][max(s - 2, 0) : s].strip()[-1:] in _DASHES for a, s in places]
        self.dashed = dashed
        # The nearest cue before and behind each stretch, in its paragraph.
        cues = np.flatnonzero(loud)
        first, last = at[stretches.first], at[stretches.last]
        self.first, self.last = first, last
        self.paragraph = spread(ground.paragraph, -1)
        before = np.searchsorted(cues, first) - 1
        behind = np.searchsorted(cues, last, side="right")
        holder = np.append(cues, 0)
        self.cue_before = np.where(before >= 0, holder[before], -1)
        self.cue_before[self.paragraph[self.cue_before] != stretches.paragraph] = -1
        self.cue_behind = np.where(behind < len(cues), holder[np.minimum(behind, len(cues))], -1)
        self.cue_behind[self.paragraph[self.cue_behind] != stretches.paragraph] = -1
        running = self.sentence_sum[1:]
        self.sentence_begin = np.searchsorted(running, running[first])
        self.sentence_end = np.searchsorted(running, running[last], side="right")
        self.paragraph_begin = at[np.searchsorted(ground.paragraph, stretches.paragraph)]
        self.paragraph_end = at[np.searchsorted(ground.paragraph, stretches.paragraph, side="right") - 1] + 1

    def stretches(self) -> Columns:
        """Return the features of each stretch."""
        ground, stretches = self.ground, self.ground.stretches
        n = len(stretches)
        texts = ground.texts
        first, last = self.first, self.last
        places = list(zip(stretches.article.tolist(), stretches.start.tolist(), stretches.end.tolist(), strict=True))
        begin, end = self.paragraph_begin, self.paragraph_end
        words = (stretches.last - stretches.first + 1).astype(np.float64)
        number = np.arange(n)
        group = np.searchsorted(stretches.paragraph, stretches.paragraph)
        many = np.searchsorted(stretches.paragraph, stretches.paragraph, side="right") - group
        ends = np.array([_END.get(texts[a][e - 1 : e], 0) for a, _, e in places], dtype=np.float64)
        behind = np.array([_END.get(texts[a][e + 1 : e + 2], 0) for a, _, e in places], dtype=np.float64)
        small = np.array([texts[a][s : s + 1].islower() for a, s, _ in places], dtype=np.float64)
        lead = np.array(
            [_LEAD.get(texts[a][max(s - 3, 0) : max(s - 1, 0)].strip()[-1:], 0) for a, s, _ in places], dtype=np.float64
        )
        capitals = (self.capital_sum[last + 1] - self.capital_sum[first]) / words
        # The first stretch of an article counts from its beginning.
        begins = ground.paragraph[np.searchsorted(ground.reading.tokens.article, stretches.article)] if n else number
        prior = np.append(-1, stretches.paragraph)[:n]
        same = np.append(False, stretches.article[1:] == stretches.article[:-1])[:n]
        prior = np.where(same, prior, begins - 1)
        found: Columns = {
            "words": np.minimum(words, _FAR),
            "ends with": ends, "behind": behind, "begins small": small, "sign before": lead,
            "share of capitals": capitals,
            "closed": stretches.closed.astype(np.float64),
            "continues": stretches.continues.astype(np.float64),
            "mark": np.array([_MARKS.get(mark, 5) for mark in stretches.mark], dtype=np.float64),
            "words before in paragraph": np.minimum(self.outside_sum[first] - self.outside_sum[begin], _FAR),
            "words behind in paragraph": np.minimum(
                self.outside_sum[end] - self.outside_sum[np.minimum(last + 1, end)], _FAR
            ),
            "stretches in paragraph": np.minimum(many, 9).astype(np.float64),
            "which in paragraph": np.minimum(number - group, 9).astype(np.float64),
            "begins a sentence": np.isin(self.gap[first], (ord("!"), ord(LINE))).astype(np.float64),
            "paragraphs since stretch": np.minimum(stretches.paragraph - prior, 9).astype(np.float64),
            "sentences in stretch": np.minimum(self.sentence_sum[last + 1] - self.sentence_sum[first + 1], 9),
            "cue before": self.cue[first - 1], "cue before 2": self.cue[first - 2], "cue before 3": self.cue[first - 3],
            "cue behind": self.cue[last + 1], "cue behind 2": self.cue[last + 2], "cue behind 3": self.cue[last + 3],
            "strength of cue before": np.where(self.cue_before >= 0, self.cue[self.cue_before], 0),
            "strength of cue behind": np.where(self.cue_behind >= 0, self.cue[self.cue_behind], 0),
            "words to cue before": np.where(self.cue_before >= 0, np.minimum(first - self.cue_before, _FAR), _FAR),
            "words to cue behind": np.where(self.cue_behind >= 0, np.minimum(self.cue_behind - last, _FAR), _FAR),
        }  # fmt: skip
        return found

    def filter_columns(self) -> Columns:
        """Return what tells speech from titles and scare quotes, besides the features of the stretch."""
        first, last = self.first, self.last
        width = np.maximum(last - first + 1, 1)
        content, source = self.content_sum, self.source_sum
        left, right = np.maximum(first - 4, 0), np.minimum(last + 5, len(self.content))
        begin, end = self.sentence_begin, self.sentence_end
        stretches = self.ground.stretches
        inner = (content[last + 1] - content[first]) / width
        words = np.minimum(stretches.last - stretches.first + 1, _FAR)
        sums = np.append(0, np.cumsum(words))
        group = np.searchsorted(stretches.article, stretches.article)
        stop = np.searchsorted(stretches.article, stretches.article, side="right")
        naming = self.flags[4]
        relevant = {
            "content inside": inner,
            "content at first": self.content[first], "content at last": self.content[last],
            "content before": (content[first] - content[left]) / 4,
            "content behind": (content[right] - content[last + 1]) / 4,
            "content just before": self.content[first - 1], "content just behind": self.content[last + 1],
            "content of sentence": (content[end] - content[begin]) / np.maximum(end - begin, 1),
            "cues in sentence": self.cue_sum[end] - self.cue_sum[begin],
            "sources in sentence": source[end] - source[begin],
            "naming word": (naming[first - 1] | naming[first - 2] | naming[first - 3]).astype(np.float64),
            "naming word behind": (naming[last + 1] | naming[last + 2]).astype(np.float64),
            "preposition before": self.flags[0][first - 1].astype(np.float64),
            "source before": self.source[first - 1], "source before 2": self.source[first - 2],
            "source behind": self.source[last + 1], "source behind 2": self.source[last + 2],
            "stretches in article": np.minimum(stop - group, 40).astype(np.float64),
            "mean words in article": (sums[stop] - sums[group]) / np.maximum(stop - group, 1),
            "times in article": self._repeats(),
        }  # fmt: skip
        for at in (-2, -1):
            relevant[f"class {at}"] = self.letter[first + at]
        for at in (1, 2):
            relevant[f"class {at:+d}"] = self.letter[last + at]
        relevant["class first"] = self.letter[first]
        return relevant

    def _repeats(self) -> NDArray[np.float64]:
        stretches = self.ground.stretches
        keys = [
            (a, self.ground.texts[a][s:e].strip(" ,.!?").lower())
            for a, s, e in zip(
                stretches.article.tolist(), stretches.start.tolist(), stretches.end.tolist(), strict=True
            )
        ]
        counts: dict[tuple[int, str], int] = {}
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        return np.array([min(counts[key], 5) for key in keys], dtype=np.float64)

    def pairs(self, pairs: Pairs, of_stretch: Columns) -> Columns:
        """Return the features of each pair of stretch and mention."""
        ground, mentions = self.ground, self.ground.mentions
        q, c = pairs.stretch, pairs.mention
        first, last, head = self.at[mentions.first[c]], self.at[mentions.last[c]], self.at[mentions.head[c]]
        q_first, q_last = self.first[q], self.last[q]
        after = first > q_last
        left, right = np.where(after, q_last + 1, last + 1), np.where(after, first, q_first)
        right = np.maximum(left, right)
        kind = mentions.kind[c]
        gender = mentions.gender[c]
        rank = self.rank[c]
        stretches = ground.stretches
        edge = np.searchsorted(self.mention_place, np.where(after, stretches.last[q] + 1, stretches.first[q]))
        between = np.where(after, rank - edge, edge - 1 - rank)
        paragraph_of = self.paragraph[first]
        quotes_between = np.abs(np.searchsorted(stretches.first, mentions.first[c]) - q - after)
        cue_before, cue_behind = self.cue_before[q], self.cue_behind[q]
        own = paragraph_of == stretches.paragraph[q]
        to_before = np.where((cue_before >= 0) & own, np.clip(cue_before - last, -20, 20), 30)
        to_behind = np.where((cue_behind >= 0) & own, np.clip(cue_behind - last, -20, 20), 30)
        sentence = self.sentence_sum
        found: Columns = {
            "side": after.astype(np.float64),
            "words between": np.minimum(self.outside_sum[right] - self.outside_sum[left], _FAR),
            "quoted words between": np.minimum(right - left - (self.outside_sum[right] - self.outside_sum[left]), _FAR),
            "mentions between": np.clip(between, 0, 19),
            "stretches between": np.minimum(quotes_between, 9),
            "paragraphs": paragraph_of - stretches.paragraph[q],
            "sentences between": np.minimum(
                sentence[np.where(after, first, q_first) + 1] - sentence[np.where(after, q_last, first) + 1], 9
            ),
            "cues between": np.minimum(self.cue_count[right] - self.cue_count[left], 9),
            "cue weight between": self.cue_sum[right] - self.cue_sum[left],
            "commas between": np.minimum(self.comma_sum[right] - self.comma_sum[left], 9),
            "relatives between": np.minimum(self.relative_sum[right] - self.relative_sum[left], 3),
            "words to cue before": to_before, "words to cue behind": to_behind,
            "name": kind == NAME, "body": kind == BODY, "role": kind == ROLE, "pronoun": kind == PRONOUN,
            "indefinite": kind == INDEFINITE,
            "gender": gender, "number": mentions.number[c],
            "titled": mentions.title[c] >= 0,
            "length": np.minimum(last - first, 9),
            "genitive": mentions.owner[c],
            "times named": np.minimum(self._times()[c], 20),
            "source head": self.source[head], "source first": self.source[first], "source last": self.source[last],
            "source next": self.source[last + 1],
            "cue next": self.cue[last + 1], "cue next 2": self.cue[last + 2], "cue next 3": self.cue[last + 3],
            "cue prior": self.cue[first - 1], "cue prior 2": self.cue[first - 2],
            "content at mention": self.content[head], "content next 2": self.content[last + 2],
            "gap before": _GAPS[self.gap[first]], "gap behind": _GAPS[self.gap[last + 1]],
            "gap before 2": _GAPS[self.gap[first - 1]],
            "first of sentence": np.minimum(self._in_sentence(c), 9),
            "preposition": self.flags[0][first - 1], "recipient": self.flags[1][first - 1],
            "by": self.flags[5][first - 1],
            "relative next": self.flags[2][last + 1], "auxiliary next": self.flags[3][last + 1],
            "class prior": self.letter[first - 1], "class next": self.letter[last + 1],
            "class next 2": self.letter[last + 2],
            "behind a dash": self.dashed[mentions.first[c]],
            "beside": self._beside()[c], "beside behind": self._beside(1)[c],
            "quote follows": np.minimum(np.where(after, 9, q_first - last), 9),
        }  # fmt: skip
        found = {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}
        # In proportion to the other mentions of the stretch.
        strength = np.maximum(found["source head"], found["source first"])
        near = strength / (1 + 0.2 * found["mentions between"] + 2 * np.abs(found["paragraphs"]))
        for name, values in (("source, relative", strength), ("near source, relative", near)):
            most = pairs.per_stretch(values)[q]
            found[name] = values / np.maximum(most, 1e-6)
        same = own & (found["sentences between"] == 0)
        found["source in sentence, relative"] = strength / np.maximum(pairs.per_stretch(strength * same)[q], 0.02)
        for name in _SHARED:
            found[f"stretch: {name}"] = of_stretch[name][q]
        return found

    def _beside(self, side: int = 0) -> NDArray[np.int64]:
        """One more than the kind of the mention right before or behind, a comma or nothing between them; else 0."""
        mentions = self.ground.mentions
        near = (mentions.first[1:] == mentions.last[:-1] + 1) & np.isin(
            self.ground.reading.gap[mentions.first[1:]], (ord(COMMA), ord(SPACE))
        )
        found = np.zeros(len(mentions), dtype=np.int64)
        found[near.nonzero()[0] + 1 - side] = 1 + mentions.kind[near.nonzero()[0] + side]
        return found

    def _times(self) -> NDArray[np.int64]:
        """How often the article prints the last word of a name as the last of one."""
        mentions, lower = self.ground.mentions, self.ground.reading.lower
        codes: dict[str, int] = {}
        code = np.fromiter((codes.setdefault(word, len(codes)) for word in lower), dtype=np.int64, count=len(lower))
        key = mentions.article * np.int64(len(codes)) + code[self.ground.reading.tokens.term[mentions.last]]
        key[mentions.kind > BODY] = -1
        _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
        return np.where(mentions.kind > BODY, 0, counts[inverse])

    def _in_sentence(self, c: NDArray[np.int64]) -> NDArray[np.float64]:
        """Count the mentions before it in its sentence."""
        sentence = self.ground.reading.tokens.sentence[self.ground.mentions.first]
        begin = np.searchsorted(sentence, sentence)
        return (np.arange(len(sentence)) - begin)[c].astype(np.float64)


_SHARED = (
    "words", "ends with", "behind", "begins small", "sign before", "closed", "continues", "words before in paragraph",
    "words behind in paragraph", "stretches in paragraph", "which in paragraph", "begins a sentence",
    "paragraphs since stretch", "sentences in stretch", "cue before", "cue before 2", "cue behind", "cue behind 2",
    "strength of cue before", "strength of cue behind", "words to cue before", "words to cue behind",
)  # fmt: skip
_DASHES = ("-", "–", "—", "―")
_END = {",": 1, ".": 2, "!": 3, "?": 4, "…": 5, "-": 5, "—": 5, ":": 6, ";": 6, " ": 7, "\n": 8, "'": 9, "’": 9, ")": 9}
_LEAD = {",": 1, ":": 2, ".": 3, "(": 4, "-": 5, "—": 5, "–": 5, "!": 3, "?": 3, ">": 6, "=": 7, ";": 8}
_MARKS = {"“": 0, '"': 1, "''": 2, "‘": 3, "'": 4}
_CAPITALS = np.frombuffer(b"NIAJBYTC", dtype=np.uint8)
_ORDER = np.zeros(256)
_ORDER[np.frombuffer(b"NAITBJRSbphqDYrdo&nfeav", dtype=np.uint8)] = np.arange(1, 24)


def _sums(values: NDArray) -> NDArray[np.float64]:
    return np.append(0.0, np.cumsum(values, dtype=np.float64))


def stack(columns: Columns) -> NDArray[np.float64]:
    """Return columns side by side, one row per thing; each column is whole in memory, as `Forest.raw` reads it."""
    table = np.empty((len(columns), len(next(iter(columns.values())))), dtype=np.float64)
    for place, values in enumerate(columns.values()):
        table[place] = values
    return table.T
