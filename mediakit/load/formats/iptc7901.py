"""IPTC 7901, the wire text of news agencies: a line of codes, keywords, title, text, the time of transmission.

Titles and bylines end in "=", paragraphs are indented, lines are broken at a fixed width. Notes to editors at the end
are not for publication; they stay in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mediakit.load.blocks import Blocks
from mediakit.load.dates import read_date
from mediakit.load.ledger import Reading
from mediakit.load.registry import Options, Reader, Sniffed
from mediakit.load.source import LONGEST_LINE, Source, UnreadableFile
from mediakit.load.wire import agency_of

_SOH, _STX, _ETX = "\x01", "\x02", "\x03"
_CONTROLS = "\x00\x01\x02\x03\x04\x05\x0e\x0f\x10\x11\x12\x13\x14\x1e\x7f"
_STRIP = str.maketrans("", "", _CONTROLS)
# source and number, priority, category, number of words, further codes: "abc042 3 i 98 xyzab   dpa 017"
_HEADER = re.compile(
    r"^[\x00-\x20\x7f]*(?P<source>[A-Za-z]{2,4})(?P<number>\d{2,5})[ ]+(?P<priority>\d)[ ]+(?P<category>[A-Za-z]{1,4})"
    r"[ ]+(?P<words>\d{1,5})(?:[ ]+(?P<info>\S.{0,80}))?\s*$"
)
# day, hour and minute, zone, month, year of two digits: "051420 GMT Nov 13"
_STAMP = re.compile(
    r"^\s*(?P<day>[0-3]\d)(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)\s*(?P<zone>[A-Z]{1,5})?\s+(?P<month>[^\W\d_]{3,9})\.?"
    r"\s+(?P<year>\d{2}|\d{4})\s*$"
)
_STARTS = re.compile(r"^\s*(?:ZCZC|NNNN)\b")
_SIGNED = re.compile(
    r"^(?:[A-Za-z]{2,8})(?:[ /-][a-z]{2,4}){1,5}$|^[a-z]{2,4}(?:/[a-z]{1,4}){1,4}$|^\(?(?:ENDS|END)\)?\.?$"
)
_NOTES = re.compile(
    r"^#+ |^\* \* \*|^(?:notebook|notizblock|bloc[- ]notes|cuaderno)\b"
    r"|^the following information is not for publication|^die folgenden informationen sind nicht zur veröffentlichung",
    re.I,
)
_BY = re.compile(r"^(?:by|von|par|por|di|de|da|door|av|af)\s+(?P<name>\S.*)$", re.I)
_REPORTING = re.compile(
    r"^\s*-?\s*(?:Reporting by|Autor(?:in)?|Author|Rédaction)\s*:\s*(?P<name>[^;<>\d+]{3,80})", re.I
)
_BRACKETED = re.compile(r"^\s*(?:\(.{2,200}\)|\+{2,}.{2,100}\+{2,}|={2,}.{2,100}={2,})\s*=?$")
_SHOUTED = re.compile(r"^[^a-zß-öø-ÿ]{2,24}$")  # "REFILE", "1ST LEAD"
# 7-bit German: brackets stand for the letters that ASCII lacks
_GERMAN = str.maketrans("{|}~[\\]", "äöüßÄÖÜ")
_GERMAN_WORD = re.compile(r"[A-Za-z][{|}~][a-z]|(?:^|[\s(])[{|}\[\\\]][a-z]{2}")


def sniff(source: Source) -> Sniffed:
    """Recognise wire text by its line of codes and by what only a wire prints."""
    sample = source.sample[:20_000]
    lines = sample.split("\n")[:12]
    if not any(_HEADER.match(line.rstrip("\r")) for line in lines):
        return 0.0, ""
    if _SOH in sample or _STX in sample:
        return 1.0, "a line of codes and control characters of a wire"
    ended = any(line.rstrip().endswith((" =", "=")) for line in sample.split("\n")[:30])
    stamped = any(_STAMP.match(line) for line in source.sample.split("\n"))
    return (0.99, "a line of codes as wires print it") if ended or stamped else (0.0, "")


def read(source: Source, options: Options) -> Reading:
    """Read wire text, one article a line of codes."""
    text = source.text
    lines = [line for line in re.split(r"(?<=\n)", text) if line]
    if max(map(len, lines), default=0) > LONGEST_LINE:
        raise UnreadableFile(f"a single line of more than {LONGEST_LINE:,} characters; no article is that long")
    starts = [index for index, line in enumerate(lines) if _HEADER.match(line.rstrip("\r\n"))]
    if not starts:
        raise UnreadableFile("no line of codes as IPTC 7901 has it (source and number, priority, category, words)")
    notes = []
    bare = [line.translate(_STRIP).rstrip() for line in lines]
    if text.isascii() and len(_GERMAN_WORD.findall(text)) >= 3:
        bare = [line.translate(_GERMAN) for line in bare]
        notes.append("7-bit German: { | } ~ [ \\ ] read as ä ö ü ß Ä Ö Ü")
    blocks = Blocks(lines, unit="character", joint=0)
    if starts[0]:
        blocks.mark(range(starts[0]), "header", None, "above the first line of codes")
    records: list[dict[str, Any]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        record = _read_message(lines, bare, start, end, blocks, len(records))
        if record is None:
            blocks.mark(range(start, end), "skipped", None, "a message without title and text")
        else:
            records.append(record)
    return blocks.reading(records, notes=notes)


def _read_message(
    lines: Sequence[str], bare: Sequence[str], start: int, end: int, blocks: Blocks, position: int
) -> dict[str, Any] | None:
    """Return the record of one message, and mark its lines."""
    codes = _HEADER.match(lines[start].rstrip("\r\n"))
    if codes is None:
        return None
    stop = next((index for index in range(start + 1, end) if _ETX in lines[index]), end)
    blocks.mark(start, "metadata", position, "line of codes")
    first, fields = _read_head(lines, bare, start + 1, stop, blocks, position)
    record: dict[str, Any] = {
        **fields, "vendor_id": f"{codes['source']}{codes['number']}", "priority": codes["priority"],
        "category": codes["category"].lower(), "word_count": int(codes["words"]),
    }  # fmt: skip
    body: list[str] = []
    noted = False
    last_indented = max((index for index in range(first, stop) if bare[index].startswith(" ")), default=0)
    for index in range(first, end):
        line = bare[index]
        stamp = _STAMP.match(line)
        if stamp:
            record.update(_dated(stamp))
            blocks.mark(index, "date", position)
        elif index > stop or _STARTS.match(line):
            if lines[index].strip():
                blocks.mark(index, "metadata", position, "behind the end of the text")
        elif not line.strip():
            if lines[index].strip():
                blocks.mark(index, "metadata", position, "control characters")
            body.append("")
        elif (_NOTES.match(line.strip()) and not noted) or (noted and not _SIGNED.match(line.strip())):
            noted = True
            found = _REPORTING.match(line)
            if found and not record.get("byline"):
                record["byline"] = " ".join(found["name"].split()).strip(" ,")
            blocks.mark(index, "metadata", position, "notes to editors, not for publication")
        elif index > last_indented and not bare[index - 1].strip() and len(line) < 60 and _SIGNED.match(line.strip()):
            record["signoff"] = line.strip()
            blocks.mark(index, "metadata", position, "sign-off")
        else:
            body.append(line)
            blocks.mark(index, "text", position)
    record["text"] = _paragraphs(body)
    if not (record.get("headline") or record["text"]):
        return None
    info = f"{codes['info'] or ''} {record.get('signoff', '')}".split()
    brackets = re.findall(r"\(([^()]{2,20})\)", (record["text"] or "")[:120])
    record["outlet"] = record["agency"] = agency_of(*brackets, *info)
    record["outlet"] = record["outlet"] or codes["source"]
    return {name: value for name, value in record.items() if value is not None or name == "text"}


def _read_head(
    lines: Sequence[str], bare: Sequence[str], start: int, stop: int, blocks: Blocks, position: int
) -> tuple[int, dict[str, Any]]:
    """Read keywords, title and byline; return the first line of the text as well."""
    fields: dict[str, Any] = {}
    pending: list[int] = []
    index = start
    last_title = start
    for index in range(start, min(stop, start + 25)):
        line = bare[index].strip()
        if not line:
            if lines[index].strip():
                blocks.mark(index, "metadata", position, "control characters")
            continue
        if bare[index].startswith("   ") and not line.endswith("="):
            break  # the text is indented
        if line.endswith("/") and "headline" not in fields and not pending:
            fields["slug"] = line.rstrip("/")
            blocks.mark(index, "metadata", position, "keywords")
            last_title = index + 1
        elif _BRACKETED.match(line):
            fields["ed_note"] = f"{fields['ed_note']} {line}" if "ed_note" in fields else line.rstrip(" =")
            blocks.mark(index, "metadata", position, "note to editors")
            last_title = index + 1
        elif line.endswith("="):
            author = _BY.match(line.rstrip("= "))
            title = pending if author else [*pending, index]
            if title:
                kind = "headline" if "headline" not in fields else "standfirst"
                fields.setdefault(kind, " ".join(bare[one].strip().rstrip("= ") for one in title))
                blocks.mark(title, kind, position)
            if author:
                fields.setdefault("byline", author["name"])
                blocks.mark(index, "byline", position)
            pending = []
            last_title = index + 1
        elif _SHOUTED.match(line) and "headline" not in fields and not pending:
            fields["ed_note"] = f"{fields['ed_note']} {line}" if "ed_note" in fields else line
            blocks.mark(index, "metadata", position, "state of the message")
            last_title = index + 1
        elif "headline" in fields and not any(
            bare[one].rstrip().endswith("=") for one in range(index, min(index + 3, stop))
        ):
            break
        else:
            pending.append(index)
    if "headline" not in fields and pending:  # no "=" anywhere: the first lines up to a blank one
        title = pending[:1] + [one for one in pending[1:2] if one == pending[0] + 1]
        if sum(len(bare[one]) for one in title) < 200:
            fields["headline"] = " ".join(bare[one].strip() for one in title)
            blocks.mark(title, "headline", position)
            last_title = title[-1] + 1
    return last_title, fields


def _dated(stamp: re.Match[str]) -> dict[str, Any]:
    year = stamp["year"] if len(stamp["year"]) == 4 else f"{'19' if int(stamp['year']) > 69 else '20'}{stamp['year']}"
    made: dict[str, Any] = {"date_raw": stamp[0].strip(), "date": read_date(f"{stamp['day']} {stamp['month']} {year}")}
    if int(stamp["hour"]) < 24:
        made["time"] = f"{stamp['hour']}:{stamp['minute']}{' ' + stamp['zone'] if stamp['zone'] else ''}"
    return made


def _paragraphs(lines: Sequence[str]) -> str | None:
    """Join broken lines; a blank line or an indented one begins a paragraph."""
    found: list[str] = []
    fresh = True
    indented = sum(line.startswith("  ") and not line.startswith("     ") for line in lines) > 1
    for line in lines:
        if not line.strip():
            fresh = True
            continue
        if fresh or not found or (indented and line.startswith("  ")):
            found.append(line.strip())
        else:
            found[-1] += f" {line.strip()}"
        fresh = False
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in found) or None


READER = Reader("iptc7901", sniff, read, "IPTC 7901, wire text of news agencies")
