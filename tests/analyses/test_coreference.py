"""Coreference: which mentions mean the same, and why."""

import numpy as np
import pandas as pd
import pytest

from mediakit import make_articles
from mediakit.analyses.antecedents import check_weights, load_weights
from mediakit.analyses.coreference import find_chains, find_reported, link_mentions
from mediakit.analyses.quote_ground import read_ground
from mediakit.errors import ModelError


def articles_with(*texts):
    return make_articles([{"text": text, "language": "en", "position": n} for n, text in enumerate(texts)])


def name_of(text, mention, which=-1):
    found = find_chains(articles_with(text))
    row = found[found["text"] == mention].iloc[which]
    return row["name"], row["reason"]


@pytest.mark.parametrize(
    ("text", "mention", "name", "reason"),
    [
        ("Helen Lee spoke. Lee smiled.", "Lee", "Helen Lee", "part of a name"),
        ("Lee smiled. Later Helen Lee spoke.", "Lee", "Helen Lee", "part of a name"),
        ("Helen Lee spoke. Later Helen smiled.", "Helen", "Helen Lee", "part of a name"),
        ("Helen Lee met Oscar Lee. Mr. Lee smiled.", "Lee", "Oscar Lee", "part of a name"),
        ("Helen Lee met Oscar Lee. Ms. Lee smiled.", "Lee", "Helen Lee", "part of a name"),
        ("The Bridge Safety Council met. The BSC said no.", "BSC", "Bridge Safety Council", "acronym"),
        ("Mayor Helen Lee spoke. Omar Reed left. Then the mayor smiled.", "the mayor", "Helen Lee", "title or role"),
        (
            "Helen Lee, the mayor, spoke. Omar Reed left. Then the mayor smiled.",
            "the mayor",
            "Helen Lee",
            "title or role",
        ),
        ("Helen Lee spoke to Oscar Reed. She smiled.", "She", "Helen Lee", "pronoun"),
        ("Helen Lee spoke to Oscar Reed. He smiled.", "He", "Oscar Reed", "pronoun"),
        ("The Bridge Council met in May. It said no.", "It", "Bridge Council", "pronoun"),
        ("Officials met in May. They said no.", "They", "Officials", "pronoun"),
        ("Gov. Helen Lee spoke. Omar Reed left. The governor smiled.", "The governor", "Helen Lee", "title or role"),
        ("Sen. Helen Lee spoke. Omar Reed left. The lawmaker smiled.", "The lawmaker", "Helen Lee", "title or role"),
        (
            "The Bridge Budget Office met. The budget office said no.",
            "The budget office",
            "Bridge Budget Office",
            "title or role",
        ),
        ("Harbour Lines Inc. lost money. The company said no.", "The company", "Harbour Lines Inc", "title or role"),
        ("Mr. Lee met Helen Lee. President Lee smiled. Mr. Lee left.", "Lee", "Lee", "same name"),
        ("Helen Lee met Mr. Reed. “Reed is late,” he said.", "he", "Reed", "pronoun"),
        ("Vadim Kosyulin spoke. Koslyulin left.", "Koslyulin", "Vadim Kosyulin", "one letter"),
        ("Ivan Clinton spoke. The Clintons cheered.", "Clintons", "Clintons", "first mention"),  # a plural is no slip
        (
            "Democratic candidate Helen Lee met Republican Omar Reed. Reed waved. The Democratic nominee left.",
            "The Democratic nominee",
            "Helen Lee",
            "title or role",
        ),
        ("Mayor Helen Lee spoke. The FBI director said no.", "The FBI director", "The FBI director", "first mention"),
        ("The vote was in Florida. Then the state counted again.", "the state", "Florida", "title or role"),
        ("Ken Lee spoke. Kenneth Lee waved. He left.", "He", "Kenneth Lee", "pronoun"),
        (
            "The U.S. Court of Appeals for the Sixth Circuit met. The appeals court ruled.",
            "The appeals court",
            "U.S. Court of Appeals for the Sixth Circuit",
            "title or role",
        ),
    ],
)
def test_whom_a_mention_means(text, mention, name, reason):
    assert name_of(text, mention) == (name, reason)


def test_a_noun_that_may_be_a_verb_makes_no_mention_of_the_words_before_it():
    assert "a defiant" not in find_chains(articles_with("The network was a defiant answer to them."))["text"].tolist()


def test_two_persons_of_one_surname_are_two_chains():
    found = find_chains(articles_with("Helen Lee met Oscar Lee."))

    assert found["chain"].tolist() == [0, 1]


def test_a_pronoun_without_anybody_before_it_means_itself():
    assert name_of("She spoke.", "She") == ("She", "no antecedent")


def test_articles_do_not_know_each_other():
    texts = ["Helen Lee spoke. She smiled.", "She spoke. Lee smiled.", "Oscar Hill spoke. He left."]
    table = articles_with(*texts)
    together = find_chains(table)
    alone = pd.concat([find_chains(table.iloc[[n]]) for n in range(3)], ignore_index=True)
    turned = find_chains(table.iloc[::-1])

    pd.testing.assert_frame_equal(together, alone)
    keys = ["article_id", "start"]
    pd.testing.assert_frame_equal(
        turned.sort_values(keys, ignore_index=True), together.sort_values(keys, ignore_index=True)
    )


def test_nobody_speaks_of_himself_by_name():
    text = "Omar Reed met Oscar Hill, a sailor, in the harbour. “Reed is late,” he said."
    articles = articles_with(text)
    ground = read_ground(articles)
    mentions = ground.mentions
    speaking = mentions.start == text.index("he said")
    links = link_mentions(mentions, ground.inside, speaking)

    assert links.names(mentions)[int(np.flatnonzero(speaking)[0])] == "Oscar Hill"


def test_the_official_is_who_was_brought_in_without_a_name():
    text = "Mayor Helen Lee left. A Veldrian official said it was late. The official added that it rained."

    assert name_of(text, "The official") == ("A Veldrian official", "title or role")


def test_weights_that_are_missing_are_named():
    weights = dict(load_weights())
    del weights["sex"]

    with pytest.raises(ModelError, match="lack sex"):
        check_weights(weights)


def test_no_text_gives_no_chain():
    assert len(find_chains(articles_with())) == 0
    assert len(find_chains(articles_with("1 2 3"))) == 0


def test_many_names_in_one_article_take_time_in_proportion():
    import time

    def seconds(n):
        text = " ".join(f"Helen Lee{chr(97 + i % 26)}{chr(97 + i // 26 % 26)} met Reed. He saw her." for i in range(n))
        begun = time.process_time()
        find_chains(articles_with(text))
        return time.process_time() - begun

    seconds(10)
    assert seconds(4_000) < 16 * seconds(500) + 0.5


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        # who is told to be of another place is not meant
        (
            "Sen. Bo Venn (R-Fla.) met Sen. Ana Ruiz, I-Vt., on Monday. Venn left. The Vermont senator stayed.",
            "The Vermont senator",
            "Ana Ruiz",
        ),
        ("President Lee met Omar Reed. The French president smiled.", "The French president", "Omar Reed"),
        # whose campaign it is tells campaigns apart
        (
            "The Ruiz campaign wrote. The Venn campaign answered. The Ruiz campaign said no.",
            "The Ruiz campaign",
            "The Ruiz campaign",
        ),
        # an apposition that goes on
        (
            "President Lee left. “No,” said Omar Reed, president of the Port Union. Then he sat down.",
            "president",
            "Omar Reed",
        ),
        ("The head of the Port Union, Omar Reed, said no. He left.", "The head", "Omar Reed"),
        ("The head of the Sailors' League, Omar Reed, said no.", "The head", "Omar Reed"),
        ("The Port Union’s chairman, Omar Reed, said no.", "Port Union’s chairman", "Omar Reed"),
        # two persons are "they"
        ("Ana Ruiz and Bo Venn wrote on Monday. They said no.", "They", "Ana Ruiz and Bo Venn"),
        ("Ana Ruiz, a driver, and Bo Venn wrote on Monday. They said no.", "They", "Ana Ruiz and Bo Venn"),
        ("Ana Ruiz, Bo Venn and Jo Lee wrote on Monday. They said no.", "They", "Ana Ruiz, Bo Venn and Jo Lee"),
        ("Ana Ruiz met Bo Venn. The two women smiled.", "two women", "Ana Ruiz and Bo Venn"),
        ("Ana Ruiz met Bo Venn. The two smiled, and they sat down.", "The two", "Ana Ruiz and Bo Venn"),
        ("France met Italy in Rome. Ana Ruiz came. The two countries agreed.", "two countries", "France and Italy"),
        ("Ana Ruiz met Bo Venn. The two reports were late.", "two reports", "two reports"),
        # names of several parts
        ("On Monday morning Jo Lee met Bo Venn III in the old harbour. Venn left.", "Venn", "Bo Venn III"),
        ("Mayor Jo “Tig” Venn spoke. Venn left.", "Venn", "Jo “Tig” Venn"),
        ("Ana Acosta Ruiz spoke. Ms. Acosta left.", "Acosta", "Ana Acosta Ruiz"),
        ("A storm came. Ana Luisa Suu Kyi spoke. Suu Kyi left.", "Suu Kyi", "Ana Luisa Suu Kyi"),
        ("Gov. Christie spoke. Chris Christie left.", "Christie", "Chris Christie"),
        # a body that has the surname is not meant by it
        ("Paul Venn spoke. He works for Harlow Venn. Venn left.", "Venn", "Paul Venn"),
        # who is named behind the opening clause
        ("Ana Ruiz spoke. Despite her doubts, Helen Lee agreed.", "her", "Helen Lee"),
        # documents have several names
        ("A Harlow University poll came out. The survey says no.", "The survey", "A Harlow University poll"),
        ("A report on ports came out. The new report says no.", "The new report", "A report"),
        # a court is not its judge, a spokesman no candidate
        (
            "Judge Bo Venn of the appeals court spoke. The appeals court said no.",
            "The appeals court",
            "the appeals court",
        ),
        (
            "Ana Ruiz won. Her spokesman, Bo Venn, smiled. The Republican nominee left.",
            "The Republican nominee",
            "Ana Ruiz",
        ),
        ("Former President Bo Venn met President Ana Ruiz. The president smiled.", "The president", "Ana Ruiz"),
        (
            "Former President Bo Venn met President Ana Ruiz. The former president sat.",
            "The former president",
            "Bo Venn",
        ),
        # an adorned name is no fuller one
        ("Helen Lee left. Crooked Helen Lee, they shouted.", "Helen Lee", "Helen Lee"),
    ],
)
def test_whom_roles_and_pairs_mean(text, mention, name):
    assert name_of(text, mention)[0] == name


def test_whose_a_role_is():
    found = find_chains(
        articles_with("Ana Ruiz spoke on Monday. Her campaign said it was glad. A bridge fell.")
    ).set_index("text")

    assert found.loc["Her campaign", "owner"] == "Ana Ruiz"
    assert found.drop(index="Her campaign")["owner"].isna().all()


def test_a_company_that_agrees_and_admits_is_still_a_company():
    text = (
        "Monsarto agreed to pay for the river. Monsarto sells seeds. Lawyers wrote to Monsarto in May. "
        "“We regret it,” the company said."
    )
    articles = make_articles([{"text": text, "language": "en"}])
    chains = find_chains(articles)

    assert chains.set_index("text").loc["the company", "name"] == "Monsarto"


def test_the_newspaper_is_the_one_whose_name_says_so():
    text = "She spoke to the Orlando Sentinel on Monday. “It is over,” she said. The newspaper reported no more."
    chains = find_chains(make_articles([{"text": text, "language": "en"}]))

    assert chains.set_index("text").loc["The newspaper", "name"] == "Orlando Sentinel"


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Lissmar Eats drivers left. Lissmar has said it will appeal.", "Lissmar", "Lissmar"),
        ("Home Care Ontario met. Ontario is offering nurses money.", "Ontario", "Ontario"),
        ("Senior Fianna Fáil ministers met. Fianna Fáil said no.", "Fianna Fáil", "Fianna Fáil"),
        ("John Downing Helen Lee in trouble.\n\nHelen Lee spoke. Lee smiled.", "Lee", "Helen Lee"),
    ],
)
def test_a_longer_name_is_not_always_the_fuller_one(text, mention, name):
    assert name_of(text, mention)[0] == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("President Yoon Suk Tavi met them. Yoon said no.", "Yoon", "Yoon Suk Tavi"),
        ("The Uber Eats app failed. Uber said no.", "Uber", "Uber"),
        ("The Union of Harbour Towns (UHT) met. The UHT said no.", "UHT", "Union of Harbour Towns"),
        ("The Lissmar Party met. The Lissmar New Democratic Party said no.", "Lissmar Party", "Lissmar Party"),
        ("The NDP met. Then the Lissmar NDP said no.", "NDP", "NDP"),
        ("ANA MURPHY: Hello.\n\nMURPHY: I say no.", "MURPHY", "ANA MURPHY"),
    ],
)
def test_short_forms_and_acronyms(text, mention, name):
    assert name_of(text, mention)[0] == name


def test_who_is_spoken_of_in_a_report_is_seldom_who_speaks_next():
    text = "Omar Reed said that Mark Orr had failed as a minister. He argued that the plan was wrong."
    ground = read_ground(articles_with(text))
    reported = find_reported(ground.mentions, [(0, text.index("Mark"), text.index(". He"))])

    found = find_chains(articles_with(text))["text"].tolist()
    assert [one for one, told in zip(found, reported, strict=True) if told] == ["Mark Orr", "a minister"]
    assert link_mentions(ground.mentions, reported=reported).names(ground.mentions)[found.index("He")] == "Omar Reed"


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Dr. Kim Woo-joo spoke. Jerome Kim left. Then Dr. Kim Woo-joo met them. Kim said no.", "Kim", "Kim Woo-joo"),
        ("Omar Reed spoke. Omar Reed Play slideshow. Reed said no.", "Reed", "Omar Reed"),
        ("“No,” said a driver, Xun Reed. The driver left.", "The driver", "Xun Reed"),
    ],
)
def test_family_names_in_front_and_words_that_are_no_name(text, mention, name):
    assert name_of(text, mention)[0] == name


def test_a_headline_is_no_fuller_name_of_a_well_known_body():
    text = "Ana Ruiz Hammers Wells Fargo\n\nOn Monday Wells Fargo met. The bank said no."

    assert name_of(text, "The bank")[0] == "Wells Fargo"


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Premier Jean Charron spoke. Mr. Charron said no.", "Charron", "Jean Charron"),
        ("Laura Beltrán Rubio spoke. Later Beltrán said no.", "Beltrán", "Laura Beltrán Rubio"),
        ("John Quincy Adams spoke. Later Mark said no.", "Mark", "Mark"),
    ],
)
def test_names_for_men_and_women_and_first_surnames(text, mention, name):
    assert name_of(text, mention)[0] == name
