"""The stance model: the network against a slow second way, the same alone and in any company, blind to names."""

import io
import json
import zipfile

import numpy as np
import pytest

import mediakit as mk
from mediakit.analyses.recurrent import inside_marks, number_distances
from mediakit.analyses.stance_model import (
    CODES,
    load_stance_model,
    read_stance_model,
    write_stance_model,
)
from mediakit.errors import ArticleTableError, ModelError

SENTENCES = [
    "Mayor Helen Bell praised Omar Reed for his brave and honest work, though critics call Reed a liar.",
    "“{} is a disgrace,” she said.",
    "{} met the envoys in Geneva on Monday to discuss 14 proposals.",
    "Critics accused {} of lying to the public about the failed ferry deal.",
    "Thousands cheered as {} won the prize for a lifetime of service to the poor.",
]
NAMES = ["Ana Ruiz", "Omar Reed", "Wei Zhang", "Helen Bell", "Ivo Petrov", "Kofi Mensah", "Li", "Al-Sayed"]


def spans_of(texts, word):
    return [(text.index(word), text.index(word) + len(word)) for text in texts]


def slowly(model, words, place):
    """The network, word by word, in double precision; inputs and states on their grids."""
    a = {name: values.astype(np.float64) for name, values in model.network.arrays.items()}
    number = {word: at for at, word in enumerate(model.network.words)}
    steps = number_distances(np.arange(len(words)) - place)
    given = [
        np.rint(256 * (a["embedding"][number.get(word, 0)] + a["distance"][step] + a["quoted"][mark])) / 256
        for word, step, mark in zip(words, steps, inside_marks(words), strict=True)
    ]
    wide = a["hidden_forth"].shape[0]

    def run(way, order):
        state, found = np.zeros(wide), {}
        for at in order:
            into = given[at] @ a[f"in_{way}"] + a[f"bias_{way}"]
            kept = state @ a[f"hidden_{way}"]
            reset, update = (
                1 / (1 + np.exp(-(into[k * wide : (k + 1) * wide] + kept[k * wide : (k + 1) * wide]))) for k in (0, 1)
            )
            new = np.tanh(into[2 * wide :] + reset * (kept[2 * wide :] + a[f"new_{way}"]))
            state = np.rint(1024 * ((1 - update) * new + update * state)) / 1024
            found[at] = state
        return found

    forth, back = run("forth", range(len(words))), run("back", range(len(words) - 1, -1, -1))
    read = np.array([np.concatenate([forth[at], back[at]]) for at in range(len(words))])
    heads = a["look_distance"].shape[1]
    query = (read[place] @ a["look"]).reshape(heads, -1)
    seen = [read[place]]
    for head in range(heads):
        score = read @ query[head] / np.sqrt(2 * wide) + a["look_distance"][steps, head]
        weight = np.exp(score - score.max())
        seen.append(weight / weight.sum() @ read)
    inner = np.maximum(np.concatenate(seen) @ a["mid"] + a["mid_bias"], 0)
    raw = inner @ a["out"] + a["out_bias"]
    chances = np.exp(raw - raw.max())
    return chances / chances.sum()


def mentions():
    model = load_stance_model()
    texts = (
        [text.format(name) for text in SENTENCES[1:] for name in NAMES] + ["Ruiz."] + ["A word. " * 60 + "Ruiz left."]
    )
    places = [next(name for name in [*NAMES, "Ruiz"] if name in text) for text in texts]
    return model, [
        model.words_of(text, *span)
        for text, span in zip(texts, (spans_of([t], p)[0] for t, p in zip(texts, places, strict=True)), strict=True)
    ]


def test_the_network_gives_what_the_slow_way_gives():
    model, some = mentions()
    fast = model.read(some).chances

    assert np.allclose(fast, [slowly(model, *one) for one in some], atol=2e-4)


def test_sums_are_exact_in_any_order():
    arrays = load_stance_model().network.arrays
    generator = np.random.default_rng(0)
    for name, grid, largest in (("hidden_forth", 1024, 1), ("in_back", 256, 8)):
        weights = arrays[name]
        values = (np.rint(generator.uniform(-largest, largest, (40, len(weights))) * grid) / grid).astype(np.float32)
        values[0] = largest * np.sign(weights[:, 0])  # the largest sum there is
        order = generator.permutation(len(weights))
        exact = values.astype(np.float64) @ weights.astype(np.float64)

        assert np.array_equal(values @ weights, exact)
        assert np.array_equal(values[:, order] @ weights[order], exact)


def test_a_mention_has_the_same_digits_alone_and_in_any_company():
    model, some = mentions()
    together = model.read(some * 5).chances
    order = np.random.default_rng(0).permutation(len(some) * 5)

    assert np.array_equal(model.read([(some * 5)[at] for at in order]).chances, together[order])
    assert np.array_equal(np.vstack([model.read([one]).chances for one in some]), together[: len(some)])


def test_no_mentions_are_an_empty_answer():
    read = load_stance_model().read([], weigh=True)

    assert read.chances.shape == (0, 3)
    assert list(mk.score_mentions([], []).columns[:4]) == ["stance", *CODES]


def test_a_name_changes_nothing():
    texts = [text.format(name) for text in SENTENCES[1:] for name in NAMES]
    found = mk.score_mentions(texts, spans_of_names(texts))["stance"].to_numpy().reshape(4, len(NAMES))

    assert np.ptp(found, axis=1).max() == 0


def spans_of_names(texts):
    return [spans_of([text], next(name for name in NAMES if name in text))[0] for text in texts]


def test_the_target_in_a_sentence_decides():
    text = SENTENCES[0]
    praised, called = text.index("Omar"), text.rindex("Reed")

    found = mk.score_mentions([text, text], [(praised, praised + 9), (called, called + 4)])["stance"]

    assert found[0] > 0
    assert found[0] > found[1]


def test_plain_cases_are_right_and_the_words_are_named():
    texts = [SENTENCES[at].format("Ana Ruiz") for at in (2, 3, 4)]

    found = mk.score_mentions(texts, spans_of(texts, "Ana Ruiz"))

    assert found["code"].tolist() == ["neutral", "against", "favour"]
    assert "accused" in found["words"][1]
    assert np.allclose(found[list(CODES)].sum(axis=1), 1, atol=1e-5)
    assert np.allclose(found["stance"], found["favour"] - found["against"])


def test_below_the_confidence_a_mention_is_unsure_but_keeps_its_score():
    texts = [SENTENCES[2].format("Ana Ruiz")]

    found = mk.score_mentions(texts, spans_of(texts, "Ana Ruiz"), confidence=1.0)

    assert found["code"].tolist() == ["unsure"]
    assert found["stance"].notna().all()


def test_two_targets_a_pronoun_and_odd_texts():
    found = mk.score_mentions(
        ["He lied.", "Ümit Özdağ çok kızgın.", "😀 Ruiz 😀", "x" * 50_000, "Ruiz " * 3000, "‮Ruiz‬ won."],
        [(0, 2), (0, 10), (2, 6), (0, 10), (0, 4), (1, 5)],
    )

    assert found["stance"].between(-1, 1).tolist() == [True, True, True, False, False, True]
    assert found["note"].tolist()[3:5] == ["no sentence that can be scored"] * 2
    assert found["stance"][0] < 0


def test_other_languages_have_no_stance_but_a_note():
    table = mk.make_articles(
        [{"text": "La police a menti.", "language": "fr"}, {"text": "The police lied.", "language": "en"}]
    )
    with pytest.warns(mk.MeasureWarning, match="1 of 2 articles have no stance"):
        found = mk.score_stance(table, {"police": ["police"]})

    assert found["note"].tolist() == ["language fr: the model is English", ""]
    assert found["stance"].isna().tolist() == [True, False]


def test_what_a_function_returns_is_checked():
    texts, spans = ["Ruiz won."], [(0, 4)]
    good = mk.score_mentions(texts, spans, method=lambda texts, spans: [[0.1, 0.2, 0.7]])

    assert good["code"].tolist() == ["favour"]
    with pytest.raises(ArticleTableError, match="shape"):
        mk.score_mentions(texts, spans, method=lambda texts, spans: [[0.1, 0.9]])
    with pytest.raises(ArticleTableError, match="must sum to 1"):
        mk.score_mentions(texts, spans, method=lambda texts, spans: [[0.5, 0.5, 0.5]])
    with pytest.raises(ArticleTableError, match="no numbers"):
        mk.score_mentions(texts, spans, method=lambda texts, spans: [["a", "b", "c"]])
    with pytest.raises(ArticleTableError, match="method='magic' is not known"):
        mk.score_mentions(texts, spans, method="magic")
    with pytest.raises(ArticleTableError, match="two lists of the same length"):
        mk.score_mentions(texts, [])


@pytest.fixture
def stored(tmp_path):
    return write_stance_model(load_stance_model(), tmp_path / "copy.npz")


def test_a_written_model_is_read_as_it_was(stored):
    model, some = mentions()

    assert np.allclose(read_stance_model(stored).read(some).chances, model.read(some).chances, atol=2e-3)


def rewrite(path, change):
    with zipfile.ZipFile(path) as archive:
        about = json.loads(archive.read("model.json"))
        with np.load(io.BytesIO(archive.read("arrays.npz"))) as held:
            arrays = {name: held[name] for name in held.files}
    change(about, arrays)
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.json", json.dumps(about))
        archive.writestr("arrays.npz", packed.getvalue())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda about, arrays: about.update(version=99), "version 99"),
        (lambda about, arrays: about.update(mediakit="cookbook"), "is no stance model"),
        (lambda about, arrays: about["words"].pop(), "damaged"),
        (lambda about, arrays: arrays.pop("mid"), "damaged"),
        (lambda about, arrays: arrays.update(mid=arrays["mid"][:5]), "damaged"),
        (lambda about, arrays: arrays.update(out=arrays["out"] * np.nan), "damaged"),
    ],
)
def test_another_version_or_a_damaged_file_is_refused(stored, change, told):
    rewrite(stored, change)
    with pytest.raises(ModelError, match=told):
        read_stance_model(stored)


def test_half_a_file_is_refused(stored):
    stored.write_bytes(stored.read_bytes()[:5000])
    with pytest.raises(ModelError, match="damaged"):
        read_stance_model(stored)
