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
# F1, indirect ones included: those that are returned by default, and those from 0.2 on.
ATTRIBUTIONS = {
    0.3: {"content": 52.2, "source": 66.2, "both": 45.5, "content letters": 80.3, "content, precision": 66.0},
    0.2: {"content": 51.8, "source": 67.4, "both": 44.9, "content letters": 82.8, "content, precision": 61.0},
}


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
        for least, floors in ATTRIBUTIONS.items():
            attributions = score_attributions(docs, find_quotes(to_articles(docs), least=least, progress=False))
            for name, floor in floors.items():
                assert attributions[name] >= floor, (least, name, attributions)
