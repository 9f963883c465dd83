"""Kinds of mentions, and how a mention is noted while a text is read."""

from __future__ import annotations

NAME, BODY, ROLE, PRONOUN, INDEFINITE = range(5)
KINDS = ("name", "body", "role", "pronoun", "indefinite")
GENDERS = ("", "m", "f", "thing", "first", "second")
NUMBERS = ("", "one", "many")

# First and last word, where the name or the head of a role is, kind, gender, number, and where a title begins.
Row = tuple[int, int, int, int, int, int, int]
