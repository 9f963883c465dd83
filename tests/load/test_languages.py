"""Which language a text is in: told by letters and words, not guessed, and never taken for English against evidence."""

import pytest

import mediakit as mk
from mediakit.errors import FormatError
from mediakit.load.languages import find_language, tell_language

ARABIC = (
    "خرج آلاف المتظاهرين إلى الشوارع أمس. قالت الوزيرة إن الحوار مستمر. رفضت النقابة العرض. أغلقت الشرطة الجسر القديم. "
    "سيعود الوفد غدا."
)
TURKISH = (
    "Binlerce gösterici dün sokağa çıktı. Bakan görüşmelerin sürdüğünü söyledi. Sendika öneriyi reddetti. Polis eski "
    "köprüyü kapattı. Heyet yarın dönüyor."
)
UKRAINIAN = (
    "Тисячі людей вийшли вчора на вулиці. Міністерка повідомила, що її уряд веде переговори. Поліція закрила міст."
)
SHORT = {
    "ar": ARABIC,
    "tr": TURKISH,
    "uk": UKRAINIAN,
    "ru": "Тысячи людей вышли вчера на улицы. Министр сообщила, что переговоры идут. Полиция закрыла старый мост.",
    "bg": "Хиляди хора излязоха вчера по улиците. Министърът съобщи, че преговорите продължават. Полицията затвори моста.",
    "sr": "Хиљаде људи изашле су јуче на улице. Министарка је саопштила да преговори трају. Полиција је затворила мост.",
    "be": "Тысячы людзей выйшлі ўчора на вуліцы. Міністр паведаміла, што перамовы ідуць. Паліцыя закрыла стары мост ўначы.",
    "fa": "هزاران معترض دیروز به خیابان آمدند. وزیر گفت گفتگوها ادامه دارد. پلیس پل قدیمی را بست.",
    "ur": "ہزاروں مظاہرین کل سڑکوں پر نکل آئے۔ وزیر نے کہا کہ مذاکرات جاری ہیں۔ پولیس نے پل بند کر دیا۔",
    "cs": "Tisíce lidí vyšly včera do ulic. Ministryně řekla, že jednání pokračují. Policie uzavřela starý most před večerem.",
    "vi": "Hàng nghìn người biểu tình đã xuống đường hôm qua. Bộ trưởng nói đàm phán vẫn tiếp tục. Cảnh sát đóng cầu.",
    "he": "אלפי מפגינים יצאו אתמול לרחובות. השרה אמרה שהשיחות נמשכות.",
}
ENGLISH = [
    "A good day.",
    "Good.",
    "No.",
    "Riot police, riot!",
    "Erdoğan, İnönü, Şırnak, Iğdır, Ağrı and Muğla were named in the report of the minister.",
    "La La Land is a hit in Dijon.",
    "one two two",
    "x",
    "",
    "12, 13; 14",
    "Mayor de Blasio left.",
]
OTHERS = [
    "Bu çok kötü bir gün.",
    "Добрий день.",
    "反対です",
    "نعم",
    "Die Lage ist sehr schlecht.",
    "Le maire a dit non.",
    "Maelfu ya waandamanaji waliingia mitaani jana. Waziri alisema mazungumzo yanaendelea. Polisi walifunga daraja kuu.",
    "Több ezer tüntető vonult utcára tegnap. A miniszter szerint a tárgyalások folytatódnak. A rendőrség lezárta a hidat.",
]


@pytest.mark.parametrize("language", SHORT)
def test_a_text_of_a_few_sentences_has_its_language(language):
    assert find_language(SHORT[language]) == language


@pytest.mark.parametrize("text", [text for text in ENGLISH if "report" not in text])
def test_too_little_shows_no_language(text):
    assert find_language(text) is None


@pytest.mark.parametrize("text", ENGLISH)
def test_what_speaks_against_nothing_passes_for_english(text):
    assert tell_language(text) == "en"


@pytest.mark.parametrize("text", OTHERS)
def test_another_language_does_not_pass_for_english(text):
    assert tell_language(text) != "en"


def test_letters_of_languages_without_an_entry_give_none():
    kazakh = "Кеше мыңдаған адам көшеге шықты. Министр келіссөздер жалғасып жатқанын айтты. Полиция көпірді жапты."

    assert find_language(kazakh) is None
    assert tell_language(kazakh) == "und"


def test_loaded_files_have_their_language(tmp_path):
    for name, text in {"ar": ARABIC, "tr": TURKISH, "uk": UKRAINIAN}.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")

    assert mk.load_articles(tmp_path)["language"].tolist() == ["ar", "tr", "uk"]


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("english", 'use "en"'),
        ("EN", 'use "en"'),
        ("de-AT", 'use "de"'),
        ("Klingon", 'such as "en"'),
        (3, 'such as "en"'),
    ],
)
def test_a_language_that_is_no_code_is_refused(tmp_path, given, advice):
    (tmp_path / "a.txt").write_text("A good day for all.", "utf-8")

    for load in (
        lambda: mk.load_articles(tmp_path, language=given),
        lambda: mk.load_in_parts(tmp_path, tmp_path / "out", language=given),
    ):
        with pytest.raises(FormatError, match=f"not an ISO 639-1 code of two letters: .*{advice}"):
            load()
