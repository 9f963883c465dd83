"""Mentions: where a text speaks of somebody: names with titles, roles ("the spokesman"), pronouns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediakit.analyses.mention_kinds import BODY, GENDERS, INDEFINITE, KINDS, NUMBERS, PRONOUN, ROLE, Row
from mediakit.analyses.name_runs import Run, add_name
from mediakit.analyses.name_splits import DETERMINERS, PORTFOLIOS
from mediakit.analyses.word_classes import LINE, POINT, SPACE, Reading, load_word_lists
from mediakit.articles import check_articles
from mediakit.text.pieces import as_column
from mediakit.text.tokens import tokenize

# One letter per word and, unless it is a plain space, one per gap; see mediakit/analyses/word_classes.py. A genitive
# is followed by ', a sentence that ends by !.
_NAME = (
    rb"(?:(?:[NAB]|J(?=-?[NABI])|I\.?|d(?:\.?(?=[NA])|(?=-[NA]))))"
    rb"(?:(?<=[N])\"[NY]\"(?=N)|(?<=[NA])-[aef]|-?(?:[NABJ]|Y(?=[BNA])|I\.?|dd?(?=-?[NA]))|(?<=[BN])oD?(?=[NAJB])|(?<=oN)rD(?=[NAJB])|(?<=o)S(?=[NB])|(?<=B)oS(?=[NB])|(?<=B)[r&]D?(?=[NAJB])|(?<=[NJ])&(?=NB)"
    rb"|(?<=B)o(?=Y))*"
)
_HEAD = rb"(?:n-[af]-[af]|[RSbT]\.?(?:o[bB])?|J(?![NABIRSbTJ-]))"
MENTION = re.compile(
    # What no mention begins with is passed over at once.
    rb"(?=[-DhnJNABRSbTIdpq]|a(?:-a)?-?(?:[NABJRSbTn]|a-?R)|a-)(?:"
    rb"(?P<role>(?:[Dh](?:n|,?[ae]|-[aev]|J|R(?=-?[NAJ]{1,3}R)){0,3}|n(?:a|J){0,2}|(?:a(?:-a)?|J)?)(?:-?[NABJ]){0,4}?(?:a(?=-?R))?(?:-?"
    + _HEAD
    + rb"(?:(?<=T)a(?=-?R))?)+)"
    rb"|(?P<name>" + _NAME + rb")"
    rb"|(?P<phrase>na(?=v)|[Dh](?:[aeJnN]-?){0,3}a(?=v)|(?<=v)D(?:[aeJn]-?){0,2}a(?=[,.!|\"]))"
    rb"|(?P<pronoun>[ph])"
    rb"|(?P<two>DD(?=[fvaep,.|!\"]))"
    rb"|(?P<indefinite>q|D(?=[ofv,.|!\"])))"
)


@dataclass(frozen=True)
class Mentions:
    """The mentions of a list of articles, in order of their place; every array has one value per mention.

    Attributes
    ----------
    reading : Reading
    first, last : array of int64
        First and last token.
    head : array of int64
        Where the name begins behind titles; the head word of a role.
    kind : array of int8
        NAME, BODY, ROLE, PRONOUN or INDEFINITE.
    gender : array of int8
        Index into GENDERS.
    number : array of int8
        Index into NUMBERS.
    title : array of int64
        Where a role that belongs to a name begins; -1 for none.
    """

    reading: Reading
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    head: NDArray[np.int64]
    kind: NDArray[np.int8]
    gender: NDArray[np.int8]
    number: NDArray[np.int8]
    title: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def article(self) -> NDArray[np.int32]:
        """Index of the article."""
        return self.reading.tokens.article[self.first]

    @cached_property
    def start(self) -> NDArray[np.int32]:
        """First character of the name without titles, or of the role or pronoun."""
        named = self.kind <= BODY
        return self.reading.tokens.start[np.where(named, self.head, self.first)]

    @cached_property
    def end(self) -> NDArray[np.int32]:
        """One past the last character, the ending of a genitive left out."""
        return self.reading.end[self.last]

    @cached_property
    def owner(self) -> NDArray[np.bool_]:
        """Whether it stands in the genitive."""
        lower = self.reading.lower
        possessive = np.fromiter((word in _POSSESSIVE for word in lower), dtype=np.bool_, count=len(lower))
        term = self.reading.tokens.term[self.last]
        return self.reading.owner[self.last] | (possessive[term] & (self.kind == PRONOUN))


_POSSESSIVE = frozenset(["his", "its", "their", "my", "our", "your"])


def find_mentions(articles: pd.DataFrame) -> pd.DataFrame:
    """Find where texts speak of persons and bodies.

    Parameters
    ----------
    articles : DataFrame, one row per article

    Returns
    -------
    DataFrame, one row per mention, in order
        article_id
        start, end : int, characters of the article's text: the name without titles, or the phrase
        kind : "name" (a person, or not known to be a body), "body", "role", "pronoun" or "indefinite"
        head : the word that tells who is meant: the last of a name, the noun of a role
        title : what is printed before a name: "Sen.", "White House spokesman"; missing for none
        gender : "m", "f", "thing"; "first" and "second" for I and you; missing where not known
        number : "one", "many"; missing where not known
        text : the mention

    Notes
    -----
    Names are runs of capitalised words; at the start of a sentence a word that the article also prints small is none.
    Titles, roles, bodies and given names are lists (`mediakit/analyses/people_words.toml`). English.

    Examples
    --------
    >>> from mediakit import make_articles
    >>> text = "White House aide Helen Bell spoke. The aide said she was glad."
    >>> found = find_mentions(make_articles([{"text": text, "language": "en"}]))
    >>> found[["kind", "text"]].values.tolist()
    [['name', 'Helen Bell'], ['role', 'The aide'], ['pronoun', 'she']]
    >>> found.loc[0, ["title", "gender"]].tolist()
    ['White House aide', 'f']
    """
    check_articles(articles, need=("article_id", "text"))
    tokens = tokenize(articles, progress=False)
    return mentions_frame(read_mentions(Reading(tokens)))


def mentions_frame(found: Mentions) -> pd.DataFrame:
    """Return mentions as a table, as `find_mentions`."""
    tokens = found.reading.tokens
    texts = tokens.texts
    places = list(zip(found.article.tolist(), found.start.tolist(), found.end.tolist(), strict=True))
    lower = found.reading.lower
    heads = np.where(found.kind <= BODY, found.last, found.head)
    titles = [
        texts[article][begin:start].strip() if title >= 0 else None
        for article, title, begin, start in zip(
            found.article.tolist(), found.title.tolist(), tokens.start[found.title].tolist(), found.start.tolist(),
            strict=True,
        )
    ]  # fmt: skip
    return pd.DataFrame(
        {
            "article_id": tokens.articles["article_id"].take(found.article).reset_index(drop=True),
            "start": found.start.astype(np.int64), "end": found.end.astype(np.int64),
            "kind": as_column([KINDS[kind] for kind in found.kind.tolist()]),
            "head": as_column([lower[term] for term in tokens.term[heads].tolist()]),
            "title": pd.Series(titles, dtype="str"),
            "gender": pd.Series([GENDERS[gender] or None for gender in found.gender.tolist()], dtype="str"),
            "number": pd.Series([NUMBERS[number] or None for number in found.number.tolist()], dtype="str"),
            "text": as_column([texts[article][start:end] for article, start, end in places]),
        }
    ).astype({"article_id": "str"})  # fmt: skip


def read_mentions(reading: Reading) -> Mentions:
    """Find the mentions of articles, as arrays.

    Examples
    --------
    >>> from mediakit import make_articles, tokenize
    >>> reading = Reading(tokenize(make_articles([{"text": "Mr. Lee told us.", "language": "en"}])))
    >>> [KINDS[kind] for kind in read_mentions(reading).kind]
    ['name', 'pronoun']
    """
    n = len(reading.kind)
    gap = reading.gap.copy()
    after_owner = np.append(False, reading.owner[:-1]) & (gap == ord(SPACE))
    gap[after_owner] = ord("'")
    short = np.fromiter((word in _SHORTENED for word in reading.lower), dtype=np.bool_, count=len(reading.lower))
    after_short = np.append(False, short[reading.tokens.term][:-1]) & (gap == ord(POINT))
    gap[after_short & ~reading.new_sentence] = ord(SPACE)  # "Lissmar Foods Corp. chief economist"
    gap[reading.new_sentence & (gap != ord(LINE))] = ord("!")
    flat = np.empty(2 * n, dtype=np.uint8)
    flat[0::2] = gap
    flat[1::2] = reading.kind
    keep = flat != ord(SPACE)
    place = (np.flatnonzero(keep) >> 1).tolist()
    string = flat[keep].tobytes() + LINE.encode()  # the last article ends as every other does
    return _describe(reading, string, place)


def _describe(reading: Reading, string: bytes, place: list[int]) -> Mentions:
    """Walk over the matches, once, in order; a role that stands right before a name is its title."""
    lists = load_word_lists()
    terms, lower, kinds = reading.tokens.term.tolist(), reading.lower, reading.kind.tobytes()
    run = Run(string, place, lower, terms)
    rows: list[Row] = []
    before = -1  # where in the string the role just before ended
    first_of_role = 0
    for match in MENTION.finditer(string):
        begin, end = match.span()
        first, last = place[begin], place[end - 1]
        group = match.lastgroup
        if group == "name":
            run.match = match
            add_name(run, rows, first_of_role if before == begin else -1)
        elif group == "role":
            if string[end - 1] == _POINT:  # the point behind "Mr." belongs to the next word
                end, last = end - 1, place[end - 2]
            if match[0][:1] == b"D" and lower[terms[first]] == "that" and len(match[0]) > 1:
                second = place[begin + 1]
                plural = lower[terms[second]], lower[terms[last]]
                if any(word.endswith("s") and not word.endswith("ss") for word in plural):
                    first = second  # "said that critics left": no determiner
            elif match[0][:1] == b"a" and lower[terms[first]].endswith("ly") and last > first:
                first = place[begin + 1]  # "generally people"
            # The head is the last word of the phrase, or the one before "of".
            written = match[0]
            find = written.rfind
            last_of = max(find(b"R"), find(b"S"), find(b"b"), find(b"T"), find(b"J"))
            head = place[begin + last_of] if last_of >= 0 else last  # "the 43-year-old"
            if b"o" in written[-2:]:
                head = place[begin + written.rindex(b"o") - 1]
            word = lower[terms[head]]
            letter = chr(kinds[head])
            named = b"N" in written or b"A" in written or b"B" in written
            following = lower[terms[last + 1]] if string[end : end + 1] in (b"a", b"f") else ""
            if head == last and not named and following and _qualifies(word, letter, following, string[end]):
                before = -1
                if match[0][:1] == b"h":
                    of = lists.pronouns[lower[terms[first]]]
                    rows.append((first, first, first, PRONOUN, _GENDER.get(of, 0), 2 if of == "plural" else 1, -1))
                continue  # "the Democratic platform", "eight general elections"
            bodies = letter == "b" and word in lists.several
            many = letter == "S" or bodies
            gender = _GENDER[lists.roles.get(word) or lists.titles.get(word) or ""] if not many else 0
            if letter == "R" and not gender:
                gender = 2 if word.endswith("woman") else 1 if word.endswith("man") else 0
            if letter == "b":
                gender = 3
            if string[end : end + 2] in (b"-a", b"-e") and lower[terms[place[end + 1]]] in _ELECT:
                last, end = place[end + 1], end + 2  # "the President-elect"
            if gender == 3:
                first = _with_portfolios(lower, terms, first)
            # "Lee's campaign": whose it is belongs to the phrase.
            if string[begin - 1 : begin] == b"'" and rows and rows[-1][1] == place[begin] - 1 and rows[-1][3] <= ROLE:
                first = rows[-1][0]
            while kinds[first] == _NUMBER and first > 0 and kinds[first - 1] == _NUMBER and _is_joined(reading, first):
                first -= 1  # "2,000 members"
            first_of_role, before = place[begin], end + (string[end : end + 1] == b".")
            rows.append((first, last, head, ROLE, gender, 2 if many else 1, -1))
            continue
        elif group == "pronoun":
            of = lists.pronouns[lower[terms[first]]]
            number = 2 if of == "plural" or lower[terms[first]] in ("we", "us", "our") else 1
            rows.append((first, last, last, PRONOUN, _GENDER.get(of, 0), number, -1))
        elif group == "phrase":
            if lower[terms[first]] in _SINGULAR and not _inflected(lower[terms[last + 1]]):
                continue  # "a defiant answer": a noun, though "answer" may be a verb
            counted = match[0][:1] == b"n"  # "14 percent"
            rows.append((first, last, last, ROLE, 0 if counted else 3, 2 if counted else 1, -1))
        elif group == "two" and lower[terms[last]] == "two":
            rows.append((first, last, last, ROLE, 0, 2, -1))
        elif lower[terms[first]] not in _BOUND:
            rows.append((first, first, first, INDEFINITE, 0, 0, -1))
        before = -1
    table = np.array(rows, dtype=np.int64).reshape(-1, 7).T
    kind, gender_of, number_of = table[3:6].astype(np.int8)
    return Mentions(reading, table[0], table[1], table[2], kind, gender_of, number_of, table[6])


def _with_portfolios(lower: tuple[str, ...], terms: list[int], first: int) -> int:
    """Return where "the trade and industry ministry" begins, of which "industry ministry" was found."""
    if first < 2 or lower[terms[first]] not in PORTFOLIOS or lower[terms[first - 1]] != "and":
        return first
    if lower[terms[first - 2]] not in PORTFOLIOS:
        return first
    return first - 3 if first > 2 and lower[terms[first - 3]] in DETERMINERS else first - 2


def _qualifies(word: str, letter: str, following: str, kind: int) -> bool:
    """Whether a word that may stand for a person is an adjective before another word."""
    if letter != "J" and word not in _ADJECTIVES:
        return False
    if kind == ord("f"):
        return following in ("election", "elections")
    return not (word.endswith("s") or following.endswith("ly") or _inflected(following))


def _is_joined(reading: Reading, at: int) -> bool:
    """Whether only one character stands between a word and the one before, as in "2,000"."""
    tokens = reading.tokens
    return tokens.article[at] == tokens.article[at - 1] and tokens.start[at] - tokens.end[at - 1] == 1 and (
        reading.gap[at] == _COMMA
    )  # fmt: skip


def _inflected(verb: str) -> bool:
    """Whether a form may follow one person: "says", "said", "wrote", not "answer"."""
    return verb.endswith(("s", "ed", "ing")) or verb in _PAST


_BOUND = frozenset(("the", "a", "an", "every", "no"))  # determiners that never stand alone
_SINGULAR = frozenset(("a", "an", "this", "each", "every", "another", "one"))
_PAST = frozenset((
    "said", "told", "wrote", "thought", "knew", "saw", "found", "felt", "heard", "read", "swore", "spoke", "sang",
    "taught", "understood", "held", "put", "made", "gave", "took", "began", "went", "can", "could", "will", "would",
    "may", "might",
))  # fmt: skip
_ADJECTIVES = frozenset((
    "general", "chief", "executive", "individual", "liberal", "conservative", "progressive", "moderate", "independent",
    "libertarian", "socialist", "republican", "democrat", "principal", "patient", "expert", "native",
))  # fmt: skip
_NUMBER, _COMMA, _POINT = ord("n"), ord(","), ord(".")
_ELECT = frozenset(("elect", "designate"))
_SHORTENED = frozenset(("corp", "inc", "ltd", "co", "bros", "cos", "llc", "plc"))
_GENDER = {name: code for code, name in enumerate(GENDERS)}
