"""What can go wrong, as a tree.

MediakitError                     everything mediakit raises on purpose
├── ArticleTableError             (ValueError)         a table is not what a function needs
│   └── ColumnError               (KeyError as well)   a column is missing or misspelt
├── LoadError                     (OSError)            nothing could be loaded from a path
│   └── NoArticlesError                                files were read, but no article was found
├── FormatError                   (ValueError)         an unknown format name, or columns nobody can guess
├── LexiconError                  (ValueError)         a broken line in a lexicon, codebook or actor file
├── ModelError                    (ValueError)         a model file is damaged or of another version
└── MissingExtraError             (ImportError)        an optional library is not installed; names the extra

One bad file among many is not an error: it becomes a row of the ledger, and the run ends with one `LoadWarning`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class MediakitError(Exception):
    """Everything mediakit raises on purpose."""


class ArticleTableError(MediakitError, ValueError):
    """A table is not what a function needs; the message says what to fix."""


class ColumnError(ArticleTableError, KeyError):
    """A column is missing or misspelt; the message lists the columns that are there."""

    __str__ = Exception.__str__  # KeyError would print the message as a quoted string


class LoadError(MediakitError, OSError):
    """Nothing could be loaded from a path."""


class NoArticlesError(LoadError):
    """Files were read, but no article was found in any of them."""


class FormatError(MediakitError, ValueError):
    """An unknown format name, or a table whose columns cannot be recognised."""


class LexiconError(MediakitError, ValueError):
    """A lexicon, codebook or actor file has a broken entry; the message names it."""


class ModelError(MediakitError, ValueError):
    """A model file is damaged, or was made for another version; the message says which."""


class MissingExtraError(MediakitError, ImportError):
    """An optional library is not installed; the message names the extra that brings it."""


class LoadWarning(UserWarning):
    """Some files or parts of files could not be read; the ledger says which."""


class ReportWarning(UserWarning):
    """A part of a report could not be made; the message says what is missing."""


class MeasureWarning(UserWarning):
    """Some articles could not be measured; the table's `note` column says why."""


def require_columns(table: object, columns: Iterable[str], what: str = "the table") -> None:
    """Raise `ColumnError` unless every one of `columns` is in `table`, naming the nearest spelling.

    Examples
    --------
    >>> import pandas as pd
    >>> require_columns(pd.DataFrame({"outlet": []}), ["outlets"])
    Traceback (most recent call last):
    mediakit.errors.ColumnError: the table has no column 'outlets'; it has outlet. Did you mean 'outlet'?
    """
    present = [str(name) for name in getattr(table, "columns", [])]
    for column in columns:
        if column not in present:
            near = difflib.get_close_matches(str(column), present, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ColumnError(f"{what} has no column {column!r}; it has {', '.join(present) or 'no columns'}.{hint}")


def need_extra(library: str, extra: str, purpose: str) -> MissingExtraError:
    """Return the error for a missing optional library, with the line that installs it."""
    return MissingExtraError(
        f"{purpose} needs the library {library}, which is not installed.\n"
        f"    Install it with: pip install 'mediakit-research[{extra}]'"
    )
