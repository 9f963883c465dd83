"""Media Cloud: tables of search.mediacloud.org and of its predecessors, answers of its interfaces (API).

What they give is metadata: outlet, title, date and address of stories, seldom a text. `indexed_date` and `collect_date`
say when Media Cloud took a story in, which is not when it was published; "undateable" is no date.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mediakit.errors import FormatError
from mediakit.load.cells import html_to_text
from mediakit.load.dates import read_date
from mediakit.load.fields import read_time
from mediakit.load.formats import jsonl, table
from mediakit.load.json_items import load_items
from mediakit.load.ledger import Part, Reading
from mediakit.load.records import Entry, gather
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import Source, UnreadableFile
from mediakit.load.terms import Term, join_terms

_NEW = {"id", "indexed_date", "media_name", "media_url", "publish_date", "title", "url"}
_OLD = {"stories_id", "publish_date", "title", "url"}
_OLD_MARKS = {
    "media_id",
    "media_name",
    "ap_syndicated",
    "date_is_reliable",
    "themes",
    "inlink_count",
    "media_inlink_count",
}
_KEY = re.compile(r'"([a-z_]{2,40})"\s*:')
_LISTS = ("stories", "results", "story_list", "matches", "items", "data")
_TIMES = ("indexed_date", "collect_date", "capture_time")
_NO_DATE = ("undateable", "undatable", "null", "none", "nat")


def sniff(source: Source) -> Sniffed:
    """Recognise Media Cloud by the names of its columns."""
    sample = source.sample.lstrip("\ufeff \r\n\t")
    if sample[:1] in "[{":
        keys = set(_KEY.findall(sample[:20_000]))
        if "stories_id" in keys and len(keys & {*_OLD_MARKS, "story_text", "guid", "collect_date", "title"}) >= 3:
            return 0.99, "stories of Media Cloud"
        if {"stories_id", "sentence_number", "sentence"} <= keys:
            return 0.99, "sentences of Media Cloud"
        if {"indexed_date", "media_url", "publish_date"} <= keys:
            return 0.99, "stories of Media Cloud"
        if {"archive_playback_url", "original_capture_url", "publication_date"} <= keys:
            return 0.99, "stories of Media Cloud's Wayback provider"
        return 0.0, ""
    header = _header(sample)
    if header >= _NEW or (header >= _OLD and len(header & _OLD_MARKS) >= 2):
        return 0.99, "the columns of Media Cloud"
    return 0.0, ""


def read(source: Source, options: Options) -> Reading:
    """Read stories of Media Cloud, one article a row."""
    listed = source.sample.lstrip("\ufeff \r\n\t").startswith(("[", "{"))
    try:
        reading = _read_json(source, options) if listed else table.read(source, options)
    except FormatError as error:
        if options.columns:
            raise
        raise UnreadableFile(f"Media Cloud without titles: {error}") from None
    undated = 0
    for record in reading.articles:
        undated += _finish(record)
    without = sum(record.get("text") is None for record in reading.articles)
    if without:
        reading.notes.append(f"Media Cloud gives no text for {without} of {len(reading.articles)} stories")
    if undated:
        reading.notes.append(f"{undated} stories that Media Cloud could not date")
    return reading


def _header(sample: str) -> set[str]:
    """Return the names in the first line, whatever separates them."""
    first = sample.split("\n", 1)[0][:4000].strip("\r")
    delimiter = max(",;\t", key=first.count)
    try:
        return {cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])}
    except csv.Error:
        return set()


def _read_json(source: Source, options: Options) -> Reading:
    """Read a list of stories, a story, an object of sentences by story, or a story a line."""
    text = source.text.lstrip("\ufeff \r\n\t")
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines[:3]):
        return jsonl.read(source, options)
    if text.startswith("{") and not re.match(rf'\{{\s*"(?:{"|".join(_LISTS)}|pagination_token|count)"', text):
        items, damages, _ = load_items(f"[{text}]")
        if re.match(r'\{\s*"\d+"\s*:\s*\[', text) and isinstance(items[0], Mapping):
            items = [_grouped(found, key) for key, found in items[0].items() if isinstance(found, list)]
    else:
        items, damages, _ = load_items(text, _LISTS)
        if items and all(
            "sentence" in item and "sentence_number" in item for item in items if isinstance(item, Mapping)
        ):
            keys = dict.fromkeys(str(item.get("stories_id")) for item in items if isinstance(item, Mapping))
            items, damages = [_grouped(items, key) for key in keys], []
    broken = {part.start: part for part in damages}
    entries: list[Entry] = []
    for number, item in enumerate(items):
        if number in broken:
            entries.append(broken[number])
        elif isinstance(item, list):
            entries.append(_of_sentences(item))
        elif isinstance(item, Mapping):
            entries.append(_prepared(item))
        else:
            entries.append(Part("skipped", 0, 0, None, f"item {number}: not an object", str(item)[:80]))
    return gather(source, entries, options, unit="row")


def _grouped(sentences: Iterable[Any], story: str) -> list[Mapping[str, Any]]:
    """Return the sentences of one story."""
    found = ({"stories_id": story, **one} for one in sentences if isinstance(one, Mapping))
    return [one for one in found if str(one["stories_id"]) == story]


def _of_sentences(sentences: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Make a story of its sentences."""
    first: Mapping[str, Any] = sentences[0] if sentences else {}
    kept = ("stories_id", "media_id", "language", "publish_date", "title", "url", "media_name")
    return {**{name: first[name] for name in kept if name in first}, "text": _joined(sentences)}


def _joined(sentences: Any) -> str | None:
    if not isinstance(sentences, list):
        return None
    found = [one for one in sentences if isinstance(one, Mapping) and isinstance(one.get("sentence"), str)]
    found.sort(key=lambda one: one["sentence_number"] if isinstance(one.get("sentence_number"), int) else 0)
    return " ".join(one["sentence"].strip() for one in found) or None


def _prepared(story: Mapping[str, Any]) -> dict[str, Any]:
    """Return a story with its text in one field and its tags as terms."""
    made = {name: value for name, value in story.items() if name not in ("story_sentences", "story_tags", "feeds")}
    for name in ("story_text", "text"):
        if isinstance(made.get(name), str):
            parts = re.split(r"\n\s*\n", made[name]) if "\n" in made[name].strip() else [made[name]]
            made[name] = "\n\n".join(" ".join(part.split()) for part in parts if part.strip()) or None
    if not (made.get("story_text") or made.get("text")):
        made["story_text"] = _joined(story.get("story_sentences"))
    terms = join_terms(_tags(story.get("story_tags")))
    return {**made, "terms": terms} if terms else made


def _tags(tags: Any) -> Iterable[Term]:
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, Mapping) and isinstance(tag.get("tag"), str):
            code = tag.get("tags_id")
            yield str(tag.get("tag_set") or "tag"), tag["tag"], str(code) if code is not None else None, None


def _finish(record: dict[str, Any]) -> bool:
    """Give the columns their names here; return whether Media Cloud could not date the story."""
    vendor = next(
        (record.pop(name) for name in ("stories_id", "id", "id_raw") if record.get(name) not in (None, "")), None
    )
    if vendor is not None:
        record["vendor_id"] = f"{vendor:.0f}" if isinstance(vendor, float) else str(vendor)
    taken = next((record.pop(name) for name in _TIMES if record.get(name) not in (None, "")), None)
    if taken is not None:
        record["load_date"] = str(taken)
    record["outlet"] = record.get("outlet") or record.get("media_url") or None
    if record.get("standfirst") is not None:
        record["description"] = html_to_text(str(record.pop("standfirst"))) or None
    raw = str(record.get("date_raw") or "").strip()
    if raw.casefold() in _NO_DATE or str(record.get("undateable")).casefold() in ("true", "1"):
        record["date"], record["date_raw"] = None, None
        return True
    if record.get("date") is None and raw:
        record["date"] = read_date(raw)
    if re.search(r"\d:\d\d", raw) and not re.search(r"\b00:00(?::00(?:\.0+)?)?(?!\d)", raw):
        record["time"] = read_time(raw)
    return False


READER = Reader("mediacloud", sniff, read, "Media Cloud: CSV of stories, or JSON of its API")
