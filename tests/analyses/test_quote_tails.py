"""Reports by their form: sentences that end in their source, subjects by their place, who is told."""

import pytest

from mediakit import find_quotes, make_articles


def reported(text):
    """Return speaker, cue and words of what is reported in a text between two plain sentences."""
    text = f"The day was long in the capital.\n\n{text}\n\nNobody else spoke."
    found = find_quotes(make_articles([{"text": text, "language": "en"}]), progress=False)
    return [tuple(row) for row in found[["speaker", "cue", "quote"]].itertuples(index=False)]


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "words"),
    [
        ("The talks failed on Monday, officials said.", "officials", "said", "The talks failed on Monday"),
        ("Ninety people were held on Monday, the Observatory said.", "Observatory", "said",
         "Ninety people were held on Monday"),
        ("The road was closed, police said Tuesday.", "police", "said", "The road was closed"),
        ("Three soldiers died, the army said in a statement.", "the army", "said", "Three soldiers died"),
        ("The harbour would be shut, Prime Minister Ana Ruiz said on Friday.", "Ana Ruiz", "said",
         "The harbour would be shut"),
        ("Reed had betrayed the party, Bell noted.", "Bell", "noted", "Reed had betrayed the party"),
        ("LISSMAR, May 3 (Reuters) - The bridge is safe, the ministry said.", "the ministry", "said", "The bridge is safe"),
        ("The road was closed on Monday, said the mayor.", "the mayor", "said", "The road was closed on Monday"),
        ("Prices rose in March, official data showed.", "official data", "showed", "Prices rose in March"),
        ("The road was shut for a week, according to the mayor.", "the mayor", "according to",
         "The road was shut for a week"),
        ("According to the minister, it is the task of the city to act.", "the minister", "According to",
         "it is the task of the city to act"),
        ("The water is safe to drink, said Omar Reed, a chemist at the port.", "Omar Reed", "said",
         "The water is safe to drink"),
    ],
)  # fmt: skip
def test_a_sentence_that_ends_in_its_source_is_reported(text, speaker, cue, words):
    assert reported(text) == [(speaker, cue, words)]


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "words"),
    [
        ("Talks between the two parties on a new harbour, led by Helen Bell, could fail, a senior party member warned Wednesday.",
         "a senior party member", "warned", "Talks between the two parties on a new harbour, led by Helen Bell, could fail"),
        ("This means sheds and boats, including old nets, are included, Mr Reed explained to the council last week.",
         "Reed", "explained", "This means sheds and boats, including old nets, are included"),
        ("Small owners have welcomed the deal, asking for more shares than ever, Harbour News reported.",
         "Harbour News", "reported", "Small owners have welcomed the deal, asking for more shares than ever"),
        ("School fees need to rise with prices, the head of a university has told a committee.", "the head", "has told",
         "School fees need to rise with prices"),
        ("People should stay at home when the air is bad, reports HNA.", "HNA", "reports",
         "People should stay at home when the air is bad"),
        ("A tall house was hit, which caused a fire, and one person was killed, Lissmar’s state rescue service reported.",
         "rescue service", "reported", "A tall house was hit, which caused a fire, and one person was killed"),
        ("The bridge was safe, officials familiar with the ministry said.", "officials", "said", "The bridge was safe"),
        ("The works were late and costly, teachers and union officials said Tuesday.", "union officials", "said",
         "The works were late and costly"),
        ("The money should be spent on schools, says the Green Party of Lissmar.", "Green Party of Lissmar", "says",
         "The money should be spent on schools"),
        ("The body was found inside, the mayor, Ana Ruiz, told reporters.", "Ana Ruiz", "told", "The body was found inside"),
        ("The bridge had been closed for weeks, the mayor recently revealed.", "the mayor", "revealed",
         "The bridge had been closed for weeks"),
        ("The port cannot be dredged again, Bell points out.", "Bell", "points", "The port cannot be dredged again"),
        ("The debt will grow this year, sooner than expected, the Budget Office reported on Tuesday - a turn that brings new "
         "questions to the race.", "Budget Office", "reported", "The debt will grow this year, sooner than expected"),
        ("Harlow is the safer port, as Helen Bell reported on Friday.", "Helen Bell", "reported", "Harlow is the safer port"),
    ],
)  # fmt: skip
def test_the_clause_before_the_reporter_is_whole_whatever_stands_in_it_or_behind_the_verb(text, speaker, cue, words):
    rows = [row for row in reported(text) if row[2] == words]

    assert [(row[0].removeprefix("the ").removeprefix("Mr "), row[1].split()[-1]) for row in rows] == [
        (speaker.removeprefix("the "), cue.split()[-1])
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("On Friday morning in the harbour, Omar Reed told a joke.", "On Friday morning in the harbour"),
        ("The union relies on the old fund, an arrangement the council has criticized.", "The union relies on the old fund"),
        ("The city opened the road, and police said it was safe.", "The city opened the road"),
        ("The council faces many trials in the autumn, the flood, the empty fund and Harlow talks.",
         "The council faces many trials in the autumn, the flood"),
        ("Helen Bell is considering a bid for the post, telling the Observer on Thursday.",
         "Helen Bell is considering a bid for the post"),
        ("He sold the farm in Lissmar, told Bell.", "He sold the farm in Lissmar"),
        ("Firms in the port met Ana Ruiz, mayor of Harlow told us.", "Firms in the port met Ana Ruiz"),
        ("The works began on Monday at the ministry of the economy, trade and industry ministry official said.",
         "The works began on Monday at the ministry of the economy"),
    ],
)  # fmt: skip
def test_what_stands_before_a_comma_is_not_always_reported(text, words):
    assert words not in [row[2] for row in reported(text)]


def test_a_source_between_commas_parts_what_is_reported():
    assert reported("The new ban, Bell said, would hurt the port.") == [
        ("Bell", "said", "The new ban"),
        ("Bell", "said", "would hurt the port"),
    ]


def test_the_whole_source_of_an_inverted_sentence_is_given():
    text = "The water is safe to drink, said Omar Reed, a chemist at the port."
    found = find_quotes(make_articles([{"text": text, "language": "en"}]), progress=False).iloc[0]

    assert text[found["source_start"] : found["source_end"]] == "Omar Reed, a chemist at the port"


@pytest.mark.parametrize(
    "text",
    [
        "In a speech last July, she declared:",
        "In her statement on the test, Helen Bell defended her record as minister.",
        "After the vote, Helen Bell said so.",
    ],
)
def test_what_only_looks_like_it_is_not_reported(text):
    assert not [row for row in reported(text) if row[2].startswith(("In ", "After "))]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("But Bell, 49, said she would stay in office.", "Bell"),
        ("The union refused the proposal, saying that it was unfair to nurses.", "union"),
    ],
)
def test_the_subject_speaks_where_something_stands_between(text, speaker):
    assert speaker in [str(row[0]).removeprefix("The ") for row in reported(text)]
    assert all(isinstance(row[0], str) for row in reported(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Reed told investigators he was in Lissmar at the time.", "he was in Lissmar at the time"),
        ("Reed told the newspaper on Monday that he was in Lissmar.", "that he was in Lissmar"),
        ("Reed told reporters that he was in Lissmar.", "that he was in Lissmar"),
    ],
)
def test_who_is_told_is_no_part_of_what_is_reported(text, words):
    assert [row[2] for row in reported(text)] == [words]


def test_who_is_described_speaks_and_not_what_ends_the_description():
    text = "In parliament, Helen Bell, the Liberal MPP for Lissmar West, said “every other city has managed to do it.”"
    found = find_quotes(make_articles([{"text": text, "language": "en"}]), progress=False)

    assert found["speaker_name"].tolist() == ["Helen Bell"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The police left. “I was standing still,” said Omar Reed.", "direct"),
        ("It was late and nobody had slept. “We are tired,” said Omar Reed, a driver.", "direct"),
        ("Omar Reed said the plan was “a very bad idea” for the harbour.", "mixed"),
    ],
)
def test_a_quotation_behind_a_stop_is_direct(text, kind):
    found = find_quotes(make_articles([{"text": text, "language": "en"}]), progress=False, indirect=False)

    assert found["kind"].tolist() == [kind]


def test_a_day_is_no_part_and_a_plan_no_report():
    assert [row[2] for row in reported("Reed said Tuesday he would resign from office.")] == [
        "he would resign from office"
    ]
    assert [row[2] for row in reported("Reed said last night the case was closed.")] == ["the case was closed"]
    assert reported("Reed is expected to announce his plans on Monday.") == []


def test_a_quotation_may_be_closed_by_two_apostrophes():
    text = """"We have more seats than ever,'' says Nelson Wiseman. "It is good.''"""
    found = find_quotes(make_articles([{"text": text, "language": "en"}]), progress=False)

    assert found["quote"].tolist() == ["We have more seats than ever,", "It is good."]
    assert found["speaker_name"].tolist() == ["Nelson Wiseman"] * 2


@pytest.mark.parametrize(
    "text",
    ["The port was closed, said. Lee", "The port was closed, said.\nLee Reed", "said", "Said Lee", "According to Lee"],
)
def test_a_cue_at_an_edge_takes_nobody_from_the_next_sentence(text):
    assert not find_quotes(make_articles([{"text": text, "language": "en"}]), progress=False)["speaker"].eq("Lee").any()


def test_a_cue_at_the_end_of_an_article_takes_nobody_from_the_next():
    articles = make_articles(
        [
            {"text": text, "language": "en", "position": n}
            for n, text in enumerate(["The port was closed, said", "Lee Reed"])
        ]
    )

    assert find_quotes(articles, progress=False)["speaker"].isna().all()
