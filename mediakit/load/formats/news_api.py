"""Answers of three services in JSON: NewsAPI, The Guardian's Content API, the New York Times' search and archive.

Where they keep their fields is data (`news_api.toml`). None gives the whole text unless it is asked to, and two never
do: what is missing is missing, and what is a beginning only is marked as cut.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

from mediakit.articles import COLUMNS
from mediakit.load.fields import read_time
from mediakit.load.fragment import Fragment, line_of, read_fragment
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.terms import Term, join_terms

_KEY = re.compile(r'"([A-Za-z_]{2,40})"\s*:')
_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\s*\+?\s*(\d{1,9})\s*(?:chars|characters)\s*\]\s*$")
_PLAIN = (
    "kind",
    "pillar",
    "news_desk",
    "subsection",
    "kicker",
    "print_headline",
    "image",
    "edition",
    "modified",
    "vendor_id",
)


@cache
def _services() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("mediakit.load.formats").joinpath("news_api.toml").read_text("utf-8"))


def sniff(source: Source, service: str) -> Sniffed:
    """Recognise an answer of a service by the names of its fields, one article a line as well."""
    sample = source.sample[:60_000].lstrip("\ufeff \r\n\t")
    if sample[:1] not in ("{", "["):
        return 0.0, ""
    known = _services()[service]
    keys = set(_KEY.findall(sample))
    own = re.search(known["own"], sample) is not None
    if own and len(keys & set(known["marks"])) >= known["least"] and keys >= set(known["needed"]):
        return 0.99, known["about"]
    return 0.0, ""


def read(source: Source, options: Options, service: str) -> Reading:
    """Read the answers of a service: one, several one after another or in a list, or one article a line."""
    known = _services()[service]
    items, damages, notes = _find_items(source.text.lstrip("\ufeff \r\n\t"), known)
    broken = {part.start: part for part in damages}
    reading = Reading(unit="row", length=len(items), notes=notes)
    for number, item in enumerate(items):
        if number in broken:
            reading.parts.append(broken[number])
            continue
        record, why = _make_record(item, known, service) if isinstance(item, Mapping) else (None, "not an object")
        if record is None:
            kind = "boilerplate" if why.startswith("page ") else "skipped"
            shown = json.dumps(item, ensure_ascii=False, default=str)[:80] if not _too_deep(item) else ""
            reading.parts.append(Part(kind, number, number + 1, None, f"item {number}: {why}", shown))
        else:
            shown = str(record.get("headline") or record.get("text") or record.get("url"))[:80]
            note = "" if record.get("text") else "without text"
            reading.parts.append(Part("article", number, number + 1, len(reading.articles), note, shown))
            reading.articles.append(record)
    cut = sum(bool(record.get("truncated")) for record in reading.articles)
    if cut:
        reading.notes.append(f"no full text for {cut} of {len(reading.articles)} articles")
    return reading


def _find_items(text: str, known: Mapping[str, Any]) -> tuple[list[Any], list[Part], list[str]]:
    """Return the articles of all answers in a file, what is broken, and what the answers say of themselves."""
    names = list(dict.fromkeys(path.rsplit(".", 1)[-1] for path in known["lists"]))
    answers, trouble = _answers(text)
    if trouble:
        lines = _lines(text)
        if lines is None:
            items, damages, _ = load_items(text, names)
            return items, damages, ["the JSON is broken; its items were read one by one"]
        answers = lines
    items = []
    damages = []
    notes: list[str] = []
    for answer in answers:
        if isinstance(answer, Part):
            damages.append(Part("skipped", len(items), len(items) + 1, None, answer.note, answer.excerpt))
            items.append(None)
            continue
        found = _list_in(answer, known)
        if found is None:
            message = _message(answer)
            if len(answers) == 1:
                raise UnreadableFile(
                    f"no articles but a message of the service: {message}" if message else "no articles in it"
                )
            items.append(f"page without articles: {message}")
            continue
        total = next((n for path in known["total"] if isinstance(n := _get(answer, path), int)), None)
        if total is not None and total != len(found) and len(answers) == 1:
            notes.append(f"{len(found)} of the {total:,} results of the search")
        items += found
    return items, damages, notes


def _answers(text: str) -> tuple[list[Any], bool]:
    """Return the JSON values of a file (one, a list of answers, or one after the other), and whether it is broken."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    gap = re.compile(r"[\s,\x1e]*")
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found, True
        found.append(value)
        skipped = gap.match(text, at)
        at = skipped.end() if skipped else at
    if len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    return found, False


def _lines(text: str) -> list[Any] | None:
    """Return the values of a file that holds one a line, with a part for each line that is broken; else None."""
    found: list[Any] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append(json.loads(line, strict=False))
            except (ValueError, RecursionError) as error:
                found.append(Part("skipped", 0, 0, None, f"line {number}: {str(error)[:80]}", line[:200]))
    sound = sum(isinstance(value, Mapping) for value in found)
    return found if len(found) > 1 and sound >= 0.5 * len(found) else None


def _list_in(answer: Any, known: Mapping[str, Any]) -> list[Any] | None:
    """Return the articles of an answer: those of the service's lists, or the answer itself where it is an article."""
    if not isinstance(answer, Mapping):
        return [answer]
    for path in known["lists"]:
        found = _get(answer, path)
        if isinstance(found, list):
            return found
        if isinstance(found, Mapping) and set(known["needed"]) & set(found):
            return [found]
    return [answer] if set(known["needed"]) & set(answer) else None


def _message(answer: Any) -> str:
    """Return what a service says instead of articles."""
    for path in ("message", "response.message", "fault.faultstring", "errors", "error", "response.errors", "status"):
        found = _get(answer, path)
        if found:
            return str(found)[:300]
    return ""


def _too_deep(item: Any) -> bool:
    try:
        json.dumps(item, default=str)
    except (RecursionError, ValueError):
        return True
    return False


def _make_record(item: Mapping[str, Any], known: Mapping[str, Any], service: str) -> tuple[dict[str, Any] | None, str]:
    """Return the record of an article, or the reason why there is none."""
    headline, address = _line(item, known["headline"]), _line(item, known["url"])
    if headline in known.get("removed", ()):
        return None, "the service took the article down"
    body, where, cut = _body(item, known)
    outlet = _line(item, known["outlet"]) or known.get("default_outlet")
    if not (headline or body.text):
        return None, "neither title nor text"
    standfirst = line_of(read_fragment(_first(item, known["standfirst"])).text)
    if standfirst and " ".join((body.text or "").split()).startswith(standfirst.rstrip(".… ")):
        standfirst = None  # a search snippet, not what the outlet printed above the text
    raw = _line(item, known["date_raw"])
    record: dict[str, Any] = {
        "headline": _without_outlet(headline, outlet) if service == "newsapi" else headline,
        "standfirst": standfirst,
        "text": body.text,
        "byline": _byline(item, known),
        "outlet": {"theguardian.com": "The Guardian", "theobserver": "The Observer"}.get(str(outlet).lower(), outlet),
        "date_raw": raw,
        "time": read_time(raw) if raw and "T00:00:00" not in raw else None,
        "language": _line(item, known.get("language", ())) or known.get("default_language"),
        "section": _line(item, known.get("section", ())),
        "page": _line(item, known.get("page", ())),
        "url": address,
        "declared_words": _number(item, known.get("declared_words", ())),
        "terms": join_terms(_terms(item)),
        "caption": body.caption,
        "left_out": "\n".join(body.left_out) or None,
        **{name: _line(item, known.get(name, ())) for name in _PLAIN},
    }
    record.update(_further(item, known, record))
    why = _why_cut(record, service, where, cut or body.cut)
    if why:
        record["truncated"], record["truncated_why"] = True, why
    return {name: value for name, value in record.items() if value is not None}, ""


def _further(item: Mapping[str, Any], known: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain fields that no column above was made of, under their own names."""
    used = {path.split(".")[0] for value in known.values() if isinstance(value, list) for path in value}
    made: dict[str, Any] = {}
    for name, value in item.items():
        if name not in used and name not in known["ignored"] and isinstance(value, str | int | float):
            made[f"{name}_raw" if name in record or name in COLUMNS else str(name)] = line_of(value)
    return made


def _body(item: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[Fragment, str, str | None]:
    """Return the body, the path where it stood, and the evidence of a cut that a service prints at its end."""
    for path in known["text"]:
        value = _get(item, path)
        if isinstance(value, list):  # blocks of a live report
            parts = [one.get("bodyHtml") or one.get("bodyTextSummary") for one in value if isinstance(one, Mapping)]
            value = "\n".join(part for part in parts if isinstance(part, str))
        if not isinstance(value, str) or not value.strip():
            continue
        mark = _CUT.search(value[-80:])
        if mark:
            value = value[: len(value) - len(mark[0])]
        body = read_fragment(value, plain=path in known.get("plain", ()))
        if body.text:
            return body, path, f'interface cut mark "[+{mark[1]} chars]"' if mark else None
    return Fragment(), "", None


def _why_cut(record: Mapping[str, Any], service: str, where: str, cut: str | None) -> str | None:
    if service == "nytimes":
        given = where.replace("_", " ") if where else "title"
        words = record.get("declared_words")
        of = f" of an article of {words:,} words" if words else ""
        return f"the service gives only the {given}{of}"
    if record["text"] is None:
        return (
            "the service gave no text; it has to be asked for it"
            if service == "guardian"
            else "the service gave no text"
        )
    return cut


def _byline(item: Mapping[str, Any], known: Mapping[str, Any]) -> str | None:
    """Return the authors: the printed line, else the names of contributors."""
    printed = _line(item, known["byline"])
    if printed:
        return None if re.match(r"https?://\S+$", printed) else printed
    names = []
    for path in known.get("people", ()):
        people = _get(item, path)
        for one in people if isinstance(people, list) else []:
            if not isinstance(one, Mapping):
                continue
            if one.get("type") == "contributor":
                names.append(line_of(one.get("webTitle")))
            elif "lastname" in one or "firstname" in one:
                parts = (line_of(one.get(key)) for key in ("firstname", "middlename", "lastname"))
                names.append(" ".join(part for part in parts if part))
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _terms(item: Mapping[str, Any]) -> Iterator[Term]:
    for tag in _listed(item, "tags"):
        if tag.get("type") != "contributor" and (title := line_of(tag.get("webTitle"))):
            yield str(tag.get("type") or "tag"), title, line_of(tag.get("id")), None
    for word in _listed(item, "keywords"):
        if value := line_of(word.get("value")):
            yield str(word.get("name") or "keyword"), value, None, None


def _listed(item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = item.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _without_outlet(headline: str | None, outlet: str | None) -> str | None:
    """Take the outlet off the end of a title ("Ferries return - Valley News")."""
    if not headline or not outlet:
        return headline
    bare = re.sub(r"\.(?:com|org|net|co\.uk|[a-z]{2})$", "", outlet, flags=re.I)
    for name in dict.fromkeys((outlet, bare)):
        if headline.casefold().endswith(f" - {name}".casefold()):
            return headline[: -len(name) - 3].rstrip() or headline
    return headline


def _get(item: Any, path: str) -> Any:
    for name in path.split("."):
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def _first(item: Mapping[str, Any], paths: Sequence[str]) -> Any:
    return next(
        (value for path in paths if (value := _get(item, path)) and isinstance(value, str) and value.strip()), None
    )


def _line(item: Mapping[str, Any], paths: Sequence[str]) -> str | None:
    return next((line for path in paths if (line := line_of(_get(item, path)))), None)


def _number(item: Mapping[str, Any], paths: Sequence[str]) -> int | None:
    text = _line(item, paths)
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else None


READERS = tuple(
    Reader(name, partial(sniff, service=name), partial(read, service=name), about)
    for name, about in (
        ("newsapi", "NewsAPI, answers in JSON"),
        ("guardian", "The Guardian's Content API, answers in JSON"),
        ("nytimes", "New York Times, Article Search and Archive API, answers in JSON"),
    )
)
