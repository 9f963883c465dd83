"""The network that mediakit ships, as PyTorch trains it: `WordNetwork` computes the same with NumPy."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from mediakit.analyses.recurrent import WordNetwork, inside_marks, number_distances
from training.stance_teacher import shuffled_batches

PLACES = 15


class Mentions:
    """Masked mentions as arrays of numbers."""

    def __init__(self, mentions: list[tuple[list[str], int]], number: dict[str, int]) -> None:
        self.word = [np.array([number.get(word, 0) for word in words]) for words, _ in mentions]
        self.place = [place for _, place in mentions]
        self.quoted = [np.array(inside_marks(words)) for words, _ in mentions]
        self.distance = [number_distances(np.arange(len(words)) - place) for words, place in mentions]

    def lengths(self) -> list[int]:
        """Return the number of words of each."""
        return [len(one) for one in self.word]

    def batch(self, rows: list[int], hide: float = 0.0, generator: np.random.Generator | None = None) -> tuple:
        """Return word, quoted, distance, filled and place of some mentions; a share of the words is hidden."""
        longest, n = max(len(self.word[row]) for row in rows), len(rows)
        word, quoted, distance = (np.zeros((n, longest), dtype=np.int64) for _ in range(3))
        there = np.zeros((n, longest), dtype=np.float32)
        for at, row in enumerate(rows):
            size = len(self.word[row])
            word[at, :size], quoted[at, :size] = self.word[row], self.quoted[row]
            distance[at, :size], there[at, :size] = self.distance[row], 1
        if generator is not None and hide:
            word = np.where((generator.random(word.shape) < hide) & (word >= 5), 0, word)
        return (
            *map(torch.tensor, (word, quoted, distance, there)), torch.tensor([self.place[row] for row in rows]),
        )  # fmt: skip


class Student(nn.Module):
    """Gated recurrent units in both directions, attention from the target, one hidden layer."""

    def __init__(self, vectors: np.ndarray, wide: int, heads: int, inner: int, drop: float, answers: int = 3) -> None:
        super().__init__()
        deep = vectors.shape[1]
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(vectors), freeze=False)
        self.distance, self.quoted = nn.Embedding(PLACES, deep), nn.Embedding(2, deep)
        nn.init.normal_(self.distance.weight, 0, 0.05)
        nn.init.zeros_(self.quoted.weight)
        self.recurrent = nn.GRU(deep, wide, batch_first=True, bidirectional=True)
        self.look = nn.Linear(2 * wide, heads * 2 * wide, bias=False)
        self.look_distance = nn.Embedding(PLACES, heads)
        nn.init.zeros_(self.look_distance.weight)
        self.middle, self.out = nn.Linear(2 * wide * (heads + 1), inner), nn.Linear(inner, answers)
        self.drop, self.wide, self.heads = nn.Dropout(drop), wide, heads

    def forward(self, word, quoted, distance, there, place):
        """Return the answers: the log-odds of against, neutral and favour, or a rating."""
        given = self.drop(self.embedding(word) + self.distance(distance) + self.quoted(quoted))
        packed = nn.utils.rnn.pack_padded_sequence(given, there.sum(1).long(), batch_first=True, enforce_sorted=False)
        read, _ = nn.utils.rnn.pad_packed_sequence(
            self.recurrent(packed)[0], batch_first=True, total_length=word.shape[1]
        )
        own = read[torch.arange(len(place)), place]
        query = self.look(own).view(len(place), self.heads, -1)
        score = torch.einsum("bnd,bkd->bkn", read, query) / math.sqrt(2 * self.wide)
        score = score + self.look_distance(distance).transpose(1, 2) + (there[:, None] - 1) * 1e4
        seen = torch.einsum("bkn,bnd->bkd", score.softmax(-1), read).flatten(1)
        return self.out(self.drop(torch.relu(self.middle(self.drop(torch.cat([own, seen], 1))))))


def train(
    student: Student, parts: list[tuple[Mentions, np.ndarray, np.ndarray]], *, epochs: int, rate: float, hide: float,
    seed: int, size: int = 64, loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] | None = None,
) -> None:  # fmt: skip
    """Train on several parts, each with its answers and the weight of each mention.

    Answers are probabilities, or what `loss` compares with what was found, one number per row.
    """
    loss = loss or cross_entropy
    torch.manual_seed(seed)
    generator, hiding = random.Random(seed), np.random.default_rng(seed)
    vectors = [value for name, value in student.named_parameters() if name.startswith("embedding")]
    others = [value for name, value in student.named_parameters() if not name.startswith("embedding")]
    optimizer = torch.optim.AdamW(
        [{"params": vectors, "lr": rate / 2, "weight_decay": 0.0}, {"params": others, "lr": rate, "weight_decay": 1e-3}]
    )
    steps = epochs * sum(math.ceil(len(mentions.word) / size) for mentions, _, _ in parts)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1, (step + 1) / 200) * max(0.02, 0.5 * (1 + math.cos(math.pi * min(1, step / steps)))),
    )
    answers, weights = ([torch.tensor(part[at], dtype=torch.float32) for part in parts] for at in (1, 2))
    for epoch in range(epochs):
        student.train()
        todo = [
            (at, rows)
            for at, (mentions, _, _) in enumerate(parts)
            for rows in shuffled_batches(mentions.lengths(), size, generator)
        ]
        generator.shuffle(todo)
        total = [0.0] * len(parts)
        for at, rows in todo:
            found = student(*parts[at][0].batch(rows, hide, hiding))
            error = (loss(found, answers[at][rows]) * weights[at][rows]).mean()
            optimizer.zero_grad()
            error.backward()
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total[at] += error.item() * len(rows)
        told = ", ".join(f"{value / len(part[0].word):.3f}" for value, part in zip(total, parts, strict=True))
        print(f"  epoch {epoch + 1} of {epochs}: mean loss {told}", flush=True)


def cross_entropy(found: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
    """Return how far log-odds are from probabilities, one number per row."""
    return -(answers * F.log_softmax(found, 1)).sum(1)


def to_numpy(
    student: Student, words: tuple[str, ...], ordinary: set[str], about: dict, heat: float = 1.0,
    added: Sequence[float] | float = 0.0,
) -> WordNetwork:  # fmt: skip
    """Return the network as mediakit reads it; log-odds are calibrated: divided by `heat`, and `added` to."""

    def get(value: torch.Tensor) -> np.ndarray:
        return value.detach().numpy().astype(np.float32)

    wide = student.wide
    arrays = {
        "embedding": get(student.embedding.weight), "distance": get(student.distance.weight),
        "quoted": get(student.quoted.weight), "look": get(student.look.weight).T.copy(),
        "look_distance": get(student.look_distance.weight), "mid": get(student.middle.weight).T.copy(),
        "mid_bias": get(student.middle.bias), "out": get(student.out.weight).T.copy() / heat,
        "out_bias": get(student.out.bias) / heat + np.asarray(added, dtype=np.float32),
    }  # fmt: skip
    for way, ending in (("forth", ""), ("back", "_reverse")):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        into, hidden, bias, more = (get(getattr(student.recurrent, f"{name}_l0{ending}")) for name in names)
        bias = bias.copy()
        bias[: 2 * wide] += more[: 2 * wide]  # reset and update; that of the new state stands inside the reset
        arrays |= {f"in_{way}": into.T.copy(), f"bias_{way}": bias, f"hidden_{way}": hidden.T.copy()}
        arrays[f"new_{way}"] = more[2 * wide :].copy()
    return WordNetwork(words, frozenset(ordinary), arrays, about)
