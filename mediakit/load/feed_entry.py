"""Entries of feeds, as feedparser names their fields, as records of the article table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mediakit.load.fields import read_time
from mediakit.load.fragment import Fragment, line_of, read_fragment
from mediakit.load.terms import Term, join_terms

_NO_NAME = re.compile(
    r"^(?:no-?reply|do-?not-?reply|admin|administrator|webmaster|editor|root)?(?:@.*)?$|^\S+@\S+$|^https?:", re.I
)
# "ana@ledger.example (Ana Ruiz)", "Ana Ruiz <ana@ledger.example>"
_WITH_MAIL = re.compile(r"^\S+@\S+\s*\((?P<one>[^()@]{2,80})\)$|^(?P<two>[^<(@]{2,80}?)\s*[<(]\S+@\S+[>)]$")
_SHORT_YEAR = re.compile(r"^(\s*(?:[^\W\d_]{2,9}\.?,\s*)?\d{1,2}[\s-][^\W\d_]{3,9}\.?[\s-])(\d{2})(?=\s)")
_WHOLE_WORDS, _WHOLE_PARAGRAPHS = 300, 4  # a description of this length is an article
_FULL_TEXTS = ("yandex_full-text", "full-text", "fulltext", "full_text", "content_full", "body")
_LONGEST_URL = 4_000


def make_record(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the record of an entry, None where it names nothing.

    Examples
    --------
    >>> make_record({"title": "Ferries return", "summary": "<p>They ran.</p>"}, {"title": "Ledger"})["truncated_why"]
    'the feed gives only a summary'
    """
    got = plain_dict(entry)
    contents = [one for one in got.get("content") or [] if isinstance(one, Mapping) and one.get("value")]
    body, summary = _bodies(got, contents)
    source = plain_dict(got.get("source"))
    title = line_of(feed.get("title"))
    named = (source.get("title"), got.get("prism_publicationname"), feed.get("prism_publicationname"))
    outlet = next((name for name in (*map(line_of, named), title, line_of(feed.get("publisher"))) if name), None)
    headline = _without_outlet(line_of(got.get("title")), line_of(source.get("title")))
    raw, modified, kind = _dates(got)
    detail = plain_dict(got.get("title_detail"))
    languages = [one.get("language") for one in (*contents, detail)] + [got.get("language"), feed.get("language")]
    record = {
        "headline": headline,
        **_texts(body, summary),
        "byline": _authors(got),
        "outlet": outlet,
        "feed": title if title != outlet else None,
        "date_raw": raw,
        "date_kind": kind,
        "time": read_time(raw),
        "modified": modified if modified != raw else None,
        "language": next((str(one) for one in languages if one), None),
        "url": _address(got),
        "vendor_id": line_of(got.get("id")),
        "terms": join_terms(_terms(got.get("tags"))),
        "caption": body.caption,
        "left_out": "\n".join((body if body.text else summary).left_out) or None,
        "status": line_of(got.get("wp_status")),
    }
    if not any(record.get(name) for name in ("headline", "text", "url", "vendor_id")):
        return None
    return {name: value for name, value in record.items() if value is not None}


def _bodies(got: Mapping[str, Any], contents: list[Mapping[str, Any]]) -> tuple[Fragment, Fragment]:
    """Return the longest text of an entry, and its summary."""
    found = [read_fragment(one["value"], plain=_is_plain(one)) for one in contents]
    found += [read_fragment(got.get(name)) for name in _FULL_TEXTS if got.get(name)]
    found.sort(key=lambda one: -len(one.text or ""))
    body = found[0] if found else Fragment()
    detail = plain_dict(got.get("summary_detail"))
    summary = read_fragment(got.get("summary"), plain=_is_plain(detail))
    if len(found) > 1 and summary.text == body.text:  # a description behind the content counts as content as well
        summary = found[-1]
    return body, summary


def _is_plain(detail: Mapping[str, Any]) -> bool:
    """Whether a text is declared to be plain, and shows no mark-up either, as many a mislabelled one does."""
    value = str(detail.get("value") or "")
    return detail.get("type") == "text/plain" and not re.search(
        r"</?(?:p|br|div|a|img|b|i|em|strong)\b[^<>]*>|&\w{2,8};", value, re.I
    )


def _texts(body: Fragment, summary: Fragment) -> dict[str, Any]:
    """Choose the text, and say whether it is known to be cut."""
    made: dict[str, Any] = {"text": body.text or summary.text}
    if body.text is None:
        made["truncated"] = True
        made["truncated_why"] = "the feed gives only a summary" if summary.text else "the feed gives no text"
        whole = len((summary.text or "").split()) >= _WHOLE_WORDS and len(summary.paragraphs) >= _WHOLE_PARAGRAPHS
        if whole:
            made["truncated"], made["truncated_why"] = summary.cut is not None, summary.cut
        elif summary.cut is not None:
            made["truncated_why"] += f"; it {summary.cut}" if summary.cut.startswith("ends") else f"; {summary.cut}"
        return made
    if body.cut is not None:
        made["truncated"], made["truncated_why"] = True, body.cut
    elif summary.text and len(body.paragraphs) == 1 and _letters(body.text) == _letters(summary.text):
        made["truncated"], made["truncated_why"] = True, "the feed gives only a summary, twice"
    if summary.text and not _letters(body.text).startswith(_letters(summary.text).rstrip(".")[:200]):
        made["standfirst"] = " ".join(summary.text.split())
    return made


def _letters(text: str) -> str:
    return " ".join(re.sub(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$", "", text).split()).casefold()


def _without_outlet(headline: str | None, outlet: str | None) -> str | None:
    """Take the outlet off the end of a title, where collections of news put it."""
    if headline and outlet:
        for mark in (" - ", " – ", " — ", " | "):
            if headline.casefold().endswith((mark + outlet).casefold()) and len(headline) > len(mark + outlet):
                return headline[: -len(mark + outlet)].strip()
    return headline


def _dates(got: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return the printed date (a year of two digits in full), the date of the last change, and which the first is."""
    names = ("published", "prism_publicationdate", "prism_coverdate", "created", "updated", "date")
    printed = {name: line_of(got.get(name)) for name in names}
    name = next((one for one in names if printed[one]), None)
    if name is None:
        return None, None, None
    raw = _SHORT_YEAR.sub(lambda found: f"{found[1]}{'19' if found[2] > '69' else '20'}{found[2]}", printed[name] or "")
    return raw, printed["updated"], "updated" if name == "updated" else None


def _authors(got: Mapping[str, Any]) -> str | None:
    """Return the names of the authors; addresses and the names of accounts are none."""
    people = [one.get("name") or one.get("email") for one in got.get("authors") or [] if isinstance(one, Mapping)]
    if len(people) < 2 and "@" in str(got.get("author") or ""):
        people = [got["author"]]  # feedparser cuts addresses of newer domains in the middle
    people = people if any(people) else [got.get("author")]
    if not any(people):
        credits = [one for one in got.get("media_credit") or [] if isinstance(one, Mapping)]
        people = [one.get("content") for one in credits if str(one.get("role") or "").lower() in ("author", "writer")]
    names = []
    for person in people:
        name = line_of(person)
        if name and (inner := _WITH_MAIL.match(name)):
            name = (inner["one"] or inner["two"]).strip()
        if name and not _NO_NAME.match(name):
            names.append(name)
    return ", ".join(dict.fromkeys(names)) or None


def _address(got: Mapping[str, Any]) -> str | None:
    """Return the address of the article itself: the one behind a redirection, else the link."""
    links = [one for one in got.get("links") or [] if isinstance(one, Mapping) and one.get("href")]
    ranked = sorted(
        links, key=lambda one: ("alternate", "self").index(one["rel"]) if one.get("rel") in ("alternate", "self") else 2
    )
    listed = [one["href"] for one in ranked if one.get("rel") in ("alternate", "self", None)]
    for address in (
        got.get("feedburner_origlink"),
        got.get("pheedo_origlink"),
        got.get("link"),
        *listed,
        got.get("id"),
    ):
        text = line_of(address)
        if text and re.match(r"https?://\S+$", text, re.I) and len(text) < _LONGEST_URL:
            return text
    relative = line_of(got.get("link"))
    return None if relative and re.match(r"[\w.+-]+:(?!//)", relative) else relative


def _terms(tags: object) -> Iterator[Term]:
    for tag in tags if isinstance(tags, list) else []:
        label = line_of(tag.get("label")) if isinstance(tag, Mapping) else None
        term = line_of(tag.get("term")) if isinstance(tag, Mapping) else line_of(tag)
        if label or term:
            yield "category", str(label or term), term if label and label != term else None, None


def plain_dict(found: object) -> dict[str, Any]:
    """Return a plain dictionary: the lookup of feedparser's own answers for keys that are not there."""
    return dict(found) if isinstance(found, Mapping) else {}
