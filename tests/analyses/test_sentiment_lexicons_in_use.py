"""Sentiment by lexicons of one's own, by voice and unit, with its checks and the words behind it."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mediakit import (
    check_length,
    compare_lexicons,
    count_topics,
    load_codebook,
    load_lexicon,
    make_articles,
    score_sentiment,
    score_stance,
    show_evidence,
    tokenize,
)
from mediakit.errors import ArticleTableError, ColumnError, LexiconError, MeasureWarning


def articles_with(*texts, language="en", **more):
    return make_articles([{"text": text, "language": language, "position": n, **more} for n, text in enumerate(texts)])


def lexicon(language="en", **weights):
    return load_lexicon(weights, name="mine", language=language)


def scores_of(*texts, **options):
    return score_sentiment(articles_with(*texts), **options)["sentiment"].tolist()


def test_negation_turns_a_positive_word():
    assert scores_of("It is not good.", "It is good.", lexicon=lexicon(good=+1)) == [-1, 1]


@pytest.mark.parametrize(
    ("text", "negation", "score"),
    [
        ("Nobody is good.", 3, -1),
        ("It isn’t very good.", 3, -1),
        ("It is not that it was good.", 3, 1),
        ("It is not that it was good.", 4, -1),
        ("It is not good.", 0, 1),
        ("No! It is good.", 3, 1),
        ("Not. Good", 3, 1),
    ],
)
def test_a_negation_turns_a_word_inside_its_window_and_sentence(text, negation, score):
    found = score_sentiment(articles_with(text), unit="sentence", lexicon=lexicon(good=1), negation=negation)

    assert found["sentiment"].tolist()[-1] == score


def test_the_score_of_a_sentence_is_the_mean_weight_of_its_words_and_zero_without_any():
    row = score_sentiment(
        articles_with("Good, good peace. A day. War."), lexicon=lexicon(good=2, peace=1, war=-3)
    ).iloc[0]

    assert row["sentiment"] == pytest.approx((5 / 3 + 0 - 3) / 3)
    assert row[["n_sentences", "n_positive", "n_negative"]].tolist() == [3, 3, 1]
    assert row["log_ratio"] == pytest.approx(np.log(3.5 / 1.5))
    assert row[["share_positive", "share_neutral", "share_negative"]].tolist() == pytest.approx([1 / 3] * 3)
    assert row["lexicon"] == "mine"


def test_of_phrases_that_overlap_the_longer_counts():
    own = load_lexicon({"good": 1, "not good": -2, "good grief": -1}, name="mine")

    assert scores_of("It is not good.", "A good grief.", lexicon=own, negation=0) == [-2, -1]


def test_a_phrase_that_holds_its_negation_is_not_turned_again():
    assert scores_of("It is not good.", lexicon=load_lexicon({"not good": -2}, name="mine")) == [-2]


def test_another_language_has_its_own_negations_and_other_articles_get_no_number():
    table = make_articles([{"text": "Das ist nicht gut.", "language": "de"}, {"text": "It is gut.", "language": "en"}])

    with pytest.warns(MeasureWarning, match="1 of 2 articles have no sentiment: language en: the lexicon is de"):
        scored = score_sentiment(table, lexicon=lexicon(language="de", gut=1))

    assert scored["sentiment"].tolist() == pytest.approx([-1, np.nan], nan_ok=True)
    assert scored["n_sentences"].tolist() == [1, 0]


def test_several_lexicons_stand_side_by_side_article_by_article():
    table = articles_with("A good day.", "A bad day.", headline="A good day")
    scored = score_sentiment(table, lexicon=["vader", lexicon(good=1, day=1)])

    assert scored["lexicon"].tolist() == ["vader", "mine"] * 2
    assert scored["article_id"].tolist() == np.repeat(table["article_id"], 2).tolist()
    assert scored["sentiment"].tolist() == [0.4404, 1, -0.5423, 1]
    assert scored["headline_sentiment"].tolist() == [0.4404, 1, 0.4404, 1]
    alone = score_sentiment(table, lexicon=lexicon(good=1, day=1))
    pd.testing.assert_frame_equal(scored.iloc[[1, 3]].reset_index(drop=True), alone)


def test_how_far_lexicons_agree_is_what_scipy_says():
    texts = ["Good good day.", "Bad war.", "A day.", "Good war.", "Bad day, good day.", "War, war.", "Peace."]
    scored = score_sentiment(
        articles_with(*texts),
        lexicon=["vader", lexicon(good=1, bad=-1), load_lexicon({"war": -1, "peace": 1}, name="b")],
    )

    pairs = compare_lexicons(scored)

    assert pairs[["lexicon", "other"]].values.tolist() == [["vader", "mine"], ["vader", "b"], ["mine", "b"]]
    wide = scored.pivot_table(index="article_id", columns="lexicon", values="sentiment", sort=False)
    for row in pairs.itertuples():
        one, other = wide[row.lexicon], wide[row.other]
        expected = stats.pearsonr(one, other)
        interval = expected.confidence_interval(0.95)
        assert (row.correlation, row.low, row.high) == pytest.approx((expected.statistic, interval.low, interval.high))
        assert row.rank_correlation == pytest.approx(stats.spearmanr(one, other).statistic)
        assert row.same_sign == np.mean(np.sign(one) == np.sign(other))
    with pytest.raises(ArticleTableError, match="give score_sentiment two lexicons or more"):
        compare_lexicons(score_sentiment(articles_with("A day.")))


def test_a_lexicon_file_is_read_and_a_broken_line_is_named(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("pattern,weight\ngood*,1\n", "utf-8")
    assert scores_of("Goodness.", lexicon=path) == [1]

    path.write_text("pattern,weight\ngood*,much\n", "utf-8")
    with pytest.raises(LexiconError, match=r"mine\.csv, line 2"):
        scores_of("Goodness.", lexicon=path)


def test_the_voices_are_told_apart():
    text = "The good mayor said: “This is a terrible, horrible crime.” A “good” day followed."

    both, outlet, quoted = (
        score_sentiment(articles_with(text), voice=voice).iloc[0] for voice in ("all", "outlet", "quoted")
    )

    assert outlet["sentiment"] > 0 > quoted["sentiment"]
    assert outlet["n_positive"] == 2  # a word or two in quotation marks are the outlet's own choice
    assert quoted[["n_positive", "n_negative", "n_sentences"]].tolist() == [0, 3, 1]
    assert both["n_negative"] == 3
    own = lexicon(good=1, crime=-1)
    assert score_sentiment(articles_with(text), voice="outlet", lexicon=own)["n_negative"].tolist() == [0]
    assert score_sentiment(articles_with(text), voice="quoted", lexicon=own)["n_negative"].tolist() == [1]


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''", "«»", '“"'])
def test_the_voices_are_the_same_in_any_typography(marks):
    opening, closing = marks
    text = (
        f"The workers’ good day of the ’90s is over. {opening}This is a terrible disaster of the workers’ union,{closing} "
        f"said Helen Bell. {opening}A shameful betrayal!{closing} A great {opening}success{closing}."
    )

    outlet, quoted = (score_sentiment(articles_with(text), voice=voice).iloc[0] for voice in ("outlet", "quoted"))

    assert (outlet["n_positive"], outlet["n_negative"]) == (3, 0)
    assert (quoted["n_positive"], quoted["n_negative"]) == (0, 4)
    assert quoted["n_sentences"] == 2


def test_an_article_in_another_language_with_quotations_breaks_no_voice():
    table = articles_with("“A good day for all,” she said.", "»Ein guter Tag für alle«, sagte sie, »für alle.«")
    table["language"] = ["en", "de"]
    for voice in ("outlet", "quoted"):
        with pytest.warns(MeasureWarning):
            assert score_sentiment(table, voice=voice)["sentiment"].notna().tolist()[1] is False


def test_an_article_without_quotations_has_no_quoted_voice():
    with pytest.warns(MeasureWarning, match="1 of 1 articles have no sentiment: no sentence"):
        scored = score_sentiment(articles_with("A good day."), voice="quoted")

    assert scored["sentiment"].isna().all()


def test_paragraphs_are_means_of_their_sentences():
    table = articles_with("A good day. A bad day.\n\nA day.", None, "Good.")

    with pytest.warns(MeasureWarning, match="1 of 3"):
        paragraphs = score_sentiment(table, unit="paragraph")

    assert paragraphs["sentiment"].round(4).tolist() == [round((0.4404 - 0.5423) / 2, 4), 0.0, 0.4404]
    assert paragraphs["n_sentences"].tolist() == [2, 1, 1]
    texts = dict(zip(table["article_id"], table["text"], strict=True))
    assert [texts[row.article_id][row.start : row.end] for row in paragraphs.itertuples()] == [
        "A good day. A bad day.",
        "A day.",
        "Good.",
    ]


@pytest.mark.parametrize("unit", ["article", "paragraph", "sentence"])
@pytest.mark.parametrize("book", ["vader", "mine"])
def test_tokens_made_before_change_nothing(unit, book):
    table = articles_with("A good day. A “bad bad” day.\n\nNo day.", None, "", "Good.", headline="Good day")
    one = lexicon(good=1, bad=-1) if book == "mine" else "vader"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MeasureWarning)
        again = score_sentiment(table, unit=unit, lexicon=one, tokens=tokenize(table))
        pd.testing.assert_frame_equal(score_sentiment(table, unit=unit, lexicon=one), again)
        assert score_sentiment(table.iloc[:0], unit=unit, lexicon=one).columns.tolist() == again.columns.tolist()
    with pytest.raises(ArticleTableError, match="the tokens are of other articles"):
        score_sentiment(table, tokens=tokenize(table.iloc[1:]))


def simulated(n=200, slope=0.0, outlets=2, seed=0):
    draw = np.random.default_rng(seed)
    words = draw.integers(100, 2000, n)
    outlet = np.array([f"outlet {k}" for k in draw.integers(0, outlets, n)])
    shift = 0.5 * (outlet == "outlet 1")
    score = slope * (np.log(words) - 6.5) + draw.normal(0, 0.1, n) + shift
    return pd.DataFrame({"outlet": outlet, "words": words * np.where(outlet == "outlet 1", 3, 1), "sentiment": score})


def test_scores_that_grow_with_length_are_found_out_and_others_are_not():
    grows, flat = check_length(simulated(slope=0.1)), check_length(simulated(slope=0.0, n=900))

    assert grows["group"].tolist() == ["within all", "outlet 0", "outlet 1"]
    assert (grows["verdict"] == "depends on length: longer articles score higher").all()
    assert flat["verdict"].iloc[0] == "no dependence beyond a correlation of 0.2"
    assert check_length(simulated(n=12))["verdict"].iloc[0].startswith("cannot tell")


def test_the_correlation_within_outlets_is_the_partial_correlation():
    table = simulated(slope=0.03, outlets=3)
    row = check_length(table).iloc[0]

    # A second way: residuals of both on the outlets, by least squares.
    dummies = pd.get_dummies(table["outlet"]).to_numpy(dtype=float)
    length = np.log(table["words"].to_numpy())
    left, right = (
        y - dummies @ np.linalg.lstsq(dummies, y, rcond=None)[0] for y in (table["sentiment"].to_numpy(), length)
    )
    r = stats.pearsonr(left, right).statistic
    half = stats.norm.ppf(0.975) / np.sqrt(len(table) - 2 - 3)
    assert row["correlation"] == pytest.approx(r)
    assert (row["low"], row["high"]) == pytest.approx((np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)))
    one = table[table["outlet"] == "outlet 1"]
    expected = stats.pearsonr(one["sentiment"], np.log(one["words"]))
    interval = expected.confidence_interval(0.95)
    assert check_length(table).iloc[2][["correlation", "low", "high"]].tolist() == pytest.approx(
        [expected.statistic, interval.low, interval.high]
    )


def test_what_the_length_check_needs_is_said():
    table = simulated(n=20)
    with pytest.raises(ColumnError, match="no column 'words'"):
        check_length(table.drop(columns="words"))
    with pytest.raises(ArticleTableError, match="several lexicons"):
        check_length(table.assign(lexicon=["a", "b"] * 10))
    articles = articles_with("A good day.", "A bad day.", outlet="A")
    scored = score_sentiment(articles)
    assert check_length(scored.drop(columns=["words", "outlet"]), articles)["n"].tolist() == [2, 2]
    assert check_length(scored)["verdict"].tolist() == ["cannot tell: too few articles, or nothing varies"] * 2


def test_the_evidence_shows_the_strongest_sentence_first_with_its_words():
    text = "A day in Oslo. The “Terrible war” was not good! A good day."
    table = articles_with("Nothing.", text)
    found = show_evidence(score_sentiment(table), table["article_id"][1])

    assert found["text"].tolist() == ["The “Terrible war” was not good!", "A good day.", "A day in Oslo."]
    assert found["words"].tolist() == ["Terrible -2.1, war -2.9, good -1.41", "good +1.9", ""]
    assert (
        found["weight"].tolist()
        == score_sentiment(table.iloc[[1]], unit="sentence")["sentiment"].iloc[[1, 2, 0]].tolist()
    )
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == found["text"].tolist()


def test_the_evidence_of_a_lexicon_of_ones_own_names_its_words():
    table = articles_with("Not good. A peace talk.")
    found = show_evidence(score_sentiment(table, lexicon=lexicon(good=1, peace=2)), table["article_id"][0])

    assert found[["weight", "words"]].values.tolist() == [[2.0, "peace +2"], [-1.0, "good -1"]]


def test_stance_and_topics_can_be_opened_as_well():
    table = articles_with("Riot police came. The mayor praised the police, but the riot was a disaster.")
    other = articles_with("The envoys met the police. The mayor praised the police for their patience.")
    stance = show_evidence(score_stance(other, {"police": ["police"]}), other["article_id"][0])
    topics = show_evidence(count_topics(tokenize(table), load_codebook("protest")), table["article_id"][0])

    assert stance["text"].tolist()[0].startswith("The mayor praised")
    assert stance["weight"].abs().is_monotonic_decreasing
    assert set(topics["words"]) >= {"Riot police", "riot"}
    assert (topics["weight"] == 1).all()


def test_the_view_marks_the_words_and_runs_nothing():
    table = articles_with('A good <script> alert(1) </script> day, \u202ebad\u202c "><img onerror=x>.')
    view = show_evidence(score_sentiment(table), table["article_id"][0])._repr_html_()

    assert '<mark class="up" title="+1.90">good</mark>' in view
    assert "<script" not in view
    assert "<img" not in view


def test_scores_that_have_lost_their_texts_say_so(tmp_path):
    table = articles_with("A good day.")
    scored = score_sentiment(table)
    assert len(show_evidence(scored[scored["sentiment"] > 0].copy(), table["article_id"][0])) == 1
    with pytest.raises(ArticleTableError, match="no article_id 'x'"):
        show_evidence(scored, "x")
    for lost in (pickle.loads(pickle.dumps(scored)), pd.DataFrame(scored.to_dict())):
        with pytest.raises(ArticleTableError, match="do not know their texts"):
            show_evidence(lost, table["article_id"][0])
    scored.to_parquet(tmp_path / "scores.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "scores.parquet"), scored)


def test_curly_marks_are_read_as_straight_ones_unless_the_text_is_wanted_as_printed():
    straight, curly = 'It wasn\'t "good".', "It wasn’t “good”."

    assert scores_of(curly) == scores_of(straight) == scores_of(straight, straight=False)
    assert scores_of(straight)[0] < 0 == scores_of(curly, straight=False)[0]
    table = make_articles([{"text": "A day.", "headline": curly, "language": "en"}])
    assert score_sentiment(table)["headline_sentiment"].tolist() == scores_of(straight)
