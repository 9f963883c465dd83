"""Sources: who speaks, what kind of source that is, and the share of voice."""

import math
import re

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import mediakit as mk
from mediakit.analyses.ratios import ratio_interval
from mediakit.analyses.source_evidence import gather_evidence
from mediakit.analyses.source_names import is_person, split_head
from mediakit.analyses.source_roles import Rule, read_description
from mediakit.analyses.source_types import load_source_types, type_source
from mediakit.analyses.sources import count_voices, find_sources
from mediakit.errors import ArticleTableError, LexiconError
from mediakit.lexicons.actors import load_actors

RULES = load_source_types()


def typed(text, source, date=None):
    at = text.index(source)
    return type_source(gather_evidence(text, at, at + len(source)), RULES, date=date)


@pytest.mark.parametrize(
    ("text", "source", "kind"),
    [
        ("Prime Minister Ada Quill said no.", "Prime Minister Ada Quill", "government"),
        ("“No,” said Ada Quill, the mayor of Lissmar.", "Ada Quill", "government"),
        ("Lissmar police chief Bo Venn spoke.", "Lissmar police chief Bo Venn", "police"),
        ("Police said four people were held.", "Police", "police"),
        ("The ambassador, Cora Lind, called it useful.", "The ambassador", "diplomat"),
        ("Foreign Minister Dan Orr left.", "Foreign Minister Dan Orr", "diplomat"),
        ("The United Nations urged restraint.", "The United Nations", "international"),
        ("Former prime minister Eli Voss disagreed.", "Former prime minister Eli Voss", "opposition"),
        ("Opposition leader Fay Moor spoke.", "Opposition leader Fay Moor", "opposition"),
        ("“We stay,” said Gil Roe, a protester with a drum.", "Gil Roe", "protester"),
        ("Demonstrators said they would stay.", "Demonstrators", "protester"),
        ("“It was loud,” said Hal Dunn, a resident of the harbour.", "Hal Dunn", "citizen"),
        ("Ina Kuhl, a professor of law at Lissmar University, warned.", "Ina Kuhl", "expert"),
        ("Jo Marsh, a senior researcher at the Centre for Port Studies, warned.", "Jo Marsh", "expert"),
        ("The Sailors' Union called a vote.", "The Sailors' Union", "society"),
        ("Kit Noor, a spokeswoman for the Sailors' Union, said so.", "Kit Noor", "society"),
        ("Liv Stein, chief executive of Harbour Lines, said so.", "Liv Stein", "company"),
        ("The Harbour Tribune reported the sale first.", "The Harbour Tribune", "media"),
        ("The singer Mo Flint asked the crowd to vote.", "The singer Mo Flint", "celebrity"),
        ("Critics see a waste of money.", "Critics", "unknown"),
        ("“No,” said shadow chancellor Ada Quill.", "Ada Quill", "opposition"),
        ("“No,” said Ada Quill, the shadow home secretary.", "Ada Quill", "opposition"),
        ("Veldria said no, and China said yes.", "China", "government"),
        ("Nora Bell, 61, said she was tired.", "Nora Bell, 61,", "citizen"),
        ("Le ministre Otto Pell a parlé.", "Le ministre Otto Pell", "government"),
        ("Die Historikerin Pia Rahn, Professorin in Lissmar, widersprach.", "Pia Rahn", "expert"),
        # described without an article, before a name and behind it
        ("“No,” said Ana Ruiz, host of the show “Harbour”.", "Ana Ruiz", "media"),
        ("“No,” said Ana Ruiz, who covered the port for 40 years.", "Ana Ruiz", "media"),
        ("Then his campaign manager, Ana Ruiz, said so.", "Ana Ruiz", "opposition"),
        ("Then the actress and activist Ana Ruiz said so.", "Ana Ruiz", "celebrity"),
        ("“No,” said Mayor Bill de Rook. Then de Rook left.", "de Rook", "government"),
        ("The plan was shown in Lissmar by the foreign minister, Ana Ruiz.", "Ana Ruiz", "diplomat"),
        ("A police spokesman, Bo Venn, said that the permit for the march was gone.", "Bo Venn", "police"),
        # protest and diplomacy: delegations, ministries, those who live from their hands
        ("The delegations said no.", "The delegations", "diplomat"),
        ("“No,” said Ana Ruiz, who led the Lissmar delegation.", "Ana Ruiz", "diplomat"),
        ("The ministry said no.", "The ministry", "government"),
        ("Guards said no.", "Guards", "police"),
        ("Opposition parties said no. The opposition left.", "Opposition parties", "opposition"),
        ("“No,” said Ana Ruiz, who farms 30 hectares.", "Ana Ruiz", "citizen"),
        ("“No,” said one bitter glover.", "one bitter glover", "citizen"),
        ("Taxpayers fear it. The taxpayers pay.", "Taxpayers", "citizen"),
        # who presides over a body, and over a branch
        ("“No,” said Harbour Watch president Ana Ruiz.", "Ana Ruiz", "society"),
        ("“No,” said French President Ana Ruiz.", "Ana Ruiz", "government"),
        ("“No,” said Ana Ruiz, president of entertainment at Harbour Lines.", "Ana Ruiz", "company"),
        # a bare spokesman speaks for whom the sentence names
        ("The Port Union hired ten, said spokesman Bo Venn.", "Bo Venn", "society"),
        # documents by their authors
        ("A letter to the bank from the mayor of Lissmar said no.", "A letter to the bank from the mayor of Lissmar",
         "government"),
        # parts of a whole, homes, letters, peoples
        ("The majority of lawmakers said no.", "The majority of lawmakers", "government"),
        ("“No,” said Ana Ruiz of Rook County.", "Ana Ruiz", "citizen"),
        ("“He should not speak of us.” ― Ana Ruiz", "Ana Ruiz", "citizen"),
        ("The Russian leader said no.", "The Russian leader", "government"),
        ("Citizenship Services said no.", "Citizenship Services", "government"),
        ("According to Harbourline, the port is shut.", "Harbourline", "media"),
        # the noun at the head of a description decides, not every word in it
        ("“No,” said Ina Kuhl, a professor of government at Lissmar University.", "Ina Kuhl", "expert"),
        ("Military analysts doubt it.", "Military analysts", "expert"),
        ("“No,” said Rex Ahl, director general of the United Nations office.", "Rex Ahl", "international"),
        ("“No,” said Sia Moll, president of the Harbour Sailors' Association.", "Sia Moll", "society"),
        ("“No,” said Tom Urr, president of the Lissmar Retailers Association.", "Tom Urr", "company"),
        ("“No,” said Uli Ven, a director of the Port Project at Lissmar University.", "Uli Ven", "expert"),
        ("Comedian Wim Zorn asked the crowd to vote.", "Wim Zorn", "celebrity"),
        ("A sailor who came to protest the toll held a sign.", "A sailor who came to protest the toll", "protester"),
        ("Striking dockers blocked the bridge.", "Striking dockers", "protester"),
        ("One in three see it so.", "One in three", "citizen"),
        ("The constitution forbids it.", "The constitution", "government"),
        ("“No,” wrote Xia Yoon in the Harbour Tribune.", "Xia Yoon", "media"),
        ("In Lissmar it rained, and in Lissmar it snowed. Lissmar said it would pay.", "Lissmar", "government"),
    ],
)  # fmt: skip
def test_types_of_sources(text, source, kind):
    assert typed(text, source).type == kind, typed(text, source)


def test_the_party_in_the_presidency_decides_for_law_makers():
    text = "Sen. Quinn Abel (R-Ohio) objected."

    assert typed(text, "Sen. Quinn Abel", pd.Timestamp("2015-03-01").date()).type == "opposition"
    assert typed(text, "Sen. Quinn Abel", pd.Timestamp("2018-03-01").date()).type == "government"


@pytest.mark.parametrize(
    ("text", "source", "named"),
    [
        ("A source close to the government said so.", "A source close to the government", False),
        ("A Veldrian diplomatic source said so.", "A Veldrian diplomatic source", False),
        ("Officials said so.", "Officials", False),
        ("a senior official who spoke on condition of anonymity said so.", "a senior official", False),
        ("Analysts doubt it.", "Analysts", False),
        ("Lee's doctor said so.", "Lee's doctor", False),
        ("The bank said so.", "The bank", True),
        ("Ada Quill said so.", "Ada Quill", True),
        ("The Port Authority said so.", "The Port Authority", True),
        ("Police said so.", "Police", True),
        ("a Lissmar University poll found so.", "a Lissmar University poll", True),
        ("One in three said so.", "One in three", False),
        ("Many Veldrians said so.", "Many Veldrians", False),
        ("All of the sailors said so.", "All of the sailors", False),
        ("The report said so.", "The report", True),
        ("Reports said so.", "Reports", False),
        ("officials at the Port Union said so.", "officials at the Port Union", False),
        ("Ada Quill's spokesman said so.", "Ada Quill's spokesman", True),
    ],
)  # fmt: skip
def test_named_and_anonymous(text, source, named):
    assert typed(text, source).named is named


def test_every_decision_has_its_reason():
    assert typed("Kit Noor, a spokeswoman for the Sailors' Union, spoke.", "Kit Noor").reason.startswith(
        'speaks for "the Sailors'
    )
    assert typed("Critics doubt it.", "Critics").reason == "nothing tells"


def test_a_rule_of_the_user_comes_first(tmp_path):
    (tmp_path / "types.toml").write_text('[[rule]]\ntype = "protester"\nlooks = "role"\nany = ["drummer*"]\n', "utf-8")
    rules = load_source_types(tmp_path / "types.toml")
    text = "“We stay,” said Gil Roe, a drummer and professor."

    assert type_source(gather_evidence(text, 16, 23), rules).type == "protester"
    assert len(rules.rules) == len(RULES.rules) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [("[[rule]]\ntype = 'friend'\nany = ['x']\n", "'friend' is not one of"), ("[[rule]]\ntype = 'police'\n", "no patterns"), ("[[rule\n", "types.toml")],
)  # fmt: skip
def test_broken_rules_say_where(tmp_path, text, message):
    (tmp_path / "types.toml").write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=message):
        load_source_types(tmp_path / "types.toml")


def test_law_makers_without_a_bracket_are_typed_by_the_party_that_is_told():
    text = "Senator Quinn Abel objected. Abel, a Republican, said the toll was too high."
    day = pd.Timestamp("2015-03-01").date()

    assert typed(text, "Senator Quinn Abel", day).type == "opposition"
    assert typed(text.replace("Republican", "Democrat"), "Senator Quinn Abel", day).type == "government"
    assert typed("Democrats objected.", "Democrats", day).type == "government"


def test_whom_a_spokesman_speaks_for_is_looked_up_in_the_article():
    text = "Mayor Ada Quill left. “No,” said Bo Venn, a spokesman for Quill."

    assert typed(text, "Bo Venn").type == "government"


def test_the_poll_is_by_whom_it_was_brought_in():
    text = "A Harbour Tribune poll asked 400 voters. The poll found that most were tired."

    assert typed(text, "The poll").type == "media"
    assert typed("The poll found that most were tired.", "The poll").type == "unknown"


def test_somebody_else_of_the_same_surname_does_not_describe():
    text = "Prime Minister Ada Quill left. “No,” said Bo Quill, a singer."

    assert typed(text, "Bo Quill").type == "celebrity"


def test_a_description_without_a_match_has_no_type():
    rule = Rule("expert", "role", re.compile("professor"))

    assert read_description("", [rule], re.compile("director$")) is None
    assert read_description("a friend of a sailor", [rule], re.compile("director$")) is None
    assert read_description("professor", [rule], re.compile("director$"), "body") is None


def test_the_diplomat_after_a_diplomatic_source_is_the_same_source():
    text = "A Veldrian diplomatic source called it “useful.” The diplomat added that it was “late.”"
    articles = mk.make_articles([{"text": text}])
    quotes = quotes_of(
        text, articles["article_id"][0], ("useful.", "A Veldrian diplomatic source", None, 0, "mixed"),
        ("late.", "The diplomat", None, 1, "mixed"),
    )  # fmt: skip
    sources = find_sources(articles, quotes)

    assert sources[["source", "named", "quotes"]].values.tolist() == [["A Veldrian diplomatic source", False, 2]]


def test_heads_are_split_into_name_and_role():
    assert split_head("White House spokesman Josh Venn") == ("Josh Venn", ["White House spokesman"])
    assert split_head("Secretary of State Ada Quill") == ("Ada Quill", ["Secretary of State"])
    assert split_head("Many Veldrians") == (None, ["Many Veldrians"])
    assert is_person("Ada Quill")
    assert not is_person("Port Authority Office")


ARTICLE = (
    "LISSMAR — “We stay until dawn,” said Gil Roe, a protester with a drum. “Nobody leaves.”\n\n"
    "“It is over,” said Ada Quill, the mayor of Lissmar. Quill added that the bridge was closed.\n\n"
    "A source close to the Kazakh government said it was “a mistake”."
)


def quotes_of(article, identifier, *rows):
    """A table of quotes: quoted words, speaker as printed, name, attribution, kind."""
    made = []
    for words, speaker, name, attribution, kind in rows:
        start, at = article.index(words), article.index(speaker)
        made.append((identifier, attribution, kind, start, start + len(words), at, at + len(speaker), name))
    columns = ["article_id", "attribution", "kind", "start", "end", "speaker_start", "speaker_end", "speaker_name"]
    return pd.DataFrame(made, columns=columns)


@pytest.fixture
def corpus():
    articles = mk.make_articles([{"text": ARTICLE, "outlet": "A", "date": "2025-02-01"}])
    quotes = quotes_of(
        ARTICLE, articles["article_id"][0], ("We stay until dawn,", "Gil Roe", "Gil Roe", 0, "direct"), ("Nobody leaves.", "Gil Roe", "Gil Roe", 0, "direct"),
        ("It is over,", "Ada Quill", "Ada Quill", 1, "direct"), ("a mistake", "A source close to the Kazakh government", None, 2, "mixed"),
    )  # fmt: skip
    return articles, quotes


def test_the_sources_of_an_article(corpus):
    sources = find_sources(*corpus)

    assert sources["source"].tolist()[:2] == ["Gil Roe", "Ada Quill"]
    assert sources["source_type"].tolist() == ["protester", "government", "government"]
    assert sources["named"].tolist() == [True, True, False]
    assert sources["quotes"].tolist() == [1, 1, 1]
    assert sources["quoted_words"].tolist() == [6, 3, 2]
    assert sources["direct"].tolist() == [1, 1, 0]
    assert sources["country"].tolist()[2] == "KZ"
    assert sources["first"].is_monotonic_increasing
    assert sources["description"][0] == "a protester with a drum"


def test_an_actor_list_overrules_the_rules(corpus, tmp_path):
    (tmp_path / "actors.toml").write_text('[[actor]]\nname = "Gil Roe"\ntype = "society"\ncountry = "GB"\n', "utf-8")
    sources = find_sources(*corpus, actors=load_actors(tmp_path / "actors.toml", built_in=False))

    assert sources.loc[0, ["source_type", "country", "reason"]].tolist() == ["society", "GB", "actor Gil Roe"]


def test_no_quotes_give_an_empty_table_with_all_columns(corpus):
    articles, quotes = corpus
    sources = find_sources(articles, quotes.head(0))

    assert sources.empty
    assert {"article_id", "source", "source_type", "reason"} <= set(sources.columns)


def test_quotes_of_other_articles_are_refused(corpus):
    articles, quotes = corpus
    with pytest.raises(ArticleTableError, match="which no article has"):
        find_sources(articles, quotes.assign(article_id="elsewhere"))
    with pytest.raises(ArticleTableError, match="speaker_start"):
        find_sources(articles, quotes.drop(columns="speaker_start"))


def voices(parts, outlet="A"):
    """Articles and sources: for each article how often police and experts are quoted."""
    articles = mk.make_articles([{"text": f"t{n}", "outlet": outlet} for n in range(len(parts))])
    rows = [
        (key, kind, count)
        for key, (p, e) in zip(articles["article_id"], parts, strict=True)
        for kind, count in (("police", p), ("expert", e))
        if count
    ]
    return articles, pd.DataFrame(rows, columns=["article_id", "source_type", "quotes"])


def test_shares_of_voice_counted_by_hand():
    articles, sources = voices([(3, 1), (1, 1), (0, 2), (2, 0), (1, 1)])
    table = count_voices(sources, articles).set_index("source_type")

    assert table["share"].to_dict() == {"police": 7 / 12, "expert": 5 / 12}
    assert table["n"].tolist() == [5, 5]
    assert (table["low"] < table["share"]).all()
    assert (table["share"] < table["high"]).all()
    both = table["low"]["police"] + table["high"]["expert"]
    assert both == pytest.approx(1)  # the interval of one share is that of the other, turned round


def test_few_articles_have_no_interval_and_say_why():
    table = count_voices(*reversed(voices([(1, 1), (2, 0)])))

    assert table["low"].isna().all()
    assert set(table["note"]) == {"2 articles: too few for an interval"}


def test_a_share_of_one_has_an_interval_below():
    table = count_voices(*reversed(voices([(1, 0)] * 8)))

    assert (table["share"][0], table["high"][0]) == (1.0, 1.0)
    assert 0.5 < table["low"][0] < 1


def test_a_type_that_an_outlet_never_quotes_is_a_row_with_an_interval():
    articles, sources = voices([(2, 0), (0, 2)] * 5)
    articles["outlet"] = ["A", "B"] * 5
    table = count_voices(sources, articles).set_index(["outlet", "source_type"])

    assert table["number"].to_dict() == {
        ("A", "expert"): 0,
        ("A", "police"): 10,
        ("B", "expert"): 10,
        ("B", "police"): 0,
    }
    wilson = 3.841459 / (5 + 3.841459)  # none of five articles, however many quotations they hold
    assert table["high"][("A", "expert")] == pytest.approx(wilson)
    assert table["low"][("A", "police")] == pytest.approx(1 - wilson)


def test_a_type_quoted_in_one_article_only_has_no_interval_wider_than_so_many_cases():
    table = count_voices(*reversed(voices([(0, 10)] * 8 + [(2, 8)]))).set_index("source_type")

    t2 = scipy.stats.t.ppf(0.975, 8) ** 2  # Wilson's interval with Student's t for nine cases
    share = 2 / 90
    half = math.sqrt(t2 * (share * (1 - share) / 9 + t2 / (4 * 81)))
    assert table["high"]["police"] == pytest.approx((share + t2 / 18 + half) / (1 + t2 / 9))


@pytest.mark.parametrize("shape", [0.3, 3.0])
def test_intervals_of_a_rare_share_hold_the_truth_where_many_articles_have_none(shape):
    rng = np.random.default_rng(2)
    held, runs = 0, 600
    for _ in range(runs):
        size = rng.poisson(4, 10) + 1.0
        part = rng.binomial(size.astype(int), rng.beta(0.1 * shape, 0.9 * shape, 10))
        _, low, high, _ = ratio_interval(part.astype(float), size)
        held += low <= 0.1 <= high

    assert held / runs > 0.93


def test_intervals_cover_the_true_share():
    rng = np.random.default_rng(1)
    covered, runs = 0, 400
    for _ in range(runs):
        lean = rng.beta(2, 3, 40)  # articles differ in whom they let speak: the true share is 0.4
        size = rng.poisson(4, 40) + 1
        police = rng.binomial(size, lean)
        articles, sources = voices(list(zip(police.tolist(), (size - police).tolist(), strict=True)))
        row = count_voices(sources, articles).set_index("source_type").loc["police"]
        covered += row["low"] <= 0.4 <= row["high"]

    assert 0.92 <= covered / runs <= 0.98


def test_unknown_counts_and_columns_are_refused():
    articles, sources = voices([(1, 1)])
    with pytest.raises(ArticleTableError, match="is not quotes"):
        count_voices(sources, articles, count="letters")
    with pytest.raises(ArticleTableError, match="no column 'tone'"):
        count_voices(sources, articles, of="tone")


def test_types_of_hand_coded_sources(real_files):
    """A floor on sources whose errors nobody has read: the model may not fall below what it reached, or the rules."""
    from benchmarks.sources import macro_f1, type_gold

    typed, read, ruled = (
        pd.concat(list(type_gold(real_files, method).values())[1:]) for method in ("model", "reader", "rules")
    )

    assert (typed["gold"] == typed["type"]).mean() >= max(0.73, (ruled["gold"] == ruled["type"]).mean() + 0.03)
    assert macro_f1(typed) >= 0.6
    assert (typed["gold_named"] == typed["named"]).mean() >= 0.9
    assert (read["gold"] == read["type"]).mean() >= max(0.79, (typed["gold"] == typed["type"]).mean())
    assert macro_f1(read) >= 0.66
    assert (read["gold_named"] == read["named"]).mean() >= 0.935
    assert macro_f1(type_gold(real_files, "rules")["first, read and learned from"]) >= 0.85


def test_whom_pronouns_and_roles_mean(real_files):
    """A floor, on spans that were coded before the rules were run on them."""
    from benchmarks.sources import NAMES, read_names, resolved_names

    for (_, file, part), floor in zip(NAMES, (83.0, 86.0, 84.0, 77.0, 77.0, 77.0), strict=True):
        right, total = resolved_names(real_files / "polnear" / part, read_names(file, part))["all"]

        assert 100 * right / total >= floor, file


def test_the_sources_of_the_real_capture(real_files):
    articles = mk.load_articles(real_files / "captures", progress=False)
    sources = mk.find_sources(articles, mk.find_quotes(articles, progress=False))
    withheld = sources[~sources["named"] & (sources["source"].str.split().str.len() > 1)]
    kosyulin = sources[sources["source"].str.contains("yulin")]

    quoted = withheld[withheld["quotes"] > 0]
    assert len(quoted) == 3
    assert quoted["source"].str.contains("Kazakh government|Russian diplomatic source|NATO").all()
    assert set(quoted["source_type"]) == {"government", "diplomat", "international"}
    assert withheld.loc[withheld["quotes"] == 0, "source"].str.contains("close to President|some experts").all()
    assert kosyulin.groupby("article_id").size().eq(1).all()


def test_reported_words_are_counted_apart_from_quoted_ones():
    text = "“We object,” said Ana Ruiz. Ruiz said that the port was shut. Tom Lee warned that prices would rise."
    articles = mk.make_articles([{"text": text, "language": "en", "outlet": "A"}])
    sources = mk.find_sources(articles, mk.find_quotes(articles)).set_index("source")

    assert sources.loc["Ana Ruiz", ["quotes", "quoted_words", "direct", "indirect"]].tolist() == [1, 2, 1, 1]
    assert sources.loc["Tom Lee", ["quotes", "quoted_words", "direct", "indirect"]].tolist() == [0, 0, 0, 1]
    table = sources.reset_index()
    counts = {count: mk.count_voices(table, articles, of="source", count=count)["number"].sum() for count in
              ("quotes", "indirect", "attributions", "sources")}  # fmt: skip
    assert counts == {"quotes": 1, "indirect": 2, "attributions": 3, "sources": 2}
    with pytest.raises(ArticleTableError, match="count='words' is not"):
        mk.count_voices(table, articles, count="words")


def test_who_and_which_mean_what_stands_before_them():
    from mediakit.analyses.mentions import read_mentions
    from mediakit.analyses.quotes import _antecedent
    from mediakit.analyses.word_classes import Reading

    text = "Police met Ana Ruiz, who left. A man they knew saw it. Who stayed? She asked Tom Lee for those who stayed."
    tokens = mk.tokenize(mk.make_articles([{"text": text, "language": "en"}]))
    mentions = read_mentions(Reading(tokens))
    printed = [text[start:end] for start, end in zip(mentions.start, mentions.end, strict=True)]
    meant = [printed[_antecedent(mentions, n, one)] for n, one in enumerate(printed) if one.casefold() == "who"]

    assert meant[0] == "Ana Ruiz"
    assert set(meant[1:]) <= {"Who", "who", "those"}


@pytest.mark.parametrize(
    ("text", "source", "told"),
    [
        ("Union Minister of State for external affairs Asha Sharna left.", "Asha Sharna",
         "Union Minister of State for external affairs"),
        ("LISSMAR, Sept. 21 -- US Secretary of State Hilda Clanton spoke.", "Hilda Clanton", "US Secretary of State"),
        ("The director of the Port Fund Bo Venn spoke.", "Bo Venn", "director of the Port Fund"),
        ("Lissmar Rovers linebacker Bo Venn spoke.", "Bo Venn", "Lissmar Rovers linebacker"),
        ("Rajesh Goyel, MD, RG Group, spoke.", "Rajesh Goyel", "MD, RG Group"),
        ("Bo Venn, MP, spoke.", "Bo Venn", "MP"),
        ("They talked to the director of Bo Venn on Monday.", "Bo Venn", None),
        ("He asked for the help of Bo Venn.", "Bo Venn", None),
    ],
)  # fmt: skip
def test_offices_of_several_words_describe_whom_they_stand_before(text, source, told):
    at = text.index(source)

    roles = gather_evidence(text, at, at + len(source), name=source).roles

    assert roles == ((told,) if told else ())


def test_a_portfolio_is_no_organisation():
    texts = ("“No,” said Secretary of State Hilda Clanton.", "“Yes,” said Bo Venn, a spokesman for the Port Union.")
    articles = mk.make_articles([{"text": text, "language": "en"} for text in texts])
    found = mk.find_sources(articles, mk.find_quotes(articles, progress=False))

    assert found["organisation"].fillna("").tolist() == ["", "Port Union"]


def sources_of(text, **options):
    articles = mk.make_articles([{"text": text, "language": "en", "outlet": "A"}])
    return mk.find_sources(articles, mk.find_quotes(articles, progress=False), **options)


def test_a_spokesman_for_one_body_is_not_one_for_another():
    found = sources_of(
        "“We will sue,” a spokesman for Lissmar Ports said.\n\n“We will fight,” a spokesman for the Harbour Union said."
        "\n\n“We will arrest them,” a spokesman for the police said.\n\n“It is late,” the spokesman said."
    )

    assert found["source"].tolist() == [
        "a spokesman for Lissmar Ports", "a spokesman for the Harbour Union", "a spokesman for the police",
    ]  # fmt: skip
    assert found["quotes"].tolist() == [1, 1, 2]
    assert found["source_type"].tolist()[1:] == ["society", "police"]
    assert found["organisation"].tolist()[:2] == ["Lissmar Ports", "Harbour Union"]
    assert found["named"].all()


def test_persons_from_different_places_are_different_and_have_no_name():
    found = sources_of(
        "“We stay,” said a protester from Leeds.\n\n“We stay too,” said a protester from York.\n\n“And so do we,” said "
        "another protester."
    )

    assert found["source"].tolist() == ["a protester from Leeds", "a protester from York", "another protester"]
    assert not found["named"].any()


@pytest.mark.parametrize("method", ["model", "rules"])
def test_who_asks_not_to_be_named_is_not(method):
    found = sources_of("A diplomat, who asked not to be named, said: “The talks are close.”", method=method)

    assert found[["source_type", "named"]].values.tolist() == [["diplomat", False]]


def test_actors_have_types_of_ones_own_and_countries_keep_theirs():
    actors = pd.DataFrame(
        {"actor": ["Ana Ruiz", "China"], "type": ["activist", "country"], "pattern": ["Ana Ruiz", "China"],
         "country": ["MEX", "CHN"]}
    )  # fmt: skip
    found = sources_of("“We will march,” said Ana Ruiz, a teacher. China said the talks would go on.", actors=actors)

    assert found["source_type"].tolist() == ["activist", "government"]
    assert found["reason"].tolist()[0] == "actor Ana Ruiz"
    assert found["country"].tolist() == ["MEX", "CHN"]


def test_rules_and_actors_may_be_files(tmp_path):
    (tmp_path / "types.toml").write_text('[[rule]]\ntype = "protester"\nlooks = "role"\nany = ["drummer*"]\n', "utf-8")
    (tmp_path / "actors.toml").write_text('[[actor]]\nname = "Bo Venn"\ntype = "police"\n', "utf-8")
    found = sources_of(
        "“We stay,” said a drummer. “Go home,” said Bo Venn.",
        rules=tmp_path / "types.toml", actors=tmp_path / "actors.toml",
    )  # fmt: skip

    assert found["source_type"].tolist() == ["protester", "police"]


def test_sources_without_a_country_are_part_of_all():
    articles = mk.make_articles([{"text": f"Text {n}", "outlet": "A"} for n in range(4)])
    sources = articles[["article_id"]].assign(source_type="expert", quotes=1, country=["KAZ", None, None, None])
    found = count_voices(sources, articles, of="country")

    assert found[["country", "n", "total", "share"]].values.tolist() == [
        ["not told", 4, 4.0, 0.75],
        ["KAZ", 4, 4.0, 0.25],
    ]


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("“No,” said Ana Ruiz, a former Bank of Lissmar economist.", "Bank of Lissmar"),
        ("“No,” said Ana Ruiz, director of Free Speech at Young Voices.", "Young Voices"),
        ("“No,” said Ana Ruiz, Harbourline's director for strategy.", "Harbourline"),
        ("“No,” said UNICEF spokeswoman Ana Ruiz.", "UNICEF"),
        ("“No,” said Harbour Fund General Manager Ana Ruiz.", "Harbour Fund"),
        ("“No,” said Ana Ruiz, a University of Edinburgh historian.", "University of Edinburgh"),
        ("“No,” said Ana Ruiz, executive director and CEO of the Port Trust.", "Port Trust"),
    ],
)
def test_the_body_that_somebody_belongs_to(text, organisation):
    assert sources_of(text)["organisation"].tolist() == [organisation]


@pytest.mark.parametrize(
    "text",
    [
        "“No,” said Transport Minister Ana Ruiz.",
        "“No,” said Russian ambassador Ana Ruiz.",
        "“No,” said Ana Ruiz, the Russian ambassador to London.",
        "“No,” said political analyst Ana Ruiz.",
        "“No,” said Mr. Ruiz.",
    ],
)
def test_portfolios_peoples_and_places_are_no_organisations(text):
    assert sources_of(text)["organisation"].isna().all()


@pytest.mark.parametrize(
    "text",
    [
        "It could be months before the council delivers its findings on the strike.",
        "You can see that the port is closed.",
    ],
)
def test_what_nobody_says_has_no_source(text):
    assert not sources_of(text)["source"].isin(["It", "You"]).any()


def test_a_province_is_not_the_country_in_its_name():
    found = sources_of("“No,” said Allen Tupper, a professor at the University of British Columbia.")

    assert found["country"].isna().all()


def test_a_name_is_no_country_and_a_title_tells_more_than_what_somebody_did():
    found = sources_of("“No,” said President France Ruiz, who had included changes to the pension system on Monday.")

    assert found["country"].isna().all()
    assert not found["description"].str.startswith("who").any()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It was over, said Ana Ruiz, and a source close to the ministry said the talks had failed.",
         "a source close to the ministry"),
        ("More than 2,000 members said that they would strike on Friday.", "2,000 members"),
        ("Twenty governments said on Monday that they would sign.", "Twenty governments"),
    ],
)  # fmt: skip
def test_phrases_are_whole_and_no_longer(text, source):
    assert source in sources_of(text)["source"].tolist()
