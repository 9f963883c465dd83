"""A transformers model as the method: a tiny one is built here, with weights that are made, not learned."""

import numpy as np
import pytest

import mediakit as mk
from mediakit.errors import MissingExtraError, ModelError

TEXTS = ["They praised the union.", "They attacked the union at length on Monday.", "The union."]
SPANS = [(17, 22), (18, 23), (4, 9)]


def test_without_the_library_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtraError, match=r"mediakit-research\[transformers\]"):
        mk.transformers_stance("any")


@pytest.mark.parametrize("mark", ["pair", "brackets", "mask"])
def test_the_batch_changes_nothing(tiny, mark):
    folder = tiny(["negative", "neutral", "positive"])
    alone = mk.transformers_stance(folder, batch_size=1, mark=mark, device="cpu")(TEXTS, SPANS)
    together = mk.transformers_stance(folder, batch_size=8, mark=mark, device="cpu")(TEXTS, SPANS)

    assert np.allclose(alone, together, atol=1e-5)
    assert np.allclose(together.sum(axis=1), 1, atol=1e-5)


def test_labels_are_put_in_order(tiny):
    folder = tiny(["LABEL_0", "LABEL_1", "LABEL_2"])
    with pytest.raises(ModelError, match="say what they mean"):
        mk.transformers_stance(folder)
    one = mk.transformers_stance(folder, labels=["against", "neutral", "favour"], device="cpu")(TEXTS, SPANS)
    two = mk.transformers_stance(folder, labels=["pos", "neg", "none"], device="cpu")(TEXTS, SPANS)

    assert np.allclose(one["against"], two["favour"])
    assert np.allclose(one["neutral"], two["against"])


def test_it_is_a_method_of_score_stance(tiny):
    table = mk.make_articles([{"text": " ".join(TEXTS), "language": "en"}])
    score = mk.transformers_stance(tiny(["con", "none", "pro"]), device="cpu")

    found = mk.score_stance(table, {"union": ["union"]}, unit="mention", method=score)

    assert len(found) == 3
    assert found["stance"].between(-1, 1).all()


def test_what_cannot_be_loaded_is_said(tiny, tmp_path):
    with pytest.raises(ModelError, match="cannot be loaded"):
        mk.transformers_stance(tmp_path / "nothing")
    with pytest.raises(ModelError, match="2 outputs; needed are three"):
        mk.transformers_stance(tiny(["a", "b"]))
