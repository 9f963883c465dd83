"""The report page: one HTML file that asks for nothing from outside and runs nothing, pleasant to read and to print."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from mediakit.report.html import Markup, join, tag
from mediakit.report.sections import list_sections
from mediakit.report.wording import count_of

# Nothing may run or be fetched, whatever an article holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
# Sections that begin a page in print.
_NEW_PAGE = {"sentiment", "stories", "stance", "topics", "keyness", "subjects", "voices", "methods"}


def write_page(study: Any, figures: dict[str, tuple[Path, str]], path: Path) -> Path:
    """Write the page and return its path."""
    sections = [(key, heading, content) for key, heading, content in list_sections(study, figures) if content]
    links = tag("ol", *(tag("li", tag("a", heading, href=f"#{key}")) for key, heading, _ in sections))
    body = [
        tag("section", tag("h2", heading, id=key), content, cls="break" if key in _NEW_PAGE else None)
        for key, heading, content in sections
    ]
    title = _title(study)
    contents = tag("details", tag("summary", "Contents"), tag("nav", links, aria_label="Contents"), cls="toc")
    main = tag("main", _header(study, title), contents, *body, id="main")
    side = tag("nav", links, cls="side", aria_label="Contents")
    skip = tag("a", "Skip to the report", href="#main", cls="skip")
    document = tag("html", _head(title), tag("body", skip, tag("div", side, main, cls="frame")), lang="en")
    path.write_text(f"<!DOCTYPE html>\n{document}\n", encoding="utf-8", newline="\n")
    return path


def _head(title: str) -> Markup:
    css = files("mediakit.report").joinpath("page.css").read_text("utf-8")
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", title),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("style", Markup(css)),
    )


def _title(study: Any) -> str:
    by = study.settings["by"]
    number = study.articles[by].nunique()
    if number < 2:
        return f"Protest and diplomacy in {count_of(len(study.articles), 'article')}"
    return f"How {number} {by}s cover protest and diplomacy"


def _header(study: Any, title: str) -> Markup:
    dates = study.articles["date"].dropna()
    span = f", {dates.min():%d %B %Y} to {dates.max():%d %B %Y}" if len(dates) else ""
    copies = int(study.articles["duplicate_of"].notna().sum())
    facts = f"{count_of(len(study.articles), 'article')} from {count_of(len(study.inputs), 'file')}{span}"
    facts += f"; {copies} repeat the text of another." if copies else "."
    return tag("header", join([tag("h1", title), tag("p", facts)]))
