"""Codebooks written: as TOML, which holds everything, or in the form of another program, which does not.

| format | cannot hold |
| --- | --- |
| `.yaml` (quanteda), `.lc3` (Lexicoder) | weights |
| `.dic` (LIWC) | weights, stars inside a word |
| `.cat` (WordStat) | weights other than 1 to 9, which quanteda would take for a part of the word |

None of these holds conditions, exclusions, exact case (`=US`), definitions, examples or citations.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from mediakit.errors import LexiconError, MeasureWarning
from mediakit.lexicons.codebook_files import is_words, name_some
from mediakit.lexicons.codebooks import WITHIN, Codebook, Rule

Kept = Mapping[str, Mapping[str, float]]  # category -> pattern -> weight


def write_codebook(codebook: Codebook, path: str | Path, *, simplify: bool = False) -> Path:
    """Write a codebook as TOML, or in the form of another program.

    Parameters
    ----------
    codebook : Codebook
        From `load_codebook`.
    path : str or path
        Its ending is the format: `.toml` holds everything; `.yaml` (quanteda), `.dic` (LIWC), `.lc3` (Lexicoder) and
        `.cat` (WordStat) hold categories and patterns.
    simplify : bool, default False
        Whether patterns that the format cannot say as they are (with conditions, weights, exact case) are written
        without these, so that they find more; otherwise they are left out.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    LexiconError
        When the ending is unknown, a name cannot be written, or nothing would be left of the codebook.

    Warns
    -----
    MeasureWarning
        What the format cannot hold, by category and pattern.

    Examples
    --------
    >>> import tempfile, warnings
    >>> from mediakit import load_codebook
    >>> path = Path(tempfile.mkdtemp()) / "protest.lc3"
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     print(write_codebook(load_codebook("protest"), path).read_text("utf-8").splitlines()[:2])
    ['+demonstration', 'demonstrat*']
    >>> print(told[0].message)
    protest.lc3 cannot hold version, citation, validation, definitions: not written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".toml":
        text = _toml(codebook)
    elif suffix in WRITERS:
        kept, lost = _plain(codebook, suffix, simplify)
        if not kept:
            raise LexiconError(
                f"{path.name}: nothing of {codebook.name!r} can be written as {suffix}: {name_some(lost)}. "
                "Write TOML, or give simplify=True."
            )
        for name in kept:
            parts = name.split("/")
            if any(part != " ".join(part.split()) or part in ("", "__") for part in parts):
                raise LexiconError(f"{path.name}: the category {name!r} cannot be written as {suffix}. Rename it.")
        text = WRITERS[suffix](kept, path.name)
        _tell(codebook, path.name, lost, simplify)
    else:
        raise LexiconError(f"{path.name}: a codebook is written as .toml, {', '.join(WRITERS)}; found {suffix!r}.")
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _plain(codebook: Codebook, suffix: str, simplify: bool) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Return category -> pattern -> weight as a format can hold them, and the patterns that it cannot."""
    kept: dict[str, dict[str, float]] = {}
    lost = []
    for category in codebook.categories:
        entries: dict[str, float] = {}
        for rule in category.every_rule():
            pattern, weight = " ".join(rule.pattern.split()), rule.weight
            heavy = weight != 1 and not (suffix == ".cat" and weight in range(1, 10))
            starred = suffix == ".dic" and re.search(r"\*(?!$)", pattern) is not None
            signs = not is_words(pattern.removeprefix("=")) or (suffix == ".cat" and "_" in pattern)
            if rule.near or rule.unless or heavy or starred or signs or pattern.startswith("="):
                lost.append(f"{category.name}: {rule}")
                if not simplify or starred or signs:
                    continue
                pattern, weight = pattern.removeprefix("="), 1.0
            entries.setdefault(pattern, weight)
        if entries:
            kept[category.name] = entries
    return kept, lost


def _tell(codebook: Codebook, name: str, lost: list[str], simplify: bool) -> None:
    """Warn of everything that is not in the file."""
    told = [key for key in ("version", "citation", "validation", "misses") if getattr(codebook, key)]
    told += [
        f"{key}s"
        for key in ("definition", "example", "citation")
        if any(getattr(one, key) for one in codebook.categories) and not (key == "citation" and "citation" in told)
    ]
    told += ["exclusions"] if any(one.exclude for one in codebook.categories) else []
    parts = [f"{', '.join(told)}: not written"] if told else []
    if lost:
        how = "written without what the format lacks, where it can" if simplify else "left out"
        parts.append(f"{len(lost)} patterns are {how}: {name_some(lost)}")
    if parts:
        warnings.warn(f"{name} cannot hold {'. '.join(parts)}.", MeasureWarning, stacklevel=3)


def _write_lc3(kept: Kept, where: str) -> str:
    return "".join(f"+{name}\n" + "".join(f"{pattern}\n" for pattern in entries) for name, entries in kept.items())


def _write_cat(kept: Kept, where: str) -> str:
    lines = []
    for path, entries, new in _tree(kept):
        lines += ["\t" * level + name for level, name in new]
        lines += ["\t" * len(path) + f"{one} ({weight:g})" for one, weight in entries.items()]
        if any(re.search(r"\(-?\d+(?:[.,]\d+)?\)$", name) for name in path):
            raise LexiconError(f"{where}: a category {path[-1]!r} would be read as a pattern. Rename it.")
    return "\n".join(lines) + "\n"


def _tree(kept: Kept) -> list[tuple[list[str], Mapping[str, float], list[tuple[int, str]]]]:
    """Return path, patterns, and the levels that begin there, with the children of one parent next to each other."""
    first: dict[tuple[str, ...], int] = {}
    for name in kept:
        for level in _levels(name):
            first.setdefault(level, len(first))
    out = []
    before: list[str] = []
    for name in sorted(kept, key=lambda name: [first[one] for one in _levels(name)]):
        path = name.split("/")
        same = 0
        while same < min(len(before), len(path)) and before[same] == path[same]:
            same += 1
        out.append((path, kept[name], [(level, path[level]) for level in range(same, len(path))]))
        before = path
    return out


def _levels(name: str) -> list[tuple[str, ...]]:
    """Return a, a/b and a/b/c of a/b/c."""
    path = name.split("/")
    return [(*path[:end],) for end in range(1, len(path) + 1)]


def _write_dic(kept: Kept, where: str) -> str:
    for name in kept:
        if re.search(r"[(@\t]", name):
            raise LexiconError(f"{where}: LIWC would read the category {name!r} only up to the sign. Rename it.")
    width = max(2, len(str(len(kept))))
    numbers = {name: f"{number:0{width}d}" for number, name in enumerate(kept, start=1)}
    patterns: dict[str, list[str]] = {}
    for name, entries in kept.items():
        for pattern in entries:
            patterns.setdefault(pattern, []).append(numbers[name])
    head = "".join(f"{number}\t{name}\n" for name, number in numbers.items())
    return f"%\n{head}%\n" + "".join("\t".join([pattern, *several]) + "\n" for pattern, several in patterns.items())


def _write_yaml(kept: Kept, where: str) -> str:
    """Every name and pattern stands in quotes, so that no, on and 1 stay words."""
    parents = {level for name in kept for level in _levels(name)[:-1]}
    lines = []
    for path, entries, new in _tree(kept):
        lines += [f"{'  ' * level}{json.dumps(name, ensure_ascii=False)}:" for level, name in new]
        level = len(path)
        if tuple(path) in parents:
            lines.append(f"{'  ' * level}__:")
            level += 1
        lines += [f"{'  ' * level}- {json.dumps(pattern, ensure_ascii=False)}" for pattern in entries]
    return "\n".join(lines) + "\n"


WRITERS: Mapping[str, Callable[[Kept, str], str]] = {
    ".yaml": _write_yaml, ".yml": _write_yaml, ".dic": _write_dic, ".lc3": _write_lc3, ".cat": _write_cat,
}  # fmt: skip


def _toml(codebook: Codebook) -> str:
    """Return the text of the TOML file that `load_codebook` reads as the same codebook."""
    told = ("name", "version", "language", "citation", "validation", "misses")
    lines = [f"{key} = {_quoted(getattr(codebook, key))}" for key in told if getattr(codebook, key) or key == "name"]
    for category in codebook.categories:
        name = category.name if re.fullmatch(r"[A-Za-z0-9_-]+", category.name) else _quoted(category.name)
        lines += ["", f"[categories.{name}]"]
        lines += [
            f"{key} = {_quoted(getattr(category, key))}"
            for key in ("definition", "citation", "example")
            if getattr(category, key)
        ]
        lines.append("patterns = [")
        lines += [f"  {_quoted(pattern)}," for pattern in category.patterns]
        for _, several in groupby(category.rules, key=_conditions):
            lines.append(f"  {_rule(list(several))},")
        lines.append("]")
        lines += [f"exclude = {_list(category.exclude)}"] if category.exclude else []
    return "\n".join(lines) + "\n"


def _conditions(rule: Rule) -> tuple[object, ...]:
    return rule.near, rule.unless, rule.within, rule.weight, rule.side


def _rule(rules: list[Rule]) -> str:
    """Return several patterns with the same conditions as one entry."""
    one = rules[0]
    parts = [f"match = {_list([rule.pattern for rule in rules]) if len(rules) > 1 else _quoted(one.pattern)}"]
    parts += [f"near = {_list(one.near)}"] if one.near else []
    parts += [f"unless = {_list(one.unless)}"] if one.unless else []
    parts += [f"within = {one.within}"] if one.within != WITHIN else []
    parts += [f"weight = {one.weight!r}"] if one.weight != 1 else []
    parts += [f"side = {_quoted(one.side)}"] if one.side != "both" else []
    return "{ " + ", ".join(parts) + " }"


def _list(patterns: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(map(_quoted, patterns)) + "]"


def _quoted(text: str) -> str:
    """Quote a text for TOML; JSON differs in one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
