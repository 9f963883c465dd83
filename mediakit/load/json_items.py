"""Items of a JSON list, also of one that is broken: what stands before and after the damage is read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from mediakit.load.ledger import Part
from mediakit.load.source import UnreadableFile

_NEXT = re.compile(r"[}\]]\s*,\s*(?=\{)")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrt]|u[0-9a-fA-F]{4})")
_MOST_DAMAGES = 30  # after that the file is given up: each costs a new start


def load_items(text: str, keys: Sequence[str] = ()) -> tuple[list[Any], list[Part], Any]:
    """Return the items of a JSON list, or of the list under one of `keys`.

    Parameters
    ----------
    text : the document
    keys : names of the lists to look for in an object, the first that is there counts

    Returns
    -------
    items : list
        In the place of what cannot be read stands None.
    damages : list of Part
        One for each None, with the reason; start and end are item numbers.
    whole : the document, when it is sound
        None for a broken one.

    Raises
    ------
    UnreadableFile
        When there is no list in it.

    Examples
    --------
    >>> load_items('{"items": [{"a": 1}, {"a": 2}, {"a": 3', ["items"])[0]
    [{'a': 1}, {'a': 2}, None]
    """
    text = text.lstrip("\ufeff")
    try:
        whole = json.loads(text, strict=False)
    except RecursionError:
        raise UnreadableFile("broken JSON: nested too deeply") from None
    except ValueError as error:  # broken, or a number of more than 4,300 digits
        return (*_salvage(text, keys, str(error).split(";")[0]), None)
    if isinstance(whole, list):
        return whole, [], whole
    found = next((whole[key] for key in keys if isinstance(whole, dict) and isinstance(whole.get(key), list)), None)
    if found is None:
        raise UnreadableFile(f"JSON without a list {' or '.join(map(repr, keys))}" if keys else "JSON without a list")
    return found, [], whole


def _salvage(text: str, keys: Sequence[str], why: str) -> tuple[list[Any], list[Part]]:
    """Read item after item; after one that cannot be read go on at the next that begins with a brace."""
    names = "|".join(map(re.escape, keys))
    start = (
        re.search(rf'"(?:{names})"\s*:\s*\[', text) if keys and text.lstrip()[:1] == "{" else re.match(r"\s*\[", text)
    )
    if start is None:
        raise UnreadableFile(f"broken JSON: {why}")
    decoder = json.JSONDecoder(strict=False)
    items: list[Any] = []
    damages: list[Part] = []
    at = start.end()
    while at < len(text):
        gap = re.compile(r"[\s,]*").match(text, at)
        at = gap.end() if gap else at
        if at >= len(text) or text[at] == "]":
            break
        try:
            item, at = decoder.raw_decode(text, at)
            items.append(item)
            continue
        except RecursionError:
            trouble, there = "nested too deeply", at + 1
        except json.JSONDecodeError as error:
            trouble, there = f"{error.msg} at line {error.lineno} column {error.colno}", max(error.pos, at + 1)
            mended = _without_bad_escapes(text, at) if "escape" in error.msg else None
            if mended is not None:
                items.append(mended[0])
                at = mended[1]
                continue
        except ValueError as error:
            trouble, there = str(error).split(":")[0], at + 1
        damages.append(
            Part("skipped", len(items), len(items) + 1, None, f"item {len(items)}: {trouble}", text[at : at + 200])
        )
        items.append(None)
        following = _find_next(text, at, there) if len(damages) < _MOST_DAMAGES else None
        if following is None:
            break
        at = following
    if not any(item is not None for item in items):
        raise UnreadableFile(f"broken JSON: {why}")
    return items, damages


def _find_next(text: str, at: int, there: int) -> int | None:
    """Return where the next item begins: a brace as far from the margin, or with the same first key."""
    margin = text[text.rfind("\n", 0, at) + 1 : at]
    if not margin.strip() and "\n" in text[:at]:
        found = text.find(f"\n{margin}{{", there)
        return found + 1 + len(margin) if found >= 0 else None
    key = re.match(r'\{\s*"[^"\\]{1,60}"\s*:', text[at : at + 100])
    if key is not None:
        following = re.compile(rf"\}}\s*,\s*(?={re.escape(key[0])})").search(text, there)
    else:
        following = _NEXT.search(text, there)
    return following.end() if following else None


def _without_bad_escapes(text: str, at: int) -> tuple[Any, int] | None:
    """Read one item in which backslashes stand before letters that need none, as some services write them."""
    end = _NEXT.search(text, at)
    stop = end.start() + 1 if end else text.rfind("}") + 1
    if not at < stop <= at + 1_000_000:
        return None
    try:
        return json.loads(_BAD_ESCAPE.sub(r"\\\\", text[at:stop]), strict=False), stop
    except (ValueError, RecursionError):
        return None
