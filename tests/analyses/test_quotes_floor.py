"""Quotes against PolNeAR (development part): figures that may not fall. The texts are not part of the project."""

import pytest

from benchmarks.polnear import load, rows_of, score, score_attributions, to_articles
from benchmarks.quotes import exact_heads
from mediakit import find_quotes

FLOORS = {
    "model": {"precision": 96.8, "recall": 98.0, "direct": 93.0, "both": 91.2},
    "rules": {"precision": 97.0, "recall": 84.5, "direct": 81.5, "both": 58.5},
}
HEADS = 94.0
ATTRIBUTIONS = {"content": 51.8, "source": 67.4, "both": 43.6, "content letters": 82.8}  # F1, indirect ones included


@pytest.fixture(scope="module")
def docs(real_files):
    if not (real_files / "polnear" / "dev").is_dir():
        pytest.skip("PolNeAR is not distributed with the project (its texts belong to their publishers)")
    return load(real_files / "polnear" / "dev")


@pytest.mark.parametrize("method", list(FLOORS))
def test_quotes_and_speakers_are_found_as_well_as_before(docs, method):
    quotes = find_quotes(to_articles(docs), method=method, progress=False)
    found = score(docs, rows_of(quotes))

    for name, floor in FLOORS[method].items():
        assert found[name] >= floor, (name, found)
    if method == "model":
        assert exact_heads(docs, quotes) >= HEADS
        attributions = score_attributions(docs, quotes)
        for name, floor in ATTRIBUTIONS.items():
            assert attributions[name] >= floor, (name, attributions)
