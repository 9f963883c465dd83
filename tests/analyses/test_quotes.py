"""Quotes: what is between marks, whose words they are, and what is no quotation."""

import time

import numpy as np
import pandas as pd
import pytest

from mediakit import find_quotes, make_articles
from mediakit.analyses.cue_verbs import load_cue_verbs
from mediakit.analyses.forests import Forest
from mediakit.analyses.quote_marks import find_stretches
from mediakit.analyses.speaker_model import load_speaker_model, read_model, write_model
from mediakit.errors import ArticleTableError, ColumnError, ModelError

LEE = "“We will march to the bridge on Sunday,” said Helen Lee, the mayor. “Nobody will stop us.”"


def articles_with(*texts, language="en"):
    return make_articles([{"text": text, "language": language, "position": n} for n, text in enumerate(texts)])


def quotes_of(text, language="en", **more):
    return find_quotes(articles_with(text, language=language), **more)


def stretches_of(text):
    return [text[one.start : one.end] for one in find_stretches(text)]


@pytest.mark.parametrize("method", ["model", "rules"])
def test_two_parts_of_one_quotation_have_one_speaker_and_one_number(method):
    quotes = quotes_of(LEE, method=method)

    assert quotes["quote"].tolist() == ["We will march to the bridge on Sunday,", "Nobody will stop us."]
    assert quotes["speaker"].tolist() == ["Helen Lee"] * 2
    assert quotes["attribution"].tolist() == [0, 0]
    assert quotes["kind"].tolist() == ["direct"] * 2
    assert quotes["cue"].iloc[0] == "said"
    assert quotes["posture"].iloc[0] == "neutral"


@pytest.mark.parametrize("method", ["model", "rules"])
@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The bridge is closed for the whole week,” Omar Reed told reporters.", "Omar Reed"),
        ("According to Omar Reed, “the bridge is closed for the whole week.”", "Omar Reed"),
        ("Omar Reed: “The bridge is closed for the whole week.”", "Omar Reed"),
        ("“The bridge is closed for the whole week,” — said Omar Reed.", "Omar Reed"),
        ("Nora Hill met the mayor. Omar Reed said, “The bridge is closed for the whole week.”", "Omar Reed"),
    ],
)
def test_the_usual_ways_to_name_a_speaker(method, text, speaker):
    assert quotes_of(text, method=method)["speaker"].tolist() == [speaker]


def test_offsets_are_exact():
    text = f"First paragraph.\n\n{LEE}\n\nMr. Reed claimed it was “a very bad plan.”"

    for row in quotes_of(text).itertuples():
        assert text[row.start : row.end] == row.quote
        assert text[row.speaker_start : row.speaker_end] == row.speaker
        assert text[row.cue_start : row.cue_end] == row.cue


def test_a_pronoun_has_the_name_of_whom_it_means():
    quotes = quotes_of(f"{LEE}\n\n“I was never asked about the route,” she said.")

    assert quotes["speaker"].tolist() == ["Helen Lee", "Helen Lee", "she"]
    assert quotes["speaker_name"].tolist() == ["Helen Lee"] * 3


def test_the_verb_tells_the_posture():
    text = "“The march was peaceful from start to end,” Omar Reed {} on Monday."

    postures = [quotes_of(text.format(verb))["posture"].iloc[0] for verb in ("said", "claimed", "shouted")]

    assert postures == ["neutral", "doubting", "emotive"]


def test_every_form_of_a_verb_has_the_posture_of_the_verb():
    verbs = load_cue_verbs()

    assert {verbs[form] for form in ("deny", "denies", "denied", "denying")} == {"doubting"}
    assert "sayed" not in verbs


def test_text_without_quotation_gives_an_empty_table_with_the_same_columns():
    empty, full = quotes_of("Nothing was said."), quotes_of(LEE)

    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert empty.dtypes.tolist() == full.dtypes.tolist()
    assert list(find_quotes(articles_with()).columns) == list(full.columns)


def test_missing_text_is_no_error():
    assert len(find_quotes(make_articles([{"text": None, "headline": "A"}, {"text": "“", "headline": "B"}]))) == 0


def test_a_mark_that_is_never_closed_quotes_to_the_end_of_its_paragraph():
    assert stretches_of("She said: “We go.\n\nThey stayed.") == ["We go."]
    assert stretches_of('She said: "We go.\n\nThey stayed.') == ["We go."]


def test_a_quotation_over_paragraphs_goes_on_from_each_opening_mark():
    text = "Helen Lee said: “We have waited for ten years.\n\n“We will wait no longer than this week.”\n\n“Go home,” said Omar Reed."

    quotes = quotes_of(text)

    assert [one.continues for one in find_stretches(text)] == [False, True, False]
    assert quotes["attribution"].tolist()[:2] == [0, 0]
    assert quotes["speaker"].tolist()[2] == "Omar Reed"
    assert quotes["paragraph"].tolist() == [0, 1, 2]


def test_straight_and_curly_marks_are_read_alike():
    curly = quotes_of(LEE)
    straight = quotes_of(LEE.replace("“", '"').replace("”", '"'))

    columns = ["quote", "speaker", "cue", "start", "end"]
    pd.testing.assert_frame_equal(curly[columns], straight[columns])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("‘It’s the workers’ day,’ she said.", ["It’s the workers’ day,"]),
        ("'It's late,' he said. 'Don't go.'", ["It's late,", "Don't go."]),
        ("The boys’ team won the girls’ cup in the ’90s.", []),
        ("Rock 'n' roll and the '60s.", []),
        ("“He said ‘no’ to me,” she said.", ["He said ‘no’ to me,"]),
        ("Il a dit : « C’est fini. »", ["C’est fini."]),
        ("Er sagte: „Es ist vorbei.“ Dann ging er.", ["Es ist vorbei."]),
        ("Er sagte: »Es ist vorbei.« Dann ging er.", ["Es ist vorbei."]),
        ("Dijo: «Se acabó». Luego «nada más».", ["Se acabó", "nada más"]),
        ("Он сказал: «Мы уходим».", ["Мы уходим"]),
        ("Han sade: ”Det är slut nu.” Sedan gick han.", ["Det är slut nu."]),
        ('<a href="page.html">A link</a> and "a word".', ["a word"]),
        ('A 6" ruler and 5\'10" men.', []),
        ("“One.” “Two.”", ["One.", "Two."]),
        ("``Old marks,'' she said. ''New marks,'' he said.", ["Old marks,", "New marks,"]),
        ("“” and “ ”", []),
    ],
)
def test_marks_of_several_languages_and_apostrophes(text, found):
    assert stretches_of(text) == found


def test_a_term_in_marks_is_returned_only_when_asked_for():
    text = "They watched the film “Night Train” on Sunday. The so-called “bridge” is a road."

    assert len(quotes_of(text, method="rules")) == 0
    assert quotes_of(text, method="rules", scare=True)["kind"].tolist() == ["scare", "scare"]
    scare = quotes_of(text, scare=True, indirect=False)
    assert len(scare) == 2
    assert set(scare.loc[scare["kind"] == "scare", "speaker"].isna()) <= {True}


@pytest.mark.parametrize(
    ("language", "text", "speaker", "cue"),
    [
        ("fr", "« Nous partirons demain matin », a déclaré Anne Roux.", "Anne Roux", "déclaré"),
        ("fr", "Anne Roux affirme : « Nous partirons demain matin. »", "Anne Roux", "affirme"),
        ("de", "„Wir gehen morgen früh weg“, sagte Anna Klein.", "Anna Klein", "sagte"),
        ("es", "«Nos vamos mañana por la mañana», dijo Ana Ruiz.", "Ana Ruiz", "dijo"),
    ],
)
def test_speakers_in_french_german_and_spanish(language, text, speaker, cue):
    quotes = quotes_of(text, language)

    assert quotes[["speaker", "cue", "kind"]].values.tolist() == [[speaker, cue, "direct"]]


def test_other_languages_have_quotations_and_a_note_instead_of_a_speaker():
    quotes = quotes_of("Он сказал: «Мы уходим завтра утром рано».", "ru")

    assert quotes["quote"].tolist() == ["Мы уходим завтра утром рано"]
    assert quotes["speaker"].isna().all()
    assert quotes["note"].tolist() == ["language ru: no rules"]


def test_text_from_right_to_left():
    quotes = quotes_of('قال الرجل "نحن ذاهبون إلى الجسر غدا" ثم مضى.', "ar")

    assert quotes["quote"].tolist() == ["نحن ذاهبون إلى الجسر غدا"]


def test_order_and_batches_are_irrelevant(monkeypatch):
    texts = [
        f"{LEE}\n\nOmar Reed {verb} it was “a plan for {n} people.” “I know,” the spokeswoman added."
        for n, verb in enumerate(("said", "claimed", "denied", "thought") * 3)
    ]
    table = articles_with(*texts)
    whole = find_quotes(table)
    before = table.copy(deep=True)

    monkeypatch.setattr("mediakit.analyses.quotes._BATCH", 5)
    batched = find_quotes(table)
    single = pd.concat([find_quotes(table.iloc[[n]]) for n in range(len(table))], ignore_index=True)
    turned = find_quotes(table.iloc[::-1]).sort_values(["article_id", "start"], ignore_index=True)

    pd.testing.assert_frame_equal(batched, whole)
    pd.testing.assert_frame_equal(single, whole)
    pd.testing.assert_frame_equal(turned, whole.sort_values(["article_id", "start"], ignore_index=True))
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    "unit", ["“a b” said Lee. ", '" a "b ', "“ a ", "'a b ", "a ’ s’ ", "<", "“We go,” Lee said.\n\n"]
)
def test_the_work_grows_with_the_length_and_no_faster(unit):
    def seconds(times):
        begun = time.process_time()
        find_quotes(articles_with(unit * times))
        return time.process_time() - begun

    seconds(10)
    short, long = seconds(1_000), seconds(8_000)

    assert long < 25 * short + 0.5


def test_what_is_wrong_is_said():
    with pytest.raises(ArticleTableError, match="method='magic' is not known"):
        quotes_of("a", method="magic")
    with pytest.raises(ColumnError):
        find_quotes(pd.DataFrame({"article_id": ["a"]}))


def test_a_damaged_model_or_one_of_another_version_is_named(tmp_path):
    good = tmp_path / "model.npz"
    write_model(load_speaker_model(), good)
    assert read_model(good).speech_features == load_speaker_model().speech_features

    cut = tmp_path / "cut.npz"
    cut.write_bytes(good.read_bytes()[:5000])
    old = tmp_path / "old.npz"
    np.savez(old, version=np.array([99]))
    lacks = tmp_path / "lacks.npz"
    np.savez(lacks, version=np.array([3]), words=np.zeros(3, dtype=np.uint8))
    for path, message in (
        (cut, "cut.npz: the model file is damaged"),
        (old, "version 99; this mediakit reads version 3"),
        (lacks, "lacks.npz: the model file is damaged"),
        (tmp_path / "none.npz", "no such model file"),
    ):
        with pytest.raises(ModelError, match=message):
            read_model(path)


@pytest.mark.parametrize("name", ["weights", "bias", "shared", "window", "moves"])
def test_weights_of_another_shape_or_without_a_value_are_refused(tmp_path, name):
    write_model(load_speaker_model(), tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as stored:
        arrays = {key: stored[key] for key in stored.files}
    short = arrays[name][..., :-1]
    hollow = arrays[name].copy()
    hollow.flat[0] = np.nan

    for values in (short, hollow):
        np.savez(tmp_path / "bad.npz", **{**arrays, name: values})
        with pytest.raises(ModelError, match=r"bad\.npz: the model file is damaged"):
            read_model(tmp_path / "bad.npz")


def test_trees_give_what_scikit_learn_gives():
    sklearn = pytest.importorskip("sklearn.ensemble")
    random = np.random.default_rng(0)
    rows = np.round(random.normal(size=(900, 6)), 1)  # many equal values, many on a threshold
    right = (rows[:, 0] * rows[:, 1] + rows[:, 2] > 0.3).astype(int)
    model = sklearn.HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=31, random_state=0).fit(rows, right)

    forest = forest_of(model)

    np.testing.assert_allclose(forest.chance(rows), model.predict_proba(rows)[:, 1], rtol=0, atol=1e-9)
    again = Forest.from_arrays(forest.arrays(), 6)
    np.testing.assert_array_equal(again.raw(rows), forest.raw(rows))


def forest_of(model):
    parts, roots, size = [[] for _ in range(5)], [], 0
    for (tree,) in model._predictors:
        roots.append(size)
        for node in tree.nodes:
            leaf = bool(node["is_leaf"])
            parts[0].append(-1 if leaf else int(node["feature_idx"]))
            parts[1].append(0.0 if leaf else float(node["num_threshold"]))
            parts[2].append(0 if leaf else int(node["left"]) + size)
            parts[3].append(0 if leaf else int(node["right"]) + size)
            parts[4].append(float(node["value"]) if leaf else 0.0)
        size += len(tree.nodes)
    return Forest(*map(np.array, parts), np.array(roots), float(np.ravel(model._baseline_prediction)[0]))


def test_trees_whose_arrays_do_not_fit_are_refused():
    arrays = Forest(
        *(np.array(values) for values in ([0, -1, -1], [0.5, 0, 0], [1, 0, 0], [2, 0, 0], [0, -1, 1], [0])), 0.0
    ).arrays()

    for name, values in (("left", [0, 0, 0]), ("right", [9, 0, 0]), ("value", [0.0]), ("feature", [7, -1, -1])):
        with pytest.raises(ModelError):
            Forest.from_arrays({**arrays, name: np.array(values)}, 1)


def test_the_whole_role_speaks_and_not_the_body_that_it_begins_with():
    quotes = quotes_of("“We stay until there is an offer,” the Port Union’s chairman told reporters. He left.")

    assert quotes.loc[0, "speaker"] == "Port Union’s chairman"


def test_who_bears_an_office_of_a_body_speaks_for_it():
    found = quotes_of("“We object,” said the director of the Lissmar Shore Hospital Ana Ruiz. She left.")

    assert found["speaker"].tolist() == ["Ana Ruiz"]


def test_odd_ends_of_articles_do_not_reach_into_the_next():
    texts = [
        "The bank said the road was closed, Mr. to", "WHO said no. Then Ana Ruiz said that", "MD said the minister of",
        "Ana Ruiz warned the plan was wrong. According to This", "Health and Welfare said it was", "called", "“No,” the",
    ]  # fmt: skip
    articles = make_articles([{"text": text, "language": "en", "article_id": str(n)} for n, text in enumerate(texts)])
    together = find_quotes(articles, least=0)
    alone = pd.concat([find_quotes(articles.iloc[[n]], least=0) for n in range(len(texts))], ignore_index=True)

    pd.testing.assert_frame_equal(together, alone)
