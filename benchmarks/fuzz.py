"""Damaged copies of real export files: does anything escape `load_articles`, does anything take long?

    python -m benchmarks.fuzz [FOLDER] [--copies N] [--only NAME]

FOLDER holds real export files (default: ../shared/data/exports). For each of its folders N copies (default 2,000) of
its smaller files are cut, flipped, repeated or robbed of pieces and loaded; the seed is fixed. Exceptions other than
those mediakit raises on purpose, ledgers that do not add up, and loads of more than five seconds are listed.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import mediakit as mk
from benchmarks.loading import REAL
from mediakit.errors import MediakitError

LONGEST = 5.0  # seconds of the processor
LARGEST = 120_000  # bytes of a file that is mutated whole; of a larger one its beginning is
SEED = 7
_INSERTED = (b"\x00" * 9, b"<div>" * 50, b"\xff\xfe", b"{" * 99, b"\n" * 50, b"\\par{" * 30)
_STYLE = re.compile(rb"<(style|script)\b.*?</\1>", re.S | re.I)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return a damaged copy."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 5)):
        at, length = rng.randrange(len(made) + 1), rng.choice((1, 3, 20, 400, 5000))
        match rng.randrange(6):
            case 0:
                del made[at:]
            case 1:
                made[at : at + 3] = rng.randbytes(3)
            case 2:
                made[at:at] = made[at : at + length]
            case 3:
                del made[at : at + length]
            case 4:
                made[at:at] = rng.choice(_INSERTED)
            case _:
                other = rng.randrange(len(made) + 1)
                made[at : at + length] = made[other : other + length]
    return bytes(made) or b"x"


def rezip(data: bytes, rng: random.Random) -> bytes:
    """Damage what is inside a zip file, so that the archive itself stays sound."""
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, mutated(content, rng) if item.filename.endswith("document.xml") else content)
    return out.getvalue()


def seeds_of(folder: Path) -> list[tuple[str, bytes]]:
    """Return names and contents of the files to damage."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "SOURCE.txt" and path.stat().st_size:
            data = path.read_bytes()
            packed = data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF"))
            if packed and len(data) > 4 * LARGEST:
                continue
            if not packed and len(data) > LARGEST:
                data = _STYLE.sub(b"", data)[:LARGEST]  # so that there are articles in what is left
            found.append((path.name, data))
    return found


def fuzz(folder: Path, copies: int) -> tuple[Counter, float, list[str]]:
    """Load damaged copies of the files of a folder; return outcomes, the longest time and what went wrong."""
    rng = random.Random(f"{SEED} {folder.name}")
    seeds = seeds_of(folder)
    outcomes: Counter[str] = Counter()
    slowest, troubles = 0.0, []
    with tempfile.TemporaryDirectory() as kept:
        for _ in range(copies):
            name, data = rng.choice(seeds)
            inside = data.startswith(b"PK\x03\x04") and rng.random() < 0.7
            content = rezip(data, rng) if inside else mutated(data, rng)
            path = Path(kept) / name
            path.write_bytes(content)
            begin = time.process_time()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    articles = mk.load_articles(path, progress=False)
                    mk.check_ledger(mk.read_ledger(articles))
                outcomes["loaded"] += 1
            except MediakitError as error:
                outcomes["refused"] += 1
                if "gap or overlap" in str(error) or "parts end at" in str(error):
                    troubles.append(f"{folder.name}/{name}: {error}")
            except Exception as error:  # noqa: BLE001 to find them is the purpose
                outcomes["ESCAPED"] += 1
                place = traceback.extract_tb(error.__traceback__)[-1]
                troubles.append(f"{folder.name}/{name}: {type(error).__name__}: {error} ({place.name}:{place.lineno})")
            taken = time.process_time() - begin
            slowest = max(slowest, taken)
            if taken > LONGEST:
                troubles.append(f"{folder.name}/{name}: {taken:.1f} s")
            path.unlink()
    return outcomes, slowest, troubles


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=REAL)
    parser.add_argument("--copies", type=int, default=2000)
    parser.add_argument("--only")
    given = parser.parse_args()
    if not given.folder.is_dir():
        print(f"{given.folder.name}: the folder of real exports is not here; nothing measured.")
        return 0
    bad = 0
    for folder in sorted(path for path in given.folder.iterdir() if path.is_dir()):
        if given.only and given.only not in folder.name:
            continue
        outcomes, slowest, troubles = fuzz(folder, given.copies)
        counts = ", ".join(f"{count} {what}" for what, count in sorted(outcomes.items()))
        print(f"{folder.name}: {counts}; slowest {slowest:.2f} s", flush=True)
        for trouble in sorted(set(troubles))[:10]:
            print(f"    {trouble}", flush=True)
        bad += len(troubles)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
