"""Stories: articles on the same event come together, and hand codes are put beside their articles."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import comb

from mediakit import find_stories, label_stories, load_articles, make_articles, sample_path, sample_stories
from mediakit.errors import ArticleTableError, ColumnError, LoadError, MeasureWarning

PORT = [
    "Farmers block the port with tractors over the price of diesel.",
    "Angry farmers with tractors keep the port shut; the price of diesel is to blame.",
    "The port is open again: farmers took their tractors home.",
]
TRUCE = [
    "Envoys sign a ceasefire on the border river after long talks.",
    "Ceasefire holds on the border river, the envoys of both armies say.",
    "After the ceasefire, envoys walk over the border bridge.",
]


def articles_with(*texts, dates=None, **more):
    dates = dates or ["2025-03-01"] * len(texts)
    rows = zip(texts, dates, strict=True)
    return make_articles([{"text": text, "date": date, "position": n, **more} for n, (text, date) in enumerate(rows)])


def adjusted_rand(one, other):
    """Agreement of two groupings beyond chance (Hubert & Arabie 1985): 1 when they are the same."""
    table = pd.crosstab(np.array(list(one)), np.array(list(other))).to_numpy()
    together, rows, columns = comb(table, 2).sum(), comb(table.sum(axis=1), 2).sum(), comb(table.sum(axis=0), 2).sum()
    expected = rows * columns / comb(table.sum(), 2)
    return (together - expected) / ((rows + columns) / 2 - expected)


def groups(stories):
    """The stories as sets of row numbers."""
    return sorted(sorted(rows) for rows in stories.reset_index(drop=True).groupby("story").groups.values())


def test_the_adjusted_rand_index_is_right_on_a_case_counted_by_hand():
    assert adjusted_rand("aabb", "xxyy") == 1
    assert adjusted_rand("aabb", "xyxy") == pytest.approx(-0.5)


def test_two_events_are_two_stories():
    mixed = articles_with(PORT[0], TRUCE[0], PORT[1], TRUCE[1], PORT[2], TRUCE[2])

    stories = find_stories(mixed)

    assert groups(stories) == [[0, 2, 4], [1, 3, 5]]
    assert stories["article_id"].tolist() == mixed["article_id"].tolist()
    assert stories["similarity"].between(0.1, 1).all()
    assert stories["similarity"].tolist()[:2] == [1, 1]


def test_a_story_is_named_by_the_words_peculiar_to_it():
    names = find_stories(
        articles_with("Port port port strike", "Port strike tram", "Envoy truce", "Truce truce envoys")
    )["story"]

    assert names.tolist() == ["port strike tram"] * 2 + ["truce envoy envoys"] * 2


def test_the_sample_is_told_apart_as_coders_did():
    articles = load_articles(sample_path(), progress=False)
    gold = label_stories(articles, sample_stories())["story"]
    found = find_stories(articles)["story"]
    english = (articles["language"] == "en").to_numpy()

    assert gold.notna().all()
    assert adjusted_rand(gold, found) >= 0.96  # a French and a Spanish article share no words with the rest
    assert adjusted_rand(gold[english], found[english]) == 1


def test_a_story_closes_after_so_many_days_without_an_article():
    table = articles_with(*PORT, *TRUCE, dates=["2025-03-01", "2025-03-06", "2025-03-20", *["2024-01-01"] * 3])
    truce = [3, 4, 5]

    assert groups(find_stories(table)) == [[0, 1], [2], truce]
    assert groups(find_stories(table, days=14)) == [[0, 1, 2], truce]
    assert groups(find_stories(table, days=5)) == [[0, 1], [2], truce]
    assert groups(find_stories(table, days=4)) == [[0], [1], [2], truce]


def test_an_undated_article_may_join_any_story():
    dates = ["2025-01-01", None, "2025-03-06", "2025-03-06", "2025-01-02", None]
    table = articles_with(PORT[0], PORT[2], TRUCE[0], TRUCE[1], PORT[1], TRUCE[2], dates=dates)

    assert groups(find_stories(table)) == [[0, 1, 4], [2, 3, 5]]


def test_a_table_without_dates_outlets_and_headlines_will_do():
    table = articles_with(*PORT, *TRUCE)[["article_id", "text"]]

    assert groups(find_stories(table)) == [[0, 1, 2], [3, 4, 5]]


def test_the_headline_counts_as_text():
    table = make_articles(
        [{"headline": PORT[0], "text": "One."}, {"headline": PORT[1], "text": None}, {"text": TRUCE[0]}]
    )

    assert groups(find_stories(table)) == [[0, 1], [2]]


def test_the_same_text_twice_is_one_story_even_when_there_is_nothing_else():
    assert groups(find_stories(articles_with(PORT[0], PORT[0]))) == [[0, 1]]
    assert len(find_stories(articles_with(PORT[0]))["story"]) == 1


def test_articles_without_words_are_stories_of_their_own():
    stories = find_stories(articles_with(None, None, "12 34", None, PORT[0]))

    assert stories["story"].nunique() == 5
    assert stories["story"].tolist()[:4] == ["no words", "no words 2", "no words 3", "no words 4"]


def test_no_articles_have_no_stories():
    empty = find_stories(make_articles([]))

    assert empty.dtypes.astype(str).to_dict() == {"article_id": "str", "story": "str", "similarity": "float64"}
    assert len(empty) == 0


def test_the_result_is_the_same_every_time_and_for_every_order_of_dated_articles():
    dates = [f"2025-03-{n + 1:02d}" for n in range(6)]
    table = articles_with(PORT[0], TRUCE[0], PORT[1], TRUCE[1], PORT[2], TRUCE[2], dates=dates)
    before = table.copy(deep=True)
    stories = find_stories(table)

    pd.testing.assert_frame_equal(find_stories(table), stories)
    pd.testing.assert_frame_equal(table, before)
    for seed in range(4):
        shuffled = find_stories(table.sample(frac=1, random_state=seed)).set_index("article_id")
        pd.testing.assert_frame_equal(shuffled.loc[stories["article_id"]].reset_index(), stories)


def test_a_long_run_on_one_subject_does_not_end_up_in_one_story():
    # All articles share the words of the subject; each pair of neighbours has an event of its own.
    random = np.random.default_rng(1)
    subject = [f"subject{n}" for n in range(40)]
    texts = []
    for event in range(40):
        own = [f"event{event}x{n}" for n in range(15)]
        texts += [" ".join([*random.choice(subject, 25), *own]) for _ in range(2)]
    stories = find_stories(articles_with(*texts))

    assert groups(stories) == [[2 * n, 2 * n + 1] for n in range(40)]


# --- hand codes


def test_without_codes_stories_are_found():
    labelled = label_stories(articles_with(*PORT, *TRUCE))

    assert labelled["story"].nunique() == 2


def coded():
    return make_articles(
        [
            {"article_id": "1", "headline": "Port shut", "outlet": "A", "text": "x"},
            {"article_id": "2", "headline": "Port shut", "outlet": "B", "text": "y"},
            {"article_id": "3", "headline": None, "outlet": "B", "text": "z"},
        ]
    )


def test_codes_are_matched_by_headline_and_by_outlet_where_it_is_given():
    by_headline = pd.DataFrame({"headline": ["Port shut"], "story": ["blockade"]})
    by_both = pd.DataFrame({"headline": ["Port shut"] * 2, "outlet": ["A", "B"], "story": ["blockade", "strike"]})

    assert label_stories(coded(), by_headline)["story"].fillna("").tolist() == ["blockade", "blockade", ""]
    assert label_stories(coded(), by_both)["story"].fillna("").tolist() == ["blockade", "strike", ""]


def test_codes_are_matched_by_identifier_also_when_it_was_read_as_a_number():
    codes = pd.DataFrame({"article_id": [3, 1], "story": ["b", "a"], "headline": "anything"})

    assert label_stories(coded(), codes)["story"].fillna("").tolist() == ["a", "", "b"]


def test_codes_may_be_a_file(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text('headline,outlet,story\n"Port shut",B,strike\n', encoding="utf-8")

    for given in (path, str(path)):
        assert label_stories(coded(), given)["story"].fillna("").tolist() == ["", "strike", ""]


def test_a_missing_headline_is_not_matched_with_another_missing_headline():
    codes = pd.DataFrame({"headline": ["Port shut", None], "story": ["blockade", "nonsense"]})

    assert label_stories(coded(), codes)["story"].fillna("").tolist() == ["blockade", "blockade", ""]


def test_new_codes_replace_old_ones_and_the_table_given_is_unchanged():
    table = coded().assign(story="old")
    before = table.copy(deep=True)

    labelled = label_stories(table, pd.DataFrame({"article_id": ["1"], "story": ["new"]}))

    assert labelled["story"].fillna("").tolist() == ["new", "", ""]
    pd.testing.assert_frame_equal(table, before)


def test_a_code_given_twice_alike_is_one_code_and_two_codes_are_an_error():
    alike = pd.DataFrame({"article_id": ["1", "1"], "story": ["a", "a"]})
    assert label_stories(coded(), alike)["story"].fillna("").tolist() == ["a", "", ""]

    with pytest.raises(ArticleTableError, match="two stories to one article: '1'"):
        label_stories(coded(), alike.assign(story=["a", "b"]))
    with pytest.raises(ArticleTableError, match="two stories to one article: 'Port shut'"):
        label_stories(coded(), pd.DataFrame({"headline": ["Port shut"] * 2, "story": ["a", "b"]}))


def test_codes_that_fit_no_article_are_missed_aloud():
    with pytest.warns(MeasureWarning, match="no article has one of the 1 hand codes: compare the columns headline"):
        label_stories(coded(), pd.DataFrame({"headline": ["Other"], "story": ["a"]}))


def test_what_is_wrong_is_said():
    with pytest.raises(ArticleTableError, match="days=0 must be at least 1"):
        find_stories(articles_with("a"), days=0)
    with pytest.raises(ArticleTableError, match=r"similarity=1 between"):
        find_stories(articles_with("a"), similarity=1)
    with pytest.raises(ColumnError, match="the table of stories has no column 'story'"):
        label_stories(coded(), pd.DataFrame({"article_id": ["1"], "stories": ["a"]}))
    with pytest.raises(ColumnError, match="the table of stories has no column 'headline'"):
        label_stories(coded(), pd.DataFrame({"title": ["Port shut"], "story": ["a"]}))
    with pytest.raises(ColumnError, match="the article table has no column 'headline'"):
        label_stories(coded().drop(columns="headline"), pd.DataFrame({"headline": ["Port shut"], "story": ["a"]}))


def test_a_file_of_codes_that_cannot_be_read_is_named(tmp_path):
    for name, content in (("empty.csv", b""), ("latin.csv", b"headline,story\n\xe9,b\n"), ("odd.csv", b'a,b\n"x')):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(LoadError, match=f"{name}: cannot be read as a CSV file"):
            label_stories(coded(), tmp_path / name)
    with pytest.raises(LoadError, match=r"nope\.csv: no such file"):
        label_stories(coded(), "nope.csv")
    with pytest.raises(LoadError, match="cannot be read as a CSV file"):
        label_stories(coded(), tmp_path)


def test_codes_that_are_no_table_are_refused():
    with pytest.raises(ArticleTableError, match=r"must be a table or the path of a CSV file.* found dict"):
        label_stories(coded(), {"Port shut": "blockade"})
    with pytest.raises(ArticleTableError, match="an article table is a pandas DataFrame; found str"):
        label_stories("articles.csv", pd.DataFrame({"headline": ["Port shut"], "story": ["a"]}))
