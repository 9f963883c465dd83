"""Write docs/reference.md and docs/commands.md from the docstrings and the command's own help, and docs/codebooks.

python docs/build.py           write the pages
python docs/build.py --check   end with 1 when they differ from the code
"""

from __future__ import annotations

import argparse
import inspect
import io
import os
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import mediakit
from mediakit import cli
from mediakit.lexicons.codebooks import Category, Codebook

HERE = Path(__file__).parent


def build() -> dict[str, str]:
    """Return the pages by name."""
    books = [mediakit.load_codebook(name) for name in mediakit.list_codebooks()["codebook"]]
    pages = {"reference.md": _reference(), "commands.md": _commands(), "codebooks/README.md": _codebooks(books)}
    return pages | {f"codebooks/{book.name}.md": _codebook(book) for book in books}


def _reference() -> str:
    source = (Path(mediakit.__file__)).read_text("utf-8")
    groups: dict[str, list[str]] = {}
    group = ""
    for line in source[source.index("_WHERE = {") : source.index("__all__")].splitlines():
        heading, entry = re.match(r"    # (.+)", line), re.match(r'    "(\w+)":', line)
        if heading:
            group = heading[1]
            groups[group] = []
        elif entry:
            groups[group].append(entry[1])
    lines = [
        "# Reference",
        "",
        "Every public name, in the order of the work. Written by `python dev.py docs` from the docstrings.",
        "",
    ]
    for group, names in groups.items():
        lines += [f"- {group[:1].upper()}{group[1:]}: " + ", ".join(f"[`{name}`](#{name.lower()})" for name in names)]
    for group, names in groups.items():
        lines += ["", f"## {group[:1].upper()}{group[1:]}"]
        for name in names:
            thing = getattr(mediakit, name)
            lines += ["", f"### {name}", ""]
            if inspect.isfunction(thing):
                lines += ["```python", _signature(name, thing), "```", ""]
            lines.append(_markdown(inspect.getdoc(thing) or ""))
    return "\n".join(lines).rstrip() + "\n"


def _signature(name: str, function: object) -> str:
    text = f"mk.{name}{inspect.signature(function)}"  # type: ignore[arg-type]
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", text).replace("pd.DataFrame", "DataFrame").replace("'", '"')
    if len(text) <= 100:
        return text
    depth, parts, current = 0, [], ""
    start, end = text.index("(") + 1, text.rindex(")")
    for char in text[start:end]:
        depth += char in "[("
        depth -= char in "])"
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    parts.append(current.strip())
    inner = ",\n".join(f"    {part}" for part in parts)
    return f"{text[:start]}\n{inner},\n{text[end:]}"


def _markdown(doc: str) -> str:
    """Turn numpydoc into Markdown: section names bold, definitions as lists, examples as code."""
    lines, out, section = doc.split("\n"), [], ""
    index = 0
    while index < len(lines):
        line = lines[index]
        if index + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[index + 1].strip()) and line.strip():
            section = line.strip()
            out += ["", f"**{section}**", ""]
            index += 2
            continue
        if section == "Examples":
            block = []
            while index < len(lines):
                block.append(lines[index])
                index += 1
            out += ["```python", *("\n".join(block).strip("\n").split("\n")), "```"]
            continue
        if section in ("Parameters", "Returns", "Raises", "Warns", "Attributes") and line and not line.startswith(" "):
            out.append(f"- `{line.strip()}`" if section != "Returns" else f"- {line.strip()}")
        elif section in ("Parameters", "Returns", "Raises", "Warns", "Attributes") and line.strip():
            out.append(f"  {line.strip()}  " if section == "Returns" else f"  {line.strip()}")
        else:
            out.append(line)
        index += 1
    return "\n".join(out).strip()


def _commands() -> str:
    os.environ["COLUMNS"] = "100"
    parser = cli._parser()
    lines = [
        "# Commands",
        "",
        "What `mediakit` can do from the shell. Written by `python dev.py docs` from the command's own help.",
        "",
    ]
    lines += ["```text", parser.format_help().rstrip(), "```"]
    actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for name, sub in actions[0].choices.items():
        with redirect_stdout(io.StringIO()):
            text = sub.format_help()
        lines += ["", f"## mediakit {name}", "", "```text", text.rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _codebooks(books: list[Codebook]) -> str:
    lines = [
        "# Codebooks",
        "",
        "The codebooks that come with mediakit, one page each. Written by `python dev.py docs` from the files in",
        "`mediakit/lexicons/codebooks_data`. A hit is a word, not a meaning: read the matches with `find_topics`, ask",
        "`check_codebook` with your own articles, and compare with codes of your own before a number is used.",
        "",
        "| codebook | language | categories | patterns | validation |",
        "| --- | --- | --- | --- | --- |",
    ]
    for book in books:
        patterns = sum(len(category.every_rule()) for category in book.categories)
        cells = (f"[{book.name}]({book.name}.md)", book.language, str(len(book.categories)), f"{patterns:,}")
        lines.append(f"| {' | '.join(cells)} | {book.validation} |")
    return "\n".join(lines) + "\n"


def _codebook(book: Codebook) -> str:
    """Return the page of a codebook: what each category means, what finds it, and what is not seen."""
    lines = [
        f"# Codebook {book.name}",
        "",
        f"Version {book.version}, language `{book.language}`. Written by `python dev.py docs` from its file.",
        "",
        f"**Source.** {book.citation}.",
        "",
        f"**Validation.** {book.validation[:1].upper()}{book.validation[1:]}.",
    ]
    lines += ["", f"**What it misses.** {book.misses}"] if book.misses else []
    lines += ["", "```python", f'mk.count_topics(tokens, mk.load_codebook("{book.name}"))', "```"]
    for category in book.categories:
        lines += ["", f"## {category.name}", "", category.definition]
        lines += ["", f"> {category.example}"] if category.example else []
        lines += ["", f"Source: {category.citation}."] if category.citation else []
        lines += ["", *_patterns(category)]
    return "\n".join(lines) + "\n"


def _patterns(category: Category) -> list[str]:
    """Return the patterns; those with the same conditions stand together."""
    items = []
    if category.patterns:
        items.append("Patterns: " + ", ".join(f"`{pattern}`" for pattern in category.patterns))
    same: dict[str, list[str]] = {}
    for rule in category.rules:
        same.setdefault(str(rule).removeprefix(rule.pattern).strip(), []).append(rule.pattern)
    for condition, patterns in same.items():
        told = re.sub(r"\[(.+?)\]", r"\1", condition.replace("] [", "; ")).replace(" | ", ", ")
        shown = ", ".join(f"`{pattern}`" for pattern in patterns)
        items.append(f"Under a condition: {shown} – `{told}`")
    if category.exclude:
        items.append("Not inside: " + ", ".join(f"`{pattern}`" for pattern in category.exclude))
    return [f"- {item.replace('|', '/')}" for item in items]


def main() -> int:
    """Write or check the pages."""
    pages = build()
    # A page whose codebook is gone is out of date too.
    stale = [f"codebooks/{path.name}" for path in HERE.glob("codebooks/*.md") if f"codebooks/{path.name}" not in pages]
    for name, text in pages.items():
        path = HERE / name
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text("utf-8") != text:
                stale.append(name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"docs/{name}: {len(text.splitlines())} lines")
    if stale:
        print(f"out of date: {', '.join(stale)}; run python dev.py docs", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
