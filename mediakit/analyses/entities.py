"""Entities: the persons and bodies of one article, and which of them a name or a role means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from rapidfuzz.distance import Levenshtein

from mediakit.analyses.mention_kinds import BODY, GENDERS, NAME
from mediakit.analyses.role_lists import load_role_lists
from mediakit.analyses.word_classes import load_common_words, load_word_lists

REASONS = (
    "first mention", "same name", "part of a name", "title or role", "pronoun", "acronym", "no antecedent",
    "one letter",
)  # fmt: skip
FIRST, SAME, PART, BY_ROLE, BY_PRONOUN, ACRONYM, NONE, SPELLED = range(len(REASONS))
MALE, FEMALE, THING = (GENDERS.index(name) for name in ("m", "f", "thing"))
_MOST = 20  # persons of one name, or in one role, that are told apart; keeps the work in proportion
_SPELLED = 5  # letters of a surname that may be misspelled by one
_NAME_WORDS = 5  # a longer run of capitals is no fuller name
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_OFTEN = 1.0  # of a body that "the company" may mean, by each doubling of how often it is named
_RARELY = 0.5  # signs of a person for each time that a company or group is named
_ACRONYM = 4  # letters; longer words in capitals may be surnames
_OF_TWO = 3  # words of a name with two surnames
_SMALL = frozenset(("of", "the", "for", "and"))
_NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Entity:
    """A person or body while an article is read.

    Attributes
    ----------
    number : int
        Counted over all articles.
    gender, kind : int
        As of mentions.
    best, length : int
        The mention that names it most fully, and how many words that has.
    words : frozenset of str
        Of the fullest name.
    person, count : int
        Signs that it is a person; named mentions.
    many : bool
    told : set of str
        Words beside its name that describe it: "Vermont Sen.", "(R-Fla.)".
    roles : set of str
        The roles that it bears.
    pair : Entity, optional
        Of two persons named together ("Lee and Reed"), the second; `best` names the first.
    titled : bool
        Whether a title stands in front of its name somewhere.
    spelled : tuple of str
        The words of the fullest name, in order.
    known : bool
        Whether that is the name of a well-known body, which no longer one is fuller than.
    """

    number: int
    gender: int
    kind: int
    best: int
    words: frozenset[str]
    length: int
    many: bool = False
    person: int = 0
    count: int = 0
    told: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    pair: Entity | None = None
    titled: bool = False
    spelled: tuple[str, ...] = ()
    known: bool = False


class Register:
    """The entities of one article by name and by role.

    Examples
    --------
    >>> register = Register()
    >>> lee = Entity(0, 0, NAME, 0, frozenset(["helen", "lee"]), 2)
    >>> register.add_name(("helen", "lee"), lee)
    >>> found, why = register.find_name(("lee",), NAME, 0, [lee])
    >>> found is lee, REASONS[why]
    (True, 'part of a name')
    """

    def __init__(self) -> None:
        self.by_name: dict[tuple[str, ...], Entity] = {}
        self.by_last: dict[str, list[Entity]] = defaultdict(list)
        self.by_first: dict[str, list[Entity]] = defaultdict(list)
        self.by_middle: dict[str, list[Entity]] = defaultdict(list)
        self.by_short: dict[str, Entity] = {}
        self.bodies: list[Entity] = []  # with names of several words
        # Role -> entity number -> entity, first mention with the role, how often.
        self.by_role: dict[str, dict[int, tuple[Entity, int, int]]] = defaultdict(dict)
        # "campaign", and ("campaign", {"lee"}) for "the Lee campaign".
        self.phrases: dict[str | tuple[str, frozenset[str]], Entity] = {}
        self.lists = load_word_lists()
        self.role_lists = load_role_lists()

    def add_name(self, words: tuple[str, ...], entity: Entity) -> None:
        """Remember a name of several words, its first and last word and its initials."""
        groups = [self.by_last[_surname(words)], self.by_first[words[0]]]
        if entity.kind == NAME and len(words) == _OF_TWO and words[0] in self.role_lists.family_first:
            groups.append(self.by_last[words[0]])  # "Kim Woo-joo"
        for group in groups:
            if len(group) < _MOST and not any(one is entity for one in group):
                group.append(entity)
        if entity.kind == NAME and len(words) == _OF_TWO and len(self.by_middle[words[1]]) < _MOST:
            self.by_middle[words[1]].append(entity)
        if entity.kind == BODY and len(self.bodies) < _MOST and not any(one is entity for one in self.bodies):
            self.bodies.append(entity)
        self.by_short.setdefault("".join(word[0] for word in words if word not in _SMALL), entity)

    def add_role(self, role: str, entity: Entity, place: int) -> None:
        """Remember that somebody bears a role, and the other words for it."""
        entity.roles.add(role)
        for word in (role, *self.role_lists.same.get(role, ())):
            bearers = self.by_role[word]
            _, first, times = bearers.get(entity.number, (entity, place, 0))
            if times or len(bearers) < _MOST:
                bearers[entity.number] = (entity, min(first, place), times + 1)

    def find_body(self, words: Sequence[str], last: Mapping[int, tuple[Entity, float]]) -> Entity | None:
        """Return the body whose name holds the words of a phrase, as of "the budget office".

        The one mentioned last, else the first of the article.

        Parameters
        ----------
        words : sequence of str
            Of the phrase, in lower case, without its article; the last is its noun.
        last : mapping of (Entity, float), by number
            What was mentioned before, from the last to the first, and how prominently.
        """
        wanted = frozenset(words)
        bodies = [one for one in self.by_last.get(words[-1], ()) if one.kind == BODY and wanted <= one.words]
        if not bodies and len(wanted) > 1:  # "the appeals court" for "Court of Appeals for the Third Circuit"
            bodies = [one for one in self.bodies if wanted <= one.words]
        if len(bodies) > 1:
            numbers = {one.number for one in bodies}
            return next((one for one, _ in last.values() if one.number in numbers), bodies[0])
        return bodies[0] if bodies else None

    def find_kind(self, kind: str, last: Mapping[int, tuple[Entity, float]]) -> Entity | None:
        """Return the body that a word for a kind can mean: "the newspaper", "the company", "the group".

        The one mentioned last whose name says so, or which is known to be a state, country or city; else, for companies
        and groups, the most prominent that may be one.
        """
        words, unlike = self.lists.kinds.get(kind, frozenset()), self.role_lists.unlike.get(kind)
        lands = self.role_lists.lands_of.get(kind, frozenset())
        spare, most = None, -1e9
        common = load_common_words()
        for one, weight in last.values():
            # A name that hardly anything calls a person: "Monsanto", which may agree and admit as persons do.
            open_name = one.kind == NAME and not (one.gender or one.roles) and one.person <= _RARELY * one.count
            called = one.words & words or (one.kind == BODY and kind in one.words)
            if ((one.kind == BODY or open_name) and called) or one.words in lands:
                return one
            if unlike is None or one.many or one.words & unlike or one.words <= self.role_lists.lands:
                continue
            if one.length > _NAME_WORDS or (one.length == 1 and one.words & common):
                continue
            value = weight - open_name + _OFTEN * log2(max(one.count, 1))
            if ((one.kind == BODY and one.length > 1) or open_name) and value > most:
                spare, most = one, value
        return spare

    def find_name(
        self, words: tuple[str, ...], kind: int, gender: int, earlier: Sequence[Entity | None]
    ) -> tuple[Entity, int] | None:
        """Return the entity that a name means, and why; or nothing.

        Parameters
        ----------
        words : tuple of str
            The name, in lower case.
        kind, gender : int
        earlier : sequence of Entity or None
            What the mentions just before mean, for a surname that several persons share.
        """
        if len(words) > 1:
            for one in self.by_last.get(_surname(words), ()):
                if one.kind == kind and _agree(one.gender, gender):
                    if kind == BODY:
                        if _holds(one.spelled, words):
                            return one, PART
                    elif self._same_given(words, one.words):
                        return one, PART
            return None
        word, common = words[0], load_common_words()
        options = [one for one in self.by_last.get(word, ()) if _agree(one.gender, gender)]
        if words in self.role_lists.places:  # "Ontario" is not "Home Care Ontario"
            options = [one for one in options if one.gender in (MALE, FEMALE)]
        if kind == BODY:  # "NDP" is not "Lissmar NDP"
            options = [one for one in options if one.kind == BODY or one.gender or one.titled or len(word) > _ACRONYM]
        if kind == NAME:
            options = [one for one in options if one.kind == NAME] or options
            # "Davis Manafort", which nothing calls a person, is no bearer of the surname.
            options = [one for one in options if one.gender or one.person] or options
        elif word == "house":
            options = [one for one in options if "white" not in one.words]
        if not options:
            options = [
                one
                for one in self.by_first.get(word, ())
                if one.kind == NAME
                and _agree(one.gender, gender)
                and (one.gender or one.person or not one.words & common)  # not "Trump Train"
                and (one.gender in (MALE, FEMALE) or word in self.lists.given or one.person > 1 or one.titled)
                # "Yoon" for President Yoon Suk Yeol; not "Uber" for "Uber Eats"
            ]
            # "Ms. Acosta" or "Acosta" for "Ana Acosta Ruiz"
            if not options and (gender or (len(word) > 2 and word not in self.lists.given and word not in common)):
                options = [one for one in self.by_middle.get(word, ()) if _agree(one.gender, gender)]
        if len(options) > 1:
            # Whose full name was printed last before this place, else the one printed most.
            numbers = {one.number for one in options}
            near = next((one for one in reversed(earlier) if one is not None and one.number in numbers), None)
            return near or max(options, key=lambda one: one.count), PART
        if options:
            return options[0], PART
        if len(word) >= 3 and word in self.by_short:
            return self.by_short[word], ACRONYM
        meant = self._find_misspelled(word, gender) if kind == NAME else None
        return (meant, SPELLED) if meant is not None else None

    def _find_misspelled(self, word: str, gender: int) -> Entity | None:
        """Return the only person with a full name whose surname differs by one letter, not the first: "Koslyulin"."""
        if len(word) < _SPELLED or word in self.lists.given or (word,) in self.role_lists.places:
            return None
        found = [
            one
            for last, group in self.by_last.items()
            if last[0] == word[0] and len(last) >= _SPELLED and last != f"{word}s" and word != f"{last}s"
            and Levenshtein.distance(word, last, score_cutoff=1) == 1
            for one in group
            if one.kind == NAME and one.length > 1 and _agree(one.gender, gender)
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _same_given(self, words: tuple[str, ...], known: frozenset[str]) -> bool:
        """Whether given names agree: the same, an initial, or a short form."""
        given, nicknames = words[0], self.lists.nicknames
        if given in known or frozenset(words) >= known:
            return True
        initials = {word[0] for word in known if len(word) == 1}
        if given[0] in initials or (len(given) == 1 and any(word[0] == given for word in known if word != words[-1])):
            return True
        return bool(nicknames.get(given, frozenset()) & known) or any(
            given in nicknames.get(word, ()) for word in known
        )

    def find_bearer(
        self, role: str, place: int, told: frozenset[str] = _NOTHING, *, former: bool = False
    ) -> Entity | None:
        """Return who is called by a role most often, of those before the place if there are any.

        `told` are the names inside the phrase: who is told to be of another place is not "the Vermont senator". Of
        those who bear a role, "the former president" is one who is told to have borne it before.
        """
        bearers = [row for row in self.by_role.get(role, {}).values() if not self.contradicts(row[0], told)]
        before = [row for row in bearers if row[1] < place] or bearers
        past = [row for row in before if ("former" in row[0].told) == former] or before
        return max(past, key=lambda row: (told <= row[0].told, row[2], row[0].count))[0] if past else None

    def contradicts(self, one: Entity, told: frozenset[str], role: str = "") -> bool:
        """Whether a phrase with these names, and this role, speaks of somebody else: another place, another office."""
        lands, offices = self.role_lists.lands, self.role_lists.offices
        runs, serves = self.role_lists.runs, self.role_lists.serves
        party = self._parties((*told, role))
        theirs = self._parties(one.told) if party else party
        if theirs and not theirs & party:
            return True
        places = told & lands
        # "the French president" is nobody who is called president without it.
        if places and not places <= one.told and (one.told & lands or (places & self.lists.peoples and one.roles)):
            return True
        if role in runs and one.roles & serves and not one.roles & (runs | offices):
            return True
        if role in offices and one.roles & offices:
            return not any(role == borne or role in self.role_lists.same.get(borne, ()) for borne in one.roles)
        return False

    def is_of(self, one: Entity, names: frozenset[str], role: str) -> bool:
        """Whether somebody is told to be of the party of a phrase: "the Democratic nominee"."""
        party = self._parties((*names, role))
        return bool(party) and not party.isdisjoint(self._parties(one.told))

    def _parties(self, words: Iterable[str]) -> set[str]:
        """Return the parties that words tell of."""
        parties = self.role_lists.parties
        return {parties[word] for word in words if word in parties}

    def fits_body(self, one: Entity, names: frozenset[str], role: str) -> bool:
        """Whether somebody bears the role, or may be of the body that the phrase names, as in "the FBI director"."""
        if role in one.roles:
            return True
        lists = self.role_lists
        body = {word for word in names if word not in lists.parties} - lists.lands - self.lists.peoples
        return not body or bool(body & (one.told | one.words))

    def name_again(self, entity: Entity, words: tuple[str, ...], mention: int) -> None:
        """Count a named mention, and keep it when it is the fullest name so far."""
        entity.count += 1
        if entity.known or words in self.lists.names.get(words[0], ()):  # "Ana Ruiz Hammers Wells Fargo" is a headline
            if not entity.known:
                entity.best, entity.length, entity.words, entity.spelled = mention, len(words), frozenset(words), words
            entity.known = True
            return
        # "Crooked Helen Lee" is no fuller name than "Helen Lee".
        given = self.lists.given
        adorned = entity.length > 1 and words[0] not in given and words[0] not in entity.words and words[1:2] != ()
        adorned = adorned and words[1] in given and words[1] in entity.words
        if 1 < entity.length < len(words) and frozenset(words[-entity.length :]) == entity.words:
            ahead = words[: -entity.length]  # "John Reed Helen Lee" in a headline
            two = words[-entity.length] in given and not given.keys().isdisjoint(ahead)
            adorned = adorned or two or ahead[0] in load_common_words()
        if 1 < entity.length < len(words) and words[: entity.length] == entity.spelled and entity.kind == NAME:
            adorned = adorned or words[-1] in load_common_words()  # "Ana Ruiz Play" over a picture
        if entity.length == len(words) > 1 and self._is_formal(words, entity.words):
            entity.best, entity.words, entity.spelled = mention, frozenset(words), words
        elif not adorned and entity.length < len(words) <= _NAME_WORDS and entity.words <= frozenset(words):
            entity.best, entity.length, entity.words, entity.spelled = mention, len(words), frozenset(words), words

    def _is_formal(self, words: tuple[str, ...], known: frozenset[str]) -> bool:
        """Whether a name is a known one with the whole given name: "Kenneth Lee" for "Ken Lee"."""
        others = known - frozenset(words)
        return (
            len(others) == 1
            and words[0] not in known
            and words[0] in self.lists.nicknames.get(next(iter(others)), frozenset())
        )


def _surname(words: tuple[str, ...]) -> str:
    """Return the last word of a name but "Jr." and "III"."""
    return words[-2] if len(words) > 2 and words[-1] in SUFFIXES else words[-1]


def _holds(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one name is the beginning or the end of the other: "Saskatchewan Party" is no "… Democratic Party"."""
    short, long = sorted((one, other), key=len)
    return not short or long[: len(short)] == short or long[-len(short) :] == short


def _agree(one: int, other: int) -> bool:
    return one == other or not {one, other} <= {MALE, FEMALE, THING}
