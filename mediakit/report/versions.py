"""The versions that made the numbers."""

from __future__ import annotations

import importlib.metadata
import platform

from mediakit import __version__

_PACKAGES = ("pandas", "numpy", "scipy", "pyarrow", "matplotlib", "vaderSentiment", "sentencex", "trafilatura", "nltk")


def describe_versions() -> dict[str, str]:
    """Return the versions of mediakit, Python and the packages that make the numbers.

    Examples
    --------
    >>> list(describe_versions())[:2]
    ['mediakit', 'python']
    """
    found = {"mediakit": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
