"""Do intervals hold the truth, and is chance fair? Simulations with a known answer.

    python -m benchmarks.coverage [N [SECTION …]]

N simulated corpora a row (default 1,000). Written to benchmarks/COVERAGE.md, all sections or those that are named; a
share of N trials has a Monte Carlo error of its own, printed beside it. Seeded: the same N gives the same page.
find_change_points needs the extra changepoints.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import kstest

from benchmarks.timing import table, write_part
from mediakit import compare_groups, compare_periods, correct_groups, find_change_points, score_agreement

HERE = Path(__file__).parent
NAMES = ("A", "B", "C")
Random = np.random.Generator
RESAMPLES = 1000


def corpus(values: list[np.ndarray], story: np.ndarray | None = None) -> pd.DataFrame:
    """Return a table of outlets A, B, C with their values."""
    made = pd.DataFrame({"outlet": np.repeat(NAMES, [len(part) for part in values]), "score": np.concatenate(values)})
    return made if story is None else made.assign(story=story)


def skewed(sizes: tuple[int, int, int], means: tuple[float, float, float]) -> Callable[[Random], pd.DataFrame]:
    return lambda random: corpus([m * random.exponential(1, n) for m, n in zip(means, sizes, strict=True)])


def log_normal(sizes: tuple[int, int, int]) -> Callable[[Random], pd.DataFrame]:
    """Return a maker of corpora with values of skewness 6, mean 1."""
    return lambda random: corpus([random.lognormal(-0.5, 1, n) for n in sizes])


def clustered(nested: bool, skew: bool) -> Callable[[Random], pd.DataFrame]:
    """Return a maker of corpora whose articles share their stories' values: intraclass correlation 0.3."""

    def make(random: Random) -> pd.DataFrame:
        stories, n = 90, 900
        story = random.integers(0, stories, n)
        outlet = story % 3 if nested else random.integers(0, 3, n)
        draw = random.exponential if skew else random.normal
        arguments = (1.0,) if skew else (0.0, 1.0)
        of_story, own = draw(*arguments, stories), draw(*arguments, n)
        score = np.sqrt(0.3) * of_story[story] + np.sqrt(0.7) * own
        return pd.DataFrame({"outlet": np.array(NAMES)[outlet], "score": score, "story": story})

    return make


def paired(
    stories: int, covered: tuple[float, float, float], means: tuple[float, float, float]
) -> Callable[[Random], pd.DataFrame]:
    """Return a maker of corpora of shared stories, with skewed values of stories and articles; some are not covered."""

    def make(random: Random) -> pd.DataFrame:
        of_story = 2 * random.exponential(1, stories)
        cells = [
            (NAMES[k], number, 1 + int(random.integers(0, 2)))
            for number in range(stories) for k in range(3) if random.random() < covered[k]
        ]  # fmt: skip
        rows = [
            (name, number, of_story[number] + means[NAMES.index(name)] * value)
            for name, number, articles in cells for value in random.exponential(1, articles)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["outlet", "story", "score"])

    return make


def rates(random: Random) -> pd.DataFrame:
    """Return hits per 1,000 words of articles of very different length, some of which return to a subject."""
    made = []
    for name, n, rate in zip(NAMES, (30, 100, 300), (2, 4, 3), strict=True):
        words = 100 + 600 * random.exponential(1, n)
        hits = random.poisson(words * rate / 1000 * random.exponential(1, n))
        made.append(pd.DataFrame({"outlet": name, "score": 1000 * hits / words, "words": words}))
    return pd.concat(made, ignore_index=True)


def shares(random: Random) -> pd.DataFrame:
    return corpus([(random.random(n) < p).astype(float) for n, p in ((20, 0.1), (60, 0.2), (200, 0.3))])


WITHIN = {"within": "story"}
BOTH = float(np.sqrt(0.3) + np.sqrt(0.7))
GROUPS: tuple[tuple[str, Callable[[Random], pd.DataFrame], tuple[float, float, float], dict[str, str]], ...] = (
    ("exponential, 20 articles each", skewed((20, 20, 20), (1, 1, 1)), (1, 1, 1), {}),
    ("exponential, 20, 200 and 2,000 articles", skewed((20, 200, 2000), (1, 1, 1)), (1, 1, 1), {}),
    ("exponential, other means, 30, 50 and 80", skewed((30, 50, 80), (1, 2, 0.5)), (1, 2, 0.5), {}),
    ("log-normal (skewness 6), 20, 200 and 2,000", log_normal((20, 200, 2000)), (1, 1, 1), {}),
    ("shares of .1, .2, .3 in 20, 60 and 200", shares, (0.1, 0.2, 0.3), {}),
    ("hits per 1,000 words in 30, 100 and 300", rates, (2, 4, 3), {"weights": "words"}),
    ("stories in one outlet each, by story", clustered(True, False), (0, 0, 0), {"cluster": "story"}),
    ("the same, stories ignored", clustered(True, False), (0, 0, 0), {}),
    ("the same, skewed, by story", clustered(True, True), (BOTH, BOTH, BOTH), {"cluster": "story"}),
    ("stories in several outlets, by story", clustered(False, False), (0, 0, 0), {"cluster": "story"}),
    ("inside 20 stories that all cover, skewed", paired(20, (1, 1, 1), (1, 1, 1)), (0, 0, 0), WITHIN),
    ("inside 20 stories, other means, skewed", paired(20, (1, 1, 1), (1, 2, 3)), (-1, 0, 1), WITHIN),
    ("inside 20 stories, 60 to 90% covered, skewed", paired(20, (0.9, 0.6, 0.7), (1, 1, 1)), (0, 0, 0), WITHIN),
    ("inside 200 stories, 20 to 90% covered, skewed", paired(200, (0.9, 0.2, 0.5), (1, 2, 3)), (-1, 0, 1), WITHIN),
)


def others(truth: dict[str, float], name: str) -> float:
    return float(np.mean([value for other, value in truth.items() if other != name]))


def report_groups(n: int) -> list[str]:
    rows = []
    for what, make, means, options in GROUPS:
        truth = dict(zip(NAMES, means, strict=True))
        held: dict[str, list[float]] = {"mean": [], "difference": []}
        chances = []
        for seed in range(n):
            found = compare_groups(
                make(np.random.default_rng(seed)), "score", n_resamples=RESAMPLES, seed=seed, **options
            )
            inside: dict[str, list[bool]] = {"mean": [], "difference": []}
            for row in found.itertuples():
                aim = truth[row.group] - (others(truth, row.group) if row.kind == "difference" else 0.0)
                inside[row.kind].append(row.low <= aim <= row.high)
            for kind, answers in inside.items():
                held[kind].append(float(np.mean(answers)))
            first = found[(found["kind"] == "difference") & (found["group"] == NAMES[0])]
            chances.append(float(first["p"].iloc[0]))
        fair = f"{kstest(chances, 'uniform').pvalue:.2f}" if len(set(means)) == 1 else ""
        rows.append([what, percent(held["mean"]), percent(held["difference"]), fair])
    heading = dict.fromkeys(("corpus", "means", "differences", "p uniform (Kolmogorov-Smirnov)"), "right")
    return table({**heading, "corpus": "left"}, rows)


def report_family(n: int) -> list[str]:
    """How often any of several true null hypotheses is rejected, with and without Holm's correction."""
    raw = adjusted = 0
    for seed in range(n):
        random = np.random.default_rng(seed)
        made = corpus([random.exponential(1, size) for size in (25, 40, 60)])
        found = compare_groups(made, "score", contrasts="pairs", n_resamples=RESAMPLES, seed=seed)
        raw += bool((found["p"] < 0.05).any())
        adjusted += bool((found["p_adjusted"] < 0.05).any())
    without, with_it = (percent([True] * count + [False] * (n - count)) for count in (raw, adjusted))
    return [
        f"Three outlets without any difference, all pairs: at least one p below .05 in {without},",
        f"with Holm's correction in {with_it}.",
    ]


def coded(random: Random, weighted: bool, shares: tuple[float, float, float], part: float) -> pd.DataFrame:
    """Return a share that a tool gets wrong in each outlet in another way, and a hand-coded sample."""
    size = 400
    truth = np.concatenate([random.random(size) < p for p in shares])
    misses, alarms = (np.repeat(rate, size) for rate in ((0.3, 0.05, 0.2), (0.05, 0.25, 0.1)))
    says = (truth ^ (random.random(3 * size) < np.where(truth, misses, alarms))).astype(float)
    chance = np.where(says == 1, 1.6 * part, 0.7 * part) if weighted else np.full(3 * size, part)
    drawn = random.random(3 * size) < chance
    code = np.where(drawn, truth.astype(float), np.nan)
    return pd.DataFrame({"outlet": np.repeat(NAMES, size), "says": says, "code": code, "chance": chance})


USUAL, RARE = (0.3, 0.4, 0.2), (0.03, 0.06, 0.1)
METHODS = (
    ("design", False, USUAL, 0.2), ("design", True, USUAL, 0.2), ("ppi", False, USUAL, 0.2),
    ("confusion", False, USUAL, 0.2), ("confusion", True, USUAL, 0.2), ("design", False, USUAL, 0.08),
    ("ppi", False, USUAL, 0.08), ("confusion", False, USUAL, 0.08), ("design", True, RARE, 0.2),
    ("confusion", True, RARE, 0.2),
)  # fmt: skip


def report_corrected(n: int) -> list[str]:
    rows = []
    for method, weighted, shares_, part in METHODS:
        truth = dict(zip(NAMES, shares_, strict=True))
        held: dict[str, list[float]] = {"raw": [], "mean": [], "difference": [], "hand": []}
        width, outside = [], 0
        for seed in range(n):
            made = coded(np.random.default_rng(seed), weighted, shares_, part)
            options = {} if method == "ppi" else {"probability": "chance"}
            found = correct_groups(made, "says", truth="code", method=method, seed=seed, **options)
            outside += int((found["low"] < np.where(found["kind"] == "mean", 0, -1)).sum() + (found["high"] > 1).sum())
            aims = found["group"].map(truth)
            rest = found["group"].map({name: others(truth, name) for name in NAMES})
            aims = aims.where(found["kind"] == "mean", aims - rest)
            between = found["kind"] == "difference"
            inside = (found["low"] <= aims) & (aims <= found["high"])
            held["mean"].append(inside[~between].mean())
            held["difference"].append(inside[between].mean())
            held["raw"].append(((found["raw_low"] <= aims) & (aims <= found["raw_high"]))[between].mean())
            held["hand"].append(((found["hand_low"] <= aims) & (aims <= found["hand_high"]))[between].mean())
            widths = (found["high"] - found["low"]) / (found["hand_high"] - found["hand_low"])
            width.append(widths[between].mean())
        what = f"{method}, {', '.join(f'{share:g}' for share in shares_)}, {400 * part:.0f} coded"
        rows.append(
            [what + (", yes oftener" if weighted else ""), *(percent(part) for part in held.values()),
             f"{np.nanmean(width):.2f}", str(outside)]
        )  # fmt: skip
    heading = (
        "method, true shares, coded of each 400", "differences, raw", "shares, corrected", "differences, corrected",
        "differences, hand codes alone", "width of differences, of hand codes alone", "ends outside the range",
    )  # fmt: skip
    return table({**dict.fromkeys(heading, "right"), heading[0]: "left"}, rows)


def report_alpha(n: int) -> str:
    random = np.random.default_rng(0)
    units = 20_000
    truth = random.integers(0, 3, units)
    codes = np.where(random.random((2, units)) < 0.25, random.integers(0, 3, (2, units)), truth)
    coder = np.repeat(["A", "B"], units)
    whole = pd.DataFrame({"unit": np.tile(np.arange(units), 2), "coder": coder, "code": codes.ravel()})
    aim = alpha_of(whole, 0)["value"]
    held = []
    for seed in range(n):
        drawn = np.random.default_rng(seed).choice(units, 120, replace=False)
        row = alpha_of(whole[whole["unit"].isin(drawn)], 500)
        held.append(row["low"] <= aim <= row["high"])
    return f"Krippendorff's alpha of 120 units of two coders (percentile interval over units): {percent(held)}."


def alpha_of(codings: pd.DataFrame, n_resamples: int) -> pd.Series:
    return score_agreement(codings, n_resamples=n_resamples).query("scope == 'all' and measure == 'alpha'").iloc[0]


def percent(held: list[float] | list[bool]) -> str:
    """Write the mean of shares, one for each corpus, and its Monte Carlo error: outlets of one corpus hang together."""
    return f"{100 * np.mean(held):.1f} ± {100 * np.std(held) / np.sqrt(len(held)):.1f}%"


def weeks(random: Random, joint: float, jump: float) -> pd.DataFrame:
    """Return 60 periods of some articles whose shocks hang together, with a jump after half of them."""
    shock = np.zeros(110)
    for at, step in enumerate(random.normal(0, np.sqrt(1 - joint**2), 109), 1):
        shock[at] = joint * shock[at - 1] + step
    articles = 1 + random.poisson(3, 60)
    of_period = 0.4 * shock[50:] + jump * (np.arange(60) >= 30)
    score = np.repeat(of_period, articles) + random.normal(0, 1, articles.sum())
    return pd.DataFrame({"period": np.repeat(np.arange(60), articles), "outlet": "A", "score": score})


def report_events(n: int) -> list[str]:
    """How often contrasts of an event of no effect hold 0, with days that hang together."""
    rows = []
    start = pd.Timestamp("2025-01-06")
    for joint in (0.0, 0.3, 0.6):
        held: dict[str, list[bool]] = {"difference": [], "level": [], "slope": []}
        for seed in range(n):
            made = weeks(np.random.default_rng(seed), joint, 0.0)
            made["date"] = start + pd.to_timedelta(made["period"], unit="D")
            options = {"n_resamples": 500, "n_placebo": 0, "period": "Y", "seed": seed}
            found = compare_periods(made, "score", events={"event": "2025-02-05"}, **options)
            for row in found[found["kind"] != "mean"].itertuples():
                held[row.kind].append(row.low <= 0 <= row.high)
        rows.append([f"{joint:g}", *(percent(part) for part in held.values())])
    heading = ("correlation of shocks of neighbouring days", *held)
    return table({**dict.fromkeys(heading, "right"), heading[0]: "left"}, rows)


def report_changes(n: int) -> list[str]:
    """How often changes are found where there are none, and how often intervals hold one that there is."""
    rows = []
    start = pd.Timestamp("2025-01-06")
    for joint, jump in ((0.0, 0.0), (0.3, 0.0), (0.6, 0.0), (0.0, 0.5), (0.0, 1.0), (0.3, 1.0)):
        number, dates, differences = [], [], []
        for seed in range(n):
            made = weeks(np.random.default_rng(seed), joint, jump)
            made["date"] = start + pd.to_timedelta(7 * made["period"], unit="D")
            found = find_change_points(made, "score", n_resamples=500, seed=seed).dropna(subset=["date"])
            number.append(len(found))
            if jump and len(found) == 1:
                row = found.iloc[0]
                dates.append(row["date_low"] <= start + pd.Timedelta(weeks=30) <= row["date_high"])
                differences.append(row["low"] <= jump <= row["high"])
        shares_ = [percent([one == k for one in number]) for k in (0, 1)] + [percent([one > 1 for one in number])]
        rows.append([f"{jump:g}", f"{joint:g}", *shares_, *(percent(p) if p else "" for p in (dates, differences))])
    heading = (
        "jump", "correlation", "no change found", "one", "more", "its date in the interval", "its size in the interval",
    )  # fmt: skip
    return table(dict.fromkeys(heading, "right"), rows)


def sections(n: int) -> dict[str, Callable[[], list[str]]]:
    """Return the sections of the page, each with what writes it."""
    return {
        "compare_groups": lambda: [
            *report_groups(n), "", "The Monte Carlo error allows for outlets of one corpus that hang together.", "",
            *report_family(n),
        ],
        "correct_groups": lambda: [
            "A tool whose errors differ between three outlets of 400 articles, some of them coded by hand (yes",
            "oftener: with 1.6 times that chance what the tool calls yes, with 0.7 times what it calls no); shares,",
            "and differences of each outlet from the mean of the others.", "", *report_corrected(n),
        ],
        "compare_periods": lambda: [
            "An event of no effect after 30 of 60 days with one to ten articles; articles have a standard deviation",
            "of 1, shocks of days one of 0.4. How often intervals hold 0. That of the difference takes days for",
            "independent; its p, from dates without an event, does not.", "", *report_events(n),
        ],
        "find_change_points": lambda: [
            "The same with weeks, and a jump after the 30th. Intervals of date and size where one change is found.", "",
            *report_changes(n),
        ],
        "score_agreement": lambda: [report_alpha(n)],
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print the page and write it: all sections, or those that are named."""
    given = sys.argv[1:] if arguments is None else arguments
    n = int(given[0]) if given else 1000
    parts = sections(n)
    page = HERE / "COVERAGE.md"
    head = [
        "# Do intervals hold the truth?", "",
        "Written by `python -m benchmarks.coverage N [section …]`: how many of the 95% intervals hold the true value",
        f"in N simulated corpora a row, {RESAMPLES:,} resamples each (500 for events, changes and alpha), with the",
        "Monte Carlo error of the simulation. The same N gives the same page.",
    ]  # fmt: skip
    write_part(page, "head", head)
    for name in given[1:] or parts:
        lines = [f"## {name}", "", f"{n:,} corpora a row.", "", *parts[name]()]
        print("\n".join(lines), flush=True)
        write_part(page, name, lines)


if __name__ == "__main__":
    main()
