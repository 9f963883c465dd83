"""Comparison and validation: seconds against scipy.stats.bootstrap, and agreement with reference packages.

    python -m benchmarks.comparison

Written to the part "comparison" of benchmarks/RESULTS.md, with the tables of benchmarks/COVERAGE.md, which
`python -m benchmarks.coverage` writes. Needs the extras bench, models and test.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks import timing
from mediakit import compare_groups, correct_groups, find_change_points, score_agreement
from mediakit.compare.inside import StoryDesign
from mediakit.compare.interrupted import newey_west
from mediakit.compare.resampling import UnitDesign, cliffs_delta

HERE = Path(__file__).parent
ROWS, OUTLETS, STORIES, RESAMPLES = 100_000, 8, 10_000, 2000
Reference = tuple[str, str, Callable[[], float], str]


def big_table() -> pd.DataFrame:
    random = np.random.default_rng(0)
    story = random.integers(0, STORIES, ROWS)
    score = random.normal(0, 0.5, STORIES)[story] + random.normal(0, 1, ROWS)
    outlet = np.char.add("outlet ", random.integers(0, OUTLETS, ROWS).astype(str))
    return pd.DataFrame({"outlet": outlet, "story": story, "score": score})


def seconds(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def report_time() -> list[str]:
    table = big_table()
    samples = [rows.to_numpy() for _, rows in table.groupby("outlet")["score"]]

    def by_scipy() -> None:
        for sample in samples:
            stats.bootstrap((sample,), np.mean, n_resamples=RESAMPLES, method="percentile", batch=100, rng=1)

    jobs = {
        "`compare_groups(cluster=\"story\")`: means, contrasts, effect sizes, studentised": lambda: compare_groups(
            table, "score", cluster="story", n_resamples=RESAMPLES
        ),
        "`compare_groups()`, articles resampled": lambda: compare_groups(table, "score", n_resamples=RESAMPLES),
        "`compare_groups(within=\"story\")`": lambda: compare_groups(
            table, "score", within="story", n_resamples=RESAMPLES
        ),
        "`scipy.stats.bootstrap` of each outlet's mean: percentile, no clusters, no contrasts": by_scipy,
    }  # fmt: skip
    taken = {what: seconds(job) for what, job in jobs.items()}
    last = list(taken.values())[-1]
    required = ["< 10", "–", "–", "–"]
    rows = [
        [what, f"{one:.2f}", f"{last / one:.2f}", limit]
        for (what, one), limit in zip(taken.items(), required, strict=True)
    ]
    return timing.table(
        {"job": "left", "s": "right", "times as fast as scipy": "right", "required, s": "right"}, rows
    )  # fmt: skip


def codings() -> pd.DataFrame:
    random = np.random.default_rng(3)
    truth = random.integers(0, 3, 150)
    rows = [
        (unit, coder, truth[unit] if random.random() < 0.8 else random.integers(0, 3))
        for unit in range(150) for coder in "AB"
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "coder", "code"])


def measured(measure: str, level: str = "nominal", scope: str = "all") -> float:
    made = codings()
    made["code"] = made["code"].astype("float64" if level != "nominal" else "str")
    found = score_agreement(made, level=level, n_resamples=100)
    return float(found.query("scope == @scope and measure == @measure")["value"].iloc[0])


def references() -> list[Reference]:
    """Return what is compared with which package, the largest difference, and what is allowed."""
    import krippendorff
    import pingouin
    import ppi_py
    import ruptures
    from nltk.metrics.agreement import AnnotationTask
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.regression.linear_model import OLS, WLS
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    made = codings()
    wide = made.pivot_table(index="coder", columns="unit", values="code").to_numpy()
    triples = [(row.coder, str(row.unit), str(row.code)) for row in made.itertuples()]
    random = np.random.default_rng(1)
    one, other = random.normal(0.3, 1, 40), random.exponential(1, 60)

    def alpha(level: str) -> float:
        return abs(measured("alpha", level) - krippendorff.alpha(wide, level_of_measurement=level))

    def cliff() -> float:
        plain = np.sign(one[:, None] - other).mean()
        return abs(cliffs_delta(one, other, 0.95)[0] - plain)

    def prediction_powered(weight: float | None) -> float:
        truth, says = random.normal(0, 1, 400), np.zeros(400)
        says = truth + random.normal(0.3, 0.5, 400)
        code = np.where(random.random(400) < 0.25, truth, np.nan)
        table = pd.DataFrame({"outlet": "A", "says": says, "code": code})
        row = correct_groups(table, "says", truth="code", method="ppi", calibrate=weight is None).iloc[0]
        coded = ~np.isnan(code)
        own = ppi_py.ppi_mean_pointestimate(code[coded], says[coded], says[~coded], lam=weight)
        return abs(row["estimate"] - float(np.ravel(own)[0]))

    def bootstrap() -> float:
        design = UnitDesign({"A": other}, 20_000, 0.95, 0)
        means = design.drawn("A")[0]
        own = stats.bootstrap((other,), np.mean, n_resamples=20_000, method="percentile", rng=2)
        return abs(means.std() / own.standard_error - 1)

    def robust() -> float:
        design = np.stack([np.ones(60), np.arange(60.0), np.arange(60) > 30], axis=1)
        outcome, weights = random.normal(0, 1, 60).cumsum(), random.integers(1, 9, 60).astype(float)
        own = WLS(outcome, design, weights=weights).fit(cov_type="HAC", cov_kwds={"maxlags": 3})
        return float(np.abs(newey_west(design, outcome, weights, lags=3)[1] - own.cov_params()).max())

    def paired() -> float:
        cells = np.where(random.random((60, 3)) < 0.8, random.exponential(1, (60, 3)), np.nan)
        cells = cells[np.isfinite(cells).sum(axis=1) > 1]
        design = StoryDesign(cells, list("ABC"), np.array([[1.0, -1, 0]]), "story", 100, 0.95, 0)
        story, group = np.nonzero(np.isfinite(cells))
        x = np.column_stack([story[:, None] == np.arange(len(cells)), group == 0, group == 1]).astype(float)
        fit = OLS(cells[story, group], x).fit()
        own = fit.get_robustcov_results("cluster", groups=story, use_correction=False).cov_params()
        last = np.zeros(x.shape[1])
        last[-2:] = 1, -1
        return abs(design.errors[0] ** 2 / (last @ own @ last * len(cells) / (len(cells) - 1)) - 1)

    def changes() -> float:
        series = random.normal(0, 1, 80) + 2 * (np.arange(80) >= 50)
        dates = pd.date_range("2025-01-06", periods=80, freq="7D")
        found = find_change_points(pd.DataFrame({"date": dates, "outlet": "A", "tone": series}), "tone", penalty=9)
        steps = np.diff(series)
        variance = (np.median(np.abs(steps)) / 0.6745) ** 2 / 2
        own = ruptures.Pelt(model="l2", min_size=3, jump=1).fit(series).predict(pen=9 * variance)[:-1]
        return float(len(set(own) ^ set(((found["date"].dropna() - dates[0]).dt.days // 7).tolist())))

    def fleiss() -> float:
        return abs(measured("kappa") - fleiss_kappa(aggregate_raters(wide.T.astype(int))[0]))

    def cohen() -> float:
        return abs(measured("kappa", scope="pair") - cohen_kappa_score(*wide))

    def by_nltk() -> float:
        return abs(measured("alpha") - AnnotationTask(triples).alpha())

    def hedges() -> float:
        table = pd.DataFrame({"outlet": ["A"] * 40 + ["B"] * 60, "tone": [*one, *other]})
        row = compare_groups(table, "tone", n_resamples=100).query("kind == 'difference' and group == 'A'").iloc[0]
        return abs(row["effect"] - pingouin.compute_effsize(one, other, eftype="hedges"))

    exact = "≤ 1e-9"
    levels = ("nominal", "ordinal", "interval", "ratio")
    return [
        *((f"Krippendorff's alpha, {level}", "krippendorff", partial(alpha, level), exact) for level in levels),
        ("Krippendorff's alpha, nominal", "nltk", by_nltk, exact),
        ("Cohen's kappa", "scikit-learn", cohen, exact),
        ("Fleiss' kappa", "statsmodels", fleiss, exact),
        ("Hedges' g", "pingouin", hedges, exact),
        ("Cliff's delta", "all pairs, one by one", cliff, exact),
        ("prediction-powered mean, weight 1", "ppi-python", partial(prediction_powered, 1), exact),
        ("prediction-powered mean, best weight", "ppi-python", partial(prediction_powered, None), exact),
        ("bootstrap error of a mean, 20,000 resamples, relative", "scipy.stats.bootstrap", bootstrap, "≤ 0.03"),
        ("Newey-West covariance", "statsmodels HAC", robust, exact),
        ("variance inside stories, relative", "statsmodels, cluster-robust", paired, exact),
        ("change points that only one of them finds", "ruptures", changes, "0"),
    ]


def report_references() -> list[str]:
    rows = []
    for what, package, difference, allowed in references():
        found = difference()
        limit = float(allowed.removeprefix("≤ "))
        if not found <= limit:
            raise SystemExit(f"{what}: differs from {package} by {found}, allowed is {allowed}")
        rows.append([what, package, f"{found:.1g}", allowed])
    return timing.table({"number": "left", "reference": "left", "difference": "right", "allowed": "right"}, rows)


def coverage_tables() -> list[str]:
    """Return the page of coverage without its title and marks, its headings one level down."""
    page = HERE / "COVERAGE.md"
    if not page.is_file():
        raise SystemExit("benchmarks/COVERAGE.md is not there; run python -m benchmarks.coverage first.")
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if not line.startswith("<!--")]
    kept = ["#" + line if line.startswith("## ") else line for line in lines if not line.startswith("# ")]
    slim: list[str] = []
    for line in kept:
        if line or (slim and slim[-1]):
            slim.append(line)
    return slim[:-1] if slim and not slim[-1] else slim


def main(arguments: list[str] | None = None) -> int:
    """Measure, and write the part of the page."""
    packages = ["numpy", "scipy", "pandas", "statsmodels", "krippendorff", "pingouin", "ppi-python", "ruptures"]
    if not timing.is_on_one_thread():
        return timing.restart_on_one_thread("benchmarks.comparison", [])
    timing.keep_to_one_core()
    lines = [
        "# Comparison and validation", "",
        "Written by `python -m benchmarks.comparison`, from measurements of its own and from what",
        "`python -m benchmarks.coverage` wrote to [COVERAGE.md](COVERAGE.md).", "",
        *timing.describe_machine(packages),
        "", "## Time", "",
        f"{RESAMPLES:,} resamples of {ROWS:,} rows by {OUTLETS} outlets and {STORIES:,} stories, on one core;",
        "one run of each job.", "", *report_time(), "", "## Agreement with reference packages", "",
        *report_references(), "", "## Do intervals hold the truth?", "", *coverage_tables(),
    ]  # fmt: skip
    timing.write_part(HERE / "RESULTS.md", "comparison", lines)
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
