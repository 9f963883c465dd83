"""Damaged copies of a file: cut, flipped, repeated, with pieces removed. The seed is fixed."""

import random
import warnings

import mediakit as mk
from mediakit.errors import FormatError, LoadError, LoadWarning


def check_mutants(folder, name, whole, *, count=40, seed=7):
    """Load damaged copies: either there is a sound ledger, or an error that mediakit raises on purpose."""
    rng = random.Random(seed)
    path = folder / name
    for _ in range(count):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            at, length = rng.randrange(len(data) + 1), rng.randint(1, 400)
            match rng.randrange(4):
                case 0:
                    del data[at:]
                case 1:
                    data[at : at + 3] = rng.randbytes(3)
                case 2:
                    data[at:at] = data[at : at + length]
                case _:
                    del data[at : at + length]
        path.write_bytes(bytes(data) or b"x")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", LoadWarning)
                articles = mk.load_articles(path)
        except (LoadError, FormatError):  # the latter: damage made it a table or list of unknown columns
            continue
        mk.check_ledger(mk.read_ledger(articles))
