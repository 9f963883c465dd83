"""Speed and memory of the text engine, side by side with what people use today, in one run on one core.

    python -m benchmarks.text [FOLDER]

FOLDER holds the PolNeAR articles and the gold sentences (default: ../shared/data); without them the sample corpus is
repeated, and what needs gold is left out. The result is written to benchmarks/RESULTS.md.
"""

from __future__ import annotations

import re
import sys
import textwrap
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import corpus as data
from benchmarks import timing
from benchmarks.corpus import Corpus
from benchmarks.timing import MB, table

HERE = Path(__file__).parent
PACKAGES = ("numpy", "pyarrow", "pandas", "nltk", "vaderSentiment", "sentencex", "scikit-learn")
RANDOM_SENTENCES = 20_000
TOKENS_PER_SECOND, BYTES_PER_TOKEN, ONE_PASS = 3_000_000, 40, 1.5
NLTK_STEP = 9  # every ninth article: about 100 of PolNeAR's, as nltk needs long for all


@dataclass(frozen=True)
class Side:
    """One way to do a job: `given` makes what it starts from, which is not measured; `work` is."""

    name: str
    given: Callable[[Corpus], Any]
    work: Callable[[Any], Any]
    count: Callable[[Any], int] = len
    step: int = 1  # works on every so-many-th article; its seconds are scaled up by the characters


def articles_of(corpus: Corpus) -> Any:
    return corpus.articles


def texts_of(corpus: Corpus) -> list[str]:
    return corpus.texts


def sentences_of(corpus: Corpus) -> list[str]:
    from mediakit import find_sentences

    return find_sentences(corpus.articles)["text"].tolist()


def tokens_of(corpus: Corpus) -> Any:
    from mediakit import tokenize

    return tokenize(corpus.articles)


def tokens_and_codebook(corpus: Corpus) -> Any:
    return tokens_of(corpus), corpus.codebook


def as_new(tokens: Any) -> Any:
    """Return the tokens without what they remember of earlier questions."""
    from mediakit.text.sentences import Segments

    return replace(tokens, segments=Segments(tokens.segments.pieces, tokens.segments.begins))


# mediakit


def split(articles: Any) -> Any:
    from mediakit import find_sentences

    return find_sentences(articles)


def split_only(texts: list[str]) -> Any:
    from mediakit.text.sentences import segment_texts

    return segment_texts(texts, ["en"] * len(texts))


def score_strings(sentences: list[str]) -> Any:
    from mediakit.analyses.vader import score_sentences

    return score_sentences(sentences)


def score_segments(tokens: Any) -> Any:
    from mediakit.analyses.vader import score_pieces

    segments = as_new(tokens).segments
    return score_pieces(segments.pieces.distinct, segments.pieces.code, segments.first)[:, :4]


def score_articles(articles: Any) -> Any:
    from mediakit import score_sentiment

    return score_sentiment(articles)


def tokenize_articles(articles: Any) -> Any:
    from mediakit import tokenize

    return tokenize(articles)


def count_codebook(given: Any) -> Any:
    from mediakit import count_topics

    tokens, codebook = given
    return count_topics(as_new(tokens), codebook)


def tokenize_and_count(corpus: Corpus) -> Any:
    from mediakit import count_topics, tokenize

    return count_topics(tokenize(corpus.articles), corpus.codebook)


# what people use today


def punkt_spans(texts: list[str]) -> list[list[tuple[int, int]]]:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    splitter = PunktSentenceTokenizer()
    return [list(splitter.span_tokenize(text)) for text in texts]


@cache
def analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def vader_each(sentences: list[str]) -> list[dict[str, float]]:
    score = analyzer().polarity_scores
    return [score(sentence) for sentence in sentences]


def punkt_vader_mean(texts: list[str]) -> list[float]:
    score = analyzer().polarity_scores
    means = []
    for text, spans in zip(texts, punkt_spans(texts), strict=True):
        compounds = [score(text[start:end])["compound"] for start, end in spans]
        means.append(sum(compounds) / len(compounds) if compounds else float("nan"))
    return means


def regex_words(texts: list[str]) -> list[list[tuple[int, int]]]:
    word = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
    return [[match.span() for match in word.finditer(text)] for text in texts]


def nltk_words(texts: list[str]) -> list[list[tuple[int, int]]]:
    from nltk.tokenize import NLTKWordTokenizer

    splitter = NLTKWordTokenizer()
    return [list(splitter.span_tokenize(text)) for text in texts]


def sklearn_words(texts: list[str]) -> list[list[str]]:
    from sklearn.feature_extraction.text import CountVectorizer

    analyze = CountVectorizer().build_analyzer()
    return [analyze(text) for text in texts]


def count_all(lists: list[list[Any]]) -> int:
    return sum(map(len, lists))


def regex_of(pattern: str) -> str:
    if pattern.endswith("*"):
        return re.escape(pattern[:-1]) + r"\w*"
    return r"[\s-]+".join(map(re.escape, pattern.split())) + r"\b"


def compiled_categories(corpus: Corpus) -> tuple[list[str], list[re.Pattern[str]]]:
    compiled = []
    for category in corpus.codebook.categories:
        longest_first = sorted(category.patterns, key=len, reverse=True)
        compiled.append(re.compile(rf"\b(?:{'|'.join(map(regex_of, longest_first))})", re.IGNORECASE))
    return corpus.texts, compiled


def regex_counts(given: tuple[list[str], list[re.Pattern[str]]]) -> list[list[int]]:
    texts, compiled = given
    return [[sum(1 for _ in pattern.finditer(text)) for pattern in compiled] for text in texts]


def words_and_phrases(corpus: Corpus) -> tuple[list[str], list[str]]:
    patterns = [pattern for category in corpus.codebook.categories for pattern in category.patterns]
    return corpus.texts, sorted({pattern for pattern in patterns if "*" not in pattern})


def sklearn_counts(given: tuple[list[str], list[str]]) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    texts, vocabulary = given
    return CountVectorizer(vocabulary=vocabulary, ngram_range=(1, 2)).transform(texts)


SIDES = {
    "find_sentences": Side("`find_sentences`", articles_of, split),
    "segment_texts": Side("`segment_texts`, the arrays inside", texts_of, split_only),
    "punkt": Side("nltk `PunktSentenceTokenizer().span_tokenize`", texts_of, punkt_spans),
    "score_sentences": Side("`score_sentences` of a list of strings", sentences_of, score_strings),
    "score_pieces": Side("`score_pieces` of the sentences in Tokens", tokens_of, score_segments),
    "vader": Side("loop over vaderSentiment `polarity_scores`", sentences_of, vader_each),
    "score_sentiment": Side("`score_sentiment` of an article table", articles_of, score_articles),
    "punkt_vader": Side("Punkt, vaderSentiment, mean by article", texts_of, punkt_vader_mean),
    "tokenize": Side("`tokenize`", articles_of, tokenize_articles),
    "regex_words": Side("`re.finditer` of words and marks, spans kept", texts_of, regex_words, count_all),
    "nltk_words": Side("nltk `NLTKWordTokenizer().span_tokenize`", texts_of, nltk_words, count_all, NLTK_STEP),
    "sklearn_words": Side("scikit-learn `build_analyzer()`, no offsets", texts_of, sklearn_words, count_all),
    "count_topics": Side("`count_topics` on Tokens", tokens_and_codebook, count_codebook),
    "tokenize_count": Side("`tokenize` and `count_topics`", lambda corpus: corpus, tokenize_and_count),
    "regex_counts": Side("one compiled regex for each category", compiled_categories, regex_counts),
    "sklearn_counts": Side("scikit-learn `CountVectorizer`, no wildcards", words_and_phrases, sklearn_counts),
}


@dataclass(frozen=True)
class Pair:
    """Ours and another side of SIDES, and how many times faster ours has to be."""

    ours: str
    other: str
    required: float | None = None


SENTENCES = [Pair("find_sentences", "punkt", 8), Pair("segment_texts", "punkt", 8)]
SENTIMENT = [Pair("score_sentences", "vader", 15), Pair("score_pieces", "vader", 15)]
CHAIN = [Pair("score_sentiment", "punkt_vader", 15)]
TOKENS = [Pair("tokenize", "regex_words"), Pair("tokenize", "nltk_words"), Pair("tokenize", "sklearn_words")]
COUNTS = [
    Pair("count_topics", "regex_counts", 20), Pair("tokenize_count", "regex_counts"),
    Pair("count_topics", "sklearn_counts"), Pair("tokenize_count", "sklearn_counts"),
]  # fmt: skip
NEEDS_SKLEARN = {"sklearn_words", "sklearn_counts"}


class Report:
    """The lines of the page, and the requirements that were not reached."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self.corpus, self.folder = corpus, folder
        self.lines: list[str] = []
        self.missed: list[str] = []
        self._peaks: dict[str, str] = {}

    def add(self, *lines: str) -> None:
        for line in lines:
            wrapped = textwrap.wrap(line, 116) if line[:1] not in ("", "|", "#", "-") else [line]
            print(*wrapped, sep="\n", flush=True)
            self.lines += wrapped

    def judge(self, what: str, value: float, required: float | None, *, at_most: bool = False) -> str:
        """Return the cell that says what is required, and whether it is not reached."""
        if required is None:
            return "–"
        wanted = f"{'≤' if at_most else '≥'} {required:,}" if required else "0"
        if value <= required if at_most else value >= required:
            return wanted
        self.missed.append(f"{what}: {wanted} required, not reached ({value:,.{0 if value > 1000 else 1}f}).")
        return f"{wanted}, not reached"

    def peak(self, key: str) -> str:
        if key not in self._peaks:
            self._peaks[key] = timing.run_alone("benchmarks.text", [str(self.folder), "--peak", key])
        return self._peaks[key] if SIDES[key].step == 1 else f"({self._peaks[key]})"


def compare(report: Report, pairs: Sequence[Pair], *, tokens: bool = False) -> None:
    """Time each pair in turn, take the peaks, and add the table."""
    head = {"mediakit": "left", "other": "left", "ours, s": "right", "other, s": "right", "ratio": "right"}
    head |= {"required": "right", "peak MB, ours / other": "right"}
    if tokens:
        head |= {"tokens/s, ours": "right", "tokens/s, other": "right"}
    rows = []
    for pair in pairs:
        ours, other = SIDES[pair.ours], SIDES[pair.other]
        if pair.other in NEEDS_SKLEARN and find_spec("sklearn") is None:
            rows.append([ours.name, f"{other.name}: not installed", *["–"] * (len(head) - 2)])
            continue
        given, part = ours.given(report.corpus), report.corpus.part(other.step)
        others = other.given(part)
        mine, theirs = timing.time_in_turn(lambda: ours.work(given), lambda: other.work(others))  # noqa: B023
        scale = sum(map(len, report.corpus.texts)) / sum(map(len, part.texts))
        theirs *= scale
        ratio = theirs / mine
        required = report.judge(f"{ours.name} against {other.name}", ratio, pair.required)
        row = [ours.name, other.name, f"{mine:.3f}", f"{theirs:.3f}", f"{ratio:.1f}", required]
        row.append(f"{report.peak(pair.ours)} / {report.peak(pair.other)}")
        if tokens:
            counts = ours.count(ours.work(given)), scale * other.count(other.work(others))
            row += [f"{counts[0] / mine / 1e6:.2f} million", f"{counts[1] / theirs / 1e6:.2f} million"]
        rows.append(row)
    report.add(*table(head, rows), "")


def sentences(report: Report) -> None:
    report.add(
        "## Sentences", "",
        "Sentences with their offsets; Punkt with its default parameters, as its trained English model is a download. "
        "`find_sentences` also makes the table with a string for each sentence.", "",
    )  # fmt: skip
    compare(report, SENTENCES)
    sets = list(data.load_gold_paragraphs(report.folder))
    if sets:
        report.add(
            "How well the ends of sentences inside a paragraph agree with the gold ends: F1 of their offsets over all "
            "paragraphs (a paragraph is its sentences with one space between; the end of the last does not count). "
            "The weblogs and the PolNeAR dev articles were looked at while the rules were written, the errors in the "
            "newsgroups only glanced at. The gold ends of EWT were set by people, those of PolNeAR by CoreNLP.", "",
        )  # fmt: skip
        accuracy(report, sets)
    cases = data.load_hard_cases()
    right = sum(sentences_in(text, language) == gold for language, text, gold in cases)
    report.add(
        f"Hard cases of tests/text/hard_sentences.jsonl, written apart from the rules, which were then "
        f"mended by them (291 right before): {right} of {len(cases)} "
        "are split exactly as wanted.", "",
    )  # fmt: skip


def sentences_in(text: str, language: str) -> list[str]:
    from mediakit.text.sentences import split_sentences

    return [text[start:end] for _, start, end in split_sentences(text, language)]


def accuracy(report: Report, sets: Sequence[tuple[str, list[list[str]]]]) -> None:
    required = {"ewt_weblog": 96.5, "polnear_dev_corenlp_silver": 97.5}
    rows = []
    for name, paragraphs in sets:
        texts = [" ".join(sentences) for sentences in paragraphs]
        gold = []
        for sentences in paragraphs:
            ends, at = [], -1
            for sentence in sentences:
                at += 1 + len(sentence)
                ends.append(at)
            gold.append(ends)
        found = split_only(texts)
        ours: list[list[int]] = [[] for _ in texts]
        for number, end in zip(found.article.tolist(), found.end.tolist(), strict=True):
            ours[number].append(end)
        punkt = [[end for _, end in spans] for spans in punkt_spans(texts)]
        values = [boundary_f1(gold, ends) for ends in (ours, punkt, [sentencex_ends(text) for text in texts])]
        cell = report.judge(f"F1 of sentence ends, {name}", values[0], required.get(name))
        inside = sum(len(ends) - 1 for ends in gold)
        rows.append([name, f"{len(texts):,}", f"{inside:,}", *(f"{value:.1f}" for value in values), cell])
    head = {"gold set": "left", **dict.fromkeys(("paragraphs", "ends", "mediakit", "Punkt", "sentencex"), "right")}
    report.add(*table(head | {"required": "right"}, rows), "")


def boundary_f1(gold: list[list[int]], found: list[list[int]]) -> float:
    """Return F1 in percent over the ends of every sentence but the last of each paragraph."""
    wanted = {(n, end) for n, ends in enumerate(gold) for end in ends[:-1]}
    given = {(n, end) for n, ends in enumerate(found) for end in ends[:-1]}
    return 200 * len(wanted & given) / max(1, len(wanted) + len(given))


def sentencex_ends(text: str) -> list[int]:
    import sentencex

    ends, at = [], 0
    for piece in sentencex.segment("en", text):
        if piece.strip():
            ends.append(at + len(piece.rstrip()))
        at += len(piece)
    return ends


def sentiment(report: Report) -> None:
    report.add(
        "## Sentiment", "",
        "VADER's four scores of every sentence. vaderSentiment's analyzer is built once. `score_pieces` starts from "
        "sentences that `tokenize` has cut before, which is not in its time. The aim is 25.", "",
    )  # fmt: skip
    compare(report, SENTIMENT)
    report.add("The whole chain, from the texts of the articles to one score for each. The aim is 25.", "")
    compare(report, CHAIN)
    report.add(
        "Are they the same numbers? Compound, pos, neu and neg compared with `==`. The random sentences put together "
        "what vaderSentiment has rules for: words of its lists, capitals, marks, emoji, idioms, odd white space.", "",
    )  # fmt: skip
    news = sentences_of(report.corpus)
    rated = data.load_rated_sentences(report.folder)
    rows = []
    for name, texts, ours in (
        ("sentences rated for the VADER paper (tweets, reviews, editorials)", rated, score_strings(rated).to_numpy()),
        ("sentences of the corpus", news, score_strings(news).to_numpy()),
        ("sentences of the corpus, from Tokens", news, score_segments(tokens_of(report.corpus))),
        ("random sentences", made := data.make_sentences(RANDOM_SENTENCES), score_strings(made).to_numpy()),
    ):
        if not texts:
            continue
        theirs = [tuple(scores[key] for key in ("compound", "pos", "neu", "neg")) for scores in vader_each(texts)]
        differ = [n for n, (one, other) in enumerate(zip(ours.tolist(), theirs, strict=True)) if tuple(one) != other]
        for number in differ[:5]:
            print(f"differs: {texts[number]!r}\n    {ours[number].tolist()} {theirs[number]}", file=sys.stderr)
        cell = report.judge(f"differences from vaderSentiment, {name}", len(differ), 0, at_most=True)
        with_words = sum(scores[0] != 0 for scores in theirs)
        rows.append([name, f"{len(texts):,}", f"{with_words:,}", f"{len(differ):,}", cell])
    head = {"sentences": "left", **dict.fromkeys(("number", "with a compound other than 0", "different"), "right")}
    report.add(*table(head | {"required": "right"}, rows), "")


def tokens(report: Report) -> None:
    step = f"{len(report.corpus.part(NLTK_STEP).texts)} of the articles"
    report.add(
        "## Tokens", "",
        "Words with their offsets. The others differ in what a token is: the regular expression and nltk count marks "
        f"as tokens too, scikit-learn drops words of one letter. nltk works on {step}; its seconds are "
        "scaled up by the number of characters, its memory (in brackets) is not.", "",
    )  # fmt: skip
    compare(report, TOKENS, tokens=True)
    found = tokens_of(report.corpus)
    given = report.corpus.articles
    speed = len(found) / timing.time_in_turn(lambda: tokenize_articles(given))[0]
    own = bytes_of(found) / len(found)
    peak = float(timing.run_alone("benchmarks.text", [str(report.folder), "--traced"])) / len(found)
    rows = [
        ["tokens per second", f"{speed / 1e6:.2f} million",
         report.judge("tokens per second", speed, TOKENS_PER_SECOND)],
        ["bytes per token that Tokens holds beside the texts", f"{own:.1f}",
         report.judge("bytes per token", own, BYTES_PER_TOKEN, at_most=True)],
        ["bytes per token while tokenizing, at the peak", f"{peak:.0f}", "–"],
    ]  # fmt: skip
    report.add(
        f"{len(found):,} tokens of {len(found.terms):,} terms. Held are all arrays and the vocabularies of pieces and "
        "terms; the peak is that of Python and numpy (tracemalloc) plus that of Arrow's pool, without the texts.",
        "",
        *table({"mediakit `tokenize`": "left", "": "right", "required": "right"}, rows),
        "",
    )


def bytes_of(found: Any) -> int:
    """Return the bytes of all that Tokens holds beside articles and texts, what it remembers of its making included."""
    import numpy as np
    import pyarrow as pa

    total, strings = 0, {}
    for part in (found, found.segments, found.segments.pieces):
        for name, value in vars(part).items():
            if isinstance(value, np.ndarray | pa.Array):
                total += value.nbytes
            elif isinstance(value, list | tuple) and name != "texts":
                total += sys.getsizeof(value)
                strings |= {id(text): sys.getsizeof(text) for text in value}  # one that stands in two lists counts once
    return total + sum(strings.values())


def counts(report: Report) -> None:
    book = report.corpus.codebook
    patterns = sum(len(category.patterns) for category in book.categories)
    report.add(
        "## Counting a codebook", "",
        f"{patterns} patterns drawn at random from the corpus ({data.WORDS} words, {data.WILDCARDS} with a star at the "
        f"end, {data.PHRASES} phrases of two words) in {len(book.categories)} categories, counted in every article. "
        "The regular expressions are alternatives between word boundaries, without regard to case, compiled before. "
        "`CountVectorizer` knows no stars and counts the words and phrases only. The Tokens know of no earlier "
        "question.", "",
    )  # fmt: skip
    compare(report, COUNTS)
    ours = int(count_codebook(tokens_and_codebook(report.corpus))["hits"].sum())
    other = sum(map(sum, regex_counts(compiled_categories(report.corpus))))
    report.add(
        f"Hits: {ours:,} with mediakit, {other:,} with the regular expressions, whose word ends at any apostrophe.", ""
    )


def one_pass(report: Report) -> None:
    from mediakit import count_topics, load_codebook, score_sentiment

    given = report.corpus.articles
    found = tokens_of(report.corpus)
    books = [load_codebook("protest"), load_codebook("diplomacy"), report.corpus.codebook]

    def measure_sentiment(tokens: Any) -> None:
        score_sentiment(given, tokens=tokens)

    def measure_topics(tokens: Any) -> None:
        for book in books:
            count_topics(tokens, book)

    def measure_context(tokens: Any) -> None:
        from mediakit.analyses.concordance import find_in_context

        find_in_context(tokens, "protest*")

    def measure_all(tokens: Any) -> None:
        measure_sentiment(tokens)
        measure_topics(tokens)
        measure_context(tokens)

    jobs = [
        lambda job=job: job(as_new(found)) for job in (measure_all, measure_sentiment, measure_topics, measure_context)
    ]
    tokenizing, together, *each = timing.time_in_turn(lambda: tokenize_articles(given), *jobs)
    share = together / tokenizing
    report.add(
        "## One pass", "",
        "Everything from one Tokens: sentiment by article, three codebooks (the two shipped and the one above), and "
        "every `protest*` in its context; what that takes beside the tokenizing.", "",
        *table(
            {"job": "left", "s": "right", "of tokenizing": "right", "required": "right"},
            [
                ["`tokenize`", f"{tokenizing:.3f}", "1.00", "–"],
                ["sentiment", f"{each[0]:.3f}", f"{each[0] / tokenizing:.2f}", "–"],
                ["three codebooks", f"{each[1]:.3f}", f"{each[1] / tokenizing:.2f}", "–"],
                ["concordance", f"{each[2]:.3f}", f"{each[2] / tokenizing:.2f}", "–"],
                ["all three", f"{together:.3f}", f"{share:.2f}",
                 report.judge("all measures, by the time of tokenizing", share, ONE_PASS, at_most=True)],
                ["tokenizing and all three", f"{tokenizing + together:.3f}", f"{1 + share:.2f}", "–"],
            ],
        ), "",
    )  # fmt: skip


def write_page(folder: Path) -> None:
    corpus = data.load_corpus(folder)
    report = Report(corpus, folder)
    characters = sum(map(len, corpus.texts))
    report.add(
        "# Speed and memory of the text engine", "",
        "Written by `python -m benchmarks.text`. Each row is one job done by mediakit and by what people use today, in "
        "one run on one core: one round to warm up, then five rounds in which the two take turns; seconds are medians, "
        "the ratio is the other's seconds by ours. The peak is by how much the memory of a fresh process grows at most "
        "during the job, with texts and libraries loaded before; the result that each side makes is part of it.", "",
        *timing.describe_machine(PACKAGES), "",
        f"Texts: {len(corpus.articles):,} {corpus.origin}; {int(corpus.articles['words'].sum()):,} words between white "
        f"space, {characters:,} characters.", "",
    )  # fmt: skip
    for section in (sentences, sentiment, tokens, counts, one_pass):
        section(report)
    missed = [f"- {line}" for line in report.missed] or ["All are reached."]
    report.add("## Requirements", "", *missed)
    timing.write_part(HERE / "RESULTS.md", "text", report.lines)


def print_peak(folder: Path, key: str) -> None:
    """Print by how many MB one job makes this process grow; it was done once on few articles before."""
    corpus, side = data.load_corpus(folder), SIDES[key]
    side.work(side.given(corpus.part(100)))
    given = side.given(corpus.part(side.step))
    peak = timing.peak_of(lambda: side.work(given))
    print("–" if peak is None else f"{peak / MB:.0f}")


def print_traced_peak(folder: Path) -> None:
    corpus = data.load_corpus(folder)
    tokens_of(corpus.part(100))
    print(timing.traced_peak_of(lambda: tokenize_articles(corpus.articles)))


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else HERE.parent.parent / "shared" / "data"
    if not timing.is_on_one_thread():
        return timing.restart_on_one_thread("benchmarks.text", [str(folder.resolve()), *arguments[1:]])
    timing.keep_to_one_core()
    warnings.simplefilter("ignore")
    if "--peak" in arguments:
        print_peak(folder, arguments[2])
    elif "--traced" in arguments:
        print_traced_peak(folder)
    else:
        write_page(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
