"""What is a description of a source and what only stands beside its name: a claim, a place, a piece of its own name."""

from __future__ import annotations

import re

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person, words_of
from mediakit.analyses.word_classes import load_word_lists


def trim_description(role: str, text: str = "") -> str:
    """Return a description without what stands before and behind it.

    Parameters
    ----------
    role : the words beside a name
    text : of the article, optional
        To see that a verb before the office is an infinitive.

    Examples
    --------
    >>> trim_description("chief medical officer Dr."), trim_description("Now director of the Port Fund")
    ('chief medical officer', 'director of the Port Fund')
    >>> trim_description("endorsement of Harbour Chief"), trim_description("free Judge", "to free Judge Ruiz")
    ('Harbour Chief', 'Judge')
    """
    if role[-1:].isspace() and (broken := _BROKEN.match(role)):  # a quotation stands behind it
        role = broken["whole"]
    role = _LEADING.sub("", role.strip())
    if (cut := _ACADEMIC.sub("", role)) != role:
        role = cut if cut[:1].isupper() or is_personal(head_word(cut)) else ""  # "explains Dr"
    role = _DASH.split(role, maxsplit=1)[0].rstrip(" ,:")
    if is_linked(role):  # "at the Harbour Institute have found"
        role = _VERB.split(role, maxsplit=1)[0]
    about = _ABOUT.match(role)  # "endorsement of Harbour Chief": what was done to somebody in office
    if about and not is_listed(about["what"]) and about["what"] not in load_word_lists().bodies:
        return about["whom"] if is_listed(about["whom"].split()[-1]) else role
    then = _THEN.search(role)
    if then:
        return then[0]
    first, _, rest = role.partition(" ")
    verb = first.islower() and first not in load_word_lists().function and not is_listed(first)
    if verb and rest[:1].isupper() and f"to {role}" in text:
        return rest
    return role


_BROKEN = re.compile(r"(?P<whole>.+\S)\s(?:because|that|as|and|but|while|when|which|whom|where|if|so)\s[^,]*$")
_LINK = re.compile(r"(?:of|from|at|in|near|close to|inside|within|familiar with)\s")
_VERB = re.compile(
    r"\s(?:(?:also|now|first|recently|then)\s)?(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|says?|said"
    r"|think|believe|claim|found)\s"
)
_ACADEMIC = re.compile(r"(?:(?<=[\w)])\s+(?:Dr|Prof)\.?)+$")
_LEADING = re.compile(r"^(?:[Nn]ow|[Aa]lso|[Mm]eanwhile|[Hh]owever|[Ee]arlier|[Ll]ater|[Tt]oday|[Ll]ike|[Uu]nlike)\s+")
_DASH = re.compile(r"\s-(?=[a-z])|\s--\s|\s[–—]\s")
_ABOUT = re.compile(r"(?P<what>[a-z-]+)\s+of\s+(?P<whom>(?:[A-Z][\w’'.-]*\s+)*[A-Z][\w-]*)$")
_THEN = re.compile(r"(?<=\sof\s)(?:then|ex)-[a-z]+$")


def is_description(role: str, evidence: Evidence) -> bool:
    """Whether words beside a name describe who it is.

    Examples
    --------
    >>> ana, fund = Evidence("Ana Ruiz", body="Ana Ruiz"), Evidence("the Port Fund", body="Port Fund")
    >>> [is_description(role, ana) for role in ("a lawyer", "who leads it", "after the talks", "in the port now")]
    [True, True, False, False]
    >>> [is_description(role, ana) for role in ("the council should enter a new phase", "the Mr")]
    [False, False]
    >>> is_description("(PF)", fund), is_description("of Lissmar", fund), is_description("a charity", fund)
    (False, False, True)
    """
    if _ADDRESS.search(role) or _CREDIT.search(role) or role.endswith("&") or role.count("(") != role.count(")"):
        return False
    if role != evidence.head and role.casefold().replace("’", "'") in load_word_lists().function:
        return False
    named = evidence.body is not None
    if named and (_ADVERBIAL.match(role) or _SUBORDINATE.match(role)):
        return False
    if evidence.body is None and _ABBREVIATION.fullmatch(role):
        return False
    if evidence.body and is_body(evidence.body):
        lone = " " not in role and role[:1].isupper()
        if lone or role.startswith("of ") or _ABBREVIATION.fullmatch(role):
            return False
    claims = any(f"ccording to {the}{evidence.body}, {role}" in evidence.text for the in ("", "the "))
    if claims and not is_personal(head_word(role)):
        return False
    if _CONTENT.match(role) or (role.islower() and f"{role}:" in evidence.text):
        return False
    clause = _RELATIVE.split(role, maxsplit=1)[0]
    return not _FINITE.search(clause)


_ADDRESS = re.compile(r"(?:^|\s)(?:Mrs?|Ms|Miss|Mx|Sir|Dame|Dr)\.?$")
_CREDIT = re.compile(r"\b(?:Getty(?: Images)?|Images|Photo|Picture|Shutterstock|Alamy|Photograph|File)$")
_ABBREVIATION = re.compile(r"\([A-Z][\w&.-]{1,9}\)")
_ADVERBIAL = re.compile(r"(?:in|on|by|with|during|under|without|despite|through|like|amid|via)\s")
_SUBORDINATE = re.compile(
    r"(?:after|before|when|as|while|because|if|since|until|although|though|where|which|that|to|for)\s", re.I
)
_CONTENT = re.compile(
    r"(?:an?|the)\s(?:[\w-]+\s){1,3}that\s(?:he|she|it|they|we|I|you|the|this|a)\s"
)  # "the idea that he"
_RELATIVE = re.compile(r"(?:^|\s)(?:who|whose|whom|which|that|where|whether|what|how)\s")
_FINITE = re.compile(
    r"(?<!-)\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|does|did|do|says?|said)\b(?!-)"
    r"(?=\s|$)"
)


def is_body(name: str) -> bool:
    """Whether a name is a body's, of which "of" is a part and a bracket its abbreviation.

    Examples
    --------
    >>> is_body("Port Fund"), is_body("Chamber of Ports"), is_body("Ana Ruiz"), is_body("several Conservatives")
    (True, True, False, False)
    """
    words = re.sub(r"^[Tt]he\s", "", name).split()
    if not words or any(word.islower() and word not in _SMALL for word in words) or is_listed(words[-1]):
        return False
    capitals = words[0].isupper() and len(words[0]) > 1
    return (len(words) > 1 and (capitals or not is_person(" ".join(words)))) or any(
        word in words_of("organised") for word in words
    )


_SMALL = frozenset(("of", "for", "and", "the", "&", "to", "on", "in"))


def head_word(role: str) -> str:
    """Return the word that says what somebody is: "spokeswoman" of "a spokeswoman for the Port Fund".

    Examples
    --------
    >>> head_word("a former deputy head of the Port Fund"), head_word("Port Fund director")
    ('head', 'director')
    """
    words = _HEAD_ENDS.split(_ONE_OF.sub("", role.strip(" (),.")), maxsplit=1)[0].split()
    return re.sub(r"(?:’|')s?$", "", words[-1].strip("(),.’'")) if words else ""


_ONE_OF = re.compile(r"^(?:[Oo]ne|[Ss]ome|[Mm]any|[Mm]ember|[Aa] member) of (?=the\s|its\s|those\s|several\s|two\s)")
_HEAD_ENDS = re.compile(r",|\s(?:of|for|at|in|on|with|who|whose|which|that|from|to|by|and|near)\s")


def is_listed(word: str) -> bool:
    """Whether a word is on a list of roles or titles.

    Examples
    --------
    >>> is_listed("Minister"), is_listed("winner"), is_listed("idea")
    (True, False, False)
    """
    lists = load_word_lists()
    plain = word.casefold().strip("().,’'")
    return plain in lists.roles or plain in lists.titles or lists.classes.get(plain, "") in ("R", "S")


def is_personal(word: str) -> bool:
    """Whether a word is a listed role or title, or formed like a word for a person.

    Examples
    --------
    >>> is_personal("rector"), is_personal("winner"), is_personal("idea")
    (True, True, False)
    """
    return is_listed(word) or (word.islower() and len(word) > 4 and word.endswith(_PERSONAL))


_PERSONAL = ("man", "woman", "person", "ist", "ian", "eer", "er", "or", "ers", "ors", "ists", "ians", "native")


def is_linked(role: str) -> bool:
    """Whether a phrase says only where somebody is from or belongs: "of the Port Fund"."""
    return _LINK.match(role) is not None


def is_document(role: str) -> bool:
    """Whether a phrase is about a document: "a recent study"."""
    return _DOCUMENT.search(role) is not None


_DOCUMENT = re.compile(
    r"\b(?:stud(?:y|ies)|reports?|surveys?|polls?|statements?|releases?|notes?|analysis|letters?|research|data|figures)$",
    re.I,
)
