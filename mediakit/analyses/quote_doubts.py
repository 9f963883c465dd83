"""Reports that nobody makes: cues of plans, of the writer's own thoughts, of nobody in particular ("it seems that").

The trees judge whether a report is right to the word; what is left out here would be wrong whatever its words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mediakit.analyses.quote_ground import Ground
from mediakit.analyses.quote_reports import Reports


def is_no_report(ground: Ground, reports: Reports, least: float) -> NDArray[np.bool_]:
    """Return which cues tell of plans ("is expected to announce"), or are less likely than a cue must be.

    One that is no verb ("his praise for") must be likelier than `least`.
    """
    lower, term = ground.reading.lower, ground.reading.tokens.term
    if not len(reports):
        return np.zeros(0, dtype=np.bool_)
    planned, being, according = (
        np.array([word in words for word in lower], dtype=np.bool_) for words in (_PLANNED, _BEING, _ACCORDING)
    )
    before = [being[term[np.maximum(reports.anchor - by, 0)]] for by in (1, 2)]
    of_plans = planned[term[reports.anchor]] & (before[0] | before[1])
    plain = np.isin(ground.reading.kind[reports.anchor], _NO_VERBS) & ~according[term[reports.anchor]]
    return of_plans | (reports.chance < np.where(plain, least / _OF_NO_VERB, least))


_ACCORDING = frozenset(("according", "to"))
_NO_VERBS = np.frombuffer(b"fro", dtype=np.uint8)
_OF_NO_VERB = 0.6  # what the chance of a cue counts that is no verb
_PLANNED = frozenset(("expected", "scheduled", "supposed", "due", "slated", "poised"))
_BEING = frozenset(("is", "are", "was", "were", "be", "been"))
