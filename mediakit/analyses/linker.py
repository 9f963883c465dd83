"""Linking roles and pronouns: roles by who bears them, pronouns by what weighs for each candidate."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from mediakit.analyses.antecedents import ANYBODY, REACH, Asked, Recent, choose_antecedent
from mediakit.analyses.entities import BY_PRONOUN, BY_ROLE, FEMALE, FIRST, MALE, NONE, THING, Entity, Register
from mediakit.analyses.links import Links
from mediakit.analyses.mention_kinds import BODY, NAME, PRONOUN, ROLE
from mediakit.analyses.name_linker import DEFINITE, POSSESSIVE, SEXES, NameLinker

_KEPT = 24  # entities that it chooses from
_FADES = 0.5  # of the prominence of a body, by sentence
_LONG = 6  # words of a role that may mean a person named before
_AHEAD = 12  # mentions after a pronoun that are looked at
_NOBODY: frozenset[int] = frozenset()
_JOINED, _APART = 2, 9  # words from one name to the other, "and" included
_TWOFOLD = frozenset(
    ("men", "women", "senators", "lawmakers", "candidates", "couple", "brothers", "sisters", "authors")
)
_OPENING = 7  # words of an opening clause before a pronoun
_OPENS = frozenset((
    "in", "during", "after", "before", "despite", "with", "for", "at", "on", "when", "while", "as", "although",
    "though", "since", "asked", "speaking", "given", "by", "like", "once", "because", "throughout", "through", "even",
    "under", "using", "citing", "pressed", "explaining", "following", "without", "instead", "if", "to", "unlike",
    "from",
))  # fmt: skip
_BRINGS = frozenset(("a", "an", "another"))  # what brings somebody in
_TWO = frozenset(("two", "both"))
_SHARE = 0.6  # of the mentions of the person named most
_LANDS = frozenset(("countries", "nations", "neighbours", "neighbors", "states"))
_NO_LANDS: frozenset[frozenset[str]] = frozenset()
_NEARBY = 4  # sentences that "the two men" looks back
_COMMA = ord(",")
_NOTHING: frozenset[str] = frozenset()


def _third(one: Entity) -> int:
    """Return the mention that names the third of three persons best, or -1."""
    return one.pair.pair.best if one.pair is not None and one.pair.pair is not None else -1


class Linker(NameLinker):
    """Mentions read from first to last; `training/antecedents.py` watches it at work."""

    def link(self) -> Links:
        """Link the mentions, article by article."""
        n = len(self.kind)
        for begin, stop in pairwise([*self.bounds, n]):
            register, self.article_begins = Register(), begin
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
            np.fromiter((_third(one) for one in linked), dtype=np.int64, count=n),
        )

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
                    of = POSSESSIVE.get(self.words[self.first[i]])
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
                self.reported[place],
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
        third = before - 1  # "Lee, Reed and Venn"
        listed = third >= begin and self._is_person(third) and self.first[before] == self.last[third] + 1
        ahead = self.found[third] if listed and self.gap_before[before] == _COMMA else None
        if ahead is not None and ahead not in (first, second):
            first, second, before = ahead, self._both(first, second), third
        both = self._both(first, second)
        both.count += 1
        recent.pop(both.number, None)
        recent[both.number] = Recent(
            self.turn[i], self.sentence[i], self.paragraph[i], self.prominence[before], before, self.inside[before],
            self.reported[before], self.leads[before], self.opens[before], self.owner[before], both,
        )  # fmt: skip

    def _find_role(self, register: Register, i: int, recent: dict[int, Recent]) -> tuple[Entity, int]:
        """Return whom a role means, and why: who bears it, the body of that kind, the person spoken of, or itself."""
        word = self.words[self.head[i]]
        length = self.last[i] - self.first[i] + 1
        definite = self.words[self.first[i]] in DEFINITE or length == 1
        names = _NOTHING
        if self.head[i] - self.first[i] > 1:
            names = frozenset(self.words[at] for at in range(self.first[i] + 1, self.head[i]) if self.capital[at])
        phrase = register.phrases.get((word, names) if names else word)
        if phrase is None and definite and not names:
            others = register.role_lists.documents.get(word)
            if others is not None:
                known = [register.phrases.get(other) for other in others]
                phrase = max((one for one in known if one is not None), key=lambda one: one.best, default=None)
        seen = recent.get(phrase.number) if phrase is not None else None
        near = seen is not None and self.sentence[i] - seen.sentence <= REACH
        thing = self.gender[i] == THING
        vague = word in register.role_lists.vague
        if definite and self.number[i] == 1:
            former = "former" in self.words[self.first[i] : self.head[i]]
            bearer = register.find_bearer(word, i, names, former=former)
            if thing and bearer is not None and bearer.gender in SEXES:
                bearer = None  # "the appeals court" is not its judge
            if bearer is not None and len(register.by_role[word]) > 1 and not thing:
                bearer = self._nearest_bearer(i, register, recent, names, former) or bearer
            if bearer is not None and not (vague and near):
                if bearer.number not in recent and register.by_role[word][bearer.number][1] > i:
                    # Who is called so further below only; somebody who was spoken of is likelier.
                    found = self._antecedent(i, recent, register, names)
                    bearer = found if found is not None and found.gender in (0, *SEXES) else bearer
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
        both, several = None, self.number[i] == 2 and not self.inside[i]
        if several and not _TWO.isdisjoint(self.words[self.first[i] : self.head[i] + 1]):
            lands = register.role_lists.lands_of["country"] if word in _LANDS else _NO_LANDS
            both = self._two(i, recent, lands) if not thing or lands else None
        elif several and definite and length == _JOINED and word in _TWOFOLD:
            both = self._two(i, {row.entity.number: row for row in recent.values() if row.entity.pair is not None})
        if both is not None:
            return both, BY_ROLE
        other = vague and self._modified(i)  # "the senior official" may be another one than "an official"
        if definite and phrase is not None and not other and (near or names or not self._modified(i)):
            if length > phrase.length and self.words[self.first[phrase.best]] not in _BRINGS:
                phrase.best, phrase.length = i, length
            return phrase, BY_ROLE
        found = self._new(i, (word,), length)
        if not (other and near) or self.talks[i]:
            register.phrases[word] = register.phrases[word, names] = found
        return found, FIRST

    def _nearest_bearer(
        self, i: int, register: Register, recent: dict[int, Recent], names: frozenset[str], former: bool
    ) -> Entity | None:
        """Return whom of those who bear a role the text most probably speaks of here."""
        bearers = register.by_role[self.words[self.head[i]]]
        spoken_of = {
            number: row
            for number, row in recent.items()
            if number in bearers and not register.contradicts(row.entity, names)
        }
        past = {number: row for number, row in spoken_of.items() if ("former" in row.entity.told) == former}
        spoken_of = past or spoken_of
        if len(spoken_of) == 1:
            return next(iter(spoken_of.values())).entity
        fit = {number: row for number, row in spoken_of.items() if names <= row.entity.told} if names else {}
        return self._ask(i, ANYBODY, False, fit or spoken_of) if len(spoken_of) > 1 else None

    def _is_person(self, i: int) -> bool:
        """Whether a mention is a name, and not of a place."""
        one = self.found[i]
        return self.kind[i] == NAME and one is not None and one.gender != THING

    def _two(self, i: int, recent: dict[int, Recent], lands: frozenset[frozenset[str]] = _NO_LANDS) -> Entity | None:
        """Return whom "the two men" means: the pair named last, or the two persons who were spoken of last.

        Where `lands` are given, it is countries that are looked for: "the two countries".
        """
        found: list[Entity] = []
        for row in reversed(recent.values()):
            one = row.entity
            if self.sentence[i] - row.sentence > _NEARBY or len(found) == 2:
                break
            if lands:
                if one.words in lands:
                    found.append(one)
                continue
            if one.pair is not None:
                return one
            if one.kind == NAME and one.gender != THING and one.length:
                found.append(one)
        return self._both(found[1], found[0]) if len(found) == 2 else None

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
            gender, self.turn[i], self.sentence[i], self.paragraph[i], self.inside[i], self.reported[i], owner,
            self.talks[i],
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
            if role in register.role_lists.runs:  # who runs for an office is spoken of throughout
                most = max((row.entity.count for row in recent.values() if row.entity.kind == NAME), default=0)
                recent = {number: row for number, row in recent.items() if row.entity.count >= _SHARE * most}
        ahead = self._ahead(i, gender) if gender in SEXES and not self.inside[i] else None
        return ahead or self._choose(i, asked, recent)

    def _ahead(self, i: int, gender: int) -> Entity | None:
        """Return who is named behind the comma that ends an opening clause: "In her answer, Ruiz said"."""
        if self.first[i] - self.opening[i] > _OPENING or self.words[self.opening[i]] not in _OPENS:
            return None
        sentence, before = self.sentence[i], i - 1
        while before >= self.article_begins and self.sentence[before] == sentence:
            if self.kind[before] == NAME:
                return None
            before -= 1
        for j in range(i + 1, min(i + _AHEAD, len(self.kind))):
            one = self.found[j]
            if self.sentence[j] != sentence:
                break
            if self.kind[j] == NAME and self.gaps[self.first[j]] == _COMMA and not (self.inside[j] or self.owner[j]):
                return one if one is not None and one.gender in (0, gender) else None
        return None

    def _chained(self, gender: int, paragraph: int) -> tuple[int, bool]:
        number, where = self.chained.get(gender, (-1, -1))
        return number, where == paragraph

    def _choose(self, i: int, asked: Asked, recent: dict[int, Recent]) -> Entity | None:
        return choose_antecedent(asked, reversed(recent.values()), self.weights)
