"""The teacher of source types: all-MiniLM-L6-v2, tuned on sources that were typed by hand.

It reads the source as printed, the passage around it, up to two other places where its name stands, and how the
article begins. mediakit itself never runs it.
"""

from __future__ import annotations

import re

import torch
import torch.nn.functional as F
from torch import nn

from mediakit.analyses.source_evidence import Evidence
from mediakit.analyses.source_names import is_person
from mediakit.analyses.source_types import TYPES
from training.stance_teacher import Reader, Teacher

LONGEST = 240  # word pieces
_BEFORE, _BEHIND, _NEAR = 260, 200, 120  # characters
_PLACES = 2


class SourceReader(Reader):
    """Sources as the numbers of word pieces."""

    def read_source(self, evidence: Evidence, start: int, end: int) -> list[int]:
        """Return the numbers of the source at a place of its article."""
        text = evidence.text
        own = self._pieces(text[start:end], 24)
        found = [self.begin, self.mask, *own, self.end]
        found += self._pieces(text[max(0, start - _BEFORE) : start], -45)
        found += [self.name, *own, self.same, *self._pieces(text[end : end + _BEHIND], 32), self.end]
        body = evidence.body
        key = (body.split()[-1] if is_person(body) else body) if body else ""
        places = list(re.finditer(rf"(?<!\w){re.escape(key)}(?!\w)", text)) if key else []
        for place in [one for one in places if abs(one.start() - start) >= _NEAR][:_PLACES]:
            found += self._pieces(text[max(0, place.start() - 100) : place.start()], -24)
            found += [self.name, *self._pieces(text[place.start() : place.start() + 150], 36), self.end]
        found += [*self._pieces(text[:100], 22), self.end]
        return found[:LONGEST]

    def _pieces(self, text: str, n: int) -> list[int]:
        found = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return list(found[:n] if n > 0 else found[n:])


class SourceTeacher(Teacher):
    """The transformer with one head: the log-odds of each type, and of being named."""

    def __init__(self, reader: SourceReader) -> None:
        super().__init__(reader)
        wide = self.rate.in_features
        self.middle, self.out = nn.Linear(2 * wide, wide // 3), nn.Linear(wide // 3, len(TYPES) + 1)

    def types(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return log-odds: one column per type, the last for being named."""
        hidden, there = self.read(numbers)
        seen = torch.cat([hidden[:, 1], (hidden * there).sum(1) / there.sum(1)], 1)
        return self.out(self.drop(F.gelu(self.middle(self.drop(seen)))))


def type_loss(found: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """Compare log-odds with codes: the number of the type, and 1 for named."""
    types = F.cross_entropy(found[:, :-1], given[:, 0], label_smoothing=0.05)
    return types + 0.3 * F.binary_cross_entropy_with_logits(found[:, -1], given[:, 1].float())
