"""The transformer in NumPy: word pieces, layers against a plain computation, and digits that never depend on company."""

from math import erf

import numpy as np
import pytest

from mediakit.analyses.encoder import WordPieces, build_encoder, even_out, gelu
from mediakit.errors import ModelError

DEEP, WIDE, HEADS, PLACES = 8, 16, 2, 12
PIECES = ("[UNK]", "[CLS]", "[SEP]", "[MASK]", "talk", "##s", "fail", "##ed", "’", "e", "##l", "##an")


def small_arrays(layers: int = 2, seed: int = 0) -> dict[str, np.ndarray]:
    """The arrays of a small encoder."""
    generator = np.random.default_rng(seed)

    def whole(*shape: int) -> np.ndarray:
        return generator.integers(-127, 128, shape).astype(np.int8)

    def numbers(n: int) -> np.ndarray:
        return generator.normal(0, 0.5, n).astype(np.float32)

    arrays = {
        "vectors": whole(len(PIECES), DEEP), "vectors_step": np.full(len(PIECES), 0.01, np.float32),
        "places": generator.normal(0, 0.1, (PLACES, DEEP)).astype(np.float16),
        "evened_weight": 1 + numbers(DEEP), "evened_bias": numbers(DEEP),
    }  # fmt: skip
    shapes = {"ask": (DEEP, 3 * DEEP), "told": (DEEP, DEEP), "wide": (DEEP, WIDE), "narrow": (WIDE, DEEP)}
    for at in range(layers):
        for name, shape in shapes.items():
            arrays |= {
                f"{name}{at}": whole(*shape), f"{name}{at}_step": np.full(shape[1], 0.004, np.float32),
                f"{name}{at}_bias": numbers(shape[1]),
            }  # fmt: skip
        for name in ("evened", "again"):
            arrays |= {f"{name}{at}_weight": 1 + numbers(DEEP), f"{name}{at}_bias": numbers(DEEP)}
    return arrays


def read_plainly(arrays: dict[str, np.ndarray], numbers: list[int], layers: int = 2) -> np.ndarray:
    """The same in double precision, place by place."""
    held = {name: value.astype(np.float64) for name, value in arrays.items()}

    def dense(name: str, x: np.ndarray) -> np.ndarray:
        return x @ (held[name] * held[f"{name}_step"]) + held[f"{name}_bias"]

    def even(name: str, x: np.ndarray) -> np.ndarray:
        x = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
        return x * held[f"{name}_weight"] + held[f"{name}_bias"]

    x = held["vectors"][numbers] * held["vectors_step"][numbers, None] + held["places"][: len(numbers)]
    x = even("evened", x)
    for at in range(layers):
        parts = dense(f"ask{at}", x)
        query, key, value = parts[:, :DEEP], parts[:, DEEP : 2 * DEEP], parts[:, 2 * DEEP :]
        seen = np.zeros_like(x)
        each = DEEP // HEADS
        for head in range(HEADS):
            mine = slice(head * each, (head + 1) * each)
            for row in range(len(x)):
                weight = np.exp([query[row, mine] @ one / each**0.5 for one in key[:, mine]])
                seen[row, mine] = weight / weight.sum() @ value[:, mine]
        x = even(f"evened{at}", x + dense(f"told{at}", seen))
        inner = dense(f"wide{at}", x)
        inner = inner * 0.5 * (1 + np.vectorize(erf)(inner / 2**0.5))
        x = even(f"again{at}", x + dense(f"narrow{at}", inner))
    return x


def test_an_encoder_reads_as_the_plain_computation_does():
    arrays = small_arrays()
    numbers = [1, 4, 5, 3, 6, 7, 2]
    found = build_encoder(PIECES, HEADS, arrays).read(numbers)

    assert found.shape == (7, DEEP)
    assert np.abs(found - read_plainly(arrays, numbers)).max() < 0.02


def test_each_piece_is_read_in_the_light_of_all_others():
    encoder = build_encoder(PIECES, HEADS, small_arrays())

    assert not np.allclose(encoder.read([1, 4, 5, 2])[0], encoder.read([1, 4, 7, 2])[0], atol=1e-3)
    assert np.array_equal(encoder.read([1, 4, 5, 2]), encoder.read([1, 4, 5, 2]))


def test_products_are_exact_whatever_the_number_of_rows():
    encoder = build_encoder(PIECES, HEADS, small_arrays())
    dense = encoder.layers[0].wide
    x = np.random.default_rng(1).normal(0, 3, (301, DEEP)).astype(np.float32)
    together = dense(x)

    assert all(np.array_equal(dense(x[row : row + 1])[0], together[row]) for row in range(0, 301, 7))


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("talks", ["talk", "##s"]), ("failed", ["fail", "##ed"]), ("élan", ["e", "##l", "##an"]), ("x", ["[UNK]"]),
        ("talks’failed", ["talk", "##s", "’", "fail", "##ed"]), ("", []), ("\u200b", []), ("talk fail", ["talk", "fail"]),
        ("talkx", ["[UNK]"]), ("’’’’’’’’’", ["’"] * 6),
    ],
)  # fmt: skip
def test_words_are_split_into_the_longest_known_pieces(word, pieces):
    known = WordPieces(PIECES)

    assert [PIECES[number] for number in known.split(word)] == pieces


def test_rows_are_evened_out_and_small_values_let_go():
    rows = even_out(np.array([[1, 2, 3, 6]], dtype=np.float32), np.ones(4, np.float32), np.zeros(4, np.float32))

    assert rows.mean() == pytest.approx(0, abs=1e-6)
    assert rows.std() == pytest.approx(1, abs=1e-5)
    assert gelu(np.array([-10, 0, 10], dtype=np.float32)).tolist() == pytest.approx([0, 0, 10], abs=1e-5)


def test_more_pieces_than_there_are_places_are_refused():
    with pytest.raises(ValueError, match="13 pieces are more than 12"):
        build_encoder(PIECES, HEADS, small_arrays()).read([1] * 13)


@pytest.mark.parametrize(
    "change",
    [
        {"vectors": np.zeros((3, DEEP), np.int8)}, {"places": np.zeros((PLACES, DEEP + 1), np.float16)},
        {"wide1_step": np.ones(3, np.float32)}, {"vectors_step": np.ones(2, np.float32)},
    ],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_refused(change):
    with pytest.raises(ModelError, match="do not fit"):
        build_encoder(PIECES, HEADS, {**small_arrays(), **change})
