"""What all exports of Nexis share: labels in several languages, the line with date and edition, subject terms."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from mediakit.load.dates import find_date_span, has_year
from mediakit.load.fields import read_time
from mediakit.load.terms import Term

_LONGEST_LABEL = 41  # characters
_WORDS = re.compile(r"(\d[\d.,\s]*)")
_TERM = re.compile(r"\s*(?P<term>[^;]+?)\s*(?:\((?P<relevance>\d{1,3})\s*%\))?\s*(?:;|$)")
COPYRIGHT = re.compile(
    r"^\s*(?:copyright\b|copy \d{4}|©|\(c\)\s|all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos los derechos|tutti i diritti|auteursrecht|all material subject)",
    re.I,
)
_RIGHTS_SIGNS = frozenset("cCaAtT©(")  # with which any of these begins
_RIGHTS = re.compile(r"\d{4}\b|all rights|alle rechte|tous droits|derechos|diritti", re.I)
_CLOCK = re.compile(
    r"\b\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?|\b\d{1,2}\s*[ap]\.?m\.?(?!\w)"
    r"|\b(?:GMT|UTC|[ECMP][SD]T|CES?T|MESZ|MEZ|BST|IST|AEST|AEDT)\b|\bUhr\b"
    r"|\b(?:(?:Eastern|Central|Mountain|Pacific)(?: Standard| Daylight| European(?: Summer)?)?|Greenwich Mean|local)"
    r" Time\b",
    re.I,
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?:mon|tues|wednes|thurs|fri|satur|sun)day(?!\w)"
    r"|(?<!\w)(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)(?!\w)"
    r"|(?<!\w)(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    r"|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira)(?!\w)",
    re.I,
)


def find_label(text: str) -> tuple[str, str, str] | None:
    r"""Split "Section: World" into the field it means, the label as printed and the rest; None for other lines.

    Examples
    --------
    >>> find_label("Section:\xa0NEWS; Pg. 4"), find_label("He said: no")
    (('section', 'Section', 'NEWS; Pg. 4'), None)
    >>> find_label("Subject: PROTESTS (93%)")
    ('terms:subject', 'Subject', 'PROTESTS (93%)')
    """
    label, colon, rest = text.partition(":")
    label = label.strip()
    field = labels().get(label.casefold()) if colon and len(label) <= _LONGEST_LABEL else None
    return (field, label, rest.strip()) if field else None


def starts_rights(text: str) -> bool:
    """Whether a text begins as the lines do that say whose the rights are.

    Examples
    --------
    >>> starts_rights(" © 2023 Harbour Post"), starts_rights("Crops failed.")
    (True, False)
    """
    return text.lstrip()[:1] in _RIGHTS_SIGNS and COPYRIGHT.match(text) is not None


def is_rights_line(line: str) -> bool:
    """Whether a line says whose the rights are, and not just something about copyright.

    Examples
    --------
    >>> is_rights_line("Copyright 2023 Harbour Post Ltd"), is_rights_line("Copyright law was not discussed.")
    (True, False)
    """
    return len(line) < 300 and starts_rights(line) and bool(_RIGHTS.search(line))


def is_date_line(line: str) -> bool:
    """Whether a short line holds a date, at least a year."""
    return len(line) < 100 and has_year(line)


def split_date_line(line: str) -> tuple[str, str | None, str | None]:
    """Split the line below the outlet into date as printed, clock time and edition.

    Examples
    --------
    >>> split_date_line("November 5, 2002 Tuesday Final Edition")
    ('November 5, 2002 Tuesday', None, 'Final Edition')
    >>> split_date_line("May 1, 2021 Saturday 12:06 AM EST")
    ('May 1, 2021 Saturday 12:06 AM EST', '00:06 EST', None)
    >>> split_date_line("Donnerstag 11. Mai 2023")
    ('Donnerstag 11. Mai 2023', None, None)
    """
    line = " ".join(line.split())
    span = find_date_span(line)
    if span is None:
        return line, None, None
    rest = line[span[1] :]
    time = read_time(rest)
    end = span[1]
    for pattern in (_WEEKDAY, _CLOCK):
        for found in pattern.finditer(rest):
            if not rest[: found.start()].strip(" ,;-") or not re.sub(
                r"[\s,;-]", "", _CLOCK.sub("", _WEEKDAY.sub("", rest[: found.start()]))
            ):
                end = max(end, span[1] + found.end())
    edition = line[end:].strip(" ,;")
    return line[:end].strip(" ,;"), time, edition if re.search(r"\w{2}", edition) else None


def read_length(text: str) -> int | None:
    """Return the number of words of a line such as "1,849 words" or "526 Wörter"."""
    found = _WORDS.search(text)
    digits = re.sub(r"\D", "", found[1]) if found else ""
    return int(digits) if 0 < len(digits) < 8 else None


def name_language(text: str | None) -> str | None:
    """Return the language of a line that names it in two languages.

    Examples
    --------
    >>> name_language("DUTCH; NEDERLANDS"), name_language("Dutch / Nederlands"), name_language("English")
    ('DUTCH', 'Dutch', 'English')
    """
    return re.split(r"[;/,(]", text)[0].strip() or None if text else None


def split_terms(scheme: str, text: str) -> Iterable[Term]:
    """Split "PROTESTS (93%); POLICE (78%)" into terms.

    Examples
    --------
    >>> list(split_terms("subject", "PROTESTS (93%); POLICE"))
    [('subject', 'PROTESTS', None, 93), ('subject', 'POLICE', None, None)]
    """
    for found in _TERM.finditer(text):
        yield scheme, found["term"], None, int(found["relevance"]) if found["relevance"] else None


def bare_line(text: str) -> str:
    """Return a line as marks are compared: no case, no colon, no blanks around it."""
    return text.strip(" \r\n\xa0:").casefold()


def bare_field(text: str) -> str | None:
    """Return the field that a line names which holds nothing else."""
    found = find_label(f"{bare_line(text)}:")
    return found[0] if found else None


@cache
def body_marks() -> frozenset[str]:
    """Return the words that stand above a text, in lower case."""
    return frozenset(label for label, field in labels().items() if field == "text")


@cache
def labels() -> dict[str, str]:
    """Return label in lower case -> field; "terms:subject" and the like for subject terms."""
    data = _data()
    found = {label.casefold(): field for field, names in data["labels"].items() for label in names}
    found = {
        **{label.casefold(): f"terms:{scheme}" for scheme, names in data["terms"].items() for label in names},
        **found,
    }
    # Capitals are often printed without accents: SOCIETE, LANGE.
    return {**{_bare_letters(label): field for label, field in found.items()}, **found}


def _bare_letters(label: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", label) if not unicodedata.combining(sign))


@cache
def marks(name: str) -> frozenset[str]:
    """Return the fixed lines of one kind, in lower case."""
    return frozenset(mark.casefold() for mark in _data()["marks"][name])


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("mediakit.load.formats").joinpath("nexis.toml").read_text("utf-8"))
