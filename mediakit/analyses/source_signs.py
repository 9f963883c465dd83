"""Types of sources by what describes a person, what belongs to somebody, and, as last resorts, what stands around."""

from __future__ import annotations

import re

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.source_offices import FORMER, GOVERNS, NOW, ONCE_FOR, Verdict
from mediakit.analyses.source_roles import TypeRules, read_description
from mediakit.analyses.word_classes import load_word_lists


def by_roles(evidence: Evidence, rules: TypeRules) -> Verdict | None:
    """Persons: by titles and appositions; who holds an office speaks from it also as a candidate."""
    now = NOW.search(" ".join(evidence.roles)) is not None
    told: list[tuple[Verdict, str]] = []
    # "the businessman" for somebody who is much spoken of says less than what the article told before.
    known = evidence.body is not None and evidence.election and evidence.mentions >= _OFTEN
    roles = sorted(evidence.roles, key=lambda role: known and role == evidence.head)
    for role in roles:
        if role == "Secretary":
            continue  # of what, is told of those in office
        if does := next((kind for kind, what in _DOING.items() if what.match(role)), None):
            told.append(((does, " ".join(role.split()[:2])), role))
            continue
        if role.startswith("whose ") or (role.startswith("who ") and not _DOES.match(role)):
            continue
        if _LIVES_IN.fullmatch(role):
            continue  # "of Harbour County"
        # "a former official who directs the Port Institute": what somebody is now counts.
        used = _ONCE.sub(lambda once: "who " if once[0].endswith("who ") else "", role) if now else role
        verdict = read_description(used, rules.rules, rules.belongs)
        if verdict is not None:
            told.append((verdict, role))
    if not told:
        return None
    (kind, words), role = told[0]
    if kind == "opposition":
        held = [(verdict, FORMER.sub(" ", other)) for verdict, other in told if verdict[0] == "government"]
        office = next((verdict for verdict, other in held if GOVERNS.search(other)), None)
        return office or (kind, words)
    if kind == "company" and evidence.election and evidence.mentions > 1 and ONCE_FOR.match(role):
        return "opposition", f"{words} once, in an article on an election"
    if kind == "citizen" and evidence.election and _is_close(role, evidence.text):
        return "opposition", f"close to a candidate: {role[:50]}"
    if kind == "citizen" and _PROTESTING.search(f"{role} {evidence.context}"):
        return "protester", f"at a protest: {role[:50]}"
    if kind == "police" and now and re.search(r"\b(?:retired|former)\b", role):
        return "expert", f"{words}, now asked for knowledge"
    return kind, words


def _is_close(role: str, text: str) -> bool:
    """Whether somebody is a relative or friend of one who is named again and again, or of a candidate."""
    found = _RELATIVE.search(role)
    return found is not None and (found["whose"] is None or text.count(found["whose"]) >= _OFTEN)


def by_what_it_owns(evidence: Evidence, rules: TypeRules) -> Verdict | None:
    """Who is told nothing of but what is his: "Ruiz's campaign"."""
    if any(_PRIVATE.match(role) for role in evidence.roles):
        return None
    for words in evidence.around:
        found = read_description(words, rules.rules, rules.belongs) if _OWNS.match(words) else None
        if found is not None:
            return found
    return None


def by_election(evidence: Evidence, rules: TypeRules) -> Verdict | None:
    """The last resorts: who is named again and again in an article on an election, and words of the sentence around."""
    person = is_person(evidence.body)
    told = next((role for role in evidence.roles if person and _PRIVATE.match(role)), None)
    home = next((role for role in evidence.roles if person and _LIVES_IN.fullmatch(role)), None)
    if (
        person
        and evidence.mentions <= 2
        and not any(map(_telling, evidence.roles))
        and _SIGNED.search(evidence.context)
    ):
        return "citizen", "a name that signs a letter or a comment"
    if home is None and person:
        home = next((role for role in evidence.roles if _is_home(role, evidence.text)), None)
    if home and evidence.mentions < _OFTEN:
        return "citizen", f"described by where somebody lives: {home[:50]}"
    if not person and _PROTESTING.search(evidence.head):
        return "protester", f"at a protest: {evidence.head[:50]}"
    if person and (told or evidence.age or evidence.mentions < _OFTEN) and _PROTESTING.search(evidence.context):
        return "protester", "named where a protest is told of"
    if evidence.age and evidence.mentions < _OFTEN:
        return "citizen", "a name with an age and nothing else"
    if told and evidence.mentions < _OFTEN:
        return "citizen", f"described, of no body: {told[:50]}"
    if evidence.election and (
        (evidence.mentions >= 3 and (person or " " not in (evidence.body or "")))
        or any(_CAMPAIGNING.search(words) for words in (evidence.head, *evidence.roles))
    ):
        return "opposition", "in an article on an election"
    if person and evidence.mentions >= 3 and _ELECTED.search(evidence.text):
        return "opposition", "named again and again, and an election is spoken of"
    known = person and evidence.body.split()[0].casefold() in load_word_lists().given if evidence.body else False
    if known and len(_POLITICAL.findall(evidence.text)) >= _MUCH and not any(map(_telling, evidence.roles)):
        return "opposition", "needs no introduction, and politics are spoken of"
    if _SOMEBODY.fullmatch(evidence.head) and not _WITHHOLDS.search(evidence.head):
        return "citizen", f"a person without a name: {evidence.head[:40]}"
    if evidence.place:
        return "government", "a place that speaks"
    if _NUMBER.fullmatch(evidence.head):
        return "citizen", "a number of people"
    if evidence.body and not person and _is_reported_by(evidence.body, evidence.context):
        return "media", "others cite its reports"
    rest = evidence.context.replace(evidence.body or evidence.head, " ")
    for rule in rules.rules:
        if rule.type in _WEAK and rule.looks != "body" and not rule.spare:
            found = next(rule.find(rest), None)
            if found:
                return rule.type, f"around: {found[0]}"
    return None


def _telling(role: str) -> bool:
    """Whether words beside a name say who somebody is: more than "Mr." or a mark."""
    return re.search(r"[a-z]{3}|[A-Z][a-z]+ [A-Z]", role) is not None


def _is_reported_by(name: str, context: str) -> bool:
    """Whether a name stands where news organisations stand: "according to Harbourline", "told Harbourline"."""
    printed = re.escape(name)
    return (
        re.search(rf"(?:[Aa]ccording to|told|tells) {printed}\b|\b{printed} (?:reports|reported)\b", context)
        is not None
    )


def _is_home(role: str, text: str) -> bool:
    """Whether "of Lissmar" tells where somebody lives: a place that the article speaks of elsewhere too."""
    found = re.fullmatch(r"of ((?:[A-Z][\w’'-]+\s?){1,2})", role)
    return found is not None and len(re.findall(rf"\b(?:in|of|from|near) {re.escape(found[1].strip())}\b", text)) > 1


_SOMEBODY = re.compile(
    r"(?:an?|one|another)\s+(?:[a-z-]+\s+){0,2}[a-z-]+(?:er|or|man|woman|ist|ian|boy|girl|hand)", re.I
)
_WITHHOLDS = re.compile(
    r"(?:\b(?:insider|advis[eo]r|observer|supporter|member|leader|partner|reader|letter|paper|order|number|other)"
    r"|spokes\w+|chair\w+)s?$"
)
_SIGNED = re.compile(r"[.!?…]\s?[”\"]?\s?[―—–-]{1,2}\s?[A-Z]")
_MUCH = 1  # words of politics
_POLITICAL = re.compile(
    r"\b(?:nominee|presidential|candida(?:te|cy)|GOP|Republicans?|Democrats?|Democratic|primar(?:y|ies)|election|ballot"
    r"|White House|campaign|senators?|polls)\b"
)
_ELECTED = re.compile(r"\b(?:nominee|presidential (?:candidate|campaign|race|election)|GOP|ballot)\b")
_NUMBER = re.compile(
    r"(?:(?:at least|only|about|nearly|almost|some|more than|over)\s+)?[\d,.]+(?:\s*(?:%|percent))?", re.I
)
_OFTEN = 6  # mentions; who is named as often is no passer-by
_WEAK = ("protester", "celebrity", "expert")
_DOING = {
    "expert": re.compile(r"who (?:teach|stud|research)"),
    "media": re.compile(r"who (?:has )?(?:covers|covered|reports on|reported on|edits|edited|hosts|hosted)\b"),
}
_LIVES_IN = re.compile(r"(?:of|from|in) (?:[A-Z][\w.’'-]+\s?){1,3}(?:County|City)(?:,.*)?")
_DOES = re.compile(
    r"who\s+(?:\w+ly\s+)?(?:is|was|works?|worked|leads?|led|runs?|ran|heads?|headed|directs?|directed|teach(?:es)?|taught|serves?"
    r"|served|chairs?|chaired|represents?|represented|founded|studies|studied|covers|writes|owns?|helps|helped|edits|manages"
    r"|managed|advises|advised|ha[sd] (?:been|worked|served))\b"
)
_ONCE = re.compile(r"^(?:an?\s+|the\s+)?(?:former|retired|ex-)\b.*?(?:\s(?:who|and now|now|and)\s|$)")
_PROTESTING = re.compile(
    r"\bto protest\b|\bprotest(?:ed|ing)\b|\bdemonstrat(?:ed|ing)\b|\bmarch(?:ed|ing)\b|\bchant(?:ed|ing|s)?\b|\bpicket"
    r"|\b(?:at|joined|joining) the (?:protest|march|demonstration|rally)\b"
    r"|\b(?:other|fellow) (?:demonstrators|protesters|marchers)\b"
    r"|\b(?:holding|carrying|waving) (?:a )?(?:signs?|banners?|placards?|flags?)\b"
)
_KIN = "son|daughter|wife|husband|father|mother|brother|sister|friend"
_RELATIVE = re.compile(
    rf"(?:his|her|(?:the\s+)?(?P<whose>[A-Z][\w-]+)(?:’|')s)\s+(?:\S+\s+){{0,2}}?(?:{_KIN})s?\b"
    rf"|(?:candidate|nominee|front-?runner|contender)(?:’|')s\s+(?:\S+\s+){{0,2}}?(?:{_KIN})s?\b"
    rf"|(?:{_KIN}) of .*(?:candidate|nominee|front-?runner)|^longtime friend\b"
)
_CAMPAIGNING = re.compile(
    r"\b(?:ads?|e-?mails?|campaign|advis[eo]rs?|aides?|strategists?|allies|plan|website|mailers?|tweets?|rivals?|opponents?)$"
    r"|^(?:the |a |his |her )?spokes\w+$",
    re.I,
)
_PRIVATE = re.compile(
    r"an?\s|who\s+(?:farms?|farmed|drives?|runs? an?|ran an?|sells?|sold|owns? an?|keeps?|fled"
    r"|has (?:driven|farmed|lived|worked as)"
    r"|lives?|lived|voted|plans?|works?|worked|saw|watched|attended|lost|survived|moved|joined|grew|came|drove"
    r"|has \w+ children)\b"
)
_OWNS = re.compile(
    r"(?:campaign|team|aides?|supporters|administration|government|voters|rally|surrogates|allies|advisers)\b"
)
