"""Fitted models as files: arrays and JSON in a zip archive; no pickled objects, no article text."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ModelError
from mediakit.load.zipped import BROKEN_ZIP

_ABOUT, _ARRAYS = "model.json", "arrays.npz"
_LARGEST = 500_000_000  # bytes that a model may unpack to


def write_model(
    path: str | Path, kind: str, version: int, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> Path:
    """Write a model; the same model gives the same bytes."""
    path = Path(path)
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **dict(arrays))
    told = json.dumps({"mediakit": kind, "version": version, **about}, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((_ABOUT, told.encode()), (_ARRAYS, packed.getvalue())):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return path


@contextmanager
def read_model(
    path: str | Path, kind: str, version: int, *, as_stored: bool = False
) -> Iterator[tuple[dict[str, Any], dict[str, NDArray[Any]]]]:
    """Yield what a file says of its model, and its arrays; whatever is wrong with them inside is a damaged file.

    Arrays are of double precision, or `as_stored`.

    Raises
    ------
    ModelError
        When the file is no such model, damaged, too large, or of another version.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > _LARGEST:
                raise ModelError(f"{path.name} unpacks to more than {_LARGEST // 1_000_000} MB; it is no {kind}.")
            about = json.loads(archive.read(_ABOUT))
            with np.load(io.BytesIO(archive.read(_ARRAYS)), allow_pickle=False) as held:
                arrays = {name: np.asarray(held[name], dtype=None if as_stored else np.float64) for name in held.files}
        if about.get("mediakit") != kind:
            raise ModelError(f"{path.name} is no {kind}.")
        if about.get("version") != version:
            told = f"a {kind} of version {about.get('version')!r}; this mediakit reads version {version}"
            raise ModelError(f"{path.name}: {told}.")
        yield about, arrays
    except ModelError:
        raise
    except (*BROKEN_ZIP, TypeError, AttributeError) as error:
        raise ModelError(f"{path.name} is no {kind}, or damaged: {error}") from None
