"""Sentiment lexicons in YAML: categories within categories, or patterns with weights."""

from __future__ import annotations

from dataclasses import dataclass

from mediakit.errors import LexiconError, need_extra
from mediakit.lexicons.lexicon_files import Entry, Found, broken, read_number, shorten

DEEPEST = 20  # levels of categories


def read_yaml(text: str, where: str) -> Found:
    """Read a YAML file event by event.

    No object is made, aliases are not followed, and "no" and "on" stay words; each event knows its line.
    """
    try:
        import yaml
    except ImportError:
        raise need_extra("PyYAML", "yaml", "Reading .yaml lexicons") from None
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise LexiconError(f"{where}, line {line}: YAML does not allow the sign {bad[0]!r}.")
    entries: list[Entry] = []
    levels: list[_Level] = []
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            place = f"line {event.start_mark.line + 1 if event.start_mark else 1}"
            if isinstance(event, yaml.AliasEvent):
                raise broken(where, place, f"*{event.anchor}", "YAML needs quotes around what begins with a star")
            if isinstance(event, yaml.ScalarEvent):
                _take_scalar(event.value.strip(), levels, entries, f"{where}, {place}")
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                _open_level(isinstance(event, yaml.MappingStartEvent), levels, entries, f"{where}, {place}")
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                if len(entries) == levels.pop().since:
                    raise LexiconError(f"{where}, {place}: {_path(levels) or 'the file'!r} has no patterns.")
                if levels:
                    levels[-1].key = None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise LexiconError(
            f"{where}{place}: {getattr(error, 'problem', None) or error}. "
            "YAML needs quotes around what begins with a star or another sign."
        ) from None
    return Found(entries)


@dataclass
class _Level:
    """A mapping or list that is open: the number of entries before it, and the key whose value comes next."""

    mapping: bool
    since: int
    key: str | None = None


def _open_level(mapping: bool, levels: list[_Level], entries: list[Entry], at: str) -> None:
    within = levels[-1] if levels else None
    if len(levels) >= DEEPEST:
        raise LexiconError(f"{at}: more than {DEEPEST} levels of categories.")
    if (within is None and not mapping) or (within is not None and (not within.mapping or within.key is None)):
        raise LexiconError(f"{at}: a lexicon has categories with lists of patterns, or patterns with weights.")
    levels.append(_Level(mapping, len(entries)))


def _take_scalar(value: str, levels: list[_Level], entries: list[Entry], at: str) -> None:
    """A scalar is a key, the weight of the key before it, or a pattern in a list."""
    if not levels:
        raise LexiconError(f"{at}: {shorten(value)} – there are no categories and no weights.")
    place = at.rpartition(", ")[2]
    level = levels[-1]
    if not level.mapping:
        entries.append(Entry(place, value, None, _path(levels)))
    elif level.key is None:
        level.key = value
    else:
        try:
            weight = read_number(value)
        except ValueError as error:
            raise LexiconError(
                f"{at}: {shorten(f'{level.key}: {value}')} – {error}; "
                "the patterns of a category are a list, as [calm, peace*]."
            ) from None
        entries.append(Entry(place, level.key, weight, _path(levels[:-1]) or None))
        level.key = None


def _path(levels: list[_Level]) -> str:
    return ".".join(level.key for level in levels if level.key is not None)
