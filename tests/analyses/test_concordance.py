"""Concordance: windows counted by hand, laws on random text, and a page that hostile text cannot leave."""

import copy
import pickle
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit import load_codebook, make_articles, tokenize
from mediakit.analyses.concordance import ROWS_SHOWN, ContextTable, find_in_context
from mediakit.errors import ArticleTableError, LexiconError
from mediakit.text.patterns import find_words, normal_form

TEXT = "The police waited. Riot police, in black, met no riot."


def articles_with(*texts, **more):
    return make_articles([{"text": text, "position": n, **more} for n, text in enumerate(texts)])


def lines(table):
    return table[["left", "match", "right"]].values.tolist()


class Page(HTMLParser):
    """What a browser would make of it: the elements, their attributes, and the text outside the style."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.text, self._style = [], set(), "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self._style = tag == "style"

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        if not self._style:
            self.text += data


def page_of(table):
    return Page(table._repr_html_())


# Windows


def test_a_window_in_words_is_cut_at_whole_words_with_their_marks():
    found = find_in_context(articles_with(TEXT), "police", window=2)

    assert lines(found) == [["The ", "police", " waited. Riot"], ["waited. Riot ", "police", ", in black,"]]
    assert found[["start", "end"]].values.tolist() == [[4, 10], [24, 30]]
    assert found["position"].tolist() == [4 / 54, 24 / 54]


def test_a_window_in_characters_is_cut_anywhere():
    found = find_in_context(articles_with(TEXT), "police", window=6, unit="characters")

    assert lines(found) == [["The ", "police", " waite"], [" Riot ", "police", ", in b"]]


def test_a_window_ends_where_the_article_ends():
    articles = articles_with("“Riot!” they said", "No peace.", "A riot.")

    for unit in ("words", "characters"):
        assert lines(find_in_context(articles, "riot", window=10**30, unit=unit)) == [
            ["“", "Riot", "!” they said"], ["A ", "riot", "."],
        ]  # fmt: skip


def test_a_window_of_nothing_shows_the_match_alone():
    for unit in ("words", "characters"):
        assert lines(find_in_context(articles_with("the (riot) ended"), "riot", window=0, unit=unit)) == [
            ["", "riot", ""]
        ]


def test_marks_belong_to_the_outermost_word_but_the_next_word_does_not():
    found = find_in_context(articles_with("well-known “anti-riot police”, – they said"), "riot", window=1)

    assert lines(found) == [["“anti-", "riot", " police”,"]]
    assert lines(find_in_context(articles_with("well-known riot police-led"), "riot", window=1)) == [
        ["known ", "riot", " police"]
    ]


def test_marks_that_stand_alone_at_the_edge_are_not_shown():
    assert lines(find_in_context(articles_with("One — two riot three — four"), "riot", window=1)) == [
        ["two ", "riot", " three"]
    ]


def test_line_breaks_and_the_white_space_around_them_are_one_space():
    text = "The end. \n\nTear\r\n gas\tand\u2028 riot\n \n\nshields  were\u00a0used"

    found = find_in_context(articles_with(text), ["tear gas", "riot"], window=9)

    assert lines(found) == [
        ["The end. ", "Tear gas", " and riot shields  were\u00a0used"],
        ["The end. Tear gas and ", "riot", " shields  were\u00a0used"],
    ]
    start, end = found[["start", "end"]].iloc[0]
    assert text[start:end] == "Tear\r\n gas"


def test_a_very_long_run_of_spaces_takes_no_time():
    text = "riot" + " " * 200_000 + "\t" + " " * 200_000 + "police"

    assert lines(find_in_context(articles_with(text), "riot")) == [["", "riot", " police"]]


def test_accents_emoji_and_half_characters_keep_the_places():
    text = "é 🙂 cafe\u0301 \ud83d riot"
    table = pd.DataFrame({"article_id": ["a"], "text": pd.Series([text], dtype=object)})

    found = find_in_context(table, "riot", window=20, unit="characters")

    assert lines(found) == [["é 🙂 cafe\u0301 \ufffd ", "riot", ""]]
    assert text[found["start"][0] : found["end"][0]] == "riot"


# What is looked for


def test_patterns_are_those_of_find():
    tokens = tokenize(articles_with(TEXT, "no", "The riots."))

    for patterns in ("police", ["riot*", "police"], {"force": ["riot police", "police"], "riot": "riot*"}):
        for nested in (True, False):
            shown = find_in_context(tokens, patterns, nested=nested)
            found = tokens.find(patterns, nested=nested)
            columns = ["article_id", "start", "end", "label", "pattern"]
            assert sorted(shown[columns].values.tolist()) == sorted(found[columns].values.tolist())


def test_a_match_inside_a_longer_one_can_be_left_out():
    articles = articles_with("Riot police met.")
    force = {"force": ["riot police", "police"]}

    assert find_in_context(articles, force)["match"].tolist() == ["Riot police", "police"]
    assert find_in_context(articles, force, nested=False)["match"].tolist() == ["Riot police"]


def test_a_codebook_is_searched_by_its_categories():
    found = find_in_context(articles_with(TEXT), load_codebook("protest"))

    assert found[["label", "match"]].values.tolist() == [
        ["riot", "Riot"], ["police_force", "Riot police"], ["riot", "riot"],
    ]  # fmt: skip


def test_tokens_and_an_article_table_give_the_same():
    articles = articles_with(TEXT, outlet="A", date="2025-03-01")

    pd.testing.assert_frame_equal(find_in_context(articles, "riot"), find_in_context(tokenize(articles), "riot"))


def test_selected_articles_are_searched_alone():
    tokens = tokenize(articles_with("A riot, she said.", "(No riot) here", "The riot."))

    part = find_in_context(tokens.select(np.array([False, True, True])), "riot", window=2)

    assert lines(part) == [["(No ", "riot", ") here"], ["The ", "riot", "."]]


# Columns


def test_columns_and_types_are_plain():
    articles = articles_with(TEXT, outlet="A", date="2025-03-01", story="riot police black")
    plain = {"article_id": "str", "label": "str", "pattern": "str", "left": "str", "match": "str", "right": "str"}
    expected = {"article_id": "str", "outlet": "str", "date": "datetime64[us]", "story": "str", **plain}
    expected |= {"start": "int64", "end": "int64", "position": "float64"}

    for patterns in ("riot", "nowhere"):
        assert find_in_context(articles, patterns).dtypes.astype(str).to_dict() == expected
    bare = find_in_context(articles[["article_id", "text"]], "riot")
    assert list(bare.columns) == [*plain, "start", "end", "position"]


def test_a_category_of_outlets_becomes_text_and_missing_stays_missing():
    articles = articles_with("riot", "riot")
    articles["outlet"] = pd.Categorical(["A", None])

    found = find_in_context(articles, "riot")

    assert found["outlet"].dtype == "str"
    assert found["outlet"].isna().tolist() == [False, True]
    assert found["date"].isna().all()


# Order


def test_rows_stand_by_article_and_place():
    found = find_in_context(articles_with("b a b", "a b"), ["b", "a"])

    assert found["match"].tolist() == ["b", "a", "b", "a", "b"]
    assert found["start"].tolist() == [0, 2, 4, 0, 2]


def test_sorting_left_reads_from_the_match_outwards():
    articles = articles_with("big Apple riot", "an apple riot", "A pear riot", "riot", "apple riot", "Big apple riot")

    found = find_in_context(articles, "riot", sort="left")

    assert found["left"].tolist() == ["", "apple ", "an apple ", "big Apple ", "Big apple ", "A pear "]


def test_sorting_right_ignores_case_and_keeps_the_order_of_equals():
    articles = articles_with("riot was seen", "riot IS over", "riot is", "riot, is over again", "riot is Over")

    found = find_in_context(articles, "riot", sort="right", window=2)

    assert found["right"].tolist() == [" is", " IS over", ", is over", " is Over", " was seen"]


def test_sorting_by_match_puts_the_shorter_before_the_longer():
    articles = articles_with("riots", "Riot police", "a riot", "protest", "riot police")

    found = find_in_context(articles, ["riot*", "riot police", "protest"], sort="match")

    assert found["match"].tolist() == ["protest", "Riot", "riot", "riot", "Riot police", "riot police", "riots"]


def test_only_words_of_the_window_are_sorted_by():
    articles = articles_with("b x riot y b", "a x riot y a")

    for sort in ("left", "right"):
        assert find_in_context(articles, "riot", sort=sort, window=1)["start"].tolist() == [4, 4]
        assert find_in_context(articles, "riot", sort=sort, window=1)["left"].tolist() == ["x ", "x "]
        inside = find_in_context(articles, "riot", sort=sort, window=3, unit="characters")
        assert inside["article_id"].tolist() == articles["article_id"].tolist()
        wider = find_in_context(articles, "riot", sort=sort, window=4, unit="characters")
        assert wider["article_id"].tolist() == articles["article_id"].tolist()[::-1]


def test_a_word_cut_by_a_window_in_characters_is_not_sorted_by():
    articles = articles_with("zone riot", "atone riot")  # both show "one"

    found = find_in_context(articles, "riot", sort="left", window=4, unit="characters")

    assert found["article_id"].tolist() == articles["article_id"].tolist()
    assert found["left"].tolist() == ["one ", "one "]


def test_a_limit_takes_the_first_rows_after_sorting():
    articles = articles_with("b riot", "a riot", "c riot")

    assert find_in_context(articles, "riot", sort="left", limit=2)["left"].tolist() == ["a ", "b "]
    assert len(find_in_context(articles, "riot", limit=0)) == 0
    assert len(find_in_context(articles, "riot", limit=np.int64(9))) == 3


# Laws

WORDS = st.sampled_from(
    ["riot", "Riot", "police", "“riot,", "(the", "café", "end.", "anti-riot", "riot's", "–", "U.S.", "🙂"]
)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", "\t", "-", "\u00a0", " \u2029", "…"])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=25).map(lambda pairs: "".join(map("".join, pairs)))


def on_one_line(text):
    return re.sub(r"\s+", lambda run: " " if len((run[0] + "|").splitlines()) > 1 or "\t" in run[0] else run[0], text)


def words_of(text):
    return [normal_form(text[start:end]) for start, end in find_words(text)]


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=4),
    window=st.integers(0, 12),
    unit=st.sampled_from(["words", "characters"]),
)
def test_a_line_is_a_stretch_of_the_text_around_the_match(texts, window, unit):
    articles = articles_with(*texts)
    printed = dict(zip(articles["article_id"], texts, strict=True))

    found = find_in_context(articles, ["riot*", "police", "the riot"], window=window, unit=unit)

    for row in found.itertuples():
        text = printed[row.article_id]
        before, match, after = text[: row.start], text[row.start : row.end], text[row.end :]
        assert row.match == on_one_line(match)
        assert row.position == row.start / len(text)
        if unit == "characters":
            assert row.left == on_one_line(before[max(0, len(before) - window) :])
            assert row.right == on_one_line(after[:window])
        else:
            assert on_one_line(before).endswith(row.left)
            assert on_one_line(after).startswith(row.right)
            assert words_of(row.left) == words_of(before)[-window:] * (window > 0)
            assert words_of(row.right) == words_of(after)[:window]


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), window=st.integers(0, 5))
def test_sorting_is_that_of_python_by_lists_of_words(texts, window):
    tokens = tokenize(articles_with(*texts))
    keys = {
        "left": lambda row: words_of(row[0])[::-1],
        "match": lambda row: words_of(row[1]),
        "right": lambda row: words_of(row[2]),
    }
    columns = ["left", "match", "right", "article_id", "start", "end", "label"]
    plain = find_in_context(tokens, ["riot", "the", "riot police"], window=window)[columns].values.tolist()

    for sort, key in keys.items():
        found = find_in_context(tokens, ["riot", "the", "riot police"], window=window, sort=sort)
        assert found[columns].values.tolist() == sorted(plain, key=key)


def test_the_input_is_unchanged_and_the_answer_the_same_twice():
    articles = articles_with(TEXT, outlet="A")
    before = articles.copy()

    first, second = (find_in_context(articles, "riot", sort="left") for _ in range(2))

    pd.testing.assert_frame_equal(articles, before)
    pd.testing.assert_frame_equal(first, second)
    assert first._repr_html_() == second._repr_html_()


# The page


HOSTILE = "<script>alert(1)</script> \"><img src=x onerror=alert(1)> </td></table></style> police &amp; \u202egnikcatta\u2066 '><b>bold</b>"


def test_hostile_text_stays_text():
    articles = articles_with(HOSTILE, outlet='<img src=x onerror="alert(1)">', date="2025-03-01")
    found = find_in_context(articles, {"<script>": ["police"], '"><b>': ["alert"]}, window=50)

    page = page_of(found)

    assert set(page.elements) <= {"div", "style", "p", "b", "bdi", "table", "thead", "tbody", "tr", "th", "td", "mark"}
    assert page.attributes <= {"class", "scope"}
    assert page.elements.count("b") == 2  # the patterns of the caption
    assert "<script>alert(1)</script>" in page.text
    assert '<img src=x onerror="alert(1)">' in page.text
    assert "police &amp; " in page.text


def test_hostile_patterns_stay_text():
    for found in (
        find_in_context(articles_with("x"), '<img src=x onerror="a">'),
        find_in_context(articles_with("a"), ["<script>a", "a"]),
    ):
        page = page_of(found)
        assert not {"img", "script"} & set(page.elements)
        assert "onerror" not in page.attributes


def test_characters_that_turn_the_direction_or_control_are_gone_from_the_page():
    turning = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0, 8, 27, 0x9B]))
    articles = articles_with(f"a{turning} riot {turning}b", outlet=f"A{turning}")

    found = find_in_context(articles, "riot")

    assert not set(found._repr_html_()) & set(turning)
    assert set(turning) <= set(found["left"][0])  # the table itself keeps what was printed
    assert found._repr_html_().count("<bdi>") == found._repr_html_().count("</bdi>") == 5


def test_half_characters_in_columns_of_ones_own_can_be_shown():
    found = find_in_context(articles_with("riot", outlet="A"), "riot")
    found["outlet"] = pd.Series(["A\ud83d"], dtype=object)

    assert found._repr_html_().encode("utf-8")


def test_a_line_shows_outlet_and_day_and_the_match_marked():
    html = find_in_context(articles_with("No riot here", outlet="A", date="2025-03-01"), "riot")._repr_html_()

    assert "<bdi>A</bdi>" in html
    assert "<bdi>2025-03-01</bdi>" in html
    assert "<bdi>No </bdi></td>" in html
    assert "<mark><bdi>riot</bdi></mark>" in html
    assert "<bdi> here</bdi>" in html


def test_the_label_is_shown_only_where_there_are_several():
    assert "label" not in page_of(find_in_context(articles_with("a riot"), "riot")).text
    assert "label" in page_of(find_in_context(articles_with("a riot"), ["a", "riot"])).text


def test_what_is_missing_leaves_an_empty_cell_and_a_column_without_values_is_not_shown():
    html = find_in_context(articles_with("riot", "riot"), "riot")._repr_html_()
    assert "outlet" not in html
    assert "date" not in html

    some = pd.concat([articles_with("riot", outlet="A", date="2025-03-01"), articles_with("a riot")], ignore_index=True)
    html = find_in_context(some, "riot")._repr_html_()
    assert "NaT" not in html
    assert "nan" not in html
    assert html.count('<td class="kwic-side"><bdi></bdi></td>') == 2


def test_a_long_table_shows_its_beginning_and_counts_the_rest():
    found = find_in_context(articles_with("riot " * (ROWS_SHOWN + 1234)), "riot", window=1)

    page = page_of(found)

    assert page.elements.count("mark") == ROWS_SHOWN
    assert "… and 1,234 more" in page.text
    assert "Searched 1 article for riot: 1,434 matches." in page.text
    assert "more" not in page_of(found.head(ROWS_SHOWN)).text


def test_a_very_long_context_is_cut_on_its_outer_side():
    found = find_in_context(articles_with("a" * 5000 + "z riot y" + "b" * 5000), "riot")

    html = found._repr_html_()

    assert len(html) < 5000
    assert "<bdi>…a" in html
    assert "az </bdi>" in html
    assert "b…</bdi>" in html
    assert len(found["left"][0]) == 5002


def test_the_style_concerns_nothing_but_the_table():
    html = find_in_context(articles_with("riot"), "riot")._repr_html_()

    style = html[html.index("<style>") + 7 : html.index("</style>")]

    for rule in re.findall(r"([^{}]+)\{", style):
        assert all(selector.strip().startswith(".mediakit-kwic") for selector in rule.split(","))
    assert not re.search(r"url|@import|https?:|expression", style)


def test_nothing_found_is_a_sentence():
    found = find_in_context(articles_with("x", "y"), ["riot*", "a", "b", "c", "d", "tear gas"])

    page = page_of(found)

    assert page.text.strip() == "Searched 2 articles for riot*, a, b, c, d and 1 more: nothing was found."
    assert "table" not in page.elements
    assert len(found) == 0
    assert "Searched 0 articles for riot: nothing was found." in page_of(find_in_context(articles_with(), "riot")).text
    assert "for no pattern: nothing was found" in page_of(find_in_context(articles_with("x"), {})).text


def test_a_part_of_the_matches_says_that_it_is_a_part():
    found = find_in_context(articles_with("riot riot riot"), "riot")

    assert "3 matches." in page_of(found).text
    assert "3 matches; this table holds 1." in page_of(found.head(1)).text
    assert "3 matches; this table holds none." in page_of(found.query("start > 99")).text
    assert (
        "3 matches; this table holds 2."
        in page_of(find_in_context(articles_with("riot riot riot"), "riot", limit=2)).text
    )
    assert "6 matches." in page_of(pd.concat([found, found])).text


# A DataFrame like any other


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[t["start"] > 0], lambda t: t.iloc[1:], lambda t: t.head(1), lambda t: t.sort_values("end"), lambda t: t.copy(), copy.deepcopy,
        lambda t: t.assign(code=1), lambda t: pickle.loads(pickle.dumps(t)), lambda t: t.query("start > 0"), lambda t: t.reset_index(drop=True),
    ],
)  # fmt: skip
def test_the_form_survives_what_is_done_to_a_table(change):
    changed = change(find_in_context(articles_with(TEXT), "police"))

    assert type(changed) is ContextTable
    assert "Searched 1 article for police: 2 matches" in page_of(changed).text
    assert "mark" in page_of(changed).elements


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.drop(columns="left"), lambda t: t[["outlet", "match"]], lambda t: t.T, lambda t: t.isna(), lambda t: t.set_index("right"),
        lambda t: pd.concat([t, t], axis=1), lambda t: pd.concat({"a": t}, axis=1), lambda t: t.assign(match=1), lambda t: t.rename(columns=str.upper),
    ],
)  # fmt: skip
def test_without_its_columns_it_is_shown_as_any_table(change):
    changed = change(find_in_context(articles_with(TEXT + " <img>", outlet="A"), "police"))

    assert changed._repr_html_() == pd.DataFrame(changed)._repr_html_()
    assert "img" not in page_of(changed).elements


def test_odd_values_never_break_a_notebook():
    found = find_in_context(articles_with("riot", outlet="A", date="2025-03-01"), "riot")

    for column, value in (
        ("date", "soon"),
        ("outlet", 3),
        ("outlet", ["<b>"]),
        ("outlet", np.array([1, 2])),
        ("label", {}),
    ):
        html = found.assign(**{column: pd.Series([value], dtype=object)})._repr_html_()
        assert "mediakit-kwic" in html or 'class="dataframe"' in html
        assert "<b>]" not in html
    found._search = "not ours"
    assert 'class="dataframe"' in found._repr_html_()


def test_the_setting_of_pandas_that_wants_no_html_is_kept():
    with pd.option_context("display.notebook_repr_html", False):
        assert find_in_context(articles_with("riot"), "riot")._repr_html_() is None


# Messages


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"unit": "word"}, "unit='word' is not known; there is \"words\" and \"characters\"."),
        ({"sort": "date"}, "sort='date' is not known; there is \"position\", \"left\", \"right\" and \"match\"."),
        ({"window": -1}, "window=-1 must be a whole number from 0 on: words on either side."),
        ({"window": 2.5, "unit": "characters"}, "window=2.5 must be a whole number from 0 on: characters on either side."),
        ({"window": True}, "window=True must be a whole number"),
        ({"limit": -3}, "limit=-3 must be a whole number from 0 on: rows."),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(arguments, message):
    with pytest.raises(ArticleTableError, match=re.escape(message)):
        find_in_context(articles_with("riot"), "riot", **arguments)


def test_broken_patterns_and_tables_are_named():
    with pytest.raises(LexiconError, match="holds no word"):
        find_in_context(articles_with("riot"), ["riot", "…"])
    with pytest.raises(ArticleTableError, match="found str"):
        find_in_context("riot", "riot")
