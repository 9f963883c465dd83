"""Mentions: names, roles and pronouns with their places."""

import tomllib
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from mediakit import make_articles
from mediakit.analyses.mentions import find_mentions
from mediakit.analyses.word_classes import load_word_lists


def articles_with(*texts):
    return make_articles([{"text": text, "language": "en", "position": n} for n, text in enumerate(texts)])


def mentions_of(text):
    return find_mentions(articles_with(text))


@pytest.mark.parametrize(
    ("text", "mention", "kind", "title"),
    [
        ("On Monday Helen Lee spoke.", "Helen Lee", "name", None),
        ("On Monday Mr. Lee spoke.", "Lee", "name", "Mr."),
        ("On Monday city hall spokesman Omar Reed spoke.", "Omar Reed", "name", "hall spokesman"),
        ("On Monday Sen. Helen T. Lee spoke.", "Helen T. Lee", "name", "Sen."),
        ("On Monday Ludwig van Berg spoke.", "Ludwig van Berg", "name", None),
        ("On Monday the Department of Bridges spoke.", "Department of Bridges", "body", None),
        ("In spring Jan Lee spoke.", "Jan Lee", "name", None),
        ("Then Mayor Helen “Tig” Lee spoke.", "Helen “Tig” Lee", "name", "Mayor"),
        ("In the end the members of Black Harbour Voices spoke at last.", "Black Harbour Voices", "name", None),
        ("At night the Foreign Affairs Helen Lee spoke.", "Helen Lee", "name", None),
        ("The law passed. The party’s leaders spoke.", "The party’s leaders", "role", None),
        ("She said that Catholic voters left.", "Catholic voters", "role", None),
        ("Then generally people left.", "people", "role", None),
        ("Then the Republican front-runner left.", "the Republican front-runner", "role", None),
        ("Then the Republican presidential nominee left.", "the Republican presidential nominee", "role", None),
        ("Then the two left.", "the two", "role", None),
        ("Then the documentarian left.", "the documentarian", "role", None),
        ("Then the senior campaign official spoke.", "the senior campaign official", "role", None),
        ("Then Lee’s campaign said so.", "Lee’s campaign", "role", None),
        ("Then two police officers said so.", "two police officers", "role", None),
    ],
)
def test_a_mention_is_found_with_its_title(text, mention, kind, title):
    found = mentions_of(text).set_index("text")

    assert mention in found.index
    row = found.loc[[mention]].iloc[-1]
    assert row["kind"] == kind
    assert (None if pd.isna(row["title"]) else row["title"]) == title


def test_gender_and_number_come_from_titles_given_names_and_roles():
    found = mentions_of("Mrs. Reed met Oscar Hill. The spokeswoman met officials. They saw it.").set_index("text")

    assert found.loc[["Reed", "Oscar Hill", "The spokeswoman"], "gender"].tolist() == ["f", "m", "f"]
    assert found.loc[["officials", "They"], "number"].tolist() == ["many", "many"]
    assert found.loc["it", "gender"] == "thing"


def test_a_word_that_is_also_printed_small_is_no_name_at_the_start_of_a_sentence():
    found = mentions_of("Bridges fell. The bridges were old. Lee wept.")

    assert "Bridges" not in found["text"].tolist()
    assert "Lee" in found["text"].tolist()


def test_the_genitive_is_not_part_of_a_name():
    found = mentions_of("They saw Helen Lee’s house.")

    assert "Helen Lee" in found["text"].tolist()


def test_offsets_are_exact_and_in_order():
    texts = [
        "  Mr. Lee, the mayor, met Ms. Hill.\n\nShe saw the city council’s report.",
        "É. Roux and the U.N. envoy spoke.",
    ]
    table = articles_with(*texts)
    found = find_mentions(table)

    by_id = dict(zip(table["article_id"], texts, strict=True))
    for row in found.itertuples():
        assert by_id[row.article_id][row.start : row.end] == row.text
    assert (found.groupby("article_id")["start"].diff().dropna() > -50).all()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The talks ended. Riding a bus is slow.", "Riding"),  # a common word that begins a sentence
        ("They left. But Even if it rains, they march.", "Even"),
        ("Then the Democratic platform was read.", "Democratic"),  # an adjective
        ("Then the general election came.", "general"),
    ],
)
def test_what_is_no_mention(text, word):
    assert not mentions_of(text)["text"].str.contains(word).any()


def test_no_text_gives_no_mention():
    for table in (articles_with(), make_articles([{"text": None, "headline": "A"}]), articles_with("1 2 3 …")):
        assert len(find_mentions(table)) == 0


def test_one_article_does_not_see_the_next():
    texts = ["The march ended. Lee", "spoke. Bridges fell on Reed.", "The bridges held."]
    together = find_mentions(articles_with(*texts))
    table = articles_with(*texts)
    alone = pd.concat([find_mentions(table.iloc[[n]]) for n in range(3)], ignore_index=True)

    pd.testing.assert_frame_equal(together, alone)


def test_no_given_name_is_listed_twice_for_men_and_women():
    lists = load_word_lists()

    data = tomllib.loads(files("mediakit.analyses").joinpath("people_words.toml").read_text("utf-8"))["given"]

    assert len(lists.given) == sum(len(names.split()) for names in data.values()) > 500
    assert set(np.unique(list(lists.given.values()))) == {"m", "f", ""}  # "Jean" is a man's and a woman's


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        # a name that looks like another word is one where it speaks
        ("“No,” Ebeling said.", ["Ebeling"]),
        ("“No,” June said. It was in June.", ["June", "It"]),
        ("Speaking on Monday, he left.", ["he"]),
        # of where somebody is from, and initials
        ("On Monday Gov. Ana Ruiz of Iowa spoke.", ["Ana Ruiz"]),
        ("On Monday the Bank of Lissmar spoke.", ["Bank of Lissmar"]),
        ("On Monday Jill A. Martin spoke.", ["Jill A. Martin"]),
        # a people's name as a surname
        ("On Monday Mark Cuban spoke. Cuban left.", ["Mark Cuban", "Cuban"]),
        # ages, counts, what modifies a role
        ("Then the 43-year-old said so.", ["the 43-year-old"]),
        ("Then 14 percent said so.", ["14 percent"]),
        ("Then the freshman Florida senator said so.", ["the freshman Florida senator"]),
        ("They said that critics left.", ["They", "critics"]),
        ("Then the Reuters/Ipsos poll said so.", ["the Reuters/Ipsos poll"]),
    ],
)
def test_what_is_a_mention(text, mentions):
    assert mentions_of(text)["text"].tolist() == mentions


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Human Rights Watch", "body"), ("Doctors Without Borders", "body"), ("Just Stop Oil", "body"),
        ("Save the Children", "body"), ("Committee to Protect Journalists", "body"),
        ("Syrian Observatory for Human Rights", "body"), ("Black Lives Matter", "body"),
        ("Organization for Security and Co-operation in Europe", "body"), ("al-Qaeda", "name"),
    ],
)  # fmt: skip
def test_names_that_hold_other_words_are_whole(name, kind):
    found = mentions_of(f"At night {name} said that the road was closed to all.")

    assert [kind, name] in found[["kind", "text"]].values.tolist()


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("Sinn Féin TD Eoin Ó Broin said no.", "Eoin Ó Broin", "Sinn Féin TD"),
        ("Bloc Québécois MP Rhéal Fortin agreed.", "Rhéal Fortin", "Bloc Québécois MP"),
        ("Then Labour MP Jess Hill said no.", "Jess Hill", "Labour MP"),
        ("Then the Minister for Finance Paschal Orr said no.", "Paschal Orr", "the Minister for Finance"),
        (
            "Then Environment and Forests Minister Anwar Manju said no.",
            "Anwar Manju",
            "Environment and Forests Minister",
        ),
        ("Then the Department of Communications Mark Orr said no.", "Mark Orr", "Department of Communications"),
    ],
)
def test_members_and_portfolios_are_titles(text, name, title):
    found = mentions_of(text)

    assert [name, title] in found[["text", "title"]].values.tolist()


def test_where_somebody_is_based_is_no_name():
    found = mentions_of("Then the Lissmar-based watchdog Harbour Eye said no. Lissmar-based Helen Lee left.")

    assert found.loc[found["kind"].isin(["name", "body"]), "text"].tolist() == ["Harbour Eye", "Helen Lee"]


def test_a_paragraph_of_names_is_no_headline():
    assert mentions_of("Jess Hill and Eoin Ó Broin said no.")["text"].tolist() == ["Jess Hill", "Eoin Ó Broin"]


@pytest.mark.parametrize("word", ["Nope", "Yeah", "Alas", "Wow", "OK"])
def test_interjections_are_no_names(word):
    assert mentions_of(f"Was it for border security? {word}. It was not.")["kind"].eq("name").sum() == 0


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("Surgeon of the Lissmar Shore Hospital Ana Ruiz said no.", "Ana Ruiz", "Surgeon of the Lissmar Shore Hospital"),
        (
            "Then the director of the National Women's Council Mary Orr said no.",
            "Mary Orr",
            "the director of the National Women's Council",
        ),
        ("Then the chair of Lissmar Hospital Xun Tavi says no.", "Xun Tavi", "the chair of Lissmar Hospital"),
        (
            "Then the president of the Lissmar Centre Dr Xun Tavi said no.",
            "Xun Tavi",
            "the president of the Lissmar Centre Dr",
        ),
        (
            "Then the Minister for Environment, Forest and Climate Change Xun Tavi said no.",
            "Xun Tavi",
            "the Minister for Environment, Forest and Climate Change",
        ),
        ("Then Harbour Foods CFO Ana Ruiz said no.", "Ana Ruiz", "Harbour Foods CFO"),
        ("Then Harbour Foods Corp. chief economist Ana Ruiz said no.", "Ana Ruiz", "Harbour Foods Corp. chief economist"),
        ("Harbour president and chief executive Mark Orr said no.", "Mark Orr", "Harbour president and chief executive"),
        ("Then Taoiseach Ana Ruiz said no.", "Ana Ruiz", "Taoiseach"),
    ],
)  # fmt: skip
def test_offices_and_bodies_in_front_are_titles(text, name, title):
    assert [name, title] in mentions_of(text)[["text", "title"]].values.tolist()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("AFP Outgoing Ana Ruiz said no.", ["Ana Ruiz"]),
        ("Then the Latvian Ernests Vask said no.", ["Ernests Vask"]),
        ("Then Rep. Ana Ruiz (D) said no.", ["Ana Ruiz"]),
        ("The Ministry of Health and Welfare said no.", ["Ministry of Health and Welfare"]),
        ("The Ministry of Defence and Lissmar said no.", ["Ministry of Defence", "Lissmar"]),
        ("The president and Secretary Ana Ruiz said no.", ["Ana Ruiz"]),
        ("The president of the Christian Leadership Conference said no.", ["Christian Leadership Conference"]),
        ("The Department of Justice on Thursday asked.", ["Department of Justice"]),
        ("Prime Minister Theresa May also said no.", ["Theresa May"]),
        ("Then Emilio \"Jun\" Venn said no.", ["Emilio \"Jun\" Venn"]),
        ("The WHO said no.", ["WHO"]),
    ],
)  # fmt: skip
def test_where_names_begin_and_end(text, names):
    found = mentions_of(text)

    assert found.loc[found["kind"].isin(["name", "body"]), "text"].tolist() == names


def test_who_in_a_headline_is_no_body():
    assert "WHO" not in mentions_of("MAN WHO SHOT THE SHERIFF SAID NO").query("kind == 'body'")["text"].tolist()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Then the trade and industry ministry said no.", "the trade and industry ministry"),
        ("The President-elect said no.", "The President-elect"),
    ],
)
def test_roles_of_several_words_are_whole(text, role):
    assert role in mentions_of(text)["text"].tolist()


@pytest.mark.parametrize(
    "name",
    [
        "Lissmar Nurses' Association", "Harbour Women’s Council", "Lissmar Police Department", "Justice Department",
        "Association of Harbour Professors", "American Association of University Professors",
    ],
)  # fmt: skip
def test_people_in_the_name_of_a_body_are_a_part_of_it(name):
    found = mentions_of(f"Then the {name} said no.")

    assert found.loc[found["kind"] == "body", "text"].tolist() == [name]
    assert "role" not in found["kind"].tolist()


@pytest.mark.parametrize("name", ["Judicial Watch", "Moody's Investors Service"])
def test_names_of_well_known_bodies_are_whole(name):
    found = mentions_of(f"Then {name} president Ana Ruiz said no. {name} met.")

    assert found.loc[found["kind"] == "body", "text"].tolist() == [name]
    assert found["text"].tolist()[0] == "Ana Ruiz"
