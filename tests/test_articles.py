"""The article table: types, identifiers, and errors that say what to fix."""

import pandas as pd
import pytest

from mediakit import check_articles, make_articles
from mediakit.articles import COLUMNS
from mediakit.errors import ArticleTableError, ColumnError


def test_the_table_has_every_column_in_order_with_its_type():
    table = make_articles([{"headline": "A", "text": "One two three.", "date": "2025-02-03", "extra": 1}])
    assert list(table.columns) == [*COLUMNS, "extra"]
    assert str(table["date"].dtype) == "datetime64[us]"
    assert table["truncated"].dtype == bool
    assert table.loc[0, "words"] == 3


def test_missing_is_missing_and_never_an_empty_string():
    table = make_articles([{"headline": " ", "text": "Words.", "byline": "", "outlet": None, "section": float("nan")}])
    assert table.loc[0, ["headline", "byline", "outlet", "section", "date"]].isna().all()


def test_an_empty_table_has_the_same_columns():
    assert list(make_articles([]).columns) == list(COLUMNS)


def test_identifiers_are_the_same_on_every_run_and_in_every_folder():
    one = make_articles([{"text": "Words.", "file": "a/x.txt", "position": 0}])
    other = make_articles([{"text": "Words.", "file": "elsewhere/b/x.txt", "position": 0}])
    assert one.loc[0, "article_id"] == other.loc[0, "article_id"] == "bd75657648b0385d"


def test_equal_rows_get_different_identifiers():
    table = make_articles([{"text": "Words."}, {"text": "Words."}])
    assert table["article_id"].nunique() == 2


def test_another_text_file_or_outlet_gives_another_identifier():
    rows = [
        {"text": "a"},
        {"text": "b"},
        {"text": "a", "file": "x"},
        {"text": "a", "outlet": "x"},
        {"text": "a", "position": 1},
    ]
    assert make_articles(rows)["article_id"].nunique() == 5


def test_a_lone_surrogate_in_a_text_is_no_obstacle():
    assert len(make_articles([{"text": "bad \ud800 char"}])) == 1


def test_a_table_that_is_none_is_named():
    with pytest.raises(ArticleTableError, match="is a pandas DataFrame; found list"):
        check_articles([1])


def test_a_missing_column_is_named_with_the_nearest_spelling():
    with pytest.raises(ColumnError, match=r"no column 'text'; it has article_id, txt. Did you mean 'txt'"):
        check_articles(pd.DataFrame({"article_id": ["a"], "txt": ["b"]}))


def test_repeated_identifiers_are_named():
    with pytest.raises(ArticleTableError, match="1 are repeated, the first is 'a'"):
        check_articles(pd.DataFrame({"article_id": ["a", "a"], "text": ["x", "y"]}))


def test_dates_that_are_text_are_refused():
    with pytest.raises(ArticleTableError, match="must hold dates"):
        check_articles(pd.DataFrame({"article_id": ["a"], "text": ["x"], "date": ["2025-01-01"]}))


def test_a_data_frame_is_taken_row_by_row():
    given = pd.DataFrame({"text": ["Two words.", None], "date": pd.to_datetime(["2025-02-03", None]), "n": [1, 2]})
    table = make_articles(given)

    assert table[["words", "n"]].values.tolist() == [[2, 1], [0, 2]]
    assert table["date"].isna().tolist() == [False, True]
    assert table["article_id"].tolist() == make_articles(given.to_dict("records"))["article_id"].tolist()
    pd.testing.assert_frame_equal(make_articles(table), table)


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({"text": "x"}, r"one dictionary.\n    Put it into a list"),
        ("x", "found str"),
        (None, "found NoneType"),
        (["x"], "record 0 must be a dictionary of columns; found str"),
        ([{"text": "x"}, None], "record 1 must be a dictionary of columns; found NoneType"),
        ([pd.DataFrame({"text": ["x"]})], "record 0 must be a dictionary of columns; found DataFrame"),
        (pd.DataFrame([["x", "y"]], columns=["text", "text"]), "two columns 'text'"),
    ],
)
def test_what_is_no_record_is_named(records, words):
    with pytest.raises(ArticleTableError, match=words):
        make_articles(records)
