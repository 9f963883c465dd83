"""Runs of capitals, and the names in them: with titles and offices, bodies and the persons who speak for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mediakit.analyses.mention_kinds import BODY, GENDERS, NAME, ROLE, Row
from mediakit.analyses.name_splits import (
    DETERMINERS,
    OVER,
    PORTFOLIOS,
    are_one_office,
    before_name,
    body_before_person,
    goes_on,
    office_inside,
)
from mediakit.analyses.word_classes import load_common_words, load_word_lists

# "Texas-based Ana Ruiz", "Russian-backed rebels": no part of a name.
_JOINED = frozenset((
    "based", "led", "backed", "born", "run", "owned", "style", "era", "wide", "area", "controlled", "held",
    "trained", "made", "occupied", "speaking", "sponsored", "aligned", "friendly", "bound", "educated", "raised",
    "funded", "linked",
))  # fmt: skip
_PARTISAN = frozenset(("republican", "democratic", "democrat", "independent", "libertarian", "conservative"))
_FORMAL = frozenset(("dr", "prof", "professor", "mr", "mrs", "ms", "sir", "datuk"))
# Last words of what is named and is nobody.
_THINGS = frozenset((
    "act", "show", "garden", "gardens", "square", "live", "tonight", "journalism", "amendment", "bill", "treaty",
    "agreement", "accord", "accords", "pact", "award", "awards", "prize", "cup", "war", "crisis", "revolution",
    "movement", "festival", "summit", "forum", "index", "survey", "poll", "report", "review", "data", "project",
    "program", "programme", "initiative", "plan", "deal", "strategy", "policy", "doctrine", "syndrome", "virus",
    "disease", "law", "laws", "code", "convention", "protocol", "declaration", "constitution", "election", "elections",
    "referendum", "games", "olympics", "tour", "museum", "theatre", "theater", "hall", "avenue", "boulevard", "street",
    "highway", "river", "lake", "mountain", "mountains", "sea", "ocean", "gulf", "island", "islands", "valley",
    "airport", "station", "tower", "towers", "palace", "mall", "hotel", "bridge", "canal", "stadium", "arena", "prison",
    "app", "website", "magazine", "podcast", "blog", "channel", "radio", "press", "media", "online", "fund",
    "district", "county", "province", "peninsula", "strip", "border", "zone", "house",
))  # fmt: skip
_MOST_PORTFOLIOS = 6  # of one minister; keeps the work in proportion to the text
_GENDER = {name: code for code, name in enumerate(GENDERS)}
_J = ord("J")


@dataclass(slots=True)
class Run:
    """A run of capitals while it is read.

    Attributes
    ----------
    string : bytes
        The classes of the words and gaps of all articles; see `word_classes`.
    place : list of int
        The word that each of them belongs to.
    lower : tuple of str
        The distinct words in lower case; terms : list of int, which of them each word is.
    match : re.Match
        The run in `string`.
    """

    string: bytes
    place: list[int]
    lower: tuple[str, ...]
    terms: list[int]
    match: re.Match[bytes] = field(init=False)

    def word(self, at: int) -> str:
        """Return a word of the text in lower case."""
        return self.lower[self.terms[at]]

    def words(self, first: int, last: int) -> list[str]:
        """Return the words of the text from one place to another, in lower case."""
        return [self.lower[code] for code in self.terms[first : last + 1]]


def add_name(run: Run, rows: list[Row], role: int) -> None:
    """Add the names of a run of capitals; `role` is where a role right before it begins, or -1."""
    written, word, (begin, end) = run.match[0], run.word, run.match.span()
    first, last = run.place[begin], run.place[end - 1]
    head, title, gender = first, -1, 0
    gap = run.string[begin - 1 : begin]
    if len(written) == 1 and gap == b"(" and len(word(first)) == 1:
        return  # "Ana Ruiz (D) said"
    lists = load_word_lists()
    if b"-" in written[1:-1]:
        joined = written.rindex(b"-", 1, len(written) - 1)
        if word(run.place[begin + joined + 1]) in _JOINED:
            if joined + 2 == len(written):  # "London-based watchdog"
                return
            head, written = run.place[begin + joined + 2], written[joined + 2 :]
    if len(written) > 1:
        following = run.words(head, last)
        ahead = before_name(written, following)
        # "Republican Donald Trump", but not "Western Journalism".
        if written[0] == _J and b"B" not in written and _describes(word(first), word(first + 1)):
            head, written = first + 1, written[1:]
        elif ahead:  # "AFP Ana Ruiz", "the Latvian Ana Ruiz"
            head, written = head + ahead, written[ahead:]
        elif len(written) > 2 and b"B" not in written and written.isalpha():
            head, written = _without_words(head, written, following)
    if gap == b"&" and first == head and _goes_on(run, rows, run.words(head, last)):
        rows[-1] = (rows[-1][0], last, *rows[-1][2:])  # "the Ministry of Health and Welfare"
        return
    if len(written) > 2:
        title, head, gender = _split(run, rows, written, head, last)
        if title >= 0:
            first, written = title, written[len(written) - (last - head + 1) :]
    if role >= 0 and head == run.place[begin] and rows and rows[-1][3] == ROLE and rows[-1][5] != 2:
        gender = rows.pop()[4]
        title = first = role
        before = rows[-1] if rows else None
        if before and before[3] == ROLE and before[1] == title - 2 and word(title - 1) == "and":
            one = are_one_office(word(before[2]), word(head - 1)) and word(before[0]) not in DETERMINERS
            title = first = rows.pop()[0] if one else title  # "president and chief executive Ana Ruiz"
        elif (
            before
            and word(head - 1) in _FORMAL
            and head - title > 2
            and _office_before(run, rows, title, len(rows) - 1)[0] >= 0
        ):
            title = first = rows.pop()[0]  # "director of the Lissmar Hospital Dr Ana Ruiz"
    if gender == 3:
        gender = 0
    before = rows[-1] if title > 1 and rows else None
    if before and before[1] == title - 2 and word(title - 1) in ("and", "&") and PORTFOLIOS.issuperset(
        run.words(before[0], before[1])
    ):  # fmt: skip
        title = first = rows.pop()[0]  # "Environment and Forests Minister Ana Ruiz"
    if b"o" in written and _is_person(written, title, word(head)):
        # "Gov. Ana Ruiz of Ohio": where she is from is no part of the name.
        written = written[: written.index(b"o")]
        last = run.place[begin + run.match[0].index(b"o") - 1]
    is_body = b"B" in written or b"o" in written or (b"N" not in written and b"I" not in written)
    titled = gender in (1, 2) and not (written.endswith(b"B") and len(written) > 2)  # "Sheikh Mujib Medical University"
    if title < 0 and last > head and word(last) in _THINGS and word(head) not in lists.given:
        is_body = True  # "the Lissmar Talk Show": nobody says "she" of it
    kind = BODY if is_body and not titled else NAME
    if kind == BODY:
        gender = 3
    # "Gov. Christie": no given name; nor is "Kim" one in "Kim Woo-joo".
    elif not gender and (title < 0 or last > head) and written[1:4] != b"N-a":
        gender = _GENDER[lists.given.get(word(head), "")]
    rows.append((first, last, head, kind, gender, 1, title))


def _split(run: Run, rows: list[Row], written: bytes, head: int, last: int) -> tuple[int, int, int]:
    """Add the body in a run of words, and return title, name and gender of whom it stands in front of; or -1."""
    begin, end = run.match.span()
    gap, following = run.string[begin - 1 : begin], run.words(head, last)
    if len(written) != len(following):
        return -1, head, 0
    begins, owner = head, rows[-1] if rows and gap == b"'" else None
    if owner and owner[1] == head - 1 and owner[3] <= ROLE and b"B" in written[:-1]:  # "the National Women's Council"
        begins = owner[0] + (run.word(owner[0]) in DETERMINERS)
    office, at_office = -1, -1
    if gap not in (b"|", b"!"):
        office, at_office = _office_before(run, rows, begins, len(rows) - 1 - (begins < head))
    given = _given_behind(written, following)
    given = 0 if b"B" in written[given:] else given  # "president of the Christian Leadership Conference"
    right_behind = office >= 0 and at_office == len(rows) - 1 - (begins < head)
    speaks = run.string[end : end + 1] == b"v"
    gender = 0
    if given and b"o" in written:  # "the Department of Labour Ana Ruiz": whose secretary she is
        rows.append((head, head + given - 1, head, BODY, 3, 1, -1))
        return head, head + given, 0
    if given and office >= 0:
        gender = rows[at_office][4]
        del rows[at_office:]
        if not PORTFOLIOS.issuperset(following[:given]):  # "senator for the Union Ana Ruiz"
            rows.append((head, head + given - 1, head, BODY, 3, 1, -1))
        return office, head + given, gender  # "Minister for Finance Ana Ruiz"
    body = body_before_person(written, following, office=right_behind and speaks)
    if body:  # "director of the Lissmar Hospital Ana Ruiz"
        if begins < head:
            rows.pop()
        if right_behind:
            gender = rows.pop()[4]
        rows.append((begins, head + body - 1, begins, BODY, 3, 1, -1))
        return office if right_behind else begins, head + body, gender
    inner = office_inside(written, following)
    if inner:  # "Lissmar Foods CFO Ana Ruiz"
        rows.append((head, head + inner - 1, head, BODY, 3, 1, -1))
        return head, head + inner + 1, 0
    return -1, head, 0


def _office_before(run: Run, rows: list[Row], head: int, at: int) -> tuple[int, int]:
    """Return where the office begins whose body or portfolio a run names ("director of the …"), and its row; or -1.

    `at` is the row before. Between them may stand other portfolios: "Minister for Environment, Forest and …".
    """
    edge, least = head, max(at - _MOST_PORTFOLIOS, 0)
    while at >= least and rows[at][3] <= BODY and PORTFOLIOS.issuperset(run.words(rows[at][0], rows[at][1])):
        if edge - rows[at][1] - 1 > 1 or (edge - rows[at][1] == 2 and run.word(edge - 1) != "and"):
            break
        edge, at = rows[at][0], at - 1
    if at < 0 or rows[at][3] != ROLE or rows[at][5] == 2:
        return -1, -1
    if edge == head and edge > 1 and run.word(edge - 1) in DETERMINERS:
        edge -= 1
    office = rows[at][1] == edge - 2 and run.word(edge - 1) in OVER
    return (rows[at][0], at) if office else (-1, -1)


def _goes_on(run: Run, rows: list[Row], following: list[str]) -> bool:
    """Whether a run behind "and" goes on with the name of the body before: "the Ministry of Health" and "Welfare"."""
    first = run.place[run.match.start()]
    if not rows or rows[-1][3] != BODY or rows[-1][1] != first - 2 or run.word(first - 1) != "and":
        return False
    return goes_on(run.words(rows[-1][2], rows[-1][1]), following)


def _describes(word: str, following: str) -> bool:
    """Whether a people's or party's name in front of a name describes a person."""
    return word in _PARTISAN or following in load_word_lists().given


def _without_words(head: int, written: bytes, words: list[str]) -> tuple[int, bytes]:
    """Return a name without common words in front of a given name: "Political Affairs Ana Ruiz"."""
    given, common = load_word_lists().given, load_common_words()
    if len(words) != len(written) or words[0] in given or words[0] not in common:
        return head, written
    at = next((at for at, word in enumerate(words[:-1]) if word in given), 0)
    return head + at, written[at:]


def _given_behind(written: bytes, words: list[str]) -> int:
    """Return where in a run of names a person's begins behind other words; 0 where there is none."""
    if len(written) != len(words) or len(words) < 3:
        return 0
    lists = load_word_lists()
    least = written.index(b"o") + 2 if b"o" in written else 1
    over = next((at for at, word in enumerate(words) if word not in PORTFOLIOS), 0)
    if b"o" not in written and over and len(words) - over > 1:
        return over
    for at in range(least, len(words) - 1):
        if words[at] in lists.given and not any(word in lists.given for word in words[:at]):
            return at
    return 0


def _is_person(written: bytes, title: int, first: str) -> bool:
    """Whether what stands before "of" in a name is a person: two or three words, titled or none of a body's name."""
    before = written[: written.index(b"o")]
    person = title >= 0 or first in load_word_lists().given or first not in load_common_words()
    return b"B" not in before and b"A" not in before and len(before) > 1 and person
