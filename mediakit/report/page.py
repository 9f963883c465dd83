"""The report page: one HTML file that asks for nothing from outside and runs nothing, pleasant to read and to print."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd

from mediakit.lexicons.codebooks import load_codebook
from mediakit.report.figures import plot_coverage, plot_groups, plot_profiles, plot_stories, plot_trend, save_figure
from mediakit.report.findings import Finding, find_findings
from mediakit.report.html import Markup, image, join, table, tag
from mediakit.report.versions import describe_versions
from mediakit.report.wording import say_contrast, say_numbers

_DIFFERENCE = {
    "group": "Outlet", "n": "Articles", "estimate": "Difference", "low": "Low", "high": "High", "effect": "Hedges’ g", "note": "Note",
}  # fmt: skip
_SOURCES = (
    ("VADER", "Hutto, C. J. & Gilbert, E. (2014). VADER: a parsimonious rule-based model for sentiment analysis of social media text. ICWSM. doi 10.1609/icwsm.v8i1.14550"),
    ("Validation", "van Atteveldt, W., van der Velden, M. & Boukes, M. (2021). The validity of sentiment analysis. doi 10.1080/19312458.2020.1869198"),
    ("Dictionaries", "Chan, C. et al. (2021). Four best practices for measuring news sentiment using off-the-shelf dictionaries. doi 10.5117/CCR2021.1.001.CHAN"),
    ("Stance", "Bestvater, S. & Monroe, B. (2023). Sentiment is not stance. doi 10.1017/pan.2022.10"),
    ("Intervals", "Efron, B. (1987). Better bootstrap confidence intervals. doi 10.1080/01621459.1987.10478410"),
    ("Wire copy", "Nicholls, T. (2019). Detecting textual reuse in news stories, at scale. ijoc.org/index.php/ijoc/article/view/9904"),
    ("Error correction", "TeBlunthuis, N., Hase, V. & Chan, C. (2024). Misclassification in automated content analysis. doi 10.1080/19312458.2023.2293713"),
)  # fmt: skip


def draw_figures(study: Any, folder: Path) -> dict[str, tuple[Path, str]]:
    """Draw every figure of a study as SVG and PNG; return the SVG and the alt text by name."""
    found: dict[str, tuple[Path, str]] = {}
    by = study.settings["by"]

    def save(name: str, axes: Any, alt: str) -> None:
        found[name] = (save_figure(axes, folder / name, alt=alt)[0], alt)
        plt.close(axes.figure)

    tables = study.tables
    save("coverage", plot_coverage(study.articles, by=by), f"Number of articles per {by} and month; {len(study.articles)} in all.")
    for name in ("sentiment_by_outlet", "sentiment_within_story"):
        if name in tables:
            save(name, plot_groups(tables[name]), f"{say_contrast(tables[name])}. {say_numbers(tables[name])}")
    if "sentiment_by_month" in tables:
        save("sentiment_by_month", plot_trend(tables["sentiment_by_month"]), f"Mean sentiment by {by} and month; the values are in the table sentiment_by_month.")
    if "sentiment" in tables and tables["sentiment"]["story"].nunique() > 1:
        save("stories", plot_stories(tables["sentiment"], by=by), f"Mean sentiment of every {by} in every story; the values are in the table of stories.")
    if len(tables["stance_by_outlet"]):
        finding = find_findings(study)[1]
        save("stance_by_outlet", plot_profiles(tables["stance_by_outlet"], panel="target", value="stance", title=finding.sentence, columns=2), f"{finding.sentence}. {finding.numbers}")
    for book, rows in _by_codebook(tables["topics_by_outlet"]):
        title = f"How often the words of the {book} codebook occur, by {by}"
        save(f"topics_{book}", plot_profiles(rows, panel="topic", value="per_1000", title=title), f"{title}; the values are in the table topics_by_outlet.")
    return found


def write_page(study: Any, figures: dict[str, tuple[Path, str]], path: Path) -> Path:
    """Write the page and return its path."""
    sections = [(key, heading, content) for key, heading, content in _sections(study, figures) if content]
    links = [tag("li", tag("a", heading, href=f"#{key}")) for key, heading, _ in sections]
    title = f"How {_count(study.articles[study.settings['by']].nunique(), 'outlet', study.settings['by'])} cover protest and diplomacy"
    css = files("mediakit.report").joinpath("page.css").read_text("utf-8")
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("title", title), tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        # Nothing may run or be fetched, whatever an article holds.
        tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
        tag("style", Markup(css)),
    )  # fmt: skip
    broken = {"sentiment", "stories", "stance", "topics", "methods"}
    body = [tag("section", tag("h2", heading, id=key), content, cls="break" if key in broken else None) for key, heading, content in sections]
    main = tag("main", _header(study, title), tag("details", tag("summary", "Contents"), tag("nav", tag("ol", *links), aria_label="Contents"), cls="toc"), *body, id="main")
    side = tag("nav", tag("ol", *links), cls="side", aria_label="Contents")
    document = tag("html", head, tag("body", tag("a", "Skip to the report", href="#main", cls="skip"), tag("div", side, main, cls="frame")), lang="en")
    path.write_text(f"<!DOCTYPE html>\n{document}\n", encoding="utf-8", newline="\n")
    return path


def _header(study: Any, title: str) -> Markup:
    dates = study.articles["date"].dropna()
    span = f", {dates.min():%d %B %Y} to {dates.max():%d %B %Y}" if len(dates) else ""
    copies = int(study.articles["duplicate_of"].notna().sum())
    facts = f"{len(study.articles)} articles from {len(study.inputs)} files{span}; {copies} of them repeat another article’s text."
    return tag("header", tag("h1", title), tag("p", facts))


def _sections(study: Any, figures: dict[str, tuple[Path, str]]) -> Iterator[tuple[str, str, Markup]]:
    """Yield anchor, heading and content of every section, in order."""
    tables, by = study.tables, study.settings["by"]
    yield "summary", "Three findings", _summary(find_findings(study), study)
    yield "corpus", "The corpus and its health", _corpus(study, figures)
    yield "ledger", "What became of every file", _ledger(study)
    if "sentiment_by_outlet" in tables:
        contrast = tables["sentiment_by_outlet"]
        yield "sentiment", "Sentiment", join([
            tag("p", "Sentiment is how positive or negative the wording is, averaged over an article’s sentences. It is not the outlet’s stance: a report about victims is worded negatively whatever the outlet thinks."),
            _figure(figures, "sentiment_by_outlet", say_numbers(contrast)), _differences(contrast, by, "Each outlet against the mean of the others, all articles."),
            tag("h3", "Does the result depend on which articles are counted?"), _robustness(tables["robustness"], by),
            tag("h3", "Over time"), _figure(figures, "sentiment_by_month", "Lines connect monthly means; the other outlets are drawn in grey."),
        ])  # fmt: skip
        yield "stories", "Inside the same stories", _stories(study, figures)
    yield "stance", "Stance toward targets", _stance(study, figures)
    yield "topics", "Topics", _topics(study, figures)
    if "extreme_sentences" in tables:
        yield "evidence", "The sentences behind the extremes", _evidence(study)
    yield "methods", "Methods, limits and warnings", _methods(study)
    yield "versions", "Versions and input files", _versions(study)


def _summary(findings: list[Finding], study: Any) -> Markup:
    items = [tag("li", tag("strong", finding.sentence), tag("span", finding.numbers, " "), tag("a", "Evidence", href=f"#{finding.anchor}")) for finding in findings]
    chosen = "The second and third are the strongest of several contrasts, so they are exploratory: test them on other articles before you report them as confirmed."
    warn = tag("p", tag("strong", "Not validated. "), "No hand codes were given. Off-the-shelf lexicons often disagree with human coders on news; code a sample by hand before you draw conclusions.", cls="warn")
    return join([tag("ol", *items, cls="findings"), tag("p", chosen), warn])


def _corpus(study: Any, figures: dict[str, tuple[Path, str]]) -> Markup:
    articles, by = study.articles, study.settings["by"]
    grouped = articles.assign(
        undated=articles["date"].isna(), copy=articles["duplicate_of"].notna(), other=articles["language"].notna() & (articles["language"] != "en")
    ).groupby(articles[by].fillna("(not known)"), sort=True)
    health = grouped.agg(n=("article_id", "size"), words=("words", "median"), truncated=("truncated", "sum"), copies=("copy", "sum"), undated=("undated", "sum"), other=("other", "sum")).reset_index(names="group")
    health["words"] = health["words"].round().astype("int64")
    columns = {"group": by.capitalize(), "n": "Articles", "words": "Median words", "truncated": "Truncated", "copies": "Copies", "undated": "Undated", "other": "Not English"}
    parts: list[object] = [_figure(figures, "coverage", "Shade and number: articles. A dash is a month without any."), table(health, columns, caption="Articles by outlet, and what to know of them.")]
    duplicates = study.tables["duplicates"]
    if len(duplicates):
        titles = articles.set_index("article_id")
        shown = duplicates.assign(
            outlet=duplicates["article_id"].map(titles[by]), headline=duplicates["article_id"].map(titles["headline"]),
            first=duplicates["duplicate_of"].map(titles[by]),
        )  # fmt: skip
        parts += [
            tag("h3", "Copies"), tag("p", "Copies are kept and labelled; below, results are shown with and without them."),
            table(shown, {"headline": "Headline", "outlet": "Run by", "first": "First run by", "kind": "Kind", "similarity": "Similarity"}, caption="Articles that repeat the text of an earlier one; similarity is the share of five-word runs in common."),
        ]  # fmt: skip
    cut = articles[articles["truncated"]]
    if len(cut):
        parts += [tag("h3", "Truncated texts"), table(cut, {"headline": "Headline", by: by.capitalize(), "words": "Words", "truncated_why": "Evidence"}, caption="Articles whose text is known to be cut.", wide=["truncated_why"])]
    return join(parts)


def _ledger(study: Any) -> Markup:
    ledger = study.tables["ledger"]
    parts = ledger[ledger["part"] > 0]
    sizes = parts.assign(size=(parts["end"] - parts["start"]).astype("float64"))
    summary = sizes.groupby(["unit", "kind"], sort=False).agg(parts=("kind", "size"), size=("size", "sum")).reset_index()
    summary["share"] = 100 * summary["size"] / summary.groupby("unit")["size"].transform("sum")
    summary["size"] = summary["size"].astype("int64")
    summary = summary.sort_values(["unit", "size"], ascending=[True, False], kind="stable", ignore_index=True)
    files_read = ledger[ledger["kind"] == "file"]
    unreadable = ledger[ledger["kind"].isin(["unreadable", "skipped"])]
    counts = ledger[ledger["kind"] == "count"]
    text = f"{len(files_read)} files were read, {int((ledger['kind'] == 'unreadable').sum())} could not be read. The parts below add up to the whole of every file; the full list is in tables/ledger.csv."
    content: list[object] = [tag("p", text), table(summary, {"kind": "Part", "unit": "Counted in", "parts": "Parts", "size": "Length", "share": "% of all"}, caption="What the files consist of.", digits={"share": 1})]
    if len(unreadable):
        content.append(table(unreadable, {"file": "File", "kind": "What happened", "start": "At", "note": "Reason"}, caption="Files and rows that are not in the corpus.", wide=["note"]))
    if len(counts):
        content.append(table(counts, {"file": "File", "note": "Count"}, caption="Numbers of articles that files declare.", wide=["note"]))
    return join(content)


def _stories(study: Any, figures: dict[str, tuple[Path, str]]) -> Markup:
    tables, by = study.tables, study.settings["by"]
    how = study.settings["stories"]
    parts: list[object] = [tag("p", f"Outlets choose their stories. Inside one story that choice is set aside: every outlet is compared with the mean of the outlets on the same event. Stories were {how}.")]
    if "sentiment_within_story" in tables:
        contrast = tables["sentiment_within_story"]
        parts += [_figure(figures, "sentiment_within_story", say_numbers(contrast)), _differences(contrast, by, "Each outlet against the mean of the others, inside stories; whole stories are resampled.")]
    else:
        parts.append(tag("p", "No story is covered by two outlets; there is nothing to compare."))
    parts.append(_figure(figures, "stories", "Blue is positive, red negative wording; no dot means no article."))
    return join(parts)


def _stance(study: Any, figures: dict[str, tuple[Path, str]]) -> Markup:
    tables, by = study.tables, study.settings["by"]
    contrast = tables["stance_by_outlet"]
    parts: list[object] = [tag("p", "Stance is measured on the clause around each mention of a target, by lexicon. It is a first approximation: quoted speakers and the outlet’s own voice are not told apart here, and a clause about violence against a target counts as negative.")]
    if contrast.empty:
        return join([*parts, tag("p", "None of the targets is mentioned.")])
    means = contrast[contrast["kind"] == "mean"]
    parts += [
        _figure(figures, "stance_by_outlet", "Mean over articles that mention the target; no line where an outlet has fewer than three."),
        table(means, {"target": "Target", "group": by.capitalize(), "n": "Articles", "estimate": "Stance", "low": "Low", "high": "High"}, caption="Mean stance by target, −1 against to +1 for, with 95% interval.", signed=["estimate", "low", "high"]),
        tag("h3", "Read for yourself"),
        table(tables["stance_evidence"], {"target": "Target", by: by.capitalize(), "stance": "Stance", "n_mentions": "Mentions", "evidence": "Sentence"}, caption="The least and the most favourable article toward each target, and the sentence that weighs most.", signed=["stance"], wide=["evidence"]),
    ]  # fmt: skip
    return join(parts)


def _topics(study: Any, figures: dict[str, tuple[Path, str]]) -> Markup:
    by = study.settings["by"]
    parts: list[object] = [tag("p", "Hits of codebook patterns per 1,000 words. A hit is a word, not a meaning: read the matches with find_topics before you interpret a category.")]
    for book, rows in _by_codebook(study.tables["topics_by_outlet"]):
        codebook = load_codebook(book)
        parts += [tag("h3", f"Codebook {book}, version {codebook.version}"), tag("p", f"{codebook.citation}. {codebook.validation[:1].upper()}{codebook.validation[1:]}."), _figure(figures, f"topics_{book}", "Mean over articles with 95% interval.")]
        found = rows[(rows["kind"] == "difference") & ((rows["low"] > 0) | (rows["high"] < 0))]
        found = found.sort_values("effect", key=lambda column: column.abs(), ascending=False, kind="stable")
        if len(found):
            parts.append(table(found, {"topic": "Category", "group": by.capitalize(), "estimate": "Difference", "low": "Low", "high": "High", "effect": "Hedges’ g"}, caption="Outlets that differ from the others (interval without zero), hits per 1,000 words; not corrected for the number of comparisons.", signed=["estimate", "low", "high", "effect"], most=14))
    return join(parts)


def _evidence(study: Any) -> Markup:
    by = study.settings["by"]
    rows = study.tables["extreme_sentences"]
    note = tag("p", "Two sentences at each end, by outlet, copies left out. Strong words make the score; whether they carry the outlet’s view is for the reader to judge.")
    return join([note, table(rows, {by: by.capitalize(), "sentiment": "Score", "text": "Sentence", "headline": "Article"}, caption="The most negative and most positive sentences.", signed=["sentiment"], wide=["text"])])


def _robustness(rows: pd.DataFrame, by: str) -> Markup:
    columns = {"choice": "Articles counted", "group": by.capitalize(), "n": "Articles", "estimate": "Difference", "low": "Low", "high": "High", "effect": "Hedges’ g"}
    ordered = rows.sort_values(["group", "choice"], kind="stable")
    return table(ordered, columns, caption="The same differences under other choices of articles.", signed=["estimate", "low", "high", "effect"], most=200)


def _differences(contrast: pd.DataFrame, by: str, caption: str) -> Markup:
    rows = contrast[contrast["kind"] == "difference"]
    columns = {**_DIFFERENCE, "group": by.capitalize()}
    if not rows["note"].str.len().any():
        columns.pop("note")
    return table(rows, columns, caption=caption, signed=["estimate", "low", "high", "effect"])


def _methods(study: Any) -> Markup:
    settings = study.settings
    items = [
        "Sentences are found with sentencex. Each is scored with vaderSentiment; an article’s score is the mean over its sentences, because VADER’s score of a whole text runs to ±1 with its length. Headlines are scored apart.",
        f"Intervals: 95%, {settings['n_resamples']:,} bootstrap resamples, seed {settings['seed']}; BCa over articles, percentile over whole stories inside stories. With fewer than about 20 articles a group they tend to be too narrow.",
        "Articles on one event are not independent; the comparison inside stories respects that, the other comparisons do not.",
        "Copies are found by shared runs of five words (60% of the shorter text). They are labelled, not deleted.",
        "Topics are counts of patterns. Codebooks and targets are listed in provenance.json.",
        "Many contrasts are shown; at 95%, one interval in twenty excludes zero by chance.",
    ]
    parts: list[object] = [tag("ul", *(tag("li", item) for item in items))]
    if study.notes:
        parts += [tag("h3", "Warnings of this run"), tag("ul", *(tag("li", note) for note in study.notes))]
    parts += [tag("h3", "Sources"), tag("ul", *(tag("li", tag("strong", f"{name}: "), source) for name, source in _SOURCES))]
    return join(parts)


def _versions(study: Any) -> Markup:
    versions = ", ".join(f"{name} {version}" for name, version in describe_versions().items())
    return join([tag("p", versions), table(study.inputs.assign(sha256=study.inputs["sha256"].str[:16] + "…"), {"file": "File", "bytes": "Bytes", "sha256": "SHA-256"}, caption="Input files; whole hashes are in provenance.json.", most=200)])


def _figure(figures: dict[str, tuple[Path, str]], name: str, caption: str) -> Markup:
    if name not in figures:
        return Markup("")
    svg, alt = figures[name]
    return tag("figure", image(svg, alt), tag("figcaption", caption))


def _by_codebook(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    if len(rows):
        books = rows["topic"].str.split(": ", n=1, expand=True)
        for book in dict.fromkeys(books[0]):
            yield book, rows[books[0] == book].assign(topic=books.loc[books[0] == book, 1])


def _count(number: int, word: str, by: str) -> str:
    name = word if by == "outlet" else by
    return f"{number} {name}{'' if number == 1 else 's'}"
