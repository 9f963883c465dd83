"""One progress bar for all long work: quiet for short work, widgets in JupyterLab where they are installed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

Item = TypeVar("Item")


def progress_bar(
    items: Iterable[Item],
    what: str,
    *,
    show: bool | None = None,
    unit: str = "article",
    least: int = 500,
    total: int | None = None,
) -> Iterator[Item]:
    """Yield the items, with a bar on the standard error stream.

    Parameters
    ----------
    items : iterable
    what : short label
    show : bool, optional
        Always or never. Default: when there are more than `least` items.
    total : int, optional
        The number of items, where they have no length.
    """
    total = len(items) if isinstance(items, Sized) else total
    if show is None:
        show = total is not None and total > least
    if not show:
        yield from items
        return
    # Without ipywidgets, tqdm.auto warns in every notebook; the plain bar does not.
    module = "tqdm.auto" if importlib.util.find_spec("ipywidgets") else "tqdm"
    bar = importlib.import_module(module).tqdm
    yield from bar(items, desc=what, total=total, unit=unit, leave=False)
