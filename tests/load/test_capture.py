"""Copied page text: invented pages with the traps of real ones, in four languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mediakit as mk
from mediakit.load.bodies import maximal_stretches

BODY = {
    "en": [
        "The two governments agreed on Monday to open the border crossing for food and medicine, after a week of quiet talks in the valley town.",
        "A spokesman for the ministry said that the trucks would roll before the weekend, but he would not name a day or a road.",
        "Drivers who had waited for nine days at the barrier cheered when the news came, and some of them began to cook at once.",
    ],
    "fr": [
        "Les deux gouvernements se sont mis d’accord lundi pour ouvrir le passage aux vivres et aux médicaments, après une semaine de discussions.",
        "Un porte-parole du ministère a déclaré que les camions partiraient avant la fin de la semaine, sans donner de jour ni de route précise.",
        "Les chauffeurs qui attendaient depuis neuf jours devant la barrière ont applaudi, et certains se sont mis aussitôt à faire la cuisine.",
    ],
    "de": [
        "Die beiden Regierungen haben sich am Montag darauf geeinigt, den Übergang für Lebensmittel und Medikamente zu öffnen, nach einer Woche Gespräche.",
        "Ein Sprecher des Ministeriums sagte, dass die Lastwagen noch vor dem Wochenende fahren würden, nannte aber keinen Tag und keine Straße.",
        "Die Fahrer, die seit neun Tagen vor der Schranke gewartet hatten, jubelten, als die Nachricht kam, und einige begannen sofort zu kochen.",
    ],
    "es": [
        "Los dos gobiernos acordaron el lunes abrir el paso para los alimentos y las medicinas, después de una semana de conversaciones discretas.",
        "Un portavoz del ministerio dijo que los camiones saldrían antes del fin de semana, pero no quiso dar el día ni la carretera concreta.",
        "Los conductores que esperaban desde hacía nueve días ante la barrera aplaudieron, y algunos se pusieron enseguida a preparar la comida.",
    ],
}
PAGES = {
    "en": (
        "Trucks to cross the closed border again",
        "By Mara Oslin",
        "Photo: A truck at the barrier",
        "To read the full story, start your free trial.",
        "Share this article",
        "Most read",
    ),
    "fr": (
        "Les camions passeront de nouveau la frontière",
        "Par Mara Oslin",
        "Crédit photo : agence",
        "Cet article est réservé aux abonnés.",
        "Partager cet article",
        "Les plus lus",
    ),
    "de": (
        "Lastwagen dürfen wieder über die Grenze",
        "Von Mara Oslin",
        "Foto: Ein Lastwagen an der Schranke",
        "Jetzt weiterlesen mit dem Abo.",
        "Artikel teilen",
        "Meistgelesen",
    ),
    "es": (
        "Los camiones vuelven a cruzar la frontera",
        "Por Mara Oslin",
        "Foto: Un camión ante la barrera",
        "Contenido exclusivo para suscriptores.",
        "Compartir",
        "Lo más leído",
    ),
}


def page(language, *, notice=True, body=None):
    headline, byline, caption, paywall, share, more = PAGES[language]
    lines = [
        headline,
        headline,
        byline,
        caption,
        *(body or BODY[language]),
        *([paywall] if notice else []),
        share,
        more,
        "Another headline of the day",
    ]
    return "\n\n".join(lines)


def load(tmp_path, text, name="page.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    articles = mk.load_articles(path)
    mk.check_ledger(mk.read_ledger(articles))
    return articles


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_a_page_gives_its_text_and_nothing_else(tmp_path, language):
    article = load(tmp_path, page(language)).iloc[0]
    assert article["text"].split("\n\n") == BODY[language]
    assert article["headline"] == PAGES[language][0]
    assert article["byline"] == "Mara Oslin"
    assert article["language"] == language


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_a_notice_after_the_text_makes_it_truncated(tmp_path, language):
    assert load(tmp_path, page(language)).loc[0, "truncated"]
    assert not load(tmp_path, page(language, notice=False)).loc[0, "truncated"]


def test_pages_in_four_languages_in_one_file_are_four_articles(tmp_path):
    articles = load(tmp_path, "\n\n\n".join(page(language) for language in BODY))
    assert articles["language"].tolist() == ["en", "fr", "de", "es"]
    assert articles["position"].tolist() == [0, 1, 2, 3]


def test_the_same_page_pasted_twice_is_two_articles(tmp_path):
    articles = load(tmp_path, page("en") + "\n\n\n" + page("en"))
    assert len(articles) == 2
    assert articles["text"].nunique() == 1
    assert articles["article_id"].nunique() == 2


def test_a_newsletter_line_is_no_evidence_of_a_cut(tmp_path):
    text = page("en", notice=False).replace(
        "Share this article", "Sign up to our daily newsletter.\n\nShare this article"
    )
    article = load(tmp_path, text).iloc[0]
    assert not article["truncated"]
    assert "newsletter" not in article["text"]


def test_a_counter_of_free_articles_is_no_evidence_of_a_cut(tmp_path):
    text = page("en", notice=False).replace(
        "Share this article", "You have two free articles left this month.\n\nShare this article"
    )
    assert not load(tmp_path, text).loc[0, "truncated"]


def test_a_subheading_stays_in_the_text_as_its_own_paragraph(tmp_path):
    body = [BODY["en"][0], "Cheers at the barrier", *BODY["en"][1:]]
    assert load(tmp_path, page("en", body=body)).loc[0, "text"].split("\n\n") == body


def test_a_line_inside_the_text_that_advertises_is_left_out_and_listed(tmp_path):
    body = [
        BODY["en"][0],
        "Sign up for our free newsletter",
        BODY["en"][1],
        "Read more: Talks in the valley",
        BODY["en"][2],
    ]
    articles = load(tmp_path, page("en", body=body))
    assert articles.loc[0, "text"].split("\n\n") == BODY["en"]
    kinds = mk.read_ledger(articles)["kind"].tolist()
    assert "promotion" in kinds
    assert "teaser" in kinds


def test_date_line_and_byline_on_one_line_are_both_read(tmp_path):
    article = load(tmp_path, page("en").replace("By Mara Oslin", "By Mara Oslin | 26 April 2025")).iloc[0]
    assert article["byline"] == "Mara Oslin"
    assert article["date"].strftime("%Y-%m-%d") == "2025-04-26"


def test_a_standfirst_is_kept_apart(tmp_path):
    standfirst = "After nine days at the barrier, drivers may go on their way with food and medicine."
    article = load(tmp_path, page("en").replace("By Mara Oslin", f"{standfirst}\n\nBy Mara Oslin")).iloc[0]
    assert article["standfirst"] == standfirst
    assert article["text"].split("\n\n") == BODY["en"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    plain = load(tmp_path, page("en"), "one.txt").loc[0, "text"]
    marked = load(tmp_path, "\ufeff" + page("en").replace("\n", "\r\n"), "two.txt").loc[0, "text"]
    assert plain == marked


def test_a_page_in_one_line_gives_most_of_its_text(tmp_path):
    menu = "Home News Sport Business Culture Travel Weather Jobs Log In Subscribe " * 8
    text = f"{menu} {PAGES['en'][0]} {' '.join(BODY['en'] * 5)} Share on Facebook Privacy Policy Terms Of Use Contact"
    articles = load(tmp_path, text)
    assert "agreed on Monday to open the border" in articles.loc[0, "text"]
    assert "Weather Jobs" not in articles.loc[0, "text"]


def test_the_unknown_is_kept_as_unparsed(tmp_path):
    stray = "This is a whole sentence that stands alone far below the page, without any headline above it or text around it."
    articles = load(tmp_path, page("en") + "\n\nComments\n\n" + stray)
    ledger = mk.read_ledger(articles)
    assert ledger.loc[ledger["excerpt"].str.startswith("This is a whole"), "kind"].tolist() == ["unparsed"]


def test_sixty_whole_pages_are_read_as_well_as_written_down(real_files):
    import json

    from benchmarks.reading import read_with, text_of, token_scores
    from mediakit.load.formats import capture

    floors = {"inscriptis": 0.90, "beautifulsoup": 0.76}
    for name, floor in floors.items():
        pages = json.loads(
            (real_files / "exports" / "text_captures" / f"scrapinghub_{name}_dev.json").read_text("utf-8")
        )
        scores = [
            token_scores(text_of(read_with(capture.READER, item["pageText"].encode(), ".txt")), item["goldBody"])[0]
            for item in pages.values()
        ]
        assert sum(scores) / len(scores) > floor


def stretches_by_definition(weights):
    """Take the best stretch, the shortest of equals, then do the same on both sides of it (Ruzzo & Tompa 1999)."""
    spans = [(first, last) for first in range(len(weights)) for last in range(first, len(weights))]
    best = max(spans, key=lambda span: (sum(weights[span[0] : span[1] + 1]), span[0] - span[1]), default=None)
    if best is None or sum(weights[best[0] : best[1] + 1]) <= 0:
        return []
    first, last = best
    after = [(a + last + 1, b + last + 1, score) for a, b, score in stretches_by_definition(weights[last + 1 :])]
    return [*stretches_by_definition(weights[:first]), (first, last, sum(weights[first : last + 1])), *after]


@given(st.lists(st.integers(-6, 6), max_size=24))
def test_stretches_are_those_of_the_definition(weights):
    assert maximal_stretches(weights) == stretches_by_definition(weights)


@given(st.lists(st.integers(-60, 60), max_size=300))
def test_stretches_are_apart_and_cannot_be_made_better_by_a_longer_or_shorter_one(weights):
    found = maximal_stretches(weights)

    assert all(before[1] < after[0] for before, after in pairwise(found))
    covered = {index for first, last, _ in found for index in range(first, last + 1)}
    assert {index for index, weight in enumerate(weights) if weight > 0} <= covered
    for first, last, score in found:
        assert score == sum(weights[first : last + 1])
        assert all(
            sum(weights[first:cut]) > 0 and sum(weights[cut : last + 1]) > 0 for cut in range(first + 1, last + 1)
        )


def test_articles_without_byline_and_date_are_told_apart_by_their_headlines(tmp_path):
    other = [sentence.replace("border", "harbour").replace("trucks", "ships") for sentence in BODY["en"]]
    notice = "Subscribe to continue reading."
    text = "\n\n".join(
        ["Trucks to cross the border", *BODY["en"], notice, "Ships to enter the harbour", *other, notice]
    )
    articles = load(tmp_path, text)
    assert articles["headline"].tolist() == ["Trucks to cross the border", "Ships to enter the harbour"]
    assert articles["text"].tolist() == ["\n\n".join(BODY["en"]), "\n\n".join(other)]


def test_a_text_goes_on_below_a_notice_in_its_middle(tmp_path):
    body = [*BODY["en"], *[sentence.replace("Monday", "Tuesday") for sentence in BODY["en"]]]
    lines = [
        PAGES["en"][0],
        "By Mara Oslin",
        *body[:3],
        "Already a subscriber? Log in",
        *body[3:],
        "Share this article",
    ]
    article = load(tmp_path, "\n\n".join(lines)).iloc[0]
    assert article["text"].split("\n\n") == body
    assert not article["truncated"]


@pytest.mark.parametrize(
    "headline", ["Who pays for the ships in the harbour?", "Ships at last!", "“No ship will leave”"]
)
def test_a_headline_may_end_like_a_sentence(tmp_path, headline):
    other = [sentence.replace("border", "harbour").replace("trucks", "ships") for sentence in BODY["en"]]
    notice = ["Subscribe to continue reading.", "Cancel anytime.", "The best of the press in one place."]
    text = "\n\n".join(["Trucks to cross the border", *BODY["en"], *notice, headline, *other, *notice])
    articles = load(tmp_path, text)
    assert articles["headline"].tolist() == ["Trucks to cross the border", headline]
    assert articles["text"].tolist() == ["\n\n".join(BODY["en"]), "\n\n".join(other)]


def test_articles_with_nothing_around_them_are_told_apart_by_headline_and_byline_or_date(tmp_path):
    other = [sentence.replace("border", "harbour").replace("trucks", "ships") for sentence in BODY["en"]]
    first = ["Trucks to cross the border", "By Mara Oslin", *BODY["en"]]
    second = ["Ships to enter the harbour", "12 February 2025", *other]
    articles = load(tmp_path, "\n\n".join([*first, *second]))
    assert articles["format"].tolist() == ["capture", "capture"]
    assert articles["headline"].tolist() == ["Trucks to cross the border", "Ships to enter the harbour"]
    assert articles["text"].tolist() == ["\n\n".join(BODY["en"]), "\n\n".join(other)]
    assert articles["byline"].tolist()[0] == "Mara Oslin"
    assert f"{articles['date'][1]:%Y-%m-%d}" == "2025-02-12"


def test_a_sentence_full_of_names_is_no_menu(tmp_path):
    names = "Together they had one child, Anna Maria Oslin Verrin of New Orvane City Harbour."
    body = [BODY["en"][0], names, *BODY["en"][1:]]
    assert names in load(tmp_path, page("en", body=body)).loc[0, "text"]
