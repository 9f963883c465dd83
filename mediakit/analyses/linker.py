"""Linking mentions: names by their words, roles by who bears them, pronouns by what weighs for each candidate."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.antecedents import (
    ANYBODY,
    PROMINENCE,
    REACH,
    Asked,
    Recent,
    choose_antecedent,
    load_weights,
    weigh_prominence,
)
from mediakit.analyses.entities import (
    BY_PRONOUN,
    BY_ROLE,
    FEMALE,
    FIRST,
    MALE,
    NONE,
    PART,
    SAME,
    THING,
    Entity,
    Register,
)
from mediakit.analyses.links import Links
from mediakit.analyses.mentions import BODY, NAME, PRONOUN, ROLE, Mentions
from mediakit.analyses.word_classes import LINE, SPACE

_KEPT = 24  # entities that it chooses from
_LONGEST = 3  # words of a name; more may be a headline
_FADES = 0.5  # of the prominence of a body, by sentence
_LONG = 6  # words of a role that may mean a person named before
_NEAR = 60  # mentions before a surname that tell which of several persons it means
_SEXES = (MALE, FEMALE)
_POSSESSIVE = {"his": MALE, "her": FEMALE, "its": THING, "their": 0}
_AHEAD = 12  # mentions after a pronoun that are looked at
_NOBODY: frozenset[int] = frozenset()
_WITHIN = 7  # words from a role to the name behind the body that it belongs to
_JOINED, _APART = 2, 9  # words from one name to the other, "and" included
_TWOFOLD = frozenset(
    ("men", "women", "senators", "lawmakers", "candidates", "couple", "brothers", "sisters", "authors")
)
_TWO = frozenset(("two", "both"))
_NEARBY = 4  # sentences that "the two men" looks back
_DEFINITE = frozenset(("the", "that", "this"))
_COMMA, _LINE, _SPACE = ord(","), ord(LINE), ord(SPACE)
_NOTHING: frozenset[str] = frozenset()
_CAPITAL = np.frombuffer(b"NIABJT", dtype=np.uint8)
_BEHIND = 6  # words behind a name that may describe it
_FROM = frozenset(("of", "from"))
_OPEN = ord("(")
_APPOSES = frozenset(("a", "an", "the", "r", "d", "i", "republican", "democrat", "independent"))
_STOPS = frozenset(map(ord, ".|)"))
_GOES_ON = frozenset(("of", "for", "at", "in", "from", "who", "with", "on"))
_CLOSES = frozenset(map(ord, ",.|_)"))  # what ends an apposition


class Linker:
    """Mentions as lists, read from first to last; `training/antecedents.py` watches it at work."""

    def __init__(
        self, mentions: Mentions, quoted: NDArray[np.bool_] | None, speaking: NDArray[np.bool_] | None
    ) -> None:
        reading = mentions.reading
        n = len(mentions)
        term, lower = reading.tokens.term, reading.lower
        self.words = [lower[code] for code in term.tolist()]
        self.first, self.last, self.head = mentions.first.tolist(), mentions.last.tolist(), mentions.head.tolist()
        self.kind, self.gender = mentions.kind.tolist(), mentions.gender.tolist()
        self.number, self.title = mentions.number.tolist(), mentions.title.tolist()
        self.sentence = reading.tokens.sentence[mentions.first].tolist()
        self.inside = quoted.tolist() if quoted is not None else [False] * n
        self.talks = speaking.tolist() if speaking is not None else [False] * n
        inside = quoted if quoted is not None else np.zeros(n, dtype=np.bool_)
        talks = speaking if speaking is not None else np.zeros(n, dtype=np.bool_)
        self.weights = load_weights()
        self.signs = weigh_prominence(mentions, inside, talks)
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

    def link(self) -> Links:
        """Link the mentions, article by article."""
        n = len(self.kind)
        for begin, stop in pairwise([*self.bounds, n]):
            register = Register()
            self._link_names(register, begin, stop)
            self._learn_roles(register, begin, stop)
            self._link_others(register, begin, stop)
        linked = [one for one in self.found if one is not None]
        return Links(
            np.fromiter((one.number for one in linked), dtype=np.int64, count=n),
            np.fromiter((one.best for one in linked), dtype=np.int64, count=n),
            np.array(self.reason, dtype=np.int8),
            np.fromiter((one.gender for one in linked), dtype=np.int8, count=n),
            np.fromiter((one.count for one in linked), dtype=np.int32, count=n),
            np.array(self.possessor, dtype=np.int64),
            np.fromiter((-1 if one.pair is None else one.pair.best for one in linked), dtype=np.int64, count=n),
        )

    def _new(self, i: int, words: tuple[str, ...], length: int) -> Entity:
        found = Entity(
            len(self.entities), self.gender[i], self.kind[i], i, frozenset(words), length, self.number[i] == 2
        )
        self.entities.append(found)
        return found

    def _link_names(self, register: Register, begin: int, stop: int) -> None:
        """Link names, those of several words first: a surname may be printed before the full name."""
        named = [i for i in range(begin, stop) if self.kind[i] <= BODY]
        spelled = {i: tuple(self.words[self.head[i] : self.last[i] + 1]) for i in named}
        long = [i for i in named if self.kind[i] == NAME and len(spelled[i]) > _LONGEST]
        short = sorted(set(named) - set(long))
        # Full names first, then surnames that tell a gender ("Mr. Lee"), then the others.
        ranks = [2 - 2 * (len(spelled[i]) > 1) - (self.gender[i] in _SEXES and self.title[i] >= 0) for i in short]
        for wanted in sorted(set(ranks)):
            for i, rank in zip(short, ranks, strict=True):
                if rank == wanted:
                    self._link_name(register, i, spelled[i], begin)
        for i in long:  # a headline, all in capitals, that begins or ends with a name
            words = spelled[i]
            known = next((pair for pair in (words[:2], words[-2:]) if pair in register.by_name), None)
            if known is not None:
                self.found[i], self.reason[i] = register.by_name[known], PART
                register.by_name[known].count += 1
            else:
                self._link_name(register, i, words, begin)
        for i in named:
            one = self.found[i]
            if self.reason[i] == SAME and one is not None and one.best == i:
                self.reason[i] = FIRST

    def _link_name(self, register: Register, i: int, words: tuple[str, ...], begin: int) -> None:
        several = len(words) > 1
        # "Lee" may be a given name or a surname: alone, it tells no gender.
        sex = self.gender[i] if several or self.title[i] >= 0 else 0
        found, why = register.by_name.get(words), SAME
        if found is not None and sex in _SEXES and found.gender in _SEXES and found.gender != sex:
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
        if sex in _SEXES and found.gender not in _SEXES:
            found.gender = sex
        if self.title[i] >= 0 or self.gender[i] in _SEXES or self.subject[i]:
            found.person += 1

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
            if not going and self.gap_behind[i + 1] not in _CLOSES:
                continue
            self._learn_role(register, i, i + 1)  # "Ana Ruiz, head of the union": the phrase may go on
            if not going:
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
        told = name < role or first in _POSSESSIVE or first in _DEFINITE or self.first[role] == self.first[role - 1]
        if self.number[role] == 1 and told:
            self.apposed[role] = one
        one.person += 1
        register.add_role(self.words[self.head[role]], one, name)
        if self.gender[role] in _SEXES and one.gender not in _SEXES:
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

    def _link_others(self, register: Register, begin: int, stop: int) -> None:
        """Link roles and pronouns, from first to last."""
        self._gather_quoted(begin, stop)
        recent: dict[int, Recent] = {}  # by number, the one mentioned last at the end
        self.spoke, self.chained = -1, {}
        for i in range(begin, stop):
            found = self.found[i]
            if found is None:
                if i in self.apposed:  # "Omar Reed, a driver, said"
                    found, why = self.apposed[i], BY_ROLE
                elif self.kind[i] == ROLE:
                    of = _POSSESSIVE.get(self.words[self.first[i]])
                    owner = self._ask(i, of, True, recent) if of is not None else None
                    self.possessor[i] = owner.best if owner is not None else -1
                    found, why = self._find_role(register, i, recent)
                else:
                    match = self._antecedent(i, recent) if self.kind[i] == PRONOUN else None
                    found, why = (match, BY_PRONOUN) if match is not None else (self._new(i, (), 0), NONE)
                    if match is not None and not self.inside[i]:
                        self.chained[self.gender[i]] = match.number, self.paragraph[i]
                self.found[i], self.reason[i] = found, why
                if why == NONE:
                    continue
            if self.talks[i] or (self.subject[i] and not self.inside[i]):
                self.spoke = found.number
            if self.kind[i] == NAME and i > begin and self.found[i - 1] is not None:
                self._pair(i, begin, recent)
            weight, place = self.prominence[i], i
            old = recent.pop(found.number, None)
            if old is not None and old.sentence == self.sentence[i] and old.weight > weight:
                weight, place = old.weight, old.place
            recent[found.number] = Recent(
                self.turn[i],
                self.sentence[i],
                self.paragraph[i],
                weight,
                place,
                self.inside[place],
                self.leads[place],
                self.opens[place],
                self.owner[place],
                found,
            )
            if len(recent) > _KEPT:
                del recent[next(iter(recent))]

    def _pair(self, i: int, begin: int, recent: dict[int, Recent]) -> None:
        """Note two persons named together, "Lee and Reed", as those whom "they" may mean."""
        if self.words[self.first[i] - 1] != "and":
            return
        before = i - 1
        while before > begin and not self._is_person(before) and self.sentence[before] == self.sentence[i]:
            before -= 1
        first, second = self.found[before], self.found[i]
        apart = self.first[i] - self.last[before]
        # "Lee and Reed", "Lee, a driver, and Reed"
        joined = apart == _JOINED or (self.gap_behind[before] == _COMMA and apart <= _APART)
        if not joined or first is None or second is None or first is second or not self._is_person(before):
            return
        if self.sentence[before] != self.sentence[i] or not self._is_person(i):
            return
        both = self._both(first, second)
        both.count += 1
        recent.pop(both.number, None)
        recent[both.number] = Recent(
            self.turn[i], self.sentence[i], self.paragraph[i], self.prominence[before], before, self.inside[before],
            self.leads[before], self.opens[before], self.owner[before], both,
        )  # fmt: skip

    def _find_role(self, register: Register, i: int, recent: dict[int, Recent]) -> tuple[Entity, int]:
        """Return whom a role means, and why: who bears it, the body of that kind, the person spoken of, or itself."""
        word = self.words[self.head[i]]
        length = self.last[i] - self.first[i] + 1
        definite = self.words[self.first[i]] in _DEFINITE or length == 1
        names = frozenset(
            self.words[at] for at in range(self.first[i], self.head[i]) if self.capital[at] and at > self.first[i]
        )
        phrase = register.phrases.get((word, names) if names else word)
        seen = recent.get(phrase.number) if phrase is not None else None
        near = seen is not None and self.sentence[i] - seen.sentence <= REACH
        thing = self.gender[i] == THING
        vague = word in register.role_lists.vague
        if definite and self.number[i] == 1:
            bearer = register.find_bearer(word, i, names)
            if bearer is not None and not (vague and near):
                if bearer.number not in recent and register.by_role[word][bearer.number][1] > i:
                    # Who is called so further below only; somebody who was spoken of is likelier.
                    found = self._antecedent(i, recent, register, names)
                    bearer = found if found is not None and found.gender in (0, *_SEXES) else bearer
                return bearer, BY_ROLE
            if thing:
                last = {
                    row.entity.number: (row.entity, row.weight - _FADES * (self.turn[i] - row.turn))
                    for row in reversed(recent.values())
                    if self.sentence[i] - row.sentence <= REACH
                }
                words = self.words[self.first[i] + 1 : self.last[i] + 1] or [word]
                body = register.find_body(words, last) if self.head[i] == self.last[i] else None
                body = body or (register.find_kind(word, last) if not near or length == 2 else None)
                if body is not None:
                    return body, BY_ROLE
            elif vague and phrase is None:
                someone = self._someone(i, recent, register.role_lists.vague)
                if someone is not None:
                    return someone, BY_ROLE
            elif not near and not vague and length <= _LONG:
                found = self._antecedent(i, recent, register, names)
                if found is not None and (found.gender or found.person > 1) and register.fits_body(found, names, word):
                    return found, BY_ROLE
        if self.number[i] == 2 and not _TWO.isdisjoint(self.words[self.first[i] : self.head[i]]) and not self.inside[i]:
            both = self._two(i, recent)
            if both is not None:
                return both, BY_ROLE
        elif self.number[i] == 2 and definite and length == _JOINED and word in _TWOFOLD and not self.inside[i]:
            both = self._two(i, {row.entity.number: row for row in recent.values() if row.entity.pair is not None})
            if both is not None:
                return both, BY_ROLE
        other = vague and self._modified(i)  # "the senior official" may be another one than "an official"
        if definite and phrase is not None and not other and (near or names or not self._modified(i)):
            if length > phrase.length:
                phrase.best, phrase.length = i, length
            return phrase, BY_ROLE
        found = self._new(i, (word,), length)
        if not (other and near) or self.talks[i]:
            register.phrases[word] = register.phrases[word, names] = found
        return found, FIRST

    def _is_person(self, i: int) -> bool:
        """Whether a mention is a name, and not of a place."""
        one = self.found[i]
        return self.kind[i] == NAME and one is not None and one.gender != THING

    def _two(self, i: int, recent: dict[int, Recent]) -> Entity | None:
        """Return whom "the two men" means: the pair named last, or the two persons who were spoken of last."""
        persons: list[Entity] = []
        for row in reversed(recent.values()):
            one = row.entity
            if self.sentence[i] - row.sentence > _NEARBY or len(persons) == 2:
                break
            if one.pair is not None:
                return one
            if one.kind == NAME and one.gender != THING and one.length:
                persons.append(one)
        return self._both(persons[1], persons[0]) if len(persons) == 2 else None

    def _both(self, first: Entity, second: Entity) -> Entity:
        """Return the two as one."""
        key = (first.number, second.number)
        if key not in self.pairs:
            self.pairs[key] = Entity(
                len(self.entities), 0, NAME, first.best, frozenset(), 0, many=True, person=2, pair=second
            )
            self.entities.append(self.pairs[key])
        self.pairs[key].best = first.best
        return self.pairs[key]

    def _modified(self, i: int) -> bool:
        """Whether a role phrase has words of its own before its noun: "the senior Foreign Ministry official"."""
        return self.head[i] - self.first[i] > 1

    def _someone(self, i: int, recent: dict[int, Recent], vague: frozenset[str]) -> Entity | None:
        """Return the person without a name who was brought in last: "that person" after "a source close to him"."""
        for row in reversed(recent.values()):
            if self.sentence[i] - row.sentence > 2:
                return None
            one = row.entity
            if (
                self.words[self.head[one.best]] in vague
                and not one.many
                and one.gender in (0, self.gender[i] or one.gender)
            ):
                return one
        return None

    def _gather_quoted(self, begin: int, stop: int) -> None:
        """Gather who is named in the quotations of each paragraph: nobody speaks of himself by name."""
        self.quoted: dict[int, set[int]] = {}
        for i in range(begin, stop):
            one = self.found[i]
            if one is not None and self.inside[i]:
                self.quoted.setdefault(self.paragraph[i], set()).add(one.number)

    def _named_after(self, i: int) -> set[int]:
        """Return the numbers of the entities that are named later in the sentence."""
        named = set()
        for j in range(i + 1, min(i + _AHEAD, len(self.kind))):
            if self.sentence[j] != self.sentence[i]:
                break
            one = self.found[j] if self.kind[j] <= BODY else None
            if one is not None:  # names are linked before pronouns
                named.add(one.number)
        return named

    def _antecedent(
        self, i: int, recent: dict[int, Recent], register: Register | None = None, names: frozenset[str] = _NOTHING
    ) -> Entity | None:
        """Return whom a pronoun, or a role without a bearer, most probably means."""
        gender = self.gender[i] or (ANYBODY if self.kind[i] == ROLE else 0)
        if gender not in (ANYBODY, MALE, FEMALE, THING) and self.number[i] != 2:
            return None
        if gender not in (ANYBODY, 0, MALE, FEMALE, THING):
            return None
        return self._ask(i, gender, self.owner[i], recent, register, names)

    def _ask(
        self,
        i: int,
        gender: int,
        owner: bool,
        recent: dict[int, Recent],
        register: Register | None = None,
        names: frozenset[str] = _NOTHING,
    ) -> Entity | None:
        """Return whom a word of this gender in the place of a mention most probably means."""
        asked = Asked(
            gender, self.turn[i], self.sentence[i], self.paragraph[i], self.inside[i], owner, self.talks[i],
            self.spoke, *self._chained(gender, self.paragraph[i]),
            self._named_after(i) if not owner else _NOBODY,
            self.quoted.get(self.paragraph[i], _NOBODY) if self.talks[i] or self.subject[i] else _NOBODY,
        )  # fmt: skip
        if register is not None:
            role = self.words[self.head[i]]
            recent = {
                number: row for number, row in recent.items() if not register.contradicts(row.entity, names, role)
            }
            of_party = {number: row for number, row in recent.items() if register.is_of(row.entity, names, role)}
            recent = of_party or recent
        return self._choose(i, asked, recent)

    def _chained(self, gender: int, paragraph: int) -> tuple[int, bool]:
        number, where = self.chained.get(gender, (-1, -1))
        return number, where == paragraph

    def _choose(self, i: int, asked: Asked, recent: dict[int, Recent]) -> Entity | None:
        return choose_antecedent(asked, reversed(recent.values()), self.weights)
