"""Linking names: by their words, with the roles that titles and appositions tell of those who bear them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.antecedents import PROMINENCE, load_weights, weigh_prominence
from mediakit.analyses.entities import ACRONYM, FEMALE, FIRST, MALE, NONE, PART, SAME, SUFFIXES, THING, Entity, Register
from mediakit.analyses.mention_kinds import BODY, NAME, ROLE
from mediakit.analyses.mentions import Mentions
from mediakit.analyses.word_classes import LINE, SPACE

_LONGEST = 3  # words of a name; more may be a headline
_NEAR = 60  # mentions before a surname that tell which of several persons it means
SEXES = (MALE, FEMALE)
POSSESSIVE = {"his": MALE, "her": FEMALE, "its": THING, "their": 0}
_WITHIN = 7  # words from a role to the name behind the body that it belongs to
DEFINITE = frozenset(("the", "that", "this"))
_TELLS = DEFINITE | POSSESSIVE.keys() | {"a", "an"}  # "a driver, Omar Reed, said"
_COMMA, _LINE, _SPACE = ord(","), ord(LINE), ord(SPACE)
_CAPITAL = np.frombuffer(b"NIABJT", dtype=np.uint8)
_BEHIND = 6  # words behind a name that may describe it
_WHERE = frozenset(("in", "near", "across", "throughout", "outside", "inside"))
_SITES = frozenset((  # "the famous Lissmar Palace hotel"
    "hotel", "hall", "street", "avenue", "road", "square", "river", "bridge", "building", "airport", "stadium",
    "restaurant", "prison", "station", "tower", "theatre", "theater", "museum", "park", "area", "region",
    "province", "district", "valley", "border", "peninsula", "suburb", "neighbourhood", "neighborhood", "plant",
    "mine", "dam", "pipeline", "mosque", "cathedral", "arena", "resort", "island", "islands", "coast", "camp",
    "village", "town",
))  # fmt: skip
_FROM = frozenset(("of", "from"))
_OPEN = ord("(")
_APPOSES = frozenset(("a", "an", "the", "r", "d", "i", "republican", "democrat", "independent"))
_STOPS = frozenset(map(ord, ".|)"))
_GOES_ON = frozenset(("of", "for", "at", "in", "from", "who", "with", "on", "to"))
_CLOSES = frozenset(map(ord, ',.|_)"'))  # what ends an apposition; so does "and"


def _is_full(word: str) -> bool:
    """Whether a word of a name is no initial and no "Jr."."""
    return len(word) > 1 and word not in SUFFIXES


class NameLinker:
    """Mentions as lists, and who is named in them; `Linker` goes on with roles and pronouns."""

    def __init__(
        self,
        mentions: Mentions,
        quoted: NDArray[np.bool_] | None,
        speaking: NDArray[np.bool_] | None,
        reported: NDArray[np.bool_] | None = None,
    ) -> None:
        reading = mentions.reading
        n = len(mentions)
        term, lower = reading.tokens.term, reading.lower
        self.words = [lower[code] for code in term.tolist()]
        self.first, self.last, self.head = mentions.first.tolist(), mentions.last.tolist(), mentions.head.tolist()
        self.kind, self.gender = mentions.kind.tolist(), mentions.gender.tolist()
        self.number, self.title = mentions.number.tolist(), mentions.title.tolist()
        self.sentence = reading.tokens.sentence[mentions.first].tolist()
        heads = np.searchsorted(reading.tokens.article, mentions.article)  # the first word of each mention's article
        self.headed = (reading.tokens.sentence[mentions.first] == reading.tokens.sentence[heads]).tolist() if n else []
        opens = np.flatnonzero(reading.new_sentence)  # where the sentence of each mention begins
        self.opening = opens[np.searchsorted(opens, mentions.first, side="right") - 1].tolist() if n else []
        none = np.zeros(n, dtype=np.bool_)
        inside, talks, told = (none if one is None else one for one in (quoted, speaking, reported))
        told = told & ~(inside | talks)
        self.inside, self.talks, self.reported = inside.tolist(), talks.tolist(), told.tolist()
        self.weights = load_weights()
        self.signs = weigh_prominence(mentions, inside, talks, told)
        self.prominence = (self.signs @ np.array([self.weights[name] for name in PROMINENCE])).tolist()
        self.subject = (self.signs[:, PROMINENCE.index("cue")] > 0).tolist()  # a verb of speech follows
        self.leads = (self.signs[:, PROMINENCE.index("first")] > 0).tolist()
        self.opens = (self.signs[:, PROMINENCE.index("opens")] > 0).tolist()
        self.owner = mentions.owner.tolist()
        self.paragraph = np.cumsum(reading.gap == _LINE)[mentions.first].tolist() if n else []
        # Sentences outside quotation marks, counted; what is quoted does not put more distance between mentions.
        self.turn = np.cumsum(self.signs[:, PROMINENCE.index("first")]).astype(np.int64).tolist()
        self.gaps = reading.gap.tolist()
        capital = np.isin(reading.kind, _CAPITAL)
        self.capital = capital.tolist()
        gap = np.append(reading.gap, ord("|"))
        self.gap_before, self.gap_behind = gap[mentions.first].tolist(), gap[mentions.last + 1].tolist()
        self.bounds = (
            np.flatnonzero(np.append(True, mentions.article[1:] != mentions.article[:-1])).tolist() if n else []
        )
        self.found: list[Entity | None] = [None] * n
        self.reason = [NONE] * n
        self.entities: list[Entity] = []
        self.apposed: dict[int, Entity] = {}  # roles behind the name of who bears them
        self.spoke = -1  # the entity that spoke last
        # gender -> the entity that the last pronoun of it meant, and the paragraph of that pronoun
        self.chained: dict[int, tuple[int, int]] = {}
        self.possessor = [-1] * n
        self.pairs: dict[tuple[int, int], Entity] = {}  # by the numbers of the two

    def _new(self, i: int, words: tuple[str, ...], length: int) -> Entity:
        found = Entity(
            len(self.entities), self.gender[i], self.kind[i], i, frozenset(words), length, self.number[i] == 2,
            spelled=words,
        )  # fmt: skip
        self.entities.append(found)
        return found

    def _link_names(self, register: Register, begin: int, stop: int) -> None:
        """Link names, those of several words first: a surname may be printed before the full name."""
        named = [i for i in range(begin, stop) if self.kind[i] <= BODY]
        spelled = {i: tuple(self.words[self.head[i] : self.last[i] + 1]) for i in named}
        long = [i for i in named if self.kind[i] == NAME and sum(map(_is_full, spelled[i])) > _LONGEST]
        short = sorted(set(named) - set(long))
        # Full names first, then surnames that tell a gender ("Mr. Lee"), then the others.
        ranks = [2 - 2 * (len(spelled[i]) > 1) - (self.gender[i] in SEXES and self.title[i] >= 0) for i in short]
        for wanted in sorted(set(ranks)):
            for i, rank in zip(short, ranks, strict=True):
                if rank == wanted:
                    self._link_name(register, i, spelled[i], begin)
        for i in long:  # a headline, all in capitals, that begins or ends with a name
            words = spelled[i]
            known = next((pair for pair in (words[:2], words[-2:]) if pair in register.by_name), None)
            if known is not None:
                whole = self.found[i] = register.by_name[known]
                self.reason[i] = PART
                if known == words[-2:] and not self.headed[i]:
                    register.name_again(whole, words, i)  # "Aung San Suu Kyi"
                else:
                    whole.count += 1
            else:
                self._link_name(register, i, words, begin)
        for i in named:
            body = self._defined_by(i)
            if body is not None and self.found[i] is not body:
                acronym = self.found[i]
                for other in named:
                    if self.found[other] is acronym:
                        self.found[other], self.reason[other] = body, ACRONYM
                        body.count += 1
                register.by_name[spelled[i]] = body
            one = self.found[i]
            if one is not None and one.kind == NAME and not one.gender and not one.person and self._lies(i):
                one.gender, one.kind = THING, BODY  # "in Lissmar", "the Lissmar Palace"
            if self.reason[i] == SAME and one is not None and one.best == i:
                self.reason[i] = FIRST

    def _lies(self, i: int) -> bool:
        """Whether a name stands behind a word that tells of a place, or of a thing: "the"."""
        at = self.head[i]
        if self.title[i] >= 0 or self.gaps[at] != _SPACE:
            return False
        before = self.words[at - 1]
        # "the Clintons" are persons; so is "the Lee who left".
        one = before == "the" and self.first[i] < self.last[i] and not self.words[self.last[i]].endswith("s")
        after = self.last[i] + 1
        named = after < len(self.words) and self.gaps[after] == _SPACE and self.words[after] in _SITES
        return before in _WHERE or one or named

    def _link_name(self, register: Register, i: int, words: tuple[str, ...], begin: int) -> None:
        several = len(words) > 1
        # "Lee" may be a given name or a surname: alone, it tells no gender.
        sex = self.gender[i] if several or self.title[i] >= 0 else 0
        found, why = register.by_name.get(words), SAME
        if found is not None and sex in SEXES and found.gender in SEXES and found.gender != sex:
            found = None  # "Mr. Lee" is not the Helen Lee whom "Lee" has meant
        if found is None or (not several and len(register.by_last.get(words[0], ())) > 1):
            match = register.find_name(words, self.kind[i], sex, self.found[max(begin, i - _NEAR) : i])
            if match is not None:
                found, why = match
            elif found is None:
                found, why = self._new(i, words, len(words)), FIRST
                if words in register.role_lists.places and self.title[i] < 0:
                    found.gender, found.kind = THING, BODY
            register.by_name[words] = found
            if several:
                register.add_name(words, found)
        self.found[i], self.reason[i] = found, why
        register.name_again(found, words, i)
        if sex in SEXES and found.gender not in SEXES:
            found.gender = sex
        if self.title[i] >= 0 or self.gender[i] in SEXES or self.subject[i]:
            found.person += 1
        found.titled |= self.title[i] >= 0

    def _defined_by(self, i: int) -> Entity | None:
        """Return the body whose acronym stands in brackets behind its name: "the Union of Harbour Towns (UHT)"."""
        if i == 0 or self.kind[i] != BODY or self.gap_before[i] != _OPEN or self.first[i] != self.last[i - 1] + 1:
            return None
        one, short = self.found[i - 1], self.words[self.first[i]]
        if one is None or self.kind[i - 1] > BODY or self.first[i - 1] == self.last[i - 1]:
            return None
        initials = "".join(word[0] for word in self.words[self.head[i - 1] : self.last[i - 1] + 1])
        letters = iter(initials)
        # Some words may have no letter in it: "Centers for Disease Control and Prevention (CDC)".
        inner = all(letter in letters for letter in short)
        return one if len(short) > 1 and short[0] == initials[0] and inner else None

    def _learn_roles(self, register: Register, begin: int, stop: int) -> None:
        """Learn who is called by a role: titles in front of names, appositions behind and before them."""
        for i in range(begin, stop):
            one = self.found[i]
            if one is not None and self.kind[i] == NAME:
                self._learn_told(register, one, i)
            if one is not None and self.kind[i] == NAME and self.title[i] >= 0:
                for word in self.words[self.first[i] : self.head[i]]:
                    if word in register.lists.roles or word in register.lists.titles:
                        register.add_role(word, one, i)
            follows = i + 1 < stop and self.gap_before[i + 1] == _COMMA and self.first[i + 1] == self.last[i] + 1
            if not follows:
                continue
            after = self.last[i + 1] + 1
            going = self.gap_behind[i + 1] == _SPACE and after < len(self.words) and self.words[after] in _GOES_ON
            joined = self.gap_behind[i + 1] == _SPACE and after < len(self.words) and self.words[after] == "and"
            if not going and not joined and self.gap_behind[i + 1] not in _CLOSES:
                continue
            self._learn_role(register, i, i + 1)  # "Ana Ruiz, head of the union": the phrase may go on
            if not going and not joined:
                self._learn_role(register, i + 1, i)
                # "The head of the union, Ana Ruiz, said"
                for role in range(max(i - 2, begin), i):
                    goes_on = self.words[self.last[role] + 1] in _GOES_ON
                    if goes_on and self.kind[i] <= BODY and self.first[i + 1] - self.last[role] <= _WITHIN:
                        self._learn_role(register, i + 1, role)
                        break

    def _learn_role(self, register: Register, name: int, role: int) -> None:
        """Learn that a name bears a role that stands beside it."""
        one = self.found[name]
        if one is None or self.kind[name] != NAME or self.kind[role] != ROLE:
            return
        first = self.words[self.first[role]]
        told = name < role or first in _TELLS or self.first[role] == self.first[role - 1]
        if self.number[role] == 1 and told:
            self.apposed[role] = one
        one.person += 1
        register.add_role(self.words[self.head[role]], one, name)
        if self.gender[role] in SEXES and one.gender not in SEXES:
            one.gender = self.gender[role]

    def _learn_told(self, register: Register, one: Entity, i: int) -> None:
        """Learn the words that describe a name: its title, and what stands behind it in brackets, "of" and commas."""
        states = register.role_lists.states
        told = self.words[self.first[i] : self.head[i]]
        at = self.last[i] + 1
        end = min(at + _BEHIND, len(self.words))
        if at < end and (
            self.gaps[at] == _OPEN
            or (self.gaps[at] == _SPACE and self.words[at] in _FROM)
            or (self.gaps[at] == _COMMA and self.words[at] in _APPOSES)
        ):
            while at < end and self.gaps[at] not in _STOPS:
                told.append(self.words[at])
                at += 1
        for word in told:
            one.told.update(states.get(word, (word,)))
