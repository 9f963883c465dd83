"""Codebooks of other programs, read: LIWC (.dic), quanteda (.yaml), Lexicoder (.lc3) and WordStat (.cat).

| format | categories | patterns |
| --- | --- | --- |
| `.dic` | numbered lines between two `%`, one tab more for each level | a line, a tab, the numbers |
| `.yaml` | keys, keys within keys | lists, or keys with their weights |
| `.lc3` | lines that begin with `+` | a line |
| `.cat` | lines, one tab more for each level | a line one tab further in, ending in ` (weight)` |

A category within a category is called "parent/child". What no pattern can say is left out and named in a warning.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from mediakit.errors import LexiconError, MeasureWarning, need_extra
from mediakit.lexicons.codebooks import Category, Codebook, Rule
from mediakit.lexicons.lexicon_files import broken, read_liwc, read_text, shorten
from mediakit.text.patterns import compile_pattern

DEEPEST = 20  # levels of categories

# category -> (place, pattern, weight), and what was left out
Patterns = dict[str, list[tuple[str, str, float]]]
Content = tuple[Patterns, dict[str, str], list[str]]


def read_codebook_file(path: Path, language: str) -> Codebook:
    """Read a codebook by the ending of its file; what cannot be used is named in a warning.

    Raises
    ------
    LexiconError
        Naming the file and the line that is broken.
    """
    where = path.name
    found, definitions, left_out = READERS[path.suffix.lower()](read_text(path, where), where)
    categories = []
    for name, entries in found.items():
        kept = dict[str, float]()
        for place, given, weight in entries:
            pattern = " ".join(given.split())
            if not is_words(pattern):
                left_out.append(f"{place}, {shorten(pattern)}")
                continue
            try:
                compile_pattern(pattern)
            except LexiconError as error:
                raise LexiconError(f"{where}, {place}: {error}") from None
            if kept.setdefault(pattern, weight) != weight:
                raise LexiconError(f"{where}, {place}: {shorten(pattern)} stands in {name!r} with two weights.")
        if not kept:
            left_out.append(f"category {name!r}, which has no patterns")
            continue
        plain = tuple(pattern for pattern, weight in kept.items() if weight == 1)
        rules = tuple(Rule(pattern, weight=weight) for pattern, weight in kept.items() if weight != 1)
        categories.append(Category(name, plain, definitions.get(name, ""), rules=rules))
    if not categories:
        raise LexiconError(f"{where}: no category with patterns.")
    if left_out:
        warnings.warn(
            f"{where}: left out, as no pattern can say it: {name_some(left_out)}.",
            MeasureWarning,
            stacklevel=3,
        )
    return Codebook(path.stem, "", language, "", "not validated", tuple(categories))


def is_words(pattern: str) -> bool:
    """Whether nothing of a pattern would be lost: signs like ? & + are no part of a word."""
    return not re.search(r"[^\w\s*'’.-]|^=", pattern)


def name_some(names: list[str]) -> str:
    """Return the first five of several names."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return "; ".join(names[:5]) + more


def _add(found: Patterns, name: str, line: str, at: tuple[str, str]) -> None:
    """Begin a category; a name that stands twice is a mistake."""
    if name in found:
        raise broken(*at, line, f"the category {name!r} stands twice")
    found[name] = []


def _numbered(text: str) -> list[tuple[int, str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _read_lc3(text: str, where: str) -> Content:
    """Read lines "+category", each with its patterns below."""
    found: Patterns = {}
    name = ""
    for number, line in _numbered(text):
        place, content = f"line {number}", line.strip()
        if content.startswith("+"):
            name = content[1:].strip()
            if not name:
                raise broken(where, place, line, "a category needs a name behind the +")
            _add(found, name, line, (where, place))
        elif not name:
            raise broken(where, place, line, "a pattern before the first line +category")
        else:
            found[name].append((place, content, 1.0))
    return found, {}, []


def _read_cat(text: str, where: str) -> Content:
    """Read WordStat's tree: tabs give the level; a pattern ends in its weight, as in SOUTH_AFRICA (1)."""
    found: Patterns = {}
    left_out = []
    path: list[str] = []
    for number, line in _numbered(text):
        place, content = f"line {number}", line.strip()
        level = line[: len(line) - len(line.lstrip())].count("\t")
        if level > len(path):
            raise broken(where, place, line, f"{level} tabs, but only {len(path)} categories are open")
        entry = re.fullmatch(r"(.*\S)\s*\((-?\d+(?:[.,]\d+)?)\)", content)
        if entry is None:
            del path[level:]
            path.append(content)
            _add(found, "/".join(path), line, (where, place))
        elif not level:
            raise broken(where, place, line, "a pattern outside a category; patterns begin with a tab")
        elif content.startswith("@"):  # a rule of WordStat, about words near each other
            left_out.append(f"{place}, {shorten(content)}")
        else:
            weight = float(entry[2].replace(",", "."))
            found["/".join(path[:level])].append((place, entry[1].replace("_", " "), weight))
    return _without_parents(found), {}, left_out


def _without_parents(found: Patterns) -> Patterns:
    """Leave out categories that only hold other categories."""
    return {
        name: entries
        for name, entries in found.items()
        if entries or not any(other.startswith(f"{name}/") for other in found)
    }


def _read_dic(text: str, where: str) -> Content:
    """Read a LIWC dictionary; of 31 posemo (Positive Emotions) the bracket becomes the definition."""
    liwc = read_liwc(text, where)
    lines = _numbered(text)
    end = [n for n, (_, line) in enumerate(lines) if line.strip() == "%"][1]
    found: Patterns = {}
    definitions, full, path = dict[str, str](), dict[str, str](), list[str]()
    for number, line in lines[1:end]:
        named = line.strip().replace("\t", " ").partition(" ")[2]
        flat, *rest = re.split("[(@]", named, maxsplit=1)
        path = [*path[: len(line) - len(line.lstrip("\t"))], flat.strip()]
        name = "/".join(path)
        if flat.strip() in full:
            raise broken(where, f"line {number}", line, f"the category {flat.strip()!r} stands twice")
        full[flat.strip()] = name
        found[name] = []
        definitions[name] = rest[0].rstrip(") ") if rest else ""
    for entry in liwc.entries:
        found[full[entry.category or ""]].append((entry.place, entry.pattern, 1.0))
    return (
        _without_parents(found),
        definitions,
        [liwc.note.rstrip(".").replace(" are left out", "")] if liwc.note else [],
    )


def _read_yaml(text: str, where: str) -> Content:
    """Read quanteda's form: keys with lists of patterns, or with keys; `__` is the key of a parent's own patterns."""
    try:
        import yaml
    except ImportError:
        raise need_extra("PyYAML", "yaml", "Reading .yaml codebooks") from None
    found: Patterns = {}
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = f"line {text.count(chr(10), 0, bad.start()) + 1}"
        raise LexiconError(f"{where}, {line}: YAML does not allow the sign {bad[0]!r}.")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = f"line {event.start_mark.line + 1 if event.start_mark else 1}"
            if isinstance(event, yaml.AliasEvent):
                raise broken(where, line, f"*{event.anchor}", "YAML needs quotes around what begins with a star")
            if depth > DEEPEST:
                raise LexiconError(f"{where}, {line}: more than {DEEPEST} levels of categories.")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise LexiconError(f"{where}{place}: {getattr(error, 'problem', None) or error}.") from None

    def walk(node: yaml.Node, path: tuple[str, ...]) -> None:
        place = f"line {node.start_mark.line + 1}"
        name = "/".join(path)
        if isinstance(node, yaml.MappingNode):
            weighted = bool(node.value) and all(_is_number(value) for _, value in node.value)
            if weighted and not path:
                raise LexiconError(f"{where}, {place}: patterns with weights, but no category above them.")
            if weighted:
                _add(found, name, name, (where, place))
                found[name] += [(_line(key), str(key.value).strip(), float(value.value)) for key, value in node.value]
                return
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise LexiconError(f"{where}, {_line(key)}: a category needs a name.")
                here = path if key.value == "__" and path else (*path, str(key.value).strip())
                walk(value, here)
        elif not path:
            raise broken(where, place, str(node.value), "a codebook has categories with lists of patterns")
        else:
            _add(found, name, name, (where, place))
            for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
                if not isinstance(one, yaml.ScalarNode):
                    raise LexiconError(f"{where}, {_line(one)}: {name!r} has a list within its list of patterns.")
                if one.value:
                    found[name].append((_line(one), one.value.strip(), 1.0))

    def _line(node: yaml.Node) -> str:
        return f"line {node.start_mark.line + 1}"

    def _is_number(node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and re.fullmatch(r"[+-]?\d+(?:\.\d+)?", node.value) is not None

    if root is None:
        raise LexiconError(f"{where}: no category with patterns.")
    walk(root, ())
    return found, {}, []


READERS: Mapping[str, Callable[[str, str], Content]] = {
    ".dic": _read_dic, ".yaml": _read_yaml, ".yml": _read_yaml, ".lc3": _read_lc3, ".cat": _read_cat,
}  # fmt: skip
