"""Figures: from the table alone, without touching the user's settings, the same bytes on every run, labels that do not overlap."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

import mediakit as mk


def scores(groups=6, n=12, seed=1):
    generator = np.random.default_rng(seed)
    names = [
        f"The Long-Named {['North', 'South', 'East', 'West', 'Upper', 'Lower'][k % 6]} Courier {k}"
        for k in range(groups)
    ]
    rows = [
        (
            name,
            generator.normal(k / 10 - 0.2, 0.2),
            pd.Timestamp("2025-01-10") + pd.Timedelta(days=30 * (j % 4)),
            f"story {j % 4}",
        )
        for k, name in enumerate(names)
        for j in range(n)
    ]
    return pd.DataFrame(rows, columns=["outlet", "sentiment", "date", "story"])


def drawn(figure):
    """Every text that is drawn, with its box; ticks beyond the axes' limits are not drawn."""
    figure.canvas.draw()
    beyond = set()
    for ax in figure.axes:
        for labels, (low, high), k in (
            (ax.get_xticklabels(), sorted(ax.get_xlim()), 0),
            (ax.get_yticklabels(), sorted(ax.get_ylim()), 1),
        ):
            beyond |= {label for label in labels if not low <= label.get_position()[k] <= high}
    texts = [
        text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible() and text not in beyond
    ]
    return [(text.get_text(), text.get_window_extent(figure.canvas.get_renderer())) for text in texts]


def overlaps(figure):
    """Pairs of texts whose boxes overlap by more than two pixels."""
    inside = drawn(figure)
    found = []
    for k, (one, a) in enumerate(inside):
        for other, b in inside[k + 1 :]:
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2:
                found.append((one, other))
    return found


def profiles():
    frames = [
        mk.compare_groups(scores(seed=k), "sentiment", n_resamples=200).assign(topic=f"topic {k}") for k in range(5)
    ]
    return mk.plot_profiles(pd.concat(frames), panel="topic", value="sentiment", title="Five topics")


EVENTS = {
    "Blockade of the port": "2025-02-20",
    "Strike vote": "2025-02-24",
    "Talks reopen in Geneva after the summit": "2025-03-01",
    "Ceasefire": "2025-04-09",
}


def trend(groups, period="M", changes=None):
    found = mk.compare_periods(scores(groups), "sentiment", events=EVENTS, period=period, n_resamples=200)
    return mk.plot_trend(found, changes=changes)


CHANGES = pd.DataFrame({
    "group": scores(1)["outlet"][:1].tolist(), "date": [pd.Timestamp("2025-03-03")],
    "date_low": [pd.Timestamp("2025-02-17")], "date_high": [pd.Timestamp("2025-03-10")],
})  # fmt: skip


def one_period(groups, changes=None, **options):
    table = scores(groups)
    table["date"] = pd.Timestamp("2025-02-10") + pd.to_timedelta(np.arange(len(table)) % 15, "D")
    return mk.plot_trend(mk.compare_periods(table, "sentiment", n_resamples=200, **options), changes=changes)


DRAWINGS = {
    "trend of one period": lambda: one_period(3),
    "trend of one period with events": lambda: one_period(9, CHANGES, events=EVENTS),
    "trend of one period and group": lambda: one_period(1),
    "trend with events": lambda: trend(3),
    "weeks with events and changes": lambda: trend(3, "W", CHANGES),
    "trend of many with events": lambda: trend(7),
    "days of many with events": lambda: trend(5, "D", CHANGES),
    "groups": lambda: mk.plot_groups(mk.compare_groups(scores(), "sentiment", n_resamples=200)),
    "two groups": lambda: mk.plot_groups(mk.compare_groups(scores(2), "sentiment", n_resamples=200)),
    "within": lambda: mk.plot_groups(mk.compare_groups(scores(), "sentiment", within="story", n_resamples=200)),
    "trend of many": lambda: mk.plot_trend(mk.compare_periods(scores(), "sentiment", n_resamples=200)),
    "trend of few": lambda: mk.plot_trend(mk.compare_periods(scores(3), "sentiment", n_resamples=200)),
    "stories": lambda: mk.plot_stories(scores()),
    "coverage": lambda: mk.plot_coverage(scores()),
    "profiles": profiles,
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_labels_do_not_overlap_and_stay_inside(name):
    ax = DRAWINGS[name]()
    assert isinstance(ax, Axes)
    assert overlaps(ax.figure) == []
    for words, box in drawn(ax.figure):
        assert box.x0 > -6, words
        assert box.x1 < ax.figure.bbox.x1 + 6, words


@pytest.mark.parametrize("name", DRAWINGS)
def test_text_is_at_least_eight_points(name):
    ax = DRAWINGS[name]()
    assert min(text.get_fontsize() for text in ax.figure.findobj(Text) if text.get_text().strip()) >= 8


def test_a_figure_is_the_same_bytes_on_every_run(tmp_path):
    one = [path.read_bytes() for path in mk.save_figure(DRAWINGS["groups"](), tmp_path / "a", alt="x")]
    two = [path.read_bytes() for path in mk.save_figure(DRAWINGS["groups"](), tmp_path / "b", alt="x")]
    assert one == two


def test_the_users_settings_and_table_stay_as_they_are():
    before, contrast = dict(mpl.rcParams), mk.compare_groups(scores(), "sentiment", n_resamples=200)
    copy = contrast.copy()
    mk.plot_groups(contrast)
    assert dict(mpl.rcParams) == before
    pd.testing.assert_frame_equal(contrast, copy)


def test_a_figure_can_be_drawn_into_axes_of_the_users_own():
    _, ax = plt.subplots()
    assert mk.plot_groups(mk.compare_groups(scores(2), "sentiment", n_resamples=200), ax=ax, title="Mine") is ax
    assert ax.get_title(loc="left") == "Mine"


def test_colours_stay_with_their_outlet():
    from mediakit.report.style import colours_of

    assert colours_of(["B", "A", "C"]) == colours_of(["C", "B", "A", "A"])


@pytest.mark.parametrize(
    "text",
    [
        "$x_1^2$ and $y",
        "<script>alert(1)</script>",
        "\\textbf{bold} \\frac{1}{2}",
        "新聞 抗议",
        "عنوان",
        "a\nb\tc\x07",
        "$" * 7,
    ],
)
def test_hostile_labels_are_drawn_as_text(tmp_path, text):
    table = pd.DataFrame(
        {
            "outlet": [text] * 4 + ["B"] * 4,
            "sentiment": [0.1, 0.2, 0.3, 0.5, -0.2, -0.1, 0.0, 0.1],
            "story": [text, "b"] * 4,
        }
    )
    mk.save_figure(mk.plot_groups(mk.compare_groups(table, "sentiment", n_resamples=200)), tmp_path / "g", alt=text)
    mk.save_figure(mk.plot_stories(table), tmp_path / "s", alt=text)
    assert b"<script>" not in (tmp_path / "g.svg").read_bytes()


def test_events_stand_at_their_day_and_a_line_stops_where_a_period_is_empty():
    table = scores(1, 8)
    table.loc[table["date"].dt.month == 3, "date"] += pd.Timedelta(days=32)
    ax = mk.plot_trend(mk.compare_periods(table, "sentiment", events={"vote": "2025-02-15"}, n_resamples=200))

    line = ax.lines[0].get_ydata()
    assert np.isnan(line).tolist() == [
        month not in table["date"].dt.month.unique() for month in range(1, len(line) + 1)
    ]
    event = next(one for one in ax.lines if len(set(one.get_xdata())) == 1)
    assert event.get_xdata()[0] == pytest.approx(0.5 + 14 / 28, abs=0.01)  # February is at 1, from 0.5 to 1.5
    assert "vote" in [text.get_text() for text in ax.texts]


def test_one_group_only_is_drawn_without_differences():
    contrast = mk.compare_groups(scores(1), "sentiment", n_resamples=200)
    assert len(mk.plot_groups(contrast).get_yticks()) == 1


def test_the_figure_of_length_says_what_the_check_found_and_its_labels_do_not_overlap():
    draw = np.random.default_rng(3)
    table = scores(5, 30).assign(words=draw.integers(80, 4000, 150))
    table["sentiment"] += 0.3 * np.log(table["words"])

    axes = mk.plot_length(table)

    assert "Longer articles score higher" in axes.figure.texts[0].get_text()
    assert len(axes.figure.axes) == 6
    assert overlaps(axes.figure) == []
    one = mk.plot_length(table[table["outlet"] == table["outlet"].iloc[0]])
    assert len(one.figure.axes) == 1
    _, given = plt.subplots()
    assert mk.plot_length(table, ax=given) is given
    plt.close("all")


def test_groups_of_a_single_period_stand_one_below_the_other():
    ax = one_period(3, CHANGES, events=EVENTS)
    head, below = (" ".join(text.get_text().split()) for text in ax.figure.texts[:2])

    assert head == "Sentiment by outlet, month 2025-02"
    assert [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()] == [
        f"The Long-Named {name} (n = 12)" for name in ("East Courier 2", "North Courier 0", "South Courier 1")
    ]
    dots = [line for line in ax.lines if line.get_marker() != "None"]
    assert sorted(float(line.get_ydata()[0]) for line in dots) == [-2, -1, 0]
    assert "Events: Blockade of the port (2025-02-20), Strike vote (2025-02-24)," in below
    assert "Changes: The Long-Named North Courier 0 (2025-03-03)." in below
    _, given = plt.subplots()
    table = scores(2)
    table["date"] = pd.Timestamp("2025-03-05")
    assert mk.plot_trend(mk.compare_periods(table, "sentiment", period="W", n_resamples=200), ax=given) is given
    assert given.get_title(loc="left") == "Sentiment by outlet, week of 2025-03-03"


def test_intervals_of_few_periods_do_not_lie_on_each_other():
    ax = mk.plot_trend(mk.compare_periods(scores(3), "sentiment", n_resamples=200))
    lines = [line.get_xdata() for line in ax.lines if line.get_marker() != "None"]

    assert len({round(float(places[0]), 6) for places in lines}) == 3
    assert max(abs(float(x) - round(float(x))) for places in lines for x in places) < 0.1


def test_no_rule_runs_through_the_numbers_of_stories():
    ax = mk.plot_stories(scores())
    ax.figure.canvas.draw()
    rules = [
        segment[0][1] for lines in ax.collections if hasattr(lines, "get_segments") for segment in lines.get_segments()
    ]

    assert rules == [0.5, 1.5, 2.5]  # between the rows, which are at 0, 1, 2, 3
    assert not any(line.get_visible() for line in (*ax.get_ygridlines(), *ax.get_xgridlines()))


def test_counts_of_stories_have_no_sign_and_no_tone():
    table = pd.DataFrame({"outlet": ["A", "B"], "story": "strike", "words": [2201.3, 180.0]})
    figure = mk.plot_stories(table, "words").figure

    assert {"2201", "180"} <= {text.get_text() for text in figure.axes[0].texts}
    assert "darker" in figure.texts[1].get_text()
    assert "red negative" in mk.plot_stories(table.assign(stance=0.1), "stance").figure.texts[1].get_text()


def test_a_single_story_is_one():
    table = scores(2).assign(story="strike")
    assert "1 story;" in mk.plot_stories(table).figure.texts[1].get_text()
    _, given = plt.subplots()
    mk.plot_stories(table, ax=given)
    assert [label.label1.get_visible() for label in given.xaxis.get_major_ticks()] == [True, True]
