"""What an article prints about a source: titles before the name, appositions behind it, the role phrase itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from mediakit.analyses.source_names import NAME, is_person, is_title, places_of, split_head, words_of
from mediakit.analyses.word_classes import load_word_lists

_MOST_MENTIONS = 12  # of a name that are looked at; the first ones describe it
_TITLE = 90  # characters before a name that may describe it
_TAIL = 170  # characters behind
_NEAR = 160  # characters on both sides that may tell a party
_SHORT = 3  # letters of an acronym
_ELECTORAL = 3  # words of elections that an article on one has at least
_HONORIFIC = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|M|Mme|Herr|Frau|Señor|Señora)\.?\s+", re.I)
_TITLES = re.compile(
    r"^(?:(?:Former|Ex-|Then-|Interim|Acting|Retired|Deputy|Chief|Vice|Assistant|Lt|Sens?|Reps?|Govs?|Gen|Col|Capt|Sgt|Rev|Prof|Judge"
    r"|Justice|President|Senator|Governor|Mayor|Secretary|Minister|Chancellor|Commissioner|Sheriff|Pastor|Professor|Director"
    r"|Attorney|General|King|Queen|Prince|Princess|Pope|Congressman|Congresswoman|Speaker|Chairman|Chairwoman|Spokesman"
    r"|Spokeswoman|Ambassador|CEO|Officer)\.?\s+)+"
)
# A full stop that ends a sentence, not one behind "Sen" or "U.S".
_STOP = (
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSen)(?<!\bRep)(?<!\bSens)(?<!\bReps)(?<!\bGov)(?<!\bGen)(?<!\bLt)"
    r"(?<!\bCol)(?<!\bCapt)(?<!\bSgt)(?<!\bAdm)(?<!\bRev)(?<!\bProf)(?<!\bSt)(?<!\bJr)(?<!\b[A-Z])\."
)
_ENDS = re.compile(rf"{_STOP}|[!?;:—\n“”\"]|\s(?:said|says|told|added|who)\b")
_ELECTION = re.compile(
    r"\b(?:nominee|candidates?|campaigns?|presidential|primary|election|ballot|voters|Wahlkampf|campagne électorale)\b",
    re.I,
)
_LINKED = re.compile(
    r"\s+((?:who|of|from|at|close to|in|inside|within|familiar with)\s+(?:(?!\b(?:said|says|told|added|confirmed"
    r"|explained|asked|noted|warned|insisted|argued|that)\b)[^.,;“”\"\n]){3,80})"
)
_AHEAD = re.compile(
    r"(?<![Ff]rom )(?<![Oo]n )(?<![Ii]n )(?<![Tt]o )(?<![Aa]t )(?<![Ww]ith )"
    r"(?<!into )(?<!over )(?<!reached )(?<![Bb]y )(?<![Aa]fter )(?<![Aa]s )"
    r"\b((?:(?i:the|its|their|his|her|an?|another|one)|[A-Z][\w-]+(?:’|')s)\s[^,.;:“”\"\n]{3,70}),\s$"
)
# What begins an apposition that describes: "a lawyer for", "who leads", "director of", "Ohio chairman of".
_DESCRIBES = re.compile(
    r"(?:[A-Z][\w-]+(?:’|')s|an?|the|its|their|one of|whose|of|from|former|retired|then|deputy|vice|chief|senior"
    r"|associate|assistant|head|director|president|chair\w*|(?:co-)?founder|executive|professor|leader"
    r"|secretary|spokes\w+|author|editor|mayor|governor|general"
    r"|manager|attorney|lawyer|owner|ceo|policy|member"
    r"|who \w+"
    r"|(?!(?:\w+ing|\w+ed|said|says|told|tells|wrote|which|that|this|these|and|but|or|when|where|while|as|if|because|not|also|he|she"
    r"|it|they|we|one|most|many|some|all|who|is|was|were|are|will|would|has|had)\b)(?:[\w-]+\s+){1,3}(?:of|for|at)"
    r"|(?:[\w-]+\s+){1,3}(?:director|chair\w*|president|spokes\w+|manager|officer|secretary|editor|professor|analyst|strategist|fellow)"
    r"|(?-i:[A-Z])[\w’'-]+(?:\s+[A-Z]?[\w’'-]+){0,3}\s+(?:of|for|at|director|spokes\w+|chair\w*|president|leader))\b",
    re.I,
)


@dataclass(frozen=True)
class Evidence:
    """What an article prints about a source.

    `head` is the source as printed; `roles` describe it; `body` names the person, organisation or document; `around`
    are looser neighbours, such as what a possessive belongs to; `near` are the words around the first mentions; `place`
    tells that the name is a place; `text` is the article, where those are looked up for whom somebody speaks.
    """

    head: str
    roles: tuple[str, ...] = ()
    body: str | None = None
    around: tuple[str, ...] = ()
    age: bool = False
    context: str = ""
    mentions: int = 0
    election: bool = False
    near: str = ""
    place: bool = False
    text: str = field(default="", repr=False)


def gather_evidence(text: str, start: int, end: int, *, name: str | None = None) -> Evidence:
    """Collect what an article prints about the source at a place.

    Parameters
    ----------
    text : the article's text
    start, end : of the source as printed
    name : the fullest name of the source in the article, optional
        Default: the name within the span.

    Returns
    -------
    Evidence

    Examples
    --------
    >>> text = "“No,” said Ana Ruiz, a spokeswoman for the harbour union. Ruiz left."
    >>> gather_evidence(text, 58, 62).roles
    ('a spokeswoman for the harbour union',)
    """
    head = " ".join(text[start:end].split()).strip(" ,.;:“”\"'’")
    head = re.sub(r"(?:’|')s$", "", head)
    if head.casefold() in ("who", "which", "that", "whom"):
        head = _antecedent(text, start) or head
    election = _is_electoral(text)
    printed, inside = split_head(head)
    full = printed
    if name and name.split()[-1][:1].isupper() and (not printed or f" {name}".endswith(f" {printed}")):
        full = name
    roles = [role for role in inside if role]
    if full and (_HEADING.fullmatch(full) or (full == head and _is_common(full, text))):
        full, roles = None, [*roles, head]  # "Poll: …" in a headline is no name
    if full and full.isupper() and len(full) > _SHORT and full.title() in text:
        full = full.title()  # "REED:" in a transcript
    if not full:
        roles += _apposition(text, end, named=False)
        roles += _author(text, head, start)
        return Evidence(
            head, tuple(dict.fromkeys(roles)), None, (), context=_context(text, start, end), election=election,
            near=text[max(0, start - _NEAR) : end + _NEAR], text=text,
        )  # fmt: skip
    bare = _TITLES.sub("", _HONORIFIC.sub("", full)).strip() or full
    around: list[str] = []
    near: list[str] = []
    words = bare.split()
    key = bare if len(words) > 3 or bare.isupper() else words[-1]
    key = re.sub(r"(?:’|')s$", "", key)
    first = start
    age, mentions = False, 0
    if len(key) > 1:
        for start_of, end_of in places_of(text, key):
            begin, longer = _whole_name(text, start_of, key)
            if (
                " " in bare
                and longer.endswith(f" {bare}")
                and longer.split()[0].casefold() not in load_word_lists().given
            ):
                begin, longer = begin + len(longer) - len(bare), bare  # "Secretary of State Ana Ruiz"
            given = longer.split()[0]
            if longer != key and " " in bare and not _same_given(given, bare):
                continue  # somebody else of that surname
            mentions += 1
            first = start_of if mentions == 1 else first
            if mentions > _MOST_MENTIONS:
                continue
            age = age or re.match(r",\s*\d{1,2}\s*[,.]", text[end_of : end_of + 8]) is not None
            headline = text.find("\n") > start_of  # where every word has a capital
            if len(longer.split()) > len(bare.split()) and longer.endswith(key) and not headline:
                bare = longer
            roles += _before(text, begin)
            roles += _apposition(text, end_of)
            around.append(_right_after(text, end_of))
            near.append(text[max(0, begin - _NEAR) : end_of + _NEAR])
    told = tuple(dict.fromkeys(role for role in roles if role))
    context = _context(text, first, first + len(key))
    age = age or re.search(r",\s*\d{2}\b", head) is not None
    # "in Lissmar": a name that is twice a place is one.
    lies = not is_person(bare) and len(re.findall(rf"\b(?:[Ii]n|[Ff]rom|[Nn]ear|to) {re.escape(bare)}\b", text)) >= 2
    return Evidence(head, told, bare, tuple(around), age, context, mentions, election, "\n".join(near), lies, text)


@lru_cache(maxsize=64)
def _is_electoral(text: str) -> bool:
    """Whether an article is on an election, or speaks of one more than in passing."""
    return len(_ELECTION.findall(text)) >= _ELECTORAL


def _author(text: str, head: str, start: int) -> list[str]:
    """Return by whom a document is, where it was brought in: "the poll" after "a Lissmar University poll"."""
    found = _DOCUMENT.search(head) or _HEADING.fullmatch(head)
    if found is None or re.search(r"[A-Z]", head[1:]):
        return []
    start = len(text) if found[0] == head and found.re is _HEADING else start
    word = re.escape(found[1].rstrip("s"))
    known = re.search(
        rf"(?P<before>(?:[A-Z][\w’'/-]+\s+(?:of\s+|for\s+)?)+)(?:[a-z]+\s){{0,2}}{word}s?\b"
        rf"|\b{word}s?\s(?:[^.,;“”\"]{{0,60}}?\s)?(?:by|from)\s(?:the\s)?(?P<behind>[A-Z][^.,;“”\"]{{2,60}})",
        text[:start],
    )
    return [(known["before"] or known["behind"]).strip()] if known else []


_DOCUMENT = re.compile(
    r"^(?:the|this|that)\s(?:[a-z-]+\s)?(polls?|surveys?|stud(?:y|ies)|reports?|analysis|letter|statement|document|lawsuit"
    r"|survey|findings|article|editorial|e-?mails?|memo|book)$",
    re.I,
)


_HEADING = re.compile(r"(Poll|Survey|Study|Report)")


def _is_common(word: str, text: str) -> bool:
    """Whether a lone capitalised word is none of a name: people, or a word that the article also prints small."""
    if " " in word or not word[1:].islower():
        return False
    small = word.casefold()
    return (
        load_word_lists().classes.get(small) == "S"
        or re.search(rf"(?<![\w’'-]){re.escape(small)}(?![\w’'-])", text) is not None
    )


def _same_given(given: str, full: str) -> bool:
    """Whether a given name may belong to a person of the same surname: the same, an initial, or one with a title."""
    first = full.split()[0]
    return given in full.split() or given[0] == first[0] or not first[:1].isupper()


def _antecedent(text: str, start: int) -> str | None:
    """Return the phrase that a relative pronoun stands for: what is between the last verb or mark and it."""
    left = re.split(rf"{_STOP}|[;:“”\"\n]", text[max(0, start - 110) : start])[-1].rstrip(" ,")
    names = list(NAME.finditer(left))
    if names and names[-1].end() == len(left):
        return names[-1][0]
    found = re.search(r"(?:\b(?:the|a|an|two|three|some|many)\s+)?(?:[\w’'-]+\s+){0,3}[\w’'-]+$", left)
    return found[0] if found else None


def _context(text: str, start: int, end: int) -> str:
    """Return the sentence or so around a mention."""
    begin = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start), start - 160) + 1
    stops = [stop for stop in (text.find("\n", end), text.find(". ", end)) if stop >= 0]
    return text[begin : min([*stops, end + 160])]


def _whole_name(text: str, place: int, key: str) -> tuple[int, str]:
    """Return where the name around a mention begins, with its first names, and the name."""
    left = text[max(0, place - 45) : place]
    # "J. Ruiz" and "Gov. Ruiz", but not the end of the sentence before: "in Lissmar. Ruiz".
    found = _GIVEN.search(left)
    if not found:
        return place, key
    words = found[0].split()
    cut = [
        number
        for number, word in enumerate(words)
        if word.strip(".").casefold() in words_of("titles")
        or word.casefold() in words_of("function")
        or word.endswith(("’s", "'s", "’", "'"))
        or is_title(word, number, len(words) + 1)
    ]
    given = found[0]
    for word in words[: cut[-1] + 1] if cut else ():
        given = given[given.index(word) + len(word) :].lstrip()
    given = _HONORIFIC.sub("", _TITLES.sub("", given))
    return place - len(given), f"{given}{key}"


_GIVEN = re.compile(
    r"(?:(?:[A-ZÀ-ÖØ-Þ][\w’'-]*|(?:[A-Z]|Mrs?|Ms|Dr|Sens?|Reps?|Gov|Gen|Lt|Col|Capt|Sgt|Rev|Prof|Jr|St)\.|[A-Z]\.[A-Z]\.)"
    r"[ \t]+){1,3}(?:(?:de|da|di|del|della|van|von|der|la|le|al|bin|dos|du)[ \t]+)*$"
)


def _before(text: str, begin: int) -> list[str]:
    """Return the title in front of a name: the words up to a mark, a verb or a function word."""
    left = text[max(0, begin - _TITLE) : begin]
    if not left or not left[-1].isspace():
        return []
    ahead = _AHEAD.search(left)  # "The chairman of the Port Union, Ana Ruiz, said"
    # "The plan was presented by the minister, Ana Ruiz": the first of its phrases that is about a person.
    for begun in _PHRASE.finditer(ahead[1]) if ahead else ():
        phrase = ahead[1][begun.start() :] if ahead else ""
        if _is_person_word(re.split(r"\s(?:of|for|at|in|with|who|to|from|on|by|was|were|is)\s", phrase)[0].split()[-1]):
            return [phrase]
    cut = [found.end() for found in _ENDS.finditer(left)]
    left = (left[cut[-1] :] if cut else left).rsplit(",", 1)[-1]
    words = left.split()
    held = _office(words)
    kept = words[held:]  # "minister of state for external affairs"; what stands before it is looked at next
    for word in reversed(words[:held]):
        joined = word.casefold() == "and" and kept and kept[0].islower()
        dash = not any(map(str.isalnum, word))
        if (_is_functional(word) and not joined) or _is_verb(word) or dash or len(kept) >= _LONGEST_TITLE:
            break
        kept.insert(0, word)
    title = " ".join(kept)
    listed = _LISTED.search(text[max(0, begin - _TITLE) : begin])  # "Reps. Ana Ruiz and Bo Venn"
    if listed:
        return [listed[1]]
    if _WROTE.search(text[max(0, begin - 12) : begin + 90]) or _WRITING.search(text[max(0, begin - _TITLE) : begin]):
        return ["writer"]  # "wrote Ana Ruiz in the Harbour Tribune"
    if re.search(r"\b\w+s of\b", title):  # "rabid fans of Republican candidate"
        return []
    if not kept or re.search(r"\bof$|\bpercent\b|%", title) or (held == len(words) and not _is_noun(kept[-1])):
        return []
    return [title] if re.search(r"[^\W\d_]{2}", title) else []


def _office(words: list[str]) -> int:
    """Return where an office begins that takes all words to the end, or their number: "director of the Port Fund"."""
    for at, (word, link) in enumerate(pairwise(words[:-1])):
        rest = words[at + 2 :]
        if (
            link in _LINKS
            and _is_listed(word.strip("()").casefold())
            and not word.endswith("s")
            and not any((_is_functional(one) and one not in (*_LINKS, "the", "and")) or _is_verb(one) for one in rest)
            and rest[-1] not in (*_LINKS, "the", "and")
            and len(rest) < _LONGEST_TITLE
        ):
            return at
    return len(words)


_LINKS = ("of", "for", "to", "at")
_LONGEST_TITLE = 7  # words


def _is_functional(word: str) -> bool:
    return word.casefold().strip("()") in words_of("function")


def _is_verb(word: str) -> bool:
    plain = word.casefold().strip("()")
    return word.islower() and plain.endswith("ed") and plain not in ("retired", "united", "elected", "appointed")


_PHRASE = re.compile(
    r"(?<!from )(?<!on )(?<!in )(?<!to )(?<!at )(?<!with )(?<!into )(?<!over )(?<!after )(?<!as )"
    r"\b(?:(?i:the|its|their|his|her|an?|another|one)\s|[A-Z][\w-]+(?:’|')s\s)"
)
_LISTED = re.compile(
    r"\b((?:Republican |Democratic )?(?:Reps|Sens|Govs|Senators|Representatives|Governors|Ministers|Professors)\.?)\s+"
    r"(?:[A-Z][\w’'.-]+\s+(?:\([^()]*\)\s+)?){1,4}and\s$"
)
_WRITING = re.compile(r"\b[Ww]riting (?:for|in|on) (?:the |an? )?[A-Z][^.;“”\"\n]*,\s$")
_WROTE = re.compile(r"\b(?:wrote|writes)\s+(?:[A-Z][\w’'.-]+\s+){2,3}(?:in|on|for|at)\s+(?:the\s+)?[A-Z]")


def _is_person_word(word: str) -> bool:
    """Whether a word stands for a person or for several: "manager", "aides", "hopeful"."""
    plain = word.strip("().,’'").casefold()
    return _is_listed(plain) or (word.islower() and plain.endswith(_PERSONAL))


def _is_listed(plain: str) -> bool:
    """Whether a word is on a list of roles or titles."""
    lists = load_word_lists()
    return plain in lists.roles or plain in lists.titles or lists.classes.get(plain, "") in ("R", "S")


_PERSONAL = (
    "man", "woman", "person", "ist", "ian", "eer", "ant", "er", "or", "hopeful", "mogul", "magnate", "chief", "nominee",
    "ers", "ors", "ists", "ians",
)  # fmt: skip


def _is_noun(word: str) -> bool:
    """Whether a word can end a title: capitalised, a role or kind of body, or formed like one."""
    plain = word.strip("().,’'").casefold()
    lists = load_word_lists()
    return (
        word[:1].isupper()
        or plain in lists.roles
        or plain in lists.titles
        or lists.classes.get(plain, "") in ("R", "S", "b")
        or plain.endswith((*_PERSONAL, "ice", "istre", "in"))
    )


def _apposition(text: str, end: int, *, named: bool = True) -> list[str]:
    """Return what follows a name between commas or brackets, or behind "who", "of" and "from"."""
    tail = text[end : end + _TAIL].split("\n", 1)[0]
    bracket = re.match(r"\s?\(([^()]{2,60})\)", tail)
    found = [f"({bracket[1]})"] if bracket else []
    if bracket:
        tail = tail[bracket.end() :]
    if tail.startswith(","):
        inner = re.sub(r"^,\s*(?:\d{1,2}\s*,\s*)?", "", tail)
        stop = _STOPS.search(inner)
        piece = inner[: stop.start()] if stop else inner
        if (
            _POST.fullmatch(piece) and stop and re.match(r",\s[A-Z]", inner[stop.start() :])
        ):  # "Ana Ruiz, CEO, Port Group"
            behind = inner[stop.end() :]
            more = _STOPS.search(behind)
            piece += f", {behind[: more.start()] if more else behind}"
            found.append(piece)
        elif _DESCRIBES.match(piece) or _is_role(piece):
            found.append(piece)
            more = re.match(r",\s*((?:an?|the|who|whose)\s[^,;“”\"]{4,100})", inner[stop.start() :]) if stop else None
            found += [more[1]] if more else []
    else:
        linked = _LINKED.match(tail)
        if linked and (not named or re.match(r"who\s|\w+\s+(?:the\s+)?[A-Z]", linked[1])):
            found.append(linked[1].strip())
    return found


def _is_role(piece: str) -> bool:
    """Whether words without an article say what somebody is: "climate and air spokeswoman for Harbour Watch"."""
    words = re.split(r"\s(?:of|for|at|in|on|with|who|from|to)\s", f"{piece} ".replace(" and ", " & "))[0].split()
    if not words or len(words) > _LONGEST_ROLE or any(word.casefold() in words_of("function") for word in words):
        return False
    plain = words[-1].strip("().,’'").casefold()
    return _is_listed(plain) or (words[-1].islower() and plain.endswith(("ist", "ian", "woman", "eer")))


_LONGEST_ROLE = 9  # words
_POST = re.compile(r"[CM][A-Z]?[DOP]|MLA|MEP|MSP|[KQS]C|TD")  # CEO, MD, MP
_STOPS = re.compile(rf",\s|(?:{_STOP}|;)(?=\s+[A-Z“\"]|\s*$)|[“”\"]|''|\s(?:said|says|told|added)\b")


def _right_after(text: str, end: int) -> str:
    """Return the two words behind a mention, to see what it owns: "Ruiz's campaign", "the Ruiz team"."""
    if text[end : end + 1] not in (" ", "’", "'"):
        return ""
    return " ".join(re.sub(r"^(?:’|')s", "", text[end : end + 40]).split()[:2])


def widen_anonymous(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the whole phrase of a source without a name: "the source at NATO" for "the source", or for "NATO".

    Examples
    --------
    >>> text = "The source at NATO added that nobody knew."
    >>> [text[slice(*widen_anonymous(text, *span))] for span in ((0, 10), (14, 18))]
    ['The source at NATO', 'The source at NATO']
    """
    left = _WITHHELD_LEFT.search(text[max(0, start - 60) : start])
    if left:
        start -= len(left[0])
    if _WITHHELD.search(text[start:end]):
        right = _WITHHELD_RIGHT.match(text[end : end + 90])
        if right:
            end += len(right[0])
    return start, end


_WITHHELD = re.compile(r"\b(?:sources?|officials?|persons?|people|aides?|insiders?|diplomats?)$", re.I)
_WITHHELD_LEFT = re.compile(
    r"(?:\b(?:an?|the|one|two|several|some)\s+)?(?:[\w-]+\s+){0,2}\b(?:sources?|officials?|person|people|aides?"
    r"|insiders?)\s+(?:close to|at|in|inside|within|near|from|familiar with)\s+$",
    re.I,
)
_WITHHELD_RIGHT = re.compile(
    r"\s+(?:close to|at|in|inside|within|near|from|familiar with)\s+(?:the\s+)?"
    r"(?:[A-Z][\w’'-]*|government|ministry|talks|matter|delegation|negotiations|police|president|party|company|court)"
    r"(?:\s+(?:[A-Z][\w’'-]*|government|ministry|administration))*"
)
