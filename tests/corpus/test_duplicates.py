"""Duplicates: copies, later editions and wire copy are found; what is merely alike is not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit import find_duplicates, label_duplicates, load_articles, make_articles, sample_path
from mediakit.errors import ArticleTableError, ColumnError

WORDS = [
    "talks",
    "farmers",
    "blocked",
    "the",
    "port",
    "envoys",
    "signed",
    "a",
    "ceasefire",
    "police",
    "held",
    "students",
    "marched",
    "on",
    "monday",
    "over",
    "fuel",
    "tax",
]
GOLD = Path(__file__).parents[1] / "gold" / "sample_articles.csv"


def story(seed, length=60):
    """A text of random words: two seeds share hardly a run of five."""
    return " ".join(np.random.default_rng(seed).choice(WORDS, length))


def wire(**rows):
    """Articles whose identifiers are their names: `name=(text, outlet, date)`."""
    return make_articles(
        [
            {"article_id": name, "text": text, "outlet": outlet, "date": date}
            for name, (text, outlet, date) in rows.items()
        ]
    )


def pairs(found):
    return dict(zip(found["article_id"], found["duplicate_of"], strict=True))


def test_exact_near_and_shared_copies_are_told_apart():
    text, edited = story(1), f"{story(1)} and so it ended"
    table = wire(
        first=(text, "A", "2025-03-01"),
        exact=(text.upper() + "!", "B", "2025-03-02"),
        near=(edited, "A", "2025-03-02"),
        shared=(edited, "C", "2025-03-03"),
        other=(story(2), "A", "2025-03-04"),
    )

    found = find_duplicates(table)

    assert found[["article_id", "duplicate_of", "kind"]].values.tolist() == [
        ["exact", "first", "exact"],
        ["near", "first", "near"],
        ["shared", "first", "shared"],
    ]
    assert found["similarity"].tolist() == [1, 1, 1]


def test_similarity_counted_by_hand():
    # Ten words have six runs of five; replacing the last word breaks one of them.
    one = "a b c d e f g h i j"
    table = wire(one=(one, "A", None), other=(one.replace("j", "x"), "A", None))

    assert find_duplicates(table)["similarity"].tolist() == [pytest.approx(5 / 6, abs=1e-4)]
    assert len(find_duplicates(table, similarity=0.84)) == 0


def test_the_earliest_is_the_original_whatever_the_order_of_the_rows():
    text = story(3)
    table = wire(
        late=(text, "A", "2025-03-03"),
        undated=(text, "D", None),
        early=(text, "B", "2025-03-01"),
        middle=(text, "C", "2025-03-02"),
    )

    for seed in range(6):
        shuffled = table.sample(frac=1, random_state=seed)
        found = find_duplicates(shuffled)
        assert pairs(found) == {"late": "early", "middle": "early", "undated": "early"}
        assert found["article_id"].tolist() == [name for name in shuffled["article_id"] if name != "early"]


def test_without_dates_the_first_row_is_the_original():
    table = wire(one=(story(4), "A", None), two=(story(4), "B", None))

    assert pairs(find_duplicates(table)) == {"two": "one"}
    assert pairs(find_duplicates(table.drop(columns=["date", "outlet"]))) == {"two": "one"}
    assert pairs(find_duplicates(table.iloc[::-1])) == {"one": "two"}


def test_a_copy_points_to_an_article_that_is_no_copy_itself():
    versions = [story(5, 100)]
    for n in range(8):
        words = versions[-1].split()
        words[n * 12] = f"edit{n}"
        versions.append(" ".join(words))
    table = wire(**{f"v{n}": (text, "A", f"2025-03-{n + 1:02d}") for n, text in enumerate(versions)})

    found = find_duplicates(table)

    assert not set(found["duplicate_of"]) & set(found["article_id"])
    assert (found["similarity"] >= 0.6).all()


def test_a_text_that_three_hundred_papers_ran_is_found_three_hundred_times():
    table = make_articles([{"text": story(6), "outlet": f"paper {n}", "position": n} for n in range(301)])

    found = find_duplicates(table)

    assert len(found) == 300
    assert found["duplicate_of"].unique().tolist() == [table["article_id"][0]]


def test_two_short_different_texts_are_not_copies():
    table = wire(
        one=("Talks fail.", "A", None), two=("Talks resume.", "A", None), three=("Talks", "A", None),
        four=("Police said on Monday nothing.", "A", None), five=("Police said on Tuesday nothing.", "A", None),
    )  # fmt: skip

    assert len(find_duplicates(table)) == 0


def test_a_standing_phrase_does_not_make_two_articles_copies():
    phrase = "Sign up for our free morning briefing here."
    table = wire(one=(f"{story(7)} {phrase}", "A", None), two=(f"{story(8)} {phrase}", "A", None))

    assert len(find_duplicates(table)) == 0


def test_missing_and_wordless_texts_are_copies_of_nothing():
    table = make_articles(
        [{"text": None, "position": 0}, {"text": None, "position": 1}, {"text": "…"}, {"text": "…", "position": 2}]
    )

    found = find_duplicates(table)

    assert len(found) == 0
    assert found.dtypes.astype(str).to_dict() == {
        "article_id": "str", "duplicate_of": "str", "similarity": "float64", "kind": "str",
    }  # fmt: skip
    assert len(find_duplicates(make_articles([]))) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=8), st.randoms())
def test_every_text_has_one_original_and_the_rest_are_its_copies(seeds, random):
    table = make_articles([{"text": story(seed, 30), "position": n} for n, seed in enumerate(seeds)])
    table = table.iloc[random.sample(range(len(table)), len(table))]

    found = find_duplicates(table)

    assert len(found) == len(seeds) - len(set(seeds))
    texts = dict(zip(table["article_id"], table["text"], strict=True))
    assert all(texts[copy] == texts[original] for copy, original in pairs(found).items())


def test_labels_are_put_beside_the_articles():
    table = wire(one=(story(9), "A", None), two=(story(9), "B", None), three=(story(10), "B", None))
    before = table.copy(deep=True)

    labelled = label_duplicates(label_duplicates(table))

    assert labelled["article_id"].tolist() == ["one", "two", "three"]
    assert labelled["duplicate_of"].fillna("").tolist() == ["", "one", ""]
    assert labelled["duplicate_kind"].fillna("").tolist() == ["", "exact", ""]
    pd.testing.assert_frame_equal(table, before)


def test_the_sample_holds_one_copy_and_two_reprints_of_wire_copy():
    gold = pd.read_csv(GOLD)
    articles = load_articles(sample_path(), progress=False)
    place = {
        identifier: (file, n)
        for identifier, file, n in articles[["article_id", "file", "position"]].itertuples(index=False)
    }

    found = find_duplicates(articles)

    exact = found[found["kind"] == "exact"]
    copies = gold.dropna(subset=["duplicate_of"])
    assert [place[one][0] for one in exact["article_id"]] == copies["file"].tolist()
    assert [place[one][0] for one in exact["duplicate_of"]] == copies["duplicate_of"].tolist()
    shared = found[found["kind"] != "exact"]
    reports = set(gold[gold["wire"]][["file", "position"]].itertuples(index=False, name=None))
    assert {place[one] for one in [*shared["article_id"], *shared["duplicate_of"]]} == reports
    assert len(set(shared["duplicate_of"])) == 1
    assert set(shared["kind"]) == {"shared"}
    assert len(found) == len(copies) + len(reports) - 1


def test_what_is_wrong_is_said():
    for similarity in (0, 1.5):
        with pytest.raises(ArticleTableError, match=f"similarity={similarity} must lie between 0 and 1"):
            find_duplicates(make_articles([]), similarity=similarity)
    with pytest.raises(ColumnError, match="the table of duplicates has no column 'duplicate_of'"):
        label_duplicates(make_articles([]), pd.DataFrame({"article_id": []}))
