"""Stance by VADER's clause score, and what is common to all methods: mentions, articles, notes, evidence."""

import numpy as np
import pandas as pd
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from mediakit import make_articles, score_sentiment
from mediakit.analyses.stance import score_stance as score_any_stance
from mediakit.analyses.stance_clauses import find_clause
from mediakit.errors import ArticleTableError, LexiconError, MeasureWarning


def score_stance(*given, method="vader", **more):
    return score_any_stance(*given, method=method, **more)


TARGETS = {"students": ["student*"], "strike": ["strike*"]}


def articles_with(*texts, language="en", **more):
    return make_articles([{"text": text, "language": language, "position": n, **more} for n, text in enumerate(texts)])


def compound(text):
    return SentimentIntensityAnalyzer().polarity_scores(text)["compound"]


def stance_of(text, target="students", patterns=("student*",)):
    return score_stance(articles_with(text), {target: list(patterns)}, unit="mention")["stance"].tolist()


def test_two_targets_in_one_sentence_have_each_its_own_clause():
    table = articles_with("The mayor praised the students, but the strike was a disaster.")

    mentions = score_stance(table, TARGETS, unit="mention")

    assert mentions["mention"].tolist() == ["students", "strike"]
    assert mentions["evidence"].tolist() == [
        "The mayor praised the ⟨students⟩, but the strike was a disaster.",
        "The mayor praised the students, but the ⟨strike⟩ was a disaster.",
    ]
    assert mentions["stance"].tolist() == [compound("The mayor praised the it"), compound("but the it was a disaster.")]
    assert mentions["stance"].iloc[0] > 0 > mentions["stance"].iloc[1]


@pytest.mark.parametrize(
    ("sentence", "word", "clause"),
    [
        ("The talks failed; the students sang all night.", "students", "the students sang all night."),
        ("Police, who beat the students badly, apologised.", "students", "who beat the students badly"),
        ("The students waited in line – the police laughed at them.", "students", "The students waited in line"),
        (
            "The fee rose to 1,000 crowns for poor students here.",
            "students",
            "The fee rose to 1,000 crowns for poor students here.",
        ),
        ("Although the well-known strike was short, it hurt.", "strike", "Although the well-known strike was short"),
        ("Students, sadly, lost.", "Students", "Students, sadly, lost."),  # the clause alone says nothing
    ],
)
def test_a_clause_ends_at_punctuation_and_before_words_that_turn_the_thought(sentence, word, clause):
    start = sentence.index(word)
    left, right = find_clause(sentence, start, start + len(word))

    assert sentence[left:right].strip(" ,") == clause


def test_the_words_of_the_target_do_not_score():
    text = "The Peace Forum opens on Monday in the capital."

    assert compound(text) > 0
    assert stance_of(text, "forum", ["peace forum"]) == [0.0]


def test_a_second_mention_in_the_clause_does_not_score_either():
    text = "The Peace Forum follows last year's Peace Forum in the capital."

    assert stance_of(text, "forum", ["peace forum"]) == [0.0, 0.0]


def test_two_overlapping_aliases_are_both_taken_out():
    text = "They opened the Great Peace Love Forum in the capital."

    assert stance_of(text, "forum", ["great peace", "peace love forum"]) == [0.0, 0.0]


def test_an_article_is_the_mean_of_its_mentions():
    text = "The mayor praised the students. The students caused a terrible disaster. The students went home at noon."
    scores = stance_of(text)

    row = score_stance(articles_with(text), {"students": ["student*"]}).iloc[0]

    assert [np.sign(score) for score in scores] == [1, -1, 0]
    assert row["stance"] == pytest.approx(sum(scores) / 3)
    assert row["se"] == pytest.approx(np.std(scores, ddof=1) / np.sqrt(3))
    assert row["n_mentions"] == 3
    assert row["share_for"] == pytest.approx(1 / 3)
    assert row["share_against"] == pytest.approx(1 / 3)


def test_the_evidence_is_the_sentence_furthest_in_the_direction_of_the_mean():
    bad = "The students caused a terrible disaster."
    text = f"The students were somewhat late to class. {bad} The students hurt many people badly. The mayor liked the students."

    row = score_stance(articles_with(text), {"students": ["student*"]}).iloc[0]

    assert row["stance"] < 0
    assert row["evidence"] == bad.replace("students", "⟨students⟩")


def test_offsets_are_exact_and_the_evidence_holds_the_mention():
    texts = [
        "  The Students’ strike failed.\n\nA student's view: “Strike on!”",
        "No one struck. STRIKES hurt the student body.",
    ]
    table = articles_with(*texts)

    mentions = score_stance(table, TARGETS, unit="mention")

    by_id = dict(zip(table["article_id"], texts, strict=True))
    assert len(mentions) == 6
    for row in mentions.itertuples():
        assert by_id[row.article_id][row.start : row.end] == row.mention
        assert f"⟨{row.mention}⟩" in row.evidence
        assert row.evidence.replace("⟨", "").replace("⟩", "") in by_id[row.article_id]


def test_a_phrase_over_the_end_of_a_line_is_whole_with_both_its_sentences():
    text = "The envoys praised the security\ncouncil on Monday."

    mentions = score_stance(articles_with(text), {"council": ["security council"]}, unit="mention")

    assert mentions["mention"].tolist() == ["security\ncouncil"]
    assert mentions["evidence"].tolist() == [text.replace("security\ncouncil", "⟨security\ncouncil⟩")]
    assert mentions["stance"].tolist() == [compound("The envoys praised the it on Monday.")]


def test_a_target_that_nobody_mentions_is_named_in_a_warning():
    with pytest.warns(MeasureWarning, match="no article mentions strike: check the aliases") as caught:
        scored = score_stance(articles_with("The students sang."), TARGETS)

    assert len(caught) == 1
    assert scored["note"].tolist() == ["", "not mentioned"]
    assert scored["stance"].notna().tolist() == [True, False]
    assert scored["n_mentions"].tolist() == [1, 0]
    assert scored["evidence"].isna().tolist() == [False, True]


def test_articles_in_another_language_or_without_text_are_missing_with_a_note():
    table = make_articles(
        [
            {"text": "The students sang well.", "language": "en"},
            {"text": "Les students chantent, good good.", "language": "fr"},
            {"text": None, "language": "en", "headline": "Students"},
        ]
    )

    with pytest.warns(MeasureWarning, match="1 of 3 articles have no stance: the model is English"):
        scored = score_stance(table, {"students": ["student*"]})

    assert scored["note"].tolist() == ["", "language fr: the model is English", "no text"]
    assert scored["n_mentions"].tolist() == [1, 0, 0]
    assert scored["stance"].isna().tolist() == [False, True, True]


def test_a_clause_too_long_to_score_is_counted_but_missing():
    scored = score_stance(articles_with("good " * 600 + "students"), {"students": ["student*"]})

    assert scored["n_mentions"].tolist() == [1]
    assert scored["stance"].isna().all()
    assert scored["note"].tolist() == ["no sentence that can be scored"]


def test_stance_is_not_sentiment():
    text = "Tragically, a cruel attack killed many people. The mayor praised the students."

    table = articles_with(text)

    assert (
        score_sentiment(table)["sentiment"].iloc[0]
        < 0
        < score_stance(table, {"students": ["student*"]})["stance"].iloc[0]
    )


def test_rows_are_articles_by_targets_in_the_order_given():
    table = articles_with("The strike.", "A student.", outlet="A")

    scored = score_stance(table, {"strike": ["strike"], "students": ["student*"]})

    assert scored["article_id"].tolist() == [one for one in table["article_id"] for _ in range(2)]
    assert scored["target"].tolist() == ["strike", "students"] * 2
    assert scored["outlet"].unique().tolist() == ["A"]


def test_the_table_given_is_unchanged_and_its_order_and_index_are_irrelevant():
    table = articles_with("The students won a great prize.", "The students lost; the strike failed badly.", "A strike.")
    before = table.copy(deep=True)
    scored = score_stance(table, TARGETS)

    turned = score_stance(table.iloc[::-1], TARGETS)
    repeated = score_stance(table.set_index(pd.Index([1, 1, 1])), TARGETS)

    pd.testing.assert_frame_equal(table, before)
    keys = ["article_id", "target"]
    pd.testing.assert_frame_equal(
        turned.sort_values(keys, ignore_index=True), scored.sort_values(keys, ignore_index=True)
    )
    pd.testing.assert_frame_equal(repeated, scored)


def test_a_corpus_without_articles_gives_tables_with_the_same_columns():
    for unit in ("article", "mention"):
        with pytest.warns(MeasureWarning, match="no article mentions students, strike"):
            empty = score_stance(articles_with(), TARGETS, unit=unit)
        full = score_stance(articles_with("The students strike."), TARGETS, unit=unit)
        assert list(empty.columns) == list(full.columns)
        assert len(empty) == 0


def test_what_is_wrong_is_said():
    with pytest.raises(ArticleTableError, match=r"unit='clause' is not known"):
        score_stance(articles_with("a"), TARGETS, unit="clause")
    with pytest.raises(LexiconError, match="target 'students'"):
        score_stance(articles_with("a"), {"students": ["*"]})


def test_a_corpus_that_mentions_no_target_at_all_is_a_table_of_missing_scores():
    with pytest.warns(MeasureWarning, match="no article mentions students, strike"):
        scored = score_stance(articles_with("Rain fell.", "Snow fell."), TARGETS)

    assert scored["stance"].isna().all()
    assert scored["note"].tolist() == ["not mentioned"] * 4


def test_a_mention_inside_a_longer_mention_of_another_target_is_none():
    table = articles_with("The Peace Forum met. Peace is far.")

    mentions = score_stance(table, {"peace": ["peace"], "forum": ["peace forum"]}, unit="mention")

    assert mentions[["target", "mention"]].values.tolist() == [["peace", "Peace"], ["forum", "Peace Forum"]]
    assert mentions["start"].tolist() == [21, 4]


def test_two_targets_with_the_same_alias_are_both_mentioned():
    mentions = score_stance(articles_with("The union met."), {"a": ["union"], "b": ["union"]}, unit="mention")

    assert mentions["target"].tolist() == ["a", "b"]


def test_a_name_that_goes_on_in_another_name_is_not_mentioned():
    text = "The New York Times wrote of New York. The york times."

    mentions = score_stance(articles_with(text), {"city": ["new york", "york"]}, unit="mention")

    assert mentions["start"].tolist() == [28, 42]


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''", "«»"])
def test_the_voices_are_kept_apart(marks):
    text = f"The students were praised. {marks[0]}The students are a disgrace to us all,{marks[1]} he said."
    table = articles_with(text)
    by_voice = {
        voice: score_stance(table, {"students": ["student*"]}, unit="mention", voice=voice)
        for voice in ("all", "outlet", "quoted")
    }

    assert by_voice["all"]["quoted"].tolist() == [False, True]
    assert by_voice["outlet"]["start"].tolist() == [4]
    assert by_voice["quoted"]["start"].tolist() == [32]


def test_a_target_that_only_the_quoted_mention_is_named_in_a_warning():
    table = articles_with("“The students are a disgrace to us all,” he said.")

    with pytest.warns(MeasureWarning, match="the outlets' own words never mention students"):
        scored = score_stance(table, {"students": ["student*"]}, voice="outlet")

    assert scored["n_mentions"].tolist() == [0]


def test_no_targets_are_refused():
    with pytest.raises(LexiconError, match="no targets"):
        score_stance(articles_with("a"), {})


def test_another_language_that_nobody_has_named_has_no_stance():
    table = make_articles([{"text": "Die Students sind sehr schlecht."}, {"text": "The students are a disgrace."}])

    with pytest.warns(MeasureWarning, match="1 of 2 articles have no stance: the model is English"):
        scored = score_stance(table, {"students": ["student*"]})

    assert scored["stance"].isna().tolist() == [True, False]
    assert scored["note"].tolist() == [
        "language not known, and the text does not read as English: the model is English", ""
    ]  # fmt: skip
