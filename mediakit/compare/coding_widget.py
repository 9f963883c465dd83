"""Coding in JupyterLab: one unit at a time, saved after every decision, taken up again where it stopped."""

from __future__ import annotations

import csv
import html
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mediakit.compare.coding_sheets import order_for
from mediakit.errors import ArticleTableError, LoadError, need_extra, require_columns

_COLUMNS = ("unit", "code", "comment", "coder")


class CodingSession:
    """The state of one coder's work, without a display: which unit comes next, what was decided, where it is saved.

    Parameters
    ----------
    sample : DataFrame
        From `sample_for_coding`.
    codes : list of str
    path : path
        A CSV file; decisions that are in it already are taken up.
    coder : str
    seed : int, default 0

    Examples
    --------
    >>> import tempfile, pathlib
    >>> sample = pd.DataFrame({"unit": ["u1", "u2"], "text": ["One.", "Two."], "coders": "A"})
    >>> session = CodingSession(sample, ["yes", "no"], pathlib.Path(tempfile.mkdtemp()) / "coding_A.csv", coder="A")
    >>> session.decide("yes")
    >>> session.done, len(session.units)
    (1, 2)
    """

    def __init__(
        self, sample: pd.DataFrame, codes: Sequence[str], path: str | Path, *, coder: str, seed: int = 0
    ) -> None:
        require_columns(sample, ["unit", "text", "coders"], "the sample")
        self.codes = [] if isinstance(codes, str) else [str(code) for code in codes]
        if len(self.codes) < 2 or len(set(self.codes)) < len(self.codes) or "" in self.codes:
            raise ArticleTableError(f"there must be two or more different codes; found {codes!r}.")
        self.coder, self.path = coder, Path(path)
        self.units = order_for(sample, coder, seed=seed)
        self.decided: dict[str, tuple[str, str]] = {}
        self._load()
        self.at = self._next(0)

    @property
    def done(self) -> int:
        """How many units have a code."""
        return sum(bool(code) for code, _ in self.decided.values())

    @property
    def unit(self) -> pd.Series | None:
        """The unit to be coded, or nothing when all are."""
        return self.units.iloc[self.at] if self.at < len(self.units) else None

    @property
    def comment(self) -> str:
        """The comment on the unit, if there is one."""
        return "" if self.unit is None else self.decided.get(str(self.unit["unit"]), ("", ""))[1]

    def decide(self, code: str, comment: str = "") -> None:
        """Give the unit a code, save it, and go on to the next without one."""
        if code not in self.codes:
            raise ArticleTableError(f"{code!r} is not a code; there is {', '.join(self.codes)}.")
        self._set(code, comment)
        self.at = self._next(self.at + 1)

    def skip(self, comment: str = "") -> None:
        """Leave the unit for later; a comment on it is kept."""
        if self.unit is None:
            return
        if comment:
            code = self.decided.get(str(self.unit["unit"]), ("", ""))[0]
            self._set(code, comment)
        self.at = self._next(self.at + 1)

    def back(self) -> None:
        """Go back one unit; its code can be given anew."""
        self.at = max(0, self.at - 1)

    def undo(self) -> None:
        """Take back the code that was given last, and show its unit."""
        given = [unit for unit, (code, _) in self.decided.items() if code]
        if given:
            comment = self.decided[given[-1]][1]
            rest = {unit: decision for unit, decision in self.decided.items() if unit != given[-1]}
            self._save(rest | ({given[-1]: ("", comment)} if comment else {}))
            self.at = self.units["unit"].tolist().index(given[-1])

    def _set(self, code: str, comment: str) -> None:
        if self.unit is None:
            raise ArticleTableError("all units have been coded.")
        name = str(self.unit["unit"])
        # The last decision stands last, for undo.
        self._save({unit: one for unit, one in self.decided.items() if unit != name} | {name: (code, comment)})

    def _next(self, start: int) -> int:
        """Return the next unit without a code: from here on, then from the beginning, those skipped."""
        names = self.units["unit"].tolist()
        for at in [*range(start, len(names)), *range(min(start, len(names)))]:
            if not self.decided.get(names[at], ("", ""))[0]:
                return at
        return len(names)

    def _load(self) -> None:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(_COLUMNS) <= set(reader.fieldnames or ()):
                raise LoadError(f"{self.path.name} is there, but is no file of codings; choose another path.")
            rows = list(reader)
        mine = set(self.units["unit"])
        for row in rows:
            if row["unit"] not in mine or row["coder"] != self.coder:
                raise ArticleTableError(
                    f"{self.path.name} holds codes of coder {row['coder']!r} for unit {row['unit']!r}, which is not "
                    f"among the units of coder {self.coder!r}; choose another path."
                )
            if row["code"] and row["code"] not in self.codes:
                raise ArticleTableError(f"{self.path.name} holds the code {row['code']!r}, which is not among codes=.")
            self.decided[row["unit"]] = (row["code"], _open_text(row["comment"]))

    def _save(self, decided: dict[str, tuple[str, str]]) -> None:
        """Write all decisions beside the file, then put them in its place: a crash leaves the old file or the new."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(self.path.name + ".part")
        with fresh.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            for unit, (code, comment) in decided.items():
                writer.writerow((unit, code, _closed_text(comment), self.coder))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        self.decided = decided


def code_units(
    sample: pd.DataFrame,
    codes: Sequence[str] | Mapping[str, str],
    path: str | Path,
    *,
    coder: str,
    show: Sequence[str] = (),
    seed: int = 0,
) -> Any:
    """Code a sample in JupyterLab, one unit at a time.

    Each code has a button; its number can also be typed into the field *Key*, with s to skip, b to go back and u to
    undo (ipywidgets have no shortcuts of their own, so the field must have the cursor). Every decision is saved at
    once, and a later call with the same path goes on where it stopped.

    Parameters
    ----------
    sample : DataFrame
        From `sample_for_coding`.
    codes : list of str, or mapping of code to definition
        Definitions are shown as hints on the buttons.
    path : path
        CSV file to save to, such as "codings/coding_A.csv"; `read_codings` reads it.
    coder : str
        Whose units to show.
    show : columns, optional
        Further columns to show. Default: headline, text and context alone.
    seed : int, default 0
        For the order.

    Returns
    -------
    ipywidgets.VBox
        Shown by JupyterLab when it is the last line of a cell.

    Raises
    ------
    MissingExtraError
        When ipywidgets are not installed (extra lab).
    ArticleTableError, LoadError
        When the coder has no units, or the file belongs to other units.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> sample = pd.DataFrame({"unit": ["u1", "u2"], "text": ["One.", "Two."], "coders": "A"})
    >>> box = code_units(sample, ["yes", "no"], pathlib.Path(tempfile.mkdtemp()) / "coding_A.csv", coder="A")
    >>> [button.description for button in box.children[2].children]
    ['1  yes', '2  no']
    """
    try:
        import ipywidgets as widgets  # type: ignore[import-untyped]
    except ImportError:
        raise need_extra("ipywidgets", "lab", "Coding in JupyterLab") from None
    require_columns(sample, show, "the sample")
    hints = dict(codes) if isinstance(codes, Mapping) else {}
    session = CodingSession(sample, list(codes), path, coder=coder, seed=seed)
    bar = widgets.IntProgress(min=0, max=len(session.units), layout={"width": "240px"})
    status, unit, problem = widgets.HTML(), widgets.HTML(), widgets.HTML()
    comment = widgets.Text(placeholder="Comment (optional)", layout={"width": "420px"})
    key = widgets.Text(placeholder="Key", continuous_update=True, layout={"width": "70px"})
    buttons = [
        widgets.Button(
            description=f"{number}  {code}" if number < 10 else code, tooltip=str(hints.get(code, code)),
            layout={"width": "auto"},
        )
        for number, code in enumerate(session.codes, 1)
    ]  # fmt: skip
    skip, back, undo = (widgets.Button(description=name, layout={"width": "auto"}) for name in ("Skip", "Back", "Undo"))

    def draw() -> None:
        bar.value = session.done
        status.value = f"{session.done} of {len(session.units)} coded"
        unit.value = show_unit(session, show)
        comment.value = session.comment
        for button in (*buttons, skip):
            button.disabled = session.unit is None

    def act(step: Callable[[], None]) -> None:
        try:
            step()
            problem.value = ""
        except (ArticleTableError, OSError) as error:
            problem.value = f"<b>Not saved:</b> {html.escape(str(error))}"
            return
        draw()

    def pressed(change: dict[str, Any]) -> None:
        sign = str(change["new"]).strip().lower()[-1:]
        if not sign:
            return
        key.value = ""
        if sign.isdecimal() and 1 <= int(sign) <= min(9, len(session.codes)) and session.unit is not None:
            act(lambda: session.decide(session.codes[int(sign) - 1], comment.value))
        elif sign in steps:
            act(steps[sign])

    steps: dict[str, Callable[[], None]] = {
        "s": lambda: session.skip(comment.value), "b": session.back, "u": session.undo,
    }  # fmt: skip
    for button, code in zip(buttons, session.codes, strict=True):
        button.on_click(lambda _, code=code: act(lambda: session.decide(code, comment.value)))
    for button, sign in ((skip, "s"), (back, "b"), (undo, "u")):
        button.on_click(lambda _, sign=sign: act(steps[sign]))
    key.observe(pressed, names="value")
    draw()
    row = {"flex_flow": "row wrap"}
    return widgets.VBox([
        widgets.HBox([bar, status]), unit, widgets.HBox(buttons, layout=row),
        widgets.HBox([key, comment, skip, back, undo], layout=row), problem,
    ])  # fmt: skip


def show_unit(session: CodingSession, show: Sequence[str] = ()) -> str:
    """Return the unit as HTML, every character escaped.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> sample = pd.DataFrame({"unit": ["u1"], "text": ["1 < 2"], "coders": "A"})
    >>> show_unit(CodingSession(sample, ["a", "b"], pathlib.Path(tempfile.mkdtemp()) / "c.csv", coder="A"))
    '<div style="max-width: 46em; line-height: 1.5"><p style="margin: 0.4em 0">1 &lt; 2</p></div>'
    """
    row = session.unit
    if row is None:
        return f"<b>All {len(session.units)} units are coded.</b> Saved in {html.escape(str(session.path))}."
    text = "" if pd.isna(row["text"]) else str(row["text"])
    parts = [f"<i>{html.escape(name)}: {html.escape(str(row[name]))}</i>" for name in show]
    if "headline" in row and pd.notna(row["headline"]):
        parts.append(f"<b>{html.escape(str(row['headline']))}</b>")
    told = html.escape(text)
    context = str(row["context"]) if "context" in row and pd.notna(row["context"]) else ""
    if text and text in context and context != text:
        before, _, after = context.partition(text)
        told = f"{html.escape(before)}<mark>{told}</mark>{html.escape(after)}"
    code = session.decided.get(str(row["unit"]), ("", ""))[0]
    parts += [paragraph for paragraph in told.split("\n\n") if paragraph.strip()]
    if code:
        parts.append(f"<i>Coded: {html.escape(code)}</i>")
    return f'<div style="max-width: 46em; line-height: 1.5">{"".join(_paragraph(part) for part in parts)}</div>'


def _paragraph(part: str) -> str:
    return f'<p style="margin: 0.4em 0">{part}</p>'


def _closed_text(text: str) -> str:
    """Return a comment that no spreadsheet takes for a command."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else text


def _open_text(text: str) -> str:
    return text.removeprefix("'")
