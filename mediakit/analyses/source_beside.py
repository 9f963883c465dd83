"""The words beside a name in the text: titles before it, appositions behind it."""

from __future__ import annotations

import re
from itertools import pairwise

from mediakit.analyses.source_names import words_of
from mediakit.analyses.word_classes import load_word_lists

_TITLE = 90  # characters before a name that may describe it
_TAIL = 170  # characters behind
# A full stop that ends a sentence, not one behind "Sen" or "U.S".
# Looked at behind the stop: so a pattern that begins with it fails at other signs at once.
STOP = (
    r"\.(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSen\.)(?<!\bRep\.)(?<!\bSens\.)(?<!\bReps\.)(?<!\bGov\.)"
    r"(?<!\bGen\.)(?<!\bLt\.)(?<!\bCol\.)(?<!\bCapt\.)(?<!\bSgt\.)(?<!\bAdm\.)(?<!\bRev\.)(?<!\bProf\.)(?<!\bSt\.)"
    r"(?<!\bJr\.)(?<!\b[A-Z]\.)"
)
_ENDS = re.compile(rf"{STOP}|[!?;:—\n“”\"]|\s(?:said|says|told|added|who)\b")
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


def title_before(text: str, begin: int) -> list[str]:
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
        joined = (word.casefold() == "and" and kept and kept[0].islower()) or (
            word == "&" and kept and kept[0][0].isupper()
        )
        dash = not any(map(str.isalnum, word)) and not joined
        if (_is_functional(word) and not joined) or _is_verb(word) or dash or len(kept) >= _LONGEST_TITLE:
            break
        kept.insert(0, word)
    title = " ".join(kept)
    listed = _LISTED.search(text[max(0, begin - _TITLE) : begin])  # "Reps. Ana Ruiz and Bo Venn"
    if listed:
        return [listed[1]]
    if _WROTE.search(text[max(0, begin - 12) : begin + 90]) or _WRITING.search(text[max(0, begin - _TITLE) : begin]):
        return ["writer"]  # "wrote Ana Ruiz in the Harbour Tribune"
    if of_others := re.search(r"\b\w+s of\s+(?=\S)", title):  # "the words of General", "rabid fans of candidate"
        title = title[of_others.end() :]
        return [title] if title[:1].isupper() and _is_listed(title.split()[-1].casefold()) else []
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


def apposition_behind(text: str, end: int, *, named: bool = True) -> list[str]:
    """Return what follows a name between commas or brackets, or behind "who", "of" and "from"."""
    tail = re.sub(r"^\s,", ",", text[end : end + _TAIL].split("\n", 1)[0])
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
_STOPS = re.compile(rf",\s|(?:{STOP}|;)(?=\s+[A-Z“\"]|\s*$)|[“”\"]|''|\s(?:said|says|told|added)\b")


def words_behind(text: str, end: int) -> str:
    """Return the two words behind a mention, to see what it owns: "Ruiz's campaign", "the Ruiz team"."""
    if text[end : end + 1] not in (" ", "’", "'"):
        return ""
    return " ".join(re.sub(r"^(?:’|')s", "", text[end : end + 40]).split()[:2])
