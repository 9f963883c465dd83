"""What every section of the report page is made of: a figure with its caption, and the words of `texts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from mediakit.report.html import Markup, image, tag

Figures = dict[str, tuple[Path, str]]


def show_figure(figures: Figures, name: str, caption: str) -> Markup:
    """Return a figure with its caption; nothing where it was not drawn."""
    if name not in figures:
        return Markup("")
    svg, alt = figures[name]
    return tag("figure", image(svg, alt), tag("figcaption", caption))


@cache
def read_texts() -> dict[str, Any]:
    """Return the words of the page by section and name."""
    return tomllib.loads(files("mediakit.report").joinpath("texts.toml").read_text("utf-8"))


def find_words(section: str, name: str) -> str:
    """Return the words of one place of the page."""
    return str(read_texts()[section][name])
