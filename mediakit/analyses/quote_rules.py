"""Quotes by rules: the mention beside a verb of speech; in other languages than English, a name beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from mediakit.analyses.cue_verbs import load_cue_phrases, load_cue_verbs
from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_lines import LABEL, POST
from mediakit.analyses.quote_marks import Stretch
from mediakit.text.quotations import SCARE

_SPEECH_END = re.compile(r"[.,!?…]$")
_NEAR = 7  # words between a quotation and its speaker
_NAMING = frozenset((
    "called", "titled", "entitled", "named", "dubbed", "term", "phrase", "word", "show", "book", "film", "song",
    "series", "movie",
))  # fmt: skip
_WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass
class Said:
    """One stretch while its row is made."""

    article: int
    start: int
    end: int
    kind: str
    stretch: int = -1
    mention: int = -1
    cue: tuple[int, int] | None = None
    confidence: float = 0.5
    continues: bool = False
    attribution: int = 0
    speaker: tuple[int, int] | None = None
    name: str | None = None
    cue_span: tuple[int, int] | None = None
    posture: str | None = None
    paragraph: int = 0
    note: str = ""
    first: int = -1  # first token; known from the stretch where there is one
    report: int = -1  # what is said with the same number is one attribution
    anchor: int = -1  # head of the cue that introduces it
    content: tuple[int, int] | None = None
    source: tuple[int, int] | None = None


def find_by_rules(ground: Ground) -> list[Said]:
    """Decide on every stretch of English articles.

    The speaker is the mention next to the verb of speech nearest to the stretch, in its paragraph: behind the stretch
    ("said X", "X said"), before it ("X said: …", "according to X"), a label with a colon in front; or else the speaker
    of the stretch before, in the same paragraph or when that one runs on.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> from mediakit.analyses.quote_ground import read_ground
    >>> ground = read_ground(make_articles([{"text": "“We object to this plan,” said Lee.", "language": "en"}]))
    >>> [(one.kind, one.mention) for one in find_by_rules(ground)]
    [('direct', 2)]
    """
    reading, stretches, mentions = ground.reading, ground.stretches, ground.mentions
    tokens = reading.tokens
    lower, term = reading.lower, tokens.term.tolist()
    verbs = load_cue_verbs()
    quoted, paragraph = ground.quoted.tolist(), ground.paragraph.tolist()
    outside = np.flatnonzero(~ground.inside).tolist()
    at_first = {int(mentions.first[i]): i for i in reversed(outside)}
    at_last = {int(mentions.last[i]): i for i in outside}
    size = len(term)

    def word(place: int) -> str:
        return lower[term[place]]

    def look(start: int, step: int, home: int) -> tuple[int, int] | None:
        """Walk from a stretch to the first verb of speech that has a mention beside it."""
        place = start
        for _ in range(_NEAR):
            if not 0 <= place < size or paragraph[place] != home or quoted[place]:
                return None
            if word(place) == "according" and place + 2 < size:
                for behind in (place + 2, place + 3):
                    if behind in at_first:
                        return at_first[behind], place
            if word(place) in verbs:
                for ahead in (place - 1, place - 2):
                    if ahead in at_last and ahead >= 0 and paragraph[ahead] == home:
                        return at_last[ahead], place
                if place + 1 in at_first and paragraph[place + 1] == home:
                    return at_first[place + 1], place
            place += step
        return None

    found: list[Said] = []
    for q in range(len(stretches)):
        article, start, end = (int(array[q]) for array in (stretches.article, stretches.start, stretches.end))
        first, last, home = int(stretches.first[q]), int(stretches.last[q]), int(stretches.paragraph[q])
        text = tokens.texts[article]
        spoken = last - first + 1
        hit = look(last + 1, 1, home) or look(first - 1, -1, home)
        if (
            hit is None
            and first > 0
            and first - 1 in at_last
            and text[tokens.end[first - 1] : start].strip().startswith(":")
        ):
            hit = (at_last[first - 1], -1)
        before = found[-1] if found and found[-1].article == article else None
        same = before is not None and (
            stretches.continues[q] or (stretches.paragraph[before.stretch] == home and before.mention >= 0)
        )
        mention, cue = hit if hit else (before.mention if before and same else -1, -1)
        near = bool(hit) and (
            word(max(first - 1, 0)) in verbs or word(min(last + 1, size - 1)) in verbs or spoken > SCARE
        )
        ended = bool(_SPEECH_END.search(text[start:end])) or text[end + 1 : end + 2] == ","
        named = first > 0 and any(word(max(first - back, 0)) in _NAMING for back in (1, 2))
        speech = stretches.mark[q] in (LABEL, POST) or (
            not named and (spoken > SCARE or near or (ended and mention >= 0 and spoken > 1))
        )
        small = text[start].islower()
        found.append(
            Said(
                article, start, end, ("mixed" if small and spoken < 3 * _NEAR else "direct") if speech else "scare", q,
                mention if speech else -1, (cue, cue) if cue >= 0 else None, 0.8 if hit else 0.5,
                bool(stretches.continues[q]),
            )
        )  # fmt: skip
    return found


# A name or a short phrase with an article, in languages that are read without mentions.
_CAPITAL = r"[^\W\d_a-zà-ÿа-яё][\w’'-]*"
_NAME = rf"(?:{_CAPITAL}\.?)(?:\s+(?:(?:de|du|von|van|der|den|del|la|le|bin|al)\s+){{0,3}}{_CAPITAL}){{0,4}}"
_PHRASE = {
    "fr": r"(?:le|la|l['’]|les|un|une)\s?[\w-]+",
    "de": r"(?:der|die|das|ein|eine)\s[\w-]+(?:\s[A-ZÄÖÜ][\w-]+)?",
    "es": r"(?:el|la|los|las|un|una)\s[\w-]+",
}
_PRONOUN = {"fr": "il|elle|ils|elles|on", "de": "er|sie|es", "es": "él|ella|ellos|ellas"}


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]] | None:
    verbs = load_cue_verbs(language)
    if not verbs or language not in _PHRASE:
        return None
    verb = "(?:" + "|".join(sorted(map(re.escape, verbs), key=len, reverse=True)) + ")"
    who = rf"(?P<who>{_PRONOUN[language]}|{_NAME}|{_PHRASE[language]})"
    inverted = rf"(?P<cue>{verb})(?:[-\s]t)?[-\s]+(?:der\s|die\s)?{who}\b"
    extra = r"(?:,[^,.:«“„]{1,60},)?\s+(?:a\s|ha\s|hat\s|s['’])?"
    phrases = "|".join(map(re.escape, load_cue_phrases(language)))
    behind = re.compile(rf"[\s,.»”“\"-]{{0,4}}(?:a[-\s])?(?:{inverted}|(?P<cue2>{phrases})\s+(?P<who2>{_NAME}))")
    plain = re.compile(rf"[\s,.»”“\"–—-]{{0,5}}(?P<who>{_PRONOUN[language]}|{_NAME})\s(?:a\s)?(?P<cue>{verb})\b")
    ahead = re.compile(
        rf"(?:\b{who}{extra}(?P<cue>{verb})\b[^.!?«“„\"]{{0,60}}|(?P<cue2>(?i:{phrases}))\s+(?P<who2>{_NAME})\b[^.!?«“„\"]{{0,40}})$"
    )
    return behind, plain, ahead


def find_by_patterns(article: int, text: str, stretches: Sequence[Stretch], language: str) -> list[Said]:
    """Decide on the stretches of an article in another language than English.

    Examples
    --------
    >>> text = "« Nous partons demain matin », a déclaré Anne Roux."
    >>> from mediakit.analyses.quote_marks import find_stretches
    >>> [text[slice(*one.speaker)] for one in find_by_patterns(0, text, find_stretches(text), "fr")]
    ['Anne Roux']
    """
    patterns = _patterns(language.split("-")[0])
    verbs = load_cue_verbs(language.split("-")[0])
    found: list[Said] = []
    attribution, paragraph, at = -1, 0, 0
    for stretch in stretches:
        # Paragraphs are counted by lines that hold something.
        paragraph += sum(1 for line in text[at : stretch.start].split("\n")[1:] if line.strip())
        at = stretch.start
        words = _WORD.findall(text[stretch.start : stretch.end])
        one = Said(
            article, stretch.start, stretch.end, "direct" if len(words) > SCARE else "scare", paragraph=paragraph
        )
        one.continues = stretch.continues
        match = None
        if patterns:
            behind, plain, ahead = patterns
            line = text.rfind("\n", 0, stretch.start) + 1
            left = text[max(line, stretch.start - 200) : stretch.start].rstrip(" \xa0\u202f«»“„”\"'‘")
            shift = max(line, stretch.start - 200)
            match = behind.match(text, stretch.end + 1) or plain.match(text, stretch.end + 1)
            offset = 0
            if match is None:
                match, offset = ahead.search(left), shift
        if match:
            part = "" if match["who"] else "2"
            one.speaker = (match.start("who" + part) + offset, match.end("who" + part) + offset)
            one.cue_span = (match.start("cue" + part) + offset, match.end("cue" + part) + offset)
            one.posture = verbs.get(match["cue" + part], "neutral")
            one.name = text[slice(*one.speaker)]
            one.kind = "direct"
            one.confidence = 0.7
        elif one.continues and found:
            one.speaker, one.name = found[-1].speaker, found[-1].name
        if one.kind == "direct" and one.speaker is None:
            one.note = (
                f"language {language}: no rule found the speaker" if patterns else f"language {language}: no rules"
            )
        attribution += not (one.continues and found)
        one.attribution = attribution
        found.append(one)
    return found
