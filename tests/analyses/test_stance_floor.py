"""Stance and sentiment against NewsMTSC (parts that were not learned from): figures that may not fall."""

from collections import defaultdict

import numpy as np
import pytest

from benchmarks.stance import load, measure, rate, swap_names
from mediakit import score_mentions

FLOORS = {
    ("model", "dev-rw"): 0.76, ("model", "dev-mt"): 0.71, ("rules", "dev-rw"): 0.50, ("rules", "dev-mt"): 0.50,
}  # fmt: skip


@pytest.fixture(scope="module")
def where(real_files):
    if not (real_files / "newsmtsc").is_dir():
        pytest.skip("NewsMTSC is not distributed with the project")
    return real_files


@pytest.mark.parametrize(("method", "part"), list(FLOORS))
def test_stance_is_scored_as_well_as_before(where, method, part):
    texts, spans, y, _ = load(where, part)

    assert measure(y, score_mentions(texts, spans, method=method))["f1"] >= FLOORS[method, part]


def test_sentiment_for_news_agrees_with_people_as_well_as_before(where):
    given = defaultdict(list)
    for part in ("dev-rw", "dev-mt"):
        for text, code in zip(*(load(where, part)[at] for at in (0, 2)), strict=True):
            given[text].append(code)
    means = [np.mean(codes) for codes in given.values()]

    vader, news = (np.corrcoef(rate(list(given), name), means)[0, 1] for name in ("vader", "news_network"))

    assert news >= 0.61
    assert news > vader + 0.15


def test_names_exchanged_change_next_to_nothing(where):
    parts = [load(where, part) for part in ("dev-rw", "dev-mt")]
    texts, spans, names = (parts[0][at] + parts[1][at] for at in (0, 1, 3))

    assert swap_names((texts, spans, np.zeros(len(texts)), names)) < 0.02
